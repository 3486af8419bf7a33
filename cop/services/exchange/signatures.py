"""Whether the XML signature of a message is its source's: valid, invalid, or nothing can be said.

Only certificates that whoever runs this has named for the source are believed, each for itself:
neither a key nor a certificate that a message carries, nor an authority that issued one. Nothing is
fetched.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidCertificate, InvalidDigest, InvalidInput, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from cop.errors import Misconfigured, PayloadError
from cop.formats.payload import child, children, local_name, read_xml
from cop.model.exchange import Signature

_DS: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_WEAK: Final = ("SHA1", "224", "MD5", "RIPEMD")
"""Hashes that are broken, or of fewer than 256 bits."""
_METHODS: Final = {
    method.value: method
    for method in SignatureMethod
    if method.name.startswith(("RSA_", "ECDSA_", "SHA"))
    and not any(weak in method.name for weak in _WEAK)
}
_DIGESTS: Final = {
    digest.value: digest
    for digest in DigestAlgorithm
    if not any(weak in digest.name for weak in _WEAK)
}
_KNOWN: Final = {"SignatureMethod": frozenset(_METHODS), "DigestMethod": frozenset(_DIGESTS)}
_ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_CANONICAL: Final = (
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2006/12/xml-c14n11",
)
_IDS: Final = frozenset({"Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a signature, and why in words."""

    signature: Signature
    why: str = ""


_CHANGED: Final = Verdict(Signature.INVALID, "the message is not what was signed")
_OTHER_KEY: Final = Verdict(Signature.INVALID, "it is not by a key that is trusted for this source")
_FIRST: Final = (
    (Signature.VALID, False),
    (Signature.INVALID, True),
    (Signature.UNCHECKED, False),
    (Signature.INVALID, False),
)
"""What counts of several verdicts, and whether it says that the message was changed."""

_MOST_SIGNATURES: Final = 4


def read_certificates(paths: Collection[Path]) -> tuple[x509.Certificate, ...]:
    """Read the certificates in PEM files, any number in each.

    Raises:
        Misconfigured: a file cannot be read or holds none.
    """
    found: list[x509.Certificate] = []
    for path in paths:
        try:
            found += x509.load_pem_x509_certificates(path.read_bytes())
        except OSError as error:
            raise Misconfigured(f"{path}: cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise Misconfigured(f"{path}: no certificate in PEM: {error}") from error
    return tuple(found)


def verify(body: bytes, trusted: Sequence[x509.Certificate], at: datetime) -> Verdict:
    """Look at the signature of the message *body*.

    Args:
        body: the message, byte for byte.
        trusted: the certificates of its source.
        at: when a certificate must hold.
    """
    if b"Signature" not in body and b"\0" not in body:  # what is no UTF-16 need not be parsed
        return Verdict(Signature.NONE)
    try:
        root = read_xml(body, exact=True)
    except PayloadError:
        return _unchecked("the XML had to be mended to be read")
    signatures = [one for one in children(root, "Signature") if one.tag == f"{_DS}Signature"]
    if not signatures:
        if root.find(f".//{_DS}Signature") is None:
            return Verdict(Signature.NONE)
        return _unchecked("the signature is not a part of the message itself")
    if not trusted:
        return _unchecked("no certificate is trusted for this source")
    found = [
        _unsupported(one) or _checked(root, place, trusted, at)
        for place, one in enumerate(signatures[:_MOST_SIGNATURES])
    ]
    best = min(found, key=lambda verdict: _FIRST.index((verdict.signature, verdict is _CHANGED)))
    if best is _CHANGED and b"<?" in body.partition(b"?>")[2]:
        return _unchecked("processing instructions may be signed with it")
    return best


def _unchecked(why: str) -> Verdict:
    return Verdict(Signature.UNCHECKED, why)


def _invalid(why: str) -> Verdict:
    return Verdict(Signature.INVALID, why)


def _unsupported(signature: etree._Element) -> Verdict | None:
    """Say which of the algorithms of *signature* is not believed or not known."""
    named = [
        (local_name(one), one.get("Algorithm") or "")
        for one in signature.iter(f"{_DS}SignatureMethod", f"{_DS}DigestMethod", f"{_DS}Transform")
    ]
    for name, algorithm in named:
        short = algorithm.rpartition("#")[2] or algorithm.rpartition("/")[2] or "none"
        if name != "Transform" and "sha1" in algorithm.lower():
            return _unchecked(f"SHA-1 ({short[:40]}) proves nothing any more")
        known = _KNOWN.get(name, frozenset())
        plain = algorithm.removesuffix("WithComments").removesuffix("#")
        canonical = any(plain == one.removesuffix("#") for one in _CANONICAL)
        if name == "Transform" and (algorithm == _ENVELOPED or canonical):
            continue
        if algorithm not in known:
            return _unchecked(f"the algorithm {short[:40]} is not supported")
    return None


class _Nth(XMLVerifier):
    """Looks at the *nth* signature, from 0, of those that a message carries."""

    def __init__(self, nth: int) -> None:
        super().__init__()
        self._nth = nth

    def _get_signature(self, root: etree._Element) -> etree._Element:
        return root.findall(f"{_DS}Signature")[self._nth]


def _checked(
    root: etree._Element, nth: int, trusted: Sequence[x509.Certificate], at: datetime
) -> Verdict:
    """Look at one signature; later ones were added after it was made."""
    message = copy.deepcopy(root)
    signatures = message.findall(f"{_DS}Signature")
    for later in signatures[nth + 1 :]:
        message.remove(later)
    if not _covers(message, signatures[nth]):
        return _invalid("what was signed is not the whole message")
    found = [_checked_by(message, nth, certificate, at) for certificate in trusted]
    said = [verdict for verdict in found if verdict is not _OTHER_KEY]
    if not said:
        return _OTHER_KEY
    return min(said, key=lambda verdict: _FIRST.index((verdict.signature, verdict is _CHANGED)))


def _checked_by(
    message: etree._Element, nth: int, certificate: x509.Certificate, at: datetime
) -> Verdict:
    config = SignatureConfiguration(
        signature_methods=frozenset(_METHODS.values()),
        digest_algorithms=frozenset(_DIGESTS.values()),
        ignore_ambiguous_key_info=True,  # what it carries is not looked at
        verification_time=at,
    )
    try:
        _Nth(nth).verify(message, x509_cert=certificate, expect_config=config)
    except InvalidCertificate:
        return _unchecked("the certificate that is trusted does not hold at this time")
    except InvalidDigest:
        return _CHANGED
    except InvalidInput as error:
        if "does not match specified" in str(error):  # a key of another sort
            return _OTHER_KEY
        return _unchecked(f"the signature cannot be read: {error}"[:200])
    except SignXMLException:
        return _OTHER_KEY
    except (etree.LxmlError, ValueError, LookupError, TypeError, UnsupportedAlgorithm) as error:
        return _unchecked(f"the signature cannot be read: {error}"[:200])
    return Verdict(Signature.VALID, f"by {certificate.subject.rfc4514_string()}"[:200])


def _covers(root: etree._Element, signature: etree._Element) -> bool:
    """Tell whether the one thing that was signed is the message itself."""
    info = child(signature, "SignedInfo")
    references = [] if info is None else list(children(info, "Reference"))
    if len(references) != 1:
        return False
    address = references[0].get("URI") or ""
    own = {f"#{root.get(name)}" for name in _IDS if root.get(name)}
    return address == "" or (address in own and _is_single(root, address[1:]))


def _is_single(root: etree._Element, name: str) -> bool:
    """Tell whether nothing else in the message has the id *name*."""
    return sum(value == name for one in root.iter() for k, value in one.items() if k in _IDS) == 1
