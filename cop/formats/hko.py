"""What the Observatory's documents have in common: JSON, CSV, languages, names of stations."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar

from cop.errors import PayloadError
from cop.formats.payload import decode_text, read_object
from cop.model.entity import Placing
from cop.model.site import Site, Table
from cop.model.text import Lang, Text

T = TypeVar("T")

OPEN_DATA: Final = "https://data.weather.gov.hk/weatherAPI/opendata/"
REGIONAL: Final = "https://data.weather.gov.hk/weatherAPI/hko_data/regional-weather/"
REGIONAL_LANGS: Final[dict[Lang, str]] = {"en": "", "zh-Hant": "_uc", "zh-Hans": "_sc"}
"""What a language adds to the name of a regional file."""

_REFUSED_TEXT: Final = b"include valid parameters"
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_LONGEST_SLUG: Final = 120
"""Characters; no place is called by more, and an id has its limits."""
_SIMPLIFIED: Final = re.compile("[风气预报发号热险东观龙岛湾门区级黄红时间现阳离强员请这来将]")


def refuse_text_page(body: bytes) -> None:
    """Raise PayloadError when *body* is the page that answers a wrong request with status 200."""
    if _REFUSED_TEXT in body[:2000]:
        raise PayloadError("the Observatory answered with its text page about wrong parameters")


def read_hko(body: bytes) -> dict[str, Any]:
    """Decode one of the Observatory's JSON objects; `{}` is one.

    Raises:
        PayloadError: it is the text page for wrong parameters, or no JSON object.
    """
    refuse_text_page(body)
    return read_object(body)


@dataclass(frozen=True, slots=True)
class Documents:
    """The language variants of a document that could be read, and why others could not.

    `problems` maps a language to its reason.
    """

    by_lang: Mapping[Lang, Any]
    problems: Mapping[Lang, str]

    @property
    def first(self) -> Any:
        """Give the variant whose structure leads: English, else Traditional, else Simplified."""
        return next(iter(self.by_lang.values()))


def _script(words: str, claimed: Lang) -> Lang:
    """Tell the language of *words*; *claimed* wins wherever the script does not speak against."""
    if not _CHINESE.search(words):
        has_words = re.search(r"[A-Za-z]{4,} [a-z]{2,}", words) is not None
        return "en" if has_words and claimed != "en" else claimed
    if claimed == "en":
        return "zh-Hans" if _SIMPLIFIED.search(words) else "zh-Hant"
    return claimed


def read_languages(bodies: Mapping[Lang, bytes], read: Callable[[bytes], Any]) -> Documents:
    """Read every language variant in *bodies* with *read*; English leads.

    A variant that came under another language's address is filed under its own language.

    Raises:
        PayloadError: none could be read; the message is the first reason.
    """
    order: tuple[Lang, ...] = ("en", "zh-Hant", "zh-Hans")
    found: dict[Lang, Any] = {}
    problems: dict[Lang, str] = {}
    for claimed in order:
        if claimed not in bodies:
            continue
        try:
            document = read(bodies[claimed])
            lang = _script(str(document), claimed)
            found.setdefault(lang, document)
        except PayloadError as error:
            problems[claimed] = str(error)
    if not found:
        raise PayloadError(next(iter(problems.values()), "no document arrived"))
    return Documents({lang: found[lang] for lang in order if lang in found}, problems)


def words_of(documents: Documents, pick: Callable[[Any], object]) -> Text:
    """Put together what *pick* finds in each language variant; blanks and non-text left out."""
    words: Text = {}
    for lang, document in documents.by_lang.items():
        try:
            said = pick(document)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
        if isinstance(said, str) and said.strip():
            words[lang] = said.strip()
    return words


def as_list(value: object) -> list[Any]:
    """Give *value* where it is a list; the Observatory writes "" (or nothing) for an empty one."""
    return value if isinstance(value, list) else []


def _json_rows(document: dict[str, Any]) -> list[list[str]]:
    fields, data = document.get("fields"), document.get("data")
    if not (isinstance(fields, list) and isinstance(data, list)):
        raise PayloadError("a table without 'fields' and 'data'")
    return [[str(cell) for cell in row] for row in (fields, *data) if isinstance(row, list)]


def _csv_rows(words: str) -> list[list[str]]:
    if "\x00" in words:
        raise PayloadError("not a CSV table: zero bytes")
    try:
        return [row for row in csv.reader(words.splitlines()) if any(c.strip() for c in row)]
    except csv.Error as error:
        raise PayloadError(f"not a CSV table: {error}") from None


def read_rows(
    body: bytes, *, least: int, heads: Sequence[str]
) -> tuple[list[str], list[list[str]]]:
    """Read a CSV table, or its JSON form `{"fields":[…],"data":[[…]]}`: header and rows.

    Args:
        body: the document.
        least: columns that the header must have.
        heads: words one of which must stand in the header, in any language, lower case.

    Raises:
        PayloadError: it is no such table.
    """
    refuse_text_page(body)
    if body.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
        rows = _json_rows(read_object(body))
    else:
        rows = _csv_rows(decode_text(body))
    header = [cell.strip() for cell in rows[0]] if rows else []
    line = " ".join(header).lower()
    if len(header) < least or not any(word in line for word in heads):
        raise PayloadError(f"not the expected table: its header is {line[:80]!r}")
    return header, [[cell.strip() for cell in row] for row in rows[1:]]


def column(header: Sequence[str], *names: str) -> int | None:
    """Find the column whose heading holds one of *names*, in their order; None when none does."""
    folded = [heading.lower() for heading in header]
    for name in names:
        for index, heading in enumerate(folded):
            if name in heading:
                return index
    return None


def fold_name(name: str) -> str:
    """Reduce a station's name to what its spellings share: letters and digits, lower case."""
    return "".join(ch for ch in name.lower() if ch.isalnum())


_fold_known: Final = lru_cache(maxsize=4096)(fold_name)
"""For a table's own names, the same for each row; what a publisher writes is not kept."""


def find_site(table: Table, names: Sequence[str]) -> Site | None:
    """Find the site that one of *names* calls, by exact spelling or else by folded spelling."""
    for name in names:
        if name in table:
            return table[name]
    wanted = {fold_name(name) for name in names} - {""}
    if not wanted:
        return None
    return next((site for alias, site in table.items() if _fold_known(alias) in wanted), None)


def slug(name: str) -> str:
    """Make the part of an id that stands for *name*: no blanks, no marks, lower case."""
    return re.sub(r"[^\w]+", "-", name.strip().lower()).strip("-")[:_LONGEST_SLUG] or "unnamed"


def located(site: Site | None) -> dict[str, Any]:
    """Give the fields of an entity that say where it is, from the *site* it was measured at."""
    if site is None:
        return {"placing": Placing.UNPLACED}
    return {
        "geometry": site.geometry,
        "placing": Placing.STATION,
        "precision_m": site.precision_m,
        "district": site.district,
    }
