"""What a client gets: the one rule of its groups, after what its audience may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from cop.model.entity import Kind
from cop.services.cot.clients import Client
from cop.services.cot.shapes import whole_of

MANAGED = frozenset([Kind.INCIDENT, Kind.RESOURCE])
"""Kinds that belong to agencies; what threatens or helps everybody is everybody's."""


def allows(client: Client, feature: Mapping[str, Any]) -> bool:
    """Tell whether the groups of *client* have *feature*, a projected feature of GeoJSON.

    *feature* of a resource is as it will be sent: at its live position, where that is sent. A
    warning that is for the whole city has no place and is in every area.
    """
    properties = feature["properties"]
    kind = properties["kind"]
    if kind not in client.kinds:
        return False
    if client.agencies and kind in MANAGED and not client.agencies & _agencies(properties):
        return False
    return _is_inside(client, feature)


def _agencies(properties: Mapping[str, Any]) -> set[str]:
    if properties["kind"] == Kind.RESOURCE:
        return {properties["agency"]}
    named = (properties.get("publisher"), properties.get("lead_agency"))
    return {one for one in (*named, *properties.get("supporting_agencies", ())) if one}


def _is_inside(client: Client, feature: Mapping[str, Any]) -> bool:
    if not client.areas:
        return True
    if feature["geometry"] is None:
        return bool(feature["properties"]["kind"] == Kind.ALERT)
    place = whole_of(feature["geometry"])
    return any(shapely.intersects(place, shapely.box(*area)) for area in client.areas)
