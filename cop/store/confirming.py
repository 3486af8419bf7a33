"""Writes that count only when replicas have them: each on a connection that nobody else uses.

`WAIT` speaks of what was sent on its own connection, so a write and its `WAIT` go to one server
without a break. Before it a field is written, which makes it wait for everything that this server
was given until then: also for the first try of a write that is repeated.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import redis

from cop.config import Settings
from cop.errors import Misconfigured, NotConfirmed, StoreUnavailable
from cop.store.connection import connect
from cop.store.sentinel import is_of_sentinels

_TOUCHED: Final = "touched"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many replicas must have a write before it counts, and for how long they are waited for.

    Attributes:
        replicas: 0: the primary's word is enough.
        within_ms: less than a connection's timeout.
    """

    replicas: int = 0
    within_ms: int = 1000


AT_ONCE: Final = Waiting()


def waiting_of(settings: Settings) -> Waiting:
    """Give what *settings* say of it."""
    return Waiting(settings.wait_replicas, settings.wait_ms)


def check_replicated(settings: Settings) -> None:
    """Return when what *settings* say of replicas and Sentinels goes together.

    Raises:
        Misconfigured: it does not.
    """
    url = settings.redis_url
    if settings.wait_replicas and not url.startswith(("redis", "rediss")):
        raise Misconfigured(
            "COP_WAIT_REPLICAS waits for replicas, and the Redis that `cop up` brings has none:"
            " name a replicated one in COP_REDIS_URL, or set COP_WAIT_REPLICAS to 0"
        )
    if settings.sentinel_login_file and not is_of_sentinels(url):
        raise Misconfigured(
            "COP_SENTINEL_LOGIN_FILE is set, and COP_REDIS_URL names no Sentinels: name them there"
            " (redis+sentinel://HOST:PORT,HOST:PORT,HOST:PORT/picture), or unset it"
        )
    if is_of_sentinels(url) and not settings.broker_url:
        raise Misconfigured(
            "COP_BROKER_URL is empty: Celery's broker does not follow Sentinels; name a Redis of"
            " its own, which may be empty after a crash"
        )


class Confirming:
    """Gives connections for writes; where nothing is to be waited for, the client that all use."""

    def __init__(self, client: redis.Redis, url: str, waiting: Waiting, field_of: str) -> None:
        """Write with *client*, or where it matters which server it is, with others of *url*.

        *field_of* is the key of a hash that may have one field more.
        """
        self.waiting = waiting
        self.field_of = field_of
        self._plain = None if waiting.replicas or is_of_sentinels(url) else Held(client)
        self._url = url
        self._idle: deque[redis.Redis] = deque()

    def held(self) -> Held:
        """Give a connection for the body of a `with`; nobody else has it meanwhile.

        Raises:
            redis.exceptions.RedisError: none can be had.
        """
        return self._plain or self.alone()

    def alone(self) -> Held:
        """Give a connection that tells in any case whether it was broken (`Held.unbroken`).

        A scan does not go on where it was once its server was begun again, and nothing says so.
        """
        return _HeldAlone(self._take(), self)

    def _take(self) -> redis.Redis:
        try:
            return self._idle.pop()
        except IndexError:
            return connect(self._url, max_connections=1)

    def give_back(self, client: redis.Redis) -> None:
        """Keep *client* for the next."""
        self._idle.append(client)

    def close(self) -> None:
        """Give the connections back that nobody holds."""
        while self._idle:
            self._idle.pop().close()


class Held:
    """A connection for a write.

    Attributes:
        client: what to ask with.
        server: what its server calls its history (`cop.store.sentinel`); "" where nobody asks.
    """

    def __init__(self, client: redis.Redis) -> None:
        """Ask with *client*."""
        self.client = client
        self.server = ""

    def __enter__(self) -> Self:
        """Give it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give it back."""

    def unbroken(self) -> bool:
        """Tell whether all was asked of one server, on one connection; of a shared one: true."""
        return True

    def confirm(self) -> None:
        """Return when all that was written counts.

        Raises:
            NotConfirmed: too few replicas have said so in time.
        """


class _HeldAlone(Held):
    """The one connection of a client that nobody else has."""

    def __init__(self, client: redis.Redis, of: Confirming) -> None:
        super().__init__(client)
        self._of = of
        self._line: Any = None
        self._socket: Any = None

    def __enter__(self) -> Self:
        try:
            self._line = self._look()
        except BaseException:
            self.client.close()
            raise
        self.server, self._socket = getattr(self._line, "server", ""), self._line._sock  # noqa: SLF001 - no other mark
        self._line.held = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.held = False
        if isinstance(error, (redis.exceptions.RedisError, StoreUnavailable)):
            self.client.close()
            self._of.close()  # the others may hold on to a server that is no primary any more
        else:
            self._of.give_back(self.client)

    def _look(self) -> Any:
        """Give the one connection, which is made where there is none."""
        pool = self.client.connection_pool
        connection: Any = pool.get_connection()
        pool.release(connection)
        return connection

    def unbroken(self) -> bool:
        return self._look()._sock is self._socket  # noqa: SLF001 - no other mark

    def confirm(self) -> None:
        waiting = self._of.waiting
        if not waiting.replicas:
            return
        try:
            with self.client.pipeline(transaction=False) as pipe:
                pipe.hset(self._of.field_of, _TOUCHED, "1")
                pipe.wait(waiting.replicas, waiting.within_ms)
                answer: Any = pipe.execute()
            unbroken = self.unbroken()
        except redis.exceptions.RedisError as error:
            raise _doubt("Redis was lost before replicas had said that they have it") from error
        if not unbroken:
            raise _doubt("Redis was lost before replicas had said that they have it")
        if answer[1] < waiting.replicas:
            raise _doubt(f"{answer[1]} of {waiting.replicas} replicas have said that they have it")


def _doubt(why: str) -> StoreUnavailable:
    return NotConfirmed(
        f"written, but not confirmed: {why}, and a failover could lose it; do it again, with the"
        " same idempotency key where there is one"
    )
