"""Who may see which kinds and which fields: the one allow-list inside the organisation.

Nothing leaves the server that is not written here. A field added to the model is invisible to
every audience until it is added to this table; what the public may have, the table of publishing
says (`publishing_table.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from cop.model.entity import Kind
from cop.model.publishing import (
    is_live,
    live_fields,
    public_feature,
    row_of,
    table_text,
    was_live,
)


class Audience(StrEnum):
    """Groups of readers, from least to most."""

    PUBLIC = "public"
    RESPONDER = "responder"
    COMMAND = "command"


Predicate = Callable[[Mapping[str, Any]], bool]


def _always(_: Mapping[str, Any]) -> bool:
    return True


def _public(entity: Mapping[str, Any]) -> bool:
    """Whether the table of publishing lets this be read at once, without a sign-in."""
    row = row_of(entity)
    return row is not None and is_live(row)


_BASE: Final = frozenset(
    [
        "feed",
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
        "origin",
        "via",
        "inside",
    ]
)


def _fields(words: str) -> frozenset[str]:
    return _BASE | frozenset(words.split())


_ALERT = _fields(
    "event_type signal severity urgency certainty issued_at updated_at instruction area exercise"
    " identifier sender msg_type references categories responses signature original defects"
    " wordings released_at"
)
_DRAFT = _fields(
    "state msg_type replaces source event_type event categories responses severity urgency"
    " certainty ends_at instruction area contact web author asked_at asked_by reason alert"
)
_PARTNER = _fields(
    "state state_since lei agreement agreed_from agreed_until shares takes onward received_at"
    " sent_at waiting why installation agencies gives_onward held refused refusals failures"
)
_MESSAGE = _fields(
    "partner direction form original about agreement number answers sent_at received_at"
    " acknowledged_at acknowledged_by task no_task tasked_at notice no_notice noticed_at"
    " acknowledge_by task_by notice_by defects severity author told_at"
)
_LAYER = _fields(
    "service name attribution licence state checked_at fetched_at content_at features cut every_s"
    " why"
)
_HAZARD = _fields("phenomenon severity certainty measures intensity forecast grid")
_OBSERVATION = _fields("measure value unit measures band quality station sight")
_FACILITY = _fields("facility_type status capacity occupancy measures words address asserted_at")
_FACILITY_INSIDE = _FACILITY | frozenset(
    ["supplies", "stands_for", "entries", "forecast", "queue", "staff", "access", "pets", "contact"]
)
_ROAD = _fields("status cause road direction speed_kmh journey_min measures incident number")
_CAMERA = _fields(
    "frame_at refresh_s image_url state state_since counts thermal bearing_deg view published"
)
_NOTE = _fields("topic measures words")
_NOTE_INSIDE = _NOTE | frozenset(["about", "shape"])
_INCIDENT = _fields(
    "incident_type status severity reported_at verified confidence reported_by steps lead_agency"
    " supporting_agencies casualties methane attachments merged_into parent number reason camera"
)
_NEED = _fields(
    "subject item quantity fulfilled unit status severity asked_of asked_at needed_by reason"
)
_FEED_STATUS_PUBLIC = _fields(
    "state checked_at fetched_at content_at every_s stale_after_s licence"
)
_FEED_STATUS = _FEED_STATUS_PUBLIC | frozenset(
    ["reason", "failures", "taken", "ignored", "refused", "refusals"]
)
_RESOURCE = _fields(
    "resource_type agency status skills strength leader position_at area duty contact assignments"
)
_ASSIGNMENT = _fields(
    "resource agency incident duty status severity leader contact due_at steps warn_at overdue_at"
    " reason also handed_over_to handed_over_from"
)
_ORDER = _fields("body severity asks addressees issued_by issued_at reply_by cancelled_at")
_RECEIPT = _fields("subject recipient sent_at delivered_at read_at acknowledged_at answer words")
_POSITION = _fields("resource agency heading_deg speed_kmh")
_FUSION = _fields("status members primary apart score likeness decided_by decided_at")
_ATTENTION = _fields(
    "reason subject severity rank raised_at taken_by taken_at snoozed_until remark cleared_at"
    " agency"
)

ALLOWED: Final[Mapping[Audience, Mapping[Kind, tuple[frozenset[str], Predicate]]]] = {
    Audience.PUBLIC: {kind: (live_fields(kind), _public) for kind in Kind if live_fields(kind)},
    Audience.RESPONDER: {
        Kind.ALERT: (_ALERT, _always),
        Kind.ASSIGNMENT: (_ASSIGNMENT, _always),
        Kind.CAMERA: (_CAMERA, _always),
        Kind.FACILITY: (_FACILITY_INSIDE, _always),
        Kind.FEED_STATUS: (_FEED_STATUS, _always),
        Kind.FUSION: (_FUSION - {"decided_by"}, _always),
        Kind.HAZARD: (_HAZARD, _always),
        Kind.INCIDENT: (_INCIDENT, _always),
        Kind.LAYER: (_LAYER, _always),
        Kind.NEED: (_NEED, _always),
        Kind.NOTE: (_NOTE_INSIDE, _always),
        Kind.OBSERVATION: (_OBSERVATION, _always),
        Kind.ORDER: (_ORDER, _always),
        Kind.POSITION: (_POSITION, _always),
        Kind.RESOURCE: (_RESOURCE, _always),
        Kind.ROAD: (_ROAD, _always),
    },
    Audience.COMMAND: {
        Kind.ALERT: (_ALERT | {"author", "released_by"}, _always),
        Kind.ASSIGNMENT: (_ASSIGNMENT | {"author"}, _always),
        Kind.ATTENTION: (_ATTENTION, _always),
        Kind.CAMERA: (_CAMERA, _always),
        Kind.DRAFT: (_DRAFT, _always),
        Kind.FACILITY: (_FACILITY_INSIDE | {"reporter"}, _always),
        Kind.FEED_STATUS: (_FEED_STATUS, _always),
        Kind.FUSION: (_FUSION, _always),
        Kind.HAZARD: (_HAZARD, _always),
        Kind.INCIDENT: (_INCIDENT | {"author"}, _always),
        Kind.LAYER: (_LAYER | {"address", "author"}, _always),
        Kind.MESSAGE: (_MESSAGE, _always),
        Kind.NEED: (_NEED | {"author"}, _always),
        Kind.NOTE: (_NOTE_INSIDE | {"author"}, _always),
        Kind.OBSERVATION: (_OBSERVATION, _always),
        Kind.ORDER: (
            _ORDER | {"recipients", "unreachable", "escalated_at", "reason"},
            _always,
        ),
        Kind.PARTNER: (_PARTNER, _always),
        Kind.POSITION: (_POSITION, _always),
        Kind.RECEIPT: (_RECEIPT, _always),
        Kind.RESOURCE: (_RESOURCE, _always),
        Kind.ROAD: (_ROAD, _always),
    },
}
"""Audience → kind → (property names, which entities). Id, kind, version, geometry and the time of
fetching belong to every feature that is shown at all."""


def was_seen(audience: Audience, kind: Kind, feed: str) -> bool | None:
    """Tell whether *audience* saw an entity of which only *kind* and *feed* ("": none) are known.

    None where that depended on more. Kinds that are not shown at all were not seen.
    """
    if audience is Audience.PUBLIC:
        return was_live(kind, feed)
    return kind in ALLOWED[audience]


def project(
    entity: Mapping[str, Any], *, version: int, fetched_at: str, audience: Audience
) -> dict[str, Any] | None:
    """Give the GeoJSON feature of a decoded *entity* that *audience* may see; None if nothing.

    Args:
        entity: canonical JSON of an entity, decoded to a mapping.
        version: the stored version.
        fetched_at: when this content was first fetched or written, ISO 8601 in UTC.
        audience: who will read it.

    What waits behind another of the same thing is shown to nobody.
    """
    if entity.get("double_of") is not None:
        return None
    if audience is Audience.PUBLIC:
        row = row_of(entity)
        if row is None or not is_live(row):
            return None
        return public_feature(entity, row, version=version, fetched_at=fetched_at)
    rule = ALLOWED[audience].get(entity["kind"])
    if rule is None:
        return None
    names, predicate = rule
    if not predicate(entity):
        return None
    properties: dict[str, Any] = {
        "kind": entity["kind"],
        "version": version,
    }
    if entity["kind"] not in (Kind.FEED_STATUS, Kind.LAYER):  # with a time of their own, or never
        properties["fetched_at"] = fetched_at
    properties.update((name, value) for name, value in entity.items() if name in names)
    return {
        "type": "Feature",
        "id": entity["id"],
        "geometry": entity.get("geometry"),
        "properties": properties,
    }


def fingerprint() -> str:
    """Give what changes whenever the allow-list does, for readers who resume over a release."""
    table = {
        audience: {kind: [sorted(names), rule.__name__] for kind, (names, rule) in kinds.items()}
        for audience, kinds in ALLOWED.items()
    }
    return hashlib.sha256((repr(table) + table_text()).encode()).hexdigest()
