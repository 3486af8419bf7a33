"""Orders and roll calls: from command to many, resolved to accounts once.

An order is one entity however many it reaches; each of them answers with a receipt of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, NamedTuple, Self

import shapely
from pydantic import AfterValidator, AwareDatetime, Field, model_validator
from shapely.geometry.base import BaseGeometry

from cop.errors import NotPossible
from cop.model.entity import Kind, Placing, Severity
from cop.model.geometry import Geometry
from cop.model.kinds import LivePosition, Order, Receipt, Resource, decode
from cop.model.text import Lang, Text, text
from cop.services.accounts import list_users
from cop.services.commands.context import Context
from cop.services.commands.plan import Body, Caution, Command, Plan, said
from cop.services.commands.receipts import receipt_id
from cop.services.commands.resources import Area
from cop.services.geography import district_of
from cop.services.limits import limits_of
from cop.services.policy import Action, Identity, Role, Scope, may, scope_of
from cop.services.positions import as_they_are
from cop.services.sessions import may_enter
from cop.store.accounts import User

EVERYONE: Final = "everyone"
AREA: Final = "area"
SILENT: Final = "silent"
"""Those who have not acknowledged an order, or answered a roll call, yet: `silent:order:ID`."""

ROLL_CALL: Final[Text] = text(
    "Is everybody with you safe? Answer now.",
    "你和身邊的隊員都平安嗎？請立即回覆。",
    "你和身边的队员都平安吗？请立即回复。",
)
"""What a roll call says where nobody wrote any words."""

ROLL_CALL_WITHIN: Final = timedelta(minutes=5)
"""For so long a roll call waits for its answers, where nobody said until when."""


def _is_addressee(words: str) -> str:
    """Return an addressee as it is written.

    Raises:
        ValueError: it is none.
    """
    what, _, which = words.partition(":")
    if words in (EVERYONE, AREA):
        return words
    if what == "role" and which in set(Role):
        return words
    if what in ("agency", "resource", SILENT) and which:
        return words
    raise ValueError("write everyone, area, role:ROLE, agency:CODE, resource:ID or silent:ID")


Addressee = Annotated[str, Field(max_length=220), AfterValidator(_is_addressee)]


class IssueOrder(Body):
    """An instruction, and to whom it goes; or a roll call, which needs no words."""

    words: Annotated[str, Field(max_length=4000)] = ""
    lang: Lang = "en"
    asks: Literal["all_safe"] | None = None
    severity: Severity = Severity.UNKNOWN
    addressees: Annotated[tuple[Addressee, ...], Field(min_length=1, max_length=50)]
    geometry: Area | None = None
    reply_by: AwareDatetime | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.words and self.asks is None:
            raise ValueError("say what to do in words, or ask whether all are safe")
        return self

    @model_validator(mode="after")
    def _has_its_area(self) -> Self:
        if (AREA in self.addressees) != (self.geometry is not None):
            raise ValueError("an order to an area needs that area as geometry, and no other does")
        return self


class CancelOrder(Body):
    """Why it is taken back."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class Reached(NamedTuple):
    """Who is meant by some addressees.

    Attributes:
        names: the accounts.
        unreachable: ids of resources that no account belongs to.
        left_out: how many resources of other agencies lie in the area.
    """

    names: tuple[str, ...]
    unreachable: tuple[str, ...]
    left_out: int = 0


def can_receive(user: User, operation: str) -> bool:
    """Tell whether orders of *operation* can reach *user*."""
    identity = Identity(name=user.name, role=Role(user.role))
    answers = scope_of(identity, Action.ANSWER_ORDER) is not Scope.NO
    return answers and not user.disabled and may_enter(user, operation)


def resources_in(area: Geometry, resources: Iterable[Resource]) -> list[Resource]:
    """List the *resources* that are in *area*, or whose area of responsibility reaches into it."""
    whole = _shape(area)
    shapely.prepare(whole)
    return [
        one
        for one in resources
        if any(whole.intersects(_shape(own)) for own in (one.geometry, one.area) if own is not None)
    ]


def _shape(geometry: Geometry) -> BaseGeometry:
    return shapely.from_geojson(geometry.model_dump_json())


def reach(ctx: Context, body: IssueOrder) -> Reached:
    """Resolve the addressees to accounts of this operation, whoever asks left out.

    Raises:
        NotPermitted: whoever asks may not address one of them.
        NotFound: an addressed resource does not exist.
    """
    operation = ctx.desk.settings.operation
    users = [
        user
        for user in list_users(ctx.desk.accounts)
        if user.name != ctx.identity.name and can_receive(user, operation)
    ]
    chosen: set[str] = set()
    wanted: dict[str, Resource] = {}
    left_out = 0
    for addressee in body.addressees:
        what, _, which = addressee.partition(":")
        if what == "resource":
            resource = ctx.read(addressee, Resource)
            ctx.permit(Action.ISSUE_ORDER, agencies=[resource.agency])
            wanted[resource.id] = resource
        elif what == AREA and body.geometry is not None:
            ctx.permit(Action.ISSUE_ORDER, agencies=[ctx.identity.agency])
            there = resources_in(body.geometry, _resources_now(ctx))
            mine = [one for one in there if _may_address(ctx, one)]
            wanted |= {one.id: one for one in mine}
            left_out += len(there) - len(mine)
        elif what == SILENT:
            chosen |= _silent(ctx, which) & {user.name for user in users}
        else:
            ctx.permit(Action.ISSUE_ORDER, agencies=[which] if what == "agency" else [])
            chosen |= {user.name for user in users if _is_meant(user, what, which)}
    reached, unreachable = _people_of(wanted, users)
    return Reached(tuple(sorted(chosen | reached)), unreachable, left_out)


def _silent(ctx: Context, order_id: str) -> set[str]:
    """Give those who have not answered an order; answers that come meanwhile stop nothing."""
    order = ctx.read(order_id, Order)
    ctx.permit(Action.ISSUE_ORDER, agencies=[order.publisher], own=[order.issued_by])
    ids = {receipt_id(order_id, name): name for name in order.recipients}
    records = ctx.desk.store.read(list(ids))
    receipts = {entity_id: decode(record.body) for entity_id, record in records.items()}
    answered = {
        ids[entity_id]
        for entity_id, one in receipts.items()
        if isinstance(one, Receipt) and one.acknowledged_at is not None
    }
    return set(order.recipients) - answered


def _resources_now(ctx: Context) -> list[Resource]:
    """Give every resource where it is now: a live position says it better than a roster."""
    live = ctx.all(Kind.POSITION, LivePosition).values()
    return as_they_are(ctx.all(Kind.RESOURCE, Resource).values(), live)


def _may_address(ctx: Context, resource: Resource) -> bool:
    return may(ctx.identity, Action.ISSUE_ORDER, agencies=[resource.agency])


def _is_meant(user: User, what: str, which: str) -> bool:
    if what == "role":
        return user.role == which
    return what == EVERYONE or user.agency == which


def _people_of(
    wanted: Mapping[str, Resource], users: Iterable[User]
) -> tuple[set[str], tuple[str, ...]]:
    """Give the accounts that belong to some resources, and the resources that have none."""
    has_people: set[str] = set()
    names: set[str] = set()
    for user in users:
        own = wanted.keys() & set(user.belongs_to)
        if own:
            names.add(user.name)
            has_people |= own
    return names, tuple(sorted(wanted.keys() - has_people))


def plan_issue(ctx: Context, _: str, body: IssueOrder) -> Plan:
    """Issue an order, or a roll call, to everyone whom its addressees mean now."""
    reached = reach(ctx, body)
    if not reached.names:
        raise NotPossible(
            "nobody",
            "no account would receive this: address others, or reach these by radio or telephone",
            unreachable=list(reached.unreachable),
        )
    if body.reply_by is not None and body.reply_by <= ctx.now:
        raise NotPossible("reply-by-in-the-past", "say a time to come by which to answer")
    order = Order(
        id=ctx.new_id(Kind.ORDER),
        publisher=ctx.identity.agency or "COP",
        body=said(body.words, body.lang) or ROLL_CALL,
        asks=body.asks,
        severity=body.severity,
        addressees=body.addressees,
        recipients=reached.names,
        unreachable=reached.unreachable,
        issued_by=ctx.identity.name,
        issued_at=ctx.now,
        observed_at=ctx.now,
        reply_by=body.reply_by or _late(ctx, body),
        geometry=body.geometry,
        placing=Placing.UNPLACED if body.geometry is None else Placing.GIVEN,
        district=district_of(body.geometry),
    )
    return Plan(puts=(order,), about=reached.unreachable, cautions=_cautions(reached))


def _late(ctx: Context, body: IssueOrder) -> datetime | None:
    """Give when the answers are late where nobody has said; None: never."""
    if body.asks is not None:
        return ctx.now + ROLL_CALL_WITHIN
    return limits_of(ctx.desk.settings).times("reply", ctx.now, severity=body.severity)[1]


def _cautions(reached: Reached) -> tuple[Caution, ...]:
    cautions: tuple[Caution, ...] = ()
    if reached.unreachable:
        words = (
            f"{len(reached.unreachable)} addressed resources have no account: tell them by radio"
        )
        cautions += (Caution("unreachable", words),)
    if reached.left_out:
        words = f"{reached.left_out} resources of other agencies in the area were left out"
        cautions += (Caution("others-left-out", words),)
    return cautions


def plan_cancel(ctx: Context, order_id: str, body: CancelOrder) -> Plan:
    """Take an order back; it stays in sight, marked so."""
    order = ctx.read(order_id, Order)
    ctx.permit(Action.ISSUE_ORDER, agencies=[order.publisher], own=[order.issued_by])
    if order.cancelled_at is not None:
        raise NotPossible("already-cancelled", "this order has been taken back already")
    after = order.model_copy(update={"cancelled_at": ctx.now, "reason": body.reason})
    return Plan(puts=(after,), reason=body.reason)


COMMANDS: Final = (
    Command(
        actions=(Action.ISSUE_ORDER,),
        method="POST",
        path="/orders",
        body=IssueOrder,
        plan=plan_issue,
        makes=Kind.ORDER,
        summary="Issue an order, or ask whether all are safe",
        example={
            "words": "Leave the slope below Chai Wan Road and report when clear",
            "severity": "Severe",
            "addressees": ["area", "agency:DSD"],
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[114.23, 22.26], [114.25, 22.26], [114.25, 22.28], [114.23, 22.26]]
                ],
            },
            "reply_by": "2023-09-07T15:30:00Z",
        },
    ),
    Command(
        actions=(Action.ISSUE_ORDER,),
        method="POST",
        path="/orders/{id}/cancel",
        body=CancelOrder,
        plan=plan_cancel,
        matched=True,
        summary="Take an order back",
        example={"reason": "the slope has been made safe"},
    ),
)
