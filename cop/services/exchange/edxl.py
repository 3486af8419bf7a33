"""What the picture says in EDXL: facilities as HAVE, needs and assignments as RM, all in DE.

Everything is made from the features of whoever asks, never from what is stored: nobody gets in a
message what the picture would not show them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import orjson
from lxml import etree

from cop.config import Settings
from cop.errors import NotFound, NotPossible
from cop.formats.edxl.de import Content, Envelope, write_de
from cop.formats.edxl.have import Site, write_have, write_have2
from cop.formats.edxl.rm import (
    Code,
    Contact,
    Item,
    ResourceMessage,
    Response,
    Schedule,
)
from cop.formats.edxl.tree import Party, Place, read_moment
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.geometry import BBox
from cop.model.publisher import PUBLISHERS
from cop.model.text import Lang, say
from cop.services.exchange.organisations import lei_of
from cop.services.picture import Picture

NEED_URN: Final = "urn:x-cop:need-item"
UNIT_URN: Final = "urn:x-cop:unit"
RESOURCE_URN: Final = "urn:x-cop:resource-type"
STATUS_URN: Final = "urn:x-cop:assignment-status"

SHELTERS: Final = frozenset(["shelter", "cold_shelter", "heat_shelter", "community_hall"])
HOSPITALS: Final = frozenset(["hospital"])
SITES: Final = SHELTERS | HOSPITALS | {"first_aid_post"}

HaveVersion = Literal["1.0", "2.0"]
RmForm = Literal["request", "response", "commit", "status"]
Feature = Mapping[str, Any]

_WAITS: Final = {
    "t1": "category 1 (critical)",
    "t2": "category 2 (emergency)",
    "t3_p50": "category 3 (urgent), half wait at most",
    "t3_p95": "category 3 (urgent), 95 % wait at most",
    "t45_p50": "categories 4 and 5, half wait at most",
    "t45_p95": "categories 4 and 5, 95 % wait at most",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and what there is to read.

    Attributes:
        picture: everything.
        audience: what of it whoever asks may see.
        settings: of this installation.
        lang: the language that they read.
        now: the operation's time.
    """

    picture: Picture
    audience: Audience
    settings: Settings
    lang: Lang
    now: datetime

    def find(self, entity_id: str) -> Feature | None:
        """Give the feature with this id, as whoever asks may see it; None where there is none."""
        body = self.picture.find(self.audience, entity_id)
        return None if body is None else orjson.loads(body)

    def party(self, code: str | None, contact: str = "") -> Party:
        """Name an organisation by its code."""
        known = PUBLISHERS.get(code or "", {})
        return Party(
            say(known, self.lang) or code or "-", lei_of(self.settings, code or ""), contact
        )

    @property
    def mark(self) -> str:
        """What the words of an exercise begin with: no envelope need be around them; else ""."""
        return f"EXERCISE {self.settings.operation}: " if self.settings.exercise else ""

    def number(self, *parts: object) -> str:
        """Give the id of a message: one of this installation and operation."""
        first = (self.settings.installation, self.settings.operation)
        return "-".join(map(str, (*first, *parts)))


def have(reader: Reader, version: HaveVersion, box: BBox | None) -> etree._Element:
    """Report on the facilities: hospitals alone in version 1.0, all three kinds in 2.0.

    Raises:
        NotFound: there is none that whoever asks may see.
    """
    wanted = HOSPITALS if version == "1.0" else SITES
    _, bodies = reader.picture.select(reader.audience, {Kind.FACILITY}, box)
    features = [orjson.loads(body) for body in bodies]
    replaced = {feature["properties"].get("stands_for") for feature in features}
    sites = [
        _site(reader, feature)
        for feature in features
        if feature["properties"].get("facility_type") in wanted and feature["id"] not in replaced
    ]
    try:
        return write_have(sites) if version == "1.0" else write_have2(sites)
    except ValueError as error:
        raise NotFound(f"{error}: ask again when the picture shows one") from error


def _site(reader: Reader, feature: Feature) -> Site:
    said = feature["properties"]
    at = next((said[name] for name in ("asserted_at", "observed_at") if said.get(name)), None)
    return Site(
        id=feature["id"],
        type=said["facility_type"],
        names=said.get("title") or {reader.lang: feature["id"]},
        address=said.get("address") or said.get("place") or {},
        status=said.get("status", "unknown"),
        updated=read_moment(at or said["fetched_at"]) or reader.now,
        provider=reader.party(said.get("publisher")),
        geometry=feature["geometry"],
        capacity=said.get("capacity"),
        occupancy=said.get("occupancy"),
        queue=said.get("queue") or {},
        notes=tuple(_notes(reader, said)),
    )


def _notes(reader: Reader, said: Mapping[str, Any]) -> Iterator[str]:
    """Say that it is an exercise, and the waits, for neither of which HAVE has an element."""
    if reader.mark:
        yield f"{reader.mark}nothing in this report is real"
    measures, words = said.get("measures") or {}, said.get("words") or {}
    for key, name in _WAITS.items():
        if f"{key}_min" in measures:
            yield f"Waiting time, {name}: {measures[f'{key}_min']:g} min"
        elif words.get(key):
            yield f"Waiting time, {name}: {say(words[key], reader.lang)}"


def resource_message(
    reader: Reader, entity_id: str, form: RmForm | None, answers: str = ""
) -> ResourceMessage:
    """Say a need or an assignment in EDXL-RM.

    Args:
        reader: who asks.
        entity_id: of the need or assignment.
        form: which message; None: `request` of a need, `commit` of an assignment.
        answers: id of the message of somebody else's that it answers; without it the sequence
            begins with our own.

    Raises:
        NotFound: there is none that whoever asks may see.
        NotPossible: there is nothing to say of it in that form.
    """
    feature = reader.find(entity_id)
    kind = None if feature is None else feature["properties"]["kind"]
    if feature is not None and kind == Kind.NEED:
        return _of_need(reader, feature, form or "request", answers)
    if feature is not None and kind == Kind.ASSIGNMENT:
        return _of_assignment(reader, feature, form or "commit", answers)
    raise NotFound(f"there is no need or assignment {entity_id!r} for you")


def _of_need(reader: Reader, feature: Feature, form: str, answers: str) -> ResourceMessage:
    if form not in ("request", "response"):
        raise NotPossible("wrong-form", "of a need there are `request` and `response`")
    said, version = feature["properties"], feature["properties"]["version"]
    first, here = reader.number(feature["id"], 1), reader.number(feature["id"], version)
    asker = Contact("Requester", reader.party(said["publisher"]))
    asked = [Contact("RespondingOrg", reader.party(code)) for code in _codes(said, "asked_of")]
    item = Item(
        id="1",
        type=Code(NEED_URN, said["item"]),
        name=said["item"],
        description=say(said.get("title") or {}, reader.lang),
        quantity=said["quantity"],
        unit=Code(UNIT_URN, said["unit"]) if said.get("unit") else None,
        schedule=(
            Schedule("RequestedArrival", _at(said, "needed_by"), _place(reader, said["subject"])),
        ),
    )
    about = _incident(reader, said["subject"])
    if form == "request":
        cancelled = said.get("status") == "cancelled"
        recalled = None if version == 1 else (first, "Cancel" if cancelled else "Update")
        return ResourceMessage(
            form="RequestResource",
            id=here,
            sent=reader.now,
            description=f"{reader.mark}{said.get('reason', '')}".strip(),
            originating=first,
            incident=about[0],
            incident_words=about[1],
            recalls=recalled,
            contacts=(asker, *asked),
            items=(item,),
        )
    answer = _answer_of(said)
    came = Item(
        id="1",
        name=said["item"],
        type=item.type,
        quantity=said.get("fulfilled", 0),
        unit=item.unit,
        response=answer,
    )
    return ResourceMessage(
        form="ResponseToRequestResource",
        id=reader.number(feature["id"], version, "response"),
        sent=reader.now,
        description=reader.mark.strip(),
        originating=answers or first,
        preceding=answers or first,
        incident=about[0],
        incident_words=about[1],
        contacts=(*asked, asker),
        items=(came,),
    )


def _answer_of(said: Mapping[str, Any]) -> Response:
    """Give what was answered to a need.

    Raises:
        NotPossible: nothing was.
    """
    status, came, wanted = said.get("status", "open"), said.get("fulfilled", 0), said["quantity"]
    if status == "fulfilled":
        return Response("1", "Accept")
    if status == "part":
        return Response("1", "Provisional", f"{came} of {wanted} so far")
    if status == "cancelled":
        return Response("1", "Decline", said.get("reason") or "needed no more")
    raise NotPossible("no-answer", "nothing has come of this need yet: ask for its `request`")


def _of_assignment(reader: Reader, feature: Feature, form: str, answers: str) -> ResourceMessage:
    if form not in ("commit", "status"):
        raise NotPossible("wrong-form", "of an assignment there are `commit` and `status`")
    said = feature["properties"]
    first = reader.number(feature["id"], 1)
    resource = reader.find(said["resource"])
    status = said["status"]
    owner = Contact("Owner", reader.party(said.get("agency"), said.get("contact") or ""))
    sender = Contact("Sender", reader.party(reader.settings.organisation))
    item = Item(
        id="1",
        resource=said["resource"],
        name=_name(reader, resource) or said["resource"],
        type=_type(resource),
        description=say(said.get("duty") or {}, reader.lang),
        quantity=1,
        owner=owner.party,
        status=Code(STATUS_URN, status),
        response=_commitment(said) if form == "commit" else None,
        schedule=tuple(_steps(reader, said, resource)),
    )
    commit, about = form == "commit", _incident(reader, said.get("incident"))
    return ResourceMessage(
        form="CommitResource" if commit else "ReportResourceDeploymentStatus",
        id=reader.number(feature["id"], said["version"], form),
        sent=reader.now,
        description=reader.mark.strip(),
        originating=answers or first,
        preceding=answers or (first if commit else reader.number(feature["id"], 1, "commit")),
        incident=about[0],
        incident_words=about[1],
        contacts=(owner, sender),
        items=(item,),
    )


def _commitment(said: Mapping[str, Any]) -> Response:
    if said["status"] in ("declined", "stood_down"):
        return Response("1", "Decline", said.get("reason") or said["status"])
    if said["status"] == "proposed":
        return Response("1", "Provisional", "proposed, not yet assigned")
    return Response("1", "Accept")


def _steps(reader: Reader, said: Mapping[str, Any], resource: Feature | None) -> Iterator[Schedule]:
    steps = said.get("steps") or {}
    goal = _place(reader, said.get("incident"))
    if said.get("due_at"):
        yield Schedule("RequestedArrival", _at(said, "due_at"), goal)
    for step, name in (
        ("assigned", "Committed"),
        ("en_route", "ActualDeparture"),
        ("on_scene", "ActualArrival"),
        ("completed", "ActualReturnDeparture"),
    ):
        if steps.get(step):
            yield Schedule(name, _at(steps, step), goal if step == "on_scene" else None)
    if resource is not None and resource["geometry"] is not None:
        at = _at(resource["properties"], "position_at")
        yield Schedule("Current", at, Place(geometry=resource["geometry"]))


def _codes(said: Mapping[str, Any], name: str) -> Sequence[str]:
    return [said[name]] if said.get(name) else []


def _at(said: Mapping[str, Any], name: str) -> datetime | None:
    return read_moment(said[name]) if said.get(name) else None


def _name(reader: Reader, feature: Feature | None) -> str:
    return "" if feature is None else say(feature["properties"].get("title") or {}, reader.lang)


def _type(resource: Feature | None) -> Code | None:
    return None if resource is None else Code(RESOURCE_URN, resource["properties"]["resource_type"])


def _place(reader: Reader, entity_id: str | None) -> Place | None:
    feature = reader.find(entity_id) if entity_id else None
    if feature is None:
        return None
    words = say(feature["properties"].get("place") or {}, reader.lang)
    return Place(words or _name(reader, feature), feature["geometry"])


def _incident(reader: Reader, entity_id: str | None) -> tuple[str, str]:
    """Give id and name of the incident, or facility, that a message is about."""
    feature = reader.find(entity_id) if entity_id else None
    return entity_id or "", _name(reader, feature)


def envelope(reader: Reader, name: str, type_: str, contents: Sequence[etree._Element]) -> bytes:
    """Put *contents* into an envelope.

    Args:
        reader: for whom.
        name: of what is in it; part of its id.
        type_: of the message, as DE has them.
        contents: root elements.
    """
    settings = reader.settings
    inside = reader.audience is not Audience.PUBLIC
    words = "For official use only" if inside else "Public"
    return write_de(
        Envelope(
            id=reader.number(name, int(reader.now.timestamp())),
            sender=settings.alert_sender or settings.installation,
            sent=reader.now,
            status="Exercise" if settings.exercise else "Actual",
            type=type_,
            confidentiality=words,
            lei=lei_of(settings, settings.organisation) or "",
            language=reader.lang,
            contents=tuple(
                Content(element=element, description=name, confidentiality=words)
                for element in contents
            ),
        )
    )


TYPE_OF: Final[Mapping[str, str]] = {
    "RequestResource": "Request",
    "ResponseToRequestResource": "Response",
    "CommitResource": "Response",
    "ReportResourceDeploymentStatus": "Report",
}
"""What an envelope calls the messages of RM."""
