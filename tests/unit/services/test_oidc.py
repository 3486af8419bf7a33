from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from cop.config import Settings
from cop.errors import Misconfigured
from cop.services.oidc import groups_from, name_from, open_oidc, read_grants
from cop.services.oidc_provider import is_safe
from cop.services.policy import Role


def settings(**changed: Any) -> Settings:
    """Give settings that are fit."""
    given: dict[str, Any] = {
        "public_url": "https://cop.example/",
        "oidc_issuer": "https://sso.example/realms/hk",
        "oidc_client_id": "cop",
        "oidc_roles": "staff=viewer",
    }
    return Settings(**(given | changed))


def test_no_issuer_is_no_provider() -> None:
    """Without an issuer people sign in with passwords alone."""
    assert open_oidc(Settings()) is None
    assert open_oidc(settings()) is not None


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"oidc_issuer": "http://sso.example"}, "COP_OIDC_ISSUER"),
        ({"oidc_issuer": "https://sso.example?a=b"}, "COP_OIDC_ISSUER"),
        ({"oidc_issuer": "sso.example"}, "COP_OIDC_ISSUER"),
        ({"oidc_client_id": ""}, "COP_OIDC_CLIENT_ID"),
        ({"public_url": ""}, "COP_PUBLIC_URL"),
        ({"public_url": "http://cop.example"}, "COP_PUBLIC_URL"),
        ({"public_url": "https://cop.example/cop"}, "COP_PUBLIC_URL"),
        ({"oidc_roles": ""}, "COP_OIDC_ROLES"),
        ({"oidc_roles": "staff"}, "COP_OIDC_ROLES"),
        ({"oidc_roles": "=viewer"}, "COP_OIDC_ROLES"),
        ({"oidc_roles": "staff=king"}, "COP_OIDC_ROLES"),
        ({"oidc_roles": "robots=machine"}, "COP_OIDC_ROLES"),
        ({"oidc_roles": "staff=viewer:XYZ"}, "no agency"),
        ({"oidc_client_secret_file": Path("/proc/none")}, "COP_OIDC_CLIENT_SECRET_FILE"),
    ],
)
def test_unfit_settings_are_told(changed: dict[str, Any], what: str) -> None:
    """The web process does not start half set up; the message names the setting."""
    with pytest.raises(Misconfigured, match=what):
        open_oidc(settings(**changed))


def test_the_secret_may_be_in_a_file(tmp_path: Path) -> None:
    """A file for secrets is read when the process starts."""
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    assert open_oidc(settings(oidc_client_secret_file=file)) is not None


def test_the_secret_is_written_nowhere() -> None:
    """What the launcher writes down and says of its settings does not have the secret in it."""
    given = settings(oidc_client_secret=SecretStr("s3cret"))
    assert "s3cret" not in given.model_dump_json()
    assert "s3cret" not in repr(given)
    assert "COP_OIDC_CLIENT_SECRET" not in given.environment()


def test_groups_become_roles() -> None:
    """A group may have an equals sign in it; an agency is optional and of any case."""
    chiefs, staff = read_grants(" cn=chiefs = commander : emsc ,staff=viewer")
    assert (chiefs.group, chiefs.role, chiefs.agency) == ("cn=chiefs", Role.COMMANDER, "EMSC")
    assert (staff.group, staff.role, staff.agency) == ("staff", Role.VIEWER, "")


@pytest.mark.parametrize(
    ("claims", "groups"),
    [
        ({"groups": ["a", "b", 7]}, {"a", "b"}),
        ({"groups": "a"}, {"a"}),
        ({"groups": None}, set()),
        ({}, set()),
    ],
)
def test_groups_are_read_leniently(claims: dict[str, Any], groups: set[str]) -> None:
    """One group or a list; what is neither is no group."""
    assert groups_from(claims, "groups") == groups


def test_groups_may_lie_deeper() -> None:
    """Dots lead into objects, unless a claim is called just so."""
    assert groups_from({"realm": {"roles": ["a"]}}, "realm.roles") == {"a"}
    assert groups_from({"https://x.example/roles": "a"}, "https://x.example/roles") == {"a"}
    assert groups_from({"realm": ["a"]}, "realm.roles") == frozenset()


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "Chan.TM@dsd.example"}, "chan.tm"),
        ({"preferred_username": "DSD\\Chan Tai Man"}, "dsd-chan-tai-man"),
        ({"email": "wong@fsd.example"}, "wong"),
        ({"preferred_username": "陳大文", "email": "chan@x.example"}, "chan"),
        ({"preferred_username": "../../x"}, "x"),
        ({"preferred_username": "x" * 90}, "x" * 64),
    ],
)
def test_names_are_folded(claims: dict[str, Any], name: str) -> None:
    """What the provider calls somebody becomes a name that can be one here."""
    assert name_from(claims) == name


def test_somebody_without_a_name_gets_one() -> None:
    """A name in Chinese alone, or none, does not keep anybody out."""
    first, second = (name_from({"sub": sub, "preferred_username": "陳"}) for sub in "ab")
    assert first.startswith("user-")
    assert first != second


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://sso.example/a", True),
        ("http://127.0.0.1:80/a", True),
        ("http://[::1]/a", True),
        ("http://localhost/a", True),
        ("http://sso.example/a", False),
        ("http://127.0.0.1.evil.example/a", False),
        ("https://user@sso.example/a", False),
        ("https://sso.example/a#b", False),
        ("https:///a", False),
        ("https://sso.example:port/", False),
        ("https://[bad/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_safe_addresses_are_asked(address: str, safe: bool) -> None:
    """Nothing goes in the clear, except to this very machine."""
    assert is_safe(address) is safe
