"""The kinds of entity, one class each. Field names end in their unit where they carry one."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from cop.model.desk import Attention, Fusion, FusionStatus, Likeness, Reason
from cop.model.entity import Certainty, Entity, EntityId, Instant, Kind, Measures, Severity, Urgency
from cop.model.exchange import (
    Category,
    Draft,
    Layer,
    Message,
    MsgType,
    Partner,
    ResponseType,
    Signature,
    Wording,
)
from cop.model.facility import Entry, Facility, FacilityStatus, Forecast, Triage
from cop.model.orders import Order, Receipt
from cop.model.response import (
    Assignment,
    AssignmentStatus,
    Incident,
    IncidentStatus,
    IncidentType,
    LivePosition,
    Need,
    NeedStatus,
    Resource,
    ResourceStatus,
)
from cop.model.sight import CameraState, Sight, View, ZoneUse
from cop.model.text import Text

__all__ = [
    "KINDS",
    "Alert",
    "AnyEntity",
    "Assignment",
    "AssignmentStatus",
    "Attention",
    "Camera",
    "Draft",
    "Entry",
    "Facility",
    "FacilityStatus",
    "FeedState",
    "FeedStatus",
    "Forecast",
    "Fusion",
    "FusionStatus",
    "Grid",
    "Hazard",
    "Incident",
    "IncidentStatus",
    "IncidentType",
    "Layer",
    "Likeness",
    "LivePosition",
    "Message",
    "Need",
    "NeedStatus",
    "Note",
    "Observation",
    "Order",
    "Partner",
    "Quality",
    "Reason",
    "Receipt",
    "Resource",
    "ResourceStatus",
    "Road",
    "RoadStatus",
    "Triage",
    "decode",
]


class Alert(Entity):
    """A warning message by an authority, in CAP 1.2 vocabulary.

    Attributes:
        event_type: what it warns of, from `ALERT_EVENTS` or a publisher's own word.
        signal: the publisher's code for the level in force, for example `TC8NE`, `WRAINB`.
        issued_at: when this level was first issued.
        updated_at: the publisher's last change to it.
        instruction: what to do.
        area: the area in the publisher's words.
        exercise: it came in as CAP status Exercise, Test or Draft: never shown as real. The alerts
            that an exercise makes are marked by their operation, as everything in it.
        identifier, sender: CAP identity, where the alert came as CAP, or went out as CAP.
        msg_type: of the last message of it.
        references: the messages that it replaces, `sender,identifier,sent`.
        categories, responses: as CAP has them.
        signature: of the message.
        original: SHA-256 of the message's bytes as they came or went, hexadecimal; they are kept.
        defects: what of the message could not be read, or contradicts another.
        wordings: what it says in further languages.
        author: account that wrote an alert of our own.
        released_by, released_at: who released it, somebody else than its author, and when.
    """

    kind: Literal[Kind.ALERT] = Kind.ALERT
    event_type: str
    signal: str | None = None
    severity: Severity = Severity.UNKNOWN
    urgency: Urgency = Urgency.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN
    issued_at: Instant
    updated_at: Instant | None = None
    instruction: Text = Field(default_factory=dict)
    area: Text = Field(default_factory=dict)
    exercise: bool = False
    identifier: str | None = None
    sender: str | None = None
    msg_type: MsgType | None = None
    references: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    responses: tuple[ResponseType, ...] = ()
    signature: Signature = Signature.NONE
    original: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    defects: tuple[str, ...] = ()
    wordings: tuple[Wording, ...] = ()
    author: str | None = None
    released_by: str | None = None
    released_at: Instant | None = None


class Grid(BaseModel):
    """A regular grid, only its cells that are not zero.

    A cell is (index, value); index counts from the north-west corner eastwards, row after row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    west: float
    north: float
    step_lon: float
    step_lat: float
    columns: int
    unit: str
    cells: tuple[tuple[int, float], ...] = ()


class Hazard(Entity):
    """A phenomenon and its footprint: rain field, cyclone position, track, cone, earthquake.

    Attributes:
        phenomenon: `tropical_cyclone`, `tc_track`, `tc_cone`, `rain_nowcast`, `earthquake`…
        measures: its numbers, for example `wind_kmh`, `magnitude`, `depth_km`, `lead_min`.
        forecast: true where it has not happened yet.
        grid: the field of values, for a gridded hazard.
    """

    kind: Literal[Kind.HAZARD] = Kind.HAZARD
    phenomenon: str
    severity: Severity = Severity.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN
    measures: Measures = Field(default_factory=dict)
    intensity: Text = Field(default_factory=dict)
    forecast: bool = False
    grid: Grid | None = None


class Quality(StrEnum):
    """Whether a measured value can be used."""

    OK = "ok"
    MISSING = "missing"  # the publisher gave no value; never zero
    MAINTENANCE = "maintenance"
    NO_FLOW = "no_flow"  # a traffic detector that saw no vehicle: its speed says nothing
    SUSPECT = "suspect"


class Observation(Entity):
    """A measured value at a place and time.

    Attributes:
        measure: what was measured: `rain_1h`, `temperature`, `wind`, `humidity`, `pressure`,
            `visibility`, `lightning`, `uv`, `aqhi`, `tide`, `sea_level`, `traffic_speed`,
            `journey_time`, `river_level`, `solar`; by cameras `crowd_density`, `vehicle_count`,
            `water_depth`, `flooded_share`, `surface_temperature`…
        value: the main number; None when missing.
        unit: UCUM-like unit of *value*: mm, Cel, km/h, %, hPa, km, m, min, 1.
        measures: further numbers, for example `gust_kmh`, `direction_deg`, `min_mm`.
        band: the publisher's word for the value, for example `High`, `Very High`.
        quality: whether the value can be used.
        station: the publisher's id or name of the station.
        sight: how it was come by, where a camera saw it.
    """

    kind: Literal[Kind.OBSERVATION] = Kind.OBSERVATION
    measure: str
    value: float | None = None
    unit: str = ""
    measures: Measures = Field(default_factory=dict)
    band: Text = Field(default_factory=dict)
    quality: Quality = Quality.OK
    station: str = ""
    sight: Sight | None = None


class RoadStatus(StrEnum):
    """What a road can carry."""

    CLOSED = "closed"
    RESTRICTED = "restricted"
    SLOW = "slow"
    NORMAL = "normal"
    WORKS = "works"
    REOPENED = "reopened"
    UNKNOWN = "unknown"


class Road(Entity):
    """A road segment or place on a road: closed, restricted, its speed.

    Attributes:
        status: what it can carry.
        cause: `flooding`, `accident`, `fallen_tree`, `landslide`, `works`, `breakdown`, `fire`,
            `event`, `congestion`, `other` or "" where not said.
        road: the road's name.
        direction: bound, in words.
        speed_kmh: measured mean speed.
        journey_min: journey time along it.
        incident: id of the incident entity made from the same record, if one was.
        number: the publisher's number of the case.
    """

    kind: Literal[Kind.ROAD] = Kind.ROAD
    status: RoadStatus = RoadStatus.UNKNOWN
    cause: str = ""
    road: Text = Field(default_factory=dict)
    direction: Text = Field(default_factory=dict)
    speed_kmh: float | None = Field(default=None, ge=0)
    journey_min: float | None = Field(default=None, ge=0)
    measures: Measures = Field(default_factory=dict)
    incident: str | None = None
    number: str | None = None


class Camera(Entity):
    """A camera: where it stands and where its latest picture is.

    Attributes:
        image_url: the publisher's address of the latest frame; fetched by our servers only.
        frame_at: when the latest frame was taken, where known.
        refresh_s: the publisher's refresh interval in seconds.
        state: what can be said of it by its last frames; `unknown` where nobody counts by it.
        state_since: since when that is so.
        counts: what is counted by it; empty: nothing, it is only looked through.
        thermal: it measures temperatures.
        bearing_deg: where it looks.
        view: who may ask for its live view.
        published: its pictures are public already, by their publisher: nothing in them is blurred.
    """

    kind: Literal[Kind.CAMERA] = Kind.CAMERA
    image_url: Annotated[str, Field(pattern=r"^https://")] | None = None
    frame_at: Instant | None = None
    refresh_s: int | None = Field(default=None, gt=0)
    state: CameraState = CameraState.UNKNOWN
    state_since: Instant | None = None
    counts: tuple[ZoneUse, ...] = ()
    thermal: bool = False
    bearing_deg: float | None = Field(default=None, ge=0, lt=360)
    view: View = "nobody"
    published: bool = False


class Note(Entity):
    """A shared remark or drawing, or a publisher's text that is not a warning.

    Attributes:
        topic: `forecast`, `news`, `notice`, `situation` from feeds; `remark`, `drawing` by people.
        measures: numbers of a forecast day: `max_cel`, `min_cel`, `max_rh_percent`…
        author: account that made it; None for a publisher's.
        about: id of what a remark is about.
        shape: of a drawing; its place is `geometry`, its words are the title.
    """

    kind: Literal[Kind.NOTE] = Kind.NOTE
    topic: str
    measures: Measures = Field(default_factory=dict)
    words: dict[str, Text] = Field(default_factory=dict)
    author: str | None = None
    about: EntityId | None = None
    shape: Literal["point", "line", "area", "text"] | None = None


class FeedState(StrEnum):
    """What can be said of a feed without knowing the time."""

    NEVER = "never"  # not polled yet
    OK = "ok"  # the last poll gave a usable payload
    DEGRADED = "degraded"  # usable, but a language or a part was missing
    FAILING = "failing"  # the last poll gave none; what is shown is the last good


class FeedStatus(Entity):
    """How a feed does. Whether it is stale follows from these times and the clock.

    Stale means: now - fetched_at > stale_after_s, or, where content_at is known,
    now - content_at > stale_after_s.

    Attributes:
        state: the outcome of the last poll.
        checked_at: when it was last polled, whatever the outcome.
        fetched_at: when it last gave a usable payload.
        content_at: the publisher's own time of that payload; None if it has none.
        reason: why the last poll failed or is degraded, in plain words.
        failures: polls that failed in a row.
        taken, ignored, refused: rows of the last usable payload by outcome.
        every_s, stale_after_s: the promise, in seconds of this operation's clock.
    """

    kind: Literal[Kind.FEED_STATUS] = Kind.FEED_STATUS
    state: FeedState = FeedState.NEVER
    checked_at: Instant | None = None
    fetched_at: Instant | None = None
    content_at: Instant | None = None
    reason: str = ""
    failures: int = 0
    taken: int = 0
    ignored: int = 0
    refused: int = 0
    refusals: tuple[str, ...] = ()
    every_s: float
    stale_after_s: float
    licence: str = ""


AnyEntity = Annotated[
    Alert
    | Assignment
    | Attention
    | Camera
    | Draft
    | Facility
    | FeedStatus
    | Fusion
    | Hazard
    | Incident
    | Layer
    | LivePosition
    | Message
    | Need
    | Note
    | Observation
    | Order
    | Partner
    | Receipt
    | Resource
    | Road,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[AnyEntity] = TypeAdapter(AnyEntity)

KINDS: dict[Kind, type[Entity]] = {
    Kind.ALERT: Alert,
    Kind.ASSIGNMENT: Assignment,
    Kind.ATTENTION: Attention,
    Kind.CAMERA: Camera,
    Kind.DRAFT: Draft,
    Kind.FACILITY: Facility,
    Kind.FEED_STATUS: FeedStatus,
    Kind.FUSION: Fusion,
    Kind.HAZARD: Hazard,
    Kind.INCIDENT: Incident,
    Kind.LAYER: Layer,
    Kind.MESSAGE: Message,
    Kind.NEED: Need,
    Kind.NOTE: Note,
    Kind.OBSERVATION: Observation,
    Kind.ORDER: Order,
    Kind.PARTNER: Partner,
    Kind.POSITION: LivePosition,
    Kind.RECEIPT: Receipt,
    Kind.RESOURCE: Resource,
    Kind.ROAD: Road,
}


def decode(body: bytes) -> AnyEntity:
    """Read an entity back from its canonical JSON; raises ValueError when it is not one."""
    return _ADAPTER.validate_json(body)
