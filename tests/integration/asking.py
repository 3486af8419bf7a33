"""Asking for commands over HTTP: a web process on a real Redis, and what tests send to it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from cop.config import Settings
from cop.services.accounts import add_user
from cop.services.policy import Role
from cop.store.accounts import MemoryAccounts
from cop.store.redis import RedisStore
from tests.integration.web_server import SETTINGS, Server, web_server

FIRE: dict[str, Any] = {"incident_type": "fire", "words": "smoke on the stairs"}
_keys = itertools.count()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give the settings of an operation of this module's own."""
    folder: Path = tmp_path_factory.mktemp("data")
    return SETTINGS.model_copy(update={"operation": f"commands-{folder.name}", "data_dir": folder})


@pytest.fixture(scope="module")
def server(shared_redis: str, settings: Settings) -> Iterator[Server]:
    """Run the web process on a real Redis, with a few people."""
    store = RedisStore(shared_redis, settings.operation)
    with web_server(store, MemoryAccounts(), settings) as running:
        for name, role in (
            ("chief", Role.COMMANDER),
            ("wong", Role.DUTY_OFFICER),
            ("liaison", Role.LIAISON),
            ("team", Role.FIELD),
        ):
            running.passwords[name] = add_user(running.accounts, name, role, "DSD")
        yield running
    store.close()


@pytest.fixture(scope="module")
def chief(server: Server) -> Iterator[httpx.Client]:
    """Give the commander's client."""
    with server.client("chief") as client:
        yield client


def key(version: int | None = None, name: str = "", **more: str) -> dict[str, str]:
    """Give the headers of a write: a new key, or *name*; and the version it is made from."""
    headers = {"Idempotency-Key": name or f"key-{next(_keys)}", **more}
    return headers if version is None else headers | {"If-Match": f'"{version}"'}


def report(client: httpx.Client, **fields: Any) -> str:
    """Report an incident and give its id."""
    answer = client.post("/api/v1/incidents", json=FIRE | fields, headers=key())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def entries(client: httpx.Client, entity: str) -> list[dict[str, Any]]:
    """Give the journal's entries about one entity, newest first."""
    found = client.get("/api/v1/journal", params={"entity": entity}).json()["entries"]
    assert isinstance(found, list)
    return found


def told(answer: httpx.Response) -> dict[str, Any]:
    """Give what an answer says but for whether it was repeated."""
    said = answer.json()
    assert isinstance(said, dict)
    del said["repeated"]
    return said


def picture(n: int) -> bytes:
    """Give a picture that differs from all others."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (n * 15 % 256, 0, 200)).save(file, "PNG")
    return file.getvalue()


def attach(client: httpx.Client, incident: str, data: bytes, **headers: str) -> httpx.Response:
    """Attach a picture."""
    given = key() | {"Content-Type": "image/png"} | headers
    return client.post(
        f"/api/v1/incidents/{incident}/attachments", content=data, headers=given, timeout=60
    )
