"""Who may speak Cursor-on-Target with us: the folder of certificates and clients."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import NameOID
from pydantic import BaseModel, ConfigDict, Field, model_validator

from cop.errors import Misconfigured
from cop.model.access import Audience
from cop.model.entity import EntityId, Kind
from cop.model.geometry import BBox
from cop.model.text import Lang
from cop.services.policy import Identity, Role
from cop.services.setup_files import Fault, FileRefused, Found, gather, read_file

AUTHORITY: Final = "ca.pem"
SERVER_CERT: Final = "server.pem"
SERVER_KEY: Final = "server.key"
REVOKED: Final = "revoked.pem"
CLIENTS: Final = "clients"
PLAIN: Final = "plain.toml"

SENT_KINDS: Final = frozenset(
    [
        Kind.ALERT,
        Kind.FACILITY,
        Kind.HAZARD,
        Kind.INCIDENT,
        Kind.NOTE,
        Kind.POSITION,
        Kind.RESOURCE,
        Kind.ROAD,
    ]
)
"""Kinds that there are events for."""

_CRL: Final = b"-----BEGIN X509 CRL-----"
_SERIAL: Final = re.compile(r"[0-9a-f]{1,40}")
_EXAMPLES: Final[Mapping[str, str]] = {
    "cn": 'cn = "dsd-pump-1"',
    "fingerprint": "fingerprint = the SHA-256 of the certificate, 64 hexadecimal digits",
    "audience": 'audience = "responder" or "command"',
    "kinds": 'kinds = ["resource", "position", "incident"]',
    "agencies": 'agencies = ["DSD"]',
    "areas": "areas = [[113.9, 22.2, 114.1, 22.4]]",
    "resource": 'resource = "resource:dsd-1"',
    "agency": 'agency = "DSD"',
    "rate_per_s": "rate_per_s = 2",
}

Agency = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]


class Client(BaseModel):
    """One client, as its file says.

    Attributes:
        cn: common name in its certificate's subject.
        fingerprint: SHA-256 of its certificate instead, hexadecimal.
        name: of whose device it is, for people.
        audience: what it may see; the groups below narrow it.
        kinds: that it gets; none named: all that there are events for.
        agencies: whose teams and incidents it gets; none named: everybody's.
        areas: boxes (west, south, east, north) that what it gets must touch; none: everywhere.
        lang: of the words.
        agency: that it belongs to, for what it reports.
        resource: that its position moves; None: it moves nothing.
        device: uid by which its device speaks of itself; "": the first that it sends on a line.
        may_send: whether its position is taken.
        may_report: whether what it reports becomes an unverified incident.
        rate_per_s: events a second that are taken from it, in a burst five times as many.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    cn: Annotated[str, Field(pattern=r"^[\x20-\x7e]{1,64}$")] = ""
    fingerprint: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    name: Annotated[str, Field(max_length=100)] = ""
    audience: Literal[Audience.RESPONDER, Audience.COMMAND, Audience.PUBLIC] = Audience.RESPONDER
    kinds: frozenset[Kind] = SENT_KINDS
    agencies: frozenset[Agency] = frozenset()
    areas: Annotated[tuple[BBox, ...], Field(max_length=50)] = ()
    lang: Lang = "en"
    agency: Agency | Literal[""] = ""
    resource: EntityId | None = None
    device: Annotated[str, Field(max_length=300)] = ""
    may_send: bool = False
    may_report: bool = False
    rate_per_s: Annotated[float, Field(gt=0, le=100)] = 2.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        if no_events := sorted(self.kinds - SENT_KINDS):
            raise ValueError(f"kinds: there are no events for {', '.join(no_events)}")
        if self.may_send and self.resource is None:
            raise ValueError("may_send: name the resource that its position moves")
        for west, south, east, north in self.areas:
            if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
                raise ValueError("areas: each is west, south, east, north in degrees")
        return self

    @property
    def key(self) -> str:
        """By what it is known."""
        return self.cn or self.fingerprint

    def identity(self) -> Identity:
        """Give who acts when it sends something: a device of the field, on its own resource.

        No account can have such a name.
        """
        own = frozenset([self.resource] if self.resource else [])
        return Identity(
            name=f"cot:{self.key[:64]}",
            role=Role.FIELD,
            agency=self.agency,
            belongs_to=own,
            audience=Audience.RESPONDER,
        )


@dataclass(frozen=True, slots=True)
class Book:
    """What the folder says at one moment.

    Attributes:
        authority: certificate of the authority that signs clients.
        revoked: serial numbers that are no longer good.
        clients: by their names or fingerprints, with what is wrong in files.
        plain: who is served without TLS, on loopback.
    """

    authority: x509.Certificate
    revoked: frozenset[int]
    clients: Found[Client]
    plain: Client

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with files that can be left out."""
        return self.clients.faults

    def find(self, certificate: bytes) -> Client | None:
        """Give the client of a *certificate* (DER) that TLS has verified; None if it has no leave.

        The fingerprint decides before the name.
        """
        cert = x509.load_der_x509_certificate(certificate)
        if cert.serial_number in self.revoked:
            return None
        if found := self.clients.get(hashlib.sha256(certificate).hexdigest()):
            return found
        names = cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return self.clients.get(str(names[0].value)) if len(names) == 1 else None


def read_client(path: Path) -> Client:
    """Read the file of one client.

    Raises:
        FileRefused: it cannot be used.
    """
    client = read_file(path, Client, _EXAMPLES)
    if bool(client.cn) == bool(client.fingerprint):
        raise FileRefused(path, "name its certificate: either cn or fingerprint")
    return client


def read_book(folder: Path) -> Book:
    """Read the folder; a client's file that cannot be used takes away no other.

    Raises:
        Misconfigured: the authority, or the list of what it has revoked, cannot be read: nobody
            can be let in.
    """
    authority = _read_certificate(folder / AUTHORITY)
    return Book(
        authority,
        _read_revoked(folder / REVOKED, authority),
        gather(folder / CLIENTS, read_client, lambda client: client.key),
        _read_plain(folder / PLAIN),
    )


def state_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Give what changes whenever a file of the folder does."""
    found = []
    for path in sorted([*folder.glob("*.*"), *(folder / CLIENTS).glob("*.toml")]):
        try:
            stat = path.stat()
        except OSError:  # taken away at this moment
            continue
        found.append((str(path.relative_to(folder)), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def server_ends(folder: Path) -> datetime:
    """Tell until when the server's certificate holds.

    Raises:
        Misconfigured: there is none.
    """
    return _read_certificate(folder / SERVER_CERT).not_valid_after_utc


def _read_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Misconfigured(
            f"{path.name}: cannot be read: make one by `cop cot authority`"
        ) from error


def _read_revoked(path: Path, authority: x509.Certificate) -> frozenset[int]:
    """Read a list that the authority has signed, or serial numbers, hexadecimal, a line each."""
    try:
        body = path.read_bytes()
        if _CRL not in body:
            lines = [line.partition("#")[0].strip().lower() for line in body.decode().splitlines()]
            serials = [line.replace(":", "") for line in lines if line]
            if any(_SERIAL.fullmatch(serial) is None for serial in serials):
                raise Misconfigured(f"{path.name}: a line is no serial number in hexadecimal")
            return frozenset(int(serial, 16) for serial in serials)
        revoked = x509.load_pem_x509_crl(body)
        key = authority.public_key()
        if not revoked.is_signature_valid(key):  # type: ignore[arg-type]
            raise Misconfigured(f"{path.name}: is not signed by the authority of {AUTHORITY}")
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
        raise Misconfigured(f"{path.name}: cannot be read: {error}") from error
    return frozenset(one.serial_number for one in revoked)


def _read_plain(path: Path) -> Client:
    """Read who is served without TLS: the public's view, and nothing taken, where nobody says."""
    if not path.exists():
        return Client(audience=Audience.PUBLIC)
    client = read_file(path, Client, _EXAMPLES)
    if client.audience is Audience.COMMAND:
        raise FileRefused(path, 'audience: without TLS at most "responder"')
    return client
