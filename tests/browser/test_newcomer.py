"""What somebody who sees the page for the first time must not stumble over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from cop.config import Settings
from cop.model.entity import Severity
from cop.model.kinds import Fusion, FusionStatus, IncidentStatus, Need, Reason
from cop.services.policy import Role
from tests.browser.at_desk import PHONE, item, part, press
from tests.browser.board import becomes, now, open_board, settled, wait
from tests.browser.conftest import marking
from tests.browser.desk_town import attention
from tests.browser.incidents import Opener, choose, incident, life
from tests.browser.town import all_well, store_all
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

DRILL = Settings(
    operation="exercise-black-rainstorm-2023",
    scenario="made-up",
    scenario_start=datetime(2023, 9, 7, 15, tzinfo=UTC),
    scenario_anchor=datetime(2023, 9, 7, 15, tzinfo=UTC),
    speed=1,
    allowed_hosts="127.0.0.1,localhost",
)


@pytest.fixture
def drill() -> Iterator[Server]:
    """Give a web process of an exercise."""
    with web_server(with_pages=True, settings=DRILL) as server, marking(server.store):
        server.add("chan", Role.COMMANDER)
        store_all(server.store, all_well(now()), now())
        yield server


def test_what_has_no_title_is_named_by_what_it_is_of(desk: Opener) -> None:
    """A fusion is called by its reports, a need by what is asked for and where; never by an id."""
    board = desk()
    members = ("incident:a", "incident:b", "incident:c")
    board.put(
        *(incident(name[-1]) for name in members),
        Fusion(
            id="fusion:0123456789abcdef",
            publisher="COP",
            status=FusionStatus.PROPOSED,
            primary=members[1],
            members=members,
        ),
        Need(
            id="need:0123456789abcdef",
            publisher="DSD",
            subject="incident:a",
            item="pump",
            quantity=3,
            asked_at=now(),
            severity=Severity.MINOR,
        ),
        attention("fuse", Reason.DUPLICATE, "fusion:0123456789abcdef", now()),
        attention("need", Reason.UNMET, "need:0123456789abcdef", now()),
    )
    title = item(board, "duplicate-fuse").locator(".row-title")
    expect(title).to_have_text("3 reports: Incident b; Incident a; Incident c")
    expect(item(board, "unmet-need").locator(".row-title")).to_have_text("Pumps × 3: Incident a")
    board.ask("cop.setLang('zh-Hant')")
    expect(title).to_have_text("3 個報告：事故b; 事故a; 事故c")


def test_a_status_is_said_in_the_words_of_its_kind(desk: Opener) -> None:
    """A need is not "open" as a shelter is, nor is an incident closed as a road is."""
    board = desk()
    said = board.ask(
        "cop.setLang('zh-Hant'), ['need open', 'facility open', 'incident closed', 'road closed',"
        " 'facility closed'].map((one) => cop.status(...one.split(' ')))"
    )
    assert said == ["未滿足", "開放", "已結束", "封閉", "關閉"]
    assert board.ask("cop.fields.words('status', 'closed', 'incident')") == "已結束"
    assert board.ask("cop.setLang('en'), cop.join(['a', 'b'])") == "a, b"


def test_the_legend_explains_outlines(desk: Opener) -> None:
    """Dashed and filled incidents are explained where both are on the map."""
    board = desk()
    board.put(incident(), incident("b", status=IncidentStatus.VERIFIED, verified=True))
    board.page.locator(".key-box summary").click()
    signs = board.page.locator(".key-signs")
    expect(signs).to_contain_text("Dashed: not verified")
    expect(signs).to_contain_text("Filled: verified")


def test_an_incident_leads_to_the_steps_and_the_hand_over_of_its_teams(desk: Opener) -> None:
    """From the incident a task is handed over or looked at, without going by the team."""
    board = desk()
    board.ask("void cop.select('incident:0')")
    row = part(board, "team").locator(".task").first
    expect(row.get_by_role("button", name="Hand over…")).to_be_visible()
    press(row, "Steps")
    expect(part(board, "task-steps")).to_be_visible()


def test_closing_with_teams_still_there_is_asked_about(desk: Opener) -> None:
    """Who closes an incident is shown the teams that are still on it."""
    board = desk()
    board.put(incident("0", status=IncidentStatus.CONTAINED, verified=True))
    choose(board, "0")
    press(life(board), "Close")
    dialog = board.page.locator("dialog")
    expect(dialog).to_contain_text("Teams are still on it")
    press(dialog, "Cancel")
    assert board.ask("cop.picture.get('incident:0').properties.status") == "contained"
    press(life(board), "Close")
    press(dialog, "Close all the same")
    wait(lambda: board.ask("cop.picture.get('incident:0').properties.status") == "closed")


def test_what_is_picked_on_the_board_is_let_go_by_escape(desk: Opener) -> None:
    """The bar of picked cards holds words only, and Esc empties it before it closes anything."""
    board = desk()
    board.put(incident(), incident("b"))
    board.page.keyboard.press("b")
    cards = board.page.locator("[data-lane=reported] .card[draggable=true]")
    expect(cards).not_to_have_count(0)
    cards.first.focus()
    board.page.keyboard.press(" ")
    bar = board.page.locator("#cop-board-bulk")
    expect(bar).to_contain_text("1 chosen")
    expect(bar).not_to_contain_text("null")
    board.page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    assert board.ask("cop.board.open")


def test_the_duty_tab_of_a_phone_shows_the_duty(desk: Opener) -> None:
    """The field's tab is called by what it holds, and what was chosen does not lie over it."""
    board = desk("ho", size=PHONE, phone=True)
    tab = board.page.locator("[data-phone-tab=desk]")
    expect(tab).to_contain_text("My duty")
    board.ask("void cop.select('incident:0')")
    tab.tap()
    expect(board.page.locator("#cop-duty .duty-task").first).to_be_visible()
    board.page.locator("[data-phone-tab=map]").tap()
    board.page.locator("#cop-report").tap()
    becomes(lambda: board.ask("document.querySelector('.report-form select')?.value"), "field")


def test_a_viewer_is_told_what_changed(desk: Opener) -> None:
    """Who has no team and no facility reads the changes, and finds nothing to press but views."""
    board = desk("lee")
    expect(board.page.locator("[data-part=attention]")).to_be_visible()
    expect(board.page.locator("#cop-report")).to_be_hidden()


def test_a_wall_is_never_yanked(desk: Opener) -> None:
    """New things to look at move neither the map, nor what is chosen, nor the focus."""
    board = desk(at={"wall": "1"})
    where = (
        "JSON.stringify([cop.map.leaflet.getBounds(), cop.selected(), document.activeElement.id])"
    )
    before = settled(lambda: board.ask(where))
    board.put(incident("z"), attention("z", Reason.NEW, "incident:z", now(), rank=1))
    expect(item(board, "new-z")).to_have_count(1)
    assert board.ask(where) == before
    assert board.ask("document.querySelectorAll('.sheet:not([hidden])').length") == 0


def test_an_exercise_says_so_on_every_page_and_in_print(browser: Browser, drill: Server) -> None:
    """Band, marks and the word stand on the picture, on the account's page and on paper."""
    board = open_board(browser, drill.url, drill.passwords["chan"], drill.store)
    board.open()
    page = board.page
    word = "getComputedStyle(document.body, '::before').content"
    assert board.ask(word) == '"EXERCISE"'
    expect(page.locator("#cop-operation")).to_have_text("Black rainstorm 2023")
    board.ask("cop.setLang('zh-Hant')")
    wait(lambda: board.ask(word) == '"演習"')
    page.emulate_media(media="print")
    assert board.ask(word) == '"演習"'
    expect(page.locator("#cop-mode")).to_be_visible()
    page.emulate_media(media="screen")
    for path in ("/account", "/sign-in"):
        page.goto(f"{drill.url}{path}")
        band = page.locator(".plain-exercise")
        expect(band).to_be_visible()
        mark = band.evaluate("(node) => getComputedStyle(node, '::before').content")
        assert mark == '"EXERCISE"'
    page.context.close()
