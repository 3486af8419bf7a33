"""The Observatory's regional weather files: one row for each automatic weather station."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cop.errors import PayloadError
from cop.formats.hko import column, find_site, located, read_languages, read_rows, slug
from cop.formats.number import read_number
from cop.formats.when import parse_time
from cop.model.kinds import Observation, Quality
from cop.model.site import Table
from cop.model.text import Lang, Text, merge

_COMPASS: Final[dict[str, float]] = {
    "north": 0.0,
    "northnortheast": 22.5,
    "northeast": 45.0,
    "eastnortheast": 67.5,
    "east": 90.0,
    "eastsoutheast": 112.5,
    "southeast": 135.0,
    "southsoutheast": 157.5,
    "south": 180.0,
    "southsouthwest": 202.5,
    "southwest": 225.0,
    "westsouthwest": 247.5,
    "west": 270.0,
    "westnorthwest": 292.5,
    "northwest": 315.0,
    "northnorthwest": 337.5,
    "北": 0.0,
    "東北": 45.0,
    "東": 90.0,
    "東南": 135.0,
    "南": 180.0,
    "西南": 225.0,
    "西": 270.0,
    "西北": 315.0,
    "东北": 45.0,
    "东": 90.0,
    "东南": 135.0,
}


@dataclass(frozen=True, slots=True)
class StationRow:
    """A row of a regional weather file: when, which station (in each language), the cells after."""

    at: datetime
    names: Text
    cells: tuple[str, ...]
    words: Mapping[Lang, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, and why."""

    row: str
    reason: str


def station_rows(
    bodies: Mapping[Lang, bytes], table: Table, *, cells: int, head: tuple[str, ...]
) -> Iterator[StationRow | BadRow]:
    """Read a regional weather file in one or more languages, row by row.

    The first language leads; others give names and words to the row of the same station, found in
    *table*, or of the same place in a file of equal length and time.

    Args:
        bodies: the language variants.
        table: the stations.
        cells: how many cells must follow time and station; more are ignored.
        head: words one of which the header must hold, in any language, lower case.

    Yields:
        StationRow or BadRow.

    Raises:
        PayloadError: no variant is such a file, or none has a row.
    """
    documents = read_languages(bodies, lambda body: _regular(*read_rows(body, least=3, heads=head)))
    for lang, reason in documents.problems.items():
        yield BadRow(f"document {lang}", reason)
    rows = documents.first
    if not rows:
        raise PayloadError("the table has a header and no rows")
    lead, *others = documents.by_lang
    twins = {lang: _Twins(documents.by_lang[lang], rows, table) for lang in others}
    for index, row in enumerate(rows):
        if len(row) < 2 + cells:
            yield BadRow(",".join(row), f"{len(row)} fields, at least {2 + cells} expected")
            continue
        try:
            at = parse_time(row[0])
        except ValueError as error:
            yield BadRow(",".join(row), str(error))
            continue
        variants = {lead: row}
        for lang, twin in twins.items():
            other = twin.of(index)
            if other is not None and len(other) >= 2 + cells:
                variants[lang] = other
        yield StationRow(
            at,
            {lang: variant[1] for lang, variant in variants.items()},
            tuple(row[2 : 2 + cells]),
            {lang: tuple(variant[2 : 2 + cells]) for lang, variant in variants.items()},
        )


def _regular(header: list[str], rows: list[list[str]]) -> list[list[str]]:
    """Bring rows of the portal's per-station file, one column for each part of the time, in order.

    That file repeats its ten columns in three languages: reading it by place has once logged the
    month of the Chinese block as a speed, so the English columns are found by their headings.
    """
    if "(year)" not in header[0].lower():
        return rows
    parts = [column(header, f"({part})") for part in ("year", "month", "day", "hour", "minute")]
    station = column(header, "automatic weather station")
    if station is None:
        raise PayloadError("a column is missing: Automatic Weather Station")
    english = [place for place in range(station + 1, len(header)) if header[place].isascii()]
    values = [place for place in english if "date time" not in header[place].lower()]
    places = [place for place in parts if place is not None]
    if len(places) != len(parts) or not values:
        raise PayloadError(f"a column is missing: {', '.join(header)[:120]}")
    return [
        [
            "".join(row[place].zfill(2) for place in places),
            row[station],
            *(row[place] for place in values),
        ]
        if len(row) > max(*places, station, *values)
        else row[:1]
        for row in rows
    ]


class _Twins:
    """Finds the rows of another language's file that say the same as those of the leading one."""

    def __init__(self, rows: list[list[str]], lead: list[list[str]], table: Table) -> None:
        self._table = table
        self._lead = lead
        self._rows = rows
        self._by_key = {
            site.key: row for row in rows if (site := find_site(table, row[1:2])) is not None
        }

    def of(self, index: int) -> list[str] | None:
        """Give the twin of row *index* of the leading file, or None."""
        row = self._lead[index]
        site = find_site(self._table, row[1:2])
        if site is not None and site.key in self._by_key:
            return self._by_key[site.key]
        same_place = len(self._rows) == len(self._lead) and self._rows[index][0] == row[0]
        return self._rows[index] if same_place else None


def compass_deg(word: str) -> float | None:
    """Give the direction in degrees that *word* names, in English or Chinese; None for others."""
    folded = re.sub(r"[\s\-風风]", "", word).lower()
    return _COMPASS.get(folded)


def station_words(row: StationRow, table: Table) -> tuple[str, Text, dict[str, object]]:
    """Give the id part, the names and the place of the station of *row*."""
    site = find_site(table, tuple(row.names.values()))
    key = site.key if site else next(iter(row.names.values()))
    return key, merge(row.names, site.name if site else {}), located(site)


def readings(
    bodies: Mapping[Lang, bytes],
    table: Table,
    *,
    feed: str,
    measure: str,
    unit: str,
    label: Text,
    head: tuple[str, ...],
) -> Iterator[Observation | BadRow]:
    """Read a regional file of one number for each station.

    Args:
        bodies: the language variants.
        table: the stations.
        feed: key of the feed.
        measure: what the number measures.
        unit: its unit.
        label: what it is called, for the title.
        head: words one of which the header must hold, in any language, lower case.

    Raises:
        PayloadError: it is not such a file.
    """
    for row in station_rows(bodies, table, cells=1, head=head):
        if isinstance(row, BadRow):
            yield row
            continue
        key, names, place = station_words(row, table)
        try:
            value = read_number(row.cells[0])
        except ValueError as error:
            yield BadRow(",".join((*row.names.values(), *row.cells)), str(error))
            continue
        yield Observation.model_validate(
            {
                "id": f"{feed}:{slug(key)}",
                "feed": feed,
                "publisher": "HKO",
                "title": titled(names, label),
                "observed_at": row.at,
                "place": names,
                "measure": measure,
                "value": value,
                "unit": unit,
                "quality": Quality.MISSING if value is None else Quality.OK,
                "station": key,
                **place,
            }
        )


def titled(names: Text, label: Text) -> Text:
    """Put the name of a station and what is measured there together, language by language."""
    return {lang: f"{name} {label[lang]}" for lang, name in names.items() if lang in label}
