"""Messages that come packed."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from cop.errors import PayloadError
from cop.formats.cap_envelope import read_envelope
from tests.unit.formats.cap_making import a_message, an_info

ONE = a_message("A-1")
TWO = a_message("A-2", an_info("Flood"))


def zipped(*bodies: bytes) -> bytes:
    """Put *bodies* into an archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("d")
        for number, body in enumerate(bodies):
            archive.writestr(f"d/{number}.xml", body)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("body", "found", "whole"),
    [
        (zipped(ONE, TWO), ["A-1", "A-2"], True),
        (zipped(ONE), ["A-1"], True),
        (zipped(ONE, b"oh", TWO), ["A-1", "file 2", "A-2"], False),
        (zipped(b"oh"), ["file 1"], False),
        (zipped(), [], True),
        (gzip.compress(ONE), ["A-1"], True),
    ],
    ids=["two", "one", "a broken one", "only a broken one", "nothing in force", "gzip"],
)
def test_an_archive_is_what_is_in_it(body: bytes, found: list[str], *, whole: bool) -> None:
    """The German weather service packs all that is in force; each document counts by itself."""
    envelope = read_envelope(body)
    assert [one.row for one in envelope.messages] == found
    assert envelope.whole is whole
    assert all(one.original in {ONE, TWO, b"oh"} for one in envelope.messages)


@pytest.mark.parametrize(
    "body",
    [
        zipped(ONE)[:-40],
        gzip.compress(ONE)[:-20],
        gzip.compress(b"<alert>" + b" " * 60_000_000),
        zipped(b" " * 30_000_000, b" " * 30_000_000),
        zipped(ONE).replace(b"\x08\x00", b"\x63\x00"),
        b"PK\x03\x04" + zipped(ONE)[100:],
    ],
    ids=["cut zip", "cut gzip", "gzip bomb", "zip bomb", "other method", "no begin"],
)
def test_an_archive_that_cannot_be_unpacked_is_refused(body: bytes) -> None:
    """Damaged, in another method, or more than anybody sends: with the reason."""
    with pytest.raises(PayloadError, match="archive"):
        read_envelope(body)
