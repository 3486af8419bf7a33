"""Whatever is stored and however it changes: the public picture holds what the table allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.model.entity import Kind
from cop.model.publishing import INSIDE_ONLY, TABLE, Row
from cop.model.record import Event, Record, Snapshot
from cop.services.publishing.compile import Compiler
from cop.services.publishing.picture import Feature, PublicPicture
from tests.unit.services.publishing.anything import Entity, entities, marks
from tests.unit.services.publishing.compiling import LIVE, at

MINUTES = (3, 20, 24, 31, 160)
OURS = {"kind", "type", "version", "fetched_at", "changed", "ended"}
STAMPS = {"version", "fetched_at", "changed"}
BY_PEOPLE = {"incident", "facility"}
NEVER = {
    *("assignment", "attention", "fusion", "need", "order", "position", "receipt", "resource"),
    *("camera", "note", "feed_status"),
}

_ROUNDS = st.tuples(*(st.lists(entities(minute), max_size=5) for minute in MINUTES))


def rows_for(entity_id: str, said: dict[str, Any]) -> list[Row]:
    """List the rows that may have let a feature of the picture be published."""
    own = entity_id.startswith(f"{said['kind']}:")
    return [
        row
        for row in TABLE
        if row.kind == said["kind"]
        and row.outlet == "picture"
        and (said["type"] in row.types or "*" in row.types)
        and (row.verified in {"keeper", "command"}) == own
        and (not row.feeds or entity_id.partition(":")[0] in row.feeds)
    ]


def check_feature(feature: Feature) -> None:
    """Look at a feature alone: kind, type, origin, fields, words and place."""
    said, entity_id = feature["properties"], feature["id"]
    assert said["kind"] not in NEVER
    assert entity_id.partition(":")[0] not in INSIDE_ONLY
    assert said.get("exercise") in {None, False}
    assert not said["type"].startswith("cap_")
    assert said["type"] not in {"rescue", "command_post", "station", "traffic_speed", "works"}
    rows = rows_for(entity_id, said)
    assert rows
    assert any(
        set(said) - OURS <= row.fields and marks(orjson.dumps(feature)) <= row.fields
        for row in rows
    )
    if entity_id.startswith("incident:"):
        assert said["status"] in {"verified", "responding", "contained"}
        assert not marks(orjson.dumps(feature)) - {"publisher", "placing"}
        places = [feature["geometry"], said.get("changed", {}).get("was", {}).get("geometry")]
        for place in filter(None, places):
            assert place["type"] == "Point"
            for value, metres in zip(place["coordinates"], (102_960, 110_730), strict=True):
                assert abs(value * metres / 100 - round(value * metres / 100)) < 0.02


def check_due_time(stored: Entity, told: set[str], now: datetime) -> None:
    """Look at what is shown of people's incidents: verified, and not before its delay."""
    if stored["kind"] != Kind.INCIDENT or "feed" in stored:
        return
    assert stored["verified"] is True
    verified = datetime.fromisoformat(stored["steps"]["verified"])
    if stored["id"] not in told:
        assert now >= verified + timedelta(minutes=5)


def bare(picture: PublicPicture) -> dict[str, Any]:
    """Give what is shown as it is now, without what only a memory can know."""
    found = {}
    for key, feature in picture.features.items():
        said = feature["properties"]
        if "ended" not in said:
            hidden = STAMPS if said["kind"] in BY_PEOPLE else {"changed"}
            kept = {name: value for name, value in said.items() if name not in hidden}
            found[key] = (feature["geometry"], kept)
    return found


class Watch:
    """A compiler that is looked at after each round."""

    def __init__(self) -> None:
        """Begin with an empty store."""
        self.records: dict[str, Record] = {}
        self.entities: dict[str, Entity] = {}
        self.told: set[str] = set()
        self.compiler = Compiler(LIVE)
        self.compiler.begin(self.snapshot())

    def snapshot(self) -> Snapshot:
        """Give what is stored."""
        return Snapshot("1-0", "e", dict(self.records))

    def store(self, changes: list[Entity], gone: set[str], minute: int) -> None:
        """Store *changes*, let *gone* leave, and tell the compiler."""
        made: list[Record] = []
        for entity in changes:
            entity_id, version = entity["id"], 1
            if entity_id in self.records:
                version = self.records[entity_id].version + 1
            feed = entity.get("feed") or ""
            millis = int(at(minute).timestamp() * 1000)
            body = orjson.dumps(entity)
            record = Record(entity_id, Kind(entity["kind"]), version, millis, body, feed)
            made.append(record)
            self.records[entity_id], self.entities[entity_id] = record, entity
        for entity_id in gone & self.records.keys():
            old = self.records.pop(entity_id)
            del self.entities[entity_id]
            made.append(Record(entity_id, old.kind, old.version + 1, 1, b"", old.feed))
        self.compiler.go_on([Event("2-0", (record,)) for record in made])

    def look(self, now: datetime) -> PublicPicture:
        """Look whether the picture at a moment is as it may be."""
        kept = self.compiler.memory()
        picture = self.compiler.picture(now, made_at=now, down={})
        for feature in picture.features.values():
            check_feature(feature)
            if "ended" not in feature["properties"]:
                check_due_time(self.entities[feature["id"]], self.told, now)
        fresh = Compiler(LIVE)
        fresh.begin(self.snapshot())
        again = bare(fresh.picture(now, made_at=now, down={}))
        assert again.items() <= bare(picture).items()
        assert bare(picture).keys() - again.keys() <= self.told
        self.told = {
            key for key, feature in picture.features.items() if "ended" not in feature["properties"]
        }
        assert kept
        return picture

    def look_ahead(self, now: datetime, picture: PublicPicture) -> None:
        """Look whether nothing happens before it is due, nor otherwise after a restart."""
        after = Compiler(LIVE, self.compiler.memory())
        after.begin(self.snapshot())
        assert after.picture(now, made_at=now, down={}) == picture
        due = self.compiler.due()
        assert after.due() == due
        until = due or now + timedelta(days=2)
        assert until > now
        for share in (0.3, 0.999):
            later = now + (until - now) * share
            assert after.picture(later, made_at=later, down={}).features == picture.features
            asked_anew = Compiler(LIVE, self.compiler.memory())
            asked_anew.begin(self.snapshot())
            found = asked_anew.picture(later, made_at=later, down={})
            assert (found.features, found.spans) == (picture.features, picture.spans)


@settings(deadline=None, max_examples=50)
@given(rounds=_ROUNDS, gone=st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_the_public_picture_holds_what_the_table_allows(
    rounds: tuple[list[Entity], ...], gone: list[int]
) -> None:
    """Entities of every kind come, change and go: each picture is right, whoever made it."""
    watch = Watch()
    for minute, changes, number in zip(MINUTES, rounds, gone, strict=True):
        known = sorted(watch.records)
        worse = [{**watch.entities[one], "severity": "Extreme"} for one in known[number::2]]
        watch.store([*worse, *changes], set(known[number : number + 2]), minute)
        picture = watch.look(at(minute))
        watch.look_ahead(at(minute), picture)
