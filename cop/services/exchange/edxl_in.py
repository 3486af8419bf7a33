"""EDXL from others: read leniently, kept as it came, and, where it asks for something, a need."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from lxml import etree
from pydantic import ValidationError

from cop.errors import CopError, IdempotencyMismatch, PayloadError, StoreUnavailable
from cop.formats.edxl.de import read_de
from cop.formats.edxl.have import read_have
from cop.formats.edxl.rm import RMSG, Item, ResourceMessage
from cop.formats.edxl.rm_read import FORMS, read_rm
from cop.formats.edxl.sitrep import read_sitrep
from cop.formats.payload import local_name, read_xml
from cop.model.exchange import MessageForm
from cop.model.journal import Origin
from cop.model.publisher import PUBLISHERS
from cop.model.response import NEED_ITEMS
from cop.services.commands.desk import Desk
from cop.services.commands.engine import perform
from cop.services.commands.needs import COMMANDS, AskNeed
from cop.services.commands.plan import Asked
from cop.services.exchange.edxl import NEED_URN
from cop.services.exchange.organisations import organisations_of
from cop.services.policy import Identity

_ROOTS: Final[Mapping[str, MessageForm]] = {
    "EDXLDistribution": "edxl-de",
    "edxlDistribution": "edxl-de",
    "HospitalStatus": "edxl-have",
    "HAVE": "edxl-have",
    "sitRep": "edxl-sitrep",
    **dict.fromkeys(FORMS, "edxl-rm"),
}
_ASK: Final = next(command for command in COMMANDS if command.body is AskNeed)
_LONGEST: Final = 300
_MOST_WANTED: Final = 1_000_000
_ASKING: Final = frozenset(["RequestResource", "RequisitionResource"])
_ANSWER: Final = "note by hand on the need what they answer"
_TELL: Final = "send them by hand what they ask"
_BY_HAND: Final[Mapping[str, str]] = {
    **dict.fromkeys(FORMS - _ASKING, _TELL),
    "ResponseToRequestResource": _ANSWER,
    "CommitResource": _ANSWER,
    "OfferUnsolicitedResource": "ask for it by a need if it is wanted",
    "ReleaseResource": "stand down or complete by hand the task that it ends",
    "RequestReturn": "stand down by hand what they want back",
    "ReportResourceDeploymentStatus": "note by hand on the task how it stands",
    "ResponseToRequestInformation": "it is kept as it came",
    "ResponseToRequestQuote": "it is kept as it came",
    "ResponseToRequestReturn": "it is kept as it came",
    "ResponseToRequestExtendedDeploymentDuration": "it is kept as it came",
}
"""What is to be done about messages that ask for no resources."""

MOST_DEFECTS: Final = 200
"""Of one document that are told."""
MOST_NEEDS: Final = 200
"""Of one document that needs are made of, however many messages are in it."""


@dataclass(slots=True)
class Understood:
    """What was understood of a document.

    Attributes:
        form: what it is.
        number: the sender's own id of it; "" where it has none.
        sender: as an envelope names it.
        lei: the sender's, where it says one.
        status: of an envelope: `Actual`, `Exercise`, `System`, `Test`; "" without one.
        parts: what is in it, each as JSON values with its `form`.
        defects: what could not be read, in words.
        asks: the requests for resources in it.
    """

    form: MessageForm
    number: str = ""
    sender: str = ""
    lei: str = ""
    status: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    asks: list[ResourceMessage] = field(default_factory=list)


def understand(body: bytes) -> Understood:
    """Read an EDXL document: DE, HAVE, RM or SitRep.

    Raises:
        PayloadError: it is no XML that may be read, or none of these.
    """
    root = read_xml(body)
    form = _ROOTS.get(local_name(root))
    if form is None:
        said = f"the root element {local_name(root)[:60]!r} is none of"
        if root.tag.startswith(f"{{{RMSG}}}"):
            raise PayloadError(f"{said} RM's sixteen messages: {', '.join(sorted(FORMS))}")
        raise PayloadError(f"{said} EDXL-DE, HAVE, RM or SitRep")
    found = Understood(form)
    _read(found, root)
    if len(found.defects) > MOST_DEFECTS:
        more = len(found.defects) - MOST_DEFECTS
        found.defects[MOST_DEFECTS:] = [f"and {more:,} more that could not be read"]
    return found


def _read(found: Understood, root: etree._Element) -> None:
    if found.form == "edxl-de":
        envelope, defects = read_de(root)
        found.number, found.sender, found.status = envelope.id, envelope.sender, envelope.status
        found.lei = envelope.lei
        found.defects += defects
        for content in envelope.contents:
            if content.element is not None:
                _take(found, content.element)
        count = sum(len(message.items) for message in found.asks)
        if count > MOST_NEEDS:
            found.defects.insert(
                0,
                f"it asks for {count} resources: needs are made of the first {MOST_NEEDS}, so send"
                " the others in a document of their own",
            )
        return
    found.number = _take(found, root)


def _take(found: Understood, root: etree._Element) -> str:
    """Read one document into *found*; give its number."""
    read = _READERS.get(_ROOTS.get(local_name(root), "words"))
    if read is None:
        found.defects.append(
            f"in the envelope is a {local_name(root)[:60]!r}, which is kept and not read here"
        )
        return ""
    return read(found, root)


def _take_rm(found: Understood, root: etree._Element) -> str:
    message, defects = read_rm(root)
    found.defects += defects
    found.parts.append({"form": "edxl-rm", **_said(message)})
    if message.form in _ASKING:
        found.asks.append(message)
    elif message.form in FORMS:
        found.defects.append(_by_hand(message))
    return message.id


def _by_hand(message: ResourceMessage) -> str:
    """Say that nothing is done by a message that asks for no resources, and what people do."""
    what = f"nothing is changed by a {message.form}"
    if message.recalls is not None:
        return f"{what} that recalls {message.recalls[0][:100]!r}: {_BY_HAND[message.form]}"
    return f"{what}: {_BY_HAND[message.form]}"


def _take_have(found: Understood, root: etree._Element) -> str:
    reports, defects = read_have(root)
    found.defects += defects
    facilities = [
        {
            "id": report.id,
            "name": report.name,
            "status": report.status,
            "updated_at": report.updated,
            "geometry": report.geometry,
            "comments": report.comments,
        }
        for report in reports
    ]
    found.parts.append({"form": "edxl-have", "facilities": facilities})
    return ""


def _take_sitrep(found: Understood, root: etree._Element) -> str:
    head, defects = read_sitrep(root)
    found.defects += defects
    found.parts.append(
        {
            "form": "edxl-sitrep",
            "number": head.id,
            "title": head.title,
            "purpose": head.purpose,
            "from": head.since,
            "until": head.until,
            "severity": head.severity,
            "report": head.body,
        }
    )
    return head.id


_READERS: Final[Mapping[str, Callable[[Understood, etree._Element], str]]] = {
    "edxl-rm": _take_rm,
    "edxl-have": _take_have,
    "edxl-sitrep": _take_sitrep,
}


def _said(message: ResourceMessage) -> dict[str, Any]:
    return {
        "message": message.form,
        "number": message.id,
        "sent_at": message.sent,
        "words": message.description,
        "originating": message.originating,
        "preceding": message.preceding,
        "incident": message.incident,
        "recalls": message.recalls,
        "contacts": [
            {"role": one.role, "name": one.party.name, "lei": one.party.lei}
            for one in message.contacts
        ],
        "items": [
            {
                "id": item.id,
                "resource": item.resource,
                "name": item.name,
                "type": None if item.type is None else item.type.value,
                "words": item.description,
                "quantity": item.quantity,
                "status": None if item.status is None else item.status.value,
                "answer": None if item.response is None else item.response.answer,
                "reason": "" if item.response is None else item.response.reason,
            }
            for item in message.items
        ],
    }


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one item that is asked for.

    Attributes:
        message, item: their ids.
        need: id of the need; None: none was made.
        repeated: it had been made before.
        detail: why none was made, and what to do.
    """

    message: str
    item: str
    need: str | None = None
    repeated: bool = False
    detail: str = ""


def not_for_us(status: str, *, exercise: bool) -> str:
    """Say why what is of this status asks for nothing here; "" where it may.

    Nothing becomes real because it does not say that it is not: without a status it asks for
    something in an exercise alone.

    Args:
        status: the envelope's, or what whoever sends it vouches for; "" for neither.
        exercise: whether this operation is one.
    """
    if status == ("Exercise" if exercise else "Actual") or (exercise and not status):
        return ""
    if not status:
        return (
            "nothing says that it is real: no need is made of it; send it in an envelope of status"
            " 'Actual', or say by `status=Actual` that you know it"
        )
    what = "an exercise" if exercise else "no exercise"
    return f"its status is {status[:40]!r}, and this operation is {what}: no need is made of it"


@dataclass(frozen=True, slots=True)
class Taker:
    """Who has a message taken in: at which desk, and from where; what they may, commands decide."""

    desk: Desk
    identity: Identity
    origin: Origin


def ask_needs(taker: Taker, asks: Iterable[ResourceMessage], subject: str = "") -> list[Made]:
    """Make a need of each item that is asked for, once however often its message comes.

    At most `MOST_NEEDS` are made.

    Args:
        taker: who does it.
        asks: the requests.
        subject: id of the incident or facility that it is for; "" where the message names it.

    Raises:
        StoreUnavailable: the store does not answer; asking again is safe.
    """
    made = []
    items = ((message, item) for message in asks for item in message.items)
    for message, item in islice(items, MOST_NEEDS):
        try:
            made.append(_ask(taker, message, item, subject))
        except StoreUnavailable:
            raise
        except (CopError, ValueError) as error:
            made.append(Made(message.id, item.id, detail=_words(error)))
    return made


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        return "; ".join(wrong)[:_LONGEST]
    return str(error)[:_LONGEST]


def _ask(taker: Taker, message: ResourceMessage, item: Item, subject: str) -> Made:
    if not message.id:
        raise ValueError("without a MessageID it cannot be known again: no need is made of it")
    if message.recalls is not None:
        number, how = message.recalls
        what = "cancel" if how == "Cancel" else "change"
        raise ValueError(f"it recalls {number[:100]!r}: {what} the need that was made of that")
    if not (subject or message.incident):
        raise ValueError("say by `subject` which incident or facility it is for")
    body = AskNeed(
        subject=subject or message.incident,
        item=_kind_of(item),
        quantity=_quantity(item),
        unit=(item.unit.value if item.unit else "")[:40],
        asked_of=_asked_of(taker.desk, message),
        needed_by=next(
            (one.at for one in item.schedule if one.type == "RequestedArrival" and one.at), None
        ),
        words=_line(message, item),
    )
    digest = hashlib.sha256(f"{message.id}\n{item.id}".encode()).hexdigest()[:32]
    asked = Asked(identity=taker.identity, key=f"edxl-{digest}", origin=taker.origin)
    try:
        outcome = perform(taker.desk, _ASK, "", body, asked)
    except IdempotencyMismatch:
        raise ValueError(
            "this MessageID came before with other content: send what changed under a new one"
        ) from None
    return Made(message.id, item.id, outcome.id, outcome.repeated)


def _kind_of(item: Item) -> Any:
    known = item.type is not None and item.type.urn == NEED_URN and item.type.value in NEED_ITEMS
    return item.type.value if known and item.type is not None else "other"


def _quantity(item: Item) -> int:
    wanted = 1 if item.quantity is None else math.ceil(item.quantity)
    if not 1 <= wanted <= _MOST_WANTED:
        raise ValueError(f"{wanted} are asked for: between 1 and {_MOST_WANTED:,} can be")
    return wanted


def _asked_of(desk: Desk, message: ResourceMessage) -> str | None:
    """Give the code of the organisation that is to answer, where it is one that is known here."""
    known = organisations_of(desk.settings)
    for contact in message.contacts:
        if contact.role != "RespondingOrg":
            continue
        for code, one in known.items():
            same = contact.party.lei and contact.party.lei == one.lei
            if same or contact.party.name in PUBLISHERS[code].values():
                return code
    return None


def _line(message: ResourceMessage, item: Item) -> str:
    """Say in one line what is asked for, and by whom."""
    kind = item.type.value if item.type is not None else ""
    what = ": ".join(dict.fromkeys(filter(None, (item.name or kind, item.description))))
    who = next((one.party.name for one in message.contacts if one.role == "Requester"), "")
    words = " · ".join(filter(None, (what or message.description, who)))
    return " ".join(words.split())[:_LONGEST]
