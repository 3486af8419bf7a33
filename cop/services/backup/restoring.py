"""Putting a backup into a Redis and a data directory that have nothing yet."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from cop.config import Settings
from cop.errors import Misconfigured
from cop.services.backup.manifest import (
    ACCOUNTS,
    DATA,
    Manifest,
    data_path,
    operation_member,
    pieces,
    read_checked,
)
from cop.services.journal_proof import Verdict, anchors_file, read_anchors, verify
from cop.store.accounts.redis_subscriptions import PREFIX as ACCOUNTS_PREFIX
from cop.store.commands import Command, decode
from cop.store.connection import connect
from cop.store.dump import Cut
from cop.store.files import make_folder, sync_folder
from cop.store.keys import Keys
from cop.store.load import begin_log, check_empty, load, move_numbers_on
from cop.store.redis import RedisStore

_OF_SESSIONS: Final = tuple(f"{ACCOUNTS_PREFIX}:{name}".encode() for name in ("session", "subscri"))
"""What keys begin with under which sessions, and the subscriptions that go with them, stand."""


@contextmanager
def open_backup(file: Path) -> Iterator[tuple[ZipFile, Manifest]]:
    """Give a backup, all of which has been compared with its manifest.

    Raises:
        Misconfigured: it is none, one of a newer program, or not whole.
    """
    try:
        archive = ZipFile(file)
    except (OSError, BadZipFile) as error:
        raise Misconfigured(f"{file} is no backup that can be read: {error}") from error
    with archive:
        yield archive, read_checked(archive)


def check_data_empty(data: Path) -> None:
    """Return when there is no file below *data*; folders, as of volumes, may be there.

    Raises:
        Misconfigured: there is one.
    """
    found = next((path for path in data.rglob("*") if not path.is_dir()), None)
    if found is not None:
        raise Misconfigured(f"{data} is not empty ({found}): restore into an empty directory")


def restore(
    archive: ZipFile, manifest: Manifest, settings: Settings, *, sessions: bool
) -> dict[str, Verdict]:
    """Put everything back and go along each journal; nothing may run on it meanwhile.

    An operation exists from the moment on at which all of it is there. Its log begins anew, so that
    every reader takes a new snapshot; numbers that may have been given since are left out.

    Args:
        archive: of `open_backup`.
        manifest: what it says of itself.
        settings: which Redis, and which data directory; the caller has seen that it is empty.
        sessions: whether who was signed in then is again, and tokens of machines are good again,
            those that were ended since included.

    Returns:
        For each operation whether its journal is whole.

    Raises:
        Misconfigured: the Redis holds something of it already; nothing was changed.
        StoreUnavailable: Redis does not answer, or refuses.
        PayloadError: it was made by somebody else than `make_backup`.
    """
    with closing(connect(settings.signed_in(settings.redis_url))) as client:
        for operation in manifest.operations:
            check_empty(client, Keys(operation).prefix)
        check_empty(client, f"{ACCOUNTS_PREFIX}:")
        for name in manifest.files:
            if name.startswith(DATA):
                _put_file(data_path(settings.data_dir, name), pieces(archive, name))
        with archive.open(ACCOUNTS) as part:
            kept = decode(part)
            load(client, f"{ACCOUNTS_PREFIX}:", kept if sessions else _without_sessions(kept))
        for operation in manifest.operations:
            with archive.open(operation_member(operation)) as part:
                load(client, Keys(operation).prefix, decode(part))
        for operation, copy in manifest.operations.items():
            cut = Cut(copy.cursor, copy.journal_number, copy.journal_hash, copy.entities)
            move_numbers_on(client, Keys(operation))
            epoch = secrets.token_hex(8)
            begin_log(client, Keys(operation), cut, stored=copy.format, epoch=epoch)
    return {operation: _verify(settings, operation) for operation in manifest.operations}


def _without_sessions(commands: Iterable[Command]) -> Iterator[Command]:
    return (command for command in commands if not command[1].startswith(_OF_SESSIONS))


def _put_file(path: Path, body: Iterable[bytes]) -> None:
    """Write a file that is on disk when this returns."""
    try:
        make_folder(path.parent)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(body)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}") from error


def _verify(settings: Settings, operation: str) -> Verdict:
    noted = anchors_file(settings.model_copy(update={"operation": operation}))
    with closing(RedisStore(settings.signed_in(settings.redis_url), operation)) as store:
        return verify(store, read_anchors(noted))
