"""Which passwords people may choose."""

from __future__ import annotations

import pytest

from cop.errors import Misconfigured
from cop.services.accounts import add_user, new_password, password_fits, read_user
from cop.services.passwords import CONTEXT_WORDS, MOST_PASSWORD, check_password
from cop.services.policy import Role
from cop.store.accounts import MemoryAccounts

MADE_OF_WORDS = (
    "Password1234!",
    "hongkong-2026-hongkong",
    "Emergency Commander 1",
    "P@ssw0rd-hkpf-2026",
    "111111111111",
    "aaaaaaaaaaaaaaaa",
    "DutyOfficer#99",
    "typhoon-rainstorm-live",
)


@pytest.mark.parametrize("password", MADE_OF_WORDS)
def test_words_of_this_place_make_no_password(password: str) -> None:
    """What everybody here would try first is refused, however digits and marks stand in it."""
    with pytest.raises(Misconfigured, match="everybody here would try first"):
        check_password("wong", password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "hongkong umbrella sandwich",
        "雷雨交加的夜晚我在等巴士回家",
        "no marks and no digits",
        "x" * 3 + "Zq!7 wk-ö|ß·",
        "abcdefgh" * (MOST_PASSWORD // 8),
    ],
)
def test_any_characters_will_do(password: str) -> None:
    """No sort of character is asked for or forbidden, and long ones are taken whole."""
    assert check_password("wong", password) == password


def test_nothing_is_cut_or_folded() -> None:
    """Another case, a blank more or a letter less at the end is another password."""
    accounts, password = MemoryAccounts(), "Correct horse battery " + "staple" * 20
    add_user(accounts, "wong", Role.FIELD, password=password)
    user = read_user(accounts, "wong")
    assert password_fits(user, password)
    for other in (password.lower(), password[:-1], f"{password} ", password[:72]):
        assert not password_fits(user, other)


def test_what_we_make_passes() -> None:
    """A password that is printed is one that might be chosen; the words are in one form."""
    for _ in range(20_000):  # one in 2,500 drawn at random might not be chosen
        made = new_password()
        assert check_password("wong", made) == made
    assert list(CONTEXT_WORDS) == [word.casefold() for word in dict.fromkeys(CONTEXT_WORDS)]
