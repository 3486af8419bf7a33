"""Files that are on disk when one is told so: whole or not at all, and never half a name."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make *folder* and those above it, each on disk before the next; raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    sync_folder(folder.parent)


def write_once(path: Path, data: bytes) -> bool:
    """Write *data* beside *path* and give it its name only when it is whole and on disk.

    Tells whether it was this *data*: false, with nothing changed, where something had the name.
    Raises OSError.
    """
    with _draft(path, data, 0o600) as draft:
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
    return True


def write_anew(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Have *data* take the place of *path* in one step, and be on disk; raises OSError."""
    with _draft(path, data, mode) as draft:
        draft.replace(path)
    sync_folder(path.parent)


@contextlib.contextmanager
def _draft(path: Path, data: bytes, mode: int) -> Iterator[Path]:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Return when the names in *folder* are on disk; raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
