"""The files of the public site on disk: each whole or not at all, and never missed by a reader."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from cop.store.files import sync_folder

log = structlog.get_logger(__name__)

LASTING: Final = ("public/p/", "public/c/", "public/a/")
"""Below these a name always has the same bytes."""
PACKED: Final = frozenset(
    {".html", ".json", ".js", ".css", ".svg", ".atom", ".rss", ".csv", ".geojson", ".txt", ".xml"}
)
"""Suffixes of what has a `.gz` beside it; the others are compressed as they are."""
LINGER_S: Final = 900.0
"""How long a file stays after nothing led to it any more: caches may still lead there."""
LINGER_SCRIPTS_S: Final = 86_400.0
"""The same for scripts and styles: a page that is open all day fetches some of them late."""
OWNER: Final = ".kept/owner"
"""Says of which operation all the other files are."""
_LOCK: Final = ".lock"
_DRAFT: Final = re.compile(r"^\..+\.[0-9a-f]{8}\.draft$")


class PublicFiles:
    """The directory that is the root of the public site; one process at a time writes it."""

    def __init__(self, root: Path) -> None:
        """Keep the files below *root*; nothing is touched before `hold`."""
        self.root = root
        self._lock: int | None = None
        self._unpointed: dict[str, float] = {}

    def hold(self) -> bool:
        """Become the one writer; false while another process is. Raises OSError."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        """Let another process write."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def read(self, path: str) -> bytes:
        """Give the bytes of the file *path*; raises OSError."""
        return (self.root / path).read_bytes()

    def write(self, path: str, body: bytes, made_at: datetime, *, sync: bool = False) -> None:
        """Put *body* in place of whatever *path* was; its `.gz` first.

        Args:
            path: below the root.
            body: all of it.
            made_at: real time to which it is true: the file's own time.
            sync: return only when it would outlast a power cut.

        Raises:
            OSError: it could not be written; what was there is there still.
        """
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix in PACKED and not path.startswith("."):
            packed = gzip.compress(body, 9 if path.startswith(LASTING) else 6, mtime=0)
            _place(target.with_name(target.name + ".gz"), packed, made_at, sync=sync)
        _place(target, body, made_at, sync=sync)
        if sync:
            sync_folder(target.parent)

    def touch(self, path: str, made_at: datetime) -> bool:
        """Say that *path* is true up to *made_at* without having changed.

        Tells whether it is there at all; raises OSError.
        """
        at = int(made_at.timestamp() * 1e9)
        target = self.root / path
        try:
            os.utime(target, ns=(at, at))
            if target.suffix in PACKED:
                os.utime(target.with_name(target.name + ".gz"), ns=(at, at))
        except FileNotFoundError:
            return False
        return True

    def write_lasting(self, path: str, body: bytes, made_at: datetime) -> None:
        """Write what never changes under its name, unless it is there; raises OSError."""
        target = self.root / path
        with contextlib.suppress(OSError):
            if target.stat().st_size == len(body):
                return
        self.write(path, body, made_at)

    def sweep(self) -> None:
        """Remove what a killed writer left half written."""
        for path in self._all():
            if _DRAFT.match(path.name):
                _unlink(path)

    def prune(self, pointed: Collection[str]) -> None:
        """Remove lasting files that are not among *pointed* and have not been for a while."""
        now = time.monotonic()
        seen: dict[str, float] = {}
        for path in self._all():
            name = str(path.relative_to(self.root))
            plain = name.removesuffix(".gz")
            is_base = name.startswith(".kept/") and path.suffix == ".json"
            if not (is_base or name.startswith(LASTING)) or plain in pointed:
                continue
            since = self._unpointed.get(name, now)
            if now - since > (LINGER_SCRIPTS_S if name.startswith("public/a/") else LINGER_S):
                _unlink(path)
            else:
                seen[name] = since
        self._unpointed = seen

    def keep_only(self, paths: Collection[str]) -> None:
        """Remove every page and document that is not among *paths*; what lasts is left alone."""
        for path in self._all():
            name = str(path.relative_to(self.root))
            if name.startswith((".", *LASTING)) or name.removesuffix(".gz") in paths:
                continue
            _unlink(path)

    def remove(self, path: str) -> None:
        """Remove the file *path*, if it is there."""
        target = self.root / path
        _unlink(target)
        _unlink(target.with_name(target.name + ".gz"))

    def forget(self) -> None:
        """Remove the pictures and what is remembered of them: this operation has none to show."""
        for path in self._all():
            name = str(path.relative_to(self.root))
            if name.startswith((*LASTING[:2], ".kept/")) and name != OWNER:
                _unlink(path)

    def clear(self) -> None:
        """Remove all that was ever published but scripts and styles: it is of somebody else."""
        for path in self._all():
            name = str(path.relative_to(self.root))
            if name != _LOCK and not name.startswith(LASTING[2]):
                _unlink(path)

    def _all(self) -> Iterator[Path]:
        for folder, _, names in os.walk(self.root):
            yield from (Path(folder, name) for name in names)


def _place(target: Path, body: bytes, made_at: datetime, *, sync: bool) -> None:
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.draft")
    mode = 0o600 if target.parent.name.startswith(".") else 0o644  # what is kept is for us alone
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(body)
            file.flush()
            at = int(made_at.timestamp() * 1e9)
            os.utime(file.fileno(), ns=(at, at))
            if sync:
                os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        _unlink(draft)
        raise


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("public_file_stays", reason=error.strerror)
