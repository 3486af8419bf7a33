"""A situation report from the journal: what was known, asked for and suffered in a time.

The journal has every deed with what it changed, so that the incidents, needs and tasks at any past
moment follow from it. What publishers report and nobody has touched is not in it, nor in the
report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from cop.errors import Invalid
from cop.formats.edxl.sitrep import Casualties, IncidentLine, Resources, SitRep, Situation
from cop.formats.edxl.tree import read_moment
from cop.model.entity import Kind, Severity
from cop.model.journal import Change
from cop.model.response import NEED_ITEMS, OPEN_ASSIGNMENT, OPEN_INCIDENT, AssignmentStatus
from cop.model.text import say
from cop.services.exchange.edxl import Reader
from cop.services.journal import Entry, Wanted, walk
from cop.store.port import Store

Part = Literal["situation", "resources", "casualties"]
PARTS: Final[tuple[Part, ...]] = ("situation", "resources", "casualties")
MOST_LINES: Final = 200
"""Incidents that a report names one by one; all are counted."""

_KEPT: Final = frozenset([Kind.INCIDENT, Kind.NEED, Kind.ASSIGNMENT])
_RANK: Final = {severity.value: rank for rank, severity in enumerate(Severity)}
_NO_ACCOUNT: Final = frozenset(["rejected", "merged"])
_AT_WORK: Final = OPEN_ASSIGNMENT - {AssignmentStatus.PROPOSED}

State = dict[Kind, dict[str, dict[str, Any]]]
"""Entities by kind and id, each as its fields were."""


def _nothing() -> State:
    return {kind: {} for kind in _KEPT}


@dataclass(slots=True)
class _Read:
    """What was read of the journal.

    Attributes:
        then, now: incidents, needs and tasks at the beginning and at the end of the time.
        deeds: deeds of the time, by what was done.
        number: of the last entry.
    """

    then: State = field(default_factory=_nothing)
    now: State = field(default_factory=_nothing)
    deeds: Counter[str] = field(default_factory=Counter)
    number: int = 0


def situation_report(
    store: Store, reader: Reader, since: datetime, until: datetime, part: Part
) -> SitRep:
    """Report on the time from *since* to *until*, by the clock of the operation.

    Raises:
        Invalid: it ends before it begins.
        StoreUnavailable: the journal cannot be read.
    """
    if since >= until:
        raise Invalid(("from", "must be before `until`"))
    read = _read(walk(store, Wanted(until=until)), since)
    incidents = read.now[Kind.INCIDENT]
    open_ones = [one for one in incidents.values() if one.get("status") in OPEN_INCIDENT]
    worst = min((_severity(one) for one in open_ones), key=_RANK.__getitem__, default="Unknown")
    party = reader.party(reader.settings.organisation)
    lei = f", LEI {party.lei}" if party.lei else ""
    made: dict[Part, Any] = {
        "situation": _situation,
        "resources": _resources,
        "casualties": _casualties,
    }
    return SitRep(
        id=reader.number("sitrep", part, read.number, int(until.timestamp())),
        number=read.number,
        by=f"Duty officer, {party.name}{lei}",
        at=reader.now,
        since=since,
        until=until,
        title=f"{reader.mark}Operation {reader.settings.operation}: {part}",
        purpose=(
            f"{reader.mark}Made from the journal of this operation; of what publishers report it"
            " has only what people here have acted on."
        ),
        incidents=tuple(sorted(incidents))[:MOST_LINES],
        severity=worst,
        body=made[part](read, reader, since),
    )


def _read(entries: Iterable[Entry], since: datetime) -> _Read:
    read = _Read()
    for entry in entries:
        read.number = entry.number
        earlier = entry.deed.at < since
        if not earlier:
            read.deeds[entry.deed.action] += 1
        for change in entry.deed.changes:
            if change.kind in _KEPT:
                _apply(read.now[change.kind], change)
                if earlier:
                    _apply(read.then[change.kind], change)
    return read


def _apply(known: dict[str, dict[str, Any]], change: Change) -> None:
    if change.version is None:
        known.pop(change.id, None)
        return
    was = known.get(change.id, {})
    kept = {name: value for name, value in was.items() if name not in change.before}
    known[change.id] = kept | change.after


def _severity(one: Mapping[str, Any]) -> str:
    said = one.get("severity", "Unknown")
    return said if said in _RANK else "Unknown"


def _situation(read: _Read, reader: Reader, since: datetime) -> Situation:
    incidents = read.now[Kind.INCIDENT]
    by_status = Counter(str(one.get("status", "unknown")) for one in incidents.values())
    new = sum((_reported(one) or since) >= since for one in incidents.values())
    began = min(filter(None, map(_reported, incidents.values())), default=None)
    lines = [_line(reader, key, one) for key, one in incidents.items() if _counts(one)]
    lines.sort(key=lambda line: line.began or since, reverse=True)
    lines.sort(key=lambda line: _RANK[_severity(incidents[line.id])])
    said = ", ".join(f"{count} {name}" for name, count in sorted(by_status.items())) or "none"
    done = ", ".join(f"{name} {count}" for name, count in sorted(read.deeds.items())) or "none"
    return Situation(
        whole=IncidentLine(
            id="",
            name=f"Operation {reader.settings.operation}",
            types=tuple(sorted({_type(reader, key, one) for key, one in incidents.items()})),
            began=began,
            words=f"Incidents: {said}. Reported in this time: {new}. Deeds in this time: {done}.",
        ),
        incidents=tuple(lines[:MOST_LINES]),
    )


def _counts(one: Mapping[str, Any]) -> bool:
    return one.get("status") not in _NO_ACCOUNT


def _reported(one: Mapping[str, Any]) -> datetime | None:
    said = one.get("reported_at")
    return read_moment(said) if said else None


def _line(reader: Reader, key: str, one: Mapping[str, Any]) -> IncidentLine:
    shown = _shown(reader, key, one)
    place = say(shown.get("place") or {}, reader.lang)
    words = (
        f"status: {shown.get('status', 'unknown')}",
        f"severity: {_severity(shown)}",
        f"at: {place}" if place else "",
        f"lead: {shown['lead_agency']}" if shown.get("lead_agency") else "",
    )
    return IncidentLine(
        id=key,
        name=say(shown.get("title") or {}, reader.lang) or _type(reader, key, one),
        types=(_type(reader, key, one),),
        began=_reported(shown),
        geometry=shown.get("geometry"),
        words="; ".join(filter(None, words)),
    )


def _shown(reader: Reader, key: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """Give an incident's fields; those that nobody has changed are a publisher's, as they are."""
    feature = reader.find(key)
    if feature is None:
        return dict(one)
    return {**feature["properties"], "geometry": feature["geometry"], **one}


def _type(reader: Reader, key: str, one: Mapping[str, Any]) -> str:
    return str(one.get("incident_type") or _shown(reader, key, one).get("incident_type") or "other")


def _resources(read: _Read, reader: Reader, _: datetime) -> Resources:
    asked: Counter[str] = Counter()
    came: Counter[str] = Counter()
    lacking = 0
    for need in read.now[Kind.NEED].values():
        if need.get("status") == "cancelled":
            continue
        quantity, fulfilled = int(need.get("quantity", 0)), int(need.get("fulfilled", 0))
        asked[str(need.get("item", "other"))] += quantity
        came[str(need.get("item", "other"))] += fulfilled
        lacking += max(0, quantity - fulfilled)
    at_work = {
        str(task["resource"])
        for task in read.now[Kind.ASSIGNMENT].values()
        if task.get("status") in _AT_WORK and task.get("resource")
    }
    people = 0
    for key in at_work:
        feature = reader.find(key)
        people += int((feature or {"properties": {}})["properties"].get("strength") or 0)
    return Resources(
        requested=asked.total(),
        committed=came.total(),
        needed=lacking,
        on_hand=len(at_work),
        people=people,
        details=tuple((item, asked[item], came[item]) for item in NEED_ITEMS if asked[item]),
    )


def _casualties(read: _Read, _: Reader, __: datetime) -> Casualties:
    total, before = _suffered(read.now), _suffered(read.then)
    return Casualties(
        period={name: count - before.get(name, 0) for name, count in total.items()}, total=total
    )


def _suffered(state: State) -> dict[str, int]:
    """Count people by what happened to them; what nobody has said is left out, not zero."""
    found: Counter[str] = Counter()
    known: set[str] = set()
    for one in state[Kind.INCIDENT].values():
        if not _counts(one):
            continue
        for name, count in (one.get("casualties") or {}).items():
            if count is None:
                continue
            ours = "injured" if name in ("serious", "minor") else name
            found[ours] += int(count)
            known.add(ours)
    return {name: found[name] for name in sorted(known)}
