"""The bytes of messages as they came and went, kept under their SHA-256."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from cop.config import Settings
from cop.errors import NotFound

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of one message."""

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Originals:
    """The messages of one operation, on disk; any number of processes may keep and read."""

    def __init__(self, settings: Settings) -> None:
        """Keep them in the folder of the operation; it is made with the first."""
        self._folder = settings.data_dir / "exchange" / settings.operation

    def keep(self, body: bytes) -> str:
        """Keep *body* and give its SHA-256, hexadecimal; what is known already is not written.

        It is on the disk when this returns.

        Raises:
            ValueError: it is larger than `MOST_BYTES`.
            OSError: it cannot be written.
        """
        if len(body) > MOST_BYTES:
            raise ValueError(f"a message of more than {MOST_BYTES:,} bytes is not kept")
        digest = hashlib.sha256(body).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return digest

    def read(self, digest: str) -> bytes:
        """Give the message with this SHA-256.

        Raises:
            NotFound: there is none.
        """
        try:
            if _DIGEST.fullmatch(digest):
                return self._path(digest).read_bytes()
        except FileNotFoundError:
            pass
        raise NotFound("there is no such message here")

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest
