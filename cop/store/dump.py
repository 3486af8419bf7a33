"""Copying what Redis holds of an operation as it was at one cursor, while it is being written.

Nobody is stopped for it. What is read while others write is mended by the events of that time,
which hold whole records; the journal is only added to, so its entries up to the head of that moment
are that moment's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from redis import Redis

from cop.errors import StoreUnavailable
from cop.model.journal import NO_HASH
from cop.model.record import Cursor, cursor_key
from cop.store.commands import Command
from cop.store.connection import available
from cop.store.format import FORMAT
from cop.store.keys import Keys
from cop.store.port import Resync

_PAGE: Final = 500
_ATTEMPTS: Final = 5
_REMOVED: Final = b"-"


@dataclass(frozen=True, slots=True)
class Cut:
    """The moment that a copy is of.

    Attributes:
        cursor: of the last event in it.
        journal_number, journal_hash: of the last entry of the journal in it.
        entities: how many there are.
    """

    cursor: Cursor
    journal_number: int
    journal_hash: str
    entities: int


@dataclass(slots=True)
class _Held:
    """What is on the picture, and what has left it, by id.

    Attributes:
        entities: the stored bytes.
        versions: version and index, or the version after a minus.
        removed_ms: when what has left it did so, epoch milliseconds.
    """

    entities: dict[bytes, bytes] = field(default_factory=dict)
    versions: dict[bytes, bytes] = field(default_factory=dict)
    removed_ms: dict[bytes, bytes] = field(default_factory=dict)

    def apply(self, entry_id: bytes, fields: dict[bytes, bytes]) -> None:
        """Take the records of one event."""
        for entity_id, record in fields.items():
            header, _, body = record.partition(b"\n")
            version, _, index = header.split(b" ", 2)
            if body:
                self.entities[entity_id] = record
                self.versions[entity_id] = version + b" " + index
                self.removed_ms.pop(entity_id, None)
            else:
                self.entities.pop(entity_id, None)
                self.versions[entity_id] = _REMOVED + version
                self.removed_ms[entity_id] = entry_id.partition(b"-")[0]

    def forget_loose(self) -> None:
        """Leave out removals that upkeep forgot while we read: one of the two was read before."""
        for entity_id, version in list(self.versions.items()):
            if version.startswith(_REMOVED) and entity_id not in self.removed_ms:
                del self.versions[entity_id]
        for entity_id in [one for one in self.removed_ms if one not in self.versions]:
            del self.removed_ms[entity_id]


class OperationDump:
    """One operation as it was at `cut`.

    Attributes:
        cut: that moment.
    """

    def __init__(self, client: Redis, keys: Keys) -> None:
        """Read the picture; the rest is read by `commands`.

        Raises:
            StoreUnavailable: Redis does not answer, or what is stored is not of our format.
        """
        self._redis = client
        self._keys = keys
        # Before the picture: a feed or a partner noted as read up to a point that the picture has
        # not come to would never be asked for it again.
        self._tables = [*dump_keys(client, keys["table:*"])]
        self.cut, self._held = self._read()

    def _read(self) -> tuple[Cut, _Held]:
        for _ in range(_ATTEMPTS):
            begun = self._moment()
            held = _Held()
            with available():
                held.entities.update(self._redis.hscan_iter(self._keys["entities"], count=_PAGE))
                held.versions.update(self._redis.hscan_iter(self._keys["versions"], count=_PAGE))
                gone = self._redis.zscan_iter(self._keys["tombstones"], count=_PAGE)
                held.removed_ms.update((one, b"%d" % at) for one, at in gone)
            ended = self._moment()
            try:
                self._follow(held, begun.cursor, ended.cursor)
            except Resync:
                continue
            held.forget_loose()
            cut = Cut(ended.cursor, ended.journal_number, ended.journal_hash, len(held.entities))
            return cut, held
        raise StoreUnavailable("the log is cut faster than the picture can be read; try again")

    def _moment(self) -> Cut:
        wanted = ["last", "format", "journal_number", "journal_hash"]
        with available():
            found: Any = self._redis.hmget(self._keys["meta"], wanted)
        last, stored, number, digest = found
        if last is None or stored != b"%d" % FORMAT:
            raise StoreUnavailable(
                f"operation {self._keys.operation!r} is not stored in the format of this program:"
                " start it once, which upgrades it, or take the program that wrote it"
            )
        head = NO_HASH if digest is None else digest.decode(errors="replace")
        return Cut(last.decode(), int(number or 0), head, 0)

    def _follow(self, held: _Held, cursor: Cursor, target: Cursor) -> None:
        """Apply the events after *cursor* up to and with *target*, and none after it."""
        after, end = cursor, cursor_key(target)
        while cursor_key(after) < end:
            with available(), self._redis.pipeline(transaction=False) as pipe:
                pipe.xrange(self._keys["log"], min=f"({after}", max=target, count=_PAGE)
                pipe.hget(self._keys["meta"], "floor")  # asked after reading: it only rises
                answer: Any = pipe.execute()
            events, floor = answer
            if not events or cursor_key(floor.decode()) > cursor_key(after):
                raise Resync
            for entry_id, fields in events:
                held.apply(entry_id, fields)
                after = entry_id.decode()

    def commands(self) -> Iterator[Command]:
        """Give the commands that put everything into an empty Redis; `meta` is not among them.

        Raises:
            StoreUnavailable: Redis does not answer.
        """
        held = self._held
        yield from self._put(b"HSET", "entities", held.entities.items())
        yield from self._put(b"HSET", "versions", held.versions.items())
        yield from self._put(b"ZADD", "tombstones", ((at, one) for one, at in _of(held.removed_ms)))
        yield from self._indexes()
        yield from self._journal()
        yield from self._answers()
        yield from self._tables
        yield from dump_keys(self._redis, self._keys["series:*"])

    def _indexes(self) -> Iterator[Command]:
        sets: dict[str, list[bytes]] = {}
        due: list[tuple[bytes, bytes]] = []
        for entity_id, version in _of(self._held.versions):
            if version.startswith(_REMOVED):
                continue
            _, kind, feed, expires = version.split(b" ", 3)
            sets.setdefault(f"kind:{kind.decode()}", []).append(entity_id)
            if feed != b"-":
                sets.setdefault(f"feed:{feed.decode()}", []).append(entity_id)
            if expires != b"-":
                due.append((expires, entity_id))
        yield from self._put(b"ZADD", "expiry", due)
        for name, members in sets.items():
            yield from self._put(b"SADD", name, ((member,) for member in members))

    def _journal(self) -> Iterator[Command]:
        last = self.cut.journal_number
        for begin in range(1, last + 1, _PAGE):
            numbers = [b"%d" % n for n in range(begin, min(begin + _PAGE, last + 1))]
            with available():
                found: Any = self._redis.hmget(self._keys["journal"], numbers)
            pairs = zip(numbers, found, strict=True)
            yield from self._put(b"HSET", "journal", ((n, one) for n, one in pairs if one))
        with available():
            # Once each: a scan may give a key twice, and a list would be put twice.
            listing = dict.fromkeys(self._redis.scan_iter(self._keys["journal-of:*"], count=_PAGE))
            for keys in _pages(listing):
                with self._redis.pipeline(transaction=False) as pipe:
                    for key in keys:
                        pipe.lrange(key, 0, -1)
                    listed: Any = pipe.execute()
                for key, numbers in zip(keys, listed, strict=True):
                    kept = [(n,) for n in numbers if n.isdigit() and int(n) <= last]
                    yield from _put(b"RPUSH", key, kept)

    def _answers(self) -> Iterator[Command]:
        """Give the answers that were given by then; whoever got a later one asks again."""
        for command in dump_keys(self._redis, self._keys["idempotency:*"]):
            _, cursor, number, *_ = command[2].split(b" ", 3)
            late = cursor_key(cursor.decode()) > cursor_key(self.cut.cursor)
            if not late and int(number) <= self.cut.journal_number:
                yield command

    def _put(self, verb: bytes, name: str, items: Iterable[Sequence[bytes]]) -> Iterator[Command]:
        return _put(verb, self._keys[name].encode(), items)


def _of(found: dict[bytes, bytes]) -> Iterable[tuple[bytes, bytes]]:
    return sorted(found.items())


def _put(verb: bytes, key: bytes, items: Iterable[Sequence[bytes]]) -> Iterator[Command]:
    """Give the commands that put *items* under *key*, so many at once that nobody waits long."""
    words: list[bytes] = []
    for item in items:
        words += item
        if len(words) >= _PAGE:
            yield (verb, key, *words)
            words = []
    if words:
        yield (verb, key, *words)


def dump_keys(client: Redis, pattern: str) -> Iterator[Command]:
    """Give the commands that put all keys like *pattern* where they are, until when they last.

    Each is as it is when its turn comes. Lists of what there is come last: what was made meanwhile
    may be listed and not there, and is then taken for what was never made, but nothing is there
    without being listed.

    Raises:
        StoreUnavailable: Redis does not answer.
    """
    lists: dict[bytes, bytes] = {}
    with available():
        for keys in _pages(client.scan_iter(pattern, count=_PAGE)):
            with client.pipeline(transaction=False) as pipe:
                for key in keys:
                    pipe.type(key)
                kinds: Any = pipe.execute()
            of_kind = list(zip(keys, kinds, strict=True))
            yield from _strings(client, [key for key, kind in of_kind if kind == b"string"])
            lists.update((key, kind) for key, kind in of_kind if kind != b"string")
        for key, kind in lists.items():
            yield from _dump_key(client, key, kind)


def _pages(found: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Give keys in lists: asked one by one, they might be made faster than they are read."""
    keys = iter(found)
    while page := list(islice(keys, _PAGE)):
        yield page


def _strings(client: Redis, keys: Sequence[bytes]) -> Iterator[Command]:
    with client.pipeline(transaction=True) as pipe:
        pipe.time()
        for key in keys:
            pipe.get(key)
            pipe.pttl(key)
        answer: Any = pipe.execute()
    (seconds, micros), *found = answer
    now_ms = seconds * 1000 + micros // 1000
    for key, value, left_ms in zip(keys, found[::2], found[1::2], strict=True):
        if value is not None:
            until = (b"PXAT", b"%d" % (now_ms + left_ms)) if left_ms > 0 else ()
            yield (b"SET", key, value, *until)


def _dump_key(client: Redis, key: bytes, kind: bytes) -> Iterator[Command]:
    if kind == b"hash":
        yield from _put(b"HSET", key, client.hscan_iter(key, count=_PAGE))
    elif kind == b"set":
        yield from _put(b"SADD", key, ((one,) for one in client.sscan_iter(key, count=_PAGE)))
    elif kind == b"zset":
        scored = client.zscan_iter(key, count=_PAGE)
        yield from _put(b"ZADD", key, ((b"%r" % score, one) for one, score in scored))
    elif kind == b"list":
        listed: Any = client.lrange(key, 0, -1)
        yield from _put(b"RPUSH", key, ((one,) for one in listed))


def find_operations(client: Redis) -> list[str]:
    """Name the operations that something is stored of.

    Raises:
        StoreUnavailable: Redis does not answer.
    """
    shape = re.compile(re.escape(Keys("?")["meta"]).replace(r"\?", "(.*)"))
    with available():
        matches = [shape.fullmatch(one.decode()) for one in client.scan_iter(Keys("*")["meta"])]
    return sorted({match[1] for match in matches if match})
