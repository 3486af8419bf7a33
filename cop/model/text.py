"""Words in the languages of the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

Lang = Literal["en", "zh-Hant", "zh-Hans"]
"""BCP 47: English, Traditional Chinese, Simplified Chinese."""

LANGS: Final[tuple[Lang, ...]] = get_args(Lang)

Text = dict[Lang, str]
"""One sentence in each language that its publisher gave; never machine translated."""

_FALLBACK: Final[dict[Lang, tuple[Lang, ...]]] = {
    "en": ("en", "zh-Hant", "zh-Hans"),
    "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
    "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
}


def text(en: str | None = None, tc: str | None = None, sc: str | None = None) -> Text:
    """Make a text from *en*, *tc* (Traditional) and *sc* (Simplified); blanks are left out."""
    given: dict[Lang, str | None] = {"en": en, "zh-Hant": tc, "zh-Hans": sc}
    return {lang: words.strip() for lang, words in given.items() if words and words.strip()}


def say(words: Mapping[Lang, str], lang: Lang) -> str:
    """Give *words* in *lang*, or in the nearest language there is; "" when there is none."""
    return next((words[near] for near in _FALLBACK[lang] if words.get(near)), "")


def choose_lang(asked: str, accepted: str) -> Lang:
    """Choose a language: the one *asked* for in the address, else the browser's first known."""
    for lang in LANGS:
        if asked == lang:
            return lang
    for part in accepted.lower().split(","):
        tag = part.partition(";")[0].strip()
        if tag.startswith("en"):
            return "en"
        if tag in ("zh-cn", "zh-sg") or tag.startswith("zh-hans"):
            return "zh-Hans"
        if tag.startswith("zh"):
            return "zh-Hant"
    return "zh-Hant"


def merge(*texts: Mapping[Lang, str]) -> Text:
    """Put language variants of one sentence together; the first that has a language wins."""
    merged: Text = {}
    for words in texts:
        for lang, sentence in words.items():
            if sentence:
                merged.setdefault(lang, sentence)
    return merged
