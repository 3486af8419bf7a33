"""The key by which push services know us (VAPID, RFC 8292), and what it proves to them."""

from __future__ import annotations

import base64
import binascii
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from joserfc import jwt
from joserfc.jwk import ECKey

from cop.config import Settings
from cop.errors import Misconfigured

_LASTS: Final = timedelta(hours=12)
"""Push services refuse a proof that lasts longer than a day."""
_NEW_AFTER: Final = timedelta(hours=6)


class PushKey:
    """The private key of this installation; every push service is given a proof of its own."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, contact: str) -> None:
        """Take a key of the curve P-256, and where to reach whoever runs this."""
        self._key = ECKey.import_key(private)
        self._contact = contact
        self._proofs: dict[str, tuple[str, float]] = {}
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public = encode(point)
        """The public key as browsers want it: an uncompressed point, base64url."""

    def authorization(self, origin: str) -> str:
        """Give the Authorization header for the push service at *origin* (`https://host`)."""
        now = time.time()
        proof, until = self._proofs.get(origin, ("", 0.0))
        if until <= now:
            claims: dict[str, str | int] = {
                "aud": origin,
                "exp": int(now + _LASTS.total_seconds()),
                "sub": self._contact,
            }
            proof = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, self._key)
            valid = {one: known for one, known in self._proofs.items() if known[1] > now}
            self._proofs = valid | {origin: (proof, now + _NEW_AFTER.total_seconds())}
        return f"vapid t={proof}, k={self.public}"


def open_push_key(settings: Settings) -> PushKey | None:
    """Give the key that *settings* name; None when they name none.

    Raises:
        Misconfigured: it is none, or nobody is named to reach.
    """
    words = _words(settings.push_key_file, settings.push_key.get_secret_value())
    if not words:
        return None
    if not settings.push_contact:
        raise Misconfigured(
            "COP_PUSH_CONTACT: give a mailto: or https address at which push services reach you"
        )
    return PushKey(_read(words), settings.push_contact)


def new_push_key() -> tuple[str, str]:
    """Make a key: the private one as PEM, and the public one as browsers want it."""
    made = ECKey.generate_key("P-256")
    private = made.private_key
    assert private is not None  # noqa: S101 - it was made as a private one
    return made.as_pem(private=True).decode(), PushKey(private, "").public


def encode(raw: bytes) -> str:
    """Write bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(words: str) -> bytes:
    """Read base64url, with or without padding; raises ValueError if it is not that."""
    plain = words.rstrip("=")
    if not plain.isascii() or not plain.replace("-", "a").replace("_", "a").isalnum():
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))


def _words(file: Path | None, given: str) -> str:
    if file is None:
        return given.strip()
    try:
        return file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"COP_PUSH_KEY_FILE cannot be read: {error}") from error


def _read(words: str) -> ec.EllipticCurvePrivateKey:
    try:
        if words.startswith("-----"):
            key = load_pem_private_key(words.encode(), password=None)
        else:
            key = ec.derive_private_key(int.from_bytes(_exactly(decode(words))), ec.SECP256R1())
    except (ValueError, TypeError, binascii.Error):
        raise _no_key() from None  # the error may quote the key
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _no_key()
    return key


def _exactly(raw: bytes) -> bytes:
    if len(raw) != 32:
        raise ValueError("not 32 bytes")
    return raw


def _no_key() -> Misconfigured:
    return Misconfigured(
        "COP_PUSH_KEY is not a private key of the curve P-256, as PEM or as its 32 bytes in"
        " base64url: `cop keys push` makes one"
    )
