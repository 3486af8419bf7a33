"""What one edition of the public site costs its publisher: CPU, and bytes on the disk."""

from __future__ import annotations

import itertools
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import orjson

from bench.figures import Figure
from cop.config import Settings
from cop.publisher import PublicSite
from cop.services.publishing.compile import Compiler
from cop.services.publishing.editions import content_of
from cop.services.publishing.files import LASTING, LINGER_S, PublicFiles
from cop.services.publishing.paths import public_root
from cop.services.publishing.picture import PublicPicture
from cop.services.publishing.press import Press
from cop.store.memory import MemoryStore
from tests.browser.public_nights import closure, halls_of, worst_night
from tests.browser.town import store_all

T = TypeVar("T")

SIZES: Final = (500, 2_000, 20_000)
EDITIONS: Final = 2


class Works:
    """A publisher without its loop: each `edition` is made when it is asked for."""

    def __init__(self, folder: Path, things: int) -> None:
        """Publish a night with *things* in *folder*, its first edition with it."""
        self.settings = Settings(operation="bench", data_dir=folder)
        self.root = public_root(folder)
        self._store, self._dice = MemoryStore(), random.Random(things)
        now = datetime.now(UTC)
        known = worst_night(now, things=things)
        self._halls = halls_of(known)
        store_all(self._store, known, now)
        self._site = PublicSite(self.settings)
        self._compiler = Compiler(self.settings, None)
        files = PublicFiles(self.root)
        files.hold()
        self._press = Press(files, self.settings)
        snapshot = self._store.snapshot()
        self._cursor = snapshot.cursor
        self._compiler.begin(snapshot)
        self._numbers = itertools.count()
        self.spent: dict[str, float] = {}
        self.picture = self._publish()

    def edition(self) -> None:
        """Change one road and bring it out."""
        now, number = datetime.now(UTC), next(self._numbers)
        road = closure(number % 5 * 10, self._halls[number % 50], now, self._dice)
        store_all(self._store, [road], now)
        events = self._store.events(self._cursor, limit=1_000, wait_ms=0)
        self._cursor = events[-1].cursor
        self._compiler.go_on(events)
        self.picture = self._publish()

    def _publish(self) -> PublicPicture:
        now = datetime.now(UTC)
        picture = self._timed("picture", lambda: self._compiler.picture(now, made_at=now, down={}))
        blocks = self._timed("text", lambda: self._site.blocks(picture))
        press = self._press
        self._timed("edition", lambda: press.publish(picture, content_of(picture, blocks)))
        self._timed("pointer", lambda: press.point(picture, self._site.feeds(picture)))
        series = press.series
        self._timed(
            "pages, feeds and downloads",
            lambda: press.write_documents(
                self._site.documents(picture, series.id, series.version, blocks), now
            ),
        )
        return picture

    def _timed(self, what: str, work: Callable[[], T]) -> T:
        begun = time.process_time()
        made = work()
        self.spent[what] = self.spent.get(what, 0.0) + time.process_time() - begun
        return made


def costs() -> Iterator[Figure]:
    """Measure at each size."""
    for things in SIZES:
        with tempfile.TemporaryDirectory() as name:
            yield from _cost(Works(Path(name), things), things)


def _cost(works: Works, things: int) -> Iterator[Figure]:
    works.spent.clear()
    before = _weight(works.root)
    for _ in range(EDITIONS):
        works.edition()
    per_edition = {what: spent / EDITIONS * 1e3 for what, spent in works.spent.items()}
    begun = time.process_time()
    for _ in range(EDITIONS):
        orjson.dumps(list(works.picture.features.values()))
    floor = (time.process_time() - begun) / EDITIONS * 1e3
    note = ", ".join(f"{what} {spent:.1f}" for what, spent in per_edition.items())
    yield Figure(
        f"edition with one change, {things:,} things: CPU",
        sum(per_edition.values()),
        "ms",
        floor,
        note,
    )
    grown = (_weight(works.root) - before) / EDITIONS
    editions = 3600 / works.settings.public_every_s
    yield Figure(
        f"the same: written for ever-lasting names, {editions:.0f} editions an hour",
        grown * editions / 1e6,
        "MB/h",
        note=f"{grown * LINGER_S / works.settings.public_every_s / 1e6:.1f} MB stay, as they go"
        f" {LINGER_S / 60:.0f} minutes after nothing leads to them",
    )


def _weight(root: Path) -> int:
    """Give the bytes of all files that never change, packed and plain."""
    below = (path for start in LASTING for path in (root / start).rglob("*"))
    return sum(path.stat().st_size for path in below if path.is_file())
