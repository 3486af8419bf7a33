"""Regular expressions: none can be kept busy by words that were made for it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.fuzz.expressions import Expression, expressions, hostile

LATER = 20
"""At most so many are put together where they are used, and stand beyond this test."""


def test_they_are_found() -> None:
    """The walk sees those that are kept and those that stand in a call; few are made later."""
    found, later = expressions()
    assert len(found) > 300
    assert len(later) <= LATER, later
    places = [one.place for one in found]
    assert any("cql2" in place for place in places)


def test_hostile_words_are_found_for_one_that_is_known_to_be_slow() -> None:
    """What the walk makes of nested repeats does keep such an expression busy."""
    slow = Expression("here", re.compile(r"\s+:"))
    assert any(set(map(str, text[:50])) == {" "} for text in hostile(slow, 100))


def test_none_hangs() -> None:
    """A thousand characters keep none busy; what grows with their cube, or faster, would hang."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.expressions"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-2_000:]
