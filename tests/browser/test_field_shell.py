"""The phone's page as a frame: it opens without network, and forgets and keeps what it should."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from cop.model.text import LANGS
from cop.ui.field import page as field_page
from tests.browser.axe import ALL, broken
from tests.browser.board import becomes, wait
from tests.browser.field_phone import HALL, Phone, field_server, phones, sign_in
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser

COUNT = (
    "cop.field.act({kind: 'entry', path: '/facilities/facility:hall/entries', about: '"
    + HALL
    + "',"
    " body: {occupancy: 90, at: cop.field.at()}})"
)
STATUS = (
    "cop.field.act({kind: 'status', path: '/resources/resource:team-8/report',"
    " about: 'resource:team-8', body: {status: 'resting', at: cop.field.at()}})"
)
HELD = (
    "Promise.all([cop.db.all('state'), cop.db.all('outbox'), cop.db.all('blobs')])"
    ".then((all) => JSON.stringify(all))"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Give the web process."""
    with field_server() as running:
        yield running


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Callable[..., Phone]]:
    """Give a function that makes a phone."""
    with phones(browser, server) as make:
        yield make


def _is(phone: Phone, signed: str) -> bool:
    return bool(phone.ask("cop.field.data.signed") == signed)


def _sign_in_here(phone: Phone, name: str, password: str) -> None:
    form = phone.page.locator(".sign-in form")
    form.locator("#username").fill(name)
    form.locator("#password").fill(password)
    form.locator("button[type=submit]").click()


def test_it_opens_without_network_after_one_visit(phone: Callable[..., Phone]) -> None:
    """The last picture is shown, plainly marked with its age; it never looks like no duty."""
    field = phone().open().fresh().installed()
    wait(lambda: "Pump out the underpass" in field.text())
    expect(field.page.locator("#f-age")).to_be_hidden()
    field.offline()
    field.reload()
    expect(field.page.locator("#f-main")).to_contain_text("Pump out the underpass")
    expect(field.page.locator("#f-link")).to_contain_text("No network")
    expect(field.page.locator("#f-age")).to_contain_text("Not confirmed since")
    field.offline(is_so=False)
    field.fresh()
    expect(field.page.locator("#f-age")).to_be_hidden()


def test_a_lost_connection_is_told_without_a_reload(phone: Callable[..., Phone]) -> None:
    """Once the network has gone the page says so in words, and takes it back on return."""
    field = phone().open().fresh()
    field.offline()
    expect(field.page.locator("#f-link")).to_contain_text("No network")
    expect(field.page.locator("#f-age")).to_contain_text("Not confirmed since")
    field.offline(is_so=False)
    expect(field.page.locator("#f-link")).to_contain_text("Live")


def test_a_strangers_page_is_no_answer(phone: Callable[..., Phone]) -> None:
    """What a hotel's network answers with 200 and HTML is not taken for the server's word."""
    field = phone().open().fresh()
    field.context.route(
        re.compile(r"/api/v1/"),
        lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Hello</h1>"),
    )
    key = field.ask(STATUS)
    wait(lambda: field.actions()[0]["tries"] > 0 and field.states() == ["queued"])
    assert field.ask("cop.sync.read('duty').then(() => cop.field.data.link)") == "offline"
    assert field.ask("cop.field.data.duty.assignments.length") == 1
    field.context.unroute(re.compile(r"/api/v1/"))
    field.ask("void cop.outbox.flush()")
    wait(lambda: field.states() == ["confirmed"])
    assert field.actions()[0]["key"] == key


def test_signing_in_on_the_page(phone: Callable[..., Phone], server: Server) -> None:
    """A wrong password and a missing network are said in words; then one's own duty is there."""
    field = phone("").open()
    wait(lambda: _is(field, "out"))
    _sign_in_here(field, "ho", "wrong")
    alert = field.page.locator(".sign-in [role=alert]")
    expect(alert).to_contain_text("Name or password is wrong")
    field.offline()
    _sign_in_here(field, "ho", server.passwords["ho"])
    expect(alert).to_contain_text("you need it to sign in")
    field.offline(is_so=False)
    _sign_in_here(field, "ho", server.passwords["ho"])
    field.fresh()
    expect(field.page.locator("#f-main")).to_contain_text("Pump out the underpass")


def test_signing_out_leaves_nothing(phone: Callable[..., Phone]) -> None:
    """Duty, area, outbox and the session are gone; nothing of the person is left on the phone."""
    field = phone().open().fresh().installed()
    field.tab("more")
    field.page.locator("[data-key='sign-out']").click()
    field.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    wait(lambda: _is(field, "out"))
    held = field.ask(HELD)
    assert "team-8" not in held
    assert '"ho"' not in held
    assert field.context.request.get(f"{field.server.url}/api/v1/me").json()["signed_in"] is False
    field.reload()
    wait(lambda: _is(field, "out"))
    wait(lambda: "Pump out" not in field.text())


def test_signing_out_asks_before_work_is_lost(phone: Callable[..., Phone]) -> None:
    """With something unsent one is asked; staying keeps it, sending and leaving sends it first."""
    field = phone("yip").open().fresh()
    field.offline()
    assert field.ask(COUNT)
    field.tab("more")
    field.page.locator("[data-key='sign-out']").click()
    dialog = field.page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 actions have not been sent")
    dialog.get_by_role("button", name="Stay").click()
    expect(dialog).to_be_hidden()
    assert field.states() == ["queued"]
    field.offline(is_so=False)
    field.settled()
    field.page.locator("[data-key='sign-out']").click()
    dialog.get_by_role("button", name="Sign out").click()
    wait(lambda: _is(field, "out"))
    assert field.server.status(HALL) == "open"


def test_an_ended_session_hides_everything_and_keeps_the_work(
    phone: Callable[..., Phone], server: Server
) -> None:
    """Behind the form there is nothing to see; who signs in again finds the work and it is sent."""
    field = phone().open().fresh()
    field.offline()
    assert field.ask(STATUS)
    with server.client("ho") as other:
        assert other.delete("/api/v1/me/sessions").status_code == 200
    field.offline(is_so=False)
    expect(field.page.locator(".sign-in")).to_contain_text("Your sign-in has ended")
    expect(field.page.locator("#f-tabs")).to_be_hidden()
    assert "Pump out" not in field.ask(HELD)
    assert field.states() == ["queued"]
    _sign_in_here(field, "ho", server.passwords["ho"])
    field.fresh().settled()
    assert field.states() == ["confirmed"]


def test_a_lost_phone_forgets_at_once(phone: Callable[..., Phone], server: Server) -> None:
    """What was ended from the desk as lost keeps neither duty nor unsent work, and says only so."""
    field = phone().open().fresh().installed()
    field.offline()
    assert field.ask(STATUS)
    with server.client("wong") as desk:
        gone = desk.delete("/api/v1/accounts/ho/sessions", params={"lost": "true"})
        assert gone.is_success, gone.text
    field.offline(is_so=False)
    expect(field.page.locator(".sign-in")).to_contain_text("reported lost")
    wait(lambda: field.ask(HELD) == "[[],[],[]]")
    wait(lambda: not field.ask("Boolean(navigator.serviceWorker.controller)"))
    expect(field.page.locator("#f-notice")).to_be_hidden()


def test_another_account_keeps_the_first_ones_work_apart(
    phone: Callable[..., Phone], server: Server
) -> None:
    """It is neither shown to the second nor sent as theirs; it is sent when the first returns."""
    field = phone().open().fresh()
    field.offline()
    assert field.ask(STATUS)
    with server.client("ho") as other:
        other.delete("/api/v1/me/sessions")
    field.offline(is_so=False)
    wait(lambda: _is(field, "ended"))
    expect(field.page.locator(".sign-in")).to_contain_text("1 actions of ho wait")
    _sign_in_here(field, "yip", server.passwords["yip"])
    field.fresh()
    assert field.actions() == []
    field.ask("cop.field.go('outbox')")
    expect(field.page.locator("#f-main")).to_contain_text("1 of another account")
    assert "Pump out" not in field.ask(HELD)
    sign_in(field.context, server, "ho")  # in another place of the same browser
    field.ask("cop.account.unsigned('other')")
    field.fresh().settled()
    assert field.states() == ["confirmed"]


def test_how_it_looks_is_kept(phone: Callable[..., Phone]) -> None:
    """Language, colours and size of text stand after a reload, also without network."""
    field = phone().open().fresh().installed()
    field.tab("more")
    field.page.locator("[data-key='theme-dark']").click()
    field.page.locator("[data-key='size-150']").click()
    field.page.locator("[data-key='lang-zh-Hant']").click()
    expect(field.page.locator("#f-title")).to_have_text("更多")
    field.page.goto(f"{field.server.url}/field")
    field.ready()
    field.offline()
    field.reload()
    becomes(lambda: field.ask("document.documentElement.lang"), "zh-Hant")
    assert field.ask("document.documentElement.dataset.theme") == "dark"
    becomes(lambda: field.ask("getComputedStyle(document.documentElement).fontSize"), "24px")
    expect(field.page.locator("#f-link")).to_contain_text("沒有網絡")


def test_the_way_back(phone: Callable[..., Phone]) -> None:
    """The phone's own way back closes a sheet first, then returns to the screen before."""
    field = phone().open().fresh()
    field.tab("more")
    field.page.locator("[data-key='to-outbox']").click()
    expect(field.page.locator("#f-title")).to_have_text("What I have done")
    field.page.go_back()
    expect(field.page.locator("#f-title")).to_have_text("More")
    field.page.locator("[data-key='sign-out']").click()
    dialog = field.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    field.page.go_back()
    expect(dialog).to_be_hidden()
    expect(field.page.locator("#f-title")).to_have_text("More")
    field.page.locator("[data-key='sign-out']").click()
    expect(dialog).to_be_visible()
    field.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    field.tab("duty")
    expect(field.page.locator("#f-title")).to_have_text("My duty")
    field.page.go_back()
    expect(field.page.locator("#f-title")).to_have_text("More")


def test_a_warden_finds_the_own_facility_first(phone: Callable[..., Phone]) -> None:
    """It is the first tab and the first screen, and stands aside for what was asked for."""
    field = phone("yip").open().fresh()
    expect(field.page.locator("#f-tabs button").first).to_have_attribute("data-tab", "facility")
    expect(field.page.locator("#f-tabs [aria-current]")).to_have_attribute("data-tab", "facility")
    field.page.goto("about:blank")
    field.open("#more").fresh()
    expect(field.page.locator("#f-title")).to_have_text("More")


def test_a_browser_that_keeps_nothing_is_told(phone: Callable[..., Phone]) -> None:
    """Without storage the page says so, shows the duty, and takes no deed it could not keep."""
    field = phone()
    field.context.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'InvalidStateError'); };"
    )
    field.open()
    expect(field.page.locator("#f-notice")).to_contain_text("cannot keep your work")
    field.fresh()
    expect(field.page.locator("#f-main")).to_contain_text("Pump out the underpass")
    assert field.ask(STATUS) is None
    expect(field.page.locator(".toast")).to_contain_text("cannot keep your work")


def test_signing_in_at_the_desks_door_leads_to_the_phones_page(
    phone: Callable[..., Phone], server: Server
) -> None:
    """Who is of the field comes to /field when no other address was asked for."""
    field = phone("")
    for name, asked, leads_to in (("ho", "", "/field"), ("ho", "/account", "/account")):
        query = f"&next={asked}" if asked else ""
        field.page.goto(f"{server.url}/sign-in?lang=en{query}")
        field.page.fill("#username", name)
        field.page.fill("#password", server.passwords[name])
        field.page.click("button[type=submit]")
        field.page.wait_for_url(f"{server.url}{leads_to}")


def test_a_new_version_takes_over_without_losing_anything(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The open page says that there is a new one; once it is loaded the work is still there."""
    made: list[field_page.Site] = []
    make_site = field_page.make_site

    def keep(settings: object) -> field_page.Site:
        made.append(make_site(settings))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(field_page, "make_site", keep)
    with field_server() as server, phones(browser, server) as make:
        field = make().open().fresh().installed()
        field.offline()
        assert field.ask(STATUS)
        site = made[-1]
        for lang, html in site.html.items():
            site.html[lang] = html.replace(
                b'<body class="field">', b'<body class="field is-newer">'
            )
        newer = re.sub(rb'"version":"\w+"', b'"version":"newer"', site.worker)
        object.__setattr__(site, "worker", newer)
        field.offline(is_so=False)
        field.ask("navigator.serviceWorker.getRegistration('/field').then((one) => one.update())")
        notice = field.page.locator("#f-notice")
        expect(notice).to_contain_text("There is a new version")
        notice.get_by_role("button", name="Reload").click()
        field.page.wait_for_selector("body.is-newer[data-ready]", state="attached")
        field.ready().settled()
        assert field.states() == ["confirmed"]


def test_what_went_wrong_is_not_covered_by_what_went_well(phone: Callable[..., Phone]) -> None:
    """A failure's words stand their time, until the next failure's."""
    field = phone().open().fresh()
    shown = "[...document.querySelectorAll('.toast span')].map((one) => one.textContent).join('|')"
    say = "cop.ui.toast('{}', {{ bad: {} }})"
    for words, bad, stands in (
        ("Sent", "false", "Sent"),
        ("The storage is full", "true", "✕ The storage is full"),
        ("Sent", "false", "✕ The storage is full"),
        ("Refused", "true", "✕ Refused"),
    ):
        assert field.ask(f"({say.format(words, bad)}, {shown})") == stands


@pytest.mark.parametrize("lang", LANGS)
def test_the_frames_screens_are_for_everybody(phone: Callable[..., Phone], lang: str) -> None:
    """No fault that can be found by program: signing in, outbox, more, and a sheet over them."""
    colours = lang == LANGS[0]
    out = phone("", reduced_motion="reduce").open(lang=lang)
    wait(lambda: _is(out, "out"))
    assert broken(out.page, colours=colours, also=ALL) == []
    field = phone("yip", reduced_motion="reduce").open(lang=lang).fresh()
    field.ask(COUNT)
    for screen in ("more", "outbox"):
        field.ask(f"cop.field.go('{screen}')")
        assert broken(field.page, colours=colours, also=ALL) == []
    field.ask("void cop.account.signOut()")
    expect(field.page.get_by_role("dialog")).to_be_visible()
    assert broken(field.page, colours=colours, also=ALL) == []
