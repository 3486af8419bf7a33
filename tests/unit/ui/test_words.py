"""Every word exists in three languages, and the scripts use no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cop.model.entity import Placing, Severity
from cop.model.kinds import FacilityStatus, IncidentStatus, Quality, RoadStatus
from cop.model.text import LANGS
from cop.ui.app import ASSETS
from cop.ui.words import WORDS

SCRIPTS = {path.name: path.read_text("utf-8") for path in ASSETS.glob("*.js")}
PANELS = "\n".join(
    path.read_text("utf-8") for path in (Path(__file__).parents[3] / "cop" / "ui").rglob("*.py")
)
ASKED = {
    key
    for script in SCRIPTS.values()
    for key in re.findall(r'cop\.t\(\s*"([^"]+)"', script)
    + re.findall(r'"data-t(?:-label)?": "([^"]+)"', script)
    + re.findall(r'(?<!\.)\b(?:add|moment)\("([a-z.-]+)"', script)
}
BUILT = {
    prefix
    for script in SCRIPTS.values()
    for prefix in re.findall(r"`([a-z]+)\.\$\{", script) + re.findall(r'term\("([a-z]+)"', script)
}
SIMPLIFIED_ONLY = re.compile("[们这没关发东车马门风飞鱼鸟云气电网]")


def gaps(sentence: str) -> frozenset[str]:
    """Name what is filled into a sentence."""
    return frozenset(re.findall(r"\{(\w+)\}", sentence))


def test_a_word_has_three_languages() -> None:
    """English, 繁體 and 简体 are all given, with the same gaps to fill."""
    assert [key for key, words in WORDS.items() if set(words) != set(LANGS)] == []
    differ = {key for key, words in WORDS.items() if len(set(map(gaps, words.values()))) != 1}
    assert differ == set()


def test_traditional_is_not_simplified() -> None:
    """No Simplified character has slipped into the Traditional words."""
    slipped = [key for key, words in WORDS.items() if SIMPLIFIED_ONLY.search(words["zh-Hant"])]
    assert slipped == []


def test_scripts_ask_only_for_words_that_exist() -> None:
    """Each literal key in a script or on an element is in the list."""
    named = ASKED | set(re.findall(r'words\(\s*"([a-z.-]+)"', PANELS))
    named |= set(re.findall(r'"data-t-label": "([a-z.-]+)"', PANELS))
    assert named
    assert sorted(key for key in named if key not in WORDS) == []


def test_built_keys_have_words() -> None:
    """Each prefix with which a script builds keys has words."""
    prefixes = {key.partition(".")[0] for key in WORDS}
    assert BUILT - {"layer"} <= prefixes


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("status", [*IncidentStatus, *FacilityStatus, *RoadStatus]),
        ("severity", list(Severity)),
        ("placing", list(Placing)),
        ("quality", list(Quality)),
    ],
)
def test_codes_of_the_model_have_words(prefix: str, codes: list[str]) -> None:
    """No status, severity, placing or quality is shown as a bare code."""
    assert [code for code in codes if f"{prefix}.{code}" not in WORDS] == []
