"""Sessions: who holds a token, in which operation, and ending them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog

from cop.errors import NotFound
from cop.model.access import Audience
from cop.services.accounts import now_ms
from cop.services.policy import AUDIENCE_OF, Action, Identity, Role
from cop.store.accounts import Accounts, Session, User

log = structlog.get_logger(__name__)

SESSION_IDLE: Final = timedelta(hours=12)
SESSION_LIFE: Final = timedelta(days=7)
OUT_THERE: Final = frozenset({Role.FIELD, Role.WARDEN})
"""Roles whose sessions survive days without a network, and can be renewed without a password."""
FIELD_IDLE: Final = timedelta(hours=72)
FIELD_LIFE: Final = timedelta(days=14)
"""From signing in, and again from each renewal."""
FIELD_MOST: Final = timedelta(days=60)
"""From signing in, however often it is renewed."""
LOST_FOR: Final = timedelta(days=30)
"""For so long a lost device is told to forget everything, should it ask."""
READ: Final = "read"
"""The scope of a token that may see what its role may see; without it: what the public sees.

Beside the scope `federate` it counts for nothing.
"""

_SEEN_EVERY_MS: Final = 60_000
"""Each note of a use costs a write to the append-only file, and a page asks several times."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_ACTIONS: Final = {action.value: action for action in Action}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How and for how long a session is opened; see `cop.store.accounts.Session`."""

    operation: str
    life: timedelta = SESSION_LIFE
    idle: timedelta = SESSION_IDLE
    address: str = ""
    agent: str = ""
    label: str = ""
    issued_by: str = ""
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session and its token, which is known only now.

    Attributes:
        token: what the cookie or the Authorization header carries.
        identity: who signed in.
        life: how long the session can last.
        session: what is stored of it.
    """

    token: str
    identity: Identity
    life: timedelta
    session: Session


def lasts(role: str, life: timedelta = SESSION_LIFE) -> tuple[timedelta, timedelta]:
    """Give how long a session of *role* lasts, and how long of that without being used.

    *life* is that of the roles that sit at a desk.
    """
    return (FIELD_LIFE, FIELD_IDLE) if role in OUT_THERE else (life, SESSION_IDLE)


def open_session(accounts: Accounts, user: User, opening: Opening) -> SignedIn:
    """Open a session for *user*, who has proved who they are."""
    token = secrets.token_urlsafe(32)
    now = now_ms()
    session = Session(
        id=_digest(token),
        user=user.name,
        operation=opening.operation,
        started_ms=now,
        ends_ms=now + milliseconds(opening.life),
        idle_ms=milliseconds(opening.idle),
        seen_ms=now,
        address=opening.address,
        agent=opening.agent,
        label=opening.label,
        issued_by=opening.issued_by,
        scopes=opening.scopes,
    )
    accounts.open_session(session, ttl_ms=milliseconds(opening.idle))
    return SignedIn(token, _identity(user, session), opening.life, session)


def identify(accounts: Accounts, token: str, *, operation: str) -> Identity | None:
    """Tell who holds *token* in *operation*; None when it is good for nothing there.

    Using a session keeps it from ending for idleness.
    """
    if not _TOKEN.fullmatch(token):
        return None
    session_id = _digest(token)
    session = accounts.read_sessions([session_id]).get(session_id)
    if session is None:
        return None
    user = accounts.read_users([session.user]).get(session.user)
    now = now_ms()
    if user is None or not _is_good(user, session, operation, now):
        return None
    if now - session.seen_ms >= _SEEN_EVERY_MS:
        touched = accounts.change_session(
            session_id, lambda one: _alive(replace(one, seen_ms=now), now)
        )
        if touched is None:
            return None
    return _identity(user, session)


def _alive(session: Session, now: int) -> tuple[Session, int]:
    """Give a session that is used at *now*, and for how long it lives from then."""
    return session, max(1, min(session.ends_ms - now, session.idle_ms))


def renew_session(accounts: Accounts, identity: Identity) -> Session | None:
    """Extend the session that *identity* came by, where their role's can be; see `FIELD_LIFE`.

    Gives it as it is now; None when it has ended meanwhile, which nothing undoes.
    """
    now = now_ms()

    def change(session: Session) -> tuple[Session, int]:
        if identity.role in OUT_THERE and session.scopes is None:
            most = session.started_ms + milliseconds(FIELD_MOST)
            ends = max(session.ends_ms, min(now + milliseconds(FIELD_LIFE), most))
            session = replace(session, ends_ms=ends, idle_ms=milliseconds(FIELD_IDLE))
        return _alive(replace(session, seen_ms=now), now)

    return accounts.change_session(identity.session, change)


def mark_lost(accounts: Accounts, session: Session) -> None:
    """Remember that the device of *session* is lost: whoever comes by it is told to forget all."""
    accounts.keep(f"lost:{session.id}", b"1", ttl_ms=milliseconds(LOST_FOR))


def is_lost(accounts: Accounts, token: str) -> bool:
    """Tell whether *token*, which is good for nothing, is of a device that was reported lost."""
    return bool(_TOKEN.fullmatch(token)) and accounts.kept(f"lost:{_digest(token)}") is not None


def identify_sessions(
    accounts: Accounts, session_ids: Iterable[str], *, operation: str
) -> dict[str, Identity]:
    """Tell who holds each session; ended ones are left out. Does not count as using them."""
    sessions = accounts.read_sessions(session_ids)
    users = accounts.read_users({session.user for session in sessions.values()})
    now = now_ms()
    return {
        session.id: _identity(users[session.user], session)
        for session in sessions.values()
        if session.user in users and _is_good(users[session.user], session, operation, now)
    }


def note_contact(accounts: Accounts, session_ids: Iterable[str]) -> None:
    """Count sessions as used now, those of which that was not noted within the last minute."""
    now = now_ms()
    for session in accounts.read_sessions(session_ids).values():
        if now - session.seen_ms >= _SEEN_EVERY_MS and session.ends_ms > now:
            accounts.change_session(session.id, lambda one: _alive(replace(one, seen_ms=now), now))


def sign_out(accounts: Accounts, identity: Identity) -> None:
    """End the session that *identity* came by."""
    for session in accounts.read_sessions([identity.session]).values():
        accounts.end_session(session)


def list_sessions(accounts: Accounts, identity: Identity) -> list[Session]:
    """List the sessions of whoever asks, in every operation: the one last used first."""
    now = now_ms()
    found = [session for session in accounts.sessions_of(identity.name) if session.ends_ms > now]
    return sorted(found, key=lambda session: (-session.seen_ms, session.id))


def end_own_session(accounts: Accounts, identity: Identity, ref: str) -> None:
    """End one session of whoever asks.

    Raises:
        NotFound: they have none that is called *ref*.
    """
    for session in accounts.sessions_of(identity.name):
        if ref_of(session) == ref:
            accounts.end_session(session)
            log.info("session_ended", sessions=1)
            return
    raise NotFound("you have no such session: it may have ended already")


def end_other_sessions(accounts: Accounts, identity: Identity) -> int:
    """End every session of whoever asks but the one they ask by; tell how many ended."""
    others = [one for one in accounts.sessions_of(identity.name) if one.id != identity.session]
    for session in others:
        accounts.end_session(session)
    log.info("session_ended", sessions=len(others))
    return len(others)


def ref_of(session: Session) -> str:
    """Give what a session is called towards people: enough to end it, not to use it."""
    return _digest(session.id)[:16]


def milliseconds(span: timedelta) -> int:
    """Give *span* in milliseconds."""
    return span // timedelta(milliseconds=1)


def _is_good(user: User, session: Session, operation: str, now: int) -> bool:
    return (
        session.operation == operation
        and session.ends_ms > now
        and not user.disabled
        and may_enter(user, operation)
    )


def may_enter(user: User, operation: str) -> bool:
    """Tell whether *user* may sign in to *operation*."""
    return user.operations is None or operation in user.operations


def _identity(user: User, session: Session) -> Identity:
    role = Role(user.role)
    scopes = session.scopes
    return Identity(
        name=user.name,
        role=role,
        agency=user.agency,
        belongs_to=frozenset(user.belongs_to),
        scopes=None
        if scopes is None
        else frozenset(_ACTIONS[name] for name in scopes if name in _ACTIONS),
        audience=AUDIENCE_OF[role] if _reads(scopes) else Audience.PUBLIC,
        session=session.id,
    )


def _reads(scopes: Collection[str] | None) -> bool:
    """Tell whether a session sees what its role sees.

    A partner's installation never does: what it may have, its agreement names.
    """
    return scopes is None or (READ in scopes and Action.FEDERATE.value not in scopes)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
