"""Numbers as publishers write them, where missing is never zero and nothing is infinite."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Final

MISSING: Final = frozenset(["", "M", "N/A", "NA", "NIL", "NULL", "NONE", "CALM", "VARIABLE", "*"])
"""Upper-case words that stand for "no value"; so does anything made of `-`, `/` or `*` only."""

_NOTHING: Final = re.compile(r"[-–—/*#\s]+")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_QUANTITY: Final = re.compile(rf"({_NUMBER.pattern})\s*([^\d\s].*)?", re.DOTALL)


def is_missing(raw: object, *, missing: Collection[str] = ()) -> bool:
    """Tell whether *raw* stands for "no value": None, a blank, or a word of `MISSING`.

    *missing* adds the publisher's own words or numbers, for example `{"9999", "-1"}`.
    """
    if raw is None:
        return True
    words = str(raw).strip()
    return (
        words.upper() in MISSING or _NOTHING.fullmatch(words) is not None or words in set(missing)
    )


def _finite(value: float, raw: object) -> float:
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {str(raw)[:40]!r}")
    return value


def read_number(raw: object, *, missing: Collection[str] = ()) -> float | None:
    """Give the number *raw* (a JSON number or a string); None where there is no value.

    Raises:
        ValueError: it is neither a finite number nor a sign of a missing one.
    """
    if is_missing(raw, missing=missing):
        return None
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _finite(float(raw), raw)
    words = str(raw).strip()
    if _GROUPED.fullmatch(words):
        words = words.replace(",", "")
    if not isinstance(raw, str) or _NUMBER.fullmatch(words) is None:
        raise ValueError(f"not a number: {str(raw)[:40]!r}")
    return _finite(float(words), raw)


def read_quantity(raw: object, *, missing: Collection[str] = ()) -> tuple[float, str] | None:
    """Give the number and the unit of *raw*, for example `14km` or `130km/h`; None if missing.

    Raises:
        ValueError: it does not begin with a finite number.
    """
    if isinstance(raw, (int, float)) or is_missing(raw, missing=missing):
        value = read_number(raw, missing=missing)
        return None if value is None else (value, "")
    found = _QUANTITY.fullmatch(str(raw).strip())
    if found is None:
        raise ValueError(f"not a number with a unit: {str(raw)[:40]!r}")
    return _finite(float(found[1]), raw), (found[2] or "").strip()
