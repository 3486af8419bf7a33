"""EDXL-HAVE: how hospitals, shelters and first-aid posts are.

Version 1.0 is for hospitals alone and is schema-checked. HAVE has no element for the time that
people wait in an emergency department: that stands in its comments. Shelters and first-aid posts
are written in the words of version 2.0, which knows any facility and the services in it; of 2.0 no
schema could be had: not schema-checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml import etree

from cop.formats.edxl.tree import (
    GML,
    XAL,
    XNL,
    XPIL,
    Party,
    add,
    add_where,
    clean,
    moment,
    read_moment,
    read_text,
    read_where,
)
from cop.formats.payload import child, children, local_name
from cop.model.geometry import bbox, positions
from cop.model.text import LANGS, Text

HAVE: Final = "urn:oasis:names:tc:emergency:EDXL:HAVE:1.0"
HAVE2: Final = "urn:oasis:names:tc:emergency:edxl:have:2.0"
CT: Final = "urn:oasis:names:tc:emergency:edxl:ct:1.0"
GML32: Final = "http://www.opengis.net/gml/3.2"
ID_URN: Final = "urn:x-cop:id"
STATUS_URN: Final = "urn:x-cop:facility-status"
MOST_SITES: Final = 5_000
"""Of one document that is read."""

UNCHECKED: Final = "HAVE 2.0 as far as its text is public: not schema-checked"
_TRAFFIC: Final = {"open": "Normal", "limited": "Advisory", "full": "Advisory", "closed": "Closed"}
_TRIAGE: Final = {"immediate": "Red", "urgent": "Yellow", "delayed": "Green"}
"""HAVE's black is for the dead: those who are expected to die have no code and stand in words."""
_COLOURS: Final = {"open": "green", "limited": "yellow", "full": "red", "closed": "black"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A hospital, shelter or first-aid post.

    Attributes:
        id: ours.
        type: of facility, for example `shelter`.
        names, address: in all languages.
        status: a value of `cop.model.facility.FacilityStatus`.
        updated: when that was last said.
        provider: who says so.
        geometry: GeoJSON; None where the place is not known.
        capacity, occupancy: people; None where not known.
        queue: people waiting, by triage category.
        notes: what else is known, a line each.
    """

    id: str
    type: str
    names: Text
    address: Text
    status: str
    updated: datetime
    provider: Party
    geometry: Mapping[str, Any] | None = None
    capacity: int | None = None
    occupancy: int | None = None
    queue: Mapping[str, int]
    notes: tuple[str, ...] = ()


def write_have(sites: Iterable[Site]) -> etree._Element:
    """Write hospitals as HAVE 1.0.

    Raises:
        ValueError: there is none; the schema wants one at least.
    """
    names: Any = {"have": HAVE, "xnl": XNL, "xal": XAL, "xpil": XPIL, "gml": GML}
    root = etree.Element(f"{{{HAVE}}}HospitalStatus", nsmap=names)
    for site in sites:
        hospital = add(root, HAVE, "Hospital")
        _add_organization(add(hospital, HAVE, "Organization"), site)
        _add_emergency(hospital, site)
        if site.status == "closed":
            facility = add(hospital, HAVE, "HospitalFacilityStatus")
            add(facility, HAVE, "FacilityStatus", "Closed")
        add(hospital, HAVE, "LastUpdateTime", moment(site.updated))
    if not len(root):
        raise ValueError("there is no hospital to report on")
    return root


def _add_organization(organization: etree._Element, site: Site) -> None:
    information = add(organization, HAVE, "OrganizationInformation")
    for lang in LANGS:
        if site.names.get(lang):
            name = add(information, XNL, "OrganisationName")
            name.set(f"{{{XNL}}}OrganisationID", site.id)
            name.set(f"{{{XNL}}}OrganisationIDType", ID_URN)
            add(name, XNL, "NameElement", site.names[lang])
    lines = [site.address[lang] for lang in LANGS if site.address.get(lang)]
    if lines:
        address = add(add(information, XPIL, "Addresses"), XPIL, "Address")
        free = add(address, XAL, "FreeTextAddress")
        for line in lines:
            add(free, XAL, "AddressLine", line)
    if site.geometry is not None and next(positions(dict(site.geometry)), None):
        add_where(add(organization, HAVE, "OrganizationGeoLocation"), site.geometry)
    add(organization, HAVE, "CommentText", _provided(site.provider))


def _provided(provider: Party) -> str:
    lei = f", LEI {provider.lei}" if provider.lei else ""
    return f"Provided by {provider.name}{lei}"


def _add_emergency(hospital: etree._Element, site: Site) -> None:
    traffic = _TRAFFIC.get(site.status)
    codes = [(code, site.queue[name]) for name, code in _TRIAGE.items() if name in site.queue]
    if not (traffic or codes or site.notes):
        return
    status = add(hospital, HAVE, "EmergencyDepartmentStatus")
    if traffic:
        add(add(status, HAVE, "EMSTraffic"), HAVE, "EMSTrafficStatus", traffic)
    if codes:
        census = add(status, HAVE, "EMSCensus")
        for code, count in codes:
            triage = add(census, HAVE, "TriageCode")
            add(triage, HAVE, "TriageCodeValue", code)
            add(triage, HAVE, "TriageCountQuantity", str(count))
    for note in _notes(site):
        add(status, HAVE, "CommentText", note)


def _notes(site: Site) -> Sequence[str]:
    expectant = site.queue.get("expectant")
    more = () if expectant is None else (f"Waiting, expectant: {expectant}",)
    return (*site.notes, *more)


def write_have2(sites: Iterable[Site]) -> etree._Element:
    """Write facilities of any kind in the words of HAVE 2.0; not schema-checked.

    Raises:
        ValueError: there is none.
    """
    names: Any = {"have": HAVE2, "ct": CT, "gml": GML32}
    root = etree.Element(f"{{{HAVE2}}}HAVE", nsmap=names)
    root.append(etree.Comment(f" {UNCHECKED} "))
    empty = True
    for site in sites:
        empty = False
        facility = add(root, HAVE2, "facility")
        _add_information(add(facility, HAVE2, "facilityInformation"), site)
        colour = _COLOURS.get(site.status)
        if colour:
            code = add(add(facility, HAVE2, "facilityColourStatus"), HAVE2, "colourCode")
            add(code, CT, "ValueListURI", STATUS_URN)
            add(code, CT, "Value", colour)
        _add_service(add(facility, HAVE2, "serviceList"), site)
        add(facility, HAVE2, "comment", f"Status: {site.status}")
        add(facility, HAVE2, "comment", _provided(site.provider))
        add(facility, HAVE2, "lastUpdateTime", moment(site.updated))
    if empty:
        raise ValueError("there is no facility to report on")
    return root


def _add_information(information: etree._Element, site: Site) -> None:
    add(information, HAVE2, "facilityID", site.id)
    for lang in LANGS:
        if site.names.get(lang):
            name = add(information, HAVE2, "facilityName", site.names[lang])
            name.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    for lang in LANGS:
        if site.address.get(lang):
            add(information, HAVE2, "facilityAddress", site.address[lang])
    if site.geometry is not None and next(positions(dict(site.geometry)), None):
        west, south, east, north = bbox(dict(site.geometry))
        where = add(add(information, HAVE2, "facilityGeoLocation"), CT, "EDXLGeoLocation")
        point = add(where, GML32, "Point")
        add(point, GML32, "pos", f"{(south + north) / 2:.6f} {(west + east) / 2:.6f}")


def _add_service(services: etree._Element, site: Site) -> None:
    item = add(services, HAVE2, "serviceListItem")
    add(item, HAVE2, "serviceName", site.type)
    status = add(item, HAVE2, "serviceStatus")
    if site.capacity is not None or site.occupancy is not None:
        capacity = add(status, HAVE2, "capacity")
        if site.capacity is not None:
            add(capacity, HAVE2, "baselineCount", str(site.capacity))
        if site.capacity is not None and site.occupancy is not None:
            free = max(0, site.capacity - site.occupancy)
            add(capacity, HAVE2, "availableCount", str(free))
    for note in (*_people(site), *_notes(site)):
        add(status, HAVE2, "comment", note)


def _people(site: Site) -> Iterable[str]:
    if site.occupancy is not None:
        yield f"People there: {site.occupancy}"
    for name in _TRIAGE:
        if name in site.queue:
            yield f"Waiting, {name}: {site.queue[name]}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a HAVE document of somebody else says of one facility.

    Attributes:
        id: theirs; "" where it has none.
        name: its first name.
        status: of its emergency department or services, in their code.
        updated: when that was so.
        geometry: GeoJSON.
        comments: what else they say.
    """

    id: str
    name: str
    status: str
    updated: datetime | None
    geometry: Mapping[str, Any] | None
    comments: tuple[str, ...]


def read_have(root: etree._Element) -> tuple[list[Report], list[str]]:
    """Read a HAVE document of either version leniently: what was understood, and what was not."""
    defects: list[str] = []
    first = local_name(root) == "HospitalStatus"
    elements = list(children(root, "Hospital" if first else "facility"))
    if len(elements) > MOST_SITES:
        defects.append(f"of {len(elements)} facilities only the first {MOST_SITES} were read")
    if not elements:
        defects.append("there is no facility in it")
    read = _read_first if first else _read_second
    reports = [read(element) for element in elements[:MOST_SITES]]
    for number, report in enumerate(reports, 1):
        if not report.name:
            defects.append(f"facility {number} has no name")
        if report.updated is None:
            defects.append(f"facility {number} does not say when it was last updated")
    return reports, defects


def _read_first(hospital: etree._Element) -> Report:
    organization = child(hospital, "Organization")
    names = [] if organization is None else list(organization.iter(f"{{{XNL}}}OrganisationName"))
    where = None if organization is None else child(organization, "OrganizationGeoLocation")
    status = next((str(one.text or "") for one in hospital.iter(f"{{{HAVE}}}EMSTrafficStatus")), "")
    return Report(
        id=str(names[0].get(f"{{{XNL}}}OrganisationID") or "")[:200] if names else "",
        name=read_text(names[0], "NameElement") if names else "",
        status=clean(status),
        updated=read_moment(read_text(hospital, "LastUpdateTime")),
        geometry=read_where(where),
        comments=_comments(hospital),
    )


def _read_second(facility: etree._Element) -> Report:
    information = child(facility, "facilityInformation")
    colour = child(facility, "facilityColourStatus")
    code = None if colour is None else child(colour, "colourCode")
    return Report(
        id=read_text(information, "facilityID")[:200],
        name=read_text(information, "facilityName"),
        status=read_text(code, "Value"),
        updated=read_moment(read_text(facility, "lastUpdateTime")),
        geometry=read_where(information),
        comments=_comments(facility),
    )


def _comments(element: etree._Element) -> tuple[str, ...]:
    said = (
        clean(str(one.text or "")[:1000])
        for one in element.iter()
        if local_name(one) in ("CommentText", "comment")
    )
    return tuple(words for words in said if words)[:50]
