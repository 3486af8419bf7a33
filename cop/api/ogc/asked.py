"""What was asked for below /ogc, and how the answer is dressed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar, cast
from urllib.parse import quote, urlencode

import orjson
from fastapi import HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from cop.api.ogc import words
from cop.api.pages import message_page
from cop.api.web import Web
from cop.clock import utc_iso
from cop.errors import Invalid
from cop.model.text import LANGS, Lang, Text, choose_lang, say
from cop.services.documents import is_known
from cop.services.features.items import Features
from cop.services.features.paging import TooOld
from cop.services.policy import Identity

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
HTML: Final = "text/html"

ROOT: Final = "/ogc"
COMMON: Final = ("f", "lang")
"""Parameters that every address knows."""

_VARY: Final = "Accept, Accept-Language, Accept-Encoding, Authorization, Cookie"
_FOR_ALL: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Crs, Content-Language, ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""For answers to those who have not signed in: pages of other sites may read what is public.

They cannot send a session's cookie along with it: browsers refuse `*` for those.
"""
PREFLIGHT: Final = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
"""What a browser is told that asks before it reads for a page of another site."""

Form = Literal["json", "html"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, read and checked.

    Attributes:
        web: the parts of this process.
        identity: who asks.
        lang: in which language.
        form: how it is to be written.
        base: absolute address of /ogc as the asker wrote it.
        path: what was asked for, below `base`.
        given: the parameters but for `f`.
    """

    request: Request
    web: Web
    identity: Identity
    lang: Lang
    form: Form
    base: str
    path: str
    given: Mapping[str, str]

    @property
    def features(self) -> Features:
        """The collections of this process."""
        return cast("Features", self.request.app.state.features)

    def address(self, path: str, form: Form | None = None, **given: str) -> str:
        """Give the absolute address of *path* below /ogc, in the language that was asked for."""
        query = dict(given)
        if "lang" in self.given:
            query.setdefault("lang", self.given["lang"])
        if form:
            query["f"] = form
        return f"{self.base}{quote(path, safe='/:@')}" + (f"?{urlencode(query)}" if query else "")

    def own(self, media_type: str) -> list[dict[str, str]]:
        """Give the links to this very answer, and to it in the other form."""
        forms: tuple[tuple[Form, str, Text], ...] = (
            ("json", media_type, words.AS_JSON),
            ("html", HTML, words.AS_PAGE),
        )
        return [
            link(
                "self" if form == self.form else "alternate",
                self.address(self.path, form, **self.given),
                type_,
                say(title, self.lang),
            )
            for form, type_, title in forms
        ]


def link(rel: str, href: str, type_: str, title: str) -> dict[str, str]:
    """Give a link as the standard has it."""
    return {"rel": rel, "href": href, "type": type_, "title": title}


def read(
    request: Request, web: Web, identity: Identity, known: Collection[str] | None = ()
) -> Asked:
    """Check what was asked for; *known* are parameters besides `COMMON`, None: others decide.

    Raises:
        Invalid: a parameter is unknown, comes twice, or is not what it should be.
        HTTPException: 406, none of the forms there are is wanted.
    """
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise Invalid((name[:60], "give it once"))
        if known is not None and name not in known and name not in COMMON:
            raise Invalid((name[:60], "there is no such parameter here: see /ogc/api"))
        if "\0" in value:
            raise Invalid((name[:60], "a text has no zero character"))
        given[name] = value
    if given.get("lang", "en") not in LANGS:
        raise Invalid(("lang", f"use one of {', '.join(LANGS)}"))
    return Asked(
        request=request,
        web=web,
        identity=identity,
        lang=choose_lang(given.get("lang", ""), request.headers.get("accept-language", "")),
        form=_form(given.pop("f", ""), request.headers.get("accept", "")),
        base=str(request.base_url).rstrip("/") + ROOT,
        path=str(request.scope["path"]).removeprefix(ROOT).rstrip("/"),
        given=given,
    )


def _form(wanted: str, accept: str) -> Form:
    if wanted:
        if wanted not in ("json", "html"):
            raise Invalid(("f", "use json or html"))
        return cast("Form", wanted)
    weights = {"json": 0.0, "html": 0.0}
    for part in (accept or "*/*").lower().split(","):
        media_type, _, rest = part.partition(";")
        media_type, weight = media_type.strip(), _weight(rest)
        if media_type in ("*/*", "application/*") or "json" in media_type:
            weights["json"] = max(weights["json"], weight)
        if media_type in ("text/*", HTML, "application/xhtml+xml"):
            weights["html"] = max(weights["html"], weight)
    if not any(weights.values()):
        raise HTTPException(406, "this is given as JSON and as HTML: ask with f=json or f=html")
    even = weights["html"] == weights["json"]
    html = _is_browser(accept) if even else weights["html"] > weights["json"]
    return "html" if html else "json"


def _weight(rest: str) -> float:
    for part in rest.split(";"):
        name, _, value = part.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _is_browser(accept: str) -> bool:
    """Tell a browser by what it names first."""
    return accept.lower().partition(",")[0].partition(";")[0].strip() == HTML


def send(
    asked: Asked,
    media_type: str,
    said: Mapping[str, Any],
    *,
    now: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer in JSON with *said*, and with *now*, which alone is no change worth telling."""
    body = orjson.dumps(said)
    etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    known = _unless_known(asked, etag, headers)
    if known is not None:
        return known
    if now:
        body = b"%b,%b" % (body[:-1], orjson.dumps(now, option=orjson.OPT_UTC_Z)[1:])
    return Response(body, media_type=media_type, headers={"ETag": etag, **(headers or {})})


def send_page(
    asked: Asked, markup: str, said: object, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with a page made of *said*."""
    digest = hashlib.blake2b(orjson.dumps(said), digest_size=12).hexdigest()
    etag = f'W/"{digest}.{asked.lang}.html"'
    known = _unless_known(asked, etag, headers)
    return known or HTMLResponse(markup, headers={"ETag": etag, **(headers or {})})


def _unless_known(asked: Asked, etag: str, headers: Mapping[str, str] | None) -> Response | None:
    if is_known(etag, asked.request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers={"ETag": etag, **(headers or {})})
    return None


async def in_turn(asked: Asked, make: Callable[[], T]) -> T:
    """Do what may take a while in a thread; few do at once, so that threads are left for others."""
    async with asked.request.app.state.asking_features[bool(asked.identity.name)]:
        return await asyncio.to_thread(make)


def stamp() -> str:
    """Give the time of this answer."""
    return utc_iso(datetime.now(UTC), "seconds")


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OgcRoute(APIRoute):
    """A route whose every answer, errors too, is dressed for programs of others."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take an address with a slash behind it for the one without; an id may end in one."""
        path = scope["path"]
        if path.endswith("/") and "/items/" not in path[:-1]:
            scope = {**scope, "path": path[:-1]}
        return super().matches(scope)

    def get_route_handler(self) -> Handler:
        """Wrap the handler."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                answer = await inner(request)
            except TooOld as error:
                answer = _refuse(request, HTTPException(410, str(error)))
            except Exception as error:  # noqa: BLE001 - what nobody answers is raised again
                answer = _refuse(request, error)
            return _dress(request, answer)

        return handle


def _refuse(request: Request, error: Exception) -> Response:
    """Answer *error* as the application does, in words on a page where a person reads it."""
    handlers = request.app.exception_handlers
    found = next((handlers[one] for one in type(error).__mro__[:-3] if one in handlers), None)
    if found is None:
        raise error
    answer = cast("Response", found(request, error))
    if request.query_params.get("f") == "html" or _is_browser(request.headers.get("accept", "")):
        detail = orjson.loads(bytes(answer.body))["detail"]
        retry = {"Retry-After": again} if (again := answer.headers.get("retry-after")) else None
        return message_page(answer.status_code, detail, headers=retry)
    return answer


def _dress(request: Request, answer: Response) -> Response:
    identity: Identity = request.state.identity
    headers = {"Vary": _VARY}
    if identity.name:
        headers["Cache-Control"] = "private, no-cache"
    else:
        headers |= {"Cache-Control": "no-cache", **_FOR_ALL}
    if answer.status_code >= 400:
        headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        answer.headers[name] = value
    return answer
