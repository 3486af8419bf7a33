"""Reading a filter: CQL2 as text or JSON, to one tree in the JSON encoding.

The parser is the `cql2` package; it goes as deep as what it is given, and a thousand nested
brackets or operators in a row end the whole process. What is wrong inside brackets that group it
reads twice for each of them, and nothing else in the process runs meanwhile: thirty of them take a
day. So what is too long or too deep never reaches it.
"""

from __future__ import annotations

import re
from typing import Any, Final

import cql2

from cop.errors import Invalid

MOST_CHARACTERS: Final = 32_000
MOST_DEPTH: Final = 32
MOST_OPERATORS: Final = 250
MOST_READ: Final = 8 * MOST_CHARACTERS
"""Characters that the parser may read, those inside brackets that group as often as it may."""
LANGUAGES: Final = ("cql2-text", "cql2-json")

_QUOTED: Final = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_STRINGS: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?')
"""Of JSON; one without an end goes on to the last character, or each mark in it would be tried."""
_PLACES: Final = re.compile(
    r"(?<=[(,])\s*{0}(?:\s+{0}){{0,3}}\s*(?=[,)])".format(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?"),
    re.ASCII,
)
"""Numbers of a geometry, whose signs are no operators."""
_OPERATORS: Final = re.compile(r"[-+*/%^=<>]|\b(?:and|or|not|like|between|div)\b", re.IGNORECASE)
_TOKENS: Final = re.compile(r"\w+|[^\w\s]")
_BEFORE_GROUPS: Final = frozenset({"and", "between", "div", "in", "like", "not", "or"})
"""After these a bracket groups; after any other word it holds what the word is about."""
_OPEN: Final = "([{"
_CLOSE: Final = ")]}"


def parse(words: str, language: str) -> Any:
    """Give the filter *words* as the tree that CQL2's JSON encoding has.

    Raises:
        Invalid: it is no CQL2 in that *language*, or too long or too deep.
    """
    if language not in LANGUAGES:
        raise Invalid(("filter-lang", f"use one of {', '.join(LANGUAGES)}"))
    if len(words) > MOST_CHARACTERS:
        raise wrong(f"longer than {MOST_CHARACTERS} characters")
    if language == "cql2-json":
        return _parsed(words, is_json=True)
    try:
        return _parsed(words, is_json=False)
    except Invalid:
        if "\\'" not in words:
            raise
        return _parsed(words.replace("\\'", "''"), is_json=False)  # the grammar has both


def wrong(what: str) -> Invalid:
    """Give the error about a filter that says *what* is wrong."""
    return Invalid(("filter", what))


def _parsed(words: str, *, is_json: bool) -> Any:
    _check_depth(words, is_json=is_json)
    try:
        return (cql2.parse_json if is_json else cql2.parse_text)(words).to_json()
    except Exception as error:  # noqa: BLE001 - of a geometry it says so by no class of its own
        where = " ".join(part for part in str(error).split() if part.isprintable())
        raise wrong(f"not understood: {where[:400]}") from None


def _groups_within(plain: str) -> int:
    """Count the brackets that group, one within the other, where most of them do."""
    before, most = "", 0
    groups: list[int] = []
    for found in _TOKENS.finditer(plain):
        sign = found.group()
        if sign == "(":
            is_about = before.isidentifier() and before.lower() not in _BEFORE_GROUPS
            groups.append((groups[-1] if groups else 0) + (not is_about))
            most = max(most, groups[-1])
        elif sign == ")" and groups:
            groups.pop()
        before = sign
    return most


def _check_depth(words: str, *, is_json: bool) -> None:
    plain = _STRINGS.sub('""', words) if is_json else _QUOTED.sub("''", words)
    depth = 0
    for character in plain:
        if character in _OPEN:
            depth += 1
            if depth > MOST_DEPTH * (3 if is_json else 1):  # an operator takes two in JSON
                raise wrong("too deeply nested")
        elif character in _CLOSE:
            depth -= 1
    if not is_json and len(words) << _groups_within(plain) > MOST_READ:
        raise wrong("too many brackets within brackets for its length")
    operators = () if is_json else _OPERATORS.findall(_PLACES.sub("", plain))
    if len(operators) > MOST_OPERATORS:
        raise wrong(f"more than {MOST_OPERATORS} operators")
