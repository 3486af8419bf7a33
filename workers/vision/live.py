"""The live view: one frame fetched for somebody who may see it, and gone with the answer.

The frame is decoded and encoded anew, so that nothing but pixels leaves: no metadata, and nothing
that a browser could take for anything else than a picture.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, Final

import cv2
import numpy as np
import structlog

from cop.errors import CopError, Misconfigured
from cop.model.kinds import Camera
from cop.model.sight import VISION, CameraState
from cop.services.views import KEPT_MS, WITHIN_S, Ask, Seen, check_ask, find_camera
from cop.store.port import Store
from workers.vision.asking import Asker, bounded
from workers.vision.blur import obscure
from workers.vision.decode import decode_pixels
from workers.vision.frame import Celsius, Frame, Pixels, Unusable
from workers.vision.ground import View
from workers.vision.headers import MOST_BYTES
from workers.vision.look import Ways
from workers.vision.plan import CameraPlan
from workers.vision.snapshot import taken_at

log = structlog.get_logger(__name__)

WIDEST_PX: Final = 1280
QUALITY: Final = 80

_REPLY: Final = re.compile(r"view:[0-9a-f]{32}")
_BAR_PX: Final = 40


class Live:
    """Answers requests for frames; one a process, from one thread."""

    def __init__(self, store: Store, plans: Mapping[str, CameraPlan], ways: Ways) -> None:
        """Show what *plans* have, and what publishers show to everybody, asked for by *ways*."""
        self._store = store
        self._plans = plans
        self._ways = ways
        self._views: dict[str, View | None] = {}

    def answer(self, asked: Mapping[str, Any]) -> bool:
        """Answer a request as it came through the broker; tell whether it was.

        One that nobody waits for any more, or that the journal knows nothing of, is not answered.

        Raises:
            StoreUnavailable: the store cannot answer.
        """
        try:
            ask = Ask(**asked)
            if not _REPLY.fullmatch(ask.reply) or ask.is_late():
                return False
            camera = find_camera(self._store, ask.camera)
            check_ask(self._store, ask, camera)
        except (TypeError, ValueError, CopError) as error:
            log.warning("view_refused", error=type(error).__name__)
            return False
        try:
            sealed = ask.seal(self._show(camera, clear=ask.clear))
        except Unusable as error:
            sealed = ask.seal_refusal(error.state, error.why)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it is
            log.warning("view_failed", camera=camera.id, error=type(error).__name__)
            sealed = ask.seal_refusal(CameraState.BROKEN, "it could not be looked at")
        self._store.lend(ask.reply, sealed, ttl_ms=KEPT_MS)
        return True

    def _show(self, camera: Camera, *, clear: bool) -> Seen:
        plan = self._plans.get(camera.id.removeprefix("camera:")) if camera.feed == VISION else None
        frame = self._snapshot(camera) if plan is None else self._frame(plan)
        pixels = render_thermal(frame.pixels) if frame.thermal else frame.pixels
        if not clear:
            pixels = obscure(pixels, None if plan is None else self._ground(plan))
        if frame.thermal:
            pixels = with_scale(pixels, frame.pixels)
        return Seen(frame.at, not clear, encode_jpeg(pixels))

    def _frame(self, plan: CameraPlan) -> Frame:
        """Take one frame through the camera of *plan*, by a source that remembers nothing."""
        one = plan.model_copy(update={"source": plan.source.model_copy(update={"frames": 1})})
        frames = self._ways.open(one).take()
        if not frames:
            raise Unusable(CameraState.MISSING, "the camera gives nothing new")
        return frames[-1]

    def _snapshot(self, camera: Camera) -> Frame:
        """Fetch the picture that a publisher shows to everybody."""
        if camera.image_url is None:
            raise Unusable(CameraState.MISSING, "its address is not known here")
        deadline = time.monotonic() + WITHIN_S
        asker = Asker(camera.image_url, self._ways.public, self._ways.contact)
        with asker.ask({}, deadline) as response:
            body = b"".join(bounded(response, MOST_BYTES, deadline))
            at = taken_at(response.headers, self._ways.clock.now())
        return Frame(decode_pixels(body), at)

    def _ground(self, plan: CameraPlan) -> View | None:
        if plan.id not in self._views:
            try:
                self._views[plan.id] = View(plan)
            except Misconfigured:
                self._views[plan.id] = None
        return self._views[plan.id]


def _span(celsius: Celsius) -> tuple[float, float]:
    """Give the temperatures between which nearly all of a frame lies, at least 5 °C apart."""
    low, high = (float(value) for value in np.nanpercentile(celsius, [1, 99.5]))
    return low, max(high, low + 5.0)


def render_thermal(celsius: Celsius) -> Pixels:
    """Give a thermal frame in colours, dark for its coldest and bright for its hottest."""
    low, high = _span(celsius)
    share = np.clip((np.nan_to_num(celsius, nan=low) - low) / (high - low), 0, 1)
    grey = (share * 255).astype(np.uint8)
    return np.asarray(cv2.applyColorMap(grey, cv2.COLORMAP_INFERNO), np.uint8)


def with_scale(pixels: Pixels, celsius: Celsius) -> Pixels:
    """Give *pixels* above a bar that says which colour is how many °C."""
    low, high = _span(celsius)
    width = max(pixels.shape[1], 160)
    bar = np.zeros((_BAR_PX, width, 3), np.uint8)
    ramp = np.linspace(0, 255, width).astype(np.uint8)[None].repeat(_BAR_PX // 3, 0)
    bar[: _BAR_PX // 3] = cv2.applyColorMap(ramp, cv2.COLORMAP_INFERNO)
    for words, x in ((f"{low:.0f} C", 4), (f"{high:.0f} C", width - 56)):
        place = (x, _BAR_PX - 8)
        cv2.putText(bar, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1)
    missing = width - pixels.shape[1]
    wide = cv2.copyMakeBorder(pixels, 0, 0, 0, missing, cv2.BORDER_CONSTANT)
    return np.vstack([np.asarray(wide, np.uint8), bar])


def encode_jpeg(pixels: Pixels) -> bytes:
    """Give *pixels* as JPEG of at most `WIDEST_PX` across, without metadata."""
    height, width = pixels.shape[:2]
    if width > WIDEST_PX:
        size = (WIDEST_PX, max(1, round(height * WIDEST_PX / width)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    made, body = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not made:
        raise Unusable(CameraState.BROKEN, "it cannot be encoded")
    return body.tobytes()
