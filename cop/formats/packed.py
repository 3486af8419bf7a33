"""Documents that stand in another as text: in base64, and perhaps compressed."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Final

MOST_UNPACKED: Final = 4_000_000
"""Bytes of one document when it is unpacked; more are not read."""

_GZIP: Final = b"\x1f\x8b"


def unpacked(words: str, most: int = MOST_UNPACKED) -> bytes:
    """Give the bytes that *words* hold in base64, of gzip what is in it.

    Args:
        words: blanks in them are forgiven.
        most: bytes that may come out.

    Raises:
        ValueError: it is no base64, is cut off, or more than *most* bytes; says which.
    """
    try:
        body = base64.b64decode("".join(words.split()), validate=True)
    except binascii.Error as error:
        raise ValueError(f"no base64: {error}") from None
    if body[:2] == _GZIP:
        return inflated(body, most)
    if len(body) > most:
        raise ValueError(f"more than {most:,} bytes")
    return body


def inflated(body: bytes, most: int) -> bytes:
    """Give what is in the gzip *body*, *most* bytes.

    Raises:
        ValueError: it is no gzip, is cut off, or more than *most* bytes; says which.
    """
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = inflate.decompress(body, most + 1)
    except zlib.error as error:
        raise ValueError(f"no gzip: {error}") from None
    if len(plain) > most:
        raise ValueError(f"more than {most:,} bytes")
    if not inflate.eof:
        raise ValueError("gzip that is cut off")
    return plain
