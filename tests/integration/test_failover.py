"""A replicated Redis with Sentinels: what survives when the primary ends, and what is said."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pytest
import redis

from cop.clock import RealClock
from cop.config import Settings
from cop.errors import NotConfirmed, StoreUnavailable
from cop.launcher.replication import look_at_replicas, look_at_sentinels
from cop.model.access import Audience
from cop.model.record import Page, cursor_key, line_of, put
from cop.services.accounts import add_user, disable_user, open_accounts
from cop.services.policy import Role
from cop.services.replica import Replica, Restart
from cop.store.confirming import AT_ONCE, Confirming, Waiting
from cop.store.connection import connect
from cop.store.port import Resync
from cop.store.redis import RedisStore
from cop.store.vitals import look_at
from tests.fault_drill.replicated import Replicated
from tests.integration.web_server import until, wind

pytestmark = pytest.mark.redis

ROUNDS: Final = int(os.environ.get("FAILOVERS", "2"))
"""How often the primary is killed under load."""
SURE: Final = Waiting(replicas=1, within_ms=1000)
BRIEF: Final = Waiting(replicas=1, within_ms=100)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicated]:
    """Give a whole one; each test leaves it whole."""
    with Replicated(tmp_path_factory.mktemp("replicated")) as found:
        yield found


def _settings(site: Replicated, **more: Any) -> Settings:
    return Settings(**(site.settings() | {"broker_url": "redis://127.0.0.1:1/0"} | more))


def _retried(store: RedisStore, name: str, value: float) -> int:
    """Write as a phone does: again with the same key until it is confirmed; give the version."""
    given: list[int] = []

    def is_done() -> bool:
        try:
            write = put(wind(name, value))
            answer = store.write([write], fetched_ms=1, idempotency_key=f"{name}-{value}")
        except StoreUnavailable:
            return False
        given.append(answer.versions[f"hko_wind:{name}"])
        return True

    until(is_done)
    return given[0]


def test_all_who_use_it_follow_a_hand_over(site: Replicated) -> None:
    """What was written is there, writes and reads go on without a restart; its state is told."""
    settings = _settings(site)
    with (
        closing(RedisStore(site.url, "follow", SURE)) as store,
        closing(open_accounts(settings)) as accounts,
    ):
        password = add_user(accounts, "chan", Role.FIELD)
        assert password
        assert _retried(store, "a", 1.0) == 1
        words, wrong = look_at_sentinels(site.url)
        assert words.startswith("3 of 3 answer, primary 127.0.0.1:")
        assert wrong == []
        promised, better = look_at_replicas(settings, site.url)
        assert promised == "1 follow; a write is confirmed when 1 have it in memory"
        assert [one.partition(":")[0] for one in better] == [
            "a primary that is cut off goes on taking writes for long, all of which are lost"
        ]
        before = store.cursor()
        site.hand_over()
        site.start_again()
        assert _retried(store, "a", 2.0) == 2
        assert accounts.names() == ["chan"]
        until(lambda: _is_told(lambda: disable_user(accounts, "chan")))
        assert store.snapshot().records["hko_wind:a"].version == 2
        with pytest.raises(Resync):
            store.events(before)
        seen = look_at(site.url)
        assert seen.replicas == 1


def _is_told(work: Any) -> bool:
    try:
        work()
    except StoreUnavailable:
        return False
    return True


def test_without_a_replica_nothing_is_confirmed(site: Replicated) -> None:
    """A write is said not to be confirmed, also when repeated; once the replica is back, it is."""
    page = Page(b"{}", ("x:1",))
    settings = _settings(site, wait_ms=100)
    with (
        closing(RedisStore(site.url, "alone", BRIEF)) as store,
        closing(open_accounts(settings)) as accounts,
    ):
        names = (f"lee-{number}" for number in range(1000))  # one that was not told of is taken
        until(lambda: _is_told(lambda: add_user(accounts, next(names), Role.FIELD)))
        site.replica().kill()
        for _ in range(2):
            with pytest.raises(NotConfirmed, match="0 of 1 replicas"):
                store.write(
                    [put(wind("a"))], fetched_ms=1, idempotency_key="k", request=b"r", page=page
                )
        with pytest.raises(NotConfirmed):
            store.answered("k", b"r")
        with pytest.raises(NotConfirmed):
            store.next_number("incident")
        with pytest.raises(NotConfirmed):
            disable_user(accounts, "lee-0")
        assert look_at_replicas(settings, site.url)[1][0].startswith("0 of 1 replicas follow")
        site.start_again()
        answer = store.write(
            [put(wind("a"))], fetched_ms=1, idempotency_key="k", request=b"r", page=page
        )
        assert answer.repeated
        assert answer.versions == {"hko_wind:a": 1}
        assert store.journal_size() == 1
        assert store.answered("k", b"r") == answer


def test_no_confirmed_write_is_lost(site: Replicated) -> None:
    """However often the primary is killed under load, what was confirmed is there, once."""
    confirmed: dict[str, int] = {}
    stop = threading.Event()

    def load(number: int) -> None:
        with closing(RedisStore(site.url, "load", SURE)) as store:
            count = 0
            while not stop.is_set():
                count += 1
                name = f"{number}-{count}"
                key = {"fetched_ms": 1, "idempotency_key": name}
                while not stop.is_set():
                    try:
                        answer = store.write([put(wind(name))], page=Page(b"{}", ()), **key)
                    except StoreUnavailable:
                        stop.wait(0.05)
                    else:
                        confirmed[f"hko_wind:{name}"] = answer.journal
                        break

    threads = [threading.Thread(target=load, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(ROUNDS):
            before = len(confirmed)
            until(lambda seen=before: len(confirmed) > seen + 30)
            site.wait_for_failover(site.kill_primary())
            site.start_again()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    with closing(RedisStore(site.url, "load")) as store:
        found = store.snapshot().records
        assert confirmed.keys() <= found.keys()
        assert {one.version for one in found.values()} == {1}
        assert len(set(confirmed.values())) == len(confirmed)
        assert store.journal_size() == store.journal_head()[0] == len(found)


def test_what_begins_with_one_primary_ends_with_it(site: Replicated) -> None:
    """A connection that is lost in the midst of a write is not made again, to whomever, unnoticed.

    What would be written by it to a new primary would not begin the log anew.
    """
    with (
        closing(connect(site.url)) as another,
        closing(Confirming(another, site.url, AT_ONCE, "")) as confirming,
    ):
        with confirming.held() as held:
            another.client_kill_filter(_type="normal", skipme=True)
            with pytest.raises(redis.exceptions.ConnectionError, match="in the midst"):
                held.client.ping()
        with confirming.held() as held:
            assert held.client.ping()


def test_a_copy_of_what_was_lost_is_given_up(site: Replicated) -> None:
    """Who saw writes that the new primary never had reads anew, though its log went on past them.

    The replica is cut off, so that it lacks what was written last, and is promoted.
    """
    restarts: list[Restart] = []
    with (
        closing(RedisStore(site.url, "split", AT_ONCE)) as store,
        closing(RedisStore(site.url, "split", AT_ONCE)) as another,
    ):
        _retried(store, "a", 1.0)
        until(lambda: _follows(site, "split"))
        copy = Replica(store, RealClock())
        copy.subscribe(lambda news: restarts.append(news) if isinstance(news, Restart) else None)
        copy.start()
        try:
            until(lambda: not copy.not_ready())
            kept = store.cursor()
            site.cut_off(site.replica())
            store.write([put(wind("a", 2.0)), put(wind("lost"))], fetched_ms=1)
            lost = store.cursor()
            until(lambda: copy.state()[0] == lost)
            gone = site.kill_primary()
            site.go_on(site.replica())
            site.wait_for_failover(gone)
            until(lambda: _is_told(another.ping))
            assert another.cursor() == kept
            with pytest.raises(Resync):
                another.events(lost)
            for value in (3.0, 4.0):
                _retried(another, "a", value)
            assert line_of(cursor_key(another.cursor())) != line_of(cursor_key(lost))
            for cursor in (kept, lost):
                with pytest.raises(Resync):
                    another.events(cursor)
                with pytest.raises(Resync):
                    another.events_until(cursor, limit=1)
            until(lambda: copy.state()[0] == another.cursor())
            picture = copy.picture()
            assert picture.find(Audience.COMMAND, "hko_wind:lost") is None
            assert picture.epoch == another.epoch()
            assert another.read(["hko_wind:a"])["hko_wind:a"].version == 3
            assert len(restarts) > 1
            ahead = another.events(store.snapshot().cursor)
            assert ahead == []
        finally:
            copy.stop()
            site.start_again()


def _follows(site: Replicated, operation: str) -> bool:
    """Tell whether the replica has all that the primary has of *operation*."""
    log = f"{{cop:{operation}}}:log"
    ends = [one.ask("XREVRANGE", log, "+", "-", "COUNT", 1) for one in site.servers]
    return bool(ends[0]) and ends[0] == ends[1]
