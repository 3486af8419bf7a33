"""The replica: snapshot and events as each audience sees them, through loss and return."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from cop.clock import RealClock, ScenarioClock
from cop.errors import StoreUnavailable
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.geometry import point
from cop.model.kinds import Incident, IncidentStatus, Note, Observation
from cop.model.record import Event, Record, Snapshot, Write, cursor_key, put
from cop.services.documents import Documents
from cop.services.frames import Frame, Ring
from cop.services.picture import Picture, encode_features
from cop.services.replica import Health, Replica, Restart
from cop.store.memory import MemoryStore
from cop.store.port import Resync

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def wind(name: str, value: float = 1.0) -> Observation:
    """Make a public observation."""
    return Observation(
        id=f"hko_wind:{name}",
        feed="hko_wind",
        publisher="HKO",
        measure="wind",
        value=value,
        geometry=point(114.1, 22.3),
    )


def remark(name: str) -> Note:
    """Make a note that only people who have signed in see."""
    return Note(id=f"note:{name}", publisher="COP", topic="remark", title={"en": "internal"})


def incident(name: str) -> Incident:
    """Make an incident, which the public never sees."""
    return Incident(
        id=f"incident:{name}",
        publisher="COP",
        incident_type="flooding",
        status=IncidentStatus.REPORTED,
        reported_at=NOW,
    )


class Faulty:
    """A store in front of another that can be made to fail."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.is_down = False
        self.resync_once = False

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*args: Any, **kwargs: Any) -> Any:
            if self.is_down:
                raise StoreUnavailable("switched off")
            if name == "events" and self.resync_once:
                self.resync_once = False
                raise Resync
            return getattr(self.store, name)(*args, **kwargs)

        return ask


class Watcher:
    """Takes what a replica tells and keeps the picture of one audience from it."""

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        self.features: dict[str, dict[str, Any]] = {}
        self.cursors: list[str] = []
        self.restarts = 0
        self.health: list[Health] = []

    def __call__(self, news: Frame | Restart | Health) -> None:
        """Take *news*."""
        if isinstance(news, Health):
            self.health.append(news)
        elif isinstance(news, Restart):
            self.restarts += 1
        else:
            apply(self.features, news.bodies.get(self.audience, b""))
            self.cursors.append(news.cursor)  # last: whoever waits for it looks at the features


def apply(features: dict[str, dict[str, Any]], body: bytes) -> None:
    """Apply the `picture` events in *body* as a browser does."""
    for line in body.split(b"\n"):
        if line.startswith(b"data: "):
            data = orjson.loads(line[6:])
            features.update((feature["id"], feature) for feature in data["put"])
            for entity_id in data["remove"]:
                del features[entity_id]


def until(holds: Callable[[], bool], *, seconds: float = 45.0) -> None:
    """Wait until *holds*; fails when it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def store() -> MemoryStore:
    """Give an empty store."""
    return MemoryStore()


@pytest.fixture
def faulty(store: MemoryStore) -> Faulty:
    """Give a store that can be switched off."""
    return Faulty(store)


@pytest.fixture
def replica(faulty: Faulty) -> Iterator[Replica]:
    """Give a replica that is not started yet."""
    replica = Replica(faulty, RealClock())
    yield replica
    replica.stop()


def write(store: MemoryStore, *writes: Write) -> str:
    """Write at the present time and give the cursor."""
    cursor: str = store.write(writes, fetched_ms=1_700_000_000_000).cursor
    return cursor


def take_away(record_id: str, kind: Kind) -> Write:
    """Make the write that removes an entity, whatever its version."""
    return Write(id=record_id, kind=kind, body=None)


def start(replica: Replica, audience: Audience = Audience.COMMAND) -> Watcher:
    """Start *replica* and wait until it is ready."""
    watcher = Watcher(audience)
    replica.subscribe(watcher)
    replica.start()
    until(lambda: not replica.not_ready())
    return watcher


def features_of(body: bytes) -> dict[str, dict[str, Any]]:
    """Give the features of a document by id."""
    return {feature["id"]: feature for feature in orjson.loads(body)["features"]}


def test_a_snapshot_and_the_events_after_it_are_the_picture(
    store: MemoryStore, replica: Replica
) -> None:
    """Old document plus frames is the new document, for every audience."""
    write(store, put(wind("a")), put(wind("b")), put(incident("1")))
    documents = Documents(replica, operation="live", exercise=False)
    watchers = {audience: Watcher(audience) for audience in Audience}
    for watcher in watchers.values():
        replica.subscribe(watcher)
    replica.start()
    until(lambda: not replica.not_ready())
    for audience, watcher in watchers.items():
        watcher.features = features_of(documents.whole(audience).body)
    write(store, put(wind("a", 2.0)), put(wind("c")))
    write(store, take_away("hko_wind:b", Kind.OBSERVATION), put(incident("2")))
    last = write(store, take_away("incident:1", Kind.INCIDENT))
    until(lambda: all(watcher.cursors[-1:] == [last] for watcher in watchers.values()))
    for audience, watcher in watchers.items():
        _, bodies = replica.picture().features(audience)
        now = {feature["id"]: feature for feature in map(orjson.loads, bodies)}
        assert watcher.features == now
    assert set(watchers[Audience.PUBLIC].features) == {"hko_wind:a", "hko_wind:c"}
    assert "incident:2" in watchers[Audience.RESPONDER].features


def test_an_audience_hears_nothing_of_what_it_may_not_see() -> None:
    """Putting and removing a remark makes no frame for the public, not even of its id."""
    picture = Picture(Snapshot("1-0", "e", {}))
    body = remark("x").encode()
    put_it = Event("2-0", (Record("note:x", Kind.NOTE, 1, 0, body),))
    gone = Event("3-0", (Record("note:x", Kind.NOTE, 2, 0, b""),))
    assert Audience.PUBLIC not in picture.apply([put_it]).bodies
    frame = picture.apply([gone])
    assert set(frame.bodies) == {Audience.RESPONDER, Audience.COMMAND}
    assert picture.apply([gone]).bodies == {}


def test_what_may_no_longer_be_seen_is_removed() -> None:
    """An entity that stops being public is a removal for the public and a change for others."""
    picture = Picture(Snapshot("1-0", "e", {}))
    public = Note(id="gov_news:1", feed="gov_news", publisher="ISD", topic="news")
    kept = public.model_copy(update={"feed": None})
    picture.apply([Event("2-0", (Record("gov_news:1", Kind.NOTE, 1, 0, public.encode()),))])
    frame = picture.apply([Event("3-0", (Record("gov_news:1", Kind.NOTE, 2, 0, kept.encode()),))])
    assert b'"put":[],"remove":["gov_news:1"]' in frame.bodies[Audience.PUBLIC]
    assert b'"remove":[]' in frame.bodies[Audience.COMMAND]


def test_a_batch_is_one_frame_in_which_the_last_wins() -> None:
    """Several events of one id in a batch are told once, as they ended."""
    picture = Picture(Snapshot("1-0", "e", {}))
    events = [
        Event(f"{2 + n}-0", (Record("hko_wind:a", Kind.OBSERVATION, n + 1, 0, body),))
        for n, body in enumerate((wind("a", 1.0).encode(), wind("a", 2.0).encode(), b""))
    ]
    assert picture.apply(events[:2]).bodies[Audience.PUBLIC].count(b'"value":2.0') == 1
    assert picture.apply(events).bodies[Audience.PUBLIC].startswith(b"id: 4-0\nevent: picture\n")
    assert len(picture) == 0


def test_audiences_that_see_the_same_share_the_bytes() -> None:
    """A feature is encoded once and kept once for audiences between which it does not differ."""
    record = Record("hko_wind:a", Kind.OBSERVATION, 1, 0, wind("a").encode())
    features = encode_features(record)
    assert features[Audience.PUBLIC] is features[Audience.COMMAND]


def test_a_record_that_is_not_json_is_shown_to_nobody() -> None:
    """Broken bytes in the store do not stop the picture."""
    assert encode_features(Record("x:1", Kind.NOTE, 1, 0, b"{")) == {}


def test_documents_are_encoded_once_per_cursor(store: MemoryStore, replica: Replica) -> None:
    """The same document is given until something changed and a second has passed."""
    write(store, put(wind("a")))
    documents = Documents(replica, operation="drill", exercise=True)
    start(replica)
    first = documents.whole(Audience.PUBLIC)
    assert documents.whole(Audience.PUBLIC) is first
    assert documents.ready(Audience.PUBLIC) is first
    assert gzip.decompress(first.gzipped) == first.body
    document = orjson.loads(first.body)
    assert document["exercise"] is True
    assert document["operation"] == "drill"
    last = write(store, put(wind("a", 2.0)))
    until(lambda: replica.picture().cursor == last)
    until(lambda: documents.ready(Audience.PUBLIC) is None)
    second = documents.whole(Audience.PUBLIC)
    assert second.etag != first.etag
    assert orjson.loads(second.body)["cursor"] == last


def test_a_part_of_the_picture_by_kind_and_box(store: MemoryStore, replica: Replica) -> None:
    """Kinds and a box select; what has no place is in no box."""
    unplaced = wind("nowhere").model_copy(update={"geometry": None})
    write(store, put(wind("a")), put(unplaced), put(incident("1")))
    documents = Documents(replica, operation="live", exercise=False)
    start(replica)

    def ids(kinds: set[Kind], box: tuple[float, float, float, float] | None) -> set[str]:
        return set(features_of(documents.part(Audience.COMMAND, kinds, box).body))

    assert ids({Kind.INCIDENT}, None) == {"incident:1"}
    assert ids(set(), (114.0, 22.0, 114.2, 22.4)) == {"hko_wind:a"}
    assert ids(set(), (0.0, 0.0, 1.0, 1.0)) == set()


def test_it_says_that_redis_is_gone_and_resumes_where_it_stood(
    store: MemoryStore, faulty: Faulty, replica: Replica
) -> None:
    """After an outage nothing is missing, nothing repeats, and no new snapshot is needed."""
    write(store, put(wind("a")))
    watcher = start(replica)
    write(store, put(wind("b")))
    until(lambda: "hko_wind:b" in watcher.features)
    faulty.is_down = True
    until(lambda: not replica.health.redis)
    assert "Redis" in replica.not_ready()
    picture_time, real_time = replica.health.since["redis"]
    assert datetime.now(UTC) - real_time < timedelta(minutes=1)
    assert picture_time.tzinfo is not None
    for n in range(5):
        write(store, put(wind(f"while-away-{n}")))
    faulty.is_down = False
    until(lambda: not replica.not_ready())
    until(lambda: "hko_wind:while-away-4" in watcher.features)
    assert watcher.restarts == 1
    assert sorted(watcher.cursors, key=cursor_key) == watcher.cursors
    assert len(set(watcher.cursors)) == len(watcher.cursors)
    assert "redis" not in replica.health.since


def test_a_log_that_no_longer_reaches_back_makes_it_begin_anew(
    store: MemoryStore, faulty: Faulty, replica: Replica
) -> None:
    """A resync reads the picture again and tells everyone who follows."""
    write(store, put(wind("a")))
    watcher = start(replica)
    faulty.resync_once = True
    until(lambda: watcher.restarts == 2)
    until(lambda: not replica.not_ready())
    assert len(replica.picture()) == 1


def test_a_listener_that_fails_does_not_stop_it(store: MemoryStore, replica: Replica) -> None:
    """After an unforeseen error the picture is read anew instead of standing still for ever."""
    failures = 0

    def fail_once(news: Frame | Restart | Health) -> None:
        nonlocal failures
        if isinstance(news, Frame) and not failures:
            failures = 1
            raise ZeroDivisionError

    replica.subscribe(fail_once)
    start(replica)
    write(store, put(wind("a")))
    until(lambda: failures == 1)
    last = write(store, put(wind("b")))
    until(lambda: not replica.not_ready() and replica.picture().cursor == last)
    assert len(replica.picture()) == 2


def test_health_follows_the_marks(store: MemoryStore, replica: Replica) -> None:
    """A worker or scheduler is up while its mark lives; each change is told at once."""
    watcher = start(replica)
    assert not replica.health.worker
    for name in ("worker:host:1", "beat:host:2"):
        store.mark(name, "", ttl_ms=3_600_000)
    until(lambda: replica.health.worker and replica.health.beat)
    store.mark("worker:host:1", "", ttl_ms=1)
    until(lambda: not replica.health.worker)
    assert replica.health.beat
    assert set(replica.health.since) == {"worker"}
    # told just after it can be read: listeners are called in the replica's own thread
    until(lambda: [sorted(health.since) for health in watcher.health][-1] == ["worker"])


def test_its_own_mark_carries_its_viewers(store: MemoryStore, replica: Replica) -> None:
    """The count of viewers is the sum over all web processes, through their marks."""
    store.mark("web:other:9", "40", ttl_ms=60_000)
    replica.viewers = 2
    start(replica)
    until(lambda: replica.health.viewers == 42)


def test_times_of_an_exercise_are_the_scenarios(store: MemoryStore) -> None:
    """A document tells the time of the picture, not of the machine."""
    clock = ScenarioClock(datetime(2023, 9, 7, 12, tzinfo=UTC), datetime.now(UTC), 60.0)
    replica = Replica(store, clock)
    documents = Documents(replica, operation="drill", exercise=True)
    start(replica)
    document = orjson.loads(documents.whole(Audience.PUBLIC).body)
    replica.stop()
    assert document["now"].startswith("2023-09-07T1")
    assert document["speed"] == 60.0


def test_before_the_first_reading_there_is_no_picture(faulty: Faulty, replica: Replica) -> None:
    """A replica that never reached Redis gives an error, never an empty picture."""
    faulty.is_down = True
    replica.start()
    assert "not been read" in replica.not_ready()
    with pytest.raises(StoreUnavailable):
        replica.picture()


def test_a_changed_allow_list_lets_nobody_resume(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a release that shows less, who comes back takes a new snapshot, at any process."""
    first = write(store, put(wind("a")))
    write(store, put(wind("b")))

    def ring_of_a_new_process() -> Ring:
        told: list[Restart] = []
        replica = Replica(store, RealClock())
        replica.subscribe(lambda news: told.append(news) if isinstance(news, Restart) else None)
        replica.start()
        try:
            until(lambda: bool(told))
        finally:
            replica.stop()
        return told[0].ring

    assert ring_of_a_new_process().after(first, Audience.PUBLIC) is not None
    monkeypatch.setattr("cop.services.replica.fingerprint", lambda: "another")
    assert ring_of_a_new_process().after(first, Audience.PUBLIC) is None
    later = write(store, put(wind("c")))
    write(store, put(wind("d")))
    ring = ring_of_a_new_process()
    assert ring.after(first, Audience.PUBLIC) is None, "the second that starts knows as well"
    assert len(ring.after(later, Audience.PUBLIC) or ()) == 1
