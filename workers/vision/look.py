"""One look through one camera: frames in, what changed of its entities out, whatever happens.

Frames live as long as the call does. What a detector, a meter and the check of a camera's health
remember between looks is held in this process alone, for as many cameras as there are plans.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx
import structlog

from cop.clock import Clock
from cop.errors import Conflict, Misconfigured, StoreUnavailable
from cop.model.entity import Entity
from cop.model.kinds import Camera, Observation
from cop.model.record import Record, put
from cop.model.sight import CameraState
from cop.services.feed_status import ATTEMPTS, millis
from cop.services.ingest import located
from cop.store.port import Store
from workers.vision.counting import Counted, Detector
from workers.vision.detectors.open import open_detector
from workers.vision.frame import Frame, Unusable
from workers.vision.ground import View
from workers.vision.health import Health
from workers.vision.measured import Measured
from workers.vision.meters import Meters
from workers.vision.observe import camera_entity, observe
from workers.vision.plan import CameraPlan
from workers.vision.sources import Source, open_source
from workers.vision.survey import camera_id, zone_id
from workers.vision.wary import LOOK_LIMIT_S, Wary

log = structlog.get_logger(__name__)

_HELD_MS: Final = (LOOK_LIMIT_S + 15) * 1000
_SET_UP: Final = "its file cannot be used where frames are looked at: run `cop cameras check`"
_ENDED: Final = "looking at it has ended the process: it is left alone for a while"


@dataclass(frozen=True, slots=True)
class Ways:
    """How requests for frames leave.

    Attributes:
        public: to addresses on the internet alone.
        private: to addresses inside an own network too, for plans that say so.
        clock: of the operation.
        contact: what the User-Agent names besides us.
    """

    public: httpx.BaseTransport
    private: httpx.BaseTransport
    clock: Clock
    contact: str = ""

    def open(self, plan: CameraPlan) -> Source:
        """Give the source of *plan*; raises Misconfigured."""
        transport = self.private if plan.source.private else self.public
        return open_source(plan, transport, self.clock, self.contact)


@dataclass(frozen=True, slots=True)
class _Eyes:
    """What looks through one camera, and remembers."""

    source: Source
    view: View
    health: Health
    detector: Detector
    meters: Meters


@dataclass(frozen=True, slots=True)
class _Found:
    """What one look came to.

    Attributes:
        frames: oldest first; none where *unusable*.
        counted, measured: by zone.
        view: the ground; None where the camera could not be set up.
        unusable: why nothing can be counted.
    """

    frames: Sequence[Frame] = ()
    counted: Counted | None = None
    measured: Mapping[str, Measured] | None = None
    view: View | None = None
    unusable: Unusable | None = None


class Looker:
    """Looks through cameras; one a process, from one thread."""

    def __init__(
        self,
        store: Store,
        plans: Mapping[str, CameraPlan],
        clock: Clock,
        open_source: Callable[[CameraPlan], Source],
    ) -> None:
        """Look by *plans* at the time of *clock*, and write what is seen to *store*.

        Args:
            store: the picture.
            plans: by the cameras' ids, without `camera:`.
            clock: of the operation.
            open_source: gives where the frames of a camera come from, as `Ways.open` does.
        """
        self._store = store
        self._plans = plans
        self._clock = clock
        self._open_source = open_source
        self._wary = Wary(store)
        self._eyes: dict[str, _Eyes] = {}

    def look(self, camera: str) -> CameraState | None:
        """Look through *camera* once and bring what changed onto the picture.

        Whatever goes wrong with a camera is a state of that camera. Two looks of one camera do not
        overlap: the later one is skipped.

        Returns:
            The state that the camera is in; None where it was not looked at, or gave nothing new.

        Raises:
            StoreUnavailable: the store cannot answer.
            Conflict: others kept changing the same entities; the next look tries again.
        """
        plan = self._plans.get(camera)
        if plan is None:
            log.warning("camera_unknown", camera=camera)
            return None
        token = self._store.lock(f"look:{camera}", ttl_ms=_HELD_MS)
        if token is None:
            return None
        try:
            if not self._wary.begin(camera):
                broken = Unusable(CameraState.BROKEN, _ENDED)
                return self._settle(plan, _Found(view=self._ground(plan), unusable=broken))
            try:
                found = self._see(plan)
                if found is None:
                    return None
                return self._settle(plan, found)
            finally:
                self._wary.end(camera)
        finally:
            self._store.unlock(f"look:{camera}", token)

    def _see(self, plan: CameraPlan) -> _Found | None:
        """Take frames and count in them; None where there is nothing new."""
        view: View | None = None
        try:
            eyes = self._open(plan)
            view = eyes.view
            frames = eyes.source.take()
            eyes.health.look(frames, self._clock.now())
            if not frames:
                return None
            return _Found(frames, eyes.detector.count(frames), eyes.meters.look(frames), view)
        except StoreUnavailable:
            raise
        except Unusable as error:
            return _Found(view=view, unusable=error)
        except Misconfigured as error:
            log.warning("camera_not_set_up", camera=plan.id, reason=str(error))
            return _Found(view=view, unusable=Unusable(CameraState.BROKEN, _SET_UP))
        except Exception as error:  # noqa: BLE001 - one camera takes no other with it
            # Not the error's own words: they may hold an address, and with it a password.
            kind, where = type(error).__name__, _where(error)
            log.warning("look_failed", camera=plan.id, error=kind, at=where)
            why = f"looking at it failed ({kind}): tell whoever looks after the software"
            return _Found(view=view, unusable=Unusable(CameraState.BROKEN, why))

    def _open(self, plan: CameraPlan) -> _Eyes:
        """Give what looks through the camera of *plan*; raises Misconfigured."""
        eyes = self._eyes.get(plan.id)
        if eyes is None:
            view = View(plan)
            eyes = _Eyes(
                source=self._open_source(plan),
                view=view,
                health=Health(plan),
                detector=open_detector(plan, view),
                meters=Meters(view),
            )
            self._eyes[plan.id] = eyes
        return eyes

    def _ground(self, plan: CameraPlan) -> View | None:
        """Give the ground of a camera through which nothing is looked."""
        try:
            return View(plan)
        except Misconfigured:
            return None

    def _settle(self, plan: CameraPlan, found: _Found) -> CameraState:
        """Write what *found* changes, all or nothing, over the versions that it was made from."""
        now = self._clock.now()
        ids = [camera_id(plan.id), *(zone_id(plan.id, zone.id) for zone in plan.zones)]
        for attempt in range(1, ATTEMPTS + 1):
            known = self._store.read(ids)
            entities = _entities(plan, found, known, now)
            writes = [
                write
                for write in (
                    put(located(each), expected=_version(known, each)) for each in entities
                )
                if write.id not in known or known[write.id].body != write.body
            ]
            if not writes:
                break
            try:
                self._store.write(writes, fetched_ms=millis(now))
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
            else:
                break
        return CameraState.OK if found.unusable is None else found.unusable.state


def _entities(
    plan: CameraPlan, found: _Found, known: Mapping[str, Record], now: datetime
) -> list[Entity]:
    """Make the camera and its observations, by what is *known* of them."""
    camera = _camera(plan, found, known, now)
    if found.view is None:
        return [camera]
    before = {
        name: seen
        for name, record in known.items()
        if name != camera.id and (seen := _read(record)) is not None
    }
    observations = observe(
        plan,
        found.view,
        found.frames,
        found.counted,
        before,
        now,
        measured=found.measured,
        unusable=found.unusable,
    )
    return [camera, *observations]


def _camera(plan: CameraPlan, found: _Found, known: Mapping[str, Record], now: datetime) -> Camera:
    record = known.get(camera_id(plan.id))
    try:
        before = None if record is None else Camera.model_validate_json(record.body)
    except ValueError:  # written by another version of this program
        before = None
    state = CameraState.OK if found.unusable is None else found.unusable.state
    why = "" if found.unusable is None else found.unusable.why
    if before is None or before.state is not state:
        log.info("camera_state", camera=plan.id, state=state.value, why=why)
    same = before is not None and before.state is state and before.state_since is not None
    frame_at = before.frame_at if before is not None else None
    return camera_entity(
        plan,
        state=state,
        state_since=before.state_since if before is not None and same else now,
        frame_at=found.frames[-1].at if found.frames else frame_at,
        why=why,
    )


def _read(record: Record) -> Observation | None:
    try:
        return Observation.model_validate_json(record.body)
    except ValueError:  # written by another version of this program
        return None


def _version(known: Mapping[str, Record], entity: Entity) -> int:
    record = known.get(entity.id)
    return 0 if record is None else record.version


def _where(error: BaseException) -> str:
    """Name the line of ours, or of a library, that failed."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
