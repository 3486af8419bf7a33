"""A roll call asked again: of those who have not answered, and of nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cop.services.policy import Role
from tests.integration.acting import Person, people_of
from tests.integration.web_server import Server, web_server

Folk = Callable[..., Person]


@pytest.fixture
def server() -> Iterator[Server]:
    """Give a web process."""
    with web_server() as server:
        yield server


@pytest.fixture
def person(server: Server) -> Iterator[Folk]:
    """Give what makes people at that web process."""
    with people_of(server) as folk:
        yield folk


def recipients(answer: dict[str, object]) -> list[str]:
    """Give who was meant by an order, as its issuer is told."""
    feature = answer["feature"]
    assert isinstance(feature, dict)
    found: list[str] = feature["properties"]["recipients"]
    return found


def test_only_the_silent_are_asked_again(server: Server, person: Folk) -> None:
    """Whoever has answered, also for help, is left alone; a receipt without an answer is none."""
    chief = person("chief", Role.COMMANDER)
    ann, bob, cat, dan = (person(name, Role.FIELD, "DSD") for name in ("ann", "bob", "cat", "dan"))
    said = {"asks": "all_safe", "addressees": ["agency:DSD"]}
    first = chief.done("/orders", **said)["id"]
    path = f"/orders/{first}/receipts"
    ann.done(path, step="acknowledged", answer="safe")
    bob.done(path, step="acknowledged", answer="help")
    cat.done(path, step="read")
    again = {"asks": "all_safe", "addressees": [f"silent:{first}"]}
    assert recipients(chief.done("/orders", **again)) == ["cat", "dan"]
    for one in (cat, dan):
        one.done(path, step="acknowledged", answer="safe")
    answer = chief.post("/orders", **again)
    assert answer.status_code == 409
    assert answer.json()["code"] == "nobody"


def test_who_acknowledged_a_plain_order_is_not_silent(server: Server, person: Folk) -> None:
    """Of an order that asks nothing, those are silent who have not acknowledged it."""
    chief = person("chief", Role.COMMANDER)
    ann, bob = (person(name, Role.FIELD, "DSD") for name in ("ann", "bob"))
    order = chief.done("/orders", words="Leave the slope", addressees=["agency:DSD"])["id"]
    ann.done(f"/orders/{order}/receipts", step="acknowledged")
    bob.done(f"/orders/{order}/receipts", step="read")
    again = chief.done("/orders", words="Leave it now", addressees=[f"silent:{order}"])
    assert recipients(again) == ["bob"]


def test_who_could_not_ask_cannot_ask_again(server: Server, person: Folk) -> None:
    """A liaison asks again of their own agency's roll call, not of command's."""
    chief, liaison = person("chief", Role.COMMANDER), person("lia", Role.LIAISON, "DSD")
    person("ann", Role.FIELD, "DSD")
    said = {"asks": "all_safe", "addressees": ["agency:DSD"]}
    ours, theirs = (one.done("/orders", **said)["id"] for one in (liaison, chief))
    assert recipients(liaison.done("/orders", asks="all_safe", addressees=[f"silent:{ours}"])) == [
        "ann"
    ]
    refused = liaison.post("/orders", asks="all_safe", addressees=[f"silent:{theirs}"])
    assert refused.status_code == 403
    missing = chief.post("/orders", asks="all_safe", addressees=["silent:order:none"])
    assert missing.status_code == 404
