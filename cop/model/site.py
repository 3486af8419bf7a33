"""Known places that feeds refer to by id or name: detectors, gauges, stations, hospitals, roads."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from cop.model.district import District
from cop.model.geometry import Geometry
from cop.model.text import Text


class Site(BaseModel):
    """One row of a reference table.

    Attributes:
        key: what a feed calls it: an id, or a name for publishers that have no ids.
        name: its name.
        geometry: where it is, WGS84.
        aliases: other spellings of *key* or *name* that feeds use.
        words: further words, for example `road`, `direction`.
        numbers: further numbers, for example `rotation_deg`.
        precision_m: how far off the geometry may be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    name: Text = Field(default_factory=dict)
    geometry: Geometry
    district: District | None = None
    aliases: tuple[str, ...] = ()
    words: dict[str, Text] = Field(default_factory=dict)
    numbers: dict[str, float] = Field(default_factory=dict)
    precision_m: float | None = None


Table = Mapping[str, Site]
"""A reference table: key and each alias, as they are spelled, to the site."""
