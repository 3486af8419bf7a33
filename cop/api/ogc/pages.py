"""The pages below /ogc: plain, without script, made of what programs get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final
from urllib.parse import quote, urlencode

from cop.api.ogc import words
from cop.api.ogc.asked import ROOT, Asked
from cop.api.ogc.documents import title_of
from cop.api.pages import exercise_band, lang_links, page
from cop.model.text import Text, say

_HEAD: Final = '<link rel="stylesheet" href="/assets/ogc/ogc.css">\n'
_WIDE: Final = 24
"""Columns of a table of features at most: those in which something stands."""


def _word(asked: Asked, sentence: Text, **given: object) -> str:
    return escape(say(sentence, asked.lang).format(**given))


def _a(href: str, words_: str, **more: str) -> str:
    extra = "".join(f' {name}="{escape(value)}"' for name, value in more.items())
    return f'<a href="{escape(href)}"{extra}>{escape(words_)}</a>'


def whole(
    asked: Asked, title: str, trail: Sequence[tuple[str, str]], body: str, said: Mapping[str, Any]
) -> str:
    """Put a page together: where it is, what it says, and under which terms."""
    lang = asked.lang
    rest = urlencode({**{n: v for n, v in asked.given.items() if n != "lang"}, "f": "html"})
    here = escape(quote(f"{ROOT}{asked.path}", safe="/:@"))
    band = exercise_band(lang) if asked.web.settings.exercise else ""
    links = said.get("links", [])
    mine = next((one for one in links if one["rel"] == "alternate"), None)
    crumbs = "".join(f"<li>{_a(href, name)}</li>" for name, href in trail)
    where = _word(asked, words.WHERE)
    as_json = f"<p>{_a(mine['href'], say(words.AS_JSON, lang))}</p>" if mine else ""
    markup = (
        f"{band}<header>{lang_links(here, lang, f'&{rest}')}"
        f'<nav aria-label="{where}"><ol class="ogc-trail">{crumbs}'
        f'<li aria-current="page">{escape(title)}</li></ol></nav></header>'
        f'<main class="ogc"><h1>{escape(title)}</h1>{body}{as_json}</main>'
        f"<footer>{_terms(asked, said)}</footer>"
    )
    return page(f"{title} · {title_of(asked)}", markup, lang, head=_HEAD)


def _terms(asked: Asked, said: Mapping[str, Any]) -> str:
    terms = [one for one in said.get("links", []) if one["rel"] == "license"]
    parts = []
    if said.get("attribution"):
        parts.append(
            f"<h2>{_word(asked, words.ATTRIBUTION)}</h2><p>{escape(said['attribution'])}</p>"
        )
    if terms:
        items = "".join(
            f"<li>{_a(one['href'], one['title'], rel='license', lang='en')}</li>" for one in terms
        )
        parts.append(f"<h2>{_word(asked, words.TERMS)}</h2><ul>{items}</ul>")
    if said.get("asOf"):
        parts.append(f"<p>{_word(asked, words.AS_OF, time=said['asOf'])}</p>")
    return "".join(parts)


def _start(asked: Asked) -> tuple[str, str]:
    return say(words.START, asked.lang), asked.address("", "html")


def _all(asked: Asked) -> tuple[str, str]:
    return say(words.COLLECTIONS, asked.lang), asked.address("/collections", "html")


def landing(asked: Asked, said: Mapping[str, Any]) -> str:
    """Give the page where everything begins."""
    ways = (
        (words.COLLECTIONS, "/collections"),
        (words.API, "/api"),
        (words.CONFORMANCE, "/conformance"),
    )
    items = "".join(
        f"<li>{_a(asked.address(path, 'html'), say(name, asked.lang))}</li>" for name, path in ways
    )
    body = f"<p>{escape(said['description'])}</p><ul>{items}</ul>"
    return whole(asked, said["title"], (), body, said)


def conformance(asked: Asked, said: Mapping[str, Any]) -> str:
    """Give the page of what the service conforms to."""
    items = "".join(f"<li><code>{escape(one)}</code></li>" for one in said["conformsTo"])
    title = say(words.CONFORMANCE, asked.lang)
    return whole(asked, title, [_start(asked)], f"<ul>{items}</ul>", said)


def collections(asked: Asked, said: Mapping[str, Any]) -> str:
    """Give the page of all collections."""
    items = "".join(
        f"<li>{_a(asked.address(f'/collections/{name}', 'html'), one['title'])}:"
        f" {escape(one['description'])}</li>"
        for name, one in ((one["id"], one) for one in said["collections"])
    )
    title = say(words.COLLECTIONS, asked.lang)
    return whole(asked, title, [_start(asked)], f"<ul>{items}</ul>", said)


def collection(asked: Asked, said: Mapping[str, Any]) -> str:
    """Give the page of one collection."""
    path = f"/collections/{said['id']}"
    ways = (
        (words.ITEMS, f"{path}/items"),
        (words.QUERYABLES, f"{path}/queryables"),
        (words.SCHEMA, f"{path}/schema"),
    )
    items = "".join(
        f"<li>{_a(asked.address(way, 'html'), say(name, asked.lang))}</li>" for name, way in ways
    )
    extent = said.get("extent", {})
    facts = []
    if "spatial" in extent:
        facts.append(say(words.EARTH, asked.lang).format(*extent["spatial"]["bbox"][0]))
    if "temporal" in extent:
        facts.append(" – ".join(str(end) for end in extent["temporal"]["interval"][0]))
    reach = "".join(f"<li>{escape(fact)}</li>" for fact in facts)
    systems = "".join(f"<li><code>{escape(one)}</code></li>" for one in said["crs"])
    body = (
        f"<p>{escape(said['description'])}</p><ul>{items}</ul>"
        + (f"<h2>{_word(asked, words.EXTENT)}</h2><ul>{reach}</ul>" if reach else "")
        + f"<h2>{_word(asked, words.COORDINATES)}</h2><ul>{systems}</ul>"
    )
    return whole(asked, said["title"], [_start(asked), _all(asked)], body, said)


def schema(asked: Asked, said: Mapping[str, Any], title: Text) -> str:
    """Give the page of the properties of a collection."""
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{escape(_type(one))}</td></tr>'
        for name, one in said["properties"].items()
    )
    name = say(title, asked.lang)
    heads = f"<th>{_word(asked, words.PROPERTY)}</th><th>{_word(asked, words.TYPE)}</th>"
    up = asked.path.rpartition("/")[0]
    back = (said["title"], asked.address(up, "html"))
    table = _table(f"{said['title']}: {name}", heads, rows)
    return whole(asked, name, [_start(asked), _all(asked), back], table, said)


def _type(one: Mapping[str, Any]) -> str:
    known = ", ".join(one.get("enum", ()))
    parts = [one.get("type", ""), one.get("format", ""), f"({known})" if known else ""]
    return " ".join(part for part in parts if part)


def _table(caption: str, heads: str, rows: str) -> str:
    """Give a table that scrolls by itself where it is wide, with the keyboard too."""
    return (
        f'<div class="ogc-table" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def items(asked: Asked, said: Mapping[str, Any]) -> str:
    """Give a page of features."""
    features = said["features"]
    columns = _told(features)
    up = asked.path.rpartition("/")[0]
    heads = "".join(f"<th><code>{escape(name)}</code></th>" for name in ("id", *columns))
    rows = "".join(_row(asked, one, columns) for one in features)
    shown = _word(
        asked, words.SHOWN, returned=said["numberReturned"], matched=said["numberMatched"]
    )
    body = f'<p role="status">{shown}</p>' + (
        _table(said["title"], heads, rows) if features else f"<p>{_word(asked, words.NOTHING)}</p>"
    )
    turn = {"prev": words.PREV, "next": words.NEXT}
    ways = " · ".join(
        _a(one["href"], say(turn[one["rel"]], asked.lang), rel=one["rel"])
        for rel in turn
        for one in said["links"]
        if one["rel"] == rel
    )
    if ways:
        body += f'<nav aria-label="{_word(asked, words.PAGES)}">{ways}</nav>'
    back = [_start(asked), _all(asked), (said["title"], asked.address(up, "html"))]
    return whole(asked, say(words.ITEMS, asked.lang), back, body, said)


def _row(asked: Asked, one: Mapping[str, Any], columns: Iterable[str]) -> str:
    head = _a(asked.address(f"{asked.path}/{one['id']}", "html"), one["id"])
    cells = "".join(f"<td>{_value(one['properties'][name])}</td>" for name in columns)
    return f'<tr><th scope="row">{head}</th>{cells}</tr>'


def _told(features: Iterable[Mapping[str, Any]]) -> list[str]:
    """List the columns in which something stands, without those of each language."""
    found: dict[str, None] = {}
    for one in features:
        for name, value in one["properties"].items():
            if value is not None and not name.endswith(("_en", "_zh_hant", "_zh_hans")):
                found[name] = None
    return list(found)[:_WIDE]


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    words_ = str(value)
    if words_.startswith(("http://", "https://")):
        return _a(words_, words_, rel="noopener nofollow")
    return escape(words_)


def feature(asked: Asked, said: Mapping[str, Any], title: str) -> str:
    """Give the page of one feature."""
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{_value(value)}</td></tr>'
        for name, value in said["properties"].items()
        if value is not None
    )
    geometry = said["geometry"]
    if geometry is not None:
        place = str(geometry["coordinates"]) if geometry["type"] == "Point" else geometry["type"]
        rows += f'<tr><th scope="row">{_word(asked, words.PLACE)}</th><td>{escape(place)}</td></tr>'
    heads = f"<th>{_word(asked, words.PROPERTY)}</th><th>{_word(asked, words.VALUE)}</th>"
    name = said["properties"].get("title") or said["id"]
    up = asked.path.partition("/items/")[0]
    back = [_start(asked), _all(asked), (title, asked.address(up, "html"))]
    table = _table(said["id"], heads, rows)
    return whole(asked, name, back, table, said)


def api(asked: Asked, said: Mapping[str, Any]) -> str:
    """Give the page that lists every address."""
    rows = "".join(
        f'<tr><th scope="row"><code>{escape("/ogc" + path)}</code></th>'
        f"<td>{escape(one['get']['summary'])}</td></tr>"
        for path, one in said["paths"].items()
    )
    heads = f"<th>{_word(asked, words.ADDRESS)}</th><th>{_word(asked, words.SUMMARY)}</th>"
    title = say(words.API, asked.lang)
    body = f"<p>{_word(asked, words.API_HELP)}</p>{_table(title, heads, rows)}"
    links = {"links": [{"rel": "alternate", "href": asked.address("/api", "json")}]}
    return whole(asked, title, [_start(asked)], body, links)
