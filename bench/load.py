"""How many viewers a web process holds, what each costs, and whether two processes share them.

2,000 features, 5 changes a second of about 430 bytes, as in `stream`, whose floor this has too: a
bare server that repeats what it is handed. The writer, Redis, web processes and viewers share the
machine. What is held is the most viewers of those tried at whom 99 of 100 changes are within a
second, with none lost; trying ends where that fails. The pages of a command post are signed in
and see what command sees; the others are the public's. `cop.api.process` raises the number of open
files as far as the hard limit lets it (`ulimit -Hn`): it must be above the viewers.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Final

import httpx
import psutil

from bench.figures import Figure
from bench.stream import FEATURES, PER_SECOND, SECONDS, fill, measure, measure_floor, writing
from bench.web_process import cpu_of, redis_url, web
from cop.config import Settings
from cop.services.accounts import add_user, open_accounts
from cop.services.policy import Role
from cop.store.redis import RedisStore

STEPS: Final = (1_000, 5_000, 10_000, 15_000)
SHARED: Final = 10_000
PAGES: Final = 1_000
"""Open pages of command posts."""
WITHIN_MS: Final = 1_000.0
_ALL: Final = 0.999
"""Of the changes, so many must have been seen: those under way at the end are not counted."""


def run() -> Iterator[Figure]:
    """Measure; about four minutes."""
    with redis_url() as url:
        store = RedisStore(url, "bench")
        fill(store, FEATURES)
        accounts = open_accounts(Settings(redis_url=url, operation="bench"))
        password = add_user(accounts, "chan", Role.COMMANDER, "EMSC")
        held, tried = 0, []
        seen: dict[tuple[int, int], dict[str, float]] = {}
        for count in STEPS:
            tried.append(count)
            seen[count, 1] = _measure(store, url, count, 1)
            if not _is_held(seen[count, 1], count):
                break
            held = count
        signed_in = _measure(store, url, PAGES, 1, password)
        if SHARED in tried:
            seen[SHARED, 2] = _measure(store, url, SHARED, 2)
    floors = dict(zip(tried, measure_floor(tried), strict=True))
    for (count, processes), found in seen.items():
        name = f"{count:,} viewers" + (f", {processes} web processes" if processes > 1 else "")
        yield from _figures(name, count, found, floors[count])
    yield from _figures(f"{PAGES:,} command pages", PAGES, signed_in, floors[PAGES])
    note = f"of {', '.join(f'{one:,}' for one in tried)}; p99 within {WITHIN_MS / 1000:g} s"
    yield Figure("viewers held by one process", held, "viewers", note=note)


def _is_held(found: dict[str, float], count: int) -> bool:
    whole = found["seen"] >= _ALL * count * PER_SECOND * SECONDS
    return whole and not found["lost"] and found["p99"] < WITHIN_MS


def _measure(
    store: RedisStore, url: str, count: int, processes: int, password: str = ""
) -> dict[str, float]:
    """Give what *count* viewers of some web processes see, and what they cost these.

    With a *password* they are pages of one who is signed in.
    """
    with contextlib.ExitStack() as stack:
        webs = [stack.enter_context(web(url)) for _ in range(processes)]
        running = [process for _, process in webs]
        cookie = _sign_in(webs[0][0], password) if password else ""
        empty, cost = _rss(running), {}

        def opened() -> None:
            cost["rss"] = (_rss(running) - empty) / count
            cost["cpu"] = -_cpu_s(running)

        found = measure([port for port, _ in webs], count, writing(store), opened, cookie)
        return {**found, **cost, "cpu": cost["cpu"] + _cpu_s(running)}


def _sign_in(port: int, password: str) -> str:
    """Give the cookie of one who is signed in."""
    who = {"username": "chan", "password": password}
    answer = httpx.post(f"http://127.0.0.1:{port}/api/v1/session", json=who, timeout=60)
    return answer.raise_for_status().headers["set-cookie"].partition(";")[0]


def _figures(
    name: str, count: int, found: dict[str, float], floor: dict[str, float]
) -> Iterator[Figure]:
    share = found["seen"] / (count * PER_SECOND * SECONDS)
    note = f"{share:.1%} of the changes seen, {found['lost']:g} connections lost"
    for one in ("p50", "p99"):
        yield Figure(f"change to viewer, {name}, {one}", found[one], "ms", floor[one], note)
    yield Figure(f"memory of a viewer, {name}", found["rss"] / 1024, "KiB")
    minute = found["cpu"] * 60 / (SECONDS + 1)
    yield Figure(f"CPU of the web processes in a minute, {name}", minute, "s")


def _rss(processes: Sequence[psutil.Process]) -> int:
    return sum(int(one.memory_info().rss) for one in processes)


def _cpu_s(processes: Sequence[psutil.Process]) -> float:
    return sum(map(cpu_of, processes))
