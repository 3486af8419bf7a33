"""Where flaws are reported, for whoever finds one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from cop.config import Settings
from tests.integration.web_server import SETTINGS, web_server

PATH = "/.well-known/security.txt"


def asked(**settings: str) -> tuple[int, str]:
    """Give status and text of the file under *settings*."""
    with (
        web_server(settings=SETTINGS.model_copy(update=settings)) as server,
        server.client() as client,
    ):
        answer = client.get(PATH)
    return answer.status_code, answer.text


def test_it_says_whom_to_tell() -> None:
    """The contact that the operator named, and until when it holds: within a year (RFC 9116)."""
    status, text = asked(security_contact="mailto:flaws@example.hk", public_url="https://a.hk/")
    said = dict(line.split(": ", 1) for line in text.strip().split("\n"))
    assert (status, said["Contact"]) == (200, "mailto:flaws@example.hk")
    assert said["Canonical"] == f"https://a.hk{PATH}"
    until = datetime.fromisoformat(said["Expires"]) - datetime.now(UTC)
    assert timedelta(days=1) < until < timedelta(days=366)


def test_without_a_contact_there_is_none() -> None:
    """No address of ours is put in its place."""
    assert asked()[0] == 404


@pytest.mark.parametrize("contact", ["flaws@example.hk", "http://a.hk", "mailto:a\nX: y"])
def test_a_contact_is_an_address(contact: str) -> None:
    """What is none is refused at the start."""
    with pytest.raises(ValidationError):
        Settings(security_contact=contact)
