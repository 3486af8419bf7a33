"""A web process that speaks EDXL, with a picture, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from cop.formats.edxl.de import DE
from cop.formats.edxl.have import HAVE
from cop.formats.edxl.rm import RM, RMSG
from cop.formats.edxl.sitrep import SITREP
from cop.services.accounts import add_user
from cop.services.exchange.organisations import FILE
from cop.services.policy import Role
from cop.store.memory import MemoryStore
from tests.integration.asking import key
from tests.integration.exported import city
from tests.integration.web_server import SETTINGS, Server, until, web_server
from tests.unit.formats.edxl.schemas import assert_fits, de_schema

LEI = "00EXAMPLE00000000159"
XML = {"Content-Type": "application/xml"}
NAMES = {"de": DE, "h": HAVE, "r": RM, "m": RMSG, "s": SITREP}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the data directory."""
    made = tmp_path_factory.mktemp("data")
    (made / FILE).write_text(f'DSD = "{LEI}"\nHA = "{LEI}"\n', "utf-8")
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """Run one web process with a picture."""
    store = MemoryStore()
    city(store)
    settings = SETTINGS.model_copy(
        update={"data_dir": folder, "organisation": "SB", "lei": LEI, "installation": "hk-cop"}
    )
    with web_server(store, settings=settings) as running:
        for name, role in (("chief", Role.COMMANDER), ("team", Role.FIELD)):
            running.passwords[name] = add_user(running.accounts, name, role, "DSD")
        running.passwords["gd"] = add_user(running.accounts, "gd", Role.MACHINE, "DSD")
        yield running


@pytest.fixture(scope="module")
def chief(server: Server) -> Iterator[httpx.Client]:
    """Give the commander's client."""
    with server.client("chief") as client:
        yield client


def read(answer: httpx.Response) -> Any:
    """Give the root element of an answer."""
    assert answer.status_code == 200, answer.text
    return etree.fromstring(answer.content)


def inside(answer: httpx.Response) -> list[Any]:
    """Give what is in the envelope of an answer, which follows its schema."""
    assert_fits(answer.content, de_schema())
    return [one[0] for one in read(answer).iter(f"{{{DE}}}embeddedXMLContent")]


def ask(client: httpx.Client, server: Server, **fields: Any) -> str:
    """Ask for pumps at the first incident, wait until the process knows, and give the id."""
    said = {"subject": f"incident:{0:016x}", "item": "pump", "quantity": 3, "asked_of": "DSD"}
    answer = client.post("/api/v1/needs", json=said | fields, headers=key())
    assert answer.status_code == 201, answer.text
    until(lambda: server.has_come_to(answer.json()["cursor"]), seconds=45)
    return str(answer.json()["id"])
