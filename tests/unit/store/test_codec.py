"""Which cursors a log can be read on from."""

from __future__ import annotations

import contextlib

import pytest

from cop.model.record import cursor_key
from cop.store.codec import check_reached
from cop.store.port import Resync

LINE = 7 << 32


@pytest.mark.parametrize(
    ("cursor", "floor", "last", "reached"),
    [
        ("5-0", "5-0", "9-0", True),
        ("9-0", "5-0", "9-0", True),
        ("4-9", "5-0", "9-0", False),
        ("9-1", "5-0", "9-0", False),
        (f"6-{LINE}", f"5-{LINE}", f"9-{LINE + 3}", True),
        ("6-0", f"5-{LINE}", f"9-{LINE}", False),
        (f"6-{8 << 32}", f"5-{LINE}", f"9-{LINE}", False),
        ("6-0", None, "", False),
    ],
    ids=["floor", "end", "trimmed", "ahead", "line", "before", "another", "nothing"],
)
def test_only_what_is_of_this_log_is_gone_on_from(
    cursor: str, floor: str | None, last: str, reached: object
) -> None:
    """Cursors between floor and end, of the same line: the clocks of two servers may differ."""
    refused = contextlib.nullcontext() if reached else pytest.raises(Resync)
    with refused:
        check_reached(cursor_key(cursor), floor.encode() if floor else None, last.encode())
