"""Those who use the system meanwhile, at a modest pace: each in a thread, counting what it does."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx

from tests.system import System

_AGAIN_S: Final = 2.0
_ITEMS: Final = "/ogc/collections/{kind}/items"
_KINDS: Final = ("observation", "incident", "road", "facility")


class Actors:
    """All of them.

    Attributes:
        done: how often each thing was done.
        failed: how often it was not, by what and why.
        confirmed: of each command that was confirmed, the number of the journal's entry that it
            was answered with, and its idempotency key.
    """

    def __init__(self, system: System, viewers: int, seed: int) -> None:
        """Use *system*, with so many *viewers* all the time; *seed* decides when who does what."""
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.confirmed: list[tuple[int, str]] = []
        self._system = system
        self._viewers = viewers
        self._seed = seed
        self._stop = threading.Event()

    @contextlib.contextmanager
    def acting(self) -> Iterator[None]:
        """Let them act until the end of the block."""
        deeds: tuple[tuple[Callable[[httpx.Client, random.Random], None], str, float], ...] = (
            (self._command, "duty-officer", 4.0),
            (self._come_and_go, "viewer", 3.0),
            (self._sign_in_and_out, "", 15.0),
            (self._ask_for_duty, "field", 2.0),
            (self._read_ogc, "", 5.0),
            (self._look, "commander", 10.0),
        )
        threads = [
            threading.Thread(target=self._act, args=(index, *deed), daemon=True)
            for index, deed in enumerate(deeds)
        ]
        port = self._system.url.rpartition(":")[2]
        command = [sys.executable, "-m", "bench.viewers", port, str(self._viewers)]
        crowd = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            for thread in threads:
                thread.start()
            yield
        finally:
            self._stop.set()
            self._count(crowd)
            for thread in threads:
                thread.join(timeout=60)

    def _count(self, crowd: subprocess.Popen[bytes]) -> None:
        """Ask how many of the viewers are still there, and let them go."""
        said = crowd.communicate(b"enough\n", timeout=60)[0].decode().splitlines()
        lost = json.loads(said[-1])["lost"] if said and said[0] == "ready" else self._viewers
        self.done["stay"] = self._viewers - lost
        if lost:
            self.failed["stay: let go"] = lost

    def _act(
        self,
        index: int,
        deed: Callable[[httpx.Client, random.Random], None],
        name: str,
        every_s: float,
    ) -> None:
        dice = random.Random(self._seed * 100 + index)
        while not self._stop.is_set():
            try:
                with self._system.client(name) as client:
                    while not self._stop.wait(every_s * dice.uniform(0.5, 1.5)):
                        deed(client, dice)
                        self.done[deed.__name__.strip("_")] += 1
            except httpx.HTTPError as error:
                said = getattr(getattr(error, "response", None), "status_code", "")
                self.failed[f"{deed.__name__.strip('_')}: {type(error).__name__} {said}"] += 1
                self._stop.wait(_AGAIN_S)

    def _post(self, client: httpx.Client, path: str, body: Any, version: int = 0) -> dict[str, Any]:
        key = uuid.uuid4().hex
        headers = {"Idempotency-Key": key}
        if version:
            headers["If-Match"] = f'"{version}"'
        answer = client.post(f"/api/v1{path}", json=body, headers=headers).raise_for_status()
        outcome: dict[str, Any] = answer.json()
        self.confirmed.append((outcome["journal"], key))
        return outcome

    def _command(self, client: httpx.Client, dice: random.Random) -> None:
        """Report an incident and reject it: what is worked on does not become ever more."""
        words = f"Soak {dice.randrange(10**6)}"
        made = self._post(client, "/incidents", {"incident_type": "flooding", "words": words})
        body = {"status": "rejected", "reason": "Only a trial"}
        self._post(client, f"/incidents/{made['id']}/status", body, 1)

    def _come_and_go(self, client: httpx.Client, dice: random.Random) -> None:
        """Open the stream, listen for a moment, and go without a word."""
        until = time.monotonic() + dice.uniform(0.2, 3.0)
        with client.stream("GET", "/api/v1/stream") as stream:
            stream.raise_for_status()
            for _ in stream.iter_raw():
                if time.monotonic() > until or self._stop.is_set():
                    return

    def _sign_in_and_out(self, client: httpx.Client, _: random.Random) -> None:
        who = {"username": "liaison", "password": (self._system.passwords or {})["liaison"]}
        client.post("/api/v1/session", json=who).raise_for_status()
        client.delete("/api/v1/session").raise_for_status()

    def _ask_for_duty(self, client: httpx.Client, _: random.Random) -> None:
        for what in ("duty", "area"):
            client.get(f"/api/v1/me/{what}").raise_for_status()

    def _read_ogc(self, client: httpx.Client, dice: random.Random) -> None:
        """Read a collection page by page, and once with a filter."""
        path = _ITEMS.format(kind=dice.choice(_KINDS))
        page = client.get(path, params={"limit": 100, "f": "json"}).raise_for_status().json()
        for _ in range(3):
            following = [one["href"] for one in page["links"] if one["rel"] == "next"]
            if not following:
                break
            page = client.get(following[0]).raise_for_status().json()

    def _look(self, client: httpx.Client, _: random.Random) -> None:
        """Load a page as a browser does, and the whole picture."""
        for path in ("/command", "/_dash-layout", "/api/v1/picture", "/"):
            client.get(path, follow_redirects=True).raise_for_status()
