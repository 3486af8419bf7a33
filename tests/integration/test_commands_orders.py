"""Orders over HTTP on a real Redis: receipts from many at once, and exercises kept apart."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from cop.config import Settings
from cop.model.geometry import point
from cop.model.kinds import Order, Receipt, Resource
from cop.model.record import put
from cop.services.policy import Role
from cop.store.accounts import RedisAccounts
from cop.store.redis import RedisStore
from tests.integration.acting import Person, at_once, people_of
from tests.integration.web_server import SETTINGS, Listener, Server, until, web_server
from tests.redis_server import RedisServer, redis_server

__all__ = ["redis_server"]

pytestmark = pytest.mark.redis

Folk = Callable[..., Person]
EXERCISE = "exercise-storm"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[114.1, 22.3], [114.2, 22.3], [114.2, 22.4], [114.1, 22.4], [114.1, 22.3]]],
}


@contextlib.contextmanager
def serving(redis: RedisServer, settings: Settings = SETTINGS) -> Iterator[Server]:
    """Run a web process of one operation on *redis*."""
    store, accounts = RedisStore(redis.url, settings.operation), RedisAccounts(redis.url)
    with web_server(store, accounts, settings) as server:
        yield server
    store.close()
    accounts.close()


@pytest.fixture
def server(redis_server: RedisServer) -> Iterator[Server]:
    """Give a web process of the live operation."""
    with serving(redis_server) as server:
        yield server


@pytest.fixture
def person(server: Server) -> Iterator[Folk]:
    """Give what makes people at that web process."""
    with people_of(server) as folk:
        yield folk


def own_orders(person: Person) -> list[dict[str, Any]]:
    """Give the orders on somebody's own page."""
    found: list[dict[str, Any]] = person.get("/me/duty")["orders"]
    return found


def test_fifty_answer_at_once(server: Server, person: Folk) -> None:
    """Each of fifty takes each step, some twice: every receipt is whole and the order untouched."""
    chief = person("chief", Role.COMMANDER)
    folk = [person(f"field-{n:02}", Role.FIELD, "DSD") for n in range(50)]
    order = chief.done("/orders", words="Report", addressees=["agency:DSD"])
    assert len(order["feature"]["properties"]["recipients"]) == 50
    path = f"/orders/{order['id']}/receipts"

    def answer(one: Person) -> set[int]:
        steps = ["delivered", "read", "acknowledged", "acknowledged", "delivered"]
        return {one.post(path, step=step).status_code for step in steps}

    assert at_once([partial(answer, one) for one in folk]) == [{200}] * 50
    receipts = server.entities(Receipt)
    assert {receipt.recipient for receipt in receipts} == {one.name for one in folk}
    for receipt in receipts:
        assert receipt.delivered_at is not None
        assert receipt.read_at is not None
        assert receipt.acknowledged_at is not None
        assert receipt.delivered_at <= receipt.read_at <= receipt.acknowledged_at
    assert server.store.read([order["id"]])[order["id"]].version == 1
    number, _ = server.store.journal_head()
    assert number == 1 + 3 * 50, "what changes nothing is not written down"


def test_an_order_comes_to_those_it_is_for(server: Server, person: Folk) -> None:
    """Those in the area see it on their page; others do not, and cannot answer for them."""
    server.store.write(
        [
            put(
                Resource(
                    id=f"resource:{name}",
                    publisher="DSD",
                    agency="DSD",
                    resource_type="team",
                    status="available",
                    geometry=point(lon, 22.35),
                )
            )
            for name, lon in (("in", 114.15), ("out", 114.5), ("silent", 114.16))
        ],
        fetched_ms=0,
    )
    chief = person("chief", Role.COMMANDER)
    inside = person("inside", Role.FIELD, "DSD", own=["resource:in"])
    outside = person("outside", Role.FIELD, "DSD", own=["resource:out"])
    answer = chief.post("/orders", words="Leave", addressees=["area"], geometry=SQUARE)
    assert answer.status_code == 201
    order = answer.json()
    assert [one["code"] for one in order["warnings"]] == ["unreachable"]
    assert order["feature"]["properties"]["unreachable"] == ["resource:silent"]
    until(lambda: [one["order"]["id"] for one in own_orders(inside)] == [order["id"]])
    assert own_orders(outside) == []
    path = f"/orders/{order['id']}/receipts"
    assert outside.post(path, step="read").status_code == 403
    inside.done(path, step="acknowledged")
    (own,) = own_orders(inside)
    assert own["receipt"]["acknowledged_at"] is not None
    assert "recipients" not in own["order"]["properties"]
    assert chief.post(f"/orders/{order['id']}/cancel", reason="x").status_code == 428
    chief.done(f"/orders/{order['id']}/cancel", version=1, reason="made safe")
    until(lambda: "cancelled_at" in own_orders(inside)[0]["order"]["properties"])


def test_one_click_that_comes_often(server: Server, person: Folk) -> None:
    """The same order sent twenty times at once is issued once."""
    chief = person("chief", Role.COMMANDER)
    person("ann", Role.FIELD, "DSD")
    said = {"words": "Report", "addressees": ["everyone"]}
    answers = at_once([partial(chief.post, "/orders", key="click", **said) for _ in range(20)])
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(server.entities(Order)) == 1


def test_receipts_are_for_command(server: Server, person: Folk) -> None:
    """Who has answered is seen in command, and by nobody else; the public sees no order."""
    chief, ann = person("chief", Role.COMMANDER), person("ann", Role.FIELD, "DSD")
    order = chief.done("/orders", words="Report", addressees=["everyone"])["id"]
    done = ann.done(f"/orders/{order}/receipts", step="read")
    until(lambda: server.has_come_to(done["cursor"]))
    kinds = "/picture?kind=order&kind=receipt"
    seen = chief.get(kinds)["features"]
    assert {one["properties"]["kind"] for one in seen} == {"order", "receipt"}
    assert [one["id"] for one in ann.get(kinds)["features"]] == [order]
    with server.client() as nobody:
        assert nobody.get(f"/api/v1{kinds}").json()["features"] == []


def test_an_exercise_never_reaches_the_live_operation(redis_server: RedisServer) -> None:
    """On one Redis with the same accounts, an exercise's order is nowhere in the live operation.

    Not on a page, not by its id, not in the stream, not to be answered; and in the exercise every
    answer that shows it says that it is one.
    """
    drill = SETTINGS.model_copy(update={"operation": EXERCISE, "scenario": "storm"})
    with (
        serving(redis_server) as live,
        serving(redis_server, drill) as exercise,
        people_of(live) as at_live,
        people_of(exercise) as at_drill,
        live.client() as browser,
    ):
        chief = at_drill("chief", Role.COMMANDER, operation=EXERCISE)
        at_live("live-chief", Role.COMMANDER, operations=("live",))
        same = {"operations": ("live", EXERCISE)}
        ann = at_live("ann", Role.FIELD, "DSD", **same)
        ann_drilling = at_drill("ann", Role.FIELD, "DSD", operation=EXERCISE, **same)
        listener = Listener(browser, headers=ann.session)
        order = chief.done("/orders", words="Evacuate", addressees=["everyone"])
        assert order["feature"]["properties"]["recipients"] == ["ann"]
        until(lambda: bool(own_orders(ann_drilling)))
        duty = ann_drilling.get("/me/duty")
        assert (duty["operation"], duty["exercise"]) == (EXERCISE, True)
        shown = ann_drilling.get(f"/entities/{order['id']}")
        assert (shown["operation"], shown["exercise"]) == (EXERCISE, True)
        assert ann_drilling.get("/picture")["exercise"] is True

        assert own_orders(ann) == []
        assert ann.get("/me/duty")["exercise"] is False
        assert ann.ask(f"/entities/{order['id']}").status_code == 404
        assert ann.post(f"/orders/{order['id']}/receipts", step="read").status_code == 404
        assert live.store.by_kind(Order.model_fields["kind"].default) == {}
        real = live.store.write([put(_marker())], fetched_ms=0)
        until(lambda: listener.last_id() == real.cursor)
        assert listener.put() == [_marker().id]
        listener.close()
        answer = browser.get("/api/v1/me/duty", headers=ann_drilling.session)
        assert answer.status_code == 401, "a session is good in its own operation alone"


def _marker() -> Resource:
    """Make something that the live stream must bring."""
    return Resource(
        id="resource:marker",
        publisher="DSD",
        agency="DSD",
        resource_type="team",
        status="available",
    )
