"""What telephones ask of a real server: duty, area, nudges, positions and pictures in pieces."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from cop.model.geometry import point
from cop.model.kinds import Incident, LivePosition, Resource
from cop.model.record import put
from cop.services import positions
from cop.services.accounts import disable_user, set_user
from cop.services.policy import Role
from cop.services.uploads import PIECE_BYTES
from cop.store.pieces import Pieces
from tests.integration.acting import Person, people_of
from tests.integration.web_server import SETTINGS, Server, until, web_server
from tests.unit.services.test_uploads import photograph, piece_of

Folk = Callable[..., Person]
PUMP = "resource:pump-1"
FLOOD = "incident:flood"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run one web process with two teams and an incident."""
    with web_server(settings=SETTINGS.model_copy(update={"data_dir": tmp_path})) as running:
        for name in ("pump-1", "pump-2"):
            fields: dict[str, Any] = {"publisher": "DSD", "agency": "DSD", "status": "available"}
            team = Resource(id=f"resource:{name}", resource_type="team", **fields)
            running.store.write([put(team)], fetched_ms=1)
        fields = {"publisher": "COP", "incident_type": "flooding", "status": "responding"}
        at = datetime.now(UTC)
        flood = Incident(id=FLOOD, reported_at=at, geometry=point(114.17, 22.3), **fields)
        running.store.write([put(flood)], fetched_ms=1)
        until(lambda: running.has_come_to(running.store.cursor()))
        yield running


@pytest.fixture
def folk(server: Server) -> Iterator[Folk]:
    """Give what makes people at that web process."""
    with people_of(server) as people:
        yield people


@pytest.fixture
def team(folk: Folk) -> Person:
    """Give somebody of the first team."""
    return folk("team", Role.FIELD, "DSD", own=[PUMP])


class Nudged:
    """Reads a telephone's stream in a thread, until either side ends it."""

    def __init__(self, server: Server, person: Person) -> None:
        """Open the stream of *person*."""
        self.ended = threading.Event()
        self._sent = b""
        host, port = server.url.removeprefix("http://").split(":")
        self._socket = socket.create_connection((host, int(port)))
        self._socket.sendall(request_of(person))
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._socket, contextlib.suppress(OSError):
            while part := self._socket.recv(65536):
                self._sent += part
        self.ended.set()

    def names(self) -> list[str]:
        """List the events so far, by name."""
        return re.findall(r"^event: (\w+)$", self._sent.decode(), re.MULTILINE)

    def health(self) -> dict[str, Any]:
        """Give the first health event."""
        found = re.search(rb"^event: health\ndata: (.*)$", self._sent, re.MULTILINE)
        assert found is not None
        health: dict[str, Any] = json.loads(found[1])
        return health

    def close(self) -> None:
        """Leave the stream."""
        with contextlib.suppress(OSError):  # the server was quicker
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=60)


def request_of(person: Person) -> bytes:
    """Give the request for somebody's stream."""
    token = person.session["Authorization"]
    head = "GET /api/v1/me/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    return f"{head}Authorization: {token}\r\n\r\n".encode()


@pytest.mark.parametrize("path", ["/me/duty", "/me/area"])
def test_nothing_new_is_told_in_a_few_bytes(
    server: Server, folk: Folk, team: Person, path: str
) -> None:
    """The mark of what one has gives 304 without a body, also when it was compressed."""
    chief = folk("chief", Role.COMMANDER)
    first = team.ask(path)
    mark = {**team.session, "If-None-Match": first.headers["etag"]}
    assert first.headers["cache-control"] == "no-store"
    with httpx.Client(base_url=f"{server.url}/api/v1") as phone:
        for tag in (first.headers["etag"], f"W/{first.headers['etag'].removeprefix('W/')}"):
            again = phone.get(path, headers={**mark, "If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b"")
        duty = {"resource": PUMP, "words": "Pump", "incident": FLOOD}
        assignment = chief.done("/assignments", **duty)
        until(lambda: server.has_come_to(assignment["cursor"]))
        assert phone.get(path, headers=mark).status_code == 200


def test_only_whom_it_concerns_is_nudged(server: Server, folk: Folk, team: Person) -> None:
    """The team that is sent hears at once, the other team nothing but health."""
    chief = folk("chief", Role.COMMANDER)
    other = folk("other", Role.FIELD, "DSD", own=["resource:pump-2"])
    ours, theirs = Nudged(server, team), Nudged(server, other)
    first = ["duty", "area", "health"]
    until(lambda: ours.names()[:3] == theirs.names()[:3] == first)
    chief.done("/assignments", resource=PUMP, words="Pump", incident=FLOOD)
    until(lambda: ours.names().count("duty") >= 2)
    until(lambda: theirs.names().count("health") >= 2)
    assert theirs.names().count("duty") == 1
    assert set(ours.health()) == {"now", "speed", "redis", "worker"}
    ours.close()
    theirs.close()


def test_a_stream_ends_with_its_session_and_follows_a_new_team(
    server: Server, folk: Folk, team: Person
) -> None:
    """Who is disabled is shut out within seconds; who is moved is told of the new team."""
    leaver = folk("leaver", Role.WARDEN, "AMS")
    left, stayed = Nudged(server, leaver), Nudged(server, team)
    until(lambda: bool(left.names() and stayed.names()))
    disable_user(server.accounts, "leaver")
    assert left.ended.wait(60)
    server.accounts.change_user("team", lambda user: replace(user, belongs_to=("resource:pump-2",)))
    until(lambda: stayed.names().count("duty") >= 2)
    set_user(server.accounts, "team", role=Role.VIEWER)
    assert stayed.ended.wait(60)


def test_the_stream_is_not_for_the_public(server: Server, folk: Folk) -> None:
    """Without a session there is nothing of one's own to hear of."""
    assert httpx.get(f"{server.url}/api/v1/me/stream").status_code == 401
    machine = folk("machine", Role.MACHINE)
    assert httpx.get(f"{server.url}/api/v1/me/area", headers=machine.session).status_code == 200


def test_hundreds_of_telephones_hold_no_worker(server: Server, team: Person, folk: Folk) -> None:
    """With many open streams everybody else is answered as before."""
    host, port = server.url.removeprefix("http://").split(":")
    crowd = [socket.create_connection((host, int(port))) for _ in range(200)]
    people = [folk(f"mate-{n}", Role.FIELD, "DSD", own=[PUMP]) for n in range(20)]
    for n, one in enumerate(crowd):
        one.sendall(request_of(people[n % len(people)]))
    assert all(one.recv(15) == b"HTTP/1.1 200 OK" for one in crowd)
    assert httpx.get(f"{server.url}/healthz").json() == {"status": "ok"}
    assert team.get("/me/duty")["resources"]
    for one in crowd:
        one.close()


def position(**said: Any) -> dict[str, Any]:
    """Give what a telephone sends of its place."""
    at = datetime.now(UTC).isoformat()
    place = {"type": "Point", "coordinates": [114.16, 22.31]}
    return {"resource": PUMP, "geometry": place, "at": at, "precision_m": 9.5, **said}


def test_a_position_is_shared_and_withdrawn(
    server: Server, team: Person, folk: Folk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Responders see it, the public never; the next comes too soon; it goes when asked to."""
    monkeypatch.setattr(positions, "LEAST_APART", timedelta(minutes=5))
    chief = folk("chief", Role.COMMANDER)
    other = folk("other", Role.FIELD, "DSD", own=["resource:pump-2"])
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=60) as http:
        path = "/me/position"
        assert http.put(path, json=position()).status_code == 401
        assert http.put(path, json=position(), headers=other.session).status_code == 403
        assert http.put(path, json={"resource": PUMP}, headers=team.session).status_code == 400
        shared = http.put(path, json=position(), headers=team.session)
        assert (shared.status_code, shared.content) == (204, b"")
        soon = http.put(path, json=position(), headers=team.session)
        assert soon.status_code == 429
        assert soon.headers["retry-after"] == "300"
        until(lambda: server.has_come_to(server.store.cursor()))
        for person in (chief, other):
            (shown,) = person.get("/picture?kind=position")["features"]
            assert shown["geometry"]["coordinates"] == [114.16, 22.31]
            assert "author" not in shown["properties"]
        public = http.get("/picture").text
        assert "position" not in public
        assert http.get("/entities/position:pump-1").status_code == 404
        gone = http.request("DELETE", path, json={"resource": PUMP}, headers=team.session)
        assert gone.status_code == 204
    assert server.entities(LivePosition) == []
    assert server.store.journal_size() == 0


def test_off_duty_a_position_is_refused(team: Person, server: Server) -> None:
    """A team that rests is told so in a word for programs."""
    team.done(f"/resources/{PUMP}/report", status="resting")
    with httpx.Client(base_url=f"{server.url}/api/v1") as http:
        refused = http.put("/me/position", json=position(), headers=team.session)
    assert refused.status_code == 409
    assert refused.json()["code"] == "off-duty"


class Camera:
    """A telephone that sends a picture in pieces."""

    def __init__(self, http: httpx.Client, person: Person) -> None:
        """Send as *person*."""
        self._http, self._session = http, person.session

    def open(self, data: bytes) -> httpx.Response:
        """Begin."""
        digest = hashlib.sha256(data).hexdigest()
        said = {"sha256": digest, "size_bytes": len(data), "media_type": "image/png"}
        return self._http.post("/uploads", json=said, headers=self._session)

    def put(self, upload: str, number: Any, piece: bytes, **headers: str) -> httpx.Response:
        """Send one piece."""
        digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
        given = {
            "Content-Type": "application/octet-stream",
            "Content-Digest": f"sha-256=:{digest}:",
            **self._session,
            **headers,
        }
        path = f"/uploads/{upload}/pieces/{number}"
        return self._http.put(path, content=piece, headers=given)

    def attach(self, upload: str, key: str = "k") -> httpx.Response:
        """Attach it."""
        headers = {**self._session, "Idempotency-Key": key} if key else self._session
        body = {"incident": FLOOD, "caption": "Exit B"}
        return self._http.post(f"/uploads/{upload}/attach", json=body, headers=headers)


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    """Give a connection."""
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=60) as client:
        yield client


def test_a_picture_comes_in_pieces(
    server: Server, folk: Folk, http: httpx.Client, tmp_path: Path
) -> None:
    """Begun at one process, gone on with at another, attached once; each piece has a receipt."""
    data = photograph()
    phone = Camera(http, folk("chief", Role.COMMANDER))
    begun = phone.open(data).json()
    assert (begun["piece_bytes"], begun["pieces"], begun["had"]) == (PIECE_BYTES, 3, [])
    receipt = phone.put(begun["id"], 0, piece_of(data, 0)).json()
    assert (receipt["n"], receipt["had"], receipt["pieces"]) == (0, 1, 3)
    assert receipt["sha256"] == hashlib.sha256(piece_of(data, 0)).hexdigest()
    assert receipt["received_at"].endswith("Z")
    settings = SETTINGS.model_copy(update={"data_dir": tmp_path})
    with (
        web_server(server.store, server.accounts, settings) as second,
        httpx.Client(base_url=f"{second.url}/api/v1", timeout=60) as other,
    ):
        elsewhere = Camera(other, folk("chief", Role.COMMANDER))
        assert [piece["n"] for piece in elsewhere.open(data).json()["had"]] == [0]
        elsewhere.put(begun["id"], 2, piece_of(data, 2))
    phone.put(begun["id"], 1, piece_of(data, 1))
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda _: phone.attach(begun["id"]), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["version"] for answer in answers} == {2}
    again = phone.attach(begun["id"]).json()
    assert (again["repeated"], again["id"], again["version"]) == (True, FLOOD, 2)
    (attachment,) = server.entities(Incident)[0].attachments
    assert attachment.caption == "Exit B"


def test_what_is_wrong_with_a_piece_is_said(folk: Folk, http: httpx.Client) -> None:
    """Digest, size, number and type: each refused with the word for it, and nothing is kept."""
    data = photograph()
    phone = Camera(http, folk("chief", Role.COMMANDER))
    upload = phone.open(data).json()["id"]
    piece = piece_of(data, 0)
    assert phone.put(upload, 0, piece, **{"Content-Digest": ""}).status_code == 400
    assert phone.put(upload, 0, piece, **{"Content-Digest": "md5=:AAAA:"}).status_code == 400
    wrong = base64.b64encode(b"\0" * 32).decode()
    told = phone.put(upload, 0, piece, **{"Content-Digest": f"sha-256=:{wrong}:"})
    assert told.status_code == 400
    assert phone.put(upload, 0, piece[:-1]).status_code == 400
    assert phone.put(upload, 0, piece + b"x").status_code == 413
    assert phone.put(upload, 0, piece, **{"Content-Type": "image/png"}).status_code == 415
    for number in (3, -1, "x", "1e3", 10**30, "0%2F..%2F0"):
        assert phone.put(upload, number, piece).status_code in {400, 404}
    assert http.get(f"/uploads/{upload}", headers=phone._session).json()["had"] == []
    assert phone.attach(upload, key="").status_code == 400
    missing = phone.attach(upload)
    assert (missing.status_code, missing.json()["code"]) == (409, "upload-incomplete")
    assert missing.json()["missing"] == [0, 1, 2]


def test_a_slow_disk_holds_up_pictures_alone(
    folk: Folk, http: httpx.Client, team: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many pieces wait to be written, everybody else is answered as before."""
    data, go_on, put_piece = photograph(), threading.Event(), Pieces.put
    phone = Camera(http, folk("chief", Role.COMMANDER))
    upload = phone.open(data).json()["id"]

    def slowly(*args: Any) -> Any:
        go_on.wait(60)
        return put_piece(*args)

    monkeypatch.setattr(Pieces, "put", slowly)
    with ThreadPoolExecutor(40) as crowd:
        sending = [crowd.submit(phone.put, upload, 0, piece_of(data, 0)) for _ in range(40)]
        try:
            until(lambda: team.get("/me/duty")["resources"] != [])
            assert not any(one.done() for one in sending)
        finally:
            go_on.set()
        assert {one.result().status_code for one in sending} == {200}


def test_uploads_are_ones_own(folk: Folk, http: httpx.Client) -> None:
    """Another's is not there; nobody's is refused at the door; a viewer may begin none."""
    data = photograph()
    upload = Camera(http, folk("chief", Role.COMMANDER)).open(data).json()["id"]
    other = Camera(http, folk("wong", Role.DUTY_OFFICER))
    assert other.put(upload, 0, piece_of(data, 0)).status_code == 404
    assert other.attach(upload).status_code == 404
    assert http.get(f"/uploads/{upload}", headers=other._session).status_code == 404
    assert http.get(f"/uploads/{upload}").status_code == 401
    assert Camera(http, folk("viewer", Role.VIEWER)).open(data).status_code == 403
