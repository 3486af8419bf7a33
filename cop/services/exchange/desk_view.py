"""What the desk sees of partners: their lines, terms and messages, and what was shared when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson

from cop.errors import NotFound
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.journal import Deed
from cop.services.commands.desk import Desk
from cop.services.exchange.book import Book
from cop.services.exchange.partners import PartnerPlan, partner_of, partners_of
from cop.services.picture import Picture
from cop.services.policy import Action, Identity, Scope, may, permit, scope_of

LOGGED: Final = 20
"""Entries of the journal that are given of a partner."""
PAGE: Final = 50


def list_partners(desk: Desk, picture: Picture, identity: Identity) -> dict[str, Any]:
    """Give the partners that concern *identity*, and to the desk the files that cannot be used.

    Raises:
        NotPermitted: their role has nothing to do with partners.
    """
    scope = scope_of(identity, Action.EXCHANGE)
    if scope is Scope.NO:
        permit(identity, Action.EXCHANGE)
    plans = partners_of(desk.settings)
    seen = [
        plan for plan in plans.values() if may(identity, Action.EXCHANGE, agencies=plan.agencies)
    ]
    faults = [str(fault) for fault in plans.faults] if scope is Scope.ANY else []
    return {"partners": [_described(picture, plan) for plan in seen], "faults": faults}


def show_partner(
    desk: Desk, picture: Picture, identity: Identity, partner_id: str
) -> dict[str, Any]:
    """Give one partner, with what was shared with it, by which agreement and when.

    Raises:
        NotPermitted: the partner is not for *identity* to see.
        NotFound: there is none.
        StoreUnavailable: the store does not answer.
    """
    plan = _seen(desk, identity, partner_id)
    shared = {**Book.read(desk.store, plan.id).shared}
    if shared["window"] is not None:
        shared["window"] = {**shared["window"]}
        shared["window"].pop("wall_ms")
    deeds = (
        Deed.decode(link.body) for link in desk.store.journal_of(plan.entity_id, limit=10 * LOGGED)
    )
    logged = [
        {"at": said["at"], "who": said["who"]["name"], "id": said["id"], "what": said["reason"]}
        for said in (deed.shown() for deed in deeds if deed.action == Action.EXCHANGE)
        if said["reason"]
    ]
    return {
        **_described(picture, plan),
        "shared": shared,
        "log": logged[-LOGGED:][::-1],
    }


def messages_with(
    desk: Desk, picture: Picture, identity: Identity, partner_id: str, before: str
) -> dict[str, Any]:
    """Give the messages with a partner, newest first, as features.

    Args:
        desk: the operation.
        picture: as this process has it.
        identity: who asks.
        partner_id: with or without `partner:`.
        before: id of the message after which to go on; "" from the newest.

    Returns:
        `messages`, and `next`: the *before* to go on with; None when there is nothing more.
    """
    plan = _seen(desk, identity, partner_id)
    found = sorted(_messages(picture, plan.entity_id), key=_age, reverse=True)
    ids = [message["id"] for message in found]
    if before and before not in ids:
        raise NotFound(f"there is no message {before!r} with this partner: begin with the newest")
    begin = ids.index(before) + 1 if before else 0
    page = found[begin : begin + PAGE]
    more = begin + PAGE < len(found)
    return {"messages": page, "next": page[-1]["id"] if more else None}


def check_sees_message(
    desk: Desk, picture: Picture, identity: Identity, message_id: str
) -> dict[str, Any]:
    """Give the feature of a message that *identity* may see; raises NotFound or NotPermitted."""
    encoded = picture.find(Audience.COMMAND, message_id)
    message: dict[str, Any] = {} if encoded is None else orjson.loads(encoded)
    if not message or message["properties"]["kind"] != Kind.MESSAGE:
        raise NotFound(f"there is no message {message_id!r} on the picture")
    plan = partners_of(desk.settings).get(message["properties"]["partner"].partition(":")[2])
    permit(identity, Action.EXCHANGE, agencies=() if plan is None else plan.agencies)
    return message


def _seen(desk: Desk, identity: Identity, partner_id: str) -> PartnerPlan:
    if scope_of(identity, Action.EXCHANGE) is Scope.NO:
        permit(identity, Action.EXCHANGE)
    plan = partner_of(desk.settings, partner_id)
    permit(identity, Action.EXCHANGE, agencies=plan.agencies)
    return plan


def _described(picture: Picture, plan: PartnerPlan) -> dict[str, Any]:
    encoded = picture.find(Audience.COMMAND, plan.entity_id)
    feature: dict[str, Any] = {} if encoded is None else orjson.loads(encoded)
    line = {"state": "never", "why": "", **feature.get("properties", {})}
    for name in ("kind", "fetched_at"):
        line.pop(name, None)
    messages = [one["properties"] for one in _messages(picture, plan.entity_id)]
    return {
        "id": plan.entity_id,
        "title": plan.title,
        "line": line,
        "terms": {
            "agreement": plan.agreement.model_dump(mode="json", by_alias=True),
            "installation": plan.installation,
            "host": plan.host,
            "shares": plan.shares.model_dump(mode="json"),
            "takes": plan.takes.model_dump(mode="json"),
            "timers": plan.timers.model_dump(mode="json"),
            "onward": plan.onward,
            "publish": plan.publish,
            "every_s": plan.every_s,
            "agencies": list(plan.agencies),
            "by_hand": not plan.url,
        },
        "messages": {
            "in": sum(one["direction"] == "in" for one in messages),
            "out": sum(one["direction"] == "out" for one in messages),
            "unacknowledged": sum("acknowledged_at" not in one for one in messages),
        },
    }


def _messages(picture: Picture, partner: str) -> Iterable[dict[str, Any]]:
    features = picture.select(Audience.COMMAND, {Kind.MESSAGE}, None)[1]
    found = (orjson.loads(feature) for feature in features)
    return (one for one in found if one["properties"].get("partner") == partner)


def _age(message: dict[str, Any]) -> tuple[str, str]:
    return message["properties"].get("observed_at", ""), message["id"]
