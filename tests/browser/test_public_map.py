"""The public map: beside the text or instead of it, never in its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.board import box_of, now, settled, wait
from tests.browser.public_town import (
    DESK,
    PHONE,
    PublicTown,
    Reader,
    public_evening,
    public_town,
    readers,
    road,
)
from tests.browser.town import all_well, feed_status

pytestmark = pytest.mark.browser

CROWD = 2000
AT = (
    "(([lat, lon]) => { const m = cop.map.leaflet; const p = m.latLngToContainerPoint([lat, lon]);"
    " const b = m.getContainer().getBoundingClientRect(); return [b.x + p.x, b.y + p.y]; })"
)


@pytest.fixture(scope="module")
def town() -> Iterator[PublicTown]:
    """Give the site with the evening on it."""
    with public_town(public_evening(now())) as running:
        yield running


@pytest.fixture
def reader(browser: Browser, town: PublicTown) -> Iterator[Callable[..., Reader]]:
    """Give a function that opens a browser on it."""
    with readers(browser, town) as make:
        yield make


def show(page: Reader, key: str) -> None:
    """Press "Show on map" at *key*, and wait for the sheet."""
    page.item(key).locator(".p-show").click()
    expect(page.page.locator(".map-sheet")).to_be_visible()


def test_a_wide_window_has_both(reader: Callable[..., Reader]) -> None:
    """Text left, map right and filling the height, also when one has scrolled."""
    page = reader().open().mapped()
    page.ask("scrollTo(0, 2000)")
    box, main = (box_of(page.page.locator(one)) for one in ("#map", "#main"))
    assert box["y"] == 0
    assert box["height"] == DESK[1]
    assert main["x"] + main["width"] <= box["x"] + 1


def test_a_phone_has_one_at_a_time(reader: Callable[..., Reader]) -> None:
    """Text first; the choice is kept; one comes back to where one read."""
    page = reader(PHONE).open()
    expect(page.page.locator("#main")).to_be_visible()
    expect(page.page.locator("#map")).to_be_hidden()
    page.ask("scrollTo(0, 1500)")
    page.ask("cop.$('tool-map').click()")  # a press of the tool would itself scroll
    page.mapped()
    expect(page.page.locator("#main")).to_be_hidden()
    box = box_of(page.page.locator("#map"))
    assert box["y"] + box["height"] == PHONE[1]
    assert box["height"] > PHONE[1] * 0.7
    page.page.locator("#tool-text").click()
    wait(lambda: abs(page.ask("scrollY") - 1500) < 2)
    page.page.locator("#tool-map").click()
    page.page.reload()
    page.ready().mapped()
    expect(page.page.locator("#main")).to_be_hidden()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_the_text_to_the_map_and_back(
    reader: Callable[..., Reader], size: tuple[int, int]
) -> None:
    """The sheet shows the same words as the text; Esc leads back to the button it came from."""
    page = reader(size).open()
    show(page, "incident:flood")
    sheet = page.page.locator(".map-sheet")
    expect(sheet).to_contain_text("Flooding: Wong Tai Sin")
    expect(sheet.locator("h2")).to_be_focused()
    assert sheet.locator("[id]:not(#h-sheet), [data-id]").count() == 0
    page.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.item("incident:flood").locator(".p-show")).to_be_focused()
    show(page, "incident:flood")
    sheet.get_by_role("button", name="Read in the text").click()
    expect(page.item("incident:flood")).to_be_focused()


def test_the_sheet_does_not_hide_what_it_tells_of(reader: Callable[..., Reader]) -> None:
    """On a phone what was asked for stands in the part of the map that is still to be seen."""
    page = reader(PHONE).open()
    show(page, "td_traffic_news:0")
    page.mapped()
    wait(lambda: page.ask("document.querySelector('.map-sheet').getAnimations().length === 0"))
    places = (
        "[cop.map.leaflet.latLngToContainerPoint(cop.geo.centre("
        "cop.picture.get('td_traffic_news:0').geometry).slice().reverse()).y"
        " + cop.map.root.getBoundingClientRect().top,"
        " document.querySelector('.map-sheet').getBoundingClientRect().top]"
    )
    at, top = settled(lambda: page.ask(places))
    assert at < top - 20


def test_what_is_pressed_is_shown(reader: Callable[..., Reader]) -> None:
    """A press on a symbol opens its words; several at one place give a list."""
    page = reader().open().mapped()
    show(page, "facility:Sha-Tin")
    page.page.keyboard.press("Escape")
    x, y = settled(lambda: page.ask(f"{AT}([22.383, 114.190])"))
    page.page.mouse.click(x, y)
    sheet = page.page.locator(".map-sheet")
    expect(sheet).to_contain_text("First-aid post Sha Tin")
    page.ask("void cop.sheet.open(['incident:flood', 'td_traffic_news:0'])")
    expect(sheet.locator(".sheet-row")).to_have_count(2)
    sheet.locator(".sheet-row").first.click()
    expect(sheet).to_contain_text("Flooding: Wong Tai Sin")
    page.page.keyboard.press("Escape")
    expect(sheet.locator(".sheet-row")).to_have_count(2)


def test_news_comes_onto_the_map(reader: Callable[..., Reader], town: PublicTown) -> None:
    """What is put is drawn, what is over is not, and an open sheet and the view stay."""
    page = reader().open().mapped()
    show(page, "incident:tree")
    view = settled(lambda: page.ask("String(cop.map.leaflet.getCenter())"))
    was = town.version()
    town.say(road("News", now(), (114.0, 22.5)))
    wait(lambda: town.version() > was)
    page.current()
    wait(lambda: page.ask("cop.layers.members('roads').has('td_traffic_news:News')"))
    was = town.version()
    town.end("td_traffic_news:News")
    wait(lambda: town.version() > was)
    page.current()
    wait(lambda: not page.ask("cop.layers.members('roads').has('td_traffic_news:News')"))
    expect(page.page.locator(".map-sheet")).to_be_visible()
    assert page.ask("String(cop.map.leaflet.getCenter())") == view


def test_layers_can_be_switched_and_are_kept(reader: Callable[..., Reader]) -> None:
    """Each layer has a switch with its signs in words; the choice is kept apart from the desk's."""
    page = reader().open().mapped()
    page.page.locator(".map-layers summary").click()
    row = page.page.locator("[data-layer=hospitals]")
    expect(row).to_contain_text("Wait below 4 hours")
    row.locator("input").uncheck()
    wait(lambda: not page.ask("cop.layers.isShown('hospitals')"))
    assert page.ask("localStorage.getItem('cop.view.layers')") is None
    page.page.reload()
    page.ready().mapped()
    wait(lambda: not page.ask("cop.layers.isShown('hospitals')"))


def test_background_from_elsewhere_can_be_refused(reader: Callable[..., Reader]) -> None:
    """With the detailed background off nothing is asked of anybody else, also after a reload."""
    page = reader().open().mapped()
    page.page.locator(".map-layers summary").click()
    page.page.locator("#map-tiles").uncheck()
    page.page.reload()
    page.asked.clear()
    page.ready().mapped()
    page.ask("void cop.map.leaflet.setZoom(14)")
    assert not [one for one in page.asked if not one.startswith(page.town.url)]


def test_a_map_that_cannot_come_leaves_the_text(reader: Callable[..., Reader]) -> None:
    """Each of its files missing is said in words; it can be tried again."""
    for lost in ("**/public/a/map*.js", "**/public/a/map*.css", "**/public/p/*.json"):
        page = reader()
        page.page.route(lost, lambda route: route.abort())
        page.open()
        note = page.page.locator(".map-wait")
        expect(note).to_contain_text("could not be loaded")
        expect(page.page.locator("#list-roads li").first).to_be_visible()
        page.page.unroute(lost)
        note.get_by_role("button").click()
        page.mapped()
        expect(note).to_be_hidden()


def test_unknown_and_stale_do_not_look_empty(browser: Browser) -> None:
    """What was never read and what is old lie under a veil and are named; empty does not."""
    at = now()
    old = feed_status("td_traffic_news", "News", "消息", at, fetched_at=at - timedelta(minutes=40))
    lost = {"feed_status:gov_press", old.id}
    some = [one for one in public_evening(at) if one.id not in lost]
    with public_town([*some, old]) as town, readers(browser, town) as make:
        page = make().open().mapped()
        note = page.page.locator(".map-note")
        expect(note).to_contain_text("No information on")
        expect(note).to_contain_text("Closed and slow roads since")
        expect(note).to_contain_text("Shelters")
        expect(page.page.locator(".map-veil")).to_be_visible()
    feeds = [feed_status(key, key, key, at) for key in ("hko_cyclones", "hko_sea_level")]
    with public_town([*all_well(at), *feeds]) as town, readers(browser, town) as make:
        page = make().open().mapped()
        expect(page.page.locator(".map-note")).to_be_hidden()
        expect(page.page.locator(".map-veil")).to_be_hidden()


def test_two_thousand_things_can_be_used(browser: Browser) -> None:
    """A crowd stands as few badges; one of them still opens what it stands for."""
    with public_town(public_evening(now(), crowd=CROWD)) as town, readers(browser, town) as make:
        page = make().open().mapped()
        wait(lambda: page.ask("cop.layers.count('roads')") >= CROWD)
        wait(lambda: 0 < page.ask("cop.clusters.badges.size") < CROWD / 5)
        box_of(page.page.locator(".mark.cluster").first)
        page.page.locator(".mark.cluster").first.click(force=True)
        expect(page.page.locator(".map-sheet .sheet-row").first).to_be_visible()
