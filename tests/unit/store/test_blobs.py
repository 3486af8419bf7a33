"""Files that are kept: whole or not at all, once, under the name of what is in them."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cop.errors import StoreUnavailable
from cop.store.blobs import Blobs


def test_what_is_put_is_read(tmp_path: Path) -> None:
    """The id is the SHA-256 of the bytes, and the file lies under its first two letters."""
    blobs = Blobs(tmp_path / "a" / "b")
    blob = blobs.put(b"hello")
    assert blob == hashlib.sha256(b"hello").hexdigest()
    assert blobs.read(blob) == b"hello"
    assert (tmp_path / "a" / "b" / blob[:2] / blob).read_bytes() == b"hello"
    assert Blobs(tmp_path / "other").read(blob) is None


def test_nothing_is_written_twice(tmp_path: Path) -> None:
    """What is there already stays the very file that it was, and no draft is left."""
    blobs = Blobs(tmp_path)
    blob = blobs.put(b"hello")
    file = tmp_path / blob[:2] / blob
    before = file.stat().st_ino, file.stat().st_mtime_ns
    with ThreadPoolExecutor(8) as crowd:
        assert set(crowd.map(blobs.put, [b"hello"] * 20)) == {blob}
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == before
    assert [path.name for path in file.parent.iterdir()] == [blob]


def test_a_crowd_writes_one_file(tmp_path: Path) -> None:
    """Many who put the same new bytes at once leave one whole file."""
    blobs, data = Blobs(tmp_path), os.urandom(300_000)
    with ThreadPoolExecutor(8) as crowd:
        (blob,) = set(crowd.map(blobs.put, [data] * 16))
    assert blobs.read(blob) == data
    assert len(list((tmp_path / blob[:2]).iterdir())) == 1


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/" * 64]
)
def test_what_is_no_id_names_no_file(tmp_path: Path, name: str) -> None:
    """Only 64 hexadecimal digits are looked for; nothing leads out of the folder."""
    assert Blobs(tmp_path).read(name) is None


def test_a_damaged_file_is_not_handed_out(tmp_path: Path) -> None:
    """What no longer is what its name says is as good as gone."""
    blobs = Blobs(tmp_path)
    blob = blobs.put(b"hello")
    file = tmp_path / blob[:2] / blob
    file.chmod(0o600)
    file.write_bytes(b"hullo")
    assert blobs.read(blob) is None


def test_a_disk_that_does_not_take_it_is_said(tmp_path: Path) -> None:
    """Where the folder cannot be made, the write is refused as one that may be tried again."""
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        Blobs(tmp_path / "taken").put(b"hello")
