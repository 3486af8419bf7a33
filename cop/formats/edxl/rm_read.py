"""Reading EDXL-RM leniently: what is understood, and what is not."""

from __future__ import annotations

import math
import re
from typing import Final

from lxml import etree

from cop.formats.edxl.rm import Code, Contact, Item, ResourceMessage, Response, Schedule
from cop.formats.edxl.tree import (
    Party,
    Place,
    read_lei,
    read_moment,
    read_text,
    read_where,
)
from cop.formats.payload import child, children, local_name

FORMS: Final = frozenset(
    [
        *("RequestResource", "ResponseToRequestResource", "RequisitionResource"),
        *("CommitResource", "RequestInformation", "ResponseToRequestInformation"),
        *("OfferUnsolicitedResource", "ReleaseResource", "RequestReturn"),
        *("ResponseToRequestReturn", "RequestQuote", "ResponseToRequestQuote"),
        *("RequestResourceDeploymentStatus", "ReportResourceDeploymentStatus"),
        *("RequestExtendedDeploymentDuration", "ResponseToRequestExtendedDeploymentDuration"),
    ]
)
"""Root elements of the sixteen messages."""

MOST_ITEMS: Final = 200
"""Of one message that is read."""

_ANSWERS: Final = ("Accept", "Decline", "Provisional")
_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_DOUBLE: Final = re.compile(r"\+?[0-9]{0,15}\.?[0-9]{0,15}(?:[eE][+-]?[0-9]{1,2})?")
_MOST: Final = 1e9


def read_rm(root: etree._Element) -> tuple[ResourceMessage, list[str]]:
    """Read a message of EDXL-RM.

    Args:
        root: its root element.

    Returns:
        What was understood, and what was not, in words.
    """
    defects: list[str] = []
    form, said = local_name(root), read_text(root, "MessageContentType")
    if said and said != form:
        defects.append(f"MessageContentType says {said[:60]!r}, the root element {form!r}")
    sent = read_moment(read_text(root, "SentDateTime"))
    if sent is None:
        defects.append("SentDateTime is missing or is no moment with a time zone")
    number = read_text(root, "MessageID")
    if not number:
        defects.append("MessageID is missing: it cannot be known again")
    elements = list(children(root, "ResourceInformation"))
    if not elements:
        defects.append("there is no ResourceInformation in it")
    if len(elements) > MOST_ITEMS:
        defects.append(f"of {len(elements)} resources only the first {MOST_ITEMS} were read")
    incident, recall = child(root, "IncidentInformation"), child(root, "MessageRecall")
    contacts = tuple(_contact(one) for one in list(children(root, "ContactInformation"))[:20])
    if not contacts:
        defects.append("there is nobody to turn to in it")
    message = ResourceMessage(
        form=form,
        id=number,
        sent=sent,
        description=read_text(root, "MessageDescription"),
        originating=read_text(root, "OriginatingMessageID"),
        preceding=read_text(root, "PrecedingMessageID"),
        incident=read_text(incident, "IncidentID"),
        incident_words=read_text(incident, "IncidentDescription"),
        recalls=None
        if recall is None
        else (read_text(recall, "RecallMessageID"), read_text(recall, "RecallType")),
        contacts=contacts,
        items=tuple(
            _item(one, place, defects) for place, one in enumerate(elements[:MOST_ITEMS], 1)
        ),
    )
    return message, defects


def _contact(element: etree._Element) -> Contact:
    more = child(element, "AdditionalContactInformation")
    names = () if more is None else more.iter()
    name = next((read_text(one, "NameElement") for one in names if _is_name(one)), "")
    words = read_text(element, "ContactDescription")
    return Contact(
        read_text(element, "ContactRole"),
        Party(name or words, read_lei(more) or None, words if name else ""),
    )


def _is_name(element: etree._Element) -> bool:
    return local_name(element) == "OrganisationName" and bool(read_text(element, "NameElement"))


def _code(parent: etree._Element | None, name: str) -> Code | None:
    element = None if parent is None else child(parent, name)
    value = read_text(element, "Value")
    return Code(read_text(element, "ValueListURN"), value) if value else None


def _item(element: etree._Element, place: int, defects: list[str]) -> Item:
    resource, task = child(element, "Resource"), child(element, "AssignmentInformation")
    quantity, unit = _quantity(None if task is None else child(task, "Quantity"), place, defects)
    owner = None if resource is None else child(resource, "OwnershipInformation")
    status = None if resource is None else child(resource, "ResourceStatus")
    found = Item(
        id=read_text(element, "ResourceInfoElementID") or str(place),
        resource=read_text(resource, "ResourceID"),
        name=read_text(resource, "Name"),
        type=_code(resource, "TypeStructure"),
        description=read_text(resource, "Description"),
        quantity=quantity,
        unit=unit,
        owner=Party(read_text(owner, "Owner")) if read_text(owner, "Owner") else None,
        status=_code(status, "DeploymentStatus"),
        response=_response(child(element, "ResponseInformation"), place, defects),
        schedule=tuple(
            Schedule(
                read_text(one, "ScheduleType"),
                read_moment(read_text(one, "DateTime")),
                _place(child(one, "Location")),
            )
            for one in list(children(element, "ScheduleInformation"))[:50]
        ),
    )
    if not (found.resource or found.name or found.type):
        defects.append(f"resource {place} has neither an id, a name nor a type")
    return found


def _quantity(
    element: etree._Element | None, place: int, defects: list[str]
) -> tuple[float | None, Code | None]:
    if element is None:
        return None, None
    measured = child(element, "MeasuredQuantity")
    amount, words = read_text(measured, "Amount"), read_text(element, "QuantityText")
    number = _NUMBER.match(words)
    try:
        value = float(amount if _DOUBLE.fullmatch(amount) else "") if amount else math.nan
    except ValueError:
        value = math.nan
    if not amount and number is not None:
        value = float(number.group())
    if not value <= _MOST:
        said = (amount or words)[:40]
        defects.append(f"the quantity of resource {place}, {said!r}, is no number")
        return None, None
    return value, _code(measured, "UnitOfMeasure")


def _response(element: etree._Element | None, place: int, defects: list[str]) -> Response | None:
    if element is None:
        return None
    answer = read_text(element, "ResponseType")
    if answer not in _ANSWERS:
        defects.append(f"the answer to resource {place}, {answer[:40]!r}, is none that is known")
    return Response(
        read_text(element, "PrecedingResourceInfoElementID"),
        answer,
        read_text(element, "ResponseReason"),
    )


def _place(element: etree._Element | None) -> Place | None:
    if element is None:
        return None
    area = child(element, "TargetArea")
    return Place(read_text(element, "LocationDescription"), read_where(area))
