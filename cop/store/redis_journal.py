"""Reading the journal, the answers to idempotency keys, and numbers given in series."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from redis import Redis

from cop.errors import Misconfigured, StoreUnavailable
from cop.model.journal import NO_HASH
from cop.model.record import Answer, Link
from cop.store.codec import decode_link, digest_of, repeated_answer
from cop.store.confirming import Confirming
from cop.store.connection import available, connect
from cop.store.keys import Keys

_PAGE: Final = 200


class RedisJournal:
    """What the write script left for one operation besides the picture."""

    def __init__(self, client: Redis, keys: Keys, confirming: Confirming) -> None:
        """Read through *client* what is kept under *keys*; *confirming* is for what is written."""
        self._redis = client
        self._keys = keys
        self._confirming = confirming

    def answered(self, idempotency_key: str, request: bytes) -> Answer | None:
        """Give the answer that *request* got under this key, `repeated`; None if it is new.

        Raises:
            IdempotencyMismatch: the key was used for another request.
        """
        with available(), self._confirming.held() as held:
            kept: Any = held.client.get(self._keys[f"idempotency:{idempotency_key}"])
            if kept is not None:
                held.confirm()  # the first try may have ended before it was
        return None if kept is None else repeated_answer(kept, digest_of((), request))

    def next_number(self, series: str) -> int:
        """Give the next number of *series*, 1 first; each is given once, some may go unused."""
        with available(), self._confirming.held() as held:
            number: Any = held.client.incr(self._keys[f"series:{series}"])
            held.confirm()
        return int(number)

    def journal_head(self) -> tuple[int, str]:
        """Tell number and hash of the journal's last entry; (0, 64 zeros) when it is empty."""
        with available():
            head: Any = self._redis.hmget(self._keys["meta"], ["journal_number", "journal_hash"])
        number, claimed = head
        if number is not None and not number.isdigit():
            raise StoreUnavailable(f"the journal's head is no number: {number[:60]!r}")
        return int(number or 0), NO_HASH if claimed is None else claimed.decode(errors="replace")

    def journal(self, numbers: Iterable[int]) -> list[Link]:
        """Read entries by number, in the order asked for; absent ones are left out."""
        wanted, found = iter(numbers), []
        with available():
            while chunk := list(islice(wanted, _PAGE)):
                values: Any = self._redis.hmget(self._keys["journal"], list(map(str, chunk)))
                found += [
                    decode_link(number, stored)
                    for number, stored in zip(chunk, values, strict=True)
                    if stored is not None
                ]
        return found

    def journal_size(self) -> int:
        """Tell how many entries are stored, under whatever numbers."""
        with available():
            size: Any = self._redis.hlen(self._keys["journal"])
        return int(size)

    def journal_of(
        self, entity_id: str, *, limit: int = 200, before: int | None = None
    ) -> list[Link]:
        """Read the last *limit* entries that wrote, or were about, one entity; oldest first.

        Where *before* is given, the last ones with a number less than that.
        """
        if limit <= 0:
            return []
        with available():
            stored: Any = self._redis.lrange(
                self._keys[f"journal-of:{entity_id}"], -limit if before is None else 0, -1
            )
        listed = [int(number) for number in stored if number.isdigit()]
        numbers = [number for number in listed if before is None or number < before]
        return self.journal(numbers[-limit:])


def find_journals(url: str) -> set[str]:
    """Name the operations that have a journal in the Redis at *url*.

    Raises:
        Misconfigured: that is no address of a Redis.
        StoreUnavailable: it does not answer.
    """
    shape = re.compile(re.escape(Keys("?")["journal"]).replace(r"\?", "(.*)"))
    try:
        client = connect(url)
    except ValueError as error:
        raise Misconfigured(f"no Redis can be at {url!r}: {error}") from error
    with available(), client:
        found = client.scan_iter(Keys("*")["journal"], count=1000)
        matches = [shape.fullmatch(key.decode()) for key in found]
    return {match[1] for match in matches if match}
