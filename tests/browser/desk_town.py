"""What the duty desk works with on a made-up evening: teams, tasks, orders, shelters, attention."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from cop.model.entity import Entity, Placing, Severity
from cop.model.geometry import Polygon, point, polygon
from cop.model.kinds import (
    Assignment,
    AssignmentStatus,
    Attention,
    Entry,
    Facility,
    FacilityStatus,
    Forecast,
    Need,
    Order,
    Reason,
    Receipt,
    Resource,
    ResourceStatus,
)
from cop.model.response import OPEN_ASSIGNMENT
from cop.model.text import text

A: Final = AssignmentStatus
_AGENCIES: Final = ("DSD", "FSD", "HYD", "HKPF")
_SKILLS: Final = (
    ("pumping",),
    ("search_rescue", "rope_rescue", "first_aid"),
    ("road_clearing", "tree_clearing"),
    ("traffic_control", "crowd_control"),
)
_STATUSES: Final = (
    ResourceStatus.AVAILABLE,
    ResourceStatus.ASSIGNED,
    ResourceStatus.ASSIGNED,
    ResourceStatus.RESTING,
    ResourceStatus.AVAILABLE,
    ResourceStatus.OUT_OF_SERVICE,
)


def minutes(n: float) -> timedelta:
    """Give a span of *n* minutes."""
    return timedelta(minutes=n)


def area(lon: float, lat: float, half: float = 0.012) -> Polygon:
    """Make a square area around a place."""
    ring = [
        (lon - half, lat - half),
        (lon + half, lat - half),
        (lon + half, lat + half),
        (lon - half, lat + half),
        (lon - half, lat - half),
    ]
    return polygon(ring)


def team(index: int, now: datetime, **fields: Any) -> Resource:
    """Make one team; its agency, skills and status follow from *index*."""
    kind = index % len(_AGENCIES)
    lon, lat = 114.12 + 0.013 * (index % 12), 22.30 + 0.011 * (index % 13)
    values: dict[str, Any] = {
        "resource_type": "vehicle" if index % 9 == 8 else "team",
        "agency": _AGENCIES[kind],
        "status": _STATUSES[index % len(_STATUSES)],
        "skills": _SKILLS[kind],
        "strength": 4 + index % 5,
        "leader": f"Leader {index}",
        "contact": f"Channel {index % 16 + 1}",
        "position_at": None if index % 7 == 6 else now - minutes(1 + index % 20),
        "geometry": point(lon, lat),
        "placing": Placing.GIVEN,
        "area": area(lon, lat) if index % 3 == 0 else None,
        "duty": text(
            "Keep the drains of the district open", "保持區內渠道暢通", "保持区内渠道畅通"
        ),
    }
    return Resource(
        id=f"resource:team-{index}",
        publisher=_AGENCIES[kind],
        title=text(
            f"{_AGENCIES[kind]} team {index}",
            f"{_AGENCIES[kind]} 第 {index} 隊",
            f"{_AGENCIES[kind]} 第 {index} 队",
        ),
        **(values | fields),
    )


def task(index: int, resource: str, status: A, now: datetime, **fields: Any) -> Assignment:
    """Make an assignment that has come to *status*, a few minutes a step."""
    order = [A.ASSIGNED, A.DELIVERED, A.ACKNOWLEDGED, A.EN_ROUTE, A.ON_SCENE, A.COMPLETED]
    steps = {A.ASSIGNED: now - minutes(30)}
    for n, step in enumerate(order[: order.index(status) + 1] if status in order else []):
        steps[step] = now - minutes(30 - 4 * n)
    values: dict[str, Any] = {
        "agency": "DSD",
        "incident": f"incident:{index % 3}",
        "duty": text("Pump out the underpass", "抽走行車隧道積水", "抽走行车隧道积水"),
        "severity": Severity.SEVERE,
        "leader": "Leader 1",
        "due_at": now + minutes(40),
        "steps": steps,
        "warn_at": now + minutes(2),
        "overdue_at": now + minutes(6),
        "geometry": point(114.199, 22.336),
        "placing": Placing.GIVEN,
    }
    return Assignment(
        id=f"assignment:task-{index}",
        publisher="DSD",
        resource=resource,
        status=status,
        **(values | fields),
    )


def tasks(now: datetime) -> Iterator[Assignment]:
    """Give tasks in every state: on time, near the limit, overdue, ended."""
    yield task(0, "resource:team-1", A.ON_SCENE, now)
    yield task(
        1, "resource:team-2", A.ASSIGNED, now, warn_at=now - minutes(3), overdue_at=now + minutes(2)
    )
    yield task(
        2, "resource:team-7", A.EN_ROUTE, now, warn_at=now - minutes(9), overdue_at=now - minutes(4)
    )
    yield task(3, "resource:team-8", A.ACKNOWLEDGED, now)
    yield task(4, "resource:team-1", A.COMPLETED, now)


def shelter(now: datetime, **fields: Any) -> Facility:
    """Make a shelter with a keeper's book that is filling up."""
    counts = (12, 20, 27, 33, 46, 58, 71, 84)
    entries = tuple(
        Entry(
            at=now - minutes(160 - 20 * n),
            occupancy=count,
            change=None if n == 3 else count - counts[n - 1] if n else 12,
        )
        for n, count in enumerate(counts)
    )
    values: dict[str, Any] = {
        "facility_type": "shelter",
        "status": FacilityStatus.OPEN,
        "capacity": 120,
        "occupancy": counts[-1],
        "entries": entries,
        "forecast": Forecast(
            full_at=now + minutes(55),
            earliest=now + minutes(35),
            latest=now + minutes(130),
            rate_per_h=39,
            made_at=now,
            entries=8,
        ),
        "staff": 6,
        "supplies": {"blanket": 40, "meal": 120},
        "access": ("wheelchair", "accessible_toilet"),
        "pets": "caged",
        "contact": "Radio 7",
        "stands_for": "gov_press:shelter:3",
        "asserted_at": now - minutes(4),
        "reporter": "warden",
        "geometry": point(114.045, 22.436),
        "placing": Placing.GIVEN,
    }
    return Facility(
        id="facility:hall",
        publisher="HAD",
        title=text("Yuen Long Town Hall", "元朗大會堂", "元朗大会堂"),
        **(values | fields),
    )


def first_aid_post(now: datetime) -> Facility:
    """Make a first-aid post with a queue."""
    return Facility(
        id="facility:post",
        publisher="FSD",
        title=text("First-aid post, Southorn Playground", "修頓球場急救站", "修顿球场急救站"),
        facility_type="first_aid_post",
        status=FacilityStatus.LIMITED,
        queue={"immediate": 1, "urgent": 4, "delayed": 11, "expectant": 0},
        staff=9,
        asserted_at=now - minutes(7),
        geometry=point(114.173, 22.277),
        placing=Placing.GIVEN,
    )


def orders(now: datetime) -> Iterator[Entity]:
    """Give an order that is partly answered, and one that was taken back."""
    people = ("ho", "lee", "ng", "warden", "yip")
    yield Order(
        id="order:aa11",
        publisher="COP",
        body=text(
            "Leave the slopes below Po Shan Road and report when clear.",
            "離開寶珊道下方斜坡，完成後報告。",
            "离开宝珊道下方斜坡，完成后报告。",
        ),
        severity=Severity.SEVERE,
        addressees=("agency:DSD", "role:warden"),
        recipients=people,
        unreachable=("resource:team-3",),
        issued_by="wong",
        issued_at=now - minutes(14),
        reply_by=now - minutes(2),
    )
    for n, name in enumerate(people[:4]):
        yield Receipt(
            id=f"receipt:aa11/{name}",
            publisher="COP",
            subject="order:aa11",
            recipient=name,
            delivered_at=now - minutes(13),
            read_at=now - minutes(12) if n < 3 else None,
            acknowledged_at=now - minutes(11) if n < 2 else None,
        )
    yield Order(
        id="order:bb22",
        publisher="COP",
        body=text("Open the second hall.", "開放第二個禮堂。", "开放第二个礼堂。"),
        severity=Severity.MINOR,
        addressees=("everyone",),
        recipients=people[:2],
        issued_by="wong",
        issued_at=now - minutes(50),
        cancelled_at=now - minutes(45),
    )


def attention(name: str, reason: Reason, subject: str, now: datetime, **fields: Any) -> Attention:
    """Make one thing to look at."""
    values: dict[str, Any] = {
        "severity": Severity.MODERATE,
        "rank": 40,
        "raised_at": now - minutes(5),
    }
    return Attention(
        id=f"attention:{reason.value}-{name}",
        publisher="COP",
        reason=reason,
        subject=subject,
        **(values | fields),
    )


_QUEUE: Final[tuple[tuple[Reason, str, int, Severity, str | None], ...]] = (
    (Reason.NEW, "incident:2", 30, Severity.MODERATE, None),
    (Reason.OVERDUE, "assignment:task-2", 10, Severity.EXTREME, "DSD"),
    (Reason.UNANSWERED, "order:aa11", 20, Severity.SEVERE, None),
    (Reason.FILLING, "facility:hall", 35, Severity.MODERATE, "HAD"),
    (Reason.CONFLICTING, "facility:hall", 38, Severity.MINOR, "HAD"),
    (Reason.STALE, "feed_status:had_shelters", 60, Severity.MINOR, None),
    (Reason.UNMET, "incident:0", 50, Severity.MINOR, None),
    (Reason.UNVERIFIED, "incident:1", 40, Severity.MODERATE, None),
)


def queue(now: datetime) -> Iterator[Attention]:
    """Give a queue with something of everything: new, taken, put off, cleared."""
    more: dict[Reason, dict[str, Any]] = {
        Reason.UNANSWERED: {
            "taken_by": "lau",
            "taken_at": now - minutes(3),
            "remark": "Called Ho and Yip by radio",
        },
        Reason.FILLING: {"raised_at": now - minutes(12)},
        Reason.UNMET: {"snoozed_until": now + minutes(25)},
        Reason.UNVERIFIED: {
            "raised_at": now - minutes(90),
            "taken_by": "wong",
            "taken_at": now - minutes(85),
            "cleared_at": now - minutes(80),
        },
    }
    for n, (reason, subject, rank, severity, agency) in enumerate(_QUEUE):
        fields = {"rank": rank, "severity": severity, "agency": agency, **more.get(reason, {})}
        yield attention(str(n), reason, subject, now, **fields)


def desk_evening(now: datetime, *, teams: int = 24) -> list[Entity]:
    """Give everything that the desk works with, on top of the evening of `town.py`."""
    work = list(tasks(now))
    held = {one.resource: (one.id,) for one in work if one.status in OPEN_ASSIGNMENT}
    return [
        *(
            team(index, now, assignments=held.get(f"resource:team-{index}", ()))
            for index in range(teams)
        ),
        *work,
        shelter(now),
        first_aid_post(now),
        *orders(now),
        *queue(now),
        Need(
            id="need:n1",
            publisher="HAD",
            subject="facility:hall",
            item="bedding",
            quantity=60,
            fulfilled=20,
            asked_at=now - minutes(40),
            needed_by=now + minutes(50),
            severity=Severity.MODERATE,
        ),
    ]
