"""EDXL-SitRep 1.0: a report on the situation, the resources, or the casualties.

Of SitRep no schema could be had. The names and order of its head and of Situation Information are
those of the Committee Specification as public software writes them; those of the resources and
casualties are the names of the text's earlier public drafts, written as the specification writes
names. All of it is not schema-checked, which each document says of itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml import etree

from cop.formats.edxl.tree import add, moment, read_moment, read_text
from cop.formats.payload import child
from cop.model.geometry import bbox, positions

SITREP: Final = "urn:oasis:names:tc:emergency:EDXL:SitRep:1.0"
CT: Final = "urn:oasis:names:tc:emergency:edxl:ct:1.0"
XNL1: Final = "urn:oasis:names:tc:emergency:edxl:ciq:1.0:xnl"
GML32: Final = "http://www.opengis.net/gml/3.2"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
UNCHECKED: Final = "EDXL-SitRep 1.0 as far as its text is public: not schema-checked"

_UTILITY: Final = "UtilityTelecommunicationOtherNonTransportInfrastructure"
_KINDS: Final = {
    "flooding": "Meteorological",
    "landslide": "Geophysical",
    "fire": "Fire",
    "lift_entrapment": "Rescue",
    "rescue": "Rescue",
    "power_failure": _UTILITY,
    "water_supply": _UTILITY,
    "road_blockage": "Transport",
    "traffic_accident": "Transport",
    "transport_disruption": "Transport",
    "fallen_tree": "Safety",
    "structural": "Safety",
    "crowd": "Safety",
}
"""SitRep's kind of incident for ours; everything else is a general emergency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """One incident of a report, or all of them as one.

    Attributes:
        id: ours.
        name: in words.
        types: of incident, as we have them.
        began: when it was reported.
        geometry: GeoJSON.
        words: how it stands.
    """

    id: str
    name: str
    types: tuple[str, ...] = ()
    began: datetime | None = None
    geometry: Mapping[str, Any] | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How things stand: all incidents as one, then each."""

    whole: IncidentLine
    incidents: tuple[IncidentLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What was asked for, given and is lacking.

    Attributes:
        requested, committed, needed: things asked for, that came, that are still lacking.
        on_hand, people: resources with a task, and the people in them.
        details: by kind of thing: name, asked for, came.
    """

    requested: int
    committed: int
    needed: int
    on_hand: int
    people: int
    details: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualties:
    """People hurt or in danger: in the time of the report, and altogether.

    Both are by `dead`, `injured`, `trapped`, `missing`; what nobody has said is left out. Fewer
    trapped or missing than before makes a negative number of the time of the report.
    """

    period: Mapping[str, int]
    total: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SitRep:
    """A report.

    Attributes:
        id: of the message.
        number: greater with each report.
        by: who prepares it and answers for it: an office, not a person.
        at: when it was made.
        since, until: the time that it is about.
        title, purpose: in words.
        incidents: ids of those that it is about.
        severity: of the worst that is open.
        body: what is reported.
    """

    id: str
    number: int
    by: str
    at: datetime
    since: datetime
    until: datetime
    title: str
    purpose: str
    incidents: tuple[str, ...]
    severity: str
    body: Situation | Resources | Casualties


def write_sitrep(report: SitRep) -> etree._Element:
    """Write *report*; not schema-checked."""
    names: Any = {"sitrep": SITREP, "ct": CT, "xnl": XNL1, "gml": GML32, "xsi": XSI}
    root = etree.Element(f"{{{SITREP}}}sitRep", nsmap=names)
    root.append(etree.Comment(f" {UNCHECKED} "))
    add(root, SITREP, "messageID", report.id)
    for name in ("preparedBy", "authorizedBy"):
        person = add(root, SITREP, name)
        inner = add(add(person, CT, "personDetails"), XNL1, "personName")
        add(inner, XNL1, "nameElement", report.by)
        add(person, CT, "timeValue", moment(report.at))
    add(root, SITREP, "reportPurpose", report.purpose)
    add(root, SITREP, "reportNumber", str(report.number))
    add(root, SITREP, "reportVersion", "Update")
    period = add(root, SITREP, "forTimePeriod")
    add(period, CT, "fromDateTime", moment(report.since))
    add(period, CT, "toDateTime", moment(report.until))
    add(root, SITREP, "reportTitle", report.title)
    for incident in report.incidents or ("Unknown",):
        add(root, SITREP, "incidentID", incident)
    add(root, SITREP, "incidentLifecyclePhase", "Response")
    add(root, SITREP, "reportConfidence", "SomewhatConfident")
    add(root, SITREP, "severity", report.severity)
    _add_body(add(root, SITREP, "report"), report.body)
    return root


def _add_body(element: etree._Element, body: Situation | Resources | Casualties) -> None:
    kind = f"{{{XSI}}}type"
    if isinstance(body, Situation):
        element.set(kind, "sitrep:SituationInformationType")
        _add_incident(add(element, SITREP, "primaryIncidentInformation"), body.whole)
        if body.incidents:
            others = add(element, SITREP, "subIncidentInformation")
            for line in body.incidents:
                _add_incident(add(others, SITREP, "subIncident"), line)
    elif isinstance(body, Resources):
        element.set(kind, "sitrep:ResponseResourcesTotalsType")
        _add_resources(element, body)
    else:
        element.set(kind, "sitrep:CasualtyAndIllnessSummaryType")
        for name, counts in (
            ("numberThisReportingPeriod", body.period),
            ("totalNumberToDate", body.total),
        ):
            _add_casualties(add(element, SITREP, name), counts)


def _add_incident(element: etree._Element, line: IncidentLine) -> None:
    add(element, SITREP, "incidentName", f"{line.name} ({line.id})" if line.id else line.name)
    kinds = dict.fromkeys(_KINDS.get(one, "GeneralEmergency") for one in line.types)
    for kind in kinds or ("GeneralEmergency",):
        add(element, SITREP, "incidentKind", kind)
    if line.began is not None:
        add(element, SITREP, "incidentStartDateTime", moment(line.began))
    if line.words:
        disaster = add(element, SITREP, "disasterInformation")
        add(disaster, SITREP, "description", line.words)
    if line.geometry is not None and next(positions(dict(line.geometry)), None):
        west, south, east, north = bbox(dict(line.geometry))
        where = add(add(element, SITREP, "incidentLocation"), CT, "EDXLGeoLocation")
        point = add(where, GML32, "Point")
        add(point, GML32, "pos", f"{(south + north) / 2:.6f} {(west + east) / 2:.6f}")


def _add_resources(element: etree._Element, body: Resources) -> None:
    for name, count in (
        ("totalResourcesRequested", body.requested),
        ("totalResourcesCommitted", body.committed),
        ("totalResourcesOnHand", body.on_hand),
        ("totalResourcesStillNeeded", body.needed),
    ):
        total = add(element, SITREP, name)
        if name == "totalResourcesOnHand":
            add(total, SITREP, "personnel", str(body.people))
        add(total, SITREP, "resources", str(count))
    for name, asked, came in body.details:
        detail = add(element, SITREP, "responseResourcesDetail")
        add(detail, SITREP, "resourceType", name)
        add(detail, SITREP, "requested", str(asked))
        add(detail, SITREP, "committed", str(came))


_CASUALTIES: Final = (
    ("dead", "fatalities"),
    ("injured", "withInjuryOrIllness"),
    ("trapped", "trappedOrInNeedOfRescue"),
    ("missing", "missing"),
)


def _add_casualties(element: etree._Element, counts: Mapping[str, int]) -> None:
    for ours, theirs in _CASUALTIES:
        if ours in counts:
            add(element, SITREP, theirs, str(counts[ours]))


@dataclass(frozen=True, slots=True)
class Head:
    """What is understood of a report of somebody else's: its head; the rest stays as it came."""

    id: str
    title: str
    purpose: str
    since: datetime | None
    until: datetime | None
    severity: str
    body: str


def read_sitrep(root: etree._Element) -> tuple[Head, list[str]]:
    """Read the head of a report leniently: what was understood, and what was not."""
    period, report = child(root, "forTimePeriod"), child(root, "report")
    kind = "" if report is None else str(report.get(f"{{{XSI}}}type") or "").rpartition(":")[2]
    head = Head(
        id=read_text(root, "messageID"),
        title=read_text(root, "reportTitle"),
        purpose=read_text(root, "reportPurpose"),
        since=read_moment(read_text(period, "fromDateTime")),
        until=read_moment(read_text(period, "toDateTime")),
        severity=read_text(root, "severity"),
        body=kind[:80],
    )
    defects = [] if head.id else ["messageID is missing"]
    if head.since is None or head.until is None:
        defects.append("forTimePeriod is missing or has no time zone")
    return head, [*defects, "of a situation report only the head is read: see the original"]
