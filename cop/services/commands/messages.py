"""Messages with partners: write them, take note of them, and say what was made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, Self

import orjson
from pydantic import Field, model_validator

from cop.errors import Invalid, NotFound, NotPossible
from cop.model.access import Audience, project
from cop.model.entity import Entity, EntityId, Kind, Severity
from cop.model.exchange import Draft, Message, MessageForm, Partner
from cop.model.kinds import Alert, Assignment, Need
from cop.model.text import Lang
from cop.services.commands.context import Context
from cop.services.commands.needs import AskNeed, plan_ask
from cop.services.commands.plan import Body, Command, Plan, said
from cop.services.exchange.originals import Originals
from cop.services.exchange.partners import PartnerPlan, partner_of, partners_of
from cop.services.exchange.sharing import Terms
from cop.services.policy import Action

KEPT: Final = timedelta(days=30)
"""A message stays on the picture for so long after its last change; the journal keeps it."""

MOST_ABOUT: Final = 20

Subject = Annotated[str, Field(min_length=1, max_length=300)]
MessageWords = Annotated[str, Field(max_length=4000)]


class WriteMessage(Body):
    """A message to a partner, or one from it that came by telephone, fax or hand."""

    partner: EntityId
    direction: Literal["out", "in"] = "out"
    subject: Subject
    words: MessageWords = ""
    lang: Lang = "en"
    severity: Severity = Severity.UNKNOWN
    form: MessageForm = "words"
    original: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    about: Annotated[tuple[EntityId, ...], Field(max_length=MOST_ABOUT)] = ()
    answers: EntityId | None = None


class MakeTask(Body):
    """What was made of a message: a new need, one that there is, an assignment, or nothing."""

    need: AskNeed | None = None
    task: EntityId | None = None
    not_needed: Annotated[str, Field(max_length=1000)] = ""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(map(bool, (self.need, self.task, self.not_needed))) != 1:
            raise ValueError("give one of: need, task, not_needed with the reason")
        return self


class LinkNotice(Body):
    """What the public was told because of a message: a draft or an alert, or nothing and why."""

    notice: EntityId | None = None
    not_needed: Annotated[str, Field(max_length=1000)] = ""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.notice) == bool(self.not_needed):
            raise ValueError("give one of: notice, not_needed with the reason")
        return self


def plan_write(ctx: Context, _: str, body: WriteMessage) -> Plan:
    """Write to a partner, or write down what came from it by another way."""
    partner = ctx.read(body.partner, Partner)
    ctx.permit(Action.EXCHANGE, agencies=partner.agencies)
    plan = partner_of(ctx.desk.settings, partner.id)
    if not plan.holds(ctx.now):
        raise NotPossible("agreement-ended", f"agreement {plan.agreement.number} does not hold now")
    out = body.direction == "out"
    if not out and plan.url:
        raise NotPossible("comes-itself", "messages of this partner come by themselves")
    about = _about(ctx, plan, body.about, out=out)
    if body.answers is not None:
        _read_of(ctx, body.answers, partner.id)
    made = ctx.new_id(Kind.MESSAGE)
    settings = ctx.desk.settings
    by_hand = not plan.url  # somebody carries or says it: it has gone, or come, as it is written
    message = Message(
        id=made,
        publisher=ctx.identity.agency or "COP",
        title=said(body.subject, body.lang),
        description=said(body.words, body.lang),
        observed_at=ctx.now,
        expires_at=ctx.now + KEPT,
        partner=partner.id,
        direction=body.direction,
        form=body.form,
        original=_original(ctx, plan, body, about),
        about=tuple(about),
        agreement=plan.agreement.number,
        number=f"{settings.installation}.{settings.operation}.{made.partition(':')[2]}",
        answers=body.answers,
        sent_at=ctx.now if by_hand else None,
        received_at=ctx.now if by_hand else None,
        severity=body.severity,
        author=ctx.identity.name,
        **timers(plan, ctx.now, out=out),
    )
    return Plan(puts=(message,), about=(partner.id, *about))


def plan_acknowledge(ctx: Context, message_id: str, _: None) -> Plan:
    """Take note of a message; its sender is told. Of one that went out: they said so themselves."""
    message, partner = _read(ctx, message_id)
    if message.acknowledged_at is not None:
        raise NotPossible("acknowledged", "somebody has taken note of this message already")
    plan = partners_of(ctx.desk.settings).get(partner.partition(":")[2])
    if message.direction == "out" and plan is not None and plan.url:
        raise NotPossible("comes-itself", "this partner's acknowledgement comes by itself")
    return _changed(ctx, message, **_noted(ctx, message))


def plan_task(ctx: Context, message_id: str, body: MakeTask) -> Plan:
    """Make a need of a message, say which need or assignment it led to, or that none is needed."""
    message, _ = _read(ctx, message_id)
    _check_in(message)
    if body.not_needed:
        decided = _noted(ctx, message) | {"no_task": body.not_needed, "task_by": None}
        return _changed(ctx, message, reason=body.not_needed, tasked_at=ctx.now, **decided)
    puts: tuple[Entity, ...] = ()
    if body.need is not None:
        made = plan_ask(ctx, "", body.need)
        puts, task = made.puts, made.puts[0].id
    else:
        task = str(body.task)
        if not isinstance(ctx.find([task]).get(task), Need | Assignment):
            raise NotFound(f"there is no need or assignment {task!r} on the picture")
    changes = {"task": task, "no_task": "", "tasked_at": ctx.now, **_noted(ctx, message)}
    return _changed(ctx, message, puts=puts, about=(task,), **changes)


def plan_notice(ctx: Context, message_id: str, body: LinkNotice) -> Plan:
    """Say which draft or alert was made of a message, or that the public need not be told."""
    message, _ = _read(ctx, message_id)
    _check_in(message)
    if body.notice is None:
        decided = _noted(ctx, message) | {"no_notice": body.not_needed, "notice_by": None}
        return _changed(ctx, message, reason=body.not_needed, noticed_at=ctx.now, **decided)
    if not isinstance(ctx.find([body.notice]).get(body.notice), Alert | Draft):
        raise NotFound(f"there is no draft or alert {body.notice!r} on the picture")
    changes = _noted(ctx, message) | {"notice": body.notice, "no_notice": ""}
    return _changed(ctx, message, about=(body.notice,), noticed_at=ctx.now, **changes)


def timers(plan: PartnerPlan, now: datetime, *, out: bool) -> dict[str, datetime]:
    """Give when each step of a message of *now* is late; of one to a partner, its receipt alone."""
    names = ("acknowledge",) if out else ("acknowledge", "task", "notice")
    found = {name: getattr(plan.timers, f"{name}_min") for name in names}
    return {
        f"{name}_by": now + timedelta(minutes=minutes)
        for name, minutes in found.items()
        if minutes is not None
    }


def received_id(partner_id: str, number: str) -> str:
    """Give the id of the message that the partner *partner_id* calls *number*."""
    words = f"{partner_id}\n{number}"
    return f"message:{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _read(ctx: Context, target: str) -> tuple[Message, str]:
    """Read a message that the asker may work on, and the id of its partner."""
    message = ctx.read(target, Message)
    partner = ctx.find([message.partner]).get(message.partner)
    agencies = partner.agencies if isinstance(partner, Partner) else ()
    own = [] if message.publisher == "COP" else [message.publisher]
    ctx.permit(Action.EXCHANGE, agencies=[*agencies, *own])
    return message, message.partner


def _read_of(ctx: Context, target: str, partner: str) -> Message:
    message = ctx.read(target, Message)
    if message.partner != partner:
        raise NotFound(f"there is no message {target!r} with {partner}")
    return message


def _check_in(message: Message) -> None:
    if message.direction != "in":
        raise NotPossible("not-received", "this message went out: it is for the partner to do")


def _noted(ctx: Context, message: Message) -> dict[str, Any]:
    """Give what says that somebody has taken note, where nobody had."""
    if message.acknowledged_at is not None:
        return {}
    return {"acknowledged_at": ctx.now, "acknowledged_by": ctx.identity.name}


def _changed(
    ctx: Context,
    message: Message,
    *,
    puts: tuple[Entity, ...] = (),
    about: tuple[str, ...] = (),
    reason: str = "",
    **values: Any,
) -> Plan:
    changed = Message.model_validate(
        {**dict(message), **values, "expires_at": ctx.now + KEPT},
    )
    return Plan(
        puts=(changed, *puts), about=(message.partner, *about), reason=reason, main=message.id
    )


def _about(
    ctx: Context, plan: PartnerPlan, ids: tuple[EntityId, ...], *, out: bool
) -> dict[str, Entity]:
    """Read what a message is about; what goes out may name only what the partner may know of."""
    found = ctx.find(ids)
    missing = [name for name in ids if name not in found]
    if missing:
        raise NotFound(f"there is no {missing[0]!r} on the picture")
    if out:
        _check_shared(ctx, plan, found.values())
    return {name: found[name] for name in ids}


def _check_shared(ctx: Context, plan: PartnerPlan, entities: Iterable[Entity]) -> None:
    """Return where the partner may know of all *entities*, or gave them; raises NotPossible."""
    terms = Terms(plan, ctx.desk.settings.installation, _onward(ctx))
    for entity in entities:
        if entity.feed != plan.feed and not terms.gives(_seen(entity)):
            raise NotPossible(
                "not-shared",
                f"{entity.id} is not shared with this partner: leave it out, or say it",
            )


def _onward(ctx: Context) -> frozenset[str]:
    plans = partners_of(ctx.desk.settings)
    found = ctx.all(Kind.PARTNER, Partner, having="gives_onward").values()
    names = (one.id.partition(":")[2] for one in found if one.gives_onward)
    return frozenset(
        plans[name].feed
        for name in names
        if name in plans and plans[name].onward and plans[name].holds(ctx.now)
    )


def _seen(entity: Entity) -> dict[str, Any]:
    """Give the feature of *entity* as responders see it, from which sharing is decided."""
    body = orjson.loads(entity.encode())
    seen = project(body, version=1, fetched_at="", audience=Audience.RESPONDER)
    return seen or {"id": entity.id, "properties": {"kind": entity.kind.value}}


def _original(
    ctx: Context, plan: PartnerPlan, body: WriteMessage, about: dict[str, Entity]
) -> str | None:
    """Give the SHA-256 of the bytes that go with the message; they are kept here.

    Raises:
        Invalid: the form needs some.
        NotFound: there are none.
        NotPossible: another partner gave them, and not to be passed on, or they are those of an
            alert that is not shared.
    """
    if body.form == "words":
        return None
    digest = body.original
    if digest is None and body.form == "cap":
        known = (one.original for one in about.values() if isinstance(one, Alert))
        digest = next((one for one in known if one), None)
    if digest is None:
        raise Invalid(("original", f"{body.form} needs the message itself: give its SHA-256"))
    Originals(ctx.desk.settings).hold(digest)
    onward = _onward(ctx)
    for one in ctx.all(Kind.MESSAGE, Message, having="original").values():
        feed = f"partner_{one.partner.partition(':')[2]}"
        if one.original == digest and one.direction == "in" and feed not in {*onward, plan.feed}:
            raise NotPossible("not-onward", "another partner gave this, and not to be passed on")
    if body.direction == "out":
        alerts = ctx.all(Kind.ALERT, Alert, having="original").values()
        _check_shared(ctx, plan, (one for one in alerts if one.original == digest))
    return digest


COMMANDS: Final = (
    Command(
        actions=(Action.EXCHANGE,),
        method="POST",
        path="/messages",
        body=WriteMessage,
        plan=plan_write,
        makes=Kind.MESSAGE,
        summary="Write to a partner",
        example={
            "partner": "partner:guangdong",
            "subject": "Dam discharge at 15:00",
            "words": "Please confirm the discharge rate and the expected peak at the border.",
            "severity": "Severe",
        },
    ),
    Command(
        actions=(Action.EXCHANGE,),
        method="POST",
        path="/messages/{id}/acknowledge",
        body=None,
        plan=plan_acknowledge,
        summary="Take note of a message",
    ),
    Command(
        actions=(Action.EXCHANGE,),
        method="POST",
        path="/messages/{id}/task",
        body=MakeTask,
        plan=plan_task,
        summary="Say what was made of a message",
        example={"task": "assignment:5f0c7d1e9a3b4c52"},
    ),
    Command(
        actions=(Action.EXCHANGE,),
        method="POST",
        path="/messages/{id}/notice",
        body=LinkNotice,
        plan=plan_notice,
        summary="Say what the public was told because of a message",
        example={"not_needed": "For authorities alone"},
    ),
)
