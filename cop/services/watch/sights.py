"""What deserves attention of what cameras see: alarms of zones, and cameras that see nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from cop.model.desk import Reason
from cop.model.entity import Severity
from cop.model.kinds import Camera, Observation
from cop.model.sight import VISION, CameraState, Watched
from cop.services.watch import limits, words_sight
from cop.services.watch.cause import Cause, Related, whose

REASONS: Final[Mapping[Watched, Reason]] = MappingProxyType(
    {
        Watched.DENSE: Reason.CROWDED,
        Watched.STOPPED: Reason.STANDSTILL,
        Watched.QUEUE: Reason.STANDSTILL,
        Watched.COUNTER_FLOW: Reason.COUNTER_FLOW,
        Watched.HEAT: Reason.HEAT,
        Watched.WATER: Reason.WATER,
    }
)
"""For which reason each alarm is brought up."""

_SEES: Final = frozenset([CameraState.OK, CameraState.UNKNOWN])


def zone(observation: Observation, _: Related) -> Iterator[Cause]:
    """Say which alarms stand in a zone, for as long as what was seen there is recent."""
    sight = observation.sight
    if observation.feed != VISION or sight is None or observation.observed_at is None:
        return
    for alarm in sight.alarms:
        yield Cause(
            reason=REASONS[alarm.watched],
            severity=alarm.severity,
            until=observation.observed_at + limits.SIGHT_HOLDS,
            agency=whose(observation.publisher),
            title=words_sight.title(observation),
            description=words_sight.told(observation, sight, alarm),
        )


def camera(camera: Camera, related: Related) -> Iterator[Cause]:
    """Say that nothing can be counted by a camera any more; it is worse where an alarm stands."""
    if camera.feed != VISION or not camera.counts or camera.state in _SEES:
        return
    zones = [one for one in related.values() if isinstance(one, Observation) and one.sight]
    alarmed = any(one.sight is not None and one.sight.alarms for one in zones)
    since = camera.state_since
    yield Cause(
        reason=Reason.BLIND,
        severity=Severity.MODERATE if alarmed else Severity.MINOR,
        since=None if since is None else since + limits.BLIND_AFTER,
        agency=whose(camera.publisher),
        title=camera.title,
        description=words_sight.blind(camera, len(zones)),
    )
