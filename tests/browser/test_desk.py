"""The attention queue on the page, against the real server; its sound and its keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from cop.model.entity import Severity
from cop.model.kinds import (
    Attention,
    Reason,
)
from cop.services.policy import Role
from tests.browser.at_desk import item, one, press, queued
from tests.browser.board import becomes, now, open_board, wait
from tests.browser.conftest import marking
from tests.browser.desk_town import attention, minutes
from tests.browser.incidents import LIVE, Opener
from tests.browser.town import all_well, store_all
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser


def test_the_queue_is_ranked_and_says_why(desk: Opener) -> None:
    """The most urgent stands first, with its reason, title, age and who has it."""
    board = desk()
    wait(lambda: len(queued(board)) == 6)
    worst = ["attention:overdue-1", "attention:unanswered-2", "attention:new-0"]
    becomes(lambda: queued(board)[:3], worst)
    first = item(board, "overdue-1")
    expect(first).to_contain_text("Overdue · Extreme")
    expect(first).to_contain_text("Pump out the underpass")
    expect(first).to_contain_text("Nobody yet")
    expect(item(board, "unanswered-2")).to_contain_text("lau looks after it")
    expect(board.page.locator(".desk-head [data-badge=attention]")).to_have_text("6")
    expect(board.page.locator("#cop-queue-median")).to_contain_text("4 min (2 in the last 12 h)")
    first.locator(".row").click()
    becomes(lambda: board.ask("cop.selected()"), "assignment:task-2")


def test_taking_noting_and_putting_off(desk: Opener, desk_centre: Server) -> None:
    """What one officer takes, notes or puts off, the other sees at once."""
    board, other = desk(), desk("lau")
    press(item(board, "new-0"), "Take")
    expect(item(other, "new-0")).to_contain_text("wong looks after it")
    expect(item(board, "new-0")).to_contain_text("You look after it")
    expect(item(board, "new-0").get_by_role("button", name="Release")).to_be_visible()
    press(item(board, "new-0"), "Note")
    board.page.locator("dialog textarea").fill("Fire services are on the way")
    press(board.page.locator("dialog"), "Save")
    expect(item(other, "new-0")).to_contain_text("Fire services are on the way")
    press(item(board, "stale-5"), "Snooze")
    press(item(board, "stale-5"), "30 min")
    expect(item(other, "stale-5")).to_have_count(0)
    expect(other.page.locator("#cop-queue-snoozed")).to_contain_text("Put off (2)")
    stored = one(desk_centre, Attention, "attention:new-0")
    assert (stored.taken_by, stored.remark) == ("wong", "Fire services are on the way")
    assert one(desk_centre, Attention, "attention:stale-5").snoozed_until > now() + minutes(25)
    other.page.locator("#cop-queue-snoozed summary").click()
    press(other.page.locator("#cop-queue-snoozed li", has_text="Temporary shelters"), "Wake")
    expect(item(board, "stale-5")).to_be_visible()


def test_new_things_wait_while_the_queue_is_pointed_at(desk: Opener) -> None:
    """Nothing moves under the pointer: new ones wait behind a chip, gone ones stay, dimmed."""
    board = desk()
    wait(lambda: len(queued(board)) == 6)
    item(board, "filling-3").hover()
    before = queued(board)
    done = attention(
        "1", Reason.OVERDUE, "assignment:task-2", now(), rank=10, cleared_at=now(), agency="DSD"
    )
    cursor = board.put(attention("9", Reason.NEW, "incident:1", now(), rank=1), done)
    wait(lambda: board.has_come_to(cursor))
    chip = board.page.locator("#cop-queue-chip")
    expect(chip).to_have_text("1 new")
    assert queued(board) == before
    expect(item(board, "overdue-1")).to_have_class("att is-gone")
    chip.click()
    wait(lambda: queued(board)[0] == "attention:new-9")
    board.page.locator(".leaflet-container").hover(position={"x": 300, "y": 300})
    board.ask("document.activeElement.blur()")
    wait(lambda: "attention:overdue-1" not in queued(board))


def test_each_officer_keeps_own_filters(desk: Opener) -> None:
    """Filters narrow the queue, are remembered, and say that there is more."""
    board = desk()
    wait(lambda: len(queued(board)) == 6)
    summary = board.page.locator("#cop-queue-filter-box > summary")
    summary.click()
    board.page.locator("#cop-queue-filters select").first.select_option("filling")
    wait(lambda: queued(board) == ["attention:filling-3"])
    expect(summary).to_have_text("Filters: 1 on")
    expect(board.page.locator(".desk-head [data-badge=attention]")).to_have_text("6")
    board.open()
    wait(lambda: queued(board) == ["attention:filling-3"])
    board.page.locator("#cop-queue-filter-box > summary").click()
    board.page.locator("#cop-queue-filters select").first.select_option("unmet")
    expect(board.page.locator("#cop-queue-state")).to_contain_text("Nothing fits these filters; 6")


def test_an_empty_queue_says_that_it_was_looked(browser: Browser) -> None:
    """Nothing to attend to reads otherwise than a page that has lost its connection."""
    with web_server(with_pages=True, settings=LIVE) as server, marking(server.store):
        server.add("wong", Role.COMMANDER)
        store_all(server.store, all_well(now()), now())
        board = open_board(browser, server.url, server.passwords["wong"], server.store, name="wong")
        board.open()
        state = board.page.locator("#cop-queue-state")
        expect(state).to_contain_text("Nothing needs attention, checked")
        board.page.keyboard.press("t")
        expect(board.page.locator("#cop-teams-state")).to_contain_text("No team on the picture")
        board.page.keyboard.press("Escape")
        board.ask("document.activeElement.blur()")
        board.page.keyboard.press("o")
        expect(board.page.locator("#cop-orders-state")).to_contain_text("No order issued, checked")
    wait(lambda: board.ask("cop.link.state") == "lost")
    expect(state).to_contain_text("last known")
    expect(board.page.locator("#cop-orders-state")).to_contain_text("last known")
    board.page.context.close()


def test_sound_is_off_until_asked_for_and_never_a_siren(desk: Opener) -> None:
    """Off by default; on, a new thing sounds once, and a flood of them no more than that."""
    board = desk()
    button = board.page.locator("#cop-sound")
    expect(button).to_have_text("Sound off")
    board.put(attention("s0", Reason.NEW, "incident:1", now(), severity=Severity.SEVERE))
    wait(lambda: "attention:new-s0" in queued(board))
    assert board.ask("cop.sound.played") == 0
    button.click()
    expect(button).to_have_text("Sound on")
    board.page.locator("#cop-sound-test").select_option("Extreme")
    wait(lambda: board.ask("cop.sound.played") == 1)
    for n in range(1, 6):
        board.put(attention(f"s{n}", Reason.NEW, "incident:1", now(), severity=Severity.SEVERE))
    cursor = board.put(attention("s9", Reason.NEW, "incident:1", now(), severity=Severity.EXTREME))
    wait(lambda: board.has_come_to(cursor))
    assert board.ask("cop.sound.played") <= 3
    button.click()
    expect(button).to_have_text("Sound off")


def test_keys_open_the_parts_of_the_desk(desk: Opener) -> None:
    """`a`, `t` and `o` lead to the queue, the teams and the orders, and the help says so."""
    board = desk()
    keys = board.page.keyboard
    keys.press("t")
    becomes(lambda: board.ask("document.activeElement.id"), "cop-teams-search")
    expect(board.page.locator("#cop-teams")).to_be_visible()
    board.ask("document.activeElement.blur()")
    keys.press("o")
    expect(board.page.locator("#cop-orders")).to_be_visible()
    becomes(lambda: board.ask("document.activeElement.id"), "cop-order-new")
    board.ask("void cop.select('incident:1')")
    keys.press("a")
    becomes(lambda: board.ask("cop.selected()"), None)
    wait(lambda: board.ask("document.activeElement.closest('#cop-queue-list') !== null"))
    keys.press("?")
    expect(board.page.locator("#cop-help-sheet")).to_contain_text("attention queue")
