"""GeoPackage and GeoParquet: the table with its geometry, for GIS and for analysis.

Both carry terms, time and sources within: the GeoPackage as metadata of its own standard and as a
table `about`, the GeoParquet as key-value metadata beside the `geo` of its standard.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas
import orjson
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
from shapely.geometry import shape

from cop.clock import utc_iso
from cop.formats.payload import strip_unseen
from cop.model.geometry import positions
from cop.model.text import say
from cop.services.exports.table import Export, Value

ABOUT: Final = "about"
CRS: Final = "OGC:CRS84"
_GPKG_CRS: Final = "EPSG:4326"
_TYPES: Final = {"number": "Float64", "integer": "Int64", "boolean": "boolean"}


def write_geoparquet(export: Export) -> bytes:
    """Give *export* as GeoParquet 1.x; what is known of all of it is under the key `cop`."""
    file = io.BytesIO()
    _frame(export).to_parquet(file, index=False)
    file.seek(0)
    table = pq.read_table(file)
    said = {b"cop": orjson.dumps(about(export)), b"licence": export.terms.encode()}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **said})
    whole = io.BytesIO()
    pq.write_table(table, whole)
    return whole.getvalue()


def write_geopackage(export: Export) -> bytes:
    """Give *export* as a GeoPackage: a layer named like the kind, and the table `about`."""
    frame = _frame(export).to_crs(_GPKG_CRS)  # the one that every reader of it knows
    for name in frame.columns:  # the format has no truth values that may be missing
        if str(frame[name].dtype) == "boolean":
            frame[name] = frame[name].map({True: "true", False: "false"}, na_action="ignore")
    said = about(export)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{export.kind}.gpkg"
        pyogrio.write_dataframe(
            frame,
            path,
            layer=export.kind.value,
            driver="GPKG",
            geometry_type="Unknown",
            promote_to_multi=False,
            layer_metadata={"cop": orjson.dumps(said).decode(), "licence": export.terms},
            dataset_options={"VERSION": "1.2"},  # readers of the last ten years
        )
        rows = [{"name": name, "value": _line(value)} for name, value in said.items()]
        pyogrio.write_dataframe(pd.DataFrame(rows), path, layer=ABOUT, driver="GPKG", append=True)
        return path.read_bytes()


def about(export: Export) -> dict[str, Any]:
    """Give what is known of all of *export*, as JSON values."""
    return {
        "title": export.title,
        "kind": export.kind.value,
        "as_of": utc_iso(export.as_of, "seconds"),
        "now": utc_iso(export.now, "seconds"),
        "operation": export.operation,
        "exercise": export.exercise,
        "licence": export.terms,
        "sources": [
            {
                "feed": key,
                "title": say(feed.title, export.lang),
                "publisher": feed.publisher,
                "licence": feed.licence,
                "known_at": None
                if (known := feed.known_at()) is None
                else utc_iso(known, "seconds"),
                "stale": feed.is_stale(export.now),
            }
            for key, feed in export.sources.items()
        ],
    }


def _line(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _frame(export: Export) -> geopandas.GeoDataFrame:
    """Give the table with its geometry; every column has the type that the model says."""
    rows = [export.row(feature) for feature in export.features]
    data: dict[str, Any] = {"id": _column(rows, "id", "string", "")}
    for column in export.columns:
        data[column.name] = _column(rows, column.name, column.type, column.format)
    data["terms"] = _column(rows, "terms", "string", "")
    data["as_of"] = _column(rows, "as_of", "string", "date-time")
    data["exercise"] = _column(rows, "exercise", "boolean", "")
    shapes = [_shape(feature["geometry"]) for feature in export.features]
    return geopandas.GeoDataFrame(data, geometry=geopandas.GeoSeries(shapes, crs=CRS), crs=CRS)


def _column(rows: Sequence[dict[str, Value]], name: str, type_: str, form: str) -> Any:
    values = [row[name] for row in rows]
    if form == "date-time":
        said = pd.Series(values, dtype="string")
        moments = pd.to_datetime(said, utc=True, format="ISO8601", errors="coerce")
        return moments.astype("datetime64[ms, UTC]")
    if type_ in _TYPES:
        return pd.Series(values, dtype=_TYPES[type_])
    words = [strip_unseen(value) if isinstance(value, str) else None for value in values]
    return pd.Series(words, dtype="string")


def _shape(geometry: Any) -> Any:
    known = geometry is not None and next(positions(geometry), None) is not None
    return shape(geometry) if known else None
