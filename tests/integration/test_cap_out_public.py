"""Alerts of our own as everybody gets them: a file for each message, and what leads to them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from lxml import etree
from signxml.verifier import XMLVerifier

from cop.config import Settings
from cop.formats.cap import CapAlert, read_alert
from cop.formats.cap_check import check_message
from cop.formats.rss import read_rss
from cop.model.kinds import Alert, Incident
from cop.model.record import put
from cop.publisher import PublicSite
from cop.services.policy import Role
from cop.services.publishing import publisher as publisher_module
from cop.services.publishing.compile import Compiler
from cop.store.memory import MemoryStore
from tests.integration.acting import people_of
from tests.integration.public_site import publishing
from tests.integration.warning import (
    WORDS,
    identifier_of,
    issue,
    patch,
    release,
    step,
    warning_settings,
)
from tests.integration.web_server import Server, until, web_server
from tests.unit.services.commands.acting import NOON

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings of an installation that signs its alerts."""
    return warning_settings(tmp_path)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the publisher write its pages as soon as there is news."""
    monkeypatch.setattr(publisher_module, "PAGES_EVERY_S", 0.1)


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    """Give a web process of the live operation."""
    with web_server(MemoryStore(), settings=settings) as server:
        yield server


@contextlib.contextmanager
def published(server: Server, settings: Settings) -> Iterator[Path]:
    """Publish what a web process has in its store; gives the root of the files."""
    site = PublicSite(settings, server.store)
    with publishing(server.store, settings, site, partial(Compiler, settings)) as root:
        yield root


def listed(folder: Path) -> int:
    """Count the messages in the RSS index."""
    try:
        return len(read_rss((folder / "index.rss").read_bytes()).items)
    except FileNotFoundError:
        return 0


def shown(root: Path, entity_id: str) -> bool:
    """Tell whether the public picture has something."""
    return any(entity_id in path.read_text() for path in (root / "public" / "p").glob("*.json"))


FLOOD = Incident(
    id="incident:flood",
    publisher="DSD",
    incident_type="flooding",
    status="verified",
    verified=True,
    severity="Severe",
    reported_at=NOON,
    title={"en": "Mr Chan of 12 Main Street is trapped"},
    geometry={"type": "Point", "coordinates": [114.03, 22.45]},
)


def test_from_an_incident_to_everybody(server: Server, settings: Settings) -> None:
    """Made from an incident and released by another, it is on the map and in a signed file."""
    server.store.write([put(FLOOD)], fetched_ms=0)
    with people_of(server) as person, published(server, settings) as root:
        ann, ben = person("ann", Role.DUTY_OFFICER), person("ben", Role.COMMANDER)
        draft = ann.done("/drafts", source=FLOOD.id, **WORDS)
        assert draft["feature"]["properties"]["title"]["en"] == "Flooding: Yuen Long"
        alert_id = release(server, ann, ben, draft["id"])
        path = root / "public" / "cap" / f"{identifier_of(server, alert_id)}.xml"
        until(path.is_file)
        until(lambda: shown(root, alert_id))
        body = path.read_bytes()
    assert b"Chan" not in body, "what people wrote inside stays inside"
    assert check_message(body) == ()
    assert b"<ds:SignatureValue>" in body
    message = read_alert(body)
    assert (message.status, message.msg_type, message.note) == ("Actual", "Alert", "")
    assert [info.language for info in message.infos] == ["en-HK", "zh-HK", "zh-CN"]
    assert dict(message.infos[0].parameters) == {"LEI": "5493001KJTIIGC8Y1R12"}
    with server.client() as browser:
        answer = browser.get(f"/public/cap/{path.name}")
    assert answer.content == body
    assert answer.headers["Content-Type"] == "application/cap+xml; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]


def test_each_message_stays_as_it_went(server: Server, settings: Settings) -> None:
    """Updated, extended, cancelled: each a file of the schema that names all those before it.

    The index leads to all of them, also after a restart.
    """
    with people_of(server) as person, published(server, settings) as root:
        ann, ben = person("ann", Role.DUTY_OFFICER), person("ben", Role.COMMANDER)
        folder = root / "public" / "cap"
        alert_id = issue(server, ann, ben)
        until(lambda: listed(folder) == 1)
        (first,) = folder.glob("*.xml")
        body = first.read_bytes()
        tag, types = harvest(server, settings)
        assert types == ["Alert"]
        update = step(server, ann, alert_id, "update")["id"]
        said = {**WORDS["description"], "en": "It has reached the road."}
        patch(ann, server, update, {"description": said, "severity": "Extreme"})
        assert release(server, ann, ben, update) == alert_id
        for what in ("extend", "cancel"):
            step(server, ben, step(server, ann, alert_id, what)["id"], "release")
        until(lambda: listed(folder) == 4)
        assert first.read_bytes() == body, "a message never changes"
        assert harvest(server, settings, tag)[1] == ["Cancel", "Update", "Update", "Alert"]
        check_messages(folder)
    (alert,) = server.entities(Alert)
    assert (alert.msg_type, alert.expires_at) == ("Cancel", alert.released_at)
    with published(server, settings):
        until(lambda: listed(folder) == 4)
        check_messages(folder)


def harvest(server: Server, settings: Settings, known: str = "") -> tuple[str, list[str]]:
    """Do as a hub of alerts does; gives the index' tag and the types of messages, newest first.

    It asks for the index where that has changed since *known*, follows each link, and takes only
    what is CAP, signed by the key that it knows, and says who the entry says it is.
    """
    assert settings.alert_cert_file is not None
    certificate = settings.alert_cert_file.read_text()
    with server.client() as hub:
        answer = hub.get("/public/cap/index.atom", headers={"If-None-Match": known})
        assert answer.status_code == 200
        tag = answer.headers["ETag"]
        same = hub.get("/public/cap/index.atom", headers={"If-None-Match": tag})
        assert (same.status_code, same.content) == (304, b"")
        feed = etree.fromstring(answer.content)
        entries = feed.findall("a:entry", ATOM)
        ids = {entry.findtext("a:id", None, ATOM) for entry in entries}
        assert len(ids) == len(entries)
        found = []
        for entry in entries:
            (link,) = entry.findall("a:link[@type='application/cap+xml']", ATOM)
            path = link.get("href", "").removeprefix("https://cop.example.hk")
            body = hub.get(path).content
            XMLVerifier().verify(body, x509_cert=certificate)
            assert check_message(body) == ()
            message = read_alert(body)
            said = entry.findtext("a:updated", "", ATOM)
            assert message.sent == datetime.fromisoformat(said)
            assert message.sender == entry.findtext("a:author/a:name", None, ATOM)
            found.append(message.msg_type)
        assert feed.findtext("a:updated", "", ATOM) == entries[0].findtext("a:updated", "", ATOM)
    return tag, found


def check_messages(folder: Path) -> None:
    """Check that the four messages of one alert follow one another, and that Atom has them."""
    told: list[CapAlert] = []
    for path in sorted(folder.glob("*.xml")):
        assert check_message(path.read_bytes()) == ()
        told.append(read_alert(path.read_bytes()))
    assert [one.msg_type for one in told] == ["Alert", "Update", "Update", "Cancel"]
    for number, one in enumerate(told):
        named = [reference.identifier for reference in one.references]
        assert named == [before.identifier for before in told[:number]]
    index = etree.fromstring((folder / "index.atom").read_bytes())
    links = {str(link) for link in index.xpath("//a:entry/a:link/@href", namespaces=ATOM)}
    assert links <= {f"https://cop.example.hk/public/cap/{one.identifier}.xml" for one in told}
    assert links


@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])
def test_an_exercise_stays_one(settings: Settings, is_open: bool) -> None:
    """In an exercise each message says so, and no file of it is public unless that is wanted."""
    drill = settings.model_copy(update={"operation": "exercise-flood", "public_exercise": is_open})
    with web_server(MemoryStore(), settings=drill) as server, people_of(server) as folk:
        ann = folk("ann", Role.DUTY_OFFICER, operation="exercise-flood")
        ben = folk("ben", Role.COMMANDER, operation="exercise-flood")
        issue(server, ann, ben)
        (alert,) = server.entities(Alert)
        with published(server, drill) as root:
            until((root / "en" / "index.html").is_file)
            folder = root / "public" / "cap"
            if not is_open:
                assert list(folder.rglob("*")) == []
                return
            path = folder / f"{alert.identifier}.xml"
            until(path.is_file)
            message = read_alert(path.read_bytes())
            assert message.status == "Exercise"
            assert message.note.startswith("EXERCISE exercise-flood")
            until(lambda: listed(folder) == 1)
            assert b"EXERCISE" in (folder / "index.rss").read_bytes()
