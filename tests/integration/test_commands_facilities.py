"""The counter of a facility over HTTP, on a real Redis: many doors, retries, and undoing."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from cop.model.kinds import Facility, decode
from cop.services.policy import Role
from cop.store.redis import RedisStore
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.redis

SHELTER = {"facility_type": "shelter", "name": "Yau Ma Tei", "capacity": 30, "agency": "HAD"}


@pytest.fixture(scope="module")
def server(shared_redis: str) -> Iterator[Server]:
    """Run a web process whose picture is in Redis."""
    store = RedisStore(shared_redis, secrets.token_hex(6))
    with web_server(store=store) as running:
        running.add("lee", Role.DUTY_OFFICER)
        yield running
    store.close()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """Give a client of a duty officer."""
    with server.client("lee") as signed_in:
        signed_in.timeout = httpx.Timeout(60)
        yield signed_in


def post(client: httpx.Client, path: str, body: dict[str, Any], key: str = "") -> httpx.Response:
    """Ask for a command; with a new key unless one is given."""
    headers = {"Idempotency-Key": key or secrets.token_hex(8)}
    return client.post(f"/api/v1/{path}", json=body, headers=headers)


@pytest.fixture
def shelter(client: httpx.Client) -> str:
    """Add a shelter and give its id."""
    answer = post(client, "facilities", SHELTER)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def stored(server: Server, entity_id: str) -> Facility:
    """Read a facility."""
    entity = decode(server.store.read([entity_id])[entity_id].body)
    assert isinstance(entity, Facility)
    return entity


def test_twenty_doors_make_twenty(server: Server, client: httpx.Client, shelter: str) -> None:
    """Twenty at once, each sent twice with one key: exactly twenty, and twenty in the journal."""
    begin = threading.Barrier(20)

    def enter(number: int) -> list[dict[str, Any]]:
        begin.wait(60)
        answers = [
            post(client, f"facilities/{shelter}/entries", {"change": 1}, f"{shelter}-{number}")
            for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [200, 200]
        return [answer.json() for answer in answers]

    with ThreadPoolExecutor(20) as doors:
        told = list(doors.map(enter, range(20)))
    assert stored(server, shelter).occupancy == 20
    assert [[one["repeated"] for one in both] for both in told] == [[False, True]] * 20
    assert len({both[0]["journal"] for both in told}) == 20
    assert all(both[0]["journal"] == both[1]["journal"] for both in told)


def test_a_key_is_good_for_one_entry(server: Server, client: httpx.Client, shelter: str) -> None:
    """Another entry under the same key is refused, and nothing is counted."""
    path = f"facilities/{shelter}/entries"
    assert post(client, path, {"change": 2}, f"{shelter}-one").status_code == 200
    assert post(client, path, {"change": 3}, f"{shelter}-one").status_code == 422
    assert stored(server, shelter).occupancy == 2


def test_what_is_refused_says_how_many_there_are(client: httpx.Client, shelter: str) -> None:
    """Below zero is a conflict with the present figure; over capacity is done and said."""
    path = f"facilities/{shelter}/entries"
    over = post(client, path, {"occupancy": 31}).json()
    assert {one["code"] for one in over["warnings"]} == {"over-capacity"}
    assert over["feature"]["properties"]["occupancy"] == 31
    refused = post(client, path, {"change": -32})
    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["code"], problem["occupancy"]) == ("below-zero", 31)
    assert post(client, path, {}).status_code == 400


def test_an_entry_is_taken_back(server: Server, client: httpx.Client, shelter: str) -> None:
    """Within half a minute, by whoever made it: the counter and its entries are as before."""
    path = f"facilities/{shelter}/entries"
    post(client, path, {"change": 4})
    before = stored(server, shelter)
    answer = post(client, path, {"change": 5}).json()
    assert answer["undo_until"] is not None
    undone = post(client, "undo", {"journal": answer["journal"]})
    assert undone.status_code == 200, undone.text
    assert stored(server, shelter) == before


def test_two_keepers_of_a_queue_lose_nothing(
    server: Server, client: httpx.Client, shelter: str
) -> None:
    """Changes of the queue add up by category, also one that comes after something newer."""
    path = f"facilities/{shelter}/entries"
    before = datetime.now(UTC) - timedelta(minutes=5)
    assert post(client, path, {"queue": {"urgent": 2, "delayed": 1}}).status_code == 200
    assert post(client, path, {"queue_change": {"urgent": 1}}).status_code == 200
    late = post(client, path, {"queue_change": {"urgent": -2}, "at": before.isoformat()})
    assert late.json()["warnings"] == []
    assert stored(server, shelter).queue == {"urgent": 1, "delayed": 1}
    refused = post(client, path, {"queue_change": {"delayed": -2}})
    assert (refused.status_code, refused.json()["code"]) == (409, "below-zero")
    both = {"queue": {"urgent": 1}, "queue_change": {"urgent": 1}}
    assert post(client, path, both).status_code == 400
