"""What makes two reports alike, and what keeps them apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.services.fusion.making import NIGHT, compare, report, score

TREE = "Fallen tree at 123 Nathan Road near Mong Kok MTR Station"


def test_one_place_in_two_languages() -> None:
    """Reports in English and Chinese agree by road and number, whatever else they say."""
    one = report("a", TREE, publisher="FSD")
    other = report("b", "彌敦道123號近旺角港鐵站塌樹", publisher="1823", east=40, precision_m=150)
    assert score(one, other) > 0.95


def test_unknown_likeness_counts_neither_way() -> None:
    """Words in two languages without a name in common are left out of the reckoning."""
    found = compare(report("a", "Tree down, a van is trapped"), report("b", "有貨車被困"))
    assert found is not None
    assert found.words is None
    assert "words" not in found.reasons


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": "Fallen tree at 223 Nathan Road near Mong Kok MTR Station"}, "house"),
        ({"title": "Fallen tree, 123 Argyle Street near Mong Kok MTR Station"}, "road"),
        ({"incident_type": "power_failure"}, "type"),
        ({"east": 160}, "distance"),
        ({"reported_at": NIGHT + timedelta(hours=20)}, "time"),
    ],
)
def test_evidence_against(change: dict[str, object], reason: str) -> None:
    """Another number, another road, another kind of thing, far away or late: each counts."""
    one = report("a", TREE, precision_m=60)
    same = compare(one, report("b", title=TREE, precision_m=60))
    other = compare(one, report("b", **({"title": TREE, "precision_m": 60} | change)))
    assert same is not None
    assert other is not None
    assert other.reasons[reason] < min(0.0, same.reasons.get(reason, 0.0))
    assert other.score < same.score


def test_the_other_bound() -> None:
    """What is on the other carriageway is another thing."""
    here = report("a", "Accident, Fanling Highway northbound", incident_type="traffic_accident")
    there = report(
        "b", "粉嶺公路南行交通意外", incident_type="traffic_accident", east=30, minutes=10
    )
    assert score(here, there) < 0.4 < score(here, here.model_copy(update={"id": "incident:c"}))


def test_lamp_posts_decide() -> None:
    """The same post is the same place even when one position is wrong; another post is not."""
    one = report("a", "Tree down, lamp post AB1234")
    assert score(one, report("b", "塌樹 燈柱AB1234", east=400, precision_m=150)) > 0.5
    assert score(one, report("b", "塌樹 燈柱AB1236", east=30)) < score(one, report("c", east=30))


def test_exact_places_apart() -> None:
    """Two trees 60 m apart in one street, both placed exactly, are two trees."""
    words = "Fallen tree, Nathan Road"
    assert score(report("a", words), report("b", words, east=60)) < 0.5
    assert score(report("a", words), report("b", words, east=8)) > 0.8


def test_kin_types() -> None:
    """A blocked road may be the fallen tree; a power failure is not."""
    tree, road = report("a", TREE), report("b", TREE, incident_type="road_blockage")
    assert score(tree, road) > score(tree, report("c", TREE, incident_type="power_failure"))


def test_only_the_district_is_known() -> None:
    """Without a place only words can match: the same address does, the same district does not."""
    vague = {"geometry": None, "placing": "district", "precision_m": None}
    one = report("a", "Tree down at 123 Nathan Road", **vague)
    assert score(one, report("b", "彌敦道123號塌樹", **vague)) > 0.8
    assert score(one, report("b", "塌樹", **vague)) < 0.5
    away = vague | {"district": "EST"}
    here = score(one, report("b", "彌敦道塌樹", **vague))
    assert score(one, report("b", "彌敦道塌樹", **away)) < 0.5 < here


def test_one_publisher_twice() -> None:
    """Two numbers of one department raise the bar; a hotline speaks for many callers."""

    def both(publisher: str) -> float:
        first, second = (
            report(name, TREE, publisher=publisher, number=name, precision_m=100) for name in "ab"
        )
        return score(first, second)

    assert both("DSD") < both("1823")


def test_a_part_is_not_its_major_incident() -> None:
    """What a person made part of a major incident is never taken for it."""
    major = report("a", TREE)
    assert compare(major, report("b", TREE, parent=major.id)) is None


def test_far_apart_in_time() -> None:
    """What happened days ago is not compared."""
    later = report("b", TREE, reported_at=NIGHT + timedelta(days=2))
    assert compare(report("a", TREE), later) is None


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-500, 500),
    st.sampled_from([None, 10.0, 150.0, 2_500.0, 90_000.0]),
    st.sampled_from(["", TREE, "彌敦道塌樹", "Flood at Fuk Wing Street", "福榮街8號"]),
    st.sampled_from(["given", "landmark", "road", "district", "unplaced"]),
)
def test_comparing_is_symmetric(
    east: int, precision: float | None, words: str, placing: str
) -> None:
    """It makes no difference which of two reports came first, and a score is a probability."""
    one = report("a", TREE)
    other = report("b", words or "x", east=east, precision_m=precision, placing=placing)
    there, back = compare(one, other), compare(other, one)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there.logit == pytest.approx(back.logit)
        assert 0 <= there.score <= 1
