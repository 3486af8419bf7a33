"""The rules of sharing with a partner: which features go, which come, and by which way."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import shapely
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from cop.model.district import District
from cop.model.publisher import way_of
from cop.services.exchange import shareable
from cop.services.exchange.partners import Areas, PartnerPlan
from cop.services.geography import districts_touched

FORMAT: Final = 1
"""Of the documents that installations exchange; another one is refused."""

LONGEST_WAY: Final = 8
"""Installations that something may have come through."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which one partner gets things.

    Attributes:
        plan: of the partner.
        ours: what this installation calls itself.
        onward: feeds of the partners whose things may be passed on.
    """

    plan: PartnerPlan
    ours: str
    onward: frozenset[str] = frozenset()

    def gives(self, feature: Mapping[str, Any]) -> bool:
        """Tell whether the partner gets *feature*, one as responders see it.

        It does where the kind, the publisher and the area are agreed, it was not made there and did
        not come by there, and, where it came from another partner, that agreement lets it go on.
        """
        properties = feature["properties"]
        shares = self.plan.shares
        if not shareable.may_go(feature) or properties["kind"] not in shares.kinds:
            return False
        if shares.publishers and properties.get("publisher") not in shares.publishers:
            return False
        return self._may_leave(properties) and in_areas(
            shares.areas, feature.get("geometry"), properties.get("district")
        )

    def _may_leave(self, properties: Mapping[str, Any]) -> bool:
        origin, feed = properties.get("origin"), properties.get("feed") or ""
        if feed == self.plan.feed or self.plan.installation in way_of(properties):
            return False
        if origin or properties.get("inside"):
            return feed in self.onward
        return True

    def fingerprint(self) -> str:
        """Give what changes whenever the partner may get something else than before."""
        said = [
            *(FORMAT, self.ours, self.plan.installation, shareable.fingerprint()),
            self.plan.shares.model_dump(mode="json"),
            self.plan.agreement.model_dump(mode="json"),
            *(self.plan.onward, sorted(self.onward)),
        ]
        return hashlib.sha256(orjson.dumps(said)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Under which things are taken from one partner.

    Attributes:
        plan: of the partner.
        ours: what this installation calls itself.
        direct: installations that we fetch from ourselves: what they made is taken from them alone,
            so that nothing stands twice.
    """

    plan: PartnerPlan
    ours: str
    direct: frozenset[str] = frozenset()

    def refuses_way(self, origin: str, via: Collection[str]) -> str:
        """Say why something made at *origin* is not taken by the way *via*; "": it is."""
        if self.ours in (origin, *via):
            return "it was made here, or came by here"
        if origin != self.plan.installation and origin in self.direct:
            return f"what {origin} made is taken from it alone"
        if len(via) > LONGEST_WAY:
            return f"it came through more than {LONGEST_WAY} installations"
        return ""

    def takes(self, kind: str, geometry: Any, district: str | None) -> bool:
        """Tell whether it is of an agreed kind and in an agreed area."""
        return kind in self.plan.takes.kinds and in_areas(self.plan.takes.areas, geometry, district)

    def fingerprint(self) -> str:
        """Give what changes whenever something else may be taken than before."""
        said = [
            *(FORMAT, self.ours, self.plan.installation, self.plan.publish),
            self.plan.takes.model_dump(mode="json"),
            sorted(self.direct),
            shareable.fingerprint(),
        ]
        return hashlib.sha256(orjson.dumps(said)).hexdigest()[:16]


def in_areas(areas: Areas, geometry: Any, district: str | None) -> bool:
    """Tell whether a place lies in, or reaches into, one of *areas*.

    What has no place is in a district only where that is said, and else only in `all`.

    Args:
        areas: everywhere, or boxes and districts.
        geometry: GeoJSON mapping; None where the place is not known.
        district: code of the district, where it is known.
    """
    if areas == "all":
        return True
    if district is not None and district in areas:
        return True
    if geometry is None:
        return False
    try:
        whole = shape(geometry)
        return any(_touches(whole, area) for area in areas)
    except (shapely.errors.GEOSException, shapely.errors.ShapelyError, ValueError, TypeError):
        return False  # nobody can tell where it is


def _touches(whole: BaseGeometry, area: Any) -> bool:
    if isinstance(area, District):
        return area in districts_touched(whole)
    return bool(whole.intersects(box(*area)))
