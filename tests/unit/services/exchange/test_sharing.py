"""What leaves for a partner: the rules as tables, and that nothing else ever does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.model.access import ALLOWED, Audience
from cop.model.entity import Kind
from cop.model.kinds import KINDS
from cop.services.exchange import shareable
from cop.services.exchange.partners import PartnerPlan
from cop.services.exchange.sharing import Terms, Wanted, in_areas
from tests.unit.services.exchange.network import NOW

BOX = (114.0, 22.4, 114.3, 22.6)
IN = {"type": "Point", "coordinates": [114.1, 22.5]}
OUT = {"type": "Point", "coordinates": [114.1, 22.2]}
ACROSS = {"type": "LineString", "coordinates": [[114.1, 22.2], [114.1, 22.5]]}
PERSONAL = (
    *("author", "reporter", "leader", "contact", "released_by", "acknowledged_by", "attachments"),
    *("reported_by", "camera", "assignments", "entries", "original"),
)


def a_plan(**fields: Any) -> PartnerPlan:
    """Make a partner that gets incidents and drawings near the border."""
    values = {
        "id": "gd",
        "title": {"en": "GD", "zh-Hant": "GD", "zh-Hans": "GD"},
        "installation": "gd-cop",
        "account": "gd",
        "agreement": {"number": "N 1", "since": NOW, "until": NOW + timedelta(days=1)},
        "shares": {"kinds": ["incident", "note"], "areas": [BOX]},
        "takes": {"kinds": ["incident"], "areas": [BOX]},
        **fields,
    }
    return PartnerPlan.model_validate(values)


def a_feature(geometry: Any = IN, **properties: Any) -> dict[str, Any]:
    """Make an incident near the border as responders see it."""
    said = {"kind": "incident", "publisher": "DSD", "feed": None, **properties}
    return {"type": "Feature", "id": "incident:1", "geometry": geometry, "properties": said}


@pytest.mark.parametrize(
    ("feature", "goes"),
    [
        pytest.param(a_feature(), True, id="agreed"),
        pytest.param(a_feature(ACROSS), True, id="reaches into the area"),
        pytest.param(a_feature(OUT), False, id="elsewhere"),
        pytest.param(a_feature(None), False, id="nowhere"),
        pytest.param(a_feature(kind="road"), False, id="kind not agreed"),
        pytest.param(a_feature(kind="order"), False, id="kind never shared"),
        pytest.param(a_feature(kind="note", topic="drawing"), True, id="drawing"),
        pytest.param(a_feature(kind="note", topic="remark"), False, id="remark"),
        pytest.param(a_feature(origin="gd-cop", feed="partner_gd"), False, id="theirs"),
        pytest.param(a_feature(origin="gd-cop", feed="partner_sz"), False, id="theirs by another"),
        pytest.param(
            a_feature(origin="mo-cop", via=["gd-cop"], feed="partner_sz"), False, id="came by them"
        ),
        pytest.param(a_feature(origin="sz-cop", feed="partner_sz"), True, id="may go on"),
        pytest.param(a_feature(origin="mo-cop", feed="partner_mo"), False, id="may not go on"),
        pytest.param(a_feature(inside=True, feed="cap_x"), False, id="given under terms"),
    ],
)
def test_who_gets_what(feature: dict[str, Any], goes: bool) -> None:
    """Kind, area, origin and the terms it came under all decide; each alone keeps it here."""
    terms = Terms(a_plan(), "hk-cop", frozenset({"partner_sz"}))
    assert terms.gives(feature) is goes


def test_only_named_publishers() -> None:
    """Where an agreement names publishers, what others publish stays here."""
    plan = a_plan(shares={"kinds": ["incident"], "areas": "all", "publishers": ["HKO"]})
    terms = Terms(plan, "hk-cop")
    assert not terms.gives(a_feature())
    assert terms.gives(a_feature(publisher="HKO"))


@pytest.mark.parametrize(
    ("areas", "geometry", "district", "lies"),
    [
        pytest.param("all", None, None, True, id="everywhere"),
        pytest.param((BOX,), IN, None, True, id="in a box"),
        pytest.param((BOX,), OUT, "WCH", False, id="in no box"),
        pytest.param(("NTH",), IN, None, True, id="in a district by its outline"),
        pytest.param(("NTH",), None, "NTH", True, id="in a district as said"),
        pytest.param(("WCH", BOX), IN, None, True, id="in one of several"),
        pytest.param((BOX,), {"type": "Polygon", "coordinates": []}, None, False, id="no shape"),
        pytest.param((BOX,), {"type": "Circle"}, None, False, id="unknown shape"),
    ],
)
def test_areas(areas: Any, geometry: Any, district: str | None, lies: bool) -> None:
    """A place is in an area where it touches it; where nobody can tell, it is not."""
    plan = a_plan(shares={"kinds": ["incident"], "areas": areas})
    assert in_areas(plan.shares.areas, geometry, district) is lies


def test_the_table_names_what_responders_see() -> None:
    """Every field that may be shared is one that responders see, and is of nobody's own."""
    for kind, names in shareable.FIELDS.items():
        assert names <= set(KINDS[kind].model_fields), kind
        assert names <= ALLOWED[Audience.RESPONDER][kind][0], kind
        assert not names & set(PERSONAL), kind
    never = {Kind.ORDER, Kind.RECEIPT, Kind.POSITION, Kind.ASSIGNMENT, Kind.MESSAGE, Kind.DRAFT}
    assert not never & shareable.KINDS


_WORDS = st.text(max_size=5)


@given(
    st.sampled_from([*shareable.KINDS]),
    st.dictionaries(
        st.sampled_from([*PERSONAL, "title", "status", "feed", "inside", "secret", "version"]),
        _WORDS,
    ),
)
def test_nothing_outside_the_table_leaves(kind: Kind, said: dict[str, str]) -> None:
    """Whatever a feature holds, only the fields of the table, kind, time and way go out."""
    feature = {
        "type": "Feature",
        "id": "x:1",
        "geometry": None,
        "properties": {**said, "kind": kind},
    }
    out = shareable.shared_feature(feature)
    allowed = shareable.FIELDS[kind] | {"kind", "fetched_at", "origin", "via"}
    assert set(out["properties"]) <= allowed
    assert set(out) == {"type", "id", "geometry", "properties"}


@pytest.mark.parametrize(
    ("origin", "via", "taken"),
    [
        pytest.param("gd-cop", (), True, id="their own"),
        pytest.param("mo-cop", ("gd-cop",), True, id="passed on"),
        pytest.param("hk-cop", ("gd-cop",), False, id="ours"),
        pytest.param("mo-cop", ("hk-cop", "gd-cop"), False, id="came by us"),
        pytest.param("sz-cop", ("gd-cop",), False, id="of one that we fetch from ourselves"),
        pytest.param("mo-cop", tuple(f"x{n}" for n in range(9)), False, id="a long way"),
    ],
)
def test_what_is_taken(origin: str, via: tuple[str, ...], taken: bool) -> None:
    """Nothing of ours comes back, and nothing comes by two ways from one that we ask ourselves."""
    wanted = Wanted(a_plan(), "hk-cop", frozenset({"gd-cop", "sz-cop"}))
    assert (wanted.refuses_way(origin, via) == "") is taken


def test_other_terms_have_another_fingerprint(tmp_path: Path) -> None:
    """Whatever changes what a partner may get changes the fingerprint, and so begins anew."""
    prints = {
        Terms(a_plan(), "hk-cop").fingerprint(),
        Terms(a_plan(), "hk").fingerprint(),
        Terms(a_plan(onward=True), "hk-cop").fingerprint(),
        Terms(a_plan(), "hk-cop", frozenset({"partner_sz"})).fingerprint(),
        Terms(a_plan(shares={"kinds": ["incident"]}), "hk-cop").fingerprint(),
        Terms(a_plan(installation="gd2"), "hk-cop").fingerprint(),
    }
    assert len(prints) == 6
    assert Terms(a_plan(title=a_plan().title | {"en": "X"}), "hk-cop").fingerprint() in prints
    assert orjson.dumps(sorted(prints))
