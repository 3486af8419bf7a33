"""A facility's keeper on a phone: one counter, its queue, its stock, its needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from cop.model.kinds import Facility, FacilityStatus, Need
from tests.browser.axe import LANGS, broken
from tests.browser.conftest import marking
from tests.browser.field_work import WorkPhone, open_phone, put_evening
from tests.browser.incidents import LIVE
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

HALL, POST = "facility:hall", "facility:post"
COUNTED = 84
"""People in the hall at the beginning."""


@pytest.fixture
def centre() -> Iterator[Server]:
    """Give a web process with an evening on it."""
    with web_server(with_pages=True, settings=LIVE) as server, marking(server.store):
        put_evening(server)
        yield server


@pytest.fixture
def hold(browser: Browser, centre: Server) -> Iterator[Callable[..., WorkPhone]]:
    """Give a function that puts a phone into somebody's hands; closed afterwards, unbroken."""
    held: list[WorkPhone] = []

    def pick_up(name: str = "yip", **options: Any) -> WorkPhone:
        phone = open_phone(browser, centre, name, **options)
        held.append(phone)
        phone.tab("report" if name == "ho" else "facility")
        return phone

    yield pick_up
    for phone in held:
        phone.page.context.close()
        assert not phone.errors, phone.errors


def count_of(phone: WorkPhone) -> int | None:
    """Tell how many the server counts in the hall."""
    return phone.stored(Facility, HALL).occupancy


def test_taps_count_at_once_and_on_the_server(hold: Callable[..., WorkPhone]) -> None:
    """Quick taps are shown as they come and arrive as what they sum up to; a slip is undone."""
    phone = hold()
    value = phone.page.locator(".ward-value")
    expect(value).to_have_text(str(COUNTED))
    for key in ("tap 1", "tap 1", "tap 1", "tap 5", "tap -1"):
        phone.tap(key)
    expect(value).to_have_text(str(COUNTED + 7))
    phone.comes(lambda: count_of(phone) == COUNTED + 7)
    phone.tap("tap -5")
    expect(value).to_have_text(str(COUNTED + 2))
    phone.page.get_by_role("button", name="Undo −5").tap()
    phone.comes(lambda: count_of(phone) == COUNTED + 7 and phone.waiting() == 0)
    expect(value).to_have_text(str(COUNTED + 7))


def test_without_network_nothing_is_lost(hold: Callable[..., WorkPhone]) -> None:
    """Taps, a status and a count wait on the phone, marked as such, also over a reload."""
    phone = hold()
    phone.go_offline()
    phone.tap("tap 5")
    phone.tap("status full")
    expect(phone.page.locator(".ward-note")).to_contain_text("only on this phone yet")
    expect(phone.page.locator(".ward-entries .is-local")).to_have_count(2)
    assert count_of(phone) == COUNTED
    phone.page.reload()
    phone.page.locator(".ward-value").wait_for()
    expect(phone.page.locator(".ward-value")).to_have_text(str(COUNTED + 5))
    expect(phone.at("status full")).to_have_attribute("aria-pressed", "true")
    phone.offline(off=False)
    phone.comes(lambda: phone.waiting() == 0)
    hall = phone.stored(Facility, HALL)
    assert (hall.occupancy, hall.status) == (COUNTED + 5, FacilityStatus.FULL)
    expect(phone.page.locator(".ward-entries .is-local")).to_have_count(0)


def test_a_tap_whose_answer_was_lost_counts_once(hold: Callable[..., WorkPhone]) -> None:
    """The number is right also while the server has the tap and the phone is not told so."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    phone = hold()
    phone.page.context.route("**/entries", lose)
    phone.tap("tap 5")
    stored = "cop.field.data.duty.facilities.find(({id}) => id === 'facility:hall')"
    phone.comes(lambda: phone.ask(f"{stored}.properties.occupancy") == COUNTED + 5)
    value = phone.page.locator(".ward-value")
    expect(value).to_have_text(str(COUNTED + 5))
    expect(phone.page.locator(".ward-entries .is-local")).to_have_count(0)
    phone.page.context.unroute("**/entries", lose)
    phone.comes(lambda: phone.waiting() == 0)
    expect(value).to_have_text(str(COUNTED + 5))
    assert count_of(phone) == COUNTED + 5


def test_another_door_moves_the_number_and_says_so(hold: Callable[..., WorkPhone]) -> None:
    """Of two phones at one counter, each says by how much the other moved it; both count."""
    first, second = hold("yip"), hold("mak")
    second.tap("tap 1")
    second.tap("tap 1")
    second.tap("tap 1")
    expect(first.page.locator(".ward-value")).to_have_text(str(COUNTED + 3))
    expect(first.page.locator(".ward-note")).to_contain_text("+3 by another door")
    expect(second.page.locator(".ward-note")).not_to_contain_text("another door")
    first.tap("tap -1")
    expect(second.page.locator(".ward-note")).to_contain_text("−1 by another door")
    expect(second.page.locator(".ward-value")).to_have_text(str(COUNTED + 2))
    assert count_of(first) == COUNTED + 2


def test_a_lower_count_needs_a_reason(hold: Callable[..., WorkPhone]) -> None:
    """The phone asks why; one that turned out lower later is refused, and can be given a reason."""
    phone = hold()
    phone.tap("count")
    sheet = phone.page.locator("dialog.sheet")
    sheet.locator("[data-key='facility.people']").fill("60")
    sheet.locator("[data-key='save']").tap()
    expect(sheet.get_by_role("alert")).to_contain_text("Say why")
    sheet.locator("[data-key='reason']").fill("Counted again at the door")
    sheet.locator("[data-key='save']").tap()
    phone.comes(lambda: count_of(phone) == 60)
    phone.offline()
    other = hold("mak")
    other.tap("tap 5")
    other.comes(lambda: count_of(other) == 65)
    phone.tap("count")
    sheet.locator("[data-key='facility.people']").fill("62")
    sheet.locator("[data-key='save']").tap()
    phone.offline(off=False)
    refused = phone.page.locator(".ward-refused")
    expect(refused).to_contain_text("Counted: 62 was not counted. Say why.")
    refused.get_by_role("button", name="Say why").tap()
    sheet.locator("[data-key='reason']").fill("Three left by the back door")
    sheet.locator("[data-key='save']").tap()
    expect(refused).to_have_count(0)
    phone.comes(lambda: count_of(phone) == 62)


def test_what_is_refused_stays_until_it_is_let_go(hold: Callable[..., WorkPhone]) -> None:
    """More cannot leave than are there: said in words, with the number that there is."""
    phone = hold()
    phone.offline()
    other = hold("mak")
    other.tap("count")
    sheet = other.page.locator("dialog.sheet")
    sheet.locator("[data-key='facility.people']").fill("3")
    sheet.locator("[data-key='reason']").fill("All but three moved on")
    sheet.locator("[data-key='save']").tap()
    other.comes(lambda: count_of(other) == 3)
    phone.tap("tap -5")
    expect(phone.page.locator(".ward-value")).to_have_text(str(COUNTED - 5))
    phone.offline(off=False)
    refused = phone.page.locator(".ward-refused").first
    expect(refused).to_contain_text("was not counted. More would leave than are there.")
    expect(phone.page.locator(".ward-value")).to_have_text("3")
    expect(refused).to_contain_text("The counter says 3.")
    refused.get_by_role("button").tap()
    expect(phone.page.locator(".ward-refused")).to_have_count(0)
    assert count_of(phone) == 3


def test_a_post_keeps_its_queue_by_category(hold: Callable[..., WorkPhone]) -> None:
    """Each category has its − and +; taps of the queue add up on the server."""
    phone = hold()
    phone.tap(f"choose {POST}")
    queue = phone.page.locator(".ward-queue")
    expect(queue).to_contain_text("Waiting in all: 16")
    expect(queue.locator(".is-immediate")).to_contain_text("▲")
    phone.tap("queue immediate more")
    phone.tap("queue immediate more")
    phone.tap("queue delayed less")
    expect(queue).to_contain_text("Waiting in all: 17")
    phone.comes(lambda: phone.waiting() == 0)
    found = phone.stored(Facility, POST).queue
    assert (found["immediate"], found["delayed"], found["urgent"]) == (3, 10, 4)


def test_staff_and_stock_are_entered_together(hold: Callable[..., WorkPhone]) -> None:
    """Steppers and another item; one entry, with only what was changed."""
    phone = hold()
    before = phone.stored(Facility, HALL)
    phone.tap("stock")
    phone.tap("staff more")
    phone.tap("stock blanket less")
    phone.page.locator("[data-key='item']").fill("Torches")
    phone.tap("add-item")
    phone.tap("stock Torches more")
    phone.tap("save")
    phone.comes(lambda: phone.stored(Facility, HALL).supplies.get("Torches") == 5)
    after = phone.stored(Facility, HALL)
    assert after.staff == (before.staff or 0) + 1
    assert after.supplies["blanket"] == before.supplies["blanket"] - 5
    expect(phone.page.locator(".ward-stock")).to_contain_text("Torches")


def test_a_need_is_asked_for_and_stands_below(hold: Callable[..., WorkPhone]) -> None:
    """Item, how many, by when, urgent: on the list at once, and as the server has it after."""
    phone = hold()
    needs = phone.page.locator(".needs")
    expect(needs).to_contain_text("Bedding × 60")
    expect(needs).to_contain_text("20 of 60")
    phone.tap("ask-need")
    phone.tap("ask")
    sheet = phone.page.locator("dialog.sheet")
    expect(sheet.get_by_role("alert")).to_contain_text("Choose what is needed.")
    sheet.locator("label:has([data-key='item water'])").tap()
    phone.tap("quantity 10")
    sheet.locator("label:has([data-key='when 60'])").tap()
    sheet.locator("label:has([data-key='urgent'])").tap()
    phone.tap("ask")
    expect(needs).to_contain_text("Water × 11")
    phone.comes(lambda: len(phone.server.entities(Need)) == 2)
    made = next(one for one in phone.server.entities(Need) if one.item == "water")
    assert (made.subject, made.quantity, made.author) == (HALL, 11, "yip")
    assert made.needed_by is not None
    expect(needs).to_contain_text("Not met yet")


def test_a_team_asks_for_its_task(hold: Callable[..., WorkPhone]) -> None:
    """From the screen of reports, for the incident of one's task."""
    phone = hold("ho")
    phone.tap("task-needs")
    phone.tap("ask-need")
    phone.page.locator("dialog.sheet label:has([data-key='item pump'])").tap()
    phone.tap("ask")
    phone.comes(lambda: len(phone.server.entities(Need)) == 2)
    made = next(one for one in phone.server.entities(Need) if one.item == "pump")
    assert made.subject == phone.ask("cop.field.data.duty.assignments[0].properties.incident")
    expect(phone.page.locator(".needs")).to_contain_text("Pumps × 1")


@pytest.mark.parametrize("lang", LANGS)
def test_the_keepers_screens_break_no_rule_of_access(
    hold: Callable[..., WorkPhone], lang: str
) -> None:
    """Hall and post, and the sheets of count, stock and need; with what waits and is refused."""
    phone = hold(lang=lang)
    for facility in (HALL, POST):
        phone.tap(f"choose {facility}")
        phone.page.locator(f".needs[data-subject='{facility}']").wait_for()
        assert broken(phone.page, colours=lang == LANGS[0]) == [], facility
    phone.tap(f"choose {HALL}")
    for key in ("count", "stock", "ask-need"):
        phone.tap(key)
        phone.page.locator("dialog.sheet[open]").wait_for()
        phone.page.wait_for_timeout(250)  # it has risen
        assert broken(phone.page, colours=lang == LANGS[0]) == [], key
        phone.page.keyboard.press("Escape")
        expect(phone.page.locator("dialog.sheet")).to_have_count(0)
    phone.offline()
    phone.tap("tap 5")
    expect(phone.page.locator(".ward-note")).not_to_be_empty()
    assert broken(phone.page, colours=lang == LANGS[0]) == []
