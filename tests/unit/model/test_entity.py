"""Entities: canonical encoding, strictness, and what a reader gets back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cop.model.entity import Kind, Severity
from cop.model.geometry import point
from cop.model.kinds import KINDS, Alert, Observation, decode
from cop.model.record import cursor_key, put

NOW = datetime(2027, 6, 8, 1, 2, 3, tzinfo=UTC)


def an_observation(**changes: object) -> Observation:
    """Make an observation; keywords override its fields."""
    fields: dict[str, object] = {
        "id": "td_detectors:AID99001",
        "feed": "td_detectors",
        "publisher": "TD",
        "measure": "traffic_speed",
        "value": 14.0,
        "unit": "km/h",
        "observed_at": NOW,
        "geometry": point(114.1797, 22.3391),
    }
    return Observation.model_validate(fields | changes)


def test_every_kind_has_one_class() -> None:
    """Each kind of the design is modelled by exactly one class that says so."""
    assert set(KINDS) == set(Kind)
    assert all(cls.model_fields["kind"].default == kind for kind, cls in KINDS.items())


@given(
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    title=st.text(max_size=40),
    at=st.datetimes(timezones=st.just(UTC)),
)
def test_encoding_round_trips(
    value: float | None, lon: float, lat: float, title: str, at: datetime
) -> None:
    """What is encoded decodes to an equal entity, and encodes to the same bytes again."""
    entity = an_observation(
        value=value, geometry=point(lon, lat), title={"en": title}, observed_at=at
    )
    assert decode(entity.encode()) == entity
    assert decode(entity.encode()).encode() == entity.encode()


def test_times_of_one_moment_encode_alike() -> None:
    """The zone in which a publisher writes a time does not make a change."""
    hong_kong = NOW.astimezone(timezone(timedelta(hours=8)))
    assert an_observation(observed_at=hong_kong).encode() == an_observation().encode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"observed_at": datetime(2027, 6, 8)},  # noqa: DTZ001 - the point of the test
        {"geometry": {"type": "Point", "coordinates": [float("nan"), 22.3]}},
        {"geometry": {"type": "Point", "coordinates": [114.2, 91.0]}},
        {"geometry": {"type": "Polygon", "coordinates": [[[114, 22], [114, 23], [114, 22]]]}},
        {"id": "no colon"},
        {"link": "javascript:alert(1)"},
        {"colour": "red"},
        {"district": "XX"},
    ],
)
def test_bad_values_are_refused(wrong: dict[str, object]) -> None:
    """Naive times, places off the earth, scripts and unknown fields never get into the picture."""
    with pytest.raises(ValidationError):
        an_observation(**wrong)


def test_an_alert_defaults_to_unknown_never_to_harmless() -> None:
    """A warning whose level was not understood is Unknown, not Minor."""
    alert = Alert(
        id="hko_warnings:NEW",
        publisher="HKO",
        event_type="other",
        issued_at=NOW,
        feed="hko_warnings",
    )
    assert alert.severity is Severity.UNKNOWN


def test_put_carries_feed_and_expiry() -> None:
    """A write is indexed under its feed and leaves when its entity says."""
    write = put(an_observation(expires_at=NOW), expected=3)
    assert (write.feed, write.expected) == ("td_detectors", 3)
    assert write.expires_ms == int(NOW.timestamp() * 1000)


@given(st.tuples(st.integers(0, 2**63), st.integers(0, 2**63)))
def test_cursors_sort_as_the_log_does(pair: tuple[int, int]) -> None:
    """A cursor reads back to its two numbers."""
    assert cursor_key(f"{pair[0]}-{pair[1]}") == pair


@pytest.mark.parametrize("wrong", ["", "1", "-", "a-1", "1-", "1-2-3", "９-1x", "1" * 50 + "-0"])
def test_what_is_not_a_cursor_is_refused(wrong: str) -> None:
    """A cursor from outside is two decimal numbers or an error."""
    with pytest.raises(ValueError, match="not a cursor"):
        cursor_key(wrong)
