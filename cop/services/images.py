"""Pictures that people send: looked into, made small, and freed of all that is not picture.

Nothing of the file that was sent is kept. Its pixels are decoded, within limits that are checked
before anything large is unpacked, and written anew.
"""

from __future__ import annotations

import io
import math
import re
import threading
from dataclasses import dataclass
from typing import Final, Literal

from PIL import Image, ImageCms, ImageOps

from cop.errors import Invalid

MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 2048
MOST_BYTES: Final = 1_500_000

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITIES: Final = (85, 75, 65, 50)
_MOST_PROFILE_BYTES: Final = 4_000_000
_DECODING: Final = threading.BoundedSemaphore(2)  # each may take some 300 MB for a moment
_WORDS: Final = "the picture"

_FOREIGN: Final = (b"<script", b"<?php", b"<html", b"<!doctype", b"%pdf-", b"javascript:")
"""What stands in no picture, in small letters: of a file that is something else as well."""
_APPENDED: Final = re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!\x1a|7z\xbc\xaf\x27|\x7fELF|MZ\x90\x00")
"""What may not follow a picture: an archive or a program. Cameras append previews and sound."""

_SCAN: Final = b"\xff\xda"
_MOST_SCANS: Final = 40
"""Of a JPEG. Cameras write one, or some ten; each goes over the whole picture once more."""
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
"""In a JPEG: the end, or what says how long it is."""

MediaType = Literal["image/jpeg", "image/png"]


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture that may be kept.

    Attributes:
        data: the file, without metadata.
        width, height: pixels.
    """

    data: bytes
    media_type: MediaType
    width: int
    height: int


def clean_image(data: bytes) -> CleanImage:
    """Give the picture in *data* (JPEG, PNG or WebP) upright, small, in sRGB, without metadata.

    Raises:
        Invalid: it is no such picture, is damaged, too large, or something else as well.
    """
    _check_one_thing(data)
    with _DECODING:
        image = _decode(data)
        clear = image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255
        if clear or image.mode != "RGBA":
            return _as_jpeg(image.convert("RGB"))
        return _as_png(image)


def media_type_of(data: bytes) -> MediaType:
    """Tell what a file is that `clean_image` made."""
    return "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"


def _refuse(what: str) -> Invalid:
    return Invalid((_WORDS, what))


def _check_one_thing(data: bytes) -> None:
    """Return if *data* is a picture and nothing else; raises Invalid."""
    small = data.lower()
    if any(mark in small for mark in _FOREIGN):
        raise _refuse("is a web page, document or program as well: send the picture alone")
    end = _end_of(data)
    if end is None:
        raise _refuse("is no JPEG, PNG or WebP picture, or not all of it arrived: send it again")
    if data.startswith(b"\xff\xd8\xff") and data.count(_SCAN, 0, end) > _MOST_SCANS:
        raise _refuse("is built of far too many layers: save it anew and send that")
    if _APPENDED.search(data, end):
        raise _refuse("has another file behind it: send the picture alone")


def _end_of(data: bytes) -> int | None:
    """Tell where the picture ends in *data*; None where it does not begin, or does not end."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _end_of_png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _end_of_jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        end = 8 + int.from_bytes(data[4:8], "little")
        return end if end <= len(data) else None
    return None


def _end_of_png(data: bytes) -> int | None:
    at = 8
    while at + 12 <= len(data):
        name = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if name == b"IEND":
            return at if at <= len(data) else None
    return None


def _end_of_jpeg(data: bytes) -> int | None:
    at = 2
    while found := _MARKER.search(data, at):
        at = found.end()
        if data[at - 1] == 0xD9:
            return at
        at += int.from_bytes(data[at : at + 2], "big")
    return None


def _decode(data: bytes) -> Image.Image:
    """Give the first frame of *data*: small, upright, in sRGB, RGB or RGBA, nothing beside it."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            _check_size(*image.size)
            image.seek(0)
            turn, profile = image.getexif().get(0x0112, 1), image.info.get("icc_profile")
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
            small = _in_srgb(image, profile)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refuse("unpacks to more than fits: make it smaller") from None
    except Invalid:
        raise
    except Exception as error:  # a decoder may stumble over anything
        raise _refuse("is damaged or not complete: send it again") from error
    if turn != 1:
        small.getexif()[0x0112] = turn
        small = ImageOps.exif_transpose(small)
    small.info = {}
    return small


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        most = MOST_PIXELS // 1_000_000
        raise _refuse(f"has {width} by {height} points, more than {most} million: make it smaller")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Give *image* as RGB or RGBA, its colours those of sRGB."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    clear = image.has_transparency_data
    alpha = image.convert("RGBA").getchannel("A") if clear else None
    plain = image if image.mode in {"RGB", "CMYK", "L"} else image.convert("RGB")
    colours = _profiled(plain, profile) or plain.convert("RGB")
    if alpha is not None:
        colours.putalpha(alpha)
    return colours


def _profiled(image: Image.Image, profile: bytes | None) -> Image.Image | None:
    """Give *image* with its *profile* applied; None where there is none that fits."""
    if not profile or len(profile) > _MOST_PROFILE_BYTES:
        return None
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        wanted = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, given, wanted, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None  # the colours are off a little; the picture is what matters


def _as_jpeg(image: Image.Image) -> CleanImage:
    while True:
        for quality in _QUALITIES:
            file = io.BytesIO()
            image.save(file, "JPEG", quality=quality, optimize=True)
            if file.tell() <= MOST_BYTES:
                return CleanImage(file.getvalue(), "image/jpeg", *image.size)
        image = _smaller(image, 0.75)


def _as_png(image: Image.Image) -> CleanImage:
    while True:
        file = io.BytesIO()
        image.save(file, "PNG")
        if file.tell() <= MOST_BYTES:
            return CleanImage(file.getvalue(), "image/png", *image.size)
        image = _smaller(image, min(0.9, math.sqrt(MOST_BYTES / file.tell())))


def _smaller(image: Image.Image, by: float) -> Image.Image:
    width, height = image.size
    return image.resize((max(1, int(width * by)), max(1, int(height * by))))
