"""What one team in the rain has before it: a task at an incident, orders, and an area around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from cop.model.entity import Certainty, Entity, Placing, Severity, Urgency
from cop.model.geometry import LineString, point, polygon
from cop.model.kinds import (
    Alert,
    Assignment,
    AssignmentStatus,
    Facility,
    FacilityStatus,
    Incident,
    IncidentStatus,
    Order,
    Resource,
    ResourceStatus,
    Road,
    RoadStatus,
)
from cop.model.response import Casualties, Methane
from cop.model.text import text

TEAM: Final = "resource:pump-1"
OTHER_TEAM: Final = "resource:pump-2"
TASK: Final = "assignment:flood"
INCIDENT: Final = "incident:flood"
ORDER: Final = "order:slopes"
ROLL_CALL: Final = "order:roll"
MEMBER: Final = "ho"
SPOT: Final = (114.1990, 22.3360)
HERE: Final = (114.1930, 22.3300)


def _minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def team(**fields: Any) -> Resource:
    """Make the team that the member belongs to."""
    lon, lat = SPOT
    half = 0.012
    values: dict[str, Any] = {
        "id": TEAM,
        "title": text("DSD pump team 1", "渠務署抽水一隊", "渠务署抽水一队"),
        "assignments": (TASK,),
        "status": ResourceStatus.ASSIGNED,
        "area": polygon(
            [
                (lon - half, lat - half),
                (lon + half, lat - half),
                (lon + half, lat + half),
                (lon - half, lat + half),
                (lon - half, lat - half),
            ]
        ),
    }
    return Resource(
        **{
            "publisher": "DSD",
            "agency": "DSD",
            "resource_type": "team",
            "strength": 6,
            "leader": "Leader Chan",
            "contact": "9123 4567",
            "geometry": point(*HERE),
            "placing": Placing.GIVEN,
            **values,
            **fields,
        }
    )


def task(now: datetime, **fields: Any) -> Assignment:
    """Make the team's task, given four minutes ago."""
    values: dict[str, Any] = {
        "id": TASK,
        "publisher": "DSD",
        "resource": TEAM,
        "agency": "DSD",
        "incident": INCIDENT,
        "duty": text(
            "Pump out the Choi Hung underpass", "抽走彩虹行車隧道積水", "抽走彩虹行车隧道积水"
        ),
        "status": AssignmentStatus.ASSIGNED,
        "severity": Severity.SEVERE,
        "leader": "Leader Chan",
        "contact": "9123 4567",
        "due_at": now + _minutes(25),
        "steps": {AssignmentStatus.ASSIGNED: now - _minutes(4)},
        "overdue_at": now + _minutes(6),
        "geometry": point(*SPOT),
        "placing": Placing.GIVEN,
        "place": text("Lung Cheung Road underpass", "龍翔道行車隧道", "龙翔道行车隧道"),
    }
    return Assignment(**(values | fields))


def flood(now: datetime) -> Incident:
    """Make the incident of the task, with hazards and a way in."""
    return Incident(
        id=INCIDENT,
        publisher="COP",
        title=text("Underpass flooded", "行車隧道水浸", "行车隧道水浸"),
        incident_type="flooding",
        status=IncidentStatus.RESPONDING,
        severity=Severity.SEVERE,
        verified=True,
        number="K-017",
        geometry=point(*SPOT),
        placing=Placing.GIVEN,
        reported_at=now - _minutes(12),
        casualties=Casualties(trapped=2),
        methane=Methane(
            hazards="Live cable at the east end",
            access="From Clear Water Bay Road only",
            location="Under the flyover, lane 2",
        ),
    )


def surroundings(now: datetime) -> Iterator[Entity]:
    """Give what is around: a slope, a closed road, a shelter, a post, a hospital, a warning."""
    lon, lat = SPOT
    given: dict[str, Any] = {"placing": Placing.GIVEN}
    yield Incident(
        id="incident:slope",
        publisher="COP",
        title=text("Landslide below Fei Ngo Shan Road", "飛鵝山道山泥傾瀉", "飞鹅山道山泥倾泻"),
        incident_type="landslide",
        status=IncidentStatus.REPORTED,
        severity=Severity.EXTREME,
        geometry=polygon(
            [
                (lon + 0.004, lat + 0.003),
                (lon + 0.010, lat + 0.003),
                (lon + 0.010, lat + 0.008),
                (lon + 0.004, lat + 0.008),
                (lon + 0.004, lat + 0.003),
            ]
        ),
        reported_at=now - _minutes(8),
        **given,
    )
    yield Road(
        id="td_traffic_news:kct",
        feed="td_traffic_news",
        publisher="TD",
        title=text("Kwun Tong Road closed", "觀塘道封閉", "观塘道封闭"),
        road=text("Kwun Tong Road", "觀塘道", "观塘道"),
        status=RoadStatus.CLOSED,
        cause="flooding",
        geometry=LineString(
            type="LineString", coordinates=((lon - 0.006, lat - 0.004), (lon + 0.006, lat - 0.003))
        ),
        observed_at=now - _minutes(6),
        **given,
    )
    yield from havens(now)
    yield Alert(
        id="hko_warnings:WRAINB",
        feed="hko_warnings",
        publisher="HKO",
        title=text("Black Rainstorm Warning Signal", "黑色暴雨警告信號", "黑色暴雨警告信号"),
        event_type="rainstorm",
        signal="WRAINB",
        severity=Severity.EXTREME,
        urgency=Urgency.IMMEDIATE,
        certainty=Certainty.OBSERVED,
        issued_at=now - _minutes(20),
        expires_at=now + _minutes(120),
    )


def havens(now: datetime) -> Iterator[Facility]:
    """Give the places to go to: a shelter, a first-aid post and a hospital."""
    lon, lat = SPOT
    places = (
        ("hall", "shelter", "Choi Hung community hall", "彩虹社區會堂", -0.004, 0.002),
        ("post", "first_aid_post", "First-aid post, Ping Shek", "坪石急救站", 0.003, -0.002),
        ("ward", "hospital", "Kwong Wah A&E", "廣華醫院急症室", -0.012, -0.010),
    )
    for name, kind, en, tc, east, north in places:
        yield Facility(
            id=f"facility:{name}",
            publisher="HAD",
            title=text(en, tc, tc),
            facility_type=kind,
            status=FacilityStatus.OPEN,
            capacity=120,
            occupancy=45,
            asserted_at=now - _minutes(5),
            geometry=point(lon + east, lat + north),
            placing=Placing.GIVEN,
        )


def order(now: datetime, **fields: Any) -> Order:
    """Make an order to the member that waits for an acknowledgement."""
    values: dict[str, Any] = {
        "id": ORDER,
        "publisher": "COP",
        "body": text(
            "Leave the slopes below Fei Ngo Shan Road.",
            "離開飛鵝山道下方斜坡。",
            "离开飞鹅山道下方斜坡。",
        ),
        "severity": Severity.SEVERE,
        "addressees": ("agency:DSD",),
        "recipients": (MEMBER,),
        "issued_by": "wong",
        "issued_at": now - _minutes(2),
        "reply_by": now + _minutes(8),
    }
    return Order(**(values | fields))


def roll_call(now: datetime, **fields: Any) -> Order:
    """Make a roll call that asks the member."""
    words = text("Are you all safe?", "你們是否全員平安？", "你们是否全员平安？")
    return order(now, **({"id": ROLL_CALL, "body": words, "asks": "all_safe"} | fields))


def shift(now: datetime) -> list[Entity]:
    """Give a team, its task and what is around it; no order yet."""
    return [
        team(),
        team(
            id=OTHER_TEAM,
            title=text("DSD pump team 2", "渠務署抽水二隊", "渠务署抽水二队"),
            assignments=(),
            status=ResourceStatus.AVAILABLE,
            leader="Leader Lee",
        ),
        task(now),
        flood(now),
        *surroundings(now),
    ]
