"""What is looked at before an alert of ours goes: the draft itself, and what it would touch."""

from __future__ import annotations

from typing import Any, Final

import orjson

from cop.errors import NotFound
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.kinds import Alert, Draft, decode
from cop.services.accounts import list_users
from cop.services.commands.desk import Desk
from cop.services.exchange.alerting.checks import own_checks
from cop.services.exchange.alerting.surroundings import Feature, Surroundings, touched_checks
from cop.services.picture import Picture
from cop.services.policy import AUDIENCE_OF, TABLE, Action, Role, Scope
from cop.services.sessions import may_enter
from cop.services.sign_ins import contacts_of
from cop.store.accounts import User

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
    around = _surroundings(desk, picture, draft)
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


def _surroundings(desk: Desk, picture: Picture, draft: Draft) -> Surroundings:
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
    return Surroundings(
        facilities=features(Kind.FACILITY),
        alerts=features(Kind.ALERT),
        partners=features(Kind.PARTNER),
        source=None if source is None else orjson.loads(source),
        is_open=settings.public_exercise or not settings.exercise,
        exercise=settings.exercise,
        accounts=len(people),
        signed_in=len(signed_in),
        others=len(others),
        others_in=sum(user.name in signed_in for user in others),
    )


def _may_release(user: User, draft: Draft) -> bool:
    role = Role(user.role)
    sees = AUDIENCE_OF[role] is Audience.COMMAND
    allowed = TABLE[Action.RELEASE_ALERT][role] is not Scope.NO
    return sees and allowed and user.name not in (draft.author, draft.asked_by)
