"""The public site as a whole: every address once, files named by their content, crawlers."""

from __future__ import annotations

import gzip
import re

import pytest
from lxml import etree, html
from PIL import Image

from cop.config import Settings
from cop.model.text import LANGS
from cop.publisher import PublicSite
from cop.services.publishing.paths import LANG_PATHS
from cop.ui.field.bundle import ASSETS, hash_of
from cop.ui.public import cameras_page, data_page, downloads, embed, feeds, page, site
from cop.ui.public.context import Context
from cop.ui.public.layers import public_layers
from cop.ui.public.sections import OWN
from cop.ui.public.shell import SHARE_SIZE
from cop.ui.public.text import blocks
from cop.ui.public.text_sources import used_feeds
from tests.unit.ui import public_town as town

MOST_OF_A_PAGE = 60_000
MOST_OF_A_PICTURE = 60_000
"""Bytes: of a page as it is sent, and of what is shown where people share it."""


def edition(**changes: object) -> Context:
    """Make the edition of the severe evening, with the site's own files."""
    made = town.context(town.severe_evening(), **changes)
    files, _ = site.assets()
    return Context(made.picture, made.settings, "abcd", 7, made.blocks, files)


def test_every_address_is_written_once() -> None:
    """Pages, feeds, downloads, widget: no two documents share an address; all are relative."""
    paths = [one.path for one in site.documents(edition())]
    assert len(paths) == len(set(paths))
    assert all(re.fullmatch(r"[\w.-]+(/[\w.-]+)*", path) for path in paths)
    for lang in LANG_PATHS.values():
        assert {f"{lang}/index.html", f"{lang}/data/index.html"} <= set(paths)
    assert {"robots.txt", "sitemap.xml"} <= set(paths)


def test_the_pointer_tells_of_every_feed_that_something_waits_for() -> None:
    """Times of checks that the text leaves open, and the layers of the map; and of no others."""
    picture = town.severe_evening()
    told = set(PublicSite(Settings()).feeds(picture))
    text = "".join(one.html for lang in LANGS for one in blocks(picture, lang))
    waited_for = set(re.findall(r'data-checked="([^"]+)"', text)) - {OWN}
    assert waited_for
    of_layers = {feed for layer in public_layers() for feed in layer.feeds}
    assert waited_for | of_layers <= told
    assert told <= of_layers | set(used_feeds(picture))


def test_each_document_is_made_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """To list them makes none, so that one that cannot be made is missing alone."""

    def fail(*_: object, **__: object) -> bytes:
        raise ValueError("nobody foresaw this")

    made = edition()
    for module, name in (
        *((page, "city_page"), (page, "district_page"), (data_page, "whole_page")),
        (cameras_page, "whole_page"),
        *((embed, "_signals"), (feeds, "happenings"), (downloads, "_tables")),
    ):
        monkeypatch.setattr(module, name, fail)
    listed = list(site.documents(made))
    assert len(listed) > 200
    for one in listed:
        if one.path in ("robots.txt", "sitemap.xml", "public/data/sources.csv"):
            assert one.body
        elif one.path.endswith(("index.html", ".atom")):
            with pytest.raises(ValueError, match="nobody foresaw"):
                one.make()


def test_links_of_the_pages_lead_somewhere() -> None:
    """Whatever a page links to on this site is written, but for the way in of those inside."""
    context = edition()
    documents = {one.path: one.body for one in site.documents(context)}
    _, files = site.assets()
    there = {f"/{path.removesuffix('index.html')}" for path in documents}
    there |= {f"/{one.path}" for one in files} | {"/", "/public/now.json", "/sign-in"}
    for path in ("en/index.html", "tc/district/yuen-long/index.html", "sc/data/index.html"):
        root = html.document_fromstring(documents[path].decode())
        found = {str(one).partition("#")[0] for one in root.xpath("//@href | //script/@src")}
        own = {one.removeprefix("https://cop.example") for one in found if one}
        assert {one for one in own if one.startswith("/")} <= there, path


def test_shared_files_are_named_by_their_content() -> None:
    """Another content has another name, so that a file may be kept for ever."""
    files, documents = site.assets()
    assert {f"/{one.path}" for one in documents} == set(files.values())
    for one in documents:
        assert hash_of(one.body) in one.path
    assert {"app.js", "map.js", "page.css", "map.css", "icon.png"} <= set(files)


@pytest.mark.parametrize("name", [f"share-{path}.png" for path in LANG_PATHS.values()])
def test_share_pictures_fit(name: str) -> None:
    """Each language has its picture, of the size that is promised, and small."""
    path = ASSETS / "public" / name
    with Image.open(path) as picture:
        assert picture.size == SHARE_SIZE
    assert path.stat().st_size <= MOST_OF_A_PICTURE
    assert name in site.assets()[0]


def test_a_page_is_light() -> None:
    """The page of a severe evening is sent in less than 60 kB."""
    documents = {one.path: one.body for one in site.documents(edition())}
    for lang in LANGS:
        sent = gzip.compress(documents[f"{LANG_PATHS[lang]}/index.html"])
        assert len(sent) <= MOST_OF_A_PAGE


def test_crawlers_are_told_what_to_read() -> None:
    """The live site lists its pages in all languages; an exercise asks not to be read."""
    live = {one.path: one.body.decode() for one in site.documents(edition())}
    assert "Sitemap: https://cop.example/sitemap.xml" in live["robots.txt"]
    tree = etree.fromstring(live["sitemap.xml"].encode())
    places = tree.xpath("//*[local-name()='loc']/text()")
    assert len(places) == len(set(places)) == len(LANGS) * 21
    assert "https://cop.example/tc/district/yuen-long/" in places
    played = {one.path: one.body.decode() for one in site.documents(edition(scenario="x"))}
    assert played["robots.txt"] == "User-agent: *\nDisallow: /\n"
    assert "sitemap.xml" not in played


def test_a_closed_site_has_nothing_else() -> None:
    """Without a public map of an exercise there are three pages and what crawlers read."""
    found = {one.path for one in site.closed(Settings(scenario="x"))}
    assert found == {*(f"{path}/index.html" for path in LANG_PATHS.values()), "robots.txt"}
