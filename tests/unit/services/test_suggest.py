from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.model.geometry import Position, point, polygon
from cop.model.kinds import IncidentType, Resource, ResourceStatus
from cop.model.response import SKILLS
from cop.services.suggest import WANTED, Candidate, great_circle_m, middle, suggest

NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)
PLACE = point(114.17, 22.32)


def a_candidate(name: str, at: Position | None = (114.17, 22.32), **fields: Any) -> Candidate:
    """Make a candidate for a flood."""
    version = fields.pop("version", 1)
    values = {"status": "available", "skills": ("pumping",), "position_at": NOON, **fields}
    resource = Resource(
        id=f"resource:{name}",
        publisher="DSD",
        agency="DSD",
        resource_type="team",
        geometry=None if at is None else point(*at),
        **values,
    )
    return Candidate(resource, version)


def ranked(*candidates: Candidate, kind: str = "flooding") -> list[str]:
    """Give the names of those suggested, best first."""
    found = suggest(candidates, kind, PLACE, NOON)
    return [one.resource.removeprefix("resource:") for one in found]


def test_every_type_has_a_row() -> None:
    """Each type of incident says which skills it wants, and only skills there are."""
    assert WANTED.keys() == set(get_args(IncidentType))
    assert {skill for row in WANTED.values() for skill in row} <= set(SKILLS)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((114.17, 22.32), (114.17, 22.32), 0),
        ((0, 0), (0, 1), 111_195),
        ((0, 0), (180, 0), 20_015_114),
        ((114.1694, 22.3193), (113.5439, 22.1987), 65_730),
    ],
)
def test_great_circle(one: Position, other: Position, metres: float) -> None:
    """Distances are those over the globe, to a part in a thousand."""
    assert great_circle_m(one, other) == pytest.approx(metres, rel=1e-3, abs=1)


def test_goes_to_the_middle_of_an_area() -> None:
    """To an area one goes to the middle; to nowhere, nowhere."""
    square = polygon([(114.0, 22.0), (114.2, 22.0), (114.2, 22.2), (114.0, 22.2)])
    assert middle(square) == pytest.approx((114.1, 22.1))
    assert middle(None) is None


def test_says_why() -> None:
    """Each suggestion tells how far, how old that is, which skills, and what else it has to do."""
    candidate = a_candidate(
        "a",
        (114.18, 22.32),
        skills=("boat", "road_clearing", "pumping"),
        position_at=NOON - timedelta(minutes=3),
        version=7,
    )
    (one,) = suggest([candidate], "flooding", PLACE, NOON, loads={"resource:a": 2})
    members = one.members()
    score = members.pop("score")
    assert members == {
        "resource": "resource:a",
        "version": 7,
        "distance_m": 1029,
        "skills": ("pumping", "road_clearing"),
        "load": 2,
        "position_age_s": 180,
    }
    assert 0 < score <= 1


@pytest.mark.parametrize(
    ("fields", "suggested"),
    [
        ({}, True),
        ({"status": "assigned"}, False),
        ({"status": "resting"}, False),
        ({"status": "out_of_service"}, False),
        ({"skills": ("boat",)}, False),
        ({"skills": ()}, False),
        ({"skills": ("water_rescue",)}, True),
        ({"at": None}, True),
    ],
)
def test_only_who_is_free_and_suitable(fields: dict[str, Any], suggested: bool) -> None:
    """Available, and with one of the skills that the incident wants."""
    assert bool(ranked(a_candidate("a", **fields))) is suggested


def test_other_wants_anybody() -> None:
    """Where no skill is named every free resource is suitable."""
    assert ranked(a_candidate("a", skills=()), kind="other") == ["a"]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"at": (114.18, 22.32)}, {"at": (114.20, 22.32)}),
        ({"skills": ("pumping", "road_clearing")}, {"skills": ("pumping",)}),
        ({"strength": 8}, {"strength": 2}),
        ({"at": (114.4, 22.5)}, {"at": None}),
        ({"at": (114.18, 22.32)}, {"at": (114.30, 22.32), "skills": ("pumping", "road_clearing")}),
    ],
)
def test_what_counts(better: dict[str, Any], worse: dict[str, Any]) -> None:
    """Nearer, more skills, less to do, more people; a place unknown is never nearer."""
    assert ranked(a_candidate("a", **worse), a_candidate("b", **better)) == ["b", "a"]


def test_who_has_less_to_do_goes_first() -> None:
    """Of two alike, the one with fewer open tasks and proposals."""
    loads = {"resource:a": 1}
    found = suggest([a_candidate("a"), a_candidate("b")], "flooding", PLACE, NOON, loads=loads)
    assert [(one.resource, one.load) for one in found] == [("resource:b", 0), ("resource:a", 1)]


def test_as_many_as_asked_for() -> None:
    """The limit holds, and equals come in a steady order."""
    many = [a_candidate(f"r{n:02}") for n in range(30)]
    random.Random(1).shuffle(many)
    found = suggest(many, "flooding", PLACE, NOON, limit=5)
    assert [one.resource for one in found] == [f"resource:r{n:02}" for n in range(5)]


def test_without_a_place_skills_decide() -> None:
    """An incident that is not placed gives no distances, and still suggestions."""
    found = suggest(
        [a_candidate("a"), a_candidate("b", skills=("pumping", "water_rescue"))],
        "flooding",
        None,
        NOON,
    )
    assert [(one.resource, one.distance_m) for one in found] == [
        ("resource:b", None),
        ("resource:a", None),
    ]


_places = st.tuples(st.floats(113.8, 114.5), st.floats(22.1, 22.6))


@given(near=_places, far=_places, load=st.integers(0, 5), strength=st.integers(0, 50))
def test_closer_is_never_worse(near: Position, far: Position, load: int, strength: int) -> None:
    """All else equal, whoever is closer has no lower score and is not named later."""
    target = middle(PLACE)
    assert target is not None
    near, far = sorted([near, far], key=lambda at: great_circle_m(middle(point(*at)) or at, target))
    found = suggest(
        [a_candidate("far", far, strength=strength), a_candidate("near", near, strength=strength)],
        "flooding",
        PLACE,
        NOON,
        loads={"resource:far": load, "resource:near": load},
    )
    scores = {one.resource: one for one in found}
    closer, farther = scores["resource:near"], scores["resource:far"]
    assert closer.score >= farther.score
    if closer.distance_m != farther.distance_m:
        assert found[0] is closer


@given(
    status=st.sampled_from(list(ResourceStatus)),
    skills=st.lists(st.sampled_from(SKILLS), unique=True, max_size=6),
    load=st.integers(0, 100),
    strength=st.none() | st.integers(0, 1000),
    at=st.none() | _places,
    kind=st.sampled_from(sorted(WANTED)),
)
def test_scores_lie_between_nothing_and_one(
    *,
    status: ResourceStatus,
    skills: list[str],
    load: int,
    strength: int | None,
    at: Position | None,
    kind: str,
) -> None:
    """Whatever a resource is, its score is 0 to 1, and its skills are of those wanted."""
    one = a_candidate("a", at, status=status, skills=skills, strength=strength)
    for found in suggest([one], kind, PLACE, NOON, loads={"resource:a": load}):
        assert 0 <= found.score <= 1
        assert set(found.skills) <= set(skills) & set(WANTED[kind])
        assert status is ResourceStatus.AVAILABLE
