"""Alerts of our own: released by a second person, then updated, extended and cancelled.

A message is made, checked, signed and on the disk before the picture knows of it: a process that
ends in between leaves a file that nothing leads to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cop.errors import (
    Misconfigured,
    NotFound,
    NotPossible,
    PayloadError,
    StoreUnavailable,
)
from cop.formats.cap import in_languages, read_alert
from cop.formats.cap_check import check_message
from cop.formats.cap_write import reference_to, write_alert
from cop.model.entity import Kind
from cop.model.exchange import DraftState, Signature
from cop.model.kinds import Alert, Draft
from cop.services.commands.context import Context
from cop.services.commands.drafts import (
    KEPT,
    OPEN,
    asked_for,
    check_asked,
    check_second,
    closed,
    hindrances,
)
from cop.services.commands.plan import Command, Plan
from cop.services.exchange.alerting.checks import in_force
from cop.services.exchange.alerting.issued import messages_of
from cop.services.exchange.alerting.making import cancelling, extended, next_of
from cop.services.exchange.alerting.message import Identity, earlier, identity_of, message_of
from cop.services.exchange.alerting.signing import signer_of
from cop.services.exchange.originals import Originals
from cop.services.policy import Action

_SAME: Final = (
    *("publisher", "title", "description", "instruction", "area", "geometry", "placing"),
    *("district", "event_type", "severity", "urgency", "certainty", "categories", "responses"),
    *("msg_type", "valid_from"),
)
"""What an alert says as its draft does."""


def plan_release(ctx: Context, draft_id: str, _: None) -> Plan:
    """Release an alert of our own: by somebody who has neither written nor asked for it."""
    draft = ctx.read(draft_id, Draft)
    ctx.permit(Action.RELEASE_ALERT, agencies=[draft.publisher])
    check_asked(draft)
    check_second(ctx, draft, "releases it, not its author")
    found = hindrances(ctx, draft)
    if found:
        words = "; ".join(str(one["words"]["en"]) for one in found)
        raise NotPossible("preflight", f"this cannot go as it is: {words}", items=found)
    before = None if draft.replaces is None else ctx.read(draft.replaces, Alert)
    alert = _released(ctx, draft, before)
    done = closed(draft, DraftState.RELEASED, ctx.now, alert=alert.id)
    about = () if draft.source is None else (draft.source,)
    return Plan(puts=(alert, done), about=about, reason=draft.reason, main=alert.id)


def _released(ctx: Context, draft: Draft, before: Alert | None) -> Alert:
    """Give the alert that *draft* becomes, its message kept."""
    settings = ctx.desk.settings
    originals = Originals(settings)
    if before is None:
        number, count, digests = ctx.desk.store.next_number("alert"), 1, []
    else:
        number, count = int(before.id.partition(":")[2]), _count(before) + 1
        digests = messages_of(ctx.desk.store, before.id)
    identity = identity_of(settings, ctx.desk.store.epoch(), number, count, ctx.now)
    references = earlier(originals, digests, ctx.now)
    body = write_alert(message_of(draft, identity, references, settings))
    signature, signed = _signed(ctx, body)
    ends = ctx.now if draft.msg_type == "Cancel" else draft.ends_at
    told = tuple(
        reference_to(one.sender, one.identifier, one.sent) for one in references if one.sent
    )
    return Alert.model_validate(
        {
            **{name: getattr(draft, name) for name in _SAME},
            **_named(identity),
            "id": f"alert:{number}",
            "observed_at": ctx.now,
            "expires_at": ends,
            "link": draft.web,
            "issued_at": ctx.now if before is None else before.issued_at,
            "updated_at": None if before is None else ctx.now,
            "references": told,
            "signature": signature,
            "original": _kept(originals, signed),
            "author": draft.author,
            "released_by": ctx.identity.name,
            "released_at": ctx.now,
        }
    )


def _named(identity: Identity) -> dict[str, Any]:
    return {"identifier": identity.identifier, "sender": identity.sender}


def _count(alert: Alert) -> int:
    """Tell which message of its alert the last one was, by its identifier."""
    return int((alert.identifier or "").rpartition("-")[2])


def _signed(ctx: Context, body: bytes) -> tuple[Signature, bytes]:
    """Give the message as it goes: signed where there is a key, and without any fault."""
    try:
        signer = signer_of(ctx.desk.settings)
        signed = body if signer is None else signer.sign(body)
    except Misconfigured as error:
        raise NotPossible("preflight", f"the message cannot be signed: {error}") from None
    faults = check_message(signed)
    if faults:
        raise NotPossible("preflight", "the message is not as it must be: " + "; ".join(faults))
    return (Signature.NONE if signer is None else Signature.VALID), signed


def _kept(originals: Originals, body: bytes) -> str:
    try:
        return originals.keep(body, for_good=True)
    except OSError as error:
        raise StoreUnavailable(f"the message cannot be kept: {error.strerror}") from None


def plan_update(ctx: Context, alert_id: str, _: None) -> Plan:
    """Begin an update of an alert of ours that is in force."""
    draft = _next(ctx, alert_id, next_of)
    return Plan(puts=(draft,), about=(alert_id,), main=draft.id, undoable=True)


def plan_extend(ctx: Context, alert_id: str, _: None) -> Plan:
    """Ask that an alert of ours holds for as long again; a second person decides."""
    draft = _next(ctx, alert_id, lambda alert: extended(alert, ctx.now))
    return Plan(puts=(asked_for(ctx, draft),), about=(alert_id,), main=draft.id)


def plan_cancel(ctx: Context, alert_id: str, _: None) -> Plan:
    """Ask that an alert of ours is cancelled; a second person decides."""
    draft = _next(ctx, alert_id, lambda alert: cancelling(alert, ctx.now))
    return Plan(puts=(asked_for(ctx, draft),), about=(alert_id,), main=draft.id)


def _next(ctx: Context, alert_id: str, say: Callable[[Alert], dict[str, Any]]) -> Draft:
    """Give the draft of the next message of an alert; one is prepared at a time.

    Raises:
        NotPossible: it is somebody else's, over, or another draft of it is open.
    """
    alert = ctx.read(alert_id, Alert)
    ctx.permit(Action.DRAFT_ALERT, agencies=[alert.publisher], own=[alert.author])
    if alert.feed is not None or alert.origin is not None or alert.released_at is None:
        raise NotPossible("publishers-own", "this is its publisher's: nobody else may change it")
    if not in_force(alert, ctx.now):
        raise NotPossible("alert-over", "this alert is over: make a new one")
    for draft in ctx.all(Kind.DRAFT, Draft, having="replaces").values():
        if draft.replaces == alert_id and draft.state in OPEN:
            raise NotPossible("draft-open", "a change of it is being prepared", draft=draft.id)
    return Draft.model_validate(
        {
            **say(alert),
            **_of_message(ctx, alert),
            "id": ctx.new_id(Kind.DRAFT),
            "observed_at": ctx.now,
            "expires_at": ctx.now + KEPT,
            "author": ctx.identity.name,
        }
    )


def _of_message(ctx: Context, alert: Alert) -> dict[str, Any]:
    """Give what the last message says that the alert on the picture does not hold."""
    try:
        infos = read_alert(Originals(ctx.desk.settings).read(alert.original or "")).infos
    except (NotFound, PayloadError):
        return {}
    contact = next((info.contact for info in infos), "")
    return {"event": in_languages(infos, "event"), "contact": contact}


def _of(what: str, plan: Callable[[Context, str, None], Plan], summary: str) -> Command:
    return Command(
        actions=(Action.DRAFT_ALERT,),
        method="POST",
        path=f"/alerts/{{id}}/{what}",
        body=None,
        plan=plan,
        makes=Kind.DRAFT,
        matched=True,
        summary=summary,
    )


COMMANDS: Final = (
    Command(
        actions=(Action.RELEASE_ALERT,),
        method="POST",
        path="/drafts/{id}/release",
        body=None,
        plan=plan_release,
        matched=True,
        summary="Release an alert of our own",
    ),
    _of("update", plan_update, "Begin an update of an alert of our own"),
    _of("extend", plan_extend, "Ask that an alert of our own holds for longer"),
    _of("cancel", plan_cancel, "Ask that an alert of our own is cancelled"),
)
