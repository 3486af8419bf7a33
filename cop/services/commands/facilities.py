"""Facilities that people keep: shelters, first-aid posts, command posts; and what they are."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from cop.errors import NotPossible
from cop.model.entity import EntityId, Kind, Placing
from cop.model.geometry import Geometry
from cop.model.kinds import Facility, FacilityStatus
from cop.model.text import Lang
from cop.services.commands.context import Context, check_ours
from cop.services.commands.incidents import Agency, Line
from cop.services.commands.plan import Body, Command, Plan, said
from cop.services.geography import district_of
from cop.services.policy import Action

FacilityType = Literal[
    "shelter",
    "cold_shelter",
    "heat_shelter",
    "community_hall",
    "first_aid_post",
    "hospital",
    "command_post",
    "station",
]
Access = Literal["wheelchair", "accessible_toilet", "hearing_loop", "lift", "quiet_room"]

_COPIED: Final = (
    "facility_type",
    "title",
    "description",
    "status",
    "capacity",
    "occupancy",
    "address",
    "geometry",
    "placing",
    "precision_m",
    "district",
    "place",
)
"""What a keeper's twin begins with: what the publisher says."""


class EditFacility(Body):
    """What may be said of a facility; what is left out stays as it is."""

    facility_type: FacilityType | None = None
    name: Line | None = None
    lang: Lang = "en"
    geometry: Geometry | None = None
    place: Line | None = None
    capacity: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    agency: Agency | None = None
    access: Annotated[tuple[Access, ...], Field(max_length=10)] | None = None
    pets: Literal["yes", "no", "caged"] | None = None
    contact: Line | None = None
    stands_for: EntityId | None = None


class AddFacility(EditFacility):
    """A facility that somebody will keep: its type and name, or whose entity it stands for."""


def fields(body: EditFacility, before: Facility | None) -> dict[str, Any]:
    """Give the fields of a facility that *body* says, merged with what it says only in part."""
    given = body.model_fields_set
    plain = "facility_type geometry capacity access pets contact stands_for"
    values = {name: getattr(body, name) for name in plain.split() if name in given}
    for name, field in (("name", "title"), ("place", "place")):
        if name in given:
            old = {} if before is None else dict(getattr(before, field))
            old.pop(body.lang, None)
            values[field] = {**old, **said(getattr(body, name) or "", body.lang)}
    if "geometry" in given:
        values["district"] = district_of(body.geometry)
        values["placing"] = Placing.UNPLACED if body.geometry is None else Placing.GIVEN
        values["precision_m"] = None
    if body.agency is not None:
        values["publisher"] = body.agency
    for name in ("facility_type", "access"):
        if name in values and values[name] is None:
            del values[name]
    return values


def owners(facility: Facility) -> list[str | None]:
    """List the ids by which somebody may have a facility of their own."""
    return [facility.id, facility.stands_for]


def find_twins(ctx: Context, publishers_id: str) -> list[Facility]:
    """List the keepers' facilities that stand for a publisher's."""
    found = ctx.all(Kind.FACILITY, Facility).values()
    return [one for one in found if one.stands_for == publishers_id]


def twin(facility_id: str, original: Facility, agency: str) -> Facility:
    """Give a keeper's facility that stands for a publisher's *original*, and begins as it is."""
    copied = {name: getattr(original, name) for name in _COPIED}
    return Facility(
        id=facility_id,
        publisher=agency or original.publisher,
        stands_for=original.id,
        observed_at=original.asserted_at or original.observed_at,
        asserted_at=original.asserted_at,
        **copied,
    )


def changed(facility: Facility, **values: Any) -> Facility:
    """Give *facility* with *values*, checked as a whole."""
    return Facility.model_validate({**dict(facility), **values})


def _original(ctx: Context, body: EditFacility, but: str) -> Facility | None:
    """Read what a facility is to stand for, which no other facility than *but* may do yet.

    Raises:
        NotFound: there is no such facility.
        NotPossible: it is not a publisher's, or a keeper's facility stands for it already.
        NotPermitted: it does not concern the agency of whoever asks.
    """
    if body.stands_for is None:
        return None
    original = ctx.read(body.stands_for, Facility)
    if original.feed is None:
        raise NotPossible("not-a-publishers", "only what a feed reports can be stood for")
    ctx.permit(Action.MANAGE_FACILITY, agencies=[original.publisher])
    others = sorted(one.id for one in find_twins(ctx, original.id) if one.id != but)
    if others:
        raise NotPossible(
            "has-twin", f"{others[0]} stands for it already: enter there", others=others
        )
    return original


def plan_add(ctx: Context, _: str, body: AddFacility) -> Plan:
    """Put a new facility on the picture, on standby until an entry opens it."""
    agency = body.agency or ctx.identity.agency or "COP"
    ctx.permit(Action.MANAGE_FACILITY, agencies=[agency])
    facility_id = ctx.new_id(Kind.FACILITY)
    original = _original(ctx, body, facility_id)
    if original is not None:
        made = twin(facility_id, original, agency)
    elif body.facility_type is None or not body.name:
        raise NotPossible("not-named", "say its type and its name")
    else:
        made = Facility(
            id=facility_id,
            publisher=agency,
            facility_type=body.facility_type,
            status=FacilityStatus.STANDBY,
            observed_at=ctx.now,
            asserted_at=ctx.now,
        )
    about = () if original is None else (original.id,)
    return Plan(puts=(changed(made, **fields(body, made)),), about=about)


def plan_edit(ctx: Context, facility_id: str, body: EditFacility) -> Plan:
    """Change what is said of a facility; what is in it is entered instead."""
    facility = ctx.read(facility_id, Facility)
    ctx.permit(Action.MANAGE_FACILITY, agencies=[facility.publisher])
    check_ours(facility.origin)
    if facility.feed is not None:
        raise NotPossible(
            "publishers-own",
            "this is its publisher's facility: make one of your own that stands for it",
        )
    if body.agency is not None:  # not given away to an agency that one may not act for
        ctx.permit(Action.MANAGE_FACILITY, agencies=[body.agency])
    _original(ctx, body, facility_id)
    return Plan(puts=(changed(facility, **fields(body, facility)),), undoable=True)


COMMANDS: Final = (
    Command(
        actions=(Action.MANAGE_FACILITY,),
        method="POST",
        path="/facilities",
        body=AddFacility,
        plan=plan_add,
        makes=Kind.FACILITY,
        summary="Add a facility",
        example={
            "facility_type": "shelter",
            "name": "Henry G. Leong Yaumatei Community Centre",
            "geometry": {"type": "Point", "coordinates": [114.1697, 22.3089]},
            "place": "60 Public Square Street",
            "capacity": 120,
            "agency": "HAD",
            "access": ["wheelchair", "lift"],
            "pets": "caged",
        },
    ),
    Command(
        actions=(Action.MANAGE_FACILITY,),
        method="PATCH",
        path="/facilities/{id}",
        body=EditFacility,
        plan=plan_edit,
        matched=True,
        summary="Change what is said of a facility",
        example={"capacity": 150},
    ),
)
