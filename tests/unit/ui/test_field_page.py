"""The page for phones: light, the same for everybody, known by its content."""

from __future__ import annotations

import asyncio
import gzip
import re
from pathlib import Path
from typing import Final

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from cop.config import Settings
from cop.model.text import LANGS, Lang
from cop.ui.field import bundle
from cop.ui.field.page import Site, add_field, make_site
from cop.ui.field.words import FIELD_WORDS, words_for
from cop.ui.field.words_duty import DUTY
from cop.ui.field.words_shell import SHELL
from cop.ui.field.words_work import WORK

FIRST_BYTES: Final = 60 * 1024
ALL_BYTES: Final = 500 * 1024
SCRIPTS: Final = sorted(path for path in bundle.FIELD.rglob("*.js") if "vendor" not in path.parts)
OWN_WORDS: Final = {**SHELL, **DUTY, **WORK}
SITE: Final = make_site(Settings(operation="exercise-storm"))


def zipped(body: bytes) -> int:
    """Tell how many bytes of *body* go over the network."""
    return len(gzip.compress(body, 6))


def weight(site: Site, *beginnings: str) -> int:
    """Add up what of the files whose names begin so goes over the network."""
    return sum(zipped(one.body) for name, one in site.files.items() if name.startswith(beginnings))


@pytest.mark.parametrize("lang", LANGS)
def test_the_first_screen_is_light(lang: Lang) -> None:
    """HTML, scripts and styles of the first screen, without which nothing can be done."""
    assert zipped(SITE.html[lang]) + weight(SITE, "app.") <= FIRST_BYTES


def test_the_whole_first_load_is_light() -> None:
    """With the map, all languages, the worker and the icons."""
    icons = sum(map(len, SITE.icons.values()))
    html = zipped(SITE.html["zh-Hant"])
    assert html + weight(SITE, "") + zipped(SITE.worker) + icons <= ALL_BYTES


def test_a_name_changes_with_its_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another script has another name, which page and worker tell; the same has the same."""
    again = make_site(Settings(operation="exercise-storm"))
    assert again.files.keys() == SITE.files.keys()
    assert again.html == SITE.html
    read = bundle._read
    monkeypatch.setattr(
        bundle, "_read", lambda path: read(path) + ("\n// x\n;" if path.name[:2] == "40" else "")
    )
    other = make_site(Settings(operation="exercise-storm"))
    assert min(other.files.keys() ^ SITE.files.keys()).startswith("app.")
    assert other.html["en"] != SITE.html["en"]
    assert other.worker != SITE.worker


def test_the_page_is_everybodys() -> None:
    """Neither settings nor anything else that is secret or somebody's stands in it."""
    settings = Settings(
        operation="live", oidc_client_secret="hush-hush", push_key="hush-hush", contact="desk@x"
    )
    site = make_site(settings)
    for body in (*site.html.values(), site.worker, *(one.body for one in site.files.values())):
        assert b"hush-hush" not in body
        assert b"desk@x" not in body
    for lang in LANGS:
        assert b"<script>" not in site.html[lang]
        assert not re.search(rb"\son\w+=", site.html[lang]), "no inline handlers"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_keep_to_the_rules(path: Path) -> None:
    """No HTML from words, no code from words, no text over several lines, strict mode."""
    script = path.read_text("utf-8")
    assert '"use strict";' in script
    for banned in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert banned not in script
    assert not re.search(r"new Function|setAttribute\(\"on", script)
    assert all(line.count("`") % 2 == 0 for line in script.splitlines()), "text over several lines"


@pytest.mark.parametrize("key", OWN_WORDS)
def test_a_word_has_three_languages(key: str) -> None:
    """English, 繁體 and 简体 are all given, with the same gaps to fill."""
    words = FIELD_WORDS[key]
    assert set(words) == set(LANGS)
    assert len({frozenset(re.findall(r"\{(\w+)\}", sentence)) for sentence in words.values()}) == 1


def test_scripts_ask_for_no_word_that_is_not_there() -> None:
    """Every key that stands whole in a script is among the words that are shipped with it."""
    sources = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    asked = set(re.findall(r'cop\.t\(\s*"([\w.-]+)"', sources))
    for after in sources.split("cop.ui.button(")[1:]:
        key = re.match(r'\s*"([\w.-]+)"', after)
        if key and "label:" not in after[:300]:  # a label stands for the word
            asked.add(key[1])
    assert asked - words_for(sources).keys() == set()


def test_no_word_is_left_over() -> None:
    """Each of the page's own words is used by its scripts."""
    sources = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    assert OWN_WORDS.keys() - words_for(sources).keys() == set()


def _get(path: str, **headers: str) -> httpx.Response:
    server = FastAPI(openapi_url=None)
    add_field(server, Settings(operation="exercise-storm"))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=server)
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def test_the_page_speaks_the_browsers_language() -> None:
    """The address decides, else the browser; who holds the page already is told so."""
    for asked, accepted, lang in (
        ("?lang=en", "zh-HK", "en"),
        ("", "zh-CN,zh", "zh-Hans"),
        ("", "", "zh-Hant"),
    ):
        answer = _get(f"/field{asked}", **{"accept-language": accepted})
        assert f'<html lang="{lang}">' in answer.text
        assert answer.headers["cache-control"] == "no-cache"
    again = _get("/field", **{"if-none-match": f'"x", W/{_get("/field").headers["etag"]}'})
    assert again.status_code == 304


def test_the_worker_may_serve_the_page() -> None:
    """Its scope is the page, and it may connect to nothing but us and the map's publisher."""
    answer = _get("/field/worker.js")
    assert answer.headers["service-worker-allowed"] == "/field"
    assert answer.headers["cache-control"] == "no-cache"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_files_are_kept_for_ever_and_others_are_not_there() -> None:
    """A file's name is its content; what has another name is nothing."""
    for name in SITE.files:
        assert "immutable" in _get(f"/field/{name}").headers["cache-control"]
    for path in ("/field/app.0.js", "/field/icons/x.png", "/field/..%2Fapp.js"):
        assert _get(path).status_code == 404


@pytest.mark.parametrize("lang", LANGS)
def test_it_can_be_installed(lang: Lang) -> None:
    """The manifest has what browsers ask for, an exercise says so, and its icons are there."""
    manifest = _get(f"/field/manifest.webmanifest?lang={lang}").json()
    assert manifest["start_url"] == manifest["scope"] == "/field"
    assert manifest["display"] == "standalone"
    assert manifest["lang"] == lang
    assert re.match("EXERCISE|演習|演习", manifest["short_name"])
    assert {one["purpose"] for one in manifest["icons"]} == {"any", "maskable"}
    for one in manifest["icons"]:
        name = one["src"].rpartition("/")[2]
        with Image.open(bundle.FIELD / "icons" / name) as image:
            assert f"{image.width}x{image.height}" == one["sizes"]
