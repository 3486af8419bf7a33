"""The ring of recent frames: all that came after a cursor, or a resync."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.model.access import Audience
from cop.services.frames import Frame, Ring


@given(
    sizes=st.lists(st.integers(1, 50), max_size=40),
    most_frames=st.integers(1, 10),
    most_bytes=st.integers(10, 400),
    ask=st.integers(0, 45),
)
def test_the_ring_gives_all_or_nothing(
    sizes: list[int], most_frames: int, most_bytes: int, ask: int
) -> None:
    """After any cursor: exactly the later frames, or the word that a snapshot is needed."""
    ring = Ring("0-0", most_frames=most_frames, most_bytes=most_bytes)
    frames = [
        Frame(f"{n}-0", {Audience.PUBLIC: b"%03d" % n + b"x" * size})
        for n, size in enumerate(sizes, start=1)
    ]
    for frame in frames:
        ring.add(frame)
    bodies = [frame.bodies[Audience.PUBLIC] for frame in frames]
    kept = 0
    while (
        kept < min(len(bodies), most_frames)
        and sum(map(len, bodies[len(bodies) - kept - 1 :])) <= most_bytes
    ):
        kept += 1
    reaches = ask >= len(bodies) - kept
    assert ring.after(f"{ask}-0", Audience.PUBLIC) == (bodies[ask:] if reaches else None)


def test_the_ring_refuses_what_is_no_cursor() -> None:
    """A cursor that cannot be read is an error, not the beginning of time."""
    with pytest.raises(ValueError, match="not a cursor"):
        Ring("0-0").after("yesterday", Audience.PUBLIC)
