"""Messages of partners that come as XML alone: which form, which number, what to call them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from cop.formats.payload import child, child_text, children, local_name, read_xml
from cop.model.exchange import MessageForm
from cop.services.exchange.edxl_in import understand

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What is said of a document that came as a message.

    Attributes:
        form: what it is.
        number: the sender's own id of it; of a document without one, its SHA-256.
        title: what to call it.
        exercise: whether it says that it is of an exercise.
        defects: what could not be read.
    """

    form: MessageForm
    number: str
    title: str
    exercise: bool = False
    defects: tuple[str, ...] = field(default=())


def read_wrapped(body: bytes) -> Wrapped:
    """Read what a CAP or EDXL document is; the document itself is kept as it came.

    Raises:
        PayloadError: it is no XML that may be read, or neither.
    """
    root = read_xml(body)
    if local_name(root) == "alert":
        return _cap(root, body)
    found = understand(body)
    number = _number(found.number, body)
    defects = tuple(found.defects)
    if found.status not in ("", "Actual", "Exercise"):
        defects = (*defects, f"its status is {found.status[:40]}")
    title = f"{found.form.upper()} {number}"[:_LONGEST]
    return Wrapped(found.form, number, title, found.status == "Exercise", defects[:20])


def _cap(root: etree._Element, body: bytes) -> Wrapped:
    named = {name: child_text(root, name) for name in ("identifier", "sender", "sent", "status")}
    defects = [f"{name} is missing" for name, said in named.items() if not said]
    if not child_text(root, "identifier"):
        number = ""
    else:  # the same identifier sent again at another time is another message
        number = ",".join((named["sender"], named["identifier"], named["sent"]))
    if named["status"] not in ("", "Actual", "Exercise"):
        defects.append(f"its status is {named['status'][:40]}")
    info = next(children(root, "info"), None)
    title = "" if info is None else child_text(info, "headline") or child_text(info, "event")
    if child(root, "info") is None:
        defects.append("info is missing")
    exercise = named["status"] == "Exercise"
    known = title or f"CAP {named['identifier']}"
    return Wrapped("cap", _number(number, body), known[:_LONGEST], exercise, tuple(defects))


def _number(said: str, body: bytes) -> str:
    number = "".join(sign for sign in said if "\x21" <= sign <= "\x7e")
    if not number:
        return f"sha256-{hashlib.sha256(body).hexdigest()}"
    return number if len(number) <= _LONGEST else hashlib.sha256(said.encode()).hexdigest()
