"""A web process with somebody of each role, and the request of each case of `policy_cases`."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from cop.services.accounts import add_user
from cop.services.commands.attachments import ATTACH
from cop.services.commands.partner_messages import RECEIVE
from cop.services.commands.registry import find_commands
from cop.services.policy import Action, Role
from cop.services.tokens import SCOPES, issue_token
from cop.store.memory import MemoryStore
from tests.integration.federating import partner_file
from tests.integration.policy_cases import Case
from tests.integration.policy_subjects import MINE, World
from tests.integration.seeing import seeing
from tests.integration.web_server import SETTINGS, Server, web_server

COMMANDS: Final = (*find_commands(), ATTACH, RECEIVE)
_keys = itertools.count()


@contextlib.contextmanager
def policy_server(folder: Path, **changes: Any) -> Iterator[Server]:
    """Run the web process with an account of each role, all of DSD, and two partners.

    Args:
        folder: for its data.
        changes: of the settings.
    """
    store = MemoryStore()
    said = {"data_dir": folder, "alert_sender": "cop@example.hk"}
    settings = SETTINGS.model_copy(update=said | changes)
    accounts = {"dsd": Role.MACHINE.value, "fsd": "else"}
    (folder / "partners").mkdir()
    for name, account in accounts.items():
        text = partner_file(name, f"https://{name}.example", account, agencies=[name.upper()])
        (folder / "partners" / f"{name}.toml").write_text(text)
    with seeing(store), web_server(store, settings=settings) as running:
        for role in Role:
            running.passwords[role.value] = add_user(
                running.accounts, role.value, role, "DSD", belongs_to=MINE
            )
        add_user(running.accounts, "else", Role.FIELD, "FSD")
        add_user(running.accounts, "wong", Role.FIELD, "DSD")
        yield running


def policy_tokens(server: Server) -> dict[bool, str]:
    """Issue two tokens to the machine: for the door of partners (True), and for all else."""
    federate = {Action.FEDERATE.value}  # whoever has it reads by that door alone
    return {
        at_partners_door: issue_token(
            server.accounts,
            Role.MACHINE.value,
            operation=SETTINGS.operation,
            label="test",
            scopes=federate if at_partners_door else set(SCOPES) - federate,
            days=1,
        ).token
        for at_partners_door in (True, False)
    }


def is_partners_door(path: str) -> bool:
    """Tell whether *path* is one that partners ask for."""
    return path.removeprefix("/api/v1/exchange/") in {"changes", "messages", "receipts"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A request: method, path with its query, headers, and the bytes of the body."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


def request_of(case: Case, world: World, role: Role, how: str) -> Sent:
    """Make the request of *case* about a fresh subject."""
    asking = case.make(world, role, how)
    method = case.line.split(" ")[0]
    headers = {"Idempotency-Key": f"key-{next(_keys)}", "Content-Type": "application/json"}
    command = next((c for c in COMMANDS if f"{c.method} {c.path}" == case.line), None)
    steers = case.line == "POST /assignments/{id}/step" and case.action is Action.ASSIGN
    if steers or (command is not None and command.matched):
        headers["If-Match"] = '"1"'
    body = asking.body
    if isinstance(body, bytes):
        headers["Content-Type"] = "image/png"
    else:
        empty = method == "GET" or (method == "DELETE" and not body)
        body = b"" if empty else orjson.dumps(body)
    return Sent(method, f"/api/v1{asking.path}", headers, body)
