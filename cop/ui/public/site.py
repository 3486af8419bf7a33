"""The public site as a whole: every document of an edition, and the files that all pages share."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Final

from cop.config import Settings
from cop.model.district import District
from cop.model.text import LANGS
from cop.services.publishing.editions import Document, File
from cop.services.publishing.paths import (
    HTML_LANGS,
    KEPT_UP,
    LANG_PATHS,
    district_slug,
    page_path,
)
from cop.ui.field.bundle import ASSETS, Bundle, hash_of
from cop.ui.public import cameras_page, data_page, downloads, embed, feeds, page
from cop.ui.public.bundles import bundles
from cop.ui.public.context import Context
from cop.ui.public.shell import origin_of

_FOLDER: Final = "public/a"
_ICON: Final = ASSETS / "field" / "icons" / "192.png"
_NO_ROBOTS: Final = "User-agent: *\nDisallow: /\n"
_KEPT_UP: Final = b".p-unkept { display: none !important; }\n"
_PAGES: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("data",),
    (cameras_page.PART,),
    *(("district", district_slug(code)) for code in District),
)
"""Addresses, below that of each language, that search engines may list."""


def documents(context: Context) -> Iterator[Document]:
    """Give every document of an edition: pages, widget, feeds, downloads, what crawlers read."""
    for module in (page, data_page, cameras_page, embed, feeds, downloads):
        yield from module.documents(context)
    yield from _for_crawlers(context.settings)
    yield Document(KEPT_UP, partial(bytes, _KEPT_UP))


def assets() -> tuple[Mapping[str, str], list[File]]:
    """Give the address of each shared file by its logical name, and the files themselves.

    A file's name holds the hash of its content: under one name it never changes.
    """
    made = _bundles()
    addresses = {name: f"/{_FOLDER}/{one.name}" for name, one in made.items()}
    return addresses, [File(f"{_FOLDER}/{one.name}", one.body) for one in made.values()]


def closed(settings: Settings) -> Iterator[Document]:
    """Give what stands where there is no public map because this is an exercise."""
    addresses, _ = assets()
    yield from page.closed(settings, addresses)
    yield _robots(_NO_ROBOTS)


@cache
def _bundles() -> dict[str, Bundle]:
    pictures = {
        "icon.png": _ICON,
        **{path.name: path for path in sorted((ASSETS / "public").glob("share-*.png"))},
    }
    return bundles() | {name: _picture(name, path.read_bytes()) for name, path in pictures.items()}


def _picture(name: str, body: bytes) -> Bundle:
    stem = name.removesuffix(".png")
    return Bundle(f"{stem}.{hash_of(body)}.png", body, "image/png")


def _for_crawlers(settings: Settings) -> Iterator[Document]:
    """Give `robots.txt` and the site map; nothing of an exercise is to be found by searching."""
    if settings.exercise:
        yield _robots(_NO_ROBOTS)
        return
    origin = origin_of(settings)
    lines = [
        "User-agent: *",
        "Allow: /",
        "Disallow: /api/",
        "Disallow: /command",
        "Disallow: /field",
    ]
    lines += [f"Sitemap: {origin}/sitemap.xml"] if origin else []
    yield _robots("\n".join(lines) + "\n")
    yield Document("sitemap.xml", partial(_site_map, origin))


def _robots(words: str) -> Document:
    return Document("robots.txt", words.encode)


def _site_map(origin: str) -> bytes:
    """List every page with its other languages."""
    rows = []
    for parts in _PAGES:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{HTML_LANGS[lang]}" '
            f'href="{html.escape(origin + page_path(lang, *parts))}"/>'
            for lang in LANG_PATHS
        )
        rows += [
            f"<url><loc>{html.escape(origin + page_path(lang, *parts))}</loc>{others}</url>"
            for lang in LANGS
        ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "\n".join(rows) + "\n</urlset>\n"
    ).encode()
