"""A web process that knows a sign-in provider, and a browser's way through both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from pydantic import SecretStr

from cop.config import Settings
from cop.services.accounts import list_users
from cop.store.accounts import User
from tests.integration.sign_in_provider import CLIENT_ID, CLIENT_SECRET, SignInProvider
from tests.integration.web_server import Server

ROLES = "cn=chiefs=commander:EMSC, drainage=field:dsd, staff=viewer"


@dataclass(slots=True)
class Site:
    """A web process that knows a provider."""

    server: Server
    provider: SignInProvider

    def begin(self, browser: httpx.Client, **query: str) -> str:
        """Ask to sign in; give where the provider's page is."""
        answer = browser.get("/sign-in/oidc", params=query)
        assert answer.status_code == 303
        assert answer.headers["cache-control"] == "no-store"
        return answer.headers["location"]

    def come_back(self, browser: httpx.Client, location: str) -> httpx.Response:
        """Follow the provider's page back to us, whatever our port."""
        parts = urlsplit(location)
        assert location.startswith("http://127.0.0.1:9/sign-in/oidc/callback?")
        return browser.get(f"{parts.path}?{parts.query}")

    def sign_in(self, browser: httpx.Client, **query: str) -> httpx.Response:
        """Go the whole way."""
        return self.come_back(browser, self.provider.visit(self.begin(browser, **query)))

    def users(self) -> list[User]:
        """List the accounts."""
        return list_users(self.server.accounts)


def problem_of(answer: httpx.Response) -> str:
    """Give what the sign-in page is told to say."""
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    assert target.path == "/sign-in"
    return parse_qs(target.query)["problem"][0]


def settings_for(issuer: str, **changed: Any) -> Settings:
    """Give the settings of a site whose provider is *issuer*."""
    given: dict[str, Any] = {
        "operation": "live",
        "allowed_hosts": "127.0.0.1,localhost",
        "public_url": "http://127.0.0.1:9",
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": SecretStr(CLIENT_SECRET),
        "oidc_roles": ROLES,
    }
    return Settings(**(given | changed))
