"""What each role is offered at the desk, and that it breaks no rule of access."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.at_desk import PHONE, part, press
from tests.browser.axe import broken
from tests.browser.board import wait
from tests.browser.incidents import Opener

pytestmark = pytest.mark.browser


def test_who_may_only_look_finds_no_button(desk: Opener) -> None:
    """A viewer is offered nothing that the server would refuse, and sees no queue."""
    board = desk("lee")
    expect(board.page.locator("#cop-duty")).to_contain_text("No team or facility is yours.")
    board.ask("void cop.select('facility:hall')")
    expect(part(board, "facility-now")).to_contain_text("Open")
    assert part(board, "facility-now").get_by_role("button", name="1 more at").count() == 0
    board.ask("void cop.select('assignment:task-3')")
    expect(part(board, "task-steps")).to_contain_text("Acknowledged")
    assert part(board, "task-steps").locator(".acts").count() == 0
    board.page.keyboard.press("o")
    expect(board.page.locator("#cop-order-new")).to_be_hidden()


@pytest.mark.parametrize(("name", "lang"), [("wong", "zh-Hant"), ("yip", "en")])
def test_the_desk_breaks_no_rule_of_access(desk: Opener, name: str, lang: str) -> None:
    """Queue or duty, teams, orders, and what stands in the detail."""
    board = desk(name, at={"lang": lang})
    wait(lambda: board.ask("document.querySelectorAll('#cop-list .row').length > 1"))
    board.page.wait_for_timeout(1700)  # nothing glows any more
    assert broken(board.page) == []
    for key, chosen in (("t", "resource:team-1"), ("o", "order:aa11")):
        board.page.keyboard.press(key)
        board.ask(f"(document.activeElement.blur(), void cop.select('{chosen}'))")
        board.page.wait_for_timeout(400)
        assert broken(board.page) == [], chosen
    for chosen in ("assignment:task-2", "facility:hall", "facility:post"):
        board.ask(f"void cop.select('{chosen}')")
        board.page.wait_for_timeout(300)
        assert broken(board.page) == [], chosen


def test_what_the_desk_opens_breaks_no_rule_of_access(desk: Opener) -> None:
    """The form of an order, the question before it goes, and a phone's desk."""
    board = desk()
    board.page.keyboard.press("o")
    board.page.locator("#cop-order-new").click()
    dialog = board.page.locator("dialog")
    for mode in ("everyone", "role", "resource", "area", "agency"):
        dialog.locator(f"input[name=mode][value={mode}]").check()
        assert broken(board.page) == [], mode
    dialog.locator("textarea").fill("Something")
    dialog.locator("input[value=DSD]").check()
    press(dialog, "Check and send")
    assert broken(board.page) == []
    phone = desk("yip", size=PHONE, phone=True, at={"lang": "zh-Hant"})
    phone.page.locator("[data-phone-tab=desk]").click()
    expect(phone.page.locator("#cop-duty")).to_be_visible()
    expect(phone.page.locator(".order-notice")).to_be_visible()
    assert broken(phone.page) == []
