"""Writing moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

import pytest

from cop.clock import utc_iso

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
HERE = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("at", "timespec", "words"),
    [
        (NOON, "auto", "2026-09-07T12:00:00Z"),
        (NOON.replace(microsecond=250_000), "auto", "2026-09-07T12:00:00.250000Z"),
        (NOON.replace(microsecond=250_999), "milliseconds", "2026-09-07T12:00:00.250Z"),
        (NOON, "milliseconds", "2026-09-07T12:00:00.000Z"),
        (NOON.replace(microsecond=999_999), "seconds", "2026-09-07T12:00:00Z"),
        (datetime(2026, 9, 8, 1, tzinfo=HERE), "seconds", "2026-09-07T17:00:00Z"),
    ],
)
def test_a_moment_is_written_in_utc(
    at: datetime, timespec: Literal["auto", "seconds", "milliseconds"], words: str
) -> None:
    """With Z, whatever zone it came in; what is finer than wanted is cut, not rounded."""
    assert utc_iso(at, timespec) == words
