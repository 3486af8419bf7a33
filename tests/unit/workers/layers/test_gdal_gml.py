"""GML as GDAL writes it, an independent writer: every dialect, every kind of geometry."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from workers.layers.gml import take_gml
from workers.layers.rows import Rows

OGR = shutil.which("ogr2ogr")
_RING: Final = [[114.1, 22.2], [114.2, 22.2], [114.2, 22.3], [114.1, 22.2]]
_HOLE: Final = [[114.15, 22.21], [114.16, 22.21], [114.16, 22.22], [114.15, 22.21]]
SHAPES: Final[dict[str, Any]] = {
    "Point": [114.158, 22.282],
    "LineString": [[114.1, 22.2], [114.2, 22.3]],
    "Polygon": [_RING, _HOLE],
    "MultiPoint": [[114.1, 22.2], [114.2, 22.2]],
    "MultiLineString": [[[114.1, 22.2], [114.2, 22.3]]],
    "MultiPolygon": [[_RING]],
}


@pytest.mark.skipif(OGR is None, reason="needs ogr2ogr of GDAL")
@pytest.mark.parametrize("dialect", ["GML2", "GML3", "GML3.2", "GML3Deegree"])
@pytest.mark.parametrize("system", ["EPSG:4326", "EPSG:2326", "EPSG:3857"])
def test_what_gdal_writes_is_read(tmp_path: Path, dialect: str, system: str) -> None:
    """Places come out where they went in, whatever the dialect and the order of its axes."""
    wanted = [
        {
            "type": "Feature",
            "properties": {"name": f"{kind} 點"},
            "geometry": {"type": kind, "coordinates": coordinates},
        }
        for kind, coordinates in SHAPES.items()
    ]
    source, made = tmp_path / "in.geojson", tmp_path / "out.gml"
    source.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": wanted}))
    subprocess.run(
        [
            *(str(OGR), "-f", "GML", "-dsco", f"FORMAT={dialect}"),
            *("-t_srs", system, str(made), str(source)),
        ],
        check=True,
        capture_output=True,
    )
    rows = Rows()
    assert take_gml(made.read_bytes(), rows) == len(wanted)
    found = orjson.loads(rows.encode()[0])["features"]
    for one, other in zip(wanted, found, strict=True):
        assert other["properties"]["name"] == one["properties"]["name"]
        assert other["geometry"]["type"] == one["geometry"]["type"]
        assert flat(other["geometry"]["coordinates"]) == pytest.approx(
            flat(one["geometry"]["coordinates"]), abs=2e-5
        )


def flat(part: Any) -> list[float]:
    """Give all numbers in nested coordinates, in order."""
    if not isinstance(part, list):
        return [part]
    return [number for inner in part for number in flat(inner)]
