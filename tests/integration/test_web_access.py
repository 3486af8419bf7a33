"""No field outside the allow-list leaves: snapshot, stream, single entity, public picture."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import orjson
from hypothesis import given
from hypothesis import strategies as st

from cop.clock import ScenarioClock
from cop.config import Settings
from cop.model.access import ALLOWED, Audience
from cop.model.entity import Kind
from cop.model.kinds import KINDS
from cop.model.record import Event, Record, Snapshot
from cop.services.documents import Documents
from cop.services.picture import Picture
from cop.services.publishing.compile import Compiler
from cop.services.replica import Health, Replica

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
TIME = "2026-01-01T11:00:00Z"
_TIMES = {"issued_at", "content_at", "fetched_at"}
_SHARED = {"kind", "id", "geometry", "feed", "stale_after_s", "state", "expires_at", *_TIMES}
_TYPED = {
    "asserted_at": TIME,
    "event_type": "rainstorm",
    "facility_type": "shelter",
    "incident_type": "flooding",
    "measure": "wind",
    "phenomenon": "earthquake",
    "steps": {"verified": TIME},
    "topic": "news",
    "verified": True,
}
"""Types that the table of publishing names, and a verification."""
_STATUSES = ["open", "standby", "closed", "verified", "merged"]
_FEEDS = ["hko_warnings", "smg_warnings", "hko_wind", None]


def mark(kind: str, name: str) -> str:
    """Give the word by which a field of a kind is known wherever it turns up."""
    return f"sentinel-{kind}-{name}-end"


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Make an entity of any kind in which every field of every kind, and one more, is marked."""
    kind = draw(st.sampled_from(list(Kind)))
    names = {name for model in KINDS.values() for name in model.model_fields} | {"invented"}
    entity: dict[str, Any] = {
        name: {"en": mark(kind, name)} if name == "title" else mark(kind, name)
        for name in names - _SHARED
    }
    feed = draw(st.sampled_from(_FEEDS))
    number = draw(st.integers(0, 3))
    entity |= {"kind": kind, "id": f"{kind}:{number}", "feed": feed, "stale_after_s": 600.0}
    entity |= {"exercise": draw(st.booleans())} | dict.fromkeys(_TIMES, TIME)
    if draw(st.booleans()):
        entity |= _TYPED | {"status": draw(st.sampled_from(_STATUSES))}
    if kind is Kind.FEED_STATUS:
        entity["id"] = draw(st.sampled_from(["feed_status:hko_warnings", "feed_status:x"]))
    return orjson.dumps(entity)


def assert_nothing_leaks(audience: Audience, said: bytes) -> None:
    """Look for every mark that *audience* must not see in what was *said* to it."""
    for kind in Kind:
        names = ALLOWED[audience][kind][0] if kind in ALLOWED[audience] else frozenset()
        for part in said.split(f"sentinel-{kind}-".encode())[1:]:
            assert part.split(b"-end")[0].decode() in names


def records(entities: list[bytes], version: int) -> dict[str, Record]:
    """Make stored records, one an id."""
    found = {}
    for body in entities:
        head = orjson.loads(body)
        found[head["id"]] = Record(head["id"], Kind(head["kind"]), version, 0, body)
    return found


def replica_of(picture: Picture) -> Replica:
    """Give what stands for a replica that has *picture*."""
    clock = ScenarioClock(NOW, datetime.now(UTC))
    stand_in = SimpleNamespace(
        picture=lambda: picture, health=Health(redis=True, worker=True), clock=clock
    )
    stand_in.known_at = clock.now
    return cast("Replica", stand_in)


@given(first=st.lists(bodies(), max_size=6), then=st.lists(bodies(), min_size=1, max_size=6))
def test_nothing_leaks_anywhere(first: list[bytes], then: list[bytes]) -> None:
    """Whatever is stored, each audience is told only what the table allows, on every way out."""
    picture = Picture(Snapshot("1-0", "e", records(first, 1)))
    documents = Documents(replica_of(picture), operation="live", exercise=False)
    later = records(then, 2)
    for audience in Audience:
        assert_nothing_leaks(audience, documents.whole(audience).body)
    frame = picture.apply([Event("2-0", tuple(later.values()))])
    gone = [Record(r.id, r.kind, 3, 0, b"") for r in later.values()]
    for audience in Audience:
        assert_nothing_leaks(audience, frame.bodies.get(audience, b""))
        assert_nothing_leaks(audience, documents.part(audience, [], None).body)
        for record in later.values():
            assert_nothing_leaks(audience, picture.find(audience, record.id) or b"")
    compiler = Compiler(Settings())
    compiler.begin(Snapshot("2-0", "e", records(first, 1) | later))
    public = compiler.picture(NOW, made_at=NOW, down={})
    assert_nothing_leaks(Audience.PUBLIC, orjson.dumps(dict(public.features)))
    ids = {record.id for record in later.values()}
    known = {i for i in ids if picture.find(Audience.PUBLIC, i) is not None}
    told = picture.apply([Event("3-0", tuple(gone))]).bodies.get(Audience.PUBLIC, b"")
    for entity_id in ids:
        assert (f'"{entity_id}"'.encode() in told) == (entity_id in known)
