"""Layers of others over the harbour: points, an area, pictures, one that is old, one that fails."""

from __future__ import annotations

import io
import random
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from PIL import Image, ImageDraw

from cop.model.exchange import Layer, LayerState
from cop.model.text import text
from cop.services.layers.tables import keep_table
from cop.services.layers.tiles import Place, Tile
from cop.store.port import Store

HOST: Final = "maps.example.hk"
STATIONS: Final = "layer:stations"
HOSTILE: Final = "<img src=x onerror=\"document.body.dataset.broken='yes'\">"
MANY: Final = 5000


def layer(key: str, now: datetime, **fields: Any) -> Layer:
    """Make a layer that was fetched well a moment ago, unless *fields* say otherwise."""
    return Layer.model_validate(
        {
            "id": f"layer:{key}",
            "publisher": "COP",
            "service": "geojson",
            "address": f"https://{HOST}/{key}",
            "attribution": "Example Department",
            "licence": "Example terms",
            "state": LayerState.OK,
            "checked_at": now,
            "fetched_at": now - timedelta(minutes=4),
            "every_s": 86_400,
            **fields,
        }
    )


def layers(now: datetime) -> list[Layer]:
    """Give one layer of each sort."""
    return [
        layer("stations", now, title=text("Fire stations", "消防局", "消防局"), features=3),
        layer("many", now, title=text("Hydrants", "消防栓", "消防栓"), features=MANY, cut=True),
        layer(
            "old",
            now,
            title=text("Planned works", "計劃工程", "计划工程"),
            fetched_at=now - timedelta(days=9),
            state=LayerState.FAILING,
            why="maps.example.hk did not answer in time",
            author="chan",
        ),
        layer(
            "never",
            now,
            title=text("Sewers", "污水渠", "污水渠"),
            state=LayerState.FAILING,
            fetched_at=None,
            why="maps.example.hk answered 404 Not Found",
            author="chan",
        ),
        layer(
            "pictures",
            now,
            title=text("Land use", "土地用途", "土地用途"),
            service="wms",
            name="landuse",
        ),
    ]


def feature(number: int, lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    """Make a point."""
    place = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": str(number), "geometry": place, "properties": properties}


def keep(store: Store) -> None:
    """Keep what is in the layers."""
    area = [[114.14, 22.28], [114.17, 22.28], [114.17, 22.30], [114.14, 22.30], [114.14, 22.28]]
    stations = [
        feature(1, 114.155, 22.285, Name_en="Central Station", Name_tc="中環消防局", Bays=6),
        feature(2, 114.175, 22.280, Name_en=HOSTILE, Name_tc="灣仔消防局"),
        {
            "type": "Feature",
            "id": "3",
            "geometry": {"type": "Polygon", "coordinates": [area]},
            "properties": {"Name_en": "Yard"},
        },
    ]
    dice = random.Random(7)
    many = [
        feature(n, dice.uniform(113.9, 114.3), dice.uniform(22.2, 22.5), name=f"Hydrant {n}")
        for n in range(MANY)
    ]
    for name, found in (("stations", stations), ("many", many), ("old", stations[:1])):
        body = orjson.dumps({"type": "FeatureCollection", "features": found})
        keep_table(store, f"layer:{name}", body)


def picture(_: Layer, place: Place) -> Tile:
    """Draw a tile."""
    image = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((6, 6, 250, 250), outline=(190, 60, 160, 255), width=3)
    draw.text((20, 20), f"{place.z}/{place.x}/{place.y}", fill=(190, 60, 160, 255))
    file = io.BytesIO()
    image.save(file, "PNG")
    return Tile(file.getvalue(), "image/png")
