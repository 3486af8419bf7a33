"""Signing in through a provider: the whole way over real HTTP, and all that must not work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from cop.api import words
from cop.errors import Misconfigured
from cop.services.accounts import add_user, disable_user, reset_password, set_user
from cop.services.policy import Role
from tests.integration.provided_site import Site, problem_of, settings_for
from tests.integration.sign_in_provider import ec_key, rsa_key, sign_in_provider
from tests.integration.web_server import web_server


@pytest.fixture
def site() -> Iterator[Site]:
    """Run a provider and a web process that knows it."""
    with (
        sign_in_provider() as provider,
        web_server(settings=settings_for(provider.issuer)) as server,
    ):
        yield Site(server, provider)


@pytest.fixture
def browser(site: Site) -> Iterator[httpx.Client]:
    """Give a browser that has never been anywhere."""
    with site.server.client() as client:
        yield client


def test_the_whole_way(site: Site, browser: httpx.Client) -> None:
    """There and back, and one is somebody with the role, agency and page that one wanted."""
    page = browser.get("/sign-in?next=%2Fcommand%3Fsel%3Da&lang=en").text
    assert words.OUTSIDE["en"] in page
    assert 'href="/sign-in/oidc?lang=en&amp;next=%2Fcommand%3Fsel%3Da"' in page
    answer = site.sign_in(browser, next="/command?sel=a")
    assert (answer.status_code, answer.headers["location"]) == (303, "/command?sel=a")
    assert "HttpOnly" in answer.headers["set-cookie"]
    me = browser.get("/api/v1/me").json()
    assert (me["name"], me["role"], me["agency"]) == ("chan.tm", "field", "DSD")
    (user,) = site.users()
    assert (user.password, user.operations) == ("", ("live",))
    assert "248289761001" not in repr(user)


@pytest.mark.parametrize("where", ["cross-site", "same-site"])
def test_another_sites_link_begins_no_session(
    site: Site, browser: httpx.Client, where: str
) -> None:
    """Whoever follows one comes to the sign-in page and presses there, or does not."""
    asked = {"lang": "en", "next": "/command?sel=a"}
    answer = browser.get("/sign-in/oidc", params=asked, headers={"Sec-Fetch-Site": where})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?lang=en&next=%2Fcommand%3Fsel%3Da"
    assert "set-cookie" not in answer.headers
    here = browser.get("/sign-in/oidc", params=asked, headers={"Sec-Fetch-Site": "same-origin"})
    assert here.headers["location"].startswith(site.provider.issuer)


def test_over_https_both_cookies_are_kept_to_it() -> None:
    """The session's and the sign-in's: Secure, for this host and path alone, out of reach."""
    with (
        sign_in_provider() as provider,
        web_server(settings=settings_for(provider.issuer, secure_cookies=True)) as server,
        server.client() as client,
    ):
        server.add("wong", Role.FIELD)
        credentials = {"username": "wong", "password": server.passwords["wong"]}
        for name, answer in (
            ("__Host-cop", client.post("/api/v1/session", json=credentials)),
            ("__Host-cop-oidc", client.get("/sign-in/oidc")),
        ):
            said = answer.headers["set-cookie"]
            parts = {part.strip().lower() for part in said.split(";")[1:]}
            assert said.startswith(f"{name}=")
            assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts
            assert not [part for part in parts if part.startswith("domain")]


def test_a_foreign_address_is_no_place_to_go(site: Site, browser: httpx.Client) -> None:
    """What one wanted is a path here, or it is the page of the emergency centre."""
    answer = site.sign_in(browser, next="https://evil.example/")
    assert answer.headers["location"] == "/command"


def test_elliptic_signatures_are_believed(site: Site, browser: httpx.Client) -> None:
    """ES256 is as good as RS256."""
    site.provider.keys = [ec_key("curve")]
    site.sign_in(browser)
    assert browser.get("/api/v1/me").json()["signed_in"] is True


def test_the_same_person_is_the_same_account(site: Site, browser: httpx.Client) -> None:
    """Who somebody is follows from issuer and subject, not from the name they now have."""
    site.sign_in(browser)
    site.provider.person["preferred_username"] = "someone.else"
    site.sign_in(browser)
    assert browser.get("/api/v1/me").json()["name"] == "chan.tm"
    assert len(site.users()) == 1


def test_signing_in_anew_ends_what_the_browser_had(site: Site, browser: httpx.Client) -> None:
    """A browser has one session; the one before opens nothing any more."""
    site.sign_in(browser)
    before = browser.cookies["cop"]
    site.sign_in(browser)
    now = browser.get("/api/v1/me/sessions").json()["sessions"]
    assert [one["current"] for one in now] == [True]
    assert before != browser.cookies["cop"]


def test_an_account_with_a_password_is_never_taken_over(site: Site, browser: httpx.Client) -> None:
    """Calling oneself like somebody else at the provider gives an account of one's own."""
    password = add_user(site.server.accounts, "chan.tm", Role.COMMANDER)
    site.sign_in(browser)
    me = browser.get("/api/v1/me").json()
    assert me["name"].startswith("chan.tm-")
    assert me["role"] == "field"
    with site.server.client() as other:
        credentials = {"username": "chan.tm", "password": password}
        assert other.post("/api/v1/session", json=credentials).json()["role"] == "commander"
    site.provider.person = {"sub": "another", "email": "chan.tm@fsd.example", "groups": "staff"}
    with site.server.client() as third:
        site.sign_in(third)
        assert third.get("/api/v1/me").json()["name"] not in {"chan.tm", me["name"]}


def test_the_account_has_no_password(site: Site, browser: httpx.Client) -> None:
    """Nobody signs in to such an account with a password, an empty one least of all."""
    site.sign_in(browser)
    with site.server.client() as other:
        for password in ("x", " ", "password"):
            credentials = {"username": "chan.tm", "password": password}
            assert other.post("/api/v1/session", json=credentials).status_code == 401
    with pytest.raises(Misconfigured, match="provider"):
        reset_password(site.server.accounts, "chan.tm")
    with pytest.raises(Misconfigured, match="provider decides"):
        set_user(site.server.accounts, "chan.tm", role=Role.COMMANDER)
    assert set_user(site.server.accounts, "chan.tm", belongs_to=["resource:t1"]) == 1


def test_groups_decide_at_every_sign_in(site: Site, browser: httpx.Client) -> None:
    """A new group is a new role, and what was open under the old one ends."""
    site.sign_in(browser)
    site.provider.person["groups"] = ["drainage", "cn=chiefs"]
    with site.server.client() as second:
        site.sign_in(second)
        me = second.get("/api/v1/me").json()
        assert (me["role"], me["agency"]) == ("commander", "EMSC")
    assert browser.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("groups", [None, [], ["others"], 7, [["drainage"]], {"drainage": 1}])
def test_nobody_without_a_role_comes_in(site: Site, browser: httpx.Client, groups: Any) -> None:
    """Known to the provider is not enough; and who has lost the role is out everywhere."""
    site.sign_in(browser)
    site.provider.person["groups"] = groups
    with site.server.client() as second:
        assert problem_of(site.sign_in(second)) == "no-role"
        assert second.get("/api/v1/me").json()["signed_in"] is False
    assert browser.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(("group", "days"), [("cn=chiefs", 1), ("drainage", 14)])
def test_how_long_a_sign_in_lasts(site: Site, browser: httpx.Client, group: str, days: int) -> None:
    """A day at a desk; out there, from where the provider cannot be asked, as by a password."""
    site.provider.person["groups"] = [group]
    assert f"Max-Age={days * 86_400};" in site.sign_in(browser).headers["set-cookie"]
    answer = browser.post("/api/v1/me/session/renew", json={})
    assert answer.json()["idle_s"] == (72 if days == 14 else 12) * 3600


def test_a_disabled_account_stays_out(site: Site, browser: httpx.Client) -> None:
    """The provider does not let anybody in whom we have disabled."""
    site.sign_in(browser)
    disable_user(site.server.accounts, "chan.tm")
    with site.server.client() as second:
        assert problem_of(site.sign_in(second)) == "disabled"
    assert site.users()[0].disabled


def test_what_went_wrong_is_said_in_words(site: Site, browser: httpx.Client) -> None:
    """Every problem has a sentence on the sign-in page; what is none says nothing."""
    for problem, sentence in words.OUTSIDE_PROBLEMS.items():
        page = browser.get("/sign-in", params={"problem": problem, "lang": "zh-Hant"}).text
        assert sentence["zh-Hant"] in page
    assert "<b>" not in browser.get("/sign-in", params={"problem": "<b>"}).text


def test_new_keys_are_fetched_and_seldom(
    site: Site, browser: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that we do not know makes us ask once; a stranger's cannot make us ask all the time."""
    site.sign_in(browser)
    assert site.provider.asked["/keys"] == 1
    site.provider.keys = [rsa_key("second")]
    assert problem_of(site.sign_in(browser)) == "failed"
    assert site.provider.asked["/keys"] == 1
    monkeypatch.setattr("cop.services.oidc_provider.ASK_AGAIN_S", 0.0)
    site.sign_in(browser)
    assert browser.get("/api/v1/me").json()["signed_in"] is True
    assert site.provider.asked == {
        "/.well-known/openid-configuration": 1,
        "/keys": 2,
        "/token": 3,
    }


def test_an_answer_is_taken_once(site: Site, browser: httpx.Client) -> None:
    """The same code and state again, or an old code under a new state, open nothing."""
    back = site.provider.visit(site.begin(browser))
    assert site.come_back(browser, back).headers["location"] == "/command"
    assert problem_of(site.come_back(browser, back)) == "expired"
    code = parse_qs(urlsplit(back).query)["code"][0]
    site.provider.send = {"code": code}
    assert problem_of(site.sign_in(browser)) == "unreachable"


def test_an_answer_is_for_the_browser_that_asked(site: Site, browser: httpx.Client) -> None:
    """Whoever is sent somebody else's way back is not signed in as them."""
    back = site.provider.visit(site.begin(browser))
    with site.server.client() as victim:
        assert problem_of(site.come_back(victim, back)) == "expired"
        site.begin(victim)
        assert problem_of(site.come_back(victim, back)) == "expired"
        assert victim.get("/api/v1/me").json()["signed_in"] is False


def test_two_tabs_may_sign_in_at_once(site: Site, browser: httpx.Client) -> None:
    """Beginning again in the same browser does not spoil what was begun before."""
    first, second = (site.provider.visit(site.begin(browser)) for _ in range(2))
    for back in (first, second):
        assert site.come_back(browser, back).headers["location"] == "/command"


BROKEN = {
    "error": (500, b"{}"),
    "redirect": (302, b""),
    "page": (200, b"<html>"),
    "list": (200, b"[]"),
    "empty": (200, b"{}"),
    "numbers": (200, b'{"keys":7,"id_token":7}'),
    "too large": (200, b" " * 600_000 + b"{}"),
}


def test_a_broken_provider_breaks_nothing(site: Site, browser: httpx.Client) -> None:
    """Whatever it answers, one is told in words, and can still sign in with a password."""
    for path in ("/.well-known/openid-configuration", "/keys", "/token"):
        for name, answer in BROKEN.items():
            site.provider.answer = {path: answer}
            said = browser.get("/sign-in/oidc")
            if path != "/.well-known/openid-configuration":
                said = site.come_back(browser, site.provider.visit(said.headers["location"]))
            assert problem_of(said) == "unreachable", (path, name)
    site.server.add("wong", Role.VIEWER)
    with site.server.client("wong") as wong:
        assert wong.get("/api/v1/me").json()["name"] == "wong"
    site.provider.answer = {}
    assert site.sign_in(browser).headers["location"] == "/command"


def test_a_provider_that_points_elsewhere_is_refused(site: Site, browser: httpx.Client) -> None:
    """It must call itself what we call it, and nothing goes in the clear to another machine."""
    for wrong in (
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://198.51.100.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ):
        site.provider.description = wrong
        assert problem_of(browser.get("/sign-in/oidc")) == "unreachable", wrong


def test_beginning_is_limited(
    site: Site, browser: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One address cannot make us keep more and more."""
    monkeypatch.setattr("cop.services.sign_in.ATTEMPTS_PER_ADDRESS", 2)
    for _ in range(2):
        site.begin(browser)
    assert problem_of(browser.get("/sign-in/oidc")) == "limited"


def test_an_exercise_has_accounts_of_its_own() -> None:
    """Who is a commander in an exercise is not made one on live, though the accounts are shared."""
    with sign_in_provider() as provider:
        live = settings_for(provider.issuer)
        exercise = settings_for(
            provider.issuer,
            operation="exercise-storm",
            scenario="storm",
            oidc_roles="staff=commander",
        )
        with (
            web_server(settings=live) as real,
            web_server(settings=exercise, accounts=real.accounts) as played,
            real.client() as at_work,
            played.client() as at_play,
        ):
            Site(real, provider).sign_in(at_work)
            Site(played, provider).sign_in(at_play)
            me, player = (client.get("/api/v1/me").json() for client in (at_work, at_play))
            assert (me["role"], player["role"]) == ("field", "commander")
            assert me["name"] != player["name"]
            token = at_play.cookies["cop-exercise"]
            bearer = {"Authorization": f"Bearer {token}"}
            assert httpx.get(f"{real.url}/api/v1/me", headers=bearer).status_code == 401
            mixed = provider.visit(Site(played, provider).begin(at_play))
            at_work.cookies.set("cop-oidc", at_play.cookies["cop-oidc"])
            assert problem_of(Site(real, provider).come_back(at_work, mixed)) == "expired"


def test_without_a_provider_there_is_no_such_way() -> None:
    """The sign-in page does not offer it and the paths say that it is not set up."""
    with web_server() as server, server.client() as client:
        assert "/sign-in/oidc" not in client.get("/sign-in").text
        for path in ("/sign-in/oidc", "/sign-in/oidc/callback"):
            assert client.get(path).status_code == 404
