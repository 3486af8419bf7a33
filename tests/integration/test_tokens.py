"""Tokens of machines: what they are good for, for how long, and in which operation."""

from __future__ import annotations

import pytest

from cop.errors import Misconfigured, NotFound
from cop.model.access import Audience
from cop.services import sessions
from cop.services.accounts import add_user, disable_user, set_user
from cop.services.policy import Action, Identity, Role, Scope, scope_of
from cop.services.sessions import SignedIn, identify, ref_of
from cop.services.tokens import SCOPES, end_token, find_token, issue_token, list_tokens
from cop.store.accounts import Accounts
from tests.integration.both_accounts import accounts
from tests.redis_server import shared_redis

__all__ = ["accounts", "shared_redis"]


def issue(accounts: Accounts, name: str = "gis", *scopes: str, days: int = 30) -> SignedIn:
    """Issue a token for the live operation."""
    return issue_token(
        accounts,
        name,
        operation="live",
        label="map server",
        scopes=scopes or ("read",),
        days=days,
        issued_by="chief",
    )


def who(accounts: Accounts, signed_in: SignedIn, operation: str = "live") -> Identity | None:
    """Tell whom a token stands for."""
    return identify(accounts, signed_in.token, operation=operation)


def test_only_an_active_machine_gets_a_token(accounts: Accounts) -> None:
    """Not a person, not a disabled machine, not nobody."""
    add_user(accounts, "gis", Role.MACHINE)
    add_user(accounts, "wong", Role.COMMANDER)
    identity = who(accounts, issue(accounts))
    assert identity is not None
    assert (identity.name, identity.audience) == ("gis", Audience.RESPONDER)
    with pytest.raises(NotFound, match="machine"):
        issue(accounts, "wong")
    disable_user(accounts, "gis")
    with pytest.raises(NotFound, match="machine"):
        issue(accounts)
    with pytest.raises(NotFound, match="no user"):
        issue(accounts, "nobody")


def test_scopes_narrow_what_the_machine_may_do(accounts: Accounts) -> None:
    """A token does what it was issued for, and nothing else that its role could do."""
    add_user(accounts, "gauge", Role.MACHINE, "DSD")
    narrow = who(accounts, issue(accounts, "gauge", "report_incident"))
    assert narrow is not None
    assert scope_of(narrow, Action.REPORT_INCIDENT) is Scope.ANY
    assert scope_of(narrow, Action.REPORT_RESOURCE) is Scope.NO
    assert narrow.audience is Audience.PUBLIC
    reader = who(accounts, issue(accounts, "gauge", "read"))
    assert reader is not None
    assert reader.audience is Audience.RESPONDER
    assert all(scope_of(reader, action) is Scope.NO for action in Action)


def test_no_token_is_good_for_more_than_a_machine_may(accounts: Accounts) -> None:
    """Scopes that are none, or that the role does not have, are refused with the list."""
    add_user(accounts, "gis", Role.MACHINE)
    for wrong in ("issue_order", "write", ""):
        with pytest.raises(Misconfigured, match="read, report_incident"):
            issue(accounts, "gis", "read", wrong)
    assert "issue_order" not in SCOPES


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_token_has_an_end(accounts: Accounts, days: int) -> None:
    """Between one day and a year."""
    add_user(accounts, "gis", Role.MACHINE)
    with pytest.raises(Misconfigured, match="365"):
        issue(accounts, days=days)


def test_a_token_ends(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its days are over it is nobody's, and is listed no more."""
    add_user(accounts, "gis", Role.MACHINE)
    token = issue(accounts, days=1)
    assert list_tokens(accounts, operation="live") == [token.session]
    monkeypatch.setattr(sessions, "now_ms", lambda: token.session.ends_ms)
    monkeypatch.setattr("cop.services.tokens.now_ms", lambda: token.session.ends_ms)
    assert who(accounts, token) is None
    assert list_tokens(accounts, operation="live") == []


def test_tokens_are_found_by_what_they_are_called(accounts: Accounts) -> None:
    """A token's name lets one end it, never use it; the other tokens go on."""
    add_user(accounts, "gis", Role.MACHINE)
    first, second = issue(accounts), issue(accounts)
    ref = ref_of(first.session)
    assert ref not in first.token
    assert ref not in first.session.id
    end_token(accounts, find_token(accounts, ref, operation="live"))
    assert who(accounts, first) is None
    assert who(accounts, second) is not None
    with pytest.raises(NotFound, match="token"):
        find_token(accounts, ref, operation="live")


def test_a_token_belongs_to_one_operation(accounts: Accounts) -> None:
    """A token of the exercise writes nothing on live, and is not listed there."""
    add_user(accounts, "gis", Role.MACHINE)
    token = issue(accounts)
    assert who(accounts, token, "exercise-storm") is None
    assert list_tokens(accounts, operation="exercise-storm") == []
    with pytest.raises(NotFound):
        find_token(accounts, ref_of(token.session), operation="exercise-storm")


@pytest.mark.parametrize("label", ["", "   ", "x" * 81, "a\x00b"])
def test_a_token_says_what_it_is_for(accounts: Accounts, label: str) -> None:
    """Whoever looks through the tokens later must be able to tell them apart."""
    add_user(accounts, "gis", Role.MACHINE)
    with pytest.raises(Misconfigured, match="what the token is for"):
        issue_token(accounts, "gis", operation="live", label=label, scopes=["read"], days=1)


def test_a_machine_that_changes_needs_new_tokens(accounts: Accounts) -> None:
    """A token issued for one agency does not become one for another."""
    add_user(accounts, "gis", Role.MACHINE, "DSD")
    token = issue(accounts)
    assert set_user(accounts, "gis", agency="FSD") == 1
    assert who(accounts, token) is None
