"""Rows for spreadsheets: CSV (RFC 4180) whose cells are text or numbers, never formulas."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from typing import Final

Cell = str | int | float | bool | None

_FORMULAS: Final = frozenset("=+-@")
"""What a spreadsheet takes for the beginning of a formula, also in other widths, and behind what is
not seen, which some take away."""
_BREAKS: Final = ("\t", "\r", "\n")
_UNSEEN: Final = frozenset(["Cc", "Cf", "Zl", "Zp", "Zs"])
"""Categories of such signs."""


def csv_line(cells: Iterable[Cell]) -> str:
    """Give one line of CSV, with its end.

    A text that a spreadsheet would take for a formula begins with an apostrophe instead; numbers
    stay numbers, truth values are `true` and `false`, and None is an empty cell.
    """
    line = io.StringIO()
    csv.writer(line).writerow(map(_shown, cells))
    return line.getvalue()


def _shown(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str) and _may_be_formula(cell):
        return f"'{cell}"
    return cell


def _may_be_formula(cell: str) -> bool:
    if cell.startswith(_BREAKS):
        return True
    first = next((sign for sign in cell if unicodedata.category(sign) not in _UNSEEN), "")
    return unicodedata.normalize("NFKC", first) in _FORMULAS
