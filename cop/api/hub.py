"""The open live streams of this process: each frame is written to every socket in one loop.

Who reads too slowly is told to read the picture anew and let go.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from itertools import chain, cycle
from typing import Final

import orjson
import structlog

from cop.api.viewers import Viewer, Viewers, chunk
from cop.errors import StoreUnavailable
from cop.model.access import Audience
from cop.model.record import Cursor, cursor_key, line_of
from cop.services.frames import Frame, Ring
from cop.services.metrics import note_change
from cop.services.replica import Health, Replica, Restart
from cop.services.sessions import identify_sessions
from cop.store.accounts import Accounts

log = structlog.get_logger(__name__)

SLOW_BYTES: Final = 512 * 1024
BEAT_EVERY_S: Final = 2.0
"""Between two beats to one viewer; a page that hears nothing for four seconds says so."""
PARTS: Final = 20
"""The viewers have their beats one part after the other, so that no change waits behind all."""
CHECK_SESSIONS_S: Final = 2.0
_CHECKS: Final = 4
_MOST_ALIKE: Final = 32
WAIT_FOR_CURSOR_S: Final = 2.0
REST: Final = 9.0
"""After telling everybody, this many times as long is left for other work: under a storm of changes
what comes in meanwhile goes out in one piece."""
LONGEST_REST_S: Final = 0.1

RESYNC: Final = b"event: resync\ndata: {}\n\n"
_RESYNC: Final = chunk(RESYNC)
_BEGIN: Final = chunk(b"retry: 2000\n\n")


class Hub(Viewers[Frame | Restart | Health]):
    """Gives what a replica tells to everyone who looks. Lives in one event loop."""

    tick_s = BEAT_EVERY_S / PARTS

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
        self._parts: list[set[Viewer]] = [set() for _ in range(PARTS)]
        self._came = 0
        self._ticks = 0
        self._alike: dict[tuple[Audience, Cursor], bytes] = {}
        replica.subscribe(self._receive)

    @property
    def slow_bytes(self) -> int:
        """How much may wait in a viewer's transport before they are let go."""
        return SLOW_BYTES

    @property
    def farewell(self) -> bytes:
        """The last words to somebody who reads too slowly."""
        return _RESYNC

    def _welcome(self, viewer: Viewer) -> None:
        """Write what came after the cursor that *viewer* has, then everything.

        After a restart everybody comes back before the picture has been read: they wait for it.
        """
        self._came += 1
        viewer.part = self._came % PARTS
        self._parts[viewer.part].add(viewer)
        missed = b""
        if self._ring is None:
            self._early.add(viewer)
        else:
            missed = self._resume(viewer, self._ring)
        marked = self._ring is not None and viewer.ahead_of is None
        for data in (_BEGIN, missed, chunk(self._health_event(marked=marked))):
            if data:
                self._write([viewer], data)

    def _resume(self, viewer: Viewer, ring: Ring) -> bytes:
        """Let *viewer* hear everything from now on; give, framed, what they have missed."""
        audience, after = viewer.identity.audience, viewer.after
        if after is not None and line_of(cursor_key(after)) != line_of(cursor_key(ring.cursor)):
            self._viewers[audience].add(viewer)
            return _RESYNC
        if after is not None and cursor_key(after) > cursor_key(ring.cursor):
            viewer.ahead_of = cursor_key(after)
            self._ahead.add(viewer)
            return b""
        self._viewers[audience].add(viewer)
        return b"" if after is None else self._missed(ring, audience, after)

    def _missed(self, ring: Ring, audience: Audience, after: Cursor) -> bytes:
        """Give, framed, what came after a cursor: the same bytes to all who come with it.

        After a restart everybody does, and what they cannot take at once waits in memory.
        """
        known = self._alike.get((audience, after))
        if known is None:
            missed = ring.after(after, audience)
            known = _RESYNC if missed is None else chunk(b"".join(missed)) if missed else b""
            if len(self._alike) >= _MOST_ALIKE:
                self._alike.clear()
            self._alike[audience, after] = known
        return known

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
            self._tell_health(set(self._everyone()))
        ended = time.monotonic()
        self._rests_until = ended + min(LONGEST_REST_S, REST * (ended - begun))

    def _flush(self, frames: list[Frame]) -> None:
        if not frames:
            return
        self._alike.clear()
        for frame in frames:
            if self._ring is not None:
                self._ring.add(frame)
        for audience, viewers in self._viewers.items():
            body = b"".join(frame.bodies.get(audience, b"") for frame in frames)
            if body and viewers:
                self._write(viewers, chunk(body))
        for viewer in list(self._ahead):
            self._catch_up(viewer, frames)
        for frame in frames:
            note_change(frame.cursor)

    def _catch_up(self, viewer: Viewer, frames: list[Frame]) -> None:
        """Write of *frames* what is new to a viewer who came with a later cursor than ours."""
        has = viewer.ahead_of or (0, 0)
        audience = viewer.identity.audience
        if any(frame.splits(has) for frame in frames):
            self._let_in(viewer)
            self._write([viewer], _RESYNC)
            return
        new = [frame for frame in frames if cursor_key(frame.cursor) > has]
        body = b"".join(frame.bodies.get(audience, b"") for frame in new)
        if body:
            self._write([viewer], chunk(body))
        if cursor_key(frames[-1].cursor) >= has and viewer in self._ahead:
            self._let_in(viewer)

    def _restart(self, news: Restart) -> None:
        self._ring = news.ring
        self._alike.clear()
        for viewer in [*chain(*self._viewers.values()), *self._ahead]:
            self._let_in(viewer)
            self._write([viewer], _RESYNC)
        for viewer in list(self._early):
            self._early.discard(viewer)
            missed = self._resume(viewer, news.ring) or (_RESYNC if viewer.after is None else b"")
            if missed:
                self._write([viewer], missed)

    def _let_in(self, viewer: Viewer) -> None:
        """Stop waiting for the cursor of *viewer*."""
        viewer.ahead_of = None
        self._ahead.discard(viewer)
        self._viewers[viewer.identity.audience].add(viewer)

    def _forget(self, viewer: Viewer) -> None:
        self._viewers[viewer.identity.audience].discard(viewer)
        self._ahead.discard(viewer)
        self._early.discard(viewer)
        self._parts[viewer.part].discard(viewer)

    def by_audience(self) -> dict[str, int]:
        """Count who is written to, by audience."""
        return {audience.value: len(viewers) for audience, viewers in self._viewers.items()}

    def _everyone(self) -> list[Viewer]:
        return [*chain(*self._parts)]

    def _tick(self) -> None:
        self._replica.viewers = self.viewers
        self._ticks += 1
        self._end_stopped(self._parts[self._ticks % PARTS])  # all within two seconds, not at once
        for viewer in list(self._ahead):
            viewer.waited += 1
            if viewer.waited * self.tick_s > WAIT_FOR_CURSOR_S and self._replica.health.redis:
                self._let_in(viewer)
                self._write([viewer], _RESYNC)
        self._tell_health(self._parts[self._ticks % PARTS])

    def _tell_health(self, viewers: set[Viewer]) -> None:
        if not viewers:
            return
        elsewhere = self._ahead | self._early  # their cursor is not ours to say
        self._write(viewers - elsewhere, chunk(self._health_event()))
        self._write(viewers & elsewhere, chunk(self._health_event(marked=False)))

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
        for turn in cycle(range(_CHECKS)):
            await asyncio.sleep(CHECK_SESSIONS_S / _CHECKS)
            some = [*chain(*self._parts[turn::_CHECKS])]
            signed_in = [viewer for viewer in some if viewer.identity.session]
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
