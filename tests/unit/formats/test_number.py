"""Numbers as publishers write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.formats.number import is_missing, read_number, read_quantity


@pytest.mark.parametrize(
    "raw", [None, "", " ", "M", "N/A", "n/a", "Calm", "////", "---", "-", "--", "NIL", "null", "*"]
)
def test_missing_is_never_zero(raw: object) -> None:
    """Each word for "no value" gives None."""
    assert read_number(raw) is None
    assert is_missing(raw)


def test_publishers_own_missing_values_are_added() -> None:
    """9999 is a number unless the feed says that it is not."""
    assert read_number("9999") == 9999
    assert read_number("9999", missing={"9999"}) is None
    assert read_number(-1, missing={"-1"}) is None


@pytest.mark.parametrize(
    ("raw", "value"), [("12", 12), (" -0.5 ", -0.5), (3, 3), ("1,234", 1234), (".5", 0.5)]
)
def test_numbers_are_read_from_text_and_json(raw: object, value: float) -> None:
    """Strings and JSON numbers give the same."""
    assert read_number(raw) == value


@pytest.mark.parametrize(
    "raw", ["abc", "12mm", "1e999", float("inf"), float("nan"), True, [], "١٢x"]
)
def test_rubbish_is_refused(raw: object) -> None:
    """What is neither a number nor missing raises."""
    with pytest.raises(ValueError):
        read_number(raw)


def test_quantity_keeps_its_unit() -> None:
    """A unit written after the number is given beside it."""
    assert read_quantity("14km") == (14, "km")
    assert read_quantity("130 km/h") == (130, "km/h")
    assert read_quantity("N/A") is None
    assert read_quantity(7) == (7, "")
    with pytest.raises(ValueError):
        read_quantity("far")


@given(st.text(max_size=20))
def test_any_text_gives_a_finite_number_or_a_value_error(raw: object) -> None:
    """No text gives an infinity or another error."""
    try:
        value = read_number(raw)
    except ValueError:
        return
    assert value is None or math.isfinite(value)
