"""Partners on the page: their lines, what is shared, messages, and what is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from cop.model.exchange import Draft, Message, Partner, PartnerState
from cop.model.kinds import Need, decode
from cop.services.accounts import add_user
from cop.services.policy import Role
from tests.browser.at_desk import PHONE, comes, one, part, press
from tests.browser.axe import broken
from tests.browser.board import Board, now, wait
from tests.browser.conftest import marking
from tests.browser.incidents import BOX, Opener, opening
from tests.browser.partners_town import AMS, BRIDGE, DAM, GD, exchange, message, set_up, shared
from tests.browser.town import all_well, store_all
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

BY_FAX = (
    b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>MSV-7</identifier>"
    b"<sender>msv</sender><sent>2026-09-08T12:00:00+08:00</sent><status>Actual</status>"
    b"<info><headline>Hut closed</headline></info></alert>"
)


@pytest.fixture
def exchange_centre(tmp_path: Path) -> Iterator[Server]:
    """Give a web process with two partners, and people with and without a say in it."""
    settings = set_up(tmp_path)
    with web_server(with_pages=True, settings=settings) as server, marking(server.store):
        server.add("wong", Role.DUTY_OFFICER)
        server.add("lee", Role.VIEWER)
        server.passwords["dsd"] = add_user(server.accounts, "dsd", Role.LIAISON, agency="DSD")
        shared(server, settings)
        store_all(server.store, [*all_well(now()), *exchange(settings, now())], now())
        yield server


@pytest.fixture
def partners(browser: Browser, exchange_centre: Server) -> Iterator[Opener]:
    """Give a function that opens the page as one of them."""
    with opening(browser, exchange_centre, "wong", bbox=BOX) as open_page:
        yield open_page


def sheet(board: Board, partner: str = GD) -> Locator:
    """Open the sheet of a partner from the list; gives it."""
    board.page.keyboard.press("p")
    board.page.locator(f"#cop-partners-list [data-id='{partner}'] button").click()
    found = board.page.locator("#cop-partners-sheet")
    expect(found).to_be_visible()
    return found


def card(board: Board, message_id: str) -> Locator:
    """Give one message on the sheet."""
    return board.page.locator(f"#cop-messages [data-id='{message_id}']")


def stored(server: Server, message_id: str = DAM) -> Message:
    """Give a message as it is stored."""
    found: Message = one(server, Message, message_id)
    return found


def test_each_partner_says_how_its_line_is_and_what_was_shared(partners: Opener) -> None:
    """State by sign and word, agreement, scope, waiting; by opening it, what was shared when."""
    board = partners()
    where = sheet(board)
    row = board.page.locator(f"#cop-partners-list [data-id='{GD}']")
    for words in ("◔", "Late", "7 min", "HK-GD 2026/07 until 1 Jan 2099", "We take: Warning"):
        expect(row).to_contain_text(words)
    for words in ("1 to take note of", "▲ 2 late", "1 to go out", "did not answer"):
        expect(row).to_contain_text(words)
    expect(board.page.locator(f"#cop-partners-list [data-id='{AMS}']")).to_contain_text("In order")
    where.locator(".more-fields summary").click()
    terms = where.locator(".partner-terms")
    for words in (
        "its outline crosses itself",
        "22.25–22.60 N, 113.80–114.50 E, Yau Tsim Mong",
        "take note 10 min, task 30 min, public notice 1 h",
        "Warning 2",
        "Incident 13",
        "taken back 3",
        "by HK-GD 2026/07 since",
    ):
        expect(terms).to_contain_text(words)
    late = one_of(board, state=PartnerState.DOWN)
    board.put(late)
    expect(row).to_contain_text("✕")
    expect(where.locator(".partner-lead")).to_contain_text("Down")


def one_of(board: Board, **fields: Any) -> Partner:
    """Give Guangdong as stored, with other *fields*."""
    found = decode(board.store.read([GD])[GD].body)
    return Partner.model_validate({**dict(found), "state_since": now(), **fields})


def test_a_message_leads_to_a_note_a_need_and_a_warning(
    partners: Opener, exchange_centre: Server
) -> None:
    """Each step is told by a time limit until it is done, and then by whom and when."""
    board = partners()
    sheet(board)
    mine = card(board, DAM)
    limits = mine.locator("[data-limit=open]")
    expect(limits).to_have_count(3)
    expect(limits.first).to_contain_text(re.compile(r"Take note within [56] min"))
    press(mine, "Take note")
    expect(mine).to_contain_text("Noted by wong")
    assert stored(exchange_centre).acknowledged_by == "wong"

    press(mine, "Task: Make a need…")
    dialog = board.page.locator("dialog")
    dialog.locator("input[type=number]").fill("0")
    press(dialog, "Make it")
    expect(dialog.locator("[aria-invalid=true]")).to_be_focused()
    dialog.locator("input[type=number]").fill("4")
    press(dialog, "Make it")
    expect(dialog).to_have_count(0)
    (need,) = exchange_centre.entities(Need)
    assert (need.quantity, need.subject) == (4, "incident:border")
    assert stored(exchange_centre).task == need.id
    expect(mine).to_contain_text("Task: ")

    press(mine, "Public notice: Draft a warning…")
    press(dialog, "Begin a draft")
    expect(board.page.locator("#cop-alerting-sheet")).to_be_visible()
    (draft,) = exchange_centre.entities(Draft)
    assert (stored(exchange_centre).notice, draft.source) == (draft.id, "incident:border")
    board.page.locator("#cop-alerting-close").click()
    expect(mine).to_contain_text("Public notice: ")
    expect(mine.locator("[data-limit]")).to_have_count(1)  # its sender has to be told of the note


def test_two_who_decide_one_step_are_shown_both(partners: Opener, exchange_centre: Server) -> None:
    """A step decided while another was asked is not written over; other changes are no matter."""
    board = partners()
    sheet(board)
    bridge = stored(exchange_centre, BRIDGE)
    row, dialog = card(board, BRIDGE), board.page.locator("dialog")
    press(row, "Task: None…")
    told = board.put(bridge.model_copy(update={"told_at": now()}))
    wait(lambda: board.has_come_to(told))
    dialog.locator("textarea").fill("For lorries alone")
    press(dialog, "No task")
    expect(dialog).to_have_count(0)
    expect(row.locator("[data-limit=late]")).to_have_count(1)

    press(row, "Public notice: None…")
    final = stored(exchange_centre, BRIDGE)
    board.put(final.model_copy(update={"notice_by": None}))
    expect(row.locator("[data-limit]")).to_have_count(0)
    dialog.locator("textarea").fill("Nobody drives there")
    press(dialog, "No notice")
    expect(dialog).to_contain_text("Public notice due")
    dialog.locator("[data-verb=theirs]").click()
    expect(dialog).to_have_count(0)
    assert stored(exchange_centre, BRIDGE).notice_by is None


def test_what_is_late_is_said_and_hostile_words_are_only_words(partners: Opener) -> None:
    """Late by sign and word; a link chooses what a message is about; an original comes whole."""
    board = partners()
    where = sheet(board)
    late = card(board, BRIDGE)
    expect(late.locator("[data-limit=late]").first).to_contain_text("▲")
    expect(late.locator("[data-limit=late]").first).to_contain_text("Late: task by")
    expect(late).to_contain_text("<img src=x onerror=")
    expect(late).to_contain_text("not closed")
    assert board.ask("document.body.dataset.broken") is None
    press(late, "Incident a")
    wait(lambda: board.ask("cop.selected()") == "incident:a")
    expect(where).to_be_visible()
    href = card(board, DAM).get_by_role("link", name="Download the original").get_attribute("href")
    assert board.page.context.request.get(f"{board.url}{href}").body() == b"<alert/>"

    board.ask("cop.select('incident:border')")
    facts = part(board, "provenance")
    expect(facts).to_contain_text("sz-cop")
    expect(facts).to_contain_text("By way of")
    expect(facts).to_contain_text("Guangdong (gd-cop)")
    expect(part(board, "life")).to_contain_text("sz-cop keeps this")
    expect(part(board, "life").get_by_role("button")).to_have_count(0)


def test_what_is_typed_survives_and_a_refusal_is_said_there(
    partners: Opener, exchange_centre: Server
) -> None:
    """A message being written keeps its words while others come, until it has gone."""
    board = partners()
    board.ask("cop.select('facility:hall')")
    where = sheet(board)
    press(where, "Write a message")
    form = where.locator(".partner-form")
    subject = form.locator("[name=subject]")
    expect(subject).to_be_focused()
    subject.fill("Open the ga")
    fresh = message("fresh", now(), 0, title={"en": "All gates open"})
    came = board.put(fresh, one_of(board, state=PartnerState.OK, why=""))
    wait(lambda: board.has_come_to(came))
    expect(where.locator(".partner-lead")).to_contain_text("In order")
    expect(subject).to_have_value("Open the ga")
    expect(subject).to_be_focused()
    board.page.keyboard.press("Escape")
    expect(where).to_be_hidden()
    sheet(board)
    expect(subject).to_have_value("Open the ga")
    expect(card(board, fresh.id)).to_be_visible()

    subject.fill("Open the gates")
    form.locator("[name=severity]").select_option("Severe")
    press(form, "Send")
    expect(form.locator(".deed-state")).to_contain_text("not shared with this partner")
    form.get_by_role("button", name="Not about Sheung Shui hall").click()
    board.ask("cop.select('incident:border')")
    form.get_by_role("button", name="About “Flood at Lo Wu”").click()
    press(form, "Send")
    expect(form).to_have_count(0)
    sent = [one for one in exchange_centre.entities(Message) if one.title["en"] == "Open the gates"]
    assert [(one.direction, one.about, one.severity) for one in sent] == [
        ("out", ("incident:border",), "Severe")
    ]
    expect(card(board, sent[0].id)).to_contain_text("Waits to go out")
    press(card(board, fresh.id), "Answer")
    expect(form).to_contain_text("Answers: All gates open")


def test_a_partner_without_a_system_is_written_down_by_hand(
    partners: Opener, exchange_centre: Server
) -> None:
    """What they telephone is written down as received; that they took note, is said here."""
    board = partners()
    where = sheet(board, AMS)
    expect(where).to_contain_text("No message yet")
    press(where, "Write a message")
    form = where.locator(".partner-form")
    cap = {"name": "fax.xml", "mimeType": "text/xml", "buffer": BY_FAX}
    form.locator("[name=document]").set_input_files([cap])
    expect(form).to_contain_text("MSV-7")
    expect(form.locator("[name=subject]")).to_have_value("Hut closed")
    form.locator("[name=subject]").fill("Team back at the hut")
    form.locator("[name=direction]").select_option("in")
    press(form, "Write down")
    expect(form).to_have_count(0)
    row = board.page.locator("#cop-messages > li").first
    expect(row).to_contain_text("From Mountain search volunteers")
    expect(row.get_by_role("link", name="Download the original")).to_be_visible()
    press(row, "Answer")
    expect(form.locator("[name=subject]")).to_have_value("Team back at the hut")
    press(form, "Write down")
    out = board.page.locator("#cop-messages > .is-out")
    press(out, "They took note")
    comes(
        board,
        lambda: any(
            one.acknowledged_by == "wong" and one.direction == "out"
            for one in exchange_centre.entities(Message)
            if one.partner == AMS
        ),
    )
    expect(out).to_contain_text("They took note (wong)")


def test_who_has_no_say_reads_or_sees_nothing(partners: Opener) -> None:
    """Another agency's liaison officer reads messages without verbs; a viewer has no tab."""
    board = partners("dsd")
    where = sheet(board)
    expect(where).to_contain_text("You may read this")
    expect(card(board, DAM)).to_contain_text("Dam discharge")
    expect(card(board, DAM).get_by_role("button", name="Take note")).to_have_count(0)
    expect(where.get_by_role("button", name="Write a message")).to_have_count(0)
    viewer = partners("lee")
    expect(viewer.page.locator("#cop-tab-partners")).to_be_hidden()
    assert viewer.ask(f"cop.picture.get('{GD}') === undefined")


@pytest.mark.parametrize(
    ("lang", "phone"), [("zh-Hant", False), ("en", True)], ids=["desk", "phone"]
)
def test_the_sheet_breaks_no_rule_of_access(partners: Opener, lang: str, phone: bool) -> None:
    """The list, the messages, the terms, the form and a question; no wider than the screen."""
    options: dict[str, Any] = {"size": PHONE, "phone": True} if phone else {}
    board = partners(at={"lang": lang}, **options)
    board.page.keyboard.press("p")
    expect(board.page.locator("#cop-partners-list .row")).to_have_count(2)
    assert broken(board.page) == []
    where = sheet(board)
    expect(card(board, DAM)).to_be_visible()
    where.locator(".more-fields summary").click()
    expect(where.locator(".partner-entry")).to_be_visible()
    where.locator(".partner-writer .button").click()
    expect(where.locator(".partner-form")).to_be_visible()
    assert broken(board.page) == [], "sheet"
    body = board.page.locator("#cop-partners-body")
    assert body.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    card(board, DAM).locator("[data-key='partners.need']").click()
    expect(board.page.locator("dialog")).to_be_visible()
    assert broken(board.page) == [], "question"


def test_limits_pass_while_the_page_is_open(partners: Opener) -> None:
    """What becomes late by the clock alone is said to be late without any change of it."""
    board = partners()
    sheet(board)
    by = now() + timedelta(seconds=3)
    soon = message("soon", now(), 5, title={"en": "Soon"}, acknowledge_by=by)
    board.put(soon)
    where = card(board, soon.id)
    expect(where).to_contain_text("Soon")
    late = where.locator("[data-limit=late]")
    wait(lambda: board.ask("cop.partnerSheet.refresh()") or late.count())  # as each ten seconds
    expect(late).to_contain_text("Late: take note by")
