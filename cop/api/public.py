"""The public site: files that the publisher wrote, handed out without asking anything else.

No store, no session and no replica is touched here: the last picture stands when all of them are
down, and says how old it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Final

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cop.api import words
from cop.api.compress import takes_gzip
from cop.api.pages import exercise_band, page
from cop.api.public_files import Held, PublicShelf
from cop.api.web import Parts
from cop.clock import HONG_KONG, Clock, utc_iso
from cop.config import TILE_HOSTS, Settings
from cop.model.text import Lang, Text, choose_lang, say
from cop.services.documents import is_known
from cop.services.publishing.embed_policy import EMBED_POLICY
from cop.services.publishing.files import LASTING
from cop.services.publishing.paths import CAP, KEPT_UP, LANG_PATHS, POINTER, page_path

router = APIRouter(include_in_schema=False)

LATE_AFTER: Final = timedelta(seconds=120)
LATE_MARK: Final = b"<!--late-->"
"""Where a page that is older than it should be says so."""

_PAGE_S: Final = (15, 60)
"""For how long a page is kept, and how much longer while a new one is fetched, in seconds."""
_LATE_PAGE_S: Final = (5, 10)
_FEEDS: Final = "public/feeds/"
_KEPT_UP: Final = "public, max-age=15"
_POINTER: Final = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400"
_LASTING: Final = "public, max-age=31536000, immutable"
_OUTLETS: Final = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
_ABOUT: Final = "public, max-age=3600"
_MISSING: Final = "public, max-age=5"
_CHOICE: Final = "public, max-age=300"

_LANGS: Final[Mapping[str, Lang]] = {path: lang for lang, path in LANG_PATHS.items()}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; "
)
_FILE_POLICY: Final = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
_FOR_ALL: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Age, Cop-As-Of, Date, ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Of what pages of other sites may read and show."""
_TILES: Final = " ".join(f"https://{host}" for host in TILE_HOSTS)
_PAGE_POLICY: Final = (
    f"{_POLICY}img-src 'self' data: {_TILES}; form-action 'self'; frame-ancestors 'none'"
)


@router.get("/")
async def choose_page(request: Request, lang: str = "") -> Response:
    """Lead to the page in the language asked for, or in the browser's."""
    chosen = choose_lang(lang, request.headers.get("accept-language", ""))
    headers = {"Location": page_path(chosen), "Cache-Control": _CHOICE, "Vary": "Accept-Language"}
    return Response(status_code=302, headers=headers)


async def complete_address(request: Request) -> Response:
    """Lead to the page whose address was written without its last stroke."""
    headers = {"Location": f"{request.scope['path']}/", "Cache-Control": _CHOICE}
    return Response(status_code=301, headers=headers)


async def hand_out(request: Request, web: Parts) -> Response:
    """Hand out one file as it lies there; a page that is late says since when."""
    path = request.scope["path"].removeprefix("/")
    shelf: PublicShelf = request.app.state.public_shelf
    name = f"{path}index.html" if path.endswith("/") else path
    held = await asyncio.to_thread(shelf.find, name)
    if held is None:
        whole = await asyncio.to_thread(shelf.find, f"{path}/index.html")
        if whole is not None:
            return await complete_address(request)
        return await asyncio.to_thread(_nothing, shelf, path, web.settings)
    left = LATE_AFTER - (datetime.now(UTC) - held.made_at)
    if left < timedelta():
        mark, notice = _late_notice(name, held, web.settings.clock())
        held = await asyncio.to_thread(shelf.variant, held, mark, notice) if mark else held
    headers = _headers(name, held, left, web.settings.clock())
    gzipped = held.gzipped if takes_gzip(request.headers.get("accept-encoding", "")) else None
    etag = f'"{held.hash}{"" if gzipped is None else "-gz"}"'
    headers["ETag"] = etag
    if is_known(etag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    if gzipped is not None:
        headers["Content-Encoding"] = "gzip"
    body = held.body if gzipped is None else gzipped
    return Response(body, headers=headers, media_type=held.media_type)


def _headers(name: str, held: Held, left: timedelta, clock: Clock) -> dict[str, str]:
    headers = {
        "Cache-Control": _keeping(name, left),
        "Last-Modified": format_datetime(held.made_at.replace(microsecond=0), usegmt=True),
        "Cop-As-Of": utc_iso(_as_of(held, clock), "seconds"),
        "Vary": "Accept-Encoding",
    }
    is_widget = name.split("/")[1:2] == ["embed"]
    if not name.endswith(".html"):
        headers["Content-Security-Policy"] = _FILE_POLICY
    else:
        headers["Content-Security-Policy"] = EMBED_POLICY if is_widget else _PAGE_POLICY
    if name.startswith("public/") or is_widget:  # in a sandboxed frame a widget has no origin
        headers |= _FOR_ALL
    return headers


def _keeping(name: str, left: timedelta) -> str:
    """Tell caches how long a file may be kept; a page not beyond the time *left* to be late."""
    is_message = name.startswith(CAP) and name.endswith(".xml")
    if name.startswith(LASTING) or is_message:
        return _LASTING
    if name == POINTER:
        return _POINTER
    if name == KEPT_UP:
        return _KEPT_UP
    if name.startswith("public/"):
        return _OUTLETS
    if not name.endswith(".html"):
        return _ABOUT
    seconds = int(left.total_seconds())
    first, then = _PAGE_S if left >= timedelta() else _LATE_PAGE_S
    if left >= timedelta():
        first = min(first, seconds)
        then = min(then, seconds - first)
    return f"public, max-age={first}, stale-while-revalidate={then}, stale-if-error=86400"


def _as_of(held: Held, clock: Clock) -> datetime:
    """Tell the operation's time up to which a file is true."""
    return clock.now() - (datetime.now(UTC) - held.made_at) * clock.speed


def _late_notice(name: str, held: Held, clock: Clock) -> tuple[bytes, bytes]:
    """Give what of a page or feed makes way for the notice that it is not kept up, and that.

    Both are empty for what people do not read.
    """
    stamp = _as_of(held, clock).astimezone(HONG_KONG).strftime("%Y-%m-%d %H:%M")
    said = say(words.LATE, _lang_of(name.removeprefix(_FEEDS))).replace("{time}", stamp)
    if name.endswith(".html"):
        return LATE_MARK, f'<p class="p-late" role="alert">{escape(said)}</p>'.encode()
    if name.startswith(_FEEDS) and name.endswith(".atom"):
        return b"</subtitle>", f"\n{escape(said)}</subtitle>".encode()
    if name.startswith(_FEEDS):
        opening = b'"description":"'
        return opening, opening + orjson.dumps(f"{said}\n")[1:-1]
    return b"", b""


def _nothing(shelf: PublicShelf, path: str, settings: Settings) -> Response:
    """Say in words that there is no such page, or that there is none yet."""
    lang = _lang_of(path)
    if shelf.find(f"{LANG_PATHS[lang]}/index.html") is not None:
        return _message(404, words.NO_PAGE, lang, settings, {"Cache-Control": _MISSING})
    headers = {"Retry-After": "5", "Cache-Control": "no-store"}
    return _message(503, words.NOT_YET, lang, settings, headers)


def _message(
    status: int, said: Text, lang: Lang, settings: Settings, headers: dict[str, str]
) -> Response:
    band = exercise_band(lang) if settings.exercise else ""
    title = say(words.TITLE, lang)
    body = (
        f'{band}<main class="plain-card"><h1>{escape(title)}</h1>'
        f'<p role="alert">{escape(say(said, lang))}</p>'
        f'<p><a href="{page_path(lang)}">{escape(say(words.TO_PUBLIC, lang))}</a></p></main>'
    )
    again = '<meta http-equiv="refresh" content="5">\n' if status == 503 else ""
    return HTMLResponse(page(title, body, lang, head=again), status, headers=headers)


def _lang_of(path: str) -> Lang:
    return _LANGS.get(path.partition("/")[0], "zh-Hant")


for _lang in _LANGS:
    router.add_api_route(f"/{_lang}", complete_address)
    for _path in ("", "embed/", "embed/{rest:path}", "{rest:path}"):
        router.add_api_route(f"/{_lang}/{_path}", hand_out)
for _path in ("/public/{rest:path}", "/robots.txt", "/sitemap.xml"):
    router.add_api_route(_path, hand_out)
