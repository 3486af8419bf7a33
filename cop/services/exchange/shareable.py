"""What may be shared with partners at all: the one table of kinds and fields.

Features are taken as responders see them, and of those only what stands here. What says who
somebody is or how to reach them stands nowhere in it: author, reporter, leader, contact, who
released it; nor do pictures, and the ids of what is not shared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from cop.model.entity import Kind

_BASE: Final = frozenset(
    [
        "publisher",
        "title",
        "description",
        "observed_at",
        "valid_from",
        "expires_at",
        "placing",
        "precision_m",
        "district",
        "place",
        "link",
    ]
)


def _fields(words: str) -> frozenset[str]:
    return _BASE | frozenset(words.split())


FIELDS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.ALERT: _fields(
        "event_type signal severity urgency certainty issued_at updated_at instruction area"
        " exercise identifier sender msg_type references categories responses wordings"
    ),
    Kind.HAZARD: _fields("phenomenon severity certainty measures intensity forecast grid"),
    Kind.INCIDENT: _fields(
        "incident_type status severity reported_at verified confidence steps lead_agency"
        " supporting_agencies casualties methane number reason"
    ),
    Kind.ROAD: _fields("status cause road direction speed_kmh journey_min measures number"),
    Kind.FACILITY: _fields(
        "facility_type status capacity occupancy measures words supplies address asserted_at"
        " queue access pets"
    ),
    Kind.RESOURCE: _fields("resource_type agency status skills strength position_at area duty"),
    Kind.NEED: _fields(
        "subject item quantity fulfilled unit status severity asked_of asked_at needed_by reason"
    ),
    Kind.NOTE: _fields("topic shape"),
}
"""Kind to the fields that may be shared. Id, geometry, origin and way belong to all of them."""

KINDS: Final = frozenset(FIELDS)
"""Kinds that may be shared."""

NAMES: Final[Mapping[Kind, str]] = {Kind.NEED: "subject"}
"""Kind to the field that is the id of something else on the picture.

To whom that is not given the thing names itself there.
"""


def may_go(feature: Mapping[str, Any]) -> bool:
    """Tell whether a feature is of a sort that may be shared at all: of notes, drawings alone."""
    properties = feature["properties"]
    kind = properties["kind"]
    if kind not in KINDS:
        return False
    return bool(kind != Kind.NOTE or properties.get("topic") == "drawing")


def shared_feature(feature: Mapping[str, Any]) -> dict[str, Any]:
    """Give of a feature, as responders see it, what a partner gets of it.

    `properties` has the kind, when it was fetched or written, and the fields of the table; where it
    was not made here, `origin` and `via` too.
    """
    properties = feature["properties"]
    names = FIELDS[Kind(properties["kind"])]
    said = {name: value for name, value in properties.items() if name in names}
    way = {name: properties[name] for name in ("origin", "via") if properties.get(name)}
    kept = {name: properties[name] for name in ("kind", "fetched_at") if name in properties}
    return {
        "type": "Feature",
        "id": feature["id"],
        "geometry": feature.get("geometry"),
        "properties": {**kept, **said, **way},
    }


def fingerprint() -> str:
    """Give what changes whenever the table does."""
    table = {kind.value: sorted(names) for kind, names in sorted(FIELDS.items())}
    return hashlib.sha256(repr(table).encode()).hexdigest()[:16]
