"""Valid, invalid, or nothing can be said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cop.errors import Misconfigured
from cop.formats.cap_envelope import read_envelope
from cop.model.exchange import Signature
from cop.services.exchange.signatures import read_certificates, verify
from tests.unit.formats.cap_making import NOON, a_message
from tests.unit.services.exchange.signing import a_certificate, pem_of, signed

MESSAGE = a_message("S-1")
NAME = b"Rainstorm"


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_signature_of_the_source_is_valid(kind: str) -> None:
    """By a key whose certificate is trusted, whichever of several it is."""
    trusted = [a_certificate("other"), a_certificate("signer " + kind, kind)]
    verdict = verify(signed(MESSAGE, "signer " + kind, kind), trusted, NOON)
    assert verdict.signature is Signature.VALID
    assert "signer" in verdict.why


def test_it_is_valid_inside_an_envelope_too() -> None:
    """A message that is cut out of a list is still what was signed."""
    body = signed(MESSAGE)
    listed = b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="urn:g"><entry><content>%b' % body
    (one,) = read_envelope(listed + b"</content></entry></feed>").messages
    assert verify(one.original, [a_certificate()], NOON).signature is Signature.VALID


@pytest.mark.parametrize(
    "body",
    [
        signed(MESSAGE).replace(NAME, b"Sunshine"),
        signed(MESSAGE).replace(b"X-1", b"X-2").replace(b"S-1", b"S-2"),
        signed(MESSAGE, "stranger"),
        signed(MESSAGE).replace(b"<info>", b"<info><!-- --></info><info>"),
    ],
    ids=["words", "identity", "key", "more"],
)
def test_what_was_changed_or_signed_by_others_is_invalid(body: bytes) -> None:
    """Another word, another identity, a stranger's key: the certificate inside helps none."""
    assert verify(body, [a_certificate()], NOON).signature is Signature.INVALID


def test_a_signature_over_a_part_proves_nothing() -> None:
    """A true signature of something else inside the message does not make the message true."""
    inner = signed(MESSAGE).replace(b'URI=""', b'URI="#part"')
    assert verify(inner, [a_certificate()], NOON).signature is Signature.INVALID


def test_without_a_signature_there_is_none() -> None:
    """Most messages carry none."""
    assert verify(MESSAGE, [a_certificate()], NOON).signature is Signature.NONE
    assert verify(b"no xml", [], NOON).signature is Signature.NONE


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (signed(MESSAGE, weak=True), "SHA-1"),
        (signed(MESSAGE).replace(b"#rsa-sha256", b"#dsa-sha256"), "not supported"),
        (signed(MESSAGE).replace(b"#rsa-sha256", b"#rsa-sha224"), "not supported"),
        (signed(MESSAGE).replace(b"xmlenc#sha256", b"xmldsig-more#sha224"), "not supported"),
        (
            signed(MESSAGE).replace(
                b"2000/09/xmldsig#enveloped-signature", b"TR/1999/REC-xpath-19991116"
            ),
            "not supported",
        ),
        (b"<list>" + signed(MESSAGE) + b"</list>", "not a part"),
        (signed(MESSAGE).replace(NAME, b"Rain & storm"), "mended"),
        (
            signed(MESSAGE).replace(b"SignatureValue>", b"SignatureValue Id='a b'>", 1),
            "cannot be read",
        ),
    ],
    ids=["sha-1", "method", "short", "short digest", "transform", "place", "mended", "shape"],
)
def test_what_nothing_can_be_said_of(body: bytes, why: str) -> None:
    """Weak or unknown algorithms and odd shapes are neither valid nor false."""
    verdict = verify(body, [a_certificate()], NOON)
    assert verdict.signature is Signature.UNCHECKED
    assert why in verdict.why


def test_without_trust_nothing_can_be_said() -> None:
    """The certificate that a message carries is not believed by itself."""
    verdict = verify(signed(MESSAGE), [], NOON)
    assert verdict.signature is Signature.UNCHECKED
    assert "no certificate" in verdict.why


def test_a_certificate_holds_for_its_time() -> None:
    """After its end nothing can be said."""
    late = verify(signed(MESSAGE), [a_certificate()], NOON + timedelta(days=800))
    assert late.signature is Signature.UNCHECKED


def test_one_of_several_signatures_is_enough() -> None:
    """A relay signs what its source has signed: whoever is trusted of the two counts."""
    both = signed(signed(MESSAGE), "relay")
    for name in ("authority", "relay"):
        assert verify(both, [a_certificate(name)], NOON).signature is Signature.VALID
    assert verify(both, [a_certificate("third")], NOON).signature is Signature.INVALID


def test_certificates_are_read_from_files(tmp_path: Path) -> None:
    """Several in a file; a file that holds none is named."""
    file = tmp_path / "them.pem"
    file.write_bytes(pem_of(a_certificate()) + pem_of(a_certificate("other")))
    assert len(read_certificates([file])) == 2
    file.write_text("nothing")
    with pytest.raises(Misconfigured, match=r"them\.pem"):
        read_certificates([file])
    with pytest.raises(Misconfigured, match="gone"):
        read_certificates([tmp_path / "gone.pem"])
