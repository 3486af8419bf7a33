"""Where others are signed in, and ending that from the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from cop.errors import NotFound
from cop.model.journal import Origin
from cop.services.accounts import fold_name, list_users, now_ms
from cop.services.commands.desk import Desk
from cop.services.policy import Action, Identity, Role, may, permit
from cop.services.sessions import mark_lost, may_enter, ref_of
from cop.services.witness import witness
from cop.store.accounts import Accounts, Session, User

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Contact:
    """How an account can be reached in one operation.

    Attributes:
        last_ms: when one of its devices was last heard of, epoch milliseconds; None: none is known.
        devices: how many sessions it has.
        push: at how many addresses of push services its browsers take messages.
    """

    last_ms: int | None = None
    devices: int = 0
    push: int = 0


def contacts_of(
    accounts: Accounts, names: Sequence[str], *, operation: str
) -> Mapping[str, Contact]:
    """Tell of many accounts at once how each can be reached in *operation*."""
    now = now_ms()
    sessions = accounts.sessions_by_user(names)
    subscriptions = accounts.subscriptions_of(names)
    found = {}
    for name in names:
        seen = [
            one.seen_ms
            for one in sessions.get(name, ())
            if one.operation == operation and one.ends_ms > now
        ]
        push = sum(one.operation == operation for one in subscriptions.get(name, ()))
        found[name] = Contact(max(seen, default=None), len(seen), push)
    return found


def accounts_of(desk: Desk, identity: Identity, entity_id: str) -> list[tuple[User, Contact]]:
    """List by name the people who belong to a resource or facility, as far as the asker may.

    Those who are disabled, or may not enter the operation, are left out.
    """
    operation = desk.settings.operation
    users = [
        user
        for user in list_users(desk.accounts)
        if entity_id in user.belongs_to
        and not user.disabled
        and user.role != Role.MACHINE
        and may_enter(user, operation)
        and may(identity, Action.END_SIGN_IN, agencies=[user.agency])
    ]
    contacts = contacts_of(desk.accounts, [user.name for user in users], operation=operation)
    return [(user, contacts[user.name]) for user in users]


def list_sign_ins(desk: Desk, identity: Identity, name: str) -> list[Session]:
    """List where *name* is signed in to this operation: the session last used first.

    Raises:
        NotFound: there is no such person.
        NotPermitted: the asker may not.
    """
    user = _person(desk, identity, name)
    now, operation = now_ms(), desk.settings.operation
    found = [
        session
        for session in desk.accounts.sessions_of(user.name)
        if session.operation == operation and session.ends_ms > now
    ]
    return sorted(found, key=lambda session: (-session.seen_ms, session.id))


def end_sign_ins(
    desk: Desk,
    identity: Identity,
    origin: Origin,
    name: str,
    *,
    ref: str | None = None,
    lost: bool = False,
) -> int:
    """End the sessions of *name* in this operation; written down in the journal before it is done.

    Args:
        desk: the operation.
        identity: who asks.
        origin: from where.
        name: whose.
        ref: only the one that is called so; None: all.
        lost: the device is not with its owner; when it asks again it is told to forget everything.

    Returns:
        How many ended.

    Raises:
        NotFound: there is no such person, or no such session.
        NotPermitted: the asker may not.
        StoreUnavailable: it cannot be written down, or done.
    """
    ended = [
        session
        for session in list_sign_ins(desk, identity, name)
        if ref is None or ref_of(session) == ref
    ]
    if not ended:
        if ref is None:
            return 0
        raise NotFound("there is no such session: it may have ended already")
    owner = ended[0].user
    said = f"{owner}: {len(ended)} ended" + (" as lost" if lost else "")
    witness(desk, identity, Action.END_SIGN_IN, origin, about=f"account:{owner}", reason=said)
    for session in ended:
        if lost:
            mark_lost(desk.accounts, session)
        desk.accounts.end_session(session)
    log.info("sign_in_ended", sessions=len(ended), lost=lost)
    return len(ended)


def _person(desk: Desk, identity: Identity, name: str) -> User:
    """Give the account of a person on whom the asker may act; a machine has tokens instead."""
    folded = fold_name(name)
    user = desk.accounts.read_users([folded]).get(folded)
    if user is None or user.role == Role.MACHINE:
        raise NotFound("there is no person of that name who signs in")
    permit(identity, Action.END_SIGN_IN, agencies=[user.agency])
    return user
