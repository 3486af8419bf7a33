"""Keys, certificates and signatures for trying what checks them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from tests.unit.formats.cap_making import NOON


@cache
def a_key(name: str = "authority", kind: str = "rsa") -> Any:
    """Make a key; the same for the same name."""
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


@cache
def a_certificate(
    name: str = "authority", kind: str = "rsa", until: datetime = NOON + timedelta(days=365)
) -> x509.Certificate:
    """Make a certificate for the key of that name."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(a_key(name, kind).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOON - timedelta(days=365))
        .not_valid_after(until)
        .sign(a_key(name, kind), hashes.SHA256())
    )


def pem_of(certificate: x509.Certificate) -> bytes:
    """Give *certificate* as a file holds it."""
    return certificate.public_bytes(serialization.Encoding.PEM)


class _Anything(XMLSigner):
    """Signs by SHA-1 too, which publishers still do."""

    def check_deprecated_methods(self) -> None:
        """Let everything through."""


def signed(
    body: bytes,
    name: str = "authority",
    kind: str = "rsa",
    *,
    weak: bool = False,
) -> bytes:
    """Sign the message *body* as its standard has it: enveloped, over the whole."""
    method = SignatureMethod.RSA_SHA256 if kind == "rsa" else SignatureMethod.ECDSA_SHA256
    signer = _Anything(
        signature_algorithm=SignatureMethod.RSA_SHA1 if weak else method,
        digest_algorithm=DigestAlgorithm.SHA1 if weak else DigestAlgorithm.SHA256,
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
    )
    root = signer.sign(
        etree.fromstring(body), key=a_key(name, kind), cert=[a_certificate(name, kind)]
    )
    return bytes(etree.tostring(root))
