"""Around an incident: who works on it, what it needs, pictures, reports of the same thing."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cop.model.entity import Placing
from cop.model.geometry import point
from cop.model.kinds import (
    Camera,
    Fusion,
    FusionStatus,
    IncidentStatus,
    Resource,
    ResourceStatus,
)
from cop.model.text import text
from tests.browser.board import now, wait
from tests.browser.incidents import PLACE, Opener, choose, incident, life, step, stored

pytestmark = pytest.mark.browser

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def test_a_camera_places_a_report_and_neighbours_are_asked_about(open_as: Opener) -> None:
    """From a camera's panel the place is known; what lies within 300 m is listed while entering."""
    board = open_as()
    board.put(
        incident(),
        incident("far", geometry=point(PLACE[0] + 0.02, PLACE[1])),
        Camera(
            id="td_cameras:x",
            publisher="TD",
            title=text("Nathan Road camera", "彌敦道攝影機", "弥敦道摄影机"),
            geometry=point(PLACE[0] + 0.0005, PLACE[1]),
            placing=Placing.GIVEN,
        ),
    )
    wait(lambda: board.ask("Boolean(cop.picture.get('td_cameras:x'))"))
    board.ask("cop.select('td_cameras:x')")
    board.page.get_by_role("button", name="Report incident at this camera").click()
    sheet = board.page.locator("#cop-report-sheet")
    expect(sheet.locator(".place-field input")).to_have_value("Nathan Road camera")
    expect(sheet.locator(".near")).to_be_hidden()
    sheet.locator(".choice:has(input[value=flooding])").click()
    expect(sheet.locator(".near-row")).to_have_count(1)
    expect(sheet.locator(".near-row")).to_contain_text("Incident a")
    sheet.get_by_role("button", name="It is the same").click()
    sheet.locator("button[type=submit]").click()
    expect(sheet).to_be_hidden()
    expect(board.page.locator("#cop-places")).to_have_text("Reports 3 → places 2 (1 to confirm)")
    cameras = [one["properties"].get("camera") for one in stored(board)]
    assert cameras.count("td_cameras:x") == 1


def test_confirmed_reports_fold_and_come_apart(open_as: Opener) -> None:
    """One row and one mark stand for all; members stay reachable; a split brings them back."""
    board = open_as()
    members = ("incident:a", "incident:b", "incident:c")
    likeness = {"report": "incident:b", "score": 0.9, "distance_m": 40, "minutes": 6, "words": 0.7}
    fusion = Fusion(
        id="fusion:1",
        publisher="COP",
        status=FusionStatus.PROPOSED,
        members=members,
        primary="incident:a",
        likeness=(likeness,),
    )
    board.put(*(incident(name[-1]) for name in members), fusion)
    rows = board.page.locator("#cop-list .row.is-incident")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("maybe the same")
    choose(board)
    part = board.page.locator("[data-part=fusion]")
    expect(part).to_contain_text("40 m apart")
    expect(part).to_contain_text("very likely one")
    board.put(fusion.model_copy(update={"status": FusionStatus.CONFIRMED}))
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("3 reports")
    expect(board.page.locator("#cop-places")).to_have_text("Reports 3 → places 1")
    expect(part.locator(".member")).to_have_count(3)
    part.get_by_role("button", name="Incident b").click()
    expect(board.page.locator("#cop-detail-body h2")).to_have_text("Incident b")
    board.put(fusion.model_copy(update={"status": FusionStatus.SPLIT}))
    expect(rows).to_have_count(3)


def test_unverified_is_seen_by_shape_and_word(open_as: Opener) -> None:
    """Unverified: dashed and so called; verified: solid, with how sure; over: hollow."""
    board = open_as()
    board.put(
        incident(),
        incident("b", status=IncidentStatus.VERIFIED, verified=True, confidence="high"),
        incident("c", status=IncidentStatus.CLOSED, verified=True),
    )
    row = board.page.locator("#cop-list .row[data-id='incident:a']")
    expect(row).to_contain_text("Unverified")
    expect(board.page.locator("#cop-list .row[data-id='incident:b']")).to_contain_text(
        "High confidence"
    )
    states = board.ask(
        "['a', 'b', 'c'].map((n) => cop.picture.get('incident:' + n))"
        ".map((f) => cop.symbols.spec(cop.layers.looks(f.id)[0], f).state)"
    )
    assert states == ["unverified", "sure", "over"]


def team(name: str, skills: tuple[str, ...], east: float) -> Resource:
    """Make a team that can be sent, so many degrees to the east."""
    return Resource(
        id=f"resource:{name}",
        publisher="DSD",
        agency="DSD",
        resource_type="team",
        status=ResourceStatus.AVAILABLE,
        title=text(f"Team {name}", f"{name}隊", f"{name}队"),
        skills=skills,
        geometry=point(PLACE[0] + east, PLACE[1]),
        placing=Placing.GIVEN,
        position_at=now(),
    )


def test_the_nearest_team_is_assigned_with_the_reason(open_as: Opener) -> None:
    """Suggestions say why; a team that has a task already is asked about before it gets two."""
    board = open_as()
    board.put(
        incident(status=IncidentStatus.VERIFIED, verified=True),
        incident("b", status=IncidentStatus.VERIFIED, verified=True),
        team("near", ("pumping", "drainage"), 0.004),
    )
    for name in ("a", "b"):
        choose(board, name)
        part = board.page.locator("[data-part=team]")
        part.get_by_role("button", name="Assign…").click()
        row = part.locator(".suggestion", has_text="Team near")
        expect(row).to_contain_text("m")
        expect(row).to_contain_text("Pumping")
        row.get_by_role("button").click()
        if name == "b":
            dialog = board.page.locator("dialog")
            expect(dialog).to_contain_text("two tasks at once")
            dialog.get_by_role("button", name="Give it both").click()
        expect(part.locator(".task")).to_contain_text("Team near")
        held = board.ask(
            "[...cop.picture.features.values()]"
            ".filter((f) => f.properties.kind === 'assignment').map((f) => f.id)"
        )
        free = team("near", ("pumping", "drainage"), 0.004)  # said to be free all the same
        board.put(free.model_copy(update={"assignments": tuple(held)}))
    stand_down = board.page.locator("[data-part=team]").get_by_role("button", name="Stand down…")
    stand_down.click()
    board.page.locator("dialog textarea").fill("Needed elsewhere")
    board.page.locator("dialog .filled").click()
    expect(board.page.locator("[data-part=team] .task")).to_contain_text("Stood down")


def test_a_need_is_asked_met_in_part_and_met(open_as: Opener) -> None:
    """What is asked for shows how much has come, until it is all there."""
    board = open_as()
    board.put(incident())
    choose(board)
    part = board.page.locator("[data-part=needs]")
    part.get_by_role("button", name="Ask for something…").click()
    part.locator("select").first.select_option("pump")
    part.locator("input[type=number]").fill("3")
    part.get_by_role("button", name="Ask", exact=True).click()
    expect(part.locator(".need")).to_contain_text("0 of 3")
    part.locator(".need input").fill("2")
    part.get_by_role("button", name="Enter").click()
    expect(part.locator(".need")).to_contain_text("2 of 3")
    part.get_by_role("button", name="All arrived").click()
    expect(part.locator(".need")).to_contain_text("Met")


def test_a_picture_and_a_remark_are_added(open_as: Opener, tmp_path: Path) -> None:
    """A picture is shown with its caption as its name; what is no picture is refused in words."""
    image = tmp_path / "road.png"
    image.write_bytes(PNG)
    wrong = tmp_path / "notes.txt"
    wrong.write_text("not a picture")
    board = open_as()
    board.put(incident())
    choose(board)
    part = board.page.locator("[data-part=photos]")
    part.get_by_label("What the picture shows").fill("Water at the kerb")
    part.locator("input[type=file]").set_input_files(image)
    expect(part.get_by_role("img", name="Water at the kerb")).to_be_visible()
    part.locator("button.photo").click()
    expect(board.page.locator("dialog img")).to_have_attribute("alt", "Water at the kerb")
    board.page.keyboard.press("Escape")
    part.locator("input[type=file]").set_input_files(wrong)
    expect(part).to_contain_text("Only JPEG, PNG or WebP")
    remarks = board.page.locator("[data-part=remarks]")
    remarks.locator("textarea").fill("Police hold the junction")
    remarks.get_by_role("button", name="Add remark").click()
    expect(remarks.locator(".notes")).to_contain_text("Police hold the junction")
    expect(remarks.locator("textarea")).to_have_value("")


def test_the_timeline_says_who_did_what(open_as: Opener) -> None:
    """The journal's entries stand in the panel by day, with what was and what is."""
    board = open_as()
    board.put(incident(status=IncidentStatus.VERIFIED, verified=True))
    choose(board)
    step(board, "Respond")
    entry = board.page.locator("[data-part=timeline] .entry").first
    expect(entry).to_contain_text("Respond")
    expect(entry).to_contain_text("chan")
    expect(entry).to_contain_text("Verified → Responding")


def test_a_person_joins_two_reports_and_splits_them(open_as: Opener) -> None:
    """By hand, and back again."""
    board = open_as()
    board.put(incident(), incident("b"))
    choose(board)
    part = board.page.locator("[data-part=fusion]")
    part.get_by_role("button", name="Join with another report…").click()
    board.page.locator("dialog select").select_option("incident:b")
    board.page.locator("dialog .filled").click()
    rows = board.page.locator("#cop-list .row.is-incident")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("2 reports")
    part.get_by_role("button", name="Split").click()
    expect(rows).to_have_count(2)


def test_a_publishers_report_is_taken_on(open_as: Opener) -> None:
    """What a publisher keeps cannot be changed here; an incident of one's own joins it."""
    board = open_as()
    board.put(incident("x", id="td_traffic_news:x", feed="td_traffic_news", publisher="TD"))
    wait(lambda: board.ask("Boolean(cop.picture.get('td_traffic_news:x'))"))
    board.ask("cop.select('td_traffic_news:x')")
    expect(life(board).get_by_role("button", name="Edit")).to_have_count(0)
    life(board).get_by_role("button", name="Take it on").click()
    board.page.locator("#cop-report-sheet button[type=submit]").click()
    expect(board.page.locator("#cop-places")).to_have_text("Reports 2 → places 1")
    expect(board.page.locator("#cop-list .row.is-incident")).to_have_count(1)
