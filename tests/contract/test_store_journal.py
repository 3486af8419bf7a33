"""What a store promises of the journal, of repeats and of numbers: memory and Redis alike."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cop.errors import Conflict, IdempotencyMismatch
from cop.model.journal import NO_HASH
from cop.model.record import Answer, Link, Page, check
from cop.store.port import Store
from tests.contract.stores import Make, a_put, a_removal


def chain(bodies: list[bytes]) -> list[Link]:
    """Give the entries that *bodies*, written one after the other, must make."""
    links: list[Link] = []
    before = "0" * 64
    for number, body in enumerate(bodies, start=1):
        link = f"{before}:{number}:{hashlib.sha256(body).hexdigest()}"
        before = hashlib.sha256(link.encode()).hexdigest()
        links.append(Link(number, before, body))
    return links


def entries(store: Store) -> list[Link]:
    """Read the whole journal."""
    return store.journal(range(1, store.journal_head()[0] + 2))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bodies=st.lists(st.binary(min_size=1, max_size=200), max_size=12))
def test_the_chain_is_of_sha256(make: Make, bodies: list[bytes]) -> None:
    """Each hash is the SHA-256 of the one before, the number and the body's own SHA-256."""
    store = make()
    assert store.journal_head() == (0, NO_HASH)
    told = [store.write([a_put()], fetched_ms=1, page=Page(body)).journal for body in bodies]
    links = chain(bodies)
    assert told == [link.number for link in links]
    assert entries(store) == links
    assert store.journal_size() == len(links)
    assert store.journal_head() == ((links[-1].number, links[-1].hash) if links else (0, NO_HASH))


def test_long_pages_and_large_numbers_chain_alike(store: Store) -> None:
    """The hash is right whatever the length of the page and of the number."""
    bodies = [b"x" * (length % 140 + 1) for length in range(1100)]
    for body in bodies:
        store.write((), fetched_ms=1, page=Page(body))
    assert entries(store) == chain(bodies)


def test_entries_are_given_as_asked_for(store: Store) -> None:
    """Entries are read by number in any order; what there is not is left out."""
    for body in (b"one", b"two", b"three"):
        store.write((), fetched_ms=1, page=Page(body))
    read = store.journal([3, 0, 9, 1, -1, 3])
    assert [(link.number, link.body) for link in read] == [
        (3, b"three"),
        (1, b"one"),
        (3, b"three"),
    ]
    assert store.journal([]) == []


def test_a_page_alone_is_an_entry_and_no_event(store: Store) -> None:
    """A page without writes changes nothing on the picture."""
    before = store.snapshot()
    answer = store.write((), fetched_ms=1, page=Page(b"seen", about=("x:1",)))
    assert answer == Answer(before.cursor, {}, journal=1)
    assert store.snapshot() == before
    assert store.events(before.cursor) == []
    assert [link.number for link in store.journal_of("x:1")] == [1]


def test_a_write_without_a_page_leaves_the_journal(store: Store) -> None:
    """What a feed writes is not journalled."""
    assert store.write([a_put()], fetched_ms=1).journal == 0
    assert (store.journal_head(), store.journal_of("x:1")) == ((0, NO_HASH), [])


def test_an_empty_page_and_a_blank_in_an_id_are_refused(store: Store) -> None:
    """An empty page, or an id that could not be told apart in an answer, is a programming error."""
    with pytest.raises(ValueError, match="page"):
        store.write([a_put()], fetched_ms=1, page=Page(b""))
    with pytest.raises(ValueError, match="not a write"):
        store.write([a_put("x:1 2")], fetched_ms=1)
    assert store.snapshot().records == {}


def test_an_entity_has_a_history(store: Store) -> None:
    """An entry is listed once under what it wrote and what it was about, oldest first, in pages."""
    store.write([a_put("x:1"), a_put("x:2")], fetched_ms=1, page=Page(b"a", ("x:2", "y:1", "y:1")))
    store.write([a_put("x:2")], fetched_ms=1, page=Page(b"b"))
    store.write([a_removal("x:1")], fetched_ms=1, page=Page(b"c", ("x:2",)))

    def numbers(entity_id: str, **bounds: int) -> list[int]:
        return [link.number for link in store.journal_of(entity_id, **bounds)]

    assert [numbers(name) for name in ("x:1", "x:2", "y:1", "z:1")] == [[1, 3], [1, 2, 3], [1], []]
    assert numbers("x:2", limit=2) == [2, 3]
    assert numbers("x:2", limit=1, before=3) == [2]
    assert numbers("x:2", limit=5, before=3) == [1, 2]
    assert numbers("x:2", limit=0) == numbers("x:2", before=1) == []


def test_a_conflict_is_not_journalled(store: Store) -> None:
    """What was refused leaves no entry, no history and no answer to its key."""
    store.write([a_put()], fetched_ms=1)
    with pytest.raises(Conflict):
        store.write(
            [a_put("x:2"), a_put(expected=9)],
            fetched_ms=1,
            idempotency_key="k",
            request=b"r",
            page=Page(b"never", ("y:1",)),
        )
    assert store.journal_head() == (0, NO_HASH)
    assert store.journal_of("x:2") == store.journal_of("y:1") == []
    assert store.answered("k", b"r") is None
    assert store.write([a_put("x:2")], fetched_ms=1, page=Page(b"then")).journal == 1


def test_a_repeat_gives_the_first_answer_whatever_the_writes(store: Store) -> None:
    """One request under one key: the first answer exactly, nothing written, nothing journalled."""
    assert store.answered("k", b"r") is None
    writes = [a_put("x:1"), a_removal("x:never"), a_put("x:2")]
    first = store.write(
        writes, fetched_ms=1, idempotency_key="k", request=b"r", page=Page(b"first")
    )
    assert first.versions == {"x:1": 1, "x:2": 1}
    assert (first.journal, first.repeated) == (1, False)
    store.write([a_put("x:1", body=b"later")], fetched_ms=2)
    state = store.snapshot()
    again = store.write(
        [a_put("x:7", expected=3)],
        fetched_ms=3,
        idempotency_key="k",
        request=b"r",
        page=Page(b"second", ("x:9",)),
    )
    assert again == store.answered("k", b"r") == replace(first, repeated=True)
    assert store.snapshot() == state
    assert [link.body for link in entries(store)] == [b"first"]
    assert store.journal_of("x:7") == store.journal_of("x:9") == []


def test_another_request_under_a_key_is_refused(store: Store) -> None:
    """The same writes under the same key for another request are refused, and change nothing."""
    store.write([a_put()], fetched_ms=1, idempotency_key="k", request=b"r", page=Page(b"p"))
    with pytest.raises(IdempotencyMismatch):
        store.write([a_put()], fetched_ms=1, idempotency_key="k", request=b"s", page=Page(b"q"))
    with pytest.raises(IdempotencyMismatch):
        store.answered("k", b"s")
    assert store.read(["x:1"])["x:1"].version == store.journal_head()[0] == 1


def test_writers_at_once_never_break_the_chain(store: Store) -> None:
    """Concurrent writers skip no number, share none, and each entry follows the one before."""
    start = threading.Barrier(6)

    def work(writer: int) -> list[tuple[int, bytes]]:
        start.wait()
        told = []
        for n in range(25):
            body = b"%d of %d" % (n, writer)
            writes = [] if n % 3 == 0 else [a_put(f"x:{writer % 2}", body)]
            told.append((store.write(writes, fetched_ms=1, page=Page(body)).journal, body))
        return told

    with ThreadPoolExecutor(6) as threads:
        told = sorted(each for every in threads.map(work, range(6)) for each in every)
    links = entries(store)
    assert [(link.number, link.body) for link in links] == told
    assert links == chain([body for _, body in told])
    assert [number for number, _ in told] == list(range(1, 151))


_SENT = st.lists(st.integers(0, 4), min_size=1, max_size=14)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(senders=st.lists(_SENT, min_size=1, max_size=4))
def test_duplicates_and_reordering_change_nothing_twice(
    make: Make, senders: list[list[int]]
) -> None:
    """Requests sent many times, in any order, by many at once: each is done and journalled once."""
    store = make()
    begin = store.cursor()

    def send(request: int) -> tuple[int, Answer]:
        now = store.read([f"x:{request % 2}"])
        body = b"%d on %d" % (request, len(now))  # made from what is stored: differs the next time
        return request, store.write(
            [a_put(f"x:{request % 2}", body)],
            fetched_ms=1,
            idempotency_key=f"k{request}",
            request=b"%d" % request,
            page=Page(b"deed %d" % request),
        )

    with ThreadPoolExecutor(len(senders)) as threads:
        answers = [
            each for told in threads.map(lambda s: [*map(send, s)], senders) for each in told
        ]

    sent = {request for request, _ in answers}
    links = entries(store)
    assert sorted(link.body for link in links) == sorted(b"deed %d" % n for n in sent)
    assert links == chain([link.body for link in links])
    assert len(store.events(begin)) == len(sent)
    assert sum(not answer.repeated for _, answer in answers) == len(sent)
    for request in sent:
        same = {
            (answer.cursor, answer.journal, *answer.versions.items())
            for asked, answer in answers
            if asked == request
        }
        assert len(same) == 1


def test_numbers_are_given_once(store: Store) -> None:
    """A series gives each number once, from 1 on, also to many at once; series are independent."""
    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(lambda _: store.next_number("incident"), range(40)))
    assert sorted(given) == list(range(1, 41))
    assert store.next_number("order") == 1


def test_what_is_only_looked_at_decides_and_stays(store: Store) -> None:
    """A check that fails refuses all; one that holds changes nothing, and is no one's history."""
    store.write([a_put("x:one"), a_put("x:two")], fetched_ms=1)
    seen = store.read(["x:two"])["x:two"]
    answer = store.write(
        [a_put("x:one", b"[2]"), check(seen)], fetched_ms=2, page=Page(b"one", ("x:two",))
    )
    assert answer.versions == {"x:one": 2}
    assert store.read(["x:two"])["x:two"] == seen
    assert [link.body for link in store.journal_of("x:two")] == [b"one"]
    store.write([a_put("x:two", b"[3]")], fetched_ms=3)
    before = store.cursor()
    with pytest.raises(Conflict) as refusal:
        store.write([a_put("x:one", b"[4]"), check(seen)], fetched_ms=4, page=Page(b"two"))
    assert refusal.value.current == {"x:two": 2}
    assert store.cursor() == before
    assert store.journal_of("x:one") == store.journal_of("x:two")
