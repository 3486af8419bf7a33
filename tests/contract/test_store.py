"""What a store promises, proved on the one in memory and on a real Redis alike."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cop.errors import Conflict, IdempotencyMismatch
from cop.model.entity import Kind
from cop.model.record import Event, Record, Write
from cop.store.codec import MOST_WRITES
from cop.store.port import Resync, Store
from tests.contract.stores import Make, a_put, a_removal


def apply(state: dict[str, Record], events: list[Event]) -> dict[str, Record]:
    """Give *state* after *events*: the last record of each id wins."""
    after = dict(state)
    for event in events:
        for record in event.records:
            if record.removed:
                after.pop(record.id, None)
            else:
                after[record.id] = record
    return after


def _changes(number: int, feed: str, kind: Kind, body: bytes | None, **rest: int | None) -> Write:
    stored = None if body is None else f"{feed} {kind} ".encode() + body
    return Write(id=f"x:{number}", kind=kind, body=stored, feed=feed, **rest)


_WRITE = st.builds(
    _changes,
    number=st.integers(0, 5),
    feed=st.sampled_from(["x", "y", ""]),
    kind=st.sampled_from([Kind.ALERT, Kind.ROAD]),
    body=st.none() | st.binary(max_size=30),
    expected=st.none() | st.integers(0, 4),
    expires_ms=st.none() | st.integers(1, 9),
)
_BATCH = st.lists(_WRITE, max_size=5, unique_by=lambda write: write.id)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plans=st.lists(st.lists(_BATCH, max_size=6), min_size=1, max_size=6))
def test_old_state_and_events_give_the_new_state(
    make: Make, plans: list[list[list[Write]]]
) -> None:
    """With concurrent writers, old state + events = new state; versions never skip or repeat."""
    store = make()
    first = [_changes(number, "x", Kind.ALERT, b"") for number in (0, 9)]
    store.write(first, fetched_ms=1)
    before = store.snapshot()
    confirmed: list[tuple[str, int]] = []

    def work(plan: list[list[Write]]) -> None:
        for batch in plan:
            try:
                confirmed.extend(store.write(batch, fetched_ms=2).versions.items())
            except Conflict:
                continue

    with ThreadPoolExecutor(len(plans)) as threads:
        list(threads.map(work, plans))

    events = store.events(before.cursor)
    after = store.snapshot()
    assert apply(dict(before.records), events) == dict(after.records)
    assert after.cursor == (events[-1].cursor if events else before.cursor)
    assert store.read([f"x:{n}" for n in range(10)]) == dict(after.records)
    versions = {entity_id: record.version for entity_id, record in before.records.items()}
    for record in (record for event in events for record in event.records):
        assert record.version == versions.get(record.id, 0) + 1
        versions[record.id] = record.version
    logged = [(record.id, record.version) for event in events for record in event.records]
    assert sorted(confirmed) == sorted(logged)
    for name in ("x", "y"):
        assert store.by_feed(name) == {
            entity_id: record
            for entity_id, record in after.records.items()
            if record.body.startswith(name.encode() + b" ")
        }
    for kind in (Kind.ALERT, Kind.ROAD):
        assert store.by_kind(kind) == {
            entity_id: record
            for entity_id, record in after.records.items()
            if record.kind is kind and kind.encode() in record.body
        }


def test_of_two_writers_of_one_version_one_wins(store: Store) -> None:
    """Many writers expect the same version: exactly one is confirmed, the others are told."""
    store.write([a_put()], fetched_ms=1)
    start = threading.Barrier(8)

    def attempt(number: int) -> int:
        start.wait()
        try:
            return store.write([a_put(body=b"%d" % number, expected=1)], fetched_ms=2).versions[
                "x:1"
            ]
        except Conflict as conflict:
            return -conflict.current["x:1"]

    with ThreadPoolExecutor(8) as threads:
        outcomes = sorted(threads.map(attempt, range(8)))
    assert outcomes == [-2] * 7 + [2]


def test_a_conflict_changes_nothing(store: Store) -> None:
    """One wrong expectation refuses the whole write."""
    store.write([a_put()], fetched_ms=1)
    before = store.snapshot()
    with pytest.raises(Conflict) as refused:
        store.write([a_put("x:2"), a_put(expected=7), a_put("x:3", expected=1)], fetched_ms=2)
    assert refused.value.current == {"x:1": 1, "x:3": 0}
    assert store.snapshot() == before
    assert store.events(before.cursor) == []


def test_a_repeated_key_gives_the_first_answer(store: Store) -> None:
    """An idempotency key seen before changes nothing and gives what it gave."""
    first = store.write([a_put()], fetched_ms=1, idempotency_key="k")
    store.write([a_put(body=b"later")], fetched_ms=2)
    again = store.write([a_put()], fetched_ms=3, idempotency_key="k")
    assert (again.cursor, again.versions, again.repeated) == (first.cursor, {"x:1": 1}, True)
    assert store.read(["x:1"])["x:1"].body == b"later"


def test_a_key_used_for_something_else_is_an_error(store: Store) -> None:
    """The same idempotency key with another request is refused in words, and changes nothing."""
    store.write([a_put()], fetched_ms=1, idempotency_key="k")
    with pytest.raises(IdempotencyMismatch, match="new key"):
        store.write([a_put(body=b"other")], fetched_ms=1, idempotency_key="k")
    assert store.read(["x:1"])["x:1"].body == b"{}"


def test_one_key_from_many_is_applied_once(store: Store) -> None:
    """Many senders of one request with one key: one event."""
    before = store.snapshot()
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda _: store.write([a_put()], fetched_ms=1, idempotency_key="k"), range(16)
            )
        )
    assert {answer.versions["x:1"] for answer in answers} == {1}
    assert sum(not answer.repeated for answer in answers) == 1
    assert len(store.events(before.cursor)) == 1


def test_versions_go_on_after_a_removal(store: Store) -> None:
    """A removal takes a version, and what comes after it never repeats one."""
    store.write([a_put()], fetched_ms=1)
    assert store.write([a_removal(expected=1)], fetched_ms=2).versions == {"x:1": 2}
    assert store.read(["x:1"]) == {}
    assert store.by_feed("x") == store.by_kind(Kind.ALERT) == {}
    with pytest.raises(Conflict):
        store.write([a_put(expected=1)], fetched_ms=3)
    assert store.write([a_put(expected=0)], fetched_ms=4).versions == {"x:1": 3}
    assert set(store.by_feed("x")) == {"x:1"}


def test_removing_what_is_not_there_is_no_event(store: Store) -> None:
    """Removing an absent entity changes nothing."""
    before = store.cursor()
    store.write([a_removal("x:never")], fetched_ms=1)
    assert store.cursor() == before
    assert store.events(before) == []


def test_expiry_lists_what_is_due_and_follows_renewal(store: Store) -> None:
    """What is past its expiry is listed, unless it was renewed, removed or made to stay."""
    store.write([a_put(f"x:{n}", expires_ms=100) for n in range(4)], fetched_ms=1)
    store.write(
        [a_put("x:1", expires_ms=900), a_put("x:2"), a_removal("x:3")],
        fetched_ms=2,
    )
    assert [record.id for record in store.expired(100)] == ["x:0"]
    assert store.expired(99) == []


def test_a_change_of_kind_or_feed_moves_it(store: Store) -> None:
    """An entity is listed under the kind and feed of its last write alone, then under none."""
    store.write([a_put()], fetched_ms=1)
    store.write([a_put(kind=Kind.ROAD, feed="y", expires_ms=5)], fetched_ms=2)
    assert store.by_feed("x") == store.by_kind(Kind.ALERT) == {}
    assert set(store.by_feed("y")) == set(store.by_kind(Kind.ROAD)) == {"x:1"}
    start = store.cursor()
    store.write([a_removal()], fetched_ms=3)
    assert store.by_feed("y") == store.by_kind(Kind.ROAD) == {}
    assert store.expired(5) == []
    assert [record.kind for record in store.events(start)[0].records] == [Kind.ROAD]


def test_a_trimmed_log_says_resync(store: Store) -> None:
    """A reader whose events were trimmed is told; one that is not behind them reads on."""
    start = store.cursor()
    cursors = [store.write([a_put(body=b"%d" % n)], fetched_ms=n).cursor for n in range(250)]
    assert store.trim(4, tombstones_before_ms=0) == 246
    for gone in (start, cursors[244]):
        with pytest.raises(Resync):
            store.events(gone)
    assert [event.cursor for event in store.events(cursors[245])] == cursors[246:]
    assert store.trim(4, tombstones_before_ms=0) == 0
    assert store.trim(0, tombstones_before_ms=0) == 4
    assert store.events(cursors[-1]) == []
    assert store.snapshot().cursor == cursors[-1]


@pytest.mark.parametrize("cursor", ["0-0", "99999999999999-0"])
def test_a_cursor_of_another_log_says_resync(store: Store, cursor: str) -> None:
    """A cursor from before this log, or from a later one, is not resumed from."""
    store.write([a_put()], fetched_ms=1)
    with pytest.raises(Resync):
        store.events(cursor)


def test_old_removals_are_forgotten(store: Store) -> None:
    """A removed id begins at version 1 again once the removal is old and no longer in the log."""
    long_ago, soon = int(time.time() * 1000) - 60_000, int(time.time() * 1000) + 60_000
    store.write([a_put("x:1"), a_put("x:2")], fetched_ms=1)
    store.write([a_removal("x:1"), a_removal("x:2")], fetched_ms=2)
    store.trim(100, tombstones_before_ms=soon)
    assert store.write([a_put("x:1")], fetched_ms=3).versions == {"x:1": 3}
    store.write([a_removal("x:1")], fetched_ms=4)
    time.sleep(0.005)
    store.write([a_put("x:3")], fetched_ms=5)
    store.trim(0, tombstones_before_ms=long_ago)
    assert store.write([a_put("x:1")], fetched_ms=6).versions == {"x:1": 5}
    store.trim(0, tombstones_before_ms=soon)
    assert store.write([a_put("x:1"), a_put("x:2")], fetched_ms=7).versions == {"x:1": 6, "x:2": 1}


def test_a_waiting_reader_is_woken(store: Store) -> None:
    """A reader that waits gets the event of a writer, long before its patience ends."""
    start = store.cursor()
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(store.events, start, wait_ms=60_000)
        time.sleep(0.05)
        written = store.write([a_put()], fetched_ms=1)
        assert [event.cursor for event in reading.result(timeout=45)] == [written.cursor]
    assert store.events(written.cursor, wait_ms=20) == []


def test_a_reader_in_pages_misses_nothing(store: Store) -> None:
    """Reading the log in small pages gives the same events as reading it at once."""
    start = store.cursor()
    for n in range(7):
        store.write([a_put(body=b"%d" % n)], fetched_ms=n)
    pages, cursor = [], start
    while page := store.events(cursor, limit=2):
        pages += page
        cursor = page[-1].cursor
    assert pages == store.events(start)


def test_the_last_events_are_read_backwards(store: Store) -> None:
    """From a cursor back: so many events in order, and the cursor that they follow."""
    begin = store.cursor()
    cursors = [begin, *(store.write([a_put()], fetched_ms=0).cursor for _ in range(5))]
    before, events = store.events_until(cursors[4], limit=2)
    assert before == cursors[2]
    assert events == store.events(cursors[2])[:2]
    assert store.events_until(cursors[4], limit=9) == (begin, store.events(begin)[:4])
    store.trim(2, tombstones_before_ms=0)
    assert store.events_until(cursors[5], limit=9) == (cursors[3], store.events(cursors[3]))
    with pytest.raises(Resync):
        store.events_until(cursors[2], limit=9)


def test_a_record_says_whose_it_was(store: Store) -> None:
    """A removal names kind and feed of what was removed, whatever the remover believed."""
    begin = store.write([a_put(kind=Kind.ROAD, feed="td")], fetched_ms=0).cursor
    store.write([a_removal()], fetched_ms=0)
    told = [(event.records[0].kind, event.records[0].feed) for event in store.events(begin)]
    assert told == [(Kind.ROAD, "td")]


def test_a_snapshot_is_exact_while_writers_run(store: Store) -> None:
    """Each snapshot equals the first one plus the events up to its cursor."""
    store.write([a_put(f"x:{n}") for n in range(600)], fetched_ms=1)
    first = store.snapshot()
    stop = threading.Event()

    def churn(seed: int) -> None:
        n = seed
        while not stop.is_set():
            n += 7
            write = a_removal(f"x:{n % 650}") if n % 3 == 0 else a_put(f"x:{n % 650}", b"%d" % n)
            store.write([write], fetched_ms=n)

    with ThreadPoolExecutor(2) as threads:
        churning = [threads.submit(churn, seed) for seed in (1, 2)]
        try:
            while len(store.events(first.cursor)) < 20:
                time.sleep(0.002)
            snapshots = [store.snapshot() for _ in range(10)]
        finally:
            stop.set()
    assert [thread.result() for thread in churning] == [None, None]
    events = store.events(first.cursor, limit=1_000_000)
    cursors = [event.cursor for event in events]
    for taken in snapshots:
        upto = cursors.index(taken.cursor) + 1
        assert apply(dict(first.records), events[:upto]) == dict(taken.records)


def test_bad_writes_are_refused(store: Store) -> None:
    """An id twice, too many at once or an empty body is a programming error and says so."""
    with pytest.raises(ValueError, match="only once"):
        store.write([a_put(), a_put()], fetched_ms=1)
    with pytest.raises(ValueError, match="at most"):
        store.write([a_put(f"x:{n}") for n in range(MOST_WRITES + 1)], fetched_ms=1)
    for bad in (a_put(body=b""), a_put(feed="a b")):
        with pytest.raises(ValueError, match="not a write"):
            store.write([bad], fetched_ms=1)
    assert store.snapshot().records == {}


def test_the_largest_write_is_one_event(store: Store) -> None:
    """As many entities as one write may hold are written, and removed, at once."""
    start = store.cursor()
    ids = [f"x:{n}" for n in range(MOST_WRITES)]
    store.write([a_put(each, expires_ms=9) for each in ids], fetched_ms=1)
    store.write([a_removal(each) for each in ids], fetched_ms=2)
    assert [len(event.records) for event in store.events(start)] == [MOST_WRITES] * 2
    assert store.snapshot().records == {}
    assert store.expired(9) == []


def test_tables_marks_and_locks(store: Store) -> None:
    """Reference tables are kept as written; marks and locks end by themselves."""
    assert store.read_table("t") is None
    store.write_table("t", b"\xff\n")
    assert store.read_table("t") == b"\xff\n"

    store.mark("worker:a", "1", ttl_ms=60_000)
    store.mark("worker:b", "2", ttl_ms=1)
    token = store.lock("poll", ttl_ms=60_000)
    brief = store.lock("brief", ttl_ms=1)
    time.sleep(0.02)
    assert store.marks() == {"worker:a": "1"}
    assert token is not None
    assert store.lock("poll", ttl_ms=1) is None
    store.unlock("poll", "not the token")
    assert store.lock("poll", ttl_ms=1) is None
    store.unlock("poll", token)
    assert store.lock("poll", ttl_ms=60_000) is not None
    assert store.lock("brief", ttl_ms=60_000) not in (None, brief)


def test_what_is_lent_is_taken_once(store: Store) -> None:
    """What is left under a name is had by the first who asks, as it was, and ends by itself."""
    assert store.lent("a") is None
    store.lend("a", b"\xff\x00", ttl_ms=60_000)
    store.lend("b", b"earlier", ttl_ms=60_000)
    store.lend("b", b"later", ttl_ms=60_000)
    store.lend("brief", b"x", ttl_ms=1)
    time.sleep(0.02)
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: store.lent("a"), range(8)))
    assert sorted(body for body in taken if body is not None) == [b"\xff\x00"]
    assert store.lent("b") == b"later"
    assert store.lent("brief") is None
    assert store.snapshot().records == {}
