"""The publisher: goes on whatever fails, says what is down, and never claims to know more."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from cop.config import Settings
from cop.errors import StoreUnavailable
from cop.model.record import Event, put
from cop.services.publishing import follower as follower_module
from cop.services.publishing import publisher as publisher_module
from cop.services.publishing.editions import Document
from cop.services.publishing.paths import POINTER, public_root
from cop.services.publishing.picture import PublicPicture
from cop.services.publishing.publisher import Blocks, Publisher
from cop.store.memory import MemoryStore
from cop.store.port import Resync
from tests.integration.web_server import until, wind
from tests.unit.services.publishing.pressing import PlainCompiler, PlainSite


class Broken(MemoryStore):
    """A store that can be made to fail in one way or another."""

    failing: Exception | None = None

    def events(self, *given: Any, **named: Any) -> list[Event]:
        """Give the events, or fail."""
        if self.failing:
            raise self.failing
        return super().events(*given, **named)

    def marks(self) -> Mapping[str, str]:
        """Tell who is alive, or fail where nothing answers."""
        if isinstance(self.failing, StoreUnavailable):
            raise self.failing
        return super().marks()


@pytest.fixture
def store() -> Broken:
    """Give a store with one entity, and a worker and a scheduler that live."""
    store = Broken()
    store.write([put(wind("a"))], fetched_ms=1)
    store.mark("worker:here:1", "", ttl_ms=600_000)
    store.mark("beat:here:1", "", ttl_ms=600_000)
    return store


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what takes its time take less of it."""
    monkeypatch.setattr(publisher_module, "POINT_EVERY_S", 0.2)
    monkeypatch.setattr(publisher_module, "WRITE_EVERY_S", 1.0)
    monkeypatch.setattr(publisher_module, "WRITE_AGAIN_S", 0.2)
    monkeypatch.setattr(publisher_module, "PAGES_EVERY_S", 0.05)
    monkeypatch.setattr(publisher_module, "WAIT_MS", 20)
    monkeypatch.setattr(publisher_module, "_LOCK_EVERY_S", 0.05)
    monkeypatch.setattr(publisher_module, "_BACK_OFF_S", 0.2)
    monkeypatch.setattr(follower_module, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(follower_module, "PATIENCE_S", 1.0)
    monkeypatch.setattr(follower_module, "_BACK_OFF_S", (0.01, 0.05))


def settings_in(folder: Path, **fields: Any) -> Settings:
    """Give settings with a data directory of their own, and editions as often as may be."""
    return Settings(data_dir=folder, public_every_s=0.05, **fields)


@contextlib.contextmanager
def running(publisher: Publisher) -> Iterator[threading.Event]:
    """Run *publisher* until the end of the block; gives what would end it."""
    stop = threading.Event()
    thread = threading.Thread(target=publisher.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(timeout=60)
        assert not thread.is_alive()


def pointer(folder: Path) -> dict[str, Any]:
    """Read the pointer; {} while there is none."""
    with contextlib.suppress(FileNotFoundError):
        found: dict[str, Any] = orjson.loads((public_root(folder) / POINTER).read_bytes())
        return found
    return {}


def page(folder: Path) -> str:
    """Read the English page; "" while there is none."""
    with contextlib.suppress(FileNotFoundError):
        return (public_root(folder) / "en/index.html").read_text()
    return ""


def test_what_is_written_to_the_store_is_published(tmp_path: Path, store: Broken) -> None:
    """A change becomes an edition with its pages; without one, time alone goes on."""
    site = PlainSite()
    with running(Publisher(settings_in(tmp_path), store, site, PlainCompiler)):
        until(lambda: pointer(tmp_path).get("version") == 1 and "en 1" in page(tmp_path))
        store.write([put(wind("a", 2.0))], fetched_ms=2)
        until(lambda: pointer(tmp_path)["version"] == 2 and "en 2" in page(tmp_path))
        made, blocks = pointer(tmp_path)["made_at"], site.made.count("blocks")
        until(lambda: pointer(tmp_path)["made_at"] > made)
        until(lambda: site.made.count("blocks") > blocks)  # for the ages in the pages
        assert pointer(tmp_path)["version"] == 2
        assert pointer(tmp_path)["down"] == {}


def test_a_quiet_hour_costs_nothing(
    tmp_path: Path, store: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing changes only the pointer is written: no text is made again."""
    monkeypatch.setattr(publisher_module, "WRITE_EVERY_S", 600.0)
    site = PlainSite()
    with running(Publisher(settings_in(tmp_path), store, site, PlainCompiler)):
        until(lambda: pointer(tmp_path).get("version") == 1)
        for _ in range(3):
            made = pointer(tmp_path)["made_at"]
            until(lambda made=made: pointer(tmp_path)["made_at"] > made)
        assert site.made.count("blocks") == 1


def test_without_redis_time_stands_still(tmp_path: Path, store: Broken) -> None:
    """What is published stays, with the time up to which it is known; then all goes on."""
    with running(Publisher(settings_in(tmp_path), store, PlainSite(), PlainCompiler)):
        until(lambda: pointer(tmp_path).get("version") == 1)
        store.failing = StoreUnavailable("gone")
        until(lambda: "redis" in pointer(tmp_path)["down"])
        before = pointer(tmp_path)
        assert before["down"].keys() == {"redis"}, "of the others nothing else is known"
        file = public_root(tmp_path) / POINTER
        written = file.stat().st_ctime_ns
        until(lambda: file.stat().st_ctime_ns > written)
        assert pointer(tmp_path)["as_of"] == before["as_of"]
        assert pointer(tmp_path)["made_at"] == before["made_at"]
        store.failing = None
        store.write([put(wind("a", 2.0))], fetched_ms=2)
        until(lambda: pointer(tmp_path)["down"] == {} and pointer(tmp_path)["version"] == 2)


@pytest.mark.parametrize("part", ["worker", "beat"])
def test_a_silent_part_is_told_after_a_while(tmp_path: Path, store: Broken, part: str) -> None:
    """When nobody fetches any more it is said since when, and not for a mere restart."""
    with running(Publisher(settings_in(tmp_path), store, PlainSite(), PlainCompiler)):
        until(lambda: pointer(tmp_path).get("version") == 1)
        store.mark(f"{part}:here:1", "", ttl_ms=1)
        until(lambda: part in pointer(tmp_path)["down"])
        since = datetime.fromisoformat(pointer(tmp_path)["down"][part])
        assert datetime.now(UTC) - since < timedelta(minutes=1)
        store.mark(f"{part}:here:2", "", ttl_ms=600_000)
        until(lambda: pointer(tmp_path)["down"] == {})


@pytest.mark.parametrize("error", [Resync("trimmed"), ZeroDivisionError("a defect")])
def test_it_begins_anew_where_it_cannot_go_on(
    tmp_path: Path, store: Broken, error: Exception
) -> None:
    """A log that was cut, or a defect, costs a new snapshot; the series goes on."""
    with running(Publisher(settings_in(tmp_path), store, PlainSite(), PlainCompiler)):
        until(lambda: pointer(tmp_path).get("version") == 1)
        series = pointer(tmp_path)["series"]
        store.failing = error
        store.write([put(wind("b"))], fetched_ms=2)
        until(lambda: pointer(tmp_path)["version"] == 2)  # by the snapshot alone
        store.failing = None
        store.write([put(wind("c"))], fetched_ms=3)
        until(lambda: pointer(tmp_path)["version"] == 3)
        assert pointer(tmp_path)["series"] == series


class FailingSite(PlainSite):
    """A site whose pages cannot be made while it is told so."""

    failing: str = ""

    def documents(
        self, picture: PublicPicture, series: str, version: int, blocks: Blocks
    ) -> Iterable[Document]:
        """List the pages; the one that is to fail does so when it is made."""

        def fail() -> bytes:
            raise ValueError("a defect")

        for one in super().documents(picture, series, version, blocks):
            yield Document(one.path, fail) if one.path == self.failing else one


def test_a_page_that_cannot_be_made_keeps_nobody_from_the_news(
    tmp_path: Path, store: Broken
) -> None:
    """The pointer and all other pages go on; it keeps its time, so that it is told to be late.

    It follows when it can be made again.
    """
    site, root = FailingSite(), public_root(tmp_path)
    with running(Publisher(settings_in(tmp_path), store, site, PlainCompiler)):
        until(lambda: pointer(tmp_path).get("version") == 1)
        until(lambda: "en 1" in page(tmp_path))
        site.failing = "en/index.html"
        store.write([put(wind("a", 2.0))], fetched_ms=2)
        until(lambda: pointer(tmp_path)["version"] == 2)
        until(lambda: "zh-Hans 2" in (root / "sc/index.html").read_text())
        until(lambda: "en 2" in (root / "en/embed/index.html").read_text())
        assert "en 1" in page(tmp_path)
        written = (root / "en/index.html").stat().st_mtime_ns
        others = (root / "tc/index.html").stat().st_mtime_ns
        until(lambda: (root / "tc/index.html").stat().st_mtime_ns > others)
        assert (root / "en/index.html").stat().st_mtime_ns == written
        site.failing = ""
        until(lambda: "en 2" in page(tmp_path))


def test_a_disk_that_refuses_is_tried_again(tmp_path: Path, store: Broken) -> None:
    """Where the directory cannot be made the publisher waits, and publishes once it can."""
    (tmp_path / "public").write_bytes(b"in the way")
    with running(Publisher(settings_in(tmp_path), store, PlainSite(), PlainCompiler)):
        threading.Event().wait(0.3)
        (tmp_path / "public").unlink()
        until(lambda: "en 1" in page(tmp_path))


def test_the_second_waits_and_then_goes_on(tmp_path: Path, store: Broken) -> None:
    """Of two publishers one writes; when it ends the other goes on with its series."""
    settings = settings_in(tmp_path)
    idle = PlainSite()
    with contextlib.ExitStack() as first:
        first.enter_context(running(Publisher(settings, store, PlainSite(), PlainCompiler)))
        until(lambda: pointer(tmp_path).get("version") == 1)
        with running(Publisher(settings, store, idle, PlainCompiler)):
            store.write([put(wind("b"))], fetched_ms=2)
            until(lambda: pointer(tmp_path)["version"] == 2)
            assert idle.made == []
            series = pointer(tmp_path)["series"]
            first.close()
            store.write([put(wind("c"))], fetched_ms=3)
            until(lambda: pointer(tmp_path)["version"] == 3)
            assert pointer(tmp_path)["series"] == series
            assert idle.made


def test_what_was_shown_is_remembered(tmp_path: Path, store: Broken) -> None:
    """The compiler of the next start is given what the last one wanted kept."""
    given: list[bytes | None] = []

    def compiling(kept: bytes | None) -> PlainCompiler:
        given.append(kept)
        return PlainCompiler(kept)

    memory = public_root(tmp_path) / ".kept/memory"
    for starts in (1, 2):
        with running(Publisher(settings_in(tmp_path), store, PlainSite(), compiling)):
            until(lambda starts=starts: memory.exists() and len(given) >= starts)
    assert given == [None, b"remembered"]


class Forgetful(PlainCompiler):
    """A compiler that cannot read what was kept."""

    def begin(self, snapshot: Any) -> None:
        """Fail if anything was kept."""
        if self.kept is not None:
            raise KeyError("spoilt")
        super().begin(snapshot)


def test_a_spoilt_memory_is_given_up(tmp_path: Path, store: Broken) -> None:
    """If what was kept makes every start fail, the publisher goes on without it."""
    with running(Publisher(settings_in(tmp_path), store, PlainSite(), PlainCompiler)):
        until((public_root(tmp_path) / ".kept/memory").exists)
    with running(Publisher(settings_in(tmp_path), store, PlainSite(), Forgetful)):
        store.write([put(wind("b"))], fetched_ms=2)
        until(lambda: pointer(tmp_path)["version"] == 2)


def test_an_exercise_has_no_public_map_unless_it_is_wanted(tmp_path: Path, store: Broken) -> None:
    """Without the setting the pages say so, and what was published before is taken away."""
    live = settings_in(tmp_path)
    with running(Publisher(live, store, PlainSite(), PlainCompiler)):
        until(lambda: "en 1" in page(tmp_path))
    drill = settings_in(tmp_path, operation="exercise-x", scenario="x")
    with running(Publisher(drill, store, PlainSite(), PlainCompiler)):
        until(lambda: "no map" in page(tmp_path) and pointer(tmp_path) == {})
        until(lambda: not list((public_root(tmp_path) / "public/p").glob("*")))
    wanted = drill.model_copy(update={"public_exercise": True})
    with running(Publisher(wanted, store, PlainSite(), PlainCompiler)):
        until(lambda: pointer(tmp_path).get("exercise") is True and "en 1" in page(tmp_path))
