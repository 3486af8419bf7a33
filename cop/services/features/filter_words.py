"""Texts in filters: patterns, and letters without their accents."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from cop.services.features.cql2 import wrong
from cop.services.features.subject import Operand, Subject, Test, Truth

MOST_PATTERN: Final = 200
"""Characters of a pattern."""


def without_accents(words: str) -> str:
    """Give *words* with every letter in its base form."""
    apart = unicodedata.normalize("NFD", words)
    kept = (letter for letter in apart if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFC", "".join(kept))


def is_like(value: Operand, pattern: str) -> Test:
    r"""Make the test whether *value* fits *pattern*: `%` any, `_` one character, `\` before either.

    It takes as many steps as the words are long times the pattern, however the pattern is made.

    Raises:
        Invalid: the pattern is too long.
    """
    if len(pattern) > MOST_PATTERN:
        raise wrong(f"like: a pattern has at most {MOST_PATTERN} characters")
    parts = _parts(pattern)
    of = value.of

    def test(subject: Subject) -> Truth:
        words = of(subject)
        return None if words is None else _fits(words, parts)

    return test


def _parts(pattern: str) -> list[tuple[re.Pattern[str], int]]:
    """Split *pattern* at each `%`; each part fits words of one length."""
    parts = [("", 0)]
    escaped = False
    for character in pattern:
        words, length = parts[-1]
        if not escaped and character == "\\":
            escaped = True
        elif not escaped and character == "%":
            parts.append(("", 0))
        else:
            wild = not escaped and character == "_"
            parts[-1] = (words + ("." if wild else re.escape(character)), length + 1)
            escaped = False
    if escaped:
        words, length = parts[-1]
        parts[-1] = (words + re.escape("\\"), length + 1)
    return [(re.compile(words, re.DOTALL), length) for words, length in parts]


def _fits(words: str, parts: list[tuple[re.Pattern[str], int]]) -> bool:
    (first, length), *others = parts
    if not others:
        return first.fullmatch(words) is not None
    if first.match(words) is None:
        return False
    at = length
    for part, _ in others[:-1]:
        found = part.search(words, at)
        if found is None:
            return False
        at = found.end()
    last, length = others[-1]
    begin = len(words) - length
    return begin >= at and last.fullmatch(words, begin) is not None
