"""The command board, drawing on the map and the journal, as somebody at the desk uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from cop.config import Settings
from cop.model.entity import Placing, Severity
from cop.model.geometry import point
from cop.model.kinds import Incident, IncidentStatus, Note
from cop.model.text import text
from cop.services.policy import Role
from tests.browser.board import Board, becomes, box_of, now, open_board, wait
from tests.browser.conftest import marking
from tests.browser.town import all_well, store_all
from tests.integration.web_server import Server, web_server

S = IncidentStatus


def incident(number: int, status: IncidentStatus = S.REPORTED, **fields: object) -> Incident:
    """Make an incident that people keep."""
    begun = now() - timedelta(minutes=number)
    values = {
        "id": f"incident:{number:016x}",
        "publisher": "EMSC",
        "title": text(f"Flooded subway {number}", f"行人隧道水浸 {number}"),
        "incident_type": "flooding",
        "status": status,
        "severity": Severity.MODERATE,
        "reported_at": begun,
        "verified": status is not S.REPORTED,
        "steps": {S.REPORTED: begun},
        "geometry": point(114.1 + (number % 40) * 0.004, 22.3 + (number // 40 % 40) * 0.003),
        "placing": Placing.GIVEN,
        "author": "chan",
    }
    return Incident.model_validate(values | fields)


@pytest.fixture
def desk() -> Iterator[Server]:
    """Give a web process with a few incidents in several lanes."""
    settings = Settings(operation="live", allowed_hosts="127.0.0.1,localhost")
    with web_server(with_pages=True, settings=settings) as server, marking(server.store):
        server.add("chan", Role.COMMANDER)
        store_all(server.store, all_well(now()), now())
        some = [incident(n) for n in range(1, 6)]
        some += [incident(10, S.VERIFIED), incident(11, S.RESPONDING), incident(12, S.CLOSED)]
        store_all(server.store, some, now())
        yield server


@pytest.fixture
def opened(browser: Browser, desk: Server) -> Iterator[Callable[..., Board]]:
    """Give a function that opens the page with the board; closed afterwards, without errors."""
    boards: list[Board] = []

    def open_page(**query: str) -> Board:
        board = open_board(browser, desk.url, desk.passwords["chan"], desk.store)
        boards.append(board)
        board.open(**query)
        wait(lambda: board.ask("cop.may('respond_incident')"))
        return board

    yield open_page
    for one in boards:
        one.page.context.close()
        assert not one.errors, one.errors


def card(page: Page, number: int) -> str:
    """Give the selector of a card."""
    return f".card[data-id='incident:{number:016x}']"


def lane_of(board: Board, number: int) -> str:
    """Tell in which lane a card lies; "" while it is on its way."""
    selector = card(board.page, number)
    found: str = board.ask(
        f"document.querySelector(`{selector}`)?.closest('.lane')?.dataset.lane || ''"
    )
    return found


def test_a_card_dragged_to_a_lane_changes_its_status(
    opened: Callable[..., Board], desk: Server
) -> None:
    """Dragging a reported incident to Verified verifies it for everybody; other lanes refuse it."""
    other, board = opened(board="1"), opened(board="1")
    page = board.page
    page.locator(card(page, 3)).drag_to(page.locator("[data-lane=closed] > header"))
    becomes(lambda: lane_of(board, 3), "reported")
    page.locator(card(page, 3)).drag_to(page.locator("[data-lane=verified] .lane-box"))
    wait(lambda: lane_of(board, 3) == "verified")
    wait(lambda: lane_of(other, 3) == "verified")
    written = [link.body for link in desk.store.journal(range(1, 20))]
    assert sum(b'"action":"verify_incident"' in body for body in written) == 1


def test_keys_walk_choose_and_move(opened: Callable[..., Board]) -> None:
    """Arrows walk, space chooses, Shift and an arrow moves all that are chosen, in one command."""
    board = opened(board="1")
    page = board.page
    page.locator(card(page, 1)).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    becomes(lambda: board.ask("document.activeElement.dataset.id"), f"incident:{2:016x}")
    page.keyboard.press("Space")
    expect(page.locator(".bulk-count")).to_contain_text("2")
    page.keyboard.press("Shift+ArrowRight")
    wait(lambda: lane_of(board, 1) == "verified" and lane_of(board, 2) == "verified")
    expect(page.locator("#cop-board-bulk")).to_be_hidden()


def test_a_move_is_taken_back(opened: Callable[..., Board]) -> None:
    """For half a minute the one who moved a card can take it back with a key."""
    board = opened(board="1")
    page = board.page
    page.locator(card(page, 1)).focus()
    page.keyboard.press("Shift+ArrowRight")
    wait(lambda: lane_of(board, 1) == "verified")
    expect(page.locator(".toast")).to_contain_text("Status changed")
    page.keyboard.press("z")
    wait(lambda: lane_of(board, 1) == "reported")


def test_cards_stay_where_they_are_under_the_pointer(opened: Callable[..., Board]) -> None:
    """New incidents wait behind a chip while somebody points at the lane."""
    board = opened(board="1")
    page = board.page
    page.locator(card(page, 2)).hover()
    before = box_of(page.locator(card(page, 2)))
    board.put(incident(0, severity=Severity.EXTREME))
    expect(page.locator("[data-lane=reported] .lane-chip")).to_be_visible()
    assert box_of(page.locator(card(page, 2))) == before
    page.mouse.move(1300, 500)
    expect(page.locator("[data-lane=reported] .card").first).to_have_attribute(
        "data-id", f"incident:{0:016x}"
    )


def test_only_cards_in_sight_exist(opened: Callable[..., Board]) -> None:
    """With 5,000 open incidents a lane holds a screenful of cards, and its end can be reached."""
    board = opened(board="1")
    cursor = board.put(*(incident(n) for n in range(100, 5_100)))
    wait(lambda: board.has_come_to(cursor))
    page = board.page
    expect(page.locator("[data-lane=reported] .lane-count")).to_have_text("5005")
    wait(lambda: page.locator(".card").count() < 80)
    page.locator("[data-lane=reported] .lane-box").evaluate("(n) => { n.scrollTop = 1e7; }")
    expect(page.locator(card(page, 5_099))).to_be_visible()


def test_a_drawing_is_shared_or_mine(opened: Callable[..., Board], desk: Server) -> None:
    """A shared area reaches the other page and ends; one of my view reaches nobody."""
    other, board = opened(), opened()
    page = board.page
    page.keyboard.press("d")
    page.get_by_role("button", name="Area", exact=True).click()
    for x, y in ((600, 300), (700, 300), (700, 400)):
        page.mouse.click(x, y)
    page.keyboard.press("Enter")
    page.get_by_label("Words beside it").fill("Cordon")
    page.get_by_role("button", name="Share with everyone").click()
    notes = "[...cop.picture.features.values()].filter((f) => f.properties.topic === 'drawing')"
    wait(lambda: other.ask(f"{notes}.length") == 1)
    assert other.ask(f"{notes}[0].geometry.type") == "Polygon"
    [note] = desk.entities(Note)
    assert note.expires_at is not None
    page.get_by_role("button", name="Point", exact=True).click()
    page.mouse.click(650, 500)
    page.get_by_label("Words beside it").fill("Only for me")
    page.get_by_role("button", name="Keep in my view only").click()
    expect(page.locator(".mine-label")).to_contain_text("Only for me")
    assert len(desk.entities(Note)) == 1


def test_the_journal_is_searched(opened: Callable[..., Board]) -> None:
    """What was done stands in the journal with before and after, and can be searched."""
    board = opened(board="1")
    page = board.page
    page.locator(card(page, 4)).focus()
    page.keyboard.press("Shift+ArrowRight")
    wait(lambda: lane_of(board, 4) == "verified")
    page.keyboard.press("g")
    row = page.locator("#cop-journal-body tr").first
    expect(row).to_contain_text("Verify or reject")
    expect(row.locator("del").first).to_have_text("Reported")
    page.locator("#cop-journal-filters input").first.fill("no such words")
    page.keyboard.press("Enter")
    expect(page.locator("#cop-journal-note")).to_contain_text("No entry fits")
    page.keyboard.press("Escape")
    expect(page.locator("#cop-journal-sheet")).to_be_hidden()
