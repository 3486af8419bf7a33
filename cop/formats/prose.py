"""Publishers' text made for people: HTML, escaped HTML or plain, to lines and sentences."""

from __future__ import annotations

import html
import re

from cop.formats.payload import strip_unseen
from cop.model.text import Lang, Text

_ROUNDS = 3
"""A description may be escaped once for XML and once more for HTML."""

_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h[1-6]|/table|/caption)\b[^<>]*>", re.IGNORECASE)
_CELLS = re.compile(r"<\s*/\s*(?:td|th)\s*>\s*(?=<\s*(?:td|th)\b)", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<\s*(script|style)\b(?:(?!<\s*(?:script|style)\b).)*?<\s*/\s*\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
"""Looks no further than to where another begins: many that never end cost no more than one."""
_TAGS = re.compile(r"<(?:/?[A-Za-z!][^<>]*)>")
_ROW = re.compile(r"<\s*tr\b(?:(?!<\s*tr\b).)*?<\s*/\s*tr\s*>", re.IGNORECASE | re.DOTALL)
_TABS = re.compile(r"(?<! ) *\t[ \t]*")
_SENTENCES = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+(?=[A-Z\"“(])")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SIMPLIFIED = frozenset("临护关闭广场红区开设务员这为与华东来对时个们")


def plain_text(markup: str) -> str:
    """Turn *markup* into lines: table cells parted by tabs, rows and paragraphs by line breaks."""
    words = markup
    for _ in range(_ROUNDS):
        unescaped = html.unescape(words)
        if unescaped == words:
            break
        words = unescaped
    words = _HIDDEN.sub(" ", strip_unseen(words))
    words = _ROW.sub(lambda row: re.sub(r"[\r\n]+\s*", " ", row.group()), words)
    words = _CELLS.sub("\t", words)
    words = _TAGS.sub("", _BREAKS.sub("\n", words))
    words = words.replace("\xa0", " ").replace("\r\n", "\n").replace("\r", "\n")
    lines = [_TABS.sub("\t", line).strip() for line in words.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def sentences(paragraph: str) -> list[str]:
    """Part *paragraph* into sentences, Chinese or English, without the blanks between them."""
    return [part.strip() for part in _SENTENCES.split(paragraph) if part and part.strip()]


def language_of(words: str) -> Lang:
    """Tell the language *words* are mostly written in, for publishers that do not say."""
    chinese = _CHINESE.findall(words)
    if len(chinese) * 4 < len(re.findall(r"[A-Za-z]{2,}", words)) or not chinese:
        return "en"
    return "zh-Hans" if sum(ch in _SIMPLIFIED for ch in chinese) * 30 > len(chinese) else "zh-Hant"


def in_language(words: str, lang: Lang) -> Text:
    """Make the text that says *words* in *lang*; empty when there are none."""
    return {lang: words.strip()} if words.strip() else {}


def safe_link(address: str) -> str | None:
    """Give *address* if it is a web address that can be linked to; None otherwise."""
    address = address.strip()
    return address if re.fullmatch(r"https?://[^\s<>\"]{3,1000}", address) else None
