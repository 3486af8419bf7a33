"""What is in force, from the messages of one source and what is known of it: a pure function.

A message is known by sender, identifier and time of sending: however often it comes, it is one.
Of one sender and identifier the latest counts. An Update ends what it refers to, a Cancel, AllClear
or Past too; each only within its source, only what was sent no later than it says, and only among
equals: an exercise ends nothing real, a message whose signature is false nothing at all. What ends
what is decided by one order of all messages (time, then type, then identifier), so that it makes no
difference in which order or how often they come, and cycles and references to itself end nothing
that should not end. What was ended is remembered: a replay does not bring it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import orjson

from cop.formats.cap_alert import Channel, Heard, alerts_of, plain, rank
from cop.model.exchange import Signature
from cop.model.kinds import Alert

FUTURE: Final = timedelta(minutes=15)
"""A message that was sent later than this from now counts as sent when it was first heard."""

REMEMBERED: Final = timedelta(days=60)
MOST_REMEMBERED: Final = 5_000

_CONFLICT: Final = "another message with this sender, identifier and time says something else"
_TYPES: Final = ("Alert", "Update", "Cancel")

Key = tuple[str, str, str]
"""`actual`, `practice` or `false`; sender; identifier."""

Rank = tuple[int, int, str]
"""Time of sending in milliseconds, type, identity: a strict order of all messages."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Up to when a message of one identity is over, and which message says so.

    Attributes:
        until_ms: what was sent before is over; what was sent then, if it stands before *by*.
        by: the message that says so.
        noted_ms: when that was first heard.
    """

    until_ms: int
    by: Rank
    noted_ms: int = field(compare=False, default=0)

    def ends(self, sent: Rank) -> bool:
        """Tell whether the message of rank *sent* is over."""
        return sent[0] < self.until_ms or (sent[0] == self.until_ms and sent < self.by)


@dataclass(frozen=True, slots=True)
class State:
    """What came of one poll.

    Attributes:
        alerts: in force.
        ended: ids of known alerts that a message has ended.
        used: the messages that *alerts* were made of.
        ignored: row and reason of messages that are rightly no alert now.
        memory: what to hand in again next time.
    """

    alerts: tuple[Alert, ...]
    ended: frozenset[str]
    used: tuple[Heard, ...]
    ignored: tuple[tuple[str, str], ...]
    memory: bytes


def sent_of(
    heard: Heard, known: Iterable[Alert], now: datetime
) -> tuple[datetime, tuple[str, ...]]:
    """Tell when *heard* counts as sent, and what is wrong with what it says of that.

    Where it says nothing usable: when its content first began to hold, or when it was first heard.
    """
    said = heard.alert.sent
    if said is not None and said <= now + FUTURE:
        return said, ()
    identity = _identity(heard)
    for alert in known:
        if _identity_of(alert) == identity and alert.original == heard.digest:
            return alert.issued_at, _time_defect(said)
    times = [t for i in heard.alert.infos for t in (i.effective, i.onset) if t and t <= now]
    return (min(times) if times and said is None else now), _time_defect(said)


def _time_defect(said: datetime | None) -> tuple[str, ...]:
    if said is None:
        return ("sent: missing or unreadable",)
    return (f"sent: {said.isoformat()} was still to come; counted from when it was heard",)


def in_force(
    channel: Channel,
    messages: Iterable[Heard],
    known: Mapping[str, Alert],
    memory: bytes,
    now: datetime,
    *,
    keep: Collection[str] = (),
) -> State:
    """Tell what of a source is in force.

    Args:
        channel: the source.
        messages: those that could be read, in any order, repeated or not.
        known: the alerts of the source on the picture, by id.
        memory: what the last run gave; b"" for the first.
        now: the time of the poll.
        keep: ids of known alerts that are in force although no message of them came: those that
            a list still names, or all where nothing can be concluded from absence.
    """
    return _Run(channel, known, memory, now).run(messages, keep)


class _Run:
    """One poll of one source."""

    def __init__(
        self, channel: Channel, known: Mapping[str, Alert], memory: bytes, now: datetime
    ) -> None:
        self._channel = channel
        self._known = known
        self._now = now
        self._marks = _recall(memory)
        self._ignored: list[tuple[str, str]] = []
        self._versions: dict[Key, list[Alert]] = {}
        for alert in known.values():
            self._versions.setdefault(_identity_of(alert), []).append(alert)

    def run(self, messages: Iterable[Heard], keep: Collection[str]) -> State:
        latest: dict[Key, Heard] = {}
        for heard in sorted(messages, key=_order):
            key = _identity(heard)
            self._note(heard)
            before = latest.get(key)
            latest[key] = heard if before is None else self._choose(before, heard)
        for alerts in self._versions.values():
            self._mark_own(_identity_of(alerts[0]), _rank_of(alerts[0]))
        made: dict[str, Alert] = {}
        used = []
        for key, heard in latest.items():
            told = self._decide(key, heard)
            made.update((alert.id, alert) for alert in told)
            if any(alert.original == heard.digest for alert in told):
                used.append(heard)
        ended = self._carry(made, latest, keep)
        over = [a for a in made.values() if a.expires_at and a.expires_at <= self._now]
        for alert in over:
            self._ignored.append((alert.identifier or alert.id, "it has expired"))
            del made[alert.id]
        return State(
            tuple(made.values()),
            frozenset(ended),
            tuple(used),
            tuple(self._ignored),
            _remember(self._marks, self._now),
        )

    def _carry(
        self, made: dict[str, Alert], latest: Mapping[Key, Heard], keep: Collection[str]
    ) -> set[str]:
        """Add to *made* the known alerts that go on without a message; give those that ended."""
        ended = set()
        for key, alerts in self._versions.items():
            heard = latest.get(key)
            replaced = heard is not None and _ms(heard.sent) >= _ms(alerts[0].issued_at)
            for alert in alerts:
                if alert.id in made:
                    continue
                if replaced or self._is_over(key, _rank_of(alert)):
                    ended.add(alert.id)
                elif alert.id in keep or heard is not None:  # heard is older: it is still listed
                    made[alert.id] = alert
        return ended

    def _note(self, heard: Heard) -> None:
        """Mark what *heard* makes old: earlier ones of its own identity, and what it refers to."""
        key, own = _identity(heard), _rank(heard)
        self._mark_own(key, own)
        if key[0] == "false" or not (heard.msg_type != "Alert" or heard.alert.is_over):
            return
        for one in heard.alert.references:
            sent_ms = own[0] if one.sent is None else min(own[0], _ms(one.sent))
            target = (key[0], plain(one.sender), plain(one.identifier))
            if target != key:
                self._mark(target, sent_ms, own)

    def _mark_own(self, key: Key, own: Rank) -> None:
        """Mark that all before *own* of its own identity is over, and nothing of the same time."""
        self._mark(key, own[0], (own[0], -1, ""))

    def _mark(self, key: Key, until_ms: int, by: Rank) -> None:
        mark = Mark(until_ms, by, _ms(self._now))
        name = _name(key)
        if name not in self._marks or self._marks[name] < mark:
            self._marks[name] = mark

    def _is_over(self, key: Key, own: Rank) -> bool:
        mark = self._marks.get(_name(key))
        return mark is not None and mark.ends(own)

    def _choose(self, one: Heard, other: Heard) -> Heard:
        """Choose between two messages of one identity: the later; of the same time, the graver."""
        if _ms(one.sent) != _ms(other.sent):
            older, newer = sorted((one, other), key=lambda heard: heard.sent)
            self._ignored.append((older.found.row, "a later message of the same identity came"))
            return newer
        if one.alert == other.alert:
            self._ignored.append((other.found.row, "the same message again"))
            return max((one, other), key=lambda heard: (_weight(heard), heard.digest))
        return _flagged(max((one, other), key=lambda heard: (_weight(heard), heard.digest)))

    def _decide(self, key: Key, heard: Heard) -> tuple[Alert, ...]:
        """Give the alerts of the latest message of an identity; () where it is none in force."""
        row = heard.found.row
        if self._is_over(key, _rank(heard)):
            self._ignored.append((row, "ended or replaced by a later message"))
            return ()
        cancelled = heard.msg_type == "Cancel"
        alerts = () if cancelled else alerts_of(self._channel, key[0], heard)
        known = self._versions.get(key, [])
        if known and _ms(known[0].issued_at) == _ms(heard.sent):
            alerts = self._agreed(key, heard, alerts, known)
        if not alerts:
            said = "a Cancel" if cancelled else "it says that all is over"
            self._ignored.append((row, said))
        return alerts

    def _agreed(
        self, key: Key, heard: Heard, alerts: tuple[Alert, ...], known: list[Alert]
    ) -> tuple[Alert, ...]:
        """Bring a message and the known one of the same identity and time into agreement."""
        flagged = any(_CONFLICT in alert.defects for alert in known)
        if known[0].original == heard.digest or _same(alerts, known):
            return alerts_of(self._channel, key[0], _flagged(heard)) if flagged else alerts
        worst = max(rank(alert.severity) for alert in known)
        signed = known[0].signature is Signature.VALID
        if (_weight(heard), heard.digest) > ((signed, worst), known[0].original or ""):
            return alerts_of(self._channel, key[0], _flagged(heard))
        return tuple(
            alert
            if _CONFLICT in alert.defects
            else alert.model_copy(update={"defects": (*alert.defects, _CONFLICT)})
            for alert in known
        )


def _weight(heard: Heard) -> tuple[bool, int]:
    """Weigh what goes first of two that contradict each other: what is proved, what is graver."""
    return heard.signature is Signature.VALID, heard.worst


def _flagged(heard: Heard) -> Heard:
    if _CONFLICT in heard.defects:
        return heard
    return replace(heard, defects=(*heard.defects, _CONFLICT))


def _same(alerts: Iterable[Alert], known: Iterable[Alert]) -> bool:
    """Tell whether two versions say the same, however they were written."""
    bare = {"original": None, "defects": (), "signature": Signature.NONE, "inside": False}
    left = {alert.id: alert.model_copy(update=bare | {"district": None}) for alert in alerts}
    right = {alert.id: alert.model_copy(update=bare | {"district": None}) for alert in known}
    return left == right


def _identity(heard: Heard) -> Key:
    message = heard.alert
    kind = "practice" if heard.practice else "actual"
    if not heard.believed:
        kind = "false"
    return (kind, plain(message.sender), plain(message.identifier))


def _identity_of(alert: Alert) -> Key:
    kind = "practice" if alert.exercise else "actual"
    if alert.signature is Signature.INVALID:
        kind = "false"
    return (kind, alert.sender or "", alert.identifier or "")


def _ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def _rank(heard: Heard) -> Rank:
    kind, sender, identifier = _identity(heard)
    return (_ms(heard.sent), _TYPES.index(heard.msg_type), f"{kind}\n{sender}\n{identifier}")


def _rank_of(alert: Alert) -> Rank:
    kind = _TYPES.index(alert.msg_type or "Alert")
    return (_ms(alert.issued_at), kind, "\n".join(_identity_of(alert)))


def _order(heard: Heard) -> tuple[Rank, str]:
    return (_rank(heard), heard.digest)


def _name(key: Key) -> str:
    return hashlib.sha256("\n".join(key).encode()).hexdigest()[:24]


def _recall(memory: bytes) -> dict[str, Mark]:
    """Read what was remembered; what cannot be read is forgotten."""
    try:
        rows = orjson.loads(memory or b"{}")
        return {
            name: Mark(int(until), (int(by[0]), int(by[1]), str(by[2])), int(noted))
            for name, (until, by, noted) in rows.items()
        }
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return {}


def _remember(marks: Mapping[str, Mark], now: datetime) -> bytes:
    least = _ms(now - REMEMBERED)
    kept: Iterator[tuple[str, Mark]] = iter(
        sorted(
            ((name, mark) for name, mark in marks.items() if mark.noted_ms >= least),
            key=lambda item: (item[1].noted_ms, item[1].until_ms, item[0]),
        )[-MOST_REMEMBERED:]
    )
    rows = {name: [mark.until_ms, list(mark.by), mark.noted_ms] for name, mark in kept}
    return orjson.dumps(rows, option=orjson.OPT_SORT_KEYS)
