"""A record as bytes, and what the writes of one call must be.

A record is stored and logged as one header line, `version fetched_ms kind feed expires_ms`, and
the entity's canonical JSON. An absent feed or expiry is `-`. A removal has no body. The write
script makes these bytes; nothing else does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from cop.model.entity import Kind
from cop.model.record import Record, Write

MOST_WRITES: Final = 1000
"""The most changes of one write: nobody else is served while they are applied."""

ANSWER_KEPT_MS: Final = 24 * 3600 * 1000
"""How long the answer to an idempotency key is remembered."""

_KINDS: Final = {kind.value.encode(): kind for kind in Kind}


def decode_record(entity_id: str, stored: bytes) -> Record:
    """Read a record from its stored bytes."""
    header, _, body = stored.partition(b"\n")
    version, fetched_ms, kind, feed, _ = header.split(b" ", 4)
    by = "" if feed == b"-" else feed.decode()
    return Record(entity_id, _KINDS[kind], int(version), int(fetched_ms), body, by)


def index_of(write: Write) -> str:
    """Give what the script indexes an entity by: the end of its header."""
    expires = "-" if write.expires_ms is None else write.expires_ms
    return f"{write.kind.value} {write.feed or '-'} {expires}"


def check_writes(writes: Sequence[Write]) -> None:
    """Raise ValueError for what no store takes: too many writes, an id twice, an empty body."""
    if len(writes) > MOST_WRITES:
        raise ValueError(f"at most {MOST_WRITES} writes at once, not {len(writes)}")
    if len({write.id for write in writes}) != len(writes):
        raise ValueError("an id may stand only once in a write")
    for write in writes:
        if write.body == b"" or " " in write.feed:
            raise ValueError(f"not a write: {write.id!r} of feed {write.feed!r}")


def digest_of(writes: Sequence[Write]) -> str:
    """Give what makes two requests with one idempotency key the same request.

    When it was fetched is no part of it: the same request sent again is sent later.
    """
    seen = hashlib.sha256()
    for write in writes:
        body = b"-" if write.body is None else b"+" + write.body
        for part in (write.id.encode(), index_of(write).encode(), b"%a" % write.expected, body):
            seen.update(b"%d:%b" % (len(part), part))
    return seen.hexdigest()
