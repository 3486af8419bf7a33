"""Fusions: people say which reports are of one thing, and which are not. Every report stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final

from pydantic import Field

from cop.errors import NotFound, NotPossible
from cop.model.entity import EntityId, Kind
from cop.model.journal import Deed
from cop.model.kinds import Fusion, FusionStatus, Incident, IncidentStatus
from cop.model.response import OPEN_INCIDENT
from cop.services.commands.context import Context
from cop.services.commands.incidents import changed, parts_of
from cop.services.commands.plan import Body, Command, Plan
from cop.services.fusion.reading import precedence, read_report
from cop.services.policy import Action

MOST_MEMBERS: Final = 100
Ids = Annotated[tuple[EntityId, ...], Field(max_length=MOST_MEMBERS)]


class MergeReports(Body):
    """Reports that somebody says are of one thing."""

    members: Annotated[tuple[EntityId, ...], Field(min_length=2, max_length=MOST_MEMBERS)]
    primary: EntityId


class ConfirmFusion(Body):
    """Which report is worked on; the proposed one where it is left out."""

    primary: EntityId | None = None


class SplitFusion(Body):
    """The reports to take out; all where none is named."""

    reports: Ids = ()


def plan_merge(ctx: Context, _: str, body: MergeReports) -> Plan:
    """Say that reports are of one thing."""
    ctx.permit(Action.FUSE)
    members = tuple(sorted(set(body.members)))
    if len(members) < 2:
        raise NotPossible("one-report", "name at least two different reports")
    incidents = _incidents(ctx, members)
    absent = [one for one in members if one not in incidents]
    if absent:
        raise NotFound(f"there is no incident {absent[0]!r} on the picture")
    fusion = Fusion(
        id=ctx.new_id(Kind.FUSION),
        publisher="COP",
        status=FusionStatus.PROPOSED,
        members=members,
        primary=body.primary,
        score=1,
    )
    fusions = ctx.all(Kind.FUSION, Fusion)
    covered = [
        one.id
        for one in fusions.values()
        if one.status is FusionStatus.PROPOSED and not one.apart and set(one.members) <= {*members}
    ]
    covered = sorted(ctx.find(covered))
    confirmed = _confirmed(ctx, fusion, incidents, body.primary, fusions)
    return Plan(puts=confirmed, removes=tuple(covered), about=members, undoable=True)


def plan_confirm(ctx: Context, fusion_id: str, body: ConfirmFusion) -> Plan:
    """Say that a proposal is right; what has ended or left since it was made is left out."""
    ctx.permit(Action.FUSE)
    fusion = ctx.read(fusion_id, Fusion)
    primary = body.primary or fusion.primary
    if fusion.status is FusionStatus.CONFIRMED and primary == fusion.primary:
        return Plan()
    if fusion.status is not FusionStatus.PROPOSED:
        raise NotPossible(
            "not-proposed", f"this is {fusion.status} already: split it, or merge the reports anew"
        )
    found = _incidents(ctx, fusion.members)
    incidents = {key: one for key, one in found.items() if one.status in OPEN_INCIDENT}
    if len(incidents) < 2:
        raise NotPossible("nothing-left", "fewer than two of these reports are still open")
    if body.primary is None and (primary not in incidents or incidents[primary].origin):
        ours = [one for one in incidents.values() if one.origin is None]
        primary = _best(ours or incidents.values())
    confirmed = _confirmed(ctx, fusion, incidents, primary, ctx.all(Kind.FUSION, Fusion))
    return Plan(puts=confirmed, about=fusion.members, undoable=True)


def plan_split(ctx: Context, fusion_id: str, body: SplitFusion) -> Plan:
    """Say that reports are not of one thing; what was merged is as it was before."""
    ctx.permit(Action.FUSE)
    fusion = ctx.read(fusion_id, Fusion)
    if fusion.status is FusionStatus.SPLIT:
        raise NotPossible("split", "these reports are apart already")
    strangers = sorted(set(body.reports) - set(fusion.members))
    if strangers:
        raise NotPossible("not-a-member", f"{strangers[0]} is not in this fusion")
    out = set(body.reports) or set(fusion.members)
    rest = [one for one in fusion.members if one not in out]
    incidents = _incidents(ctx, fusion.members)
    values: dict[str, Any] = {
        "members": tuple(rest or fusion.members),
        "apart": tuple(sorted({*fusion.apart, *out})),
        "likeness": tuple(one for one in fusion.likeness if one.report in rest),
        "decided_by": ctx.identity.name,
        "decided_at": ctx.now,
    }
    stays = len(rest) > 1
    if fusion.primary not in rest:
        of_rest = [incidents[one] for one in rest if one in incidents]
        values["primary"] = _best(of_rest) if of_rest else (rest or [fusion.primary])[0]
    primary: str = values.get("primary", fusion.primary)
    if not stays:
        values |= {"status": FusionStatus.SPLIT, "likeness": (), "score": 0.0}
    else:
        kept = tuple(one for one in values["likeness"] if one.report != primary)
        values["likeness"] = kept
    restored = (
        _after_split(ctx, incidents.values(), fusion.primary, primary, rest if stays else [])
        if fusion.status is FusionStatus.CONFIRMED
        else []
    )
    remembered = _taken_before(ctx, fusion, out) if rest else []
    return Plan(
        puts=(_changed(fusion, **values), *remembered, *restored),
        about=fusion.members,
        undoable=True,
    )


def _taken_before(ctx: Context, fusion: Fusion, out: Iterable[str]) -> list[Fusion]:
    """Keep what leaves a fusion apart from what was taken out of it before."""
    if not fusion.apart:
        return []
    members = tuple(sorted(out))
    return [
        Fusion(
            id=ctx.new_id(Kind.FUSION),
            publisher="COP",
            status=FusionStatus.SPLIT,
            members=members,
            primary=members[0],
            apart=fusion.apart,
            decided_by=ctx.identity.name,
            decided_at=ctx.now,
        )
    ]


def _after_split(
    ctx: Context, incidents: Iterable[Incident], old: str, primary: str, rest: Sequence[str]
) -> list[Incident]:
    """Give the merged reports as they are then: apart as before, or merged into a new primary."""
    found = []
    for incident in incidents:
        if incident.status is not IncidentStatus.MERGED or incident.merged_into != old:
            continue
        if incident.id not in rest or incident.id == primary:
            found.append(_restored(ctx, incident))
        elif primary != old:
            found.append(changed(incident, merged_into=primary))
    return found


def _incidents(ctx: Context, ids: Iterable[str]) -> dict[str, Incident]:
    found = ctx.find(ids).items()
    return {key: entity for key, entity in found if isinstance(entity, Incident)}


def _best(incidents: Iterable[Incident]) -> str:
    """Give the id of the report that deserves most to be worked on."""
    return min((read_report(one) for one in incidents), key=precedence).id


def _confirmed(
    ctx: Context,
    fusion: Fusion,
    incidents: dict[str, Incident],
    primary: str,
    fusions: dict[str, Fusion],
) -> tuple[Fusion | Incident, ...]:
    """Give the confirmed fusion, and what people reported themselves as merged into *primary*.

    Raises:
        NotPossible: a report has ended, is in another confirmed fusion, or has parts of its own; or
            the primary is another installation's, which could take ours away with it.
    """
    if primary not in incidents:
        raise NotPossible("not-a-member", "the primary must be one of the reports, and still open")
    origin = incidents[primary].origin
    if origin is not None and any(one.origin is None for one in incidents.values()):
        raise NotPossible("others-own", f"{primary} is kept by {origin}: take one of ours")
    for incident in incidents.values():
        if incident.status not in OPEN_INCIDENT:
            raise NotPossible(
                "not-open",
                f"{incident.number or incident.id} is {incident.status}: only open ones are merged",
                into=incident.merged_into,
            )
    _check_taken(fusion, incidents, primary, fusions)
    merged = []
    for incident in incidents.values():
        if incident.id == primary or incident.feed is not None:
            continue
        if parts_of(ctx, incident.id):
            raise NotPossible(
                "has-parts", f"{incident.number or incident.id} has parts: make it the primary"
            )
        steps = {**incident.steps, IncidentStatus.MERGED: ctx.now}
        merged.append(
            changed(incident, status=IncidentStatus.MERGED, merged_into=primary, steps=steps)
        )
    confirmed = _changed(
        fusion,
        status=FusionStatus.CONFIRMED,
        members=tuple(sorted(incidents)),
        primary=primary,
        likeness=tuple(one for one in fusion.likeness if one.report in incidents),
        decided_by=ctx.identity.name,
        decided_at=ctx.now,
    )
    return (confirmed, *merged)


def _check_taken(
    fusion: Fusion, incidents: Iterable[str], primary: str, fusions: dict[str, Fusion]
) -> None:
    """Return if no report belongs to another confirmed fusion, but for their common primary."""
    members = set(incidents)
    for other in fusions.values():
        if other.status is not FusionStatus.CONFIRMED or other.id == fusion.id:
            continue
        taken = members & set(other.members)
        if taken and (taken != {other.primary} or primary != other.primary):
            raise NotPossible(
                "already-merged",
                f"{min(taken)} is in a confirmed fusion: take its primary {other.primary} as the"
                " primary here too, or split that one first",
                fusion=other.id,
                primary=other.primary,
            )


def _restored(ctx: Context, incident: Incident) -> Incident:
    """Give a merged report as it was before, by the journal; by its steps where that is silent."""
    steps = {step: at for step, at in incident.steps.items() if step is not IncidentStatus.MERGED}
    before = _status_before(ctx, incident.id)
    if before is None:
        opened = [step for step in steps if step in OPEN_INCIDENT]
        before = max(opened, key=lambda step: steps[step], default=IncidentStatus.REPORTED)
    return changed(incident, status=before, merged_into=None, steps=steps)


def _status_before(ctx: Context, incident_id: str) -> IncidentStatus | None:
    for link in reversed(ctx.desk.store.journal_of(incident_id)):
        for change in Deed.decode(link.body).changes:
            merged = change.after.get("status") == IncidentStatus.MERGED
            if change.id == incident_id and merged and change.before.get("status"):
                return IncidentStatus(change.before["status"])
    return None


def _changed(fusion: Fusion, **values: Any) -> Fusion:
    return Fusion.model_validate({**dict(fusion), **values})


COMMANDS: Final = (
    Command(
        actions=(Action.FUSE,),
        method="POST",
        path="/fusions",
        body=MergeReports,
        plan=plan_merge,
        makes=Kind.FUSION,
        summary="Say that reports are of one thing",
        example={
            "members": ["incident:0123456789abcdef", "incident:fedcba9876543210"],
            "primary": "incident:0123456789abcdef",
        },
    ),
    Command(
        actions=(Action.FUSE,),
        method="POST",
        path="/fusions/{id}/confirm",
        body=ConfirmFusion,
        plan=plan_confirm,
        matched=True,
        summary="Confirm that the reports of a proposal are of one thing",
        example={},
    ),
    Command(
        actions=(Action.FUSE,),
        method="POST",
        path="/fusions/{id}/split",
        body=SplitFusion,
        plan=plan_split,
        matched=True,
        summary="Take reports out of a fusion, or take all of them apart",
        example={"reports": ["incident:fedcba9876543210"]},
    ),
)
