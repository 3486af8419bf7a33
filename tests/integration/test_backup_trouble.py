"""What goes wrong while a backup is made: Redis begun again, keys met twice, files that appear."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import redis

from cop.config import Settings
from cop.errors import StoreUnavailable
from cop.model.entity import Kind
from cop.model.record import Page, Write
from cop.services.accounts import add_user, open_accounts
from cop.services.backup.making import make_backup
from cop.services.backup.restoring import open_backup, restore
from cop.services.journal_proof import anchor, anchors_file
from cop.services.policy import Role
from cop.store.commands import Command
from cop.store.dump import dump_keys
from cop.store.keys import Keys
from cop.store.port import Resync
from cop.store.redis import RedisStore
from tests.deeds import a_deed
from tests.redis_server import RedisServer, begin_again_in_a_scan

pytestmark = pytest.mark.redis

PICTURE = [Write(f"x:{n}", Kind.ALERT, b"{}", feed="x") for n in range(1000)]


@pytest.fixture
def settings(redis_server: RedisServer, tmp_path: Path) -> Settings:
    """Give settings of a live operation with a picture of several pages and one entry."""
    (tmp_path / "data").mkdir()
    with closing(RedisStore(redis_server.url, "live")) as store:
        page = Page(a_deed().encode(), ())
        store.write(PICTURE, fetched_ms=1, page=page)
    return Settings(redis_url=redis_server.url, data_dir=tmp_path / "data", operation="live")


def test_a_redis_that_begins_again_meanwhile(
    redis_server: RedisServer,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A scan does not go on where it was: no backup with holes comes of it, and the next is whole.

    Redis is killed and back on its file between two pages, with nothing under way.
    """
    begin_again_in_a_scan(redis_server, monkeypatch)
    with pytest.raises(StoreUnavailable, match="do it again"):
        make_backup(settings, tmp_path / "x.backup")
    assert not list(tmp_path.glob("*.backup*"))
    manifest = make_backup(settings, tmp_path / "x.backup")
    assert manifest.operations["live"].entities == len(PICTURE)


def test_keys_that_a_scan_gives_twice(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis may name a key twice while its table of keys shrinks; a history has no entry twice."""
    scan = redis.Redis.scan_iter
    monkeypatch.setattr(
        redis.Redis,
        "scan_iter",
        lambda *words, **more: (key for key in scan(*words, **more) for _ in range(2)),
    )
    make_backup(settings, tmp_path / "x.backup")
    with open_backup(tmp_path / "x.backup") as (archive, _):
        commands = archive.read("redis/operation/live.resp")
    assert commands.count(b"journal-of:x:1\r\n") == 1


def test_somebody_is_added_meanwhile(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who can sign in after a restore is missing from the list of who can."""
    accounts, scan = open_accounts(settings), redis.Redis.scan_iter
    add_user(accounts, "early", Role.VIEWER)

    def names_first(self: Any, pattern: str, **more: Any) -> Iterator[bytes]:
        if pattern == "cop:accounts:*":
            yield b"cop:accounts:names"
            add_user(accounts, "late", Role.VIEWER)
        yield from scan(self, pattern, **more)

    monkeypatch.setattr(redis.Redis, "scan_iter", names_first)
    monkeypatch.setattr("cop.store.dump._PAGE", 1)
    make_backup(settings, tmp_path / "x.backup")
    with open_backup(tmp_path / "x.backup") as (archive, _):
        commands = archive.read("redis/accounts.resp")
    users, _, listed = commands.partition(b"SADD")
    assert b"cop:accounts:user:late" in users
    assert b"cop:accounts:names\r\n$4\r\nlate\r\n" in listed


def test_the_first_anchor_comes_meanwhile(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An anchor of an entry after the copy is not in it: what is put back would seem cut off."""
    noted = anchors_file(settings)

    def copy_accounts(*words: Any) -> Iterator[Command]:
        with closing(RedisStore(settings.redis_url, "live")) as store:
            store.write((), fetched_ms=2, page=Page(a_deed().encode(), ()))
            assert anchor(store, noted)
        return dump_keys(*words)

    monkeypatch.setattr("cop.services.backup.making.dump_keys", copy_accounts)
    manifest = make_backup(settings, tmp_path / "x.backup")
    assert noted.is_file()
    assert manifest.operations["live"].journal_number == 1
    assert f"data/{noted.name}" not in manifest.files


def test_a_machine_whose_clock_is_behind(
    redis_server: RedisServer, settings: Settings, tmp_path: Path
) -> None:
    """Who followed further than the copy goes is told, though the log goes on in the same time.

    The copy was made on a machine whose clock was ahead of that on which it is put back.
    """
    ahead = f"{(int(time.time()) + 3600) * 1000}-0"
    with closing(redis.Redis.from_url(redis_server.url)) as client:
        client.xadd(Keys("live")["log"], {"-": "-"}, id=ahead)
        client.xdel(Keys("live")["log"], ahead)
    with closing(RedisStore(redis_server.url, "live")) as store:
        store.write([PICTURE[0]], fetched_ms=2)
        make_backup(settings, tmp_path / "x.backup")
        lost = [store.write([PICTURE[0]], fetched_ms=n).cursor for n in range(3, 6)]
    redis_server.kill()
    shutil.rmtree(tmp_path / "data")
    for file in [*tmp_path.rglob("*.aof"), *tmp_path.rglob("*.manifest")]:
        file.unlink()
    redis_server.start()
    with open_backup(tmp_path / "x.backup") as (archive, manifest):
        restore(archive, manifest, settings, sessions=False)
    with closing(RedisStore(redis_server.url, "live")) as store:
        for n in range(3, 9):
            store.write([PICTURE[1]], fetched_ms=n)
        for cursor in lost:
            with pytest.raises(Resync):
                store.events(cursor)
