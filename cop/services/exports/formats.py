"""The formats that there are, by the end of a file's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cop.services.exports.geojson import write_geojson
from cop.services.exports.georss import write_georss
from cop.services.exports.kml import write_kml
from cop.services.exports.sheets import write_csv
from cop.services.exports.table import Export

Suffix = Literal["geojson", "csv", "kml", "rss", "gpkg", "parquet"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        media_type: as it is sent.
        write: makes the file; call it in a thread.
    """

    media_type: str
    write: Callable[[Export], bytes]


def _geopackage(export: Export) -> bytes:
    # What these two need is large: a process that is never asked for them does without.
    from cop.services.exports.frames import write_geopackage

    return write_geopackage(export)


def _geoparquet(export: Export) -> bytes:
    from cop.services.exports.frames import write_geoparquet

    return write_geoparquet(export)


FORMATS: Final[Mapping[Suffix, Format]] = {
    "geojson": Format("application/geo+json", write_geojson),
    "csv": Format("text/csv; charset=utf-8", write_csv),
    "kml": Format("application/vnd.google-earth.kml+xml; charset=utf-8", write_kml),
    "rss": Format("application/rss+xml; charset=utf-8", write_georss),
    "gpkg": Format("application/geopackage+sqlite3", _geopackage),
    "parquet": Format("application/vnd.apache.parquet", _geoparquet),
}
