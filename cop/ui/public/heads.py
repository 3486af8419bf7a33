"""The head of a section: what is in it in a line, and how well that is known, in words.

There are four states, and no two of them look or read alike: *live* says when it was checked;
*stale* when it was last known; *unknown* that it is not known whether there is anything; *empty*
that it was looked and there was nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cop.model.text import Lang
from cop.services.publishing.picture import PublicPicture
from cop.ui.public.block import Block, SectionKey
from cop.ui.public.markup import ago, checked, joined, tell, time_of
from cop.ui.public.sections import OWN, SECTION_FEEDS, Knowledge, knowledge
from cop.ui.public.words import plain, word


@dataclass(frozen=True, slots=True)
class Part:
    """A section's text in one language, but for its head.

    Attributes:
        blocks: its items.
        counts: what there is of it now, as markup, the most important first; empty: nothing.
        more: further markup for its head.
    """

    blocks: Sequence[Block] = ()
    counts: Sequence[str] = ()
    more: str = field(default="")


def head(section: SectionKey, part: Part, picture: PublicPicture, lang: Lang) -> Block:
    """Make the head of *section*."""
    feeds = SECTION_FEEDS[section]
    known = knowledge(picture, feeds[0])
    state = state_of(known, there=bool(part.counts))
    lines = [f'<p class="p-words">{_sentence(section, state, known, part, lang)}</p>']
    also = "".join(
        f"<li>{words}</li>" for feed in feeds[1:] if (words := _also(picture, feed, lang))
    )
    if also:
        lines.append(f'<ul class="p-also">{also}</ul>')
    return head_block(section, state, "".join(lines) + part.more)


def head_block(section: SectionKey, state: str, inner: str) -> Block:
    """Put *inner* into the element of a section's head."""
    key = f"head-{section}"
    html = (
        f'<div data-id="{key}" id="{key}" class="p-state is-{state}" data-state="{state}">'
        f"{inner}</div>"
    )
    return Block(key, section, "", "", html)


def state_of(known: Knowledge, *, there: bool) -> str:
    """Tell in which of the four states something is; *there*: whether anything is in it.

    What was empty and is old is not known: something may have come since.
    """
    if known.state == "live":
        return "live" if there else "empty"
    return "stale" if known.state == "stale" and there else "unknown"


def state_sentence(section: SectionKey, state: str, known: Knowledge, lang: Lang) -> str:
    """Say how well *section* is known, where it is not empty."""
    subject = word(f"subject.{section}", lang)
    if known.at is None:
        return word("head.never", lang, subject=subject)
    time = checked(known.feed)
    if state == "live":
        return f'<span class="p-checked">{word("head.live", lang, time=time)}</span>'
    return word(f"head.{state}", lang, subject=subject, time=time, ago=ago(known.at))


def _sentence(section: SectionKey, state: str, known: Knowledge, part: Part, lang: Lang) -> str:
    if state == "empty":
        none = word(f"none.{section}", lang)
        return word("head.empty", lang, words=none, time=checked(known.feed))
    words = state_sentence(section, state, known, lang)
    if not part.counts:
        return words
    counts = plain("comma", lang).join(part.counts)
    end = "" if counts.endswith((".", "。")) else plain("stop", lang)
    return joined([f'<span class="p-counts">{counts}{end}</span>', words], " ")


def _also(picture: PublicPicture, feed: str, lang: Lang) -> str:
    """Say of a feed that adds to a section that it is old or not known; "" where it is live."""
    known = knowledge(picture, feed)
    if known.state == "live" or feed == OWN:
        return ""
    found = picture.feeds.get(feed)
    title = tell(found.title, lang) if found is not None else word(f"feed.{feed}", lang)
    if known.at is None:
        return word("also.never", lang, feed=title)
    return word("also.stale", lang, feed=title, time=time_of(known.at), ago=ago(known.at))
