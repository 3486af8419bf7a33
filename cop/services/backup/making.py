"""Making a backup while everything runs.

Of each operation it holds what Redis held at one cursor. The anchors are read before that, so that
none is of a later journal, and files after it, so that none is missing: what the picture refers to
is on disk before it is referred to, and stays.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from cop.config import Settings
from cop.errors import Misconfigured, StoreUnavailable
from cop.services.backup.manifest import (
    ACCOUNTS,
    CHUNK,
    DATA,
    MANIFEST,
    Content,
    Manifest,
    OperationCopy,
    operation_member,
)
from cop.services.journal_proof import anchors_file
from cop.store.accounts.redis_subscriptions import PREFIX as ACCOUNTS_PREFIX
from cop.store.commands import Command, encode
from cop.store.confirming import AT_ONCE, Confirming
from cop.store.connection import available, connect
from cop.store.dump import OperationDump, dump_keys, find_operations
from cop.store.files import sync_folder
from cop.store.format import FORMAT as STORED_FORMAT
from cop.store.keys import Keys

LEFT_OUT: Final = frozenset(
    {
        *("appendonly.aof", "appendonlydir", "dump.rdb"),  # Redis: copied through it
        *("lock", "redis.json", "redis.log", "running.json"),  # of what runs now
        "public",  # made from the picture
    }
)
"""What lies in a data directory and belongs in no backup."""

OF_OPERATIONS: Final = frozenset({"attachments", "exchange", "uploads"})
"""Folders with one below for each operation."""


def make_backup(
    settings: Settings, file: Path, operations: Collection[str] | None = None
) -> Manifest:
    """Write a backup to *file*, which is there only when it is whole and on disk.

    Args:
        settings: which Redis, and which data directory.
        file: must not exist.
        operations: ids of those that it is of; None: of all that something is stored of.

    Raises:
        Misconfigured: the file is there already or cannot be written, or nothing is stored of an
            operation.
        StoreUnavailable: Redis does not answer.
    """
    draft = file.with_name(f".{file.name}.part")
    if file.exists():
        raise Misconfigured(f"{file} is there already: name another file")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w+b") as stream:
            with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as archive:
                manifest = _write(_Writing(archive), settings, operations)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, file)  # never over another that came meanwhile
        sync_folder(file.parent)
    except OSError as error:
        raise Misconfigured(f"{file} cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


class _Writing:
    """An archive in the making, and what is in it so far."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.files: dict[str, Content] = {}

    def add(self, name: str, body: Iterable[bytes]) -> None:
        seen, size = hashlib.sha256(), 0
        with self.archive.open(name, "w", force_zip64=True) as part:
            for piece in body:
                part.write(piece)
                seen.update(piece)
                size += len(piece)
        self.files[name] = Content(bytes=size, sha256=seen.hexdigest())

    def add_commands(self, name: str, commands: Iterable[Command]) -> None:
        self.add(name, map(encode, commands))


def _write(writing: _Writing, settings: Settings, wanted: Collection[str] | None) -> Manifest:
    made_at = datetime.now(UTC)
    copies: dict[str, OperationCopy] = {}
    url = settings.signed_in(settings.redis_url)
    with (
        closing(connect(url)) as shared,
        closing(Confirming(shared, url, AT_ONCE, "")) as confirming,
        available(),
        confirming.alone() as held,
    ):
        client = held.client
        there = find_operations(client)
        chosen = sorted(there if wanted is None else wanted)
        if unknown := set(chosen) - set(there):
            raise Misconfigured(f"nothing is stored of {', '.join(sorted(unknown))}")
        for operation in chosen:
            anchors = anchors_file(settings.model_copy(update={"operation": operation}))
            if anchors.is_file():
                writing.add(f"{DATA}{anchors.name}", [_whole_lines(anchors.read_bytes())])
        for operation in chosen:
            dump = OperationDump(client, Keys(operation))
            writing.add_commands(operation_member(operation), dump.commands())
            copies[operation] = OperationCopy(
                format=STORED_FORMAT,
                cursor=dump.cut.cursor,
                journal_number=dump.cut.journal_number,
                journal_hash=dump.cut.journal_hash,
                entities=dump.cut.entities,
            )
        writing.add_commands(ACCOUNTS, dump_keys(client, f"{ACCOUNTS_PREFIX}:*"))
        if not held.unbroken():
            raise StoreUnavailable(
                "Redis was begun anew, or another took over, while it was copied: do it again"
            )
    for path in _files(settings.data_dir, chosen):
        name = DATA + path.relative_to(settings.data_dir).as_posix()
        if name not in writing.files:
            _add_file(writing, name, path)
    manifest = Manifest(
        made_at=made_at, program=version("cop"), operations=copies, files=writing.files
    )
    writing.archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _whole_lines(body: bytes) -> bytes:
    """Leave out a last line that is being written."""
    return body[: body.rfind(b"\n") + 1]


def _add_file(writing: _Writing, name: str, path: Path) -> None:
    """Add a file; one that was given up just now is left out."""
    try:
        with path.open("rb") as file:
            writing.add(name, iter(lambda: file.read(CHUNK), b""))
    except FileNotFoundError:
        return


def _files(data: Path, operations: Collection[str]) -> Iterator[Path]:
    """Give the files below *data* that belong to a backup of *operations*, in order."""
    for path in sorted(data.rglob("*")):
        parts = path.relative_to(data).parts
        if parts[0] in LEFT_OUT or parts[0].startswith("temp-") or path.name.startswith("."):
            continue
        if parts[0] in OF_OPERATIONS and len(parts) > 1 and parts[1] not in operations:
            continue
        if path.match("journal-*.anchors") or not path.is_file():  # those there are, are in it
            continue
        yield path
