"""The page on what cameras count: for everybody who walks past one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from cop.model.text import LANGS, Lang
from cop.services.publishing.editions import Document
from cop.services.publishing.paths import page_path
from cop.ui.public.context import Context
from cop.ui.public.fill import fill
from cop.ui.public.markup import contact_link
from cop.ui.public.shell import (
    Shell,
    exercise_band,
    language_links,
    origin_of,
    whole_page,
)
from cop.ui.public.words import plain, word

PART: Final = "cameras"
"""Its address below that of a language."""

_LISTS: Final = (
    ("counted", ("counted-people", "counted-vehicles", "counted-water", "counted-heat")),
    ("not", ("not-faces", "not-followed", "not-kept", "not-public")),
    ("look", ("look", "look-journal")),
    ("sure", ("sure", "sure-people")),
    ("td", ("td",)),
)
"""Sections and what each says."""


def documents(context: Context) -> Iterator[Document]:
    """Write the page in every language."""
    for lang in LANGS:
        path = f"{page_path(lang, PART)[1:]}index.html"
        yield Document(path, partial(_page, context, lang))


def _page(context: Context, lang: Lang) -> bytes:
    page = Shell(
        lang=lang,
        parts=(PART,),
        title=plain("cameras.title", lang),
        description=plain("cameras.description", lang),
        origin=origin_of(context.settings),
        exercise=context.picture.exercise,
        files=context.files,
        body=fill(_body(context, lang), context.picture, lang),
    )
    return whole_page(page)


def _body(context: Context, lang: Lang) -> str:
    sections = [_section(key, _said(keys, lang), lang) for key, keys in _LISTS]
    sections.append(_section("ask", _ask(context, lang), lang))
    return (
        f'<a class="skip" href="#main">{word("page.skip", lang)}</a>\n'
        f'<header class="p-head">\n{exercise_band(lang, exercise=context.picture.exercise)}'
        f"<h1>{word('cameras.title', lang)}</h1>\n{language_links(lang, PART)}\n"
        f'<p class="p-back"><a href="{page_path(lang)}">{word("page.whole-city-map", lang)}</a></p>'
        f'\n</header>\n<main id="main" class="d-page">\n<p>{word("cameras.intro", lang)}</p>\n'
        + "\n".join(sections)
        + "\n</main>\n"
    )


def _section(key: str, inner: str, lang: Lang) -> str:
    return (
        f'<section aria-labelledby="h-{key}"><h2 id="h-{key}">{word(f"cameras.h-{key}", lang)}</h2>'
        f"\n{inner}\n</section>"
    )


def _said(keys: tuple[str, ...], lang: Lang) -> str:
    """Give one thing as a paragraph, several as a list."""
    words = [word(f"cameras.{key}", lang) for key in keys]
    if len(words) == 1:
        return f"<p>{words[0]}</p>"
    return f"<ul>{''.join(f'<li>{one}</li>' for one in words)}</ul>"


def _ask(context: Context, lang: Lang) -> str:
    contact = contact_link(context.settings.contact)
    said = f"<p>{word('cameras.ask', lang)}</p>"
    return f"{said}\n<p>{word('cameras.ask-us', lang, contact=contact)}</p>" if contact else said
