"""The open live streams of this process: each frame is written to every socket in one loop.

Who reads too slowly is told to read the picture anew and let go.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

import orjson
import structlog

from cop.api.viewers import TICK_S, Viewer, Viewers, chunk
from cop.errors import StoreUnavailable
from cop.model.access import Audience
from cop.model.record import cursor_key
from cop.services.frames import Frame, Ring
from cop.services.replica import Health, Replica, Restart
from cop.services.sessions import identify_sessions
from cop.store.accounts import Accounts

log = structlog.get_logger(__name__)

SLOW_BYTES: Final = 512 * 1024
CHECK_SESSIONS_S: Final = 2.0
WAIT_FOR_CURSOR_S: Final = 2.0
REST: Final = 9.0
"""After telling everybody, this many times as long is left for other work: under a storm of changes
what comes in meanwhile goes out in one piece."""
LONGEST_REST_S: Final = 0.1

RESYNC: Final = b"event: resync\ndata: {}\n\n"


class Hub(Viewers[Frame | Restart | Health]):
    """Gives what a replica tells to everyone who looks. Lives in one event loop."""

    def __init__(
        self, replica: Replica, accounts: Accounts, *, operation: str, exercise: bool
    ) -> None:
        """Write *operation*, and whether it is an *exercise*, into every health event."""
        super().__init__()
        self._replica = replica
        self._accounts = accounts
        self._operation = operation
        self._exercise = exercise
        self._ring: Ring | None = None
        self._viewers: dict[Audience, set[Viewer]] = {audience: set() for audience in Audience}
        self._ahead: set[Viewer] = set()
        self._early: set[Viewer] = set()
        replica.subscribe(self._receive)

    @property
    def slow_bytes(self) -> int:
        """How much may wait in a viewer's transport before they are let go."""
        return SLOW_BYTES

    @property
    def farewell(self) -> bytes:
        """The last words to somebody who reads too slowly."""
        return chunk(RESYNC)

    def _welcome(self, viewer: Viewer) -> None:
        """Write what came after the cursor that *viewer* has, then everything.

        After a restart everybody comes back before the picture has been read: they wait for it.
        """
        if self._ring is None:
            self._early.add(viewer)
            missed, marked = b"", False
        else:
            missed = self._resume(viewer, self._ring)
            marked = viewer.ahead_of is None
        told = (b"retry: 2000\n\n", missed, self._health_event(marked=marked))
        self._write([viewer], chunk(b"".join(told)))

    def _resume(self, viewer: Viewer, ring: Ring) -> bytes:
        """Let *viewer* hear everything from now on; give what they have missed."""
        audience, after = viewer.identity.audience, viewer.after
        if after is not None and cursor_key(after) > cursor_key(ring.cursor):
            viewer.ahead_of = cursor_key(after)
            self._ahead.add(viewer)
            return b""
        self._viewers[audience].add(viewer)
        missed = [] if after is None else ring.after(after, audience)
        return RESYNC if missed is None else b"".join(missed)

    def _pump(self) -> None:
        """Write all that has come in; what came in a burst goes out in one piece."""
        self._called = False
        begun = time.monotonic()
        frames: list[Frame] = []
        health = False
        while self._inbox:
            news = self._inbox.popleft()
            if isinstance(news, Frame):
                frames.append(news)
            elif isinstance(news, Restart):
                self._flush(frames)
                frames = []
                self._restart(news)
            else:
                health = True
        self._flush(frames)
        if health:
            self._tell_health()
        ended = time.monotonic()
        self._rests_until = ended + min(LONGEST_REST_S, REST * (ended - begun))

    def _flush(self, frames: list[Frame]) -> None:
        if not frames:
            return
        for frame in frames:
            if self._ring is not None:
                self._ring.add(frame)
        for audience, viewers in self._viewers.items():
            body = b"".join(frame.bodies.get(audience, b"") for frame in frames)
            if body and viewers:
                self._write(viewers, chunk(body))
        for viewer in list(self._ahead):
            self._catch_up(viewer, frames)

    def _catch_up(self, viewer: Viewer, frames: list[Frame]) -> None:
        """Write of *frames* what is new to a viewer who came with a later cursor than ours."""
        has = viewer.ahead_of or (0, 0)
        audience = viewer.identity.audience
        if any(frame.splits(has) for frame in frames):
            self._let_in(viewer)
            self._write([viewer], chunk(RESYNC))
            return
        new = [frame for frame in frames if cursor_key(frame.cursor) > has]
        body = b"".join(frame.bodies.get(audience, b"") for frame in new)
        if body:
            self._write([viewer], chunk(body))
        if cursor_key(frames[-1].cursor) >= has and viewer in self._ahead:
            self._let_in(viewer)

    def _restart(self, news: Restart) -> None:
        self._ring = news.ring
        for viewer in [*self._settled(), *self._ahead]:
            self._let_in(viewer)
            self._write([viewer], chunk(RESYNC))
        for viewer in list(self._early):
            self._early.discard(viewer)
            missed = RESYNC if viewer.after is None else b""
            missed += self._resume(viewer, news.ring)
            if missed:
                self._write([viewer], chunk(missed))

    def _let_in(self, viewer: Viewer) -> None:
        """Stop waiting for the cursor of *viewer*."""
        viewer.ahead_of = None
        self._ahead.discard(viewer)
        self._viewers[viewer.identity.audience].add(viewer)

    def _forget(self, viewer: Viewer) -> None:
        self._viewers[viewer.identity.audience].discard(viewer)
        self._ahead.discard(viewer)
        self._early.discard(viewer)

    def _settled(self) -> list[Viewer]:
        return [viewer for viewers in self._viewers.values() for viewer in viewers]

    def _everyone(self) -> list[Viewer]:
        return [*self._settled(), *self._ahead, *self._early]

    def _tick(self) -> None:
        self._replica.viewers = self.viewers
        self._end_stopped()
        for viewer in list(self._ahead):
            viewer.waited += 1
            if viewer.waited * TICK_S > WAIT_FOR_CURSOR_S and self._replica.health.redis:
                self._let_in(viewer)
                self._write([viewer], chunk(RESYNC))
        self._tell_health()

    def _tell_health(self) -> None:
        data = chunk(self._health_event())
        for viewers in self._viewers.values():
            self._write(viewers, data)
        if self._ahead or self._early:  # their cursor is not ours to say
            self._write([*self._ahead, *self._early], chunk(self._health_event(marked=False)))

    def _health_event(self, *, marked: bool = True) -> bytes:
        """Give the `health` event; its id spares those who see few changes a new snapshot."""
        health = self._replica.health
        clock = self._replica.clock
        data = orjson.dumps(
            {
                "now": clock.now(),
                "speed": clock.speed,
                "operation": self._operation,
                "exercise": self._exercise,
                "redis": health.redis,
                "worker": health.worker,
                "beat": health.beat,
                "vision": "vision" not in health.since,
                "exchange": "exchange" not in health.since,
                "viewers": max(health.viewers, self.viewers),
                "lag_ms": health.lag_ms,
                "since": {name: moment for name, (moment, _) in health.since.items()},
                "since_real": {name: moment for name, (_, moment) in health.since.items()},
                "real_now": datetime.now(UTC),
            },
            option=orjson.OPT_UTC_Z,
        )
        cursor = self._ring.cursor if self._ring is not None and marked else ""
        mark = b"id: %b\n" % cursor.encode() if cursor else b""
        return b"%bevent: health\ndata: %b\n\n" % (mark, data)

    async def _look_after_sessions(self) -> None:
        """End the streams of sessions that have ended or changed their audience."""
        while True:
            await asyncio.sleep(CHECK_SESSIONS_S)
            signed_in = [viewer for viewer in self._everyone() if viewer.identity.session]
            sessions = {viewer.identity.session for viewer in signed_in}
            if not sessions:
                continue
            try:
                alive = await asyncio.to_thread(
                    identify_sessions, self._accounts, sessions, operation=self._operation
                )
            except StoreUnavailable:  # nothing new can be seen meanwhile either
                continue
            except Exception:  # without the next look nobody could be shut out any more
                log.exception("sessions_not_checked")
                continue
            for viewer in signed_in:
                if alive.get(viewer.identity.session) != viewer.identity:
                    self._close(viewer)
