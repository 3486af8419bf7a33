"""Where people are is never public: not in the picture, not in the stream, not on a page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from cop.clock import RealClock
from cop.config import Settings
from cop.model.access import Audience
from cop.model.geometry import point
from cop.model.kinds import Alert, Incident, LivePosition, Resource
from cop.model.record import put, remove
from cop.services.documents import Documents
from cop.services.frames import Frame
from cop.services.publishing.compile import Compiler
from cop.services.replica import Replica
from cop.store.memory import MemoryStore

NOW = datetime(2026, 9, 8, 4, tzinfo=UTC)
SPOT = 114.171717
"""A longitude at which nothing else is."""


def position(number: int, **fields: Any) -> LivePosition:
    """Make a live position that can be told from everything else."""
    given = {
        "publisher": "DSD",
        "resource": f"resource:{number}",
        "agency": "DSD",
        "observed_at": NOW,
        "geometry": point(SPOT, 22.3 + number / 1000),
        "author": "somebody",
    }
    return LivePosition(id=f"position:{number}", **{**given, **fields})


def alert(number: int) -> Alert:
    """Make a public warning."""
    fields: dict[str, Any] = {"event_type": "rain", "issued_at": NOW, "title": {"en": "Rain"}}
    return Alert(id=f"hko_warnings:{number}", feed="hko_warnings", publisher="HKO", **fields)


def team(number: int) -> Resource:
    """Make the resource whose position it is."""
    fields: dict[str, Any] = {"agency": "DSD", "resource_type": "team", "status": "available"}
    return Resource(id=f"resource:{number}", publisher="DSD", **fields)


def incident(number: int) -> Incident:
    """Make an incident."""
    fields: dict[str, Any] = {"incident_type": "fire", "status": "reported", "reported_at": NOW}
    return Incident(id=f"incident:{number}", publisher="COP", **fields)


_entities = st.builds(
    lambda make, number: make(number),
    st.sampled_from([position, alert, team, incident]),
    st.integers(0, 5),
) | st.builds(
    position,
    st.integers(0, 5),
    # as if a publisher had brought it, or somebody had named it so
    feed=st.sampled_from([None, "hko_wind", "td_traffic_news"]),
    title=st.just({"en": "A team"}),
    speed_kmh=st.floats(0, 100),
)


def published(store: MemoryStore) -> list[bytes]:
    """Give what the public picture is made of, and what is remembered of it."""
    compiler = Compiler(Settings())
    compiler.begin(store.snapshot())
    public = compiler.picture(NOW, made_at=NOW, down={})
    return [orjson.dumps(dict(public.features)), compiler.memory()]


@given(
    st.lists(st.lists(_entities, min_size=1, max_size=4, unique_by=lambda e: e.id), max_size=8),
    st.integers(0, 8),
)
def test_the_public_never_learns_where_anybody_is(rounds: list[list[Any]], before: int) -> None:
    """Whatever comes, moves and goes, before or while somebody looks, at whatever entrance."""
    store = MemoryStore()
    replica = Replica(store, RealClock())
    told: list[bytes] = []

    def listen(news: object) -> None:
        if isinstance(news, Frame):
            told.append(news.bodies.get(Audience.PUBLIC, b""))

    replica.subscribe(listen)
    for number, entities in enumerate(rounds):
        if number == before:
            replica._load()
        store.write([put(entity) for entity in entities], fetched_ms=1)
    if before >= len(rounds):
        replica._load()
    records = store.read([f"position:{n}" for n in range(6)])
    store.write([remove(record) for record in records.values()], fetched_ms=1)
    picture = replica.picture()
    events = store.events(picture.cursor)
    if events:
        replica._apply(picture, events[:1])
        replica._apply(picture, events)
    documents = Documents(replica, operation="live", exercise=False)
    shown = [
        *told,
        *picture.features(Audience.PUBLIC)[1],
        documents.whole(Audience.PUBLIC).body,
        *published(store),
    ]
    for body in shown:
        assert b"position:" not in body
        assert b'"kind":"position"' not in body
        assert str(SPOT).encode() not in body
