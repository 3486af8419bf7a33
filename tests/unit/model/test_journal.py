from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cop.model.journal import Deed, difference, revert
from tests.deeds import a_deed

_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.text("a水", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=3)
    ),
    max_leaves=5,
)
_ENTITY = st.dictionaries(st.sampled_from("abcdef"), _VALUE).map(
    lambda fields: {"kind": "note", "id": "note:1"} | fields
)

_at_any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def as_json(value: Any) -> str:
    """Give a value as text in which 1, 1.0 and true are three things."""
    return json.dumps(value, sort_keys=True)


@_at_any_speed
@given(before=st.none() | _ENTITY, after=st.none() | _ENTITY)
def test_reverting_a_change_gives_what_was(
    before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    """Whatever was changed, made or removed: reverting gives the entity as it was."""
    assume(before is not None or after is not None)
    was, became = difference(before, after)
    assert as_json(revert(after or {}, was, became)) == as_json(before)
    assert as_json(revert(before or {}, became, was)) == as_json(after)


@_at_any_speed
@given(before=_ENTITY, after=_ENTITY)
def test_only_what_differs_is_told(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The two sides hold exactly the fields that are not the same on both."""
    was, became = difference(before, after)
    differing = {
        name
        for name in before.keys() | after.keys()
        if name not in before or name not in after or as_json(before[name]) != as_json(after[name])
    }
    assert was.keys() | became.keys() == differing
    assert all(before[name] is value for name, value in was.items())
    assert all(after[name] is value for name, value in became.items())


@_at_any_speed
@given(before=_ENTITY, after=_ENTITY, other=_VALUE)
def test_reverting_leaves_what_others_changed(
    before: dict[str, Any], after: dict[str, Any], other: Any
) -> None:
    """A field that the change did not touch keeps what somebody else put there since."""
    was, became = difference(before, after)
    now = after | {"z": other}
    assert as_json(revert(now, was, became)) == as_json(before | {"z": other})


def test_a_deed_is_read_as_it_was_written() -> None:
    """The JSON of a deed has the fields of the journal, in one order, and reads back the same."""
    deed = a_deed(reason="高水位", key="k-1", undoable=True)
    said = json.loads(deed.encode())
    assert list(said) == [
        *("at", "wall_at", "who", "from", "action", "id", "reason", "key", "undoable", "changes")
    ]
    assert said["from"] == {"address": "192.0.2.7", "entrance": "api"}
    assert said["at"] == "2026-09-08T09:01:00Z"
    assert list(said["changes"][0]) == ["id", "kind", "version", "before", "after"]
    assert Deed.decode(deed.encode()) == deed
    assert Deed.decode(deed.encode()).encode() == deed.encode()


def test_what_is_not_set_is_not_written() -> None:
    """Key and undoable stand only where they say something; id and reason always."""
    said = json.loads(a_deed(id=None).encode())
    assert said["id"] is said["reason"] is None
    assert "key" not in said
    assert "undoable" not in said


def test_what_is_shown_has_no_key() -> None:
    """The idempotency key is kept, not shown; the rest is the JSON that was written."""
    deed = a_deed(key="k-1")
    assert deed.shown() == {
        name: value for name, value in json.loads(deed.encode()).items() if name != "key"
    }


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    """An entry written by a newer version is still readable."""
    newer = json.dumps(json.loads(a_deed().encode()) | {"mood": "calm"}).encode()
    assert Deed.decode(newer) == a_deed()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"at":1}', b"\xff"])
def test_what_is_no_deed_is_refused(body: bytes) -> None:
    """Bytes that are no deed are one kind of error."""
    with pytest.raises(ValueError):
        Deed.decode(body)
