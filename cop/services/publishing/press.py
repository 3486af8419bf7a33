"""The press: brings editions and documents to the files, and goes on where it was stopped."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import time
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final

import orjson
import structlog

from cop.config import Settings
from cop.model.text import LANGS
from cop.services.publishing.editions import (
    Base,
    Change,
    Content,
    Document,
    File,
    Series,
    apply,
    change_path,
    digest,
    kept_path,
    read_base,
)
from cop.services.publishing.files import OWNER, PublicFiles
from cop.services.publishing.paths import POINTER
from cop.services.publishing.picture import PublicPicture

log = structlog.get_logger(__name__)

DATA_EVERY_S: Final = 50.0
"""Downloads are written that seldom: each says up to when it is true, so that all of them differ
each time. A little less than the publisher's own minute."""
_SELDOM: Final = "public/data/"
_MEMORY: Final = ".kept/memory"


class Press:
    """Writes one operation's public site. Every method raises OSError where the disk refuses."""

    def __init__(self, files: PublicFiles, settings: Settings) -> None:
        """Write to *files*; nothing is read before `open`."""
        self._files = files
        self._settings = settings
        self._owed: list[File] = []
        self._written: dict[str, tuple[bytes, float]] = {}
        self._scripts: set[str] = set()
        self.series = self._new_series()

    def open(self) -> bytes | None:
        """Clear up after a writer that was killed, go on with its series if that can be read.

        Gives what the compiler was to remember; None where there is nothing of this operation.
        """
        self._files.sweep()
        self._take_over()
        try:
            self.series = self._read_series()
            log.info("public_series_resumed", series=self.series.id, version=self.series.version)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.info("public_series_new", series=self.series.id, reason=type(error).__name__)
        try:
            whose, _, memory = self._files.read(_MEMORY).partition(b"\n")
        except OSError:
            return None
        return memory if whose == self._settings.operation.encode() else None

    def remember(self, memory: bytes, made_at: datetime) -> None:
        """Keep *memory* for the next start."""
        self._files.write(_MEMORY, self._settings.operation.encode() + b"\n" + memory, made_at)

    def publish(self, picture: PublicPicture, content: Content) -> bool:
        """Make an edition if *content* is news; tell whether it was. The pointer is not moved."""
        if self._owed:  # the disk refused them: the pointer must not pass them by
            self._pay(picture.made_at)
        self._owed = self.series.take(picture, content)
        is_news = bool(self._owed)
        self._pay(picture.made_at)
        return is_news

    def point(self, picture: PublicPicture, feeds: Collection[str]) -> None:
        """Write the pointer to the newest edition, with how far *feeds* are known."""
        if self._owed:
            self._pay(picture.made_at)
        body = self.series.pointer(picture, self._settings.public_every_s, feeds)
        self._files.write(POINTER, body, picture.made_at, sync=True)

    def write_scripts(self, files: Iterable[File], made_at: datetime) -> None:
        """Write scripts, styles and what else never changes under its name."""
        for file in files:
            self._files.write_lasting(file.path, file.body, made_at)
            self._scripts.add(file.path)

    def write_documents(self, drafts: Iterable[Document], made_at: datetime) -> bool:
        """Write pages, feeds and downloads, true up to *made_at*; remove those there are no more.

        What has the bytes that it had is only given its new time. What cannot be made or written
        stays as it is, with the time that it has, and holds up nothing else. Tells whether all
        that is due was written.
        """
        paths, failed = {POINTER}, 0
        for draft in drafts:
            paths.add(draft.path)
            if self._is_early(draft.path):
                continue
            try:
                self._write_document(draft.path, draft.make(), made_at)
            except Exception as error:  # whatever it was, it is of this one alone
                log.warning(
                    "public_document_failed",
                    path=draft.path,
                    reason=type(error).__name__,
                    exc_info=not failed and not isinstance(error, OSError),
                )
                failed += 1
        self._files.keep_only(paths)
        self._written = {path: self._written[path] for path in self._written.keys() & paths}
        return not failed

    def _is_early(self, path: str) -> bool:
        """Tell whether *path* is one of those that are written seldom, and was lately."""
        _, at = self._written.get(path, (b"", -DATA_EVERY_S))
        return path.startswith(_SELDOM) and time.monotonic() - at < DATA_EVERY_S

    def _write_document(self, path: str, body: bytes, made_at: datetime) -> None:
        seen = hashlib.blake2b(body, digest_size=16).digest()
        before, _ = self._written.pop(path, (b"", 0.0))
        if before != seen or not self._files.touch(path, made_at):
            self._files.write(path, body, made_at)
        self._written[path] = seen, time.monotonic()

    def prune(self) -> None:
        """Remove old editions and scripts."""
        self._files.prune(self.series.paths() | self._scripts)

    def close_site(self, drafts: Iterable[Document], made_at: datetime) -> None:
        """Write the few pages that say why there is no public map, and remove all else."""
        self._files.remove(POINTER)
        self._files.forget()
        self.write_documents(drafts, made_at)

    def _take_over(self) -> None:
        """See that no file of another operation is left, be it only until the first edition."""
        said = [self._settings.operation, self._settings.exercise]
        owner = orjson.dumps(said)
        with contextlib.suppress(FileNotFoundError):
            if self._files.read(OWNER) == owner:
                return
        self._files.clear()
        log.info("public_site_taken_over", operation=self._settings.operation)
        self._files.write(OWNER, owner, datetime.now(UTC), sync=True)

    def _pay(self, made_at: datetime) -> None:
        while self._owed:
            self._files.write_lasting(self._owed[0].path, self._owed[0].body, made_at)
            del self._owed[0]

    def _new_series(self) -> Series:
        settings = self._settings
        return Series(secrets.token_hex(4), settings.operation, exercise=settings.exercise)

    def _read_series(self) -> Series:
        """Read the series that the pointer leads to, as a viewer would; raises if it is not."""
        told = orjson.loads(self._files.read(POINTER))
        if (told["operation"], told["exercise"]) != (
            self._settings.operation,
            self._settings.exercise,
        ):
            raise ValueError("of another operation")
        name, picture = str(told["series"]), told["picture"]
        path = str(picture["path"]).removeprefix("/")
        body = self._files.read(path)
        if f"-{digest(body)}." not in path:
            raise ValueError("the picture is not what was written")
        kept = self._files.read(kept_path(name, picture["version"]))
        series, version, content = read_base(body, kept)
        if (series, version) != (name, picture["version"]):
            raise ValueError("of another series")
        changes = [self._read_change(one["to"], one["hash"]) for one in told["changes"]]
        for change in changes:
            if change.to > version:
                if change.to != version + 1:
                    raise ValueError("a change is missing")
                content, version = apply(content, change), change.to
        if version != told["version"]:
            raise ValueError("the last change is missing")
        resumed = Series(name, self._settings.operation, exercise=self._settings.exercise)
        resumed.resume(Base(picture["version"], path, len(body)), content, changes)
        return resumed

    def _read_change(self, to: int, name: str) -> Change:
        bodies = {lang: self._files.read(change_path(to, name, lang)) for lang in LANGS}
        if digest(*bodies.values()) != name:
            raise ValueError("a change is not what was written")
        return Change(to, name, bodies)
