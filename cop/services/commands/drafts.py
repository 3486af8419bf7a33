"""Drafts of alerts of our own: begun, written, made simpler, asked for release, sent back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Self

from pydantic import AwareDatetime, Field, model_validator

from cop.errors import Invalid, NotFound, NotPermitted, NotPossible
from cop.model.entity import Certainty, EntityId, Kind, Severity, Urgency
from cop.model.exchange import Category, DraftState, ResponseType
from cop.model.geometry import Geometry, MultiPolygon, Polygon
from cop.model.kinds import Alert, Draft, Hazard, Incident, IncidentStatus
from cop.model.text import Lang, Text
from cop.services.commands.context import Context
from cop.services.commands.plan import Body, Caution, Command, Plan
from cop.services.exchange.alerting.checks import own_checks
from cop.services.exchange.alerting.making import (
    RADIUS_M,
    begun,
    followed,
    of_source,
    placed,
)
from cop.services.exchange.alerting.shapes import MOST_POINTS, points_of, simplified
from cop.services.policy import Action

KEPT: Final = timedelta(days=7)
"""So long after its last change a draft leaves the picture; what it said stays in the journal."""

KEPT_CLOSED: Final = timedelta(days=1)
"""The same for one that was released or discarded."""

OPEN: Final = frozenset([DraftState.WRITING, DraftState.ASKED, DraftState.RETURNED])
LEAST_RADIUS_M: Final = 10.0
MOST_RADIUS_M: Final = 50_000.0

_TEXTS: Final = ("event", "title", "description", "instruction", "area")
_VALUES: Final = (
    *("event_type", "categories", "responses", "severity", "urgency", "certainty"),
    *("valid_from", "ends_at", "contact", "web", "reason"),
)
_LEADING: Final = ("geometry", "event_type", "event", "area")
"""What other words of a draft follow, where nobody has touched those."""
_NEVER_NONE: Final = frozenset(_VALUES) - {"valid_from", "ends_at", "web"}

Line = Annotated[dict[Lang, Annotated[str, Field(max_length=160)]], Field(max_length=3)]
Area = Annotated[dict[Lang, Annotated[str, Field(max_length=500)]], Field(max_length=3)]
Long = Annotated[dict[Lang, Annotated[str, Field(max_length=4000)]], Field(max_length=3)]


class EditDraft(Body):
    """What may be said in a draft; what is left out stays as it is.

    `title` is the headline. A place or a line as *geometry* stands for what is within *radius_m*.
    """

    event_type: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")] | None = None
    event: Line | None = None
    title: Line | None = None
    description: Long | None = None
    instruction: Long | None = None
    area: Area | None = None
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=12)] | None = None
    responses: Annotated[tuple[ResponseType, ...], Field(max_length=9)] | None = None
    severity: Severity | None = None
    urgency: Urgency | None = None
    certainty: Certainty | None = None
    valid_from: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    geometry: Geometry | None = None
    radius_m: Annotated[float, Field(ge=LEAST_RADIUS_M, le=MOST_RADIUS_M)] = RADIUS_M
    contact: Annotated[str, Field(max_length=200)] | None = None
    web: Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=500)] | None = None
    reason: Annotated[str, Field(max_length=1000)] | None = None


class MakeDraft(EditDraft):
    """From a hazard or an incident, or from an area that was drawn, or from nothing but a type."""

    source: EntityId | None = None

    @model_validator(mode="after")
    def _warns_of_something(self) -> Self:
        if self.source is None and self.event_type is None:
            raise ValueError("event_type: say what it warns of, or give its source")
        return self


class SendBack(Body):
    """What is to be changed."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


def plan_make(ctx: Context, _: str, body: MakeDraft) -> Plan:
    """Begin an alert of our own. What its source, area and type say is filled in already."""
    publisher = ctx.identity.agency or ctx.desk.settings.organisation
    ctx.permit(Action.DRAFT_ALERT, agencies=[publisher])
    source = None if body.source is None else _source(ctx, body.source)
    said: dict[str, Any] = {} if source is None else of_source(source)
    said |= _given(body)
    geometry = body.geometry or (None if source is None else source.geometry)
    place = {} if geometry is None else placed(geometry, body.radius_m)
    first = begun(said["event_type"], place.get("geometry"), ctx.now)
    draft = Draft.model_validate(
        {
            **first,
            **said,
            **place,
            "id": ctx.new_id(Kind.DRAFT),
            "publisher": publisher,
            "observed_at": ctx.now,
            "expires_at": ctx.now + KEPT,
            "source": body.source,
            "author": ctx.identity.name,
        }
    )
    about = () if body.source is None else (body.source,)
    return Plan(puts=(draft,), about=about, cautions=_holes(geometry), undoable=True)


def _source(ctx: Context, source_id: str) -> Hazard | Incident:
    source = ctx.find([source_id]).get(source_id)
    if not isinstance(source, Hazard | Incident):
        raise NotFound(f"there is no hazard or incident {source_id!r} on the picture")
    if isinstance(source, Incident) and source.status in (
        IncidentStatus.REJECTED,
        IncidentStatus.MERGED,
    ):
        raise NotPossible("source-over", f"this incident is {source.status}: choose another")
    return source


def _given(body: EditDraft) -> dict[str, Any]:
    """Give what *body* says but for the place; texts without empty languages."""
    given = body.model_fields_set
    said: dict[str, Any] = {name: getattr(body, name) for name in _VALUES if name in given}
    said = {name: one for name, one in said.items() if one is not None or name not in _NEVER_NONE}
    for name in ("categories", "responses"):
        if name in said:
            said[name] = tuple(dict.fromkeys(said[name]))
    for name in _TEXTS:
        if name in given:
            said[name] = _whole(getattr(body, name))
    return said


def _whole(words: Text | None) -> Text:
    return {lang: said for lang, said in (words or {}).items() if said}


def _holes(geometry: Geometry | None) -> tuple[Caution, ...]:
    """Tell that holes are covered: CAP cannot say them."""
    parts = geometry.coordinates if isinstance(geometry, MultiPolygon) else ()
    if isinstance(geometry, Polygon):
        parts = (geometry.coordinates,)
    if all(len(part) == 1 for part in parts):
        return ()
    return (Caution("holes-covered", "an alert's area has no holes: they are covered"),)


def plan_edit(ctx: Context, draft_id: str, body: EditDraft) -> Plan:
    """Write in a draft. One that waits for release waits no more: it must be asked for again."""
    draft = read_open(ctx, draft_id)
    said = _given(body)
    if "geometry" in body.model_fields_set and body.geometry != draft.geometry:
        place = None if body.geometry is None else placed(body.geometry, body.radius_m)
        said |= place or {"geometry": None, "placing": "unplaced", "district": None}
    if not said.keys().isdisjoint(_LEADING):
        said |= followed(draft, said)
    return Plan(puts=(_written(ctx, draft, said),), cautions=_holes(body.geometry), undoable=True)


def plan_simplify(ctx: Context, draft_id: str, _: None) -> Plan:
    """Give a draft's area fewer points, so that it can go; it covers all that it covered."""
    draft = read_open(ctx, draft_id)
    if draft.geometry is None:
        raise NotPossible("area-missing", "there is no area yet: draw one")
    if points_of(draft.geometry) <= MOST_POINTS:
        return Plan(puts=(draft,))
    try:
        area = simplified(draft.geometry)
    except ValueError as error:
        raise Invalid(("geometry", str(error))) from None
    return Plan(puts=(_written(ctx, draft, {"geometry": area}),), undoable=True)


def _written(ctx: Context, draft: Draft, said: dict[str, Any]) -> Draft:
    """Give *draft* with what was written in it, by whom; as it is where nothing is new."""
    after = Draft.model_validate({**dict(draft), **said})
    if after.encode() == draft.encode():
        return draft
    # a reason that its author gives takes the place of the one why it was sent back
    answered = draft.state is DraftState.RETURNED and after.reason != draft.reason
    again = answered or draft.state is DraftState.ASKED
    return after.model_copy(
        update={
            "author": ctx.identity.name,
            "state": DraftState.WRITING if again else draft.state,
            "asked_at": None,
            "asked_by": None,
            "expires_at": ctx.now + KEPT,
        }
    )


def plan_ask(ctx: Context, draft_id: str, _: None) -> Plan:
    """Ask for the release of a draft: a second person decides."""
    draft = read_open(ctx, draft_id)
    if draft.state is DraftState.ASKED:
        raise NotPossible("already-asked", "release has been asked for already")
    after = asked_for(ctx, draft)
    open_points = hindrances(ctx, after)
    cautions: tuple[Caution, ...] = ()
    if open_points:
        titles = "; ".join(str(one["words"]["en"]) for one in open_points)
        cautions = (Caution("not-ready", f"it cannot be released as it is: {titles}"),)
    return Plan(puts=(after,), cautions=cautions)


def asked_for(ctx: Context, draft: Draft) -> Draft:
    """Give *draft* as one that waits for a second person."""
    return draft.model_copy(
        update={
            "state": DraftState.ASKED,
            "asked_at": ctx.now,
            "asked_by": ctx.identity.name,
            "reason": "" if draft.state is DraftState.RETURNED else draft.reason,
        }
    )


def hindrances(ctx: Context, draft: Draft) -> list[dict[str, Any]]:
    """List what of *draft* forbids that it is released, as the check before it goes shows it."""
    replaced = ctx.find([draft.replaces]).get(draft.replaces) if draft.replaces else None
    alert = replaced if isinstance(replaced, Alert) else None
    found = own_checks(draft, alert, ctx.now, ctx.desk.settings)
    return [one.shown() for one in found if one.level == "forbids"]


def plan_return(ctx: Context, draft_id: str, body: SendBack) -> Plan:
    """Send a draft back to its author, saying what is to be changed."""
    draft = ctx.read(draft_id, Draft)
    ctx.permit(Action.RELEASE_ALERT, agencies=[draft.publisher])
    check_asked(draft)
    check_second(ctx, draft, "sends it back; take your own request back by `withdraw`")
    after = draft.model_copy(
        update={
            "state": DraftState.RETURNED,
            "asked_at": None,
            "asked_by": None,
            "reason": body.reason,
            "expires_at": ctx.now + KEPT,
        }
    )
    return Plan(puts=(after,), reason=body.reason, undoable=True)


def plan_withdraw(ctx: Context, draft_id: str, _: None) -> Plan:
    """Take a request for release back; nobody need say why."""
    draft = read_open(ctx, draft_id)
    check_asked(draft)
    update = {"state": DraftState.WRITING, "asked_at": None, "asked_by": None}
    after = draft.model_copy(update={**update, "expires_at": ctx.now + KEPT})
    return Plan(puts=(after,), undoable=True)


def plan_discard(ctx: Context, draft_id: str, _: None) -> Plan:
    """Discard a draft; it stays in sight for a day."""
    draft = read_open(ctx, draft_id)
    return Plan(puts=(closed(draft, DraftState.DISCARDED, ctx.now),), undoable=True)


def closed(draft: Draft, state: DraftState, now: datetime, **said: Any) -> Draft:
    """Give *draft* as one that nobody works on any more."""
    update = {"state": state, "expires_at": now + KEPT_CLOSED, **said}
    return draft.model_copy(update=update)


def read_open(ctx: Context, draft_id: str) -> Draft:
    """Read a draft that can still be changed, by somebody who may.

    Raises:
        NotPermitted: whoever asks may not.
        NotPossible: it was released or discarded.
    """
    draft = ctx.read(draft_id, Draft)
    ctx.permit(Action.DRAFT_ALERT, agencies=[draft.publisher], own=[draft.author])
    if draft.state not in OPEN:
        raise NotPossible("draft-closed", f"this draft is {draft.state}: begin another")
    return draft


def check_asked(draft: Draft) -> None:
    """Return if *draft* waits for a second person; else raises NotPossible."""
    if draft.state is not DraftState.ASKED:
        raise NotPossible("not-asked", f"nobody has asked for its release: it is {draft.state}")


def check_second(ctx: Context, draft: Draft, does: str) -> None:
    """Return if who asks has neither written *draft* last nor asked for its release.

    Raises:
        NotPermitted: they have; the message begins with the action and says what another *does*.
    """
    if ctx.identity.name in (draft.author, draft.asked_by):
        raise NotPermitted(f"{Action.RELEASE_ALERT}: a second person {does}")


_EXAMPLE: Final = {
    "event_type": "flooding",
    "severity": "Severe",
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[114.0, 22.44], [114.05, 22.44], [114.05, 22.47], [114.0, 22.44]]],
    },
    "ends_at": "2023-09-07T18:00:00Z",
}

COMMANDS: Final = (
    Command(
        actions=(Action.DRAFT_ALERT,),
        method="POST",
        path="/drafts",
        body=MakeDraft,
        plan=plan_make,
        makes=Kind.DRAFT,
        summary="Begin an alert of our own",
        example=_EXAMPLE,
    ),
    Command(
        actions=(Action.DRAFT_ALERT,),
        method="PATCH",
        path="/drafts/{id}",
        body=EditDraft,
        plan=plan_edit,
        matched=True,
        summary="Write in a draft",
        example={"instruction": {"en": "Stay away from the river", "zh-Hant": "請遠離河道"}},
    ),
    Command(
        actions=(Action.DRAFT_ALERT,),
        method="POST",
        path="/drafts/{id}/simplify",
        body=None,
        plan=plan_simplify,
        matched=True,
        summary="Give a draft's area fewer points; it covers all that it covered",
    ),
    Command(
        actions=(Action.DRAFT_ALERT,),
        method="POST",
        path="/drafts/{id}/ask",
        body=None,
        plan=plan_ask,
        matched=True,
        summary="Ask for the release of a draft",
    ),
    Command(
        actions=(Action.DRAFT_ALERT,),
        method="POST",
        path="/drafts/{id}/withdraw",
        body=None,
        plan=plan_withdraw,
        matched=True,
        summary="Take back a request for the release of a draft",
    ),
    Command(
        actions=(Action.RELEASE_ALERT,),
        method="POST",
        path="/drafts/{id}/return",
        body=SendBack,
        plan=plan_return,
        matched=True,
        summary="Send a draft back to its author",
        example={"reason": "Name the streets that are closed"},
    ),
    Command(
        actions=(Action.DRAFT_ALERT,),
        method="DELETE",
        path="/drafts/{id}",
        body=None,
        plan=plan_discard,
        matched=True,
        summary="Discard a draft",
    ),
)
