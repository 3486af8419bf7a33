"""No rule of WCAG 2 A or AA that a machine can check is broken, on any page, light and dark."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import LANGS, broken
from tests.browser.board import Board, wait
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser

DESK, PHONE = (1440, 900), (390, 844)


def settle(page: Board) -> None:
    """Wait until list and map are drawn and nothing glows any more."""
    wait(lambda: page.ask("document.querySelectorAll('#cop-list .row').length > 5"))
    page.page.wait_for_timeout(1700)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_breaks_no_rule(board: Callable[..., Board], size: tuple[int, int]) -> None:
    """Desk and phone, each language, with something chosen."""
    page = board(size=size, phone=size == PHONE)
    page.open()
    settle(page)
    for lang in LANGS:
        page.ask(f"cop.setLang('{lang}')")
        page.page.wait_for_timeout(400)
        assert broken(page.page, colours=lang == LANGS[0]) == [], lang
    page.ask("cop.select('td_traffic_news:0', { from: 'map' })")
    expect(page.page.locator("#cop-detail-body h2")).to_be_visible()
    page.page.wait_for_timeout(600)  # the popup fades in
    assert broken(page.page) == []


def test_what_opens_breaks_no_rule(board: Callable[..., Board]) -> None:
    """Layers, feeds, help and the list of what lies at one place."""
    page = board()
    page.open()
    settle(page)
    keys = page.page.keyboard
    for key in ("l", "f", "?"):
        keys.press(key)
        page.page.wait_for_timeout(300)
        assert broken(page.page) == [], key
        if key != "l":
            keys.press("Escape")
    page.ask("void cop.choose(['td_traffic_news:0', 'td_traffic_news:1'], [22.34, 114.19])")
    expect(page.page.locator(".chooser")).to_be_visible()
    assert broken(page.page) == []


def test_each_part_of_a_phone_breaks_no_rule(board: Callable[..., Board]) -> None:
    """One thing at a time, each of them."""
    page = board(size=PHONE, phone=True)
    page.open(lang="zh-Hant")
    settle(page)
    for tab in ("situation", "layers", "feeds", "charts"):
        page.ask(f"cop.showPhone('{tab}')")
        page.page.wait_for_timeout(1500 if tab == "charts" else 400)
        assert broken(page.page) == [], tab
    page.page.locator(".more-button").click()
    page.page.wait_for_timeout(400)
    assert broken(page.page) == [], "more"


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Give a fresh page of somebody who is not signed in."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere"])
def test_plain_pages_break_no_rule(plain: Page, evening: Server, path: str) -> None:
    """Signing in and a message, each language."""
    for lang in LANGS:
        plain.goto(f"{evening.url}{path}?lang={lang}")
        assert broken(plain, colours=lang == LANGS[0]) == [], lang


def test_the_account_page_works_and_breaks_no_rule(plain: Page, evening: Server) -> None:
    """Sessions are ended with the keyboard alone; what happened is said; no rule is broken."""
    elsewhere = [evening.client("chan") for _ in range(3)]
    with contextlib.ExitStack() as stack:
        others = [stack.enter_context(client) for client in elsewhere]
        plain.goto(f"{evening.url}/sign-in?next=%2Faccount&lang=en")
        plain.locator("#username").fill("chan")
        plain.locator("#password").fill(evening.passwords["chan"])
        plain.keyboard.press("Enter")
        plain.wait_for_url("**/account")
        for lang in LANGS:
            plain.goto(f"{evening.url}/account?lang={lang}")
            assert broken(plain, colours=lang == LANGS[0]) == [], lang
        plain.goto(f"{evening.url}/account?lang=en")
        ends = plain.locator("button[data-ref]")
        before = ends.count()
        ends.first.focus()
        plain.keyboard.press("Enter")
        expect(plain.locator("#account-said")).to_have_text("The session was ended.")
        expect(ends).to_have_count(before - 1)
        expect(plain.locator("#account-heading")).to_be_focused()
        assert broken(plain) == []
        plain.locator("#account-end-others").click()
        expect(ends).to_have_count(0)
        expect(plain.locator("#account-end-others")).to_be_hidden()
        assert [client.get("/api/v1/me").status_code for client in others] == [401] * 3
        plain.locator("#account-sign-out").click()
        plain.wait_for_url("**/sign-in")
    expect(plain.locator("#username")).to_be_visible()
