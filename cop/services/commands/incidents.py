"""Incidents: report, edit, and their life from reported to closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field

from cop.errors import NotPossible
from cop.model.entity import EntityId, Instant, Kind, Placing, Severity
from cop.model.geometry import Geometry
from cop.model.kinds import Fusion, FusionStatus, Incident, IncidentStatus, IncidentType
from cop.model.response import OPEN_INCIDENT, Casualties, Confidence, Methane, ReportedBy
from cop.model.text import Lang
from cop.services.commands.context import Context, check_ours
from cop.services.commands.moments import moment
from cop.services.commands.plan import Body, Caution, Command, Plan, said
from cop.services.commands.recognise import recognise
from cop.services.geography import district_of
from cop.services.policy import Action, may

S: Final = IncidentStatus
NEXT: Final[dict[IncidentStatus, frozenset[IncidentStatus]]] = {
    S.REPORTED: frozenset([S.VERIFIED, S.REJECTED]),
    S.VERIFIED: frozenset([S.RESPONDING, S.CLOSED, S.REJECTED]),
    S.RESPONDING: frozenset([S.CONTAINED, S.CLOSED]),
    S.CONTAINED: frozenset([S.RESPONDING, S.CLOSED]),
    S.CLOSED: frozenset([S.RESPONDING]),
    S.REJECTED: frozenset([S.REPORTED]),
    S.MERGED: frozenset(),
}
"""From each status to those that may come next. Out of merged leads only splitting the fusion."""

ENDED: Final = frozenset([S.CLOSED, S.REJECTED])
_ACTION: Final[dict[IncidentStatus, Action]] = {
    S.VERIFIED: Action.VERIFY_INCIDENT,
    S.REJECTED: Action.VERIFY_INCIDENT,
    S.RESPONDING: Action.RESPOND_INCIDENT,
    S.CONTAINED: Action.RESPOND_INCIDENT,
    S.CLOSED: Action.CLOSE_INCIDENT,
}

_PLAIN: Final = (
    *("incident_type", "severity", "geometry", "placing", "precision_m", "lead_agency"),
    *("supporting_agencies", "casualties", "methane", "parent", "camera"),
)

Line = Annotated[str, Field(max_length=300)]
Agency = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]


class EditIncident(Body):
    """What may be said of an incident; what is left out stays as it is."""

    incident_type: IncidentType | None = None
    severity: Severity | None = None
    words: Line | None = None
    more: Annotated[str, Field(max_length=4000)] | None = None
    lang: Lang = "en"
    geometry: Geometry | None = None
    place: Line | None = None
    placing: Placing | None = None
    precision_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    lead_agency: Agency | None = None
    supporting_agencies: Annotated[tuple[Agency, ...], Field(max_length=20)] | None = None
    casualties: Casualties | None = None
    methane: Methane | None = None
    parent: EntityId | None = None
    camera: EntityId | None = None


class ReportIncident(EditIncident):
    """A first report, of what was seen `at` a time; now, where that is left out.

    `seen` names an observation of a camera in which an alarm stands: what is not said here is then
    said by it.
    """

    incident_type: IncidentType
    at: Instant | None = None
    reported_by: ReportedBy | None = None
    same_as: EntityId | None = None
    seen: EntityId | None = None


class ChangeStatus(Body):
    """The next step of an incident's life."""

    status: IncidentStatus
    reason: Annotated[str, Field(max_length=1000)] = ""
    confidence: Confidence | None = None


def fields(body: EditIncident, before: Incident | None) -> dict[str, Any]:
    """Give the fields of an incident that *body* says, merged with what it says only in part.

    How exact a place is, and by which camera it was found, hold for that place alone.
    """
    given = body.model_fields_set
    values: dict[str, Any] = {name: getattr(body, name) for name in _PLAIN if name in given}
    for name, field in (("words", "title"), ("more", "description"), ("place", "place")):
        if name in given:
            old = {} if before is None else dict(getattr(before, field))
            old.pop(body.lang, None)
            values[field] = {**old, **said(getattr(body, name) or "", body.lang)}
    if "geometry" in given:
        unplaced = body.geometry is None
        values = {"precision_m": None, "camera": None} | values
        values["district"] = district_of(body.geometry)
        values["placing"] = body.placing or (Placing.UNPLACED if unplaced else Placing.GIVEN)
    for name in ("supporting_agencies", "severity", "incident_type", "placing"):
        if name in values and values[name] is None:
            del values[name]
    return values


def concerned(incident: Incident) -> list[str | None]:
    """List the agencies that an incident concerns."""
    return [incident.publisher, incident.lead_agency, *incident.supporting_agencies]


def read_own(ctx: Context, incident_id: str) -> Incident:
    """Read an incident that people keep; a publisher's is changed by its publisher alone.

    Raises:
        NotPossible: it is a publisher's.
    """
    return check_own(ctx.read(incident_id, Incident))


def check_own(incident: Incident) -> Incident:
    """Give *incident* back if people here keep it; raises NotPossible, which says who does."""
    check_ours(incident.origin)
    if incident.feed is not None:
        raise NotPossible(
            "publishers-own",
            "this is its publisher's report: report an incident of your own as the same thing",
        )
    return incident


def permit_on(ctx: Context, action: Action, incident: Incident) -> None:
    """Return if whoever asks may do *action* on *incident*; else raises NotPermitted."""
    own = [incident.author, *ctx.working_on(incident.id, action)]
    ctx.permit(action, agencies=concerned(incident), own=own)


def check_unmerged(incident: Incident) -> None:
    """Return if *incident* stands for itself; raises NotPossible where it is merged."""
    if incident.status is S.MERGED:
        raise NotPossible(
            "merged", "this is merged into another: change that one", into=incident.merged_into
        )


def changed(incident: Incident, **values: Any) -> Incident:
    """Give *incident* with *values*, checked as a whole."""
    return Incident.model_validate({**dict(incident), **values})


def check_parent(ctx: Context, incident_id: str, parent_id: str | None) -> None:
    """Return if *parent_id* can be the major incident that *incident_id* is part of.

    Raises:
        NotFound: there is no such incident.
        NotPossible: it is the incident itself, a publisher's, over, or part of another; or the
            incident has parts.
    """
    if parent_id is None:
        return
    parent = read_own(ctx, parent_id)
    if parent_id == incident_id or parent.parent is not None:
        raise NotPossible(
            "not-a-parent", "a major incident cannot be part of itself or of another incident"
        )
    if parent.status not in OPEN_INCIDENT:
        raise NotPossible("not-a-parent", f"the major incident is {parent.status}: open it first")
    if parts_of(ctx, incident_id):
        raise NotPossible("has-parts", "this incident has parts of its own: move those first")


def parts_of(ctx: Context, incident_id: str) -> list[Incident]:
    """List the incidents that are part of the major incident *incident_id*."""
    incidents = ctx.all(Kind.INCIDENT, Incident, having="parent").values()
    return [incident for incident in incidents if incident.parent == incident_id]


def plan_report(ctx: Context, _: str, body: ReportIncident) -> Plan:
    """Put a new incident on the picture, reported and unverified.

    Where it is the same as a publisher's report, the two become one at once if whoever reports may
    fuse; else, and where it is the same as what people keep, that is proposed to the desk.
    """
    ctx.permit(Action.REPORT_INCIDENT)
    incident_id = ctx.new_id(Kind.INCIDENT)
    check_parent(ctx, incident_id, body.parent)
    at, cautions = moment(ctx, body.at)
    seen, items = recognise(ctx, body.seen, body.incident_type) if body.seen else ({}, ())
    incident = Incident.model_validate(
        {
            **seen,
            **fields(body, None),
            "id": incident_id,
            "publisher": ctx.identity.agency or "COP",
            "status": S.REPORTED,
            "reported_at": at,
            "observed_at": at,
            "reported_by": body.reported_by or seen.get("reported_by"),
            "steps": {S.REPORTED: ctx.now},
            "number": f"I-{ctx.desk.store.next_number('incident')}",
            "author": ctx.identity.name,
        }
    )
    about = tuple(each for each in (body.parent, body.same_as, body.seen) if each)
    if body.same_as is None:
        return Plan(puts=(incident, *items), about=about, cautions=cautions)
    fusion = _same(ctx, incident, body.same_as)
    return Plan(puts=(incident, fusion, *items), about=about, cautions=cautions)


def _same(ctx: Context, incident: Incident, other_id: str) -> Fusion:
    """Give the fusion of *incident* with another; a fusion that the other is in takes it up."""
    other = ctx.read(other_id, Incident)
    by_people = other.feed is None
    known = next(
        (
            fusion
            for fusion in ctx.all(Kind.FUSION, Fusion).values()
            if other_id in fusion.members and fusion.status is not FusionStatus.SPLIT
        ),
        None,
    )
    if known is not None and known.status is FusionStatus.PROPOSED:
        known = ctx.read(known.id, Fusion)
        members = (*known.members, incident.id)
        others = ctx.find(known.members).values()
        by_people = any(isinstance(one, Incident) and one.feed is None for one in others)
    else:
        members = (other_id, incident.id)
        by_people = by_people or known is not None
        known = Fusion(
            id=ctx.new_id(Kind.FUSION),
            publisher="COP",
            status=FusionStatus.PROPOSED,
            members=members,
            primary=other_id,
            score=1,
        )
    if by_people or not may(ctx.identity, Action.FUSE):
        return _changed_fusion(known, members=members)
    return _changed_fusion(
        known,
        members=members,
        primary=incident.id,
        status=FusionStatus.CONFIRMED,
        decided_by=ctx.identity.name,
        decided_at=ctx.now,
    )


def _changed_fusion(fusion: Fusion, **values: Any) -> Fusion:
    return Fusion.model_validate({**dict(fusion), **values})


def plan_edit(ctx: Context, incident_id: str, body: EditIncident) -> Plan:
    """Change what is said of an incident."""
    incident = read_own(ctx, incident_id)
    permit_on(ctx, Action.EDIT_INCIDENT, incident)
    check_unmerged(incident)
    if body.parent != incident.parent:
        check_parent(ctx, incident_id, body.parent)
    edited = changed(incident, **fields(body, incident))
    return Plan(puts=(edited,), about=_parents(incident, edited), undoable=True)


def plan_status(ctx: Context, incident_id: str, body: ChangeStatus) -> Plan:
    """Take an incident to its next status."""
    incident = read_own(ctx, incident_id)
    edited = next_status(ctx, incident, body)
    return Plan(
        puts=(edited,),
        about=_parents(edited),
        reason=body.reason,
        cautions=cautions_on(ctx, [edited]),
        undoable=True,
    )


def next_status(ctx: Context, incident: Incident, body: ChangeStatus) -> Incident:
    """Give *incident* in the status asked for, if it may come next and whoever asks may say so.

    Raises:
        NotPermitted: whoever asks may not.
        NotPossible: that status cannot come next, or the reason is missing.
    """
    reopens = incident.status in ENDED and body.status is not incident.status
    action = Action.CLOSE_INCIDENT if reopens else _ACTION.get(body.status, Action.CLOSE_INCIDENT)
    permit_on(ctx, action, incident)
    confidence = body.confidence or incident.confidence
    if body.status is incident.status:
        return changed(incident, confidence=confidence)
    if body.status not in NEXT[incident.status]:
        ways = ", ".join(sorted(NEXT[incident.status])) or "none: split the fusion first"
        raise NotPossible(
            "not-next",
            f"{incident.status} cannot become {body.status}; what may come next: {ways}",
            next=sorted(NEXT[incident.status]),
        )
    if (reopens or body.status is S.REJECTED) and not body.reason:
        raise NotPossible("reason-missing", "say why: a reason is needed for this step")
    return changed(
        incident,
        status=body.status,
        verified=incident.verified or body.status is S.VERIFIED,
        confidence=confidence,
        reason=body.reason or incident.reason,
        steps={**incident.steps, body.status: _first(incident, body.status, ctx.now)},
    )


def cautions_on(ctx: Context, incidents: Sequence[Incident]) -> tuple[Caution, ...]:
    """Tell of major incidents that are over while parts of them, not among these, are open."""
    over = {incident.id for incident in incidents if incident.status in ENDED}
    if not over:
        return ()
    given = {incident.id for incident in incidents}
    parts = [
        part
        for part in ctx.all(Kind.INCIDENT, Incident, having="parent").values()
        if part.parent in over and part.status in OPEN_INCIDENT and part.id not in given
    ]
    if not parts:
        return ()
    numbers = ", ".join(sorted(part.number or part.id for part in parts)[:20])
    return (Caution("parts-open", f"{len(parts)} of its parts are still open: {numbers}"),)


def _first(incident: Incident, status: IncidentStatus, now: datetime) -> datetime:
    """Give when it came to *status*: the last time for an end, else the first."""
    return now if status in ENDED else incident.steps.get(status, now)


def _parents(*incidents: Incident) -> tuple[str, ...]:
    return tuple({incident.parent: None for incident in incidents if incident.parent})


COMMANDS: Final = (
    Command(
        actions=(Action.REPORT_INCIDENT,),
        method="POST",
        path="/incidents",
        body=ReportIncident,
        plan=plan_report,
        makes=Kind.INCIDENT,
        summary="Report an incident",
        example={
            "incident_type": "flooding",
            "severity": "Severe",
            "words": "Nathan Road knee-deep, two buses stuck",
            "geometry": {"type": "Point", "coordinates": [114.1722, 22.3046]},
            "place": "Nathan Road near Jordan Road",
            "reported_by": "phone",
            "casualties": {"trapped": 2},
        },
    ),
    Command(
        actions=(Action.EDIT_INCIDENT,),
        method="PATCH",
        path="/incidents/{id}",
        body=EditIncident,
        plan=plan_edit,
        matched=True,
        summary="Change what is said of an incident",
        example={"severity": "Extreme", "supporting_agencies": ["FSD", "DSD"]},
    ),
    Command(
        actions=(Action.VERIFY_INCIDENT, Action.RESPOND_INCIDENT, Action.CLOSE_INCIDENT),
        method="POST",
        path="/incidents/{id}/status",
        body=ChangeStatus,
        plan=plan_status,
        matched=True,
        summary="Take an incident to its next status",
        example={"status": "verified", "confidence": "high"},
    ),
)
