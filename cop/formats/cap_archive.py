"""Documents that come packed: in a zip archive, as the German weather service has them, or gzip."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

from cop.errors import PayloadError
from cop.formats.packed import inflated

MOST_BYTES: Final = 50_000_000
"""Of all that one archive unpacks to."""

MOST_FILES: Final = 5_000

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP: Final = b"\x1f\x8b"
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError),
    *(ValueError, IndexError, OverflowError, RuntimeError),
)
"""What the library raises of archives that are damaged, encrypted or made to harm."""


def is_packed(body: bytes) -> bool:
    """Tell whether *body* is a zip archive or gzip."""
    return body.startswith((*_ZIP, _GZIP))


def documents(body: bytes) -> list[bytes]:
    """Give the documents in a packed *body*, in their order; directories are none.

    Raises:
        PayloadError: it is damaged or encrypted, or holds more than `MOST_BYTES` or `MOST_FILES`.
    """
    try:
        return [inflated(body, MOST_BYTES)] if body.startswith(_GZIP) else _members(body)
    except _DAMAGED as error:
        raise PayloadError(f"an archive that cannot be read: {error}"[:200]) from error


def _members(body: bytes) -> list[bytes]:
    found, left = [], MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if len(members) > MOST_FILES:
            raise PayloadError(f"an archive of more than {MOST_FILES:,} files")
        for member in members:
            if member.compress_type not in _METHODS:
                raise PayloadError(f"an archive in the method {member.compress_type}")
            with archive.open(member) as file:
                plain = file.read(left + 1)
            left -= len(plain)
            if left < 0:
                raise PayloadError(f"an archive of more than {MOST_BYTES:,} bytes")
            found.append(plain)
    return found
