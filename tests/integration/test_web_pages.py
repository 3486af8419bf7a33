"""The plain pages: signing in, and messages, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cop.api import words
from cop.api.pages import local_path
from cop.config import Settings
from cop.model.text import LANGS, choose_lang
from cop.services.publishing.paths import LANG_PATHS
from tests.integration.web_server import Server, web_server


@pytest.fixture
def server() -> Iterator[Server]:
    """Run a web process."""
    with web_server() as running:
        yield running


def test_an_exercise_is_marked_on_every_page(tmp_path: Path) -> None:
    """An exercise says so where one signs in and while it has no map yet, in every language."""
    settings = Settings(operation="drill", scenario="storm", data_dir=tmp_path)
    with web_server(settings=settings) as server:
        for lang in LANGS:
            for path in (f"/{LANG_PATHS[lang]}/", f"/sign-in?lang={lang}"):
                assert words.EXERCISE[lang] in httpx.get(f"{server.url}{path}").text


def test_the_sign_in_page_speaks_three_languages(server: Server) -> None:
    """The form has labels and messages in the language asked for, and no inline script."""
    for lang in LANGS:
        text = httpx.get(f"{server.url}/sign-in", params={"lang": lang}).text
        assert f'<html lang="{lang}">' in text
        assert words.PASSWORD[lang] in text
        assert '<input id="password" name="password" type="password"' in text
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
