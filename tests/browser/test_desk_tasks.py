"""Teams, their tasks and the duty of the field, on the page and against the real server."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cop.model.kinds import (
    Assignment,
    AssignmentStatus,
)
from tests.browser.at_desk import comes, part, press
from tests.browser.board import becomes, now, wait
from tests.browser.desk_town import task, team
from tests.browser.incidents import Opener
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser


def test_the_board_of_teams_stays_small_with_two_thousand(desk: Opener) -> None:
    """Every agency is counted, few rows are drawn, and a search finds any one team."""
    board = desk()
    board.put(*(team(index, now()) for index in range(24, 2000)))
    wait(lambda: board.ask("cop.desk.count('resource')") == 2000)
    board.page.keyboard.press("t")
    expect(board.page.locator("#cop-teams-count")).to_have_text("2000 of 2000")
    rows = board.page.locator("#cop-teams-list .row")
    expect(board.page.locator(".team-group")).to_have_count(4)
    expect(rows).to_have_count(0)
    board.page.locator(".team-group summary").first.click()
    wait(lambda: 0 < rows.count() <= 48)
    press(board.page.locator(".team-group").first, "more")
    wait(lambda: rows.count() > 48)
    board.page.locator("#cop-teams-search").fill("HKPF team 1999")
    wait(lambda: rows.count() == 1)
    rows.first.click()
    becomes(lambda: board.ask("cop.selected()"), "resource:team-1999")
    expect(part(board, "team-now")).to_contain_text("Hong Kong Police Force")


def test_the_board_says_who_is_late(desk: Opener) -> None:
    """Each team stands under its agency and status with its task, its step and what is late."""
    board = desk()
    board.page.keyboard.press("t")
    late = board.page.locator("#cop-teams-list [data-id='resource:team-7']")
    expect(late).to_contain_text("En route")
    expect(late).to_contain_text("▲ Overdue")
    near = board.page.locator("#cop-teams-list [data-id='resource:team-2']")
    expect(near).to_contain_text("◔ Near its limit")
    board.page.locator("#cop-teams-skill").select_option("pumping")
    expect(late).to_have_count(0)
    board.page.locator(".team-total.is-assigned").click()
    shown = board.page.locator("#cop-teams-list li")
    wait(lambda: shown.count() == 2)


def test_a_team_is_assigned_and_never_silently_twice(desk: Opener, desk_centre: Server) -> None:
    """A second task is given only after a question that names the first."""
    board = desk()
    board.ask("void cop.select('resource:team-4')")
    for incident in ("incident:1", "incident:0"):
        press(part(board, "team-tasks"), "Assign…")
        dialog = board.page.locator("dialog")
        dialog.locator(f"input[value='{incident}']").check()
        dialog.locator("textarea").fill(f"Go to {incident}")
        dialog.locator("select").select_option("30")
        press(dialog, "Assign")
        if incident == "incident:0":
            expect(dialog).to_contain_text("This team has a task already")
            expect(dialog).to_contain_text("Go to incident:1")
            press(dialog, "Give it both")
        expect(part(board, "team-tasks")).to_contain_text(f"Go to {incident}")
    expect(part(board, "team-tasks")).to_contain_text("2 tasks at once")
    mine = [a for a in desk_centre.entities(Assignment) if a.resource == "resource:team-4"]
    assert sorted(len(task.also) for task in mine) == [0, 1]


def test_a_task_is_stood_down_and_handed_over(desk: Opener, desk_centre: Server) -> None:
    """The desk ends a task with a reason, and gives another to the next team."""
    board = desk()
    board.ask("void cop.select('assignment:task-2')")
    steps = part(board, "task-steps")
    expect(steps.locator("[aria-current=step]")).to_contain_text("En route")
    expect(steps.locator("[aria-current=step]")).to_contain_text("Overdue")
    press(steps, "Stand down")
    board.page.locator("dialog textarea").fill("Not needed any more")
    press(board.page.locator("dialog footer"), "Stand down")
    expect(steps.locator("[aria-current=step]")).to_contain_text("Stood down")
    expect(steps).to_contain_text("Not needed any more")
    board.ask("void cop.select('assignment:task-3')")
    press(steps, "Hand over")
    board.page.locator("dialog input[value='resource:team-4']").check()
    press(board.page.locator("dialog footer"), "Hand over")
    expect(steps).to_contain_text("Handed over to")
    found = [
        a for a in desk_centre.entities(Assignment) if a.handed_over_from == "assignment:task-3"
    ]
    assert [one.resource for one in found] == ["resource:team-4"]


def test_the_field_sees_its_duty_and_steps_through_it(desk: Opener, desk_centre: Server) -> None:
    """Own team, task and leader stand on top; one big button leads from step to step."""
    board, command = desk("ho"), desk()
    duty = board.page.locator("#cop-duty")
    expect(duty).to_contain_text("DSD team 8")
    expect(duty).to_contain_text("Leader 8")
    expect(duty.locator(".duty-task")).to_contain_text("Pump out the underpass")
    expect(board.page.locator("#cop-queue")).to_be_hidden()
    command.ask("void cop.select('assignment:task-3')")
    current = part(command, "task-steps").locator("[aria-current=step]")
    for verb, step in (("Set off", "En route"), ("Arrived", "On scene"), ("Complete", "Completed")):
        press(duty, verb)
        expect(current).to_contain_text(step)
    expect(duty).to_contain_text("No task now.")
    assert desk_centre.status("assignment:task-3") == AssignmentStatus.COMPLETED
    expect(duty.get_by_role("button", name="Available")).to_have_attribute("aria-pressed", "true")
    press(duty, "Resting")
    comes(board, lambda: desk_centre.status("resource:team-8") == "resting")


def test_a_new_task_is_delivered_by_being_shown(desk: Opener, desk_centre: Server) -> None:
    """The page of the team's own people says that the task has reached them."""
    board = desk("ho")
    expect(board.page.locator(".duty-task")).to_have_count(1)
    board.put(
        team(8, now(), assignments=("assignment:task-3", "assignment:task-9")),
        task(9, "resource:team-8", AssignmentStatus.ASSIGNED, now()),
    )
    comes(board, lambda: desk_centre.status("assignment:task-9") == AssignmentStatus.DELIVERED)
