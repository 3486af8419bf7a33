"""A small OpenID Connect provider on loopback: real HTTP, real signatures, and it can misbehave."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT_ID = "cop picture"
CLIENT_SECRET = "s:cret/+ %"


@functools.cache
def rsa_key(kid: str, owner: str = "provider") -> RSAKey:
    """Give the key for RS256 that *owner* calls *kid*; making one takes a while."""
    return RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig"})


def ec_key(kid: str, curve: Any = "P-256") -> ECKey:
    """Make a key for ES256."""
    return ECKey.generate_key(curve, parameters={"kid": kid, "use": "sig"})


@dataclass(slots=True)
class Asking:
    """One authorization that the provider gave, until its code is redeemed."""

    nonce: str
    challenge: str
    redirect_uri: str
    claims: dict[str, Any]


@dataclass(slots=True)
class SignInProvider:
    """What the provider is and does; tests change it to misbehave.

    Attributes:
        issuer: what it calls itself, which is also its address.
        person: claims about whoever signs in.
        twist: changes the claims of the next ID tokens.
        sign: signs them; the default is RS256 with the first key.
        keys: what it publishes.
        description: added to what it says of itself.
        send: added to what it sends the browser back with.
        answer: made the answer of a path, instead of the right one.
        asked: how often each path was asked.
    """

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    twist: Callable[[dict[str, Any]], None] = lambda claims: None
    sign: Callable[[dict[str, Any]], str] | None = None
    keys: list[RSAKey | ECKey] = field(default_factory=lambda: [rsa_key("first")])
    description: dict[str, Any] = field(default_factory=dict)
    send: dict[str, str] = field(default_factory=dict)
    answer: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    codes: dict[str, Asking] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Say of itself what discovery asks."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=hk",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        } | self.description

    def authorize(self, asked: dict[str, str]) -> str:
        """Take a person for granted and give where their browser is sent back to."""
        assert asked["tenant"] == "hk"
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = Asking(
            asked["nonce"], asked["code_challenge"], asked["redirect_uri"], dict(self.person)
        )
        answer = {"code": code, "state": asked["state"], "iss": self.issuer} | self.send
        answer = {name: value for name, value in answer.items() if value}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Give an ID token for a code, once, to the client whose proof key fits."""
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        expected = urlencode({"": CLIENT_ID})[1:] + ":" + urlencode({"": CLIENT_SECRET})[1:]
        if given != expected:
            return 401, {"error": "invalid_client"}
        asking = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asking is None
            or asking.challenge != challenge
            or asking.redirect_uri != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asking.nonce,
        } | asking.claims
        self.twist(claims)
        token = self.sign(claims) if self.sign else self.signed(claims)
        return 200, {"id_token": token, "access_token": "unused", "token_type": "Bearer"}

    def signed(self, claims: dict[str, Any], key: RSAKey | ECKey | None = None) -> str:
        """Sign *claims* with *key*, or the first of ours."""
        chosen = key or self.keys[0]
        algorithm = "RS256" if isinstance(chosen, RSAKey) else "ES256"
        return jwt.encode({"alg": algorithm, "kid": chosen.kid}, claims, chosen, [algorithm])

    def visit(self, address: str) -> str:
        """Be the browser at the provider's page; give where it is sent back to."""
        return httpx.get(address).headers["location"]


class _Handler(BaseHTTPRequestHandler):
    provider: SignInProvider

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        if path == "/.well-known/openid-configuration":
            self._say(path, 200, self.provider.describe())
        elif path == "/keys":
            keys = [key.as_dict(private=False) for key in self.provider.keys]
            self._say(path, 200, {"keys": keys})
        elif path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(_flat(query)))
            self.send_header("Content-Length", "0")
            self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, said = self.provider.redeem(_flat(body), self.headers.get("Authorization", ""))
        self._say("/token", status, said)

    def _say(self, path: str, status: int, said: Any) -> None:
        self.provider.asked[path] = self.provider.asked.get(path, 0) + 1
        status, body = self.provider.answer.get(path, (status, json.dumps(said).encode()))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if 300 <= status < 400:
            self.send_header("Location", f"{self.provider.issuer}{path}")
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # whoever asked has had enough
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextlib.contextmanager
def sign_in_provider() -> Iterator[SignInProvider]:
    """Run a provider until the end of the block."""
    provider = SignInProvider(
        person={
            "sub": "248289761001",
            "preferred_username": "Chan.TM@dsd.example",
            "groups": ["staff", "drainage"],
        }
    )
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=60)
