"""Bytes to pixels: exact for what is whole, Unusable for the rest, and nothing else ever."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cop.model.sight import CameraState
from tests.unit.workers.vision.pictures import (
    SIZE,
    a_jpeg,
    a_scene,
    by_pillow,
    png_chunk,
    png_of,
    resized_jpeg,
    warm_values,
)
from workers.vision.decode import decode, decode_pixels
from workers.vision.frame import Unusable
from workers.vision.headers import MOST_BYTES, MOST_SIDE, read_header
from workers.vision.plan import FramePlan

SEEN = FramePlan(size=SIZE)
WARM = FramePlan(size=SIZE, thermal=True)
RED_FIRST: NDArray[Any] = np.ascontiguousarray(a_scene()[:, :, ::-1])


def refused(body: bytes, frame: FramePlan = SEEN) -> Unusable:
    """Give why *body* is not taken."""
    with pytest.raises(Unusable) as found:
        decode(body, frame)
    return found.value


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_gives_the_very_pixels(kind: str) -> None:
    """What is packed without loss comes out as it went in, blue first."""
    assert np.array_equal(decode(by_pillow(RED_FIRST, kind), SEEN), a_scene())


@pytest.mark.parametrize("progressive", [False, True])
def test_reads_jpeg(progressive: bool) -> None:
    """A JPEG comes out as the decoder gives it, height × width × 3."""
    body = a_jpeg(progressive=progressive)
    expected = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(decode(body, SEEN), expected)


def test_grey_becomes_three_channels() -> None:
    """Grey pictures look like any other."""
    grey = cv2.cvtColor(a_scene(), cv2.COLOR_BGR2GRAY)
    for body in (cv2.imencode(".jpg", grey)[1].tobytes(), by_pillow(grey, "PNG")):
        pixels = decode(body, SEEN)
        assert pixels.shape == (SIZE[1], SIZE[0], 3)
        assert np.array_equal(pixels[:, :, 0], pixels[:, :, 2])


def test_metadata_turns_nothing() -> None:
    """An orientation in the metadata changes neither size nor pixels: zones are drawn on pixels."""
    turned = Image.Exif()
    turned[0x0112] = 6
    plain = by_pillow(RED_FIRST, "JPEG", quality=90)
    assert np.array_equal(
        decode(by_pillow(RED_FIRST, "JPEG", quality=90, exif=turned), SEEN), decode(plain, SEEN)
    )


def test_a_preview_behind_a_jpeg_is_left_off() -> None:
    """What cameras append after the end marker is no part of the picture."""
    assert np.array_equal(decode(a_jpeg() + a_jpeg(3), SEEN), decode(a_jpeg(), SEEN))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("ending", [b"", b"\xff\xd9"])
def test_half_a_picture_is_broken(share: float, ending: bytes) -> None:
    """A picture that broke off is no scene, with or without an end marker glued on."""
    body = a_jpeg()
    assert refused(body[: int(len(body) * share)] + ending).state is CameraState.BROKEN


def test_a_hole_in_a_picture_is_broken() -> None:
    """Zeros in the middle of a JPEG are noticed although a decoder would go over them."""
    body = bytearray(a_jpeg())
    body[len(body) // 2 : len(body) // 2 + 150] = bytes(150)
    assert "damaged" in refused(bytes(body)).why


def test_padding_before_the_end_is_no_damage() -> None:
    """Cheap cameras put a byte or two before the end marker."""
    body = a_jpeg()
    assert decode(body[:-2] + b"\x00\x00\xff\xd9", SEEN).shape == (SIZE[1], SIZE[0], 3)


def test_a_size_of_its_own_is_told_in_words() -> None:
    """The state is wrong size, and both sizes are told."""
    wrong = refused(a_jpeg(size=(128, 64)))
    assert wrong.state is CameraState.WRONG_SIZE
    assert "128 × 64" in wrong.why
    assert "96 × 64" in wrong.why


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "nothing"),
        (b"<!DOCTYPE html><html>", "a web page or text"),
        (b"GIF89a" + bytes(60), "something else"),
        (b"\xff\xd8\xff", "its end is missing"),
        (b"\x89PNG\r\n\x1a\n", "its end is missing"),
        (b"II*\0", "broke off"),
        (b"II*\0\x08\0\0\0\xff\xff", "broke off"),
        (bytes(MOST_BYTES + 1), "more than"),
        (resized_jpeg(50_000, 50_000), "50000 × 50000 pixels: at most 4096 × 4096"),
        (resized_jpeg(0, 64), "0 × 64"),
        (png_of(50_000, 50_000), "at most 4096"),
        (png_of(2**31, 64), "at most 4096"),
        (a_jpeg()[:-2] + b"\xff\xda\x00\x02" * 60 + b"\xff\xd9", "far too many layers"),
        (by_pillow(np.dstack([RED_FIRST, RED_FIRST[:, :, :1]]), "TIFF"), "not plain"),
        (by_pillow(np.zeros((64, 96), np.float32), "TIFF"), "not plain"),
        (by_pillow(RED_FIRST, "TIFF", compression="jpeg"), "not plain"),
        (by_pillow(warm_values(), "PNG"), "a visible frame has 8"),
    ],
)
def test_refuses_what_is_no_frame(body: bytes, said: str) -> None:
    """What cannot be a frame is refused by its head, with the reason."""
    wrong = refused(body)
    assert wrong.state is CameraState.BROKEN
    assert said in wrong.why


def test_refuses_several_pictures_in_one_file() -> None:
    """Which picture is now cannot be told."""
    one, other = Image.fromarray(RED_FIRST), Image.fromarray(RED_FIRST[::-1].copy())
    for kind in ("PNG", "TIFF"):
        file = io.BytesIO()
        one.save(file, kind, save_all=True, append_images=[other])
        assert "several pictures" in refused(file.getvalue()).why


def test_refuses_colours_for_print() -> None:
    """Four channels are no camera's."""
    file = io.BytesIO()
    Image.fromarray(RED_FIRST).convert("CMYK").save(file, "JPEG")
    assert "4 × 8 bits" in refused(file.getvalue()).why


def test_a_bomb_unpacks_to_no_more_than_its_size() -> None:
    """Rows far beyond the size that the head tells are not a picture, and are not unpacked."""
    with pytest.raises(Unusable):
        decode(png_of(2, 2, rows=bytes(40_000_000)), SEEN)
    text = zlib.compress(bytes(40_000_000), 9)
    body = by_pillow(RED_FIRST, "PNG")
    bomb = body[:33] + png_chunk(b"zTXt", b"a\0\0" + text) + body[33:]
    assert np.array_equal(decode(bomb, SEEN), a_scene())


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_temperatures_are_by_the_plan(kind: str) -> None:
    """16-bit values are kelvin × 100 where nobody says otherwise, to a hundredth of a degree."""
    celsius = decode(by_pillow(warm_values(), kind), WARM)
    assert celsius.dtype == np.float32
    assert np.abs(celsius - (warm_values() / 100 - 273.15)).max() < 0.01


@pytest.mark.parametrize("packing", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize(
    "words",
    [
        "scale=0.04 offset=-1000",
        '{"scale": 0.04, "offset": -1e3}',
        '<r cop:scale="0.04" cop:offset="-1000.0"/>',
        "<cop:scale>0.04</cop:scale><cop:offset>-1000</cop:offset>",
    ],
)
def test_a_tiff_tells_its_own_scale(packing: str | None, words: str) -> None:
    """What the file says of itself goes before the plan."""
    body = by_pillow(warm_values(), "TIFF", compression=packing, description=words)
    assert np.abs(decode(body, WARM) - (warm_values() * 0.04 - 1000)).max() < 0.01


def test_a_big_endian_tiff_is_the_same() -> None:
    """Both orders of bytes are read."""
    values = warm_values().astype(">u2")
    entries = [(256, 4, SIZE[0]), (257, 4, SIZE[1]), (258, 3, 16 << 16), (259, 3, 1 << 16)]
    entries += [(262, 3, 1 << 16), (273, 4, 200), (277, 3, 1 << 16), (278, 4, SIZE[1])]
    entries += [(279, 4, values.nbytes)]
    head = b"MM\0*" + struct.pack(">IH", 8, len(entries))
    head += b"".join(struct.pack(">HHII", tag, kind, 1, value) for tag, kind, value in entries)
    body = (head + bytes(4)).ljust(200, b"\0") + values.tobytes()
    assert np.abs(decode(body, WARM) - (warm_values() / 100 - 273.15)).max() < 0.01


def test_a_png_tells_its_own_scale() -> None:
    """By text chunks; one of the two alone says nothing."""
    both, one = PngInfo(), PngInfo()
    both.add_text("scale", "0.04")
    both.add_text("offset", "-1000")
    one.add_text("scale", "0.04")
    own = decode(by_pillow(warm_values(), "PNG", pnginfo=both), WARM)
    assert np.abs(own - (warm_values() * 0.04 - 1000)).max() < 0.01
    planned = decode(by_pillow(warm_values(), "PNG", pnginfo=one), WARM)
    assert np.abs(planned - (warm_values() / 100 - 273.15)).max() < 0.01


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (a_jpeg(), "a thermal frame has one value of 16 bits"),
        (by_pillow(np.zeros((64, 96), np.uint16), "PNG"), "impossible, -273 °C"),
        (by_pillow(np.full((64, 96), 65535, np.uint16), "PNG"), ""),
        (by_pillow(warm_values(), "TIFF", description="scale=0 offset=1"), "cannot be"),
        (by_pillow(warm_values(), "TIFF", description="scale=1e300 offset=1"), "cannot be"),
        (by_pillow(warm_values(), "TIFF", description="scale=5 offset=1"), "impossible"),
    ],
)
def test_impossible_temperatures_are_broken(body: bytes, said: str) -> None:
    """A thermal frame of wrong make or scale is no measurement."""
    if not said:
        assert float(decode(body, WARM).min()) == pytest.approx(382.2, abs=0.01)
        return
    wrong = refused(body, WARM)
    assert wrong.state is CameraState.BROKEN
    assert said in wrong.why


def test_pictures_of_any_size_can_be_looked_at() -> None:
    """Without a plan a picture has the size that it has, within the limits."""
    assert decode_pixels(a_jpeg(size=(200, 120))).shape == (120, 200, 3)


WHOLE = (
    a_jpeg(),
    a_jpeg(progressive=True),
    by_pillow(RED_FIRST, "PNG"),
    by_pillow(warm_values(), "PNG"),
    by_pillow(warm_values(), "TIFF", compression="tiff_lzw", description="scale=0.01 offset=-273"),
    by_pillow(RED_FIRST, "TIFF"),
)


@settings(max_examples=250, deadline=None)
@given(
    body=st.sampled_from(WHOLE),
    spots=st.lists(
        st.tuples(st.integers(0, 20_000), st.binary(min_size=1, max_size=8)), max_size=6
    ),
    cut=st.integers(0, 20_000) | st.none(),
    frame=st.sampled_from([SEEN, WARM]),
)
def test_nothing_but_unusable_ever(
    body: bytes, spots: list[tuple[int, bytes]], cut: int | None, frame: FramePlan
) -> None:
    """Damage anywhere gives a frame of the right shape, or Unusable."""
    damaged = bytearray(body)
    for where, what in spots:
        at = where % len(damaged)
        damaged[at : at + len(what)] = what
    try:
        values = decode(bytes(damaged[:cut]), frame)
    except Unusable:
        return
    assert values.shape[:2] == (SIZE[1], SIZE[0])
    assert np.isfinite(values).all()


@settings(max_examples=200, deadline=None)
@given(
    start=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*"]),
    rest=st.binary(max_size=200),
)
def test_heads_of_anything(start: bytes, rest: bytes) -> None:
    """Reading a head never raises anything but Unusable."""
    with suppress(Unusable):
        assert max(read_header(start + rest).size) <= MOST_SIDE
