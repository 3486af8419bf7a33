from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from click.testing import CliRunner, Result

from cop.cli import main
from cop.config import Settings
from cop.services.accounts import open_accounts
from cop.services.policy import Role
from cop.services.sessions import identify
from cop.services.sign_in import SignInRefused, sign_in
from cop.store.accounts import Accounts
from tests.redis_server import shared_redis

__all__ = ["shared_redis"]

pytestmark = pytest.mark.redis

Run = Callable[..., Result]


@pytest.fixture
def run(shared_redis: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that types `cop users …` on an installation without users."""
    client = redis.Redis.from_url(shared_redis)
    client.flushdb()
    client.close()
    monkeypatch.setenv("COP_REDIS_URL", shared_redis)
    # a busy disk is slow, not gone
    monkeypatch.setattr("cop.store.connection.TIMEOUT_S", 60.0)
    return lambda *words, **given: CliRunner().invoke(main, ["users", *words], **given)


@pytest.fixture
def accounts(run: Run) -> Accounts:
    """Give the accounts that the commands work on."""
    return open_accounts(Settings())


def enter(accounts: Accounts, name: str, password: str) -> Role | None:
    """Sign in to the live operation and tell the role."""
    return sign_in(accounts, name, password, "127.0.0.1", operation="live").identity.role


def test_a_password_is_made_and_printed_last(run: Run, accounts: Accounts) -> None:
    """The last line is the password alone, and it signs in; the list says what the user is."""
    words = ("--role", "warden", "--agency", "had", "--belongs-to", "facility:a")
    answer = run("add", "Wong", *words, "--belongs-to", "facility:b")
    assert answer.exit_code == 0, answer.output
    assert enter(accounts, "wong", answer.output.splitlines()[-1]) is Role.WARDEN
    assert "wong  warden  HAD  active  facility:a  facility:b" in run("list").output


def test_a_password_can_be_asked_for(run: Run, accounts: Accounts) -> None:
    """Typed twice, never shown, never printed."""
    secret = "four words by the sea"
    answer = run("add", "wong", "--role", "field", "--ask", input=f"{secret}\n{secret}\n")
    assert answer.exit_code == 0, answer.output
    assert secret not in answer.output
    assert enter(accounts, "wong", secret) is Role.FIELD
    other = "another four words"
    assert run("reset", "wong", "--ask", input=f"{other}\n{other}\n").exit_code == 0
    with pytest.raises(SignInRefused):
        enter(accounts, "wong", secret)
    assert enter(accounts, "wong", other) is Role.FIELD


@pytest.mark.parametrize(
    "typed", ["short\nshort\n", "my wong password\n" * 2, "a long password\nanother password\n"]
)
def test_a_weak_or_mistyped_password_adds_nobody(run: Run, typed: str) -> None:
    """Too short, with the name in it, or not the same twice."""
    answer = run("add", "wong", "--role", "field", "--ask", input=typed)
    assert answer.exit_code != 0
    listed = run("list")
    assert listed.stdout == ""
    assert "nobody yet" in listed.stderr


def test_an_address_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence names the setting, as for the picture's store."""
    monkeypatch.setenv("COP_REDIS_URL", "http://127.0.0.1")
    answer = CliRunner().invoke(main, ["users", "list"])
    assert answer.exit_code == 1
    assert "COP_REDIS_URL is not the address of a Redis" in answer.output


def test_an_unknown_agency_is_refused_with_the_list(run: Run) -> None:
    """The message names the codes there are."""
    answer = run("add", "wong", "--role", "field", "--agency", "POLICE")
    assert answer.exit_code != 0
    assert "HKPF" in answer.output
    assert "Traceback" not in answer.output


def test_a_user_can_be_changed(run: Run, accounts: Accounts) -> None:
    """What is not said stays as it is; sessions end where anything changed."""
    password = run("add", "wong", "--role", "field", "--belongs-to", "resource:a").output
    assert enter(accounts, "wong", password.splitlines()[-1]) is Role.FIELD
    answer = run("set", "wong", "--role", "liaison", "--agency", "DSD")
    assert "1 sessions ended" in answer.output
    assert "wong  liaison  DSD  active  resource:a" in run("list").output
    assert "0 sessions ended" in run("set", "wong", "--belongs-to-nothing").output
    assert "wong  liaison  DSD  active\n" in run("list").output
    assert run("set", "wong", "--belongs-to-nothing", "--belongs-to", "x:y").exit_code == 2
    assert run("set", "nobody", "--role", "field").exit_code == 1


def test_a_user_is_kept_out_and_let_in(run: Run, accounts: Accounts) -> None:
    """Disabled and enabled again, with the password of before."""
    password = run("add", "wong", "--role", "field").output.splitlines()[-1]
    assert run("disable", "wong").exit_code == 0
    with pytest.raises(SignInRefused):
        enter(accounts, "wong", password)
    assert run("enable", "wong").exit_code == 0
    assert enter(accounts, "wong", password) is Role.FIELD


def test_a_user_of_one_operation(run: Run, accounts: Accounts) -> None:
    """Somebody who may enter one exercise alone is told so in the list and is not let in here."""
    answer = run("add", "wong", "--role", "field", "--operation", "exercise-storm")
    with pytest.raises(SignInRefused):
        enter(accounts, "wong", answer.output.splitlines()[-1])
    assert "only in exercise-storm" in run("list").output


def test_a_machine_gets_a_token(run: Run, accounts: Accounts) -> None:
    """The last line is the token alone; it is good in the operation that it was issued for."""
    run("add", "gis", "--role", "machine")
    words = ("--label", "map server", "--scope", "read", "--days", "7")
    answer = run("token", "gis", *words)
    assert answer.exit_code == 0, answer.output
    token = answer.output.splitlines()[-1]
    identity = identify(accounts, token, operation="live")
    assert identity is not None
    assert identity.scopes == frozenset()
    there = run("token", "gis", *words, "--operation", "exercise-storm").output.splitlines()[-1]
    assert identify(accounts, there, operation="live") is None
    assert identify(accounts, there, operation="exercise-storm") is not None
    run("add", "wong", "--role", "field")
    assert run("token", "wong", *words).exit_code == 1
    assert run("token", "gis", *words[:-1], "366").exit_code == 2
    assert run("token", "gis", "--label", "x", "--scope", "all", "--days", "1").exit_code == 2
