"""Pushes what is due, and writes down in the receipts what push services took.

Nothing is remembered that the picture does not hold: what was not taken is due again. A process
that ends between a push and its receipt makes that push go out twice, never not at all.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

import structlog

from cop.errors import Conflict
from cop.model.entity import Severity
from cop.model.kinds import Receipt, decode
from cop.model.record import Record, put
from cop.services.accounts import list_users, now_ms
from cop.services.commands.desk import Desk
from cop.services.commands.orders import can_receive
from cop.services.commands.receipts import receipt_id
from cop.services.delivery.scene import Due, Scene
from cop.services.push import Message
from cop.store.accounts import Subscription
from cop.store.port import Resync

log = structlog.get_logger(__name__)

LOCK: Final = "deliver"
LOCK_MS: Final = 60_000
MOST_A_RUN: Final = 200
_LOOK_UP: Final = 400
_PEOPLE_FOR_S: Final = 10.0
"""For so long it is believed who belongs to which resource, and that somebody has no browser."""
_TRY_AGAIN_MS: Final = (5_000, 600_000)
_REFUSED_MS: Final = (60_000, 3_600_000)
"""First pause after a failure, which doubles with each, and the longest."""
_HOST_FAILS: Final = 5
"""People for whom a push service takes nothing, and of nobody anything: then it rests. What one
phone gave as its address says nothing about the others."""
_HOST_RESTS_MS: Final = 30_000
_TRIES: Final = 3
_RANK: Final = {
    severity: rank
    for rank, severity in enumerate(
        (Severity.EXTREME, Severity.SEVERE, Severity.UNKNOWN, Severity.MODERATE, Severity.MINOR)
    )
}


class Came(Enum):
    """What came of one push."""

    TAKEN = "taken"
    GONE = "gone"  # there is no such browser any more
    LATER = "later"  # the push service could not be reached, or asks for patience
    REFUSED = "refused"  # it does not want this; trying soon again would not help
    SKIPPED = "skipped"  # it was not tried: there was no time, or its push service fails


@dataclass(frozen=True, slots=True)
class Job:
    """One push: what, to which browser, for whom."""

    message: Message
    to: Subscription


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job.

    Attributes:
        job: which.
        came: what.
        status: of the push service's answer; 0: there was none.
        wait_s: for how long the push service asks not to be asked again.
    """

    job: Job
    came: Came
    status: int = 0
    wait_s: int = 0


Send = Callable[[Sequence[Job]], Iterable[Outcome]]
"""Sends all of some jobs within a bounded time."""


class Deliverer:
    """Pushes for one operation. Made once a process; `run` it every few seconds."""

    def __init__(self, desk: Desk, send: Send) -> None:
        """Push by *send* what is due on *desk*; nothing is read before the first run."""
        self._desk = desk
        self._send = send
        self._scene: Scene | None = None
        self._people_until = 0.0
        self._without: dict[str, float] = {}

    def run(self, now: datetime) -> Counter[Came] | None:
        """Push what is due at *now*, the operation's time, at most `MOST_A_RUN`.

        Tells what came of it; None: another process is at it.

        Raises:
            StoreUnavailable: the store does not answer; what was not done is done the next time.
        """
        store = self._desk.store
        token = store.lock(LOCK, ttl_ms=LOCK_MS)
        if token is None:
            return None
        try:
            return self._run(now.replace(microsecond=0))
        finally:
            store.unlock(LOCK, token)

    def _run(self, now: datetime) -> Counter[Came]:
        scene = self._follow()
        jobs = self._choose(scene, now)
        outcomes = list(self._send(jobs)) if jobs else []
        taken = {
            (one.job.message.id, one.job.to.user) for one in outcomes if one.came is Came.TAKEN
        }
        # First what keeps a push from going out again, then what is only good to know.
        self._note_sent(sorted(taken), now)
        self._note_failures(outcomes)
        return Counter(one.came for one in outcomes)

    def _follow(self) -> Scene:
        scene = self._scene
        self._scene = None  # what is half applied is not gone on with
        try:
            if scene is not None:
                scene.follow(self._desk.store)
        except Resync:
            scene = None
        if scene is None:
            scene = Scene(exercise=self._desk.settings.exercise)
            scene.begin(self._desk.store)
            self._people_until = 0.0
        if scene.resources() and self._people_until <= time.monotonic():
            scene.know(self._people())
            self._people_until = time.monotonic() + _PEOPLE_FOR_S
        self._scene = scene
        return scene

    def _people(self) -> dict[str, frozenset[str]]:
        """Tell who belongs to each resource."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for user in list_users(self._desk.accounts):
            if can_receive(user, self._desk.settings.operation):
                for own in user.belongs_to:
                    found[own].add(user.name)
        return {own: frozenset(names) for own, names in found.items()}

    def _choose(self, scene: Scene, now: datetime) -> list[Job]:
        """Choose what to push in this run: the worst first, then the oldest."""
        due = sorted(
            scene.due.values(), key=lambda one: (_RANK[one.message.severity], one.message.at)
        )
        if not any(one.wanted(now) for one in due):
            return []
        alive = time.monotonic()
        self._without = {name: until for name, until in self._without.items() if until > alive}
        subscribers = self._desk.accounts.subscribers() - self._without.keys()
        jobs: list[Job] = []
        resting: dict[str, bool] = {}
        for one in due:
            for job in self._jobs(one, one.wanted(now) & subscribers, resting):
                if len(jobs) == MOST_A_RUN:
                    return jobs
                jobs.append(job)
        return jobs

    def _jobs(self, due: Due, names: set[str], resting: dict[str, bool]) -> Iterator[Job]:
        """Give the pushes of *due* to *names* that may be tried now."""
        ordered, now = sorted(names), now_ms()
        for start in range(0, len(ordered), _LOOK_UP):
            part = ordered[start : start + _LOOK_UP]
            found = self._desk.accounts.subscriptions_of(part)
            for name in part:
                awake = [
                    one
                    for one in found.get(name, ())
                    if one.operation == self._desk.settings.operation
                    and one.rests_until_ms <= now
                    and not self._rests(host_of(one), resting)
                ]
                if not awake:
                    self._without[name] = time.monotonic() + _PEOPLE_FOR_S
                for one in awake:
                    yield Job(due.message, one)

    def _rests(self, host: str, resting: dict[str, bool]) -> bool:
        """Tell whether a push service is left alone for a while, as *resting* has it."""
        if host not in resting:
            resting[host] = self._desk.accounts.kept(_host_key(host)) is not None
        return resting[host]

    def _note_sent(self, taken: Sequence[tuple[str, str]], now: datetime) -> None:
        """Write into the receipts that they were sent; what changed meanwhile is read again."""
        left = {receipt_id(subject, name): (subject, name) for subject, name in taken}
        for _ in range(_TRIES):
            left = self._write_sent(left, now)
            if not left:
                return

    def _write_sent(
        self, sent: Mapping[str, tuple[str, str]], now: datetime
    ) -> dict[str, tuple[str, str]]:
        """Write what can be; give what somebody else changed just now."""
        stored = self._desk.store.read(sent)
        users = self._desk.accounts.read_users({name for _, name in sent.values()})
        writes = []
        for own_id, (subject, name) in sent.items():
            record = stored.get(own_id)
            agency = users[name].agency if name in users else ""
            receipt = _receipt(record, own_id, subject, name, agency)
            after = receipt.model_copy(update={"sent_at": now})
            writes.append(put(after, expected=0 if record is None else record.version))
        again: dict[str, tuple[str, str]] = {}
        while writes:
            try:
                self._desk.store.write(writes, fetched_ms=int(now.timestamp() * 1000))
                break
            except Conflict as conflict:
                again |= {each: sent[each] for each in conflict.current}
                writes = [write for write in writes if write.id not in conflict.current]
        return again

    def _note_failures(self, outcomes: Sequence[Outcome]) -> None:
        """Forget browsers that are gone, and let rest what does not take messages."""
        accounts = self._desk.accounts
        accounts.drop_subscriptions({one.job.to for one in outcomes if one.came is Came.GONE})
        for one in outcomes:
            if one.came is Came.TAKEN and one.job.to.failures:
                accounts.change_subscription(one.job.to.id, _rested)
            elif one.came in (Came.LATER, Came.REFUSED):
                accounts.change_subscription(one.job.to.id, _resting(one))
        good: set[str] = set()
        failing: defaultdict[str, set[str]] = defaultdict(set)
        failed: Counter[tuple[str, int]] = Counter()
        for one in outcomes:
            if one.came is Came.TAKEN:
                good.add(host_of(one.job.to))
            elif one.came in (Came.LATER, Came.REFUSED):
                failing[host_of(one.job.to)].add(one.job.to.user)
                failed[(host_of(one.job.to), one.status)] += 1
        for (host, status), times in failed.items():
            log.warning("push_not_taken", host=host, status=status, times=times)
        for host, users in failing.items():
            if host not in good and len(users) >= _HOST_FAILS:
                accounts.keep(_host_key(host), b"1", ttl_ms=_HOST_RESTS_MS)


def host_of(subscription: Subscription) -> str:
    """Give the host of the push service."""
    return urlsplit(subscription.endpoint).netloc


def _host_key(host: str) -> str:
    return f"push-rests:{host}"


def _rested(before: Subscription) -> Subscription:
    return replace(before, failures=0, rests_until_ms=0)


def _resting(outcome: Outcome) -> Callable[[Subscription], Subscription]:
    first, most = _REFUSED_MS if outcome.came is Came.REFUSED else _TRY_AGAIN_MS
    asked = min(outcome.wait_s * 1000, _REFUSED_MS[1])

    def change(before: Subscription) -> Subscription:
        pause = max(asked, min(most, first * 2 ** min(before.failures, 20)))
        return replace(before, failures=before.failures + 1, rests_until_ms=now_ms() + pause)

    return change


def _receipt(record: Record | None, own_id: str, subject: str, name: str, agency: str) -> Receipt:
    """Give the receipt as it is stored, or a new one."""
    if record is not None:
        stored = decode(record.body)
        if isinstance(stored, Receipt):
            return stored
    return Receipt(id=own_id, publisher=agency or "COP", subject=subject, recipient=name)
