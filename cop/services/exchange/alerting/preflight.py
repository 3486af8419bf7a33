"""What is looked at before an alert of ours goes: the draft itself, and what it would touch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from shapely.geometry import shape

from cop.config import Settings
from cop.errors import NotFound
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.exchange import Layer, PartnerState
from cop.model.kinds import Alert, Draft, decode
from cop.services.accounts import list_users
from cop.services.commands.desk import Desk
from cop.services.cot.clients import CLIENTS, read_client
from cop.services.cot.groups import allows
from cop.services.exchange.alerting.checks import own_checks
from cop.services.exchange.alerting.surroundings import (
    Feature,
    Schools,
    Surroundings,
    touched_checks,
)
from cop.services.exchange.partners import PartnerPlan, partners_of
from cop.services.exchange.sharing import in_areas
from cop.services.layers.set_up import layer_id
from cop.services.picture import Picture
from cop.services.policy import AUDIENCE_OF, TABLE, Action, Role, Scope
from cop.services.sessions import may_enter
from cop.services.setup_files import gather
from cop.services.sign_ins import contacts_of
from cop.store.accounts import User

SCHOOLS: Final = layer_id("schools")
"""The layer that schools are counted from: one of somebody else's, set up by a file of that id."""

_OLD_AFTER: Final = 3
"""Intervals after which what was fetched of a layer is old."""

_WORST: Final = ("ok", "unknown", "caution", "forbids")


def preflight(desk: Desk, picture: Picture, draft_id: str) -> dict[str, Any]:
    """Give what `GET /api/v1/drafts/{id}/preflight` answers.

    The draft and the alert that it changes are read from the store, as a release would read them:
    what is looked at is what would go. All else is as command sees it on the picture.

    Raises:
        NotFound: there is no such draft.
        StoreUnavailable: the store does not answer.
    """
    records = desk.store.read([draft_id])
    draft = decode(records[draft_id].body) if draft_id in records else None
    if not isinstance(draft, Draft):
        raise NotFound(f"there is no draft {draft_id!r} on the picture")
    now = desk.clock.now().replace(microsecond=0)
    replaced = _replaced(desk, draft)
    around = _surroundings(desk, picture, draft, now)
    items = [
        *own_checks(draft, replaced, now, desk.settings),
        *touched_checks(draft, around),
    ]
    return {
        "id": draft.id,
        "version": records[draft_id].version,
        "as_of": now,
        "level": max((one.level for one in items), key=_WORST.index),
        "items": [one.shown() for one in items],
    }


def _replaced(desk: Desk, draft: Draft) -> Alert | None:
    if draft.replaces is None:
        return None
    record = desk.store.read([draft.replaces]).get(draft.replaces)
    entity = None if record is None else decode(record.body)
    return entity if isinstance(entity, Alert) else None


def _surroundings(desk: Desk, picture: Picture, draft: Draft, now: datetime) -> Surroundings:
    def features(kind: Kind) -> list[Feature]:
        return [orjson.loads(body) for _, body in picture.of_kind(Audience.COMMAND, kind)[1]]

    settings = desk.settings
    source = picture.find(Audience.COMMAND, draft.source) if draft.source else None
    people = [
        user
        for user in list_users(desk.accounts)
        if not user.disabled and may_enter(user, settings.operation) and user.role != Role.MACHINE
    ]
    others = [user for user in people if _may_release(user, draft)]
    contacts = contacts_of(
        desk.accounts, [user.name for user in people], operation=settings.operation
    )
    signed_in = {name for name, contact in contacts.items() if contact.devices}
    gets, by_hand = _partners(settings, draft, features(Kind.PARTNER))
    return Surroundings(
        facilities=features(Kind.FACILITY),
        alerts=features(Kind.ALERT),
        partners=gets,
        by_hand=by_hand,
        devices=_devices(settings, draft),
        schools=_schools(desk, picture, now),
        source=None if source is None else orjson.loads(source),
        is_open=settings.public_exercise or not settings.exercise,
        exercise=settings.exercise,
        accounts=len(people),
        signed_in=len(signed_in),
        others=len(others),
        others_in=sum(user.name in signed_in for user in others),
    )


def _partners(
    settings: Settings, draft: Draft, found: Iterable[Feature]
) -> tuple[list[Feature], list[Feature]]:
    """Give the partners that get *draft* when it goes, and those that have no line to get it by."""
    plans = partners_of(settings)
    gets, by_hand = [], []
    for one in found:
        plan = plans.get(str(one["id"]).removeprefix("partner:"))
        if plan is None or one["properties"].get("state") == PartnerState.ENDED:
            continue
        if not plan.account:
            by_hand.append(one)
        elif _is_shared(plan, draft):
            gets.append(one)
    return gets, by_hand


def _is_shared(plan: PartnerPlan, draft: Draft) -> bool:
    shares = plan.shares
    place = None if draft.geometry is None else draft.geometry.model_dump()
    publisher = not shares.publishers or draft.publisher in shares.publishers
    return Kind.ALERT in shares.kinds and publisher and in_areas(shares.areas, place, None)


def _devices(settings: Settings, draft: Draft) -> int | None:
    """Count the clients for Cursor-on-Target whose groups get *draft* when it goes."""
    if settings.cot_dir is None:
        return None
    place = None if draft.geometry is None else draft.geometry.model_dump()
    feature = {"geometry": place, "properties": {"kind": Kind.ALERT}}
    clients = gather(settings.cot_dir / CLIENTS, read_client, lambda client: client.key)
    return sum(allows(client, feature) for client in clients.values())


def _schools(desk: Desk, picture: Picture, now: datetime) -> Schools | None:
    """Give what the layer `SCHOOLS` holds; None where there is none, or it was never fetched."""
    body = picture.find(Audience.COMMAND, SCHOOLS)
    if body is None:
        return None
    said = orjson.loads(body)["properties"]
    table = desk.store.read_table(SCHOOLS)
    if not said.get("fetched_at") or not table:
        return None
    as_of = datetime.fromisoformat(said["fetched_at"])
    geometries = [one.get("geometry") for one in orjson.loads(table)["features"]]
    every_s = said.get("every_s", Layer.model_fields["every_s"].default)
    fresh = now - as_of <= _OLD_AFTER * timedelta(seconds=every_s)
    return Schools(
        said.get("title") or {"en": SCHOOLS},
        as_of,
        [shape(one) for one in geometries if one],
        whole=fresh and not said.get("cut"),
    )


def _may_release(user: User, draft: Draft) -> bool:
    role = Role(user.role)
    sees = AUDIENCE_OF[role] is Audience.COMMAND
    allowed = TABLE[Action.RELEASE_ALERT][role] is not Scope.NO
    return sees and allowed and user.name not in (draft.author, draft.asked_by)
