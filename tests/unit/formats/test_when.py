"""Times as publishers write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.formats.when import from_epoch_ms, from_epoch_s, join_time, parse_time, time_or_none

AT = datetime(2027, 6, 8, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "2027-06-08T09:30:00+08:00",
        "2027-06-08T01:30:00Z",
        "2027-06-08T09:30:00",
        "2027-06-08T09:30",
        "202706080930",
        "20270608093000",
        " 2027/6/8 上午 09:30:00",
        "8/6/2027 9:30AM",
        "8/6/2027 9:30am",
        "2027年6月8日 上午9時30分",
        "2027年6月8日上午9时30分",
        "Tue, 08 Jun 2027 09:30:00 +0800",
        "Tue, 08 Jun 2027 01:30:00 GMT",
        "08-06-2027 09:30",
        "2027/06/08 09:30",
        "2027-06-08 09:30 GMT+8",
        "2027-06-08 09:30",
        "2027-06-08 09:30:00.123",
        "08/06/2027 09:30 HKT",
        "2027-06-08t01:30:00z",
        "2027-06-07T20:30:00\u221205:00",
    ],
)
def test_every_form_gives_the_same_moment(raw: str) -> None:
    """All forms of half past nine in Hong Kong are one moment."""
    assert parse_time(raw).replace(microsecond=0) == AT


@pytest.mark.parametrize(
    ("raw", "hour"),
    [
        ("2027/6/8 下午 12:05:00", 4),
        ("2027/6/8 下午 03:05:00", 7),
        ("8/6/2027 6:05pm", 10),
        ("2027年6月8日 下午1時05分", 5),
    ],
)
def test_afternoon_is_counted_from_noon(raw: str, hour: int) -> None:
    """Twelve in the afternoon is noon; later hours are twelve more."""
    assert parse_time(raw) == datetime(2027, 6, 8, hour, 5, tzinfo=UTC)


def test_midnight_is_written_three_ways() -> None:
    """上午 12, 24:00 of the day before and 00:00 are the same moment."""
    midnight = datetime(2027, 6, 7, 16, tzinfo=UTC)
    assert parse_time("2027/6/8 上午 12:00:00") == midnight
    assert parse_time("2027-06-07 24:00") == midnight
    assert parse_time("202706072400") == midnight
    assert join_time("2027-06-08", "00:00:00") == midnight


def test_zone_can_be_named_by_the_feed() -> None:
    """A publisher that writes UTC without saying so is read as UTC."""
    assert parse_time("2027-06-08 01:30:00", zone=UTC) == AT


def test_date_alone_is_midnight_in_hong_kong() -> None:
    """A bare date begins at midnight, Hong Kong time."""
    assert (
        parse_time("2027-06-08") == parse_time("20270608") == datetime(2027, 6, 7, 16, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    "raw", ["", "soon", "13", "2027-13-01", "8/13/2027 9:30AM", "99990101", "2027-06-08T25:00:00"]
)
def test_what_is_no_time_is_refused(raw: str) -> None:
    """Words, impossible dates and implausible years raise; they are never now."""
    with pytest.raises(ValueError):
        parse_time(raw)
    assert time_or_none(raw) is None


def test_epochs_are_told_apart_by_name() -> None:
    """Seconds and milliseconds have a function each; infinities are refused."""
    assert from_epoch_s(AT.timestamp()) == from_epoch_ms(AT.timestamp() * 1000) == AT
    for bad in (float("nan"), float("inf"), 1e18, True):
        with pytest.raises(ValueError):
            from_epoch_s(bad)
        with pytest.raises(ValueError):
            from_epoch_ms(bad)


@given(st.text(max_size=40))
def test_any_text_gives_an_aware_time_or_nothing(raw: str) -> None:
    """No text makes the reader fail in another way."""
    moment = time_or_none(raw)
    assert moment is None or moment.tzinfo is UTC
