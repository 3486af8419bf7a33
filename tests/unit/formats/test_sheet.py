"""A line of CSV is read back as it was, and a spreadsheet calculates nothing of it."""

from __future__ import annotations

import csv
import io
import re

from hypothesis import given
from hypothesis import strategies as st

from cop.formats.sheet import csv_line

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "a,b", 'a"b', "a\nb"]),
    st.sampled_from([" =1", "\n=1", "\u00a0=1", "\u200b+1", "\ufeff@a", "\u3000＝1", "﹦1", "﹣1"]),
)
FORMULA = re.compile("[\\s\u200b\ufeff]*[=+\\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n]")


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_cells_come_back(cells: list[str | int | float | bool | None]) -> None:
    """Texts as they were but for the apostrophe before a formula; numbers stay numbers."""
    line = csv_line(cells)
    assert line.endswith("\r\n")
    (row,) = csv.reader(io.StringIO(line, newline=""))
    assert len(row) == len(cells)
    for cell, shown in zip(cells, row, strict=True):
        if cell is None:
            assert shown == ""
        elif isinstance(cell, bool):
            assert shown == str(cell).lower()
        elif isinstance(cell, str):
            assert shown.removeprefix("'") == cell.removeprefix("'")
            assert FORMULA.match(shown) is None
        else:
            assert float(shown) == float(cell)
