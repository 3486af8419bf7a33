"""What is sampled of a running system: its processes, its Redis, its data on disk."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
import redis

from cop.launcher.embedded import socket_of
from cop.model.journal import Deed
from cop.services.upkeep import KEEP_EVENTS
from cop.store.keys import Keys
from cop.store.redis import RedisStore
from tests.soak.trend import Measure, Rule
from tests.system import System

_MIB: Final = 2**20
_PAGE: Final = 1_000
_EVENTS_A_MINUTE: Final = 5_000
"""Events that may come between two trimmings."""
_LOG_MIB: Final = 320.0
"""Some 32 KiB an event: a poll of all detectors makes one of 450 KiB, most are small."""
AOF_BOUND: Final = 512.0
"""MiB. Rewritten when it has doubled, and is larger than 64 MiB."""

_SETTLES_H: Final = 0.25
"""The log is full by then, pools and caches have found their size, and editions begin to go."""

_WEEK: Final = "each is forgotten after a week"
_GROWS: Final = {
    "tombstones": "the version of what was removed is remembered for a week",
    "versions": "with what is on the picture, and what was removed within a week",
    "entities": "with what is on the picture",
    "journal": "nothing is ever taken off it",
    "journal-of": "with the journal",
    "idempotency": _WEEK,
    "sessions": "with the sign-ins; each ends by itself",
    "session": "with the sign-ins; each ends by itself",
    "attempts": "each is forgotten when its time is over",
    "kept": "each is forgotten when its time is over",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the system: a value for each measure, by its name.

    Attributes:
        at_h: hours since the start.
        pids: of the launcher's processes, by name.
        journal: the number of its last entry, and how many entries there are.
        cursor: of the log's last event.
    """

    at_h: float
    values: dict[Measure, float]
    pids: dict[str, int]
    journal: tuple[int, int]
    cursor: str


class Sampler:
    """Looks at a system that runs on a data directory."""

    def __init__(self, system: System, data: Path, operation: str) -> None:
        """Look at *system*, which plays *operation* with its data in *data*."""
        self._system = system
        self._data = data
        self._keys = Keys(operation)
        socket = socket_of(data)
        assert socket is not None, "its Redis does not answer"
        self._redis = redis.Redis(unix_socket_path=str(socket))
        self._broker = redis.Redis(unix_socket_path=str(socket), db=1)

    def look(self, at_h: float) -> Sample:
        """Take a sample, *at_h* hours after the start."""
        values: dict[Measure, float] = {}
        pids: dict[str, int] = {}
        for name, process in self._system.children().items():
            pids[name] = process.pid
            with contextlib.suppress(psutil.NoSuchProcess):
                values |= dict(_of_processes(name, [process]))
                pool = process.children(recursive=True)
                if pool:
                    values |= dict(_of_processes(f"{name}, its children", pool))
        values |= dict(self._of_redis())
        values |= dict(_of_disk(self._data))
        last: Any = self._redis.xinfo_stream(self._keys["log"])["last-generated-id"]
        return Sample(at_h, values, pids, self.journal(), last.decode())

    def journal(self) -> tuple[int, int]:
        """Give the number of the journal's last entry, and how many entries there are."""
        last: Any = self._redis.hget(self._keys["meta"], "journal_number")
        entries: Any = self._redis.hlen(self._keys["journal"])
        return int(last or 0), int(entries)

    def deeds(self, numbers: Iterable[int]) -> dict[int, Deed]:
        """Read entries of the journal; absent ones are left out."""
        store = RedisStore(f"unix://{socket_of(self._data)}", self._keys.operation)
        return {link.number: Deed.decode(link.body) for link in store.journal(numbers)}

    def _of_redis(self) -> Iterator[tuple[Measure, float]]:
        memory: Any = self._redis.info("memory")
        keys, weights = self._families()
        for family, number in sorted(keys.items()):
            why = _GROWS.get(family, "")
            rule = Rule.MAY_GROW if why else Rule.FLAT
            yield Measure(f"keys: {family}", "keys", rule, least=20, why=why), number
            if family != "log":
                weight = Measure(f"Redis: {family}", "MiB", rule, least=8, why=why)
                yield weight, weights[family] / _MIB
        log = Measure("Redis: log", "MiB", Rule.BOUNDED, bound=_LOG_MIB, why="trimmed each minute")
        yield log, weights["log"] / _MIB
        rest = (memory["used_memory"] - sum(weights.values())) / _MIB
        yield Measure("Redis: all else", "MiB", least=8), rest
        length: Any = self._redis.xlen(self._keys["log"])
        events = Measure(
            "log: length", "events", Rule.BOUNDED, bound=_log_bound(), why="trimmed each minute"
        )
        yield events, length
        entries = Measure("journal: length", "entries", Rule.MAY_GROW, why=_GROWS["journal"])
        yield entries, self.journal()[1]
        count: Any = self._redis.hlen(self._keys["entities"])
        yield ENTITIES, count
        waiting = sum(self._lengths())
        yield Measure("broker: messages waiting", "messages", least=100), waiting

    def _families(self) -> tuple[Counter[str], Counter[str]]:
        """Count the keys, and their bytes, by the words that say what they are."""
        number: Counter[str] = Counter()
        weight: Counter[str] = Counter()
        keys = list(self._redis.scan_iter(count=_PAGE))
        pipe = self._redis.pipeline(transaction=False)
        for key in keys:
            pipe.memory_usage(key, samples=0)
        for key, size in zip(keys, pipe.execute(), strict=True):
            family = _family_of(key.decode().removeprefix(self._keys.prefix))
            number[family] += 1
            weight[family] += size or 0
        return number, weight

    def _lengths(self) -> Iterator[int]:
        for key in self._broker.scan_iter(count=_PAGE, _type="list"):
            length: Any = self._broker.llen(key)
            yield length

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()
        self._broker.close()


ENTITIES: Final = Measure("entities", "entities", Rule.MAY_GROW, why="as the scenario has it")


def _family_of(key: str) -> str:
    """Give the word that says what a key is: the first, of accounts the first of what is kept."""
    return key.removeprefix("cop:accounts:").partition(":")[0]


def _log_bound() -> float:
    return float(KEEP_EVENTS + _EVENTS_A_MINUTE)


def _of_processes(
    name: str, processes: Iterable[psutil.Process]
) -> Iterator[tuple[Measure, float]]:
    """Sum up what some processes have; one that has just ended counts nothing."""
    total: defaultdict[str, float] = defaultdict(float)
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            total["memory"] += process.memory_info().rss / _MIB
            total["files"] += process.num_fds()
            total["threads"] += process.num_threads()
            total["connections"] += len(process.net_connections(kind="all"))
    memory = Measure(f"{name}: memory", "MiB", least=16, share=0.08, settles_h=_SETTLES_H)
    yield memory, total["memory"]
    for what in ("files", "threads", "connections"):
        yield Measure(f"{name}: {what}", what, least=4, share=0.0), total[what]


def _of_disk(data: Path) -> Iterator[tuple[Measure, float]]:
    """Sum up the data directory by what lies in it."""
    sizes: defaultdict[str, float] = defaultdict(float)
    for path in data.rglob("*"):
        with contextlib.suppress(OSError):
            if path.is_file():
                sizes[_sort_of(path.relative_to(data))] += path.stat().st_size / _MIB
    for name, size in sorted(sizes.items()):
        if name == "append-only file":
            why = "rewritten when it has doubled"
            yield Measure(f"disk: {name}", "MiB", Rule.BOUNDED, bound=AOF_BOUND, why=why), size
        elif name in ("anchors", "originals"):
            why = "one line a minute" if name == "anchors" else "kept for sixty days"
            yield Measure(f"disk: {name}", "MiB", Rule.MAY_GROW, why=why), size
        else:
            yield Measure(f"disk: {name}", "MiB", least=8, share=0.1, settles_h=_SETTLES_H), size


def _sort_of(path: Path) -> str:
    first = path.parts[0]
    if first.startswith(("appendonly", "temp-rewriteaof")):
        return "append-only file"
    return "anchors" if path.suffix == ".anchors" else path.stem if len(path.parts) == 1 else first
