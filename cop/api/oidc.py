"""Signing in through the provider: there, back, and what went wrong in words."""

from __future__ import annotations

from typing import Final, cast
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from cop.api.gate import SAME_SITE
from cop.api.pages import local_path
from cop.api.session import agent_of, end_what_was, set_session_cookie, write_down
from cop.api.web import Parts, address_of
from cop.config import Settings
from cop.errors import NotFound, StoreUnavailable
from cop.model.text import choose_lang
from cop.services.oidc import CALLBACK, PENDING_FOR, Oidc, OutsideRefused
from cop.services.sign_in import TooManyAttempts

log = structlog.get_logger(__name__)

router = APIRouter(include_in_schema=False)

_NO_STORE: Final = {"Cache-Control": "no-store"}


@router.get("/sign-in/oidc")
async def begin(request: Request, web: Parts, lang: str = "", next: str = "") -> Response:  # noqa: A002 - the name in the address
    """Send the browser to the sign-in provider; it comes back to `finish`.

    Whom another site's link sends comes to the sign-in page: the provider may know them and ask
    nothing, and a session must not begin, and end the one before, without their doing.
    """
    chosen, wanted = choose_lang(lang, request.headers.get("accept-language", "")), local_path(next)
    if request.headers.get("sec-fetch-site", "") not in SAME_SITE:
        page = f"/sign-in?lang={chosen}&next={quote(wanted, safe='')}"
        return RedirectResponse(page, 303, headers=_NO_STORE)
    try:
        asked = await _oidc(request).begin(
            web.accounts,
            address=address_of(request),
            browser=request.cookies.get(_cookie(web.settings), ""),
            wanted=wanted,
            lang=chosen,
        )
    except OutsideRefused as refused:
        return _explain(refused.code, chosen, wanted)
    except TooManyAttempts:
        return _explain("limited", chosen, wanted)
    except StoreUnavailable:
        return _explain("unreachable", chosen, wanted)
    response = RedirectResponse(asked.address, 303, headers=_NO_STORE)
    response.set_cookie(
        _cookie(web.settings),
        asked.browser,
        max_age=int(PENDING_FOR.total_seconds()),
        path="/",
        httponly=True,
        secure=web.settings.secure_cookies,
        samesite="lax",  # the provider's page leads back here
    )
    return response


@router.get(CALLBACK)
async def finish(request: Request, web: Parts) -> Response:
    """Take what the provider's page sent the browser back with, once."""
    lang = choose_lang("", request.headers.get("accept-language", ""))
    names = [name for name, _ in request.query_params.multi_items()]
    try:
        if len(names) != len(set(names)):
            raise OutsideRefused("failed", "a parameter came twice")  # noqa: TRY301 - one way out
        signed_in, wanted = await _oidc(request).finish(
            web.accounts,
            dict(request.query_params),
            browser=request.cookies.get(_cookie(web.settings), ""),
            address=address_of(request),
            agent=agent_of(request),
        )
        await write_down(web, request, signed_in.identity, "sign_in")
        await end_what_was(web, request)
    except OutsideRefused as refused:
        log.warning("oidc_refused", code=refused.code, reason=str(refused))
        return _explain(refused.code, lang, "")
    except StoreUnavailable:
        return _explain("unreachable", lang, "")
    response = RedirectResponse(wanted, 303, headers=_NO_STORE)
    set_session_cookie(response, signed_in.token, int(signed_in.life.total_seconds()), web)
    return response


def _oidc(request: Request) -> Oidc:
    oidc = cast("Oidc | None", request.app.state.oidc)
    if oidc is None:
        raise NotFound("signing in through a provider is not set up here: use name and password")
    return oidc


def _cookie(settings: Settings) -> str:
    return "__Host-cop-oidc" if settings.secure_cookies else "cop-oidc"


def _explain(code: str, lang: str, wanted: str) -> Response:
    """Lead back to the sign-in page, which says *code* in words."""
    kept = f"&next={quote(wanted, safe='')}" if wanted else ""
    return RedirectResponse(f"/sign-in?problem={code}&lang={lang}{kept}", 303, headers=_NO_STORE)
