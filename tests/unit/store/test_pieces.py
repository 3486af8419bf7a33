"""Files that arrive in pieces: what was confirmed is on disk, whoever looks."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cop.errors import NotFound, StoreUnavailable
from cop.store.pieces import Pieces


@pytest.fixture
def pieces(tmp_path: Path) -> Pieces:
    """Give an empty place with one upload begun."""
    pieces = Pieces(tmp_path / "deep" / "down")
    pieces.open("owner", "photo", b"{}")
    return pieces


def test_what_was_put_is_found_by_another_process(pieces: Pieces, tmp_path: Path) -> None:
    """Nothing is remembered but on disk: whoever opens the same folder finds every piece."""
    first = pieces.put("owner", "photo", 1, b"one")
    again = Pieces(tmp_path / "deep" / "down")
    assert again.numbers("owner", "photo") == [1]
    assert again.read("owner", "photo", 1) == first
    assert again.about("owner", "photo") == b"{}"
    assert again.read("owner", "photo", 0) is None
    assert again.about("other", "photo") is None


def test_the_first_piece_under_a_number_stays(pieces: Pieces) -> None:
    """Of many who put at once one is kept, whole, and each is told which."""
    sent = [bytes([n]) * 60_000 for n in range(8)]
    with ThreadPoolExecutor(8) as crowd:
        kept = {one.data for one in crowd.map(lambda d: pieces.put("owner", "photo", 0, d), sent)}
    (winner,) = kept
    assert winner in sent
    assert pieces.numbers("owner", "photo") == [0]


def test_a_draft_is_no_piece(pieces: Pieces, tmp_path: Path) -> None:
    """What a killed process left half written counts for nothing."""
    folder = tmp_path / "deep" / "down" / "owner" / "photo"
    (folder / ".0.a1b2c3d4").write_bytes(b"half")
    assert pieces.numbers("owner", "photo") == []
    assert pieces.put("owner", "photo", 0, b"whole").data == b"whole"


def test_an_ended_one_takes_no_room(pieces: Pieces) -> None:
    """When it was used the pieces go, what is left is told, and it is open no more."""
    pieces.put("owner", "photo", 0, b"zero")
    assert pieces.open_ones("owner") == ["photo"]
    pieces.end("owner", "photo", b"left")
    assert pieces.numbers("owner", "photo") == []
    assert pieces.ended("owner", "photo") == b"left"
    assert pieces.open_ones("owner") == []


def test_a_piece_for_what_is_gone_is_refused(pieces: Pieces) -> None:
    """An upload that was given up takes no piece, and does not come back by one."""
    pieces.remove("owner", "photo")
    with pytest.raises(NotFound):
        pieces.put("owner", "photo", 0, b"late")
    pieces.end("owner", "photo", b"left")
    assert pieces.about("owner", "photo") is None
    assert pieces.ended("owner", "photo") is None


def test_old_ones_are_given_up(pieces: Pieces, tmp_path: Path) -> None:
    """What was begun too long ago goes with its pieces; what is younger stays."""
    pieces.put("owner", "photo", 0, b"zero")
    pieces.open("owner", "young", b"{}")
    pieces.open("gone", "old", b"{}")
    past = time.time() - 1000
    for name in ("owner/photo", "gone/old"):
        os.utime(tmp_path / "deep" / "down" / name / "about", (past, past))
    assert pieces.remove_older(900) == 2
    assert pieces.open_ones("owner") == ["young"]
    assert pieces.owners() == ["owner"]
    assert pieces.remove_older(900) == 0
    assert Pieces(tmp_path / "nothing").remove_older(1) == 0


def test_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    """Where no folder can be made, whoever asks is told to try again later."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        Pieces(tmp_path / "file").open("owner", "photo", b"{}")
