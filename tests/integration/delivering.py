"""Pictures, people with phones, and what stands for sending, for tests of pushing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from cop.config import Settings
from cop.model.entity import Entity
from cop.model.kinds import Receipt, decode
from cop.model.record import Write, put
from cop.services.accounts import add_user
from cop.services.commands.desk import Desk
from cop.services.commands.receipts import receipt_id
from cop.services.delivery.deliverer import Came, Job, Outcome
from cop.services.policy import Role
from cop.services.sessions import Opening, open_session
from cop.store.accounts import Accounts, RedisAccounts, Session, Subscription
from cop.store.memory import MemoryStore
from cop.store.port import Store
from cop.store.redis import RedisStore
from tests.browsers import Browser, subscription
from tests.integration.both_accounts import accounts
from tests.redis_server import shared_redis
from tests.unit.services.commands.keeping import Time
from tests.unit.services.watch.making import (
    START,
)

__all__ = ["accounts", "shared_redis"]

SETTINGS = Settings(operation="live")
LIFE_MS = 3_600_000


@pytest.fixture
def desk(accounts: Accounts, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Give an empty picture in the kind of store that the accounts are in."""
    store: Store
    if isinstance(accounts, RedisAccounts):
        store = RedisStore(request.getfixturevalue("shared_redis"), secrets.token_hex(6))
    else:
        store = MemoryStore()
    yield Desk(store, accounts, Time(START), SETTINGS)
    store.close()


class Sent:
    """Stands for what sends: keeps what it was given, and answers as it is told to."""

    def __init__(self, answers: Callable[[Job], tuple[Came, int, int]] | None = None) -> None:
        """Answer that everything was taken, or as *answers* says: what came, status, pause."""
        self.jobs: list[Job] = []
        self.answers = answers or (lambda _: (Came.TAKEN, 201, 0))
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Send."""
        self.jobs += jobs
        self.meanwhile()
        return [Outcome(job, *self.answers(job)) for job in jobs]

    def said(self) -> list[tuple[str, str]]:
        """List what was sent to whom since it was last asked."""
        told = [(job.message.id, job.to.user) for job in self.jobs]
        self.jobs.clear()
        return told


def write(desk: Desk, *entities: Entity) -> None:
    """Put entities on the picture, whatever was there."""
    writes: list[Write] = [put(each) for each in entities]
    desk.store.write(writes, fetched_ms=1)


def person(
    desk: Desk, name: str, *own: str, phones: int = 1, operation: str = "live"
) -> list[Subscription]:
    """Add somebody in the field with some phones that take messages."""
    add_user(desk.accounts, name, Role.FIELD, "DSD", belongs_to=own)
    user = desk.accounts.read_users([name])[name]
    made = []
    for number in range(phones):
        session = open_session(desk.accounts, user, Opening(operation=operation)).session
        endpoint = f"https://push.test/201/{name}/{number}"
        one = replace(
            subscription(name, Browser(), endpoint, session=session.id, made_ms=number + 1),
            operation=operation,
        )
        desk.accounts.add_subscription(one, ttl_ms=LIFE_MS)
        made.append(one)
    return made


def receipt_of(desk: Desk, subject: str, name: str) -> Receipt | None:
    """Give a receipt as it is stored."""
    own_id = receipt_id(subject, name)
    record = desk.store.read([own_id]).get(own_id)
    found = None if record is None else decode(record.body)
    return found if isinstance(found, Receipt) else None


def answered(desk: Desk, subject: str, name: str, **times: Any) -> None:
    """Put on the picture how far something has come with somebody."""
    known = receipt_of(desk, subject, name)
    blank = Receipt(id=receipt_id(subject, name), publisher="DSD", subject=subject, recipient=name)
    write(desk, (known or blank).model_copy(update=times))


BROWSER = Browser()


def add_user_quickly(desk: Desk, name: str, endpoint: str, browser: Browser = BROWSER) -> None:
    """Let somebody take messages, without the time that a password costs."""
    session = Session(
        id=f"s-{name}", user=name, operation="live", started_ms=1, ends_ms=2**50, idle_ms=LIFE_MS
    )
    desk.accounts.open_session(session, ttl_ms=LIFE_MS)
    made = subscription(name, browser, endpoint, session=session.id)
    desk.accounts.add_subscription(made, ttl_ms=LIFE_MS)
