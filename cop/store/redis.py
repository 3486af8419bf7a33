"""The store in Redis (6.2 or newer, or Valkey): one script writes, everybody else reads."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, Final, NamedTuple

from redis import Redis

from cop.errors import Conflict, Misconfigured, StoreUnavailable
from cop.model.entity import Kind
from cop.model.record import (
    MOST_LINE,
    Answer,
    Cursor,
    Event,
    Page,
    Record,
    Snapshot,
    Write,
    cursor_key,
)
from cop.store.codec import (
    ANSWER_KEPT_MS,
    also_about,
    check_reached,
    check_writes,
    decode_event,
    decode_record,
    digest_of,
    index_of,
    repeated_answer,
)
from cop.store.confirming import AT_ONCE, Confirming, Waiting
from cop.store.connection import available, check_policy, connect
from cop.store.format import FORMAT, settle
from cop.store.keys import Keys
from cop.store.port import Resync
from cop.store.redis_journal import RedisJournal

_PAGE: Final = 1000
_TRIM_PAGE: Final = 100
_LONGEST_WAIT_MS: Final = 1000
_ATTEMPTS: Final = 5
_SERVER: Final = 9
"""Where among the script's arguments the server is named that it runs on."""
_WRITTEN: Final = ("entities", "versions", "expiry", "tombstones", "log", "meta", "journal")
_RELEASE: Final = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)


class _Meta(NamedTuple):
    epoch: str
    floor: Cursor
    last: Cursor
    format: str


@cache
def _script(name: str) -> str:
    return resources.files("cop.store").joinpath(name).read_text("utf-8")


class RedisStore(RedisJournal):
    """The picture of one operation in Redis. Safe to share between threads."""

    def __init__(self, url: str, operation: str, waiting: Waiting = AT_ONCE) -> None:
        """Use the Redis at *url* for *operation*; nothing is asked of it yet.

        A write is confirmed when as many replicas have it as *waiting* says.
        """
        client, keys = connect(url), Keys(operation)
        super().__init__(client, keys, Confirming(client, url, waiting, keys["meta"]))
        self._write = self._redis.register_script(_script("sha256.lua") + _script("write.lua"))
        self._trim = self._redis.register_script(_script("trim.lua"))
        self._mark = self._redis.register_script(_script("mark.lua"))
        self._release = self._redis.register_script(_RELEASE)

    def write(
        self,
        writes: Sequence[Write],
        *,
        fetched_ms: int,
        idempotency_key: str | None = None,
        request: bytes | None = None,
        page: Page | None = None,
    ) -> Answer:
        """Apply all *writes* or none, append one event, and *page* to the journal.

        Raises:
            Conflict: some expected version is not the stored one; nothing was changed.
            IdempotencyMismatch: the key was used for another request; nothing was changed.
            ValueError: more than 1,000 writes, an id twice or with a blank, an empty body or page.
        """
        check_writes(writes, page)
        digest = "" if idempotency_key is None else digest_of(writes, request)
        said = (b"", "") if page is None else (page.body, hashlib.sha256(page.body).hexdigest())
        arguments: list[Any] = [self._keys.prefix, fetched_ms, digest, ANSWER_KEPT_MS]
        arguments += (secrets.token_hex(8), *said, FORMAT, len(writes))
        arguments += ("", 1 + secrets.randbelow(MOST_LINE))
        for write in writes:
            arguments += (
                write.id,
                "" if write.expected is None else write.expected,
                index_of(write),
                write.body or b"",
            )
        if page is not None:
            arguments += also_about(page, writes)
        keys = [self._keys[name] for name in (*_WRITTEN, f"idempotency:{idempotency_key}")]
        with available(), self._confirming.held() as held:
            arguments[_SERVER] = held.server
            answer: Any = self._write(keys=keys, args=arguments, client=held.client)
            if answer[0] == b"format":
                self._settle()
                answer = self._write(keys=keys, args=arguments, client=held.client)
            if answer[0] in (b"ok", b"seen"):
                held.confirm()
        outcome, *rest = answer
        if outcome == b"format":
            raise StoreUnavailable("what is stored was upgraded just now; try again")
        if outcome == b"conflict":
            raise Conflict({rest[i].decode(): int(rest[i + 1]) for i in range(0, len(rest), 2)})
        if outcome == b"seen":
            return repeated_answer(rest[0], digest)
        versions = zip(writes, map(int, rest[2:]), strict=True)
        return Answer(
            rest[0].decode(),
            {write.id: version for write, version in versions if version},
            journal=int(rest[1]),
        )

    def read(self, ids: Iterable[str]) -> dict[str, Record]:
        """Read records by id; absent ids are left out."""
        wanted, found = iter(ids), {}
        with available():
            while chunk := list(islice(wanted, _PAGE)):
                values: Any = self._redis.hmget(self._keys["entities"], chunk)
                for entity_id, stored in zip(chunk, values, strict=True):
                    if stored is not None:
                        found[entity_id] = decode_record(entity_id, stored)
        return found

    def by_kind(self, kind: Kind) -> dict[str, Record]:
        """Read every record of *kind*."""
        return self._indexed(f"kind:{kind.value}")

    def by_feed(self, feed: str) -> dict[str, Record]:
        """Read every record that *feed* put on the picture."""
        return self._indexed(f"feed:{feed}")

    def _indexed(self, index: str) -> dict[str, Record]:
        with available():
            members: Any = self._redis.smembers(self._keys[index])
        return self.read(member.decode() for member in members)

    def snapshot(self) -> Snapshot:
        """Read the whole picture, exact at the cursor it gives, without stopping Redis.

        The scan may see some entities before and some after a write; the events since its
        beginning hold whole records, so applying them makes the picture exact. All is asked of one
        server: another one's scan does not go on where that of the first has stopped.
        """
        for _ in range(_ATTEMPTS):
            with available(), self._confirming.alone() as held:
                begun = self._meta(held.client)
                records = self._scan(held.client)
                ended = self._meta(held.client)
                try:
                    cursor = self._apply_until(held.client, records, begun.last, ended.last)
                except Resync:
                    continue
                if self._meta(held.client).epoch == begun.epoch and held.unbroken():
                    return Snapshot(cursor, begun.epoch, records)
        raise StoreUnavailable("the log is cut faster than the picture can be read; try again")

    def _scan(self, client: Redis) -> dict[str, Record]:
        records: dict[str, Record] = {}
        position, begun = 0, False
        while position or not begun:
            page: Any = client.hscan(self._keys["entities"], position, count=_PAGE)
            position, found = page
            begun = True
            for raw_id, stored in found.items():
                entity_id = raw_id.decode()
                records[entity_id] = decode_record(entity_id, stored)
        return records

    def _apply_until(
        self, client: Redis, records: dict[str, Record], cursor: Cursor, target: Cursor
    ) -> Cursor:
        """Apply the events after *cursor*, at least up to *target*; give the cursor reached."""
        end = cursor_key(target)
        while (key := cursor_key(cursor)) < end:
            for event in self._events(client, cursor, key, limit=_PAGE, wait_ms=0):
                for record in event.records:
                    if record.removed:
                        records.pop(record.id, None)
                    else:
                        records[record.id] = record
                cursor = event.cursor
        return cursor

    def cursor(self) -> Cursor:
        """Tell the cursor of the last event."""
        return self._meta(self._redis).last

    def epoch(self) -> str:
        """Tell the id of this log; it changes when a store was emptied."""
        return self._meta(self._redis).epoch

    def _meta(self, client: Redis) -> _Meta:
        with available():
            values: Any = client.hmget(self._keys["meta"], _Meta._fields)
        if values[0] is None:
            self.write((), fetched_ms=0)  # begins the log
            return self._meta(client)
        meta = _Meta(*((value or b"").decode() for value in values))
        if meta.format == str(FORMAT):
            return meta
        self._settle()
        return self._meta(client)

    def events(self, after: Cursor, *, limit: int = 1000, wait_ms: int = 0) -> list[Event]:
        """Read the events after a cursor, in order; wait up to *wait_ms* for the first.

        Raises:
            Resync: events after *after* have been trimmed away, or *after* is from another log.
        """
        since = cursor_key(after)
        deadline = time.monotonic() + wait_ms / 1000
        while True:
            left_ms = int(1000 * (deadline - time.monotonic()))
            wait = min(left_ms, _LONGEST_WAIT_MS)
            events = self._events(self._redis, after, since, limit=limit, wait_ms=wait)
            if events or left_ms <= _LONGEST_WAIT_MS:
                return events

    def _events(
        self, client: Redis, after: Cursor, since: tuple[int, int], *, limit: int, wait_ms: int
    ) -> list[Event]:
        log, meta = self._keys["log"], self._keys["meta"]
        block = wait_ms if wait_ms > 0 else None  # BLOCK 0 would wait for ever
        with available(), client.pipeline(transaction=False) as pipe:
            pipe.xread({log: after}, count=limit, block=block)
            # Asked after reading: the floor only rises, so nothing was trimmed unnoticed.
            pipe.hmget(meta, ["floor", "last"])
            answer: Any = pipe.execute()
        streams, (floor, last) = answer
        check_reached(since, floor, last)
        return [decode_event(*entry) for entry in streams[0][1]] if streams else []

    def events_until(self, until: Cursor, *, limit: int) -> tuple[Cursor, list[Event]]:
        """Read the last *limit* events up to and with *until*, in order, and what they follow.

        Raises:
            Resync: the log does not reach from its beginning to *until*.
        """
        log, meta = self._keys["log"], self._keys["meta"]
        with available(), self._redis.pipeline(transaction=False) as pipe:
            pipe.xrevrange(log, max=until, count=limit + 1)
            pipe.hmget(meta, ["floor", "last"])  # asked after reading, as in `_events`
            answer: Any = pipe.execute()
        entries, (floor, last) = answer
        check_reached(cursor_key(until), floor, last)
        earlier = [entry_id.decode() for entry_id, _ in entries[limit:]]
        before = max([floor.decode(), *earlier], key=cursor_key)
        least = cursor_key(before)
        events = [decode_event(*entry) for entry in reversed(entries[:limit])]
        return before, [event for event in events if cursor_key(event.cursor) > least]

    def expired(self, now_ms: int, *, limit: int = 1000) -> list[Record]:
        """List records whose time to leave has come."""
        with available():
            ids: Any = self._redis.zrangebyscore(
                self._keys["expiry"], "-inf", now_ms, start=0, num=limit
            )
        return list(self.read(raw.decode() for raw in ids).values())

    def trim(self, keep: int, *, tombstones_before_ms: int) -> int:
        """Cut the log down to its last *keep* events; tell how many went. Forget old removals.

        A removal is forgotten when it was logged before *tombstones_before_ms*, in real time, and
        the log holds it no more: a later write of its id then begins at version 1 again.
        """
        keys = [self._keys[name] for name in ("log", "meta", "versions", "tombstones")]
        total, more = 0, 1
        while more:
            with available():
                answer: Any = self._trim(keys=keys, args=[keep, tombstones_before_ms, _TRIM_PAGE])
            went, more = answer
            total += int(went)
        return total

    def read_table(self, name: str) -> bytes | None:
        """Read a reference table as it was written; None if there is none."""
        with available():
            value: Any = self._redis.get(self._keys[f"table:{name}"])
        return None if value is None else bytes(value)

    def write_table(self, name: str, body: bytes) -> None:
        """Replace a reference table."""
        with available():
            self._redis.set(self._keys[f"table:{name}"], body)

    def mark(self, name: str, value: str, *, ttl_ms: int) -> None:
        """Say that process *name* is alive; forgotten after *ttl_ms*."""
        with available():
            self._mark(keys=[self._keys["marks"]], args=[name, value, ttl_ms])

    def marks(self) -> Mapping[str, str]:
        """List the marks that are still alive, by the clock of Redis."""
        with available(), self._redis.pipeline(transaction=False) as pipe:
            pipe.time()
            pipe.hgetall(self._keys["marks"])
            answer: Any = pipe.execute()
        (seconds, micros), stored = answer
        now = seconds * 1000 + micros // 1000
        marks = {}
        for name, mark in stored.items():
            until, _, value = mark.partition(b" ")
            if int(until) > now:
                marks[name.decode()] = value.decode()
        return marks

    def lend(self, name: str, body: bytes, *, ttl_ms: int) -> None:
        """Leave *body* under *name* for whoever takes it first; forgotten after *ttl_ms*."""
        with available():
            self._redis.set(self._keys[f"lent:{name}"], body, px=ttl_ms)

    def lent(self, name: str) -> bytes | None:
        """Take what was left under *name*, which is gone with that; None if there is nothing."""
        with available():
            value: Any = self._redis.getdel(self._keys[f"lent:{name}"])
        return None if value is None else bytes(value)

    def lock(self, name: str, *, ttl_ms: int) -> str | None:
        """Take the named lock and give its token, or None when somebody holds it."""
        token = secrets.token_hex(16)
        with available():
            taken = self._redis.set(self._keys[f"lock:{name}"], token, nx=True, px=ttl_ms)
        return token if taken else None

    def unlock(self, name: str, token: str) -> None:
        """Give the named lock back, if *token* still holds it."""
        with available():
            self._release(keys=[self._keys[f"lock:{name}"]], args=[token])

    def ping(self) -> None:
        """Return when the store answers."""
        with available():
            self._redis.ping()

    def check_policy(self, *, durable: bool = True) -> tuple[str, ...]:
        """Refuse a Redis that may lose what it confirmed; tell what else should be better.

        Raises:
            Misconfigured: it may evict keys, or keeps no append-only file although *durable*.
            StoreUnavailable: it does not answer.
        """
        return check_policy(self._redis, durable=durable)

    def settle_format(self) -> None:
        """Bring what an older program stored to our format.

        Raises:
            Misconfigured: a newer program stored it.
            StoreUnavailable: it does not answer.
        """
        settle(self._redis, self._keys)

    def _settle(self) -> None:
        """Do so in the midst of work, where a newer format is one more reason not to answer."""
        try:
            self.settle_format()
        except Misconfigured as error:
            raise StoreUnavailable(str(error)) from error

    def close(self) -> None:
        """Give the connections back."""
        self._confirming.close()
        self._redis.close()
