"""What was shown lately: changes are told for a while, and what ends does not just vanish."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from cop.clock import utc_iso
from cop.model.entity import Kind
from cop.model.publishing import TABLE, Row, moment, row_of_ended
from cop.services.publishing.features import BY_PEOPLE, Item

CHANGES_KEPT: Final = timedelta(hours=2)

Fate = Literal["over", "withdrawn", "vanished"]
"""Why something is not shown any more; `vanished`: nothing may be said of it, not even that."""

_STAMPS: Final = ("version", "fetched_at")


class Ending(NamedTuple):
    """Something that was shown and is no more."""

    id: str
    at: datetime
    fate: Fate


@dataclass(slots=True)
class _Shown:
    """What is shown.

    Attributes:
        row: by which.
        base: the feature without what was lately changed.
        changes: field to when it last changed, and what it was before.
        told: the feature with the changes named in *telling*.
    """

    row: Row
    base: dict[str, Any]
    changes: dict[str, tuple[datetime, Any]] = field(default_factory=dict)
    told: dict[str, Any] | None = None
    telling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Over:
    """What has ended, and is shown as such until a moment."""

    row: Row
    feature: dict[str, Any]
    until: datetime


def fate_of(entity: Mapping[str, Any]) -> Fate:
    """Tell why a decoded *entity* that was shown may not be shown any more."""
    row = row_of_ended(entity)
    if row is None:
        return "vanished"
    if row.kind is not Kind.INCIDENT:
        return "over"
    ended = entity.get("status") == "closed" and entity.get("verified") is True
    return "over" if ended else "withdrawn"


class Past:
    """What the next picture has to know of those before it.

    Only what lingers, or whose changes are told, is kept; of all else nothing has to be known.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._shown: dict[str, _Shown] = {}
        self._over: dict[str, _Over] = {}
        self._fates: dict[str, Fate] = {}

    def knows(self, entity_id: str) -> bool:
        """Tell whether something is shown, or shown as ended."""
        return entity_id in self._shown or entity_id in self._over

    def is_shown(self, entity_id: str) -> bool:
        """Tell whether the last picture had something, and not as ended."""
        return entity_id in self._shown

    def begin(self) -> None:
        """Take it that all that is stored is told anew."""
        self._fates.clear()

    def back(self, entity_id: str) -> None:
        """Take it that something may be shown as it is stored now."""
        self._fates.pop(entity_id, None)

    def doubt(self, entity_id: str, fate: Fate) -> None:
        """Take it that something may not be shown any more as it is stored now, and why."""
        if self.knows(entity_id):
            self._fates[entity_id] = fate

    def removed(self, entity_id: str) -> None:
        """Take it that something is not stored any more; why it could not be shown before holds."""
        shown = self._shown.get(entity_id)
        if shown is not None:
            self._fates.setdefault(entity_id, _fate_of_removed(shown))

    def forget(self, entity_id: str) -> None:
        """Take it that a facility is shown by what stands for it."""
        shown, over = self._shown.get(entity_id), self._over.get(entity_id)
        if any(one is not None and one.row.kind is Kind.FACILITY for one in (shown, over)):
            self._shown.pop(entity_id, None)
            self._over.pop(entity_id, None)
            self._fates.pop(entity_id, None)

    def show(self, entity_id: str, item: Item, now: datetime) -> dict[str, Any]:
        """Give the feature of what is shown now, with what was lately changed."""
        self._over.pop(entity_id, None)
        known = self._shown.get(entity_id)
        if known is None:
            self._shown[entity_id] = _Shown(item.row, item.feature)
            return item.feature
        if known.base is not item.feature:
            _take(known, item, now)
        telling = tuple(
            sorted(name for name, (at, _) in known.changes.items() if at + CHANGES_KEPT > now)
        )
        if known.told is None or telling != known.telling:
            known.changes = {name: known.changes[name] for name in telling}
            known.telling = telling
            known.told = _with_changes(known)
        return known.told

    def end(
        self, now: datetime, visible: Collection[str], items: Mapping[str, Item]
    ) -> list[Ending]:
        """Take it that of what was shown only *visible* still is, and tell what ended."""
        endings: list[Ending] = []
        for entity_id in [one for one in self._shown if one not in visible]:
            shown = self._shown.pop(entity_id)
            item = items.get(entity_id)
            fate = self._fates.pop(entity_id, None) or _fate(shown, item)
            expired = moment(shown.base["properties"].get("expires_at"))
            at = min(now, (expired if item is None else item.until) or now)
            endings.append(Ending(entity_id, at, fate))
            until = at + timedelta(seconds=shown.row.linger_s)
            if fate != "vanished" and until > now:
                self._over[entity_id] = _Over(shown.row, _ended(shown.base, at, fate), until)
        for entity_id, fate in self._fates.items():
            over = self._over.get(entity_id)
            if over is None or fate == "over":
                continue
            if fate == "vanished":
                del self._over[entity_id]
            elif over.feature["properties"]["ended"]["why"] != fate:
                at = moment(over.feature["properties"]["ended"]["at"]) or now
                self._over[entity_id] = _Over(over.row, _ended(over.feature, at, fate), over.until)
        self._fates.clear()
        return endings

    def over(self, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
        """List what is shown as ended; what has been so for long enough is forgotten."""
        self._over = {key: one for key, one in self._over.items() if one.until > now}
        for entity_id, one in self._over.items():
            yield entity_id, one.feature

    def due(self) -> Iterator[datetime]:
        """List when something ceases to be told."""
        for shown in self._shown.values():
            for at, _ in shown.changes.values():
                yield at + CHANGES_KEPT
        for over in self._over.values():
            yield over.until

    def dump(self) -> dict[str, Any]:
        """Give everything as values for JSON."""
        shown = {
            key: [
                TABLE.index(one.row),
                one.base,
                {name: [at.isoformat(), was] for name, (at, was) in one.changes.items()},
            ]
            for key, one in self._shown.items()
        }
        over = {
            key: [TABLE.index(one.row), one.feature, one.until.isoformat()]
            for key, one in self._over.items()
        }
        return {"shown": shown, "over": over}

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Take what `dump` gave; raises ValueError, TypeError, LookupError where it is not that."""
        for key, (row, base, changes) in dumped["shown"].items():
            told = {name: (datetime.fromisoformat(at), was) for name, (at, was) in changes.items()}
            self._shown[key] = _Shown(TABLE[row], base, told)
        for key, (row, feature, until) in dumped["over"].items():
            self._over[key] = _Over(TABLE[row], feature, datetime.fromisoformat(until))


def _fate(shown: _Shown, item: Item | None) -> Fate:
    """Tell the fate of what has left without a word; what is stored still has just expired."""
    return "over" if item is not None else _fate_of_removed(shown)


def _fate_of_removed(shown: _Shown) -> Fate:
    """Tell the fate of what is not stored any more: an incident ends by being closed, not so."""
    return "withdrawn" if shown.row.verified == "command" else "over"


def _take(known: _Shown, item: Item, now: datetime) -> None:
    """Take over what is new in *item*.

    What people keep changes inside in ways that are not shown: that is no news, not even as
    another version.
    """
    if item.row.verified in BY_PEOPLE and _visible(known.base) == _visible(item.feature):
        item.feature.update(known.base)
        known.base = item.feature
        known.row = item.row
        return
    for name in item.row.tells:
        was, now_is = _value(known.base, name), _value(item.feature, name)
        if was != now_is:
            known.changes[name] = (now, was)
    known.row, known.base, known.told = item.row, item.feature, None


def _visible(feature: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    said = feature["properties"]
    return feature["geometry"], {name: said[name] for name in said if name not in _STAMPS}


def _value(feature: Mapping[str, Any], name: str) -> Any:
    return feature["geometry"] if name == "geometry" else feature["properties"].get(name)


def _with_changes(known: _Shown) -> dict[str, Any]:
    if not known.changes:
        return known.base
    changed = {
        "at": utc_iso(max(at for at, _ in known.changes.values())),
        "was": {name: was for name, (_, was) in sorted(known.changes.items())},
        "corrected": any(name in known.row.corrects for name in known.changes),
    }
    return {**known.base, "properties": {**known.base["properties"], "changed": changed}}


def _ended(feature: Mapping[str, Any], at: datetime, fate: Fate) -> dict[str, Any]:
    ended = {"at": utc_iso(at), "why": fate}
    return {**feature, "properties": {**feature["properties"], "ended": ended}}
