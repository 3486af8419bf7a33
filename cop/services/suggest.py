"""Which resources to send to an incident: the nearest suitable ones that are free, and why."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from cop.errors import NotFound, NotPermitted
from cop.model.entity import Kind
from cop.model.geometry import Geometry, Position, bbox
from cop.model.kinds import Incident, LivePosition, Resource, ResourceStatus, decode
from cop.model.response import OPEN_ASSIGNMENT
from cop.services.commands.desk import Desk
from cop.services.followed import Followed
from cop.services.policy import Action, Identity, Scope, may, scope_of
from cop.services.positions import as_they_are
from cop.services.replica import Replica

WANTED: Final[Mapping[str, tuple[str, ...]]] = {
    "flooding": ("pumping", "water_rescue", "road_clearing"),
    "landslide": ("slope", "search_rescue", "road_clearing"),
    "fallen_tree": ("tree_clearing", "road_clearing"),
    "road_blockage": ("road_clearing", "traffic_control", "tree_clearing"),
    "structural": ("structural", "search_rescue"),
    "lift_entrapment": ("lift_rescue", "firefighting"),
    "fire": ("firefighting", "ambulance"),
    "power_failure": ("electrical", "lift_rescue"),
    "water_supply": ("transport", "electrical"),
    "rescue": ("search_rescue", "rope_rescue", "water_rescue", "ambulance"),
    "crowd": ("crowd_control", "first_aid"),
    "traffic_accident": ("ambulance", "traffic_control", "firefighting"),
    "transport_disruption": ("transport", "crowd_control", "traffic_control"),
    "other": (),
}
"""Incident type to the skills that it wants; one of them makes a resource suitable. Where none is
wanted, every resource is."""

DISTANCE_WEIGHT: Final = 0.6
SKILL_WEIGHT: Final = 0.25
LOAD_WEIGHT: Final = 0.1
STRENGTH_WEIGHT: Final = 0.05
"""What makes up the score, 0 to 1. How near it is counts most; skills, tasks and people part those
that are about as far away."""

HALF_WAY_M: Final = 4_000.0
"""At this distance half of what nearness can count is left."""
ENOUGH_SKILLS: Final = 2
"""More matching skills than this make no resource better."""
ENOUGH_PEOPLE: Final = 10
_EARTH_M: Final = 6_371_008.8


class Candidate:
    """A resource as it is weighed.

    Attributes:
        resource: what it is.
        version: as it was read.
        position: longitude and latitude of its last position; None where that is not known.
    """

    __slots__ = ("position", "resource", "version")

    def __init__(self, resource: Resource, version: int = 1) -> None:
        """Weigh *resource*, which was read in *version*."""
        self.resource = resource
        self.version = version
        self.position = middle(resource.geometry)

    def at(self, live: LivePosition | None) -> Candidate:
        """Give it where it is now, if that is known later than what it reported."""
        if live is None:
            return self
        (resource,) = as_they_are([self.resource], [live])
        return self if resource is self.resource else Candidate(resource, self.version)

    def position_age_s(self, now: datetime) -> int | None:
        """Tell how old its last position is; None where there is none."""
        since = self.resource.position_at
        if self.position is None or since is None:
            return None
        return max(0, round((now - since).total_seconds()))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A resource that could be sent, and why.

    Attributes:
        resource: its id; *version*: as it was read.
        distance_m: from its last position to the incident; None where either is not known.
        skills: those of its skills that the incident wants, the most wanted first.
        load: open assignments and proposals.
        position_age_s: age of its last position; None where that is not known.
        score: 0 to 1.
    """

    resource: str
    version: int
    distance_m: int | None
    skills: tuple[str, ...]
    load: int
    position_age_s: int | None
    score: float

    def members(self) -> dict[str, Any]:
        """Give it for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def great_circle_m(one: Position, other: Position) -> float:
    """Give the distance between two places (longitude, latitude in degrees) in metres."""
    lon, lat, other_lon, other_lat = map(math.radians, (*one, *other))
    half = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    )
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def middle(geometry: Geometry | None) -> Position | None:
    """Give the place to go to for *geometry*: the point, or the middle of the box around it."""
    if geometry is None:
        return None
    west, south, east, north = bbox(geometry)
    return ((west + east) / 2, (south + north) / 2)


def suggest(
    candidates: Iterable[Candidate],
    incident_type: str,
    place: Geometry | None,
    now: datetime,
    *,
    loads: Mapping[str, int] = MappingProxyType({}),
    limit: int = 10,
) -> list[Suggestion]:
    """Give at most *limit* resources that are free and suitable, the best first.

    Args:
        candidates: the resources there are.
        incident_type: what happened; see `WANTED`.
        place: where; None where that is not known.
        now: in the operation's clock, for the age of positions.
        loads: open assignments and proposals by id of the resource; none where absent.
        limit: how many are wanted.
    """
    wanted = WANTED.get(incident_type, ())
    target = middle(place)
    weighed = []
    for candidate in candidates:
        resource = candidate.resource
        if resource.status is not ResourceStatus.AVAILABLE:
            continue
        skills = [skill for skill in wanted if skill in resource.skills] if wanted else []
        if wanted and not skills:
            continue
        near = (
            math.inf
            if candidate.position is None or target is None
            else great_circle_m(candidate.position, target)
        )
        load = loads.get(resource.id, 0)
        score = weigh(near, len(skills), min(len(wanted), ENOUGH_SKILLS), load, resource.strength)
        weighed.append((-score, near, resource.id, candidate, tuple(skills), load))
    best = heapq.nsmallest(limit, weighed)
    return [
        Suggestion(
            resource=entity_id,
            version=candidate.version,
            distance_m=None if math.isinf(near) else round(near),
            skills=skills,
            load=load,
            position_age_s=candidate.position_age_s(now),
            score=-score,
        )
        for score, near, entity_id, candidate, skills, load in best
    ]


def weigh(distance_m: float, skills: int, enough: int, load: int, strength: int | None) -> float:
    """Give the score, 0 to 1, to four places.

    Args:
        distance_m: infinite where it is not known.
        skills: how many of those wanted it has.
        enough: how many of them are enough; 0 where none are wanted.
        load: what else it has to do.
        strength: people; None where that is not known.
    """
    near = 1 / (1 + distance_m / HALF_WAY_M)
    skilled = min(skills, enough) / enough if enough else 1.0
    strong = min(strength or 0, ENOUGH_PEOPLE) / ENOUGH_PEOPLE
    return round(
        DISTANCE_WEIGHT * near
        + SKILL_WEIGHT * skilled
        + LOAD_WEIGHT / (1 + load)
        + STRENGTH_WEIGHT * strong,
        4,
    )


class Suggesting:
    """Answers for one web process from its copy of the picture."""

    def __init__(self, desk: Desk, replica: Replica) -> None:
        """Read incidents through *desk*, and resources and assignments from *replica*."""
        self._desk = desk
        self._resources = Followed(replica, Kind.RESOURCE, _candidate)
        self._assignments = Followed(replica, Kind.ASSIGNMENT, _held_by)
        self._positions = Followed(replica, Kind.POSITION, _position)

    def find(self, identity: Identity, incident_id: str, *, limit: int) -> list[Suggestion]:
        """Suggest for an incident, of the resources that *identity* may assign.

        Raises:
            NotFound: there is no such incident.
            NotPermitted: they may not assign at all.
            StoreUnavailable: the picture cannot be read.
        """
        if scope_of(identity, Action.ASSIGN) is Scope.NO:
            raise NotPermitted("assign: your role may not do this")
        record = self._desk.store.read([incident_id]).get(incident_id)
        incident = None if record is None else decode(record.body)
        if not isinstance(incident, Incident):
            raise NotFound(f"there is no incident {incident_id!r} on the picture")
        found = self._resources.values()
        agencies = {one.resource.agency for one in found}
        own = {one for one in agencies if may(identity, Action.ASSIGN, agencies=[one])}
        live = {position.resource: position for position in self._positions.values()}
        return suggest(
            (
                one.at(live.get(one.resource.id))
                for one in found
                if one.resource.agency in own and one.resource.origin is None
            ),
            incident.incident_type,
            incident.geometry,
            self._desk.clock.now(),
            loads=Counter(self._assignments.values()),
            limit=limit,
        )


def _candidate(feature: dict[str, Any]) -> Candidate:
    return Candidate(Resource.model_validate(_entity(feature)), feature["properties"]["version"])


def _position(feature: dict[str, Any]) -> LivePosition:
    return LivePosition.model_validate(_entity(feature))


def _entity(feature: dict[str, Any]) -> dict[str, Any]:
    properties = {
        name: value
        for name, value in feature["properties"].items()
        if name not in ("version", "fetched_at")
    }
    return {**properties, "id": feature["id"], "geometry": feature["geometry"]}


def _held_by(feature: dict[str, Any]) -> str:
    """Give the resource of an assignment that has not ended; "" for one that has."""
    properties = feature["properties"]
    return str(properties["resource"]) if properties["status"] in OPEN_ASSIGNMENT else ""
