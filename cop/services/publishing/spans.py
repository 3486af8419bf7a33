"""Warnings' times in force, for the timeline of the last day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from cop.model.publishing import moment
from cop.services.publishing.picture import Feature, Span

KEPT: Final = timedelta(hours=24)
GAP: Final = timedelta(minutes=10)
"""So long without a look, in real time, and a warning may have come and gone unseen."""


def _level(span: Span) -> tuple[str, str | None, str]:
    return (span.event_type, span.signal, span.severity)


class Timeline:
    """Spans by alert: another signal, severity or type of it closes one and opens another."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._open: dict[str, Span] = {}
        self._closed: list[Span] = []
        self._since: datetime | None = None
        self._looked: datetime | None = None

    def look(self, now: datetime, speed: float) -> None:
        """Take it that all warnings are known at *now*, in a time that runs *speed* as fast."""
        if self._looked is None or now - self._looked > GAP * max(1.0, speed):
            self._since = now
        self._looked = now

    def since(self, now: datetime) -> datetime | None:
        """Tell from when nothing was missed; None: for longer than a day before *now*."""
        return None if self._since is None or self._since <= now - KEPT else self._since

    def see(self, feature: Feature, now: datetime) -> None:
        """Take it that an alert is in force as *feature* says."""
        said = feature["properties"]
        began = moment(said.get("issued_at")) or now
        seen = Span(
            id=feature["id"],
            event_type=said["event_type"],
            signal=said.get("signal"),
            severity=said.get("severity", "Unknown"),
            publisher=said.get("publisher", ""),
            title=said.get("title", {}),
            began=began,
        )
        known = self._open.get(seen.id)
        if known is None:
            self._open[seen.id] = seen
        elif _level(known) == _level(seen):
            self._open[seen.id] = replace(seen, began=known.began)
        else:
            turned = began if known.began < began <= now else now
            self._close(known, turned)
            self._open[seen.id] = replace(seen, began=turned)

    def end(self, alert: str, at: datetime) -> None:
        """Take it that *alert* ceased to be in force."""
        known = self._open.pop(alert, None)
        if known is not None:
            self._close(known, at)

    def forget(self, alert: str) -> None:
        """Take it that *alert* was not meant: what is in force of it never was."""
        self._open.pop(alert, None)

    def _close(self, span: Span, at: datetime) -> None:
        self._closed.append(replace(span, ended=max(at, span.began)))

    def at(self, now: datetime) -> tuple[Span, ...]:
        """Give the spans of the day before *now*, oldest first; older ones are forgotten."""
        self._closed = [one for one in self._closed if one.ended and one.ended + KEPT > now]
        spans = [*self._closed, *self._open.values()]
        return tuple(sorted(spans, key=lambda one: (one.began, one.id, one.ended is None)))

    def due(self) -> datetime | None:
        """Tell when the next span is a day over."""
        return min((one.ended + KEPT for one in self._closed if one.ended), default=None)

    def dump(self) -> dict[str, Any]:
        """Give everything as values for JSON."""
        spans = [
            {
                **{name: getattr(one, name) for name in Span.__slots__},
                "began": one.began.isoformat(),
                "ended": None if one.ended is None else one.ended.isoformat(),
            }
            for one in (*self._closed, *self._open.values())
        ]
        since, looked = (at and at.isoformat() for at in (self._since, self._looked))
        return {"spans": spans, "since": since, "looked": looked}

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Take what `dump` gave; raises ValueError, TypeError or KeyError where it is not that."""
        if dumped["looked"]:
            self._since = datetime.fromisoformat(dumped["since"])
            self._looked = datetime.fromisoformat(dumped["looked"])
        for one in dumped["spans"]:
            began = datetime.fromisoformat(one["began"])
            ended = None if one["ended"] is None else datetime.fromisoformat(one["ended"])
            span = Span(**{**one, "began": began, "ended": ended})
            if ended is None:
                self._open[span.id] = span
            else:
                self._closed.append(span)
