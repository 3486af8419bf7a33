"""Orders: written, sent, answered on another page, counted and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from cop.model.kinds import (
    Order,
    Receipt,
)
from tests.browser.at_desk import comes, one, part, press
from tests.browser.board import Board
from tests.browser.incidents import Opener
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser


def compose(board: Board, words: str, agency: str) -> None:
    """Write an order to an agency and send it, through the question whether it is meant."""
    board.page.keyboard.press("o")
    board.page.locator("#cop-order-new").click()
    dialog = board.page.locator("dialog")
    dialog.locator("textarea").fill(words)
    dialog.locator(f"input[value={agency}]").check()
    press(dialog, "Check and send")
    expect(dialog).to_contain_text("Send this order?")
    expect(dialog).to_contain_text("Drainage Services Department")
    expect(dialog).to_contain_text("That is 6 teams")
    press(dialog, "Send order")


def test_an_order_reaches_an_agency_and_its_answer_is_counted(
    desk: Opener, desk_centre: Server
) -> None:
    """Shown is delivered, opened is read, acknowledged is acknowledged: each raises its count."""
    command, field = desk(), desk("ho")
    compose(command, "Leave the slope now", "DSD")
    notice = field.page.locator(".order-notice", has_text="Leave the slope now")
    expect(notice).to_be_visible()
    receipts = command.page.locator("#cop-detail-body .receipts")

    def counted(step: str) -> Locator:
        return receipts.locator(f"[data-step={step}] b")

    expect(counted("delivered")).to_have_text("1 of 1")
    expect(counted("read")).to_have_text("0 of 1")
    expect(part(command, "order-receipts")).to_contain_text("ho Delivered")
    press(notice, "Read")
    expect(counted("read")).to_have_text("1 of 1")
    press(notice, "Acknowledge")
    expect(counted("acknowledged")).to_have_text("1 of 1")
    expect(notice).to_have_count(0)
    expect(part(command, "order-receipts")).to_contain_text("All have acknowledged")
    (order,) = [o for o in desk_centre.entities(Order) if "Leave the slope now" in o.body.values()]
    (receipt,) = [r for r in desk_centre.entities(Receipt) if r.subject == order.id]
    assert receipt.recipient == "ho"
    assert receipt.acknowledged_at is not None


def test_an_order_goes_to_a_drawn_area_and_is_taken_back(desk: Opener, desk_centre: Server) -> None:
    """The area is drawn on the map, what was typed meanwhile stays, and taking back says why."""
    board = desk(at={"bbox": "114.10,22.28,114.30,22.45"})
    board.page.keyboard.press("o")
    board.page.locator("#cop-order-new").click()
    dialog = board.page.locator("dialog")
    dialog.locator("textarea").fill("Report your position")
    dialog.locator("input[value=area]").check()
    press(dialog, "Draw on the map")
    chart = board.page.locator(".leaflet-container")
    for x, y in ((250, 200), (560, 200), (560, 560), (250, 560)):
        chart.click(position={"x": x, "y": y})
    press(board.page.locator(".sketch-bar"), "Finish")
    expect(dialog.locator("textarea")).to_have_value("Report your position")
    expect(dialog).to_contain_text("Area drawn.")
    press(dialog, "Check and send")
    press(dialog, "Send order")
    words = part(board, "order-words")
    expect(words).to_contain_text("Report your position")
    (order,) = [o for o in desk_centre.entities(Order) if "Report your position" in o.body.values()]
    assert order.geometry is not None
    assert order.recipients == ("ho",)
    press(words, "Take back")
    board.page.locator("dialog textarea").fill("Sent by mistake")
    press(board.page.locator("dialog footer"), "Take back")
    expect(words).to_contain_text("Sent by mistake")
    comes(board, lambda: one(desk_centre, Order, order.id).cancelled_at is not None)


def test_an_order_without_words_or_people_is_not_sent(desk: Opener) -> None:
    """The form stays and shows what is missing."""
    board = desk()
    board.page.keyboard.press("o")
    board.page.locator("#cop-order-new").click()
    dialog = board.page.locator("dialog")
    press(dialog, "Check and send")
    expect(dialog.locator("textarea")).to_have_attribute("aria-invalid", "true")
    dialog.locator("textarea").fill("Something")
    press(dialog, "Check and send")
    expect(dialog.locator(".order-meant")).to_have_text("Choose who will receive it.")
    board.page.keyboard.press("Escape")
    board.page.locator("#cop-order-new").click()
    expect(dialog.locator("textarea")).to_have_value("Something")


def test_the_list_of_orders_names_who_is_late(desk: Opener) -> None:
    """Counts come from the receipts; command sees who has not answered, by name."""
    board = desk()
    board.page.keyboard.press("o")
    row = board.page.locator("#cop-orders-list [data-id='order:aa11']")
    expect(row).to_contain_text("3 late to acknowledge")
    expect(row.locator("[data-step=delivered] b")).to_have_text("4 of 5")
    expect(row.locator("[data-step=acknowledged] b")).to_have_text("2 of 5")
    row.locator(".row").click()
    people = part(board, "order-receipts")
    for name, state in (("ng", "Opened"), ("warden", "Delivered"), ("yip", "Not delivered")):
        expect(people.locator("li", has_text=name)).to_contain_text(state)
    expect(people).to_contain_text("1 addressed teams have no account")
