from __future__ import annotations

import itertools
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from cop.config import Settings
from cop.errors import Misconfigured
from cop.model.entity import Severity
from cop.model.response import INCIDENT_TYPES, OPEN_ASSIGNMENT
from cop.services.limits import Limit, LimitRow, Limits, Step, limits_of

NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)
WORST_FIRST = (Severity.EXTREME, Severity.SEVERE, Severity.MODERATE, Severity.MINOR)


def rows(*given: dict[str, Any]) -> Limits:
    """Make limits with an operator's rows."""
    return Limits(LimitRow.model_validate(row) for row in given)


def test_every_open_step_has_a_limit() -> None:
    """There is a limit for each open status and for replies, of whatever type and severity."""
    assert set(get_args(Step)) == {*OPEN_ASSIGNMENT, "reply"}
    for step, kind, severity in itertools.product(
        get_args(Step), [*INCIDENT_TYPES, None], Severity
    ):
        limit = Limits().find(step, kind, severity)
        assert limit.warn_s is not None
        assert limit.overdue_s is not None
        assert 0 < limit.warn_s < limit.overdue_s


def test_the_worse_the_sooner() -> None:
    """A more severe case is never given more time; one not known counts as moderate."""
    limits = Limits()
    for step, kind in itertools.product(get_args(Step), INCIDENT_TYPES):
        found = [limits.find(step, kind, severity) for severity in WORST_FIRST]
        assert found == sorted(found)
        assert limits.find(step, kind, Severity.UNKNOWN) == found[2]


@pytest.mark.parametrize(
    ("step", "kind", "severity", "minutes"),
    [
        ("delivered", "flooding", Severity.SEVERE, (2, 5)),
        ("en_route", "flooding", Severity.EXTREME, (15, 30)),
        ("en_route", "fire", Severity.EXTREME, (6, 10)),
        ("en_route", None, Severity.UNKNOWN, (45, 60)),
        ("en_route", "fallen_tree", Severity.MINOR, (240, 480)),
        ("reply", None, Severity.EXTREME, (3, 5)),
    ],
)
def test_the_row_that_says_most(
    step: str, kind: str | None, severity: Severity, minutes: tuple[int, int]
) -> None:
    """A row for the type goes before the one for all."""
    assert Limits().find(step, kind, severity) == Limit(60 * minutes[0], 60 * minutes[1])


def test_an_operators_rows_go_first() -> None:
    """Any row of the operator's goes before ours; of theirs the one that says most."""
    limits = rows(
        {"step": "en_route", "warn_s": 1, "overdue_s": 2},
        {"step": "en_route", "severity": "Severe", "warn_s": 3, "overdue_s": 4},
        {"step": "en_route", "incident_type": "fire", "warn_s": 5, "overdue_s": 6},
        {"step": "on_scene", "warn_s": None, "overdue_s": None},
    )
    assert limits.find("en_route", "flooding", Severity.EXTREME) == (1, 2)
    assert limits.find("en_route", "flooding", Severity.SEVERE) == (3, 4)
    assert limits.find("en_route", "fire", Severity.SEVERE) == (5, 6)
    assert limits.find("on_scene", "fire", Severity.SEVERE) == (None, None)
    assert limits.find("assigned", None, Severity.EXTREME) == (60, 120)


def test_times_of_a_step() -> None:
    """Times count from when the step began; being due goes before them, and holds without them."""
    limits = rows({"step": "on_scene"}, {"step": "en_route", "warn_s": 60, "overdue_s": 120})
    later = [NOON + timedelta(seconds=s) for s in (60, 90, 120)]
    assert limits.times("en_route", NOON) == (later[0], later[2])
    assert limits.times("en_route", NOON, due_at=later[1]) == (later[0], later[1])
    assert limits.times("on_scene", NOON) == (None, None)
    assert limits.times("on_scene", NOON, due_at=later[1]) == (later[1], later[1])


def test_reads_the_operators_file(tmp_path: Path) -> None:
    """The file named in the settings holds; without one, our own do."""
    file = tmp_path / "limits.json"
    file.write_text(json.dumps([{"step": "reply", "warn_s": 10, "overdue_s": 20}]))
    limits = limits_of(Settings(limits_file=file))
    assert limits.find("reply", None, Severity.MINOR) == (10, 20)
    assert limits_of(Settings()).find("reply", None, Severity.MINOR) == (1800, 3600)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        ("[", "Invalid JSON"),
        ('[{"step": "sleeping"}]', "0.step"),
        ('[{"step": "reply", "warn_s": 9, "overdue_s": 3}]', "warn_s must not be more"),
        ('[{"step": "reply", "warn": 9}]', "0.warn"),
        ('[{"step": "reply", "warn_s": -1}]', "0.warn_s"),
    ],
)
def test_a_file_that_is_none_says_why(tmp_path: Path, content: str | None, says: str) -> None:
    """What is wrong, and where, is told in words."""
    file = tmp_path / "limits.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(Misconfigured, match=says):
        limits_of(Settings(limits_file=file))


def test_the_documented_table_is_the_one_in_force() -> None:
    """docs/dispatch.md shows the limits that hold, row for row."""
    document = (Path(__file__).parents[3] / "docs" / "dispatch.md").read_text("utf-8")
    lines = [line for line in document.splitlines() if re.search(r"\| \d+/\d+ \|", line)]
    assert len(lines) == len({tuple(line.split("|")[1:3]) for line in lines}) > len(get_args(Step))
    for line in lines:
        step, kind, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        for severity, cell in zip(WORST_FIRST, cells, strict=True):
            minutes = tuple(60 * int(number) for number in cell.split("/"))
            assert Limits().find(step, None if kind == "*" else kind, severity) == minutes
