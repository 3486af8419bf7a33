"""GET /api/v1/cameras/{id}/frame: what a camera shows now, for whoever may look, kept by nobody."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Path, Query, Request, Response

from cop.api.problems import MEDIA_TYPE, problem
from cop.api.web import INERT, Asker, Parts, origin_of
from cop.clock import utc_iso
from cop.services.views import WITHIN_S, Allowed, NoView, Seen, Views

router = APIRouter(prefix="/api/v1/cameras", tags=["picture"])

SHARED_S: Final = 2.0
"""For so long after it came a frame is in memory, for whoever else asks for it."""
MOST_KEPT: Final = 64
AT_ONCE: Final = 8
"""Frames that one process waits for; the others wait for their turn."""

_LOOK_EVERY_S: Final = 0.1
_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_LATE: Final = "camera-late"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Disposition": "inline",
    **INERT,
    "Cross-Origin-Resource-Policy": "same-origin",
}
_EXAMPLE: Final = {
    "type": "about:blank",
    "title": "Service Unavailable",
    "status": 503,
    "detail": "the camera gives no picture: it is black",
    "code": "camera-black",
}


class LiveFrames:
    """The frames that this process has asked for; each is asked for once for all who want it.

    Lives in one event loop.
    """

    def __init__(self, views: Views) -> None:
        """Ask by *views*."""
        self.views = views
        self._shared: dict[tuple[str, bool], asyncio.Task[Seen]] = {}
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def see(self, allowed: Allowed) -> Seen:
        """Give the frame that *allowed* may see.

        Raises:
            NoView: there is none.
            StoreUnavailable: store or broker do not answer.
        """
        name = (allowed.camera, allowed.clear)
        fetching = self._shared.get(name)
        if fetching is None:
            while len(self._shared) >= MOST_KEPT:
                del self._shared[next(iter(self._shared))]
            fetching = asyncio.create_task(self._fetch(allowed))
            self._shared[name] = fetching
            fetching.add_done_callback(partial(self._had, name))
        # one who goes away must not take the frame from the others
        return await asyncio.shield(fetching)

    async def _fetch(self, allowed: Allowed) -> Seen:
        try:
            async with asyncio.timeout(WITHIN_S), self._turn:
                pending = await asyncio.to_thread(self.views.ask, allowed)
                while True:
                    seen = await asyncio.to_thread(self.views.collect, pending)
                    if seen is not None:
                        return seen
                    await asyncio.sleep(_LOOK_EVERY_S)
        except TimeoutError:
            late = f"no picture came within {WITHIN_S:g} s: try again, or look at another camera"
            raise NoView(_LATE, late) from None

    def _had(self, name: tuple[str, bool], fetching: asyncio.Task[Seen]) -> None:
        if not fetching.cancelled():
            fetching.exception()  # nobody may be left to hear it
        asyncio.get_running_loop().call_later(SHARED_S, self._forget, name, fetching)

    def _forget(self, name: tuple[str, bool], fetching: asyncio.Task[Seen]) -> None:
        if self._shared.get(name) is fetching:
            del self._shared[name]


@router.get(
    "/{id}/frame",
    summary="What a camera shows now",
    response_class=Response,
    responses={
        200: {
            "description": (
                "The latest frame, not kept anywhere. `Cop-Frame-At`: when it was taken, by the"
                " operation's clock; `Cop-Blurred`: `yes` where faces were made unrecognisable."
            ),
            "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        },
        403: {"description": "Not open to the asker, or not unblurred", "content": _PROBLEM},
        404: {"description": "There is no such camera", "content": _PROBLEM},
        503: {
            "description": "The camera gives no picture, or nothing looks at cameras now",
            "content": {MEDIA_TYPE: {"example": _EXAMPLE}},
        },
        504: {"description": "No picture came within 10 s", "content": _PROBLEM},
    },
)
async def read_frame(
    *,
    id: Annotated[str, Path(max_length=200, examples=["camera:pier-4"])],  # noqa: A002 - its name
    request: Request,
    identity: Asker,
    web: Parts,
    blurred: Annotated[
        bool | None,
        Query(description="Ask for it blurred, or not; else as clear as one may see it"),
    ] = None,
) -> Response:
    """Give the latest frame of a camera; who looked stands in the journal before it is shown.

    Faces are blurred for whoever needs none; pictures that their publisher shows to everybody are
    shown as they are.
    """
    live = cast("LiveFrames", request.app.state.live_frames)
    origin = origin_of(request)
    allowed = await asyncio.to_thread(live.views.allow, identity, id, origin, blurred=blurred)
    if not web.replica.health.vision:
        down = "the process that looks at cameras is down: tell the operators"
        return problem(503, down, code="vision-down", headers={"Retry-After": "5"})
    try:
        seen = await live.see(allowed)
    except NoView as error:
        status = 504 if error.code == _LATE else 503
        return problem(status, str(error), code=error.code, headers={"Retry-After": "5"})
    headers = {"Cop-Frame-At": utc_iso(seen.at), "Cop-Blurred": "yes" if seen.blurred else "no"}
    return Response(seen.body, headers=_HEADERS | headers, media_type="image/jpeg")
