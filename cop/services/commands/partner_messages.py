"""What a partner's installation says: a message, or that it has taken note of one of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, field_validator

from cop.errors import NotFound, NotPermitted, NotPossible, TooOften
from cop.model.entity import Instant, Kind, Severity
from cop.model.exchange import Message, MessageForm
from cop.model.text import Text
from cop.services.commands.context import Context
from cop.services.commands.messages import KEPT, MOST_ABOUT, received_id, timers
from cop.services.commands.plan import Body, Command, Plan
from cop.services.exchange.giving import check_agreement
from cop.services.exchange.originals import MOST_BYTES, Originals
from cop.services.exchange.partners import INSTALLATION, PartnerPlan, partners_of
from cop.services.exchange.taking import here
from cop.services.policy import Action

MOST_WAITING: Final = 500
"""Messages of one partner that nobody has taken note of; more are put off."""

Number = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")]
_Id = Annotated[str, Field(pattern=r"^[a-z0-9_]+:\S{1,200}$")]
_Ids = Annotated[tuple[_Id, ...], Field(max_length=MOST_ABOUT)]


class Received(Body):
    """A message as its sender gives it.

    Attributes:
        installation: the sender's.
        exercise: whether it is of an exercise.
        number: what the sender calls it: one message however often it comes.
        about: things of the sender's; `about_yours`: things of ours, by our ids.
        answers: number of the message, ours or theirs, that it answers.
        sha256: of *original*: by it a repeated request is known.
        original: bytes that came with it.
        defects: what of them could not be read.
    """

    installation: Annotated[str, Field(pattern=INSTALLATION)]
    exercise: bool
    number: Number
    title: Text = Field(min_length=1)
    words: Text = Field(default_factory=dict)
    severity: Severity = Severity.UNKNOWN
    form: MessageForm = "words"
    sent_at: Instant | None = None
    about: _Ids = ()
    about_yours: _Ids = ()
    answers: Number | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    original: Annotated[bytes | None, Field(exclude=True, repr=False)] = None
    defects: Annotated[tuple[str, ...], Field(max_length=20)] = ()

    @field_validator("title")
    @classmethod
    def _says_something(cls, title: Text) -> Text:
        if not any(words.strip() for words in title.values()):
            raise ValueError("give a title: the desk lists messages by it")
        return title


class Noted(Body):
    """That the partner has taken note of a message of ours."""

    installation: Annotated[str, Field(pattern=INSTALLATION)]
    exercise: bool
    number: Number
    acknowledged_at: Instant


def plan_receive(ctx: Context, _: str, body: Received) -> Plan:
    """Take a message of a partner, once however often it comes."""
    plan = _sender(ctx, body.installation, exercise=body.exercise)
    made = received_id(plan.id, body.number)
    known = ctx.find([made]).get(made)
    if isinstance(known, Message):
        same = (known.title, known.description, known.original, known.form)
        if same != (body.title, body.words, body.sha256, body.form):
            raise NotPossible(
                "number-used", "another message came under this number: use a new one"
            )
        return Plan(main=made)
    for texts in (body.title, body.words):
        _check_words(texts)
    _check_room(ctx, plan)
    if body.original is not None:
        _keep(ctx, body.original)
    wanted = [*(here(plan, name) for name in body.about), *body.about_yours]
    found = ctx.find(wanted)
    message = Message(
        id=made,
        publisher="COP",
        title=body.title,
        description=body.words,
        observed_at=ctx.now,
        expires_at=ctx.now + KEPT,
        origin=plan.installation,
        inside=True,
        partner=plan.entity_id,
        direction="in",
        form=body.form,
        original=body.sha256,
        about=tuple(name for name in wanted if name in found),
        agreement=plan.agreement.number,
        number=body.number,
        answers=_answered(ctx, plan, body.answers),
        sent_at=None if body.sent_at is None else min(body.sent_at, ctx.now),
        received_at=ctx.now,
        severity=body.severity,
        defects=tuple(words[:300] for words in body.defects),
        author=ctx.identity.name,
        **timers(plan, ctx.now, out=False),
    )
    return Plan(puts=(message,), about=(plan.entity_id,), main=made)


def plan_noted(ctx: Context, _: str, body: Noted) -> Plan:
    """Write down that a partner has taken note of a message of ours."""
    plan = _sender(ctx, body.installation, exercise=body.exercise)
    message = _own(ctx, plan, body.number)
    if message is None:
        raise NotFound(f"no message {body.number!r} went to you")
    if message.acknowledged_at is not None:
        return Plan(main=message.id)
    changed = Message.model_validate(
        {
            **dict(message),
            "acknowledged_at": _between(message.observed_at, body.acknowledged_at, ctx.now),
            "acknowledged_by": plan.installation,
            "expires_at": ctx.now + KEPT,
        }
    )
    return Plan(puts=(changed,), about=(plan.entity_id,), main=message.id)


def _sender(ctx: Context, installation: str, *, exercise: bool) -> PartnerPlan:
    """Give the partner whose account asks, where it may say something now.

    Raises:
        NotPermitted: it is not the account of that installation.
        NotPossible: the agreement does not hold, or one side is an exercise and the other is not.
    """
    settings = ctx.desk.settings
    plans = partners_of(settings).values()
    plan = next((one for one in plans if one.installation == installation), None)
    ctx.permit(Action.FEDERATE, own=[None if plan is None else plan.account or None])
    if plan is None:
        raise NotPermitted("federate: this account is not that of a partner")
    if exercise != settings.exercise:
        ours = "an exercise" if settings.exercise else "the live operation"
        raise NotPossible("other-operation", f"this is {ours}: send it to the right installation")
    check_agreement(plan, ctx.now)
    return plan


def _answered(ctx: Context, plan: PartnerPlan, number: str | None) -> str | None:
    """Give the id of the message that has *number*, ours or theirs; None where there is none."""
    if number is None:
        return None
    theirs = received_id(plan.id, number)
    if theirs in ctx.find([theirs]):
        return theirs
    mine = _own(ctx, plan, number)
    return None if mine is None else mine.id


def _own(ctx: Context, plan: PartnerPlan, number: str) -> Message | None:
    """Give the message that went to the partner of *plan* under *number*."""
    made = f"{Kind.MESSAGE.value}:{number.rpartition('.')[2]}"
    message = ctx.find([made]).get(made)
    if not isinstance(message, Message) or message.direction != "out":
        return None
    same = message.number == number and message.partner == plan.entity_id
    return message if same else None


def _check_room(ctx: Context, plan: PartnerPlan) -> None:
    """Return where the desk can take one more; raises TooOften."""
    waiting = sum(
        one.partner == plan.entity_id and one.direction == "in" and one.acknowledged_at is None
        for one in ctx.all(Kind.MESSAGE, Message).values()
    )
    if waiting >= MOST_WAITING:
        raise TooOften(
            f"{waiting} messages of yours wait to be looked at: send it again later",
            retry_after_s=60,
        )


def _keep(ctx: Context, original: bytes) -> None:
    """Keep the bytes that came with a message; raises NotPossible or TooOften."""
    originals = Originals(ctx.desk.settings)
    if len(original) > MOST_BYTES:
        raise NotPossible("too-long", f"send an original of at most {MOST_BYTES:,} bytes")
    if not originals.has_room():
        raise TooOften("there is no room for originals just now: send it later", retry_after_s=600)
    originals.keep(original)


def _between(first: datetime | None, said: datetime, last: datetime) -> datetime:
    """Give *said*, but not before *first* nor after *last*: their clock is not ours."""
    return min(max(said, first or said), last)


def _check_words(texts: Text) -> None:
    longest = max(map(len, texts.values()), default=0)
    if longest > 4000:
        raise NotPossible("too-long", "send at most 4,000 characters; the rest as an original")


RECEIVE: Final = Command(
    actions=(Action.FEDERATE,),
    method="POST",
    path="/exchange/messages",
    body=Received,
    plan=plan_receive,
    summary="Send a message, as a partner's installation",
)
"""Not among `COMMANDS`: its body may be XML, and so its route is made by hand."""

COMMANDS: Final = (
    Command(
        actions=(Action.FEDERATE,),
        method="POST",
        path="/exchange/receipts",
        body=Noted,
        plan=plan_noted,
        summary="Say that a message was taken note of, as a partner's installation",
        example={
            "installation": "gd-cop",
            "exercise": False,
            "number": "hk-cop.live.5f0c7d1e9a3b4c52",
            "acknowledged_at": "2026-09-07T15:06:10Z",
        },
    ),
)
