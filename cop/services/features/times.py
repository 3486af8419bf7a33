"""When a feature is: its time by kind, and the `datetime` parameter."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from cop.clock import utc_iso
from cop.errors import Invalid
from cop.model.entity import Kind

Span = tuple[float, float]
"""Begin and end in epoch seconds, both included; minus and plus infinity where there is none."""

_DAY_S: Final = 86400.0
_CYCLE_S: Final = 146_097 * _DAY_S
"""400 years, after which the calendar begins anew."""
_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:)(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DURATION: Final = re.compile(
    r"P(?=.)(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class When:
    """Which properties of a kind say when it is.

    Attributes:
        begins: the first of these that is said is its begin; none: it has no time.
        ends: the first of these that is said is its end.
        lasts: it goes on where no end is said; else it is one moment.
    """

    begins: tuple[str, ...]
    ends: tuple[str, ...] = ()
    lasts: bool = False


WHEN: Final[Mapping[Kind, When]] = {
    Kind.ALERT: When(("valid_from", "issued_at"), ("expires_at",), lasts=True),
    Kind.ASSIGNMENT: When(("observed_at", "due_at")),
    Kind.ATTENTION: When(("raised_at",), ("cleared_at",), lasts=True),
    Kind.CAMERA: When(("frame_at",)),
    Kind.DRAFT: When(("valid_from",), ("ends_at",), lasts=True),
    Kind.FACILITY: When(("asserted_at", "observed_at")),
    Kind.FEED_STATUS: When(("checked_at",)),
    Kind.FUSION: When(("decided_at",)),
    Kind.HAZARD: When(("valid_from", "observed_at"), ("expires_at",)),
    Kind.INCIDENT: When(("reported_at",), lasts=True),
    Kind.LAYER: When(("content_at", "fetched_at")),
    Kind.MESSAGE: When(("sent_at", "received_at")),
    Kind.NEED: When(("asked_at",), lasts=True),
    Kind.NOTE: When(("valid_from", "observed_at"), ("expires_at",)),
    Kind.OBSERVATION: When(("observed_at",)),
    Kind.ORDER: When(("issued_at",), ("cancelled_at",), lasts=True),
    Kind.PARTNER: When(("agreed_from",), ("agreed_until",), lasts=True),
    Kind.POSITION: When(("observed_at",)),
    Kind.RECEIPT: When(("sent_at", "delivered_at", "read_at", "acknowledged_at")),
    Kind.RESOURCE: When(("position_at",)),
    Kind.ROAD: When(("valid_from", "observed_at"), ("expires_at",)),
}
"""The one place that says what a feature's time is; docs/exchange.md has it in words."""


def epoch(value: object) -> float | None:
    """Give a property that is an ISO 8601 moment in epoch seconds; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError):
        return None


def span_of(kind: Kind, properties: Mapping[str, Any]) -> Span | None:
    """Tell when the feature of *kind* with *properties* is; None where it does not say."""
    when = WHEN[kind]
    begin = _first(properties, when.begins)
    if begin is None:
        return None
    end = _first(properties, when.ends)
    if end is None or end < begin:
        return (begin, math.inf) if when.lasts else (begin, begin)
    return (begin, end)


def _first(properties: Mapping[str, Any], names: tuple[str, ...]) -> float | None:
    return next((at for name in names if (at := epoch(properties.get(name))) is not None), None)


def meets(span: Span | None, wanted: Span) -> bool:
    """Tell whether a feature's *span* meets *wanted*; what has no time meets every time."""
    return span is None or (span[0] <= wanted[1] and span[1] >= wanted[0])


def parse_datetime(words: str) -> Span:
    """Read the `datetime` parameter: a moment of RFC 3339, or an interval of two.

    An end may be `..` or empty: open. A full date is the whole day in UTC; one end of an interval
    may be an ISO 8601 duration.

    Raises:
        Invalid: it is none of these, or ends before it begins.
    """
    left, slash, right = words.strip().partition("/")
    if not slash:
        return _moment(left)
    if left in ("", "..") and right in ("", ".."):
        raise _wrong("say at least one end of the interval")
    if right.startswith("P"):
        begin = _moment(left)[0]
        return (begin, begin + _duration(right))
    if left.startswith("P"):
        end = _moment(right)[1]
        return (end - _duration(left), end)
    begin = -math.inf if left in ("", "..") else _moment(left)[0]
    end = math.inf if right in ("", "..") else _moment(right)[1]
    if end < begin:
        raise _wrong("the interval ends before it begins")
    return (begin, end)


def _moment(words: str) -> Span:
    try:
        return read_moment(words)
    except ValueError:
        raise _wrong(
            "give a moment as 2026-09-07T15:04:05Z, or an interval of two with / between them,"
            " either of which may be .. for open"
        ) from None


def read_moment(words: str) -> Span:
    """Give the span of a moment of RFC 3339, or of a full date (its whole day in UTC).

    Raises:
        ValueError: it is neither.
    """
    if _DATE.fullmatch(words):
        begin = datetime.combine(date.fromisoformat(words), datetime.min.time(), UTC).timestamp()
        return (begin, begin + _DAY_S - 1e-6)
    found = _INSTANT.fullmatch(words)
    if found is None:
        raise ValueError("not a moment of RFC 3339")
    day, clock, seconds, fraction, zone = found.groups()
    leap = 1.0 if seconds == "60" else 0.0
    # programs write the year 0 for "ever", which Python has not
    early = day.startswith("0000")
    day = f"0400{day[4:]}" if early else day
    plain = f"{day}T{clock}{'59' if leap else seconds}{(fraction or '')[:7]}{zone.upper()}"
    try:
        at = datetime.fromisoformat(plain).timestamp() + leap - early * _CYCLE_S
    except OverflowError:
        raise ValueError("not a moment that can be reckoned with") from None
    return (at, at)


def _duration(words: str) -> float:
    found = _DURATION.fullmatch(words)
    if found is None or len(words) < 3:
        raise _wrong("give a duration as P2DT12H30M")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return length.total_seconds()


def _wrong(what: str) -> Invalid:
    return Invalid(("datetime", what))


def iso(at: float) -> str | None:
    """Give epoch seconds as ISO 8601 in UTC; None for no end."""
    if not math.isfinite(at):
        return None
    return utc_iso(datetime.fromtimestamp(at, UTC))
