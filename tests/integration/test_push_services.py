"""Sending to push services: what they are sent, and what is made of each of their answers."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from cop.model.entity import Severity
from cop.services.delivery.deliverer import Came, Job, Outcome
from cop.services.push import Message
from cop.services.push_keys import PushKey
from tests.browsers import Browser, subscription
from tests.push_service import PushService, push_service
from workers.deliver import AT_ONCE, Sender
from workers.transports import open_guarded

PRIVATE = ec.generate_private_key(ec.SECP256R1())
KEY = PushKey(PRIVATE, "mailto:duty@cop.example")
MESSAGE = Message(
    type="order", id="order:1", severity=Severity.EXTREME, at=datetime(2026, 9, 7, 12, tzinfo=UTC)
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    """Run a push service."""
    with push_service(tmp_path_factory.mktemp("push")) as service:
        yield service


@pytest.fixture
def service(running: PushService) -> PushService:
    """Give the push service, which remembers nothing."""
    running.pushed.clear()
    running.headers.clear()
    return running


@contextlib.contextmanager
def sender(service: PushService, each_within_s: float = 20.0) -> Iterator[Sender]:
    """Give what sends to the service."""
    made = Sender(KEY, service.open_transport, each_within_s=each_within_s)
    try:
        yield made
    finally:
        made.close()


def jobs(*paths: str, host: str = "push.test") -> list[Job]:
    """Make a job for each path."""
    return [
        Job(MESSAGE, subscription(f"u{number}", Browser(), f"https://{host}{path}"))
        for number, path in enumerate(paths)
    ]


def send(service: PushService, todo: Sequence[Job], each_within_s: float = 20.0) -> list[Outcome]:
    """Send jobs."""
    with sender(service, each_within_s) as sending:
        return list(sending(todo))


def test_what_a_push_service_is_sent(service: PushService) -> None:
    """A sealed message that only the browser reads, with our proof, and no word of the picture."""
    browser = Browser()
    to = subscription("chan", browser, "https://push.test/201/a?token=b")
    (outcome,) = send(service, [Job(MESSAGE, to)])
    assert (outcome.came, outcome.status) == (Came.TAKEN, 201)
    (pushed,) = service.pushed
    assert (pushed.host, pushed.path) == ("push.test", "/201/a?token=b")
    assert pushed.headers["content-encoding"] == "aes128gcm"
    assert (pushed.headers["ttl"], pushed.headers["urgency"]) == ("3600", "high")
    assert orjson.loads(browser.open(pushed.body))["id"] == "order:1"
    proof = pushed.headers["authorization"].removeprefix("vapid t=").partition(",")[0]
    claims = jwt.decode(proof, ECKey.import_key(PRIVATE), algorithms=["ES256"]).claims
    assert claims["aud"] == "https://push.test"
    told = " ".join(pushed.headers.values()) + pushed.path
    assert "chan" not in told
    assert "order" not in told
    assert len(pushed.body) < 4096


@pytest.mark.parametrize(
    ("status", "came"),
    [
        (200, Came.TAKEN),
        (201, Came.TAKEN),
        (202, Came.TAKEN),
        (404, Came.GONE),
        (410, Came.GONE),
        (429, Came.LATER),
        (500, Came.LATER),
        (503, Came.LATER),
        (301, Came.REFUSED),
        (307, Came.REFUSED),
        (400, Came.REFUSED),
        (401, Came.REFUSED),
        (403, Came.REFUSED),
        (413, Came.REFUSED),
    ],
)
def test_what_an_answer_means(service: PushService, status: int, came: Came) -> None:
    """Each status; asked once, and never sent on to where an answer points."""
    service.headers |= {"Location": "https://push.test/201/elsewhere", "Retry-After": "7"}
    (outcome,) = send(service, jobs(f"/{status}/x"))
    assert (outcome.came, outcome.status, outcome.wait_s) == (came, status, 7)
    assert service.paths() == [f"/{status}/x"]


@pytest.mark.parametrize("words", ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "x", "99999999999"])
def test_a_pause_that_is_no_number(service: PushService, words: str) -> None:
    """Is as if none was asked for."""
    service.headers |= {"Retry-After": words}
    (outcome,) = send(service, jobs("/429/x"))
    assert (outcome.came, outcome.wait_s) == (Came.LATER, 0)


@pytest.mark.parametrize("how", ["slow", "drip"])
def test_nobody_is_waited_for_long(service: PushService, how: str) -> None:
    """No answer, or one that never ends, is given up."""
    (outcome,) = send(service, jobs(f"/{how}/x"), each_within_s=1.0)
    assert (outcome.came, outcome.status) == (Came.LATER, 0)


def test_another_certificate_is_not_trusted(service: PushService, tmp_path: Path) -> None:
    """A service under a name that its certificate does not hold gets nothing."""
    (outcome,) = send(service, jobs("/201/x", host="evil.test"))
    assert (outcome.came, outcome.status) == (Came.LATER, 0)
    with push_service(tmp_path / "other") as other:
        trusting = PushService(service.folder, other.port)
        (outcome,) = send(trusting, jobs("/201/x"))
        assert outcome.came is Came.LATER
        assert other.pushed == []
    assert service.pushed == []


def test_private_addresses_are_not_reached(service: PushService) -> None:
    """As the product sends, nothing on this machine or its network is asked."""
    made = Sender(KEY, lambda: open_guarded(httpx.create_ssl_context()))
    try:
        todo = jobs("/201/x", host=f"127.0.0.1:{service.port}") + jobs("/201/x", host="localhost")
        assert [one.came for one in made(todo)] == [Came.LATER, Came.LATER]
    finally:
        made.close()
    assert service.pushed == []


def test_connections_are_used_again(service: PushService) -> None:
    """Many pushes come each once, whatever the order; answers go with their jobs."""
    todo = jobs(*(f"/{201 if number % 3 else 410}/{number}" for number in range(100)))
    outcomes = send(service, todo)
    assert [one.job for one in outcomes] == todo
    assert [one.status for one in outcomes] == [201 if n % 3 else 410 for n in range(100)]
    assert sorted(service.paths()) == sorted(f"/{one.status}/{n}" for n, one in enumerate(outcomes))


def test_a_service_that_fails_is_left_alone(service: PushService) -> None:
    """After some failures nothing more is tried there in this run; other services go on."""
    failing = jobs(*(f"/500/{number}" for number in range(100)))
    fine = jobs(*(f"/201/{number}" for number in range(20)), host="other.test")
    outcomes = send(service, failing + fine)
    came = [one.came for one in outcomes]
    assert came[:100].count(Came.SKIPPED) >= 100 - 5 - AT_ONCE
    assert set(came[:100]) == {Came.LATER, Came.SKIPPED}
    assert set(came[100:]) == {Came.TAKEN}


def test_an_address_that_is_none_fails_alone(service: PushService) -> None:
    """What one phone gave as its address keeps nobody else's push from going out, once."""
    todo = [*jobs("/201/a"), *jobs("/201/b", host="xn--a.test"), *jobs("/201/c")]
    came = [one.came for one in send(service, todo)]
    assert came == [Came.TAKEN, Came.REFUSED, Came.TAKEN]


def test_one_persons_phones_make_no_service_fail(service: PushService) -> None:
    """Whoever gives many addresses that are none holds up nobody else."""
    bad = [replace(one, to=replace(one.to, user="bad")) for one in jobs(*["/403/x"] * 50)]
    outcomes = send(service, [*bad, *jobs("/201/a")])
    assert [one.came for one in outcomes] == [*[Came.REFUSED] * 50, Came.TAKEN]


def test_a_run_ends_in_time(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be begun in time was not sent, and is told so."""
    monkeypatch.setattr("workers.deliver.BEGIN_WITHIN_S", -1.0)
    assert {one.came for one in send(service, jobs("/201/a", "/201/b"))} == {Came.SKIPPED}
    assert service.pushed == []


def test_the_time_of_a_proof_is_real(service: PushService) -> None:
    """An exercise in another year proves by today's time."""
    send(service, jobs("/201/x"))
    proof = service.pushed[0].headers["authorization"].removeprefix("vapid t=").partition(",")[0]
    claims = jwt.decode(proof, ECKey.import_key(PRIVATE), algorithms=["ES256"]).claims
    assert abs(claims["exp"] - time.time() - 12 * 3600) < 600
