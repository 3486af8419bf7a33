"""The sign-in provider as we reach it: its description, its keys, and codes for ID tokens.

Every exchange is bounded in time and size, follows no redirect, and goes over https; plain http is
for a provider on this very machine.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

import httpx
import orjson
import structlog

from cop.errors import CopError

log = structlog.get_logger(__name__)

EXCHANGE_S: Final = 10.0
MOST_BYTES: Final = 512 * 1024
KEPT_S: Final = 3600.0
ASK_AGAIN_S: Final = 60.0
"""How often an unknown key may make us ask for the keys again."""

_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": "identity"}


class ProviderFailed(CopError):
    """The sign-in provider could not be reached, or did not answer as it must."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the provider says of itself; see OpenID Connect Discovery 1.0.

    Attributes:
        names_itself: it puts its name into what it sends back, as RFC 9207 says.
        secret_in_body: it takes the client's secret only in the body of the request.
    """

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_itself: bool
    secret_in_body: bool


def is_safe(address: str) -> bool:
    """Tell whether *address* is https, or http to this very machine, and nothing strange."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.fragment or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Provider:
    """One sign-in provider, what it said kept for an hour. Use from one event loop."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the address of the *issuer* and who we are to it; nothing is asked yet."""
        self.issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._now_s = now_s
        self._lock = asyncio.Lock()
        self._description: tuple[Description, float] | None = None
        self._keys: tuple[list[Mapping[str, Any]], float] | None = None

    async def describe(self) -> Description:
        """Give what the provider says of itself.

        Raises:
            ProviderFailed: it cannot be reached, or says something that cannot be.
        """
        async with self._lock:
            now = self._now_s()
            if self._description is None or now - self._description[1] > KEPT_S:
                path = "/.well-known/openid-configuration"
                said = await self._exchange("GET", self.issuer.rstrip("/") + path)
                self._description = (self._read_description(said), now)
            return self._description[0]

    async def keys(self, *, unknown: bool = False) -> list[Mapping[str, Any]]:
        """Give the provider's public keys; *unknown*: those we had were not enough.

        Raises:
            ProviderFailed: it cannot be reached, or gives no keys.
        """
        address = (await self.describe()).jwks_uri
        async with self._lock:
            now = self._now_s()
            age = KEPT_S * 2 if self._keys is None else now - self._keys[1]
            if self._keys is None or age > KEPT_S or (unknown and age > ASK_AGAIN_S):
                said = await self._exchange("GET", address)
                keys = said.get("keys")
                if not isinstance(keys, list):
                    raise ProviderFailed("the sign-in provider gave no keys")
                self._keys = ([key for key in keys if isinstance(key, dict)], now)
            return self._keys[0]

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> str:
        """Exchange a *code* for an ID token, which is still to be checked.

        Raises:
            ProviderFailed: the provider does not take the code, or cannot be reached.
        """
        description = await self.describe()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": self._client_id,
        }
        auth: httpx.BasicAuth | None = None
        if self._client_secret and description.secret_in_body:
            form["client_secret"] = self._client_secret
        elif self._client_secret:
            auth = httpx.BasicAuth(_escaped(self._client_id), _escaped(self._client_secret))
        said = await self._exchange("POST", description.token_endpoint, data=form, auth=auth)
        token = said.get("id_token")
        if not isinstance(token, str):
            raise ProviderFailed("the sign-in provider gave no ID token")
        return token

    def _read_description(self, said: Mapping[str, Any]) -> Description:
        if said.get("issuer") != self.issuer:
            raise ProviderFailed("the sign-in provider calls itself by another name")
        addresses = {
            name: said.get(name)
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        }
        for name, address in addresses.items():
            if not isinstance(address, str) or not is_safe(address):
                raise ProviderFailed(f"the sign-in provider's {name} is missing or is not https")
        ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Description(
            **{name: str(address) for name, address in addresses.items()},
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
            secret_in_body="client_secret_basic" not in ways and "client_secret_post" in ways,
        )

    async def _exchange(self, method: str, address: str, **request: Any) -> Mapping[str, Any]:
        """Ask for a JSON object, within limits of time and size."""
        try:
            async with (
                asyncio.timeout(EXCHANGE_S),
                httpx.AsyncClient(timeout=EXCHANGE_S, trust_env=False) as client,
                client.stream(method, address, headers=_HEADERS, **request) as answer,
            ):
                body = bytearray()
                async for piece in answer.aiter_raw():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise ProviderFailed("the sign-in provider's answer is too large")
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            log.warning("oidc_unreachable", reason=type(error).__name__)
            raise ProviderFailed("the sign-in provider cannot be reached") from error
        if answer.status_code != httpx.codes.OK:
            log.warning("oidc_refused", status=answer.status_code)
            raise ProviderFailed(f"the sign-in provider answered {answer.status_code}")
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ProviderFailed("the sign-in provider's answer is not JSON") from error
        if not isinstance(said, dict):
            raise ProviderFailed("the sign-in provider's answer is not an object")
        return said


def _escaped(words: str) -> str:
    """Give *words* as RFC 6749 wants them in an Authorization header."""
    return quote_plus(words)
