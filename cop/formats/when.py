"""Every way in which publishers write a time, to an aware time in UTC."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

HONG_KONG_TIME: Final = timezone(timedelta(hours=8), "HKT")
"""Hong Kong, Macao and Beijing time: UTC+8 all year."""

_LOWER: Final = re.compile(r"\d{4}-\d\d-\d\d[tT]\d.*[tz]")
"""ISO 8601 in small letters, which RFC 3339 lets pass."""

_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)

_LONGEST: Final = 100
"""More characters than this are no time, whatever they say."""

_DIGITS: Final = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}

_MORNING: Final = "上午|早上|凌晨|清晨|[aA]\\.?[mM]\\.?"
_AFTERNOON: Final = "下午|晚上|中午|正午|[pP]\\.?[mM]\\.?"
_HALF: Final = f"{_MORNING}|{_AFTERNOON}"
_CLOCK: Final = (
    f"(?P<before>{_HALF})?\\s*(?P<hour>\\d{{1,2}})\\s*(?:[:時时点點])\\s*(?:(?P<minute>\\d{{1,2}})\\s*分?)?"
    f"(?:[:\\s]?(?P<second>\\d{{1,2}})(?:\\.\\d+)?\\s*秒?)?\\s*(?P<after>{_HALF})?"
)
_ZONE: Final = (
    "(?P<zone>Z|HKT|CST|(?:GMT|UTC)?\\s*(?P<sign>[+-])(?P<zh>\\d{1,2}):?(?P<zm>\\d{2})?|GMT|UTC)"
)
_YEAR_FIRST: Final = r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
_DAY_FIRST: Final = r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})"
_FORMS: Final = tuple(
    re.compile(rf"{date}(?:[T,\s]*{_CLOCK}\s*{_ZONE}?)?") for date in (_YEAR_FIRST, _DAY_FIRST)
)


def _sane(moment: datetime) -> datetime:
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"not a plausible time: {moment.isoformat()}") from None
    if not _EARLIEST <= utc <= _LATEST:
        raise ValueError(f"not a plausible time: {moment.isoformat()}")
    return utc


def _hour(found: re.Match[str]) -> int:
    """Give the hour of the day of *found*, its half of the day taken into account."""
    hour = int(found["hour"] or 0)
    half = found["before"] or found["after"]
    if half is None or hour > 12:
        return hour
    if re.fullmatch(_MORNING, half):
        return hour % 12
    return 12 if hour == 12 else hour + 12


def _zone(found: re.Match[str], default: tzinfo) -> tzinfo:
    """Give the zone that *found* names; *default* when it names none."""
    if found["zone"] is None:
        return default
    if found["sign"] is None:
        return HONG_KONG_TIME if found["zone"] in {"HKT", "CST"} else UTC
    offset = timedelta(hours=int(found["zh"]), minutes=int(found["zm"] or 0))
    return timezone(-offset if found["sign"] == "-" else offset)


def _by_form(raw: str, zone: tzinfo) -> datetime | None:
    for form in _FORMS:
        found = form.fullmatch(raw)
        if found is None:
            continue
        hour, minute, second = _hour(found), int(found["minute"] or 0), int(found["second"] or 0)
        day = datetime(int(found["y"]), int(found["m"]), int(found["d"]), tzinfo=_zone(found, zone))
        if hour == 24 and minute == second == 0:
            return _sane(day) + timedelta(days=1)
        return day.replace(hour=hour, minute=minute, second=second)
    return None


def _by_iso(raw: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_time(raw: str, *, zone: tzinfo = HONG_KONG_TIME) -> datetime:
    """Read the time *raw* in any form of the feeds and give it in UTC.

    Forms: ISO 8601; `YYYYMMDD[HH[MM[SS]]]`; year first or day first with `-`, `/` or `.`
    (never month first); Chinese `2027年6月8日 下午1時15分`; 上午/下午 or AM/PM before or after a
    12-hour clock; a trailing `GMT+8`; RFC 822; hour 24 for the midnight after.

    Args:
        raw: the time as published; outer blanks are ignored.
        zone: of a time that names none; Hong Kong unless told otherwise.

    Raises:
        ValueError: it is none of these, or not between 1900 and 2200.
    """
    if len(raw) > _LONGEST:
        raise ValueError(f"not a time: {raw[:60]!r}")
    words = " ".join(raw.replace("\u2212", "-").split())
    if _LOWER.match(words):
        words = words.upper()
    if words.isdecimal():
        form = _DIGITS.get(len(words))
        if form is None:
            raise ValueError(f"not a time: {raw!r}")
        if len(words) >= 12 and words[8:].rstrip("0") == "24":
            return _sane(parse_time(words[:8], zone=zone) + timedelta(days=1))
        return _sane(datetime.strptime(words, form).replace(tzinfo=zone))
    moment = _by_iso(words, zone) if "T" in words[:12] else None
    moment = moment or _by_form(words, zone)
    if moment is None:
        try:
            moment = parsedate_to_datetime(words)
        except (ValueError, IndexError, TypeError, OverflowError):
            raise ValueError(f"not a time: {raw[:60]!r}") from None
        if moment.tzinfo is None:  # RFC 5322: "-0000" is UTC of an unknown place
            moment = moment.replace(tzinfo=UTC if words.endswith("-0000") else zone)
    return _sane(moment)


def time_or_none(raw: object, *, zone: tzinfo = HONG_KONG_TIME) -> datetime | None:
    """Read the time *raw* like `parse_time`; None when it is not a string, blank or no time."""
    if not isinstance(raw, str) or not raw.strip():
        return None
    try:
        return parse_time(raw, zone=zone)
    except ValueError:
        return None


def join_time(day: str, clock: str, *, zone: tzinfo = HONG_KONG_TIME) -> datetime:
    """Read a date and a time of day from two fields; raises ValueError when they are none."""
    return parse_time(f"{day.strip()} {clock.strip()}", zone=zone)


def from_epoch_s(seconds: float) -> datetime:
    """Read seconds since 1970; raises ValueError when not finite or not plausible."""
    if isinstance(seconds, bool) or not math.isfinite(seconds):
        raise ValueError(f"not a time: {seconds!r}")
    if not -3e9 < seconds < 8e9:
        raise ValueError(f"not a plausible time: {seconds!r} s")
    return _sane(datetime.fromtimestamp(seconds, UTC))


def from_epoch_ms(millis: float) -> datetime:
    """Read milliseconds since 1970; raises ValueError when not finite or not plausible."""
    if isinstance(millis, bool) or not math.isfinite(millis):
        raise ValueError(f"not a time: {millis!r}")
    if not -3e12 < millis < 8e12:
        raise ValueError(f"not a plausible time: {millis!r} ms")
    return _sane(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis))
