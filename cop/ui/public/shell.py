"""What every public page has around its content: head, share preview, languages, the way back."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from cop.config import Settings
from cop.model.text import LANGS, Lang
from cop.services.publishing.paths import HTML_LANGS, KEPT_UP, LANG_PATHS, page_path
from cop.ui.public.words import plain, word

LANG_NAMES: Final[Mapping[Lang, str]] = {
    "zh-Hant": "繁體中文",
    "en": "English",
    "zh-Hans": "简体中文",
}
"""Each language as its own readers write it."""
_LOCALES: Final[Mapping[Lang, str]] = {"zh-Hant": "zh_HK", "en": "en_GB", "zh-Hans": "zh_CN"}
_COLOURS: Final = (("light", "#ffffff"), ("dark", "#0d1319"))
SHARE_SIZE: Final = (1200, 630)
_LOCAL: Final = frozenset(["127.0.0.1", "localhost", "::1"])


def origin_of(settings: Settings) -> str:
    """Give scheme and host under which the site is known, without a slash; "" where that is not.

    Without a public address only a site of one machine knows its own.
    """
    if settings.public_url:
        parts = urlsplit(settings.public_url)
        return f"{parts.scheme}://{parts.netloc}"
    if settings.host in _LOCAL and settings.port:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        return f"http://{host}:{settings.port}"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """One page in one language.

    Attributes:
        lang: its language.
        parts: its address below that of the language, as for `page_path`.
        title, description: as text, without a mark of exercise.
        origin: as `origin_of` gives it.
        exercise: whether it must be marked as an exercise.
        files: logical name of a bundle to its address.
        body: what stands in the body, as markup.
        data: attributes of the body, `data-` before each.
        links: further links of the head: relation, type, address, title.
        more: further markup for the head.
        is_indexed: whether search engines may list it.
    """

    lang: Lang
    parts: tuple[str, ...]
    title: str
    description: str
    origin: str
    exercise: bool
    files: Mapping[str, str]
    body: str
    data: Mapping[str, str] = field(default_factory=dict)
    links: tuple[tuple[str, str, str, str], ...] = ()
    more: str = ""
    is_indexed: bool = True


def whole_page(page: Shell) -> bytes:
    """Give *page* as a document."""
    data = {"lang": page.lang, **page.data}
    attributes = "".join(f' data-{name}="{_attribute(value)}"' for name, value in data.items())
    return (
        f'<!DOCTYPE html>\n<html lang="{HTML_LANGS[page.lang]}">\n<head>\n{_head(page)}'
        f"{page.more}</head>\n"
        f"<body{attributes}>\n{page.body}</body>\n</html>\n"
    ).encode()


def marked_title(title: str, lang: Lang, *, exercise: bool) -> str:
    """Give *title*, marked where it is of an exercise."""
    return f"{plain('exercise.mark', lang)} · {title}" if exercise else title


def language_links(lang: Lang, *parts: str) -> str:
    """Give the links to the same page in each language."""
    rows = []
    for one in LANG_PATHS:
        tag = HTML_LANGS[one]
        here = ' aria-current="true"' if one == lang else ""
        rows.append(
            f'<li><a href="{page_path(one, *parts)}" lang="{tag}" hreflang="{tag}"{here}>'
            f"{LANG_NAMES[one]}</a></li>"
        )
    return (
        f'<nav class="p-langs" aria-label="{word("page.languages", lang)}">'
        f"<ul>{''.join(rows)}</ul></nav>"
    )


def exercise_band(lang: Lang, *, exercise: bool) -> str:
    """Give the band that marks an exercise; "" where it is none."""
    return f'<p class="p-exercise">{word("exercise.band", lang)}</p>\n' if exercise else ""


def unkept_style() -> str:
    """Give what belongs in the head of a page with `unkept_notice`."""
    return f'<noscript><link rel="stylesheet" href="/{KEPT_UP}"></noscript>\n'


def unkept_notice(lang: Lang) -> str:
    """Give what readers without scripts are told unless the application says otherwise.

    Where only a cache is left to answer, nobody else could tell them that the page is old.
    """
    words = word("page.unkept", lang)
    return f'<noscript><p class="p-unkept"><strong>{words}</strong></p></noscript>\n'


def json_script(id_: str, told: Any) -> str:
    """Give *told* as a script element that holds data and can run nothing."""
    body = orjson.dumps(told).decode().replace("<", "\\u003c").replace(">", "\\u003e")
    return f'<script type="application/json" id="{id_}">{body}</script>\n'


def _attribute(value: object) -> str:
    return html.escape(str(value))


def _head(page: Shell) -> str:
    title = marked_title(page.title, page.lang, exercise=page.exercise)
    address = page.origin + page_path(page.lang, *page.parts)
    rows = [
        '<meta charset="utf-8">',
        f"<title>{html.escape(title)}</title>",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        _meta("description", page.description),
        *(_theme(scheme, colour) for scheme, colour in _COLOURS),
        _link("stylesheet", href=page.files["page.css"]),
        _link("icon", href=page.files["icon.png"], type="image/png"),
        _link("apple-touch-icon", href=page.files["icon.png"]),
    ]
    if page.exercise or not page.is_indexed:
        rows.append(_meta("robots", "noindex"))
    elif page.origin:
        rows.append(_link("canonical", href=address))
    rows += _alternates(page)
    rows += [_link(rel, type=kind, href=href, title=name) for rel, kind, href, name in page.links]
    rows += _share(page, title, address)
    return "\n".join(rows) + "\n"


def _alternates(page: Shell) -> list[str]:
    """Give the same page in each language, and where those go who have said none."""
    found = [
        _link(
            "alternate", hreflang=HTML_LANGS[lang], href=page.origin + page_path(lang, *page.parts)
        )
        for lang in LANG_PATHS
    ]
    first = page_path(next(iter(LANG_PATHS)), *page.parts) if page.parts else "/"
    return [*found, _link("alternate", hreflang="x-default", href=page.origin + first)]


def _share(page: Shell, title: str, address: str) -> list[str]:
    """Give what a link to the page looks like where people share it."""
    width, height = SHARE_SIZE
    told = [
        ("og:type", "website"),
        ("og:site_name", plain("page.name", page.lang)),
        ("og:title", title),
        ("og:description", page.description),
        ("og:url", address),
        ("og:locale", _LOCALES[page.lang]),
        *(("og:locale:alternate", _LOCALES[one]) for one in LANGS if one != page.lang),
    ]
    picture = page.files.get(f"share-{LANG_PATHS[page.lang]}.png")
    if picture:
        told += [
            ("og:image", page.origin + picture),
            ("og:image:type", "image/png"),
            ("og:image:width", str(width)),
            ("og:image:height", str(height)),
            ("og:image:alt", plain("page.share-alt", page.lang)),
        ]
    rows = [f'<meta property="{name}" content="{_attribute(value)}">' for name, value in told]
    return [*rows, _meta("twitter:card", "summary_large_image" if picture else "summary")]


def _meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{_attribute(content)}">'


def _theme(scheme: str, colour: str) -> str:
    media = f"(prefers-color-scheme: {scheme})"
    return f'<meta name="theme-color" media="{media}" content="{colour}">'


def _link(rel: str, **attributes: str) -> str:
    rest = "".join(f' {name}="{_attribute(value)}"' for name, value in attributes.items())
    return f'<link rel="{rel}"{rest}>'
