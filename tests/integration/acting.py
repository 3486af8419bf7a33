"""People who act over HTTP: signed in by a token of their own, without a password to reckon."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import httpx

from cop.services.policy import Role
from cop.services.sessions import Opening, open_session
from cop.store.accounts import User
from tests.integration.web_server import Server

T = TypeVar("T")

_keys = itertools.count()


class Person:
    """Somebody with an account and a session."""

    def __init__(
        self,
        server: Server,
        http: httpx.Client,
        name: str,
        role: Role,
        agency: str = "",
        *,
        own: Iterable[str] = (),
        operation: str = "live",
        operations: tuple[str, ...] | None = None,
    ) -> None:
        """Add the account *name* and open a session in *operation*; ask through *http*."""
        user = User(
            name=name,
            role=role.value,
            agency=agency,
            password="",
            disabled=False,
            created_ms=0,
            belongs_to=tuple(own),
            operations=operations,
        )
        server.accounts.add_user(user)
        token = open_session(server.accounts, user, Opening(operation=operation)).token
        self.name = name
        self.session = {"Authorization": f"Bearer {token}"}
        self._http = http

    def ask(self, path: str) -> httpx.Response:
        """Read, whatever comes of it."""
        return self._http.get(path, headers=self.session)

    def get(self, path: str) -> Any:
        """Read what must be there."""
        answer = self.ask(path)
        assert answer.is_success, answer.text
        return answer.json()

    def post(
        self, path: str, *, key: str = "", version: int | None = None, **said: Any
    ) -> httpx.Response:
        """Do a command, whatever comes of it; the key is new unless it is given."""
        headers = {**self.session, "Idempotency-Key": key or f"{self.name}-{next(_keys)}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self._http.post(path, json=said, headers=headers)

    def done(self, path: str, **said: Any) -> dict[str, Any]:
        """Do a command that must succeed, and give its answer."""
        answer = self.post(path, **said)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


@contextlib.contextmanager
def people_of(server: Server) -> Iterator[Callable[..., Person]]:
    """Give a function that makes a `Person` at *server*; they share one pool of connections."""
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=60, trust_env=False) as http:
        yield partial(Person, server, http)


def at_once(deeds: Sequence[Callable[[], T]]) -> list[T]:
    """Do all *deeds* at the same time, each in a thread of its own; give what they gave."""
    with ThreadPoolExecutor(max_workers=len(deeds)) as pool:
        return [future.result() for future in [pool.submit(deed) for deed in deeds]]
