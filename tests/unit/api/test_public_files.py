"""Reading the public site's files: only what is there to be read, and always as it is now."""

from __future__ import annotations

import gzip
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cop.api import public_files
from cop.api.public_files import PublicShelf
from cop.services.publishing.files import PublicFiles

AT = datetime(2026, 9, 8, 4, tzinfo=UTC)


def test_what_is_replaced_is_read_anew(tmp_path: Path) -> None:
    """However often and however quickly a file is replaced, by one of the same length and time."""
    files, shelf = PublicFiles(tmp_path), PublicShelf(tmp_path)
    for number in range(10, 60):
        body = f"page {number}".encode()
        files.write("en/index.html", body, AT)
        held = shelf.find("en/index.html")
        assert held is not None
        assert held.body == body
        assert gzip.decompress(held.gzipped or b"") == body
        assert held.made_at == AT
        assert shelf.find("en/index.html") is held, "read once while it stays"


def test_a_file_and_its_twin_always_agree(tmp_path: Path) -> None:
    """While a writer replaces both, no reader is given one with the other of before."""
    files = PublicFiles(tmp_path)
    files.write("a.json", b"0" * 400, AT)
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            files.write("a.json", str(number).encode() * 400, AT)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(300):
            held = PublicShelf(tmp_path).find("a.json")
            assert held is not None
            assert gzip.decompress(held.gzipped or b"") == held.body
    finally:
        over.set()
        writer.join()


@pytest.mark.parametrize(
    "name",
    [
        "../secret.json",
        "en/../../secret.json",
        "/etc/hosts.txt",
        ".kept/memory.json",
        "en/.hidden.html",
        "link.json",
        "folder/inside.json",
        "en",
        "en/",
        "",
        "absent.html",
        "en/index.html.gz",
        "program.py",
        "a\0b.html",
        "x" * 5000 + ".html",
    ],
)
def test_nothing_else_is_handed_out(tmp_path: Path, name: str) -> None:
    """No way up, no link out, nothing hidden, no folder, no suffix that is not of the site."""
    root = tmp_path / "public"
    for path in ("en/index.html", ".kept/memory.json", "en/.hidden.html", "program.py"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"here")
    (root / "en/index.html.gz").write_bytes(gzip.compress(b"here"))
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "secret.json").write_bytes(b"secret")
    (outside / "inside.json").write_bytes(b"secret")
    (root / "link.json").symlink_to(tmp_path / "secret.json")
    (root / "folder").symlink_to(outside)
    assert PublicShelf(root).find(name) is None
    assert PublicShelf(root).find("en/index.html") is not None


def test_memory_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked for last is kept, up to so many bytes."""
    monkeypatch.setattr(public_files, "MOST_KEPT_BYTES", 10_000)
    files, shelf = PublicFiles(tmp_path), PublicShelf(tmp_path)
    for number in range(20):
        files.write(f"{number}.png", os.urandom(1_000), AT)
        assert shelf.find(f"{number}.png") is not None
    assert shelf._bytes == sum(held.weight for _, held in shelf._kept.values()) <= 10_000
    last = shelf.find("19.png")
    assert shelf.find("19.png") is last


def test_a_root_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    """Before anything was published nothing is found, and nothing fails."""
    assert PublicShelf(tmp_path / "nowhere").find("en/index.html") is None
