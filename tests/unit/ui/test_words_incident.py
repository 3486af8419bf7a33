"""Words of acting: every code that the server can answer with, and every code of an incident."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from cop.model.response import INCIDENT_TYPES, Casualties, Confidence, Methane, ReportedBy
from cop.services.commands.incidents import NEXT
from cop.ui.words import WORDS

SERVICES = Path(__file__).parents[3] / "cop" / "services"
CODES = {
    code
    for path in SERVICES.rglob("*.py")
    for code in re.findall(
        r'(?:NotPossible|Caution)\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")
    )
}


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_refusal_and_caution_reads_in_each_language(code: str) -> None:
    """No code of a refusal or a caution is shown in English alone."""
    assert f"problem.{code}" in WORDS


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("incident", INCIDENT_TYPES),
        ("confidence", get_args(Confidence)),
        ("by", get_args(ReportedBy)),
        ("casualties", tuple(Casualties.model_fields)),
        ("methane", tuple(Methane.model_fields)),
        ("verb", ("verified", "responding", "contained", "closed", "rejected", "reopen")),
    ],
)
def test_codes_of_an_incident_have_words(prefix: str, codes: tuple[str, ...]) -> None:
    """No type, confidence, way of reporting or verb is shown as a bare code."""
    assert [code for code in codes if f"{prefix}.{code}" not in WORDS] == []


def test_each_next_step_is_a_verb() -> None:
    """Whatever step the server lets come next has a verb for its button."""
    steps = {way.value for ways in NEXT.values() for way in ways}
    reopened = {"reported"}  # read as "reopen"
    assert [step for step in steps - reopened if f"verb.{step}" not in WORDS] == []
