"""Inputs without end to every entrance: each is taken or refused with a reason, and nothing else.

Here are few of them, always the same; `make fuzz` hands over a hundred thousand, others each time.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.run import made
from tests.fuzz.targets import Target, targets

SEED = 8
INPUTS = 4_000
FOUND = targets()
NOT_WHOLE = ("command:", "ogc:", "edxl:", "stream:")
"""Entrances whose good inputs are not good for each of them."""


def test_nothing_gets_through_that_does_harm(tmp_path: Path) -> None:
    """No crash, no hang, no other error than a refusal, and no memory that stays taken."""
    trail = tmp_path / "under-way"
    command = [sys.executable, "-m", "tests.fuzz", f"--inputs={INPUTS}", f"--seed={SEED}"]
    done = subprocess.run(
        [*command, f"--trail={trail}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        timeout=600,
    )
    under_way = trail.read_text("utf-8").strip() if trail.exists() else ""
    said = done.stdout[-4_000:] + done.stderr[-4_000:]
    assert done.returncode == 0, f"{said}\nunder way: {under_way}"


@pytest.mark.parametrize(
    "target",
    [one for name, one in FOUND.items() if not name.startswith(NOT_WHOLE)],
    ids=lambda one: one.name,
)
def test_good_inputs_are_good(target: Target) -> None:
    """What the changes begin from is taken: otherwise they would try the first check alone."""
    for seed in target.seeds:
        try:
            target.take(seed)
        except target.refusals:
            continue
        return
    pytest.fail(f"{target.name}: none of its good inputs is taken")


def test_an_input_can_be_made_again() -> None:
    """Seed, entrance and number make the same bytes each time, another number makes others."""
    target = next(iter(FOUND.values()))
    assert [made(target, 1, n) for n in range(30)] == [made(target, 1, n) for n in range(30)]
    assert len({made(target, 1, n) for n in range(30)}) > 15
