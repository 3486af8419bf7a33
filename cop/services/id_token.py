"""ID tokens: which are genuine, meant for us, fresh, and the answer to what we asked."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Final

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import extract_compact
from joserfc.jwt import JWTClaimsRegistry

from cop.errors import CopError
from cop.services.oidc_provider import Provider

log = structlog.get_logger(__name__)

LEEWAY_S: Final = 60
"""How far the provider's clock and ours may be apart."""
OLDEST_S: Final = 600
"""A token that answers a sign-in was issued just now."""
MOST_CHARACTERS: Final = 64 * 1024

_LEAST_RSA_BITS: Final = 2048
_KEY_TYPES: Final = {"RS256": "RSA", "ES256": "EC"}


class TokenRefused(CopError):
    """The ID token is not one that we may believe."""


async def check_id_token(
    token: str, provider: Provider, *, client_id: str, nonce: str, now: int
) -> dict[str, Any]:
    """Give the claims of an ID token that has just been issued to us.

    Args:
        token: as the provider's token endpoint gave it.
        provider: whose keys must have signed it.
        client_id: whom it must be meant for.
        nonce: what it must repeat.
        now: real time in epoch seconds.

    Raises:
        TokenRefused: it is not to be believed; the message says why.
        ProviderFailed: the keys cannot be had.
    """
    key = await _find_key(token, provider)
    try:
        claims = jwt.decode(token, key, algorithms=list(_KEY_TYPES)).claims
        JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY_S,
            iss={"essential": True, "value": provider.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError) as error:
        raise TokenRefused(f"the ID token is refused: {error}") from error
    _check_rest(claims, client_id=client_id, nonce=nonce, now=now)
    return claims


def _check_rest(claims: Mapping[str, Any], *, client_id: str, nonce: str, now: int) -> None:
    """Check what OpenID Connect asks for beyond any JWT."""
    audience, party = claims["aud"], claims.get("azp")
    if party not in (None, client_id) or (
        isinstance(audience, list) and len(audience) > 1 and party is None
    ):
        raise TokenRefused("the ID token is refused: it was issued to another client")
    given = claims["nonce"]
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise TokenRefused("the ID token is refused: it answers another sign-in")
    if claims["iat"] < now - OLDEST_S - LEEWAY_S:
        raise TokenRefused("the ID token is refused: it was not issued just now")
    if not 0 < len(claims["sub"]) <= 255:
        raise TokenRefused("the ID token is refused: it names nobody")


async def _find_key(token: str, provider: Provider) -> RSAKey | ECKey:
    """Give the provider's key that the token names, of the type that its algorithm needs."""
    if len(token) > MOST_CHARACTERS:
        raise TokenRefused("the ID token is refused: it is too large")
    try:
        header = extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError) as error:
        raise TokenRefused("the ID token is refused: it cannot be read") from error
    algorithm, name = header.get("alg"), header.get("kid")
    if algorithm not in _KEY_TYPES:
        raise TokenRefused("the ID token is refused: it is not signed with RS256 or ES256")
    for unknown in (False, True):
        fitting = [
            key
            for key in await provider.keys(unknown=unknown)
            if key.get("kty") == _KEY_TYPES[algorithm]
            and key.get("use", "sig") == "sig"
            and key.get("alg", algorithm) == algorithm
            and (name is None or key.get("kid") == name)
        ]
        if len(fitting) == 1:
            return _import_key(fitting[0], algorithm)
    raise TokenRefused("the ID token is refused: the provider has no such key")


def _import_key(found: Mapping[str, Any], algorithm: str) -> RSAKey | ECKey:
    try:
        if algorithm == "ES256":
            curve = ECKey.import_key({name: found[name] for name in ("kty", "crv", "x", "y")})
            if curve.curve_name != "P-256":
                raise TokenRefused("the ID token is refused: the provider's key has another curve")
            return curve
        rsa = RSAKey.import_key({name: found[name] for name in ("kty", "n", "e")})
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise TokenRefused("the ID token is refused: the provider's key cannot be read") from error
    if rsa.public_key.key_size < _LEAST_RSA_BITS:
        raise TokenRefused("the ID token is refused: the provider's key is too short")
    return rsa
