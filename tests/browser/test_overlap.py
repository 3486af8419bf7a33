"""What lies on each other on the map: badges, the list for the second tap, patterns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from cop.model.entity import Placing, Severity
from cop.model.geometry import LineString, Polygon, point
from cop.model.kinds import (
    Alert,
    Facility,
    FacilityStatus,
    Incident,
    IncidentStatus,
    Road,
    RoadStatus,
)
from cop.model.text import text
from tests.browser.board import Board, becomes, now, wait

pytestmark = pytest.mark.browser

QUIET = (114.05, 22.20)  # nothing of the evening stands here
BOX = "113.9,22.1,114.2,22.3"
BADGE = ".cluster[title='3 here, worst: Extreme']"


def incident(name: str, at: tuple[float, float], severity: Severity) -> Incident:
    """Make an incident."""
    return Incident(
        id=f"incident:{name}",
        publisher="COP",
        title=text(f"Incident {name}", f"事故{name}", f"事故{name}"),
        incident_type="flooding",
        status=IncidentStatus.REPORTED,
        severity=severity,
        geometry=point(*at),
        placing=Placing.GIVEN,
        reported_at=now(),
    )


def crowd() -> list[Any]:
    """Give three things within a few pixels of each other."""
    lon, lat = QUIET
    return [
        incident("a", (lon, lat), Severity.MODERATE),
        incident("b", (lon + 0.001, lat), Severity.EXTREME),
        Facility(
            id="gov_press:shelter:crowd",
            publisher="HAD",
            title=text("Hall", "會堂", "会堂"),
            facility_type="shelter",
            status=FacilityStatus.OPEN,
            geometry=point(lon, lat + 0.001),
            placing=Placing.STATION,
            asserted_at=now(),
        ),
    ]


@pytest.fixture
def crowded(board: Callable[..., Board]) -> Board:
    """Give a page with three overlapping things on it."""
    page = board()
    page.open(bbox=BOX)
    page.put(*crowd())
    expect(page.page.locator(BADGE)).to_be_visible()
    return page


def test_two_taps_reach_each_of_those_that_overlap(crowded: Board) -> None:
    """The badge says how many and the worst; its list leads to each; the chosen stands apart."""
    crowded.page.locator(BADGE).click()
    rows = crowded.page.locator(".chooser .row")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Incident b")
    crowded.page.locator(".chooser .row", has_text="Hall").click()
    becomes(lambda: crowded.ask("cop.selected()"), "gov_press:shelter:crowd")
    expect(crowded.page.locator(".chooser")).to_have_count(0)
    left = (
        "[...cop.clusters.badges.values()]"
        ".some(({ members }) => members.map(({ id }) => id).join() === 'incident:b,incident:a')"
    )
    wait(lambda: crowded.ask(left))
    expect(crowded.page.locator(".mark[title='Shelters: Hall']")).to_be_visible()
    crowded.ask("cop.select(null)")
    expect(crowded.page.locator(BADGE)).to_be_visible()


def test_the_keyboard_opens_walks_and_leaves_the_list(crowded: Board) -> None:
    """Enter opens, arrows walk, Esc goes back to the badge, Enter chooses."""
    badge = crowded.page.locator(BADGE)
    badge.focus()
    crowded.page.keyboard.press("Enter")
    expect(crowded.page.locator(".chooser .row").first).to_be_focused()
    crowded.page.keyboard.press("ArrowDown")
    expect(crowded.page.locator(".chooser .row").nth(1)).to_be_focused()
    crowded.page.keyboard.press("Escape")
    expect(badge).to_be_focused()
    crowded.page.keyboard.press("Enter")
    expect(crowded.page.locator(".chooser .row").first).to_be_focused()
    crowded.page.keyboard.press("ArrowDown")
    expect(crowded.page.locator(".chooser .row").nth(1)).to_be_focused()
    crowded.page.keyboard.press("Enter")
    becomes(lambda: crowded.ask("cop.selected()"), "incident:a")


def test_updates_leave_badge_list_and_focus(crowded: Board) -> None:
    """Twenty changes keep the same badge and row; what ends leaves the list."""
    badge = crowded.page.locator(BADGE).element_handle()
    crowded.page.locator(BADGE).click()
    second = crowded.page.locator(".chooser .row").nth(1)
    second.focus()
    for step in range(20):
        moved = incident("a", (QUIET[0] + step / 1e5, QUIET[1]), Severity.MODERATE)
        cursor = crowded.put(moved.model_copy(update={"title": {"en": f"Step {step}"}}))
    wait(lambda: crowded.has_come_to(cursor))
    expect(second).to_contain_text("Step 19")
    expect(second).to_be_focused()
    assert badge is not None
    assert badge.evaluate("node => node.isConnected"), "the badge must be the same element"


def test_nearer_by_each_stands_for_itself(crowded: Board) -> None:
    """Badges come apart with the zoom."""
    crowded.ask(f"void cop.map.leaflet.setView([{QUIET[1]}, {QUIET[0]}], 18, {{animate: false}})")
    expect(crowded.page.locator(".mark[title^='Incidents: Incident a']")).to_be_visible()
    expect(crowded.page.locator(".cluster")).to_have_count(0)


def test_areas_over_each_other_have_their_own_patterns(board: Callable[..., Board]) -> None:
    """Rain and flood areas are filled with figures, a closed road carries crosses."""
    page = board()
    page.open(bbox=BOX)
    lon, lat = QUIET
    for name, kind, shift in (("rain", "rainstorm", 0.0), ("flood", "flooding_nnt", 0.02)):
        west, east = lon - 0.06 + shift, lon + shift
        ring = ((west, lat), (east, lat), (east, lat + 0.05), (west, lat + 0.05), (west, lat))
        cursor = page.put(
            Alert(
                id=f"hko_warnings:{name}",
                feed="hko_warnings",
                publisher="HKO",
                title=text(name, name, name),
                event_type=kind,
                severity=Severity.SEVERE,
                geometry=Polygon(type="Polygon", coordinates=(ring,)),
                placing=Placing.GIVEN,
                issued_at=now(),
            )
        )
    line = LineString(type="LineString", coordinates=((lon, lat - 0.05), (lon + 0.1, lat - 0.05)))
    cursor = page.put(
        Road(
            id="td_traffic_news:line",
            feed="td_traffic_news",
            publisher="TD",
            title=text("Closed road", "封路", "封路"),
            status=RoadStatus.CLOSED,
            geometry=line,
            placing=Placing.GIVEN,
            observed_at=now(),
        )
    )
    wait(lambda: page.has_come_to(cursor))
    drawn = (
        "(() => { const fills = new Set(); let crosses = 0;"
        " cop.map.leaflet.eachLayer((layer) => {"
        "  if (layer._crosses) crosses += layer._crosses().length;"
        "  const { fillColor } = layer.options;"
        "  if (fillColor instanceof CanvasPattern) fills.add(fillColor);"
        " }); return fills.size >= 2 && crosses > 3; })()"
    )
    wait(lambda: page.ask(drawn))
