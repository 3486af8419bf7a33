"""Browsers that take push messages, for tests: their keys, and what they can open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cop.services.push import id_of
from cop.services.push_keys import encode
from cop.store.accounts import Subscription


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser's side of a subscription."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def p256dh(self) -> str:
        """Give the public key."""
        public = self.key.public_key()
        return encode(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        """Give the authentication secret."""
        return encode(self.secret)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt a message; raises `http_ece.ECEException` if it is not for this browser."""
        plain: bytes = http_ece.decrypt(sealed, private_key=self.key, auth_secret=self.secret)
        return plain


def subscription(
    user: str,
    browser: Browser,
    endpoint: str = "https://push.test/taken",
    *,
    session: str = "s1",
    made_ms: int = 1,
) -> Subscription:
    """Make a subscription in the live operation."""
    return Subscription(
        id=id_of(endpoint),
        user=user,
        session=session,
        operation="live",
        endpoint=endpoint,
        p256dh=browser.p256dh,
        auth=browser.auth,
        made_ms=made_ms,
    )
