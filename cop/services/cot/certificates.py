"""An authority for Cursor-on-Target of a small site, and the certificates that it signs.

Keys are of the curve P-256, in files that only their owner can read.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cop.errors import Misconfigured
from cop.services.cot.clients import AUTHORITY, REVOKED, SERVER_CERT, SERVER_KEY
from cop.store.files import write_anew

AUTHORITY_KEY: Final = "ca.key"
ISSUED: Final = "issued"
CLIENT_CERT: Final = "client.pem"
CLIENT_KEY: Final = "client.key"
CLIENT_BUNDLE: Final = "client.p12"

_AUTHORITY_LASTS: Final = timedelta(days=3650)
_SERVER_LASTS: Final = timedelta(days=820)
CLIENT_LASTS: Final = timedelta(days=365)
_LIST_LASTS: Final = timedelta(days=3650)
_SLACK: Final = timedelta(minutes=10)
"""Clocks of devices that are behind take a new certificate all the same."""


def make_authority(folder: Path, hosts: Sequence[str]) -> None:
    """Make an authority in *folder*, and by it the server's certificate for *hosts*.

    An authority that is there goes on; the server gets a new key and certificate.

    Args:
        folder: is made where it is not there.
        hosts: names and addresses under which clients reach the server.

    Raises:
        Misconfigured: there is an authority, but its key is elsewhere.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / AUTHORITY).exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("COP Cursor-on-Target authority")
        builder = _builder(name, name, key, _AUTHORITY_LASTS)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        builder = builder.add_extension(_usage(signs=True), True)
        _write_key(folder / AUTHORITY_KEY, key)
        write_anew(folder / AUTHORITY, _pem(builder.sign(key, hashes.SHA256())), mode=0o644)
    key, certificate = _issue(folder, hosts[0], hosts, _SERVER_LASTS)
    _write_key(folder / SERVER_KEY, key)
    write_anew(folder / SERVER_CERT, _pem(certificate), mode=0o644)


def issue_client(folder: Path, name: str, lasts: timedelta = CLIENT_LASTS) -> tuple[Path, str]:
    """Make key and certificate of the client *name*, to be handed over and then taken away.

    Returns:
        The folder with them, and the password of the bundle (PKCS 12) for devices.

    Raises:
        Misconfigured: there is one of that name already, or no authority with its key.
    """
    there = folder / ISSUED / name
    if there.exists():
        raise Misconfigured(
            f"{there} is there already: revoke it and take it away, or choose another name"
        )
    key, certificate = _issue(folder, name, (), lasts)
    authority = _load_authority(folder)[1]
    there.mkdir(parents=True, mode=0o700)
    password = secrets.token_urlsafe(12)
    _write_key(there / CLIENT_KEY, key)
    write_anew(there / CLIENT_CERT, _pem(certificate), mode=0o644)
    write_anew(there / AUTHORITY, _pem(authority), mode=0o644)
    bundle = pkcs12.serialize_key_and_certificates(
        name.encode(),
        key,
        certificate,
        [authority],
        serialization.BestAvailableEncryption(password.encode()),
    )
    write_anew(there / CLIENT_BUNDLE, bundle)
    return there, password


def revoke(folder: Path, serial: int) -> None:
    """Put a serial number on the list of what is no longer good.

    Raises:
        Misconfigured: there is no authority with its key, or the list is not one of it.
    """
    key, authority = _load_authority(folder)
    now = datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.subject)
    builder = builder.last_update(now).next_update(now + _LIST_LASTS)
    known = _listed(folder / REVOKED)
    for one in known:
        builder = builder.add_revoked_certificate(one)
    if serial not in {one.serial_number for one in known}:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now)
        builder = builder.add_revoked_certificate(revoked.build())
    body = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    write_anew(folder / REVOKED, body, mode=0o644)


def serial_of(path: Path) -> int:
    """Give the serial number of the certificate (PEM) in a file.

    Raises:
        Misconfigured: there is none in it.
    """
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).serial_number
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path}: is no certificate") from error


def _listed(path: Path) -> list[x509.RevokedCertificate]:
    if not path.exists():
        return []
    try:
        return list(x509.load_pem_x509_crl(path.read_bytes()))
    except ValueError as error:
        raise Misconfigured(
            f"{path.name}: is a list of serial numbers: add a line with the new one"
        ) from error


def _load_authority(folder: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    try:
        key = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
        certificate = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise Misconfigured(
            f"{folder}: needs {AUTHORITY} and {AUTHORITY_KEY}: make them by `cop cot authority`,"
            " or bring the key back for the moment"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Misconfigured(f"{AUTHORITY_KEY}: is no key on an elliptic curve")
    return key, certificate


def _issue(
    folder: Path, name: str, hosts: Sequence[str], lasts: timedelta
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Make a key and have its certificate signed: a server's where *hosts* are given."""
    signer, authority = _load_authority(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(name), authority.subject, key, lasts)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(_usage(signs=False), True)
    for_what = ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = builder.add_extension(x509.ExtendedKeyUsage([for_what]), False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(issuer, False)
    if hosts:
        names = x509.SubjectAlternativeName([_general(host) for host in hosts])
        builder = builder.add_extension(names, False)
    return key, builder.sign(signer, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - _SLACK).not_valid_after(now + lasts)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    body = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_anew(path, body)
