"""The signature of our messages: XML-DSig, enveloped, SHA-256, by the key that is configured."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree
from signxml import methods
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidSignature
from signxml.signer import XMLSigner
from signxml.verifier import XMLVerifier

from cop.config import Settings
from cop.errors import Misconfigured
from cop.formats.payload import read_xml

_LEAST_BITS: Final = 2048


class Signer:
    """Signs with one key, and knows by which certificate others check that."""

    def __init__(self, key: bytes, certificate: bytes) -> None:
        """Take the PEM of both.

        Raises:
            Misconfigured: one is none, they do not belong together, or the key is too weak.
        """
        try:
            found = load_pem_private_key(key, password=None)
            self._certificate = x509.load_pem_x509_certificate(certificate)
        except (ValueError, TypeError):
            raise Misconfigured("COP_ALERT_KEY_FILE, COP_ALERT_CERT_FILE: not PEM") from None
        if self._certificate.public_key() != found.public_key():
            raise Misconfigured("COP_ALERT_CERT_FILE: the certificate is of another key")
        self._key: RSAPrivateKey | EllipticCurvePrivateKey
        if isinstance(found, RSAPrivateKey) and found.key_size >= _LEAST_BITS:
            self._key, self._method = found, SignatureMethod.RSA_SHA256
        elif isinstance(found, EllipticCurvePrivateKey):
            self._key, self._method = found, SignatureMethod.ECDSA_SHA256
        else:
            raise Misconfigured("COP_ALERT_KEY_FILE: give an RSA key of 2,048 bits, or an EC key")
        self._pem = certificate.decode()

    def sign(self, body: bytes) -> bytes:
        """Give the message *body* with its signature, which has been checked.

        Raises:
            Misconfigured: the certificate does not hold now.
        """
        now = datetime.now(UTC)
        first, last = self._certificate.not_valid_before_utc, self._certificate.not_valid_after_utc
        if not first <= now <= last:
            raise Misconfigured("COP_ALERT_CERT_FILE: the certificate has run out: renew it")
        signer = XMLSigner(
            method=methods.enveloped,
            signature_algorithm=self._method,
            digest_algorithm=DigestAlgorithm.SHA256,
        )
        signed = signer.sign(read_xml(body), key=self._key, cert=self._pem)
        made = bytes(etree.tostring(signed, encoding="utf-8", xml_declaration=True))
        self.check(made)
        return made

    def check(self, body: bytes) -> None:
        """Return if *body* is as this key signed it.

        Raises:
            Misconfigured: it is not.
        """
        try:
            XMLVerifier().verify(read_xml(body), x509_cert=self._certificate)
        except InvalidSignature as error:
            raise Misconfigured(f"a message that was signed does not verify: {error}") from None


def signer_of(settings: Settings) -> Signer | None:
    """Give what signs our messages; None where no key is configured.

    Raises:
        Misconfigured: a file cannot be read, or is not what it should be.
    """
    key, certificate = settings.alert_key_file, settings.alert_cert_file
    if key is None and certificate is None:
        return None
    if key is None or certificate is None:
        raise Misconfigured("set both COP_ALERT_KEY_FILE and COP_ALERT_CERT_FILE, or neither")
    return _signer(_read(key), _read(certificate))


@lru_cache(maxsize=4)
def _signer(key: bytes, certificate: bytes) -> Signer:
    return Signer(key, certificate)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path.name} cannot be read: {error.strerror}") from None
