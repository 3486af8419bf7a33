"""Which alarms of a zone stand: begun at a limit, ended below nine tenths of it.

What cannot be seen is not over: an alarm stays for `KEPT_UNSEEN` while nothing is known there.

Limits of density where none is set in the plan are Fruin's (see `levels`): Moderate from level E,
Severe from F. `CRUSH_PER_M2` is about where bodies touch all round (Fruin's level F of queues,
5.4/m²); from 7/m² a crowd moves as a fluid, beyond anybody's control (J. J. Fruin, The causes and
prevention of crowd disasters, in Engineering for Crowd Safety, Elsevier 1993).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cop.model.entity import Severity
from cop.model.kinds import Observation
from cop.model.levels import threshold_of
from cop.model.sight import Alarm, Watched
from workers.vision.plan import ZonePlan

KEPT_UNSEEN: Final = timedelta(minutes=15)
"""Of the operation's time."""

CRUSH_PER_M2: Final = 5.5
COUNTER_PERCENT: Final = 12.0
"""Of what moves, as told: of 40 % against in a mixed crowd of 1 to 3/m² 12 to 30 % are told (see
`flow`), of a crowd that goes one way 3 % at most."""

RISING: Final = timedelta(minutes=15)
"""Water that passes its limit so soon at its rate is an alarm already."""

_END: Final = 0.9
_SEVERITIES: Final = (Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)
Limits = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Found:
    """What one look says of one alarm; severity None: it does not stand."""

    severity: Severity | None


def alarms(
    zone: ZonePlan, seen: Observation, before: Observation | None, now: datetime
) -> tuple[Alarm, ...]:
    """Give the alarms that stand after a look.

    Args:
        zone: as configured.
        seen: what the look found; its alarms are not looked at.
        before: what the look before found, and which alarms stood then.
        now: the operation's time.
    """
    stood = {alarm.watched: alarm for alarm in _standing(before)}
    given = []
    for watched, judge in _JUDGES.get(zone.use, {}).items():
        last = stood.get(watched)
        found = judge(zone, seen, before, last)
        alarm = _unseen(last, now) if found is None else _seen(watched, found, last, now)
        if alarm is not None:
            given.append(alarm)
    return tuple(given)


def _standing(before: Observation | None) -> tuple[Alarm, ...]:
    return before.sight.alarms if before is not None and before.sight is not None else ()


def _unseen(last: Alarm | None, now: datetime) -> Alarm | None:
    if last is None:
        return None
    since = last.unseen_since or now
    return None if now - since > KEPT_UNSEEN else last.model_copy(update={"unseen_since": since})


def _seen(watched: Watched, found: _Found, last: Alarm | None, now: datetime) -> Alarm | None:
    if found.severity is None:
        return None
    since = last.since if last is not None else now
    return Alarm(watched=watched, severity=found.severity, since=since)


def _by_limits(value: float | None, limits: Limits, last: Alarm | None) -> _Found | None:
    """Judge a value by the limits of the three severities; those reached before end later."""
    if value is None:
        return None
    reached = sum(value >= limit for limit in limits)
    if last is not None and last.severity in _SEVERITIES:
        had = _SEVERITIES.index(last.severity) + 1
        held = sum(value >= _END * limit for limit in limits[:had])
        reached = max(reached, held)
    return _Found(_SEVERITIES[reached - 1] if reached else None)


def _dense(
    zone: ZonePlan, seen: Observation, _: Observation | None, last: Alarm | None
) -> _Found | None:
    return _by_limits(seen.value, dense_limits(zone), last)


def dense_limits(zone: ZonePlan) -> Limits:
    """Give the densities in people/m² from which a crowd is a Moderate, Severe, Extreme alarm."""
    if zone.dense_per_m2 is not None:
        limit = min(zone.dense_per_m2, CRUSH_PER_M2)
        return limit, min(1.25 * limit, CRUSH_PER_M2), min(1.6 * limit, CRUSH_PER_M2)
    worst = threshold_of(zone.use, "F")
    return threshold_of(zone.use, "E"), worst, min(1.6 * worst, CRUSH_PER_M2)


def _stopped(
    zone: ZonePlan, seen: Observation, before: Observation | None, last: Alarm | None
) -> _Found | None:
    slack = 1.0 if last is None else _END
    least, fastest = slack * threshold_of(zone.use, "D"), zone.stopped_mps / slack

    def stands(look: Observation | None) -> bool | None:
        if look is None or look.value is None:
            return None
        speed = look.measures.get("flow_mps")
        if look.value < least:
            return False
        return None if speed is None else speed < fastest

    here, there = stands(seen), stands(before)
    if here is None:
        return None
    if last is None:  # begins, and ends, with the second look that says so
        return _Found(_crowd_severity(zone, seen) if here and there else None)
    return _Found(None if not here and there is False else _crowd_severity(zone, seen))


def _counter_flow(
    zone: ZonePlan, seen: Observation, _: Observation | None, last: Alarm | None
) -> _Found | None:
    slack = 1.0 if last is None else _END
    if seen.value is None:
        return None
    # at level D those who go against the rest are in conflict with it nearly always (Fruin)
    if seen.value < slack * threshold_of(zone.use, "D"):
        return _Found(None)
    share = seen.measures.get("counter_percent")
    if share is None:
        return None
    return _Found(_crowd_severity(zone, seen) if share >= slack * COUNTER_PERCENT else None)


def _crowd_severity(zone: ZonePlan, seen: Observation) -> Severity:
    """Give how bad it is that a crowd does not flow: the worse, the denser it is."""
    severe = dense_limits(zone)[1]
    return Severity.SEVERE if (seen.value or 0) >= severe else Severity.MODERATE


def _heat(
    zone: ZonePlan, seen: Observation, _: Observation | None, last: Alarm | None
) -> _Found | None:
    return _by_limits(seen.value, heat_limits(zone), last)


def heat_limits(zone: ZonePlan) -> Limits:
    """Give from which °C a surface is an alarm of each severity."""
    return zone.hot_cel, zone.hot_cel + 20, zone.hot_cel + 60


def water_limits(zone: ZonePlan) -> Limits:
    """Give from which depth in cm, or flooded share in %, water is an alarm of each severity."""
    if zone.gauge is not None:
        return zone.water_cm, 2 * zone.water_cm, 4 * zone.water_cm
    return zone.flooded_percent, 2 * zone.flooded_percent, math.inf


def _water(
    zone: ZonePlan, seen: Observation, _: Observation | None, last: Alarm | None
) -> _Found | None:
    limits = water_limits(zone)
    found = _by_limits(seen.value, limits, last)
    if found is None or found.severity is not None or seen.value is None:
        return found
    soon = seen.measures.get("rise_per_min", 0.0) * (RISING / timedelta(minutes=1))
    rising = soon > 0 and seen.value + soon >= limits[0]
    return _Found(Severity.MODERATE if rising else None)


def _queue(
    zone: ZonePlan, seen: Observation, _: Observation | None, last: Alarm | None
) -> _Found | None:
    limit = zone.queue_m
    return _by_limits(seen.measures.get("queue_m"), (limit, 1.5 * limit, 2 * limit), last)


_Judge = Callable[[ZonePlan, Observation, Observation | None, Alarm | None], _Found | None]

_PEOPLE: Final[Mapping[Watched, _Judge]] = {
    Watched.DENSE: _dense,
    Watched.STOPPED: _stopped,
    Watched.COUNTER_FLOW: _counter_flow,
}

_JUDGES: Final[Mapping[str, Mapping[Watched, _Judge]]] = {
    "walkway": _PEOPLE,
    "stairs": _PEOPLE,
    "queue": {Watched.DENSE: _dense},  # who queues stands, and turns about
    "road": {Watched.QUEUE: _queue},
    "water": {Watched.WATER: _water},
    "heat": {Watched.HEAT: _heat},
}
"""Which alarms a zone can raise, by its use."""
