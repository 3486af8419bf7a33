"""HAVE: hospitals by the schema of 1.0, every facility in the words of 2.0."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cop.formats.edxl.have import (
    CT,
    HAVE,
    HAVE2,
    UNCHECKED,
    Site,
    read_have,
    write_have,
    write_have2,
)
from cop.formats.edxl.tree import Party, encode
from cop.formats.payload import read_xml
from tests.unit.formats.edxl.schemas import assert_fits, have_schema

_at_any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = datetime(2026, 9, 7, 15, 6, tzinfo=UTC)
LEI = "00EXAMPLE00000000159"
POINT = {"type": "Point", "coordinates": [114.17, 22.31]}


def site(**changes: Any) -> Site:
    """Make a hospital; keywords override its fields."""
    fields: dict[str, Any] = {
        "id": "ha_waiting:QEH",
        "type": "hospital",
        "names": {"en": "Queen Elizabeth Hospital", "zh-Hant": "伊利沙伯醫院"},
        "address": {"en": "30 Gascoigne Road"},
        "status": "limited",
        "updated": NOW,
        "provider": Party("Hospital Authority", LEI),
        "geometry": POINT,
        "queue": {"immediate": 1, "urgent": 4, "delayed": 9, "expectant": 2},
        "notes": ("Waiting time, category 3: 90 min",),
    }
    return Site(**(fields | changes))


STATUSES = ("open", "limited", "full", "closed", "standby", "unknown")


@_at_any_speed
@given(
    st.sampled_from(STATUSES),
    st.dictionaries(
        st.sampled_from(["immediate", "urgent", "delayed", "expectant"]), st.integers(0, 9999)
    ),
    st.text(min_size=1, max_size=40),
)
def test_a_hospital_follows_the_schema(status: str, queue: dict[str, int], name: str) -> None:
    """Whatever a hospital's state, its report is what OASIS' schema says."""
    wanted = have_schema()
    given_ = site(status=status, queue=queue, names={"en": name}, notes=(name,))
    assert_fits(encode(write_have([given_, site(geometry=None, address={})])), wanted)


def test_what_is_written_is_read_again() -> None:
    """Name, id, state, time and place come out as they went in; the waits stand in words."""
    [report], defects = read_have(read_xml(encode(write_have([site()]))))
    assert defects == []
    assert (report.id, report.name, report.status) == (
        "ha_waiting:QEH",
        "Queen Elizabeth Hospital",
        "Advisory",
    )
    assert report.updated == NOW
    assert report.geometry == POINT
    assert "Waiting time, category 3: 90 min" in report.comments
    assert f"Provided by Hospital Authority, LEI {LEI}" in report.comments
    assert "Waiting, expectant: 2" in report.comments


def test_those_expected_to_die_are_not_counted_as_dead() -> None:
    """HAVE's black is for the dead; we have no such count, and make none up."""
    body = encode(write_have([site()]))
    codes = read_xml(body).iter(f"{{{HAVE}}}TriageCodeValue")
    assert [code.text for code in codes] == ["Red", "Yellow", "Green"]


def test_an_unknown_state_is_said_nowhere() -> None:
    """A state that nobody knows is left out: it is not `Normal`."""
    body = encode(write_have([site(status="unknown", queue={}, notes=())]))
    assert b"EMSTrafficStatus" not in body
    assert b"EmergencyDepartmentStatus" not in body


def test_shelters_are_told_in_the_words_of_the_second_version() -> None:
    """A shelter's state, room and place are told, and that no schema has checked it."""
    shelter = site(
        id="facility:1", type="shelter", status="open", capacity=120, occupancy=130, queue={}
    )
    body = encode(write_have2([shelter]))
    assert UNCHECKED.encode() in body
    root = read_xml(body)
    assert root.findtext(f".//{{{HAVE2}}}availableCount") == "0"
    assert root.findtext(f".//{{{CT}}}Value") == "green"
    [report], defects = read_have(root)
    assert defects == []
    assert (report.id, report.name, report.status) == (
        "facility:1",
        "Queen Elizabeth Hospital",
        "green",
    )
    assert report.geometry == POINT
    assert {"Status: open", "People there: 130"} <= set(report.comments)


@pytest.mark.parametrize("write", [write_have, write_have2], ids=["first", "second"])
def test_a_report_on_nothing_is_none(write: Any) -> None:
    """Without a facility there is no document: the schema wants one at least."""
    with pytest.raises(ValueError, match="to report on"):
        write([])


def test_what_others_leave_out_is_told() -> None:
    """A hospital without name and time is read, and both are told."""
    body = f'<HospitalStatus xmlns="{HAVE}"><Hospital/></HospitalStatus>'.encode()
    [report], defects = read_have(read_xml(body))
    assert report.name == ""
    assert len(defects) == 2


def test_a_place_that_is_not_on_earth_is_none() -> None:
    """Coordinates that cannot be are left out."""
    body = encode(write_have([site()])).replace(b"22.310000 114.170000", b"NaN 9e99")
    [report], _ = read_have(read_xml(body))
    assert report.geometry is None
