"""The time that the picture lives in: the real time, or a scenario's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def utc_iso(at: datetime, timespec: Literal["auto", "seconds", "milliseconds"] = "auto") -> str:
    """Give the aware moment *at* as ISO 8601 in UTC, `2026-09-07T12:00:00Z`.

    With *timespec* `auto` there are microseconds where it has any.
    """
    return at.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


class Clock(Protocol):
    """Anything that tells the time of the picture."""

    @property
    def speed(self) -> float:
        """Tell how many seconds of the picture pass in one real second."""

    def now(self) -> datetime:
        """Tell the time of the picture, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class RealClock:
    """The machine's own time."""

    speed: float = 1.0

    def now(self) -> datetime:
        """Tell the machine's time, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ScenarioClock:
    """A time that stood at *start* when the real time was *anchor*, and runs *speed* times as fast.

    Every process of an exercise is given the same three values and so agrees on the time.
    """

    start: datetime
    anchor: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        """Tell the scenario's time, aware, in UTC."""
        return self.at(datetime.now(UTC))

    def at(self, real: datetime) -> datetime:
        """Tell the scenario's time, aware, in UTC, at the real time *real*."""
        elapsed = real - self.anchor
        return (self.start + timedelta(seconds=elapsed.total_seconds() * self.speed)).astimezone(
            UTC
        )
