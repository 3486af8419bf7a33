"""Room for everybody: what takes long for some leaves threads for all the others."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from PIL import Image

from cop.services import sign_in
from cop.services.commands import attachments
from cop.services.images import CleanImage
from cop.services.policy import Role
from cop.store.accounts import User
from tests.integration.acting import people_of
from tests.integration.web_server import SETTINGS, Server, until, web_server

MANY = 45
"""More than a web process has threads, on however large a machine."""


class Slow:
    """Stands in for work that takes long: it waits until it is let go."""

    def __init__(self) -> None:
        """Hold everybody up."""
        self.begun = 0
        self.go = threading.Event()

    def wait(self) -> None:
        """Count one more that has begun, and wait."""
        self.begun += 1
        assert self.go.wait(60)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run a web process."""
    with web_server(settings=SETTINGS.model_copy(update={"data_dir": tmp_path})) as running:
        yield running


def while_many(slow: Slow, ask: Callable[[int], int], meanwhile: Callable[[], object]) -> set[int]:
    """Do *meanwhile* while many ask and some are held up; give the answers of the many."""
    with ThreadPoolExecutor(MANY) as pool:
        answers = [pool.submit(ask, number) for number in range(MANY)]
        try:
            until(lambda: slow.begun > 0)
            for _ in range(20):
                meanwhile()
        finally:
            slow.go.set()
        return {answer.result() for answer in answers}


def test_uploads_leave_room(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """While pictures are made small, reports are taken."""
    slow = Slow()

    def clean(_: bytes) -> CleanImage:
        slow.wait()
        return CleanImage(file.getvalue(), "image/png", 4, 3)

    file = io.BytesIO()
    Image.new("RGB", (4, 3)).save(file, "PNG")
    monkeypatch.setattr(attachments, "clean_image", clean)
    with people_of(server) as person:
        chief = person("chief", Role.COMMANDER)
        incident = chief.done("/incidents", incident_type="fire")["id"]

        def upload(number: int) -> int:
            headers = {**chief.session, "Content-Type": "image/png"}
            return httpx.post(
                f"{server.url}/api/v1/incidents/{incident}/attachments",
                content=file.getvalue(),
                headers=headers | {"Idempotency-Key": f"picture-{number}"},
                timeout=90,
            ).status_code

        done = while_many(slow, upload, lambda: chief.done("/incidents", incident_type="fire"))
    assert done == {200}


def test_sign_ins_leave_room(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """While passwords are checked, whoever is in works on: a crowd at the door stops nobody."""
    slow = Slow()

    def check(_: User | None, __: str) -> bool:
        slow.wait()
        return False

    monkeypatch.setattr(sign_in, "password_fits", check)
    with people_of(server) as person:
        chief = person("chief", Role.COMMANDER)

        def knock(number: int) -> int:
            credentials = {"username": f"nobody-{number}", "password": "wrong"}
            return httpx.post(
                f"{server.url}/api/v1/session", json=credentials, timeout=90
            ).status_code

        done = while_many(slow, knock, lambda: chief.get("/me"))
    assert done == {401}
