"""Ingest: what one poll changes on the picture, what it must not change, and the feed's status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.errors import FeedError, PayloadError
from cop.model.district import District
from cop.model.geometry import line, point
from cop.model.kinds import FeedState
from cop.model.record import Answer, Record, Write, put
from cop.model.site import Site
from cop.services.ingest import CHUNK, Ingested, fail, unchanged
from cop.store.memory import MemoryStore
from tests.unit.services.ingesting import (
    MINUTE,
    NOW,
    PROMISE,
    STATUS,
    field,
    gauge,
    gauges,
    names,
    status,
    take,
    touched,
)


@pytest.fixture
def store() -> MemoryStore:
    """Give an empty store."""
    return MemoryStore()


def test_puts_what_is_new_and_tells_how_the_feed_does(store: MemoryStore) -> None:
    """A first poll puts every entity, and the status carries times, counts and the promise."""
    done = take(
        store,
        gauges(2),
        ignored=(("3", "empty"),),
        refused=(("4", "no value"),),
        content_at=NOW - MINUTE,
    )
    assert done == Ingested(put=2, ignored=1, refused=1)
    assert names(store) == {"0", "1"}
    assert store.read(["gauges:0"])["gauges:0"].fetched_ms == int(NOW.timestamp() * 1000)
    told = status(store)
    assert (told.state, told.checked_at, told.fetched_at) == (FeedState.OK, NOW, NOW)
    assert told.content_at == NOW - MINUTE
    assert (told.taken, told.ignored, told.refused) == (2, 1, 1)
    assert told.refusals == ("4: no value",)
    assert (told.publisher, told.licence, told.title) == ("HKO", "free", PROMISE.title)
    assert (told.every_s, told.stale_after_s) == (60, 600)


def test_a_poll_that_says_the_same_writes_only_the_status(store: MemoryStore) -> None:
    """What is known already is not written, and its versions stay."""
    take(store, gauges(30))
    before = store.cursor()
    assert take(store, gauges(30), at=NOW + MINUTE) == Ingested(same=30)
    assert touched(store, before) == [STATUS]
    assert status(store).checked_at == NOW + MINUTE


def test_only_what_changed_is_written_in_one_event(store: MemoryStore) -> None:
    """One change among many is one record, in one event with the status."""
    take(store, gauges(30))
    before = store.cursor()
    readings = [*gauges(29), gauge("29", 7.0)]
    assert take(store, readings, at=NOW + MINUTE) == Ingested(put=1, same=29)
    assert touched(store, before) == ["gauges:29", STATUS]
    assert len(store.events(before)) == 1
    assert store.read(["gauges:29"])["gauges:29"].version == 2


def test_a_complete_payload_ends_what_it_leaves_out(store: MemoryStore) -> None:
    """Only entities of this feed end; others, people's and the status stay."""
    other = gauge("x", id="tides:x", feed="tides")
    store.write([put(other), put(gauge("y", id="note:y", feed=None))], fetched_ms=1)
    take(store, gauges(3))
    assert take(store, gauges(1)) == Ingested(removed=2, same=1)
    assert set(store.snapshot().records) == {"gauges:0", "tides:x", "note:y", STATUS}


def test_a_partial_payload_ends_nothing(store: MemoryStore) -> None:
    """A feed whose payload is not complete only adds and changes."""
    promise = replace(PROMISE, complete=False)
    take(store, gauges(3), promise=promise)
    assert take(store, gauges(1), promise=promise).removed == 0
    assert names(store) == {"0", "1", "2"}


@pytest.mark.parametrize("count", [0, 1, 11])
def test_an_implausible_count_changes_nothing(store: MemoryStore, count: int) -> None:
    """Too few or too many entities: the picture and the last good times stay, the state says so."""
    promise = replace(PROMISE, expected=(2, 10))
    take(store, gauges(5), promise=promise)
    before = store.cursor()
    with pytest.raises(PayloadError, match="2 to 10"):
        take(store, gauges(count, 9.0), promise=promise, at=NOW + MINUTE)
    assert touched(store, before) == [STATUS]
    told = status(store)
    assert (told.state, told.failures, told.taken) == (FeedState.FAILING, 1, 5)
    assert (told.checked_at, told.fetched_at) == (NOW + MINUTE, NOW)
    assert f"{count} entities" in told.reason


def test_a_great_loss_is_believed_the_third_time_in_a_row(store: MemoryStore) -> None:
    """Most of a large feed missing at once ends nothing before it has come three times."""
    take(store, gauges(30))
    for _ in range(2):
        with pytest.raises(PayloadError, match="20 of 30"):
            take(store, gauges(10))
        assert len(names(store)) == 30
    assert take(store, gauges(10)) == Ingested(removed=20, same=10)
    assert status(store).state is FeedState.OK


@pytest.mark.parametrize("between", ["a whole payload", "another failure", "the same bytes"])
def test_a_great_loss_must_come_in_a_row(store: MemoryStore, between: str) -> None:
    """Anything else that happens between two doubtful payloads begins the count anew."""
    take(store, gauges(30))
    for _ in range(4):
        with pytest.raises(PayloadError, match="1 so far"):
            take(store, gauges(10))
        if between == "a whole payload":
            take(store, gauges(30))
        elif between == "another failure":
            fail(store, PROMISE, "no answer", checked_at=NOW)
        else:
            unchanged(store, PROMISE, checked_at=NOW)
    assert len(names(store)) == 30


def test_a_small_feed_may_empty_at_once(store: MemoryStore) -> None:
    """Nineteen warnings that all end in one poll are nothing strange."""
    take(store, gauges(19))
    assert take(store).removed == 19


def test_what_was_to_end_is_no_loss(store: MemoryStore) -> None:
    """Entities past their own expiry may be missing in any number."""
    take(store, [gauge(str(n), expires_at=NOW + MINUTE) for n in range(30)])
    assert take(store, gauges(1), at=NOW + 2 * MINUTE).removed == 29


def test_what_may_be_an_unreadable_row_stays_for_a_while(store: MemoryStore) -> None:
    """While rows cannot be read, what is missing stays until it was missed three times."""
    take(store, gauges(3))
    for _ in range(2):
        done = take(store, gauges(2), refused=(("row 3", "no number"),))
        assert (done.removed, done.kept) == (0, 1)
        assert status(store).state is FeedState.DEGRADED
        assert "could not be read" in status(store).reason
    assert take(store, gauges(2), refused=(("row 3", "no number"),)).removed == 1
    assert status(store).state is FeedState.OK


def test_of_rows_with_one_id_the_last_wins(store: MemoryStore) -> None:
    """The earlier rows count as refused, with the reason."""
    done = take(store, [gauge("0", 1.0), gauge("1"), gauge("0", 2.0)])
    assert (done.put, done.refused) == (2, 1)
    assert field(store, "gauges:0", "value") == 2.0
    assert status(store).refusals == ("gauges:0: a later row has the same id",)


def test_older_content_does_not_replace_newer(store: MemoryStore) -> None:
    """A late copy of an earlier reading is ignored and ends nothing; a newer one is taken."""
    take(store, [gauge("0", 5.0, observed_at=NOW)])
    done = take(store, [gauge("0", 4.0, observed_at=NOW - MINUTE)], at=NOW + MINUTE)
    assert done == Ingested(ignored=1)
    assert field(store, "gauges:0", "value") == 5.0
    done = take(store, [gauge("0", 6.0, observed_at=NOW + MINUTE)], at=NOW + MINUTE)
    assert done.put == 1


def test_a_time_still_to_come_is_not_believed(store: MemoryStore) -> None:
    """A reading that was stamped in the future by mistake does not block the right ones."""
    take(store, [gauge("0", 5.0, observed_at=NOW + timedelta(days=365))])
    assert take(store, [gauge("0", 6.0, observed_at=NOW)], at=NOW + MINUTE).put == 1


def test_what_is_over_already_is_not_put(store: MemoryStore) -> None:
    """An entity past its expiry is ignored, and leaves the picture if it was there."""
    take(store, [gauge("0", expires_at=NOW + MINUTE)])
    done = take(store, [gauge("0", expires_at=NOW + MINUTE)], at=NOW + 2 * MINUTE)
    assert done == Ingested(removed=1, ignored=1)
    assert names(store) == set()


def test_an_id_of_somebody_else_is_refused(store: MemoryStore) -> None:
    """A feed cannot take over an entity that another feed or a person put on the picture."""
    theirs = gauge("0", 3.0, feed="other")
    store.write([put(theirs)], fetched_ms=1)
    done = take(store, gauges(2))
    assert (done.put, done.refused) == (1, 1)
    assert store.read(["gauges:0"])["gauges:0"].body == theirs.encode()
    assert names(store) == {"1"}


class Disturbed(MemoryStore):
    """A store in which somebody else changes an entity just before some of the writes."""

    def __init__(self, times: int) -> None:
        """Disturb the first *times* writes of more than one change."""
        super().__init__()
        self.times = times

    def write(
        self, writes: Sequence[Write], *, fetched_ms: int, idempotency_key: str | None = None
    ) -> Answer:
        """Write, after somebody else."""
        if self.times and len(writes) > 1:
            self.times -= 1
            super().write([put(gauge("0", 100.0 + self.times))], fetched_ms=1)
        return super().write(writes, fetched_ms=fetched_ms, idempotency_key=idempotency_key)


def test_a_change_in_between_is_planned_again() -> None:
    """When somebody writes between reading and writing, the poll is compared anew."""
    store = Disturbed(2)
    done = take(store, gauges(3))
    assert (done.put, done.removed) == (3, 0)
    assert field(store, "gauges:0", "value") == 1.0


def test_endless_disturbance_is_a_failed_poll() -> None:
    """A poll that never gets through says so as a feed's error, and changed nothing."""
    store = Disturbed(9)
    with pytest.raises(FeedError, match="next poll"):
        take(store, gauges(3))
    assert names(store) == {"0"}


def test_every_entity_gets_its_district(store: MemoryStore) -> None:
    """Points and lines in Hong Kong get the district; a given one and places abroad are left."""
    take(
        store,
        [
            gauge("point", geometry=point(114.16, 22.28)),
            gauge("line", geometry=line([(114.158, 22.281), (114.159, 22.282)])),
            gauge("given", geometry=point(114.16, 22.28), district=District.SHA_TIN),
            gauge("abroad", geometry=point(121.5, 25.0)),
        ],
    )
    assert field(store, "gauges:point", "district") == District.CENTRAL_AND_WESTERN
    assert field(store, "gauges:line", "district") == District.CENTRAL_AND_WESTERN
    assert field(store, "gauges:given", "district") == District.SHA_TIN
    assert field(store, "gauges:abroad", "district") is None


def test_sites_become_the_table_of_the_feed(store: MemoryStore) -> None:
    """A join feed's sites are written whole; a payload without sites keeps the table."""
    sites = tuple(Site(key=key, geometry=point(114.1, 22.3)) for key in ("a", "b", "a"))
    take(store, sites=sites)
    body = store.read_table("gauges")
    assert body is not None
    assert [site["key"] for site in orjson.loads(body)] == ["a", "b"]
    assert (status(store).taken, status(store).refused) == (2, 1)
    take(store)
    assert store.read_table("gauges") == body


def test_the_status_keeps_few_and_short_reasons(store: MemoryStore) -> None:
    """Of many refused rows the status names twenty, each cut to 200 characters."""
    take(store, refused=tuple((str(n), "x" * 900) for n in range(50)))
    told = status(store)
    assert told.refused == 50
    assert [len(reason) for reason in told.refusals] == [200] * 20


def test_a_degraded_poll_stays_degraded_while_nothing_changes(store: MemoryStore) -> None:
    """A missing part is told, also by later polls that bring the same, until it arrives."""
    take(store, gauges(1), degraded="no Chinese")
    unchanged(store, PROMISE, checked_at=NOW + MINUTE)
    assert (status(store).state, status(store).reason) == (FeedState.DEGRADED, "no Chinese")
    assert status(store).fetched_at == NOW + MINUTE
    take(store, gauges(1))
    assert (status(store).state, status(store).reason) == (FeedState.OK, "")


def test_failures_are_counted_and_keep_what_is_known(store: MemoryStore) -> None:
    """Failed polls keep entities, times and counts; the next unchanged one is well again."""
    take(store, gauges(2), content_at=NOW)
    for number in (1, 2):
        fail(store, PROMISE, "no answer", checked_at=NOW + number * MINUTE)
        told = status(store)
        assert (told.state, told.failures, told.reason) == (FeedState.FAILING, number, "no answer")
    assert (told.fetched_at, told.content_at, told.taken) == (NOW, NOW, 2)
    assert names(store) == {"0", "1"}
    unchanged(store, PROMISE, checked_at=NOW + 3 * MINUTE)
    told = status(store)
    assert (told.state, told.failures, told.reason) == (FeedState.OK, 0, "")
    assert (told.fetched_at, told.content_at) == (NOW + 3 * MINUTE, NOW)


def test_a_feed_that_never_answered_has_a_status(store: MemoryStore) -> None:
    """A first poll that fails leaves no entity and a status without a fetch time."""
    fail(store, PROMISE, "no answer", checked_at=NOW)
    told = status(store)
    assert (told.state, told.fetched_at, told.checked_at) == (FeedState.FAILING, None, NOW)


def test_a_large_poll_is_written_in_parts(store: MemoryStore) -> None:
    """More changes than one event may hold are several events, the status in the last."""
    before = store.cursor()
    assert take(store, gauges(CHUNK + 1)).put == CHUNK + 1
    sizes = [len(event.records) for event in store.events(before)]
    assert sizes == [CHUNK, 2]
    assert store.events(before)[-1].records[-1].id == STATUS


def _values(records: Mapping[str, Record]) -> dict[str, Any]:
    return {entity_id: orjson.loads(record.body)["value"] for entity_id, record in records.items()}


@settings(deadline=None, max_examples=50)
@given(
    payloads=st.lists(
        st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3)), min_size=1, max_size=6
    )
)
def test_the_picture_is_the_last_complete_payload(payloads: list[dict[str, int]]) -> None:
    """After any payloads of a complete feed the picture holds exactly what the last one says."""
    store = MemoryStore()
    for number, payload in enumerate(payloads):
        before = _values(store.by_feed("gauges"))
        entities = [gauge(name, float(value)) for name, value in payload.items()]
        done = take(store, entities, at=NOW + number * MINUTE)
        wanted = {f"gauges:{name}": float(value) for name, value in payload.items()}
        assert _values(store.by_feed("gauges")) == wanted
        assert done.same == len(before.items() & wanted.items())
        assert done.put == len(wanted) - done.same
        assert done.removed == len(before.keys() - wanted.keys())
