"""The same thing by several ways: shown once, for as long as anybody gives it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.kinds import Incident, decode
from cop.model.record import Write
from cop.model.response import IncidentStatus
from cop.services.exchange.doubles import settle_all
from cop.services.picture import Picture
from tests.unit.services.exchange.network import NOW, Node
from workers.exchange_gone import forget_partners

LINKS = ("ab", "ac", "bd", "cd", "be", "ef", "cf")
"""Who gives whom: d has it by two ways of one length; f by b and e, and shorter by c."""


@pytest.fixture
def town(tmp_path: Path) -> dict[str, Node]:
    """Give installations that pass on what `a` made, once all have fetched."""
    nodes = {name: Node(name, tmp_path) for name in "abcdef"}
    for name, node in nodes.items():
        for other in "abcdef":
            gives, gets = name + other in LINKS, other + name in LINKS
            if gives or gets:
                shares, takes = ["incident"] * gives, ["incident"] * gets
                node.knows(other, shares=shares, takes=takes, onward=True)
    nodes["a"].put(
        Incident(
            id="incident:1",
            publisher="HKO",
            incident_type="fire",
            status="verified",
            reported_at=NOW,
        )
    )
    fetch(nodes)
    return nodes


def fetch(nodes: dict[str, Node]) -> None:
    """Let all fetch, from those nearest to the maker on; then nothing is left to fetch."""
    for _ in range(2):
        done = [nodes[taker].run(nodes[giver]) for giver, taker in LINKS]
    assert [(one.why, one.put, one.removed) for one in done] == [("", 0, 0)] * len(done)


def shown(node: Node) -> list[str]:
    """Give the ids of the incidents that people see."""
    _, found = Picture(node.store.snapshot()).select(Audience.COMMAND, {Kind.INCIDENT}, None)
    return sorted(orjson.loads(one)["id"] for one in found)


def test_one_is_shown(town: dict[str, Node]) -> None:
    """All copies are kept; the shortest way is shown, of equals always the same one."""
    assert len(town["d"].held()) == len(town["f"].held()) == 2
    assert shown(town["d"]) == ["partner_b:partner_a:incident:1"]
    assert shown(town["f"]) == ["partner_c:partner_a:incident:1"]


@pytest.mark.parametrize(
    ("ends", "left"),
    [
        ("giver", ["partner_c:partner_a:incident:1"]),
        ("other", ["partner_b:partner_a:incident:1"]),
        ("file", ["partner_c:partner_a:incident:1"]),
        ("agreement", ["partner_c:partner_a:incident:1"]),
        ("expiry", ["partner_c:partner_a:incident:1"]),
        ("maker", []),
    ],
)
def test_the_next_takes_its_place(town: dict[str, Node], ends: str, left: list[str]) -> None:
    """Whatever takes the one away that was shown, the other is there at once; none when it ends."""
    d = town["d"]
    if ends == "giver":
        town["b"].take_off("partner_a:incident:1")
        d.run(town["b"])
    elif ends == "other":
        town["c"].take_off("partner_a:incident:1")
        d.run(town["c"])
    elif ends == "file":
        (d.partners / "b.toml").unlink()
        assert forget_partners(d.desk.settings, d.store, NOW) == 1
    elif ends == "agreement":
        d.clock.moment += timedelta(days=2)
        d.run(town["b"])
    elif ends == "expiry":
        record = d.store.read(shown(d)).popitem()[1]
        d.store.write([Write(record.id, record.kind, None)], fetched_ms=1)
        assert settle_all(d.store, NOW) == 1
    else:
        town["a"].take_off("incident:1")
        fetch(town)
    assert shown(d) == left


def test_two_at_once_are_settled_later(town: dict[str, Node]) -> None:
    """Where two partners brought the same in one moment, upkeep hides one of them."""
    d = town["d"]
    d.put(*(one.model_copy(update={"double_of": None}) for one in d.held()))
    assert len(shown(d)) == 2
    assert settle_all(d.store, NOW) == 1
    assert shown(d) == ["partner_b:partner_a:incident:1"]
    assert settle_all(d.store, NOW) == 0


def test_changes_come_through_whoever_brings_them(town: dict[str, Node]) -> None:
    """What is shown is as new as its giver has it; what is marked says so to no partner."""
    record = town["a"].store.read(["incident:1"])["incident:1"]
    town["a"].put(decode(record.body).model_copy(update={"status": IncidentStatus.CLOSED}))
    fetch(town)
    assert {one.status for one in town["d"].held() if isinstance(one, Incident)} == {"closed"}
    assert b"double_of" not in orjson.dumps(town["d"].answer("b"))
    assert len(shown(town["d"])) == 1
