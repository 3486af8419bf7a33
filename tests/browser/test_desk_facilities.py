"""Shelters and first-aid posts as their keepers enter them, on the page."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Route, expect

from cop.model.kinds import (
    Facility,
)
from tests.browser.at_desk import comes, one, part, press
from tests.browser.board import now
from tests.browser.desk_town import shelter
from tests.browser.incidents import Opener
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser


def test_two_at_one_counter_lose_nothing(desk: Opener, desk_centre: Server) -> None:
    """Taps of two keepers at two doors all count, however they meet."""
    command, warden = desk(), desk("yip")
    command.ask("void cop.select('facility:hall')")
    doors = (
        command.page.locator("#cop-detail-body .counter"),
        warden.page.locator("#cop-duty .counter"),
    )
    for _ in range(6):
        for door in doors:
            door.get_by_role("button", name="1 more at").click()
    doors[0].get_by_role("button", name="5 fewer at").click()
    doors[1].get_by_role("button", name="5 more at").click()
    comes(
        command,
        lambda: (
            warden.ask("true") and one(desk_centre, Facility, "facility:hall").occupancy == 84 + 12
        ),
    )
    for door in doors:
        expect(door.locator(".counter-value")).to_have_text("96")
        expect(door.locator(".counter-taps")).to_be_hidden()


def test_a_refused_tap_is_said_and_not_counted(desk: Opener) -> None:
    """A tap that the server refuses does not stand as if it had counted."""
    board = desk()
    board.ask("void cop.select('facility:hall')")

    def refuse(route: Route) -> None:
        problem = {"title": "no", "status": 409, "code": "none", "detail": "the hall is closed"}
        route.fulfill(status=409, body=json.dumps(problem), content_type="application/problem+json")

    board.page.route("**/entries", refuse)
    counter = board.page.locator("#cop-detail-body .counter")
    counter.get_by_role("button", name="1 more at").click()
    expect(board.page.locator(".toast")).to_contain_text("+1 was not counted. the hall is closed")
    expect(counter.locator(".counter-value")).to_have_text("84")
    expect(counter.locator(".counter-taps")).to_be_hidden()


def test_setting_the_counter_lower_needs_a_reason(desk: Opener, desk_centre: Server) -> None:
    """A count below the counter is a correction: why it is one must be said."""
    board = desk()
    board.ask("void cop.select('facility:hall')")
    press(part(board, "facility-now"), "Set to…")
    dialog = board.page.locator("dialog")
    dialog.locator("input[name=occupancy]").fill("60")
    press(dialog, "Set")
    expect(dialog.locator("input[name=reason]")).to_have_attribute("aria-invalid", "true")
    dialog.locator("input[name=reason]").fill("Counted again at the door")
    press(dialog.locator("footer"), "Set")
    expect(board.page.locator("#cop-detail-body .counter-value")).to_have_text("60")
    comes(board, lambda: one(desk_centre, Facility, "facility:hall").occupancy == 60)


def test_a_shelter_says_when_it_is_full_and_who_differs(desk: Opener) -> None:
    """Forecast with its range in words, the book as a chart, and both figures where two differ."""
    board = desk()
    original = shelter(now()).model_copy(
        update={
            "id": "gov_press:shelter:3",
            "feed": "gov_press",
            "occupancy": 40,
            "entries": (),
            "forecast": None,
            "stands_for": None,
            "reporter": None,
        }
    )
    board.put(original)
    board.ask("void cop.select('facility:hall')")
    expect(part(board, "facility-now")).to_contain_text("Two sources differ")
    expect(part(board, "facility-now")).to_contain_text("84 / 120")
    expect(part(board, "facility-now")).to_contain_text("40 / 120")
    expect(part(board, "facility-now")).to_contain_text("70% full, room for 36 more")
    book = part(board, "facility-book")
    expect(book.locator(".forecast")).to_contain_text("Full about")
    expect(book.locator(".forecast")).to_contain_text(", between")
    expect(book.locator("svg.facility-chart")).to_be_visible()
    press(part(board, "facility-now"), "Full")
    expect(board.page.locator("#cop-detail-body .detail-lead")).to_contain_text("Full")


def test_a_first_aid_post_keeps_its_queue(desk: Opener, desk_centre: Server) -> None:
    """People waiting stand by triage category, with words, and are entered together."""
    board = desk()
    board.ask("void cop.select('facility:post')")
    keeping = part(board, "facility-keeping")
    expect(keeping.locator(".triage-row.is-all")).to_contain_text("16")
    press(keeping, "Enter the queue…")
    board.page.locator("dialog input[name=immediate]").fill("3")
    press(board.page.locator("dialog"), "Save")
    expect(keeping.locator(".triage-row.is-immediate")).to_contain_text("3")
    comes(board, lambda: one(desk_centre, Facility, "facility:post").queue["immediate"] == 3)
