"""What a person at the desk waits for: commands at 50 a second while 500 pages are open.

The web process, Redis (fsync at every write), the 500 readers and those who act share the machine.
The floor is a request to `/healthz`, sent in between over the same connections: what any answer of
this process costs under this load.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, Final

import httpx

from bench.figures import Figure
from bench.web_process import ended, redis_url, web_port
from cop.config import Settings
from cop.model.kinds import Incident, IncidentStatus
from cop.model.record import put
from cop.services.accounts import add_user, open_accounts
from cop.services.policy import Role
from cop.store import open_store
from cop.store.port import Store

PAGES: Final = 500
PER_SECOND: Final = 50
SECONDS: Final = 20
HANDS: Final = 16
OPEN_INCIDENTS: Final = 2_000

_AT: Final = "2026-09-01T00:00:00Z"
_WORDS: Final = ("create an incident", "change its status", "acknowledge an assignment")


def run() -> Iterator[Figure]:
    """Measure; about half a minute."""
    with redis_url() as url:
        settings = Settings(redis_url=url, operation="bench")
        store = open_store(settings)
        _fill(store)
        password = add_user(open_accounts(settings), "chan", Role.COMMANDER, "EMSC")
        with web_port(url) as port:
            seen = _measure(port, password)
    floor = sorted(seen.pop("floor"))
    for name, taken in seen.items():
        ordered = sorted(taken)
        for share, word in ((0.5, "p50"), (0.99, "p99")):
            yield Figure(
                f"{name}, {PAGES} pages open, {word}",
                ordered[int(len(ordered) * share)],
                "ms",
                floor[int(len(floor) * share)],
                f"{len(ordered)} of them, {PER_SECOND} commands a second",
            )


def _fill(store: Store) -> None:
    """Put open incidents on the picture."""
    for start in range(0, OPEN_INCIDENTS, 500):
        some = [
            Incident.model_validate(
                {
                    "id": f"incident:{number:016x}",
                    "publisher": "EMSC",
                    "incident_type": "flooding",
                    "status": IncidentStatus.REPORTED,
                    "reported_at": _AT,
                    "title": {"en": f"Flooding {number}"},
                }
            )
            for number in range(start, start + 500)
        ]
        store.write([put(one) for one in some], fetched_ms=0)


def _measure(port: int, password: str) -> dict[str, list[float]]:
    """Open the pages, act for a while, and give milliseconds by what was done."""
    base = f"http://127.0.0.1:{port}"
    signed_in = httpx.post(
        f"{base}/api/v1/session", json={"username": "chan", "password": password}
    )
    cookie = signed_in.headers["set-cookie"].partition(";")[0]
    command = [sys.executable, "-m", "bench.viewers", str(port), str(PAGES), cookie]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with ended(process):
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        seen = _act(base, cookie)
        process.stdin.write(b"enough\n")
        process.stdin.flush()
        json.loads(process.stdout.readline())
    return seen


class _Hands:
    """Those who act: each thread with a connection of its own."""

    def __init__(self, base: str, cookie: str) -> None:
        self._base, self._cookie = base, cookie
        self._own = threading.local()
        self.seen: dict[str, list[float]] = defaultdict(list)

    def _client(self) -> httpx.Client:
        if not hasattr(self._own, "client"):
            headers = {"Cookie": self._cookie}
            self._own.client = httpx.Client(base_url=self._base, headers=headers, timeout=30)
        client: httpx.Client = self._own.client
        return client

    def ask(self, name: str, path: str, body: Any, version: int | None = None) -> dict[str, Any]:
        """Send one command and note how long it took."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        begun = time.perf_counter()
        answer = self._client().post(f"/api/v1{path}", json=body, headers=headers)
        spent = (time.perf_counter() - begun) * 1000
        answer.raise_for_status()
        if name:
            self.seen[name].append(spent)
        outcome: dict[str, Any] = answer.json()
        return outcome

    def floor(self) -> None:
        """Ask for what costs the server nothing."""
        begun = time.perf_counter()
        self._client().get("/healthz").raise_for_status()
        self.seen["floor"].append((time.perf_counter() - begun) * 1000)


def _act(base: str, cookie: str) -> dict[str, list[float]]:
    """Do commands of three sorts in turn at a steady rate."""
    hands = _Hands(base, cookie)
    total = PER_SECOND * SECONDS
    assigned = [_assign(hands, number) for number in range(total // 3 + 1)]
    open_ones = count()

    def one(number: int) -> None:
        if number % 10 == 0:
            hands.floor()
        sort = number % 3
        name = _WORDS[sort]
        if sort == 0:
            hands.ask(name, "/incidents", {"incident_type": "flooding", "words": f"No. {number}"})
        elif sort == 1:
            target = f"incident:{next(open_ones):016x}"
            hands.ask(name, f"/incidents/{target}/status", {"status": "verified"}, 1)
        else:
            hands.ask(name, f"/assignments/{assigned.pop()}/step", {"status": "acknowledged"})

    begun = time.monotonic()
    with ThreadPoolExecutor(HANDS) as pool:
        waiting = []
        for number in range(total):
            time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
            waiting.append(pool.submit(one, number))
        for result in waiting:
            result.result()
    return dict(hands.seen)


def _assign(hands: _Hands, number: int) -> str:
    """Make a team and give it something to acknowledge; tell the assignment's id."""
    team = {"resource_type": "team", "name": f"Team {number}", "agency": "DSD"}
    made = hands.ask("", "/resources", team)
    duty = {"resource": made["id"], "words": "Pump the subway dry"}
    assignment: str = hands.ask("", "/assignments", duty)["id"]
    return assignment
