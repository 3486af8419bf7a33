"""A backup is of one moment, whatever goes on; put back, it is that moment and goes on from it."""

from __future__ import annotations

import json
import random
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cop.cli import main
from cop.config import Settings
from cop.errors import Conflict, Misconfigured
from cop.launcher.embedded import EmbeddedRedis
from cop.model.entity import Kind
from cop.model.record import Cursor, Page, Write, cursor_key
from cop.services.accounts import add_user, list_users
from cop.services.backup.making import make_backup
from cop.services.backup.manifest import MANIFEST, Manifest
from cop.services.backup.restoring import open_backup, restore
from cop.services.exchange.alerting.message import identity_of
from cop.services.exchange.originals import Originals
from cop.services.journal_proof import anchor, anchors_file, read_anchors, verify
from cop.services.policy import Role
from cop.store.accounts import RedisAccounts, Session
from cop.store.blobs import Blobs
from cop.store.port import Resync
from cop.store.redis import RedisStore
from tests.deeds import a_deed
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis


@dataclass(frozen=True, slots=True)
class Written:
    """One confirmed write: what it left of *id*, and which entry of the journal it made."""

    cursor: Cursor
    id: str
    version: int
    body: bytes | None
    journal: int
    key: str


@dataclass(slots=True)
class Load:
    """Writers that put, change and remove, each write with an entry of the journal."""

    store: RedisStore
    done: list[Written] = field(default_factory=list)
    enough: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    stop: threading.Event = field(default_factory=threading.Event)

    def write(self, writer: int) -> None:
        """Write until told to stop."""
        chance = random.Random(writer)
        page, n = Page(a_deed().encode(), ()), 0
        while not self.stop.is_set():
            n += 1
            entity_id = f"x:{chance.randrange(60)}"
            body = None if chance.random() < 0.3 else b'{"n":%d}' % n
            expires = chance.choice([None, 5_000_000_000_000 + n])
            write = Write(entity_id, Kind.ALERT, body, feed="x", expires_ms=expires)
            key = f"{writer}-{n}"
            answer = self.store.write(
                [write], fetched_ms=n, idempotency_key=key, request=key.encode(), page=page
            )
            version = answer.versions.get(entity_id, 0)
            self.done.append(Written(answer.cursor, entity_id, version, body, answer.journal, key))
            self.enough.release()
            if n % 40 == 0:
                self.store.trim(400, tombstones_before_ms=0)
            self.stop.wait(0.002)

    def wait(self, times: int) -> None:
        """Return when so much more was confirmed; waits 45 s for each."""
        for _ in range(times):
            assert self.enough.acquire(timeout=45)


@pytest.fixture
def other_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Give a second running server with nothing in it."""
    server = RedisServer(tmp_path_factory.mktemp("other"))
    server.start()
    try:
        yield server
    finally:
        server.close()


def settings_of(url: str, data: Path) -> Settings:
    """Give settings of the live operation."""
    return Settings(redis_url=url, data_dir=data, operation="live")


def put_back(file: Path, settings: Settings, *, sessions: bool = False) -> Manifest:
    """Restore, and see that every journal is whole."""
    with open_backup(file) as (archive, manifest):
        verdicts = restore(archive, manifest, settings, sessions=sessions)
    assert {name: verdict.faults for name, verdict in verdicts.items()} == dict.fromkeys(
        manifest.operations, ()
    )
    return manifest


def as_of(written: list[Written], cut: Cursor) -> dict[str, Written]:
    """Give the last that was written of each id up to and with *cut*."""
    last: dict[str, Written] = {}
    effective = [
        one for one in written if one.version and cursor_key(one.cursor) <= cursor_key(cut)
    ]
    for one in sorted(effective, key=lambda each: cursor_key(each.cursor)):
        last[one.id] = one
    return last


def test_a_backup_under_load_is_one_moment(
    redis_server: RedisServer, other_redis: RedisServer, tmp_path: Path
) -> None:
    """Exactly what was confirmed up to its cursor is in it: picture, versions, journal, answers.

    Meanwhile four writers go on, and upkeep cuts the log.
    """
    (tmp_path / "data").mkdir()
    load = Load(RedisStore(redis_server.url, "live"))
    threads = [threading.Thread(target=load.write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    files = [tmp_path / f"{n}.backup" for n in range(3)]
    try:
        for file in files:
            load.wait(150)
            make_backup(settings_of(redis_server.url, tmp_path / "data"), file)
    finally:
        load.stop.set()
        for thread in threads:
            thread.join(45)
        load.store.close()
    assert len(load.done) > 450
    target = settings_of(other_redis.url, tmp_path / "restored")
    manifest = put_back(files[1], target)
    copy = manifest.operations["live"]
    expected = as_of(load.done, copy.cursor)
    with closing(RedisStore(other_redis.url, "live")) as store:
        found = store.snapshot().records
        assert {one: (record.version, record.body) for one, record in found.items()} == {
            one: (last.version, last.body)
            for one, last in expected.items()
            if last.body is not None
        }
        assert store.by_feed("x") == store.by_kind(Kind.ALERT) == found
        assert {record.id for record in store.expired(9_000_000_000_000)} <= found.keys()
        assert store.journal_head() == (copy.journal_number, copy.journal_hash)
        for one in load.done:
            answered = store.answered(one.key, one.key.encode())
            assert (answered is not None) == (one.journal <= copy.journal_number)
        for entity_id, last in expected.items():
            again = store.write([Write(entity_id, Kind.ALERT, b"{}", feed="x")], fetched_ms=1)
            assert again.versions[entity_id] == last.version + 1
            assert cursor_key(again.cursor) > cursor_key(copy.cursor)


def test_whoever_followed_takes_a_new_snapshot(
    redis_server: RedisServer, other_redis: RedisServer, tmp_path: Path
) -> None:
    """Readers at the cut, before it, and in what was lost after it, are all told; at once."""
    source = RedisStore(redis_server.url, "live")
    cursors = [source.write([Write("x:1", Kind.ALERT, b"1")], fetched_ms=1).cursor]
    make_backup(settings_of(redis_server.url, tmp_path), tmp_path.parent / "followed.backup")
    cursors.append(source.write([Write("x:1", Kind.ALERT, b"2")], fetched_ms=2).cursor)
    put_back(
        tmp_path.parent / "followed.backup", settings_of(other_redis.url, tmp_path / "restored")
    )
    with closing(source), closing(RedisStore(other_redis.url, "live")) as store:
        assert store.epoch() != source.epoch()
        settings = settings_of(other_redis.url, tmp_path)
        names = [
            identity_of(settings, log, 1, 2, datetime.now(UTC)).identifier
            for log in (store.epoch(), source.epoch())
        ]
        assert names[0] != names[1], "a message of the lost time has a name of its own"
        begun = store.snapshot()
        for write_more in (False, True):
            if write_more:
                store.write([Write("x:2", Kind.ALERT, b"3")], fetched_ms=3)
            for cursor in cursors:
                with pytest.raises(Resync):
                    store.events(cursor)
        assert [event.records[0].id for event in store.events(begun.cursor)] == ["x:2"]


def call(*words: str | Path) -> Result:
    """Run the command as it is typed."""
    return CliRunner().invoke(main, [*map(str, words)])


def a_session(user: str) -> Session:
    """Make a session that lasts."""
    now = datetime.now(UTC)
    return Session(
        id="a" * 64,
        user=user,
        operation="live",
        started_ms=int(now.timestamp() * 1000),
        ends_ms=int((now + timedelta(days=7)).timestamp() * 1000),
        idle_ms=1_000_000,
    )


def fill(data: Path) -> tuple[str, str]:
    """Put something of everything on the picture of *data*; give the ids of the kept files."""
    with EmbeddedRedis(data) as redis, ExitStack() as stack:
        settings = settings_of(redis.url, data)
        store = stack.enter_context(closing(RedisStore(redis.url, "live")))
        accounts = stack.enter_context(closing(RedisAccounts(redis.url)))
        store.write([Write("x:1", Kind.ALERT, b"{}")], fetched_ms=1, page=Page(b"{}", ()))
        anchor(store, anchors_file(settings))
        add_user(accounts, "chan", Role.COMMANDER)
        accounts.open_session(a_session("chan"), ttl_ms=600_000)
        accounts.keep("lost", b"1", ttl_ms=600_000)
        store.write_table("t", b"\x00\xff\r\n")
        assert store.next_number("incident") == 1
        picture = Blobs(data / "attachments" / "live").put(b"picture")
        message = Originals(settings).keep(b"<alert/>")
    (data / "partners").mkdir()
    (data / "partners" / "gd.toml").write_text('id = "gd"')
    (data / "public").mkdir()
    (data / "public" / "now.json").write_text("{}")
    return picture, message


@pytest.mark.parametrize("sessions", [False, True], ids=["without-sessions", "with-sessions"])
def test_everything_comes_back(tmp_path: Path, sessions: bool) -> None:
    """Picture, journal, accounts, numbers, tables, files and set-up; sessions where asked for."""
    picture, message = fill(tmp_path / "data")
    file, data = tmp_path / "all.backup", tmp_path / "new" / "data"
    made = call("backup", file, "--data", tmp_path / "data")
    assert made.exit_code == 0, made.output
    assert file.stat().st_mode & 0o077 == 0
    words = ["--sessions"] if sessions else []
    restored = call("restore", file, "--data", data, *words)
    assert restored.exit_code == 0, restored.output
    assert call("journal", "verify", "--data", data).exit_code == 0
    assert (data / "partners" / "gd.toml").read_text() == 'id = "gd"'
    assert not (data / "public").exists()
    assert Blobs(data / "attachments" / "live").read(picture) == b"picture"
    with EmbeddedRedis(data) as redis, ExitStack() as stack:
        settings = settings_of(redis.url, data)
        store = stack.enter_context(closing(RedisStore(redis.url, "live")))
        accounts = stack.enter_context(closing(RedisAccounts(redis.url)))
        assert store.snapshot().records["x:1"].version == 1
        assert store.read_table("t") == b"\x00\xff\r\n"
        for series, last in (("incident", 1), ("alert", 0)):
            first = store.next_number(series)
            assert first > last + 1000, "none that was given since comes again"
            assert store.next_number(series) == first + 1
        assert not verify(store, read_anchors(anchors_file(settings))).faults
        assert [user.name for user in list_users(accounts)] == ["chan"]
        assert bool(accounts.sessions_of("chan")) == sessions
        assert accounts.kept("lost") == b"1"
        assert Originals(settings).read(message) == b"<alert/>"


def test_only_one_operation(redis_server: RedisServer, tmp_path: Path) -> None:
    """Where one is named, nothing of another is in the backup; an unknown one is refused."""
    data = tmp_path / "data"
    for operation in ("live", "exercise-x"):
        with closing(RedisStore(redis_server.url, operation)) as store:
            store.write([Write("x:1", Kind.ALERT, b"{}")], fetched_ms=1, page=Page(b"{}", ()))
            settings = settings_of(redis_server.url, data).model_copy(
                update={"operation": operation}
            )
            anchor(store, anchors_file(settings))
        Blobs(data / "attachments" / operation).put(b"picture")
    settings = settings_of(redis_server.url, data)
    manifest = make_backup(settings, tmp_path / "one.backup", ["live"])
    assert not [name for name in manifest.files if "exercise-x" in name]
    assert len([name for name in manifest.files if "live" in name]) == 3
    with pytest.raises(Misconfigured, match="nothing is stored of exercise-y"):
        make_backup(settings, tmp_path / "none.backup", ["exercise-y"])
    with pytest.raises(Misconfigured, match="is there already"):
        make_backup(settings, tmp_path / "one.backup")
    assert sorted(path.name for path in tmp_path.glob("*.backup*")) == ["one.backup"]


Damage = Callable[[Path], None]


def _rewritten(file: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> None:
    """Write the archive anew: each part as *change* makes it, None leaves it out; and *more*."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in {**parts, **more}.items():
            changed = change(name, body)
            if changed is not None:
                archive.writestr(name, changed)


def _manifest(**members: object) -> Damage:
    def change(name: str, body: bytes) -> bytes:
        return json.dumps({**json.loads(body), **members}).encode() if name == MANIFEST else body

    return lambda file: _rewritten(file, change)


def _flipped(name: str, body: bytes) -> bytes:
    picked = name.startswith("redis/operation/")
    return bytes([*body[:-3], body[-3] ^ 1, *body[-2:]]) if picked else body


def _newer_store(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        operations = json.loads(archive.read(MANIFEST))["operations"]
    operations["live"]["format"] = 99
    _manifest(operations=operations)(file)


def _escaping(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        files = json.loads(archive.read(MANIFEST))["files"]
    files["data/../out"] = {"bytes": 0, "sha256": "0" * 64}
    _manifest(files=files)(file)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "one-byte": (lambda file: _rewritten(file, _flipped), "is not what was written"),
    "cut-off": (lambda file: file.write_bytes(file.read_bytes()[:-40]), "no backup"),
    "part-missing": (
        lambda file: _rewritten(file, lambda name, body: None if "redis/op" in name else body),
        "other parts",
    ),
    "part-added": (
        lambda file: _rewritten(file, lambda _, body: body, **{"data/x": b"x"}),
        "other parts",
    ),
    "newer-archive": (_manifest(format=2), "has format 2"),
    "newer-store": (_newer_store, "stored by a newer program"),
    "no-manifest": (
        lambda file: _rewritten(file, lambda name, body: None if name == MANIFEST else body),
        "damaged, or is none",
    ),
    "other-kind": (_manifest(kind="other"), "damaged, or is none"),
    "path-out": (_escaping, "does not fit a backup"),
    "no-archive": (lambda file: file.write_bytes(b"x" * 100), "no backup"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused(
    redis_server: RedisServer, tmp_path: Path, damage: str
) -> None:
    """Whatever is wrong with it is said before anything is made where it was to go."""
    with closing(RedisStore(redis_server.url, "live")) as store:
        store.write([Write("x:1", Kind.ALERT, b"{}")], fetched_ms=1)
    file = tmp_path / "x.backup"
    make_backup(settings_of(redis_server.url, tmp_path / "data"), file)
    do, words = DAMAGES[damage]
    do(file)
    answer = call("restore", file, "--data", tmp_path / "new")
    assert answer.exit_code == 1
    assert words in answer.output
    assert not (tmp_path / "new").exists()


def test_what_is_not_empty_is_refused(redis_server: RedisServer, tmp_path: Path) -> None:
    """A data directory with a file, or a Redis with a key of the operation or of accounts."""
    data, file = tmp_path / "data", tmp_path / "x.backup"
    fill(data)
    assert call("backup", file, "--data", data).exit_code == 0
    answer = call("restore", file, "--data", data)
    assert answer.exit_code == 1
    assert "is not empty" in answer.output
    target = settings_of(redis_server.url, tmp_path / "new")
    with closing(RedisAccounts(redis_server.url)) as accounts:
        add_user(accounts, "chan", Role.COMMANDER)
    with pytest.raises(Misconfigured, match="cop:accounts:… already"):
        put_back(file, target)
    with closing(RedisStore(redis_server.url, "live")) as store:
        store.mark("web:x", "1", ttl_ms=1000)
        with pytest.raises(Misconfigured, match="live}:… already"):
            put_back(file, target)
        with pytest.raises(Conflict):
            store.write([Write("x:1", Kind.ALERT, b"{}", expected=1)], fetched_ms=1)
    assert not target.data_dir.exists()
