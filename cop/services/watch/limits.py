"""Every limit of the attention queue, and the order in which it is worked off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from cop.model.desk import Reason
from cop.model.entity import Severity

VERIFY_WITHIN: Final[Mapping[Severity, timedelta]] = MappingProxyType(
    {
        Severity.EXTREME: timedelta(minutes=5),
        Severity.SEVERE: timedelta(minutes=10),
        Severity.MODERATE: timedelta(minutes=20),
        Severity.UNKNOWN: timedelta(minutes=15),
        Severity.MINOR: timedelta(minutes=45),
    }
)
"""After its report, before an unverified incident is brought up again."""

_URGENT_REACHES_WITHIN: Final = timedelta(minutes=2)
_REACHES_WITHIN: Final = timedelta(minutes=5)

QUIET_KEEPER: Final = timedelta(hours=2)
"""How old the last entry of a facility that is open may be."""

UNCOUNTED: Final = frozenset(["command_post"])
"""Facilities whose keepers enter nothing regularly."""

FILLING_SHARE: Final = 0.85
FULL_SHARE: Final = 0.95
"""Occupancy as a share of capacity: from the one on it is filling, from the other on severely."""

STILL_FILLING_SHARE: Final = 0.8
"""Once it is in the queue it stays until it is below this: people come and go at the door all the
time, and what goes from the queue goes with who had taken it."""

FILLING_WITHIN: Final = timedelta(hours=1)
STILL_FILLING_WITHIN: Final = timedelta(minutes=90)
"""Before it may be full; the other, once it is in the queue."""

FORECAST_HOLDS: Final = timedelta(hours=2)
"""A forecast that nothing has renewed for so long says nothing any more."""

FEED_GRACE: Final = timedelta(minutes=5)
"""How long a vital feed's promise may be broken before somebody is told."""

FEED_FAILURES: Final = 3
"""Failed polls in a row after which a vital feed that never gave anything is brought up."""

SIGHT_HOLDS: Final = timedelta(minutes=15)
"""What a camera saw longer ago raises nothing any more: else a worker that died would leave an
alarm standing for ever."""

BLIND_AFTER: Final = timedelta(minutes=10)
"""How long a camera by which something is counted may give nothing usable."""

VITAL_FEEDS: Final = frozenset(
    ["hko_warnings", "hko_current", "td_traffic_news", "wsd_suspensions"]
)
"""Feeds without which the map is not to be trusted: those of the vital layers."""

EXPIRES_WITHIN: Final = timedelta(minutes=30)
"""Before its end, from when an alert of our own is brought up."""

RELEASED_WITHIN: Final = timedelta(minutes=10)
"""After its release was asked for, before a draft is brought up."""

KEEP_CLEARED: Final = timedelta(hours=12)
"""How long an item stays on the picture after its cause has gone."""

_SEVERITIES: Final = (
    Severity.EXTREME,
    Severity.SEVERE,
    Severity.MODERATE,
    Severity.UNKNOWN,
    Severity.MINOR,
)
_REASONS: Final = (
    Reason.HELP,
    Reason.STANDSTILL,
    Reason.CROWDED,
    Reason.COUNTER_FLOW,
    Reason.HEAT,
    Reason.WATER,
    Reason.NEW,
    Reason.UNRELEASED,
    Reason.EXPIRING,
    Reason.OVERDUE,
    Reason.UNANSWERED,
    Reason.UNREACHED,
    Reason.UNACKNOWLEDGED,
    Reason.UNMET,
    Reason.FILLING,
    Reason.UNVERIFIED,
    Reason.CONFLICTING,
    Reason.STALE,
    Reason.BLIND,
    Reason.DUPLICATE,
)

URGENT: Final = frozenset([Severity.EXTREME, Severity.SEVERE])


def reaches_within(severity: Severity) -> timedelta:
    """Give how long what is sent to somebody's phone may take to get there."""
    return _URGENT_REACHES_WITHIN if severity in URGENT else _REACHES_WITHIN


def rank(severity: Severity, reason: Reason) -> int:
    """Give the place in the queue, smaller first: by severity, then by reason."""
    return len(_REASONS) * _SEVERITIES.index(severity) + _REASONS.index(reason)


def worse(severity: Severity) -> Severity:
    """Give the severity one step up."""
    if severity is Severity.UNKNOWN:
        return Severity.MODERATE
    steps = [Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME]
    return steps[min(steps.index(severity) + 1, len(steps) - 1)]


def is_worse(severity: Severity, before: Severity) -> bool:
    """Tell whether *severity* stands higher in the queue than *before*."""
    return _SEVERITIES.index(severity) < _SEVERITIES.index(before)
