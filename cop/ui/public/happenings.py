"""What is worth an entry in a feed: a thing as it now is, since its last change that matters."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import orjson

from cop.model.district import District
from cop.model.entity import Kind
from cop.model.geometry import HONG_KONG_BBOX, positions
from cop.model.kinds import RoadStatus
from cop.model.publishing_table import TABLE
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.items import began
from cop.ui.public.markup import HONG_KONG, moment
from cop.ui.public.text_hazards import dangers
from cop.ui.public.text_warnings import is_elsewhere

What = Literal["new", "changed", "corrected", "over", "withdrawn"]

MOST: Final = 100
"""Entries of one feed."""
_KINDS: Final = (Kind.ALERT, Kind.HAZARD, Kind.INCIDENT, Kind.ROAD)
_ROADS_TOLD: Final = frozenset([RoadStatus.CLOSED, RoadStatus.RESTRICTED, RoadStatus.REOPENED])
_BEGINNINGS: Final = ("issued_at", "reported_at")
"""Times that begin another state; those that follow renew themselves while nothing changes."""
_NAMESPACE: Final = uuid.UUID("6d5c0b8e-2f6a-5d43-9a3e-0f2f5a1c7e90")
_TELLS: Final = {
    kind: sorted({name for row in TABLE if row.kind == kind for name in row.tells})
    for kind in _KINDS
}
"""Fields that tell one state of a thing from another; another state is another entry."""
_TELLS[Kind.INCIDENT].remove("status")  # how far responders have come is no news to subscribers


@dataclass(frozen=True, slots=True)
class Happening:
    """A thing in one state.

    Attributes:
        feature: as the public may have it.
        what: how it came to this state.
        began: when the thing began.
        at: when it came to this state.
    """

    feature: Feature
    what: What
    began: datetime
    at: datetime

    def key(self, *scope: str) -> str:
        """Give the id of this state within *scope*, a URN.

        It is made from the thing, its beginning and what this state is, so that a poll without
        news, a restart and a move of the site to another address change nothing.
        """
        properties = self.feature["properties"]
        facts = {**properties, "geometry": self.feature["geometry"]}
        state = [facts.get(name) for name in (*_BEGINNINGS, *_TELLS[properties["kind"]])]
        if properties["kind"] == Kind.ROAD:  # the same road may be closed again another day
            state.append(self.began.astimezone(HONG_KONG).date())
        return urn(*scope, self.feature["id"], *state, properties.get("ended"))


def urn(*parts: object) -> str:
    """Give an id made from *parts*, JSON values or moments: the same for the same, for ever."""
    body = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return uuid.uuid5(_NAMESPACE, body.decode()).urn


def happenings(picture: PublicPicture) -> list[Happening]:
    """List what is worth an entry, newest first; of equally new ones in the order of their ids."""
    features = [*picture.of(Kind.ALERT, Kind.ROAD), *dangers(picture)]
    found = [_happening(feature, picture.as_of) for feature in features]
    told = [one for one in found if one is not None]
    return sorted(told, key=lambda one: (-one.at.timestamp(), str(one.feature["id"])))


def concerning(happened: Iterable[Happening], district: District | None) -> list[Happening]:
    """Choose those that a feed of *district* (None: the whole city) holds, in their order.

    Warnings come before all others where there is no room for all.
    """
    ours = [one for one in happened if district is None or concerns(one.feature, district)]
    if len(ours) <= MOST:
        return ours
    by_weight = sorted(ours, key=lambda one: one.feature["properties"]["kind"] != Kind.ALERT)
    kept = {id(one) for one in by_weight[:MOST]}
    return [one for one in ours if id(one) in kept]


def concerns(feature: Feature, district: District) -> bool:
    """Tell whether *feature* is in *district*, or a warning or hazard of the whole city."""
    properties = feature["properties"]
    own = properties.get("district")
    if own is not None:
        return bool(own == district)
    if properties["kind"] not in (Kind.ALERT, Kind.HAZARD):
        return False
    return not is_elsewhere(feature) and _touches_city(feature["geometry"])


def _touches_city(geometry: Any) -> bool:
    """Tell whether the box around *geometry* meets the city's; without a place it is everywhere."""
    places = list(positions(dict(geometry))) if geometry else []
    if not places:
        return True
    lons, lats = zip(*places, strict=True)
    west, south, east, north = HONG_KONG_BBOX
    return bool(
        min(lons) <= east and max(lons) >= west and min(lats) <= north and max(lats) >= south
    )


def _happening(feature: Feature, now: datetime) -> Happening | None:
    properties = feature["properties"]
    changed, ended = properties.get("changed"), properties.get("ended")
    if changed and not set(changed["was"]) & set(_TELLS[properties["kind"]]):
        changed = None
    if not _is_told(properties, changed):
        return None
    since = began(properties) or now
    what: What = "new"
    at = since
    if changed:
        what = "corrected" if changed.get("corrected") else "changed"
        at = moment(changed["at"]) or since
    if ended:
        what = "withdrawn" if ended.get("why") == "withdrawn" else "over"
        at = moment(ended["at"]) or at
    return Happening(feature, what, since, at)


def _is_told(properties: Any, changed: Any) -> bool:
    """Tell whether a change of it is news; of roads only what closes, hinders or is over."""
    if properties["kind"] != Kind.ROAD:
        return True
    was = changed["was"].get("status") if changed else None
    return properties.get("status") in _ROADS_TOLD or was in _ROADS_TOLD
