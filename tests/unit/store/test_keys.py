"""The names of what is kept."""

from __future__ import annotations

import re
from pathlib import Path

from cop.store.keys import SERIES


def test_every_series_of_numbers_is_known() -> None:
    """Putting a backup back moves all of them on: whoever begins one names it there."""
    cop = Path(__file__).parents[3] / "cop"
    text = "".join(path.read_text("utf-8") for path in cop.rglob("*.py"))
    assert {*re.findall(r"""next_number\(["'](\w+)""", text)} == {*SERIES}
