"""The plain pages: signing in, and messages. No script in the markup."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cop.api import words
from cop.api.web import Parts
from cop.model.text import Lang, choose_lang, say
from cop.services.policy import Role

router = APIRouter(include_in_schema=False)

_SIGN_IN_HOME = "/command"
_FIELD_HOME = "/field"
_FIELD_ROLES = (Role.FIELD, Role.WARDEN)


def local_path(wanted: str) -> str:
    """Give *wanted* if it is a path on this site, else the emergency centre's page."""
    try:
        parts = urlsplit(wanted)
    except ValueError:  # a bracket that is no address
        return _SIGN_IN_HOME
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    if plain and not parts.scheme and not parts.netloc and wanted.isprintable():
        return wanted
    return _SIGN_IN_HOME


def page(title: str, body: str, lang: Lang, *, head: str = "") -> str:
    """Give a whole HTML document; *body* and *head* are markup, *title* is text."""
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f'<link rel="stylesheet" href="/assets/sign-in.css">\n'
        f'<link rel="icon" href="/_favicon.ico">\n{head}</head>\n'
        f'<body class="plain-page">\n{body}\n</body>\n</html>\n'
    )


def lang_links(path: str, lang: Lang, query: str = "") -> str:
    """Give the links to the same page in the other languages, as markup."""
    links = [
        f'<span aria-current="true">{name}</span>'
        if code == lang
        else f'<a hreflang="{code}" lang="{code}" href="{path}?lang={code}{escape(query)}">'
        f"{name}</a>"
        for code, name in words.LANG_NAMES.items()
    ]
    return f'<nav class="plain-langs">{" · ".join(links)}</nav>'


def message_page(
    status: int, detail: str, *, headers: dict[str, str] | None = None
) -> HTMLResponse:
    """Give a page that says in words why there is nothing else; it tries again when it may help."""
    title = HTTPStatus(status).phrase
    refresh = '<meta http-equiv="refresh" content="5">\n' if status == 503 else ""
    body = (
        f'<main class="plain-card"><h1>{escape(title)}</h1><p role="alert">{escape(detail)}</p>'
        f'<p><a href="/">{escape(words.TO_PUBLIC["zh-Hant"])} · {escape(words.TO_PUBLIC["en"])}'
        "</a></p></main>"
    )
    return HTMLResponse(page(title, body, "en", head=refresh), status, headers=headers)


@router.get("/sign-in")
async def show_sign_in(
    request: Request,
    web: Parts,
    lang: str = "",
    next: str = "",  # noqa: A002 - the name in the address
    problem: str = "",
) -> Any:
    """Show the form; its script posts to /api/v1/session and goes to *next*.

    *problem* says what went wrong at the sign-in provider: a key of `words.OUTSIDE_PROBLEMS`.
    """
    chosen = choose_lang(lang, request.headers.get("accept-language", ""))
    target = local_path(next)
    sentences = orjson.dumps(
        {
            "wrong": say(words.WRONG, chosen),
            "limited": say(words.LIMITED, chosen),
            "unreachable": say(words.UNREACHABLE, chosen),
        }
    ).decode()
    say_it = {
        name: escape(say(sentence, chosen))
        for name, sentence in (
            ("title", words.SIGN_IN),
            ("user", words.USER),
            ("password", words.PASSWORD),
            ("script", words.NEEDS_SCRIPT),
            ("public", words.TO_PUBLIC),
        )
    }
    exercise = exercise_band(chosen) if web.settings.exercise else ""
    body = (
        f'{exercise}<main class="plain-card">'
        f"{lang_links('/sign-in', chosen, _keep_next(target))}"
        f"<h1>{say_it['title']}</h1>"
        f"{_outside(web.settings.oidc_issuer, chosen, target, problem)}"
        f'<form id="sign-in-form" method="post" data-next="{escape(target)}"'
        f' data-homes="{escape(_homes(next))}"'
        f' data-words="{escape(sentences)}">'
        f'<label for="username">{say_it["user"]}</label>'
        '<input id="username" name="username" autocomplete="username" autocapitalize="none"'
        ' spellcheck="false" required autofocus>'
        f'<label for="password">{say_it["password"]}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password"'
        " required>"
        '<p id="sign-in-error" role="alert" hidden></p>'
        f'<button type="submit">{say_it["title"]}</button></form>'
        f"<noscript><p>{say_it['script']}</p></noscript>"
        f'<p><a href="/?lang={chosen}">{say_it["public"]}</a></p></main>'
    )
    script = '<script src="/assets/sign-in.js" defer></script>\n'
    return HTMLResponse(page(say(words.SIGN_IN, chosen), body, chosen, head=script))


def _homes(wanted: str) -> str:
    """Give, as JSON, where each role goes that has a page of its own, unless one was *wanted*."""
    homes = {} if wanted else {role.value: _FIELD_HOME for role in _FIELD_ROLES}
    return orjson.dumps(homes).decode()


def _outside(issuer: str, lang: Lang, target: str, problem: str) -> str:
    """Give the way to the sign-in provider, where there is one, and what went wrong there."""
    wrong = words.OUTSIDE_PROBLEMS.get(problem)
    said = f'<p class="plain-notice" role="alert">{escape(say(wrong, lang))}</p>' if wrong else ""
    if not issuer:
        return said
    address = escape(f"/sign-in/oidc?lang={lang}{_keep_next(target)}")
    return f'{said}<p><a class="plain-button" href="{address}">{say(words.OUTSIDE, lang)}</a></p>'


def exercise_band(lang: Lang) -> str:
    """Give the band that marks an exercise, as markup."""
    mark = escape(say(words.EXERCISE_MARK, lang))
    said = escape(say(words.EXERCISE, lang))
    return f'<p class="plain-exercise" role="status" data-watermark="{mark}">{said}</p>'


def _keep_next(target: str) -> str:
    return f"&next={quote(target, safe='')}"
