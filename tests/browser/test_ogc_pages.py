"""The pages below /ogc in a browser: no rule of WCAG broken, nothing blocked, keyboard enough."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from cop.model.record import put
from tests.browser.axe import broken
from tests.integration.ogc_site import things
from tests.integration.web_server import Server, until, web_server

pytestmark = pytest.mark.browser

PAGES = [
    ("", "en"),
    ("/conformance", "zh-Hant"),
    ("/collections", "zh-Hant"),
    ("/collections/alert", "zh-Hans"),
    ("/collections/alert/schema", "zh-Hans"),
    ("/collections/alert/items", "en"),
    ("/collections/road/items", "zh-Hant"),
    ("/collections/alert/items/hko_warnings:WRAINB", "zh-Hant"),
]
"""Every second one on a desk, the others on a phone."""
NARROW = """[...document.querySelectorAll(".ogc-table th, .ogc-table td")]
  .filter((one) => one.offsetWidth < 80).map((one) => one.textContent)"""
"""Cells too narrow to be read."""


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    """Run a web process with its pages and a small picture."""
    with web_server(with_pages=True) as running:
        cursor = running.store.write([put(one) for one in things()], fetched_ms=1).cursor
        until(lambda: running.has_come_to(cursor))
        yield running


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desk", "phone"])
def test_the_pages_break_no_rule(site: Server, page: Page, size: tuple[int, int]) -> None:
    """On a desk and on a phone, in each language; nothing is blocked, nothing is cut off."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    addresses = [f"{path}?f=html&lang={lang}" for path, lang in PAGES[size[0] < 800 :: 2]]
    for address in addresses:
        page.goto(f"{site.url}/ogc{address}")
        expect(page.locator("h1")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert page.evaluate(NARROW) == [], address
        assert broken(page) == [], address
    assert said == []


def test_the_keyboard_leads_from_the_start_to_a_feature(site: Server, page: Page) -> None:
    """Links alone: collections, one of them, what is in it, the next page, one feature."""
    page.goto(f"{site.url}/ogc?f=html&lang=en")
    for name in ("Collections", "Observations", "What is in it", "Next page", "hko_wind:S0100"):
        link = page.get_by_role("link", name=name, exact=True).last
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("Station 100")
    expect(page.locator("table")).to_have_css("border-collapse", "collapse")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("navigation").locator("[aria-current=page]")).to_have_text(
        "Station 100"
    )
