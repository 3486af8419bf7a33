"""How a Redis does: what is measured of it."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from cop.errors import StoreUnavailable
from cop.store.connection import available, connect


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """One look at a Redis.

    Attributes:
        latency_s: how long a PING took.
        used_bytes, most_bytes: of memory; 0 where no limit is set.
        aof_on, aof_good: whether it keeps an append-only file, and could write it the last time.
        aof_bytes: size of that file; 0 where there is none.
        clients: open connections.
        evicted: keys thrown away since its start; any is a loss.
        replicas: how many follow it.
        replica_lag_bytes: how far the last of them is behind.
    """

    latency_s: float
    used_bytes: int
    most_bytes: int
    aof_on: bool
    aof_good: bool
    aof_bytes: int
    clients: int
    evicted: int
    replicas: int
    replica_lag_bytes: int


def look_at(url: str) -> Vitals:
    """Ask the Redis at *url* how it does.

    Raises:
        StoreUnavailable: it does not answer, or there is none in this address.
    """
    try:
        client = connect(url)
    except ValueError as error:
        raise StoreUnavailable(f"no Redis can be at {url!r}: {error}") from error
    with available(), closing(client):
        begun = time.perf_counter()
        client.ping()
        latency = time.perf_counter() - begun
        info: Any = client.info()
    offset = int(info.get("master_repl_offset", 0))
    followers = [found for name, found in info.items() if _is_replica(name, found)]
    return Vitals(
        latency_s=latency,
        used_bytes=int(info.get("used_memory", 0)),
        most_bytes=int(info.get("maxmemory", 0)),
        aof_on=bool(info.get("aof_enabled")),
        aof_good=info.get("aof_last_write_status", "ok") == "ok",
        aof_bytes=int(info.get("aof_current_size", 0)),
        clients=int(info.get("connected_clients", 0)),
        evicted=int(info.get("evicted_keys", 0)),
        replicas=len(followers),
        replica_lag_bytes=max((offset - int(one["offset"]) for one in followers), default=0),
    )


def _is_replica(name: str, found: Any) -> bool:
    return name.startswith("slave") and isinstance(found, dict) and "offset" in found
