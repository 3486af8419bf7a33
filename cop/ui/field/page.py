"""`/field` and its files: the same for everybody, so that all may be kept on the device.

What is anybody's own comes by the API alone; nothing here looks at who asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, get_args

import orjson
from fastapi import APIRouter, FastAPI, Request, Response

from cop.config import TILE_HOSTS, Settings
from cop.model.district import DISTRICT_NAMES
from cop.model.kinds import Triage
from cop.model.response import INCIDENT_TYPES, NEED_ITEMS
from cop.model.text import LANGS, Lang, choose_lang, say
from cop.services.documents import is_known
from cop.ui.field.bundle import (
    ASSETS,
    FIELD,
    Bundle,
    app_bundle,
    app_styles,
    hash_of,
    map_bundle,
    map_styles,
    words_bundle,
    work_bundle,
    worker_body,
)
from cop.ui.field.shell import shell
from cop.ui.field.words import words_for
from cop.ui.words import WORDS

PAGE: Final = "/field"
_WORKER_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        " ".join(("connect-src 'self'", *(f"https://{host}" for host in TILE_HOSTS))),
    )
)
"""What the worker fetches counts as its own connections, map tiles too; it may do nothing else."""
_FOREVER: Final = "public, max-age=31536000, immutable"
_DARK: Final = "#0d1319"
_NAMES: Final = {
    "name": {
        "en": "Common Operational Picture: field",
        "zh-Hant": "聯合運作平台：前線",
        "zh-Hans": "联合运作平台：前线",
    },
    "short_name": {"en": "COP field", "zh-Hant": "前線平台", "zh-Hans": "前线平台"},
}


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that is served under `/field`, made once at the start.

    Attributes:
        html: the page in each language.
        worker: the service worker.
        files: name to file: scripts, styles, words.
        icons: name to PNG.
    """

    html: dict[Lang, bytes]
    worker: bytes
    files: dict[str, Bundle]
    icons: dict[str, bytes]


def make_site(settings: Settings) -> Site:
    """Put the page of the operation of *settings* together."""
    app, work, map_ = app_bundle(), work_bundle(), map_bundle()
    css, map_css = app_styles(), map_styles()
    words = words_for(b"\n".join((app.body, work.body, map_.body)).decode())
    spoken = {lang: words_bundle(lang, words) for lang in LANGS}
    bundles = (app, work, map_, css, map_css, *spoken.values())
    icons = {path.name: path.read_bytes() for path in sorted((FIELD / "icons").glob("*.png"))}
    told = _facts(settings) | {
        "version": hash_of("".join(one.name for one in bundles).encode()),
        "files": {
            "work": _path(work),
            "map": _path(map_),
            "map_css": _path(map_css),
            "words": {lang: _path(one) for lang, one in spoken.items()},
        },
    }
    html = {
        lang: shell(lang, told | {"words": orjson.loads(one.body)}, app.name, css.name).encode()
        for lang, one in spoken.items()
    }
    site = {
        "operation": settings.operation,
        "exercise": settings.exercise,
        "version": hash_of(b"".join(html.values())),
        "shell": [PAGE, *map(_path, (app, css, work))],
        "later": [
            *map(_path, (map_, map_css, *spoken.values())),
            *(f"{PAGE}/icons/{name}" for name in icons),
            *(f"/assets/geo/{path.name}" for path in sorted((ASSETS / "geo").glob("*.json"))),
        ],
        "tiles": TILE_HOSTS,
        "words": dict(words_for(worker_body("{}").decode())),
    }
    worker = worker_body(orjson.dumps(site).decode())
    return Site(html, worker, {one.name: one for one in bundles}, icons)


def add_field(server: FastAPI, settings: Settings) -> None:
    """Put the phone's page and its files on *server*."""
    site = make_site(settings)
    router = APIRouter(include_in_schema=False)

    @router.get(PAGE)
    async def show(request: Request, lang: str = "") -> Response:
        chosen = choose_lang(lang, request.headers.get("accept-language", ""))
        answer = _tagged(request, site.html[chosen], "text/html; charset=utf-8")
        answer.headers["Vary"] = "Accept-Language"
        return answer

    @router.get(f"{PAGE}/worker.js")
    async def worker(request: Request) -> Response:
        answer = _tagged(request, site.worker, "text/javascript")
        answer.headers["Service-Worker-Allowed"] = PAGE
        answer.headers["Content-Security-Policy"] = _WORKER_POLICY
        return answer

    @router.get(f"{PAGE}/manifest.webmanifest")
    async def manifest(lang: str = "") -> Response:
        body = orjson.dumps(_manifest(choose_lang(lang, ""), exercise=settings.exercise))
        return Response(body, media_type="application/manifest+json")

    @router.get(f"{PAGE}/icons/{{name}}")
    async def icon(name: str) -> Response:
        if name not in site.icons:
            return Response(status_code=404)
        kept = {"Cache-Control": "public, max-age=86400"}
        return Response(site.icons[name], headers=kept, media_type="image/png")

    @router.get(f"{PAGE}/{{name}}")
    async def file(name: str) -> Response:
        if name not in site.files:
            return Response(status_code=404)
        found = site.files[name]
        headers = {"Cache-Control": _FOREVER}
        return Response(found.body, headers=headers, media_type=found.media_type)

    server.include_router(router)


def _path(bundle: Bundle) -> str:
    return f"{PAGE}/{bundle.name}"


def _facts(settings: Settings) -> dict[str, Any]:
    """Give what the scripts are told besides words: codes and names. Nothing is anybody's own."""
    return {
        "operation": settings.operation,
        "exercise": settings.exercise,
        "outside": bool(settings.oidc_issuer),
        "districts": {code.value: names for code, names in DISTRICT_NAMES.items()},
        "incident_types": INCIDENT_TYPES,
        "need_items": NEED_ITEMS,
        "triage": get_args(Triage),
        "supplies": [key.removeprefix("supply.") for key in WORDS if key.startswith("supply.")],
    }


def _manifest(lang: Lang, *, exercise: bool) -> dict[str, Any]:
    """Give the web app manifest in *lang*."""
    mark = f"{say(WORDS['mode.exercise'], lang)} " if exercise else ""
    sizes = ((192, "any"), (512, "any"), (192, "maskable"), (512, "maskable"))
    return {
        **{key: mark + names[lang] for key, names in _NAMES.items()},
        "id": PAGE,
        "lang": lang,
        "start_url": PAGE,
        "scope": PAGE,
        "display": "standalone",
        "orientation": "any",
        "background_color": _DARK,
        "theme_color": _DARK,
        "icons": [
            {
                "src": f"{PAGE}/icons/{'' if purpose == 'any' else 'maskable-'}{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, purpose in sizes
        ],
    }


def _tagged(request: Request, body: bytes, media_type: str) -> Response:
    """Answer with *body*, or 304 to whoever holds it; it is asked for anew each time."""
    tag = f'"{hash_of(body)}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if is_known(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
