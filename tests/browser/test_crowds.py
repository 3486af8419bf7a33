"""What cameras count, as the desk sees it: zones on the map, their panel, and the live view."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from cop.model.entity import Severity
from cop.model.sight import Unknown, Watched
from cop.services.policy import Role
from tests.browser.axe import broken
from tests.browser.board import Board, becomes, marks, now, wait
from tests.browser.conftest import marking
from tests.browser.incidents import LIVE, incident, opening
from tests.browser.sights_town import BESIDE, PIER, alarm, many_zones, sights, zone
from tests.browser.town import all_well, store_all
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
"""One red pixel, as PNG: the page shows whatever picture it is given."""
SEEN_MS = 3_600_000


@contextmanager
def harbour() -> Iterator[Server]:
    """Serve an evening with cameras that count, whose worker seems to live."""
    with web_server(with_pages=True, settings=LIVE) as server, marking(server.store):
        marks(server.store, ("vision",), ttl_ms=SEEN_MS)
        server.add("chan", Role.COMMANDER)
        server.add("ho", Role.FIELD)
        server.add("lee", Role.VIEWER)
        at = now()
        store_all(server.store, [*all_well(at), *sights(at), incident(geometry=None)], at)
        yield server


@pytest.fixture(scope="module")
def pier() -> Iterator[Server]:
    """Give that evening to the tests of this file."""
    with harbour() as server:
        yield server


@pytest.fixture
def at_pier(browser: Browser, pier: Server) -> Iterator[Callable[..., Board]]:
    """Give a function that opens the page beside the pier; closed afterwards, without errors."""
    with opening(browser, pier, bbox=BESIDE) as open_page:
        yield open_page


def serve_frames(page: Page, *, blurred: bool = True, fail: int = 0) -> list[str]:
    """Answer for the cameras; gives the list to which each address asked for is added."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) <= fail:
            problem = {"status": 503, "code": "camera-black", "detail": "the camera is black"}
            body = json.dumps(problem)
            route.fulfill(status=503, body=body, content_type="application/problem+json")
            return
        headers = {
            "Cop-Frame-At": (datetime.now(UTC) - timedelta(seconds=4)).isoformat(),
            "Cop-Blurred": "yes" if blurred else "no",
            "Cache-Control": "no-store",
        }
        route.fulfill(status=200, body=PICTURE, content_type="image/png", headers=headers)

    page.route("**/api/v1/cameras/*/frame", answer)
    return asked


def panel(board: Board, key: str) -> Locator:
    """Give a part of the detail panel."""
    return board.page.locator(f"#cop-detail-body [data-part='{key}']")


def marker(board: Board, title: str) -> Locator:
    """Give the marker on the map whose name begins with *title*."""
    return board.page.locator(f".leaflet-marker-pane .mark[title^='{title}']")


def test_each_level_stands_on_the_map_with_its_letter_in_words(
    at_pier: Callable[..., Board],
) -> None:
    """A zone is a marker that the keyboard reaches; its name says what and which alarm stands."""
    board = at_pier()
    for name in "abcdef":
        expect(marker(board, f"Crowds: Zone {name}")).to_have_count(1)
    expect(marker(board, "Crowds: Zone unlit")).to_have_count(1)
    expect(marker(board, "Crowds: Zone f")).to_have_attribute(
        "title", re.compile(r"stands still, since .*Extreme")
    )
    expect(marker(board, "Crowds: Zone e").locator(".mark-value")).to_have_text("1.7")
    expect(marker(board, "Crowds: Zone unlit").locator(".mark-value")).to_have_count(0)
    marker(board, "Crowds: Zone e").focus()
    board.page.keyboard.press("Enter")
    expect(panel(board, "zone-now").locator(".zone-value")).to_contain_text("1.7 ± 0.2 people/m²")


def test_what_is_not_known_says_why_and_never_zero(at_pier: Callable[..., Board]) -> None:
    """No number stands where none is known: the reason, and what was last known and when."""
    board = at_pier()
    board.ask("void cop.select('vision:pier.unlit')")
    part = panel(board, "zone-now")
    expect(part.locator(".zone-value")).to_have_text("Not known")
    expect(part.locator(".zone-level")).to_have_text("Not sure enough to say")
    expect(part).to_contain_text("Last known:")
    expect(part).not_to_contain_text("0 people")


def test_a_zone_that_changes_keeps_its_marker_and_the_focus(at_pier: Callable[..., Board]) -> None:
    """A new reading is drawn in place: who stands on it with the keyboard stays there."""
    board = at_pier()
    moved = marker(board, "Crowds: Zone swing")
    at = (PIER[0] - 0.0012, PIER[1] - 0.0006)
    board.put(zone("swing", at, now(), value=0.9, level="D"))
    expect(moved.locator(".mark-value")).to_have_text("0.9")
    moved.focus()
    board.put(zone("swing", at, now(), value=2.6, level="F"))
    expect(moved.locator(".mark-value")).to_have_text("2.6")
    expect(moved).to_be_focused()
    board.put(zone("swing", at, now(), unknown=Unknown.HIDDEN))
    expect(moved.locator(".mark-value")).to_have_count(0)
    expect(moved).to_be_focused()


def test_zones_that_lie_on_each_other_stand_as_the_worst(at_pier: Callable[..., Board]) -> None:
    """From afar one badge with the worst grade, their number, and the alarm in words."""
    board = at_pier()
    board.put(*many_zones(now(), count=100))
    board.ask("void cop.map.leaflet.setView([22.31, 114.17], 11, { animate: false })")
    badge = board.page.locator(".mark.cluster[title*='zones here, worst: F']")
    expect(badge.first).to_be_visible()
    becomes(lambda: board.ask("cop.layers.count('crowds') >= 300"), wanted=True)


def test_arrows_point_the_way_people_go(at_pier: Callable[..., Board]) -> None:
    """Towards, not from; none where nobody is seen to move, or nothing is known of it."""
    board = at_pier()
    flow = "cop.layers.looks('vision:pier.{}').find(({{ layer }}) => layer.key === 'crowd_flow')"
    turn = "cop.symbols.spec({}, cop.picture.get('vision:pier.{}')).turn"
    wait(lambda: board.ask(f"Boolean({flow.format('a')})"))
    assert board.ask(turn.format(flow.format("a"), "a")) == 40
    assert board.ask(f"{flow.format('unlit')} === undefined")
    still = {"flow_deg": 90.0, "flow_mps": 0.05}
    board.put(zone("idle", (PIER[0] + 0.0018, PIER[1]), now(), value=1.0, measures=still))
    wait(lambda: board.ask("Boolean(cop.picture.get('vision:pier.idle'))"))
    assert board.ask(f"{flow.format('idle')} === undefined")


def test_a_chart_says_in_words_what_it_draws(at_pier: Callable[..., Board]) -> None:
    """Readings with gaps, limits by letter, when the next is passed; the same as a table."""
    board = at_pier()
    board.ask("void cop.select('vision:pier.e')")
    chart = panel(board, "zone-chart").locator("svg.zone-chart")
    expect(chart).to_have_attribute("aria-label", re.compile(r"last 1\.7 people/m².*Not known in"))
    expect(chart).to_have_attribute("aria-label", re.compile(r"Expected: 2\.2 people/m² about"))
    expect(chart.locator(".chart-gap")).to_have_count(1)
    expect(chart.locator(".chart-limit-name")).to_have_text(["D", "E", "F"])
    expect(chart.locator(".chart-range")).to_have_count(1)
    panel(board, "zone-chart").locator("summary").click()
    expect(panel(board, "zone-chart").locator("tbody tr")).to_have_count(40)
    expect(panel(board, "zone-chart").locator("tbody")).to_contain_text("not known")


def test_camera_and_zone_lead_to_each_other(at_pier: Callable[..., Board]) -> None:
    """From a zone to its camera, from the camera to its zones, worst first."""
    board = at_pier()
    board.ask("void cop.select('vision:pier.e')")
    panel(board, "zone-now").get_by_role("button", name="Look through the camera").click()
    expect(board.page.locator("#cop-detail-body h2")).to_have_text("Star Ferry Pier")
    rows = panel(board, "camera-zones").locator(".zone-row")
    expect(rows.first).to_contain_text("Zone f")
    expect(rows.first).to_contain_text("Alarm: A dense crowd stands still")
    expect(rows.nth(1)).to_contain_text("Zone e")
    expect(panel(board, "camera-privacy")).to_contain_text("No picture is kept")
    expect(panel(board, "camera-privacy").get_by_role("link")).to_have_attribute(
        "href", "/en/cameras/"
    )
    rows.first.click()
    expect(board.page.locator("#cop-detail-body h2")).to_have_text("Zone f")


def test_an_alarm_that_begins_is_on_the_open_panel(at_pier: Callable[..., Board]) -> None:
    """What changes in a zone changes on the panel of its camera, which stays where it is."""
    board = at_pier()
    at = (PIER[0] - 0.0012, PIER[1] - 0.0012)
    board.put(zone("gate", at, now(), camera="stairs", use="stairs", value=1.2, level="D"))
    board.ask("void cop.select('camera:stairs')")
    row = panel(board, "camera-zones").locator(".zone-row")
    expect(row).to_contain_text("D: slowed")
    dense = (alarm(Watched.DENSE, Severity.SEVERE, now()),)
    board.put(
        zone("gate", at, now(), camera="stairs", use="stairs", value=2.9, level="F", alarms=dense)
    )
    expect(row).to_contain_text("F: no movement")
    expect(row).to_contain_text("Alarm: Too many people for the room · Severe")


def test_nothing_is_fetched_until_somebody_asks(at_pier: Callable[..., Board]) -> None:
    """The panel says that looks are written down; one press gives one with its marks."""
    board = at_pier()
    asked = serve_frames(board.page)
    board.ask("void cop.select('camera:pier')")
    look = panel(board, "camera-look")
    expect(look).to_contain_text("is written in the journal")
    expect(look.locator("img")).to_be_hidden()
    assert asked == []
    look.get_by_role("button", name="Show picture: Star Ferry Pier").click()
    expect(look.locator("img")).to_be_visible()
    expect(look.locator("img")).to_have_attribute(
        "alt", re.compile(r"^Picture of the camera Star Ferry Pier, taken \d\d:\d\d$")
    )
    expect(look.locator("img")).to_have_attribute("src", re.compile(r"^blob:"))
    expect(look.locator(".live-caption")).to_contain_text("Taken")
    expect(look.locator(".live-marks")).to_have_text("Blurred")
    assert asked == [f"{board.url}/api/v1/cameras/camera%3Apier/frame"]
    expect(look.get_by_role("button", name="Hide picture")).to_be_focused()
    board.put(zone("a", PIER, now(), value=0.3, level="A"))
    expect(panel(board, "camera-zones")).to_contain_text("0.3 ±")
    expect(look.locator("img")).to_be_visible()  # what changes beside it leaves it alone
    look.get_by_role("button", name="Hide picture").click()
    expect(look.locator("img")).to_be_hidden()
    expect(look.locator("img")).not_to_have_attribute("src", re.compile("."))


def test_leaving_a_camera_lets_go_of_its_picture(at_pier: Callable[..., Board]) -> None:
    """Choosing something else ends the view: nothing is fetched or held for it any more."""
    board = at_pier()
    serve_frames(board.page)
    board.ask("void cop.select('camera:pier')")
    panel(board, "camera-look").get_by_role("button", name="Show picture").click()
    expect(panel(board, "camera-look").locator("img")).to_be_visible()
    assert board.ask("cop.liveView.count()") == 1
    board.ask("void cop.select('vision:pier.e')")
    becomes(lambda: board.ask("cop.liveView.count()"), 0)
    board.ask("void cop.select('camera:pier')")
    expect(panel(board, "camera-look").get_by_role("button", name="Show picture")).to_be_visible()


def test_a_camera_that_gives_nothing_says_so_and_can_be_asked_again(
    at_pier: Callable[..., Board],
) -> None:
    """The server's reason in words, in the reader's language, with a button to try again."""
    board = at_pier()
    serve_frames(board.page, fail=1)
    board.ask("void cop.select('camera:pier')")
    look = panel(board, "camera-look")
    look.get_by_role("button", name="Show picture").click()
    expect(look.locator(".live-note")).to_have_text("No picture: the camera is black")
    board.ask("cop.setLang('zh-Hant')")
    expect(look.locator(".live-note")).to_contain_text("沒有畫面：攝影機畫面全黑")
    look.get_by_role("button", name="重試").click()
    expect(look.locator("img")).to_be_visible()
    expect(look.locator(".live-note")).to_be_hidden()


@pytest.mark.parametrize(
    ("name", "camera", "words"),
    [
        ("chan", "turned", "Nobody may look through this camera"),
        ("ho", "pier", "Your role may not look through this camera"),
        ("lee", "stairs", "Your role may not look through this camera"),
    ],
)
def test_who_may_not_look_is_told_and_has_no_button(
    at_pier: Callable[..., Board], name: str, camera: str, words: str
) -> None:
    """By the camera's own rule and by the role; the counts stay."""
    board = at_pier(name)
    board.ask(f"void cop.select('camera:{camera}')")
    look = panel(board, "camera-look")
    expect(look).to_contain_text(words)
    expect(look.get_by_role("button")).to_have_count(0)


def test_cameras_near_an_incident_open_in_its_panel(at_pier: Callable[..., Board]) -> None:
    """The nearest that one may look through, each by itself, without leaving the incident."""
    board = at_pier()
    asked = serve_frames(board.page)
    board.put(incident("near", geometry={"type": "Point", "coordinates": PIER}))
    wait(lambda: board.ask("Boolean(cop.picture.get('incident:near'))"))
    board.ask("void cop.select('incident:near')")
    near = panel(board, "cameras-near")
    expect(near.locator(".near-camera")).to_have_count(3)
    expect(near.locator(".near-camera").first).to_contain_text("Star Ferry Pier")
    expect(near.locator(".near-camera").first).to_contain_text("m away")
    assert asked == []
    near.locator(".near-camera").first.get_by_role("button", name="Show picture").click()
    expect(near.locator("img:visible")).to_have_count(1)
    expect(board.page.locator("#cop-detail-body h2")).to_have_text("Incident near")


def test_the_panels_break_no_rule(at_pier: Callable[..., Board]) -> None:
    """A zone with alarms, one that is not known, a camera with its picture, in each language."""
    board = at_pier()
    serve_frames(board.page)
    for lang in ("en", "zh-Hant", "zh-Hans"):
        board.ask(f"cop.setLang('{lang}')")
        for chosen in ("vision:pier.e", "vision:pier.unlit"):
            board.ask(f"void cop.select('{chosen}')")
            expect(panel(board, "zone-chart").locator("svg")).to_be_visible()
            assert broken(board.page, colours=lang == "en") == [], (lang, chosen)
    board.ask("void cop.select('camera:pier')")
    panel(board, "camera-look").get_by_role("button").first.click()
    expect(panel(board, "camera-look").locator("img")).to_be_visible()
    assert broken(board.page) == []
