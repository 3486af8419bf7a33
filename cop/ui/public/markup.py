"""Markup of public pages from texts that nobody may trust: escaped, cleaned, with its language."""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cop.clock import utc_iso
from cop.model.text import LANGS, Lang
from cop.services.publishing.paths import HTML_LANGS

HONG_KONG: Final = ZoneInfo("Asia/Hong_Kong")
FIRST: Final = 280
"""Characters of a long text that are shown at once; the rest can be opened."""
LONGEST_NAME: Final = 200
_LONGEST: Final = 8_000
"""Characters of a text that are shown at all: the longest that a feed keeps of one."""

_MAIL: Final = re.compile(r"^[^@\s/:]+@[^@\s/:]+$")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that change how others are read and are not seen themselves."""
_BLANKS: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r"\s*\n\s*")
_PLAIN_ID: Final = re.compile(r"[^A-Za-z0-9_-]+")
_MOST_OF_AN_ID: Final = 60
_NEAR: Final[Mapping[Lang, tuple[Lang, ...]]] = {
    "en": LANGS,
    "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
    "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
}


def clean(words: object) -> str:
    """Give *words* without control and direction characters, blanks and lines put in order."""
    bare = _UNSEEN.sub("", str(words)[: 2 * _LONGEST])
    return _LINES.sub("\n", _BLANKS.sub(" ", bare)).strip()[:_LONGEST]


def esc(words: object) -> str:
    """Give *words*, cleaned, as text of an element or value of an attribute."""
    return html.escape(clean(words))


def said(words: Mapping[Lang, str] | None, lang: Lang) -> tuple[str, Lang]:
    """Give *words*, cleaned, in *lang* or the nearest language there is, and which that is."""
    if not isinstance(words, Mapping):  # features come from many hands
        return "", lang
    for near in _NEAR[lang]:
        found = clean(words.get(near) or "")
        if found:
            return found, near
    return "", lang


def tell(words: Mapping[Lang, str] | None, lang: Lang, *, most: int = LONGEST_NAME) -> str:
    """Give *words* as markup in one line, marked with their language where it is another."""
    found, spoken = said(words, lang)
    line = found.replace("\n", " ")
    if len(line) > most:
        line = line[: most - 1].rstrip() + "…"
    return marked(html.escape(line), spoken, lang)


def marked(inner: str, spoken: Lang, lang: Lang) -> str:
    """Give markup *inner*, with its language where it is not that of the page."""
    if spoken == lang or not inner:
        return inner
    return f'<span lang="{HTML_LANGS[spoken]}">{inner}</span>'


def prose(words: Mapping[Lang, str] | None, lang: Lang, more: str) -> str:
    """Give a longer text as paragraphs; what is past the first 280 characters can be opened.

    *more*: what the opener says.
    """
    found, spoken = said(words, lang)
    if not found:
        return ""
    named = "" if spoken == lang else f' lang="{HTML_LANGS[spoken]}"'
    if len(found) <= FIRST:
        return f'<div class="p-prose"{named}>{_paragraphs(found)}</div>'
    cut = found.rfind("\n", FIRST // 2, FIRST)
    cut = cut if cut > 0 else _end_of_word(found)
    mark = "" if found[cut : cut + 1] == "\n" else "…"
    rest = _paragraphs(mark + found[cut:].lstrip())
    return (
        f'<div class="p-prose"{named}>{_paragraphs(found[:cut].rstrip() + mark)}</div>'
        f'<details class="p-more"><summary>{html.escape(more)}</summary>'
        f'<div class="p-prose"{named}>{rest}</div></details>'
    )


def _end_of_word(words: str) -> int:
    cut = words.rfind(" ", FIRST - 40, FIRST)
    return cut if cut > 0 else FIRST


def _paragraphs(words: str) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in words.split("\n") if line)


def is_link(address: object) -> bool:
    """Tell whether *address* is one that a page may link to: http or https, with a host."""
    if not isinstance(address, str) or _UNSEEN.search(address) or re.search(r"[\s\\]", address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        return False


def link(address: object, inner: str) -> str:
    """Give a link around markup *inner*; only *inner* where *address* is none to link to."""
    if not is_link(address):
        return inner
    return f'<a href="{html.escape(str(address))}" rel="noopener external">{inner}</a>'


def contact_link(contact: str) -> str:
    """Give the link to *contact*, an address of mail or of a page; "" where it is neither."""
    is_mail = bool(_MAIL.match(contact))
    if not is_mail and not is_link(contact):
        return ""
    href = f"mailto:{contact}" if is_mail else contact
    return f'<a href="{html.escape(href)}">{html.escape(contact)}</a>'


def moment(value: object) -> datetime | None:
    """Read a time as it stands in a feature; None where it is none."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else None
    try:
        at = datetime.fromisoformat(str(value))
        return at.astimezone(UTC) if at.tzinfo else None
    except (OverflowError, ValueError):
        return None


def clock(at: datetime) -> str:
    """Give the time of day in Hong Kong, 24 hours."""
    return at.astimezone(HONG_KONG).strftime("%H:%M")


def time_of(at: datetime) -> str:
    """Give a moment as a `time` element; whoever fills it in adds the day where it is another."""
    stamp = utc_iso(at, "seconds")
    return f'<time datetime="{stamp}" data-time>{clock(at)}</time>'


def ago(at: datetime) -> str:
    """Give the place of an age, filled in when the page is written and by its script."""
    stamp = utc_iso(at, "seconds")
    return f'<span data-ago="{stamp}"></span>'


def checked(feed: str) -> str:
    """Give the place of the time to which *feed* is known; filled in like an age."""
    return f'<span data-checked="{esc(feed)}"></span>'


def element_id(key: str) -> str:
    """Give the id of the element that shows *key*: letters, digits, hyphens; one for each key."""
    plain = _PLAIN_ID.sub("-", key)[:_MOST_OF_AN_ID]
    return f"b-{plain}" if plain == key else f"b-{plain}-{zlib.crc32(key.encode()):08x}"


def joined(parts: Iterable[str], between: str = " · ") -> str:
    """Put the markup of *parts* that are not empty one after the other."""
    return between.join(part for part in parts if part)
