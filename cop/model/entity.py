"""What every thing on the picture has: identity, source, times, words, place."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from cop.model.district import District
from cop.model.geometry import Geometry
from cop.model.text import Text


class Kind(StrEnum):
    """The kinds of entity; every entity is of exactly one."""

    ALERT = "alert"
    ASSIGNMENT = "assignment"
    ATTENTION = "attention"
    CAMERA = "camera"
    DRAFT = "draft"
    FACILITY = "facility"
    FEED_STATUS = "feed_status"
    FUSION = "fusion"
    HAZARD = "hazard"
    INCIDENT = "incident"
    LAYER = "layer"
    MESSAGE = "message"
    NEED = "need"
    NOTE = "note"
    OBSERVATION = "observation"
    ORDER = "order"
    PARTNER = "partner"
    POSITION = "position"
    RECEIPT = "receipt"
    RESOURCE = "resource"
    ROAD = "road"


class Severity(StrEnum):
    """How bad, in the words of CAP 1.2."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Urgency(StrEnum):
    """How soon to act, in the words of CAP 1.2."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure, in the words of CAP 1.2."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


class Placing(StrEnum):
    """How the place of an entity is known, from best to worst."""

    GIVEN = "given"  # coordinates in the publisher's own record
    STATION = "station"  # joined by id or name to a table of sites
    LANDMARK = "landmark"  # words matched to a named place
    ROAD = "road"  # words matched to a road: somewhere on it
    DISTRICT = "district"  # only the district is known
    REGION = "region"  # the whole city or a neighbour
    UNPLACED = "unplaced"  # listed, not drawn


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the last hours of the year 9999, or the first of the year 1
        raise ValueError("not a moment that can be reckoned with") from None


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A moment, aware, kept in UTC: the zone in which a publisher writes it makes no difference."""

Measures = dict[str, float]
"""Numbers by name; each name ends in its unit, for example `gust_kmh`."""

EntityId = Annotated[str, Field(pattern=r"^[a-z0-9_]+:\S{1,200}$")]


class Entity(BaseModel):
    """Anything on the picture.

    When it was fetched, and its version, belong to the stored record, not to the entity: a poll
    that brings the same entity again is then equal to what is stored, byte for byte.

    Attributes:
        id: `feed:external_id`, or `incident:…`, `order:…` for what a person made.
        feed: key of the feed; None for what a person made.
        publisher: code of the agency that says so (see `publisher.py`).
        title: one line.
        description: the publisher's full words.
        observed_at: when it was true in the world (phenomenon time), UTC.
        valid_from: when it begins to hold, where that is not *observed_at*.
        expires_at: when it must leave the picture if nothing renews it.
        geometry: WGS84; None where the place is not known.
        placing: how the place is known.
        precision_m: how far off the place may be.
        district: code of the district; None outside Hong Kong or where not known.
        place: the place in words, as the publisher says it.
        link: the publisher's page on it (http or https only).
        origin: the installation of this system where it was made; None: this one.
        via: the installations by which it came from there, the last one last; the origin is none.
        inside: not to be passed on to the public, whatever the table of publishing says: it was
            given under terms.
        double_of: the same thing by another way, which is shown in its place; shown to nobody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    kind: Kind
    id: EntityId
    feed: str | None = None
    publisher: str
    title: Text = Field(default_factory=dict)
    description: Text = Field(default_factory=dict)
    observed_at: Instant | None = None
    valid_from: Instant | None = None
    expires_at: Instant | None = None
    geometry: Geometry | None = None
    placing: Placing = Placing.UNPLACED
    precision_m: float | None = Field(default=None, ge=0)
    district: District | None = None
    place: Text = Field(default_factory=dict)
    link: Annotated[str, Field(pattern=r"^https?://")] | None = None
    origin: str | None = None
    via: tuple[str, ...] = ()
    inside: bool = False
    double_of: EntityId | None = None

    def encode(self) -> bytes:
        """Give the canonical JSON: fields in order, unset ones left out, times in UTC."""
        rest: bytes = self.__pydantic_serializer__.to_json(
            self, exclude_none=True, exclude_defaults=True
        )
        return b'{"kind":"%b",%b' % (self.kind.encode(), rest[1:])
