"""What the compiler puts together is what the pages say: from the store to the words."""

from __future__ import annotations

from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from cop.config import Settings
from cop.model.entity import Kind
from cop.model.publishing import TABLE
from cop.model.text import LANGS
from cop.services.publishing.picture import PublicPicture
from cop.ui.public.context import Context
from cop.ui.public.fill import fill
from cop.ui.public.page import documents
from cop.ui.public.text import blocks
from tests.unit.services.publishing.anything import Entity, entities, marks
from tests.unit.services.publishing.compiling import Town, at, flood, rain, road, shelter
from tests.unit.services.publishing.test_anything import Watch

FILES = {name: f"/public/a/{name}" for name in ("app.js", "page.css", "icon.png")}
PUBLISHED = {name for row in TABLE if row.outlet == "picture" for name in row.fields}


def said(picture: PublicPicture, key: str) -> str:
    """Give what somebody reads of *key* in English; "" where it is not in the text."""
    found = [one for one in blocks(picture, "en") if one.key == key]
    if not found:
        return ""
    words = lxml_html.fragment_fromstring(fill(found[0].html, picture, "en")).text_content()
    return " ".join(str(words).split())


def test_a_warning_is_told_from_its_issue_to_its_end() -> None:
    """Issued, raised, cancelled: each is in the words, and the end is said before it vanishes."""
    town = Town()
    town.put(rain("WRAINA"))
    assert "Moderate WRAINA" in said(town.picture(1), "hko_warnings:WRAIN")
    town.put(rain("WRAINB", "Extreme", issued_at=at(5)), minute=5)
    told = said(town.picture(6), "hko_warnings:WRAIN")
    assert "Extreme WRAINB" in told
    assert "was Amber rainstorm." in told
    town.remove("hko_warnings:WRAIN")
    assert "Cancelled" in said(town.picture(10), "hko_warnings:WRAIN")
    assert "Black rainstorm" not in said(town.picture(10), "head-top")


def test_a_flood_waits_and_is_withdrawn() -> None:
    """Nothing before its delay is over; then in our words alone; a rejected one is taken back."""
    town = Town()
    town.put(flood())
    assert said(town.picture(1), "incident:a1") == ""
    told = said(town.picture(6), "incident:a1")
    assert "Flooding: Yau Tsim Mong" in told
    assert "words of somebody" not in told
    assert "1 confirmed flood" in said(town.picture(6), "head-top")
    town.put(flood("rejected"), minute=7)
    assert "it was not so" in said(town.picture(8), "incident:a1")
    assert "0 confirmed floods" in said(town.picture(8), "head-top")


def test_places_and_roads_come_through() -> None:
    """A shelter's room and a closed road are read as they were entered."""
    town = Town()
    town.put(shelter(), road())
    picture = town.picture(1)
    assert "room for 90 (10 of 100 used)" in said(picture, "facility:s1")
    closed = next(it for it in picture.features.values() if it["properties"]["kind"] == Kind.ROAD)
    assert said(picture, str(closed["id"])).startswith("✖ Closed")


def compiled(stored: list[Entity], now: datetime) -> PublicPicture:
    """Give the public picture of what is stored."""
    watch = Watch()
    watch.store(stored, set(), 20)
    return watch.compiler.picture(now, made_at=now, down={})


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(entities(20), max_size=8, unique_by=lambda one: one["id"]))
def test_pages_hold_no_word_that_is_not_public(stored: list[Entity]) -> None:
    """Whatever is stored, no page has a word of a field that the table does not publish."""
    picture = compiled(stored, at(40))
    text = {lang: blocks(picture, lang) for lang in LANGS}
    context = Context(picture, Settings(), "s", 1, text, FILES)
    for one in documents(context):
        assert marks(one.body) <= PUBLISHED, one.path
