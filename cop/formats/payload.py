"""Hostile bytes to text, JSON or XML, or a PayloadError that says why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Any, Final

import orjson
from lxml import etree

from cop.errors import PayloadError

MAX_DEPTH: Final = 64
"""How deeply JSON or XML may nest; no publisher's document comes near it."""

_BOM: Final = "\ufeff"
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_NO_DOCTYPE: Final = "XML with a document type or entities is not accepted"
_BLANKS: Final = re.compile(rb"\s+")
_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RADICALS: Final = re.compile("[\u2f00-\u2fdf]")
_RADICAL_BYTES: Final = re.compile(b"\xe2[\xbc-\xbf]")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_UNSEEN_BYTES: Final = re.compile(
    rb"\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
    rb"|(?<!\\)\\u(?:20(?:0[ef]|2[a-e]|6[6-9])|00(?:0[0-8bcef]|1[0-9a-f]|[89][0-9a-f]|7f))"
    rb"|&#(?:x0*20(?:0[ef]|2[a-e]|6[6-9])|0*8(?:20[67]|23[4-8]|29[4-7]));",
    re.IGNORECASE,
)
_MAY_HIDE: Final = (b"\xe2\x80", b"\xe2\x81", b"\\u", b"&#")


def fold_radicals(words: str) -> str:
    """Replace Kangxi radicals (U+2F00–2FDF) in *words* by the characters they look like.

    Only that block is folded: NFKC over the whole would turn full-width punctuation narrow.
    """
    return _RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found.group()), words)


def strip_unseen(words: str) -> str:
    """Take out of *words* what cannot be seen but changes what is: control and direction marks."""
    return _UNSEEN.sub("", words)


def is_html(body: bytes) -> bool:
    """Tell whether *body* is a web page, as servers send instead of data."""
    start = _skip_blanks(body, 3 if body.startswith(b"\xef\xbb\xbf") else 0)
    while body.startswith(b"<!--", start):
        end = body.find(b"-->", start)
        if end < 0:
            return False
        start = _skip_blanks(body, end + 3)
    return _HTML.match(body, start) is not None


def _skip_blanks(body: bytes, start: int) -> int:
    blanks = _BLANKS.match(body, start)
    return start if blanks is None else blanks.end()


def _require_data(body: bytes) -> None:
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise PayloadError("the document is empty")
    if is_html(body):
        raise PayloadError("a web page came instead of data")


def _guess_utf16(body: bytes) -> str | None:
    """Name the UTF-16 variant of *body*: by its byte order mark, or by its zero bytes."""
    if body.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if body.startswith(b"\xfe\xff"):
        return "utf-16-be"
    head = body[:200]
    if len(head) >= 8 and head[1::2].count(0) > len(head) // 3:
        return "utf-16-le"
    if len(head) >= 8 and head[0::2].count(0) > len(head) // 3:
        return "utf-16-be"
    return None


def decode_text(body: bytes) -> str:
    """Give the text of *body*: UTF-8, UTF-16 (with or without marks) or else Big5-HKSCS.

    Byte order marks, even doubled, are dropped, control and direction marks too, and Kangxi
    radicals folded. Bytes that Big5 does not know become U+FFFD.

    Raises:
        PayloadError: *body* is empty or a web page.
    """
    _require_data(body)
    utf16 = _guess_utf16(body)
    if utf16 is not None:
        words = body.decode(utf16, errors="replace")
    else:
        try:
            words = body.decode("utf-8")
        except UnicodeDecodeError:
            words = body.decode("big5hkscs", errors="replace")
    return strip_unseen(fold_radicals(words.lstrip(_BOM)))


def _fold_bytes(body: bytes) -> bytes:
    """Fold radicals in UTF-8 bytes and drop direction marks; leave other encodings as they are."""
    if any(sign in body for sign in _MAY_HIDE):
        body = _UNSEEN_BYTES.sub(b"", body)
    if _RADICAL_BYTES.search(body) is None:
        return body
    try:
        return fold_radicals(body.decode("utf-8")).encode()
    except UnicodeDecodeError:
        return body


def _is_too_deep(document: Any) -> bool:
    level = [document]
    for _ in range(MAX_DEPTH):
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner.extend(v for v in value.values() if isinstance(v, (dict, list)))
            elif isinstance(value, list):
                inner.extend(v for v in value if isinstance(v, (dict, list)))
        if not inner:
            return False
        level = inner
    return True


def read_json(body: bytes) -> Any:
    """Decode *body* as JSON.

    NaN, infinities, trailing bytes and nesting beyond `MAX_DEPTH` are refused; a byte order mark
    and UTF-16 are accepted.

    Raises:
        PayloadError: it is not JSON.
    """
    _require_data(body)
    utf16 = _guess_utf16(body)
    plain = body.decode(utf16, errors="replace").encode() if utf16 else body
    while plain.startswith(b"\xef\xbb\xbf"):
        plain = plain[3:]
    try:
        document = orjson.loads(_fold_bytes(plain))
    except orjson.JSONDecodeError as error:
        raise PayloadError(f"not JSON: {error}") from None
    if _is_too_deep(document):
        raise PayloadError(f"JSON nested deeper than {MAX_DEPTH}")
    return document


def read_object(body: bytes) -> dict[str, Any]:
    """Decode *body* as one JSON object; raises PayloadError when it is anything else."""
    document = read_json(body)
    if not isinstance(document, dict):
        raise PayloadError(f"a JSON object was expected, not {type(document).__name__}")
    return document


def has_doctype(body: bytes) -> bool:
    """Tell whether *body* declares a document type or an entity; no such XML is read."""
    return bool(_DOCTYPE.search(body) or _DOCTYPE.search(body.replace(b"\x00", b"")))


def read_xml(
    body: bytes, *, root: str | Collection[str] | None = None, exact: bool = False
) -> etree._Element:
    """Decode *body* as XML and give its root element, comments and instructions removed.

    Document types, entities, network access, oversized trees and broken mark-up are refused;
    white space before the declaration is forgiven.

    Args:
        body: the document.
        root: local name or names that the root element must have; None accepts any.
        exact: no character is changed: for what is kept, or was signed; else radicals are folded
            and direction marks dropped.

    Raises:
        PayloadError: it is not such a document.
    """
    _require_data(body)
    if has_doctype(body):
        raise PayloadError(_NO_DOCTYPE)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    plain = body if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else body.lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        element = etree.fromstring(plain if exact else _fold_bytes(plain), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise PayloadError(f"not XML: {error}") from None
    if element.getroottree().docinfo.internalDTD is not None:  # in an encoding that hid it
        raise PayloadError(_NO_DOCTYPE)
    wanted = {root} if isinstance(root, str) else set(root or ())
    if wanted and local_name(element) not in wanted:
        names = " or ".join(sorted(wanted))
        raise PayloadError(f"the root element is {local_name(element)!r}, not {names}")
    return element


def local_name(element: etree._Element) -> str:
    """Give the name of *element* without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""  # a comment has no name


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """List the children of *element* whose local name is *name*, whatever their namespace."""
    return element.iterchildren(f"{{*}}{name}")


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Give the first child of *element* with local name *name*, or None."""
    return next(children(element, name), None)


def child_text(element: etree._Element, name: str) -> str:
    """Give the stripped text of the first child with local name *name*; "" when absent."""
    found = child(element, name)
    return "" if found is None else "".join(str(part) for part in found.itertext()).strip()
