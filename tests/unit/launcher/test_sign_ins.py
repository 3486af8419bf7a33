from __future__ import annotations

import dataclasses

import pytest

from cop.errors import Misconfigured
from cop.launcher.sign_ins import close_sign_ins, open_sign_ins
from cop.services.accounts import add_user
from cop.services.policy import Role
from cop.services.sessions import identify
from cop.services.sign_in import SignInRefused, sign_in
from cop.store.accounts import MemoryAccounts

STORM = "exercise-storm"
HERE = "127.0.0.1"
NAMES = {"commander", "duty-officer", "liaison", "field", "warden", "viewer"}


def test_passwords_are_new_at_every_start() -> None:
    """Every start makes new passwords, and those of the last start are worth nothing."""
    accounts = MemoryAccounts()
    first, second = open_sign_ins(accounts, STORM), open_sign_ins(accounts, STORM)
    assert first.keys() == second.keys() == NAMES
    identity = sign_in(accounts, "field", second["field"], HERE, operation=STORM).identity
    assert identity.role is Role.FIELD
    with pytest.raises(SignInRefused):
        sign_in(accounts, "field", first["field"], HERE, operation=STORM)


def test_everyone_belongs_somewhere() -> None:
    """Each demo user has an agency; the team and the posts of the roster have their people."""
    accounts = MemoryAccounts()
    passwords = open_sign_ins(accounts, STORM)
    who = {
        name: sign_in(accounts, name, password, HERE, operation=STORM).identity
        for name, password in passwords.items()
    }
    assert {name: identity.agency for name, identity in who.items()} == {
        "commander": "EMSC",
        "duty-officer": "EMSC",
        "liaison": "FSD",
        "field": "DSD",
        "warden": "HAD",
        "viewer": "HAD",
    }
    assert who["field"].belongs_to == {"resource:demo-team-1"}
    assert who["warden"].belongs_to == {"facility:demo-aid-1", "facility:demo-shelter-1"}


def test_a_start_ends_what_was_open() -> None:
    """Whoever was signed in with the passwords of the last start is out."""
    accounts = MemoryAccounts()
    password = open_sign_ins(accounts, STORM)["viewer"]
    token = sign_in(accounts, "viewer", password, HERE, operation=STORM).token
    open_sign_ins(accounts, STORM)
    assert identify(accounts, token, operation=STORM) is None


def test_a_real_user_is_left_alone() -> None:
    """A real user who has one of the names keeps password, role and agency."""
    accounts = MemoryAccounts()
    password = add_user(accounts, "commander", Role.VIEWER, "SB")
    assert "commander" not in open_sign_ins(accounts, STORM)
    identity = sign_in(accounts, "commander", password, HERE, operation="live").identity
    assert (identity.role, identity.agency) == (Role.VIEWER, "SB")
    taken = MemoryAccounts()
    for name in NAMES:
        add_user(taken, name, Role.VIEWER)
    with pytest.raises(Misconfigured, match="taken"):
        open_sign_ins(taken, STORM)


def test_the_live_operation_has_none() -> None:
    """Before the live operation the exercise's users are kept out, and nobody else."""
    accounts = MemoryAccounts()
    real = add_user(accounts, "chan", Role.COMMANDER, "SB")
    passwords = open_sign_ins(accounts, STORM)
    close_sign_ins(accounts)
    sign_in(accounts, "chan", real, HERE, operation="live")
    for name, password in passwords.items():
        for operation in ("live", STORM):
            with pytest.raises(SignInRefused):
                sign_in(accounts, name, password, HERE, operation=operation)


def test_an_exercise_opens_no_other_operation() -> None:
    """While the exercise runs its passwords and sessions are good for nothing on live."""
    accounts = MemoryAccounts()
    for name, password in open_sign_ins(accounts, STORM).items():
        for other in ("live", "exercise-quake"):
            with pytest.raises(SignInRefused):
                sign_in(accounts, name, password, HERE, operation=other)
        token = sign_in(accounts, name, password, HERE, operation=STORM).token
        assert identify(accounts, token, operation=STORM) is not None
        assert identify(accounts, token, operation="live") is None


def test_the_users_of_the_first_release_are_taken_over() -> None:
    """What release 0.1 made for its exercises does not hold the names for ever."""
    accounts = MemoryAccounts()
    add_user(accounts, "field", Role.FIELD)
    accounts.change_user("field", lambda user: dataclasses.replace(user, agency="EXERCISE"))
    assert open_sign_ins(accounts, STORM).keys() == NAMES
