"""What the duty desk works with: reports that may be one, and what deserves attention."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from cop.model.entity import Entity, EntityId, Instant, Kind, Severity
from cop.model.response import Part, Words


class FusionStatus(StrEnum):
    """What people have said of reports that seem to be one."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SPLIT = "split"


class Likeness(Part):
    """Why a report seems to be of the same thing as the others.

    Attributes:
        report: id of the report.
        score: 0 to 1.
        distance_m: to the nearest other report, metres.
        minutes: between the reports.
        words: likeness of what was written, 0 to 1.
    """

    report: EntityId
    score: float = Field(ge=0, le=1)
    distance_m: float | None = Field(default=None, ge=0)
    minutes: float | None = Field(default=None, ge=0)
    words: float | None = Field(default=None, ge=0, le=1)


class Fusion(Entity):
    """Reports by several that are of one thing, or seem to be. No report is changed by being in it.

    Attributes:
        members: ids of the incidents; the *primary* is the one that is worked on.
        apart: ids that a person took out: never proposed with these again.
        score: the least likeness that holds it together.
        likeness: one for each member but the primary.
        decided_by, decided_at: who confirmed or split it, and when.
    """

    kind: Literal[Kind.FUSION] = Kind.FUSION
    status: FusionStatus
    members: tuple[EntityId, ...]
    primary: EntityId
    apart: tuple[EntityId, ...] = ()
    score: float = Field(default=0, ge=0, le=1)
    likeness: tuple[Likeness, ...] = ()
    decided_by: str | None = None
    decided_at: Instant | None = None


class Reason(StrEnum):
    """Why something deserves attention."""

    NEW = "new"  # an incident nobody has looked at
    UNVERIFIED = "unverified"
    UNACKNOWLEDGED = "unacknowledged"  # an assignment nobody has acknowledged
    UNANSWERED = "unanswered"  # an order whose receipts are late
    OVERDUE = "overdue"
    STALE = "stale"  # a feed, or a facility whose keeper has gone quiet
    CONFLICTING = "conflicting"  # two sources differ: reconcile
    DUPLICATE = "duplicate"  # reports that seem to be one
    FILLING = "filling"  # a facility that will be full
    UNMET = "unmet"  # a need that is late
    UNREACHED = "unreached"  # an order or assignment that has come to no device
    HELP = "help"  # somebody answered a roll call with a call for help
    CROWDED = "crowded"  # a crowd that is too dense, seen by a camera
    STANDSTILL = "standstill"  # a dense crowd, or traffic, that has stopped
    COUNTER_FLOW = "counter_flow"
    HEAT = "heat"  # a surface hotter than it should be
    WATER = "water"  # water on a road, seen by a camera
    EXPIRING = "expiring"  # an alert of our own that ends before long
    UNRELEASED = "unreleased"  # a draft that waits for a second person
    BLIND = "blind"  # a camera by which something is counted gives nothing usable


class Attention(Entity):
    """One thing for a person to look at. Its id is `attention:<reason>-<digest of the subject>`.

    Attributes:
        subject: id of what it is about.
        rank: smaller is more urgent; ties by *raised_at*.
        raised_at: since when.
        taken_by, taken_at: who looks after it.
        snoozed_until: out of the way until then.
        remark: what whoever took it noted.
        cleared_at: when its cause had gone; it leaves the picture some hours later.
        agency: whose it is; None for the desk's.
    """

    kind: Literal[Kind.ATTENTION] = Kind.ATTENTION
    reason: Reason
    subject: EntityId
    severity: Severity = Severity.UNKNOWN
    rank: int = Field(ge=0)
    raised_at: Instant
    taken_by: str | None = None
    taken_at: Instant | None = None
    snoozed_until: Instant | None = None
    remark: Words = ""
    cleared_at: Instant | None = None
    agency: str | None = None
