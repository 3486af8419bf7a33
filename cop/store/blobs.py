"""Files that are kept for the picture: named by what is in them, written once, never changed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

import structlog

from cop.errors import StoreUnavailable
from cop.store.files import make_folder, sync_folder, write_once

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
            make_folder(path.parent)
            if not path.exists():
                write_once(path, data)  # where it is there by now, it is the same bytes
            sync_folder(path.parent)
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
