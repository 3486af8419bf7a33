"""Files of the public site in memory: read once each time they are replaced."""

from __future__ import annotations

import gzip
import hashlib
import os
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Final

from cop.services.publishing.paths import CAP

MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
"""What is handed out, by suffix; nothing else is."""
MOST_KEPT_BYTES: Final = 64 * 1024 * 1024
_READS: Final = 3

_State = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Held:
    """One file, as it was at one moment.

    Attributes:
        name: below the root.
        body: its bytes.
        gzipped: the same, compressed; None where that is not worth while.
        hash: of its bytes.
        made_at: real time up to which it is true.
        media_type: of its bytes.
    """

    name: str
    body: bytes
    gzipped: bytes | None
    hash: str
    made_at: datetime
    media_type: str

    @property
    def weight(self) -> int:
        """Bytes of memory that it takes."""
        return len(self.body) + len(self.gzipped or b"")


class PublicShelf:
    """Reads below one root, from any thread; keeps what it read while it is the newest."""

    def __init__(self, root: Path) -> None:
        """Read below *root*, which need not be there yet."""
        self._root = root
        self._kept: OrderedDict[tuple[str, bytes], tuple[_State, Held]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, name: str) -> Held | None:
        """Give the file *name*; None where there is none that may be handed out."""
        if Path(name).suffix not in MEDIA_TYPES or not _is_plain(name):
            return None
        path = self._root / name
        try:
            if path.resolve() != self._root.resolve() / name:  # a link may lead anywhere
                return None
            status = path.stat()
            if not S_ISREG(status.st_mode):
                return None
            state = (status.st_ino, status.st_ctime_ns, status.st_size)
            kept = self._take((name, b""), state)
            return kept or self._keep((name, b""), state, _read(path, name))
        except OSError:
            return None

    def variant(self, held: Held, mark: bytes, words: bytes) -> Held:
        """Give *held* with *words* in place of *mark*."""
        state = (0, 0, int(held.hash, 16))
        key = (held.name, words)
        if kept := self._take(key, state):
            return kept
        body = held.body.replace(mark, words, 1)
        made = _held(held.name, body, gzip.compress(body, 6, mtime=0), held.made_at)
        return self._keep(key, state, made)

    def _take(self, key: tuple[str, bytes], state: _State) -> Held | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[0] != state:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def _keep(self, key: tuple[str, bytes], state: _State, held: Held) -> Held:
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += held.weight - (before[1].weight if before else 0)
            self._kept[key] = (state, held)
            while self._bytes > MOST_KEPT_BYTES:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._bytes -= oldest.weight
        return held


def _is_plain(name: str) -> bool:
    """Tell whether *name* leads down, and to nothing hidden."""
    parts = name.split("/")
    return name.isprintable() and all(part and not part.startswith(".") for part in parts)


def _read(path: Path, name: str) -> Held:
    """Read a file and what is compressed beside it; both are replaced, one after the other."""
    body = b""
    for _ in range(_READS):
        with path.open("rb") as file:
            made_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            body = file.read()
        try:
            packed = path.with_name(path.name + ".gz").read_bytes()
        except FileNotFoundError:
            return _held(name, body, None, made_at)
        # its last eight bytes say what it is made from
        if packed[-8:-4] == zlib.crc32(body).to_bytes(4, "little"):
            return _held(name, body, packed, made_at)
    return _held(name, body, gzip.compress(body, 6, mtime=0), made_at)


def _held(name: str, body: bytes, gzipped: bytes | None, made_at: datetime) -> Held:
    digest = hashlib.sha256(body).hexdigest()[:32]
    media_type = MEDIA_TYPES[Path(name).suffix]
    if name.startswith("public/feeds/") and media_type == "application/json":
        media_type = "application/feed+json"
    if name.startswith(CAP) and name.endswith(".xml"):
        media_type = "application/cap+xml; charset=utf-8"
    return Held(name, body, gzipped, digest, made_at, media_type)
