"""The page on open data: files, how to follow them live, feeds, the widget, and the terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from html import escape
from typing import Final

from cop.model.district import DISTRICT_NAMES, District
from cop.model.publisher import PUBLISHERS
from cop.model.text import LANGS, Lang, say
from cop.services.publishing.editions import Document
from cop.services.publishing.paths import POINTER, page_path
from cop.ui.public.context import Context
from cop.ui.public.datasets import DATASET_KEYS
from cop.ui.public.downloads import FOLDER
from cop.ui.public.embed import embed_path
from cop.ui.public.feeds import feed_path
from cop.ui.public.fill import fill
from cop.ui.public.markup import ago, contact_link, esc, tell, time_of
from cop.ui.public.shell import (
    Shell,
    exercise_band,
    language_links,
    origin_of,
    whole_page,
)
from cop.ui.public.text_sources import used_feeds
from cop.ui.public.words import plain, word

EXAMPLE: Final = """\
let series = "", version = 0, features = new Map();
async function look() {
  const get = async (path) => (await fetch(SITE + path)).json();
  const now = await get("/public/now.json");
  const steps = now.changes.filter((step) => step.to > version);
  const isNext = series === now.series && (!steps.length || steps[0].to === version + 1);
  if (!isNext) {
    const whole = await get(now.picture.path);
    ({ series, version } = whole);
    features = new Map(whole.features.map((one) => [one.id, one]));
  }
  for (const { to, hash } of now.changes.filter((step) => step.to > version)) {
    const change = await get(`/public/c/${to}-${hash}.en.json`);
    for (const id of change.remove) features.delete(id);
    for (const one of change.put) features.set(one.id, one);
    version = to;
  }
}
setInterval(look, 15000);"""
"""How a reader follows the public picture; it is tested as it stands on the page."""
_FORMATS: Final = (("Atom", "atom"), ("JSON Feed", "json"))


def documents(context: Context) -> Iterator[Document]:
    """Write the page in every language."""
    for lang in LANGS:
        path = f"{page_path(lang, 'data')[1:]}index.html"
        yield Document(path, partial(_page, context, lang))


def _page(context: Context, lang: Lang) -> bytes:
    page = Shell(
        lang=lang,
        parts=("data",),
        title=plain("data.title", lang),
        description=plain("data.description", lang),
        origin=origin_of(context.settings),
        exercise=context.picture.exercise,
        files=context.files,
        body=fill(_body(context, lang), context.picture, lang),
        links=tuple(
            (
                "alternate",
                f"application/{'atom+xml' if suffix == 'atom' else 'feed+json'}",
                f"/{feed_path(lang, None, suffix)}",
                plain("page.feed", lang),
            )
            for _, suffix in _FORMATS
        ),
    )
    return whole_page(page)


def widget_code(origin: str, lang: Lang) -> str:
    """Give what somebody puts on a page of theirs to show the widget of the whole city."""
    title = escape(plain("embed.title", lang, where=plain("page.whole-city", lang)))
    return (
        f'<iframe src="{escape(origin)}{embed_path(lang, None)}" title="{title}"\n'
        '  width="340" height="420" loading="lazy" referrerpolicy="no-referrer"\n'
        '  sandbox="allow-scripts allow-top-navigation-by-user-activation"></iframe>'
    )


def _body(context: Context, lang: Lang) -> str:
    picture = context.picture
    as_of = word("page.as-of", lang, time=time_of(picture.as_of), ago=ago(picture.as_of))
    parts = (
        ("files", _files(lang)),
        ("live", _live(context, lang)),
        ("feeds", _feeds(lang)),
        ("widget", _widget(context, lang)),
        ("terms", _terms(context, lang)),
        ("never", _never(context, lang)),
        ("wrong", _wrong(context, lang)),
    )
    sections = "\n".join(
        f'<section id="d-{key}" aria-labelledby="h-{key}">'
        f'<h2 id="h-{key}">{word(f"data.h-{key}", lang)}</h2>\n{inner}\n</section>'
        for key, inner in parts
    )
    return (
        f'<a class="skip" href="#main">{word("page.skip", lang)}</a>\n'
        f'<header class="p-head">\n{exercise_band(lang, exercise=picture.exercise)}'
        f"<h1>{word('data.title', lang)}</h1>\n{language_links(lang, 'data')}\n"
        f'<p class="p-back"><a href="{page_path(lang)}">{word("page.whole-city-map", lang)}</a></p>'
        f'<p id="as-of">{as_of}</p>\n</header>\n<!--late-->\n'
        f'<main id="main" class="d-page">\n{_says(lang, "intro", "not-official")}\n{sections}\n'
        f"</main>\n"
    )


def _says(lang: Lang, *keys: str) -> str:
    return "\n".join(f"<p>{word(f'data.{key}', lang)}</p>" for key in keys)


def _files(lang: Lang) -> str:
    rows = [_file(key, lang) for key in DATASET_KEYS]
    rows += [_file("all", lang, with_csv=False), _file("sources", lang, with_map=False)]
    heads = "".join(
        f'<th scope="col">{word(f"data.col-{key}", lang)}</th>'
        for key in (
            "what",
            "sheet",
            "map",
        )
    )
    return (
        f'<div class="d-scroll" role="group" aria-labelledby="h-files" tabindex="0"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>\n"
        f"{_says(lang, 'files-csv', 'files-times', 'files-empty', 'files-ended')}\n"
        f'<p><a href="/{FOLDER}/schema.json">{word("data.schema", lang)}</a></p>'
    )


def _file(key: str, lang: Lang, *, with_csv: bool = True, with_map: bool = True) -> str:
    what = word(f"data.table-{key}", lang)

    def cell(name: str, suffix: str, *, there: bool) -> str:
        if not there:
            return f"<td>{word('data.none', lang)}</td>"
        label = word("data.file", lang, what=what, format=name)
        return f'<td><a href="/{FOLDER}/{key}.{suffix}" aria-label="{label}">{name}</a></td>'

    return (
        f'<tr><th scope="row">{what}</th>{cell("CSV", "csv", there=with_csv)}'
        f"{cell('GeoJSON', 'geojson', there=with_map)}</tr>"
    )


def _live(context: Context, lang: Lang) -> str:
    pointer = f'<a href="/{POINTER}">/{POINTER}</a>'
    code = f'const SITE = "{origin_of(context.settings)}";\n{EXAMPLE}'
    return (
        f"<p>{word('data.live', lang, pointer=pointer)}</p>\n"
        f"{_says(lang, 'live-often', 'live-age')}\n{_code('live-example', code, lang)}"
    )


def _code(key: str, code: str, lang: Lang) -> str:
    """Give *code* as a block that can be scrolled by keyboard and chosen as a whole."""
    return (
        f'<h3 id="d-{key}">{word(f"data.{key}", lang)}</h3>\n'
        f'<pre class="d-code" role="group" tabindex="0" aria-labelledby="d-{key}">'
        f"<code>{escape(code)}</code></pre>"
    )


def _feeds(lang: Lang) -> str:
    rows = [_feed(plain("page.whole-city", lang), None, lang)]
    rows += [_feed(names[lang], code, lang) for code, names in DISTRICT_NAMES.items()]
    return f'{_says(lang, "feeds")}\n<ul class="d-feeds">{"".join(rows)}</ul>'


def _feed(where: str, district: District | None, lang: Lang) -> str:
    links = " ".join(
        f'<a href="/{feed_path(lang, district, suffix)}" '
        f'aria-label="{word("data.feed-of", lang, where=escape(where), format=name)}">{name}</a>'
        for name, suffix in _FORMATS
    )
    return f"<li><span>{escape(where)}</span> {links}</li>"


def _widget(context: Context, lang: Lang) -> str:
    code = widget_code(origin_of(context.settings), lang)
    example = f"<code>{embed_path(lang, District.SHA_TIN)}</code>"
    return (
        f"{_says(lang, 'widget')}\n{_code('widget-code', code, lang)}\n"
        f"<p>{word('data.widget-district', lang, example=example)}</p>\n"
        f'<p><a href="{embed_path(lang, None)}">{word("data.widget-see", lang)}</a></p>'
    )


def _terms(context: Context, lang: Lang) -> str:
    feeds = context.picture.feeds
    rows = "".join(
        f'<tr><th scope="row">{tell(feeds[key].title, lang)} · '
        f"{_publisher(feeds[key].publisher, lang)}</th>"
        f"<td>{esc(feeds[key].licence)}</td></tr>"
        for key in used_feeds(context.picture)
        if key in feeds
    )
    return (
        f"{_says(lang, 'terms', 'terms-own')}\n"
        '<div class="d-scroll" role="group" aria-labelledby="h-terms" tabindex="0"><table>'
        f'<thead><tr><th scope="col">{word("data.col-source", lang)}</th>'
        f'<th scope="col">{word("data.col-terms", lang)}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _publisher(code: str, lang: Lang) -> str:
    return escape(say(PUBLISHERS[code], lang)) if code in PUBLISHERS else esc(code)


def _never(context: Context, lang: Lang) -> str:
    keys: Iterable[str] = ("never", "never-drill") if context.picture.exercise else ("never",)
    more = f'<a href="{page_path(lang, "cameras")}">{word("cameras.title", lang)}</a>'
    return f"{_says(lang, *keys)}\n<p>{more}</p>"


def _wrong(context: Context, lang: Lang) -> str:
    contact = contact_link(context.settings.contact)
    if not contact:
        return _says(lang, "wrong")
    return f"{_says(lang, 'wrong')}\n<p>{word('data.wrong-us', lang, contact=contact)}</p>"
