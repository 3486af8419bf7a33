"""Users: who there is, what they are, and their passwords."""

from __future__ import annotations

import contextlib
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cop.config import Settings
from cop.errors import Misconfigured, NotFound
from cop.model.publisher import PUBLISHERS
from cop.services.passwords import check_password, plain
from cop.services.policy import Role
from cop.store.accounts import Accounts, MemoryAccounts, RedisAccounts, User
from cop.store.confirming import waiting_of

log = structlog.get_logger(__name__)

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread aloud
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_OWN_ID: Final = re.compile(r"[a-z0-9_]+:\S{1,200}")
_OPERATION: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY: Final = _HASHER.hash(secrets.token_urlsafe(32))
_CHECKS: Final = threading.BoundedSemaphore(4)  # each takes 19 MiB and a core
_OF_FIRST_RELEASE: Final = "EXERCISE"
"""The agency by which release 0.1 told its exercises' users."""


def open_accounts(settings: Settings) -> Accounts:
    """Open the accounts of this installation; `memory:` as the URL keeps them in this process.

    Raises:
        Misconfigured: no Redis is named, or what is named is no address of one.
    """
    if settings.redis_url.startswith("memory:"):
        return MemoryAccounts()
    if not settings.redis_url:
        raise Misconfigured("COP_REDIS_URL is empty: start with `cop up`, or name a Redis")
    try:
        return RedisAccounts(settings.signed_in(settings.redis_url), waiting_of(settings))
    except ValueError as error:
        raise Misconfigured(f"COP_REDIS_URL is not the address of a Redis: {error}") from error


def add_user(
    accounts: Accounts,
    name: str,
    role: Role,
    agency: str = "",
    *,
    belongs_to: Iterable[str] = (),
    operations: Iterable[str] | None = None,
    password: str | None = None,
) -> str:
    """Add a user and give the password: a new random one unless *password* is given.

    Args:
        accounts: where users are kept.
        name: of the user; folded.
        role: what the user is.
        agency: code of the user's department or body; "" for none.
        belongs_to: ids of the resources and facilities that are the user's own.
        operations: ids of the operations that the user may sign in to; None: any.
        password: chosen by the user; stored, like any, only as a hash.

    Raises:
        Misconfigured: the name is taken or is no name, the password is too weak, or an agency, an
            own id or an operation is none.
    """
    folded = check_name(name)
    chosen = new_password() if password is None else check_password(folded, password)
    user = User(
        name=folded,
        role=role.value,
        agency=check_agency(agency),
        password=_hash(chosen),
        disabled=False,
        created_ms=now_ms(),
        belongs_to=_check_each(belongs_to, _OWN_ID, "the id of a resource or a facility"),
        operations=None
        if operations is None
        else _check_each(operations, _OPERATION, "the id of an operation"),
    )
    if not accounts.add_user(user):
        raise Misconfigured(f"there is a user {folded!r} already: take another name")
    log.info("user_added", role=role.value)
    return chosen


def set_user(
    accounts: Accounts,
    name: str,
    *,
    role: Role | None = None,
    agency: str | None = None,
    belongs_to: Iterable[str] | None = None,
) -> int:
    """Change what a user is; None leaves a thing as it is. Tells how many sessions ended.

    Where anything changed the user's sessions end: whoever holds one signs in to what is true now.

    Raises:
        NotFound: there is no such user.
        Misconfigured: an agency or an own id is none, or the sign-in provider decides about it.
    """
    own = (
        None
        if belongs_to is None
        else _check_each(belongs_to, _OWN_ID, "the id of a resource or a facility")
    )
    code = None if agency is None else check_agency(agency)
    before: list[User] = []

    def change(user: User) -> User:
        before[:] = [user]
        if user.external and (role is not None or code is not None):
            raise Misconfigured(
                f"the sign-in provider decides the role and agency of {user.name!r}: change the"
                " groups there, or COP_OIDC_ROLES"
            )
        return replace(
            user,
            role=user.role if role is None else role.value,
            agency=user.agency if code is None else code,
            belongs_to=user.belongs_to if own is None else own,
        )

    after = _change(accounts, name, change)
    if after == before[0]:
        return 0
    ended = accounts.end_sessions(after.name)
    log.info("user_changed", role=after.role, sessions=ended)
    return ended


def reset_password(accounts: Accounts, name: str, chosen: str | None = None) -> str:
    """Give a user a new password, let them in again if disabled, and end their sessions.

    The password is *chosen*, or a random one; it is given.

    Raises:
        NotFound: there is no such user.
        Misconfigured: the password is too weak, or the user signs in through the provider.
    """
    password = new_password() if chosen is None else check_password(fold_name(name), chosen)
    hashed = _hash(password)

    def change(user: User) -> User:
        if user.external:
            raise Misconfigured(f"{user.name!r} signs in through the provider and has no password")
        return replace(user, password=hashed, disabled=False)

    user = _change(accounts, name, change)
    accounts.end_sessions(user.name)
    log.info("password_reset", role=user.role)
    return password


def choose_password(accounts: Accounts, user: User, chosen: str) -> bool:
    """Give *user* the password *chosen*; false, with nothing changed, when it is another by now.

    Raises:
        Misconfigured: it is too weak.
    """
    hashed = _hash(check_password(user.name, chosen))
    after = accounts.change_user(
        user.name,
        lambda one: replace(one, password=hashed) if one.password == user.password else one,
    )
    return after is not None and after.password == hashed


def disable_user(accounts: Accounts, name: str) -> int:
    """Keep a user out from now on and end their sessions; tell how many ended.

    Raises:
        NotFound: there is no such user.
    """
    user = _change(accounts, name, lambda user: replace(user, disabled=True))
    ended = accounts.end_sessions(user.name)
    log.info("user_disabled", role=user.role, sessions=ended)
    return ended


def enable_user(accounts: Accounts, name: str) -> None:
    """Let a disabled user in again, with the password of before.

    Raises:
        NotFound: there is no such user.
    """
    user = _change(accounts, name, lambda user: replace(user, disabled=False))
    log.info("user_enabled", role=user.role)


def list_users(accounts: Accounts) -> list[User]:
    """List all users by name."""
    users = accounts.read_users(accounts.names())
    return [users[name] for name in sorted(users)]


def admit_demo_user(
    accounts: Accounts,
    name: str,
    role: Role,
    *,
    agency: str,
    belongs_to: Iterable[str],
    operation: str,
) -> str | None:
    """Let an exercise's user in to *operation* alone, with a new password, which is given.

    None, with nothing changed, when a real user has the name.
    """
    password = new_password()
    fresh = User(
        name=check_name(name),
        role=role.value,
        agency=check_agency(agency),
        password=_hash(password),
        disabled=False,
        created_ms=now_ms(),
        belongs_to=tuple(belongs_to),
        operations=(operation,),
        demo=True,
    )
    if accounts.add_user(fresh):
        return password
    user = accounts.change_user(
        fresh.name, lambda user: fresh if is_demo(user) and not user.external else user
    )
    if user != fresh:
        return None
    accounts.end_sessions(fresh.name)
    return password


def is_demo(user: User) -> bool:
    """Tell whether *user* was made for an exercise."""
    return user.demo or user.agency == _OF_FIRST_RELEASE


def read_user(accounts: Accounts, name: str) -> User:
    """Give a user by name.

    Raises:
        NotFound: there is no such user.
    """
    folded = fold_name(name)
    user = accounts.read_users([folded]).get(folded)
    if user is None:
        raise _no_user(folded)
    return user


def fold_name(name: str) -> str:
    """Give the form in which a user's name is kept: no blanks around, lower case."""
    return name.strip().lower()


def is_name(folded: str) -> bool:
    """Tell whether *folded* can be the name of a user."""
    return _NAME.fullmatch(folded) is not None


def check_name(name: str) -> str:
    """Give *name* folded.

    Raises:
        Misconfigured: it cannot be the name of a user.
    """
    folded = fold_name(name)
    if not is_name(folded):
        raise Misconfigured(
            f"{name!r} is not a user name: take up to 64 letters, digits, dots, dashes or"
            " underscores, beginning with a letter or digit"
        )
    return folded


def check_agency(agency: str) -> str:
    """Give the code of an agency as it is kept; "" for none.

    Raises:
        Misconfigured: there is no such agency; the message lists those that there are.
    """
    code = agency.strip().upper()
    if code and code not in PUBLISHERS:
        known = ", ".join(sorted(PUBLISHERS))
        raise Misconfigured(f"there is no agency {agency!r}: take one of {known}")
    return code


def new_password() -> str:
    """Make a password of 98 bits that can be read aloud."""
    while True:
        made = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
        with contextlib.suppress(Misconfigured):  # by chance it has too few different letters
            return check_password("", made)


def password_fits(user: User | None, password: str) -> bool:
    """Tell whether *password* is the user's; takes as long where there is no user or password."""
    hashed = user.password if user is not None and user.password else _NOBODY
    with _CHECKS:
        try:
            return _HASHER.verify(hashed, plain(password))
        except (VerificationError, InvalidHashError):
            return False


def now_ms() -> int:
    """Tell the real time in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def _change(accounts: Accounts, name: str, change: Callable[[User], User]) -> User:
    folded = fold_name(name)
    user = accounts.change_user(folded, change)
    if user is None:
        raise _no_user(folded)
    return user


def _no_user(folded: str) -> NotFound:
    return NotFound(f"there is no user {folded!r}: `cop users list` shows them")


def _check_each(values: Iterable[str], pattern: re.Pattern[str], what: str) -> tuple[str, ...]:
    given = tuple(dict.fromkeys(value.strip() for value in values))
    for value in given:
        if not pattern.fullmatch(value):
            raise Misconfigured(f"{value!r} is not {what}")
    return given


def _hash(password: str) -> str:
    return _HASHER.hash(plain(password))
