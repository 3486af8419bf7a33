"""What a thing means and what to do about it, as the page shows it."""

from __future__ import annotations

from functools import lru_cache

from cop.model.text import Lang
from cop.ui.public.markup import joined, link, said, tell
from cop.ui.public.meaning import meaning_of
from cop.ui.public.words import word


@lru_cache(maxsize=2_000)
def guide(
    kind: str,
    type_: str,
    signal: str | None,
    severity: str,
    lang: Lang,
    *,
    publisher: str = "",
    is_open: bool = False,
) -> str:
    """Give what it means and what to do, in plain words; "" where there are none.

    The first arguments are those of `meaning_of`. *is_open*: at once to be seen; otherwise it can
    be opened.
    """
    found = meaning_of(kind, type_, signal, severity, publisher=publisher)
    if found is None:
        return ""
    steps = "".join(f"<li>{tell(line, lang, most=400)}</li>" for line in found.do)
    address, _ = said(found.source.links, lang)
    name = tell(found.source.name, lang)
    more = word("item.read-more", lang, name=name) if name else ""
    inner = joined(
        [
            f'<p class="p-what">{tell(found.what, lang, most=600)}</p>',
            f'<p class="p-do-title">{word("item.do", lang)}</p><ul class="p-do">{steps}</ul>'
            if steps
            else "",
            f'<p class="p-source">{link(address, more)}</p>' if more else "",
        ],
        "",
    )
    opened = " open" if is_open else ""
    summary = word("item.guide", lang)
    return f'<details class="p-guide"{opened}><summary>{summary}</summary>{inner}</details>'
