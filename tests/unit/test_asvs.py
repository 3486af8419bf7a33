"""The checklist in `docs/asvs.md` is whole, and what it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parents[2]
STATES: Final = ("met", "n/a", "open")
SECTIONS: Final = """
1.1 2, 1.2 9, 1.3 11, 1.4 3, 1.5 2, 2.1 3, 2.2 3, 2.3 4, 2.4 1, 3.2 2, 3.3 4, 3.4 6, 3.5 5, 3.7 2,
4.1 3, 4.2 1, 4.3 2, 4.4 4, 5.1 1, 5.2 3, 5.3 2, 5.4 3, 6.1 3, 6.2 12, 6.3 4, 6.4 4, 6.5 5, 6.6 3,
6.8 4, 7.1 3, 7.2 4, 7.3 2, 7.4 5, 7.5 2, 7.6 2, 8.1 2, 8.2 3, 8.3 1, 8.4 1, 9.1 3, 9.2 4, 10.1 2,
10.2 2, 10.3 4, 10.4 11, 10.5 5, 10.6 2, 10.7 3, 11.1 2, 11.2 3, 11.3 3, 11.4 4, 11.5 1, 11.6 1,
12.1 3, 12.2 2, 12.3 4, 13.1 1, 13.2 5, 13.3 2, 13.4 5, 14.1 2, 14.2 4, 14.3 3, 15.1 3, 15.2 3,
15.3 7, 16.1 1, 16.2 5, 16.3 4, 16.4 3, 16.5 3, 17.1 1, 17.2 4, 17.3 2
"""
"""Of each section of version 5.0.0, how many items are of level 1 or 2: they come first."""
OF_LEVEL_1: Final = 70


class Line(NamedTuple):
    """One item of the list."""

    item: str
    level: str
    state: str
    how: str
    shown: str


def _lines() -> list[Line]:
    text = (ROOT / "docs" / "asvs.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \|(.*)\|$", text, re.MULTILINE)
    return [Line(item, *(cell.strip() for cell in rest.split("|"))) for item, rest in rows]


LINES: Final = _lines()


@cache
def _tests(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def test_every_item_is_there_once() -> None:
    """All items of levels 1 and 2, in their order, and none twice."""
    wanted = [
        f"{section}.{number}"
        for section, most in (pair.split() for pair in SECTIONS.split(","))
        for number in range(1, int(most) + 1)
    ]
    assert [line.item for line in LINES] == wanted
    assert {line.level for line in LINES} == {"1", "2"}
    assert sum(line.level == "1" for line in LINES) == OF_LEVEL_1


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.item)
def test_an_item_says_how_and_names_what_exists(line: Line) -> None:
    """Its state is one of three, in words; what is met is shown by tests or files that exist."""
    assert line.state in STATES
    assert line.how
    named = re.findall(r"`([^`]+)`", line.shown)
    assert named or line.state != "met"
    for name in named:
        path, _, test = name.partition("::")
        assert (ROOT / path).is_file(), name
        assert not test or test in _tests(path), name


def test_the_count_is_right() -> None:
    """The table at the head counts the lines."""
    text = (ROOT / "docs" / "asvs.md").read_text("utf-8")
    for level in ("1", "2"):
        found = [sum(one.state == s and one.level == level for one in LINES) for s in STATES]
        assert f"| {level} | {' | '.join(map(str, found))} |" in text
