"""From an alarm that a camera raised to an incident on the picture, in one click."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import expect

from cop.model.desk import Attention, Reason
from cop.model.entity import Entity, Placing, Severity
from cop.model.geometry import point, polygon
from cop.model.kinds import Camera, Incident, Observation
from cop.model.sight import Unknown
from cop.model.text import LANGS, text
from cop.services.watch.keeper import item_id
from tests.browser.at_desk import comes, item, one, part, press
from tests.browser.board import Board, becomes, now, wait
from tests.browser.desk_town import minutes
from tests.browser.incidents import Opener
from tests.integration.web_server import Server

pytestmark = pytest.mark.browser

SEEN: Final = "vision:star-ferry.piazza"
CAMERA: Final = "camera:star-ferry"
_LON, _LAT = 114.1685, 22.2940
PROPOSE: Final = "Propose incident: Crowd"
OPEN: Final = "Open its incident: Crowd"


def crowd(**fields: Any) -> Observation:
    """Make what a camera sees of a piazza on which people stand too close."""
    ring = [(_LON, _LAT), (_LON + 4e-4, _LAT), (_LON + 4e-4, _LAT + 3e-4), (_LON, _LAT + 3e-4)]
    alarm = {"watched": "dense", "severity": "Severe", "since": now() - minutes(6)}
    values: dict[str, Any] = {
        "id": SEEN,
        "feed": "vision",
        "publisher": "HKPF",
        "title": text("Piazza, west", "廣場西面", "广场西面"),
        "place": text("Star Ferry Pier", "天星碼頭", "天星码头"),
        "district": "YTM",
        "geometry": polygon(ring),
        "placing": Placing.GIVEN,
        "observed_at": now(),
        "measure": "crowd_density",
        "value": 4.26,
        "unit": "1/m2",
        "measures": {"people": 312, "people_error": 25, "flow_mps": 0.2, "flow_deg": 178},
        "sight": {
            "camera": CAMERA,
            "zone": "piazza",
            "use": "walkway",
            "area_m2": 74,
            "method": "background",
            "confidence": 0.82,
            "error": 0.4,
            "level": "F",
            "alarms": [alarm],
        },
    }
    return Observation.model_validate({**values, **fields})


def scene() -> list[Entity]:
    """Give the camera, what it sees, and the item that says so."""
    camera = Camera(
        id=CAMERA,
        feed="vision",
        publisher="HKPF",
        title=text("Star Ferry Pier", "天星碼頭", "天星码头"),
        geometry=point(_LON, _LAT),
        placing=Placing.GIVEN,
        frame_at=now(),
        state="ok",
        counts=("walkway",),
        view="command",
    )
    queued = Attention(
        id=item_id(Reason.CROWDED, SEEN),
        publisher="COP",
        reason=Reason.CROWDED,
        subject=SEEN,
        severity=Severity.SEVERE,
        rank=2,
        raised_at=now() - minutes(1),
        agency="HKPF",
        title=text("Piazza, west · Star Ferry Pier", "廣場西面 · 天星碼頭", "广场西面 · 天星码头"),
        description=text(
            "4.3 people per m² (level F), 312 ± 25 people", "每平方米 4.3 人", "每平方米 4.3 人"
        ),
    )
    return [camera, crowd(), queued]


def name_of() -> str:
    """Give the id of the item, without its kind."""
    return item_id(Reason.CROWDED, SEEN).partition(":")[2]


def made(server: Server) -> list[Incident]:
    """List the incidents that were made of it."""
    return [one for one in server.entities(Incident) if one.camera == CAMERA]


def placed(board: Board) -> None:
    """Put the scene on the picture and wait until it is on the page."""
    cursor = board.put(*scene())
    wait(lambda: board.has_come_to(cursor))


def test_one_click_makes_the_incident(desk: Opener, desk_centre: Server) -> None:
    """It is on the picture and chosen, with the numbers in every language; the item is taken."""
    board, other = desk(), desk("lau")
    placed(board)
    row = item(board, name_of())
    expect(row).to_contain_text("4.3 people per m² (level F), 312 ± 25 people")
    press(row, PROPOSE)
    comes(board, lambda: len(made(desk_centre)) == 1)
    (incident,) = made(desk_centre)
    becomes(lambda: board.ask("cop.selected()"), incident.id)
    assert (incident.incident_type, incident.status, incident.verified) == (
        "crowd",
        "reported",
        False,
    )
    assert (incident.severity, incident.reported_by, incident.district) == (
        "Severe",
        "camera",
        "YTM",
    )
    assert incident.title["zh-Hant"] == "人群過密：廣場西面 · 天星碼頭"
    assert set(incident.description) == set(LANGS)
    assert one(desk_centre, Attention, item_id(Reason.CROWDED, SEEN)).taken_by == "wong"
    for page in (board, other):
        wait(lambda page=page: page.ask(f"Boolean(cop.picture.get('{incident.id}'))"))
    seen_by_other = item(other, name_of())
    expect(seen_by_other).to_contain_text("wong looks after it")
    press(seen_by_other, OPEN)
    becomes(lambda: other.ask("cop.selected()"), incident.id)
    assert len(made(desk_centre)) == 1


def test_the_second_officer_is_led_to_the_first_ones_incident(
    desk: Opener, desk_centre: Server
) -> None:
    """Who presses without knowing of it yet makes no other: theirs is the one that is there."""
    board = desk()
    placed(board)
    known = Incident(
        id="incident:first",
        publisher="COP",
        incident_type="crowd",
        status="reported",
        severity=Severity.SEVERE,
        reported_at=now(),
        geometry=point(_LON, _LAT),
        placing=Placing.GIVEN,
        camera=CAMERA,
    )
    button = item(board, name_of()).get_by_role("button", name=PROPOSE)
    expect(button).to_be_visible()
    board.ask("cop.incidents.isOpen = () => false")  # as if it had not come here yet
    board.put(known)
    button.click()
    becomes(lambda: board.ask("cop.selected()"), "incident:first")
    assert [one.id for one in made(desk_centre)] == ["incident:first"]


def test_what_the_camera_saw_proposes_it_too(desk: Opener, desk_centre: Server) -> None:
    """Its own panel says it in words and has the same button; a calm zone has none."""
    board = desk()
    placed(board)
    board.ask(f"cop.select('{SEEN}')")
    facts = part(board, "facts")
    for words in ("4.3 ± 0.4 people/m²", "F: no movement", "312 ± 25", "south (178°)", "82%"):
        expect(facts).to_contain_text(words)
    expect(part(board, "recognise").get_by_role("button")).to_have_text(PROPOSE)
    calm = crowd()
    assert calm.sight is not None
    sight = calm.sight.model_copy(update={"alarms": (), "level": "B"})
    board.put(calm.model_copy(update={"sight": sight, "value": 0.4}))
    expect(part(board, "recognise")).to_have_count(0)
    board.put(crowd())
    press(part(board, "recognise"), PROPOSE)
    comes(board, lambda: len(made(desk_centre)) == 1)
    becomes(lambda: board.ask("cop.selected()"), made(desk_centre)[0].id)


def test_what_is_not_known_says_why(desk: Opener) -> None:
    """No value is never a number: the panel and the list say what is in the way."""
    board = desk()
    placed(board)
    dark = crowd()
    assert dark.sight is not None
    sight = dark.sight.model_copy(update={"unknown": Unknown.HIDDEN, "level": None, "error": None})
    cursor = board.put(dark.model_copy(update={"sight": sight, "value": None, "measures": {}}))
    wait(lambda: board.has_come_to(cursor))
    board.ask(f"cop.select('{SEEN}')")
    expect(part(board, "facts")).to_contain_text("Too much is covered, dazzled or dark")
    expect(part(board, "facts")).to_contain_text("No value")


def test_whoever_may_not_report_is_not_offered_it(desk: Opener) -> None:
    """A viewer reads the numbers and has no button."""
    board = desk("lee")
    placed(board)
    board.ask(f"cop.select('{SEEN}')")
    expect(part(board, "facts")).to_contain_text("312 ± 25")
    expect(part(board, "recognise")).to_have_count(0)
