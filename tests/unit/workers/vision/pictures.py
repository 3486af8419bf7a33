"""Pictures and plans of small cameras for trying what reads them."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workers.vision.plan import CameraPlan

NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)
SIZE = (96, 64)

FILE = """
id = "pier-4"
title = { en = "Pier 4", zh-Hant = "四號碼頭" }
publisher = "HKPF"
place = [114.1694, 22.2820]

[source]
kind = "mjpeg"
url = "http://watch:${PIER_PASSWORD}@camera.example/video.mjpeg"
frames = 6

[frame]
size = [640, 360]

[ground]
image = [[80, 350], [560, 350], [420, 120], [220, 120]]
grid = [[835010, 816020], [835018, 816020], [835022, 816050], [835006, 816050]]

[[zones]]
id = "steps"
title = { en = "Steps" }
use = "stairs"
outline = [[80, 350], [560, 350], [420, 120]]
way_deg = 180

[detector]
name = "background"
"""


class Stopped:
    """A clock that shows what it is told."""

    def __init__(self, moment: datetime = NOON) -> None:
        """Stand at *moment*."""
        self.moment = moment
        self.speed = 1.0

    def now(self) -> datetime:
        """Tell the time."""
        return self.moment


def a_plan(size: tuple[int, int] = SIZE, *, thermal: bool = False, **source: Any) -> CameraPlan:
    """Make a plan of a camera; *source* is its table, a snapshot where nothing is said."""
    where = {"kind": "snapshot", "url": "https://camera.example/now.jpg"} | source
    corners = [(0, 0), (size[0], 0), (size[0], size[1])]
    return CameraPlan.model_validate(
        {
            "id": "pier-4",
            "title": {"en": "Pier 4"},
            "publisher": "HKPF",
            "place": (114.1694, 22.282),
            "source": where,
            "frame": {"size": size, "thermal": thermal},
            "ground": {"image": [(0, 0)] * 4, "grid": [(835000, 816000)] * 4},
            "zones": [{"id": "z", "title": {"en": "z"}, "outline": corners, "use": "walkway"}],
            "detector": {"name": "thermal" if thermal else "background"},
        }
    )


def a_scene(seed: int = 0, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """Draw something with structure and noise."""
    rng = np.random.default_rng(seed)
    picture = rng.normal(110, 3, (size[1], size[0], 3))
    cv2.rectangle(picture, (size[0] // 6, 8), (size[0] // 2, size[1] // 2), (40, 90, 200), -1)
    cv2.circle(picture, (size[0] * 3 // 4, size[1] * 2 // 3), 9 + seed % 5, (210, 200, 30), -1)
    return np.asarray(picture.clip(0, 255), np.uint8)


def a_jpeg(seed: int = 0, size: tuple[int, int] = SIZE, *, progressive: bool = False) -> bytes:
    """Give a scene as a JPEG."""
    how = [cv2.IMWRITE_JPEG_QUALITY, 90, cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)]
    return cv2.imencode(".jpg", a_scene(seed, size), how)[1].tobytes()


def warm_values(size: tuple[int, int] = SIZE) -> NDArray[np.uint16]:
    """Give kelvin × 100 between 20 and 40 °C, each pixel another."""
    many = size[0] * size[1]
    ramp = np.linspace(29315, 31315, many).reshape(size[1], size[0])
    return np.asarray(ramp.round(), np.uint16)


def by_pillow(values: NDArray[Any], kind: str, **options: Any) -> bytes:
    """Write *values* (red first where they have colours) as a file of *kind*."""
    file = io.BytesIO()
    Image.fromarray(values).save(file, kind, **options)
    return file.getvalue()


def resized_jpeg(width: int, height: int) -> bytes:
    """Give a JPEG whose header tells of another size than it has."""
    body = bytearray(a_jpeg())
    at = body.find(b"\xff\xc0")
    body[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(body)


def png_chunk(name: bytes, data: bytes) -> bytes:
    """Make one chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, *, bits: int = 8, colour: int = 0, rows: bytes = b"") -> bytes:
    """Make a PNG that says what it is told, with *rows* as its packed rows."""
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    packed = zlib.compress(rows)
    chunks = (png_chunk(b"IHDR", head), png_chunk(b"IDAT", packed), png_chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
