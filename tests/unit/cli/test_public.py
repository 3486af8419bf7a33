"""`cop public table`: what it prints is the table, all of it, and what the docs say."""

from __future__ import annotations

from pathlib import Path

import orjson
from click.testing import CliRunner

from cop.cli import main
from cop.model.publishing import INSIDE_ONLY, NEVER, TABLE

DOCS = Path(__file__).parents[3] / "docs" / "public.md"


def test_the_table_is_printed_for_people() -> None:
    """Each row's types and fields, and all that is denied, in lines that a terminal holds."""
    said = CliRunner().invoke(main, ["public", "table"])
    assert said.exit_code == 0
    assert max(map(len, said.stdout.splitlines())) <= 100
    words = set(said.stdout.replace(",", " ").replace(":", " ").split())
    for row in TABLE:
        assert row.fields | set(row.types) - {"*"} <= words
    assert {one for denied in NEVER for one in denied.types} | set(INSIDE_ONLY) <= words
    assert "300 s after it was verified" in said.stdout


def test_the_table_is_printed_for_programs() -> None:
    """Everything that a row says, as JSON."""
    said = orjson.loads(CliRunner().invoke(main, ["public", "table", "--json"]).stdout)
    assert len(said["rows"]) == len(TABLE)
    assert said["inside_only"] == sorted(INSIDE_ONLY)
    for row, told in zip(TABLE, said["rows"], strict=True):
        assert (told["kind"], tuple(told["types"]), told["why"]) == (row.kind, row.types, row.why)
        assert told["fields"] == sorted(row.fields)
        assert told["delay_s"] == row.delay_s


def test_the_docs_have_the_table_as_it_is() -> None:
    """docs/public.md holds what the command prints, to the letter."""
    printed = CliRunner().invoke(main, ["public", "table"]).stdout
    assert f"<!-- cop public table -->\n```text\n{printed}```\n" in DOCS.read_text("utf-8")
