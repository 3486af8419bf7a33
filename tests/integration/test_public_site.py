"""The public site as the web process hands it out: caching, language, age, and nothing else."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from cop.api import words
from cop.api.rules import RULES, Access
from cop.config import Settings
from cop.errors import StoreUnavailable
from cop.model.text import LANGS
from cop.services.publishing.files import PublicFiles
from cop.services.publishing.paths import KEPT_UP, LANG_PATHS, POINTER, public_root
from cop.store.memory import MemoryStore
from tests.integration.web_server import Server, web_server

SCRIPT = "public/a/app.0123456789abcdef.js"
FILES = {
    **{
        f"{part}/{page}index.html": f'<html lang="{lang}"><!--late-->{page or "home"}</html>' * 9
        for lang, part in LANG_PATHS.items()
        for page in ("", "district/yuen-long/", "data/", "embed/", "embed/yuen-long/")
    },
    POINTER: '{"version":1}' * 9,
    "public/p/1-0123456789abcdef.json": '{"features":[]}' * 9,
    "public/c/2-0123456789abcdef.tc.json": '{"put":[]}' * 9,
    SCRIPT: "void 0;" * 9,
    "public/feeds/en/all.atom": "<feed/>" * 9,
    "public/feeds/en/all.json": "{}" * 9,
    "public/data/roads.csv": "id\n" * 9,
    "public/data/roads.geojson": "{}" * 9,
    "robots.txt": "User-agent: *\n" * 9,
    "sitemap.xml": "<urlset/>" * 9,
}
"""Each repeated, so that it is worth compressing."""


class Gone(MemoryStore):
    """A store that does not answer at all."""

    def __getattribute__(self, name: str) -> Any:
        """Fail whatever is asked."""
        if name.startswith("_"):
            return super().__getattribute__(name)

        def fail(*_: Any, **__: Any) -> Any:
            raise StoreUnavailable("gone")

        return fail


def lay_out(root: Path, made_at: datetime, *, but: str = "") -> None:
    """Put the files of a small site below *root*, true up to *made_at*."""
    files = PublicFiles(root)
    for path, body in FILES.items():
        if path != but:
            files.write(path, body.encode(), made_at)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give the settings of a data directory in which a site lies that was made just now."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    lay_out(public_root(settings.data_dir), datetime.now(UTC) + timedelta(minutes=10))
    return settings


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[Server]:
    """Run a web process without a store and without a publisher."""
    with web_server(Gone(), settings=settings, ready=False) as running:
        yield running


def get(server: Server, path: str, **headers: str) -> httpx.Response:
    """Ask for a path."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(f"{server.url}/{path}", headers=given)


def address(path: str) -> str:
    """Give the address of a file."""
    return path.removesuffix("index.html")


@pytest.mark.parametrize("path", sorted(FILES))
def test_every_file_is_handed_out_as_it_lies(server: Server, path: str) -> None:
    """Whole or compressed, with a strong name for each, its time, and 304 to who has it."""
    tags = set()
    for coding in ("gzip", "identity"):
        answer = get(server, address(path), Accept_Encoding=coding)
        assert answer.status_code == 200
        assert answer.text == FILES[path]
        assert answer.headers["vary"] == "Accept-Encoding"
        assert (answer.headers.get("content-encoding") == "gzip") is (coding == "gzip")
        assert re.fullmatch(r'"[0-9a-f]{32}(-gz)?"', answer.headers["etag"])
        assert parsedate_to_datetime(answer.headers["last-modified"])
        assert datetime.fromisoformat(answer.headers["cop-as-of"]).tzinfo is not None
        assert "set-cookie" not in answer.headers
        tag = answer.headers["etag"]
        tags.add(tag)
        again = get(server, address(path), Accept_Encoding=coding, If_None_Match=f'"x", {tag}')
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == answer.headers["cache-control"]
        head = httpx.head(f"{server.url}/{address(path)}", headers={"Accept-Encoding": coding})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == answer.headers["content-length"]
    assert len(tags) == 2


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("en/", "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"),
        ("tc/embed/", "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"),
        (POINTER, "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400"),
        (SCRIPT, "public, max-age=31536000, immutable"),
        ("public/p/1-0123456789abcdef.json", "public, max-age=31536000, immutable"),
        ("public/c/2-0123456789abcdef.tc.json", "public, max-age=31536000, immutable"),
        (
            "public/feeds/en/all.atom",
            "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400",
        ),
        (
            "public/data/roads.csv",
            "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400",
        ),
        ("robots.txt", "public, max-age=3600"),
        ("sitemap.xml", "public, max-age=3600"),
    ],
)
def test_caches_are_told_how_long(server: Server, path: str, kept: str) -> None:
    """What never changes for a year, the pointer for five seconds, pages for a quarter minute."""
    assert get(server, path).headers["cache-control"] == kept


def test_the_root_leads_to_the_readers_language(server: Server) -> None:
    """By what the address says, else by the browser; the city's own language when neither does."""
    for query, accepted, part in (
        ("", "", "tc"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr, zh-CN;q=0.5", "sc"),
        ("?lang=zh-Hans", "en", "sc"),
        ("?lang=zh-Hant", "en", "tc"),
        ("?lang=xx", "en", "en"),
    ):
        answer = get(server, query, Accept_Language=accepted)
        assert answer.status_code == 302
        assert answer.headers["location"] == f"/{part}/"
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert answer.headers["vary"] == "Accept-Language"
    for part in LANG_PATHS.values():
        answer = get(server, part)
        assert (answer.status_code, answer.headers["location"]) == (301, f"/{part}/")
        answer = get(server, f"{part}/district/yuen-long")
        assert (answer.status_code, answer.headers["location"]) == (
            301,
            f"/{part}/district/yuen-long/",
        )


def test_pages_and_the_widget_have_policies_of_their_own(server: Server) -> None:
    """A page stands in nobody's frame, the widget in anybody's; neither runs foreign scripts."""
    for path in ("en/", "tc/data/", "sc/district/yuen-long/"):
        headers = get(server, path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-frame-options"] == "DENY"
    for path in ("en/embed/", "tc/embed/yuen-long/"):
        headers = get(server, path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "frame-ancestors *" in policy
        assert "unsafe" not in policy
        assert "x-frame-options" not in headers
        assert headers["x-content-type-options"] == "nosniff"


def test_open_data_is_for_every_site_and_nothing_else_is(server: Server) -> None:
    """Scripts of other sites may read what is below /public and the widget; files run nothing."""
    for path in FILES:
        headers = get(server, address(path)).headers
        is_open = path.startswith("public/") or "/embed/" in path
        assert (headers.get("access-control-allow-origin") == "*") is is_open, path
        policy = headers["cross-origin-resource-policy"]
        assert policy == ("cross-origin" if is_open else "same-origin")
        if not path.endswith(".html"):
            assert headers["content-security-policy"].startswith("default-src 'none'; ")
            assert "unsafe" not in headers["content-security-policy"]
    for path in ("api/v1/me", "sign-in", "healthz", "assets/tokens.css", "en/nowhere/"):
        headers = get(server, path).headers
        assert "access-control-allow-origin" not in headers
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_no_cache_may_keep_a_page_beyond_the_time_when_it_is_late(tmp_path: Path) -> None:
    """What is given out without the notice may nowhere be given out when two minutes are over."""
    settings = Settings(data_dir=tmp_path)
    with web_server(Gone(), settings=settings, ready=False) as server:
        for age, most in ((0, 75), (60, 60), (100, 20), (118, 2), (121, 0)):
            lay_out(public_root(tmp_path), datetime.now(UTC) - timedelta(seconds=age))
            answer = get(server, "en/")
            kept = answer.headers["cache-control"]
            seconds = re.findall(r"(?:max-age|revalidate)=(\d+)", kept)
            assert len(seconds) == 2
            is_late = 'role="alert"' in answer.text  # the moment in between may have been long
            assert is_late or age < 120
            assert sum(map(int, seconds)) <= (15 if is_late else most), kept


def test_the_sign_of_being_kept_up_is_never_given_out_when_old(
    settings: Settings, server: Server
) -> None:
    """By it pages without scripts tell that the application can still be reached."""
    PublicFiles(public_root(settings.data_dir)).write(KEPT_UP, b"p{}", datetime.now(UTC))
    answer = get(server, KEPT_UP)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=15"


@pytest.mark.parametrize(
    "path",
    [
        *("en/nowhere/", "en/index.html.gz", "en/embed/nowhere/", "public/", "public/now.json/"),
        *("public/%2e%2e/%2e%2e/running.json", "public/.kept/memory", "en/%2e%2e/robots.txt"),
        *("public/p/", "public/c/2-0123456789abcdef.fr.json", "en/..%5c..%5cx.html"),
    ],
)
def test_what_is_not_there_is_said_in_words(server: Server, path: str) -> None:
    """No file of another place, and a page in the reader's language; kept for a moment only."""
    answer = get(server, path, Accept="text/html")
    assert answer.status_code == 404
    assert "</html>" in answer.text
    assert answer.headers.get("cache-control", "") in ("public, max-age=5", "")


def test_the_missing_page_speaks_the_readers_language(server: Server) -> None:
    """The language is that of the address."""
    for lang, part in LANG_PATHS.items():
        text = get(server, f"{part}/nowhere/").text
        assert words.NO_PAGE[lang] in text
        assert f'<html lang="{lang}">' in text


def test_a_late_page_says_so(tmp_path: Path) -> None:
    """Pages and feeds not kept up for two minutes say since when; pointer and data do not."""
    made_at = datetime.now(UTC) - timedelta(seconds=150)
    settings = Settings(data_dir=tmp_path)
    lay_out(public_root(tmp_path), made_at)
    with web_server(Gone(), settings=settings, ready=False) as server:
        for lang, part in LANG_PATHS.items():
            late = get(server, f"{part}/")
            said = words.LATE[lang].partition("{")[0]
            assert said in late.text
            assert late.text.count('role="alert"') == 1
            plain = get(server, f"{part}/", Accept_Encoding="identity")
            assert plain.text == late.text
            tag = late.headers["etag"]
            assert get(server, f"{part}/", If_None_Match=tag).status_code == 304
            PublicFiles(public_root(tmp_path)).touch(f"{part}/index.html", datetime.now(UTC))
            fresh = get(server, f"{part}/")
            assert said not in fresh.text
            assert fresh.headers["etag"] != tag
        files, said = PublicFiles(public_root(tmp_path)), words.LATE["en"].partition("{")[0]
        files.write("public/feeds/en/all.atom", b"<feed><subtitle>News</subtitle></feed>", made_at)
        files.write("public/feeds/en/all.json", b'{"description":"News"}', made_at)
        atom = get(server, "public/feeds/en/all.atom").text
        assert atom.startswith(f"<feed><subtitle>News\n{said}")
        assert atom.endswith("</subtitle></feed>")
        told = get(server, "public/feeds/en/all.json").json()["description"]
        assert told.startswith(said)
        assert told.endswith("\nNews")
        data = get(server, "public/now.json")
        assert data.text == FILES[POINTER]
        as_of = datetime.fromisoformat(data.headers["cop-as-of"])
        assert abs(as_of - made_at) < timedelta(seconds=2)


def test_an_exercises_time_is_the_scenarios(tmp_path: Path) -> None:
    """Up to when it is true is told in the operation's time."""
    real = datetime.now(UTC) - timedelta(minutes=10)
    settings = Settings(
        data_dir=tmp_path,
        operation="exercise-x",
        scenario="x",
        scenario_start=datetime(2023, 9, 7, 12, tzinfo=UTC),
        scenario_anchor=real,
        speed=60.0,
    )
    lay_out(public_root(tmp_path), real + timedelta(minutes=9))
    with web_server(Gone(), settings=settings, ready=False) as server:
        as_of = datetime.fromisoformat(get(server, "en/").headers["cop-as-of"])
        assert abs(as_of - datetime(2023, 9, 7, 21, tzinfo=UTC)) < timedelta(minutes=3)


def test_before_the_first_edition_it_says_so(tmp_path: Path) -> None:
    """Nothing is made up, nothing is kept, and the page tries again by itself."""
    with web_server(Gone(), settings=Settings(data_dir=tmp_path), ready=False) as server:
        assert get(server, "").status_code == 302
        for lang in LANGS:
            answer = get(server, f"{LANG_PATHS[lang]}/")
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "5"
            assert answer.headers["cache-control"] == "no-store"
            assert words.NOT_YET[lang] in answer.text
            assert 'http-equiv="refresh"' in answer.text


def test_a_picture_that_is_no_text_is_not_compressed(settings: Settings, server: Server) -> None:
    """It goes as it is to whoever asks, with the same headers."""
    body = bytes(range(256)) * 20
    PublicFiles(public_root(settings.data_dir)).write_lasting(
        "public/a/share.aa.png", body, datetime.now(UTC)
    )
    answer = get(server, "public/a/share.aa.png", Accept_Encoding="gzip")
    assert answer.content == body
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-type"] == "image/png"


def test_what_is_compressed_is_not_compressed_again(server: Server) -> None:
    """The bytes are those that the publisher made."""
    with httpx.stream("GET", f"{server.url}/en/", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert gzip.decompress(raw).decode() == FILES["en/index.html"]


def test_the_session_is_never_looked_at(server: Server) -> None:
    """A cookie, an account or a token changes nothing and fails nothing."""
    open_paths = {rule.path for rule in RULES if rule.access is Access.OPEN}
    assert open_paths >= {"/", "/public/*", "/robots.txt", "/sitemap.xml"}
    assert open_paths >= {f"/{part}/*" for part in LANG_PATHS.values()}
    plain = get(server, "en/")
    dressed = get(server, "en/", Cookie="cop=" + "A" * 43, Authorization="Bearer x")
    assert (dressed.status_code, dressed.content) == (200, plain.content)
