"""What happens seldom to a phone, and must do no harm: clocks, tabs, faults, half an end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from cop.model.kinds import Incident, LivePosition
from tests.browser.board import becomes, wait
from tests.browser.field_phone import HALL, TEAM, Phone, field_server, phones, sign_in
from tests.browser.test_field_outbox import PHOTO, REPORT, _wake
from tests.browser.test_field_shell import COUNT, STATUS, _is, _sign_in_here
from tests.integration.web_server import Server

pytestmark = [pytest.mark.browser, pytest.mark.whole_browser]

DUTY = re.compile(r"/api/v1/me/duty(\?|$)")
ENTRIES = re.compile(r"/entries$")
PLACE = {"longitude": 114.1989, "latitude": 22.3364, "accuracy": 12}
OF_TEAM = re.compile(r"/resources/[^/]+/report$")
PIECE = re.compile(r"/uploads/[^/]+/pieces/\d+$")
SHOWN = (
    "navigator.serviceWorker.getRegistration('/field').then((one) => one.getNotifications())"
    ".then((all) => all.map(({ tag }) => tag))"
)


@pytest.fixture
def server() -> Iterator[Server]:
    """Give the web process."""
    with field_server() as running:
        yield running


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Callable[..., Phone]]:
    """Give a function that makes a phone."""
    with phones(browser, server) as make:
        yield make


def _flush(phone: Phone) -> None:
    phone.ask("void cop.outbox.flush()")


def _comes(phone: Phone, holds: Callable[[], object]) -> None:
    """Wait until *holds*; the page goes on meanwhile."""
    wait(lambda: phone.ask("1") and holds())


def _broken(route: Route) -> None:
    """Answer as our server does where something is broken in it."""
    route.fulfill(status=500, content_type="application/problem+json", body='{"status": 500}')


def test_a_clock_put_back_holds_nothing(phone: Callable[..., Phone], server: Server) -> None:
    """What was to wait a moment is not held for the hour by which the clock was put back."""
    field = phone("yip").open().fresh()
    field.offline()
    key = field.ask(COUNT)
    field.ask(f"cop.outbox.patch('{key}', {{not_before: Date.now() + 3600000, tries: 0}})")
    field.offline(is_so=False)
    field.settled()
    assert field.states() == ["confirmed"]
    assert server.status(HALL) == "open"


def test_words_do_not_wait_for_pictures(phone: Callable[..., Phone]) -> None:
    """What is said while a photo goes up is sent after the piece that is under way."""
    field = phone().open().fresh()
    sent: list[str] = []
    held: list[Route] = []

    def note(request: Request) -> None:
        found = PIECE.search(request.url)
        if found or OF_TEAM.search(request.url):
            sent.append("piece" if found else "words")

    def hold(route: Route) -> None:
        held.append(route)

    field.context.on("request", note)
    field.context.route(PIECE, hold)
    report = field.ask(REPORT % "flooding")
    field.ask(f"{PHOTO}('{report}')")
    _flush(field)
    _comes(field, lambda: held)
    field.ask(STATUS)
    field.context.unroute(PIECE, hold)
    held[0].continue_()
    field.settled()
    assert field.states() == ["confirmed"] * 3
    assert sent[:3] == ["piece", "words", "piece"]
    assert field.actions()[1]["tries"] == 1, "giving way is no failed try"


def test_what_the_server_fails_at_blocks_nothing_else(
    phone: Callable[..., Phone], server: Server
) -> None:
    """After a few faults the rest goes on; what concerns the same waits with it, in order."""
    field = phone("yip").open().fresh()
    field.context.route(ENTRIES, _broken)
    field.ask(COUNT)
    field.ask(
        "cop.outbox.add({kind: 'status', path: '/facilities/facility:hall/entries', about: '"
        + HALL
        + "', body: {status: 'full', at: cop.field.at()}})"
    )
    field.ask(
        "cop.outbox.add({kind: 'need', path: '/needs', about: 'facility:post', body: {subject: '"
        + HALL
        + "', item: 'water', quantity: 2, lang: 'en'}})"
    )
    wait(lambda: field.ask("cop.outbox.flush()") or field.states()[2] == "confirmed")
    becomes(field.states, ["queued", "queued", "confirmed"])
    assert field.actions()[1]["tries"] == 0
    field.context.unroute(ENTRIES)
    field.reload().settled()
    assert field.states() == ["confirmed"] * 3
    assert server.status(HALL) == "full"


def test_what_was_announced_and_not_had_is_not_live(phone: Callable[..., Phone]) -> None:
    """While the duty cannot be fetched the stream's beat alone does not vouch for it."""
    field = phone(service_workers="block").open().fresh()
    asked: list[str] = []
    field.page.on("request", lambda one: asked.append(one.url) if DUTY.search(one.url) else None)
    field.context.route(DUTY, _broken)
    field.ask("cop.sync.read('duty')")
    _comes(field, lambda: len(asked) > 1)  # the beat has come, and asked again
    becomes(lambda: field.ask("cop.field.freshness().state"), "stale")
    expect(field.page.locator("#f-age")).to_contain_text("Not confirmed since")
    field.context.unroute(DUTY)
    field.fresh()


def test_a_lost_phone_with_two_tabs_forgets_once(
    phone: Callable[..., Phone], server: Server
) -> None:
    """The tabs do not tell each other for ever; who signs in afterwards keeps the own work."""
    field = phone().open().fresh()
    other = field.another_tab().fresh()
    for tab in (field, other):
        tab.ask(
            "void (self.told = 0, cop.hear(({ signed }) => { self.told += signed === 'lost'; }))"
        )
    with server.client("wong") as desk:
        gone = desk.delete("/api/v1/accounts/ho/sessions", params={"lost": "true"})
        assert gone.is_success, gone.text
    for tab in (field, other):
        tab.ask("void cop.sync.read('duty')")
        wait(lambda tab=tab: _is(tab, "out") and tab.ask("cop.account.lost"))
    _sign_in_here(field, "ho", server.passwords["ho"])
    field.fresh()
    assert field.ask(STATUS)
    field.settled()
    assert field.states() == ["confirmed"]
    assert max(tab.ask("self.told") for tab in (field, other)) <= 2
    other.page.close()


def test_signing_in_again_outlives_a_sign_out_that_was_cut(
    phone: Callable[..., Phone], server: Server
) -> None:
    """A session that could not be ended is not mistaken for the one that came after it."""
    field = phone().open().fresh()
    field.context.route(
        re.compile(r"/api/v1/session$"),
        lambda route: route.abort() if route.request.method == "DELETE" else route.fallback(),
    )
    field.ask("void cop.account.signOut()")
    field.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    wait(lambda: _is(field, "out"))
    _sign_in_here(field, "ho", server.passwords["ho"])
    field.fresh()
    field.context.unroute(re.compile(r"/api/v1/session$"))
    field.reload().fresh()
    assert _is(field, "in")


def test_a_sign_out_goes_on_where_the_page_died(phone: Callable[..., Phone]) -> None:
    """A page that was killed while signing out shows nothing more at its next start."""
    field = phone().open().fresh().installed()
    held: list[Route] = []
    field.context.route(
        re.compile(r"/api/v1/session$"),
        lambda route: held.append(route),  # noqa: PLW0108 - marked
    )
    field.ask("void cop.account.signOut()")
    field.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    _comes(field, lambda: held)
    field.context.unroute(re.compile(r"/api/v1/session$"))
    field.reload()
    wait(lambda: _is(field, "out"))
    wait(lambda: "Pump out" not in field.text())
    assert field.context.request.get(f"{field.server.url}/api/v1/me").json()["signed_in"] is False


def test_what_was_refused_is_not_signed_away_unasked(phone: Callable[..., Phone]) -> None:
    """Something refused and not seen to counts as work: one is asked, and stays."""
    field = phone("yip").open().fresh()
    field.ask(COUNT.replace("occupancy: 90", "change: -1000"))
    field.settled()
    assert field.states() == ["refused"]
    field.ask("void cop.account.signOut()")
    dialog = field.page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 actions have not been sent")
    dialog.get_by_role("button", name="Send, then sign out").click()
    expect(field.page.locator(".toast.is-bad")).to_contain_text("still signed in")
    assert field.states() == ["refused"]


def test_signing_out_clears_the_lock_screen(phone: Callable[..., Phone]) -> None:
    """What a message told of an order does not stay there for whoever picks the phone up."""
    field = phone(permissions=["notifications"]).open().fresh().installed()
    field.ask(
        "navigator.serviceWorker.getRegistration('/field')"
        ".then((one) => one.showNotification('New task', { tag: 'order:1' }))"
    )
    wait(lambda: field.ask(SHOWN) == ["order:1"])
    field.ask("void cop.account.signOut()")
    field.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    wait(lambda: _is(field, "out"))
    becomes(lambda: field.ask(SHOWN), [])


def test_a_message_is_shown_while_sending_hangs(phone: Callable[..., Phone]) -> None:
    """What waits in the outbox does not hold back the news of a task."""
    field = phone(permissions=["notifications"]).open().fresh().installed()
    field.settled()
    field.ask("void navigator.locks.request('cop-outbox', () => new Promise(() => {}))")
    _wake(field, "deliverPushMessage", data='{"type": "order", "id": "order:news"}')
    wait(lambda: field.ask(SHOWN) == ["order:news"])


def test_a_place_on_its_way_does_not_outlive_its_end(
    phone: Callable[..., Phone], server: Server
) -> None:
    """Where a place arrives after sharing was stopped, it is taken back."""
    field = phone(permissions=["geolocation"], geolocation=PLACE).open().fresh()
    other = field.another_tab().fresh()
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "PUT":
            held.append(route)
        else:
            route.fallback()

    field.page.route(re.compile(r"/me/position$"), hold)
    field.page.bring_to_front()
    field.page.locator("[data-key='pos-switch']").click()
    _comes(field, lambda: held)
    with field.page.expect_response(re.compile(r"/me/position$")):
        field.page.locator(".pos-stop").click()
    ended = re.compile(r"/me/position$")
    with field.page.expect_response(
        lambda one: bool(ended.search(one.url)) and one.request.method == "DELETE"
    ):
        held[0].continue_()
    assert [one for one in server.entities(LivePosition) if one.resource == TEAM] == []
    other.page.close()


def test_sharing_stops_in_every_tab(phone: Callable[..., Phone]) -> None:
    """Consent that is taken back in one tab is taken back on the phone."""
    field = phone(permissions=["geolocation"], geolocation=PLACE).open().fresh()
    field.page.locator("[data-key='pos-switch']").click()
    wait(lambda: field.ask("cop.position.sharing() && cop.position.sharing().sent_ms"))
    other = field.another_tab().fresh()
    wait(lambda: other.ask("cop.position.sharing()"))
    field.page.bring_to_front()
    field.page.locator(".pos-stop").click()
    wait(lambda: other.ask("cop.position.sharing()") is None)
    other.page.close()


def test_an_address_that_is_none_opens_the_page(phone: Callable[..., Phone]) -> None:
    """A damaged link leads to the duty and breaks nothing."""
    field = phone().open("#duty/%E0%A4").fresh()
    wait(lambda: "Pump out the underpass" in field.text())


def test_a_press_whose_end_is_never_told_freezes_nothing(phone: Callable[..., Phone]) -> None:
    """Where the phone's own menu took the finger's end, the screen is drawn again by and by."""
    field = phone().open().fresh()
    field.ask(
        "void document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))"
    )
    field.ask(STATUS)
    field.settled()
    wait(lambda: field.ask("document.querySelector('[aria-pressed=true]').textContent") != "")
    wait(
        lambda: (
            field.page.locator("[data-key^='resting-']").first.get_attribute("aria-pressed")
            == "true"
        )
    )


def test_another_place_of_signing_in_changes_the_phone(
    phone: Callable[..., Phone], server: Server
) -> None:
    """Who signs in elsewhere in the browser finds the own duty here, and nobody else's."""
    field = phone().open().fresh()
    field.page.goto("about:blank")
    sign_in(field.context, server, "yip")
    field.open()
    wait(lambda: field.ask("cop.field.data.me && cop.field.data.me.name") == "yip")
    field.fresh()
    wait(lambda: "Pump out" not in field.text())


def test_lost_is_said_after_ended_too(phone: Callable[..., Phone], server: Server) -> None:
    """Where the worker was told first and took the session with it, the page comes to say why."""
    field = phone().open().fresh()
    field.context.clear_cookies()
    field.ask("void cop.sync.read('duty')")
    expect(field.page.locator(".sign-in")).to_contain_text("Your sign-in has ended")
    other = field.another_tab()
    other.ask("cop.tell({ signed: 'lost' })")
    expect(field.page.locator(".sign-in")).to_contain_text("reported lost")
    becomes(lambda: field.ask("cop.db.all('state')"), [])
    other.page.close()


def test_what_one_did_is_never_sent_as_another(phone: Callable[..., Phone], server: Server) -> None:
    """Somebody else signs in elsewhere in the browser just after the page had made sure who it is.

    What the first does then waits for the first.
    """
    report = (
        "void cop.field.act({ kind: 'incident', path: '/incidents', label: null,"
        " body: { incident_type: 'fire', words: 'Smoke', at: cop.field.at() } })"
    )
    field = phone().open().fresh()
    field.ask(report)
    assert field.settled().states()[-1] == "confirmed"
    sign_in(field.context, server, "yip")
    field.ask(report)
    wait(lambda: field.ask("cop.field.data.me && cop.field.data.me.name") == "yip")
    assert {one.author for one in server.entities(Incident) if one.author} == {"ho"}
    sign_in(field.context, server, "ho")
    field.open()
    wait(lambda: field.ask("cop.field.data.me && cop.field.data.me.name") == "ho")
    _comes(field, lambda: len([one for one in server.entities(Incident) if one.author]) == 2)
    assert {one.author for one in server.entities(Incident) if one.author} == {"ho"}
