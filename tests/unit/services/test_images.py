"""Pictures that people send: whatever they are, what is kept is small, upright and only picture."""

from __future__ import annotations

import io
import os
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from cop.errors import Invalid
from cop.services.images import LONGEST_SIDE, MOST_BYTES, clean_image, media_type_of

SECRET = b"Wong Tai Man"


def saved(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """Give *image* as a file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """Read a file."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def halves() -> Image.Image:
    """Give a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (80, 40), "red")
    image.paste("blue", (40, 0, 80, 40))
    return image


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Give a picture that does not compress."""
    return Image.frombytes(mode, (width, height), os.urandom(width * height * len(mode)))


PLAIN = saved(halves())


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_takes_what_telephones_send(form: str) -> None:
    """JPEG, PNG and WebP come out as JPEG of the same picture."""
    clean = clean_image(saved(halves(), form))
    assert (clean.media_type, clean.width, clean.height) == ("image/jpeg", 80, 40)
    assert media_type_of(clean.data) == clean.media_type
    red, green, blue = opened(clean.data).getpixel((70, 20))  # type: ignore[misc]
    assert red < 60
    assert green < 60
    assert blue > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_takes_every_kind_of_png(mode: str) -> None:
    """Grey, palettes, masks, transparency and 16 bits are all pictures."""
    assert clean_image(saved(Image.new(mode, (9, 7)), "PNG")).width == 9


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    """Half of 16 bits is half of 8."""
    clean = clean_image(saved(Image.new("I;16", (9, 7), 0x7FFF), "PNG"))
    assert opened(clean.data).getpixel((3, 3)) == (127, 127, 127)


def test_takes_inks() -> None:
    """A picture for printing is shown in light."""
    assert opened(clean_image(saved(halves().convert("CMYK"))).data).mode == "RGB"


@pytest.mark.parametrize(("alpha", "kept"), [(0, "image/png"), (255, "image/jpeg")])
def test_transparency_is_kept_where_there_is_some(alpha: int, kept: str) -> None:
    """Only what one can see through stays PNG."""
    image = Image.new("RGBA", (40, 40), (200, 0, 0, 255))
    image.putpixel((3, 3), (0, 0, 0, alpha))
    assert clean_image(saved(image, "PNG")).media_type == kept


@pytest.mark.parametrize(("turn", "size"), [(1, (80, 40)), (3, (80, 40)), (6, (40, 80))])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pictures_stand_upright(form: str, turn: int, size: tuple[int, int]) -> None:
    """How the telephone was held is applied to the picture, and then forgotten."""
    exif = Image.Exif()
    exif[0x0112] = turn
    clean = clean_image(saved(halves(), form, exif=exif))
    assert (clean.width, clean.height) == size
    image = opened(clean.data)
    first = image.getpixel((5, 5))
    assert isinstance(first, tuple)
    assert (first[0] > first[2]) == (turn != 3)
    assert not image.getexif()


def tagged() -> list[bytes]:
    """Give pictures that carry a name in every place that there is for words."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (22.0, 18.0, 16.0)
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET.decode())
    words.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    return [
        saved(halves(), exif=exif, comment=SECRET, xmp=xmp),
        saved(halves(), "PNG", exif=exif, pnginfo=words),
        saved(halves().convert("RGBA"), "PNG", exif=exif, pnginfo=words),
        saved(halves(), "WEBP", exif=exif, xmp=xmp),
    ]


@pytest.mark.parametrize("data", tagged())
def test_nothing_but_the_picture_is_kept(data: bytes) -> None:
    """No name, no position, no comment, no profile, in the file or beside its pixels."""
    clean = clean_image(data)
    image = opened(clean.data)
    assert SECRET not in clean.data
    assert not image.getexif()
    assert not image.getexif().get_ifd(0x8825)
    assert not {"comment", "exif", "xmp", "icc_profile", "photoshop"} & set(image.info)
    assert b"Exif" not in clean.data
    assert b"GPS" not in clean.data


def test_colours_are_those_of_screens() -> None:
    """A profile is applied and left out; one that is none does no harm."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (lab, b"no profile at all", b""):
        clean = clean_image(saved(halves(), icc_profile=profile))
        pixel = opened(clean.data).getpixel((5, 20))
        assert isinstance(pixel, tuple)
        assert pixel[0] > 200


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_pictures_become_small(mode: str) -> None:
    """Whatever comes, what is kept has at most 2,048 points a side and a megabyte and a half."""
    image = noise(1400, 1400, mode) if mode == "RGBA" else noise(2600, 1300)
    clean = clean_image(saved(image, "PNG", compress_level=0))
    assert len(clean.data) <= MOST_BYTES
    assert max(clean.width, clean.height) <= LONGEST_SIDE
    assert opened(clean.data).size == (clean.width, clean.height)


def test_only_the_first_of_many_is_taken() -> None:
    """A moving picture is a picture of its beginning."""
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    for form in ("WEBP", "PNG"):
        data = saved(frames[0], form, save_all=True, append_images=frames[1:])
        pixel = opened(clean_image(data).data).getpixel((20, 20))
        assert isinstance(pixel, tuple)
        assert pixel[0] > pixel[2]


@pytest.mark.parametrize("side", [6_400, 9_500, 20_000])
def test_a_bomb_is_not_unpacked(side: int) -> None:
    """A small file of a vast picture is refused by what it says of itself."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    with pytest.raises(Invalid, match="smaller"):
        clean_image(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"GIF89a" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7 " + bytes(100),
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x04\x00\x00\x00WEBP",
        saved(halves(), "BMP"),
        saved(halves(), "GIF"),
        saved(halves(), "TIFF"),
    ],
)
def test_what_is_no_picture_is_told(data: bytes) -> None:
    """Anything else, whatever it says it is, is refused in words."""
    with pytest.raises(Invalid, match="the picture"):
        clean_image(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.98])
def test_half_a_picture_is_not_taken(form: str, part: float) -> None:
    """What did not arrive whole is not passed off as whole."""
    data = saved(noise(100, 100), form)
    with pytest.raises(Invalid, match="again"):
        clean_image(data[: int(len(data) * part)])


@pytest.mark.parametrize(
    "more",
    [
        b"PK\x03\x04" + bytes(40),
        b"MZ\x90\x00" + bytes(40),
        b"\x7fELF" + bytes(40),
        b"Rar!\x1a\x07" + bytes(40),
        b"%PDF-1.7",
        b"<script>alert(1)</script>",
        b"<?php system('x');",
        b"<HTML><body>",
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_something_else_too_is_refused(form: str, more: bytes) -> None:
    """No archive, program, document or page travels behind a picture."""
    with pytest.raises(Invalid, match="alone"):
        clean_image(saved(halves(), form) + more)


def test_a_page_in_a_comment_is_refused() -> None:
    """Nor inside one."""
    with pytest.raises(Invalid, match="alone"):
        clean_image(saved(halves(), comment=b"<script src=x></script>"))


def test_what_cameras_append_is_cut_off() -> None:
    """Telephones put a moment of film behind a picture: the picture is taken without it."""
    film = b"\x00\x00\x00\x18ftypmp42" + os.urandom(5000).replace(b"PK", b"  ")
    assert clean_image(PLAIN + film).data == clean_image(PLAIN).data


def test_a_picture_of_hundreds_of_layers_is_not_unpacked() -> None:
    """Each of them would go over the whole picture again; what telephones append is none."""
    layered = saved(halves(), progressive=True)
    begin = layered.index(b"\xff\xda")
    assert clean_image(layered + b"\xff\xda" * 100).data == clean_image(layered).data
    with pytest.raises(Invalid, match="layers"):
        clean_image(layered[:-2] + layered[begin:-2] * 10 + layered[-2:])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_is_worse_than_a_refusal(data: st.DataObject) -> None:
    """Whatever bytes are wrong, it is either a picture or told to be none."""
    form = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))
    damaged = bytearray(saved(halves(), form))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        clean = clean_image(bytes(damaged))
    except Invalid:
        return
    assert opened(clean.data).size == (clean.width, clean.height)
