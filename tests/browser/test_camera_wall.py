"""The wall of cameras: a district's cameras, their state and levels, pictures when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from cop.model.district import District
from cop.model.text import text
from tests.browser.axe import broken
from tests.browser.board import Board, lasting, now, wait
from tests.browser.incidents import opening
from tests.browser.sights_town import PIER, camera
from tests.browser.test_crowds import PICTURE, harbour, serve_frames
from tests.browser.town import store_all
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser

SHEET = "#cop-cameras-sheet"
PHONE = (390, 844)
TRAFFIC = 17
NUMBERS = {
    "en": ("3.4 people/m²", "Vehicles 14", "34 cm", "86°C"),
    "zh-Hant": ("3.4 人／平方米", "車輛 14", "34 cm", "86°C"),
    "zh-Hans": ("3.4 人／平方米", "车辆 14", "34 cm", "86°C"),
}


def traffic() -> Iterator[Any]:
    """Give the publisher's own cameras, more than one page of them."""
    for n in range(TRAFFIC):
        yield camera(
            f"t{n}", (PIER[0] - 0.01, PIER[1] + 0.001 * n), text(f"Road {n:02}", "路", "路"), now()
        ).model_copy(
            update={
                "id": f"td_cameras:{n}",
                "feed": "td_cameras",
                "publisher": "TD",
                "counts": (),
                "view": "nobody",
                "published": True,
                "district": District.WAN_CHAI,
            }
        )


@pytest.fixture(scope="module")
def town() -> Iterator[Server]:
    """Give an evening with counting cameras in one district and traffic cameras in another."""
    with harbour() as server:
        store_all(server.store, traffic(), now())
        yield server


@pytest.fixture
def wall(browser: Browser, town: Server) -> Iterator[Callable[..., Board]]:
    """Give a function that opens the page; closed afterwards, without errors."""
    with opening(browser, town) as open_page:
        yield open_page


def tiles(board: Board) -> Locator:
    """Give the tiles of the page of the wall that is shown."""
    return board.page.locator(f"{SHEET} .camera-tile")


def choose(board: Board, which: str, value: str) -> None:
    """Choose a district or a kind of camera."""
    board.page.locator(f"{SHEET} label", has_text=which).locator("select").select_option(value)


def test_it_opens_where_the_worst_alarm_is(wall: Callable[..., Board]) -> None:
    """By its key; the district of the worst alarm, its cameras worst first, and closed by Esc.

    Beside a zone's name each number has its unit, or what is counted, in the reader's language.
    """
    board = wall()
    board.page.keyboard.press("v")
    sheet = board.page.locator(SHEET)
    expect(sheet).to_be_visible()
    expect(sheet.locator("select").first).to_have_value("YTM")
    expect(tiles(board)).to_have_count(6)
    expect(tiles(board).first).to_contain_text("Star Ferry Pier")
    expect(tiles(board).first).to_contain_text("Zone f")
    expect(tiles(board).nth(1)).to_contain_text("Salisbury Road underpass")
    expect(sheet).to_contain_text("Black picture, since")
    for lang, words in NUMBERS.items():
        board.ask(f"cop.setLang('{lang}')")
        for one in words:
            expect(sheet.locator(".tile-zone [aria-hidden]", has_text=one)).to_have_count(1)
    board.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_it_begins_in_the_district_of_what_is_chosen(wall: Callable[..., Board]) -> None:
    """What one works on says where one wants to look."""
    board = wall()
    board.ask("void cop.select('td_cameras:3')")
    board.page.keyboard.press("v")
    expect(board.page.locator(f"{SHEET} select").first).to_have_value("WCH")
    expect(board.page.locator(SHEET)).to_contain_text("1–12 of 17 cameras")
    expect(tiles(board)).to_have_count(12)
    board.page.get_by_role("button", name="Next page").click()
    expect(tiles(board)).to_have_count(TRAFFIC - 12)
    expect(board.page.locator(SHEET)).to_contain_text("13–17 of 17 cameras")
    expect(board.page.get_by_role("button", name="Next page")).to_be_disabled()


def test_filters_narrow_it_and_say_when_nothing_is_left(wall: Callable[..., Board]) -> None:
    """Counting cameras, traffic cameras, those with an alarm; looked and empty is said."""
    board = wall()
    board.page.keyboard.press("v")
    choose(board, "Cameras", "alarm")
    expect(tiles(board)).to_have_count(2)
    choose(board, "Cameras", "td")
    expect(tiles(board)).to_have_count(0)
    expect(board.page.locator(SHEET)).to_contain_text("No camera of this kind in this district.")
    choose(board, "District", "WCH")
    expect(tiles(board)).to_have_count(12)


def test_pictures_come_after_one_press_two_at_a_time(wall: Callable[..., Board]) -> None:
    """Nothing is asked for before that; then never more than two are asked for at once."""
    board = wall()
    most = [0]
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)
        most[0] = max(most[0], len(waiting))

    board.page.route("**/api/v1/cameras/*/frame", hold)
    board.ask("void cop.select('td_cameras:3')")
    board.page.keyboard.press("v")
    expect(tiles(board)).to_have_count(12)
    assert waiting == []
    board.page.get_by_role("button", name="Show pictures of this page").click()
    served = 0
    while served < 12:
        wait(lambda: board.ask("true") and bool(waiting))
        waiting.pop(0).fulfill(
            status=200,
            body=PICTURE,
            content_type="image/png",
            headers={"Cop-Frame-At": now().isoformat(), "Cop-Blurred": "no"},
        )
        served += 1
    expect(tiles(board).locator("img:visible")).to_have_count(12)
    assert most[0] <= 2
    board.page.get_by_role("button", name="Hide pictures").click()
    expect(tiles(board).locator("img:visible")).to_have_count(0)
    assert board.ask("cop.liveView.count()") == 0


def test_closed_cameras_have_a_sentence_in_place_of_a_picture(wall: Callable[..., Board]) -> None:
    """Through some nobody may look; the others show theirs, and closing the wall drops them."""
    board = wall()
    asked = serve_frames(board.page, blurred=False)
    board.page.keyboard.press("v")
    board.page.get_by_role("button", name="Show pictures of this page").click()
    expect(tiles(board).locator("img:visible")).to_have_count(3)
    closed = tiles(board).filter(has_text="Nobody may look through this camera")
    expect(closed).to_have_count(3)
    assert not any("turned" in address or "dark" in address for address in asked)
    board.page.keyboard.press("Escape")
    wait(lambda: board.ask("cop.liveView.count()") == 0)


def test_a_tile_leads_to_its_camera_on_the_map(wall: Callable[..., Board]) -> None:
    """A press closes the wall, chooses the camera and shows where it stands."""
    board = wall()
    board.page.keyboard.press("v")
    board.page.get_by_role("button", name="Show on the map: Star Ferry Pier").click()
    expect(board.page.locator(SHEET)).to_be_hidden()
    expect(board.page.locator("#cop-detail-body h2")).to_have_text("Star Ferry Pier")
    lon, lat = PIER
    wait(lambda: board.ask(f"cop.map.leaflet.getBounds().contains([{lat + 0.0006}, {lon}])"))


def test_a_phone_has_it_in_its_menu(wall: Callable[..., Board]) -> None:
    """One tile under the other, nothing wider than the screen, targets for a thumb."""
    board = wall(size=PHONE, phone=True)
    board.page.locator(".more-button").click()
    board.page.locator("#cop-more-cameras").click()
    expect(tiles(board)).to_have_count(6)
    wide = f"document.querySelector('{SHEET}').scrollWidth <= {PHONE[0]}"
    wait(lambda: board.ask(wide))
    small = (
        f"[...document.querySelectorAll('{SHEET} button, {SHEET} select')]"
        ".filter((node) => node.getClientRects().length && node.offsetHeight < 43)"
        ".map((node) => node.textContent || node.className)"
    )
    assert lasting(lambda: list(board.ask(small))) == []


def test_it_breaks_no_rule(wall: Callable[..., Board]) -> None:
    """With its pictures, on desk and phone."""
    for size in ((1440, 900), PHONE):
        board = wall(at={"lang": "zh-Hant"}, size=size, phone=size == PHONE)
        serve_frames(board.page)
        board.ask("cop.cameraWall.show(true)")
        board.page.get_by_role("button", name="顯示本頁畫面").click()
        expect(tiles(board).locator("img:visible").first).to_be_visible()
        assert broken(board.page) == []
