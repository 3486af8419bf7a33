"""A request for every operation of the API that is done, where whoever asks may.

For commands these are the cases by which the table of who may do what is walked; for all else
they are made here.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cop.api.gate import cookie_name
from cop.formats.edxl.rm import write_rm
from cop.formats.edxl.tree import encode
from cop.model.kinds import decode
from cop.model.response import ResourceStatus
from cop.services.accounts import read_user
from cop.services.policy import Role
from cop.services.push_keys import encode as base64url
from cop.services.sessions import Opening, open_session, ref_of
from tests.integration.policy_cases import CASES, PICTURE
from tests.integration.policy_site import Sent, request_of
from tests.integration.policy_subjects import FOREIGN, World
from tests.integration.web_server import SETTINGS, Server
from tests.unit.formats.cap_making import a_message
from tests.unit.formats.edxl.test_rm import message as resource_message

Make = Callable[["Site", Role], Sent]

_XML: Final = {"Content-Type": "application/xml"}
_JSON: Final = {"Content-Type": "application/json"}
_MINE: Final = "resource:mine"
_ENDPOINT: Final = "https://fcm.googleapis.com/fcm/send/x"
_DIGEST: Final = hashlib.sha256(PICTURE).digest()


class Site:
    """A web process with somebody of each role, and what there is to ask for.

    Attributes:
        server: it.
        world: makes something for each request to be about.
    """

    def __init__(self, server: Server) -> None:
        """Take a server of `policy_site`."""
        self.server = server
        self.world = World(server.store)
        self._keys = 0

    def key(self) -> str:
        """Give an idempotency key that nobody has used."""
        self._keys += 1
        return f"good-{self._keys}"

    def done(self, path: str, method: str = "POST", **asked: Any) -> httpx.Response:
        """Do as commander what must have been done before; fails where it cannot be."""
        headers = {**_JSON, "Idempotency-Key": self.key(), "If-Match": '"1"'}
        with self.client(Role.COMMANDER) as client:
            answer = client.request(
                method, f"/api/v1{path}", headers=headers | asked.pop("headers", {}), **asked
            )
        assert answer.is_success, answer.text
        return answer

    def client(self, role: Role) -> httpx.Client:
        """Give a client of somebody of *role*, signed in anew: requests end sessions."""
        cookies = {} if role is Role.MACHINE else self.sign_in(role.value)
        return httpx.Client(base_url=self.server.url, timeout=60, cookies=cookies)

    def sign_in(self, name: str) -> dict[str, str]:
        """Sign somebody in, as often as one likes; gives the cookie."""
        user = read_user(self.server.accounts, name)
        opened = open_session(self.server.accounts, user, Opening(operation=SETTINGS.operation))
        return {cookie_name(SETTINGS): opened.token}

    def session_of(self, name: str) -> str:
        """Sign somebody in elsewhere; gives what the session is called."""
        user = read_user(self.server.accounts, name)
        opened = open_session(self.server.accounts, user, Opening(operation=SETTINGS.operation))
        return ref_of(opened.session)


def goods(method: str, path: str) -> Iterator[Make]:
    """Give ways to ask for the operation *method* *path* so that it is done, the plain one last."""
    line = f"{method} {path.removeprefix('/api/v1')}"
    for case in (case for case in CASES if case.line == line):
        for how in case.how:
            yield lambda site, role, case=case, how=how: request_of(  # type: ignore[misc]
                case, site.world, role, how
            )
    if line in _MADE:
        yield _MADE[line]
    elif method == "GET" and "{" not in path:
        yield lambda _, __: Sent("GET", path, {})
    elif method == "GET":
        yield lambda site, role: Sent("GET", _filled(path, site, role), {})
    elif not any(case.line == line for case in CASES):
        yield lambda _, __: Sent(method, path, _JSON)


def _filled(path: str, site: Site, role: Role) -> str:
    """Put something that there is into the holes of *path*."""
    found = re.findall(r"/(\w+)/\{(\w+)\}", path)
    for before, hole in found:
        make = _SUBJECTS.get(before) or _SUBJECTS[hole]
        path = path.replace(f"{{{hole}}}", make(site, role), 1)
    return path


def _one(kind: str) -> Callable[[Site, Role], str]:
    return lambda site, role: str(getattr(site.world, kind)(role, FOREIGN))


def _released(site: Site, role: Role) -> str:
    draft = site.world.draft(role, FOREIGN, "asked")
    return str(site.done(f"/drafts/{draft}/release", json={}).json()["id"])


def _attached(site: Site, role: Role) -> str:
    incident = site.world.incident(role, FOREIGN)
    site.done(
        f"/incidents/{incident}/attachments", content=PICTURE, headers={"Content-Type": "image/png"}
    )
    known = site.done(f"/entities/{incident}", "GET").json()
    return str(known["properties"]["attachments"][0]["id"])


def _kept_message(site: Site, _: Role) -> str:
    kept = site.done("/messages/original", content=a_message(), headers=_XML).json()
    name = site.world.message(Role.COMMANDER, FOREIGN)
    message = decode(site.server.store.read([name])[name].body)
    return site.world.put(message.model_copy(update={"original": kept["original"]}))


def _upload(site: Site, role: Role) -> str:
    """Begin to send a picture, as whoever asks: nobody else sees it."""
    said = {"sha256": _DIGEST.hex(), "size_bytes": len(PICTURE), "media_type": "image/png"}
    with site.client(role) as client:
        answer = client.post("/api/v1/uploads", json=said)
    return str(answer.json().get("id", "none"))


def _json(method: str, path: str, body: Any) -> Sent:
    return Sent(method, f"/api/v1{path}", _JSON, orjson.dumps(body))


def _subscribed(_: Site, __: Role) -> Sent:
    point = generate_private_key(SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {"p256dh": base64url(raw), "auth": base64url(bytes(16))}
    return _json("PUT", "/me/push", {"endpoint": _ENDPOINT, "keys": keys})


def _position(site: Site, _: Role) -> Sent:
    mine = decode(site.server.store.read([_MINE])[_MINE].body)
    on_duty = {"status": ResourceStatus.AVAILABLE}  # another request may rest it
    site.world.put(mine.model_copy(update=on_duty))
    place = {"type": "Point", "coordinates": [114.17, 22.3]}
    at = datetime.now(UTC).isoformat()
    return _json("PUT", "/me/position", {"resource": _MINE, "geometry": place, "at": at})


def _piece(site: Site, role: Role) -> Sent:
    digest = f"sha-256=:{b64encode(_DIGEST).decode()}:"
    headers = {"Content-Type": "application/octet-stream", "Content-Digest": digest}
    return Sent("PUT", f"/api/v1/uploads/{_upload(site, role)}/pieces/0", headers, PICTURE)


def _password(site: Site, role: Role) -> Sent:
    present = site.server.passwords.get(role.value, "")
    return _json("POST", "/me/password", {"present": present, "chosen": present})


def _signing_in(site: Site, role: Role) -> Sent:
    said = {"username": role.value, "password": site.server.passwords.get(role.value, "")}
    return _json("POST", "/session", said)


def _token(site: Site, _: Role) -> Sent:
    said = {"user": Role.MACHINE.value, "label": "x", "scopes": ["federate"], "days": 1}
    sent = _json("POST", "/tokens", said)
    return Sent(sent.method, sent.path, {**sent.headers, "Idempotency-Key": site.key()}, sent.body)


def _attach(site: Site, role: Role) -> Sent:
    piece = _piece(site, role)
    with site.client(role) as client:
        client.put(piece.path, headers=dict(piece.headers), content=piece.body)
    upload = piece.path.split("/")[4]
    said = {"incident": site.world.incident(role, FOREIGN)}
    sent = _json("POST", f"/uploads/{upload}/attach", said)
    return Sent(sent.method, sent.path, {**sent.headers, "Idempotency-Key": site.key()}, sent.body)


def _tile(site: Site, role: Role) -> Sent:
    layer = site.world.layer(role, FOREIGN)
    return Sent("GET", f"/api/v1/layers/{layer}/tiles/10/836/446.png", {})


_SUBJECTS: Final[Mapping[str, Callable[[Site, Role], str]]] = {
    "accounts": lambda _, __: "else",
    "alerts": _released,
    "cameras": _one("camera"),
    "attachments": _attached,
    "collections": lambda _, __: "incident",
    "drafts": _one("draft"),
    "entities": _one("incident"),
    "feature": _one("incident"),
    "incidents": _one("incident"),
    "layers": _one("layer"),
    "messages": _kept_message,
    "partners": lambda _, __: "fsd",
    "reach": _one("order"),
    "uploads": _upload,
}
_MADE: Final[Mapping[str, Make]] = {
    "POST /session": _signing_in,
    "POST /me/password": _password,
    "DELETE /me/sessions/{ref}": lambda site, role: Sent(
        "DELETE", f"/api/v1/me/sessions/{site.session_of(role.value)}", {}
    ),
    "PUT /me/push": _subscribed,
    "DELETE /me/push": lambda _, __: _json("DELETE", "/me/push", {"endpoint": _ENDPOINT}),
    "PUT /me/position": _position,
    "DELETE /accounts/{name}/sessions": lambda _, __: Sent(
        "DELETE", "/api/v1/accounts/else/sessions", {}
    ),
    "DELETE /accounts/{name}/sessions/{ref}": lambda site, _: Sent(
        "DELETE", f"/api/v1/accounts/else/sessions/{site.session_of('else')}", {}
    ),
    "POST /tokens": _token,
    "DELETE /tokens/{ref}": lambda site, _: Sent(
        "DELETE",
        f"/api/v1/tokens/{site.done('/tokens', content=_token(site, _).body).json()['ref']}",
        {"Idempotency-Key": site.key()},
    ),
    "GET /accounts": lambda _, __: Sent("GET", f"/api/v1/accounts?resource={_MINE}", {}),
    "GET /places": lambda _, __: Sent("GET", "/api/v1/places?q=Central", {}),
    "POST /uploads": lambda _, __: _json(
        "POST",
        "/uploads",
        {"sha256": _DIGEST.hex(), "size_bytes": len(PICTURE), "media_type": "image/png"},
    ),
    "PUT /uploads/{upload}/pieces/{n}": _piece,
    "POST /uploads/{upload}/attach": _attach,
    "GET /exports/icons/{name}.png": lambda _, __: Sent(
        "GET", "/api/v1/exports/icons/incident-severe.png", {}
    ),
    "GET /exports/{kind}.{suffix}": lambda _, __: Sent("GET", "/api/v1/exports/incident.csv", {}),
    "GET /edxl/rm/{entity_id}.xml": lambda site, role: Sent(
        "GET", f"/api/v1/edxl/rm/{site.world.need(role, FOREIGN)}.xml", {}
    ),
    "GET /layers/{id}/tiles/{z}/{x}/{y}.png": _tile,
    "POST /edxl": lambda _, __: Sent(
        "POST", "/api/v1/edxl", _XML, encode(write_rm(resource_message("RequestResource")))
    ),
    "POST /messages/original": lambda _, __: Sent(
        "POST", "/api/v1/messages/original", _XML, a_message()
    ),
}
