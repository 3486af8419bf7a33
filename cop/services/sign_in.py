"""Signing in with a password, and the limits on guessing one."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from cop.errors import CopError, NotPossible
from cop.services.accounts import choose_password, fold_name, is_name, password_fits
from cop.services.policy import Identity
from cop.services.sessions import (
    Opening,
    SignedIn,
    end_other_sessions,
    lasts,
    may_enter,
    milliseconds,
    open_session,
)
from cop.store.accounts import Accounts, User

log = structlog.get_logger(__name__)

ATTEMPT_WINDOW: Final = timedelta(minutes=5)
ATTEMPTS_PER_PAIR: Final = 8
"""Of one name from one address. A stranger elsewhere cannot lock anybody out."""
ATTEMPTS_PER_ADDRESS: Final = 2_000
"""An emergency centre, 500 people, signs in from one address, all at the same time."""
ATTEMPTS_PER_NAME: Final = 200
"""Of one name from all addresses that it has never signed in from: far too few to guess a
password of 98 bits. Addresses where the name is known are not held up by what strangers do."""
KNOWN_FOR: Final = timedelta(days=30)
"""How long an address is known after a name has signed in from it."""


class SignInRefused(CopError):
    """The name or the password is wrong, or the user may not enter: never said which."""


class TooManyAttempts(CopError):
    """Too many wrong passwords; `retry_after_s` tells in how many seconds to try again."""

    def __init__(self, retry_after_s: int) -> None:
        """Keep the waiting time for the answer."""
        super().__init__(f"too many attempts to sign in; try again in {retry_after_s} seconds")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class _Pair:
    """One name from one network, as digests that mean nothing outside this installation."""

    name: str
    network: str
    both: str


def sign_in(
    accounts: Accounts, name: str, password: str, address: str, *, operation: str, agent: str = ""
) -> SignedIn:
    """Open a session in *operation* for the user *name*, who asks from the network *address*.

    An unknown name costs as much time as a wrong password. *agent* says in a few words with what.

    Raises:
        SignInRefused: name and password do not belong together, or the user may not enter.
        TooManyAttempts: this pair, this address or this name has tried too often.
    """
    folded = fold_name(name)[:64]
    pair = _pair(accounts.salt(), folded, address)
    _count(accounts, pair)
    user = accounts.read_users([folded]).get(folded) if is_name(folded) else None
    fits = password_fits(user, password)
    if user is None or not fits or user.disabled or not may_enter(user, operation):
        log.warning("sign_in_refused")
        raise SignInRefused("the name or the password is wrong")
    life, idle = lasts(user.role)
    opening = Opening(operation=operation, life=life, idle=idle, address=address, agent=agent)
    opened = open_session(accounts, user, opening)
    if _changed_since(accounts, user):
        accounts.end_session(opened.session)
        raise SignInRefused("the name or the password is wrong")
    accounts.forget_attempts(f"pair:{pair.both}")
    accounts.keep(f"known:{pair.both}", b"1", ttl_ms=milliseconds(KNOWN_FOR))
    return opened


def change_password(
    accounts: Accounts, identity: Identity, present: str, chosen: str, address: str
) -> int:
    """Give whoever asks the password *chosen*, and end their other sessions; tell how many.

    The present one must be given, which is limited as signing in is.

    Raises:
        NotPossible: the present password is another, or they sign in through the provider.
        Misconfigured: the new one is too weak.
        TooManyAttempts: this has been tried too often.
    """
    pair = _pair(accounts.salt(), identity.name, address)
    _count(accounts, pair)
    user = accounts.read_users([identity.name]).get(identity.name)
    if user is None or not user.password:
        raise NotPossible("no-password", "you sign in through the provider: change it there")
    if not password_fits(user, present) or not choose_password(accounts, user, chosen):
        log.warning("password_change_refused")
        raise NotPossible("wrong-password", "the present password is another: try again")
    accounts.forget_attempts(f"pair:{pair.both}")
    log.info("password_changed", role=user.role)
    return end_other_sessions(accounts, identity)


def count_address(accounts: Accounts, address: str) -> None:
    """Count one attempt from *address*, of whatever name.

    Raises:
        TooManyAttempts: it has tried too often.
    """
    network = _digest(accounts.salt(), _network(address))
    _count_one(accounts, "address", network, ATTEMPTS_PER_ADDRESS)


def _count(accounts: Accounts, pair: _Pair) -> None:
    known = accounts.kept(f"known:{pair.both}") is not None
    _count_one(accounts, "pair", pair.both, ATTEMPTS_PER_PAIR)
    _count_one(accounts, "address", pair.network, ATTEMPTS_PER_ADDRESS)
    if not known:
        _count_one(accounts, "name", pair.name, ATTEMPTS_PER_NAME)


def _count_one(accounts: Accounts, limit: str, key: str, most: int) -> None:
    window_ms = milliseconds(ATTEMPT_WINDOW)
    attempts, left_ms = accounts.count_attempt(f"{limit}:{key}", window_ms=window_ms)
    if attempts > most:
        log.warning("sign_in_limited", limit=limit)
        raise TooManyAttempts(-(-left_ms // 1000))


def _changed_since(accounts: Accounts, user: User) -> bool:
    """Tell whether the password was taken away while it was being checked."""
    now = accounts.read_users([user.name]).get(user.name)
    return now is None or now.password != user.password


def _pair(salt: bytes, folded: str, address: str) -> _Pair:
    network = _network(address)
    return _Pair(
        name=_digest(salt, folded),
        network=_digest(salt, network),
        both=_digest(salt, f"{folded}\n{network}"),
    )


def _network(address: str) -> str:
    """Give what one subscriber has: an IPv4 address, or the first half of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _digest(salt: bytes, words: str) -> str:
    return hmac.new(salt, words.encode(), hashlib.sha256).hexdigest()
