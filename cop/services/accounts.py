"""Sign-in: users, passwords, sessions, and the limits on guessing."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cop.config import Settings
from cop.errors import CopError, Misconfigured, NotFound
from cop.services.policy import AUDIENCE_OF, Identity, Role
from cop.store.accounts import Accounts, MemoryAccounts, RedisAccounts, Session, User

log = structlog.get_logger(__name__)

SESSION_IDLE: Final = timedelta(hours=12)
SESSION_LIFE: Final = timedelta(days=7)
TOKEN_LIFE: Final = timedelta(days=365)

ATTEMPT_WINDOW: Final = timedelta(minutes=5)
ATTEMPTS_PER_PAIR: Final = 8
"""Of one name from one address. A stranger elsewhere cannot lock anybody out."""
ATTEMPTS_PER_ADDRESS: Final = 2_000
"""An emergency centre, 500 people, signs in from one address, all at the same time."""
ATTEMPTS_PER_NAME: Final = 200
"""Of one name from everywhere: far too few to guess a password of 98 bits."""

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread aloud
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY: Final = _HASHER.hash(secrets.token_urlsafe(32))
_CHECKS: Final = threading.BoundedSemaphore(4)  # each takes 19 MiB and a core


class SignInRefused(CopError):
    """The name or the password is wrong, or the user is disabled: never said which."""


class TooManyAttempts(CopError):
    """Too many wrong passwords; `retry_after_s` tells in how many seconds to try again."""

    def __init__(self, retry_after_s: int) -> None:
        """Keep the waiting time for the answer."""
        super().__init__(f"too many attempts to sign in; try again in {retry_after_s} seconds")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session and its token, which is known only now.

    Attributes:
        token: what the cookie or the Authorization header carries.
        identity: who signed in.
        life: how long the session can last.
    """

    token: str
    identity: Identity
    life: timedelta


def open_accounts(settings: Settings) -> Accounts:
    """Open the accounts of this installation; `memory:` as the URL keeps them in this process.

    Raises:
        Misconfigured: no Redis is named.
    """
    if settings.redis_url.startswith("memory:"):
        return MemoryAccounts()
    if not settings.redis_url:
        raise Misconfigured("COP_REDIS_URL is empty: start with `cop up`, or name a Redis")
    return RedisAccounts(settings.redis_url)


def add_user(accounts: Accounts, name: str, role: Role, agency: str = "") -> str:
    """Add a user with a new password and give that password; it is stored nowhere.

    Raises:
        Misconfigured: the name is taken, or is not a name.
    """
    folded = fold_name(name)
    if not _NAME.fullmatch(folded):
        raise Misconfigured(
            f"{name!r} is not a user name: take up to 64 letters, digits, dots, dashes or"
            " underscores, beginning with a letter or digit"
        )
    password = _new_password()
    user = User(
        name=folded,
        role=role.value,
        agency=agency,
        password=_HASHER.hash(password),
        disabled=False,
        created_ms=_now_ms(),
    )
    if not accounts.add_user(user):
        raise Misconfigured(f"there is a user {folded!r} already: take another name")
    log.info("user_added", role=role.value)
    return password


def reset_password(accounts: Accounts, name: str) -> str:
    """Give a user a new password, let them in again if disabled, and end their sessions.

    Raises:
        NotFound: there is no such user.
    """
    user = _read_user(accounts, name)
    password = _new_password()
    accounts.write_user(replace(user, password=_HASHER.hash(password), disabled=False))
    accounts.end_sessions(user.name)
    log.info("password_reset", role=user.role)
    return password


def list_users(accounts: Accounts) -> list[User]:
    """List all users by name."""
    users = accounts.read_users(accounts.names())
    return [users[name] for name in sorted(users)]


def disable_user(accounts: Accounts, name: str) -> int:
    """Keep a user out from now on and end their sessions; tell how many ended.

    Raises:
        NotFound: there is no such user.
    """
    user = _read_user(accounts, name)
    accounts.write_user(replace(user, disabled=True))
    ended = accounts.end_sessions(user.name)
    log.info("user_disabled", role=user.role, sessions=ended)
    return ended


def sign_in(accounts: Accounts, name: str, password: str, address: str) -> SignedIn:
    """Open a session for the user *name*, who asks from the network *address*.

    An unknown name costs as much time as a wrong password.

    Raises:
        SignInRefused: name and password do not belong together, or the user is disabled.
        TooManyAttempts: this pair, this address or this name has tried too often.
    """
    folded = fold_name(name)[:64]
    pair = _digest(f"{folded}\n{address}")
    limits = (
        (f"pair:{pair}", ATTEMPTS_PER_PAIR),
        (f"address:{_digest(address)}", ATTEMPTS_PER_ADDRESS),
        (f"name:{_digest(folded)}", ATTEMPTS_PER_NAME),
    )
    for key, most in limits:
        attempts, left_ms = accounts.count_attempt(key, window_ms=_ms(ATTEMPT_WINDOW))
        if attempts > most:
            log.warning("sign_in_limited", limit=key.partition(":")[0])
            raise TooManyAttempts(-(-left_ms // 1000))
    user = accounts.read_users([folded]).get(folded) if _NAME.fullmatch(folded) else None
    fits = _fits(user.password if user else _NOBODY, password)
    if user is None or user.disabled or not fits:
        log.warning("sign_in_refused")
        raise SignInRefused("the name or the password is wrong")
    accounts.forget_attempts(limits[0][0])
    return _open(accounts, user, life=SESSION_LIFE, idle=SESSION_IDLE)


def issue_token(accounts: Accounts, name: str) -> str:
    """Open a long-lived session for a machine and give its token.

    Raises:
        NotFound: there is no such user, or it is not a machine, or it is disabled.
    """
    user = _read_user(accounts, name)
    if user.disabled or user.role != Role.MACHINE:
        raise NotFound(f"{user.name!r} is not an active user with the role machine")
    return _open(accounts, user, life=TOKEN_LIFE, idle=TOKEN_LIFE).token


def identify(accounts: Accounts, token: str) -> Identity | None:
    """Tell who holds *token*; None when its session has ended or it never had one.

    Using a session keeps it from ending for idleness.
    """
    if not _TOKEN.fullmatch(token):
        return None
    session_id = _digest(token)
    session = accounts.read_sessions([session_id]).get(session_id)
    if session is None:
        return None
    left_ms = session.ends_ms - _now_ms()
    user = accounts.read_users([session.user]).get(session.user)
    if left_ms <= 0 or user is None or user.disabled:
        return None
    accounts.extend_session(session, ttl_ms=min(left_ms, session.idle_ms))
    return _identity(user, session)


def identify_sessions(accounts: Accounts, session_ids: Iterable[str]) -> dict[str, Identity]:
    """Tell who holds each session; ended ones are left out. Does not count as using them."""
    sessions = accounts.read_sessions(session_ids)
    users = accounts.read_users({session.user for session in sessions.values()})
    now = _now_ms()
    return {
        session.id: _identity(users[session.user], session)
        for session in sessions.values()
        if session.ends_ms > now and session.user in users and not users[session.user].disabled
    }


def sign_out(accounts: Accounts, identity: Identity) -> None:
    """End the session that *identity* came by."""
    for session in accounts.read_sessions([identity.session]).values():
        accounts.end_session(session)


def fold_name(name: str) -> str:
    """Give the form in which a user's name is kept: no blanks around, lower case."""
    return name.strip().lower()


def _open(accounts: Accounts, user: User, *, life: timedelta, idle: timedelta) -> SignedIn:
    token = secrets.token_urlsafe(32)
    now = _now_ms()
    session = Session(
        id=_digest(token),
        user=user.name,
        started_ms=now,
        ends_ms=now + _ms(life),
        idle_ms=_ms(idle),
    )
    accounts.open_session(session, ttl_ms=_ms(idle))
    return SignedIn(token, _identity(user, session), life)


def _identity(user: User, session: Session) -> Identity:
    role = Role(user.role)
    return Identity(
        name=user.name,
        role=role,
        agency=user.agency,
        audience=AUDIENCE_OF[role],
        session=session.id,
    )


def _new_password() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def _read_user(accounts: Accounts, name: str) -> User:
    folded = fold_name(name)
    user = accounts.read_users([folded]).get(folded)
    if user is None:
        raise NotFound(f"there is no user {folded!r}: `cop users list` shows them")
    return user


def _fits(hashed: str, password: str) -> bool:
    with _CHECKS:
        try:
            return _HASHER.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
