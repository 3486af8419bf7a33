"""The page about oneself: who I am here, where I am signed in, and ending that."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from html import escape
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cop.api import words
from cop.api.pages import exercise_band, lang_links, page
from cop.api.web import Asker, Parts, Web
from cop.clock import HONG_KONG
from cop.model.publisher import PUBLISHERS
from cop.model.text import Lang, Text, choose_lang, say
from cop.services.accounts import read_user
from cop.services.passwords import LEAST_PASSWORD, MOST_PASSWORD
from cop.services.policy import Identity
from cop.services.sessions import list_sessions, ref_of
from cop.store.accounts import Session

router = APIRouter(include_in_schema=False)

_HEAD: Final = (
    '<link rel="stylesheet" href="/assets/account.css">\n'
    '<script src="/assets/account.js" defer></script>\n'
)


@router.get("/account")
async def show_account(request: Request, identity: Asker, web: Parts, lang: str = "") -> Any:
    """Show who one is, and one's sessions; the script ends them."""
    chosen = choose_lang(lang, request.headers.get("accept-language", ""))
    sessions = await asyncio.to_thread(list_sessions, web.accounts, identity)
    known = (await asyncio.to_thread(read_user, web.accounts, identity.name)).password
    sentences = orjson.dumps(
        {
            "ended": say(words.ENDED, chosen),
            "endedOthers": say(words.ENDED_OTHERS, chosen),
            "unreachable": say(words.UNREACHABLE, chosen),
            "changed": say(words.PASSWORD_DONE, chosen),
            "wrong": say(words.PASSWORD_WRONG, chosen),
            "weak": say(words.PASSWORD_WEAK, chosen),
            "wait": say(words.PASSWORD_WAIT, chosen),
        }
    ).decode()
    say_it = {
        name: escape(say(sentence, chosen))
        for name, sentence in (
            ("title", words.ACCOUNT),
            ("sessions", words.SESSIONS),
            ("help", words.SESSIONS_HELP),
            ("others", words.END_OTHERS),
            ("out", words.SIGN_OUT),
            ("script", words.ACCOUNT_NEEDS_SCRIPT),
            ("back", words.TO_COMMAND),
        )
    }
    items = "".join(_item(session, identity, chosen) for session in sessions)
    alone = " hidden" if len(sessions) < 2 else ""
    body = (
        f"{exercise_band(chosen) if web.settings.exercise else ''}"
        f'<main id="account" class="account-page" data-words="{escape(sentences)}">'
        f"{lang_links('/account', chosen)}<h1>{say_it['title']}</h1>"
        f"{_facts(identity, web, chosen)}"
        f'<h2 id="account-heading" tabindex="-1">{say_it["sessions"]}</h2>'
        f"<p>{say_it['help']}</p>"
        f'<p id="account-said" role="status"></p>'
        f'<p id="account-error" class="account-error" role="alert" hidden></p>'
        f'<ul class="account-sessions" aria-labelledby="account-heading">{items}</ul>'
        f'<p class="account-actions"><button type="button" id="account-end-others"{alone}>'
        f'{say_it["others"]}</button> <button type="button" id="account-sign-out">'
        f"{say_it['out']}</button></p>{_password(identity, chosen) if known else ''}"
        f"<noscript><p>{say_it['script']}</p></noscript>"
        f'<p><a href="/command?lang={chosen}">{say_it["back"]}</a></p></main>'
    )
    return HTMLResponse(page(say(words.ACCOUNT, chosen), body, chosen, head=_HEAD))


def _facts(identity: Identity, web: Web, lang: Lang) -> str:
    """List name, role, agency and operation, as markup."""
    settings = web.settings
    agency = say(PUBLISHERS.get(identity.agency, {}), lang) or identity.agency
    operation = (
        say(words.IN_EXERCISE, lang).format(name=settings.operation)
        if settings.exercise
        else say(words.LIVE, lang)
    )
    rows: tuple[tuple[Text, str], ...] = (
        (words.USER, identity.name),
        (words.ROLE, say(words.ROLES[identity.role or ""], lang)),
        (words.AGENCY, agency or say(words.NO_AGENCY, lang)),
        (words.OPERATION, operation),
    )
    facts = (
        f"<div><dt>{escape(say(name, lang))}</dt><dd>{escape(value)}</dd></div>"
        for name, value in rows
    )
    return f'<dl class="account-facts">{"".join(facts)}</dl>'


def _password(identity: Identity, lang: Lang) -> str:
    """Give the form by which one changes one's password, as markup; the script brings it out.

    Without the script a browser would send it itself: by `post`, never as part of an address.
    """
    fields = "".join(
        f'<label>{escape(say(label, lang))} <input type="password" name="{name}" required'
        f' minlength="{least}" maxlength="{MOST_PASSWORD}" autocomplete="{filled}"'
        f' aria-describedby="account-password-error"></label>'
        for label, name, least, filled in (
            (words.PASSWORD_PRESENT, "present", 1, "current-password"),
            (words.PASSWORD_NEW, "chosen", LEAST_PASSWORD, "new-password"),
        )
    )
    title = escape(say(words.PASSWORD_CHANGE, lang))
    return (
        f'<form id="account-password" method="post" hidden><h2>{title}</h2>'
        f"<p>{escape(say(words.PASSWORD_HELP, lang))}</p>"
        f'<input type="text" name="username" autocomplete="username" hidden'
        f' value="{escape(identity.name)}">{fields}'
        f'<p id="account-password-error" class="account-error" role="alert" hidden></p>'
        f'<p><button type="submit">{title}</button></p></form>'
    )


def _item(session: Session, identity: Identity, lang: Lang) -> str:
    """Give one session as markup, with its button unless it is the one that asks."""
    what = session.label or session.agent or say(words.UNKNOWN_BROWSER, lang)
    where = session.address or say(words.UNKNOWN_PLACE, lang)
    times = (
        _at(words.STARTED, session.started_ms, lang),
        _at(words.LAST_SEEN, session.seen_ms, lang),
    )
    if session.id == identity.session:
        end = f'<strong class="account-this">{escape(say(words.THIS_SESSION, lang))}</strong>'
    else:
        word = escape(say(words.END, lang))
        named = f"{word}: {escape(what)}, {escape(where)}"
        end = (
            f'<button type="button" data-ref="{ref_of(session)}" aria-label="{named}">'
            f"{word}</button>"
        )
    operation = (
        say(words.LIVE, lang)
        if session.operation == "live"
        else say(words.IN_EXERCISE, lang).format(name=session.operation)
    )
    details = " · ".join((where, operation, *times))
    return f"<li><div><b>{escape(what)}</b><br><span>{escape(details)}</span></div>{end}</li>"


def _at(sentence: Text, epoch_ms: int, lang: Lang) -> str:
    """Put a real time, as it is in Hong Kong, into *sentence*."""
    when = datetime.fromtimestamp(epoch_ms / 1000, UTC).astimezone(HONG_KONG)
    return say(sentence, lang).format(time=when.strftime("%Y-%m-%d %H:%M"))
