"""The desk's side of the field: delivery, roll calls, lost phones, live positions."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from cop.model.entity import Placing, Severity
from cop.model.geometry import point
from cop.model.kinds import (
    AssignmentStatus,
    Incident,
    LivePosition,
    Order,
    Reason,
    ResourceStatus,
)
from cop.model.record import remove
from cop.services.accounts import add_user
from cop.services.policy import Role
from tests.browser.at_desk import PHONE, comes, item, part, press
from tests.browser.axe import broken
from tests.browser.board import Board, now, wait
from tests.browser.desk_town import attention, task, team
from tests.browser.incidents import Opener
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser

FOR_SO_LONG = re.compile("no phone reached, 3[0-9] min")  # half an hour, and what the test takes
CALL = {"type": "Point", "coordinates": [114.19, 22.34]}


def say(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Do one thing as somebody in the field."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    answer = client.post(f"/api/v1{path}", json=body, headers=key)
    answer.raise_for_status()
    said: dict[str, Any] = answer.json()
    return said


def ask_all(server: Server, *addressees: str) -> str:
    """Ask for a roll call as the duty officer; gives its id."""
    with server.client("lau") as lau:
        body = {"asks": "all_safe", "addressees": list(addressees), "severity": "Severe"}
        return str(say(lau, "/orders", body)["id"])


def crew(server: Server, name: str, resource: str) -> None:
    """Give a team somebody with an account."""
    server.passwords[name] = add_user(
        server.accounts, name, Role.FIELD, agency="DSD", belongs_to=(resource,)
    )


def count(where: Locator, step: str) -> Locator:
    """Give the number beside a step of delivery."""
    return where.locator(f"[data-step={step}] b")


def tile(where: Locator, state: str) -> Locator:
    """Give the number of teams in a state of a roll call."""
    return where.locator(f".roll-tile[data-state={state}] dd")


def live(index: int, lon: float, lat: float, **fields: Any) -> LivePosition:
    """Make the live position of a team."""
    values: dict[str, Any] = {
        "agency": "DSD",
        "geometry": point(lon, lat),
        "placing": Placing.GIVEN,
        "precision_m": 15,
        "observed_at": now(),
        "expires_at": now() + timedelta(minutes=15),
        "heading_deg": 90,
        "speed_kmh": 24,
    }
    return LivePosition(
        id=f"position:team-{index}",
        publisher="DSD",
        resource=f"resource:team-{index}",
        **(values | fields),
    )


def test_delivery_is_proven_step_by_step(desk: Opener, desk_centre: Server) -> None:
    """Who has it on no phone stands on top, with what is known of them, until it is delivered."""
    crew(desk_centre, "ng", "resource:team-4")
    with desk_centre.client("ho") as ho, desk_centre.client("lau") as lau:
        words = {"words": "Move the pumps", "addressees": ["agency:DSD"], "severity": "Minor"}
        order = say(lau, "/orders", words)["id"]
        board = desk()
        wait(lambda: board.ask(f"Boolean(cop.picture.get('{order}'))"))
        board.ask(f"void cop.select('{order}')")
        receipts = part(board, "order-receipts")
        rows = receipts.locator(".reach-missing .reach-row")
        expect(receipts).to_contain_text("Not yet on any phone (2)")
        expect(rows.nth(0)).to_contain_text("ng")
        expect(rows.nth(0)).to_contain_text("never heard of · signed in nowhere")
        expect(rows.nth(0)).to_contain_text("Channel 5")
        expect(rows.nth(1)).to_contain_text("1 phone or page · push off")
        expect(rows.nth(1)).to_contain_text("last heard of")
        expect(count(receipts, "queued")).to_have_text("2 of 2")
        for step, reached in (("delivered", "delivered"), ("read", "read")):
            say(ho, f"/orders/{order}/receipts", {"step": step})
            expect(count(receipts, reached)).to_have_text("1 of 2")
        expect(receipts).to_contain_text("Not yet on any phone (1)")
        say(ho, f"/orders/{order}/receipts", {"step": "acknowledged"})
        expect(count(receipts, "acknowledged")).to_have_text("1 of 2")
        expect(count(receipts, "sent")).to_have_text("1 of 2")


def test_a_task_that_no_phone_has_is_marked_everywhere(desk: Opener, desk_centre: Server) -> None:
    """On the board, among the teams and in its detail, until a phone of the team has it."""
    board = desk()
    board.put(
        team(8, now(), assignments=("assignment:task-9",)),
        task(9, "resource:team-8", AssignmentStatus.ASSIGNED, now(), incident="incident:2"),
    )
    wait(lambda: board.ask("Boolean(cop.picture.get('assignment:task-9'))"))
    board.page.keyboard.press("t")
    row = board.page.locator("#cop-teams-list [data-id='resource:team-8']")
    expect(row).to_contain_text(FOR_SO_LONG)
    board.ask("void cop.select('assignment:task-9')")
    detail = part(board, "task-reach")
    expect(detail).to_contain_text(FOR_SO_LONG)
    expect(detail.locator(".reach-row")).to_contain_text("ho")
    board.page.keyboard.press("Escape")
    board.page.evaluate("document.activeElement.blur()")
    board.page.keyboard.press("b")
    card = board.page.locator(".card[data-id='incident:2']")
    expect(card).to_contain_text(FOR_SO_LONG)
    board.ask("void cop.select('assignment:task-9')")
    with desk_centre.client("ho") as ho:
        say(ho, "/assignments/assignment:task-9/receipts", {"step": "delivered"})
    expect(card).not_to_contain_text("no phone reached")
    expect(count(detail, "delivered")).to_have_text("1 of 1")
    expect(detail.locator(".reach-mark")).to_have_count(0)


def test_a_roll_call_is_composed_counted_and_asked_again(desk: Opener, desk_centre: Server) -> None:
    """Words may be left out; the worst stand first; only who has not answered is asked again."""
    crew(desk_centre, "ng", "resource:team-4")
    crew(desk_centre, "ko", "resource:team-12")
    board = desk()
    board.page.keyboard.press("o")
    board.page.locator("#cop-roll-new").click()
    dialog = board.page.locator("dialog")
    dialog.locator("input[value=agency]").check()
    dialog.locator("input[value=DSD]").check()
    press(dialog, "Check and send")
    expect(dialog).to_contain_text("Ask for this roll call?")
    expect(dialog).to_contain_text("Is everybody with you safe?")
    press(dialog, "Ask")
    panel = part(board, "roll")
    expect(tile(panel, "unreached")).to_have_text("3")
    (order,) = [one for one in desk_centre.entities(Order) if one.asks == "all_safe"]
    assert order.recipients == ("ho", "ko", "ng")
    path = f"/orders/{order.id}/receipts"
    with desk_centre.client("ho") as ho, desk_centre.client("ng") as ng:
        say(ng, path, {"step": "acknowledged", "answer": "safe"})
        expect(tile(panel, "safe")).to_have_text("1")
        say(ho, path, {"step": "delivered"})
        expect(tile(panel, "waiting")).to_have_text("1")
        said = {"words": "Two hurt by glass", "geometry": CALL, "precision_m": 20}
        say(ho, path, {"step": "acknowledged", "answer": "help", **said})
    expect(tile(panel, "help")).to_have_text("1")
    groups = panel.locator(".roll-group summary")
    expect(groups.nth(0)).to_contain_text("Needs help")
    expect(groups.nth(1)).to_contain_text("Not reached")
    expect(groups.nth(2)).to_contain_text("Safe")
    expect(panel.locator(".roll-help")).to_contain_text("Two hurt by glass")
    row = board.page.locator(f"#cop-orders-list [data-id='{order.id}']")
    expect(row).to_contain_text("Roll call")
    expect(row.locator("[data-state=help] b")).to_have_text("1 of 3")
    press(panel, "Ask those again")
    expect(dialog).to_contain_text("1 people")
    press(dialog, "Ask")
    comes(
        board,
        lambda: len([one for one in desk_centre.entities(Order) if one.asks == "all_safe"]) == 2,
    )
    again = max(desk_centre.entities(Order), key=lambda one: one.issued_at)
    assert again.recipients == ("ko",)
    expect(tile(panel, "unreached")).to_have_text("1")


def test_a_call_for_help_becomes_an_incident(desk: Opener, desk_centre: Server) -> None:
    """From the queue: who, words and place; one press fills the form in with them."""
    order = ask_all(desk_centre, "resource:team-8")
    with desk_centre.client("ho") as ho:
        said = {"words": "Trapped on the roof", "geometry": CALL, "precision_m": 20}
        body = {"step": "acknowledged", "answer": "help", **said}
        say(ho, f"/orders/{order}/receipts", body)
    receipt = f"receipt:{order.partition(':')[2]}/ho"
    board = desk()
    board.put(
        attention("9", Reason.HELP, receipt, now(), rank=1, severity=Severity.EXTREME, agency="DSD")
    )
    row = item(board, "help-9")
    expect(row).to_contain_text("Trapped on the roof")
    expect(board.page.locator(".roll-mark")).to_have_count(1)
    press(row, "Show on the map")
    wait(lambda: board.ask("cop.map.leaflet.getBounds().contains([22.34, 114.19])"))
    press(row, "Make an incident of it")
    form = board.page.locator("#cop-report-sheet")
    expect(form.locator("input[value=rescue]")).to_be_checked()
    expect(form.locator("input[name=words]")).to_have_value("Trapped on the roof")
    form.locator("button[type=submit]").click()
    comes(
        board,
        lambda: any(one.incident_type == "rescue" for one in desk_centre.entities(Incident)),
    )
    (made,) = [one for one in desk_centre.entities(Incident) if one.incident_type == "rescue"]
    assert made.geometry == point(114.19, 22.34)
    assert "Trapped on the roof" in made.title.values()
    with desk_centre.client("ho") as ho:
        say(ho, f"/orders/{order}/receipts", {"step": "acknowledged", "answer": "safe"})
    expect(board.page.locator(".roll-mark")).to_have_count(0)


def test_a_roll_call_is_answered_on_the_page(desk: Opener, desk_centre: Server) -> None:
    """Whoever has the page open answers there: safe with one press, or for help in words."""
    field, warden, board = desk("ho"), desk("yip"), desk()
    order = ask_all(desk_centre, "agency:DSD", "role:warden")
    wait(lambda: board.ask(f"Boolean(cop.picture.get('{order}'))"))
    board.ask(f"void cop.select('{order}')")
    panel = part(board, "roll")
    press(warden.page.locator(f"[data-order='{order}']"), "We are safe")
    expect(tile(panel, "safe")).to_have_text("1")
    notice = field.page.locator(f"[data-order='{order}']")
    press(notice, "We need help")
    field.page.locator("dialog textarea").fill("Stuck in the lift")
    press(field.page.locator("dialog"), "Call for help")
    expect(notice).to_have_count(0)
    expect(panel.locator(".roll-help")).to_contain_text("Stuck in the lift")
    expect(panel.locator(".roll-help")).to_contain_text("No place given")


def test_a_lost_phone_is_signed_out_and_told_to_forget(desk: Opener, desk_centre: Server) -> None:
    """The team's phones are listed; ending as lost asks once more, and the phone is told."""
    with desk_centre.client("ho") as phone, desk_centre.client("ho") as other:
        board = desk()
        board.ask("void cop.select('resource:team-8')")
        phones = part(board, "phones")
        expect(phones).to_contain_text("2 phones or pages")
        phones.locator("summary").click()
        expect(phones.locator(".phone-session")).to_have_count(2)
        press(phones.locator(".phone-session").first, "End…")
        dialog = board.page.locator("dialog")
        expect(dialog).to_contain_text("End this sign-in of ho?")
        press(dialog, "Go on")
        expect(phones.locator(".phone-session")).to_have_count(1)
        left = [one for one in (phone, other) if one.get("/api/v1/me/duty").status_code == 200]
        assert len(left) == 1
        press(phones, "End sign-ins…")
        dialog.locator("input[value=yes]").check()
        press(dialog, "Go on")
        expect(dialog).to_contain_text("Erase what is on the phone?")
        press(dialog, "Sign out and erase")
        expect(phones).to_contain_text("signed in nowhere")
        told = left[0].get("/api/v1/me/duty")
        assert told.status_code == 401
        assert told.json()["code"] == "device-lost"
    press(phones, "Ask “All safe?”")
    expect(dialog.locator("input[name=mode][value=resource]")).to_be_checked()
    press(dialog, "Check and send")
    expect(dialog).to_contain_text("DSD team 8")
    press(dialog, "Ask")
    expect(part(board, "order-words")).to_contain_text("DSD team 8")


def test_teams_left_by_the_filters_are_asked(desk: Opener, desk_centre: Server) -> None:
    """Who is searched for is who is asked; a team without an account is named."""
    board = desk()
    board.page.keyboard.press("t")
    board.page.locator("#cop-teams-agency").select_option("DSD")
    board.page.locator("#cop-teams-status").select_option("assigned")
    press(board.page.locator("#cop-teams"), "Ask these")
    dialog = board.page.locator("dialog")
    press(dialog, "Check and send")
    press(dialog, "Ask")
    comes(board, lambda: any(one.asks for one in desk_centre.entities(Order)))
    (order,) = [one for one in desk_centre.entities(Order) if one.asks]
    assert order.recipients == ("ho",)
    assert set(order.addressees) == {"resource:team-8", *order.unreachable}
    expect(part(board, "roll")).to_contain_text("No account: ask them by radio.")


def share(client: httpx.Client, lon: float) -> int:
    """Share where team 8 is, as its people's phone does; gives the status."""
    body = {
        "resource": "resource:team-8",
        "geometry": {"type": "Point", "coordinates": [lon, 22.37]},
        "precision_m": 8,
        "at": now().isoformat(),
    }
    return client.put("/api/v1/me/position", json=body).status_code


def test_a_shared_position_is_what_a_suggestion_is_measured_from(
    desk: Opener, desk_centre: Server
) -> None:
    """The list of whom to send says which distance is from a live position."""
    board = desk()
    board.put(
        team(8, now(), status=ResourceStatus.AVAILABLE, position_at=now() - timedelta(hours=1))
    )
    with desk_centre.client("ho") as ho:
        assert share(ho, 114.19) == 204
        wait(lambda: board.ask("cop.positions.count") == 1)
        board.ask("void cop.select('incident:0')")
        board.page.locator("[data-verb=suggest]").click()
        rows = board.page.locator(".suggestion")
        expect(rows.filter(has_text="DSD team 8")).to_contain_text("from its live position")
        expect(rows.filter(has_text="DSD team 4")).to_contain_text("from its last known place")
        body = {"resource": "resource:team-8"}
        ho.request("DELETE", "/api/v1/me/position", json=body).raise_for_status()
    wait(lambda: board.ask("cop.positions.count") == 0)


def where(board: Board, index: int) -> list[float]:
    """Tell where the symbol of a team is drawn, longitude first."""
    found: list[float] = board.ask(
        f"(({{lat, lng}}) => [lng, lat])(cop.map.standing('resource:team-{index}').getLatLng())"
    )
    return [round(one, 5) for one in found]


def test_a_team_stands_where_its_phone_says(desk: Opener) -> None:
    """The symbol moves with popup and choice, and goes back when the position has expired."""
    board = desk(at={"bbox": "114.0,22.2,114.4,22.5"})
    home = board.ask("cop.picture.get('resource:team-4').geometry.coordinates")
    board.ask("void cop.select('resource:team-4', { from: 'map' })")
    popup = board.page.locator(".leaflet-popup").element_handle()
    facts = part(board, "team-now")
    expect(facts).to_contain_text("last known")
    for lon in (114.20, 114.21, 114.22):
        board.put(live(4, lon, 22.36))
        wait(lambda lon=lon: where(board, 4) == [lon, 22.36])
    expect(facts).to_contain_text("live position")
    expect(facts).to_contain_text("within 15 m")
    expect(board.page.locator(".popup-fact")).to_contain_text("live position")
    assert popup is not None
    assert popup.evaluate("node => node.isConnected"), "the popup must be the same element"
    assert board.ask("cop.selected()") == "resource:team-4"
    expect(board.page.locator("#cop-key")).to_contain_text("Ring: live position")
    (record,) = board.store.read(["position:team-4"]).values()
    board.store.write([remove(record)], fetched_ms=0)
    wait(lambda: where(board, 4) == [round(one, 5) for one in home])
    expect(facts).to_contain_text("last known")
    board.put(live(4, 114.22, 22.36, expires_at=now() + timedelta(seconds=15)))
    wait(lambda: where(board, 4) == [114.22, 22.36])
    wait(lambda: where(board, 4) == [round(one, 5) for one in home])


def test_what_the_desk_sees_of_the_field_breaks_no_rule_of_access(
    desk: Opener, desk_centre: Server
) -> None:
    """Delivery, roll call, phones and both questions, on a desk and on a phone."""
    order = ask_all(desk_centre, "agency:DSD", "role:warden", "resource:team-3")
    with desk_centre.client("ho") as ho:
        body = {"step": "acknowledged", "answer": "help", "words": "Help", "geometry": CALL}
        say(ho, f"/orders/{order}/receipts", body)
        for size in ((1440, 900), PHONE):
            board = desk(at={"lang": "zh-Hant"}, size=size, phone=size == PHONE)
            wait(lambda board=board: board.ask(f"Boolean(cop.picture.get('{order}'))"))
            for chosen, key in (
                (order, "roll"),
                ("assignment:task-1", "task-reach"),
                ("resource:team-8", "phones"),
                (f"receipt:{order.partition(':')[2]}/ho", "help"),
            ):
                board.ask(f"void cop.select('{chosen}')")
                expect(part(board, key)).to_be_visible()
                board.page.wait_for_timeout(600)
                assert broken(board.page, colours=size != PHONE) == [], chosen
        board.ask("void cop.select('resource:team-8')")
        part(board, "phones").locator(".phone-account > .button.danger").click()
        assert broken(board.page) == []
