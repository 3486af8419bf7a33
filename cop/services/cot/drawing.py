"""A projected feature as Cursor-on-Target events: marks, units, drawings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cop.clock import Clock, ScenarioClock
from cop.config import Settings
from cop.formats.cot import types
from cop.formats.cot.event import CotEvent
from cop.model.entity import Kind, Placing
from cop.model.publisher import said_by
from cop.model.response import OPEN_INCIDENT, ResourceStatus
from cop.model.text import Lang, Text, say
from cop.services.cot.shapes import CITY, city_radius_m, outlines_of, place_of, whole_of

LASTS: Final = timedelta(minutes=10)
"""For so long an event holds where nothing says that it ends sooner; real time."""
_LEAST: Final = timedelta(seconds=15)
_CLOSURES: Final = frozenset(["closed", "restricted"])
_OURS: Final = frozenset(["remark", "drawing"])
_OF_THE_CITY: Final = frozenset(["HKO", "LD"])
"""Whose warnings without an outline are for the whole of Hong Kong; a neighbour's are not."""
_LONGEST_NAME: Final = 120
_LONGEST_REMARKS: Final = 2_000
_KMH_IN_MS: Final = 3.6

Terms = Mapping[str, Text]
"""Words of codes, by `TABLE.CODE`, as the pages have them."""


class RealTime:
    """The operation's time in real time, which is what devices judge by, and back."""

    def __init__(self, clock: Clock) -> None:
        """Reckon by *clock*; any but a scenario's is in real time already."""
        self._scenario = clock if isinstance(clock, ScenarioClock) else None

    def of(self, moment: datetime) -> datetime:
        """Give the real time at which the operation is at *moment*."""
        if self._scenario is None:
            return moment
        try:
            return self._scenario.anchor + (moment - self._scenario.start) / self._scenario.speed
        except OverflowError:  # what ends in the year 9999
            return datetime.max.replace(tzinfo=UTC)

    def back(self, real: datetime) -> datetime:
        """Give the operation's time at the real time *real*."""
        return real if self._scenario is None else self._scenario.at(real)


def with_position(feature: Mapping[str, Any], live: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Give the feature of a resource at its live position, where that is the later one."""
    said = feature["properties"]
    if live is None or live["geometry"] is None:
        return feature
    measured = live["properties"]
    reported, seen = _moment(said, "position_at"), _moment(measured, "observed_at")
    if reported is not None and seen is not None and reported > seen:
        return feature
    names = ("observed_at", "expires_at", "precision_m", "heading_deg", "speed_kmh")
    moved = {name: measured[name] for name in names if name in measured}
    properties = {**said, "precision_m": None, **moved, "live": True}
    return {**feature, "geometry": live["geometry"], "properties": properties}


class Drawer:
    """Makes the events of features in one language. It keeps nothing."""

    def __init__(self, settings: Settings, clock: Clock, terms: Terms, lang: Lang) -> None:
        """Draw for the operation of *settings*, in the time of *clock*, with *terms* in *lang*."""
        self._settings = settings
        self._time = RealTime(clock)
        self._terms = terms
        self._lang: Lang = lang
        self._begin = uid_begin(settings)

    def events(self, feature: Mapping[str, Any], now: datetime) -> tuple[CotEvent, ...]:
        """Give the events of *feature*, made at the real time *now*; none where it is not shown.

        Shown are what has a place, and warnings for the whole city; open incidents, closed and
        restricted roads, and of notes what people drew or remarked.
        """
        if not _is_shown(feature):
            return ()
        return tuple(self._drawn(feature, self._frame(feature, now)))

    def _frame(self, feature: Mapping[str, Any], now: datetime) -> CotEvent:
        """Give an event with all but its place: times, words, how."""
        said = feature["properties"]
        start = _moment(said, "valid_from", "observed_at", "reported_at", "issued_at")
        begins = now if start is None else self._time.of(start)
        stale = now + LASTS
        if (ends := _moment(said, "expires_at")) is not None:
            stale = min(stale, self._time.of(ends))
        stale = max(stale, now + _LEAST)
        stroke, _ = types.colours(_severity(said))
        exercise = f"e-{self._settings.operation}"
        return CotEvent(
            uid=self._begin + feature["id"],
            type=types.MARK,
            how=self._how(said),
            time=now,
            start=min(begins, stale),
            stale=stale,
            place=CITY,
            opex=exercise if self._is_exercise(said) else "o",
            callsign=self._name(said)[:_LONGEST_NAME],
            remarks="\n".join(self._remarks(said))[:_LONGEST_REMARKS],
            stroke=stroke,
        )

    def _drawn(self, feature: Mapping[str, Any], frame: CotEvent) -> Iterator[CotEvent]:
        said, geometry = feature["properties"], feature["geometry"]
        if geometry is None:
            yield replace(frame, **_sign(said), place=CITY, ce_m=city_radius_m())
            return
        whole = whole_of(geometry)
        place, radius_m = place_of(whole)
        known_m = max(radius_m, said.get("precision_m") or 0.0)
        outlines = (
            [] if said["kind"] in (Kind.RESOURCE, Kind.FACILITY) else list(outlines_of(whole))
        )
        marked = not outlines or said["kind"] in (Kind.INCIDENT, Kind.ALERT)
        if marked:
            yield replace(frame, **_sign(said), place=place, ce_m=known_m or None)
        for number, (part, corners) in enumerate(outlines, start=int(marked)):
            middle, around_m = place_of(part)
            closed = corners[0] == corners[-1]
            yield replace(
                frame,
                uid=f"{frame.uid}.{number}" if number else frame.uid,
                type=types.DRAWING,
                place=middle,
                ce_m=around_m,
                corners=corners,
                fill=types.colours(_severity(said))[1] if closed else None,
            )

    def _how(self, said: Mapping[str, Any]) -> str:
        if said.get("live"):
            return types.MEASURED
        if said.get("feed") is None:
            return types.ENTERED
        if self._settings.scenario:
            return types.SIMULATED
        return types.FORECAST if said.get("forecast") else types.RELAYED

    def _is_exercise(self, said: Mapping[str, Any]) -> bool:
        return self._settings.exercise or bool(said.get("exercise"))

    def _name(self, said: Mapping[str, Any]) -> str:
        title = say(said.get("title", {}), self._lang)
        parts = [title or self._term("kind", said["kind"])]
        if said["kind"] == Kind.INCIDENT:
            what = self._term("incident", said.get("incident_type", "other"))
            parts = [what, said.get("number") or "", title]
        if said["kind"] == Kind.ROAD and not title:
            parts.append(say(said.get("road", {}), self._lang))
        if self._is_exercise(said):
            parts.insert(0, say(self._terms.get("mode.exercise", {}), self._lang))
        return " ".join(part for part in parts if part)

    def _remarks(self, said: Mapping[str, Any]) -> Iterator[str]:
        """Give the lines of the remarks: status and severity in words, then what was said."""
        state = [self._status(said)]
        if said["kind"] == Kind.INCIDENT and not said.get("verified"):
            state.append(say(self._terms.get("board.unverified", {}), self._lang))
        if said["kind"] in (Kind.INCIDENT, Kind.HAZARD, Kind.ALERT):
            severity = self._term("severity", _severity(said))
            state.append(f"{self._term('fact', 'severity')}: {severity}")
        state.append(self._term("cause", said.get("cause", "")))
        yield " · ".join(part for part in state if part)
        for name in ("duty", "intensity", "area", "place", "description", "instruction"):
            text = said.get(name)
            if (
                isinstance(text, Mapping)
                and "type" not in text
                and (words := say(text, self._lang))
            ):
                yield words
        source = said_by(said, self._lang)
        if known := _moment(said, "observed_at", "updated_at", "issued_at", "reported_at"):
            source += f" · {self._term('fact', 'observed')} {known:%Y-%m-%d %H:%MZ}"
        yield source

    def _status(self, said: Mapping[str, Any]) -> str:
        status = said.get("status", "")
        return self._term("status", f"{said['kind']}.{status}") or self._term("status", status)

    def _term(self, table: str, code: str) -> str:
        return say(self._terms.get(f"{table}.{code}", {}), self._lang) if code else ""


def uid_begin(settings: Settings) -> str:
    """Give what the uids of everything that we send begin with."""
    return f"cop.{settings.installation}.{settings.operation}."


def _is_shown(feature: Mapping[str, Any]) -> bool:
    said = feature["properties"]
    kind = said["kind"]
    if feature["geometry"] is None:
        region = said.get("placing") == Placing.REGION
        theirs = said.get("origin") or said.get("publisher") not in _OF_THE_CITY
        return kind == Kind.ALERT and region and not theirs
    if kind == Kind.INCIDENT:
        return said.get("status") in OPEN_INCIDENT
    if kind == Kind.ROAD:
        return said.get("status") in _CLOSURES
    return kind != Kind.NOTE or said.get("topic") in _OURS


def _sign(said: Mapping[str, Any]) -> dict[str, Any]:
    """Give what marks a thing: its type, and what belongs to that."""
    kind = said["kind"]
    if kind == Kind.RESOURCE:
        agency = said.get("agency", "")
        what = types.unit_type(agency, said.get("resource_type", ""), said.get("skills", ()))
        ready = said.get("status") == ResourceStatus.AVAILABLE
        moving = said.get("heading_deg") is not None and said.get("speed_kmh") is not None
        return {
            "type": what,
            "team": types.team_colour(agency),
            "ready": ready,
            "stroke": None,
            "course_deg": said["heading_deg"] if moving else None,
            "speed_ms": said["speed_kmh"] / _KMH_IN_MS if moving else None,
        }
    if kind == Kind.INCIDENT:
        return {"type": types.incident_type(said.get("incident_type", ""))}
    if kind == Kind.ALERT:
        return {"type": types.alert_type(said.get("categories", ()))}
    if kind == Kind.FACILITY:
        return {"type": types.facility_type(said.get("facility_type", "")), "stroke": None}
    return {"type": types.MARK}


def _severity(said: Mapping[str, Any]) -> str:
    if said["kind"] == Kind.ROAD:
        return "Severe" if said.get("status") == "closed" else "Moderate"
    return str(said.get("severity", "Unknown"))


def _moment(said: Mapping[str, Any], *names: str) -> datetime | None:
    raw = next((said[name] for name in names if said.get(name)), None)
    return None if raw is None else datetime.fromisoformat(raw).astimezone(UTC)
