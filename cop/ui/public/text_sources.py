"""Where everything comes from: each feed with its publisher, its terms and how well it is known."""

from __future__ import annotations

from typing import Final

from cop.model.publisher import PUBLISHERS
from cop.model.text import Lang
from cop.services.publishing.picture import FeedKnown, PublicPicture
from cop.ui.public.block import Block
from cop.ui.public.heads import Part, head_block
from cop.ui.public.items import properties_of
from cop.ui.public.markup import ago, checked, element_id, esc, joined, tell, time_of
from cop.ui.public.sections import PAGE_FEEDS, Knowledge, knowledge
from cop.ui.public.words import count, plain, word

_LIVE: Final = "live"


def used_feeds(picture: PublicPicture) -> list[str]:
    """List the feeds that the page stands on and those that something in the picture is from."""
    seen = {str(properties_of(it).get("feed")) for it in picture.features.values()}
    return sorted(key for key in picture.feeds if key in PAGE_FEEDS or key in seen)


def sources(picture: PublicPicture, lang: Lang) -> Part:
    """Give the section of sources, but for its head."""
    return Part([_source(key, picture, lang) for key in used_feeds(picture)])


def sources_head(picture: PublicPicture, lang: Lang) -> Block:
    """Make the head: how many sources there are, and how many are not up to date."""
    feeds = used_feeds(picture)
    old = sum(knowledge(picture, key).state != _LIVE for key in feeds)
    if not feeds:
        return head_block("sources", "unknown", f"<p>{word('none.sources', lang)}</p>")
    counts = [count("some.sources", len(feeds), lang)]
    counts += [word("some.sources-old", lang, n=old)] if old else []
    words = plain("comma", lang).join(counts) + plain("stop", lang)
    state = "stale" if old else _LIVE
    return head_block("sources", state, f'<p class="p-words">{words}</p>')


def _source(key: str, picture: PublicPicture, lang: Lang) -> Block:
    facts, known = picture.feeds[key], knowledge(picture, key)
    name = PUBLISHERS.get(facts.publisher)
    inner = joined(
        [
            f"<strong>{tell(facts.title, lang)}</strong>",
            tell(name, lang) if name else esc(facts.publisher),
            _state(known, facts, lang),
            f'<span class="p-licence" lang="en">{esc(facts.licence)}</span>'
            if facts.licence
            else "",
        ]
    )
    block = f"source-{key}"
    html = (
        f'<li class="p-item p-feed is-{known.state}" id="{element_id(block)}" '
        f'data-id="{esc(block)}" data-order="{esc(key)}" data-district="">{inner}</li>'
    )
    return Block(block, "sources", key, "", html)


def _state(known: Knowledge, facts: FeedKnown, lang: Lang) -> str:
    if known.at is None:
        return word("source.unknown", lang)
    if known.state == _LIVE:
        words = word("source.live", lang, time=checked(known.feed))
    else:
        words = word("source.stale", lang, time=time_of(known.at), ago=ago(known.at))
    return joined([words, word("source.failing", lang) if facts.state == "failing" else ""])
