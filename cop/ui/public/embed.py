"""The widget: a small page for a frame on other people's pages, for the city and each district.

It is whole without its script, which asks every minute whether there is news and exchanges the
text in place: a page that reloads by itself would break off whoever is reading it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial
from html import escape
from typing import Final

from cop.clock import utc_iso
from cop.model.district import DISTRICT_NAMES, District
from cop.model.text import LANGS, Lang
from cop.services.publishing.editions import Document
from cop.services.publishing.paths import (
    HTML_LANGS,
    POINTER,
    district_slug,
    page_path,
)
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.block import SectionKey
from cop.ui.public.context import Context
from cop.ui.public.feeds import clock_and_day
from cop.ui.public.fill import fill
from cop.ui.public.heads import state_of
from cop.ui.public.items import SHAPES, began, is_over, properties_of, severity_of
from cop.ui.public.markup import esc, time_of
from cop.ui.public.sections import SECTION_FEEDS, knowledge
from cop.ui.public.shell import marked_title, unkept_notice, unkept_style
from cop.ui.public.text_hazards import dangers
from cop.ui.public.text_places import shelters_with_room
from cop.ui.public.text_roads import roads_now
from cop.ui.public.text_warnings import in_force, short_name
from cop.ui.public.words import count, plain, term, word

_MOST: Final = 8
"""Warnings that are named; how many more there are is said."""
_TIP: Final = "weather_tip"
_OUT: Final = 'target="_top" rel="noopener"'


def embed_path(lang: Lang, district: District | None) -> str:
    """Give the address of the widget."""
    return page_path(lang, "embed", *([] if district is None else [district_slug(district)]))


def documents(context: Context) -> Iterator[Document]:
    """Write every widget of this edition."""
    for lang in LANGS:
        signals = cache(partial(_signals, context.picture, lang))
        for district in (None, *District):
            path = f"{embed_path(lang, district)}index.html".removeprefix("/")
            yield Document(path, partial(_page, context, lang, district, signals))


def _page(
    context: Context, lang: Lang, district: District | None, signals: Callable[[], str]
) -> bytes:
    picture = context.picture
    where = plain("page.whole-city", lang) if district is None else DISTRICT_NAMES[district][lang]
    title = marked_title(plain("embed.title", lang, where=where), lang, exercise=picture.exercise)
    mark = (
        f'<p class="e-exercise"><strong>{word("exercise.mark", lang)}</strong> '
        f"{word('data.exercise-line', lang)}</p>"
        if picture.exercise
        else ""
    )
    parts = [] if district is None else ["district", district_slug(district)]
    home = page_path(lang, *parts)
    stamp = utc_iso(picture.as_of, "seconds")
    at = f'<time id="as-of-time" datetime="{stamp}">{clock_and_day(picture.as_of)}</time>'
    return (
        f'<!doctype html>\n<html lang="{HTML_LANGS[lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="robots" content="noindex">\n<title>{escape(title)}</title>\n'
        f'<link rel="stylesheet" href="{escape(context.files["embed.css"])}">\n'
        f'<script src="{escape(context.files["embed.js"])}" defer></script>\n'
        f"{unkept_style()}</head>\n"
        f'<body data-series="{escape(context.series)}" data-version="{context.version}" '
        f'data-pointer="/{POINTER}">\n<!--late-->\n<main id="main">\n{mark}'
        f'<h1><a id="home" href="{home}" {_OUT}>{escape(title)}</a></h1>\n'
        f"{_down(picture, lang)}{signals()}\n"
        f'<ul class="e-counts">{_counts(picture, lang, district)}</ul>\n</main>\n'
        f'<footer><p class="e-late" id="late" role="status" hidden>{word("embed.late", lang)}</p>\n'
        f"<p>{word('embed.as-of', lang, time=at)}</p>"
        f'<p><a id="open" href="{home}" {_OUT}>{word("embed.open", lang)}</a></p>'
        f"{unkept_notice(lang)}</footer>\n</body>\n</html>\n"
    ).encode()


def _down(picture: PublicPicture, lang: Lang) -> str:
    if not picture.down:
        return ""
    since = clock_and_day(min(picture.down.values()))
    return f'<p class="e-doubt">{word("data.feed-down", lang, time=since)}</p>\n'


def _signals(picture: PublicPicture, lang: Lang) -> str:
    """List the warnings in force, or say how well it is known that there is none."""
    there = [it for it in in_force(picture) if properties_of(it).get("event_type") != _TIP]
    known = knowledge(picture, SECTION_FEEDS["top"][0])
    state = state_of(known, there=bool(there))
    rows = [_signal(feature, lang) for feature in there[:_MOST]]
    if len(there) > _MOST:
        rows.append(f"<li>{word('embed.and-more', lang, n=len(there) - _MOST)}</li>")
    lines = [f'<ul class="e-signals">{"".join(rows)}</ul>'] if rows else []
    if state == "empty":
        lines.append(f'<p class="e-none">{word("none.warnings", lang)}</p>')
    elif state != "live":
        lines.append(f'<p class="e-doubt">{_doubt("warnings", known.at, lang)}</p>')
    return fill("\n".join(lines), picture, lang)


def _signal(feature: Feature, lang: Lang) -> str:
    properties = properties_of(feature)
    severity = severity_of(properties)
    at = began(properties)
    since = (
        f' <span class="e-since">{word("embed.since", lang, time=time_of(at))}</span>' if at else ""
    )
    return (
        f'<li class="e-{severity.lower()}"><span class="e-shape" aria-hidden="true">'
        f"{SHAPES[severity]}</span> <strong>{short_name(feature, lang)}</strong> "
        f'<span class="e-word">{term("severity", severity, lang)}</span>{since}</li>'
    )


def _counts(picture: PublicPicture, lang: Lang, district: District | None) -> str:
    told: tuple[tuple[SectionKey, str, list[Feature]], ...] = (
        ("hazards", "embed.dangers", [it for it in dangers(picture) if not is_over(it)]),
        ("roads", "some.closed", roads_now(picture, "closed")),
        ("shelters", "some.room", shelters_with_room(picture)),
    )
    rows: list[str] = []
    for section, key, found in told:
        here = [
            it for it in found if district is None or properties_of(it).get("district") == district
        ]
        rows.append(_count(section, key, len(here), picture, lang))
    return "".join(rows)


def _count(section: SectionKey, key: str, n: int, picture: PublicPicture, lang: Lang) -> str:
    """Say how many there are; nought of what is not known is no 0."""
    known = knowledge(picture, SECTION_FEEDS[section][0])
    state = state_of(known, there=n > 0)
    if state == "empty":
        words = word(f"none.{section}", lang)
    elif state == "live":
        words = count(key, n, lang)
    else:
        said = count(key, n, lang) + plain("stop", lang) + " " if n else ""
        words = said + _doubt(section, known.at, lang)
    return f'<li class="is-{state}">{words}</li>'


def _doubt(section: SectionKey, at: datetime | None, lang: Lang) -> str:
    """Say that *section* is old or not known, with the time to which it is."""
    subject = word(f"subject.{section}", lang)
    if at is None:
        return word("embed.never", lang, subject=subject)
    return word("embed.stale", lang, subject=subject, time=esc(clock_and_day(at)))
