"""The CAP messages in a document, each by itself, whatever the document is.

One message, an Atom or RSS list (with the messages, with links to them, or with their elements in
the entries), an EDXL-DE envelope, any XML that holds alerts, or an archive of such; a broken one
never takes its neighbours along. What a list links to is named, never fetched here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import islice
from typing import Final, Literal

from lxml import etree

from cop.errors import PayloadError
from cop.formats.cap import CapAlert, alert_of
from cop.formats.cap_archive import documents, is_packed
from cop.formats.cap_entry import best_link, entry_message, link_of
from cop.formats.cap_repair import find_alerts, read_repaired, repair
from cop.formats.edxl.de import value_of
from cop.formats.packed import MOST_UNPACKED, unpacked
from cop.formats.payload import child_text, has_doctype, local_name, read_xml
from cop.formats.when import HONG_KONG_TIME

MOST_MESSAGES: Final = 5_000
"""Of one document; more are not read, and that is said."""

_MOST_PIECES: Final = 1_000
"""Of a document that is broken."""

_LOOKS_LIKE_ALERT: Final = re.compile(
    r"^\s*(?:<!--(?:(?!-->).){0,2000}-->\s*){0,5}<(?:\?xml|(?:[\w.-]+:)?alert[\s>])", re.DOTALL
)
_ACROSS: Final = re.IGNORECASE | re.DOTALL
_OPEN: Final = ("unclassified", "public", "none", "open")

Form = Literal["alert", "atom", "rss", "edxl-de", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One message of a document.

    Attributes:
        row: what to call it when nothing of it can be read.
        original: its bytes: the document itself for a message that stands alone, otherwise the
            element alone, with the namespaces that it needs.
        alert: what it says; None where it cannot be read.
        fault: why not.
        defects: what had to be mended to read it.
        practice: the envelope says that it is an exercise or a test.
        inside: the envelope says that it is not for everybody.
    """

    row: str
    original: bytes
    alert: CapAlert | None = None
    fault: str = ""
    defects: tuple[str, ...] = ()
    practice: bool = False
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """A message elsewhere that a list or an envelope names.

    Attributes:
        row: what the list calls it.
        address: where it is, absolute.
        said: everything in the entry by which its message could be known: ids and addresses.
        entry: what the entry itself says of the message; None where it says too little.
        practice: the envelope says that it is an exercise or a test.
        inside: the envelope says that it is not for everybody.
    """

    row: str
    address: str
    said: str
    entry: Found | None = None
    practice: bool = False
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a document holds.

    Attributes:
        form: what it is.
        messages: in the order of the document.
        links: to messages elsewhere, in the order of the list.
        problems: what of the document itself is wrong.
        whole: all of it could be read: what it does not list is not in it.
    """

    form: Form
    messages: tuple[Found, ...] = ()
    links: tuple[Linked, ...] = ()
    problems: tuple[str, ...] = ()
    whole: bool = True


def read_envelope(body: bytes, *, address: str = "", zone: tzinfo = HONG_KONG_TIME) -> Envelope:
    """Read every message of a document.

    Args:
        body: the document.
        address: where it came from: links are read from there.
        zone: of times that name none.

    Raises:
        PayloadError: it is no XML, or holds neither messages nor a list of them.
    """
    if is_packed(body):
        return _unpacked(documents(body), address, zone)
    return _read_document(body, address, zone)


def _unpacked(bodies: Iterable[bytes], address: str, zone: tzinfo) -> Envelope:
    """Put together what the documents of an archive hold; a broken one keeps no other back."""
    read: list[Envelope] = []
    for number, body in enumerate(bodies, 1):
        try:
            read.append(_read_document(body, address, zone))
        except PayloadError as error:
            broken = Found(row=f"file {number}", original=body, fault=str(error))
            read.append(Envelope("list", (broken,), whole=False))
    if len(read) == 1 and read[0].whole:
        return read[0]
    return _bounded(
        Envelope(
            "list",
            tuple(found for one in read for found in one.messages),
            tuple(link for one in read for link in one.links),
            tuple(dict.fromkeys(problem for one in read for problem in one.problems)),
            whole=all(one.whole for one in read),
        )
    )


def _read_document(body: bytes, address: str, zone: tzinfo) -> Envelope:
    try:
        root, defects = read_repaired(body)
    except PayloadError as error:
        return _salvage(body, error, zone)
    name = local_name(root)
    if name == "alert" and _is_message(root):
        return Envelope("alert", (_read(root, body, defects, zone),))
    if name in {"feed", "rss", "RDF"}:
        found = _list(root, "atom" if name == "feed" else "rss", address, zone)
    elif name.lower() == "edxldistribution":
        held = list(_distributed(root, address, zone))
        messages = tuple(one for one in held if isinstance(one, Found))
        links = tuple(one for one in held if isinstance(one, Linked))
        found = Envelope("edxl-de", messages, links)
    else:
        texts = (found for one in root.iter() for found in _text_of(one, "text", zone))
        found = Envelope("list", tuple(_slices(root, zone)) or tuple(texts))
        if not found.messages:
            raise PayloadError(f"no CAP alert in {name!r}")
    return _bounded(replace(found, problems=defects))


def _bounded(found: Envelope) -> Envelope:
    if len(found.messages) <= MOST_MESSAGES:
        return found
    said = f"{len(found.messages)} messages, only {MOST_MESSAGES} read"
    messages = found.messages[:MOST_MESSAGES]
    return replace(found, messages=messages, problems=(*found.problems, said), whole=False)


def _salvage(body: bytes, error: PayloadError, zone: tzinfo) -> Envelope:
    """Read what can be read of a document that as a whole is broken."""
    if has_doctype(body):
        raise error
    text, _ = repair(body)
    pieces = list(islice(find_alerts(text), _MOST_PIECES))
    if not pieces:
        raise error
    practice = _said_in(text, "distributionStatus").lower() not in {"", "actual"}
    inside = _is_closed(_said_in(text, "combinedConfidentiality"))
    found = tuple(
        replace(_alone(piece.encode(), f"alert {n}", zone), practice=practice, inside=inside)
        for n, piece in enumerate(pieces, 1)
    )
    if not any(one.alert for one in found):
        raise error
    problem = f"the document is broken: {error}"[:200]
    return _bounded(Envelope("list", found, problems=(problem,), whole=False))


def _said_in(text: str, name: str) -> str:
    """Give what the first element *name* of broken XML holds; "" where there is none."""
    found = re.search(rf"<((?:[\w.-]+:)?{name})\s*>(.{{0,600}}?)(?:</\1|\Z)", text, _ACROSS)
    if found is None:
        begun = re.search(rf"<(?:[\w.-]+:)?{name}[\s>]", text, re.IGNORECASE)
        return "" if begun is None else "cannot be read"
    words = re.sub(r"<[^>]*>", " ", found[2]).split()
    return " ".join(word for word in words if not word.lower().startswith("urn:"))


def _alone(body: bytes, row: str, zone: tzinfo) -> Found:
    try:
        root, defects = read_repaired(body)
    except PayloadError as error:
        return Found(row=row, original=body, fault=str(error))
    return _read(root, body, defects, zone, row=row)


def _is_message(element: etree._Element) -> bool:
    """Tell whether *element*, called `alert`, is one of CAP: another format's has none of these."""
    inner = {local_name(child) for child in element}
    return bool(inner & {"identifier", "msgType", "sender", "sent", "info"}) or (
        "emergency:cap" in str(element.tag)
    )


def _read(
    element: etree._Element,
    original: bytes,
    defects: Iterable[str],
    zone: tzinfo,
    *,
    row: str = "",
) -> Found:
    """Read the message in *element*; what cannot be one comes with its fault."""
    row = " ".join(child_text(element, "identifier").split())[:120] or row or "alert"
    try:
        plain = read_xml(etree.tostring(element, encoding="utf-8", with_tail=False))
        alert = alert_of(plain, zone=zone)
    except (PayloadError, ValueError) as error:
        return Found(row=row, original=original, fault=str(error), defects=tuple(defects))
    return Found(row=row, original=original, alert=alert, defects=tuple(defects))


def slice_of(element: etree._Element) -> bytes:
    """Give *element* as a document of its own, with the namespaces that it uses and no others."""
    alone = read_xml(etree.tostring(element, encoding="utf-8", with_tail=False), exact=True)
    etree.cleanup_namespaces(alone)
    return bytes(etree.tostring(alone, encoding="utf-8"))


def _outermost(element: etree._Element) -> Iterator[etree._Element]:
    """List the alerts below *element* that are not inside another."""
    within: set[etree._Element] = set()
    for inner in element.iterdescendants():
        if inner.getparent() in within:
            within.add(inner)
        elif local_name(inner) == "alert" and _is_message(inner):
            within.add(inner)
            yield inner


def _slices(element: etree._Element, zone: tzinfo, *, row: str = "") -> Iterator[Found]:
    for number, alert in enumerate(_outermost(element), 1):
        yield _read(alert, slice_of(alert), (), zone, row=row or f"alert {number}")


def _list(root: etree._Element, form: Form, address: str, zone: tzinfo) -> Envelope:
    messages: list[Found] = []
    links: list[Linked] = []
    entries = [e for e in root.iter() if local_name(e) in {"entry", "item"}]
    for number, entry in enumerate(entries, 1):
        row = (child_text(entry, "id") or child_text(entry, "guid") or f"entry {number}")[:120]
        inner = [*_slices(entry, zone, row=row), *_escaped(entry, row, zone)]
        if inner:
            messages += inner
            continue
        made = entry_message(entry, root)
        own = None if made is None else _read(made, slice_of(entry), (), zone, row=row)
        link = best_link(entry, address)
        if link is not None:
            links.append(Linked(row, link, _said(entry, link), own))
        elif own is not None:
            messages.append(own)
        else:
            fault = "neither a CAP message nor a link to one"
            messages.append(Found(row=row, original=slice_of(entry), fault=fault))
    return Envelope(form, tuple(messages), tuple(links))


def _said(entry: etree._Element, link: str) -> str:
    names = ("id", "guid", "identifier", "link")
    return " ".join([link, *(child_text(entry, name) for name in names)])


def _escaped(entry: etree._Element, row: str, zone: tzinfo) -> Iterator[Found]:
    """Read messages that stand in an entry as text."""
    for element in entry:
        yield from _text_of(element, row, zone)


def _text_of(element: etree._Element, row: str, zone: tzinfo) -> Iterator[Found]:
    words = element.text or ""
    if _LOOKS_LIKE_ALERT.match(words) and len(words) <= MOST_UNPACKED:
        yield from _inner(words.encode(), row, zone)


def _inner(body: bytes, row: str, zone: tzinfo) -> Iterator[Found]:
    found = _alone(body, row, zone)
    if found.alert is not None or not found.fault.startswith("no CAP alert"):
        yield found


def _distributed(root: etree._Element, address: str, zone: tzinfo) -> Iterator[Found | Linked]:
    """Read the messages of an EDXL-DE envelope, each as its content object describes it."""
    status = _first(root, "distributionstatus").lower()
    practice = bool(status) and status != "actual"
    closed = _is_closed(_first(root, "combinedconfidentiality"))
    objects = [e for e in root.iter() if local_name(e).lower() == "contentobject"]
    for number, content in enumerate(objects or [root], 1):
        row = _first(content, "contentdescription")[:120] or f"content object {number}"
        inside = closed or _is_closed(_first(content, "confidentiality"))
        found = [*_slices(content, zone, row=row), *_attached(content, row, zone)]
        for one in found:
            yield replace(one, practice=practice, inside=inside)
        link = None if found else link_of(content, address)
        if link is not None:
            yield Linked(row, link, link, practice=practice, inside=inside)
        elif not found:
            fault = "a content object without a CAP message"
            yield Found(row=row, original=slice_of(content), fault=fault)


def _first(element: etree._Element, name: str) -> str:
    for inner in element.iter():
        if local_name(inner).lower() == name:
            return value_of(inner)
    return ""


def _is_closed(words: str) -> bool:
    return bool(words) and not words.strip().lower().startswith(_OPEN)


def _attached(content: etree._Element, row: str, zone: tzinfo) -> Iterator[Found]:
    """Read what a content object holds as text or in base64."""
    for element in content.iter():
        words = element.text or ""
        name = local_name(element).lower()
        if _LOOKS_LIKE_ALERT.match(words):
            yield from _inner(words.encode(), row, zone)
        elif name == "contentdata" and words.strip():
            try:
                body = unpacked(words)
            except ValueError as error:
                yield Found(row=row, original=words.encode(), fault=f"contentData: {error}"[:200])
                continue
            if _LOOKS_LIKE_ALERT.match(body[:200].decode("utf-8", errors="replace")):
                yield from _inner(body, row, zone)
