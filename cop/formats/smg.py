"""Documents of the Macao observatory (SMG): one head, and element names whose case varies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lxml import etree

from cop.errors import PayloadError
from cop.formats.number import is_missing, read_number
from cop.formats.payload import local_name, read_object, read_xml
from cop.formats.when import time_or_none
from cop.model.text import Lang

_LANGUAGES: dict[str, Lang | None] = {"c": "zh-Hant", "e": "en", "p": None}


def _build(parent: etree._Element, value: Any) -> None:
    """Put what `xml2js` made of an element back into *parent*: every child is a list."""
    if not isinstance(value, dict):
        parent.text = "" if value is None else str(value)
        return
    for name, inner in value.items():
        if name == "$" and isinstance(inner, dict):
            for attribute, words in inner.items():
                parent.set(attribute, str(words))
        elif name == "_":
            parent.text = str(inner)
        else:
            for one in inner if isinstance(inner, list) else [inner]:
                _build(etree.SubElement(parent, name), one)


def _from_json(body: bytes, root_name: str) -> etree._Element:
    """Find the document *root_name* in the answer of the JSON interface.

    Its values are documents as JSON within a string.
    """
    for value in read_object(body).values():
        inner = read_object(value.encode()) if isinstance(value, str) and "{" in value else value
        for name, content in inner.items() if isinstance(inner, dict) else ():
            if name.lower() == root_name.lower():
                root = etree.Element(root_name)
                try:
                    _build(root, content[0] if isinstance(content, list) and content else content)
                except ValueError as error:
                    raise PayloadError(f"not a document of SMG: {error}") from None
                return root
    raise PayloadError(f"the answer holds no {root_name!r}")


def read_smg(body: bytes, *, root_name: str = "") -> etree._Element:
    """Read a document that has the head of SMG, as XML or (if named) from the JSON interface.

    Raises:
        PayloadError: it is neither, or has no such head.
    """
    in_json = root_name and body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    root = _from_json(body, root_name) if in_json else read_xml(body)
    if find(root, "Custom") is None:
        raise PayloadError(f"{local_name(root)!r} is not a document of SMG: no `Custom`")
    return root


def published_at(root: etree._Element) -> datetime | None:
    """Give the time in the document's head, UTC; None when there is none."""
    return time_or_none(words(root, "SysPubdate")) or time_or_none(words(root, "SysPubTime"))


def language_of_head(root: etree._Element) -> str:
    """Give the first letter of the head's language in lower case: c, e, p or ""."""
    said = words(root, "SysLanguage").lower()
    return {"zh": "c", "ch": "c", "en": "e", "pt": "p", "po": "p"}.get(said[:2], said[:1])


def lang_of_letter(letter: str) -> Lang | None:
    """Give the language that `c`, `e` or `p` stands for; None for what the picture lacks."""
    return _LANGUAGES.get(letter)


def every(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """List the elements called *name* at any depth under *parent*, whatever their case."""
    wanted = name.lower()
    return (e for e in parent.iter() if e is not parent and local_name(e).lower() == wanted)


def find(parent: etree._Element, name: str) -> etree._Element | None:
    """Give the first element called *name* under *parent*, or None."""
    return next(every(parent, name), None)


def words(parent: etree._Element, name: str) -> str:
    """Give the stripped text of the first element called *name*; "" for none and for NIL."""
    found = find(parent, name)
    said = "" if found is None else "".join(str(part) for part in found.itertext()).strip()
    return "" if is_missing(said) else said


def value_of(element: etree._Element) -> float | None:
    """Give the exact value of a reading (`dValue`), else the rounded one, else its own text.

    Raises:
        ValueError: it is neither a number nor a sign of a missing one.
    """
    for name in ("dValue", "Value"):
        inner = find(element, name)
        if inner is not None and not is_missing(inner.text):
            return read_number(inner.text)
    return read_number(element.text) if len(element) == 0 else None
