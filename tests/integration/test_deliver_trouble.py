"""Pushing when something goes wrong: push services, workers, and much at once."""

from __future__ import annotations

import importlib
import secrets
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import SecretStr

from cop.config import Settings
from cop.errors import StoreUnavailable
from cop.services import accounts as accounts_
from cop.services.commands.desk import Desk
from cop.services.commands.receipts import receipt_id
from cop.services.delivery import deliverer as deliverer_
from cop.services.delivery.deliverer import MOST_A_RUN, Came, Deliverer, Job
from cop.services.push_keys import new_push_key, open_push_key
from cop.store.accounts import RedisAccounts, Subscription
from cop.store.port import Store
from cop.store.redis import RedisStore
from tests.browsers import Browser
from tests.integration.both_accounts import accounts
from tests.integration.delivering import (
    Sent,
    add_user_quickly,
    answered,
    desk,
    person,
    receipt_of,
    write,
)
from tests.push_service import push_service
from tests.redis_server import shared_redis
from tests.unit.services.commands.keeping import Time
from tests.unit.services.watch.making import (
    START,
    after,
    an_order,
)
from workers.deliver import Sender

__all__ = ["accounts", "desk", "shared_redis"]


def test_what_was_not_taken_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a pause that grows, in whatever process; taken at last, it begins anew."""
    now = [accounts_.now_ms()]
    monkeypatch.setattr(deliverer_, "now_ms", lambda: now[0])
    (one,) = person(desk, "a")
    write(desk, an_order(recipients=["a"]))
    came = [(Came.LATER, 503, 0)]
    send = Sent(lambda _: came[0])

    def tries() -> int:
        Deliverer(desk, send).run(after(1))
        return len(send.said())

    def stored() -> Subscription:
        return desk.accounts.subscriptions_of(["a"])["a"][0]

    pauses = []
    for failures in range(1, 10):
        assert (tries(), tries()) == (1, 0)
        assert stored().failures == failures
        pauses.append(stored().rests_until_ms - now[0])
        now[0] += pauses[-1]
    assert pauses[:8] == [5_000 * 2**n for n in range(7)] + [600_000]
    assert max(pauses) == 600_000
    assert receipt_of(desk, "order:1", "a") is None
    came[0] = (Came.TAKEN, 201, 0)
    assert tries() == 1
    assert (stored().failures, stored().rests_until_ms) == (0, 0)
    assert receipt_of(desk, "order:1", "a") is not None
    assert stored().id == one.id


def test_a_push_service_is_given_its_time(desk: Desk) -> None:
    """The pause that it asks for is kept, up to an hour."""
    person(desk, "a")
    write(desk, an_order(recipients=["a"]))
    Deliverer(desk, Sent(lambda _: (Came.LATER, 429, 90_000))).run(after(1))
    (one,) = desk.accounts.subscriptions_of(["a"])["a"]
    left_s = (one.rests_until_ms - accounts_.now_ms()) / 1000
    assert 3_000 < left_s <= 3_600


def test_a_refusal_is_logged_without_anybody(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """It rests for long; the log names the push service and its answer, not whose it was."""
    (one,) = person(desk, "a-name-to-find")
    write(desk, an_order(recipients=["a-name-to-find"]))
    Deliverer(desk, Sent(lambda _: (Came.REFUSED, 413, 0))).run(after(1))
    (after_,) = desk.accounts.subscriptions_of(["a-name-to-find"])["a-name-to-find"]
    assert after_.rests_until_ms > accounts_.now_ms() + 30_000
    told = "".join(capsys.readouterr())
    assert "push.test" in told
    assert "413" in told
    for secret in ("a-name-to-find", one.endpoint, one.id, one.auth):
        assert secret not in told


def test_a_browser_that_is_gone_is_forgotten(desk: Desk) -> None:
    """The others of the same person stay."""
    gone, stays = person(desk, "a", phones=2)
    write(desk, an_order(recipients=["a"]))
    send = Sent(lambda job: (Came.GONE if job.to.id == gone.id else Came.LATER, 410, 0))
    Deliverer(desk, send).run(after(1))
    assert [one.id for one in desk.accounts.subscriptions_of(["a"])["a"]] == [stays.id]


def test_a_service_that_fails_holds_up_nobody_else(desk: Desk) -> None:
    """Of a service that takes nothing, no more is chosen for a while; the others get theirs."""
    for number in range(MOST_A_RUN):
        name = f"a{number:03}"
        add_user_quickly(desk, name, f"https://down.test/{name}")
    add_user_quickly(desk, "z", "https://up.test/z")
    names = [*(f"a{number:03}" for number in range(MOST_A_RUN)), "z"]
    write(desk, an_order(recipients=names))
    tried = Counter[str]()

    def answers(job: Job) -> tuple[Came, int, int]:
        if job.to.user == "z":
            return Came.TAKEN, 201, 0
        tried[job.to.user] += 1
        return (Came.LATER, 500, 0) if sum(tried.values()) <= 5 else (Came.SKIPPED, 0, 0)

    send = Sent(answers)
    assert Deliverer(desk, send).run(after(1)) == Counter({Came.LATER: 5, Came.SKIPPED: 195})
    assert Deliverer(desk, send).run(after(1)) == Counter({Came.TAKEN: 1})
    assert Deliverer(desk, send).run(after(1)) == Counter()


def test_one_persons_phones_make_no_service_rest(desk: Desk) -> None:
    """Addresses that a push service does not want, all of one person, hold up nobody else."""
    for number in range(10):
        add_user_quickly(desk, "bad", f"https://push.test/bad/{number}")
    add_user_quickly(desk, "good", "https://push.test/good")
    write(desk, an_order(recipients=["bad", "good"]))
    answers = {"bad": (Came.REFUSED, 403, 0), "good": (Came.SKIPPED, 0, 0)}
    send = Sent(lambda job: answers[job.to.user])
    counted = Deliverer(desk, send).run(after(1))
    assert counted == Counter({Came.REFUSED: 10, Came.SKIPPED: 1})
    answers["good"] = (Came.TAKEN, 201, 0)
    assert Deliverer(desk, send).run(after(1)) == Counter({Came.TAKEN: 1})


def test_so_many_a_run(desk: Desk) -> None:
    """A run is bounded; all are reached in a number of runs that is known, each once."""
    names = [f"u{number:04}" for number in range(1_000)]
    for name in names:
        add_user_quickly(desk, name, f"https://push.test/{name}")
    write(desk, an_order(recipients=names))
    send = Sent()
    deliverer = Deliverer(desk, send)
    runs = [deliverer.run(after(1)) for _ in range(6)]
    assert runs == [Counter({Came.TAKEN: MOST_A_RUN})] * 5 + [Counter()]
    assert sorted(name for _, name in send.said()) == names


def test_a_receipt_that_changes_meanwhile(desk: Desk) -> None:
    """What a phone says while it is pushed stays, and so does when it was sent."""
    person(desk, "a")
    person(desk, "b")
    write(desk, an_order())
    send = Sent()
    send.meanwhile = lambda: answered(desk, "order:1", "a", delivered_at=after(1))
    deliverer = Deliverer(desk, send)
    real = desk.store.read
    raced = []

    def read(ids: Any) -> Any:
        found = real(ids)
        if not raced and receipt_id("order:1", "a") in found:
            raced.append(1)
            answered(desk, "order:1", "a", read_at=after(2))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.store, "read", read)
        deliverer.run(after(1))
    receipt = receipt_of(desk, "order:1", "a")
    assert receipt is not None
    assert (receipt.sent_at, receipt.delivered_at, receipt.read_at) == (
        after(1),
        after(1),
        after(2),
    )
    other = receipt_of(desk, "order:1", "b")
    assert other is not None
    assert other.sent_at == after(1)


def test_a_worker_that_ends_before_it_says_so(desk: Desk) -> None:
    """What was pushed and not written down is pushed again: twice at worst, never not at all."""
    person(desk, "a")
    write(desk, an_order(recipients=["a"]))
    send = Sent()
    deliverer = Deliverer(desk, send)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.store, "write", _fails)
        with pytest.raises(StoreUnavailable):
            deliverer.run(after(1))
    deliverer.run(after(1))
    deliverer.run(after(1))
    assert send.said() == [("order:1", "a")] * 2


def _fails(*_: Any, **__: Any) -> None:
    raise StoreUnavailable("away")


def test_a_log_that_was_trimmed(desk: Desk) -> None:
    """Who finds the log cut off begins anew, and pushes nothing twice."""
    person(desk, "a")
    write(desk, an_order(recipients=["a"]))
    send = Sent()
    deliverer = Deliverer(desk, send)
    deliverer.run(after(1))
    for number in range(2, 6):
        write(desk, an_order(id=f"order:{number}", recipients=["a"]))
    desk.store.trim(1, tombstones_before_ms=0)
    deliverer.run(after(2))
    assert sorted(send.said()) == [(f"order:{number}", "a") for number in range(1, 6)]


@pytest.mark.redis
def test_two_workers_push_once(shared_redis: str, tmp_path: Path) -> None:
    """Through a real push service, with both at it all the time: exactly one each, sealed."""
    operation = secrets.token_hex(6)
    settings = Settings(operation="live", redis_url=shared_redis)
    private, _ = new_push_key()
    pushing = settings.model_copy(
        update={"push_key": SecretStr(private), "push_contact": "mailto:duty@cop.example"}
    )
    names = [f"{operation}-{number}" for number in range(40)]
    browsers = {name: Browser() for name in names}
    with push_service(tmp_path) as service:
        stores = [RedisStore(shared_redis, operation) for _ in range(2)]
        accounts = RedisAccounts(shared_redis)
        key = open_push_key(pushing)
        assert key is not None
        senders = [Sender(key, service.open_transport, each_within_s=20) for _ in stores]
        workers = [
            Deliverer(Desk(store, accounts, Time(START), settings), sender)
            for store, sender in zip(stores, senders, strict=True)
        ]
        desk = Desk(stores[0], accounts, Time(START), settings)
        for name, browser in browsers.items():
            add_user_quickly(desk, name, f"https://push.test/201/{name}", browser)
        orders = [an_order(id=f"order:{n}", recipients=names) for n in range(3)]

        def work(worker: Deliverer) -> None:
            for _ in range(15):
                worker.run(after(1))

        threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
        for thread in threads:
            thread.start()
        for order in orders:
            write(desk, order)
        for thread in threads:
            thread.join(60)
        while workers[0].run(after(1)):
            pass
        got = Counter(
            (orjson.loads(browsers[pushed.path[5:]].open(pushed.body))["id"], pushed.path[5:])
            for pushed in service.pushed
        )
        assert got == Counter((order.id, name) for order in orders for name in names)
        for sender in senders:
            sender.close()
        accounts.close()
        for store in stores:
            store.close()


@dataclass
class Means:
    """What the task works with."""

    settings: Settings
    store: Store
    clock: Time


@pytest.mark.redis
def test_the_task(shared_redis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key it does nothing; with one it pushes; when Redis is away it waits."""
    monkeypatch.setenv("COP_REDIS_URL", shared_redis)
    tasks: Any = importlib.import_module("workers.tasks")
    store = RedisStore(shared_redis, secrets.token_hex(6))
    settings = Settings(operation="live", redis_url=shared_redis)
    means = Means(settings, store, Time(START))
    monkeypatch.setattr(tasks, "_means", lambda: means)
    tasks._deliverer.cache_clear()
    tasks.deliver()
    assert store.read([receipt_id("order:1", "a")]) == {}
    assert tasks._deliverer() is None
    tasks._deliverer.cache_clear()
    means.settings = settings.model_copy(update={"push_key": SecretStr("none")})
    tasks.deliver()  # told in the log
    private, _ = new_push_key()
    means.settings = settings.model_copy(
        update={"push_key": SecretStr(private), "push_contact": "mailto:duty@cop.example"}
    )
    ran: list[datetime] = []
    monkeypatch.setattr(Deliverer, "run", lambda _, now: ran.append(now))
    tasks.deliver()
    assert ran == [START]
    monkeypatch.setattr(Deliverer, "run", _fails)
    tasks.deliver()
    tasks._deliverer.cache_clear()
    store.close()
