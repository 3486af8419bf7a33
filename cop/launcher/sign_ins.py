"""Sign-ins to try an exercise with: made afresh at every start, useless in the live operation."""

from __future__ import annotations

from typing import Final

from cop.errors import Misconfigured
from cop.services.accounts import add_user, disable_user, list_users, reset_password
from cop.services.policy import Role
from cop.store.accounts import Accounts

AGENCY: Final = "EXERCISE"
_USERS: Final = (
    ("commander", Role.COMMANDER),
    ("duty-officer", Role.DUTY_OFFICER),
    ("field", Role.FIELD),
)


def open_sign_ins(accounts: Accounts) -> dict[str, str]:
    """Let the exercise's users in with new random passwords; name to password.

    A real user who has one of their names keeps it, and that name is left out.
    """
    known = {user.name: user for user in list_users(accounts)}
    passwords: dict[str, str] = {}
    for name, role in _USERS:
        if name not in known:
            passwords[name] = add_user(accounts, name, role, AGENCY)
        elif known[name].agency == AGENCY:
            passwords[name] = reset_password(accounts, name)
    if not passwords:
        raise Misconfigured("all names of the exercise's users are taken: take another --data")
    return passwords


def close_sign_ins(accounts: Accounts) -> None:
    """Keep the exercise's users out: the live operation has none of them."""
    for user in list_users(accounts):
        if user.agency == AGENCY and not user.disabled:
            disable_user(accounts, user.name)
