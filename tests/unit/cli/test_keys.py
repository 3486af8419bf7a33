"""`cop keys`: what it prints is a key that the product takes."""

from __future__ import annotations

from click.testing import CliRunner
from pydantic import SecretStr

from cop.cli import main
from cop.config import Settings
from cop.services.push_keys import open_push_key


def test_a_push_key_is_printed() -> None:
    """The private key alone goes to where a file can take it, a new one each time."""
    first, second = (CliRunner().invoke(main, ["keys", "push"]) for _ in range(2))
    assert first.exit_code == 0
    assert first.stdout != second.stdout
    given = Settings(push_key=SecretStr(first.stdout), push_contact="mailto:duty@cop.example")
    key = open_push_key(given)
    assert key is not None
    assert key.public in first.stderr
    assert "PRIVATE" not in first.stderr
