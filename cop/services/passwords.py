"""Which passwords people may choose."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from cop.errors import Misconfigured

LEAST_PASSWORD: Final = 12
MOST_PASSWORD: Final = 200
CONTEXT_WORDS: Final = (
    *("password", "passwort", "passw0rd", "letmein", "welcome", "secret", "qwerty", "asdfgh"),
    *("emergency", "rescue", "commander", "command", "dutyofficer", "officer", "liaison", "warden"),
    *(
        "viewer",
        "machine",
        "admin",
        "hongkong",
        "kowloon",
        "guangdong",
        "shenzhen",
        "macao",
        "macau",
    ),
    *("typhoon", "rainstorm", "operational", "picture", "police", "fireservices", "hkpf", "fsd"),
    *("dsd", "emsc", "hko", "exercise", "live", "common", "cop", "hk"),
)
"""Words of this place and trade, and those that everybody takes: of them no password is made."""

_LEAST_OWN: Final = 6
"""So many characters must be left, and differ, when those words are taken out."""
_SHORTEST_TELLING: Final = 3  # a name of one or two letters stands in most passwords by chance
_WORDS: Final = re.compile("|".join(sorted(map(re.escape, CONTEXT_WORDS), key=len, reverse=True)))


def plain(password: str) -> str:
    """Give a password as it is hashed, however a keyboard composed its characters."""
    return unicodedata.normalize("NFKC", password)


def check_password(name: str, password: str) -> str:
    """Give *password* if the user *name*, folded, may choose it.

    Raises:
        Misconfigured: it is too short or too long, or made of the name or of common words.
    """
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise Misconfigured(
            f"a password has {LEAST_PASSWORD} to {MOST_PASSWORD} characters: take a longer one,"
            " for example four words"
        )
    folded = plain(password).casefold()
    if len(name) >= _SHORTEST_TELLING and name in folded:
        raise Misconfigured("the password contains the user's name: take another")
    if len(set(_WORDS.sub("", re.sub(r"[\W\d_]", "", folded)))) < _LEAST_OWN:
        raise Misconfigured(
            "the password is made of digits, repetitions, or words that everybody here would try"
            " first: take another, for example four words that have nothing to do with each other"
        )
    return password
