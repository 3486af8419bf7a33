"""The page about oneself in a browser: a password is changed by keys alone, in one's language.

What the server asks of a new password is tried in `test_policy_sessions.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cop.services.policy import Role
from tests.browser.axe import broken
from tests.browser.test_access import DESK, PHONE
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

CHOSEN = "four words that nobody guesses"
SAID = {
    "en": (
        "The present password is not right.",
        (
            "The new password is too easy to guess: take 12 characters or more, no name, and no"
            " words that everybody here would try first."
        ),
        "Too many attempts: try again in a few minutes.",
        "The password was changed, and your other sessions were ended.",
    ),
    "zh-Hant": (
        "現有密碼不正確。",
        "新密碼太容易被猜中：請用最少 12 個字元，不要包含用戶名稱或本機構的常用詞。",
        "嘗試次數過多，請數分鐘後再試。",
        "密碼已更改，其他登入已結束。",
    ),
}
"""What is wrong, too weak, too often and done, by language."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run a web process with its pages."""
    with web_server(with_pages=True) as running:
        yield running


@contextlib.contextmanager
def account(
    browser: Browser, server: Server, name: str, *, size: tuple[int, int] = DESK
) -> Iterator[Page]:
    """Open the page as somebody new; nothing may be thrown or refused by its policy."""
    server.add(name, Role.DUTY_OFFICER)
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        is_mobile=size == PHONE,
        has_touch=size == PHONE,
    )
    credentials = {"username": name, "password": server.passwords[name]}
    assert context.request.post(f"{server.url}/api/v1/session", data=credentials).ok
    errors: list[str] = []
    with contextlib.closing(context):
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    assert errors == []


def change(page: Page, present: str, chosen: str) -> None:
    """Fill the form and send it, by keys alone."""
    page.locator("[name=present]").focus()
    for words in (present, chosen):
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(words)
        page.keyboard.press("Tab")
    expect(page.locator("#account-password button")).to_be_focused()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("lang", SAID)
def test_a_password_is_changed_by_keys(browser: Browser, server: Server, lang: str) -> None:
    """Each thing that can be wrong is said in words, beside the form; then it is done."""
    name = f"chan-{lang.lower()}"
    wrong, weak, often, done = SAID[lang]
    with account(browser, server, name) as page:
        page.goto(f"{server.url}/account?lang={lang}")
        error, said = page.locator("#account-password-error"), page.locator("#account-said")
        change(page, "wrong", CHOSEN)
        expect(error).to_have_text(wrong)
        expect(page.locator("[name=present]")).to_be_focused()
        expect(page.locator("[name=present]")).to_have_value("")
        change(page, server.passwords[name], f"{name} and more words")
        expect(error).to_have_text(weak)
        expect(page.locator("[name=chosen]")).to_be_focused()
        expect(page.locator("[name=chosen]")).to_have_value("")
        change(page, server.passwords[name], CHOSEN)
        expect(said).to_have_text(done)
        expect(error).to_be_hidden()
        expect(page.locator("[name=chosen]")).to_have_value("")
        for _ in range(12):
            with page.expect_response("**/api/v1/me/password") as answer:
                change(page, "wrong", CHOSEN)
            if answer.value.status == 429:
                break
        expect(error).to_have_text(often)


def test_without_the_script_there_is_no_form(browser: Browser, server: Server) -> None:
    """A browser that sends it by itself would put a password into an address."""
    server.add("plain", Role.VIEWER)
    context = browser.new_context(java_script_enabled=False)
    with contextlib.closing(context):
        credentials = {"username": "plain", "password": server.passwords["plain"]}
        assert context.request.post(f"{server.url}/api/v1/session", data=credentials).ok
        page = context.new_page()
        page.goto(f"{server.url}/account?lang=en")
        expect(page.locator("#account-password")).to_be_hidden()
        expect(page.locator("#account-password")).to_have_attribute("method", "post")
        expect(page.locator("noscript")).to_be_visible()


def test_an_unreachable_server_is_said(browser: Browser, server: Server) -> None:
    """Nothing that was typed is lost, and the button can be pressed again."""
    with account(browser, server, "lost") as page:
        page.goto(f"{server.url}/account?lang=en")
        page.context.set_offline(True)
        change(page, server.passwords["lost"], CHOSEN)
        expect(page.locator("#account-password-error")).to_contain_text("cannot be reached")
        expect(page.locator("[name=chosen]")).to_have_value(CHOSEN)
        page.context.set_offline(False)
        page.locator("#account-password button").click()
        expect(page.locator("#account-said")).to_have_text(SAID["en"][3])


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_form_breaks_no_rule(browser: Browser, server: Server, size: tuple[int, int]) -> None:
    """With an error shown, light and dark; nothing is wider than a phone."""
    with account(browser, server, f"eyes-{size[0]}", size=size) as page:
        for lang in SAID:
            page.goto(f"{server.url}/account?lang={lang}")
            change(page, "wrong", CHOSEN)
            expect(page.locator("#account-password-error")).to_have_text(SAID[lang][0])
            assert broken(page) == [], lang
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
