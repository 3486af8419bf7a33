"""Web Push: where a browser takes messages, and a message as push services want it.

A push service is a third party. It learns that a browser of somebody's is written to, when, and
how urgently; what is in a message only the browser can read (RFC 8291), all messages are of one
length, and there are no words of the picture in it all the same.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import http_ece
import orjson
import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from cop.clock import utc_iso
from cop.errors import CopError
from cop.model.entity import Severity
from cop.services.accounts import now_ms
from cop.services.hosts import is_among
from cop.services.policy import Identity
from cop.services.push_keys import PushKey, decode, encode
from cop.services.sessions import FIELD_MOST, milliseconds
from cop.store.accounts import Accounts, Subscription

log = structlog.get_logger(__name__)

MOST_A_SESSION: Final = 5
MOST_AN_ACCOUNT: Final = 10
MOST_ENDPOINT: Final = 1_000
GOOD_FOR_S: Final = 3_600
"""For so long a push service keeps a message for a phone that it cannot reach."""
_LENGTH: Final = 256
_URGENT: Final = frozenset({Severity.EXTREME, Severity.SEVERE})
_LABEL: Final = re.compile(r"(?!xn--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""A part of a host's name. One that cannot be looked up, or is encoded, no push service has."""


class NotTrusted(CopError):
    """What a browser gave as its subscription is not one that we would send anything to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a phone is woken for; what it is about, the phone asks for itself.

    Attributes:
        type: `assignment`, `order`, or `roll_call`.
        id: of the assignment or order.
        severity: how bad it is.
        at: when it was given, the operation's time.
        exercise: whether it is part of an exercise.
    """

    type: Literal["assignment", "order", "roll_call"]
    id: str
    severity: Severity
    at: datetime
    exercise: bool = False

    @property
    def urgency(self) -> str:
        """How much of its battery a phone should spend on it (RFC 8030)."""
        urgent = self.type == "roll_call" or self.severity in _URGENT
        return "high" if urgent else "normal"

    def encode(self) -> bytes:
        """Give it as JSON, filled up with blanks so that its length tells nothing."""
        said: dict[str, Any] = {
            "type": self.type,
            "id": self.id,
            "severity": self.severity.value,
            "at": utc_iso(self.at),
        }
        return orjson.dumps(said | ({"exercise": True} if self.exercise else {})).ljust(_LENGTH)


def subscribe(
    accounts: Accounts,
    identity: Identity,
    *,
    operation: str,
    hosts: str,
    endpoint: str,
    p256dh: str,
    auth: str,
) -> None:
    """Let a browser of the session that *identity* came by take messages.

    The same browser again replaces what it said before. Of too many, the oldest are forgotten.

    Args:
        accounts: where it is kept.
        identity: who asks.
        operation: id of the operation.
        hosts: of push services that are trusted; see `cop.config.Settings.push_hosts`.
        endpoint: where the push service takes messages for the browser.
        p256dh: the browser's public key, base64url.
        auth: the browser's authentication secret, base64url.

    Raises:
        NotTrusted: the address is not at a trusted push service, or the keys are none.
    """
    check_endpoint(endpoint, hosts)
    check_keys(p256dh, auth)
    fresh = Subscription(
        id=id_of(endpoint),
        user=identity.name,
        session=identity.session,
        operation=operation,
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        made_ms=now_ms(),
    )
    accounts.add_subscription(fresh, ttl_ms=milliseconds(FIELD_MOST))
    own = subscriptions_of(accounts, identity.name)
    here = [one for one in own if one.session == identity.session]
    accounts.drop_subscriptions({*own[:-MOST_AN_ACCOUNT], *here[:-MOST_A_SESSION]})


def unsubscribe(accounts: Accounts, identity: Identity, endpoint: str) -> None:
    """Send nothing more to *endpoint*, if it is the asker's; nothing happens where it is not."""
    wanted = id_of(endpoint)
    own = subscriptions_of(accounts, identity.name)
    accounts.drop_subscriptions([one for one in own if one.id == wanted])


def subscriptions_of(accounts: Accounts, name: str) -> list[Subscription]:
    """List the subscriptions of one account, in the order in which they were made."""
    return accounts.subscriptions_of([name]).get(name, [])


def id_of(endpoint: str) -> str:
    """Give the id of the subscription at *endpoint*."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def check_endpoint(endpoint: str, hosts: str) -> None:
    """Return if *endpoint* is an address at one of *hosts*.

    Raises:
        NotTrusted: it is not.
    """
    plain = len(endpoint) <= MOST_ENDPOINT and endpoint.isascii() and endpoint.isprintable()
    try:
        parts = urlsplit(endpoint)
        whole = parts.scheme == "https" and parts.netloc == (parts.hostname or "")
    except ValueError:
        whole = False
    whole = whole and all(map(_LABEL.fullmatch, parts.netloc.split(".")))
    if not plain or " " in endpoint or not whole or parts.fragment or "\\" in endpoint:
        raise NotTrusted("endpoint: give the https address at the push service as it is")
    if not is_among(parts.netloc, hosts):
        raise NotTrusted(
            "endpoint: this push service is not one that is trusted here (COP_PUSH_HOSTS)"
        )


def check_keys(p256dh: str, auth: str) -> None:
    """Return if a browser's keys are such.

    Raises:
        NotTrusted: they are not.
    """
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(p256dh))
        whole = len(decode(p256dh)) == 65 and len(decode(auth)) == 16
    except ValueError:
        whole = False
    if not whole:
        raise NotTrusted("keys: give p256dh and auth as the browser gives them, in base64url")


def encrypt(
    plain: bytes,
    *,
    p256dh: str,
    auth: str,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Encrypt *plain* for one browser (RFC 8291, aes128gcm).

    *sender* and *salt* are new and random for each message unless they are given.
    """
    sealed: bytes = http_ece.encrypt(
        plain,
        salt=salt,
        private_key=sender or ec.generate_private_key(ec.SECP256R1()),
        dh=decode(p256dh),
        auth_secret=decode(auth),
        version="aes128gcm",
    )
    return sealed


def headers_of(key: PushKey, to: Subscription, message: Message) -> Mapping[str, str]:
    """Give the headers that *message* is sent with.

    A newer message about the same thing takes the place of one that has not been delivered. The
    topic by which a push service knows that is another for each browser.
    """
    topic = hmac.digest(to.auth.encode(), message.id.encode(), hashlib.sha256)[:24]
    return {
        "Authorization": key.authorization(f"https://{urlsplit(to.endpoint).netloc}"),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(GOOD_FOR_S),
        "Topic": encode(topic),
        "Urgency": message.urgency,
    }
