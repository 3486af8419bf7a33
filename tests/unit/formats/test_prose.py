"""Words of documents: mark-up is taken out of them, however it was written."""

from __future__ import annotations

import pytest

from cop.formats.prose import plain_text


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        ("<script></" * 100_000, 900_000),
        ("<script><style>" * 60_000, 0),
        ("<tr><td>" * 100_000, 0),
        ("x" + " " * 300_000 + "y", 300_002),
    ],
    ids=["script", "style", "row", "blanks"],
)
def test_markup_without_end_is_read_once(markup: str, left: int) -> None:
    """Elements that open and never close cost no more than their length, and hide nothing else."""
    assert len(plain_text(f"a{markup}")) <= left + 1


def test_what_is_hidden_goes_with_its_element() -> None:
    """Scripts and styles are no words, however their ends are written."""
    assert plain_text("a<script>b<c></script >d<style\n>e</style>f") == "a d f"
