"""Warnings of our own on the page: written, looked at, sent back, released by somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, expect

from cop.config import Settings
from cop.model.entity import Severity
from cop.model.exchange import Draft, DraftState
from cop.model.kinds import Alert
from cop.model.text import text
from cop.services.policy import Role
from tests.browser.at_desk import PHONE, comes, one, part, press
from tests.browser.axe import broken
from tests.browser.board import Board, now, wait
from tests.browser.conftest import marking
from tests.browser.desk_town import area
from tests.browser.incidents import BOX, Opener, choose, incident, opening
from tests.browser.town import all_well, store_all
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

WORDS: Final = {
    "en": ("Flooding in Mong Kok", "The water rises.", "Stay on upper floors."),
    "zh-Hant": ("旺角水浸", "水位上升。", "留在高層。"),
    "zh-Hans": ("旺角水浸", "水位上升。", "留在高层。"),
}
"""Headline, what is happening, what to do."""

WHOLE: Final = {
    "event_type": "flooding",
    "severity": "Severe",
    "urgency": "Immediate",
    "certainty": "Observed",
    "responses": ["Avoid"],
    "geometry": area(114.172, 22.304).model_dump(mode="json"),
    "title": {lang: said[0] for lang, said in WORDS.items()},
    "description": {lang: said[1] for lang, said in WORDS.items()},
    "instruction": {lang: said[2] for lang, said in WORDS.items()},
}


@pytest.fixture
def warn_centre(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """Give a web process that may send alerts, with two people who may release each other's."""
    settings = Settings(
        operation=getattr(request, "param", "live"),
        allowed_hosts="127.0.0.1,localhost",
        alert_sender="cop@example.hk",
        data_dir=tmp_path,
    )
    with web_server(with_pages=True, settings=settings) as server, marking(server.store):
        server.add("wong", Role.DUTY_OFFICER)
        server.add("lau", Role.COMMANDER)
        server.add("lee", Role.VIEWER)
        store_all(server.store, [*all_well(now()), incident(severity=Severity.SEVERE)], now())
        yield server


@pytest.fixture
def warn(browser: Browser, warn_centre: Server) -> Iterator[Opener]:
    """Give a function that opens the page as one of them."""
    with opening(browser, warn_centre, "wong", bbox=BOX) as open_page:
        yield open_page


def call(server: Server, name: str, deed: str, body: Any, version: int = 0) -> Any:
    """Let *name* do *deed*, a method and a path, without a page; gives the answer."""
    method, path = deed.split()
    key = f"{name}-{method}-{path}-{version}".ljust(16, "-")
    headers = {"Idempotency-Key": key} | ({"If-Match": f'"{version}"'} if version else {})
    with server.client(name) as client:
        answer = client.request(method, f"/api/v1{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()


def drafted(server: Server) -> Draft:
    """Give a draft by wong that says everything that it must."""
    begun = {"event_type": "flooding", "geometry": WHOLE["geometry"]}
    made = call(server, "wong", "POST /drafts", begun)
    call(server, "wong", f"PATCH /drafts/{made['id']}", WHOLE, made["version"])
    draft: Draft = one(server, Draft, made["id"])
    return draft


def asked(server: Server) -> Draft:
    """Give a draft by wong whose release has been asked for."""
    draft = drafted(server)
    version = server.store.read([draft.id])[draft.id].version
    call(server, "wong", f"POST /drafts/{draft.id}/ask", {}, version)
    return draft


def sheet(board: Board) -> Locator:
    """Give the sheet of the draft that is open."""
    return board.page.locator("#cop-alerting-sheet")


def opened(board: Board, draft_id: str) -> Locator:
    """Open a draft; gives the sheet."""
    wait(lambda: board.ask(f"Boolean(cop.picture.get('{draft_id}'))"))
    board.ask(f"cop.alerting.open('{draft_id}')")
    expect(sheet(board)).to_be_visible()
    return sheet(board)


def looked_at(where: Locator) -> None:
    """Wait until what is looked at before it goes stands there."""
    expect(where.locator("[data-check=reach]")).to_be_visible()


def write(where: Locator) -> None:
    """Type the words of a warning in each language."""
    for lang, said in WORDS.items():
        where.locator(f"button[data-alerting-lang={lang}]").click()
        for name, words in zip(("title", "description", "instruction"), said, strict=True):
            where.locator(f"[name={name}-{lang}]").fill(words)


def stored(server: Server, holds: Callable[[Draft], bool]) -> bool:
    """Tell whether the only draft is stored so that *holds*."""
    found = server.entities(Draft)
    return len(found) == 1 and holds(found[0])


def test_a_warning_goes_out_when_a_second_person_releases_it(
    warn: Opener, warn_centre: Server
) -> None:
    """From an incident to force: written, asked for, sent back, changed, released by another."""
    writer, second = warn(), warn("lau")
    choose(writer)
    press(part(writer, "make-alert"), "Make a warning")
    mine = sheet(writer)
    write(mine)
    mine.locator("[name=certainty]").select_option("Observed")
    expect(mine.locator(".save-note")).to_contain_text("Saved")
    expect(mine.locator("[data-check=languages]")).to_have_class(re.compile("is-ok"))
    around = mine.locator("[data-check=around]")
    expect(around).to_contain_text("give a radius")
    mine.locator("[name=radius_m]").fill("800")
    press(mine, "Area around a place")
    expect(around).to_have_class(re.compile("is-ok"))
    press(mine, "Ask for release")
    expect(mine.locator("[data-why]")).to_contain_text("somebody else has to release it")
    expect(mine.get_by_role("button", name="Send back")).to_have_count(0)
    press(mine, "Take back")
    press(mine, "Ask for release")
    expect(mine.locator("[data-why]")).to_be_visible()
    expect(mine.get_by_role("button", name="Release")).to_have_count(0)

    second.page.keyboard.press("w")
    second.page.locator("#cop-alerting-list [data-group=asked] .row").click()
    theirs = sheet(second)
    for lang, said in WORDS.items():
        for words in said:
            expect(theirs.locator(f"article[data-alerting-lang={lang}]")).to_contain_text(words)
    expect(theirs.locator(".alert-map")).to_be_visible()
    press(theirs, "Send back…")
    second.page.locator("dialog textarea").fill("Name the street")
    press(second.page.locator("dialog footer"), "Send back")
    expect(mine).to_contain_text("Sent back: Name the street")
    mine.locator("button[data-alerting-lang=en]").click()
    mine.locator("[name=title-en]").fill("Flooding in Nathan Road")
    press(mine, "Ask for release")
    expect(mine.locator("[data-why]")).to_be_visible()

    expect(theirs).to_contain_text("Flooding in Nathan Road")
    press(theirs, "Release…")
    dialog = second.page.locator("dialog")
    expect(dialog.locator(".release-reach p")).not_to_be_empty()
    second.page.keyboard.press("Enter")
    second.page.keyboard.press("Control+Enter")
    expect(dialog).to_contain_text("Confirm first that you have read it.")
    assert warn_centre.entities(Alert) == []
    dialog.locator("input[name=read]").check()
    press(dialog.locator("footer"), "Release")
    expect(theirs).to_be_hidden()
    (alert,) = warn_centre.entities(Alert)
    assert (alert.author, alert.released_by) == ("wong", "lau")
    assert alert.title["en"] == "Flooding in Nathan Road"
    expect(second.page.locator("#cop-alerting-list [data-group=in-force]")).to_contain_text(
        "ends in"
    )
    expect(second.page.locator("#cop-signals")).to_contain_text("Flooding in Nathan Road")
    expect(mine).to_contain_text("It has been released.")


def test_what_is_typed_survives_what_others_change(warn: Opener, warn_centre: Server) -> None:
    """A field keeps its words and the focus; two changes are weighed, neither is lost."""
    draft = drafted(warn_centre)
    board = warn()
    mine = opened(board, draft.id)
    title, contact = mine.locator("[name=title-en]"), mine.locator("[name=contact]")
    saved = mine.locator(".save-note")
    holding = [True]

    def hold(route: Any) -> None:
        if route.request.method == "PATCH" and holding[0]:
            route.abort()
        else:
            route.fallback()

    def others_write(**said: Any) -> None:
        version = warn_centre.store.read([draft.id])[draft.id].version
        call(warn_centre, "lau", f"PATCH /drafts/{draft.id}", said, version)

    board.page.route("**/api/v1/drafts/**", hold)
    title.fill("Half a head")
    others_write(contact="Hotline 1823", title={"en": "Flood"})
    expect(saved).not_to_contain_text("Saved")
    expect(title).to_have_value("Half a head")
    expect(title).to_be_focused()
    holding[0] = False
    dialog = board.page.locator("dialog")
    expect(dialog).to_contain_text("en: Half a head")
    expect(dialog).to_contain_text("en: Flood")
    dialog.locator("[data-verb=mine]").click()
    expect(saved).to_contain_text("Saved")
    expect(contact).to_have_value("Hotline 1823")

    holding[0] = True
    title.fill("A whole headline")
    others_write(web="https://www.example.org/")
    expect(mine.locator("[name=web]")).to_have_value("https://www.example.org/")
    holding[0] = False
    comes(board, lambda: stored(warn_centre, lambda now: now.title["en"] == "A whole headline"))
    final = one(warn_centre, Draft, draft.id)
    assert (final.contact, final.web) == ("Hotline 1823", "https://www.example.org/")
    expect(title).to_have_value("A whole headline")
    board.page.keyboard.press("Escape")
    expect(mine).to_be_hidden()
    opened(board, draft.id)
    expect(title).to_have_value("A whole headline")


def test_an_area_is_drawn_and_an_empty_warning_says_what_is_missing(
    warn: Opener, warn_centre: Server
) -> None:
    """The sheet gives way to the map while somebody draws, and comes back with the draft."""
    board = warn(at={"bbox": "114.10,22.28,114.30,22.45"})
    board.page.keyboard.press("w")
    board.page.locator("#cop-alerting-new").click()
    board.page.locator("dialog select[name=event_type]").select_option("fire")
    press(board.page.locator("dialog"), "Draw the area first")
    chart = board.page.locator(".leaflet-container")
    for x, y in ((250, 200), (500, 200), (500, 500), (250, 500)):
        chart.click(position={"x": x, "y": y})
    press(board.page.locator(".sketch-bar"), "Finish")
    mine = sheet(board)
    expect(mine).to_contain_text("Area with 5 points")
    expect(mine.locator("[name=event_type]")).to_have_value("fire")
    expect(mine.locator("[data-check=languages]")).to_contain_text("forbids release")
    expect(mine.locator("button[data-alerting-lang=en]")).to_contain_text("missing")
    assert stored(warn_centre, lambda draft: draft.geometry is not None)
    press(mine, "Discard")
    press(board.page.locator("dialog footer"), "Discard")
    expect(mine).to_be_hidden()
    expect(board.page.locator("#cop-alerting-state")).to_contain_text("No warning of our own")


@pytest.mark.parametrize(
    ("verb", "kind"), [("Update", "Update"), ("Extend", "Update"), ("Cancel warning", "Cancel")]
)
def test_one_in_force_is_changed_by_one_press(
    warn: Opener, warn_centre: Server, verb: str, kind: str
) -> None:
    """Each makes a draft and opens it; the list says that the end is near."""
    at = now()
    alert = Alert(
        id="alert:7",
        publisher="COP",
        event_type="flooding",
        title=text("Flooding in Sheung Wan", "上環水浸", "上环水浸"),
        severity=Severity.SEVERE,
        geometry=area(114.172, 22.304),
        issued_at=at - timedelta(hours=2),
        released_at=at - timedelta(hours=2),
        expires_at=at + timedelta(minutes=22),
        identifier="cop-live-20260101-7-1",
        sender="cop@example.hk",
        msg_type="Alert",
        author="lau",
        released_by="wong",
    )
    store_all(warn_centre.store, [alert], at)
    board = warn()
    board.page.keyboard.press("w")
    row = board.page.locator("#cop-alerting-list [data-group=in-force]")
    expect(row).to_contain_text("◔ Ends soon")
    row.locator(".row").click()
    press(part(board, "own-alert"), verb)
    expect(sheet(board)).to_contain_text(f"{kind.removesuffix('s')}")
    expect(sheet(board)).to_contain_text("Flooding in Sheung Wan")
    assert stored(warn_centre, lambda draft: draft.replaces == "alert:7" and draft.msg_type == kind)
    expect(part(board, "own-alert")).to_contain_text("being prepared")


def test_who_may_only_look_sees_no_drafts(warn: Opener, warn_centre: Server) -> None:
    """A viewer finds neither the tab nor a draft nor a verb."""
    draft = drafted(warn_centre)
    board = warn("lee")
    choose(board)
    expect(part(board, "make-alert")).to_have_count(0)
    expect(board.page.locator("#cop-tab-alerting")).to_be_hidden()
    assert board.ask(f"cop.picture.get('{draft.id}') === undefined")


def test_the_sheet_breaks_no_rule_of_access(warn: Opener, warn_centre: Server) -> None:
    """The list, the form, what will be published, and the question before it goes."""
    draft = asked(warn_centre)
    board = warn("lau", at={"lang": "zh-Hant"})
    board.page.keyboard.press("w")
    expect(board.page.locator("#cop-alerting-list .row")).to_be_visible()
    assert broken(board.page) == []
    where = opened(board, draft.id)
    looked_at(where)
    assert broken(board.page) == [], "review"
    where.locator("[data-key='alerting.release']").click()
    assert broken(board.page) == [], "question"
    board.page.keyboard.press("Escape")
    where.locator("[data-key='alerting.change']").click()
    expect(where.locator(".alerting-form")).to_be_visible()
    assert broken(board.page) == [], "form"


@pytest.mark.parametrize("warn_centre", ["exercise-black-rainstorm-2023"], indirect=True)
def test_in_an_exercise_everything_is_marked_as_one(warn: Opener, warn_centre: Server) -> None:
    """On a phone: the sheet, its question; nothing is wider than the screen."""
    draft = asked(warn_centre)
    assert one(warn_centre, Draft, draft.id).state is DraftState.ASKED
    board = warn("lau", size=PHONE, phone=True)
    where = opened(board, draft.id)
    expect(where.locator(".exercise-band")).to_contain_text("EXERCISE")
    looked_at(where)
    assert broken(board.page) == []
    width = board.ask("document.querySelector('.alerting-scroll').scrollWidth")
    assert width <= PHONE[0]
    where.locator("[data-key='alerting.release']").click()
    expect(board.page.locator("dialog")).to_contain_text("in the exercise?")
