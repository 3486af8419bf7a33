"""Pictures one after another: every way in which cameras write the boundary, and hostile ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.model.sight import CameraState
from tests.unit.workers.vision.pictures import a_jpeg
from workers.vision.frame import Unusable
from workers.vision.headers import MOST_BYTES
from workers.vision.mjpeg import Part, boundary_of, read_parts

ONE, TWO = a_jpeg(1), a_jpeg(2)


def bodies(chunks: Iterable[bytes], boundary: bytes | None = b"cut") -> list[bytes]:
    """Give the bodies of the parts in *chunks*."""
    return [part.body for part in read_parts(chunks, boundary)]


def answer(mark: bytes = b"--cut", *, length: bool = True, end: bytes = b"--\r\n") -> bytes:
    """Write two pictures with *mark* before each."""
    parts = []
    for body in (ONE, TWO):
        said = b"Content-Length: %d\r\n" % len(body) if length else b""
        parts.append(mark + b"\r\nContent-Type: image/jpeg\r\n" + said + b"\r\n" + body + b"\r\n")
    return b"".join(parts) + mark + end


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("multipart/x-mixed-replace; boundary=cut", b"cut"),
        ("multipart/x-mixed-replace;boundary=--cut", b"cut"),
        ('multipart/x-mixed-replace; boundary="cut; here"', b"cut; here"),
        ("Multipart/X-Mixed-Replace; Boundary = cut; charset=x", b"cut"),
        ("multipart/x-mixed-replace", None),
        ("multipart/x-mixed-replace; boundary=--", None),
    ],
)
def test_finds_the_boundary(said: str, name: bytes | None) -> None:
    """With dashes, quoted, among other things, or not at all."""
    assert boundary_of(httpx.Headers({"Content-Type": said})) == name


@pytest.mark.parametrize("said", ["image/jpeg", "text/html", ""])
def test_says_when_it_is_no_multipart(said: str) -> None:
    """One picture, or a page, is told from pictures one after another."""
    with pytest.raises(Unusable, match=r"snapshot|one after another"):
        boundary_of(httpx.Headers({"Content-Type": said}))


@pytest.mark.parametrize("mark", [b"--cut", b"----cut"])
@pytest.mark.parametrize("length", [True, False])
@pytest.mark.parametrize("boundary", [b"cut", None])
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_reads_pictures(mark: bytes, *, length: bool, boundary: bytes | None, step: int) -> None:
    """The pictures come out to the byte, in whatever pieces they arrive."""
    whole = answer(mark, length=length)
    pieces = [whole[at : at + step] for at in range(0, len(whole), step)]
    assert bodies(pieces, boundary) == [ONE, TWO]


def test_gives_a_picture_before_the_next_one_comes() -> None:
    """A picture of known length does not wait for the boundary behind it."""
    head = b"--cut\r\nContent-Length: %d\r\n\r\n" % len(ONE)

    def camera() -> Iterable[bytes]:
        yield head + ONE
        raise AssertionError("asked for more than the picture")

    assert next(iter(read_parts(camera(), b"cut"))).body == ONE


def test_names_are_small() -> None:
    """Headers are found however they are written; odd lines do no harm."""
    raw = b"--cut\nX-TimeStamp:  12.5 \nnonsense\n: x\nCONTENT-length: 2\n\nab\n--cut--"
    headers = {"x-timestamp": "12.5", "nonsense": "", "": "x", "content-length": "2"}
    assert list(read_parts([raw], b"cut")) == [Part(headers, b"ab")]


def test_what_broke_off_is_left_out() -> None:
    """A picture of known length that did not arrive whole is none; one without may be whole."""
    whole = answer()
    assert bodies([whole[: len(whole) - 300]]) == [ONE]
    assert bodies([answer(length=False, end=b"")]) == [ONE, TWO]
    assert bodies([b"--cut\r\nContent-Type: image/jpeg\r\n\r\n" + ONE]) == [ONE]


@pytest.mark.parametrize(
    ("start", "again", "boundary", "said"),
    [
        (b"--cut\r\n", b"X-Pad: 0123456789\r\n", b"cut", "does not end in"),
        (b"--cut\r\n", b"x" * 100, b"cut", "does not end in"),
        (b"--cut\r\n\r\n", b"x" * 65_536, b"cut", f"does not end in {MOST_BYTES:,} bytes"),
        (b"", b"x" * 4096, b"cut", "does not end in"),
        (b"", b"x" * 100, None, "does not end in"),
        (b"", b"line\r\n", None, "no boundary"),
    ],
)
def test_nothing_is_read_for_ever(
    start: bytes, again: bytes, boundary: bytes | None, said: str
) -> None:
    """An endless head, part or beginning ends with words, after a bounded number of bytes."""
    taken = 0

    def camera() -> Iterable[bytes]:
        nonlocal taken
        for piece in itertools.chain([start], itertools.repeat(again)):
            taken += len(piece)
            yield piece

    with pytest.raises(Unusable, match=said) as wrong:
        bodies(camera(), boundary)
    assert wrong.value.state is CameraState.BROKEN
    assert taken < MOST_BYTES * 2


@pytest.mark.parametrize("length", [b"99999999", b"9" * 500])
def test_an_announced_giant_is_refused_unread(length: bytes) -> None:
    """A length beyond the limit is not waited for."""
    with pytest.raises(Unusable, match="announces"):
        bodies([b"--cut\r\nContent-Length: " + length + b"\r\n\r\n"])


def test_an_answer_without_its_own_boundary() -> None:
    """A boundary that never comes is told, or nothing is given."""
    with pytest.raises(Unusable, match="lacks the boundary"):
        bodies([b"hello"], b"cut")


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(st.binary(max_size=60) | st.just(b"--cut\r\n"), max_size=30))
def test_nothing_but_unusable(pieces: list[bytes]) -> None:
    """Bytes of any kind give parts or Unusable."""
    for boundary in (b"cut", None):
        try:
            found = bodies(pieces, boundary)
        except Unusable:
            continue
        assert sum(map(len, found)) <= sum(map(len, pieces))
