"""What is managed and who manages it: incidents, resources, assignments, orders."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from cop.model.entity import Entity, Instant, Kind, Severity
from cop.model.text import Text


class IncidentStatus(StrEnum):
    """Life of an incident."""

    REPORTED = "reported"
    VERIFIED = "verified"
    RESPONDING = "responding"
    CONTAINED = "contained"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"


INCIDENT_TYPES = (
    "flooding",
    "landslide",
    "fallen_tree",
    "road_blockage",
    "structural",
    "lift_entrapment",
    "fire",
    "power_failure",
    "water_supply",
    "rescue",
    "crowd",
    "traffic_accident",
    "transport_disruption",
    "other",
)

IncidentType = Literal[
    "flooding",
    "landslide",
    "fallen_tree",
    "road_blockage",
    "structural",
    "lift_entrapment",
    "fire",
    "power_failure",
    "water_supply",
    "rescue",
    "crowd",
    "traffic_accident",
    "transport_disruption",
    "other",
]


class Incident(Entity):
    """An occurrence that someone manages."""

    kind: Literal[Kind.INCIDENT] = Kind.INCIDENT
    incident_type: IncidentType
    status: IncidentStatus
    severity: Severity = Severity.UNKNOWN
    reported_at: Instant
    verified: bool = False
    lead_agency: str | None = None
    supporting_agencies: tuple[str, ...] = ()
    merged_into: str | None = None
    parent: str | None = None
    number: str | None = None


class ResourceStatus(StrEnum):
    """Whether a resource can be sent."""

    AVAILABLE = "available"
    ASSIGNED = "assigned"
    OUT_OF_SERVICE = "out_of_service"


class Resource(Entity):
    """A team, vehicle or piece of equipment that can be sent."""

    kind: Literal[Kind.RESOURCE] = Kind.RESOURCE
    resource_type: Literal["team", "vehicle", "equipment"]
    agency: str
    status: ResourceStatus
    skills: tuple[str, ...] = ()
    strength: int | None = Field(default=None, ge=0)
    leader: str | None = None
    contact: str | None = None
    position_at: Instant | None = None


class AssignmentStatus(StrEnum):
    """Steps of an assignment."""

    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    DONE = "done"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Assignment(Entity):
    """A task given to a resource: duty, place or area, leader, due; with the times of each step."""

    kind: Literal[Kind.ASSIGNMENT] = Kind.ASSIGNMENT
    resource: str
    incident: str | None = None
    duty: Text
    status: AssignmentStatus
    leader: str | None = None
    due_at: Instant | None = None
    steps: dict[AssignmentStatus, Instant] = Field(default_factory=dict)


class Order(Entity):
    """An instruction from command to many, with a receipt from each."""

    kind: Literal[Kind.ORDER] = Kind.ORDER
    body: Text
    addressees: tuple[str, ...]
    issued_by: str
    issued_at: Instant
    reply_by: Instant | None = None
    receipts: dict[str, Instant] = Field(default_factory=dict)
