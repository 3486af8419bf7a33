"""Every word of the public pages that is not a publisher's, in the three languages.

`{name}` is filled in where the word is used. What counts has, in English, a form `….one` too.
"""

from __future__ import annotations

import html
from typing import Final

from cop.model.text import Lang, Text
from cop.ui.public.words_cameras import CAMERAS
from cop.ui.public.words_data import DATA
from cop.ui.public.words_heads import HEADS
from cop.ui.public.words_items import ITEMS
from cop.ui.public.words_page import PAGE
from cop.ui.public.words_script import SCRIPT
from cop.ui.terms import TERMS
from cop.ui.terms_incident import INCIDENT_TERMS

PUBLIC_WORDS: Final[dict[str, Text]] = PAGE | HEADS | ITEMS | DATA | CAMERAS | SCRIPT
_ALL: Final[dict[str, Text]] = TERMS | INCIDENT_TERMS | PUBLIC_WORDS


def plain(key: str, lang: Lang, **values: object) -> str:
    """Give the words of *key* in *lang* as text, with *values* put in."""
    return _ALL[key][lang].format(**values)


def word(key: str, lang: Lang, **values: object) -> str:
    """Give the words of *key* in *lang* as markup; *values* are markup."""
    return html.escape(_ALL[key][lang]).format(**values)


def count(key: str, n: int, lang: Lang, **values: object) -> str:
    """Give the words of *key* for *n* things as markup."""
    single = f"{key}.one"
    return word(single if n == 1 and single in _ALL else key, lang, n=n, **values)


def term(prefix: str, code: object, lang: Lang) -> str:
    """Give the words for a *code* of the model as markup; "" where there are none."""
    found = _ALL.get(f"{prefix}.{code}")
    return html.escape(found[lang]) if found else ""
