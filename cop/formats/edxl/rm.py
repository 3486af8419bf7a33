"""EDXL-RM 1.0: asking for resources, answering, committing them, and saying how they are.

Four of the sixteen messages: RequestResource, ResponseToRequestResource, CommitResource and
ReportResourceDeploymentStatus. All sixteen have one frame, so that others are read as far as it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from lxml import etree

from cop.formats.edxl.tree import (
    GML,
    LEI_URN,
    XNL,
    XPIL,
    Party,
    Place,
    add,
    add_name,
    add_where,
    moment,
)
from cop.model.geometry import positions

RM: Final = "urn:oasis:names:tc:emergency:EDXL:RM:1.0"
RMSG: Final = "urn:oasis:names:tc:emergency:EDXL:RM:1.0:msg"

Form = Literal[
    "RequestResource",
    "ResponseToRequestResource",
    "CommitResource",
    "ReportResourceDeploymentStatus",
]
Answer = Literal["Accept", "Decline", "Provisional"]


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a list that a URN names."""

    urn: str
    value: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody concerned, and in which part: `Requester`, `RespondingOrg`, `Sender`, `Owner`."""

    role: str
    party: Party


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered to an item of an earlier message.

    Attributes:
        to: id of that item.
        answer: yes, no, or yes in part or with conditions.
        reason: why; needed unless it is yes.
    """

    to: str
    answer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When and where something happens to a resource, by RM's word for it."""

    type: str
    at: datetime | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One resource, or one kind of resource, in a message.

    Attributes:
        id: of this item within the message.
        resource: id of a certain resource; "" where only a kind is meant.
        name: of it.
        type: what kind it is.
        description: in words.
        quantity: how many; None where not said.
        unit: of *quantity*; "" for pieces.
        owner: whose it is.
        status: how its deployment stands.
        response: what is answered, in an answer.
        schedule: when and where.
    """

    id: str
    resource: str = ""
    name: str = ""
    type: Code | None = None
    description: str = ""
    quantity: float | None = None
    unit: Code | None = None
    owner: Party | None = None
    status: Code | None = None
    response: Response | None = None
    schedule: tuple[Schedule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceMessage:
    """A message of EDXL-RM.

    Attributes:
        form: which of the messages it is.
        id: unique for its sender.
        sent: when; None in what was read without it.
        description: in words.
        originating: id of the first message of the sequence; its own where it is that.
        preceding: id of the message that it answers; "" for a request.
        incident: id of the incident that it is about, in the sender's words.
        incident_words: that incident in words.
        recalls: id of a message that it calls back, and whether it `Update`s or `Cancel`s it.
        contacts: who is concerned; one at least.
        items: what it is about; one at least.
    """

    form: str
    id: str
    sent: datetime | None
    description: str = ""
    originating: str
    preceding: str = ""
    incident: str = ""
    incident_words: str = ""
    recalls: tuple[str, str] | None = None
    contacts: tuple[Contact, ...]
    items: tuple[Item, ...]


def write_rm(message: ResourceMessage) -> etree._Element:
    """Write *message*, in the order of its schema.

    Raises:
        ValueError: it has no time, contact or item.
    """
    if message.sent is None or not message.contacts or not message.items:
        raise ValueError("a message has a time, somebody to turn to, and something it is about")
    names: Any = {"rmsg": RMSG, "rm": RM, "xnl": XNL, "xpil": XPIL, "gml": GML}
    root = etree.Element(f"{{{RMSG}}}{message.form}", nsmap=names)
    add(root, RMSG, "MessageID", message.id)
    add(root, RMSG, "SentDateTime", moment(message.sent))
    add(root, RMSG, "MessageContentType", message.form)
    if message.description:
        add(root, RMSG, "MessageDescription", message.description)
    add(root, RMSG, "OriginatingMessageID", message.originating)
    if message.preceding:
        add(root, RMSG, "PrecedingMessageID", message.preceding)
    if message.incident or message.incident_words:
        incident = add(root, RMSG, "IncidentInformation")
        if message.incident:
            add(incident, RM, "IncidentID", message.incident)
        if message.incident_words:
            add(incident, RM, "IncidentDescription", message.incident_words)
    if message.recalls is not None:
        recall = add(root, RMSG, "MessageRecall")
        add(recall, RM, "RecallMessageID", message.recalls[0])
        add(recall, RM, "RecallType", message.recalls[1])
    for contact in message.contacts:
        _add_contact(root, contact)
    for item in message.items:
        _add_item(root, item, message.form)
    return root


def _add_contact(root: etree._Element, contact: Contact) -> None:
    element = add(root, RMSG, "ContactInformation")
    party = contact.party
    words = f"{party.name}: {party.contact}" if party.contact else party.name
    add(element, RM, "ContactDescription", words)
    add(element, RM, "ContactRole", contact.role)
    more = add(element, RM, "AdditionalContactInformation")
    add_name(add(more, XPIL, "PartyName"), Party(party.name, party.lei))
    if party.lei:
        identifier = add(add(more, XPIL, "Identifiers"), XPIL, "Identifier")
        add(identifier, XPIL, "IdentifierElement", party.lei).set(f"{{{XPIL}}}Type", "Identifier")
        add(add(identifier, XPIL, "IssuerName"), XNL, "NameElement", LEI_URN)


def _add_code(parent: etree._Element, space: str, name: str, code: Code) -> None:
    element = add(parent, space, name)
    add(element, RM, "ValueListURN", code.urn)
    add(element, RM, "Value", code.value)


def _add_item(root: etree._Element, item: Item, form: str) -> None:
    element = add(root, RMSG, "ResourceInformation")
    add(element, RMSG, "ResourceInfoElementID", item.id)
    if item.response is not None:
        response = add(element, RMSG, "ResponseInformation")
        add(response, RM, "PrecedingResourceInfoElementID", item.response.to)
        add(response, RM, "ResponseType", item.response.answer)
        if item.response.reason:
            add(response, RM, "ResponseReason", item.response.reason)
    _add_resource(add(element, RMSG, "Resource"), item)
    if item.quantity is not None:
        quantity = add(add(element, RMSG, "AssignmentInformation"), RMSG, "Quantity")
        measured = add(quantity, RM, "MeasuredQuantity")
        add(measured, RM, "Amount", f"{item.quantity:.6f}".rstrip("0").rstrip("."))
        if item.unit is not None:
            _add_code(measured, RM, "UnitOfMeasure", item.unit)
    for schedule in item.schedule:
        if schedule.type in _SCHEDULES[form]:
            _add_schedule(element, schedule)


def _add_resource(resource: etree._Element, item: Item) -> None:
    if item.resource:
        add(resource, RMSG, "ResourceID", item.resource)
    if item.name:
        add(resource, RMSG, "Name", item.name)
    if item.type is not None:
        _add_code(resource, RMSG, "TypeStructure", item.type)
    if item.description:
        add(resource, RMSG, "Description", item.description)
    if item.owner is not None:
        owner = add(resource, RMSG, "OwnershipInformation")
        add(owner, RM, "Owner", item.owner.name)
    if item.status is not None:
        _add_code(add(resource, RMSG, "ResourceStatus"), RMSG, "DeploymentStatus", item.status)


def _add_schedule(element: etree._Element, schedule: Schedule) -> None:
    place = schedule.place
    known = place is not None and place.geometry is not None and _has_position(place.geometry)
    if schedule.at is None and not (place and (place.words or known)):
        return
    information = add(element, RMSG, "ScheduleInformation")
    add(information, RMSG, "ScheduleType", schedule.type)
    if schedule.at is not None:
        add(information, RMSG, "DateTime", moment(schedule.at))
    if place is None or not (place.words or known):
        return
    location = add(information, RMSG, "Location")
    if place.words:
        add(location, RM, "LocationDescription", place.words)
    if place.geometry is not None and known:
        add_where(add(location, RM, "TargetArea"), place.geometry)


def _has_position(geometry: Any) -> bool:
    return next(positions(dict(geometry)), None) is not None


_PLANNED: Final = frozenset(
    [
        *("RequestedArrival", "RequestedDeparture", "EstimatedReturnDeparture"),
        *("ReportTo", "Route"),
    ]
)
_EXPECTED: Final = _PLANNED | {
    *("EstimatedArrival", "EstimatedDeparture", "RequestedReturnDeparture"),
    *("RequestedReturnArrival", "BeginAvailable", "EndAvailable"),
}
_SCHEDULES: Final = {
    "RequestResource": _PLANNED | {"EstimatedReturnArrival"},
    "ResponseToRequestResource": _EXPECTED,
    "CommitResource": _EXPECTED
    | {"ActualDeparture", "Committed", "EstimatedReturnArrival", "Current"},
    "ReportResourceDeploymentStatus": _EXPECTED
    | {
        *("ActualArrival", "ActualDeparture", "ActualReturnDeparture", "ActualReturnArrival"),
        *("Committed", "Current", "EstimatedReturnArrival"),
    },
}
"""What the schema of each message lets it say of time and place."""
