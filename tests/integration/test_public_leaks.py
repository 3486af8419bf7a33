"""Whatever is stored and however it changes: no file of the public site tells what is inside."""

from __future__ import annotations

import gzip
import random
import re
import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from cop.config import Settings
from cop.model.entity import Kind
from cop.model.publishing import TABLE, coarse
from cop.model.record import Event, Record, Snapshot
from cop.publisher import PublicSite
from cop.services.publishing import press as press_module
from cop.services.publishing import publisher as publisher_module
from cop.services.publishing.compile import Compiler
from cop.services.publishing.paths import POINTER, public_root
from cop.store.memory import MemoryStore
from tests.integration.public_site import publishing
from tests.integration.web_server import until
from tests.unit.services.publishing.anything import (
    FEEDS,
    STATUSES,
    TYPES,
    Entity,
    entities,
    marks,
)
from tests.unit.services.publishing.compiling import at

MINUTES: Final = (3, 20, 24, 31, 160)
PUBLIC: Final = (*([Kind.INCIDENT] * 6), *([Kind.FACILITY] * 4), Kind.ALERT, Kind.ROAD)
OF_PEOPLE: Final = {
    "alert.own": {
        *("publisher", "title", "description", "valid_from", "placing", "district", "place"),
        *("link", "event_type", "signal", "urgency", "certainty", "instruction", "area"),
        *("identifier", "sender"),
    },
    "incident.own": {"publisher", "placing"},
    "facility.own": {
        *("publisher", "title", "address", "place", "district", "placing", "access", "pets"),
        *("capacity", "occupancy"),
    },
}
"""What people enter and the public may read, word by word: the table is not asked for these."""
PUBLISHED: Final = {
    f"{row.kind}.{'fed' if row.verified == 'publisher' else 'own'}.{name}"
    for row in TABLE
    if row.outlet == "picture"
    for name in row.fields
}
TEXTS: Final = ("address", "area", "band", "direction", "instruction", "intensity", "road")
READABLE: Final[Entity] = {
    **dict.fromkeys(("capacity", "occupancy", "value", "speed_kmh", "journey_min"), 7),
    "access": ["wheelchair"],
    "measures": {"wait_min": 7},
    "words": {},
    "forecast": None,
    "valid_from": None,
    "cause": "flooding",
    "link": "https://example.com/",
}
"""What has to be well-formed to be drawn: a document that cannot be made proves nothing."""
_NUMBER: Final = re.compile(rb"\d+\.\d{3,}")
_GRID_M: Final = 100.0


def _inside() -> Iterator[tuple[float, float]]:
    """Give exact places of which the coarse ones have neither longitude nor latitude."""
    for step in range(40):
        exact = (round(113.95 + step * 0.01037, 5), round(22.25 + step * 0.00513, 5))
        point, _ = coarse({"type": "Point", "coordinates": exact}, None, _GRID_M)
        if point and not set(exact) & set(point["coordinates"]):
            yield exact


INSIDE: Final = tuple(_inside())


def altered(entity: Entity, chance: random.Random, minute: int) -> Entity:
    """Give *entity* as a thing of any kind, type and state; its words say of which it is one."""
    kind, feed = chance.choice([*Kind, *PUBLIC]), chance.choice(FEEDS)
    origin = f"{kind}.{'fed' if feed else 'own'}"
    words = orjson.dumps(entity).replace(b"mark-", f"mark-{origin}.".encode())
    made: Entity = orjson.loads(words)
    made |= {name: {"en": made[name]} for name in TEXTS if name in made}
    made |= READABLE
    made |= {name: chance.choice(given) for name, given in TYPES.items()}
    made |= {
        "kind": kind,
        "id": f"{feed or kind}:{chance.randint(0, 9)}",
        "feed": feed,
        "status": chance.choice(STATUSES.get(kind, ["x"])),
        "verified": chance.random() < 0.8,
        "exercise": chance.random() < 0.1,
        "expires_at": None,
        "severity": chance.choice(["Minor", "Extreme"]),
    }
    for name in ("origin", "inside"):
        if chance.random() < 0.8:
            made.pop(name, None)
    if kind is Kind.ALERT and not feed:
        made["released_at"] = at(0).isoformat()
    if chance.random() < 0.7:
        made["steps"] = {"verified": at(chance.randint(0, minute)).isoformat()}
    if origin == "incident.own" and made["geometry"]:
        made["geometry"] = {"type": "Point", "coordinates": chance.choice(INSIDE)}
    if feed is None:
        del made["feed"]
    return made


class Hand:
    """A clock that is set by hand."""

    speed = 1.0

    def __init__(self) -> None:
        """Begin at the start."""
        self.moment = at(0)

    def now(self) -> datetime:
        """Give the time that was set."""
        return self.moment


class Told(MemoryStore):
    """A store that holds whatever it is given, also what no model would let in."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.records: dict[str, Record] = {}
        self.coming: list[Event] = []

    def take(self, changes: list[Entity], gone: list[str], minute: int) -> None:
        """Store *changes*, let *gone* leave, and tell whoever follows."""
        made: list[Record] = []
        for entity in changes:
            old = self.records.get(entity["id"])
            millis = int(at(minute).timestamp() * 1000)
            version = old.version + 1 if old else 1
            body, feed = orjson.dumps(entity), entity.get("feed") or ""
            record = Record(entity["id"], Kind(entity["kind"]), version, millis, body, feed)
            made.append(record)
            self.records[record.id] = record
        for key in gone:
            old = self.records.pop(key)
            made.append(Record(key, old.kind, old.version + 1, 1, b"", old.feed))
        self.coming.append(Event(f"{minute}-0", tuple(made)))

    def snapshot(self) -> Snapshot:
        """Give all that is stored."""
        self.coming.clear()
        return Snapshot("1-0", "e", dict(self.records))

    def events(self, *given: Any, **named: Any) -> list[Event]:
        """Give what has come, after a short rest."""
        del given, named
        time.sleep(0.01)
        came, self.coming = self.coming, []
        return came


def files_below(root: Path) -> Iterator[tuple[str, bytes]]:
    """Give every file in the public directory, hidden ones too, unpacked."""
    for path in sorted(root.rglob("*")):
        if path.is_file():
            body = path.read_bytes()
            yield (
                str(path.relative_to(root)),
                gzip.decompress(body) if path.suffix == ".gz" else (body),
            )


def check_file(name: str, body: bytes) -> int:
    """Look at one file; tell how many of the things' own words are in it."""
    found = marks(body)
    assert found <= PUBLISHED, (name, found - PUBLISHED)
    for said in found:
        kind, origin, field = said.split(".")
        if origin == "own":
            assert field in OF_PEOPLE[f"{kind}.own"], (name, said)
    numbers = {float(one) for one in _NUMBER.findall(body)}
    for place in INSIDE if not name.startswith("public/a/") else ():
        assert not set(place) <= numbers, (name, place)
    return len(found)


def pointed_at(root: Path) -> str:
    """Give the time up to which the pointer is true; "" while there is none."""
    try:
        return str(orjson.loads((root / POINTER).read_bytes())["as_of"])
    except FileNotFoundError:
        return ""


@pytest.mark.parametrize("is_exercise", [False, True])
@effort(
    max_examples=2,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)
@given(pool=st.lists(entities(3), min_size=2, max_size=2), seed=st.integers(0, 1_000))
def test_no_file_tells_what_is_inside(
    tmp_path_factory: pytest.TempPathFactory,
    is_exercise: bool,
    pool: list[Entity],
    seed: int,
) -> None:
    """Things of every kind come, change and go, the publisher starts anew: nothing leaks out."""
    folder, chance = tmp_path_factory.mktemp("site"), random.Random(seed)
    store, hand, seen = Told(), Hand(), 0
    operation = "exercise-leaks" if is_exercise else "live"
    settings = Settings(
        data_dir=folder, public_every_s=0.05, operation=operation, public_exercise=True
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "clock", lambda _: hand)
        patch.setattr(publisher_module, "POINT_EVERY_S", 0.05)
        patch.setattr(press_module, "DATA_EVERY_S", 0.0)
        for minute in MINUTES:
            changes = [altered(chance.choice(pool), chance, minute) for _ in range(30)]
            site, compiling = PublicSite(settings), partial(Compiler, settings)
            with publishing(store, settings, site, compiling) as root:
                until(lambda root=root: bool(pointed_at(root)))
                known = sorted(store.records)
                store.take(changes, chance.sample(known, len(known) // 4), minute)
                hand.moment = at(minute)
                now = at(minute).isoformat().replace("+00:00", "Z")
                until(lambda root=root, now=now: pointed_at(root) == now)
            assert (root / "public/data/all.geojson").exists()
            seen += sum(check_file(*file) for file in files_below(public_root(folder)))
    assert seen, "nothing was published: nothing is proved"
