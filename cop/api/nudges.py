"""GET /api/v1/me/stream: tells a telephone that something of its own changed, not what.

Thousands of them are open at once. Each is listed under its account, its resources and facilities
and the cells that it looks from, so that a change costs those whom it concerns. What changed the
telephone then asks for itself, and mostly hears "nothing new" in a few bytes.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import orjson
import structlog

from cop.api.viewers import TICK_S, Viewer, Viewers, chunk
from cop.errors import StoreUnavailable
from cop.model.access import Audience
from cop.services.concerns import Concerns, Stir
from cop.services.feed_age import feeds_state, unknown_layers
from cop.services.frames import Frame
from cop.services.policy import at_least
from cop.services.replica import Health, Replica, Restart
from cop.services.sessions import identify_sessions, note_contact
from cop.services.surroundings import Cell, cells_from
from cop.store.accounts import Accounts

log = structlog.get_logger(__name__)

SLOW_BYTES: Final = 16 * 1024
PAUSE_S: Final = 0.05
"""What comes in so shortly after the last is told together."""
AREA_EVERY_S: Final = 20.0
"""Between two words on one telephone's area; a warning does not wait for it."""
HEALTH_EVERY: Final = 10
"""Seconds; each time it is another part of the telephones' turn."""
CHECK_EVERY: Final = 5
TURN_S: Final = 0.25
A_TURN: Final = 100
"""Words of more than so many at once are told in turns of so many: each is followed by a question,
and ten thousand of these together would keep the process from everything else for half a minute."""
_TURNS: Final = round(TICK_S / TURN_S)
CONTACT_EVERY_S: Final = 60.0
MOST_A_SESSION: Final = 32
"""Streams of one session: a phone whose network comes and goes leaves dead ones behind."""

_BEGIN: Final = chunk(b"retry: 5000\n\n")

_Index = defaultdict[Any, set[Viewer]]


@dataclass(slots=True)
class _Listed:
    """How a telephone is listed.

    Attributes:
        keys: its account, session, resources and facilities.
        cells: those from which it looks.
        turn: which part of all telephones it belongs to.
        area_at: when it was last told of its area, in monotonic seconds.
        contact_at: when its session was last noted as used.
    """

    keys: frozenset[tuple[str, str]]
    cells: frozenset[Cell]
    turn: int
    area_at: float
    contact_at: float


class Nudges(Viewers[Stir | Health]):
    """Gives what is stirred to those whom it concerns. Lives in one event loop."""

    tick_s = TURN_S

    def __init__(
        self, replica: Replica, concerns: Concerns, accounts: Accounts, *, operation: str
    ) -> None:
        """Tell what *concerns* says; sessions are of *accounts*, in *operation*."""
        super().__init__()
        self._replica = replica
        self._concerns = concerns
        self._accounts = accounts
        self._operation = operation
        self._listed: dict[Viewer, _Listed] = {}
        self._by_key: _Index = defaultdict(set)
        self._by_cell: _Index = defaultdict(set)
        self._late: set[Viewer] = set()
        self._in_turn: dict[Viewer, dict[str, None]] = {}
        self._turn = 0
        self._ticks = 0
        self._feeds: tuple[object, object] | None = None
        concerns.subscribe(self._receive)
        replica.subscribe(self._hear)

    @property
    def slow_bytes(self) -> int:
        """How much may wait in a viewer's transport before they are let go."""
        return SLOW_BYTES

    @property
    def farewell(self) -> bytes:
        """The last words to somebody who reads too slowly: none, they come back and ask."""
        return b""

    def _welcome(self, viewer: Viewer) -> None:
        """List *viewer*. Whatever they missed while they were away, they ask for now.

        Of too many streams of one session the oldest is ended.
        """
        now = time.monotonic()
        self._turn += 1
        self._listed[viewer] = _Listed(frozenset(), frozenset(), self._turn, now, now)
        self._list(viewer)
        same = self._having("session", [viewer.identity.session])
        if len(same) > MOST_A_SESSION:
            self._close(min(same, key=lambda one: self._listed[one].turn))
        self._write(
            [viewer], b"".join((_BEGIN, self._ask("duty"), self._ask("area"), self._health()))
        )

    def _forget(self, viewer: Viewer) -> None:
        listed = self._listed.pop(viewer, None)
        if listed is not None:
            _unlist(self._by_key, listed.keys, viewer)
            _unlist(self._by_cell, listed.cells, viewer)
        self._late.discard(viewer)
        self._in_turn.pop(viewer, None)

    def _list(self, viewer: Viewer) -> bool:
        """List *viewer* as they are now; tell whether they look from somewhere else."""
        identity, listed = viewer.identity, self._listed[viewer]
        own = {("own", one) for one in identity.belongs_to}
        keys = frozenset({("account", identity.name), ("session", identity.session), *own})
        cells = self._concerns.outlook(identity.belongs_to).cells
        moved = cells != listed.cells
        _relist(self._by_key, listed.keys, keys, viewer)
        _relist(self._by_cell, listed.cells, cells, viewer)
        listed.keys, listed.cells = keys, cells
        return moved

    def _hear(self, news: Frame | Restart | Health) -> None:
        """Take *news* in the replica's thread; the records come by `_receive`."""
        if isinstance(news, Health):
            self._receive(news)

    def _pump(self) -> None:
        """Tell all that has come in; whoever is concerned several times is told once."""
        self._called = False
        duty: set[Viewer] = set()
        area: set[Viewer] = set()
        urgent: set[Viewer] = set()
        while self._inbox:
            news = self._inbox.popleft()
            if isinstance(news, Health):
                self._write(list(self._listed), self._health())
            else:
                self._sort(news, duty, area, urgent)
        self._tell_duty(duty)
        self._tell_area(area - urgent)
        self._tell_area(urgent, urgent=True)
        self._rests_until = time.monotonic() + PAUSE_S

    def _sort(self, stir: Stir, duty: set[Viewer], area: set[Viewer], urgent: set[Viewer]) -> None:
        """Add to each set those whom *stir* concerns so."""
        if stir.anew:
            for viewer in self._listed:
                self._list(viewer)
            duty.update(self._listed)
            urgent.update(self._listed)
            return
        for viewer in self._having("own", stir.moved):
            if self._list(viewer):
                area.add(viewer)
        duty.update(self._having("account", stir.accounts), self._having("own", stir.things))
        for box in stir.boxes:
            for cell in cells_from(box, self._by_cell):
                area.update(self._by_cell[cell])
        if stir.everybody:
            urgent.update(self._listed)

    def _having(self, what: str, names: Iterable[str]) -> set[Viewer]:
        found: set[Viewer] = set()
        for name in names:
            found |= self._by_key.get((what, name), set())
        return found

    def _tell(self, viewers: Collection[Viewer], what: str) -> None:
        """Let *viewers* ask for *what*: few at once, many one after the other."""
        if len(viewers) <= A_TURN:
            self._write(viewers, self._ask(what))
            return
        for viewer in viewers:
            if viewer in self._listed:
                self._in_turn.setdefault(viewer, {})[what] = None

    def _take_turn(self) -> None:
        """Tell the next of those who wait for their turn."""
        words = {what: self._ask(what) for what in ("duty", "area")}
        left = A_TURN
        while self._in_turn and left > 0:
            viewer = next(iter(self._in_turn))
            asked = self._in_turn.pop(viewer)
            left -= len(asked)
            self._write([viewer], b"".join(words[what] for what in asked))

    def _tell_duty(self, viewers: Collection[Viewer]) -> None:
        self._tell(viewers, "duty")

    def _tell_area(self, viewers: Iterable[Viewer], *, urgent: bool = False) -> None:
        """Tell those who were not told lately; the others when their time has come."""
        now = time.monotonic()
        ready = []
        for viewer in viewers:
            listed = self._listed.get(viewer)
            if listed is None:  # let go since, for being slow
                continue
            if urgent or now - listed.area_at >= AREA_EVERY_S:
                listed.area_at = now
                ready.append(viewer)
                self._late.discard(viewer)
            else:
                self._late.add(viewer)
        self._tell(ready, "area")

    def _tick(self) -> None:
        self._take_turn()
        self._ticks += 1
        if self._ticks % _TURNS:
            return
        self._end_stopped(self._everyone())
        self._turn += 1
        self._write(self._part(HEALTH_EVERY), self._health())
        self._tell_area(list(self._late))
        self._look_at_feeds()

    def _everyone(self) -> list[Viewer]:
        return list(self._listed)

    def _part(self, of: int) -> list[Viewer]:
        """List the telephones whose turn it is, where each has it every *of* ticks."""
        return [
            viewer
            for viewer, listed in self._listed.items()
            if (listed.turn + self._turn) % of == 0
        ]

    def _look_at_feeds(self) -> None:
        """Tell everybody when a feed becomes stale, which nothing is written for, or well again."""
        feeds, now = self._concerns.feeds(), self._replica.clock.now()
        unknown = tuple(one["layer"] for one in unknown_layers(feeds, now))
        said = feeds_state(feeds, now)  # as of when is told only where it is not "just now"
        steady = said["state"] if said["state"] == "ok" else tuple(said.values())
        before, self._feeds = self._feeds, (unknown, steady)
        if before is not None and before[0] != self._feeds[0]:
            self._tell_area(list(self._listed))
        if before is not None and before[1] != self._feeds[1]:
            self._tell_duty(list(self._listed))

    def _ask(self, what: str) -> bytes:
        """Give the word to ask for *what*, of a picture that is at least as far as ours."""
        cursor, _ = self._replica.state()
        return chunk(b'event: %b\ndata: {"after":"%b"}\n\n' % (what.encode(), cursor.encode()))

    def _health(self) -> bytes:
        health, clock = self._replica.health, self._replica.clock
        data = {
            "now": clock.now(),
            "speed": clock.speed,
            "redis": health.redis,
            "worker": health.worker,
        }
        return chunk(b"event: health\ndata: %b\n\n" % orjson.dumps(data, option=orjson.OPT_UTC_Z))

    async def _look_after_sessions(self) -> None:
        """End the streams of ended sessions, follow changed ones, and note the contact."""
        while True:
            await asyncio.sleep(TICK_S)
            viewers = self._part(CHECK_EVERY)
            now = time.monotonic()
            used = [v for v in viewers if now - self._listed[v].contact_at >= CONTACT_EVERY_S]
            try:
                alive = await asyncio.to_thread(self._check, viewers, used)
            except StoreUnavailable:  # nothing new can be seen meanwhile either
                continue
            except Exception:  # without the next look nobody could be shut out any more
                log.exception("sessions_not_checked")
                continue
            for viewer in viewers:
                if viewer in self._listed:
                    self._follow(viewer, alive)
            for viewer in used:
                if viewer in self._listed:
                    self._listed[viewer].contact_at = now

    def _check(self, viewers: Iterable[Viewer], used: Iterable[Viewer]) -> dict[str, Any]:
        sessions = {viewer.identity.session for viewer in viewers}
        if not sessions:
            return {}
        note_contact(self._accounts, {viewer.identity.session for viewer in used})
        return identify_sessions(self._accounts, sessions, operation=self._operation)

    def _follow(self, viewer: Viewer, alive: dict[str, Any]) -> None:
        identity = alive.get(viewer.identity.session)
        if identity is None or not at_least(identity.audience, Audience.RESPONDER):
            self._close(viewer)
        elif identity != viewer.identity:
            viewer.identity = identity
            self._list(viewer)
            self._tell_duty([viewer])
            self._tell_area([viewer], urgent=True)


def _relist(index: _Index, before: frozenset[Any], after: frozenset[Any], viewer: Viewer) -> None:
    _unlist(index, before - after, viewer)
    for key in after - before:
        index[key].add(viewer)


def _unlist(index: _Index, keys: Iterable[Hashable], viewer: Viewer) -> None:
    for key in keys:
        index[key].discard(viewer)
        if not index[key]:
            del index[key]
