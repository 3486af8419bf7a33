"""The page on what cameras count: what every passer-by may want to know, in three languages."""

from __future__ import annotations

import pytest
from lxml import html

from cop.config import Settings
from cop.model.text import LANGS, Lang
from cop.services.publishing.paths import LANG_PATHS, page_path
from cop.ui.public import cameras_page, data_page, page, site
from cop.ui.public.context import Context
from tests.unit.ui import public_town as town


def edition(contact: str = "") -> Context:
    """Make an edition of the severe evening, whoever is to be asked."""
    made = town.context(town.severe_evening())
    files, _ = site.assets()
    settings = Settings(contact=contact, public_url="https://map.example")
    return Context(made.picture, settings, "abcd", 7, made.blocks, files)


def read(lang: Lang, contact: str = "") -> html.HtmlElement:
    """Read the page in one language."""
    path = f"{LANG_PATHS[lang]}/cameras/index.html"
    (body,) = [one.make() for one in cameras_page.documents(edition(contact)) if one.path == path]
    return html.document_fromstring(body)


@pytest.mark.parametrize("lang", LANGS)
def test_it_says_what_is_done_and_what_is_not(lang: Lang) -> None:
    """Every section has its heading and something to say; nothing is left to be filled in."""
    told = read(lang)
    sections = told.xpath("//main/section")
    assert len(sections) == 6
    for section in sections:
        (heading,) = section.xpath("./h2")
        assert section.get("aria-labelledby") == heading.get("id")
        assert section.xpath("./p | ./ul/li")
    assert "{" not in told.text_content()
    assert [one.get("href") for one in told.xpath("//nav//a")] == [
        page_path(other, "cameras") for other in LANG_PATHS
    ]


def test_it_promises_what_the_design_keeps() -> None:
    """No faces, nobody followed, no picture kept, looks written down, unknown and never zero."""
    words = read("en").text_content()
    for promise in ("No face is recognised", "Nobody is followed", "No picture is kept"):
        assert promise in words
    assert "written into a journal" in words
    assert "never zero" in words


@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("maps@cop.example", "mailto:maps@cop.example"),
        ("https://cop.example/contact", "https://cop.example/contact"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_whom_to_ask(contact: str, href: str | None) -> None:
    """Whoever runs this is named where they say how to reach them, and linked only safely."""
    links = [one.get("href") for one in read("en", contact).xpath("//main//a")]
    assert links == ([] if href is None else [href])


def test_it_is_found() -> None:
    """From the foot of every page of the map, from the page on open data, and by crawlers."""
    made = edition()
    for module, path in ((page, "en/index.html"), (data_page, "en/data/index.html")):
        (body,) = [one.make() for one in module.documents(made) if one.path == path]
        assert b'href="/en/cameras/"' in body
    (listed,) = [one.make() for one in site.documents(made) if one.path == "sitemap.xml"]
    assert b"/tc/cameras/" in listed
