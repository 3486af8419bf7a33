"""Alerts of our own in CAP 1.2: a file for each message, and what leads to them in Atom and RSS.

A message never changes under its address, and its bytes are those that were signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from cop.config import Settings
from cop.formats.atom import Category, Entry, Feed, Link, write_atom
from cop.formats.rss_write import write_rss
from cop.model.text import LANGS, Lang, Text, say, text
from cop.services.exchange.alerting.issued import LISTED_FOR, Issued, Ledger
from cop.services.publishing.editions import OWN_TERMS, Document
from cop.services.publishing.paths import CAP, HTML_LANGS, page_path
from cop.ui.public.happenings import urn
from cop.ui.public.shell import marked_title, origin_of

INDEX: Final = f"{CAP}index.atom"
INDEX_RSS: Final = f"{CAP}index.rss"
MEDIA_TYPE: Final = "application/cap+xml"

_LANG: Final[Lang] = "en"
_TITLE: Final = text(
    "Alerts of our own, CAP 1.2", "本平台發出的警告（CAP 1.2）", "本平台发出的警告（CAP 1.2）"
)
_ABOUT: Final = text(
    "Each message as it was signed; ended ones stay here for {days} days.",
    "每則訊息均為簽署原文；結束後保留 {days} 天。",
    "每则信息均为签署原文；结束后保留 {days} 天。",
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SCHEME: Final = "urn:oasis:names:tc:emergency:cap:1.2"


def message_path(issued: Issued) -> str:
    """Give the address of a message, without the leading slash."""
    return f"{CAP}{issued.message.identifier}.xml"


def documents(
    settings: Settings, ledger: Ledger, as_of: datetime, made_at: datetime
) -> Iterator[Document]:
    """Give the files of all messages that are kept, and the two that lead to them."""
    kept = ledger.look(as_of, made_at)
    for one in kept:
        yield Document(message_path(one), partial(ledger.body, one))
    listed = [one for one in kept if one.ends_at + LISTED_FOR > as_of]
    updated = max((one.sent for one in kept), default=_EPOCH)  # never earlier when one leaves it
    yield Document(INDEX, partial(_atom, settings, listed, updated))
    yield Document(INDEX_RSS, partial(_rss, settings, listed, updated))


def _atom(settings: Settings, listed: Sequence[Issued], updated: datetime) -> bytes:
    return write_atom(_feed(settings, listed, updated))


def _rss(settings: Settings, listed: Sequence[Issued], updated: datetime) -> bytes:
    feed = _feed(settings, listed, updated)
    own = replace(feed.links[0], href=f"{origin_of(settings)}/{INDEX_RSS}")
    return write_rss(replace(feed, links=[own, *feed.links[1:]]))


def _feed(settings: Settings, listed: Sequence[Issued], updated: datetime) -> Feed:
    base = origin_of(settings)
    about = {lang: words.format(days=LISTED_FOR.days) for lang, words in _ABOUT.items()}
    return Feed(
        id=urn(settings.operation, "cap", "index"),
        title=marked_title(_all(_TITLE), _LANG, exercise=settings.exercise),
        subtitle=_all(about, "\n"),
        updated=updated,
        lang=HTML_LANGS[_LANG],
        author=settings.alert_sender or settings.installation,
        rights=say(OWN_TERMS, _LANG),
        links=[
            Link(f"{base}/{INDEX}", "self", "application/atom+xml"),
            Link(base + page_path(_LANG), "alternate", "text/html", HTML_LANGS[_LANG]),
        ],
        entries=[_entry(settings, one) for one in listed],
    )


def _entry(settings: Settings, one: Issued) -> Entry:
    message = one.message
    first = message.infos[0] if message.infos else None
    labels = {"msgType": message.msg_type, "status": message.status}
    if first is not None:
        labels |= {"severity": first.severity.value, "event": first.event}
    return Entry(
        id=urn(settings.operation, "cap", message.sender, message.identifier),
        title=marked_title(_all(one.title), _LANG, exercise=settings.exercise),
        summary=_all(one.summary, "\n"),
        updated=one.sent,
        published=one.sent,
        author=message.sender,
        rights=say(OWN_TERMS, _LANG),
        categories=[Category(code, f"{_SCHEME}:{name}", code) for name, code in labels.items()],
        links=[Link(f"{origin_of(settings)}/{message_path(one)}", "alternate", MEDIA_TYPE)],
        geometry=None if one.geometry is None else one.geometry.model_dump(),
    )


def _all(words: Text, between: str = " / ") -> str:
    """Give *words* in every language that they have: one index is for all readers."""
    return between.join(dict.fromkeys(words[lang] for lang in LANGS if words.get(lang)))
