"""The phone's first screen: the task, its steps, orders, roll call, and what became of a task."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from cop.model.kinds import Assignment, AssignmentStatus, Receipt, ResourceStatus
from cop.services.accounts import add_user
from cop.services.policy import Role
from tests.browser.at_desk import one
from tests.browser.axe import LANGS, broken
from tests.browser.board import box_of, now, wait
from tests.browser.conftest import marking
from tests.browser.field_phone import Phone, phones
from tests.browser.field_town import (
    HERE,
    MEMBER,
    ORDER,
    OTHER_TEAM,
    ROLL_CALL,
    TASK,
    TEAM,
    order,
    roll_call,
    shift,
    task,
    team,
)
from tests.browser.incidents import LIVE
from tests.browser.town import all_well, store_all
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

PLACE = {"longitude": HERE[0], "latitude": HERE[1], "accuracy": 12}


@pytest.fixture
def field() -> Iterator[Server]:
    """Give a web process with one team, its task and what is around it."""
    with web_server(with_pages=True, settings=LIVE) as server, marking(server.store):
        for name, role, own in (
            (MEMBER, Role.FIELD, (TEAM,)),
            ("lam", Role.FIELD, ()),
            ("wong", Role.COMMANDER, ()),
        ):
            server.passwords[name] = add_user(
                server.accounts, name, role, agency="DSD", belongs_to=own
            )
        at = now()
        store_all(server.store, [*all_well(at), *shift(at)], at)
        yield server


@pytest.fixture
def phone(browser: Browser, field: Server) -> Iterator[Callable[..., Phone]]:
    """Give a function that makes a phone; at the end none had an error."""
    with phones(browser, field) as make:
        yield make


def put(server: Server, *entities: Any) -> None:
    """Change the picture and wait until the web process has it."""
    cursor = store_all(server.store, entities, now())
    wait(lambda: server.has_come_to(cursor))


def comes(phone: Phone, holds: Callable[[], bool]) -> None:
    """Wait until *holds* of the server; the page's requests pass through here meanwhile."""
    wait(lambda: phone.ask("true") and holds())


def key(phone: Phone, name: str) -> Locator:
    """Give what can be pressed under *name* on the screen."""
    return phone.page.locator(f"[data-key='{name}']")


def receipts(server: Server) -> dict[str, Receipt]:
    """Give the receipts there are, by what they are about."""
    return {receipt.subject: receipt for receipt in server.entities(Receipt)}


def test_the_task_says_what_where_by_when_and_under_whom(
    phone: Callable[..., Phone], field: Server
) -> None:
    """Severity, duty, place with distance, time, leader with a call, hazards, and one verb."""
    ho = phone(permissions=["geolocation"], geolocation=PLACE).open().fresh()
    card = ho.page.locator(f".task[data-id='{TASK}']")
    for words in (
        "Severe",
        "Pump out the Choi Hung underpass",
        "Lung Cheung Road underpass",
        "910 m north-east of you",
        "in 2",
        "Leader Chan",
        "Live cable at the east end",
        "From Clear Water Bay Road only",
        "Trapped 2",
    ):
        expect(card).to_contain_text(words)
    expect(key(ho, "call")).to_have_attribute("href", "tel:91234567")
    expect(key(ho, "navigate")).to_have_attribute("href", re.compile("22.336"))
    box = box_of(key(ho, "next-step"))
    assert box["y"] > 400, "within reach of the thumb"
    assert box["height"] >= 44
    comes(ho, lambda: TASK in receipts(field) and receipts(field)[TASK].read_at is not None)
    comes(ho, lambda: receipts(field)[TASK].delivered_at is not None)
    comes(ho, lambda: field.status(TASK) == "delivered")


def test_a_step_without_network_is_on_the_phone_then_confirmed(
    phone: Callable[..., Phone], field: Server
) -> None:
    """What was pressed is shown at once, said to be on the phone only, and is done once."""
    ho = phone().open().fresh()
    key(ho, "next-step").click()
    comes(ho, lambda: field.status(TASK) == "acknowledged")
    ho.settled()
    ho.offline()
    key(ho, "next-step").click()
    steps = ho.page.locator(".my-steps")
    expect(steps).to_contain_text("only on this phone yet")
    expect(ho.page.locator(".task-line")).to_contain_text("On this phone")
    expect(key(ho, "next-step")).to_have_text("On scene")
    assert field.status(TASK) == "acknowledged"
    ho.offline(is_so=False)
    comes(ho, lambda: field.status(TASK) == "en_route")
    expect(steps).not_to_contain_text("only on this phone yet")
    assert ho.settled().states() == ["confirmed", "confirmed"]


def test_a_second_press_at_once_does_nothing(phone: Callable[..., Phone], field: Server) -> None:
    """A wet thumb presses twice: one step is taken, and the next can be taken a moment later."""
    ho = phone().open().fresh()
    ho.ask(
        "(() => { const node = document.querySelector(\"[data-key='next-step']\");"
        " node.click(); node.click(); })()"
    )
    comes(ho, lambda: field.status(TASK) == "acknowledged")
    assert ho.settled().states() == ["confirmed"]
    key(ho, "next-step").click()
    comes(ho, lambda: field.status(TASK) == "en_route")


def test_who_cannot_do_it_says_why(phone: Callable[..., Phone], field: Server) -> None:
    """A reason is asked; without one nothing is sent."""
    ho = phone().open().fresh()
    key(ho, "decline").click()
    sheet = ho.page.locator("dialog.sheet")
    send = sheet.get_by_role("button", name="Send: cannot do it")
    send.click()
    expect(sheet).to_contain_text("Say why.")
    sheet.locator("textarea").fill("No pump left")
    send.click()
    comes(ho, lambda: field.status(TASK) == "declined")
    assert one(field, Assignment, TASK).reason == "No pump left"
    expect(ho.page.locator(".told")).to_contain_text("This task was declined at")


def test_a_task_handed_over_is_told(phone: Callable[..., Phone], field: Server) -> None:
    """A task that was on this phone does not vanish without a word; the word can be put away."""
    ho = phone().open().fresh()
    expect(ho.page.locator(".task")).to_be_visible()
    at = now()
    put(
        field,
        task(
            at,
            status=AssignmentStatus.STOOD_DOWN,
            reason="handed over",
            handed_over_to="assignment:next",
            steps={
                AssignmentStatus.ASSIGNED: at - timedelta(minutes=4),
                AssignmentStatus.STOOD_DOWN: at,
            },
        ),
        task(at, id="assignment:next", resource=OTHER_TEAM, handed_over_from=TASK),
        team(assignments=(), status=ResourceStatus.AVAILABLE),
    )
    told = ho.page.locator(".told")
    expect(told).to_contain_text("This task was handed over to DSD pump team 2 at")
    expect(ho.page.locator(".task")).to_have_count(0)
    expect(ho.page.locator(".nothing")).to_contain_text("No task for you. Checked")
    ho.reload()
    expect(told).to_contain_text("Pump out the Choi Hung underpass")
    told.get_by_role("button", name="Understood").click()
    expect(told).to_have_count(0)


def test_a_step_that_came_too_late_says_how_the_task_stands(
    phone: Callable[..., Phone], field: Server
) -> None:
    """Whoever went on without network with a task that was stood down is told so, in words."""
    ho = phone().open().fresh()
    ho.offline()
    key(ho, "next-step").click()
    expect(ho.page.locator(".my-steps")).to_contain_text("only on this phone yet")
    at = now()
    steps = {
        AssignmentStatus.ASSIGNED: at - timedelta(minutes=4),
        AssignmentStatus.STOOD_DOWN: at,
    }
    put(
        field,
        task(at, status=AssignmentStatus.STOOD_DOWN, reason="not needed", steps=steps),
        team(assignments=(), status=ResourceStatus.AVAILABLE),
    )
    ho.offline(is_so=False)
    comes(ho, lambda: "refused" in ho.states())
    ho.tab("more")
    ho.page.get_by_role("button", name="What I have done").click()
    expect(ho.page.locator(".outbox-row.is-refused")).to_contain_text("It is now: Stood down.")


def test_an_order_stands_above_all_and_is_acknowledged(
    phone: Callable[..., Phone], field: Server
) -> None:
    """One big button; afterwards it is among the earlier orders. One taken back says so."""
    put(
        field,
        order(now()),
        order(now(), id="order:gone", cancelled_at=now(), severity="Minor"),
    )
    ho = phone().open().fresh()
    card = ho.page.locator(f".ord[data-id='{ORDER}']")
    expect(card).to_contain_text("Leave the slopes below Fei Ngo Shan Road.")
    expect(ho.page.locator(".ord[data-id='order:gone']")).to_contain_text("Taken back at")
    expect(ho.page.locator(".thumb")).to_have_count(0)
    comes(ho, lambda: ORDER in receipts(field) and receipts(field)[ORDER].read_at is not None)
    key(ho, f"ack-{ORDER}").click()
    comes(ho, lambda: receipts(field)[ORDER].acknowledged_at is not None)
    expect(card).to_have_count(0)
    expect(ho.page.locator(".thumb")).to_be_visible()
    key(ho, "orders-history").click()
    expect(ho.page.locator(f".ord-row[data-id='{ORDER}']")).to_contain_text("Acknowledged")


def test_a_roll_call_is_answered_and_the_answer_changed(
    phone: Callable[..., Phone], field: Server
) -> None:
    """Safe with one tap; help with two, with words, and with the place only where it was ticked."""
    put(field, roll_call(now()))
    ho = phone(permissions=["geolocation"], geolocation=PLACE).open().fresh()
    expect(ho.page.locator(".duty > .ord ~ .task")).to_have_count(1)
    key(ho, f"safe-{ROLL_CALL}").click()
    comes(ho, lambda: ROLL_CALL in receipts(field) and receipts(field)[ROLL_CALL].answer == "safe")
    card = ho.page.locator(f".ord[data-id='{ROLL_CALL}']")
    expect(card).to_contain_text("You answered “all safe” at")
    expect(ho.page.locator(".duty > .task ~ .ord")).to_have_count(1)
    key(ho, f"help-{ROLL_CALL}").click()
    ho.page.locator("#roll-words").fill("One hurt")
    key(ho, "roll-send").click()
    comes(ho, lambda: receipts(field)[ROLL_CALL].answer == "help")
    assert receipts(field)[ROLL_CALL].words == "One hurt"
    assert receipts(field)[ROLL_CALL].geometry is None
    expect(card).to_contain_text("You asked for help at")
    key(ho, f"help-{ROLL_CALL}").click()
    ho.page.locator("#roll-place").check()
    key(ho, "roll-send").click()
    comes(ho, lambda: receipts(field)[ROLL_CALL].geometry is not None)


def test_the_team_rests(phone: Callable[..., Phone], field: Server) -> None:
    """The status of the team is one tap."""
    put(field, team(assignments=(), status=ResourceStatus.AVAILABLE))
    ho = phone().open().fresh()
    key(ho, f"resting-{TEAM}").click()
    comes(ho, lambda: field.status(TEAM) == "resting")
    expect(key(ho, f"resting-{TEAM}")).to_have_attribute("aria-pressed", "true")


def test_nothing_to_do_is_not_the_same_as_not_known(
    phone: Callable[..., Phone], field: Server
) -> None:
    """Looked and empty says when; without contact it says that nothing is known."""
    put(field, team(assignments=(), status=ResourceStatus.AVAILABLE))
    lam = phone("lam").open().fresh()
    expect(lam.page.locator(".duty")).to_contain_text("No team and no facility is yours yet.")
    expect(lam.page.locator(".duty")).to_contain_text("liaison officer")
    ho = phone().open().fresh()
    expect(ho.page.locator(".nothing")).to_contain_text("No task for you. Checked")
    unread = phone()
    unread.page.route("**/api/v1/me/duty*", lambda route: route.abort())
    unread.open()
    expect(unread.page.locator(".not-known")).to_contain_text("Not known")
    expect(unread.page.locator(".duty")).not_to_contain_text("No task for you")


def test_the_duty_breaks_no_rule_of_access(phone: Callable[..., Phone], field: Server) -> None:
    """Task, order, roll call, help, reason, nothing, in three languages and at 150 % text."""
    put(field, order(now()), roll_call(now()))
    for lang in LANGS:
        ho = phone(reduced_motion="reduce").open(lang=lang).fresh()
        expect(ho.page.locator(".task")).to_be_visible()
        ho.ask("document.documentElement.style.fontSize = '150%'")
        assert broken(ho.page, colours=lang == LANGS[0]) == [], lang
        wait(lambda ho=ho: ho.ask("document.documentElement.scrollWidth <= innerWidth"))
        key(ho, f"help-{ROLL_CALL}").click()
        expect(ho.page.locator("dialog.sheet #roll-words")).to_be_visible()
        assert broken(ho.page, colours=lang == LANGS[0]) == [], lang
        ho.context.close()
    put(field, team(assignments=(), status=ResourceStatus.AVAILABLE))
    empty = phone(reduced_motion="reduce").open().fresh()
    expect(empty.page.locator(".nothing")).to_be_visible()
    assert broken(empty.page) == []
