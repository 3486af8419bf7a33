"""The public pages as documents: well made, safe whatever publishers write, in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from cop.config import Settings
from cop.model.district import DISTRICT_NAMES, District
from cop.model.text import LANGS, Lang
from cop.services.publishing.paths import HTML_LANGS, KEPT_UP, LANG_PATHS
from cop.services.publishing.picture import PublicPicture
from cop.ui.public.block import SECTIONS
from cop.ui.public.neighbours import NEIGHBOURS
from cop.ui.public.page import LATE, city_page, closed, district_page, documents
from cop.ui.public.shell import origin_of
from cop.ui.public.text import blocks
from cop.ui.public.words import plain
from tests.unit.ui import public_town as town

YUEN_LONG = District.YUEN_LONG
VOID = {"meta", "link", "br", "img", "input", "hr"}


def pages(picture: PublicPicture, **changes: Any) -> dict[str, str]:
    """Make every page of *picture*: address to document."""
    return {one.path: one.body.decode() for one in documents(town.context(picture, **changes))}


def chosen(found: dict[str, str]) -> Iterator[tuple[Lang, str]]:
    """Give the page of the city and of one district in each language."""
    for lang in LANGS:
        yield lang, found[f"{LANG_PATHS[lang]}/index.html"]
        yield lang, found[f"{LANG_PATHS[lang]}/district/yuen-long/index.html"]


def parsed(page: str) -> Any:
    """Read a document as a browser does."""
    return lxml_html.document_fromstring(page)


def test_without_scripts_it_is_told_where_nobody_can_tell_how_old_it_is() -> None:
    """Only the application hides the words, by a style that no cache gives out when it is old."""
    for lang, page in chosen(pages(town.severe_evening())):
        inert = re.findall(r"<noscript>(.*?)</noscript>", page)
        assert f'<link rel="stylesheet" href="/{KEPT_UP}">' in inert
        (said,) = [one for one in inert if "p-unkept" in one]
        assert plain("page.unkept", lang) in said
        assert page.index(said) < page.index("<main")


class Balance(HTMLParser):
    """Requires that what is opened is closed, in order, with no attribute twice."""

    def __init__(self) -> None:
        """Begin with nothing open."""
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open *tag*."""
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Parts of a drawing may close themselves."""
        del attrs
        assert "svg" in self.open, tag

    def handle_endtag(self, tag: str) -> None:
        """Close *tag*, which must be the one opened last."""
        assert self.open.pop() == tag


def assert_well_formed(page: str) -> None:
    """Require that elements are closed where they were opened: no repair would be needed."""
    balance = Balance()
    balance.feed(page)
    balance.close()
    assert balance.open == []


def assert_safe(page: str) -> None:
    """Require that nothing runs but our own files, and that links go to pages."""
    root = parsed(page)
    scripts = root.xpath("//script")
    assert [one.get("type") or one.get("src") for one in scripts] == [
        "application/json",
        "/public/a/app.js",
    ]
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {"style", "iframe", "object", "embed", "img", "base", "form"}
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name in {"href", "src"}:
                assert re.match(r"(https?://[^/\s]+|/|#)", value), value
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    for target in root.xpath("//*/@aria-labelledby"):
        assert target in ids
    for target in root.xpath("//a[starts-with(@href, '#')]/@href"):
        assert target[1:] in ids, target


@pytest.mark.parametrize("picture", [town.severe_evening(), town.hostile_evening(), town.picture()])
def test_pages_are_well_made_and_safe(picture: PublicPicture) -> None:
    """No script, handler or style of anybody's; ids once; elements closed as they were opened."""
    for _, page in chosen(pages(picture)):
        assert_well_formed(page)
        assert_safe(page)


@pytest.mark.parametrize("picture", [town.severe_evening(), town.hostile_evening()])
def test_every_block_stands_in_the_page_once(picture: PublicPicture) -> None:
    """The page of the city holds each block under its key, in its section, in order."""
    found = pages(picture)
    for lang in LANGS:
        root = parsed(found[f"{LANG_PATHS[lang]}/index.html"])
        made = blocks(picture, lang)
        keys = [one.get("data-id") for one in root.xpath("//main//*[@data-id]")]
        assert sorted(keys) == sorted(one.key for one in made)
        for section in SECTIONS:
            orders = root.xpath(f"//section[@id='s-{section}']//li/@data-order")
            assert orders == sorted(orders)
            assert len(root.xpath(f"//section[@id='s-{section}']//h2[@id='h-{section}']")) == 1


def test_headings_go_down_one_by_one() -> None:
    """One h1; no level is left out on the way down."""
    for _, page in chosen(pages(town.severe_evening())):
        levels = [int(one.tag[1]) for one in parsed(page).xpath("//h1|//h2|//h3|//h4|//h5")]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_page_says_what_it_is() -> None:
    """Language, title, description, canonical address, other languages, share preview."""
    found = pages(town.severe_evening())
    assert len(found) == len(LANGS) * (1 + len(District))
    titles = set()
    for lang in LANGS:
        for code in (None, *District):
            parts = "" if code is None else f"district/{DISTRICT_NAMES[code]['en'].lower()}/"
            parts = parts.replace(" ", "-")
            root = parsed(found[f"{LANG_PATHS[lang]}/{parts}index.html"])
            address = f"https://cop.example/{LANG_PATHS[lang]}/{parts}"
            assert root.get("lang") == HTML_LANGS[lang]
            titles.add(root.findtext(".//title"))
            assert root.xpath("//link[@rel='canonical']/@href") == [address]
            others = {
                one.get("hreflang"): one.get("href")
                for one in root.xpath("//link[@rel='alternate'][@hreflang]")
            }
            assert others == {
                HTML_LANGS[one]: f"https://cop.example/{path}/{parts}"
                for one, path in LANG_PATHS.items()
            } | {"x-default": f"https://cop.example/{f'tc/{parts}' if parts else ''}"}
            told = {
                one.get("property"): one.get("content") for one in root.xpath("//meta[@property]")
            }
            assert told["og:url"] == address
            assert told["og:title"] == root.findtext(".//title")
            description = root.xpath("//meta[@name='description']/@content")[0]
            assert 40 <= len(description) * (1 if lang == "en" else 2) <= 320
            assert root.xpath("//meta[@name='theme-color']/@media")
            feeds = root.xpath("//link[@type='application/atom+xml']/@href")
            scope = parts.split("/")[1] if parts else "all"
            assert feeds == [f"/public/feeds/{LANG_PATHS[lang]}/{scope}.atom"]
    assert len(titles) == len(found)


def test_the_page_knows_its_edition() -> None:
    """The body carries what the scripts begin from, and their words stand in a block of data."""
    page = pages(town.severe_evening())["en/index.html"]
    root = parsed(page)
    body = root.find("body")
    assert {key: body.get(f"data-{key}") for key in ("series", "version", "as-of", "speed")} == {
        "series": "abcd",
        "version": "7",
        "as-of": "2023-09-07T15:00:30Z",
        "speed": "1",
    }
    assert LATE in page
    told = orjson.loads(root.xpath("//script[@id='public-config']")[0].text)
    assert told["pointer"] == "/public/now.json"
    assert told["words"]["ago.now"] == "just now"
    assert told["districts"]["YL"] == {"name": "Yuen Long", "slug": "yuen-long"}
    for id_ in ("near", "map", "tools"):
        assert root.get_element_by_id(id_).get("hidden") is not None


def test_nothing_is_left_open() -> None:
    """Every age and every time of a check is filled in when a page is written."""
    for lang, page in chosen(pages(town.severe_evening())):
        root = parsed(page)
        open_ = root.xpath("//*[@data-ago or @data-checked or @data-time]")
        assert open_
        assert [one for one in open_ if not one.text_content()] == [], lang
        assert all(one.get("datetime") for one in root.iter("time"))


def test_a_district_has_its_own_and_what_is_of_all() -> None:
    """A district's page has the warnings, its own items and those of no known district."""
    root = parsed(pages(town.severe_evening())["en/district/yuen-long/index.html"])
    districts = set(root.xpath("//main//*[@data-id]/@data-district"))
    assert districts == {"", "YL"}
    keys = set(root.xpath("//main//*[@data-id]/@data-id"))
    assert {"hko_warnings:WRAIN", "incident:1", "facility:1"} <= keys
    assert "td_traffic_news:road 1/both-bounds" in keys
    assert "district not known" in root.xpath(
        "string(//*[@data-id='td_traffic_news:road 1/both-bounds'])"
    )
    assert "facility:3" not in keys
    assert "wmo_swic:1" not in keys, "a warning of another city"
    assert "head-hazards-landslide" not in keys, "a heading with nothing below it"
    names = [one.text_content() for one in root.xpath("//nav[@id='s-neighbours']//li")]
    assert names == ["North", "Tai Po", "Tsuen Wan", "Tuen Mun"]
    assert root.find(".//h1").text_content() == "Yuen Long District"


def test_a_district_without_items_says_whether_that_is_known() -> None:
    """Nothing in the district is said as such; not known is said as not known."""
    name = "en/district/southern/index.html"
    words = parsed(pages(town.severe_evening())[name]).xpath(
        "string(//section[@id='s-shelters']/p[@class='p-none'][not(@hidden)])"
    )
    assert words == "None of them is known to be in Southern."
    known = town.feeds(gov_press=None)
    words = parsed(pages(town.picture(known=known))[name]).xpath(
        "string(//section[@id='s-shelters']/p[@class='p-none'][not(@hidden)])"
    )
    assert words.startswith("Nothing is known about Southern")
    hidden = parsed(pages(town.picture())[name]).xpath("//p[@class='p-none']/@hidden")
    assert len(hidden) == len(LISTED_THERE), "the head says that there is nothing anywhere"


LISTED_THERE = ("hazards", "roads", "shelters", "first_aid", "hospitals", "air")


@pytest.mark.parametrize("code", District)
def test_whoever_is_next_to_another_has_it_next_to_itself(code: District) -> None:
    """Neighbours are mutual, and nobody is next to itself."""
    assert code not in NEIGHBOURS[code]
    assert all(code in NEIGHBOURS[other] for other in NEIGHBOURS[code])


def test_an_exercise_is_marked_everywhere() -> None:
    """Title, band, share preview and robots say that nothing of it is real."""
    marked = town.severe_evening(exercise=True, operation="exercise-x")
    for lang, page in chosen(pages(marked)):
        root = parsed(page)
        word = plain("exercise.mark", lang)
        assert root.findtext(".//title").startswith(word)
        assert root.xpath("string(//*[@class='p-exercise'])") == plain("exercise.band", lang)
        assert root.xpath("//meta[@property='og:title']/@content")[0].startswith(word)
        assert root.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert root.find("body").get("data-exercise") == "true"


def test_a_closed_site_says_why() -> None:
    """Where an exercise has no public map, each language says so, and nothing of it is there."""
    files = {"page.css": "/public/a/page.css", "icon.png": "/public/a/icon.png"}
    found = {one.path: one.body.decode() for one in closed(Settings(), files)}
    assert set(found) == {f"{path}/index.html" for path in LANG_PATHS.values()}
    for lang, path in LANG_PATHS.items():
        page = found[f"{path}/index.html"]
        assert_well_formed(page)
        assert plain("exercise.closed", lang) in page
        assert parsed(page).xpath("//script") == []


def test_a_site_without_an_address_names_none() -> None:
    """A wrong canonical address would be worse than none."""
    assert origin_of(Settings(public_url="https://cop.example/")) == "https://cop.example"
    assert origin_of(Settings(host="127.0.0.1", port=8050)) == "http://127.0.0.1:8050"
    assert origin_of(Settings(host="0.0.0.0", port=8050)) == ""  # noqa: S104
    page = pages(town.picture(), public_url="", host="0.0.0.0")["en/index.html"]  # noqa: S104
    assert "canonical" not in page


FEATURES = tuple(town.severe_evening().features.values())
TEXTS = st.dictionaries(
    st.sampled_from(LANGS), st.one_of(st.text(max_size=400), st.sampled_from(town.HOSTILE))
)


@st.composite
def pictures(draw: st.DrawFn) -> PublicPicture:
    """Make pictures of any of the evening's things, with any words, in any state."""
    some = draw(st.lists(st.sampled_from(FEATURES), max_size=12, unique_by=lambda it: it["id"]))
    found = []
    for one in some:
        changes: dict[str, Any] = {}
        for name in draw(st.sets(st.sampled_from(["title", "description", "place", "words"]))):
            changes[name] = draw(TEXTS) if name != "words" else {"t1": draw(TEXTS)}
        for name in draw(st.sets(st.sampled_from(["severity", "status", "signal", "link"]))):
            changes[name] = draw(st.text(max_size=40))
        found.append({**one, "properties": {**one["properties"], **changes}})
    keys = sorted(town.feeds())
    old = draw(st.dictionaries(st.sampled_from(keys), st.sampled_from([None, 1, 25, 5000])))
    lost = draw(st.sets(st.sampled_from(["redis", "worker", "beat"])))
    return town.picture(
        *found,
        known=town.feeds(**old),
        down=dict.fromkeys(lost, town.NOW - timedelta(minutes=5)),
        spans=draw(st.sampled_from([(), town.spans()])),
        exercise=draw(st.booleans()),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(pictures(), st.sampled_from(LANGS))
def test_any_picture_makes_a_page(picture: PublicPicture, lang: Lang) -> None:
    """Whatever is published, a page comes of it, whole and safe."""
    made = blocks(picture, lang)
    assert len({one.key for one in made}) == len(made)
    context = town.context(picture)
    for page in (city_page(context, lang), district_page(context, lang, District.NORTH)):
        assert_well_formed(page.decode())
        assert_safe(page.decode())
