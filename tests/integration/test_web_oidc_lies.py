"""ID tokens and answers of a provider that lies: none of them opens anything."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.integration.provided_site import Site, problem_of, settings_for
from tests.integration.sign_in_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    SignInProvider,
    ec_key,
    rsa_key,
    sign_in_provider,
)
from tests.integration.web_server import web_server


@pytest.fixture(scope="module")
def shared_site() -> Iterator[Site]:
    """Run a provider and a web process for all tests that only have the provider lie."""
    with (
        sign_in_provider() as provider,
        web_server(settings=settings_for(provider.issuer)) as server,
    ):
        yield Site(server, provider)


@pytest.fixture
def lying(shared_site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Give the shared site, whose provider tells the truth again after the test."""
    for name in ("twist", "sign", "send"):
        monkeypatch.setattr(shared_site.provider, name, getattr(shared_site.provider, name))
    return shared_site


@pytest.fixture
def site() -> Iterator[Site]:
    """Run a provider and a web process that has not asked it for its keys yet."""
    with (
        sign_in_provider() as provider,
        web_server(settings=settings_for(provider.issuer)) as server,
    ):
        yield Site(server, provider)


def wrong_nonce(claims: dict[str, Any]) -> None:
    """Answer another sign-in."""
    claims["nonce"] = "A" * 43


def without(name: str) -> Callable[[dict[str, Any]], None]:
    """Leave a claim out."""
    return lambda claims: claims.pop(name) and None


def said(**changed: Any) -> Callable[[dict[str, Any]], None]:
    """Say something else."""
    return lambda claims: claims.update(changed)


def times(**seconds: int) -> Callable[[dict[str, Any]], None]:
    """Say times that are so many seconds from now."""
    return lambda claims: claims.update(
        {name: int(time.time()) + shift for name, shift in seconds.items()}
    )


@pytest.mark.parametrize(
    "twist",
    [
        pytest.param(wrong_nonce, id="nonce of another sign-in"),
        pytest.param(without("nonce"), id="no nonce"),
        pytest.param(said(nonce=["x"]), id="a list as nonce"),
        pytest.param(said(aud="somebody else"), id="audience"),
        pytest.param(without("aud"), id="no audience"),
        pytest.param(said(aud=[CLIENT_ID, "other"]), id="several audiences without azp"),
        pytest.param(said(azp="other"), id="azp"),
        pytest.param(said(iss="https://other.example"), id="issuer"),
        pytest.param(without("iss"), id="no issuer"),
        pytest.param(times(exp=-61), id="expired"),
        pytest.param(without("exp"), id="no expiry"),
        pytest.param(said(exp="soon"), id="expiry that is none"),
        pytest.param(times(iat=120, exp=600), id="issued in the future"),
        pytest.param(times(iat=-900), id="issued long ago"),
        pytest.param(without("iat"), id="no issuing time"),
        pytest.param(times(nbf=120), id="not yet"),
        pytest.param(without("sub"), id="nobody"),
        pytest.param(said(sub=""), id="empty subject"),
        pytest.param(said(sub=7), id="subject that is no string"),
        pytest.param(said(sub="x" * 256), id="endless subject"),
    ],
)
def test_a_token_that_is_not_for_us_now_is_refused(
    lying: Site, twist: Callable[[dict[str, Any]], None]
) -> None:
    """Every claim that OpenID Connect has us check is checked; nobody comes in, nothing is made."""
    lying.provider.twist = twist
    before = lying.users()
    with lying.server.client() as browser:
        assert problem_of(lying.sign_in(browser)) == "failed"
        assert browser.get("/api/v1/me").json()["signed_in"] is False
    assert lying.users() == before


@pytest.mark.parametrize(
    "twist",
    [
        pytest.param(times(exp=-30), id="just expired"),
        pytest.param(times(iat=30), id="clock ahead"),
        pytest.param(said(aud=[CLIENT_ID, "other"], azp=CLIENT_ID), id="azp"),
        pytest.param(said(aud=[CLIENT_ID]), id="list of one"),
    ],
)
def test_clocks_may_differ_a_little(lying: Site, twist: Callable[[dict[str, Any]], None]) -> None:
    """What is right within a minute, or said in another way that is allowed, is believed."""
    lying.provider.twist = twist
    with lying.server.client() as browser:
        lying.sign_in(browser)
        assert browser.get("/api/v1/me").json()["signed_in"] is True


def part(value: Any) -> str:
    """Encode one part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def with_hmac(claims: dict[str, Any], shared: bytes) -> str:
    """Sign with HS256 and what both sides, or everybody, may know."""
    signed = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims)}"
    code = hmac.digest(shared, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(code).rstrip(b'=').decode()}"


def changed(token: str, claims: dict[str, Any]) -> str:
    """Put other claims between a header and a signature that were genuine."""
    head, _, signature = token.split(".")
    return f"{head}.{part(claims | {'groups': ['cn=chiefs']})}.{signature}"


def key_inside(claims: dict[str, Any], stranger: RSAKey) -> str:
    """Bring the key that proves it along."""
    header = {"alg": "RS256", "kid": "x", "jwk": stranger.as_dict(private=False)}
    return jwt.encode(header, claims, stranger, ["RS256"])


Forger = Callable[[SignInProvider, dict[str, Any]], str]
FORGED: dict[str, Forger] = {
    "none": lambda _, claims: f"{part({'alg': 'none'})}.{part(claims)}.",
    "none, kid": lambda _, c: f"{part({'alg': 'none', 'kid': 'first'})}.{part(c)}.AAAA",
    "HS256 with the public key": lambda provider, claims: with_hmac(
        claims, provider.keys[0].as_pem(private=False)
    ),
    "HS256 with the secret": lambda _, claims: with_hmac(claims, CLIENT_SECRET.encode()),
    "RS512": lambda provider, claims: jwt.encode(
        {"alg": "RS512", "kid": "first"}, claims, provider.keys[0], ["RS512"]
    ),
    "another key": lambda provider, claims: provider.signed(claims, rsa_key("first", "stranger")),
    "unknown kid": lambda provider, claims: provider.signed(claims, rsa_key("nobody's")),
    "key inside": lambda _, claims: key_inside(claims, rsa_key("first", "stranger")),
    "changed": lambda provider, claims: changed(provider.signed(claims), claims),
} | {
    kind[:10]: lambda _, __, kind=kind: kind for kind in ("", "a.b", "a.b.c", "é.é.é", "x" * 70_000)
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_signature_that_is_not_the_providers_is_refused(lying: Site, kind: str) -> None:
    """Unsigned, signed with something public, with a stranger's key or not at all."""
    lying.provider.sign = lambda claims: FORGED[kind](lying.provider, claims)
    before = lying.users()
    with lying.server.client() as browser:
        assert problem_of(lying.sign_in(browser)) == "failed"
    assert lying.users() == before


@pytest.mark.parametrize(
    "published",
    [
        pytest.param({"use": "enc"}, id="for encryption"),
        pytest.param({"alg": "RS512"}, id="for another algorithm"),
        pytest.param({"kty": "oct", "k": "AAAA"}, id="of another type"),
        pytest.param({"n": "AQAB"}, id="too short"),
        pytest.param({"n": 7}, id="a number"),
        pytest.param({"n": "!"}, id="nonsense"),
    ],
)
def test_keys_that_prove_nothing_are_refused(site: Site, published: dict[str, Any]) -> None:
    """A key for something else, or one that anybody can break, is none, whoever publishes it."""
    key = site.provider.keys[0].as_dict(private=False) | published
    site.provider.answer["/keys"] = (200, json.dumps({"keys": [key]}).encode())
    with site.server.client() as browser:
        assert problem_of(site.sign_in(browser)) == "failed"
    assert site.users() == []


def test_another_curve_is_refused(site: Site) -> None:
    """ES256 means the curve P-256 and no other."""
    site.provider.keys = [ec_key("curve")]
    other = ec_key("curve", "P-384").as_dict(private=False)
    site.provider.answer["/keys"] = (200, json.dumps({"keys": [other]}).encode())
    with site.server.client() as browser:
        assert problem_of(site.sign_in(browser)) == "failed"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({}, "expired"),
        ({"state": "x", "code": "y"}, "expired"),
        ({"state": "A" * 43, "code": "y"}, "expired"),
        ({"error": "access_denied"}, "expired"),
    ],
)
def test_nonsense_opens_nothing(lying: Site, query: dict[str, str], problem: str) -> None:
    """What never was asked is not answered."""
    with lying.server.client() as browser:
        answer = browser.get("/sign-in/oidc/callback", params=query)
        assert problem_of(answer) == problem
        twice = browser.get("/sign-in/oidc/callback?state=a&state=b")
        assert problem_of(twice) == "failed"


@pytest.mark.parametrize(
    ("send", "problem"),
    [
        ({"iss": "https://other.example"}, "failed"),
        ({"iss": ""}, "failed"),
        ({"code": "", "error": "access_denied"}, "denied"),
        ({"code": "", "error": "server_error"}, "failed"),
        ({"code": "", "error": ""}, "failed"),
        ({"code": "x" * 5000}, "failed"),
        ({"code": "unknown"}, "unreachable"),
    ],
)
def test_what_the_provider_sends_back_is_checked(
    lying: Site, send: dict[str, str], problem: str
) -> None:
    """The name of another provider, no code, a refusal: each leads back with its sentence."""
    lying.provider.send = send
    with lying.server.client() as browser:
        assert problem_of(lying.sign_in(browser)) == problem
