"""In which format an operation is stored, and the steps that bring an older one to ours.

The field `format` of the key `meta` says it. The write script refuses whoever knows another one, so
that a process from before an upgrade, or after a step back, spoils nothing.

A change of what is stored under which key, or of how its bytes are read, gets a new number here and
a step from the number before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import structlog
from redis import Redis

from cop.errors import Misconfigured, StoreUnavailable
from cop.store.connection import available
from cop.store.keys import Keys

log = structlog.get_logger(__name__)

FORMAT: Final = 2
"""What this program reads and writes. A store that does not say is of format 1."""

_FIRST: Final = b"1"
_LOCK_MS: Final = 30_000
_WAIT_S: Final = 100.0
_LOOK_EVERY_S: Final = 0.2
_BATCH: Final = 500

Step = Callable[[Redis, Keys], None]


def _forget_unreadable_answers(client: Redis, keys: Keys) -> None:
    """Forget answers to idempotency keys that name no ids, as they were kept before the journal.

    What they answered cannot be told from them. They were kept for a day.
    """
    journalled = client.hexists(keys["meta"], "journal_number")
    for found in _batches(client, keys["idempotency:*"]):
        answers: Any = client.mget(found)
        gone = [
            key
            for key, answer in zip(found, answers, strict=True)
            if answer is not None and not _names_ids(answer, journalled=bool(journalled))
        ]
        if gone:
            client.delete(*gone)


def _names_ids(answer: bytes, *, journalled: bool) -> bool:
    """Tell whether it is `digest cursor number`, then ids and versions; not versions alone."""
    rest = answer.split(b" ")[2:]
    if len(rest) == 1:  # the number of an entry that wrote nothing, or one version
        return journalled
    return len(rest) % 2 == 1 and not all(each.isdigit() for each in rest)


def _batches(client: Redis, pattern: str) -> Iterator[list[bytes]]:
    """Give the keys like *pattern* in lists of bounded length."""
    found: list[bytes] = []
    for key in client.scan_iter(pattern, count=_BATCH):
        found.append(key)
        if len(found) >= _BATCH:
            yield found
            found = []
    if found:
        yield found


STEPS: Final[Mapping[int, Step]] = {1: _forget_unreadable_answers}
"""Format to what makes one of the next out of it.

Nobody writes meanwhile, but readers read. A step that was interrupted is done again from its
beginning, and when it takes long two processes may do it at once: it must come to the same.
"""


def stored_format(client: Redis, keys: Keys) -> str | None:
    """Tell the format of what is stored, `1>2` in the midst of an upgrade; None: nothing is stored.

    Raises:
        StoreUnavailable: Redis does not answer.
    """
    with available():
        found: Any = client.hmget(keys["meta"], ["epoch", "format"])
    epoch, given = found
    return None if epoch is None else (given or _FIRST).decode(errors="replace")


def settle(client: Redis, keys: Keys) -> None:
    """Return when what is stored is of our format; an older one is upgraded, by one process.

    Raises:
        Misconfigured: it was written by a newer program.
        StoreUnavailable: Redis does not answer, or another process does not come to an end.
    """
    deadline = time.monotonic() + _WAIT_S
    while (found := stored_format(client, keys)) not in (None, str(FORMAT)):
        begun = _older(keys.operation, found or "")
        with available():
            mine = client.set(keys["lock:upgrade"], b"1", nx=True, px=_LOCK_MS)
        if mine:
            try:
                with available():
                    _upgrade(client, keys, begun)
            finally:  # whoever may not do a step leaves it to one who may
                with available():
                    client.delete(keys["lock:upgrade"])
        elif time.monotonic() > deadline:
            raise StoreUnavailable(
                f"operation {keys.operation!r} is being upgraded by another process; try again soon"
            )
        else:
            time.sleep(_LOOK_EVERY_S)


def _older(operation: str, found: str) -> int:
    """Give the number of an older format; raises Misconfigured where it is no such."""
    first, _, last = found.partition(">")
    known = first.isdecimal() and (last or first).isdecimal()
    if known and int(first) in STEPS and int(last or first) <= FORMAT:
        return int(first)
    raise Misconfigured(
        f"operation {operation!r} is stored in format {found}, and this program knows formats up to"
        f" {FORMAT}: start the newer program that wrote it, or restore a backup from before"
    )


def _upgrade(client: Redis, keys: Keys, begun: int) -> None:
    """Take each step from *begun* on; from the first on no writer is let in until the last."""
    log.warning("upgrade_begun", operation=keys.operation, format=begun, to=FORMAT)
    for number in range(begun, FORMAT):
        client.hset(keys["meta"], "format", f"{number}>{FORMAT}")
        STEPS[number](client, keys)
    client.hset(keys["meta"], "format", str(FORMAT))
    log.warning("upgrade_done", operation=keys.operation, format=FORMAT)
