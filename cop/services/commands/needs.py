"""Needs: what an incident or a facility asks for, and how much of it came."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AwareDatetime, Field

from cop.errors import Invalid, NotFound, NotPossible
from cop.model.entity import EntityId, Kind, Severity
from cop.model.kinds import Facility, Incident, Need, NeedStatus
from cop.model.response import OPEN_INCIDENT, NeedItem
from cop.model.text import Lang
from cop.services.commands.context import Context
from cop.services.commands.incidents import Agency, Line
from cop.services.commands.plan import Body, Caution, Command, Plan, said
from cop.services.policy import Action

Quantity = Annotated[int, Field(gt=0, le=1_000_000)]


class AskNeed(Body):
    """What is asked for, by what, and of whom."""

    subject: EntityId
    item: NeedItem
    quantity: Quantity
    unit: Annotated[str, Field(max_length=40)] = ""
    severity: Severity = Severity.UNKNOWN
    asked_of: Agency | None = None
    needed_by: AwareDatetime | None = None
    words: Line = ""
    lang: Lang = "en"


class ChangeNeed(Body):
    """How a need stands now; what is left out stays as it is."""

    quantity: Quantity | None = None
    fulfilled: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    asked_of: Agency | None = None
    needed_by: AwareDatetime | None = None
    cancelled: bool | None = None
    reason: Annotated[str, Field(max_length=1000)] = ""


def status_of(quantity: int, fulfilled: int) -> NeedStatus:
    """Tell how a need stands of which *fulfilled* of *quantity* came."""
    if fulfilled >= quantity:
        return NeedStatus.FULFILLED
    return NeedStatus.PART if fulfilled else NeedStatus.OPEN


def plan_ask(ctx: Context, _: str, body: AskNeed) -> Plan:
    """Ask for something that an incident or a facility needs."""
    subject = ctx.find([body.subject]).get(body.subject)
    if isinstance(subject, Incident):
        concerned = [subject.publisher, subject.lead_agency, *subject.supporting_agencies]
        own = [subject.author, *ctx.working_on(subject.id, Action.ASK_NEED)]
    elif isinstance(subject, Facility):
        concerned, own = [subject.publisher], [subject.id, subject.stands_for]
    else:
        raise NotFound(f"there is no incident or facility {body.subject!r} on the picture")
    ctx.permit(Action.ASK_NEED, agencies=concerned, own=own)
    if isinstance(subject, Incident) and subject.status not in OPEN_INCIDENT:
        raise NotPossible(
            "subject-over", f"the incident is {subject.status}: open it first, or ask for another"
        )
    need = Need(
        id=ctx.new_id(Kind.NEED),
        publisher=ctx.identity.agency or "COP",
        title=said(body.words, body.lang),
        observed_at=ctx.now,
        subject=body.subject,
        item=body.item,
        quantity=body.quantity,
        unit=body.unit,
        severity=body.severity,
        asked_of=body.asked_of,
        asked_at=ctx.now,
        needed_by=body.needed_by,
        author=ctx.identity.name,
    )
    return Plan(puts=(need,), about=(body.subject,))


def plan_change(ctx: Context, need_id: str, body: ChangeNeed) -> Plan:
    """Say how much of a need came, who is asked for it, or that it is needed no more.

    Who asked may change what they asked for; who is asked says what came.
    """
    need = ctx.read(need_id, Need)
    given = body.model_fields_set
    _permit(ctx, need, given)
    if need.status is NeedStatus.CANCELLED and body.cancelled is not False:
        raise NotPossible("cancelled", "this need was cancelled: ask anew, or open it again first")
    if body.cancelled and not body.reason:
        raise NotPossible("reason-missing", "say why it is needed no more")
    values: dict[str, Any] = {
        name: getattr(body, name) for name in ("asked_of", "needed_by") if name in given
    }
    for name in ("quantity", "fulfilled"):
        if name in given and getattr(body, name) is None:
            raise Invalid((name, "give a number"))
        values[name] = getattr(body, name) if name in given else getattr(need, name)
    status = status_of(values["quantity"], values["fulfilled"])
    values["status"] = NeedStatus.CANCELLED if body.cancelled else status
    if "cancelled" in given:
        values["reason"] = body.reason
    changed = Need.model_validate({**dict(need), **values})
    return Plan(
        puts=(changed,),
        about=(need.subject,),
        reason=body.reason,
        cautions=_cautions(changed),
        undoable=True,
    )


def _permit(ctx: Context, need: Need, given: set[str]) -> None:
    """Return if whoever asks may change the fields *given*; else raises NotPermitted."""
    agencies = [need.publisher, need.asked_of]
    meets, asks = given & {"fulfilled", "asked_of"}, given & {"quantity", "needed_by", "cancelled"}
    if meets or not asks:
        ctx.permit(Action.MEET_NEED, agencies=agencies, own=[need.author])
    if asks:
        own = [need.author, need.subject, *ctx.working_on(need.subject, Action.ASK_NEED)]
        ctx.permit(Action.ASK_NEED, agencies=agencies, own=own)


def _cautions(need: Need) -> tuple[Caution, ...]:
    over = need.fulfilled - need.quantity
    if over <= 0:
        return ()
    return (Caution("more-than-asked", f"{over} more came than {need.quantity} asked for"),)


COMMANDS: Final = (
    Command(
        actions=(Action.ASK_NEED,),
        method="POST",
        path="/needs",
        body=AskNeed,
        plan=plan_ask,
        makes=Kind.NEED,
        summary="Ask for what an incident or a facility needs",
        example={
            "subject": "incident:5f0c7d1e9a3b4c52",
            "item": "pump",
            "quantity": 3,
            "unit": "sets",
            "severity": "Severe",
            "asked_of": "DSD",
            "needed_by": "2023-09-07T17:00:00Z",
            "words": "basement car park under two metres of water",
        },
    ),
    Command(
        actions=(Action.MEET_NEED, Action.ASK_NEED),
        method="PATCH",
        path="/needs/{id}",
        body=ChangeNeed,
        plan=plan_change,
        matched=True,
        summary="Say how a need stands",
        example={"fulfilled": 2},
    ),
)
