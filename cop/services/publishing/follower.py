"""Following the store for the public picture: what is known up to when, and what is down."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

import structlog

from cop.clock import Clock
from cop.errors import StoreUnavailable
from cop.model.record import Cursor, Event, Snapshot
from cop.services.publishing.picture import PublicPicture
from cop.store.port import Resync, Store

log = structlog.get_logger(__name__)

BATCH: Final = 1_000
LOOK_EVERY_S: Final = 1.0
PATIENCE_S: Final = 10.0
"""How long a part may be silent before the public is told: a restart is no news."""
_BACK_OFF_S: Final = (0.2, 2.0)
_PARTS: Final = ("worker", "beat")


class Compiling(Protocol):
    """What puts the public picture together from snapshot and events."""

    def begin(self, snapshot: Snapshot) -> None:
        """Begin with *snapshot*."""

    def go_on(self, events: Sequence[Event]) -> None:
        """Take what has changed since, in order."""

    def picture(
        self, now: datetime, *, made_at: datetime, down: Mapping[str, datetime]
    ) -> PublicPicture:
        """Give what may be published at *now*, the operation's time."""

    def memory(self) -> bytes:
        """Give what a new one is to be given, so that nothing is forgotten."""

    def due(self) -> datetime | None:
        """Tell the operation's time at which the picture changes without any event."""


class Follower:
    """Brings a compiler what the store says. `step` it again and again, in one thread."""

    def __init__(self, store: Store, compiler: Compiling, clock: Clock) -> None:
        """Follow *store* in the time of *clock*; nothing is read before the first step."""
        self.compiler = compiler
        self._store = store
        self._clock = clock
        self._cursor: Cursor = ""
        self._known: tuple[datetime, datetime] | None = None
        begun = (clock.now(), time.monotonic())
        self._heard = dict.fromkeys(("redis", *_PARTS), begun)
        self._down: dict[str, datetime] = {}
        self._look_at = 0.0
        self._failures = 0

    @property
    def known(self) -> tuple[datetime, datetime] | None:
        """The operation's and the real time up to which all is known; None: nothing is yet."""
        return self._known

    @property
    def down(self) -> Mapping[str, datetime]:
        """Which parts are down since when, in the operation's time."""
        return self._down

    def step(self, stop: threading.Event, wait_ms: int) -> bool:
        """Take what there is, waiting for it up to *wait_ms*; tell whether there was anything.

        A store that does not answer is waited for. Anything else that goes wrong is raised, and
        the next step begins with a snapshot.
        """
        try:
            came = self._read(wait_ms)
            self._look()
        except Resync:
            log.warning("publisher_resync")
            self._cursor = ""
            stop.wait(random.uniform(0, _BACK_OFF_S[0]))  # noqa: S311 - only spreads load
            return False
        except StoreUnavailable as error:
            if not self._failures:
                log.warning("publisher_lost_redis", reason=str(error))
            self._failures += 1
            self._judge([name for name in _PARTS if name not in self._down])  # as last known
            least, most = _BACK_OFF_S
            bound = min(most, least * 2 ** min(self._failures, 8))
            stop.wait(random.uniform(least, bound))  # noqa: S311 - only spreads load
            return False
        except Exception:
            self._cursor = ""
            raise
        self._failures = 0
        return came

    def _read(self, wait_ms: int) -> bool:
        if not self._cursor:
            at = self._moment()
            snapshot = self._store.snapshot()
            self.compiler.begin(snapshot)
            self._cursor, self._known = snapshot.cursor, at
            return True
        at = self._moment()
        events = self._store.events(self._cursor, limit=BATCH, wait_ms=wait_ms)
        if events:
            self.compiler.go_on(events)
            self._cursor = events[-1].cursor
        else:
            at = self._moment()
        if len(events) < BATCH:
            self._known = at
        return bool(events)

    def _look(self) -> None:
        """See which parts are alive, now and then."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY_S
            self._judge({"redis", *(name.partition(":")[0] for name in self._store.marks())})

    def _judge(self, alive: Collection[str]) -> None:
        """Take which parts are *alive* now, and tell those that have been silent for long."""
        at, now = self._clock.now(), time.monotonic()
        self._heard.update((name, (at, now)) for name in self._heard if name in alive)
        down = {name: at for name, (at, heard) in self._heard.items() if now - heard > PATIENCE_S}
        if down.keys() != self._down.keys():
            log.info("public_down", down=sorted(down))
        self._down = down

    def _moment(self) -> tuple[datetime, datetime]:
        return self._clock.now(), datetime.now(UTC)
