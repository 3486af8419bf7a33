"""Feeds to subscribe to without an account: Atom with GeoRSS, and JSON Feed, of one content.

One for the city and one for each district, in each language. An entry's id says nothing of the
site's address; links are absolute where the site knows its own, else relative to the feed's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from html import unescape
from typing import Any, Final

import orjson

from cop.formats.atom import Category, Entry, Feed, Link, write_atom
from cop.model.district import DISTRICT_NAMES, District
from cop.model.entity import Kind
from cop.model.publisher import PUBLISHERS
from cop.model.text import LANGS, Lang, say
from cop.services.publishing.editions import Document
from cop.services.publishing.paths import HTML_LANGS, LANG_PATHS, district_slug, page_path
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.context import Context
from cop.ui.public.happenings import Happening, concerning, happenings, urn
from cop.ui.public.items import status
from cop.ui.public.markup import HONG_KONG, clean, element_id, is_link, said
from cop.ui.public.meaning import meaning_of
from cop.ui.public.sections import OWN, SECTION_FEEDS, knowledge
from cop.ui.public.shell import marked_title, origin_of
from cop.ui.public.text_hazards import type_name
from cop.ui.public.text_warnings import is_elsewhere
from cop.ui.public.words import plain, term

SCHEMES: Final = {
    "kind": "urn:x-cop:kind",
    "type": "urn:x-cop:type",
    "severity": "urn:oasis:names:tc:emergency:cap:1.2",
}
"""Vocabularies of an entry's categories."""
_Happened = Callable[[], Sequence[Happening]]
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SOURCES: Final = tuple(
    dict.fromkeys(
        feed
        for section in ("warnings", "hazards", "roads")
        for feed in SECTION_FEEDS[section]
        if feed != OWN
    )
)
"""Feeds by which the entries are known."""
_TEXTS: Final = ("description", "instruction")
_LONGEST: Final = 2_000
"""Characters of a publisher's words in an entry; the rest is behind its link."""


def feed_path(lang: Lang, district: District | None, suffix: str) -> str:
    """Give the path of a feed, without the leading slash; *suffix*: `atom` or `json`."""
    name = "all" if district is None else district_slug(district)
    return f"public/feeds/{LANG_PATHS[lang]}/{name}.{suffix}"


def documents(context: Context) -> Iterator[Document]:
    """Write all feeds of this edition."""
    happened = cache(partial(happenings, context.picture))
    for lang in LANGS:
        entries = cache(partial(_entries, happened, context, lang))
        for district in (None, *District):
            given = (happened, entries, context, lang, district)
            yield Document(feed_path(lang, district, "atom"), partial(_atom, *given))
            yield Document(feed_path(lang, district, "json"), partial(_json, *given))


def _entries(happened: _Happened, context: Context, lang: Lang) -> dict[int, Entry]:
    return {id(one): _entry(one, context, lang) for one in happened()}


def _atom(
    happened: _Happened,
    entries: Callable[[], dict[int, Entry]],
    context: Context,
    lang: Lang,
    district: District | None,
) -> bytes:
    chosen = [entries()[id(one)] for one in concerning(happened(), district)]
    return write_atom(_feed(context, lang, district, chosen))


def _json(
    happened: _Happened,
    entries: Callable[[], dict[int, Entry]],
    context: Context,
    lang: Lang,
    district: District | None,
) -> bytes:
    chosen = [(one, entries()[id(one)]) for one in concerning(happened(), district)]
    feed = _feed(context, lang, district, [entry for _, entry in chosen])
    return _json_feed(feed, [_item(one, entry, lang) for one, entry in chosen])


def clock_and_day(at: datetime) -> str:
    """Give a moment as people in Hong Kong write it, with its day."""
    return at.astimezone(HONG_KONG).strftime("%Y-%m-%d %H:%M")


def _feed(
    context: Context, lang: Lang, district: District | None, entries: Sequence[Entry]
) -> Feed:
    picture, base = context.picture, origin_of(context.settings)
    where = plain("page.whole-city", lang) if district is None else DISTRICT_NAMES[district][lang]
    page = page_path(lang, *([] if district is None else ["district", district_slug(district)]))
    return Feed(
        id=urn(picture.operation, lang, "feed", district),
        title=marked_title(
            plain("data.feed-title", lang, where=where), lang, exercise=picture.exercise
        ),
        subtitle=_subtitle(picture, lang),
        updated=max((one.updated for one in entries), default=_EPOCH),
        lang=HTML_LANGS[lang],
        author=plain("page.name", lang),
        rights=plain("page.licence", lang),
        links=[
            Link(f"{base}/{feed_path(lang, district, 'atom')}", "self", "application/atom+xml"),
            Link(base + page, "alternate", "text/html", HTML_LANGS[lang]),
            Link(
                f"{base}/{feed_path(lang, district, 'json')}", "alternate", "application/feed+json"
            ),
        ],
        entries=entries,
    )


def _subtitle(picture: PublicPicture, lang: Lang) -> str:
    """Say what the feed holds, and of which of its sources no news is known, since when."""
    lines = [plain("data.feed-about", lang)]
    if picture.down:
        since = clock_and_day(min(picture.down.values()))
        lines.append(plain("data.feed-down", lang, time=since))
    for key in _SOURCES:
        known = knowledge(picture, key)
        found = picture.feeds.get(key)
        if known.state == "live" or found is None:
            continue
        name = say(found.title, lang)
        if known.at is None:
            lines.append(plain("data.feed-never", lang, feed=name))
        else:
            lines.append(plain("data.feed-stale", lang, feed=name, time=clock_and_day(known.at)))
    return "\n".join(lines)


def _entry(one: Happening, context: Context, lang: Lang) -> Entry:
    picture, base = context.picture, origin_of(context.settings)
    properties = one.feature["properties"]
    anchor = f"{base}{page_path(lang)}#{element_id(str(one.feature['id']))}"
    links = [Link(anchor, "alternate", "text/html", HTML_LANGS[lang])]
    if is_link(properties.get("link")):
        links.append(Link(properties["link"], "related"))
    title = name_of(one.feature, lang)
    if one.what != "new":
        title = plain(f"data.title-{one.what}", lang, title=title)
    feed = picture.feeds.get(properties.get("feed") or "")
    return Entry(
        id=one.key(picture.operation, lang),
        title=marked_title(title, lang, exercise=picture.exercise),
        summary=_summary(one, picture, lang),
        updated=one.at,
        published=min(one.began, one.at),
        author=_publisher(properties, lang),
        rights=feed.licence if feed else plain("data.own-terms", lang),
        categories=_categories(properties, lang),
        links=links,
        geometry=one.feature["geometry"],
    )


def name_of(feature: Feature, lang: Lang) -> str:
    """Give a line that names *feature*: its publisher's, or what it is and where."""
    properties = feature["properties"]
    title, _ = said(properties.get("title"), lang)
    if title:
        line = title.replace("\n", " ")
        elsewhere = f"{_publisher(properties, lang)}{plain('colon', lang)}"
        return f"{elsewhere}{line}" if is_elsewhere(feature) else line
    what = _type_words(properties, lang) or _term("kind", properties["kind"], lang)
    where = _where(properties, lang)
    return f"{what} · {where}" if where else what


def _type_words(properties: Any, lang: Lang) -> str:
    """Name what a thing is by its type; "" where there are no words for that."""
    kind, type_ = properties["kind"], str(properties.get("type") or "")
    if kind == Kind.ALERT:
        return _term("signal", properties.get("signal"), lang)
    return unescape(status(kind, type_, lang) if kind == Kind.ROAD else type_name(type_, lang))


def _where(properties: Any, lang: Lang) -> str:
    place, _ = said(properties.get("place") or properties.get("area"), lang)
    code = properties.get("district")
    district = DISTRICT_NAMES[District(code)][lang] if code in DISTRICT_NAMES else ""
    return plain("comma", lang).join(dict.fromkeys(filter(None, (place, district))))


def _publisher(properties: Any, lang: Lang) -> str:
    code = str(properties.get("publisher") or "")
    return say(PUBLISHERS[code], lang) if code in PUBLISHERS else clean(code) or _us(lang)


def _us(lang: Lang) -> str:
    return plain("page.name", lang)


def _categories(properties: Any, lang: Lang) -> list[Category]:
    kind, type_ = str(properties["kind"]), str(properties.get("type") or "")
    found = [Category(kind, SCHEMES["kind"], _term("kind", kind, lang))]
    if type_:
        words = _type_words(properties, lang) or type_
        found.append(Category(type_, SCHEMES["type"], words))
    severity = str(properties.get("severity") or "")
    if severity:
        words = _term("severity", severity, lang) or severity
        found.append(Category(severity, SCHEMES["severity"], words))
    return found


def _term(prefix: str, code: object, lang: Lang) -> str:
    return unescape(term(prefix, code, lang))


def _summary(one: Happening, picture: PublicPicture, lang: Lang) -> str:
    """Say in lines of plain text what it is, where, what was before, and what to do."""
    properties = one.feature["properties"]
    at = clock_and_day(one.at)
    lines = [plain("data.exercise-line", lang)] if picture.exercise else []
    if one.what != "new":
        lines.append(plain(f"data.line-{one.what}", lang, time=at))
    lines.append(_before(properties, lang))
    lines += [said(properties.get(name), lang)[0][:_LONGEST] for name in _TEXTS]
    where = _where(properties, lang)
    lines.append(plain("data.line-where", lang, where=where) if where else "")
    meaning = meaning_of(
        properties["kind"],
        str(properties.get("type") or ""),
        properties.get("signal"),
        properties.get("severity", "Unknown"),
        publisher=str(properties.get("publisher") or ""),
    )
    if meaning is not None and one.what not in ("over", "withdrawn"):
        lines += [say(words, lang) for words in (meaning.what, *meaning.do)]
    lines.append(
        plain(
            "data.line-source",
            lang,
            publisher=_publisher(properties, lang),
            time=clock_and_day(one.began),
        )
    )
    return "\n".join(line for line in lines if line and line != name_of(one.feature, lang))


def _before(properties: Any, lang: Lang) -> str:
    """Say what it was before it changed, where there are words for that."""
    was = (properties.get("changed") or {}).get("was") or {}
    kind = properties["kind"]
    words = [
        unescape(status(kind, str(was["status"]), lang)) if was.get("status") else "",
        _term("signal", was.get("signal"), lang),
        _term("severity", was.get("severity"), lang) if "signal" not in was else "",
        _term("incident", was.get("incident_type"), lang),
    ]
    said_before = plain("comma", lang).join(filter(None, words))
    return plain("data.line-before", lang, was=said_before) if said_before else ""


def _item(one: Happening, entry: Entry, lang: Lang) -> dict[str, Any]:
    """Give an entry as an item of JSON Feed 1.1."""
    properties = one.feature["properties"]
    related = [link.href for link in entry.links if link.rel == "related"]
    return {
        "id": entry.id,
        "url": entry.links[0].href,
        **({"external_url": related[0]} if related else {}),
        "title": entry.title,
        "content_text": entry.summary,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "authors": [{"name": entry.author}],
        "tags": [category.term for category in entry.categories],
        "language": HTML_LANGS[lang],
        "_cop": {
            "feature": one.feature["id"],
            "what": one.what,
            "district": properties.get("district"),
            "geometry": one.feature["geometry"],
            "rights": entry.rights,
        },
    }


def _json_feed(feed: Feed, items: Sequence[dict[str, Any]]) -> bytes:
    """Write JSON Feed 1.1; what is ours stands under `_cop`, as the format wants extensions."""
    atom, page, own = feed.links
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": page.href,
            "feed_url": own.href,
            "description": feed.subtitle,
            "language": feed.lang,
            "authors": [{"name": feed.author}],
            "items": items,
            "_cop": {"rights": feed.rights, "atom": atom.href},
        },
        option=orjson.OPT_UTC_Z,
    )
