"""Facilities: places with a service, their counter and the book it is kept by."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from cop.model.entity import Entity, EntityId, Instant, Kind, Measures
from cop.model.response import Part
from cop.model.text import Text


class FacilityStatus(StrEnum):
    """Whether a facility can be used."""

    OPEN = "open"
    FULL = "full"
    LIMITED = "limited"  # works with delay or in part
    STANDBY = "standby"
    CLOSED = "closed"
    UNKNOWN = "unknown"


Triage = Literal["immediate", "urgent", "delayed", "expectant"]


class Entry(Part):
    """One entry in a facility's book: the counter as its keeper left it.

    Attributes:
        at: when it was so.
        occupancy: people then.
        change: what was entered: people more or fewer; None where the counter was set.
    """

    at: Instant
    occupancy: int = Field(ge=0)
    change: int | None = None


class Forecast(Part):
    """When a facility will be full if it goes on like this.

    Attributes:
        full_at: best estimate; None: it is not filling.
        earliest, latest: nine of ten times it will be between these; no latest: perhaps never.
        rate_per_h: people an hour.
        made_at: when it was reckoned.
        entries: how many entries it rests on.
    """

    full_at: Instant | None = None
    earliest: Instant | None = None
    latest: Instant | None = None
    rate_per_h: float
    made_at: Instant
    entries: int = Field(gt=0)


class Facility(Entity):
    """A place with a service: status, capacity, occupancy or queue, supplies.

    Attributes:
        facility_type: `shelter`, `cold_shelter`, `heat_shelter`, `community_hall`,
            `first_aid_post`, `hospital`, `command_post`, `station`, `boundary_control_point`,
            `airport`, `railway_line`.
        capacity, occupancy: people; None where not known.
        measures: further numbers: waits in minutes (`t3_p50_min`), `cancelled_ratio`…
        words: further values that are words, for example a queue's state.
        asserted_at: when the publisher, or its keeper, last said what *status* says.
        stands_for: id of a publisher's entity of the same facility; this one is its keeper's.
        entries: the last entries, oldest first; all of them are in the journal.
        forecast: when it will be full.
        queue: people waiting, by triage category.
        staff: people on duty there.
        access: from `wheelchair`, `accessible_toilet`, `hearing_loop`, `lift`, `quiet_room`.
        pets: whether animals may come in.
        contact: how to reach its keeper.
        reporter: account that made the last entry.
    """

    kind: Literal[Kind.FACILITY] = Kind.FACILITY
    facility_type: str
    status: FacilityStatus = FacilityStatus.UNKNOWN
    capacity: int | None = Field(default=None, ge=0)
    occupancy: int | None = Field(default=None, ge=0)
    measures: Measures = Field(default_factory=dict)
    words: dict[str, Text] = Field(default_factory=dict)
    supplies: Measures = Field(default_factory=dict)
    address: Text = Field(default_factory=dict)
    asserted_at: Instant | None = None
    stands_for: EntityId | None = None
    entries: tuple[Entry, ...] = Field(default=(), max_length=48)
    forecast: Forecast | None = None
    queue: dict[Triage, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    staff: int | None = Field(default=None, ge=0)
    access: tuple[str, ...] = ()
    pets: Literal["yes", "no", "caged"] | None = None
    contact: str | None = None
    reporter: str | None = None
