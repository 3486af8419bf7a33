from __future__ import annotations

import pytest

from cop.launcher.sign_ins import close_sign_ins, open_sign_ins
from cop.services.accounts import SignInRefused, add_user, sign_in
from cop.services.policy import Role
from cop.store.accounts import MemoryAccounts


def test_passwords_are_new_at_every_start() -> None:
    """Every start makes new passwords, and those of the last start are worth nothing."""
    accounts = MemoryAccounts()
    first, second = open_sign_ins(accounts), open_sign_ins(accounts)
    assert first.keys() == second.keys() == {"commander", "duty-officer", "field"}
    assert sign_in(accounts, "field", second["field"], "127.0.0.1").identity.role is Role.FIELD
    with pytest.raises(SignInRefused):
        sign_in(accounts, "field", first["field"], "127.0.0.1")


def test_a_real_user_is_left_alone() -> None:
    """A real user who has one of the names keeps the password."""
    accounts = MemoryAccounts()
    password = add_user(accounts, "commander", Role.COMMANDER, "SB")
    assert "commander" not in open_sign_ins(accounts)
    sign_in(accounts, "commander", password, "127.0.0.1")


def test_the_live_operation_has_none() -> None:
    """Before the live operation the exercise's users are kept out, and nobody else."""
    accounts = MemoryAccounts()
    real = add_user(accounts, "chan", Role.COMMANDER, "SB")
    passwords = open_sign_ins(accounts)
    close_sign_ins(accounts)
    sign_in(accounts, "chan", real, "127.0.0.1")
    for name, password in passwords.items():
        with pytest.raises(SignInRefused):
            sign_in(accounts, name, password, "127.0.0.1")
