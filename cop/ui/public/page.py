"""The public pages: the whole city with its map, one for each district, and where there is none.

All that is on them can be read without scripts and without styles; what stands hidden here is for
the scripts to fill.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import zip_longest
from typing import Any, Final

from cop.clock import utc_iso
from cop.config import Settings
from cop.model.district import DISTRICT_NAMES, District
from cop.model.text import LANGS, Lang
from cop.services.publishing.editions import Document
from cop.services.publishing.paths import LANG_PATHS, POINTER, district_slug, page_path
from cop.services.publishing.picture import PublicPicture
from cop.ui.public.block import SECTIONS, Block, SectionKey
from cop.ui.public.bundles import script_words
from cop.ui.public.context import Context
from cop.ui.public.fill import fill
from cop.ui.public.markup import ago, time_of
from cop.ui.public.neighbours import NEIGHBOURS
from cop.ui.public.shell import (
    Shell,
    exercise_band,
    json_script,
    language_links,
    origin_of,
    unkept_notice,
    unkept_style,
    whole_page,
)
from cop.ui.public.words import plain, word

LATE: Final = "<!--late-->"
"""Where the web process puts a notice when the files have not been renewed for too long."""
_OF_A_DISTRICT: Final[tuple[SectionKey, ...]] = SECTIONS[: SECTIONS.index("rain")]
"""What a district's page has: all but the charts and lists of the whole city."""
_FOR_ALL: Final[frozenset[SectionKey]] = frozenset(["top", "warnings"])
_FEED_TYPES: Final = (("atom", "application/atom+xml"), ("json", "application/feed+json"))
_OBSERVATORY: Final[Mapping[Lang, str]] = {
    "en": "https://www.hko.gov.hk/en/index.html",
    "zh-Hant": "https://www.hko.gov.hk/tc/index.html",
    "zh-Hans": "https://www.hko.gov.hk/sc/index.html",
}


def documents(context: Context) -> Iterator[Document]:
    """Give the page of the city and of each district, in every language."""
    for lang in LANGS:
        yield _document(partial(city_page, context, lang), lang)
        for code in District:
            yield _document(partial(district_page, context, lang, code), lang, *_address(code))


def closed(settings: Settings, files: Mapping[str, str]) -> Iterator[Document]:
    """Give the pages that say that there is no public map of an exercise."""
    for lang in LANGS:
        body = (
            f'<header class="p-head">{exercise_band(lang, exercise=True)}'
            f"<h1>{word('exercise.closed-title', lang)}</h1>"
            f"{language_links(lang)}</header>\n"
            f'<main id="main"><p>{word("exercise.closed", lang)}</p>'
            f'<p><a href="{_OBSERVATORY[lang]}" rel="external">'
            f"{word('exercise.closed-real', lang)}</a></p>"
            f'<p><a href="/sign-in">{word("page.sign-in", lang)}</a></p></main>\n'
        )
        page = Shell(
            lang=lang,
            parts=(),
            title=plain("exercise.closed-title", lang),
            description=plain("exercise.closed", lang),
            origin=origin_of(settings),
            exercise=True,
            files=files,
            body=body,
            is_indexed=False,
        )
        yield _document(partial(whole_page, page), lang)


def city_page(context: Context, lang: Lang) -> bytes:
    """Give the page of the whole city."""
    blocks = context.blocks[lang]
    sections = [_section(key, blocks, lang) for key in SECTIONS]
    sections[1:1] = [_districts(lang)]
    main = "\n".join(sections)
    body = (
        f"{_header(context, lang, plain('page.name', lang))}"
        '<section id="near" hidden></section>\n'
        f'<section id="map" aria-label="{word("page.map", lang)}" hidden></section>\n'
        f'<main id="main">\n{main}\n</main>\n{_footer(lang)}'
    )
    return _page(
        context,
        lang,
        (),
        title=plain("page.title", lang),
        description=plain("page.description", lang),
        body=body,
        data={"page": "city"},
    )


def district_page(context: Context, lang: Lang, code: District) -> bytes:
    """Give the page of the district *code*: its own items, and what concerns the whole city."""
    name = plain("page.district", lang, district=DISTRICT_NAMES[code][lang])
    sections = [_section(key, context.blocks[lang], lang, code) for key in _OF_A_DISTRICT]
    main = "\n".join([*sections, _neighbours(lang, code)])
    body = f'{_header(context, lang, name, code)}<main id="main">\n{main}\n</main>\n{_footer(lang)}'
    return _page(
        context,
        lang,
        _address(code),
        title=plain("page.district-title", lang, district=name),
        description=plain("page.district-description", lang, district=DISTRICT_NAMES[code][lang]),
        body=body,
        data={"page": "district", "district": code.value},
    )


def _address(code: District) -> tuple[str, str]:
    return "district", district_slug(code)


def _document(make: Callable[[], bytes], lang: Lang, *parts: str) -> Document:
    return Document(f"{page_path(lang, *parts)[1:]}index.html", make)


def _page(
    context: Context,
    lang: Lang,
    parts: tuple[str, ...],
    *,
    title: str,
    description: str,
    body: str,
    data: Mapping[str, str],
) -> bytes:
    picture = context.picture
    scripts = (
        f"{json_script('public-config', _config(context, lang))}"
        f'<script src="{context.files["app.js"]}" defer></script>\n'
    )
    scope = parts[-1] if parts else "all"
    feeds = tuple(
        (
            "alternate",
            kind,
            f"/public/feeds/{LANG_PATHS[lang]}/{scope}.{suffix}",
            plain("page.feed", lang),
        )
        for suffix, kind in _FEED_TYPES
    )
    return whole_page(
        Shell(
            lang=lang,
            parts=parts,
            title=title,
            description=description,
            origin=origin_of(context.settings),
            exercise=picture.exercise,
            files=context.files,
            body=fill(body, picture, lang) + scripts,
            more=unkept_style(),
            data=_facts(context) | dict(data),
            links=feeds,
        )
    )


def _facts(context: Context) -> dict[str, str]:
    picture = context.picture
    return {
        "series": context.series,
        "version": str(context.version),
        "as-of": utc_iso(picture.as_of, "seconds"),
        "made-at": utc_iso(picture.made_at, "seconds"),
        "speed": f"{picture.speed:g}",
        "exercise": "true" if picture.exercise else "false",
    }


def _config(context: Context, lang: Lang) -> dict[str, Any]:
    """Give what the scripts are told: words, names, addresses; nothing of what is happening."""
    return {
        "words": _words(lang),
        "pointer": f"/{POINTER}",
        "files": context.files,
        "districts": {
            code.value: {"name": names[lang], "slug": district_slug(code)}
            for code, names in DISTRICT_NAMES.items()
        },
    }


@lru_cache(maxsize=len(LANGS))
def _words(lang: Lang) -> dict[str, str]:
    return script_words(lang)


def _header(context: Context, lang: Lang, name: str, code: District | None = None) -> str:
    picture: PublicPicture = context.picture
    parts = () if code is None else _address(code)
    back = (
        f'<p class="p-back"><a href="{page_path(lang)}">{word("page.whole-city-map", lang)}</a></p>'
        if code is not None
        else ""
    )
    as_of = word("page.as-of", lang, time=time_of(picture.as_of), ago=ago(picture.as_of))
    return (
        f'<a class="skip" href="#main">{word("page.skip", lang)}</a>\n'
        f'<header class="p-head">\n{exercise_band(lang, exercise=picture.exercise)}'
        f"<h1>{name}</h1>\n{language_links(lang, *parts)}\n{back}"
        f'<p id="as-of">{as_of}</p>\n{unkept_notice(lang)}'
        f'<p class="p-999">{word("page.emergency", lang)}</p>\n</header>\n'
        f'{LATE}\n<div id="tools" hidden></div>\n'
    )


def _section(
    key: SectionKey, blocks: tuple[Block, ...], lang: Lang, code: District | None = None
) -> str:
    """Give a section: its heading, its head and charts, its list; of *code* only what is there."""
    own = [block for block in blocks if block.section == key]
    first = [block.html for block in own if not block.order and block.key.startswith("head-")]
    charts = [block.html for block in own if not block.order and block.key.startswith("chart-")]
    listed = [
        block
        for block in own
        if block.order and (code is None or not block.district or block.district == code)
    ]
    if code is not None:
        listed = _without_idle_groups(listed)
    rows = "\n".join(block.html for block in listed)
    if code is not None and key not in _FOR_ALL:  # its numbers are of the whole city
        whole = word("page.whole-city", lang) + word("colon", lang).strip()
        first[:0] = [f'<p class="p-scope">{whole}</p>']
    none = "" if code is None else _none_here(key, own, listed, lang, code)
    items = "" if key == "top" else f'<ul class="p-list" id="list-{key}">{rows}</ul>\n'
    return (
        f'<section id="s-{key}" aria-labelledby="h-{key}">'
        f'<h2 id="h-{key}">{word(f"section.{key}", lang)}</h2>\n'
        f"{chr(10).join(first)}\n{items}{none}{chr(10).join(charts)}</section>"
    )


def _is_group(block: Block) -> bool:
    return block.key.startswith("head-")


def _without_idle_groups(listed: list[Block]) -> list[Block]:
    """Leave out headings under which nothing stands."""
    return [
        block
        for block, after in zip_longest(listed, listed[1:])
        if not _is_group(block) or (after is not None and not _is_group(after))
    ]


def _none_here(
    key: SectionKey, own: list[Block], listed: list[Block], lang: Lang, code: District
) -> str:
    """Say of a list that has nothing of the district that this is so, or that it is not known."""
    if key in _FOR_ALL:
        return ""
    head = next((block.html for block in own if block.key == f"head-{key}"), "")
    known = "page.unknown-here" if 'data-state="unknown"' in head else "page.none-here"
    hidden = " hidden" if listed or 'data-state="empty"' in head else ""
    words = word(known, lang, district=DISTRICT_NAMES[code][lang])
    return f'<p class="p-none"{hidden}>{words}</p>\n'


def _districts(lang: Lang) -> str:
    """Give the way to each district's page."""
    return (
        '<nav id="s-districts" class="p-districts" aria-labelledby="h-districts">'
        f'<h2 id="h-districts">{word("page.my-district", lang)}</h2>'
        f"{_district_list(lang, tuple(District))}</nav>"
    )


def _neighbours(lang: Lang, code: District) -> str:
    return (
        '<nav id="s-neighbours" class="p-districts" aria-labelledby="h-neighbours">'
        f'<h2 id="h-neighbours">{word("page.neighbours", lang)}</h2>'
        f"{_district_list(lang, NEIGHBOURS[code])}"
        f'<p><a href="{page_path(lang)}">{word("page.whole-city-map", lang)}</a></p></nav>'
    )


def _district_list(lang: Lang, codes: tuple[District, ...]) -> str:
    rows = "".join(
        f'<li><a href="{page_path(lang, *_address(code))}">{DISTRICT_NAMES[code][lang]}</a></li>'
        for code in codes
    )
    return f"<ul>{rows}</ul>"


def _footer(lang: Lang) -> str:
    """Give what stands below everything: terms, open data, all districts, the way in."""
    return (
        f'<footer class="p-foot"><h2 id="h-about">{word("page.about", lang)}</h2>\n'
        f"<p>{word('page.licence', lang)}</p>\n<p>{word('page.privacy', lang)}</p>\n"
        f'<ul><li><a href="{page_path(lang, "data")}">{word("page.data", lang)}</a></li>'
        f'<li><a href="{page_path(lang, "cameras")}">{word("cameras.title", lang)}</a></li>'
        f'<li><a href="/sign-in">{word("page.sign-in", lang)}</a></li></ul></footer>\n'
    )
