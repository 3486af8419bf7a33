"""Sign-ins to try an exercise with: made afresh at every start, good in that exercise alone."""

from __future__ import annotations

from typing import Final

from cop.errors import Misconfigured
from cop.services.accounts import admit_demo_user, disable_user, is_demo, list_users
from cop.services.policy import Role
from cop.store.accounts import Accounts

_USERS: Final[tuple[tuple[str, Role, str, tuple[str, ...]], ...]] = (
    ("commander", Role.COMMANDER, "EMSC", ()),
    ("duty-officer", Role.DUTY_OFFICER, "EMSC", ()),
    ("liaison", Role.LIAISON, "FSD", ()),
    ("field", Role.FIELD, "DSD", ("resource:demo-team-1",)),
    ("warden", Role.WARDEN, "HAD", ("facility:demo-aid-1", "facility:demo-shelter-1")),
    ("viewer", Role.VIEWER, "HAD", ()),
)
"""Name, role, agency, and what is the user's own."""
ON_PHONES: Final = frozenset(
    name for name, role, _, _ in _USERS if role in (Role.FIELD, Role.WARDEN)
)
"""Those whose page is `/field`."""


def open_sign_ins(accounts: Accounts, operation: str) -> dict[str, str]:
    """Let the exercise's users in to *operation* with new random passwords; name to password.

    A real user who has one of their names keeps it, and that name is left out.
    """
    passwords: dict[str, str] = {}
    for name, role, agency, belongs_to in _USERS:
        password = admit_demo_user(
            accounts, name, role, agency=agency, belongs_to=belongs_to, operation=operation
        )
        if password is not None:
            passwords[name] = password
    if not passwords:
        raise Misconfigured("all names of the exercise's users are taken: take another --data")
    return passwords


def close_sign_ins(accounts: Accounts) -> None:
    """Keep the exercises' users out: the live operation has none of them."""
    for user in list_users(accounts):
        if is_demo(user) and not user.disabled:
            disable_user(accounts, user.name)
