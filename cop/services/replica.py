"""The web process's copy of the picture: follows the log in a thread, never blocks a reader."""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, Protocol

import structlog

from cop.clock import Clock
from cop.errors import StoreUnavailable
from cop.model.access import Audience, fingerprint
from cop.model.entity import Kind
from cop.model.record import Cursor, Event, Snapshot
from cop.model.sight import VISION
from cop.services.feed_status import status_id
from cop.services.frames import Frame, Ring
from cop.services.history import recall
from cop.services.picture import Picture
from cop.store.port import Resync, Store

log = structlog.get_logger(__name__)

WEB: Final = "web"
WAIT_MS: Final = 500
BATCH: Final = 1000
COALESCE: Final = 50
MARK_EVERY_S: Final = 0.5
MARK_TTL_MS: Final = 3000
SETTLE_S: Final = 2.0
"""After Redis comes back, processes get this long to mark themselves again."""
PROJECTION: Final = "projection"
"""Table that holds the fingerprint of the allow-list with which viewers were last told, and the
cursor from which on they were; nothing more where it is that of the beginning."""
BACK_OFF_S: Final = (0.2, 2.0)
_WATCHED: Final = ("redis", "worker", "beat", "vision", "exchange")
_COUNTING: Final = status_id(VISION)
"""On the picture as long as something is counted by cameras."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is up, as this process sees it.

    Attributes:
        redis, worker, beat, vision, exchange: whether each is up; without Redis the others are as
            last known.
        viewers: open live streams of all web processes.
        lag_ms: from the last event's writing to its being applied here.
        since: for each that is down, since when: in the picture's clock and in real time. `vision`
            is missed only where something is counted by cameras, `exchange` only where there are
            partners.
    """

    redis: bool = False
    worker: bool = False
    beat: bool = False
    vision: bool = False
    exchange: bool = False
    viewers: int = 0
    lag_ms: int = 0
    since: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restart:
    """The picture was read anew: who follows it in this process must take a new snapshot.

    Attributes:
        ring: what had been told up to the cursor of the picture; for the listener to carry on.
    """

    ring: Ring


Listener = Callable[[Frame | Restart | Health], None]
"""Told, in the replica's thread, of every frame, restart and change of health, in order."""


class Reader(Protocol):
    """What keeps something of its own by the records, in the replica's thread."""

    def begin(self, snapshot: Snapshot) -> None:
        """Forget everything and begin with *snapshot*."""

    def go_on(self, events: Sequence[Event]) -> None:
        """Take what has changed since, in order."""


class Replica:
    """Follows a store. `start` it once, `stop` it at the end."""

    def __init__(self, store: Store, clock: Clock, *, role: str = WEB) -> None:
        """Follow *store* in the time of *clock*; nothing is read before `start`.

        *role* is what the process is marked as; only viewers of the web process resume.
        """
        self.viewers = 0
        self._store = store
        self._clock = clock
        self._is_resumed = role == WEB
        self._mark = f"{role}:{socket.gethostname()}:{os.getpid()}"
        self._listeners: list[Listener] = []
        self._readers: list[Reader] = []
        self._health = Health()
        self._picture: Picture | None = None
        self._wants_snapshot = True
        self._caught_up = False
        self._contact = datetime.now(UTC)
        self._marks_due = 0.0
        self._settled_at = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="replica", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._judge(Health())
        self._thread.start()

    def stop(self) -> None:
        """Stop following; returns when the thread has ended or after a few seconds."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def subscribe(self, listener: Listener) -> None:
        """Tell *listener* everything from now on."""
        self._listeners.append(listener)

    def follow(self, reader: Reader) -> None:
        """Let *reader* have every record from now on, each before anybody is told of it."""
        self._readers.append(reader)

    @property
    def health(self) -> Health:
        """What is up now."""
        return self._health

    @property
    def clock(self) -> Clock:
        """The clock of the operation."""
        return self._clock

    def not_ready(self) -> str:
        """Give the reason why this process cannot serve the picture; "" when it can."""
        if self._picture is None:
            return "the picture has not been read from Redis yet"
        if not self._health.redis:
            return "Redis does not answer; the picture is the last one known"
        if not self._caught_up:
            return "the log has not been read to its end yet"
        return ""

    def picture(self) -> Picture:
        """Give the picture; raises StoreUnavailable before it was first read."""
        if self._picture is None:
            raise StoreUnavailable("the picture has not been read from Redis yet; try again soon")
        return self._picture

    def state(self) -> tuple[Cursor, frozenset[str]]:
        """Give what tells one state of the picture from another: its cursor, and what is down."""
        cursor = "" if self._picture is None else self._picture.cursor
        return cursor, frozenset(self._health.since)

    def known_at(self) -> datetime:
        """Tell the real time at which the picture was last known to be up to date."""
        return datetime.now(UTC) if self._health.redis else self._contact

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                self._follow()
                failures = 0
            except Resync:
                log.warning("replica_resync")
                self._start_anew()
                self._stop.wait(random.uniform(0, BACK_OFF_S[0]))  # noqa: S311 - only spreads load
            except StoreUnavailable as error:
                if self._health.redis:
                    log.warning("replica_lost_redis", reason=str(error))
                self._caught_up = False
                self._judge(replace(self._health, redis=False))
                failures += 1
                self._pause(failures)
            except Exception:  # a copy that stops following would lie for ever
                log.exception("replica_failed")
                self._start_anew()
                failures += 1
                self._pause(failures)

    def _pause(self, failures: int) -> None:
        least, most = BACK_OFF_S
        bound = min(most, least * 2 ** min(failures, 8))
        self._stop.wait(random.uniform(least, bound))  # noqa: S311 - only spreads load

    def _start_anew(self) -> None:
        self._caught_up = False
        self._wants_snapshot = True

    def _follow(self) -> None:
        """Take one step: read the picture if there is none, else the events after it."""
        if self._picture is None or self._wants_snapshot:
            self._load()
            return
        settled = self._caught_up and self._health.redis
        wait_ms = WAIT_MS if settled else 0
        events = self._store.events(self._picture.cursor, limit=BATCH, wait_ms=wait_ms)
        self._contact = datetime.now(UTC)
        if events:
            self._apply(self._picture, events)
        self._caught_up = self._caught_up or len(events) < BATCH
        if not self._health.redis:
            self._settled_at = time.monotonic() + SETTLE_S
            self._marks_due = 0.0
        self._check_marks()

    def _load(self) -> None:
        began = time.monotonic()
        snapshot = self._store.snapshot()
        picture = Picture(snapshot)
        since = self._told_since(snapshot.cursor) if self._is_resumed else snapshot.cursor
        if since == snapshot.cursor:
            ring = Ring(snapshot.cursor)
        else:
            ring = recall(self._store, snapshot.cursor, since=since)
        for reader in self._readers:
            reader.begin(snapshot)
        self._picture = picture
        self._wants_snapshot = False
        log.info(
            "replica_loaded",
            cursor=snapshot.cursor,
            entities=len(snapshot.records),
            seconds=round(time.monotonic() - began, 3),
        )
        self._tell(Restart(ring))

    def _told_since(self, cursor: Cursor) -> Cursor:
        """Tell from which cursor on viewers were told what they may see today; "": ever since.

        Nobody resumes from before it, at whichever process: who did would keep what they may no
        longer see.
        """
        now = fingerprint()
        before = (self._store.read_table(PROJECTION) or b"").decode()
        known, _, since = before.partition(" ")
        if known != now:
            since = cursor if before else ""
            self._store.write_table(PROJECTION, f"{now} {since}".encode())
        return since

    def _apply(self, picture: Picture, events: list[Event]) -> None:
        """Make a frame of each event; of all together where there are many to catch up with."""
        batches = [events] if len(events) > COALESCE else [[event] for event in events]
        frames = [picture.apply(batch) for batch in batches]
        for reader in self._readers:
            reader.go_on(events)
        written_ms = int(events[-1].cursor.partition("-")[0])
        lag_ms = max(0, time.time_ns() // 1_000_000 - written_ms)
        self._health = replace(self._health, lag_ms=lag_ms)
        for frame in frames:
            self._tell(frame)

    def _check_marks(self) -> None:
        now = time.monotonic()
        if now < self._marks_due:
            return
        self._marks_due = now + MARK_EVERY_S
        self._store.mark(self._mark, str(self.viewers), ttl_ms=MARK_TTL_MS)
        marks = self._store.marks()
        up = {name.partition(":")[0] for name in marks}
        keep = now < self._settled_at
        viewers = sum(
            int(value)
            for name, value in marks.items()
            if name.startswith(f"{WEB}:") and value.isdecimal()
        )
        self._judge(
            replace(
                self._health,
                redis=True,
                worker="worker" in up or (keep and self._health.worker),
                beat="beat" in up or (keep and self._health.beat),
                vision="vision" in up or (keep and self._health.vision),
                exchange="exchange" in up or (keep and self._health.exchange),
                viewers=viewers,
            )
        )

    def _judge(self, health: Health) -> None:
        """Take *health* as it is now, add since when what is down, and tell if that changed."""
        before = self._health
        moment = (self._clock.now(), datetime.now(UTC))
        since = {
            name: before.since.get(name, moment)
            for name in _WATCHED
            if not getattr(health, name) and self._is_wanted(name)
        }
        self._health = replace(health, since=since)
        if since.keys() != before.since.keys():
            log.info("health_changed", down=sorted(since))
            self._tell(self._health)

    def _is_wanted(self, part: str) -> bool:
        """Tell whether *part* has something to do: cameras to count by, partners to speak with."""
        picture = self._picture
        if part == "vision":
            return picture is not None and picture.find(Audience.COMMAND, _COUNTING) is not None
        if part == "exchange":
            return picture is not None and bool(picture.of_kind(Audience.COMMAND, Kind.PARTNER)[1])
        return True

    def _tell(self, news: Frame | Restart | Health) -> None:
        for listener in self._listeners:
            listener(news)
