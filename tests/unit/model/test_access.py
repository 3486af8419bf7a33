"""The allow-list: nothing that is not written in it leaves the server."""

from __future__ import annotations

import itertools
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.model.access import ALLOWED, Audience, project
from cop.model.entity import Kind
from cop.model.kinds import KINDS

ALWAYS = {"kind", "version", "fetched_at"}
_words = st.text(max_size=8)
_values: st.SearchStrategy[Any] = st.one_of(
    _words, st.integers(), st.lists(_words, max_size=2), st.dictionaries(_words, _words, max_size=2)
)


@st.composite
def entities(draw: st.DrawFn) -> dict[str, Any]:
    """Make an entity of any kind with fields of any kind, known, unknown and to come."""
    kind = draw(st.sampled_from([*Kind, "secret_kind"]))
    known = sorted({name for model in KINDS.values() for name in model.model_fields})
    names = draw(st.lists(st.sampled_from(known) | _words, unique=True, max_size=25))
    entity = {name: draw(_values) for name in names}
    entity |= {"kind": kind, "id": "x:1"}
    if draw(st.booleans()):
        entity["feed"] = None
    return entity


@given(entity=entities(), audience=st.sampled_from(list(Audience)))
def test_only_listed_fields_leave(entity: dict[str, Any], audience: Audience) -> None:
    """A feature has the members of GeoJSON and, as properties, only what the table names.

    What waits behind another of the same thing is shown to nobody.
    """
    feature = project(entity, version=3, fetched_at="2026-01-01T00:00:00Z", audience=audience)
    rule = ALLOWED[audience].get(entity["kind"])
    if feature is None:
        assert rule is None or not rule[1](entity) or "double_of" in entity
        return
    assert rule is not None
    assert "double_of" not in entity
    assert set(feature) == {"type", "id", "geometry", "properties"}
    assert set(feature["properties"]) <= ALWAYS | rule[0]


@given(entity=entities())
def test_each_audience_sees_no_less_than_the_one_below(entity: dict[str, Any]) -> None:
    """What the public sees responders see, and what responders see command sees."""
    seen = [
        project(entity, version=1, fetched_at="2026-01-01T00:00:00Z", audience=audience)
        for audience in Audience
    ]
    for less, more in itertools.pairwise(seen):
        if less is not None:
            assert more is not None
            assert less["properties"].items() <= more["properties"].items()


@pytest.mark.parametrize("kind", list(Kind))
def test_what_people_made_is_not_public(kind: Kind) -> None:
    """An entity that no feed brought is not shown to the public, our own feed statuses apart."""
    entity = {"kind": kind, "id": "x:1", "title": {"en": "internal"}}
    shown = project(entity, version=1, fetched_at="", audience=Audience.PUBLIC)
    assert (shown is not None) == (kind is Kind.FEED_STATUS)


def test_drills_of_a_publisher_are_not_public() -> None:
    """An alert marked as test or exercise by its publisher never reaches the public."""
    entity = {"kind": "alert", "id": "hko_cap:1", "feed": "hko_cap", "exercise": True}
    assert project(entity, version=1, fetched_at="", audience=Audience.PUBLIC) is None
    assert project(entity, version=1, fetched_at="", audience=Audience.COMMAND) is not None


def test_a_feed_that_was_never_fetched_has_no_time_of_fetching() -> None:
    """The time at which a status was written is not passed off as a successful fetch."""
    entity = {"kind": "feed_status", "id": "feed_status:x", "state": "failing"}
    shown = project(entity, version=1, fetched_at="2026-01-01", audience=Audience.PUBLIC)
    assert shown is not None
    assert "fetched_at" not in shown["properties"]


def test_every_listed_field_exists() -> None:
    """The table names no field that the model does not have: a renamed field would vanish."""
    for rules in ALLOWED.values():
        for kind, (names, _) in rules.items():
            assert names <= set(KINDS[kind].model_fields), kind
    assert orjson.dumps(sorted(ALLOWED)) == b'["command","public","responder"]'
