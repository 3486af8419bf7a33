"""Alerts of our own over HTTP: what one person may do, and what takes two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from cop.config import Settings
from cop.model.exchange import Layer
from cop.model.kinds import Alert, Draft
from cop.model.record import put
from cop.services.exchange.alerting.preflight import SCHOOLS
from cop.services.exchange.partners import entity_of_plan, partners_of
from cop.services.policy import Role
from cop.store.accounts import RedisAccounts
from cop.store.memory import MemoryStore
from cop.store.redis import RedisStore
from tests.integration.acting import Person, at_once, people_of
from tests.integration.federating import NOW, partner_file
from tests.integration.warning import (
    GRADES,
    SQUARE,
    WORDS,
    issue,
    items,
    patch,
    release,
    step,
    version_of,
    warning_settings,
)
from tests.integration.web_server import Server, until, web_server
from tests.redis_server import RedisServer, redis_server

__all__ = ["redis_server"]

Folk = Callable[..., Person]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings of an installation that signs its alerts."""
    return warning_settings(tmp_path)


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    """Give a web process of the live operation."""
    with web_server(MemoryStore(), settings=settings) as server:
        yield server


@pytest.fixture
def person(server: Server) -> Iterator[Folk]:
    """Give what makes people at that web process."""
    with people_of(server) as folk:
        yield folk


def test_one_person_alone_can_warn_nobody(server: Server, person: Folk) -> None:
    """Neither the author nor who asked for it releases a draft; nor anybody without the right."""
    ann, ben = person("ann", Role.COMMANDER), person("ben", Role.COMMANDER)
    cat, liz = person("cat", Role.DUTY_OFFICER), person("liz", Role.LIAISON, "DSD")
    draft = ann.done("/drafts", event_type="fire", geometry=SQUARE, **WORDS, **GRADES)["id"]
    path = f"/drafts/{draft}/release"
    assert ben.post(path, version=1).json()["code"] == "not-asked"
    step(server, ben, draft, "ask")
    version = version_of(server, draft)
    assert ann.post(path, version=version).status_code == 403
    assert ben.post(path, version=version).status_code == 403
    assert liz.post(path, version=version).status_code == 403
    assert cat.post(path).status_code == 428
    assert server.entities(Alert) == []
    alert = cat.done(path, version=version, key="once")
    again = cat.done(path, version=version, key="once")
    assert (alert["id"], again["repeated"]) == (again["id"], True)
    (stored,) = server.entities(Alert)
    assert (stored.author, stored.released_by) == ("ann", "cat")


@pytest.mark.redis
def test_two_who_release_at_once_send_one_message(
    redis_server: RedisServer, settings: Settings
) -> None:
    """Of many second persons one releases it; the others are told that it is done."""
    store, accounts = RedisStore(redis_server.url, "live"), RedisAccounts(redis_server.url)
    with web_server(store, accounts, settings) as server, people_of(server) as person:
        ann = person("ann", Role.DUTY_OFFICER)
        seconds = [person(f"second-{number}", Role.COMMANDER) for number in range(4)]
        draft = ann.done("/drafts", event_type="fire", geometry=SQUARE, **WORDS, **GRADES)["id"]
        step(server, ann, draft, "ask")
        version = version_of(server, draft)
        path = f"/drafts/{draft}/release"
        answers = at_once([partial(one.post, path, version=version) for one in seconds])
        codes = sorted(answer.status_code for answer in answers)
        assert codes[0] == 200
        assert set(codes[1:]) <= {409, 412}
        assert len(server.entities(Alert)) == 1
    store.close()
    accounts.close()


def test_what_forbids_it_keeps_it_back(server: Server, person: Folk) -> None:
    """Each point that forbids is told before it, and refused at the release; simplifying helps."""
    ann, ben = person("ann", Role.DUTY_OFFICER), person("ben", Role.COMMANDER)
    ring = [[114.0 + 0.05 * (n % 2) * n / 300, 22.3 + n / 3000] for n in range(300)]
    jagged = {
        "type": "Polygon",
        "coordinates": [[[113.99, 22.3], *ring, [113.99, 22.3997], [113.99, 22.3]]],
    }
    draft = ann.done("/drafts", event_type="flooding", geometry=jagged, **GRADES)["id"]
    found = items(ann, draft)
    assert found["vertices"]["level"] == "forbids"
    assert found["vertices"]["can_simplify"] is True
    assert found["languages"]["level"] == "forbids"
    assert found["schools"]["level"] == "unknown"
    assert found["shelters"]["count"] is None
    assert found["people"]["people"] > 0
    asked = step(server, ann, draft, "ask")
    assert [one["code"] for one in asked["warnings"]] == ["not-ready"]
    refused = ben.post(f"/drafts/{draft}/release", version=version_of(server, draft))
    assert refused.status_code == 409
    assert {one["key"] for one in refused.json()["items"]} >= {"vertices", "languages"}
    step(server, ann, draft, "simplify")
    assert items(ann, draft)["vertices"]["level"] == "ok"
    patch(ann, server, draft, WORDS)
    found = items(ben, draft)
    assert [key for key, one in found.items() if one["level"] == "forbids"] == []
    for one in found.values():
        assert all(
            one["title"][lang] and one["words"][lang] for lang in ("en", "zh-Hant", "zh-Hans")
        )
    release(server, ann, ben, draft)


def test_a_draft_that_was_changed_must_be_asked_for_again(server: Server, person: Folk) -> None:
    """What the second person read is what goes; sent back, it says why."""
    ann, ben = person("ann", Role.DUTY_OFFICER), person("ben", Role.COMMANDER)
    draft = ann.done("/drafts", event_type="fire", geometry=SQUARE, **WORDS, **GRADES)["id"]
    step(server, ann, draft, "ask")
    step(server, ben, draft, "return", reason="Which streets?")
    (stored,) = server.entities(Draft)
    assert (stored.state, stored.reason) == ("returned", "Which streets?")
    step(server, ann, draft, "ask")
    read = version_of(server, draft)
    patch(ann, server, draft, {"contact": "1823"})
    assert ben.post(f"/drafts/{draft}/release", version=read).status_code == 412
    refused = ben.post(f"/drafts/{draft}/release", version=version_of(server, draft))
    assert refused.json()["code"] == "not-asked"


def test_one_change_of_an_alert_at_a_time(server: Server, person: Folk) -> None:
    """While a change is prepared no other begins; what is over cannot be changed."""
    ann, ben = person("ann", Role.DUTY_OFFICER), person("ben", Role.COMMANDER)
    alert = issue(server, ann, ben)
    cancel = step(server, ann, alert, "cancel")["id"]
    second = ann.post(f"/alerts/{alert}/extend", version=version_of(server, alert))
    assert (second.status_code, second.json()["code"]) == (409, "draft-open")
    assert second.json()["draft"] == cancel
    step(server, ben, cancel, "release")
    over = ann.post(f"/alerts/{alert}/extend", version=version_of(server, alert))
    assert over.json()["code"] == "alert-over"


def test_it_says_whom_it_reaches_and_what_lies_inside(
    server: Server, person: Folk, settings: Settings
) -> None:
    """Partners by the area of their agreement, devices by their groups, schools by their layer."""
    here, there = [113.9, 22.4, 114.1, 22.5], [114.2, 22.2, 114.3, 22.3]
    folder = settings.data_dir / "partners"
    folder.mkdir(parents=True)
    for name, account, box in (("gd", "gd", here), ("macao", "macao", there), ("rc", "", here)):
        shares = {"kinds": ["alert"] if account else [], "areas": [box]}
        text = partner_file(name, "", account, shares=shares, takes={"kinds": []})
        (folder / f"{name}.toml").write_text(text)
    clients = settings.data_dir / "cot" / "clients"
    clients.mkdir(parents=True)
    (clients / "a.toml").write_text(f'cn = "a"\nareas = [{here}]')
    (clients / "b.toml").write_text(f'cn = "b"\nareas = [{there}]')
    schools = Layer(
        id=SCHOOLS,
        publisher="COP",
        title={"en": "Schools"},
        service="geojson",
        address="https://schools.example.hk",
        fetched_at=NOW,
        features=2,
    )
    server.store.write_table(SCHOOLS, FEATURES)
    partners = [entity_of_plan(plan, None) for plan in partners_of(settings).values()]
    written = server.store.write([put(one) for one in (schools, *partners)], fetched_ms=0)
    until(lambda: server.has_come_to(written.cursor))
    ann = person("ann", Role.DUTY_OFFICER)
    draft = ann.done("/drafts", event_type="fire", geometry=SQUARE, **GRADES)["id"]
    found = items(ann, draft)
    names = [[one["en"] for one in found["reach"][name]] for name in ("partners", "by_hand")]
    assert names == [["gd"], ["rc"]]
    assert found["reach"]["devices"] == 1
    assert (found["schools"]["level"], found["schools"]["count"]) == ("ok", 1)


FEATURES = orjson.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, 22.45]}}
            for lon in (114.02, 114.3)
        ],
    }
)


def test_drafts_are_for_command(server: Server, person: Folk) -> None:
    """Neither the public nor anybody in the field sees a draft, or what was looked at."""
    ann, team = person("ann", Role.DUTY_OFFICER), person("team", Role.FIELD, "DSD")
    made = ann.done("/drafts", event_type="fire", geometry=SQUARE, **WORDS, **GRADES)
    until(lambda: server.has_come_to(made["cursor"]))
    draft = made["id"]
    assert [one["id"] for one in ann.get("/picture?kind=draft")["features"]] == [draft]
    assert team.get("/picture?kind=draft")["features"] == []
    assert team.ask(f"/entities/{draft}").status_code == 404
    assert team.ask(f"/drafts/{draft}/preflight").status_code == 403
    with server.client() as nobody:
        assert nobody.get(f"/api/v1/drafts/{draft}/preflight").status_code == 401
        assert nobody.get("/api/v1/picture?kind=draft").json()["features"] == []


ODD: dict[str, dict[str, Any]] = {
    "nothing": {},
    "unknown field": {"event_type": "fire", "released_by": "ann"},
    "markup in the type": {"event_type": "<b>"},
    "script for a page": {"event_type": "fire", "web": "javascript:alert(1)"},
    "no place on earth": {
        "event_type": "fire",
        "geometry": {"type": "Point", "coordinates": [999, 1]},
    },
    "crossing edges": {
        "event_type": "fire",
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
    },
    "too many corners": {
        "event_type": "fire",
        "geometry": {
            "type": "LineString",
            "coordinates": [[114 + n / 1e5, 22] for n in range(5001)],
        },
    },
    "a language that is none": {"event_type": "fire", "title": {"xx": "fire"}},
    "a headline without end": {"event_type": "fire", "title": {"en": "x" * 161}},
    "a radius around the world": {"event_type": "fire", "radius_m": 1e9},
    "a time without a zone": {"event_type": "fire", "ends_at": "2026-01-01T00:00:00"},
    "a grade that is none": {"event_type": "fire", "severity": "Awful"},
}


@pytest.fixture(scope="module")
def writer() -> Iterator[tuple[Server, Person]]:
    """Give a web process and somebody who may write, for all that changes nothing."""
    with web_server(MemoryStore()) as server, people_of(server) as folk:
        yield server, folk("ann", Role.DUTY_OFFICER)


@pytest.mark.parametrize("name", list(ODD))
def test_odd_drafts_are_refused(writer: tuple[Server, Person], name: str) -> None:
    """What is no draft is refused with what is wrong, and nothing is stored."""
    server, ann = writer
    answer = ann.post("/drafts", **ODD[name])
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert server.entities(Draft) == []


def test_what_cannot_be_seen_stays_out(server: Server, person: Folk) -> None:
    """Control characters, turned writing and markup do no harm in what is sent."""
    ann, ben = person("ann", Role.DUTY_OFFICER), person("ben", Role.COMMANDER)
    odd = {"en": "Fire\x00 \u202e& <b>]]> ", "zh-Hant": "火警", "zh-Hans": "火警"}
    draft = ann.done(
        "/drafts", event_type="fire", geometry=SQUARE, **{**WORDS, "title": odd}, **GRADES
    )
    release(server, ann, ben, draft["id"])
    (alert,) = server.entities(Alert)
    assert alert.title["en"] == "Fire & <b>]]>"
