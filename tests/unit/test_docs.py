"""The documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cop.config import Settings
from cop.model.entity import Kind
from tools.make_feeds_doc import render

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])


def test_the_list_of_feeds_is_the_feeds() -> None:
    """docs/feeds.md is what its tool makes of the feeds now."""
    assert (ROOT / "docs" / "feeds.md").read_text("utf-8") == render()


def test_every_setting_is_documented() -> None:
    """Each setting stands in .env.example, and nothing else does."""
    named = re.findall(r"^#?COP_(\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert {name.lower() for name in named} == set(Settings.model_fields)


def test_every_kind_is_in_the_glossary() -> None:
    """The kinds of entity are named in the glossary."""
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8").lower()
    assert all(kind.value.replace("_", " ") in glossary for kind in Kind)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link and picture of a document exists."""
    targets = re.findall(r"\]\(([^)#\s]+)", document.read_text("utf-8"))
    local = [target for target in targets if "://" not in target]
    missing = [target for target in local if not (document.parent / target).exists()]
    assert missing == []
