"""What a process keeps by the records goes with them: night after night it holds no more."""

from __future__ import annotations

import gc
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from cop.clock import RealClock
from cop.config import Settings
from cop.model.access import Audience
from cop.model.entity import Entity, Kind
from cop.model.kinds import Alert, Resource, Road
from cop.model.record import put, remove
from cop.services import push_keys
from cop.services.concerns import Concerns
from cop.services.delivery.scene import Scene as Deliveries
from cop.services.documents import Documents
from cop.services.features.sheet import Sheets
from cop.services.followed import Followed
from cop.services.fusion.keeper import FusionKeeper
from cop.services.picture import Picture
from cop.services.publishing.compile import Compiler
from cop.services.publishing.editions import Document
from cop.services.publishing.files import PublicFiles
from cop.services.publishing.paths import public_root
from cop.services.publishing.press import Press
from cop.services.push_keys import PushKey
from cop.services.replica import Replica
from cop.services.watch import keeper as watch_keeper
from cop.services.watch.keeper import Keeper
from cop.store.memory import MemoryStore
from tests.unit.services.fusion.making import report
from tests.unit.services.watch.making import (
    START,
    a_facility,
    a_need,
    a_receipt,
    an_assignment,
    an_incident,
    an_order,
)

NIGHTS = 4
_HOLDS = (dict, set, list, deque, OrderedDict)
_NOT_OURS = (type, ModuleType, FunctionType)


def held(*things: object, but: Iterable[object] = ()) -> int:
    """Count what lies in every collection that can be reached from *things*, not through *but*."""
    seen = {id(one) for one in but}
    todo, total = list(things), 0
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, _NOT_OURS):
            continue
        seen.add(id(one))
        if isinstance(one, _HOLDS):
            total += len(one)
        todo += gc.get_referents(one)
    return total


def some(night: int) -> list[Entity]:
    """Give what comes in one night: all of it with names that no other night has."""
    team, place, incident = f"resource:{night}", f"facility:{night}", f"incident:t{night}"
    return [
        Resource.model_validate(
            {
                "id": team,
                "publisher": "DSD",
                "agency": "DSD",
                "resource_type": "team",
                "status": "available",
                "geometry": {"type": "Point", "coordinates": [114.1 + night / 100, 22.3]},
            }
        ),
        a_facility(id=place, geometry={"type": "Point", "coordinates": [114.2, 22.3]}),
        an_incident(night, id=incident, geometry={"type": "Point", "coordinates": [114.2, 22.4]}),
        an_assignment(id=f"assignment:{night}", resource=team, incident=incident),
        an_order(id=f"order:{night}", recipients=[f"one-{night}", f"other-{night}"]),
        a_receipt(f"one-{night}", id=f"receipt:{night}/one", subject=f"order:{night}"),
        a_need(id=f"need:{night}", subject=incident),
        report(f"a{night}", f"Tree at {100 + night} Nathan{night} Road", east=40.0 * night),
        report(f"b{night}", f"Tree at {100 + night} Nathan{night} Road", east=40.0 * night),
    ]


def public(night: int) -> list[Entity]:
    """Give what the public is shown of one night."""
    return [
        Alert.model_validate(
            {
                "id": f"hko_warnings:{night}",
                "feed": "hko_warnings",
                "publisher": "HKO",
                "event_type": "rain",
                "issued_at": START,
            }
        ),
        Road.model_validate(
            {
                "id": f"td_traffic_news:{night}",
                "feed": "td_traffic_news",
                "publisher": "TD",
                "status": "closed",
                "geometry": {"type": "Point", "coordinates": [114.1, 22.3]},
            }
        ),
    ]


def live(store: MemoryStore, then: Callable[[], object], weigh: Callable[[], int]) -> list[int]:
    """Let nights come and go in *store*, *then* each time; give what was held after each."""
    weights = []
    for night in range(NIGHTS):
        store.write([put(one) for one in some(night)], fetched_ms=0)
        then()
        for records in iter(lambda: list(store.snapshot().records.values()), []):
            store.write([remove(one) for one in records], fetched_ms=0)
            then()
        weights.append(weigh())
    return weights


class Reader:
    """Has the events of a store handed to it, as a replica does."""

    def __init__(self, store: MemoryStore, reader: Any) -> None:
        """Begin with an empty picture."""
        self.store, self.reader = store, reader
        self.cursor = store.cursor()
        reader.begin(store.snapshot())

    def go_on(self) -> None:
        """Hand over what is new."""
        events = self.store.events(self.cursor)
        self.reader.go_on(events)
        self.cursor = events[-1].cursor


def test_what_concerns_whom_goes_with_it() -> None:
    """Of accounts, teams, places and incidents that have left, a web process keeps nothing."""
    store = MemoryStore()
    replica = Replica(store, RealClock())
    concerns = Concerns(replica)
    reader = Reader(store, concerns)
    weights = live(store, reader.go_on, lambda: held(concerns, but=[replica, store]))
    assert weights == weights[:1] * NIGHTS


def test_proposals_go_with_their_reports() -> None:
    """Of reports and proposals that have left, the worker keeps neither words nor versions."""
    store = MemoryStore()
    keeper = FusionKeeper(store)
    weights = live(store, lambda: keeper.run(START), lambda: held(keeper, but=[store]))
    assert weights == weights[:1] * NIGHTS


def test_the_queue_goes_with_its_subjects() -> None:
    """Of subjects that have left, the attention queue's worker keeps nothing."""
    store = MemoryStore()
    keeper = Keeper(store)
    days = count()
    weights = live(
        store,
        lambda: keeper.run(START + timedelta(days=next(days))),
        lambda: held(keeper, but=[store]),
    )
    assert weights == weights[:1] * NIGHTS


def test_times_that_hold_no_more_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it changes when something is due, few of its earlier times are kept."""
    monkeypatch.setattr(watch_keeper, "_ROOM", 10)
    store = MemoryStore()
    keeper = Keeper(store)
    for change in range(60):
        due = START + timedelta(days=1, minutes=change)
        store.write([put(an_order(reply_by=due))], fetched_ms=0)
        keeper.run(START)
    assert len(keeper._heap) <= 10 + 2 * len(keeper._due) + 1
    assert keeper._due
    assert set(keeper._due.items()) <= {(subject, at) for at, subject in keeper._heap}


def test_deliveries_go_with_their_orders() -> None:
    """Of orders and tasks that have left, the worker that pushes keeps nothing."""
    store = MemoryStore()
    scene = Deliveries(exercise=False)
    scene.begin(store)
    weights = live(store, partial(scene.follow, store), lambda: held(scene, but=[store]))
    assert weights == weights[:1] * NIGHTS


def test_proofs_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of push services that nobody uses any more no proof is kept."""
    key = PushKey(ec.generate_private_key(ec.SECP256R1()), "mailto:duty@example.org")
    now = 1_000_000.0
    for number in range(5):
        monkeypatch.setattr(push_keys.time, "time", lambda at=now: at)
        key.authorization(f"https://push-{number}.example")
        now += timedelta(days=1).total_seconds()
    assert len(key._proofs) == 1


def test_documents_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    """Of pages that there are no more, the publisher does not know what they held."""
    settings = Settings(data_dir=tmp_path)
    press = Press(PublicFiles(public_root(tmp_path)), settings)
    press.open()
    for number in range(5):
        page = Document(f"en/{number}.html", lambda: b"page")
        assert press.write_documents([page], START)
    assert list(press._written) == ["en/4.html"]


def test_the_public_past_goes_with_the_days() -> None:
    """What was shown, changed and ended is told for a while, and then known no more."""
    settings, store = Settings(operation="live"), MemoryStore()
    compiler = Compiler(settings)
    reader = Reader(store, compiler)
    weights = []
    for night in range(NIGHTS):
        now = START + timedelta(days=3 * night)
        store.write([put(one) for one in public(night)], fetched_ms=0)
        reader.go_on()
        assert compiler.picture(now, made_at=now, down={}).features
        records = store.snapshot().records.values()
        store.write([remove(one) for one in records], fetched_ms=0)
        reader.go_on()
        for hours in (1, 25, 49):
            at = now + timedelta(hours=hours)
            compiler.picture(at, made_at=at, down={})
        weights.append(held(compiler, but=[settings, store]))
    assert weights == weights[:1] * NIGHTS


def test_a_picture_that_was_replaced_is_let_go() -> None:
    """A picture read anew takes the memory of the one before, whoever asked for that one."""
    store = MemoryStore()
    store.write([put(one) for one in some(1)], fetched_ms=0)
    replica = Replica(store, RealClock())
    replica._load()
    documents = Documents(replica, operation="live", exercise=False)
    followed = Followed(replica, Kind.RESOURCE, len)
    sheets = Sheets()
    documents.whole(Audience.COMMAND)
    assert list(followed.values())
    assert sheets.sheet(replica.picture(), Audience.COMMAND, Kind.RESOURCE).lines
    before: weakref.ref[Picture] = weakref.ref(replica.picture())
    replica._load()
    gc.collect()
    assert before() is None
    assert documents.whole(Audience.COMMAND).body
    assert list(followed.values())
