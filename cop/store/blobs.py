"""Files that are kept for the picture: named by what is in them, written once, never changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Final

import structlog

from cop.errors import StoreUnavailable

log = structlog.get_logger(__name__)

_ID: Final = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """The files of one operation. Safe to share between threads, processes and machines."""

    def __init__(self, folder: Path) -> None:
        """Keep them under *folder*, which is made when the first is put."""
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep *data* and give its id, the SHA-256 in hexadecimal; on disk when this returns.

        Raises:
            StoreUnavailable: the disk does not take it.
        """
        blob_id = hashlib.sha256(data).hexdigest()
        path = self._path(blob_id)
        try:
            _make(path.parent)
            if not path.exists():
                _write(path, data)
            _sync(path.parent)
        except OSError as error:
            log.exception("blob_not_kept")
            raise StoreUnavailable("the disk does not take files now") from error
        return blob_id

    def read(self, blob_id: str) -> bytes | None:
        """Give what is kept under *blob_id*; None when there is none, or it was damaged."""
        if not _ID.fullmatch(blob_id):
            return None
        try:
            data = self._path(blob_id).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.exception("blob_not_read")
            raise StoreUnavailable("the disk does not give files now") from error
        if hashlib.sha256(data).hexdigest() != blob_id:
            log.error("blob_damaged", id=blob_id)
            return None
        return data

    def _path(self, blob_id: str) -> Path:
        return self._folder / blob_id[:2] / blob_id


def _make(folder: Path) -> None:
    """Make *folder* and those above it, each on disk before the next."""
    if folder.is_dir():
        return
    _make(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _sync(folder.parent)


def _write(path: Path, data: bytes) -> None:
    """Write *data* beside *path* and give it its name only when it is whole and on disk."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # the same bytes, from another request
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Return when the names in *folder* are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
