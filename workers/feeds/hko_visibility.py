"""Visibility at four places, ten-minute mean.

Specification: Hong Kong Observatory Open Data API Documentation, "LTMV".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from cop.formats.hko import OPEN_DATA, slug
from cop.formats.hko_regional import BadRow, StationRow, station_rows, station_words, titled
from cop.formats.number import read_quantity
from cop.model.kinds import Observation, Quality
from cop.model.site import Table
from cop.model.text import text
from workers.feed import (
    DATA_GOV_HK,
    HKO_LANGS,
    ContentAt,
    Feed,
    Item,
    Poll,
    Refused,
    in_languages,
)

KEY: Final = "hko_visibility"
LABEL: Final = text("visibility", "能見度", "能见度")
HEAD: Final = ("visibility", "能見度", "能见度")
_KM: Final = {"km": 1.0, "": 1.0, "公里": 1.0, "m": 0.001, "米": 0.001}


def parse(poll: Poll) -> Iterator[Item]:
    """Give one observation in km for each place."""
    table = poll.table("hko_stations")
    for row in station_rows(poll.by_language("LTMV"), table, cells=1, head=HEAD):
        if isinstance(row, BadRow):
            yield Refused(row.row, row.reason)
            continue
        try:
            yield _visibility(row, table)
        except ValueError as error:
            yield Refused(",".join((*row.names.values(), *row.cells)), str(error))
            continue
        yield ContentAt(row.at)


def _visibility(row: StationRow, table: Table) -> Observation:
    key, names, place = station_words(row, table)
    quantity = read_quantity(row.cells[0])
    value = None
    if quantity is not None:
        if quantity[1].lower() not in _KM or quantity[0] < 0:
            raise ValueError(f"not a distance: {row.cells[0]!r}")
        value = quantity[0] * _KM[quantity[1].lower()]
    return Observation.model_validate(
        {
            "id": f"{KEY}:{slug(key)}",
            "feed": KEY,
            "publisher": "HKO",
            "title": titled(names, LABEL),
            "observed_at": row.at,
            "place": names,
            "measure": "visibility",
            "value": value,
            "unit": "km",
            "quality": Quality.MISSING if value is None else Quality.OK,
            "station": key,
            **place,
        }
    )


FEED = Feed(
    key=KEY,
    title=text("Visibility", "能見度", "能见度"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "LTMV",
        OPEN_DATA + "opendata.php?dataType=LTMV&lang={lang}&rformat=csv",
        HKO_LANGS,
        looks_like=lambda body: any(word in body[:600] for word in map(str.encode, HEAD)),
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(minutes=40),
    parse=parse,
    expected=(1, 50),
    joins=("hko_stations",),
)
