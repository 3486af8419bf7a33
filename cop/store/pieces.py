"""Files that arrive in pieces over a poor network: each piece is on disk before it is confirmed.

Nothing is remembered but what is on disk, so that any process goes on where another was ended.
An upload is a folder below its owner's: `about`, the pieces under their numbers, and, when it has
been used, `ended` in their place.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from cop.errors import NotFound, StoreUnavailable
from cop.store.files import make_folder, sync_folder, write_once

log = structlog.get_logger(__name__)

_ABOUT: Final = "about"
_ENDED: Final = "ended"


@dataclass(frozen=True, slots=True)
class Kept:
    """A piece on disk.

    Attributes:
        data: its bytes.
        at: when it was received, seconds since the epoch.
    """

    data: bytes
    at: float


class Pieces:
    """The unfinished files of one operation. Safe to share between threads and processes.

    Owners and ids are names of folders: whoever calls has seen to it that they are nothing else.
    Every method raises StoreUnavailable where the disk does not take or give files.
    """

    def __init__(self, folder: Path) -> None:
        """Keep them under *folder*, which is made when the first is opened."""
        self._folder = folder

    def open(self, owner: str, upload: str, about: bytes) -> None:
        """Begin *upload* of *owner*, which is *about* that; one that has begun stays as it is."""
        place = self._folder / owner / upload
        try:
            with _disk():
                make_folder(place)
                write_once(place / _ABOUT, about)
                sync_folder(place)
        except FileNotFoundError as error:  # the folder was given up at this very moment
            raise StoreUnavailable("the upload could not be begun just now") from error

    def about(self, owner: str, upload: str) -> bytes | None:
        """Give what *upload* is about; None when *owner* has no such upload."""
        return self._read(self._folder / owner / upload / _ABOUT)

    def ended(self, owner: str, upload: str) -> bytes | None:
        """Give what was left when *upload* had been used; None while it has not."""
        return self._read(self._folder / owner / upload / _ENDED)

    def put(self, owner: str, upload: str, number: int, data: bytes) -> Kept:
        """Keep a piece and give what is kept under its number: the first that came stays.

        Raises:
            NotFound: the upload has ended, or is gone.
        """
        place = self._folder / owner / upload
        try:
            with _disk():
                if not (place / str(number)).exists():
                    write_once(place / str(number), data)
                sync_folder(place)
                kept = self.read(owner, upload, number)
        except FileNotFoundError:
            kept = None
        if kept is None:
            raise NotFound("there is no such upload of yours: begin it again")
        return kept

    def read(self, owner: str, upload: str, number: int) -> Kept | None:
        """Give the piece *number*; None while it is missing."""
        path = self._folder / owner / upload / str(number)
        data = self._read(path)
        if data is None:
            return None
        with contextlib.suppress(FileNotFoundError), _disk():
            return Kept(data, path.stat().st_mtime)
        return None

    def numbers(self, owner: str, upload: str) -> list[int]:
        """List the pieces that are there."""
        return sorted(int(name) for name in self._names(owner, upload) if name.isdecimal())

    def end(self, owner: str, upload: str, left: bytes) -> None:
        """Give the pieces up and leave *left* in their place."""
        place = self._folder / owner / upload
        try:
            with _disk():
                write_once(place / _ENDED, left)
                sync_folder(place)
                for number in self.numbers(owner, upload):
                    (place / str(number)).unlink(missing_ok=True)
        except FileNotFoundError:  # given up by somebody else meanwhile
            return

    def remove(self, owner: str, upload: str) -> None:
        """Give *upload* up, with all that there is of it."""
        shutil.rmtree(self._folder / owner / upload, ignore_errors=True)

    def open_ones(self, owner: str) -> list[str]:
        """List the uploads of *owner* that have not ended."""
        ids = self._names(owner)
        return [one for one in ids if _ENDED not in self._names(owner, one)]

    def owners(self) -> list[str]:
        """List everybody who has begun an upload."""
        return self._names()

    def remove_older(self, age_s: float) -> int:
        """Give up every upload that was begun longer than *age_s* ago; tell how many."""
        before, gone = time.time() - age_s, 0
        for owner in self.owners():
            for upload in self._names(owner):
                place = self._folder / owner / upload
                begun = place / _ABOUT if (place / _ABOUT).exists() else place
                with contextlib.suppress(FileNotFoundError), _disk():
                    if begun.stat().st_mtime < before:
                        self.remove(owner, upload)
                        gone += 1
            with contextlib.suppress(OSError):  # it is not empty
                (self._folder / owner).rmdir()
        return gone

    def _names(self, *parts: str) -> list[str]:
        folder = self._folder.joinpath(*parts)
        try:
            with _disk():
                return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        except FileNotFoundError:
            return []

    def _read(self, path: Path) -> bytes | None:
        try:
            with _disk():
                return path.read_bytes()
        except FileNotFoundError:
            return None


@contextmanager
def _disk() -> Iterator[None]:
    """Turn what the disk says into StoreUnavailable, but for that there is no such file."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        log.exception("pieces_not_kept")
        raise StoreUnavailable("the disk does not take or give files now") from error
