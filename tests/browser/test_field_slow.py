"""The phone's page on a slow network: how much it fetches, and that it can be used there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from cop.model.kinds import AssignmentStatus
from tests.browser.board import wait
from tests.browser.slow_phone import NEXT, SlowPhone, slow_phone
from tests.field_drill.cutting_proxy import CuttingProxy
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser

MOST_AT_FIRST = 500_000
MOST_LATER = 40_000
PATIENT_MS = 120_000


@pytest.fixture
def phone(browser: Browser, desk_centre: Server) -> Iterator[SlowPhone]:
    """Give a phone on slow 3G, signed in as somebody in a team with a task."""
    line = CuttingProxy(int(desk_centre.url.rpartition(":")[2]))
    found = slow_phone(browser, line)
    found.sign_in("ho", desk_centre.passwords["ho"])
    yield found
    found.context.close()
    line.close()
    assert found.errors == []


def test_the_first_load_is_small_and_can_be_used(phone: SlowPhone, desk_centre: Server) -> None:
    """At most 500 KB come over the line, all that is kept for later with it; a press counts."""
    page = phone.load()
    expect(page.locator(NEXT)).to_contain_text("On my way", timeout=PATIENT_MS)
    page.locator(NEXT).click()
    expect(page.locator(NEXT)).to_contain_text("On scene", timeout=PATIENT_MS)
    wait(lambda: desk_centre.status("assignment:task-3") == AssignmentStatus.EN_ROUTE)
    assert 0 < phone.rest(page) <= MOST_AT_FIRST


def test_later_loads_come_from_the_phone(phone: SlowPhone, desk_centre: Server) -> None:
    """A page opened again fetches next to nothing and can be used as the first."""
    page = phone.load()
    expect(page.locator(NEXT)).to_be_visible(timeout=PATIENT_MS)
    wait(lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"))
    before = phone.rest(page)
    page.close()
    page = phone.load()
    expect(page.locator(NEXT)).to_contain_text("On my way", timeout=PATIENT_MS)
    page.locator(NEXT).click()
    expect(page.locator(NEXT)).to_contain_text("On scene", timeout=PATIENT_MS)
    wait(lambda: desk_centre.status("assignment:task-3") == AssignmentStatus.EN_ROUTE)
    assert phone.rest(page) - before <= MOST_LATER
