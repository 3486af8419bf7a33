"""The words that the phone's page is given: only those that its scripts use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cop.model.text import Text
from cop.ui.field.words_duty import DUTY
from cop.ui.field.words_shell import SHELL
from cop.ui.field.words_work import WORK
from cop.ui.words import WORDS

FIELD_WORDS: Final[dict[str, Text]] = WORDS | SHELL | DUTY | WORK

_WHOLE: Final = re.compile(r'"([a-z][\w-]*(?:\.[\w-]+)*)"')
_BEGUN: Final = re.compile(r"`([a-z][\w-]*(?:\.[\w-]+)*[.-])\$\{")
_TERMS: Final = re.compile(r'cop\.term\(\s*"([\w.-]+)"')


def words_for(scripts: str, words: Mapping[str, Text] = FIELD_WORDS) -> Mapping[str, Text]:
    """Give those of *words* whose keys stand in *scripts*.

    A key stands there whole, as `"close"`, or as the beginning of one that is made there, as
    `` `problem.${code}` `` or `cop.term("status", code)`: then all that begin so are given.
    """
    whole = set(_WHOLE.findall(scripts))
    begun = tuple({*_BEGUN.findall(scripts), *(f"{one}." for one in _TERMS.findall(scripts))})
    return {
        key: said
        for key, said in words.items()
        if key in whole or (begun and key.startswith(begun))
    }
