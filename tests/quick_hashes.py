"""Passwords hashed with the least work: tests make thousands of accounts, and sign in as often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from argon2 import PasswordHasher

from cop.services import accounts

REAL: Final = accounts._HASHER
"""What the product hashes with, as every process does that tests start."""
_LEAST: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash with the same argon2id at its least cost, in this process alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_HASHER", _LEAST)
        patch.setattr(accounts, "_NOBODY", _LEAST.hash("nobody"))
        yield
