"""The gridded rainfall nowcast: 2.7 MB of CSV, most of it dry, to the cells that are not zero.

A quarter of the rows is one half-hour: a full rectangle of points from north to south, west to
east. Only rows with rain are taken apart; that the rectangles are full is checked by counting.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cop.errors import PayloadError
from cop.formats.payload import is_html
from cop.formats.when import parse_time

_DRY: Final = (b",0.00", b",0", b",0.0")
_STEP: Final = (0.01946, 0.01799)
"""Step in longitude and latitude where a single point does not tell it."""


@dataclass(frozen=True, slots=True)
class RainField:
    """The rain forecast for one half-hour.

    Attributes:
        updated_at: when the forecast was made.
        ends_at: end of the half-hour.
        west: longitude of the north-western point; *north* its latitude.
        step_lon: degrees from point to point eastwards; *step_lat* southwards.
        columns: points in a row; *rows* the number of rows.
        cells: (index, mm in the half-hour); index counts eastwards, row after row.
        refused: rows whose rain could not be read, with the reason.
    """

    updated_at: datetime
    ends_at: datetime
    west: float
    north: float
    step_lon: float
    step_lat: float
    columns: int
    rows: int
    cells: tuple[tuple[int, float], ...]
    refused: tuple[tuple[str, str], ...]


def read_nowcast(body: bytes) -> Iterator[RainField]:
    """Read the half-hours in order.

    Raises:
        PayloadError: it is no nowcast, or rows are missing: a cut field would look dry.
    """
    if is_html(body) or not body.strip():
        raise PayloadError("the document is empty or a web page")
    header, _, rest = body.partition(b"\n")
    if header.count(b",") != 4 or header.lstrip(b"\xef\xbb\xbf")[:1].isdigit():
        raise PayloadError("not a rainfall nowcast: the header is missing")
    lines = [line for line in rest.splitlines() if line]
    if not lines or lines[0].count(b",") != 4 or not lines[0][:12].isdigit():
        raise PayloadError("not a rainfall nowcast: it has no rows")
    size = _run(lines, 0, 25)
    columns = _run(lines[:size], 0, _width(lines[0]))
    if len(lines) % size or size % columns or len(lines) > 24 * size:
        raise PayloadError(
            f"the grid is not complete: {len(lines)} rows of {size} points, {columns} in a row"
        )
    for start in range(0, len(lines), size):
        yield _field(lines[start : start + size], columns)


def _width(line: bytes) -> int:
    """Give the length of *line* up to and with its latitude."""
    return len(line) - len(line.split(b",", 3)[3])


def _run(lines: list[bytes], start: int, width: int) -> int:
    """Count the lines from *start* that share their first *width* bytes."""
    head = lines[start][:width]
    low, high = start, len(lines)
    while low < high:  # the lines are in order, so that halving finds the end of the run
        middle = (low + high) // 2
        if lines[middle].startswith(head):
            low = middle + 1
        else:
            high = middle
    return low - start


def _cell(line: bytes, place: int) -> bytes:
    cells = line.split(b",", 4)
    if len(cells) != 5:
        raise PayloadError(f"a row without five fields: {line[:60]!r}")
    return cells[place]


def _number(raw: bytes, what: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        raise PayloadError(f"not a {what}: {raw[:20]!r}") from None
    if not math.isfinite(value) or abs(value) > 180:
        raise PayloadError(f"not a {what}: {raw[:20]!r}")
    return value


def _axis(raw: list[bytes], what: str, step: float) -> tuple[float, float, dict[bytes, int]]:
    """Give the first value of an axis, its mean step and the place of each value on it."""
    places = {value: index for index, value in enumerate(raw)}
    if len(places) != len(raw):
        raise PayloadError(f"the grid repeats a {what}")
    first, last = _number(raw[0], what), _number(raw[-1], what)
    mean = (last - first) / (len(raw) - 1) if len(raw) > 1 else step
    if mean * step <= 0:
        raise PayloadError(f"the grid's {what} runs the wrong way")
    return first, abs(mean), places


def _field(lines: list[bytes], columns: int) -> RainField:
    head = lines[0].split(b",")
    stamps = lines[0][:26]
    if not lines[-1].startswith(stamps):
        raise PayloadError("the half-hours of the grid are mixed")
    north, step_lat, latitudes = _axis(
        [_cell(line, 2) for line in lines[::columns]], "latitude", -_STEP[1]
    )
    west, step_lon, longitudes = _axis(
        [_cell(line, 3) for line in lines[:columns]], "longitude", _STEP[0]
    )
    try:
        updated_at, ends_at = parse_time(head[0].decode()), parse_time(head[1].decode())
    except ValueError as error:
        raise PayloadError(str(error)) from None
    cells, refused = [], []
    for line in [line for line in lines if not line.endswith(_DRY)]:
        try:
            updated, ends, lat, lon, raw = line.split(b",")
            index = latitudes[lat] * columns + longitudes[lon]
            rain = float(raw)
        except (ValueError, KeyError) as error:
            refused.append((line.decode("latin-1"), f"not a point of the grid: {error}"))
            continue
        if updated != head[0] or ends != head[1] or not 0 <= rain < 1000:
            refused.append((line.decode("latin-1"), "not rain of this half-hour"))
        elif rain:
            cells.append((index, rain))
    return RainField(
        updated_at=updated_at,
        ends_at=ends_at,
        west=west,
        north=north,
        step_lon=step_lon,
        step_lat=step_lat,
        columns=columns,
        rows=len(lines) // columns,
        cells=tuple(cells),
        refused=tuple(refused),
    )
