"""By which ways things go through a network of installations: never in a circle, never too far."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cop.model.kinds import Incident, Road, RoadStatus
from tests.unit.services.exchange.network import NOW, Node

KINDS = ("incident", "road")
ALL = frozenset(KINDS)


@dataclass(frozen=True, slots=True)
class Link:
    """An agreement of two: whether things may be passed on, and which kinds go each way."""

    onward: bool
    there: frozenset[str]
    back: frozenset[str]


@dataclass(frozen=True, slots=True)
class World:
    """A network, by the numbers of its nodes, and what happens in it."""

    size: int
    links: dict[tuple[int, int], Link]
    deeds: tuple[tuple[str, int, int], ...]

    def gives(self, giver: int, taker: int) -> frozenset[str]:
        """Give the kinds that go from one to the other."""
        link = self.links.get((min(giver, taker), max(giver, taker)))
        if link is None:
            return frozenset()
        return link.there if giver < taker else link.back

    def onward(self, one: int, other: int) -> bool:
        """Tell whether things by this agreement may be passed on."""
        return self.links[min(one, other), max(one, other)].onward

    def ways(self, kind: str) -> Iterator[tuple[int, ...]]:
        """Give every way by which something of *kind* is to come somewhere, its maker first."""
        for length in range(2, self.size + 1):
            for way in itertools.permutations(range(self.size), length):
                if self._is_good(way, kind):
                    yield way

    def _is_good(self, way: tuple[int, ...], kind: str) -> bool:
        steps = list(itertools.pairwise(way))
        if not all(kind in self.gives(*step) for step in steps):
            return False
        if not all(self.onward(*step) for step in steps[:-1]):
            return False
        # whoever has it from its maker takes it from nobody else
        return not any(self.gives(way[0], later) for later in way[2:])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Make a network of two to four, and things that are made, end, and are fetched in it."""
    size = draw(st.integers(2, 4))
    kinds = st.sampled_from([ALL, ALL, frozenset(KINDS[:1]), frozenset[str]()])
    link = st.builds(Link, onward=st.booleans(), there=kinds, back=kinds)
    links = {
        pair: made
        for pair in itertools.combinations(range(size), 2)
        if (made := draw(link | link | st.none())) is not None
    }
    node = st.integers(0, size - 1)
    deed = st.tuples(st.sampled_from(["put", "off", "fetch"]), node, node)
    return World(size, links, tuple(draw(st.lists(deed, max_size=12))))


def _thing(node: int, kind: str) -> Incident | Road:
    if kind == "road":
        return Road(id=f"road:{node}", publisher="COP", status=RoadStatus.CLOSED)
    return Incident(
        id=f"incident:{node}",
        publisher="COP",
        incident_type="fire",
        status="verified",
        reported_at=NOW,
    )


def _build(world: World, folder: Path) -> list[Node]:
    nodes = [Node(chr(97 + number), folder) for number in range(world.size)]
    for (first, second), link in world.links.items():
        for one, other in ((first, second), (second, first)):
            nodes[one].knows(
                nodes[other].name,
                shares=sorted(world.gives(one, other)),
                takes=sorted(world.gives(other, one)),
                onward=link.onward,
            )
    return nodes


def _fetch_all(world: World, nodes: list[Node]) -> int:
    """Let each fetch from each; tell how much changed."""
    done = [
        nodes[one].run(nodes[other])
        for pair in world.links
        for one, other in (pair, pair[::-1])
        if world.gives(other, one)
    ]
    assert [each.why for each in done] == [""] * len(done)
    return sum(each.put + each.removed for each in done)


def _found(nodes: list[Node]) -> set[tuple[str, tuple[str, ...], str]]:
    """Give what each has of others: its kind, its way with its maker first, and where it is."""
    return {
        (entity.kind.value, (str(entity.origin), *entity.via), f"{node.name}-cop")
        for node in nodes
        for entity in node.held()
    }


def _world(size: int, *pairs: tuple[int, int], onward: bool = True) -> World:
    """Make a network in which all kinds go both ways, and something of the first node's."""
    links = {pair: Link(onward, ALL, ALL) for pair in pairs}
    return World(size, links, (("put", 0, 0), ("put", 0, 1)))


@example(_world(3, (0, 1), (1, 2), onward=False))
@example(_world(3, (0, 1), (1, 2), (0, 2)))
@example(_world(4, (0, 1), (1, 2), (2, 3), (1, 3)))
@example(_world(4, (0, 1), (1, 2), (2, 3), (0, 3)))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(worlds())
def test_things_come_by_every_way_that_is_agreed_and_no_other(world: World) -> None:
    """In any network it comes to rest, with exactly what the agreements let through, and no circle.

    Whatever was made, ended and fetched before in whatever order; and once all has ended nothing
    is left anywhere.
    """
    with tempfile.TemporaryDirectory() as folder:
        nodes = _build(world, Path(folder))
        there: set[tuple[int, str]] = set()
        for what, node, other in world.deeds:
            kind = KINDS[other % 2]
            if what == "fetch" and world.gives(other, node):
                nodes[node].run(nodes[other])
            elif what == "put":
                nodes[node].put(_thing(node, kind))
                there.add((node, kind))
            elif what == "off":
                nodes[node].take_off(f"{kind}:{node}")
                there.discard((node, kind))
        rounds = itertools.takewhile(lambda _: _fetch_all(world, nodes), range(world.size + 2))
        assert len(list(rounds)) <= world.size + 1, "it does not come to rest"
        names = [f"{node.name}-cop" for node in nodes]
        wanted = {
            (kind, tuple(names[each] for each in way[:-1]), names[way[-1]])
            for kind in KINDS
            for way in world.ways(kind)
            if (way[0], kind) in there
        }
        assert _found(nodes) == wanted
        for number, node in enumerate(nodes):
            node.take_off(*(f"{kind}:{number}" for kind in KINDS))
        rounds = itertools.takewhile(lambda _: _fetch_all(world, nodes), range(world.size + 2))
        assert len(list(rounds)) <= world.size + 1, "it does not come to rest"
        assert _found(nodes) == set()
