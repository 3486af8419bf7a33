"""Putting a copy of an operation, or of the accounts, into a Redis that has nothing of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, Final

from redis import Redis

from cop.errors import Misconfigured, PayloadError
from cop.model.record import MOST_LINE, cursor_key, line_of
from cop.store.commands import Command
from cop.store.connection import available
from cop.store.dump import Cut
from cop.store.keys import SERIES, Keys

_BATCH: Final = 200
_BATCH_BYTES: Final = 4 * 1024 * 1024
_NUMBERS_LEFT_OUT: Final = 1_000
"""More than are given between two backups."""


def check_empty(client: Redis, prefix: str) -> None:
    """Return when no key begins with *prefix*.

    Raises:
        Misconfigured: one does.
        StoreUnavailable: Redis does not answer.
    """
    with available():
        found = next(iter(client.scan_iter(f"{prefix}*", count=1000)), None)
    if found is not None:
        raise Misconfigured(
            f"this Redis holds {prefix}… already: stop what runs on it, and restore into an empty"
            " one; nothing was changed"
        )


def load(client: Redis, prefix: str, commands: Iterable[Command]) -> None:
    """Run *commands*, all of which put something under keys that begin with *prefix*.

    Raises:
        PayloadError: one is about another key.
        StoreUnavailable: Redis does not answer, or refuses one.
    """
    batch: list[Command] = []
    size = 0
    for command in commands:
        if not command[1].startswith(prefix.encode()):
            raise PayloadError("the backup of one operation speaks of another")
        batch.append(command)
        size += sum(map(len, command))
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            _send(client, batch)
            batch, size = [], 0
    _send(client, batch)


def _send(client: Redis, batch: Iterable[Command]) -> None:
    with available(), client.pipeline(transaction=False) as pipe:
        for command in batch:
            pipe.execute_command(*command)  # type: ignore[no-untyped-call]
        pipe.execute()


def move_numbers_on(client: Redis, keys: Keys) -> None:
    """Leave out the numbers that may have been given after the copy.

    People speak them over the radio and write them on paper: one must not come to mean something
    else. The gap, and that they go on at a hundred, also tells them what is from after it.

    Raises:
        StoreUnavailable: Redis does not answer.
    """
    with available():
        for series in SERIES:
            key = keys[f"series:{series}"]
            given: Any = client.get(key)
            last = -(-(int(given or 0) + _NUMBERS_LEFT_OUT) // 100) * 100
            client.set(key, last)


def begin_log(client: Redis, keys: Keys, cut: Cut, *, stored: int, epoch: str) -> None:
    """Make what was loaded an operation, with a log that begins after everything there was before.

    Whoever followed the log before, perhaps further than the copy goes, takes a new snapshot: all
    cursors of then are of another line (`line_of`), whatever the clock of this machine says.

    Raises:
        Misconfigured: somebody began one meanwhile.
        StoreUnavailable: Redis does not answer.
    """
    with available():
        clock: Any = client.time()
        last = cursor_key(cut.cursor)
        line = 1 + secrets.randbelow(MOST_LINE)
        line = line % MOST_LINE + 1 if line == line_of(last) else line
        millis = 1 + max(clock[0] * 1000 + clock[1] // 1000, last[0])
        floor = f"{millis}-{line << 32}"
        if client.exists(keys["meta"]):
            raise Misconfigured("something runs on this Redis: stop it, empty it, restore again")
        # an empty log whose next event comes after *floor*, whatever the clock says
        with client.pipeline(transaction=True) as pipe:
            pipe.xadd(keys["log"], {"-": "-"}, id=floor)
            pipe.xtrim(keys["log"], maxlen=0, approximate=False)
            meta: dict[Any, Any] = {"epoch": epoch, "format": stored}
            meta |= {"floor": floor, "last": floor}
            if cut.journal_number:
                meta |= {"journal_number": cut.journal_number, "journal_hash": cut.journal_hash}
            pipe.hset(keys["meta"], mapping=meta)
            pipe.execute()
