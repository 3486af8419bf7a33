"""What may be a tile of a map service."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from cop.services.layers.tiles import SIDE, NoTile, check_tile


def saved(side: int, form: str, **options: object) -> bytes:
    """Make a square picture."""
    file = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(file, form, **options)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_of_the_size_that_was_asked_for_is_one(form: str) -> None:
    """Of either form, and of no other size."""
    body = saved(SIDE, form)
    assert check_tile(body).media_type == f"image/{form.lower()}"
    with pytest.raises(NoTile):
        check_tile(saved(SIDE + 1, form))
    with pytest.raises(NoTile):
        check_tile(body[:12])


def test_a_small_picture_within_says_nothing_of_the_whole() -> None:
    """A JPEG may hold another in what is said about it; the one that is shown decides."""
    small = b"\xff\xd8\xff\xc0\x00\x11\x08" + SIDE.to_bytes(2, "big") * 2
    with pytest.raises(NoTile):
        check_tile(saved(4096, "JPEG", comment=small))
    big = small[:7] + b"\xff\xff\xff\xff"
    assert check_tile(saved(SIDE, "JPEG", comment=big, progressive=True)).body
