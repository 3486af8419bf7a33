"""The bytes of messages as they came and went, kept under their SHA-256."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from cop.config import Settings
from cop.errors import NotFound, StoreUnavailable
from cop.store.files import make_folder, write_anew

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of one message."""
LEAST_FREE: Final = 512 * 1024 * 1024
"""Bytes of the disk that what others send leaves to everything else."""

MOST_TOTAL_BYTES: Final = 4 * 1024 * 1024 * 1024
"""Of all messages of an operation but our own; beyond it none more is taken."""

ROOM_BYTES: Final = 3 * 1024 * 1024 * 1024
"""Beyond this the oldest go that nothing refers to."""

LOOSE_BYTES: Final = ROOM_BYTES + 512 * 1024 * 1024
"""Beyond this none is taken that nothing will refer to."""

KEPT_FOR: Final = timedelta(days=60)
"""How long a message is kept after the last thing that referred to it is gone."""

_LEAST_S: Final = 600.0
"""One that was kept just now may be about to be referred to."""

_TIDY_EVERY_S: Final = 3600.0
_TOUCH_AFTER_S: Final = 86_400.0
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Originals:
    """The messages of one operation, on disk; any number of processes may keep and read."""

    def __init__(self, settings: Settings) -> None:
        """Keep them in the folder of the operation; it is made with the first."""
        self._folder = settings.data_dir / "exchange" / settings.operation

    def has_room(self) -> bool:
        """Tell whether there is room for what others send."""
        folder = self._folder
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free > LEAST_FREE

    def keep(self, body: bytes, *, for_good: bool = False, loose: bool = False) -> str:
        """Keep *body* and give its SHA-256, hexadecimal; what is known already is not written.

        It is on the disk when this returns, and stays while something on the picture refers to it
        and `KEPT_FOR` after.

        Args:
            body: the message.
            for_good: it is never deleted, and counts towards no limit.
            loose: nothing on the picture will refer to it: it leaves room for what does.

        Raises:
            ValueError: it is larger than `MOST_BYTES`.
            StoreUnavailable: there is no room for it.
            OSError: it cannot be written.
        """
        if len(body) > MOST_BYTES:
            raise ValueError(f"a message of more than {MOST_BYTES:,} bytes is not kept")
        digest = hashlib.sha256(body).hexdigest()
        path = self._path(digest, for_good=for_good)
        if for_good:
            if not path.exists():
                _write(path, body)
            return digest
        with self._count() as count:
            if path.exists():
                os.utime(path)
                return digest
            total = self._read_count(count) + len(body)
            most = LOOSE_BYTES if loose else MOST_TOTAL_BYTES
            if total > most:
                raise StoreUnavailable(
                    f"{most / 1024**3:g} GiB of messages are kept already: there is no room for"
                    " another until old ones are given up"
                )
            _write_count(count, total)
        _write(path, body)
        return digest

    def read(self, digest: str) -> bytes:
        """Give the message with this SHA-256.

        Raises:
            NotFound: there is none.
        """
        for for_good in (False, True) if _DIGEST.fullmatch(digest) else ():
            try:
                return self._path(digest, for_good=for_good).read_bytes()
            except FileNotFoundError:
                continue
        raise NotFound("there is no such message here")

    def hold(self, digest: str) -> None:
        """Keep the message with this SHA-256 for as long again: something begins to refer to it.

        Raises:
            NotFound: there is none.
        """
        with self._count():
            try:
                if _DIGEST.fullmatch(digest):
                    os.utime(self._path(digest, for_good=False))
                    return
            except FileNotFoundError:
                if self._path(digest, for_good=True).exists():
                    return
        raise NotFound("there is no such message here")

    def is_untidy(self) -> bool:
        """Tell whether it is time to look what can be given up: each hour, or when room is short.

        Raises:
            OSError: the disk does not answer.
        """
        if not self._folder.is_dir():
            return False
        done = self._folder / "tidied"
        if not done.exists() or time.time() - done.stat().st_mtime >= _TIDY_EVERY_S:
            return True
        with self._count() as count:
            return self._read_count(count) > ROOM_BYTES

    def tidy(self, referred: Collection[str]) -> int:
        """Give up what nothing refers to for long, and the oldest where room is short.

        Args:
            referred: the digests that something on the picture has now; none of these goes.

        Returns:
            How many were given up.

        Raises:
            OSError: the disk does not let it.
        """
        now, gone = time.time(), 0
        with self._count() as count:
            held = sorted((stat.st_mtime, stat.st_size, path) for path, stat in self._all())
            total = sum(size for _, size, _ in held)
            for at, size, path in held:
                if path.name in referred:
                    if now - at > _TOUCH_AFTER_S:  # its time begins when nothing refers to it
                        os.utime(path, (now, now))
                elif now - at > KEPT_FOR.total_seconds() or (
                    total > ROOM_BYTES and now - at > _LEAST_S
                ):
                    path.unlink(missing_ok=True)
                    total, gone = total - size, gone + 1
            _write_count(count, total)
        (self._folder / "tidied").touch()
        return gone

    def _path(self, digest: str, *, for_good: bool) -> Path:
        return (self._folder / "ours" if for_good else self._folder) / digest[:2] / digest

    def _all(self) -> Iterator[tuple[Path, os.stat_result]]:
        """List what may be given up: messages, and what a killed process left of one."""
        for path in self._folder.glob("??/*"):
            try:
                yield path, path.stat()
            except FileNotFoundError:
                continue

    @contextmanager
    def _count(self) -> Iterator[IO[str]]:
        """Hold the file with the size of all, for this process alone."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "bytes").open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # given back with the descriptor
            yield file

    def _read_count(self, count: IO[str]) -> int:
        count.seek(0)
        words = count.read()
        if words.isdecimal():
            return int(words)
        return sum(stat.st_size for _, stat in self._all())


def _write_count(count: IO[str], total: int) -> None:
    count.seek(0)
    count.truncate()
    count.write(str(total))
    count.flush()


def _write(path: Path, body: bytes) -> None:
    make_folder(path.parent)
    write_anew(path, body)
