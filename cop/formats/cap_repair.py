"""XML of alerts that is nearly XML: made readable, and every change said.

A document type or an entity of its own is never let through; nothing is guessed of what broke off.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.payload import has_doctype, read_xml

CAP: Final = "urn:oasis:names:tc:emergency:cap:1.2"
_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["']""")
_PROLOGUE: Final = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_CLOSED_BY: Final = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_SECTION: Final = re.compile(r"<!\[CDATA\[|<!--|<\?")
_NAMED: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE: Final = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_LESS: Final = re.compile(r"<(?![A-Za-z_/!?])")
_INVALID: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BAD_NUMBER: Final = re.compile(
    r"&#(?:0*(?:[0-8]|1[1-2]|1[4-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
_PREFIX: Final = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]")
_PREFIXED: Final = re.compile(r"""\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=\s*["']""")
_LOOSE: Final = re.compile(r"""(\bxmlns(?::[A-Za-z_][\w.-]*)?\s*=\s*)(["'])([^"'<]*)\2""")
_BOUND: Final = re.compile(r"\bxmlns:([A-Za-z_][\w.-]*)\s*=")
_BINDING: Final = re.compile(r"""\bxmlns(?::[A-Za-z_][\w.-]*)?\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_START: Final = re.compile(r"<[A-Za-z_][\w.:-]*")
_OPENED: Final = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?)alert(?=[\s>])")
_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_UTF16: Final = ("utf-16", "utf16", "ucs-2", "utf-32")
_CODE_PAGES: Final = re.compile(
    r"(?:us-)?ascii|latin-?1|(?:iso|windows|cp|gb|big5|euc|koi8|shift|ms|hz|tis)[\w.-]*"
)
"""What documents are written in; Python decodes by many other names, some of them for ever."""


def read_repaired(body: bytes) -> tuple[etree._Element, tuple[str, ...]]:
    """Read *body* as XML, exactly as it is if that goes; give the root and what had to be mended.

    Raises:
        PayloadError: it is no XML and cannot be made any, or declares a document type.
    """
    said = "it is UTF-8, and says that it is not"
    if not _says_another_encoding(body):
        try:
            return read_xml(body, exact=True), ()
        except PayloadError as error:
            if has_doctype(body):
                raise
            said = str(error)
    text, changes = repair(body)
    root = read_xml(text.encode(), exact=True)
    return root, (*changes, f"as it came: {said}"[:200])


def repair(body: bytes) -> tuple[str, tuple[str, ...]]:
    """Give the text of *body* as XML without a declaration, and what was changed in it."""
    text, changes = _decode(body)
    text = _PROLOGUE.sub("", text.lstrip("\ufeff"))
    if _INVALID.search(text) or _BAD_NUMBER.search(text):
        text = _BAD_NUMBER.sub(" ", _INVALID.sub(" ", text))
        changes.append("characters that XML cannot hold were left out")
    parts = list(_sections(text))
    mended = [part if part.startswith(tuple(_CLOSED_BY)) else _escape(part) for part in parts]
    if mended != parts:
        changes.append("HTML entities, or `&` and `<` as they stand, were read as text")
    named = "".join(mended).strip()
    text = _LOOSE.sub(lambda found: f"{found[1]}{found[2]}{found[3].strip()}{found[2]}", named)
    if text != named:
        changes.append("blanks around the name of a namespace were left out")
    text = _bind(text)
    if "urn:undeclared:" in text:
        changes.append("a prefix stands for no namespace")
    return text, tuple(changes)


def find_alerts(text: str) -> Iterator[str]:
    """Give every stretch of *text* from where an alert opens to its end, each to stand alone.

    For a document that is broken somewhere: an alert without an end goes up to the next one. The
    namespaces that are bound before the first are bound in each.
    """
    starts = list(_OPENED.finditer(text))
    outer = dict.fromkeys(_BINDING.findall(text[: starts[0].start()])) if starts else {}
    for place, found in enumerate(starts):
        limit = starts[place + 1].start() if place + 1 < len(starts) else len(text)
        end = re.compile(rf"</{re.escape(found[1])}alert\s*>").search(text, found.end(), limit)
        piece = text[found.start() : end.end() if end else limit]
        head = piece.partition(">")[0]
        bindings = "".join(
            f" {binding}"
            for binding in outer
            if binding.partition("=")[0].strip() + "=" not in head.replace(" =", "=")
        )
        opening = len(found.group())
        yield _bind(piece[:opening] + bindings + piece[opening:])


def _decode(body: bytes) -> tuple[str, list[str]]:
    found = _DECLARED.search(body[:400])
    declared = found[1].decode().lower() if found else ""
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", errors="replace"), []
    if body[:200].count(0) > 20:
        little = body[1:2] == b"\0"
        return body.decode("utf-16-le" if little else "utf-16-be", errors="replace"), []
    for encoding in _encodings(body, declared):
        try:
            text = body.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if encoding in {declared, "utf-8-sig"} and declared in {"", "utf-8", "utf8", encoding}:
            return text, []
        return text, [f"read as {encoding}, not as {declared or 'utf-8'} as it says"]
    return body.decode("utf-8", errors="replace"), ["characters in no known encoding were lost"]


def _says_another_encoding(body: bytes) -> bool:
    """Tell whether *body* is UTF-8, with more than ASCII in it, and names an encoding of bytes."""
    found = _DECLARED.search(body[:400])
    named = found[1].decode().lower() if found else "utf-8"
    if named.startswith(("utf", "us-ascii", "ucs")) or body.isascii():
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _encodings(body: bytes, declared: str) -> Iterator[str]:
    """List in which encodings to try *body*: a declaration is often wrong, UTF-8 rarely by chance.

    What is neither is told by the region that the message names.
    """
    yield "utf-8-sig"
    if _CODE_PAGES.fullmatch(declared):
        yield declared
    if declared.startswith("gb"):
        yield "gb18030"
    lower = body.lower()
    if b"zh-cn" in lower or b"zh-hans" in lower or b"<language>zh<" in lower:
        yield "gb18030"
    if b"zh-" in lower:
        yield "big5hkscs"
    yield "cp1252"
    yield "latin-1"


def _sections(text: str) -> Iterator[str]:
    """Part *text* into mark-up and what is no mark-up: CDATA, comments and instructions."""
    begin = at = 0
    open_ended: set[str] = set()
    while found := _SECTION.search(text, at):
        opener = found.group()
        end = -1 if opener in open_ended else text.find(_CLOSED_BY[opener], found.end())
        if end < 0:  # nor for any later one
            open_ended.add(opener)
            at = found.end()
            continue
        yield text[begin : found.start()]
        begin = at = end + len(_CLOSED_BY[opener])
        yield text[found.start() : begin]
    yield text[begin:]


def _escape(part: str) -> str:
    named = _NAMED.sub(
        lambda found: (
            found.group()
            if found[1] in _XML_ENTITIES
            else html.escape(_character(found.group()), quote=False)
        ),
        part,
    )
    return _LESS.sub("&lt;", _BARE.sub("&amp;", named))


def _character(entity: str) -> str:
    return html.unescape(entity)


def _bind(text: str) -> str:
    """Bind in the first element the prefixes that nothing binds."""
    unbound = dict.fromkeys([*_PREFIX.findall(text), *_PREFIXED.findall(text)])
    for prefix in [*_BOUND.findall(text), "xml", "xmlns"]:
        unbound.pop(prefix, None)
    opening = _START.search(text)
    if not unbound or opening is None:
        return text
    bindings = "".join(
        f' xmlns:{prefix}="{CAP if prefix == "cap" else f"urn:undeclared:{prefix}"}"'
        for prefix in unbound
    )
    return text[: opening.end()] + bindings + text[opening.end() :]
