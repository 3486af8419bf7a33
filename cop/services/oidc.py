"""Signing in through an OpenID Connect provider: authorization code with PKCE.

What we asked is kept on our side for a few minutes, bound to the browser that asked, and taken
once. Who comes back is bound to the provider's name and its subject, never to a name that people
read.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import orjson
import structlog

from cop.config import Settings
from cop.errors import CopError, Misconfigured
from cop.services.accounts import check_agency, is_name, now_ms
from cop.services.id_token import TokenRefused, check_id_token
from cop.services.oidc_provider import Provider, ProviderFailed, is_safe
from cop.services.policy import Role
from cop.services.sessions import Opening, SignedIn, lasts, milliseconds, open_session
from cop.services.sign_in import count_address
from cop.store.accounts import Accounts, User

log = structlog.get_logger(__name__)

CALLBACK: Final = "/sign-in/oidc/callback"
PENDING_FOR: Final = timedelta(minutes=10)
OUTSIDE_LIFE: Final = timedelta(hours=24)
"""Whom the provider no longer knows is out within a day; a shift of twelve hours is not cut.
Those out there, who may not reach the provider for days, keep their sessions like anybody's."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_MOST_PARAMETER: Final = 4096


class OutsideRefused(CopError):
    """Signing in through the provider did not work.

    Attributes:
        code: which sentence says so to people: `expired`, `denied`, `failed`, `unreachable`,
            `no-role` or `disabled`.
    """

    def __init__(self, code: str, detail: str) -> None:
        """Keep *code*; *detail* is for the log and names nobody."""
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Grant:
    """What the members of a group at the provider are here."""

    group: str
    role: Role
    agency: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Where to send the browser, and the secret that its cookie must carry when it comes back."""

    address: str
    browser: str


class Oidc:
    """Signing in through one provider, to one operation."""

    def __init__(
        self,
        settings: Settings,
        provider: Provider,
        grants: tuple[Grant, ...],
        *,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """Sign in through *provider*; the first of *grants* that fits decides."""
        self._settings = settings
        self._provider = provider
        self._grants = grants
        self._now_s = now_s
        self._realm = "exercise" if settings.exercise else "live"
        self._redirect_uri = settings.public_url.rstrip("/") + CALLBACK

    async def begin(
        self, accounts: Accounts, *, address: str, browser: str, wanted: str, lang: str
    ) -> Asked:
        """Begin to sign in; *wanted* is the path to go to afterwards, *browser* the cookie so far.

        Raises:
            OutsideRefused: the provider cannot be reached.
            TooManyAttempts: this network address has tried too often.
        """
        await asyncio.to_thread(count_address, accounts, address)
        description = await self._ask(self._provider.describe())
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        browser = browser if _SECRET.fullmatch(browser) else secrets.token_urlsafe(32)
        pending = {
            "nonce": nonce,
            "verifier": verifier,
            "browser": _digest(browser),
            "operation": self._settings.operation,
            "wanted": wanted,
        }
        await asyncio.to_thread(
            accounts.keep,
            f"oidc:{_digest(state)}",
            orjson.dumps(pending),
            ttl_ms=milliseconds(PENDING_FOR),
        )
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self._settings.oidc_client_id,
                "redirect_uri": self._redirect_uri,
                "scope": "openid profile email",
                "state": state,
                "nonce": nonce,
                "code_challenge": _challenge(verifier),
                "code_challenge_method": "S256",
                "ui_locales": lang,
            }
        )
        joint = "&" if urlsplit(description.authorization_endpoint).query else "?"
        return Asked(f"{description.authorization_endpoint}{joint}{query}", browser)

    async def finish(
        self,
        accounts: Accounts,
        answer: Mapping[str, str],
        *,
        browser: str,
        address: str,
        agent: str,
    ) -> tuple[SignedIn, str]:
        """Sign in whoever comes back with *answer*; give the session and the path to go to.

        Raises:
            OutsideRefused: it did not work; its `code` says why.
        """
        pending = await self._take(accounts, answer.get("state", ""), browser)
        description = await self._ask(self._provider.describe())
        sender = answer.get("iss")
        if sender != self._provider.issuer and (sender is not None or description.names_itself):
            raise OutsideRefused("failed", "the answer came from another provider")
        code = answer.get("code", "")
        if "error" in answer or not 0 < len(code) <= _MOST_PARAMETER:
            denied = answer.get("error") == "access_denied"
            raise OutsideRefused("denied" if denied else "failed", "the provider gave no code")
        token = await self._ask(
            self._provider.redeem(code, pending["verifier"], self._redirect_uri)
        )
        claims = await self._ask(
            check_id_token(
                token,
                self._provider,
                client_id=self._settings.oidc_client_id,
                nonce=pending["nonce"],
                now=int(self._now_s()),
            )
        )
        user = await asyncio.to_thread(self._admit, accounts, claims)
        life, idle = lasts(user.role, OUTSIDE_LIFE)
        opening = Opening(
            operation=self._settings.operation, life=life, idle=idle, address=address, agent=agent
        )
        return await asyncio.to_thread(open_session, accounts, user, opening), pending["wanted"]

    async def _take(self, accounts: Accounts, state: str, browser: str) -> dict[str, str]:
        """Give what was asked under *state* by this very browser; of several, one gets it."""
        body = None
        if _SECRET.fullmatch(state):
            body = await asyncio.to_thread(accounts.take, f"oidc:{_digest(state)}")
        pending: dict[str, str] = {} if body is None else orjson.loads(body)
        same = hmac.compare_digest(pending.get("browser", ""), _digest(browser))
        if not same or pending["operation"] != self._settings.operation:
            raise OutsideRefused("expired", "nothing was asked under this state by this browser")
        return pending

    async def _ask(self, question: Any) -> Any:
        """Await *question* of the provider; say in one kind of error what goes wrong."""
        try:
            return await question
        except ProviderFailed as error:
            raise OutsideRefused("unreachable", str(error)) from error
        except TokenRefused as error:
            log.warning("oidc_token_refused", reason=str(error))
            raise OutsideRefused("failed", str(error)) from error

    def _admit(self, accounts: Accounts, claims: Mapping[str, Any]) -> User:
        """Give the account of whom *claims* speak of, made or brought up to date."""
        external = _digest("\n".join((self._realm, self._provider.issuer, claims["sub"])))
        known = accounts.find_external(external)
        grant = self._grant(claims)
        if grant is None:
            if known is not None:
                accounts.end_sessions(known.name)
            log.warning("oidc_without_role")
            raise OutsideRefused("no-role", "no group of theirs has a role here")
        if known is None:
            known = self._add(accounts, claims, external, grant)
        now: list[User] = []

        def change(user: User) -> User:
            now[:] = [user]
            if user.disabled or user.external != external:
                raise OutsideRefused("disabled", "the account is disabled")
            return replace(
                user,
                role=grant.role.value,
                agency=grant.agency,
                operations=(self._settings.operation,),
            )

        user = accounts.change_user(known.name, change)
        if user is None:
            raise OutsideRefused("failed", "the account is gone")
        if user != now[0]:
            accounts.end_sessions(user.name)
            log.info("oidc_user_changed", role=user.role)
        return user

    def _add(
        self, accounts: Accounts, claims: Mapping[str, Any], external: str, grant: Grant
    ) -> User:
        """Add the account; where somebody else has the name, it gets a few characters more."""
        name = name_from(claims)
        for free in (name, f"{name[:57]}-{external[:6]}", f"user-{external[:24]}"):
            user = User(
                name=free,
                role=grant.role.value,
                agency=grant.agency,
                password="",
                disabled=False,
                created_ms=now_ms(),
                operations=(self._settings.operation,),
                external=external,
            )
            if is_name(free) and accounts.add_user(user):
                log.info("user_added", role=grant.role.value)
                return user
            taken = accounts.read_users([free]).get(free)
            if taken is not None and taken.external == external:  # a second tab was first
                return taken
        raise OutsideRefused("failed", "no name is free for the account")

    def _grant(self, claims: Mapping[str, Any]) -> Grant | None:
        groups = groups_from(claims, self._settings.oidc_role_claim)
        return next((grant for grant in self._grants if grant.group in groups), None)


def open_oidc(settings: Settings) -> Oidc | None:
    """Give what signs in through the provider that *settings* name; None when they name none.

    Raises:
        Misconfigured: they are not fit; the message says how to mend it.
    """
    if not settings.oidc_issuer:
        return None
    if not is_safe(settings.oidc_issuer) or urlsplit(settings.oidc_issuer).query:
        raise Misconfigured(
            "COP_OIDC_ISSUER: give the https address that the provider calls itself"
        )
    if not settings.oidc_client_id:
        raise Misconfigured("COP_OIDC_CLIENT_ID: give the name that the provider knows us by")
    if not is_safe(settings.public_url) or urlsplit(settings.public_url).path not in {"", "/"}:
        raise Misconfigured(
            "COP_PUBLIC_URL: give the https address of this site, for example https://cop.example;"
            f" the provider must know it with {CALLBACK} as a redirect address"
        )
    provider = Provider(settings.oidc_issuer, settings.oidc_client_id, _secret(settings))
    return Oidc(settings, provider, read_grants(settings.oidc_roles))


def read_grants(words: str) -> tuple[Grant, ...]:
    """Read `group=role[:agency],…`; of several groups that somebody is in, the first decides.

    Raises:
        Misconfigured: it cannot be read, or names a role or an agency that is none.
    """
    grants = []
    for part in filter(None, map(str.strip, words.split(","))):
        group, _, rest = part.rpartition("=")
        role, _, agency = rest.partition(":")
        people = [known.value for known in Role if known is not Role.MACHINE]
        if not group.strip() or role.strip() not in people:
            raise Misconfigured(
                f"COP_OIDC_ROLES: {part!r} is not group=role or group=role:AGENCY, with a role from"
                f" {', '.join(people)}"
            )
        grants.append(Grant(group.strip(), Role(role.strip()), check_agency(agency)))
    if not grants:
        raise Misconfigured("COP_OIDC_ROLES: say who is what, for example duty=duty_officer:EMSC")
    return tuple(grants)


def groups_from(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    """Give the groups that *claim* holds: one or a list; dots lead into objects."""
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    groups = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return frozenset(group for group in groups if isinstance(group, str))


def name_from(claims: Mapping[str, Any]) -> str:
    """Give a user's name after what the provider calls them: a name to read, never a proof."""
    for claim in ("preferred_username", "email"):
        given = claims.get(claim)
        if isinstance(given, str):
            plain = unicodedata.normalize("NFKC", given).partition("@")[0].strip().lower()
            folded = re.sub(r"[^a-z0-9._-]+", "-", plain).strip("._-")[:64]
            if is_name(folded):
                return folded
    return f"user-{_digest(str(claims.get('sub', '')))[:8]}"


def _secret(settings: Settings) -> str:
    if settings.oidc_client_secret_file is None:
        return settings.oidc_client_secret.get_secret_value()
    try:
        return settings.oidc_client_secret_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"COP_OIDC_CLIENT_SECRET_FILE cannot be read: {error}") from error


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
