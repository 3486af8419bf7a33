"""What passwords are hashed with outside of tests."""

from __future__ import annotations

from argon2 import extract_parameters
from argon2.low_level import Type

from tests.quick_hashes import REAL


def test_a_guess_costs_what_owasp_asks_for() -> None:
    """argon2id with 19 MiB, two turns and one lane, of OWASP's Password Storage Cheat Sheet."""
    cost = extract_parameters(REAL.hash("a password"))
    assert cost.type is Type.ID
    assert cost.memory_cost >= 19 * 1024
    assert cost.time_cost >= 2
    assert cost.salt_len >= 16
    assert cost.hash_len >= 32
