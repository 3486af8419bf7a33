"""The `datetime` parameter, and when a feature is."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.errors import Invalid
from cop.model.entity import Kind
from cop.model.kinds import KINDS
from cop.services.features.times import WHEN, iso, meets, parse_datetime, span_of

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("2026-09-07T12:00:00Z", (NOON, NOON)),
        ("2026-09-07T20:00:00+08:00", (NOON, NOON)),
        ("2026-09-07t12:00:00z", (NOON, NOON)),
        ("2026-09-07T12:00:00.250Z", (NOON + 0.25, NOON + 0.25)),
        ("2026-09-07T11:59:60Z", (NOON, NOON)),
        ("2026-09-07T12:00:00Z/2026-09-07T13:00:00Z", (NOON, NOON + 3600)),
        ("2026-09-07T12:00:00Z/..", (NOON, math.inf)),
        ("../2026-09-07T12:00:00Z", (-math.inf, NOON)),
        ("2026-09-07T12:00:00Z/", (NOON, math.inf)),
        ("/2026-09-07T12:00:00Z", (-math.inf, NOON)),
        ("2026-09-07T12:00:00Z/PT1H", (NOON, NOON + 3600)),
        ("P1DT1M/2026-09-07T12:00:00Z", (NOON - 86460, NOON)),
        ("0000-01-01T00:00:00Z/2026-09-07T12:00:00Z", (-62_167_219_200.0, NOON)),
    ],
)
def test_moments_and_intervals_are_read(words: str, span: tuple[float, float]) -> None:
    """Moments of RFC 3339 in any zone, intervals of two, open at either end, durations."""
    assert parse_datetime(words) == span


def test_a_date_is_its_whole_day() -> None:
    """A full date meets everything on that day in UTC, and nothing of the next."""
    day = parse_datetime("2026-09-07")
    assert meets((NOON, NOON), day)
    assert not meets((NOON + 43200, NOON + 43200), day)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "/",
        "../..",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-02-30",
        "0000-02-30T00:00:00Z",
        "2026-09-07T12:00:00",
        "2026-09-07T25:00:00Z",
        "2026-09-07T12:00:00+25:00",
        "2026-09-07T13:00:00Z/2026-09-07T12:00:00Z",
        "2026-09-07T12:00:00Z/2026-09-07T12:00:00Z/..",
        "2026-09-07T12:00:00Z/P",
        "P1D/P1D",
        "٢٠٢٦-09-07T12:00:00Z",
        "NaN",
        "9" * 5000,
        "2026-09-07T12:00:00Z\u202e",
    ],
)
def test_what_is_no_time_is_refused(words: str) -> None:
    """It never becomes another time, and the error says what to write."""
    with pytest.raises(Invalid, match="datetime"):
        parse_datetime(words)


@given(at=st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 3)))  # noqa: DTZ001
def test_a_moment_comes_back(at: datetime) -> None:
    """What is written as ISO 8601 is read as the same moment."""
    at = at.replace(microsecond=0, year=max(at.year, 1900))
    assert abs(parse_datetime(at.isoformat())[0] - at.timestamp()) < 1e-6
    assert iso(at.timestamp()) == at.isoformat().replace("+00:00", "Z")


def test_the_time_of_every_kind_is_said_by_its_own_fields() -> None:
    """Each kind has its row, and each property in it is one of the kind's moments."""
    assert set(WHEN) == set(Kind)
    for kind, when in WHEN.items():
        assert {*when.begins, *when.ends} <= set(KINDS[kind].model_fields)


def test_what_has_no_end_lasts_or_is_a_moment() -> None:
    """A warning without an end goes on; a measured value is of its moment; else no time at all."""
    at = "2026-09-07T12:00:00Z"
    assert span_of(Kind.ALERT, {"issued_at": at}) == (NOON, math.inf)
    assert span_of(Kind.OBSERVATION, {"observed_at": at}) == (NOON, NOON)
    ends = {"issued_at": at, "expires_at": "2026-09-07T13:00:00+00:00"}
    assert span_of(Kind.ALERT, ends) == (NOON, NOON + 3600)
    assert span_of(Kind.ALERT, {"issued_at": "soon"}) is None
    assert meets(None, (NOON, NOON)), "what has no time meets every time"
    later = NOON + timedelta(days=1).total_seconds()
    assert not meets((NOON, NOON), (later, math.inf))
