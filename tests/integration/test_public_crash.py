"""The publisher killed at any moment: no reader is ever led to nothing, or to something wrong."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from cop.config import Settings
from cop.model.record import put
from cop.services.publishing.editions import change_path
from cop.services.publishing.paths import POINTER, public_root
from cop.store import open_store
from cop.store.port import Store
from tests.integration.public_site import ROOT
from tests.integration.web_server import until, wind

pytestmark = pytest.mark.redis
KILLS = 8
Values = dict[str, Any]


@dataclass(slots=True)
class Reader:
    """Somebody who follows the pointer all the time, and keeps each one ever seen.

    Attributes:
        pointers: by series and version.
        wrong: what went wrong.
    """

    root: Path
    pointers: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def read_on(self) -> None:
        """Follow until it is over."""
        held: Values = {}
        at = ("", 0)
        while not self.over.wait(0.002):
            try:
                told = orjson.loads((self.root / POINTER).read_bytes())
                at, held = self.follow(told, at, held)
            except FileNotFoundError as error:
                if self.pointers:
                    self.wrong.append(f"led to nothing: {error.filename}")
            except (KeyError, ValueError, AssertionError) as error:
                self.wrong.append(repr(error))

    def follow(
        self, told: dict[str, Any], at: tuple[str, int], held: Values
    ) -> tuple[tuple[str, int], Values]:
        """Come from what is *held* to where the pointer leads."""
        series, version = told["series"], told["version"]
        self.pointers[series, version] = told
        if (series, version) == at:
            return at, held
        anew = from_base(self.root, told)
        first = min((step["to"] for step in told["changes"]), default=version + 1)
        if at[0] == series and first <= at[1] + 1:
            assert version >= at[1], "a pointer that goes back"
            assert replay(self.root, told, dict(held), at[1]) == anew, "two ways, two ends"
        return (series, version), anew


def from_base(root: Path, told: dict[str, Any]) -> Values:
    """Read the whole picture that the pointer leads to, and the changes after it."""
    base = orjson.loads((root / told["picture"]["path"][1:]).read_bytes())
    held = {one["id"]: one["properties"]["value"] for one in base["features"]}
    return replay(root, told, held, base["version"])


def replay(root: Path, told: dict[str, Any], held: Values, after: int) -> Values:
    """Take the changes after one version."""
    for step in told["changes"]:
        if step["to"] > after:
            path = root / change_path(step["to"], step["hash"], "zh-Hant")
            change = orjson.loads(path.read_bytes())
            assert change["from"] == after
            after = change["to"]
            held |= {one["id"]: one["properties"]["value"] for one in change["put"]}
            for key in change["remove"]:
                del held[key]
    assert after == told["version"]
    return held


@contextlib.contextmanager
def reading(root: Path) -> Iterator[Reader]:
    """Follow the pointer below *root* in a thread."""
    reader = Reader(root)
    thread = threading.Thread(target=reader.read_on, daemon=True)
    thread.start()
    try:
        yield reader
    finally:
        reader.over.set()
        thread.join(timeout=60)


def start(settings: Settings) -> subprocess.Popen[bytes]:
    """Start a publisher."""
    command = [sys.executable, "-m", "tests.integration.dying_publisher"]
    return subprocess.Popen(
        command,
        env=settings.environment() | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )


def keep_changing(store: Store, over: threading.Event, dice: random.Random) -> None:
    """Change the picture again and again: few of many, now and then one gone."""
    turn = 0
    while not over.wait(0.01):
        turn += 1
        store.write([put(wind(f"w{dice.randrange(40)}", float(turn)))], fetched_ms=turn)


def pointer(root: Path) -> dict[str, Any]:
    """Read the pointer; {} while there is none."""
    with contextlib.suppress(FileNotFoundError):
        found: dict[str, Any] = orjson.loads((root / POINTER).read_bytes())
        return found
    return {}


def test_killed_at_any_moment(shared_redis: str, tmp_path: Path) -> None:
    """Every pointer ever seen leads to files that are there and agree; one series goes on."""
    dice = random.Random(5)
    settings = Settings(
        redis_url=shared_redis,
        operation="exercise-killed",
        scenario="killed",
        public_exercise=True,
        data_dir=tmp_path,
        public_every_s=0.02,
    )
    store, root = open_store(settings), public_root(tmp_path)
    store.write([put(wind(f"w{number}", 0.0)) for number in range(40)], fetched_ms=1)
    over = threading.Event()
    changing = threading.Thread(target=keep_changing, args=(store, over, dice), daemon=True)
    changing.start()
    process = start(settings)
    try:
        with reading(root) as reader:
            for _ in range(KILLS):
                wanted = pointer(root).get("version", 0) + dice.randrange(1, 12)
                until(lambda wanted=wanted: pointer(root).get("version", 0) >= wanted)
                threading.Event().wait(dice.random() * 0.05)
                process.kill()
                process.wait()
                process = start(settings)
            over.set()
            changing.join()
            newest = {one.id: one.version for one in store.snapshot().records.values()}
            until(lambda: current(root) == newest)
    finally:
        over.set()
        changing.join()
        process.kill()
        process.wait()
    assert reader.wrong == []
    assert {series for series, _ in reader.pointers} == {pointer(root)["series"]}
    for told in reader.pointers.values():
        from_base(root, told)


def current(root: Path) -> Values:
    """Give what a newcomer sees; {} while there is nothing."""
    told = pointer(root)
    return from_base(root, told) if told else {}
