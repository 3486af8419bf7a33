"""What is exchanged with others: alerts of our own in preparation, messages, partners, layers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cop.model.entity import Certainty, Entity, EntityId, Instant, Kind, Severity, Urgency
from cop.model.lei import Lei
from cop.model.response import Words
from cop.model.text import Text

Category = Literal[
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
]
"""Of an alert, as CAP 1.2 has them."""

ResponseType = Literal[
    "Shelter",
    "Evacuate",
    "Prepare",
    "Execute",
    "Avoid",
    "Monitor",
    "Assess",
    "AllClear",
    "None",
]
"""What those who get an alert should do, as CAP 1.2 has it."""

MsgType = Literal["Alert", "Update", "Cancel"]


class Signature(StrEnum):
    """What can be said of the XML signature of a message."""

    NONE = "none"  # it carries none
    VALID = "valid"  # by a key that is trusted for this source
    INVALID = "invalid"  # it does not fit what was signed, or the key is not the source's
    UNCHECKED = "unchecked"  # there is one; nothing here can tell


class Wording(BaseModel):
    """What a message says in a language that the picture itself does not have.

    Attributes:
        language: as the message names it (RFC 3066), for example `pt-PT`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    headline: str = ""
    description: str = ""
    instruction: str = ""
    area: str = ""


class DraftState(StrEnum):
    """How far an alert of our own has come."""

    WRITING = "writing"
    ASKED = "asked"  # waits for a second person
    RETURNED = "returned"  # the second person wants it changed; the reason says what
    RELEASED = "released"
    DISCARDED = "discarded"


class Draft(Entity):
    """An alert of our own that is being prepared; what becomes of it is an Alert.

    `title` is its headline, `geometry` its area, `valid_from` its onset, `expires_at` its own end
    as a draft (a week after its last change), `publisher` the agency in whose name it speaks.

    Attributes:
        state: how far it has come.
        msg_type: what it will be.
        replaces: the alert in force that it updates or cancels.
        source: hazard or incident that it was made from.
        event: what it warns of, in words, all three languages; `event_type` is its code.
        ends_at: until when the alert will hold.
        area: its area in words.
        instruction: what to do.
        contact, web: for the reader.
        author: account that wrote it last: whoever releases it is somebody else.
        asked_at, asked_by: when and by whom release was asked for.
        reason: why it was sent back, discarded, updated or cancelled.
        alert: the alert that it became.
    """

    kind: Literal[Kind.DRAFT] = Kind.DRAFT
    state: DraftState = DraftState.WRITING
    msg_type: MsgType = "Alert"
    replaces: EntityId | None = None
    source: EntityId | None = None
    event_type: str
    event: Text = Field(default_factory=dict)
    categories: tuple[Category, ...] = ("Safety",)
    responses: tuple[ResponseType, ...] = ()
    severity: Severity = Severity.UNKNOWN
    urgency: Urgency = Urgency.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN
    ends_at: Instant | None = None
    instruction: Text = Field(default_factory=dict)
    area: Text = Field(default_factory=dict)
    contact: str = Field(default="", max_length=200)
    web: Annotated[str, Field(pattern=r"^https?://")] | None = None
    author: str
    asked_at: Instant | None = None
    asked_by: str | None = None
    reason: Words = ""
    alert: EntityId | None = None


class PartnerState(StrEnum):
    """How the line to a partner is."""

    NEVER = "never"  # nothing has been exchanged yet
    OK = "ok"
    LATE = "late"  # nothing has come, or gone, for longer than was agreed
    DOWN = "down"  # the last tries failed
    ENDED = "ended"  # the agreement has run out: nothing is shared


class Partner(Entity):
    """An authority or body that things are exchanged with, and how the line to it is.

    Made from the partner's file; `title` is its name, `publisher` is `COP`.

    Attributes:
        state, state_since: of the line.
        lei: its Legal Entity Identifier (ISO 17442).
        agreement: by which things are shared: its number or name.
        agreed_from, agreed_until: when that holds.
        shares, takes: kinds that go out to it, and that are taken from it.
        onward: whether it may pass on what it gets.
        received_at, sent_at: when something last came, and went.
        waiting: messages and receipts that have not gone out yet.
        why: in words, where the state is not `ok`.
        installation: what its installation calls itself.
        agencies: codes of our agencies whose liaison officers look after it.
        gives_onward: whether what it gives may be passed on: by our file and by its own word.
        held: things of it that are on the picture.
        refused, refusals: things of its last answers that could not be taken: how many, and the
            latest, each with its reason.
        failures: tries in a row that failed.
        taken_to: its cursor up to which its changes are on the picture; shown to nobody.
        taken_by: digest of the terms under which they were taken; shown to nobody.
    """

    kind: Literal[Kind.PARTNER] = Kind.PARTNER
    state: PartnerState = PartnerState.NEVER
    state_since: Instant | None = None
    lei: Lei | None = None
    agreement: str = ""
    agreed_from: Instant | None = None
    agreed_until: Instant | None = None
    shares: tuple[Kind, ...] = ()
    takes: tuple[Kind, ...] = ()
    onward: bool = False
    received_at: Instant | None = None
    sent_at: Instant | None = None
    waiting: int = 0
    why: str = ""
    installation: str = ""
    agencies: tuple[str, ...] = ()
    gives_onward: bool = False
    held: int = 0
    refused: int = 0
    refusals: tuple[str, ...] = ()
    failures: int = 0
    taken_to: str = ""
    taken_by: str = ""


MessageForm = Literal["words", "cap", "edxl-rm", "edxl-have", "edxl-sitrep", "edxl-de"]


class Message(Entity):
    """One message from or to a partner, with what was done about it.

    `title` is its subject, `description` its words.

    Attributes:
        partner: with whom.
        direction: `in` or `out`.
        form: what it is made of.
        original: SHA-256 of the bytes as they came or went, hexadecimal; they are kept.
        about: what on the picture it is about.
        agreement: under which it was shared.
        number: the sender's own id of it: one message however often it comes.
        answers: the message that it answers.
        sent_at, received_at: by whom it came from or went to.
        acknowledged_at, acknowledged_by: who has taken note here, or (out) when they said so.
        told_at: when its sender was told of that (in).
        task: the need or assignment that was made of it.
        no_task: why none is needed; then it is not waited for.
        tasked_at: when either was said.
        notice, no_notice, noticed_at: the same of the alert or draft that was made of it.
        acknowledge_by, task_by, notice_by: when each is late; None: it is not waited for.
        defects: what of it could not be read.
    """

    kind: Literal[Kind.MESSAGE] = Kind.MESSAGE
    partner: EntityId
    direction: Literal["in", "out"]
    form: MessageForm = "words"
    original: str | None = None
    about: tuple[EntityId, ...] = ()
    agreement: str = ""
    number: str = ""
    answers: EntityId | None = None
    sent_at: Instant | None = None
    received_at: Instant | None = None
    acknowledged_at: Instant | None = None
    acknowledged_by: str | None = None
    told_at: Instant | None = None
    task: EntityId | None = None
    no_task: Words = ""
    tasked_at: Instant | None = None
    notice: EntityId | None = None
    no_notice: Words = ""
    noticed_at: Instant | None = None
    acknowledge_by: Instant | None = None
    task_by: Instant | None = None
    notice_by: Instant | None = None
    defects: tuple[str, ...] = ()
    severity: Severity = Severity.UNKNOWN
    author: str | None = None


class LayerState(StrEnum):
    """What can be said of a layer of somebody else's."""

    NEVER = "never"  # not fetched yet
    OK = "ok"
    FAILING = "failing"  # the last fetch failed; what is shown is the last good


class Layer(Entity):
    """A layer of somebody else's that is shown, never changed: its address, age and attribution.

    What is in it is no part of the picture: it is kept as one table and asked for by itself.
    `title` is its name, `link` its page.

    Attributes:
        service: what answers at *address*.
        address: absolute, of the service.
        name: which layer, type or collection of the service.
        attribution: who must be named.
        licence: terms.
        state: of its last fetch.
        checked_at: last try; None: it is to be fetched now.
        fetched_at: last success; of one that comes as pictures, when it last gave one.
        content_at: the publisher's own time, where known.
        features: how many there are; None for one that comes as pictures.
        cut: there are more than are shown.
        every_s: seconds between two fetches.
        why: of a fetch that failed, in words.
        author: account that added it; None: set up with the system.
    """

    kind: Literal[Kind.LAYER] = Kind.LAYER
    service: Literal["ogc", "wfs", "wms", "arcgis", "geojson"]
    address: str
    name: str = ""
    attribution: str = ""
    licence: str = ""
    state: LayerState = LayerState.NEVER
    checked_at: Instant | None = None
    fetched_at: Instant | None = None
    content_at: Instant | None = None
    features: int | None = None
    cut: bool = False
    every_s: float = Field(default=3600.0, ge=60)
    why: str = ""
    author: str | None = None
