"""Rows for spreadsheets: CSV (RFC 4180) whose cells are text or numbers, never formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

Cell = str | int | float | bool | None

_FORMULAS: Final = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula."""


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
    if isinstance(cell, str) and cell.startswith(_FORMULAS):
        return f"'{cell}"
    return cell
