"""Each process signs in to Redis as a user of its own, who may do what the process needs alone."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
import redis
from kombu import Connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from cop.config import Settings
from cop.errors import Misconfigured, StoreUnavailable
from cop.launcher.processes import PROCESSES
from cop.model.entity import Kind
from cop.model.record import Page, put
from cop.services.accounts import add_user, open_accounts, reset_password
from cop.services.backup.making import make_backup
from cop.services.broker import broker_options, broker_url
from cop.services.policy import Role
from cop.services.sessions import identify
from cop.services.sign_in import sign_in
from cop.store import open_store
from cop.store.accounts import Accounts, Subscription
from cop.store.format import FORMAT, stored_format
from cop.store.keys import Keys
from cop.store.port import Store
from tests.integration.web_server import until, wind
from tests.ports import free_port
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis

ROOT: Final = Path(__file__).parents[2]
PICTURE: Final = ("web", "worker", "beat", "publisher", "cot")
BROKER: Final = ("web", "worker", "beat")
QUEUES: Final = ("feeds", "upkeep", "vision", "vision-1", "view", "exchange")
FORBIDDEN: Final = (
    ("CONFIG", "GET", "*"),
    ("CONFIG", "SET", "appendonly", "no"),
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("DEBUG", "SLEEP", "0"),
    ("KEYS", "*"),
    ("SHUTDOWN",),
    ("ACL", "LIST"),
    ("MONITOR",),
    ("REPLICAOF", "127.0.0.1", "1"),
    ("MODULE", "LIST"),
    ("SWAPDB", "0", "1"),
    ("SET", "elsewhere", "1"),
    ("DEL", "elsewhere"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """Two servers with the users of `deploy/redis`, and somebody who may look at what happened."""

    folder: Path
    picture: int
    broker: int

    def settings(self, user: str, **more: Any) -> Settings:
        """Give the settings of a process that signs in as *user*."""
        return Settings(
            redis_url=f"redis://127.0.0.1:{self.picture}/0",
            broker_url=f"redis://127.0.0.1:{self.broker}/0",
            redis_login_file=self.folder / f"redis_{user}",
            **more,
        )

    def refused(self) -> list[str]:
        """Say what was refused to whom since this was asked the last time.

        But for two things that are asked for and can be done without: a look at the settings, and
        what a client offers a server newer than ours.
        """
        said = []
        for port in (self.picture, self.broker):
            with contextlib.closing(redis.Redis(port=port, username="looker", protocol=2)) as admin:
                said += [
                    f"{entry['username']}: {entry['reason']} {entry['object']}"
                    for entry in admin.acl_log()
                    if not str(entry["object"]).startswith(("config", "client"))
                ]
                admin.acl_log_reset()
        return sorted(said)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start both servers with the users that the script makes, and one more who looks."""
    folder = tmp_path_factory.mktemp("secrets")
    subprocess.run([ROOT / "deploy" / "redis" / "make-users.sh", folder], check=True)
    ports, servers = [], []
    for name in ("picture", "broker"):
        users = folder / f"{name}.acl"
        with users.open("a") as file:
            file.write("user looker on nopass ~* &* +@all\n")
        ports.append(free_port())
        options = ("--bind", "127.0.0.1", "--port", str(ports[-1]), "--aclfile", str(users))
        servers.append(RedisServer(tmp_path_factory.mktemp(name), *options))
        servers[-1].start()
    try:
        yield Site(folder, *ports)
    finally:
        for server in servers:
            server.close()


def _reads(store: Store) -> None:
    store.read(["hko_wind:a"])
    store.by_kind(Kind.OBSERVATION)
    store.by_feed("hko_wind")
    cursor = store.snapshot().cursor
    store.events(cursor, wait_ms=1)
    store.events_until(cursor, limit=1)
    store.read_table("none")
    store.journal_of("hko_wind:a")
    store.journal([1])
    store.journal_size()
    store.journal_head()
    store.answered("x", b"")
    store.mark("someone", "now", ttl_ms=1000)
    store.marks()
    store.ping()


def _writes(store: Store) -> None:
    _reads(store)
    store.write([put(wind("a"))], fetched_ms=1, idempotency_key="k", page=Page(b"{}", ("x:1",)))
    store.write([put(wind("a", 2.0))], fetched_ms=2)
    store.next_number("incident")


def _desk(store: Store) -> None:
    _writes(store)
    store.lend("x", b"x", ttl_ms=1000)
    store.lent("x")
    store.write_table("x", b"x")
    token = store.lock("x", ttl_ms=1000)
    assert token is not None
    store.unlock("x", token)
    store.expired(1)


def _tends(store: Store) -> None:
    _desk(store)
    store.trim(1, tombstones_before_ms=1)


def _accounts(accounts: Accounts, name: str) -> None:
    password = add_user(accounts, name, Role.FIELD)
    signed_in = sign_in(accounts, name, password, "192.0.2.1", operation="live")
    session = signed_in.session
    assert identify(accounts, signed_in.token, operation="live") is not None
    accounts.change_session(session.id, lambda one: (one, 1000))
    one = Subscription(
        id="a" * 64,
        user=name,
        session=session.id,
        operation="live",
        endpoint="https://push.example",
        p256dh="",
        auth="",
        made_ms=1,
    )
    accounts.add_subscription(one, ttl_ms=1000)
    accounts.change_subscription(one.id, lambda before: before)
    accounts.subscriptions_of([name])
    accounts.drop_subscriptions([one])
    assert accounts.take("x") is None
    assert accounts.find_external("x") is None
    assert accounts.subscribers() == set()
    assert name in accounts.names()
    reset_password(accounts, name)


DOES: Final[dict[str, Callable[[Store], None]]] = {
    "web": _desk,
    "worker": _tends,
    "beat": lambda store: store.mark("beat", "now", ttl_ms=1000),
    "publisher": _reads,
    "cot": _writes,
}
"""What of the store each process uses."""


@pytest.mark.parametrize("user", PICTURE)
def test_each_process_has_what_it_needs(site: Site, user: str) -> None:
    """All that it does with the picture and with accounts is let through; nothing is refused."""
    with contextlib.closing(open_store(site.settings("web"))) as first:
        first.write([put(wind("a"))], fetched_ms=1)
    site.refused()
    settings = site.settings(user)
    with contextlib.closing(open_store(settings)) as store:
        DOES[user](store)
    if user in {"web", "worker"}:
        with contextlib.closing(open_accounts(settings)) as accounts:
            _accounts(accounts, f"one-{user}")
    assert site.refused() == []


@pytest.mark.parametrize("user", BROKER)
def test_who_asks_for_tasks_reaches_the_broker(site: Site, user: str) -> None:
    """Tasks are put on every queue, and its length is read; the worker takes them."""
    site.refused()
    settings = site.settings(user)
    with Connection(broker_url(settings), transport_options=broker_options(settings)) as connection:
        connection.ensure_connection(max_retries=1, timeout=5)
        for name in QUEUES:
            queue = connection.SimpleQueue(name, serializer="json")
            queue.put({"x": 1})
            assert connection.default_channel.queue_declare(name).message_count >= 1
            if user == "worker":
                queue.get(timeout=5).ack()
            queue.close()
    assert site.refused() == []


@pytest.mark.parametrize("user", PICTURE)
@pytest.mark.parametrize("words", FORBIDDEN, ids=" ".join)
def test_what_nobody_needs_is_refused(site: Site, user: str, words: tuple[str, ...]) -> None:
    """No process empties or changes a server, looks through all keys, or leaves our keys."""
    login = (site.folder / f"redis_{user}").read_text().strip().partition(":")
    ports = [site.picture, *([site.broker] if user in BROKER else [])]
    for port in ports:
        client = redis.Redis(port=port, username=login[0], password=login[2], protocol=2)
        with contextlib.closing(client), pytest.raises(redis.exceptions.NoPermissionError):
            client.execute_command(*words)


def test_what_only_some_need_is_refused_to_others(site: Site) -> None:
    """Publisher and beat write nothing of the picture, cot reads no accounts, web cuts no log."""
    for user in ("publisher", "beat"):
        with (
            contextlib.closing(open_store(site.settings(user))) as store,
            pytest.raises(StoreUnavailable, match=r"can't run this command|permissions"),
        ):
            store.write([put(wind("b", 3.0))], fetched_ms=1)
    with contextlib.closing(open_store(site.settings("web"))) as store:
        store.write([put(wind("c"))], fetched_ms=1)
        store.write([put(wind("d"))], fetched_ms=1)
        with pytest.raises(StoreUnavailable):
            store.trim(1, tombstones_before_ms=1)
    for user in ("cot", "publisher", "beat"):
        with (
            contextlib.closing(open_accounts(site.settings(user))) as accounts,
            pytest.raises(StoreUnavailable),
        ):
            accounts.names()


def test_the_operator_makes_a_backup(site: Site, tmp_path: Path) -> None:
    """A person at the machine copies everything, accounts too, and is refused nothing."""
    with contextlib.closing(open_store(site.settings("web"))) as store:
        _writes(store)
    site.refused()
    (tmp_path / "data").mkdir()
    manifest = make_backup(site.settings("operator", data_dir=tmp_path / "data"), tmp_path / "x")
    assert manifest.operations["live"].entities > 0
    assert site.refused() == []


def test_the_worker_upgrades_what_is_stored(site: Site) -> None:
    """It may look through keys, which the step needs; the web waits for it without spoiling it."""
    old = {"operation": f"exercise-{uuid4().hex[:8]}", "scenario": "black-rainstorm-2023"}
    with (
        contextlib.closing(open_store(site.settings("web", **old))) as web,
        contextlib.closing(open_store(site.settings("worker", **old))) as worker,
        contextlib.closing(redis.Redis(port=site.picture, username="looker", protocol=2)) as admin,
    ):
        web.write([put(wind("a"))], fetched_ms=1)
        keys = Keys(old["operation"])
        admin.hset(keys["meta"], "format", "1")
        with pytest.raises(StoreUnavailable, match=r"can't run this command|permissions"):
            web.settle_format()
        with pytest.raises(StoreUnavailable):
            web.write([put(wind("b"))], fetched_ms=1)
        site.refused()
        worker.settle_format()
        assert site.refused() == []
        assert stored_format(admin, keys) == str(FORMAT)
        web.write([put(wind("b"))], fetched_ms=1)


def test_who_has_not_signed_in_may_ask_whether_it_lives(site: Site) -> None:
    """The health check knows no password of anybody, and gets nothing else."""
    health = {"username": "health", "password": "any"}
    for port, who in ((site.picture, health), (site.broker, {})):
        with contextlib.closing(redis.Redis(port=port, protocol=2, **who)) as anybody:
            assert anybody.ping()
            with pytest.raises(redis.exceptions.NoPermissionError):
                anybody.get("{cop:live}:meta")


def test_the_append_only_file_is_read_with_all_rights(site: Site) -> None:
    """Redis 7 replays what scripts wrote as the default user, who may do all and signs in nowhere.

    One who may less loses every confirmed write in a restart, without a word.
    """
    once = Retry(NoBackoff(), 0)
    with contextlib.closing(redis.Redis(port=site.picture, protocol=2, retry=once)) as anybody:
        with pytest.raises(redis.exceptions.AuthenticationError):
            anybody.ping()
        with pytest.raises(redis.exceptions.AuthenticationError):
            anybody.execute_command("AUTH", "default", "")
    admin = redis.Redis(port=site.picture, username="looker", protocol=2)
    with contextlib.closing(admin):
        default = next(one for one in admin.acl_list() if one.startswith("user default "))
    assert {"off", "~*", "&*", "+@all"} <= set(default.split())
    assert "-@" not in default


def test_a_login_that_is_none_is_told(site: Site, tmp_path: Path) -> None:
    """A file that is missing, or holds something else, is said in words; an address goes first."""
    file = tmp_path / "login"
    settings = site.settings("web").model_copy(update={"redis_login_file": file})
    with pytest.raises(Misconfigured, match="COP_REDIS_LOGIN_FILE cannot be read"):
        open_store(settings)
    file.write_text("web")
    with pytest.raises(Misconfigured, match="user:password"):
        broker_url(settings)
    assert settings.signed_in("redis://me:mine@127.0.0.1/0") == "redis://me:mine@127.0.0.1/0"
    file.write_text("web:a/@\n")
    assert settings.signed_in("rediss://x:1/0") == "rediss://web:a%2F%40@x:1/0"


def test_passwords_stay_until_they_are_taken_away(site: Site, tmp_path: Path) -> None:
    """Making the users again changes nothing but what was deleted; lists hold digests alone."""
    script = ROOT / "deploy" / "redis" / "make-users.sh"
    subprocess.run([script, tmp_path], check=True)
    before = {file.name: file.read_text() for file in tmp_path.iterdir()}
    (tmp_path / "redis_cot").unlink()
    subprocess.run([script, tmp_path], check=True)
    after = {file.name: file.read_text() for file in tmp_path.iterdir()}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"redis_cot", "picture.acl"}
    secrets = [text.strip().partition(":")[2] for name, text in after.items() if "." not in name]
    assert all(len(secret) == 64 for secret in secrets)
    assert not [
        secret for secret in secrets if secret in after["picture.acl"] + after["broker.acl"]
    ]
    assert tmp_path.stat().st_mode & 0o077 == 0


def test_the_processes_run_with_their_users(site: Site, tmp_path: Path) -> None:
    """Web, worker, beat and publisher play an exercise together, and nothing is refused to them."""
    site.refused()
    shared = {
        "operation": "exercise-users",
        "scenario": "black-rainstorm-2023",
        "scenario_start": "2023-09-07T10:00:00Z",
        "scenario_anchor": datetime.now(UTC),
        "data_dir": tmp_path,
        "port": free_port(),
    }
    running = []
    try:
        for process in PROCESSES:
            user = process.name if process.name in PICTURE else "worker"
            settings = site.settings(user, **shared)
            with (tmp_path / f"{process.name}.log").open("wb") as log:
                argv = [sys.executable, *process.command(settings)[1:]]
                env = settings.environment()
                running.append(
                    subprocess.Popen(argv, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
                )
        with contextlib.closing(open_store(site.settings("web", **shared))) as store:
            until(lambda: {"beat", "worker", "web"} <= {n.partition(":")[0] for n in store.marks()})
            until(lambda: len(store.by_kind(Kind.FEED_STATUS)) > 3)
    finally:
        for child in running:
            child.terminate()
        for child in running:
            child.wait(timeout=60)
    assert site.refused() == []
