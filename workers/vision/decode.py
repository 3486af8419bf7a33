"""Bytes to pixels or temperatures, safely: what a file says of itself is checked first.

Only JPEG, PNG and TIFF are read, of one picture each. Metadata turns no picture and colours none.
A 16-bit value v of a thermal frame is v × scale + offset °C. Both are taken from the file where it
names both: a PNG in `tEXt` chunks with the keywords `scale` and `offset`, a TIFF in its
ImageDescription or XMP as `scale=0.01`, `"scale": 0.01` or `<x:scale>0.01</x:scale>`, the same for
`offset`. Otherwise the camera's plan gives them. Radiometric JPEG (FLIR, DJI) is not read: makers
keep its form to themselves.
"""

from __future__ import annotations

import io
import re
from math import isfinite
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cop.model.sight import CameraState
from workers.vision.frame import Celsius, Pixels, Unusable
from workers.vision.headers import MOST_BYTES, Header, read_header
from workers.vision.plan import FramePlan
from workers.vision.sandbox import decoding, overhear

__all__ = ["MOST_BYTES", "as_celsius", "as_pixels", "check_size", "decode", "decode_pixels"]

PLAUSIBLE_CEL: Final = (-60.0, 600.0)
"""What a surface that a camera looks at can have, °C."""

_DAMAGE: Final = re.compile(
    r"Corrupt JPEG|Premature end|Invalid SOS|Inconsistent progression|Unsupported marker"
)
_HARMLESS: Final = re.compile(r"\b[1-4] extraneous bytes before marker 0xd9")
"""Cheap cameras pad the end of every picture."""


def decode(body: bytes, frame: FramePlan) -> NDArray[Any]:
    """Give the frame in *body*: `Celsius` where *frame* is thermal, else `Pixels`.

    Raises:
        Unusable: broken, or not of the size in *frame*; nothing else, whatever *body* is.
    """
    header = read_header(body)
    check_size(header.size, frame.size)
    if not frame.thermal:
        return as_pixels(header)
    if header.bits != 16 or header.channels != 1:
        raise _broken(
            f"it gives {header.kind} of {header.channels} × {header.bits} bits, a thermal frame has"
            " one value of 16 bits a pixel: PNG or TIFF"
        )
    return as_celsius(header, frame)


def decode_pixels(body: bytes) -> Pixels:
    """Give the visible picture in *body*, of whatever size is let in.

    Raises:
        Unusable: broken; nothing else, whatever *body* is.
    """
    return as_pixels(read_header(body))


def check_size(size: tuple[int, int], planned: tuple[int, int]) -> None:
    """Return if *size*, width and height, is the *planned* one; raises Unusable."""
    if size != planned:
        raise Unusable(
            CameraState.WRONG_SIZE,
            f"it gives {size[0]} × {size[1]} pixels and is set up for {planned[0]} × {planned[1]}:"
            " set the camera back, or draw its zones anew",
        )


def as_pixels(header: Header) -> Pixels:
    """Decode a visible picture whose *header* has been checked; raises Unusable."""
    if header.bits != 8:
        raise _broken(f"it gives {header.bits} bits a value, a visible frame has 8")
    if header.kind == "JPEG":
        with decoding("the picture"):
            data = np.frombuffer(header.body, np.uint8)
            how = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
            found, said = overhear(lambda: cv2.imdecode(data, how))
        if found is None or (_DAMAGE.search(said) and not _HARMLESS.search(said)):
            raise _broken("the picture is damaged, or not all of it arrived")
        pixels = np.asarray(found, np.uint8)
    else:
        red_first = _by_pillow(header, "RGB").astype(np.uint8, copy=False)
        pixels = np.ascontiguousarray(red_first[:, :, ::-1])
    return _sized(pixels, header)


def as_celsius(header: Header, frame: FramePlan) -> Celsius:
    """Decode a thermal picture whose *header* has been checked; raises Unusable."""
    scale, offset = header.scaling or (frame.scale, frame.offset)
    if not (isfinite(scale) and isfinite(offset) and 0 < abs(scale) <= 10 and abs(offset) < 1e4):
        raise _broken(f"it says that a value means × {scale:g} + {offset:g} °C, which cannot be")
    values = _by_pillow(header, None)
    celsius: Celsius = values.astype(np.float32)
    celsius *= np.float32(scale)
    celsius += np.float32(offset)
    fitting = np.count_nonzero((celsius >= PLAUSIBLE_CEL[0]) & (celsius <= PLAUSIBLE_CEL[1]))
    if fitting * 2 < celsius.size:
        raise _broken(
            f"most of its temperatures are impossible, {float(np.median(celsius)):.0f} °C in the"
            " middle: look at scale and offset"
        )
    return np.asarray(_sized(celsius, header), np.float32)


def _by_pillow(header: Header, mode: str | None) -> NDArray[Any]:
    """Decode a PNG or TIFF, converted to *mode*; None: its 16-bit values as they are."""
    try:
        with (
            decoding("the picture"),
            Image.open(io.BytesIO(header.body), formats=(header.kind,)) as image,
        ):
            own, fits = image.mode, image.size == header.size
            values = np.asarray(image.convert(mode) if mode else image) if fits else None
    except Unusable:
        raise
    except Exception as error:  # a decoder may stumble over anything
        raise _broken("the picture is damaged, or not all of it arrived") from error
    if values is None or not (mode or own.startswith("I;16")):
        raise _broken("it says two different things of itself")
    return values


def _sized(values: NDArray[Any], header: Header) -> NDArray[Any]:
    if (values.shape[1], values.shape[0]) != header.size:
        raise _broken("it says two different things of itself")
    return values


def _broken(why: str) -> Unusable:
    return Unusable(CameraState.BROKEN, why)
