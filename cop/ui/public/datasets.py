"""The tables of the open data: which features each holds, and the columns of its CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cop.model.entity import Kind
from cop.services.publishing.picture import Feature
from cop.ui.public.columns import Column, numbers, place, plain, texts, within
from cop.ui.public.text_places import SHELTERS

DatasetKey = Literal[
    "warnings",
    "hazards",
    "roads",
    "shelters",
    "first_aid",
    "hospitals",
    "air",
    "rain",
    "tide",
    "wind",
    "transport",
]
DATASET_KEYS: Final[tuple[DatasetKey, ...]] = get_args(DatasetKey)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table.

    Attributes:
        kinds: of the features in it.
        types: of those of them that it holds; none: all.
        columns: of its CSV, besides those that every table has.
    """

    kinds: tuple[Kind, ...]
    types: tuple[str, ...]
    columns: tuple[Column, ...]

    def holds(self, kind: str, type_: str) -> bool:
        """Tell whether what is of *kind* and *type_* belongs into this table."""
        return kind in self.kinds and (not self.types or type_ in self.types)


_ALL_FIRST: Final = (
    Column("id", "id", lambda feature: str(feature["id"])),
    *plain("type"),
    *texts("title"),
)
_ALL_LAST: Final = (
    *texts("description", "place"),
    *plain("district"),
    *place(),
    *plain("placing", "precision_m", "observed_at", "valid_from", "expires_at"),
    within("ended_at", "ended", "at"),
    within("ended_why", "ended", "why"),
    within("changed_at", "changed", "at"),
    within("corrected", "changed", "corrected"),
    *plain("publisher", "feed", "link", "fetched_at", "version"),
)
_FACILITY: Final = plain("facility_type", "status", "asserted_at")
_ROOM: Final = (*plain("capacity", "occupancy", "access", "pets"), *texts("address"))
_READING: Final = (
    *plain("measure", "value", "unit", "quality", "station"),
    *texts("band"),
)
_WAITS: Final = ("t1", "t2", "t3_p50", "t3_p95", "t45_p50", "t45_p95")
_QUEUES: Final = tuple(
    f"{who}_{way}" for who in ("residents", "visitors") for way in ("arrival", "departure")
)

DATASETS: Final[Mapping[DatasetKey, Dataset]] = {
    "warnings": Dataset(
        (Kind.ALERT,),
        (),
        (
            *plain("event_type", "signal", "severity", "urgency", "certainty"),
            *plain("issued_at", "updated_at"),
            *texts("area", "instruction"),
            *plain("identifier", "sender"),
        ),
    ),
    "hazards": Dataset(
        (Kind.HAZARD, Kind.INCIDENT),
        (),
        (
            *plain("phenomenon", "incident_type", "status", "severity", "certainty"),
            *plain("forecast", "reported_at", "number"),
            *texts("intensity"),
            *numbers("magnitude", "depth_km", "wind_kmh", "lead_h", "probability_percent"),
        ),
    ),
    "roads": Dataset(
        (Kind.ROAD,),
        (),
        (
            *plain("status", "cause", "number", "speed_kmh", "journey_min"),
            *texts("road", "direction"),
        ),
    ),
    "shelters": Dataset((Kind.FACILITY,), tuple(SHELTERS), (*_FACILITY, *_ROOM)),
    "first_aid": Dataset((Kind.FACILITY,), ("first_aid_post",), (*_FACILITY, *_ROOM)),
    "hospitals": Dataset(
        (Kind.FACILITY,),
        ("hospital",),
        (
            *_FACILITY,
            *numbers(*(f"{name}_min" for name in _WAITS)),
            *texts(*_WAITS, inside="words"),
            *_ROOM,
        ),
    ),
    "air": Dataset((Kind.OBSERVATION,), ("aqhi",), _READING),
    "rain": Dataset((Kind.OBSERVATION,), ("rain_1h",), (*_READING, *numbers("min_mm", "max_mm"))),
    "tide": Dataset(
        (Kind.OBSERVATION,),
        ("sea_level", "tide", "river_level"),
        (*_READING, *numbers(*(f"in_{hours}h_m" for hours in range(1, 7)))),
    ),
    "wind": Dataset(
        (Kind.OBSERVATION,), ("wind",), (*_READING, *numbers("gust_kmh", "direction_deg"))
    ),
    "transport": Dataset(
        (Kind.FACILITY,),
        ("railway_line", "boundary_control_point", "airport"),
        (
            *_FACILITY,
            *numbers("flights", "delayed", "cancelled", "cancelled_ratio"),
            *numbers(*(f"{name}_level" for name in _QUEUES)),
            *texts(*_QUEUES, inside="words"),
            *_ROOM,
        ),
    ),
}
"""In the order of the data page."""


def columns_of(key: DatasetKey) -> tuple[Column, ...]:
    """List the columns of a table's CSV, but for the last two: `as_of` and `exercise`."""
    return (*_ALL_FIRST, *DATASETS[key].columns, *_ALL_LAST)


def dataset_of(feature: Feature) -> DatasetKey | None:
    """Tell in which table *feature* is; None: in none of them, only among all."""
    properties = feature["properties"]
    kind, type_ = str(properties["kind"]), str(properties.get("type") or "")
    return next((key for key in DATASET_KEYS if DATASETS[key].holds(kind, type_)), None)
