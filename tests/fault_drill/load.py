"""Those who write and read: each deed is repeated under its key until it is answered."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from cop.model.record import Cursor, cursor_key
from tests.fault_drill.site import Web

_AGAIN_S: Final = 0.2
_PATIENCE_S: Final = 15.0
_NEXT: Final = {"reported": "verified", "verified": "responding", "responding": "closed"}
_MOST_OPEN: Final = 5
_SEEN: Final = 100
_KINDS: Final = ("incident", "note", "order", "facility")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A deed that was answered with yes.

    Attributes:
        key: of the deed.
        cursor: of the picture that has it.
        journal: number of its entry.
        id, version: of what it made or changed; removed with that version where *gone*.
    """

    key: str
    cursor: Cursor
    journal: int
    id: str
    version: int
    gone: bool = False


class Writer(threading.Thread):
    """A person at a desk, who does one thing after the other.

    Attributes:
        confirmed: what was answered with yes, in order.
        counted: people that were entered at the shelter by confirmed entries.
        forgotten: ids of what is taken off the picture, or soon will be.
        wrong: answers that must not be, in words.
        last_at: monotonic time of the last yes.
    """

    def __init__(
        self,
        webs: Sequence[Web],
        cookie: str,
        name: str,
        *,
        seed: int,
        shelter: str,
        pause_s: float,
    ) -> None:
        """Act as *name* by *seed*, with *pause_s* between deeds on average."""
        super().__init__(name=name, daemon=True)
        self.confirmed: list[Confirmed] = []
        self.counted = 0
        self.forgotten: set[str] = set()
        self.wrong: list[str] = []
        self.last_at = 0.0
        self._webs = webs
        self._headers = {"Cookie": cookie}
        self._dice = random.Random(f"{seed} {name}")
        self._shelter = shelter
        self._pause_s = pause_s
        self._ended = threading.Event()
        self._keys = 0
        self._incidents: dict[str, tuple[str, int]] = {}
        self._notes: dict[str, int] = {}
        self._orders: dict[str, int] = {}

    def leave(self) -> None:
        """Begin no further deed; the one under way is repeated until it is answered."""
        self._ended.set()

    def run(self) -> None:
        """Act until told to leave."""
        deeds: tuple[tuple[Callable[[], None], int], ...] = (
            (self._report, 2),
            (self._take_further, 4),
            (self._enter, 4),
            (self._remark, 2),
            (self._forget, 2),
            (self._order, 1),
            (self._take_back, 1),
        )
        acts, weights = zip(*deeds, strict=True)
        while not self._ended.wait(self._pause_s * self._dice.uniform(0.2, 1.8)):
            self._dice.choices(acts, weights)[0]()

    def _report(self) -> None:
        if len(self._incidents) < _MOST_OPEN:
            words = f"{self.name} saw {self._keys}"
            body = {"incident_type": "flooding", "words": words}
            if made := self._do("POST", "/incidents", body):
                self._incidents[made.id] = ("reported", made.version)

    def _take_further(self) -> None:
        if not self._incidents:
            return
        incident = self._dice.choice(list(self._incidents))
        status, version = self._incidents[incident]
        following = _NEXT[status]
        done = self._do("POST", f"/incidents/{incident}/status", {"status": following}, version)
        if following == "closed":
            del self._incidents[incident]
        elif done:
            self._incidents[incident] = (following, done.version)

    def _enter(self) -> None:
        change = self._dice.randint(1, 3)
        if self._do("POST", f"/facilities/{self._shelter}/entries", {"change": change}):
            self.counted += change

    def _remark(self) -> None:
        body = {"topic": "remark", "words": f"{self.name} says {self._keys}"}
        if made := self._do("POST", "/notes", body):
            self._notes[made.id] = made.version

    def _forget(self) -> None:
        if self._notes:
            note, version = self._notes.popitem()
            self.forgotten.add(note)
            self._do("DELETE", f"/notes/{note}", None, version)

    def _order(self) -> None:
        body = {"words": f"{self.name} orders {self._keys}", "addressees": ["role:commander"]}
        if made := self._do("POST", "/orders", body):
            self._orders[made.id] = made.version

    def _take_back(self) -> None:
        if self._orders:
            order, version = self._orders.popitem()
            self._do("POST", f"/orders/{order}/cancel", {"reason": "it is over"}, version)

    def _do(
        self, method: str, path: str, body: Mapping[str, Any] | None, version: int = 0
    ) -> Confirmed | None:
        """Send one deed, to any web process, until it is answered; None where that was no."""
        self._keys += 1
        key = f"{self.name}-{self._keys}"
        headers = {**self._headers, "Idempotency-Key": key}
        if version:
            headers["If-Match"] = f'"{version}"'
        while True:
            url = f"{self._dice.choice(self._webs).url}/api/v1{path}"
            try:
                answer = httpx.request(
                    method, url, json=body, headers=headers, timeout=_PATIENCE_S, trust_env=False
                )
            except httpx.HTTPError:
                time.sleep(_AGAIN_S)
                continue
            if answer.is_success:
                return self._note(key, answer.json(), gone=method == "DELETE")
            if escalated := _escalated(answer):
                return self._do(method, path, body, escalated)
            if answer.status_code != 503 and answer.json().get("code") != "busy":
                self.wrong.append(f"{key} {method} {path}: {answer.status_code} {answer.text}")
                return None
            time.sleep(_AGAIN_S)

    def _note(self, key: str, said: Mapping[str, Any], *, gone: bool) -> Confirmed:
        done = Confirmed(
            key, said["cursor"], said["journal"], said["id"], said["version"], gone=gone
        )
        self.confirmed.append(done)
        self.last_at = time.monotonic()
        return done


def _escalated(answer: httpx.Response) -> int:
    """Give the version of an order that the watch has escalated since, as its clock told; else 0.

    Whoever wanted to change it is told how it is now, and decides again.
    """
    if answer.status_code != 412:
        return 0
    current = answer.json()["current"]["properties"]
    return int(current["version"]) if current.get("escalated_at") else 0


class Reader(threading.Thread):
    """Reads the picture again and again: what was confirmed before its cursor stands in it.

    Attributes:
        wrong: what did not, in words.
        reads: how often it was answered.
    """

    def __init__(self, webs: Sequence[Web], cookie: str, writers: Sequence[Writer]) -> None:
        """Look for what *writers* did."""
        super().__init__(name="reader", daemon=True)
        self.wrong: list[str] = []
        self.reads = 0
        self._webs = webs
        self._headers = {"Cookie": cookie}
        self._writers = writers
        self._ended = threading.Event()

    def leave(self) -> None:
        """Read no more."""
        self._ended.set()

    def run(self) -> None:
        """Read until told to leave, of each web process in turn."""
        params = [("kind", kind) for kind in _KINDS]
        while not self._ended.wait(1.0):
            web = self._webs[self.reads % len(self._webs)]
            self.reads += 1
            try:
                answer = httpx.get(
                    f"{web.url}/api/v1/picture",
                    params=params,
                    headers=self._headers,
                    timeout=_PATIENCE_S,
                    trust_env=False,
                ).raise_for_status()
            except httpx.HTTPError:
                continue
            self._look(answer.json())

    def _look(self, picture: Mapping[str, Any]) -> None:
        found = {one["id"]: one["properties"]["version"] for one in picture["features"]}
        until = cursor_key(picture["cursor"])
        for writer in self._writers:
            done = [one for one in writer.confirmed[-_SEEN:] if cursor_key(one.cursor) <= until]
            for one in done:
                if one.gone and one.id in found:
                    self.wrong.append(f"{one.id} was taken off by {one.key}, and stands there")
                elif one.id not in writer.forgotten and found.get(one.id, 0) < one.version:
                    self.wrong.append(f"{one.id}: {one.key} was confirmed, and cannot be read")
