"""Reporting an incident and working it to its close, on the page and against the real server."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cop.model.kinds import IncidentStatus
from cop.model.text import text
from tests.browser.axe import broken
from tests.browser.board import becomes, wait
from tests.browser.incidents import Opener, choose, incident, life, status, step, stored
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser

DESK, PHONE = (1440, 900), (390, 844)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
VERBS = {
    "en": ("Verify", "High", "Respond", "Contain", "Close", "Closed"),
    "zh-Hant": ("核實", "高", "開始處理", "受控", "結束", "已結束"),
}


@pytest.mark.parametrize("lang", list(VERBS))
def test_a_report_is_worked_to_its_close_with_the_mouse(open_as: Opener, lang: str) -> None:
    """Type, place, words, done; then each next step is one button, in English and Chinese."""
    board = open_as(at={"lang": lang})
    page = board.page
    page.locator("#cop-report").click()
    sheet = page.locator("#cop-report-sheet")
    sheet.locator(".choice:has(input[value=flooding])").click()
    sheet.locator(".choice:has(input[value=Severe])").click()
    sheet.locator("input[name=words]").fill("彌敦道水深及膝" if lang != "en" else "Knee-deep water")
    page.locator(".leaflet-container").click(position={"x": 300, "y": 300})
    expect(page.locator(".pick-pin")).to_be_visible()
    sheet.locator("button[type=submit]").click()
    expect(sheet).to_be_hidden()
    expect(page.locator("#cop-detail-body h2")).to_have_text(
        "彌敦道水深及膝" if lang != "en" else "Knee-deep water"
    )
    expect(page.locator(".pick-pin")).to_have_count(0)
    verify, sure, *rest, closed = VERBS[lang]
    step(board, verify)
    page.locator("dialog").get_by_role("button", name=sure).click()
    for verb in rest:
        step(board, verb)
    wait(lambda: status(board) == "closed")
    expect(life(board).locator(".is-now")).to_contain_text(closed)
    steps = board.ask("cop.picture.get(cop.selected()).properties.steps")
    assert list(steps) == ["reported", "verified", "responding", "contained", "closed"]
    assert board.ask("cop.picture.get(cop.selected()).properties.confidence") == "high"


def test_a_report_is_made_with_keys_alone(open_as: Opener) -> None:
    """`n`, arrows, Tab and Ctrl+Enter are enough; the place comes from the middle of the map."""
    board = open_as()
    keys = board.page.keyboard
    keys.press("n")
    expect(board.page.locator(".types input").first).to_be_focused()
    keys.press("ArrowRight")
    becomes(lambda: board.ask("document.activeElement.value"), "landslide")
    board.page.locator("#cop-report-sheet input[name=words]").focus()
    keys.type("Mud over both lanes")
    board.page.locator("#cop-pick-centre").focus()
    keys.press("Enter")
    expect(board.page.locator(".place-at")).to_contain_text("22.30")
    board.page.locator("#cop-report-sheet input[name=words]").focus()
    keys.press("Control+Enter")
    expect(board.page.locator("#cop-detail-body h2")).to_have_text("Mud over both lanes")
    verify = life(board).get_by_role("button", name="Verify")
    verify.focus()
    keys.press("Enter")
    expect(board.page.locator("dialog")).to_be_visible()
    keys.press("Enter")
    wait(lambda: status(board) == "verified")
    assert stored(board)[0]["properties"]["incident_type"] == "landslide"


def test_a_second_click_reports_nothing_twice(open_as: Opener) -> None:
    """A double click makes one request and one incident."""
    board = open_as()
    asked: list[str] = []
    board.page.on(
        "request",
        lambda request: (
            asked.append(request.url)
            if request.method == "POST" and request.url.endswith("/incidents")
            else None
        ),
    )
    board.page.keyboard.press("n")
    board.page.locator(".choice:has(input[value=fire])").click()
    board.page.locator("#cop-report-sheet button[type=submit]").dblclick()
    expect(board.page.locator("#cop-report-sheet")).to_be_hidden()
    wait(lambda: len(stored(board)) == 1)
    assert len(asked) == 1


def test_a_report_into_a_dead_network_arrives_once(open_as: Opener) -> None:
    """Cut before the answer and restored: sent again under the same key, there is one incident."""
    board = open_as()
    keys: list[str] = []

    def lose_answer(route: Any) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()  # it arrives, but nobody hears so
            route.abort()
        elif len(keys) == 2:
            route.abort()
        else:
            route.continue_()

    board.page.route("**/api/v1/incidents", lose_answer)
    board.page.keyboard.press("n")
    board.page.locator(".choice:has(input[value=fire])").click()
    board.page.locator("#cop-report-sheet input[name=words]").fill("Smoke from a roof")
    board.page.keyboard.press("Control+Enter")
    state = board.page.locator(".report-form > .deed-state")
    expect(state).to_contain_text("Waiting for the network")
    expect(board.page.locator("#cop-detail-body h2")).to_have_text("Smoke from a roof")
    assert len(set(keys)) == 1
    assert len(keys) == 3
    becomes(lambda: len(stored(board)), 1)


def test_a_draft_outlives_closing_and_the_session(open_as: Opener, centre: Server) -> None:
    """What was typed is there after Esc, and after a session that ended; it is sent then."""
    board = open_as()
    page = board.page
    page.keyboard.press("n")
    page.locator(".choice:has(input[value=rescue])").click()
    page.locator("#cop-report-sheet input[name=words]").fill("Man in the water")
    page.locator("#cop-report-close").click()
    expect(page.locator("#cop-report-sheet")).to_be_hidden()
    page.locator("#cop-report").click()
    expect(page.locator("#cop-report-sheet input[name=words]")).to_have_value("Man in the water")
    page.context.request.delete(f"{board.url}/api/v1/session")
    page.locator("#cop-report-sheet button[type=submit]").click()
    expect(page.locator("dialog h2")).to_have_text("Your session has ended")
    with page.expect_response("**/api/v1/session"):
        page.locator("dialog input[type=password]").fill("wrong password")
        page.locator("dialog .filled").click()
    expect(page.locator("dialog")).to_contain_text("wrong")
    page.locator("dialog input[type=password]").fill(centre.passwords["chan"])
    page.locator("dialog .filled").click()
    expect(page.locator("#cop-detail-body h2")).to_have_text("Man in the water")


def test_two_people_see_each_others_change_before_either_is_lost(open_as: Opener) -> None:
    """The second gets both versions side by side, and her fields go on top of the first's."""
    first, second = open_as("chan"), open_as("wong")
    first.put(incident())
    for board in (first, second):
        choose(board)
    second.page.route("**/api/v1/stream**", lambda route: route.abort())
    edit = second.page.locator("form.edit-form")
    life(second).get_by_role("button", name="Edit").click()
    edit.locator("input[name=words]").fill("Second's words")
    life(first).get_by_role("button", name="Edit").click()
    form = first.page.locator("form.edit-form")
    form.locator("input[name=words]").fill("First's words")
    form.locator(".choice:has(input[value=Extreme])").click()
    form.locator("button[type=submit]").click()
    expect(form).to_have_count(0)
    edit.locator("button[type=submit]").click()
    dialog = second.page.locator("dialog")
    expect(dialog).to_contain_text("Two people changed this")
    row = dialog.locator("tr", has_text="In one line")
    expect(row).to_contain_text("Second's words")
    expect(row).to_contain_text("First's words")
    expect(row).to_contain_text("differs")
    expect(dialog.locator("tr", has_text="Severity")).to_contain_text("Extreme")
    dialog.get_by_role("button", name="Apply mine on top").click()
    expect(edit).to_have_count(0)
    wait(lambda: stored(first)[0]["properties"]["title"]["en"] == "Second's words")
    assert stored(first)[0]["properties"]["severity"] == "Extreme"


def test_theirs_is_kept_where_that_is_chosen(open_as: Opener) -> None:
    """Esc leaves the form as typed; "Keep theirs" lets the form go and changes nothing."""
    board = open_as()
    board.put(incident())
    choose(board)
    life(board).get_by_role("button", name="Edit").click()
    form = board.page.locator("form.edit-form")
    form.locator("input[name=words]").fill("Mine")
    board.put(incident(title=text("Theirs", "他們的", "他们的")))
    wait(lambda: board.ask("cop.picture.get('incident:a').properties.title.en") == "Theirs")
    form.locator("button[type=submit]").click()
    expect(board.page.locator("dialog")).to_be_visible()
    board.page.keyboard.press("Escape")
    expect(form.locator("input[name=words]")).to_have_value("Mine")
    form.locator("button[type=submit]").click()
    board.page.locator("dialog").get_by_role("button", name="Keep theirs").click()
    expect(form).to_have_count(0)
    expect(board.page.locator("#cop-detail-body h2")).to_have_text("Theirs")


def test_fifty_updates_leave_a_half_typed_change_alone(open_as: Opener) -> None:
    """The form, its caret and its open choice survive while the facts around it follow."""
    board = open_as()
    board.put(incident())
    choose(board)
    life(board).get_by_role("button", name="Edit").click()
    words = board.page.locator("form.edit-form input[name=words]")
    words.fill("Half-typed")
    words.press("Home")
    words.press("ArrowRight")
    node = words.element_handle()
    cursor = ""
    for n in range(50):
        cursor = board.put(incident(number=f"I-{n}"))
    wait(lambda: board.has_come_to(cursor))
    expect(board.page.locator("[data-part=facts]")).to_contain_text("I-49")
    assert node is not None
    assert node.evaluate("node => node.isConnected && node === document.activeElement")
    assert node.evaluate("node => [node.value, node.selectionStart]") == ["Half-typed", 1]


def test_the_last_deed_can_be_taken_back(open_as: Opener) -> None:
    """For thirty seconds `z` or the button undoes it; it is announced."""
    board = open_as()
    board.put(incident(status=IncidentStatus.VERIFIED, verified=True))
    choose(board)
    step(board, "Respond")
    wait(lambda: status(board) == "responding")
    toast = board.page.locator(".toast")
    expect(toast).to_contain_text("Responding")
    expect(board.page.locator("#cop-live")).to_contain_text("undo")
    board.page.keyboard.press("z")
    wait(lambda: status(board) == "verified")
    expect(toast).to_contain_text("Undone")


def test_a_reason_is_asked_for_where_it_is_needed(open_as: Opener) -> None:
    """Rejecting without a reason does not go through; with one it does, and can be reopened."""
    board = open_as()
    board.put(incident())
    choose(board)
    step(board, "Reject…")
    dialog = board.page.locator("dialog")
    dialog.get_by_role("button", name="Reject").click()
    expect(dialog.locator("textarea")).to_be_focused()
    dialog.locator("textarea").fill("Seen on camera: dry")
    dialog.get_by_role("button", name="Reject").click()
    wait(lambda: status(board) == "rejected")
    expect(life(board)).to_contain_text("Seen on camera: dry")
    step(board, "Reopen…")
    dialog.locator("textarea").fill("It is back")
    dialog.get_by_role("button", name="Reopen").click()
    wait(lambda: status(board) == "reported")


def test_what_went_wrong_is_said_where_it_was_done(open_as: Opener) -> None:
    """A refusal reads as plain words in the part where the button stands, and stays there."""
    board = open_as()
    board.put(incident())
    choose(board)
    board.page.route(
        "**/status",
        lambda route: route.fulfill(
            status=403,
            content_type="application/problem+json",
            body='{"detail": "Ask a duty officer"}',
        ),
    )
    step(board, "Verify")
    board.page.locator("dialog .filled").first.click()
    expect(life(board).locator(".deed-state")).to_contain_text("Ask a duty officer")
    cursor = board.put(incident(number="I-7"))
    wait(lambda: board.has_come_to(cursor))
    expect(board.page.locator("[data-part=facts]")).to_contain_text("I-7")
    expect(life(board).locator(".deed-state")).to_contain_text("Ask a duty officer")


def test_who_may_not_act_is_offered_nothing(open_as: Opener) -> None:
    """A viewer sees how it stands, and no button that the server would refuse."""
    board = open_as("lee")
    board.put(incident())
    choose(board)
    expect(life(board).locator("button")).to_have_count(0)
    expect(board.page.locator("#cop-report")).to_be_hidden()
    board.page.keyboard.press("n")
    expect(board.page.locator("#cop-report-sheet")).to_be_hidden()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_acting_breaks_no_rule(open_as: Opener, size: tuple[int, int]) -> None:
    """The form, the panel with every part, a dialog and the offer to undo, each language."""
    board = open_as(size=size, phone=size == PHONE)
    board.page.emulate_media(reduced_motion="reduce")  # rows that glow are paler for a moment
    board.put(incident(status=IncidentStatus.VERIFIED, verified=True, confidence="low"))
    board.put(incident("b", parent="incident:a"))
    board.ask("cop.report.open()")
    for lang in ("en", "zh-Hant", "zh-Hans"):
        board.ask(f"cop.setLang('{lang}')")
        assert broken(board.page, colours=lang == "en") == [], lang
        wait(lambda: board.ask(OVERFLOW) <= 0)
    board.ask("cop.setLang('en')")
    board.page.locator("#cop-report-close").click()
    choose(board)
    assert broken(board.page) == []
    life(board).get_by_role("button", name="Edit").click()
    expect(board.page.locator("form.edit-form")).to_be_visible()
    assert broken(board.page) == []
    board.page.locator("form.edit-form").get_by_role("button", name="Cancel").click()
    step(board, "Reject…")
    assert broken(board.page) == []
    board.page.keyboard.press("Escape")
    step(board, "Respond")
    expect(board.page.locator(".toast")).to_be_visible()
    assert broken(board.page) == []


def test_a_thumb_reports_from_a_phone(open_as: Opener) -> None:
    """On 390 × 844 the sheet gives way to the map for the place and comes back as it was."""
    board = open_as(size=PHONE, phone=True)
    page = board.page
    page.locator("#cop-report").tap()
    page.locator(".choice:has(input[value=fallen_tree])").tap()
    page.locator("#cop-report-sheet input[name=words]").fill("Tree across the road")
    page.locator("#cop-report-sheet .place-row .button").first.tap()
    expect(page.locator(".pick-bar")).to_be_visible()
    page.locator(".leaflet-container").tap(position={"x": 200, "y": 300})
    expect(page.locator("#cop-report-sheet input[name=words]")).to_have_value(
        "Tree across the road"
    )
    small = (
        "[...document.querySelectorAll('.report button, .report .choice, .report select')]"
        ".filter((n) => n.offsetParent && n.getBoundingClientRect().height < 43.5)"
        ".map((n) => n.outerHTML.slice(0, 80)).join()"
    )
    becomes(lambda: board.ask(small), "")
    page.locator("#cop-report-sheet button[type=submit]").tap()
    expect(page.locator("#cop-detail-body h2")).to_have_text("Tree across the road")
