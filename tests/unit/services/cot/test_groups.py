"""The boundary: a client gets what its audience and groups allow, all of that, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.config import Settings
from cop.cot import WORDS_OF_CODES
from cop.formats.cot.event import read_event
from cop.formats.cot.stream import Splitter
from cop.model.access import Audience
from cop.model.entity import Entity, Kind, Placing
from cop.model.geometry import Point, point
from cop.model.kinds import Alert, Incident, LivePosition, Observation, Resource, Road
from cop.model.record import put, remove
from cop.services.cot.clients import SENT_KINDS, Client
from cop.services.cot.drawing import Drawer, with_position
from cop.services.cot.line import Line
from cop.services.cot.shapes import CITY
from cop.services.cot.view import View, resource_of, sight_of
from cop.services.picture import Picture
from cop.services.positions import position_id
from cop.store.memory import MemoryStore
from tests.unit.services.commands.acting import NOON, StandingClock

AGENCIES = ("DSD", "FSD", "HKPF")
WEST = (114.0, 22.0, 114.1, 22.5)
PLACES = (point(114.05, 22.3), point(114.15, 22.3), point(114.25, 22.3), None)
BEGIN = "cop.cop.live."
SETTINGS = Settings()
places, agencies, numbers = (
    st.sampled_from(PLACES),
    st.sampled_from(AGENCIES),
    st.integers(0, 2),
)


def team(number: int, agency: str, place: Point | None) -> Entity:
    """Make a team."""
    return Resource(
        id=f"resource:{number}",
        publisher=agency,
        agency=agency,
        resource_type="team",
        status="available",
        geometry=place,
        position_at=NOON,
    )


def shared(number: int, place: Point | None) -> Entity:
    """Make the live position of a team, later than what was reported of it."""
    return LivePosition(
        id=position_id(f"resource:{number}"),
        publisher="DSD",
        resource=f"resource:{number}",
        observed_at=NOON + timedelta(minutes=1),
        expires_at=NOON + timedelta(minutes=16),
        geometry=place or PLACES[0],
    )


def incident(number: int, agency: str, place: Point | None, status: str) -> Entity:
    """Make an incident that an agency supports."""
    return Incident(
        id=f"incident:{number}",
        publisher="COP",
        incident_type="fire",
        status=status,
        reported_at=NOON,
        supporting_agencies=(agency,),
        geometry=place,
    )


def others(number: int, place: Point | None) -> list[Entity]:
    """Make what belongs to no agency, and what there are no events for."""
    return [
        Road(id=f"td:{number}", feed="td", publisher="TD", status="closed", geometry=place),
        Alert(
            id=f"hko:{number}",
            feed="hko",
            publisher="HKO",
            event_type="rainstorm",
            issued_at=NOON,
            placing=Placing.REGION,
        ),
        Observation(
            id=f"rain:{number}", feed="rain", publisher="HKO", measure="rain_1h", geometry=place
        ),
    ]


things = st.one_of(
    st.builds(team, numbers, agencies, places),
    st.builds(shared, numbers, places),
    st.builds(incident, numbers, agencies, places, st.sampled_from(["reported", "closed"])),
    st.builds(lambda n, p, which: others(n, p)[which], numbers, places, st.integers(0, 2)),
)
clients = st.builds(
    Client,
    cn=st.just("x"),
    audience=st.sampled_from(list(Audience)),
    kinds=st.just(SENT_KINDS) | st.sets(st.sampled_from(sorted(SENT_KINDS))).map(frozenset),
    agencies=st.sets(agencies, max_size=2).map(frozenset),
    areas=st.sampled_from([(), (WEST,)]),
)


def expected(client: Client, stored: dict[str, Entity], seen: set[str]) -> dict[str, float]:
    """Say by plain words what a client should have of what is *stored* and its audience sees.

    With the longitude at which it should stand; what is for the whole city has that of its middle.
    """
    found: dict[str, float] = {}
    for one in stored.values():
        if one.kind not in client.kinds or one.id not in seen:
            continue
        if isinstance(one, Observation | LivePosition) or not is_for(client, one):
            continue
        place: Any = one.geometry
        live = stored.get(position_id(one.id))
        if isinstance(one, Resource) and live and live.id in seen and Kind.POSITION in client.kinds:
            place = live.geometry
        if place is None and not isinstance(one, Alert):
            continue
        if not client.areas or place is None or place.coordinates[0] <= WEST[2]:
            found[one.id] = CITY[0] if place is None else place.coordinates[0]
    return found


def is_for(client: Client, one: Entity) -> bool:
    """Tell whether it is open, and its agency's."""
    if isinstance(one, Incident):
        of = {"COP", *one.supporting_agencies}
        return one.status != "closed" and (not client.agencies or bool(client.agencies & of))
    return not isinstance(one, Resource) or not client.agencies or one.agency in client.agencies


@settings(max_examples=250, deadline=None)
@given(
    client=clients,
    rounds=st.lists(st.lists(things | numbers, min_size=1, max_size=8), min_size=1, max_size=4),
)
def test_a_client_has_exactly_what_it_may(client: Client, rounds: list[list[Any]]) -> None:
    """After every change, each at its place, reckoned by what it was sent."""
    store = MemoryStore()
    picture = Picture(store.snapshot())
    drawer = Drawer(SETTINGS, StandingClock(), WORDS_OF_CODES, "en")
    view = View(sight_of(client), drawer)
    line = Line(client, b"", (None, None), lambda key: view.draw(picture, key), None)  # type: ignore[arg-type]
    stored: dict[str, Entity] = {}
    has: dict[str, float] = {}
    for changes in rounds:
        before = store.cursor()
        for change in changes:
            apply(store, stored, change)
        events = store.events(before)
        if not events:
            continue
        picture.apply(events)
        ids = {resource_of(record.id) for event in events for record in event.records}
        for one in sorted(ids):
            hear(line._news_of(one), has)
        seen = {key for key in stored if picture.find(client.audience, key) is not None}
        assert has == pytest.approx(expected(client, stored, seen))


def apply(store: MemoryStore, stored: dict[str, Entity], change: Entity | int) -> None:
    """Put a thing on the picture, or take the n-th of them off."""
    if isinstance(change, Entity):
        record = store.read([change.id]).get(change.id)
        version = 0 if record is None else record.version
        store.write([put(change, expected=version)], fetched_ms=0)
        stored[change.id] = change
    elif change < len(stored):
        gone = sorted(stored)[change]
        store.write([remove(store.read([gone])[gone])], fetched_ms=0)
        del stored[gone]


def hear(news: bytes, has: dict[str, float]) -> None:
    """Keep what a device would have after *news*."""
    for body in Splitter().feed(news):
        assert isinstance(body, bytes)
        event = read_event(body)
        if event.deletes is not None:
            del has[event.deletes[0].removeprefix(BEGIN)]
        else:
            has[event.uid.removeprefix(BEGIN)] = event.place[0]


def test_what_goes_to_a_later_place_is_at_its_live_one() -> None:
    """A reported position that is later than the live one counts."""
    old = {"properties": {"observed_at": "2026-09-08T04:00:00.5Z"}, "geometry": {"x": 1}}
    new = {"properties": {"position_at": "2026-09-08T04:00:01Z"}, "geometry": {"x": 2}}
    assert with_position(new, old)["geometry"] == {"x": 2}
    earlier = {**new, "properties": {"position_at": "2026-09-08T04:00:00Z"}}
    assert with_position(earlier, old)["geometry"] == {"x": 1}


@pytest.mark.parametrize(
    "area", [(114.0, 22.0, 114.0, 22.5), (114.2, 22.0, 114.1, 22.5), (0, 0, 400, 1)]
)
def test_an_area_is_a_box_on_earth(area: tuple[float, ...]) -> None:
    """One that holds nothing would let nothing through unseen: it is refused."""
    with pytest.raises(ValueError, match="areas"):
        Client(cn="x", areas=(area,))
