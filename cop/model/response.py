"""What is managed and who manages it: incidents, needs, resources, assignments, orders."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from cop.model.entity import Entity, EntityId, Instant, Kind, Severity
from cop.model.geometry import Geometry
from cop.model.text import Text

Words = Annotated[str, Field(max_length=4000)]
"""What a person wrote, in whatever language."""


class Part(BaseModel):
    """A part of an entity that has no identity of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IncidentStatus(StrEnum):
    """Life of an incident."""

    REPORTED = "reported"
    VERIFIED = "verified"
    RESPONDING = "responding"
    CONTAINED = "contained"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"


OPEN_INCIDENT: Final = frozenset(
    [
        IncidentStatus.REPORTED,
        IncidentStatus.VERIFIED,
        IncidentStatus.RESPONDING,
        IncidentStatus.CONTAINED,
    ]
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

INCIDENT_TYPES: Final[tuple[str, ...]] = get_args(IncidentType)

Confidence = Literal["low", "medium", "high"]
ReportedBy = Literal["phone", "radio", "field", "camera", "public", "agency", "feed"]


class Casualties(Part):
    """People hurt or in danger; None where not known, which is not zero."""

    dead: int | None = Field(default=None, ge=0, le=1_000_000)
    serious: int | None = Field(default=None, ge=0, le=1_000_000)
    minor: int | None = Field(default=None, ge=0, le=1_000_000)
    missing: int | None = Field(default=None, ge=0, le=1_000_000)
    trapped: int | None = Field(default=None, ge=0, le=1_000_000)


class Methane(Part):
    """The first report in the order of METHANE; the place, type and casualties are the incident's.

    Attributes:
        major: whether a major incident is declared or on standby.
        location: the exact location in words.
        hazards: present and potential.
        access: best routes in and out, and rendezvous point.
        services: which are present and which are asked for.
    """

    major: Literal["declared", "standby", "no"] = "no"
    location: Words = ""
    hazards: Words = ""
    access: Words = ""
    services: Words = ""


class Attachment(Part):
    """An image that was checked, made small and freed of metadata.

    Attributes:
        id: SHA-256 of its bytes, hexadecimal: its name under `/api/v1/attachments/`.
        width, height: pixels.
        size_bytes: of the stored image.
    """

    id: str = Field(pattern=r"^[0-9a-f]{64}$")
    media_type: Literal["image/jpeg", "image/png"]
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    size_bytes: int = Field(gt=0)
    caption: Words = ""
    at: Instant


class Incident(Entity):
    """An occurrence that someone manages.

    Attributes:
        verified: somebody has confirmed that it is so; what a publisher reports itself, is.
        confidence: how sure whoever verified it is; None where nobody has said.
        reported_by: by which way the report came.
        steps: when it first came to each status.
        merged_into: the incident that this one is a report of.
        parent: the major incident that it is part of.
        number: short number to say over the radio, or the publisher's own.
        reason: why it was last rejected or opened again.
        camera: id of the camera by which it was placed.
        author: account that reported it; None for a publisher's.
    """

    kind: Literal[Kind.INCIDENT] = Kind.INCIDENT
    incident_type: IncidentType
    status: IncidentStatus
    severity: Severity = Severity.UNKNOWN
    reported_at: Instant
    verified: bool = False
    confidence: Confidence | None = None
    reported_by: ReportedBy | None = None
    steps: dict[IncidentStatus, Instant] = Field(default_factory=dict)
    lead_agency: str | None = None
    supporting_agencies: tuple[str, ...] = ()
    casualties: Casualties | None = None
    methane: Methane | None = None
    attachments: tuple[Attachment, ...] = Field(default=(), max_length=20)
    merged_into: str | None = None
    parent: str | None = None
    number: str | None = None
    reason: Words = ""
    camera: str | None = None
    author: str | None = None


NeedItem = Literal[
    "pump",
    "bus",
    "boat",
    "generator",
    "lighting",
    "sandbag",
    "bedding",
    "food",
    "water",
    "medical",
    "personnel",
    "machinery",
    "other",
]

NEED_ITEMS: Final[tuple[str, ...]] = get_args(NeedItem)


class NeedStatus(StrEnum):
    """Life of a need; the first three follow from the quantities."""

    OPEN = "open"
    PART = "part"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"


class Need(Entity):
    """Something that an incident or a facility asks for.

    Attributes:
        subject: id of the incident or facility that asks.
        quantity, fulfilled: how many are asked for and how many came, in *unit*.
        asked_of: agency that is asked; None while nobody is.
        needed_by: when it must be there.
        reason: why it was cancelled.
    """

    kind: Literal[Kind.NEED] = Kind.NEED
    subject: EntityId
    item: NeedItem
    quantity: int = Field(gt=0, le=1_000_000)
    fulfilled: int = Field(default=0, ge=0, le=1_000_000)
    unit: str = Field(default="", max_length=40)
    status: NeedStatus = NeedStatus.OPEN
    severity: Severity = Severity.UNKNOWN
    asked_of: str | None = None
    asked_at: Instant
    needed_by: Instant | None = None
    reason: Words = ""
    author: str | None = None


Skill = Literal[
    "pumping",
    "search_rescue",
    "water_rescue",
    "rope_rescue",
    "tree_clearing",
    "road_clearing",
    "slope",
    "structural",
    "electrical",
    "lift_rescue",
    "first_aid",
    "ambulance",
    "firefighting",
    "traffic_control",
    "crowd_control",
    "shelter_care",
    "transport",
    "boat",
    "drone",
    "command",
]

SKILLS: Final[tuple[str, ...]] = get_args(Skill)


class ResourceStatus(StrEnum):
    """Whether a resource can be sent."""

    AVAILABLE = "available"
    ASSIGNED = "assigned"
    RESTING = "resting"
    OUT_OF_SERVICE = "out_of_service"


class Resource(Entity):
    """A team, vehicle or piece of equipment that can be sent; `geometry` is its last position.

    Attributes:
        skills: from `SKILLS`.
        strength: people.
        leader: name or call sign of who leads it.
        contact: radio channel or telephone.
        position_at: when it was at its position.
        area: its area of responsibility.
        duty: what it is there for.
        assignments: ids of the open assignments that it was given, oldest first; a proposal is
            none. Written in one step with them, so that two desks cannot give it two unawares.
    """

    kind: Literal[Kind.RESOURCE] = Kind.RESOURCE
    resource_type: Literal["team", "vehicle", "equipment"]
    agency: str
    status: ResourceStatus
    skills: tuple[str, ...] = ()
    strength: int | None = Field(default=None, ge=0)
    leader: str | None = None
    contact: str | None = None
    position_at: Instant | None = None
    area: Geometry | None = None
    duty: Text = Field(default_factory=dict)
    assignments: tuple[EntityId, ...] = ()


class LivePosition(Entity):
    """Where a resource is now, as one of its people's phones says. Its id is `position:<its end>`.

    It stands apart from the resource, so that moving is no change of the resource; it is in no
    journal, and leaves the picture at `expires_at`. `observed_at` is when it was so.

    Attributes:
        heading_deg: direction of movement, clockwise from north.
        author: account that shares it; shown to nobody.
    """

    kind: Literal[Kind.POSITION] = Kind.POSITION
    resource: EntityId
    agency: str | None = None
    heading_deg: float | None = Field(default=None, ge=0, le=360)
    speed_kmh: float | None = Field(default=None, ge=0, le=1000)
    author: str | None = None


class AssignmentStatus(StrEnum):
    """Steps of an assignment, in their order; the last two end it early."""

    PROPOSED = "proposed"
    ASSIGNED = "assigned"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    COMPLETED = "completed"
    DECLINED = "declined"
    STOOD_DOWN = "stood_down"


OPEN_ASSIGNMENT: Final = frozenset(
    [
        AssignmentStatus.PROPOSED,
        AssignmentStatus.ASSIGNED,
        AssignmentStatus.DELIVERED,
        AssignmentStatus.ACKNOWLEDGED,
        AssignmentStatus.EN_ROUTE,
        AssignmentStatus.ON_SCENE,
    ]
)


class Assignment(Entity):
    """A task given to a resource: duty, place or area, leader, due; with the times of each step.

    Attributes:
        agency: of the resource.
        contact: radio channel or telephone by which to reach the leader.
        warn_at, overdue_at: when the present step is late; None where it has no limit.
        reason: why it was declined or stood down.
        also: other open assignments of the resource when this one was made: known to be double.
        handed_over_to, handed_over_from: the assignment that goes on with this task.
        author: account that assigned it.
    """

    kind: Literal[Kind.ASSIGNMENT] = Kind.ASSIGNMENT
    resource: str
    agency: str | None = None
    incident: str | None = None
    duty: Text
    status: AssignmentStatus
    severity: Severity = Severity.UNKNOWN
    leader: str | None = None
    contact: str | None = None
    due_at: Instant | None = None
    steps: dict[AssignmentStatus, Instant] = Field(default_factory=dict)
    warn_at: Instant | None = None
    overdue_at: Instant | None = None
    reason: Words = ""
    also: tuple[str, ...] = ()
    handed_over_to: str | None = None
    handed_over_from: str | None = None
    author: str | None = None
