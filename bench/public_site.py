"""The public map as it is run, all of it: Redis, publisher, web process, and nginx before it."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil

from bench.web_process import ended, redis_url
from cop.config import Settings
from cop.model.entity import Entity
from cop.model.kinds import Facility, FeedStatus
from cop.services.publishing.paths import POINTER, public_root
from cop.store import open_store
from cop.store.port import Store
from tests.browser.conftest import marking
from tests.browser.public_nights import closure, halls_of, public_night
from tests.browser.public_phone import kind_of
from tests.browser.town import store_all
from tests.integration.public_site import Cache, nginx_cache, web_process

PATIENCE_S = 60.0


@dataclass(slots=True)
class PublicSite:
    """A running public map.

    Attributes:
        cache: nginx, with a line for each request that went on to the web process.
        root: the folder with the public files.
        store: the picture.
        processes: `nginx`, `web` and `publisher`.
        things: features on the first public picture.
    """

    cache: Cache
    root: Path
    store: Store
    processes: dict[str, psutil.Process]
    things: int
    _halls: list[Facility]
    _feeds: list[FeedStatus]
    _dice: random.Random = field(default_factory=lambda: random.Random(7))
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def pointer(self) -> Path:
        """The file by which all is found."""
        return self.root / POINTER

    @property
    def port(self) -> int:
        """Where nginx listens."""
        return int(self.cache.url.rpartition(":")[2])

    def reached(self) -> Counter[str]:
        """Count the requests that have come to the web process, by what they were for."""
        return Counter(kind_of(path) for path in self.cache.asked())

    def change(self) -> Callable[[], int]:
        """Change one piece of traffic news, and say that every feed was polled just now.

        What it gives tells in which version the change went out, once it did; 0 before.
        """
        now, number = datetime.now(UTC), next(self._numbers)
        hall = self._halls[number % len(self._halls)]
        mark = f"Bulletin {number:05d} of the bench."
        news = closure(900_000 + number % 5, hall, now, self._dice)
        polled = {"checked_at": now, "fetched_at": now}
        feeds = [feed.model_copy(update=polled) for feed in self._feeds]
        said = {**news.description, "en": f"{mark} {news.description['en']}"}
        store_all(self.store, [news.model_copy(update={"description": said}), *feeds], now)
        return lambda: self._version_with(mark.encode())

    def _version_with(self, mark: bytes) -> int:
        changes = (self.root / "public" / "c").glob("*.en.json")
        found = (int(it.name.partition("-")[0]) for it in changes if mark in it.read_bytes())
        return min(found, default=0)


@contextlib.contextmanager
def public_site(entities: Iterable[Entity] = ()) -> Iterator[PublicSite]:
    """Run it on *entities*, or on the played night, until the end of the block."""
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(redis_url())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = Settings(redis_url=url, operation="bench", data_dir=folder / "data")
        store = open_store(settings)
        stack.callback(store.close)
        stack.enter_context(marking(store))
        now = datetime.now(UTC)
        known = list(entities) or public_night(now)
        store_all(store, known, now)
        publisher = subprocess.Popen(
            [sys.executable, "-m", "cop.publisher"],
            env=settings.environment(),
            stderr=subprocess.DEVNULL,  # what it says of its work is not for whoever reads figures
            stdout=subprocess.DEVNULL,
        )
        stack.enter_context(ended(publisher))
        root = public_root(settings.data_dir)
        things = _things(root)
        web = stack.enter_context(web_process(settings))
        assert web.process is not None
        cache = stack.enter_context(nginx_cache(web.url, workers=os.cpu_count() or 1))
        yield PublicSite(
            cache=cache,
            root=root,
            store=store,
            processes={
                "nginx": _own_child("nginx"),
                "web": psutil.Process(web.process.pid),
                "publisher": psutil.Process(publisher.pid),
            },
            things=things,
            _halls=halls_of(known),
            _feeds=[it for it in known if isinstance(it, FeedStatus)],
        )


def _own_child(name: str) -> psutil.Process:
    """Give the one process that we have started and that is called *name*."""
    (found,) = (one for one in psutil.Process().children() if one.name() == name)
    return found


def _things(root: Path) -> int:
    """Wait for the first edition; give how many features it has."""
    until = time.monotonic() + PATIENCE_S
    while not (root / POINTER).exists():
        if time.monotonic() > until:
            raise TimeoutError(f"nothing was published within {PATIENCE_S:.0f} s")
        time.sleep(0.05)
    path = orjson.loads((root / POINTER).read_bytes())["picture"]["path"]
    return len(orjson.loads((root / path.lstrip("/")).read_bytes())["features"])
