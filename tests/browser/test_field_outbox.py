"""What is done on a phone is kept, and reaches the server exactly once, whatever comes between."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from cop.model.kinds import Facility, Incident
from tests.browser.board import becomes, wait
from tests.browser.field_phone import HALL, TEAM, Phone, field_server, phones
from tests.integration.web_server import Server

pytestmark = [pytest.mark.browser, pytest.mark.whole_browser]

ENTRIES = re.compile(r"/facilities/[^/]+/entries$")
PIECES = re.compile(r"/uploads/[^/]+/pieces/\d+$")


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


def _entry(**body: Any) -> str:
    """Give the script that enters *body* at the hall; a remark keeps two changes apart."""
    said = ", ".join(f"{name}: {value!r}" for name, value in body.items())
    return (
        f"cop.outbox.add({{kind: 'entry', path: '/facilities/{HALL}/entries', about: '{HALL}',"
        f" body: {{{said}, at: cop.field.at()}}}})"
    )


def _hall(server: Server) -> Facility:
    return next(one for one in server.entities(Facility) if one.id == HALL)


def _changes(server: Server) -> list[int | None]:
    """List what was entered after the eight entries that the evening begins with."""
    return [entry.change for entry in _hall(server).entries[8:]]


def _flush(phone: Phone) -> None:
    phone.ask("void cop.outbox.flush()")


def _lose_answers(times: int) -> Callable[[Route], None]:
    """Let the server do it, and its answer be lost, *times* times."""
    left = [times]

    def lose(route: Route) -> None:
        if not left[0]:
            route.fallback()
            return
        left[0] -= 1
        route.fetch()
        route.abort()

    return lose


def test_what_was_done_offline_is_sent_once_in_order(
    phone: Callable[..., Phone], server: Server
) -> None:
    """It survives a reload without network, and is then replayed as it was done."""
    field = phone("yip").open().fresh().installed()
    field.offline()
    for change in (1, 2, -3, 4):
        field.ask(_entry(change=change, reason="counted"))
    field.reload()
    becomes(field.states, ["queued"] * 4)
    field.offline(is_so=False)
    field.settled()
    assert field.states() == ["confirmed"] * 4
    assert _changes(server) == [1, 2, -3, 4]
    assert _hall(server).occupancy == 88
    assert not any(action["answer"]["repeated"] for action in field.actions())


def test_a_lost_answer_is_asked_for_again(phone: Callable[..., Phone], server: Server) -> None:
    """The same key is sent again; the server did it once and says that it had."""
    field = phone("yip").open().fresh()
    keys: list[str] = []
    field.page.on(
        "request",
        lambda request: (
            keys.append(request.headers["idempotency-key"]) if ENTRIES.search(request.url) else None
        ),
    )
    field.context.route(ENTRIES, _lose_answers(2))
    field.ask(_entry(change=5, reason="a bus"))
    _flush(field)
    wait(lambda: field.ask("cop.outbox.flush()") or field.states() == ["confirmed"])
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert _changes(server) == [5]
    assert field.actions()[0]["answer"]["repeated"] is True


def test_what_is_refused_comes_back_in_words(phone: Callable[..., Phone], server: Server) -> None:
    """It stands in the list with the reason, the next goes on; it can be thrown away."""
    field = phone("yip").open().fresh()
    field.ask(_entry(change=-1000, reason="typed wrongly"))
    field.ask(_entry(change=2, reason="right"))
    _flush(field)
    field.settled()
    assert field.states() == ["refused", "confirmed"]
    assert _changes(server) == [2]
    field.ask("cop.field.go('outbox')")
    refused = field.page.locator(".outbox-row.is-refused")
    expect(refused).to_contain_text("More would leave than are there")
    field.ask("cop.outbox.retry(cop.field.actions()[0].key)")
    assert field.states() == ["refused", "confirmed"]
    refused.get_by_role("button", name="Throw away").click()
    field.page.get_by_role("dialog").get_by_role("button", name="Throw away").click()
    wait(lambda: field.states() == ["confirmed"])


def test_a_key_is_never_used_for_something_else(
    phone: Callable[..., Phone], server: Server
) -> None:
    """If that should happen the second thing is not done, and the person is told."""
    field = phone("yip").open().fresh()
    key = field.ask(_entry(change=1, reason="first"))
    _flush(field)
    field.settled()
    field.ask(
        f"cop.outbox.patch('{key}', {{state: 'queued', body: {{change: 7, at: cop.field.at()}}}})"
    )
    _flush(field)
    field.settled()
    assert field.actions()[0]["problem"]["code"] == "key-reused"
    assert _changes(server) == [1]


def test_quick_presses_become_one_entry(phone: Callable[..., Phone], server: Server) -> None:
    """Changes of one counter that follow each other at once go together."""
    field = phone("yip").open().fresh()
    keys = field.ask(
        f"Promise.all([1, 1, 1, -1, 1].map((change) => {_entry(change=0)}))".replace(
            "change: 0", "change"
        )
    )
    assert len(set(keys)) == 1
    _flush(field)
    field.settled()
    assert _changes(server) == [3]


REPORT = (
    "cop.outbox.add({kind: 'incident', path: '/incidents', body: {incident_type: '%s',"
    " place: 'Here', geometry: {type: 'Point', coordinates: [114.17, 22.3]}, words: 'Water',"
    " lang: 'en', at: cop.field.at()}})"
)
PHOTO = """(async (after) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 480;
  const ctx = canvas.getContext("2d");
  for (let n = 0; n < 480 * 480; n += 1) {
    ctx.fillStyle = `rgb(${n * 7919 % 256},${n * 104729 % 256},${n * 1299709 % 256})`;
    ctx.fillRect(n % 480, Math.floor(n / 480), 1, 1);
  }
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  return cop.outbox.add({kind: "photo", blob, after, about: "{id}", caption: "The water"});
})"""


def test_a_photo_goes_with_its_report_and_resumes(
    phone: Callable[..., Phone], server: Server
) -> None:
    """It waits for the report's id; after an interruption only missing pieces are sent."""
    field = phone().open().fresh().installed()
    sent: list[str] = []

    def count(request: Request) -> None:
        if PIECES.search(request.url):
            sent.append(request.url.rpartition("/")[2])

    field.context.on("request", count)
    field.context.route(re.compile(r"/uploads/[^/]+/pieces/1$"), lambda route: route.abort())
    report = field.ask(REPORT % "flooding")
    field.ask(f"{PHOTO}('{report}')")
    _flush(field)
    wait(lambda: (field.actions()[-1]["pieces"] or {}).get("had") == 1)
    wait(lambda: field.actions()[-1]["state"] == "queued")
    total = field.actions()[-1]["pieces"]["total"]
    assert total > 2
    field.reload()
    field.context.unroute(re.compile(r"/uploads/[^/]+/pieces/1$"))
    _flush(field)
    field.settled()
    assert field.states() == ["confirmed"] * 2
    assert sent.count("0") == 1
    assert sorted(set(sent), key=int) == [str(n) for n in range(total)]
    reported = next(
        one for one in server.entities(Incident) if one.id.count("-") == 0 and one.attachments
    )
    assert [one.caption for one in reported.attachments] == ["The water"]
    assert field.ask("cop.db.all('blobs').then((all) => all.length)") == 0


def test_what_hangs_on_something_refused_is_refused_too(phone: Callable[..., Phone]) -> None:
    """A photo of a report that was not taken is not sent, and says why."""
    field = phone().open().fresh()
    report = field.ask(REPORT % "no such type")
    field.ask(f"{PHOTO}('{report}')")
    _flush(field)
    field.settled()
    assert field.states() == ["refused", "refused"]
    assert field.actions()[1]["problem"]["code"] == "after-refused"
    field.ask("cop.field.go('outbox')")
    expect(field.page.locator("#f-main")).to_contain_text("What it belonged to was refused")


def test_tabs_and_worker_never_send_twice(phone: Callable[..., Phone], server: Server) -> None:
    """Two tabs and the service worker at once: each request goes out once, in order."""
    field = phone("yip").open().fresh().installed()
    other = field.another_tab().fresh()
    sent: list[str] = []
    field.context.on(
        "request",
        lambda request: (
            sent.append(request.headers["idempotency-key"]) if ENTRIES.search(request.url) else None
        ),
    )
    field.offline()
    for n in range(1, 7):
        (field if n % 2 else other).ask(_entry(change=n, reason="counted"))
    field.offline(is_so=False)
    for tab in (field, other):
        _flush(tab)
    _sync(field)
    field.settled()
    other.settled()
    assert field.states() == ["confirmed"] * 6
    assert sorted(change or 0 for change in _changes(server)) == [1, 2, 3, 4, 5, 6]
    assert not any(action["answer"]["repeated"] for action in field.actions())
    assert sent == [action["key"] for action in field.actions()], "each once, as they were done"
    other.page.close()


def test_the_worker_sends_what_a_closed_page_left(
    phone: Callable[..., Phone], server: Server
) -> None:
    """When the browser wakes the worker, what waits is sent although no page is open."""
    field = phone("yip").open().fresh().installed()
    field.offline()
    field.ask(_entry(change=6, reason="closed"))
    field.context.route(ENTRIES, lambda route: route.abort())  # so that the page cannot
    field.offline(is_so=False)
    # Elsewhere on the site: without the page's own scripts nothing but the worker can send.
    field.page.goto(f"{server.url}/healthz")
    field.context.unroute(ENTRIES)
    assert _changes(server) == []
    _sync(field)
    wait(lambda: field.ask("1") and _changes(server) == [6])
    field.open().fresh().settled()
    assert field.states() == ["confirmed"]


def test_a_page_that_dies_while_sending_sends_again(
    phone: Callable[..., Phone], server: Server
) -> None:
    """What was on its way when the page was closed is asked for again, under the same key."""
    field = phone("yip").open().fresh().installed()
    held: list[Route] = []
    field.context.route(ENTRIES, lambda route: held.append(route))  # noqa: PLW0108 - it is marked
    field.ask(_entry(change=9, reason="dying"))
    _flush(field)
    wait(lambda: field.ask("1") and len(held) == 1)
    assert field.states() == ["sending"]
    held[0].fetch()
    field.context.unroute(ENTRIES)
    field.reload()
    field.settled()
    assert field.states() == ["confirmed"]
    assert _changes(server) == [9]


def _sync(phone: Phone) -> None:
    """Wake the service worker as the browser does when the network is back."""
    _wake(phone, "dispatchSyncEvent", tag="cop-outbox", lastChance=False)


def _wake(phone: Phone, how: str, **said: Any) -> None:
    """Have the browser wake the service worker."""
    session = phone.context.new_cdp_session(phone.page)
    found: list[dict[str, Any]] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    wait(lambda: phone.ask("1") and any("/field" in one["scopeURL"] for one in found))
    known = next(one["registrationId"] for one in found if "/field" in one["scopeURL"])
    whose = {"origin": phone.server.url, "registrationId": known}
    session.send(f"ServiceWorker.{how}", whose | said)
    session.detach()


def test_a_message_brings_the_duty_and_its_receipt(
    phone: Callable[..., Phone], server: Server
) -> None:
    """The worker tells of a task in its words, says that it arrived, and keeps it for the page."""
    field = phone(permissions=["notifications"]).open().fresh().installed()
    field.page.goto(f"{server.url}/healthz")
    with server.client("wong") as desk:
        given = desk.post(
            "/api/v1/assignments",
            json={"resource": TEAM, "words": "Close the flood gate", "accept_double": True},
            headers={"Idempotency-Key": "gate"},
        )
        assert given.is_success, given.text
    task = given.json()["id"]
    message = json.dumps({"type": "assignment", "id": task, "severity": "Severe"})
    _wake(field, "deliverPushMessage", data=message)
    wait(lambda: field.ask("1") and server.status(task) == "delivered")
    shown = (
        "navigator.serviceWorker.getRegistration('/field').then((one) => one.getNotifications())"
        ".then((all) => all.map(({ title, body, tag }) => [title, body, tag]))"
    )
    wait(lambda: field.ask(shown) == [["New task", "Close the flood gate", task]])
    field.offline()
    field.page.goto(f"{server.url}/field?lang=en")
    expect(field.ready().page.locator("#f-main")).to_contain_text("Close the flood gate")
