"""Guessing passwords is limited; nobody can lock somebody else out where they are known."""

from __future__ import annotations

import pytest

from cop.services import sign_in as service
from cop.services.accounts import add_user
from cop.services.policy import Role
from cop.services.sessions import SignedIn, milliseconds
from cop.services.sign_in import SignInRefused, TooManyAttempts, sign_in
from cop.store.accounts import Accounts, MemoryAccounts
from tests.integration.both_accounts import accounts
from tests.redis_server import shared_redis

__all__ = ["accounts", "shared_redis"]

HERE = "192.0.2.1"
ELSEWHERE = "198.51.100.7"


def enter(accounts: Accounts, name: str, password: str, address: str = HERE) -> SignedIn:
    """Sign in to the live operation from *address*."""
    return sign_in(accounts, name, password, address, operation="live")


def guess(accounts: Accounts, name: str, times: int, address: str = HERE) -> None:
    """Give a wrong password *times* times."""
    for _ in range(times):
        with pytest.raises(SignInRefused):
            enter(accounts, name, "guess", address)


def test_guessing_is_limited_by_name_and_address(accounts: Accounts) -> None:
    """A guesser is stopped, and does not lock the user out from anywhere else."""
    password = add_user(accounts, "wong", Role.FIELD)
    guess(accounts, "wong", service.ATTEMPTS_PER_PAIR)
    with pytest.raises(TooManyAttempts) as stopped:
        enter(accounts, "wong", password)
    assert 0 < stopped.value.retry_after_s <= 300
    assert enter(accounts, "wong", password, ELSEWHERE).identity.name == "wong"


def test_an_address_is_limited_over_all_names(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trying many names from one address is stopped too."""
    monkeypatch.setattr(service, "ATTEMPTS_PER_ADDRESS", 3)
    for n in range(3):
        guess(accounts, f"name{n}", 1)
    with pytest.raises(TooManyAttempts):
        enter(accounts, "name9", "guess")


def test_a_right_password_begins_the_count_again(accounts: Accounts) -> None:
    """Somebody who mistypes now and then is never stopped."""
    password = add_user(accounts, "wong", Role.FIELD)
    for _ in range(3):
        guess(accounts, "wong", service.ATTEMPTS_PER_PAIR - 1)
        enter(accounts, "wong", password)


def test_strangers_do_not_lock_out_a_known_address(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many addresses guess at a name, who has signed in from an address still can."""
    monkeypatch.setattr(service, "ATTEMPTS_PER_NAME", 5)
    password = add_user(accounts, "chief", Role.COMMANDER)
    enter(accounts, "chief", password)
    for n in range(4):
        guess(accounts, "chief", 1, f"203.0.113.{n}")
    for stranger in ("203.0.113.80", "203.0.113.81"):
        with pytest.raises(TooManyAttempts):
            enter(accounts, "chief", "guess", stranger)
    with pytest.raises(TooManyAttempts):
        enter(accounts, "chief", password, ELSEWHERE)
    for _ in range(service.ATTEMPTS_PER_PAIR):
        assert enter(accounts, "chief", password).identity.name == "chief"


def test_a_known_address_is_limited_too(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guessing from a known address is stopped as early as from any, and uses up nobody's share."""
    monkeypatch.setattr(service, "ATTEMPTS_PER_NAME", 5)
    password = add_user(accounts, "chief", Role.COMMANDER)
    enter(accounts, "chief", password)
    guess(accounts, "chief", service.ATTEMPTS_PER_PAIR)
    with pytest.raises(TooManyAttempts):
        enter(accounts, "chief", password)
    assert enter(accounts, "chief", password, ELSEWHERE).identity.name == "chief"


def test_an_address_is_known_for_one_name_and_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Being known is of one name at one address, and is forgotten after thirty days."""
    monkeypatch.setattr(service, "ATTEMPTS_PER_NAME", 1)
    now = 1_000_000
    accounts = MemoryAccounts(lambda: now)
    passwords = {name: add_user(accounts, name, Role.FIELD) for name in ("chief", "other")}
    enter(accounts, "chief", passwords["chief"])
    for name in passwords:
        with pytest.raises((SignInRefused, TooManyAttempts)):
            enter(accounts, name, "guess", ELSEWHERE)
    with pytest.raises(TooManyAttempts):
        enter(accounts, "other", passwords["other"])
    enter(accounts, "chief", passwords["chief"])
    now += milliseconds(service.KNOWN_FOR) + 1
    guess(accounts, "chief", 1, ELSEWHERE)
    with pytest.raises(TooManyAttempts):
        enter(accounts, "chief", passwords["chief"])


def test_one_subscriber_has_one_address(accounts: Accounts) -> None:
    """An IPv6 subscriber has 2^64 addresses; they count as one. So does IPv4 written as IPv6."""
    add_user(accounts, "wong", Role.FIELD)
    for n in range(service.ATTEMPTS_PER_PAIR):
        guess(accounts, "wong", 1, f"2001:db8:1:2::{n:x}")
    with pytest.raises(TooManyAttempts):
        enter(accounts, "wong", "guess", "2001:db8:1:2:ffff::1")
    guess(accounts, "wong", 1, "2001:db8:1:3::1")
    guess(accounts, "wong", service.ATTEMPTS_PER_PAIR - 1, HERE)
    guess(accounts, "wong", 1, f"::ffff:{HERE}")
    with pytest.raises(TooManyAttempts):
        enter(accounts, "wong", "guess")


def test_addresses_are_kept_as_salted_digests(accounts: Accounts) -> None:
    """What is remembered of an address tells nobody which it was."""
    kept: list[str] = []
    keep = accounts.keep

    def listen(key: str, value: bytes, *, ttl_ms: int) -> None:
        kept.append(key)
        keep(key, value, ttl_ms=ttl_ms)

    accounts.keep = listen  # type: ignore[method-assign]
    enter(accounts, "wong", add_user(accounts, "wong", Role.FIELD))
    other = MemoryAccounts()
    other.keep = listen  # type: ignore[method-assign]
    enter(other, "wong", add_user(other, "wong", Role.FIELD))
    assert len(set(kept)) == 2
    assert all(key.startswith("known:") and len(key) == len("known:") + 64 for key in kept)
