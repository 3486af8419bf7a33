"""The plain pages: what the public reads, and that it is honest about what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from cop.api import words
from cop.api.pages import local_path
from cop.config import Settings
from cop.model.kinds import Alert, FeedState, FeedStatus
from cop.model.record import put
from cop.model.text import LANGS, choose_lang
from cop.store.memory import MemoryStore
from tests.integration.web_server import Server, until, web_server

ISSUED = datetime(2026, 1, 1, 6, 5, tzinfo=UTC)


def warning(name: str = "WRAINB", **fields: Any) -> Alert:
    """Make a warning of the Observatory."""
    given: dict[str, Any] = {
        "id": f"hko_warnings:{name}",
        "feed": "hko_warnings",
        "publisher": "HKO",
        "title": {"en": "Black Rainstorm <Signal>", "zh-Hant": "黑色暴雨警告信號"},
        "event_type": "rainstorm",
        "issued_at": ISSUED,
    }
    return Alert(**(given | fields))


def status(feed: str = "hko_warnings", *, age: timedelta = timedelta(0), **fields: Any) -> Any:
    """Make the status of a feed that was fetched *age* ago."""
    given: dict[str, Any] = {
        "id": f"feed_status:{feed}",
        "feed": feed,
        "publisher": "HKO",
        "state": FeedState.OK,
        "fetched_at": datetime.now(UTC) - age,
        "every_s": 60.0,
        "stale_after_s": 600.0,
    }
    return FeedStatus(**(given | fields))


@pytest.fixture
def server() -> Iterator[Server]:
    """Run a web process with a worker that seems alive."""
    store = MemoryStore()
    store.mark("worker:here:1", "", ttl_ms=600_000)
    with web_server(store) as running:
        until(lambda: httpx.get(f"{running.url}/readyz").json().get("worker") is True)
        yield running


def page(server: Server, *entities: Any, lang: str = "en") -> str:
    """Put *entities* on the picture and read the page once they are there."""
    cursor = server.store.write([put(entity) for entity in entities], fetched_ms=1).cursor
    until(lambda: server.has_come_to(cursor))
    answer = httpx.get(f"{server.url}/", params={"lang": lang})
    assert answer.status_code == 200
    return answer.text


def test_a_warning_in_force_is_told_with_its_time(server: Server) -> None:
    """The public reads the name, since when in Hong Kong time, and who says so; escaped."""
    text = page(server, warning(), status())
    assert "Black Rainstorm &lt;Signal&gt;" in text
    assert "since 2026-01-01 14:05" in text
    assert "Hong Kong Observatory" in text
    assert text.count("<script") == text.count('<script src="/assets/public.js"') == 1
    assert 'lang="zh-Hant"' in page(server, status(), lang="zh-Hant")


def test_nothing_in_force_is_said_only_when_it_was_looked(server: Server) -> None:
    """An empty list says when it was checked; a feed never fetched says nothing is known."""
    assert "not known whether" in page(server, status("hko_wind"))
    assert "No warning in force; checked at" in page(server, status())
    never = status().model_copy(update={"fetched_at": None, "state": FeedState.FAILING})
    assert "No warning in force" not in page(server, never)


def test_an_old_answer_is_not_passed_off_as_new(server: Server) -> None:
    """A stale, frozen or failing feed shows the last known state and since when."""
    for told in (
        status(age=timedelta(hours=2)),
        status(content_at=datetime.now(UTC) - timedelta(hours=2)),
        status(state=FeedState.FAILING),
    ):
        text = page(server, warning(), told)
        assert "No new information since" in text
        assert "Black Rainstorm" in text


def test_what_is_over_or_a_drill_is_not_shown(server: Server) -> None:
    """Expired warnings and a publisher's own drills are not in force."""
    over = warning("OLD", title={"en": "Old one"}, expires_at=ISSUED + timedelta(hours=1))
    drill = warning("TEST", title={"en": "Drill one"}, exercise=True)
    text = page(server, over, drill, status())
    assert "Old one" not in text
    assert "Drill one" not in text


def test_a_dead_worker_is_told(server: Server) -> None:
    """When nobody fetches any more the page says since when."""
    server.store.mark("worker:here:1", "", ttl_ms=1)
    until(lambda: httpx.get(f"{server.url}/readyz").json().get("worker") is False)
    assert "not being updated since" in page(server, warning(), status())


def test_an_exercise_is_marked_on_every_page() -> None:
    """An exercise says so on the public page and where one signs in, in every language."""
    settings = Settings(operation="drill", scenario="storm")
    with web_server(settings=settings) as server:
        for lang in LANGS:
            for path in ("/", "/sign-in"):
                text = httpx.get(f"{server.url}{path}", params={"lang": lang}).text
                assert words.EXERCISE[lang] in text


def test_the_sign_in_page_speaks_three_languages(server: Server) -> None:
    """The form has labels and messages in the language asked for, and no inline script."""
    for lang in LANGS:
        text = httpx.get(f"{server.url}/sign-in", params={"lang": lang}).text
        assert f'<html lang="{lang}">' in text
        assert words.PASSWORD[lang] in text
        assert 'src="/assets/sign-in.js"' in text
        assert text.count("<script") == 1


def test_every_sentence_is_in_every_language() -> None:
    """No language falls back to another on the plain pages."""
    values = [value for name, value in vars(words).items() if name.isupper()]
    tables = [value for value in values if any(isinstance(row, dict) for row in value.values())]
    sentences = [value for value in values if value not in tables]
    assert len(sentences) > 10
    for sentence in (*sentences, *(row for table in tables for row in table.values())):
        assert set(sentence) == set(LANGS)


@pytest.mark.parametrize(
    ("asked", "accepted", "lang"),
    [
        ("zh-Hans", "en", "zh-Hans"),
        ("xx", "en-GB,en;q=0.9", "en"),
        ("", "zh-CN,zh;q=0.9", "zh-Hans"),
        ("", "zh-HK", "zh-Hant"),
        ("", "fr,de", "zh-Hant"),
        ("", "", "zh-Hant"),
    ],
)
def test_the_language_follows_the_reader(asked: str, accepted: str, lang: str) -> None:
    """The address decides, then the browser, then what most people here read."""
    assert choose_lang(asked, accepted) == lang


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/command?sel=a", "/command?sel=a"),
        ("https://evil.example", "/command"),
        ("//evil.example", "/command"),
        ("/\\evil.example", "/command"),
        ("/\t/evil.example", "/command"),
        ("", "/command"),
    ],
)
def test_signing_in_leads_nowhere_else(wanted: str, path: str) -> None:
    """Only a path on this site is gone to after signing in."""
    assert local_path(wanted) == path
