"""What is near the reader: found on the device, told in words, and never told to anybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.board import now, settled, wait
from tests.browser.public_town import (
    DESK,
    PHONE,
    WONG_TAI_SIN,
    PublicTown,
    Reader,
    public_evening,
    public_town,
    readers,
    road,
)

pytestmark = pytest.mark.browser

TRACES = re.compile(r"22\.34|114\.19|2234|11419|lat|lon|accuracy|position", re.IGNORECASE)


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


def placed(accuracy: float = 20, **at: float) -> dict[str, Any]:
    """Give the options of a browser that knows where it is, and may tell."""
    place = {**WONG_TAI_SIN, **at, "accuracy": accuracy}
    return {"geolocation": place, "permissions": ["geolocation"]}


def test_what_is_near_is_told_with_its_way(reader: Callable[..., Reader]) -> None:
    """Dangers, closed roads and the nearest help, each with distance and direction."""
    page = reader(**placed()).open()
    page.page.locator("#tool-near").click()
    near = page.page.locator("#near")
    expect(near.locator("h2")).to_be_focused()
    groups = near.locator(".near-group")
    expect(groups).to_have_count(5)
    expect(groups.nth(0)).to_contain_text("Flooding")
    expect(groups.nth(0)).to_contain_text(re.compile(r"\d+ m to the north"))
    expect(groups.nth(1)).to_contain_text("Lung Cheung Road")
    expect(groups.nth(2)).to_contain_text("Community Hall")
    expect(groups.nth(2)).to_contain_text("Room for")
    expect(groups.nth(3)).to_contain_text("First-aid post Wong Tai Sin")
    expect(groups.nth(4)).to_contain_text("Hospital")
    expect(near).to_contain_text("Your position is known to about 20 m")
    near.locator("a", has_text="Lung Cheung Road").click()
    expect(page.item("td_traffic_news:0")).to_be_focused()
    page.page.keyboard.press("Escape")
    expect(near).to_be_hidden()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_position_is_never_sent(reader: Callable[..., Reader], size: tuple[int, int]) -> None:
    """No address, body or storage holds it, and what is asked for is the same as without it."""
    still = reader(size).open()
    page = reader(size, **placed()).open()
    for one in (still, page):
        if size == DESK:
            one.mapped()
        one.ask("cop.picture.load()")
    page.page.locator("#tool-near").click()
    expect(page.page.locator(".near-foot")).to_be_visible()
    page.current()
    own = [one for one in page.asked if one.startswith(page.town.url)]
    assert own
    paths = [one.removeprefix(page.town.url) for one in own]
    assert not [one for one in paths if TRACES.search(one)]
    foreign = {one for one in page.asked if not one.startswith(page.town.url)}
    # the map must not move to the reader by itself: what it asks for, the other asks for too
    wait(lambda: still.ask("true") and foreign <= set(still.asked))
    kept = page.ask("JSON.stringify(localStorage) + document.cookie + location.href")
    assert not TRACES.search(kept)


def test_the_map_goes_there_only_when_asked(reader: Callable[..., Reader]) -> None:
    """A second press, beside words on who learns of it, shows the reader on the map."""
    page = reader(**placed()).open().mapped()
    was = settled(lambda: page.ask("String(cop.map.leaflet.getCenter())"))
    page.page.locator("#tool-near").click()
    foot = page.page.locator(".near-foot")
    expect(foot).to_contain_text("stays on this device")
    expect(foot).to_contain_text("Lands Department")
    assert page.ask("String(cop.map.leaflet.getCenter())") == was
    foot.get_by_role("button").click()
    wait(lambda: page.ask("cop.map.leaflet.getCenter().distanceTo([22.3425, 114.1935])") < 50)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"geolocation": WONG_TAI_SIN, "permissions": []}, "does not let this page know"),
        (placed(accuracy=4000), "too inexact"),
        (placed(latitude=51.5, longitude=-0.12), "outside Hong Kong"),
    ],
    ids=["refused", "inexact", "elsewhere"],
)
def test_where_it_cannot_be_told_the_way_round_is(
    reader: Callable[..., Reader], options: dict[str, Any], words: str
) -> None:
    """Refused, too inexact or far away: said in words, with the district as the other way."""
    page = reader(PHONE, **options).open()
    page.page.locator("#tool-near").click()
    near = page.page.locator("#near")
    expect(near).to_contain_text(words)
    near.get_by_role("button", name="My district").click()
    expect(page.page.locator("#tool-district")).to_be_focused()


def test_a_place_that_is_known_roughly_may_be_here(browser: Browser) -> None:
    """A road two kilometres away whose place is known to 1.5 km is told among what is near."""
    far = (WONG_TAI_SIN["longitude"], WONG_TAI_SIN["latitude"] + 0.018)
    rough = road("Rough", now(), far, precision_m=1500)
    exact = road("Exact", now(), far)
    with (
        public_town([*public_evening(now()), rough, exact]) as town,
        readers(browser, town) as make,
    ):
        page = make(**placed()).open()
        page.page.locator("#tool-near").click()
        close = page.page.locator(".near-group").nth(1).locator("> ul")
        expect(close).to_contain_text("Rough Road")
        expect(close).to_contain_text("exact place not known, to about 1.5 km")
        expect(close).not_to_contain_text("Exact Road")


def test_what_is_not_known_is_no_all_clear(browser: Browser) -> None:
    """Without news of roads nobody is told that there is no closed road near."""
    quiet = [one for one in public_evening(now()) if "traffic_news" not in one.id]
    with public_town(quiet) as town, readers(browser, town) as make:
        page = make(**placed()).open()
        page.page.locator("#tool-near").click()
        roads = page.page.locator(".near-group").nth(1)
        expect(roads).to_contain_text("no information on this")


def test_distances_are_right(reader: Callable[..., Reader]) -> None:
    """To points, lines and areas; from inside an area it is no way at all."""
    page = reader().open()

    def way(geometry: str) -> Any:
        return page.ask(f"cop.geo.way([114.2, 22.3], {geometry})")

    north = way("{type: 'Point', coordinates: [114.2, 22.31]}")
    assert north["wind"] == "n"
    assert abs(north["m"] - 1112) < 5
    line = way("{type: 'LineString', coordinates: [[114.21, 22.2], [114.21, 22.4]]}")
    assert line["wind"] == "e"
    assert abs(line["m"] - 1029) < 5
    ring = "[[114.1, 22.2], [114.3, 22.2], [114.3, 22.4], [114.1, 22.4], [114.1, 22.2]]"
    hole = "[[114.19, 22.29], [114.21, 22.29], [114.21, 22.31], [114.19, 22.31], [114.19, 22.29]]"
    assert way(f"{{type: 'Polygon', coordinates: [{ring}]}}")["m"] == 0
    assert way(f"{{type: 'Polygon', coordinates: [{ring}, {hole}]}}")["m"] > 900
    assert way("{type: 'MultiPolygon', coordinates: [[" + ring + "]]}")["m"] == 0
