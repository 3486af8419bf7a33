"""What a picture file says of itself, read without unpacking any of it."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cop.model.sight import CameraState
from workers.vision.frame import Unusable

MOST_BYTES: Final = 8 * 1024 * 1024
"""Of one picture."""
MOST_SIDE: Final = 4096
"""Pixels of its width, and of its height."""

_MOST_SCANS: Final = 40
"""Of a JPEG. Cameras write one, or some ten; each goes over the whole picture once more."""
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
"""In a JPEG: the end, or what says how long it is."""
_FRAMES: Final = frozenset([0xC0, 0xC1, 0xC2])
"""Baseline, extended and progressive: what there is of JPEG in practice."""
_NO_FRAMES: Final = frozenset([0xC4, 0xC8, 0xCC])

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_CHANNELS: Final[Mapping[int, int]] = {0: 1, 2: 3, 3: 3, 4: 1, 6: 3}
_PNG_KEPT: Final = frozenset([b"IHDR", b"PLTE", b"IDAT", b"IEND"])
_TEXT: Final = re.compile(rb"(scale|offset)\0([ -~]{1,40})", re.DOTALL)
_NUMBER: Final = r"[-+]?\d{1,12}(?:\.\d{0,12})?(?:[eE][-+]?\d{1,3})?"
_NAMED: Final = re.compile(rf"\b(scale|offset)[\"']?\s*[=:>]\s*[\"']?({_NUMBER})(?![\w.])")

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_DESCRIPTION, _CHANNELS, _PLANAR, _TILE, _SUBFILES, _FORMAT, _XMP = (
    270, 277, 284, 322, 330, 339, 700,
)  # fmt: skip
_SIZES: Final[Mapping[int, tuple[int, str]]] = {
    1: (1, "B"),
    2: (1, "B"),
    3: (2, "H"),
    4: (4, "I"),
    7: (1, "B"),
}
"""Of TIFF's types: bytes, and the letter by which `struct` reads one."""
_COMPRESSIONS: Final = frozenset([1, 5, 8, 32773, 32946])
"""None, LZW, deflate, PackBits, deflate by its old number."""


@dataclass(frozen=True, slots=True, eq=False)
class Header:
    """A picture file that may be decoded.

    Attributes:
        kind: its format.
        size: width and height in pixels, both within `MOST_SIDE`.
        bits: of one value.
        channels: 1 for grey, 3 for colour; transparency is not counted.
        body: the file up to its end, of a PNG without all that is no picture.
        scaling: scale and offset to °C, where the file names both.
    """

    kind: Literal["JPEG", "PNG", "TIFF"]
    size: tuple[int, int]
    bits: int
    channels: int
    body: bytes
    scaling: tuple[float, float] | None = None


def read_header(body: bytes) -> Header:
    """Read what *body* says of itself.

    Raises:
        Unusable: it is no single JPEG, PNG or TIFF that is whole and within the limits.
    """
    if len(body) > MOST_BYTES:
        raise _broken(f"it gives a picture of {len(body):,} bytes, more than {MOST_BYTES:,}")
    try:
        if body.startswith(b"\xff\xd8\xff"):
            header = _jpeg(body)
        elif body.startswith(_PNG):
            header = _png(body)
        elif body.startswith((b"II*\0", b"MM\0*")):
            header = _tiff(body)
        else:
            raise _broken(f"it gives {_guess(body)} where a JPEG, PNG or TIFF picture should be")
    except (struct.error, IndexError, OverflowError) as error:
        raise _broken("the picture broke off in what it says of itself") from error
    return header


def _guess(body: bytes) -> str:
    start = body[:200].lstrip().lower()
    if not start:
        return "nothing"
    return "a web page or text" if start.startswith((b"<", b"{")) else "something else"


def _broken(why: str) -> Unusable:
    return Unusable(CameraState.BROKEN, why)


def _checked(width: int, height: int) -> tuple[int, int]:
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise _broken(
            f"it says that it is {width} × {height} pixels: at most {MOST_SIDE} × {MOST_SIDE} are"
            " decoded"
        )
    return width, height


def _jpeg(body: bytes) -> Header:
    """Walk over a JPEG's segments up to its end marker; a preview behind it is left off."""
    at, scans = 2, 0
    found: tuple[tuple[int, int], int] | None = None
    while marker := _MARKER.search(body, at):
        kind, at = body[marker.end() - 1], marker.end()
        if kind == 0xD9:
            if found is None or not scans:
                raise _broken("the JPEG holds no picture")
            return Header("JPEG", found[0], 8, found[1], body[:at])
        (length,) = struct.unpack_from(">H", body, at)
        if 0xC0 <= kind <= 0xCF and kind not in _NO_FRAMES:
            if kind not in _FRAMES or found is not None:
                raise _broken("the JPEG is of a kind that no camera writes")
            bits, height, width, channels = struct.unpack_from(">BHHB", body, at + 2)
            if bits != 8 or channels not in {1, 3}:
                raise _broken(f"the JPEG has {channels} × {bits} bits a pixel")
            found = _checked(width, height), channels
        scans += kind == 0xDA
        if scans > _MOST_SCANS:
            raise _broken("the JPEG is built of far too many layers")
        at += length
    raise _broken("the picture is not whole: its end is missing")


def _png_chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(body):
        (length,) = struct.unpack_from(">I", body, at)
        name, data = body[at + 4 : at + 8], body[at + 8 : at + 8 + length]
        if at + 12 + length > len(body):
            break
        if struct.unpack_from(">I", body, at + 8 + length)[0] != zlib.crc32(name + data):
            raise _broken("the picture is damaged")
        yield name, data
        if name == b"IEND":
            return
        at += 12 + length
    raise _broken("the picture is not whole: its end is missing")


def _png(body: bytes) -> Header:
    kept = bytearray(_PNG)
    header: tuple[int, ...] | None = None
    scaling: dict[str, float] = {}
    for name, data in _png_chunks(body):
        if name == b"IHDR":
            if header is not None:
                raise _broken("the PNG says twice what it is")
            header = struct.unpack(">IIBBBBB", data)
            _checked(header[0], header[1])
        elif header is None:
            raise _broken("the PNG does not say what it is")
        elif name == b"acTL":
            raise _broken("the PNG holds several pictures: which is now cannot be told")
        elif name == b"tEXt" and (text := _TEXT.fullmatch(data)):
            scaling |= _numbers(f"{text[1].decode()}={text[2].decode().strip()}")
        if name in _PNG_KEPT:
            kept += len(data).to_bytes(4, "big") + name + data
            kept += zlib.crc32(name + data).to_bytes(4, "big")
    if header is None or header[3] not in _PNG_CHANNELS:
        raise _broken("the PNG does not say what it is")
    bits = 16 if header[2] == 16 else 8  # fewer than 8 are widened by the decoder
    channels = _PNG_CHANNELS[header[3]]
    return Header("PNG", (header[0], header[1]), bits, channels, bytes(kept), _both(scaling))


def _numbers(words: str) -> dict[str, float]:
    return {found[1]: float(found[2]) for found in _NAMED.finditer(words)}


def _both(named: Mapping[str, float]) -> tuple[float, float] | None:
    return (named["scale"], named["offset"]) if len(named) == 2 else None


def _tiff(body: bytes) -> Header:
    order = "<" if body[:2] == b"II" else ">"
    tags, following = _tiff_tags(body, order)
    if following or _SUBFILES in tags:
        raise _broken("the TIFF holds several pictures: which is now cannot be told")
    size = _checked(_one(tags, _WIDTH, 0), _one(tags, _HEIGHT, 0))
    channels = _one(tags, _CHANNELS, 1)
    bits = set(tags.get(_BITS, (1,)))
    grey, colour = channels == 1 and bits <= {8, 16}, channels == 3 and bits == {8}
    plain = (
        _one(tags, _COMPRESSION, 1) in _COMPRESSIONS
        and _one(tags, _PHOTOMETRIC, -1) == (1 if channels == 1 else 2)
        and _one(tags, _PLANAR, 1) == 1
        and set(tags.get(_FORMAT, (1,))) == {1}
        and _TILE not in tags
    )
    if not (plain and len(bits) == 1 and (grey or colour)):
        raise _broken(
            "the TIFF is not plain: it must have strips of grey values of 8 or 16 bits, or of red,"
            " green and blue of 8, not compressed, or by LZW, deflate or PackBits"
        )
    words = bytes([*tags.get(_DESCRIPTION, ()), 10, *tags.get(_XMP, ())]).decode("utf-8", "replace")
    return Header("TIFF", size, bits.pop(), channels, body, _both(_numbers(words)))


def _one(tags: Mapping[int, tuple[int, ...]], tag: int, otherwise: int) -> int:
    values = tags.get(tag, (otherwise,))
    return values[0] if len(values) == 1 else -1


def _tiff_tags(body: bytes, order: str) -> tuple[dict[int, tuple[int, ...]], int]:
    """Give the whole-number tags of the first directory, and where a second one is; 0: nowhere."""
    (start,) = struct.unpack_from(f"{order}I", body, 4)
    (many,) = struct.unpack_from(f"{order}H", body, start)
    wanted = {
        _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _DESCRIPTION, _CHANNELS, _PLANAR,
        _TILE, _SUBFILES, _FORMAT, _XMP,
    }  # fmt: skip
    tags: dict[int, tuple[int, ...]] = {}
    for index in range(many):
        at = start + 2 + 12 * index
        tag, kind, count = struct.unpack_from(f"{order}HHI", body, at)
        if tag not in wanted:
            continue
        if kind not in _SIZES or tag in tags or count > 65_536:
            raise _broken("the TIFF says what cannot be of itself")
        length, letter = _SIZES[kind]
        if count * length > 4:
            (where,) = struct.unpack_from(f"{order}I", body, at + 8)
        else:
            where = at + 8
        tags[tag] = struct.unpack_from(f"{order}{count}{letter}", body, where)
    return tags, struct.unpack_from(f"{order}I", body, start + 2 + 12 * many)[0]
