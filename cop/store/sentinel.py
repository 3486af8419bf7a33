"""The primary of a replicated Redis, found by asking its Sentinels.

An address names them all, `redis+sentinel://HOST:PORT,HOST:PORT,HOST:PORT/NAME/DATABASE`. NAME is
what they call the primary with its replicas (`picture`); `rediss+sentinel://` says that all of them
speak TLS. What is written before an `@` signs in to Redis, and `?sentinel_login=USER:PASSWORD` to
the Sentinels.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.retry import Retry
from redis.sentinel import (
    MasterNotFoundError,
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)

SCHEMES: Final = {"redis+sentinel": "redis", "rediss+sentinel": "rediss"}
"""Of addresses that name Sentinels, and of what these then lead to."""
LOGIN: Final = "sentinel_login"
_NAME: Final = "picture"
_PORT: Final = 26379
_ASK_S: Final = 0.5
"""Each that is gone holds up whoever looks for the primary by so much."""


@dataclass(frozen=True, slots=True)
class Address:
    """What an address with Sentinels says.

    Attributes:
        sentinels: host and port of each.
        name: of the primary with its replicas, as they call it.
        login: user and password for them; empty where they want none.
        options: of a connection to Redis itself.
        secure: whether all speak TLS.
    """

    sentinels: tuple[tuple[str, int], ...]
    name: str
    login: tuple[str, str]
    options: dict[str, Any]
    secure: bool


def is_of_sentinels(url: str) -> bool:
    """Tell whether an address names Sentinels."""
    return url.partition("://")[0] in SCHEMES


def parse(url: str) -> Address:
    """Read an address that names Sentinels.

    Raises:
        ValueError: it is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"{parts.scheme}:// names no Sentinels")
    login, _, hosts = parts.netloc.rpartition("@")
    sentinels = tuple(_host(one) for one in hosts.split(","))
    name, _, database = parts.path.strip("/").partition("/")
    if database and not database.isdecimal():
        raise ValueError(f"{database!r} is no number of a database")
    asked = dict(parse_qsl(parts.query))
    user, _, password = asked.pop(LOGIN, "").partition(":")
    plain = f"{login}@" if login else ""
    like = f"{SCHEMES[parts.scheme]}://{plain}127.0.0.1/{database}?{urlencode(asked)}"
    options = parse_url(like)  # type: ignore[no-untyped-call]
    for given in ("host", "connection_class"):
        options.pop(given, None)
    secure = SCHEMES[parts.scheme] == "rediss"
    return Address(sentinels, unquote(name) or _NAME, (user, password), options, secure)


def _host(word: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{word}")
        host, port = parts.hostname, parts.port or _PORT
    except ValueError:
        host = None
    if not host or "/" in word:
        raise ValueError(f"{word!r} is no host:port of a Sentinel")
    return host, port


class _Line(SentinelManagedConnection):
    """A connection to whoever is primary when it is made.

    Attributes:
        server: what this primary calls its history. Another primary, or the same one begun again,
            has another.
        held: by somebody who counts on *server*: lost meanwhile, it is not made again unnoticed.
    """

    server = ""
    held = False

    def on_connect_check_health(self, check_health: bool = True) -> None:
        """Sign in, and see that it is the primary and which."""
        if self.held:
            raise redis.exceptions.ConnectionError("the primary was lost in the midst of it")
        super().on_connect_check_health(check_health=check_health)
        self.send_command("INFO", "replication")  # type: ignore[no-untyped-call]
        said: Any = self.read_response()
        words = said.decode() if isinstance(said, bytes) else str(said)
        told = dict(line.split(":", 1) for line in words.split("\r\n") if ":" in line)
        if told.get("role") != "master":
            raise redis.exceptions.ConnectionError("it is a replica, not the primary (any more)")
        self.server = told.get("master_replid", "")

    def read_response(self, *args: Any, **options: Any) -> Any:
        """Read an answer; drop the connection to a primary that has become a replica.

        Redis before 7.0 says so of a script in words within another error.
        """
        try:
            return super().read_response(*args, **options)
        except redis.exceptions.ResponseError as error:
            if "READONLY" not in str(error):
                raise
            self.disconnect()  # type: ignore[no-untyped-call]
            raise redis.exceptions.ConnectionError("the primary is a replica now") from error


class _SecureLine(_Line, SentinelManagedSSLConnection):
    """The same over TLS."""


class Watch(Sentinel):
    """The Sentinels of one primary."""

    def __init__(self, address: Address) -> None:
        """Prepare to ask them; nothing is sent yet."""
        user, password = address.login
        options: dict[str, Any] = {"socket_timeout": _ASK_S, "socket_connect_timeout": _ASK_S}
        options |= {"username": user, "password": password} if user else {}
        if address.secure:
            options["ssl"] = True
            options |= {k: v for k, v in address.options.items() if k.startswith("ssl_")}
        options |= {"protocol": 2, "retry": Retry(NoBackoff(), 0)}
        super().__init__(address.sentinels, sentinel_kwargs=options)  # type: ignore[no-untyped-call]

    def discover_master(self, service_name: str) -> tuple[str, int]:
        """Give host and port of the primary that the last failover chose.

        All are asked: one that is cut off from the others still names the primary of before.

        Raises:
            MasterNotFoundError: none names one that answers.
        """
        best: dict[str, Any] | None = None
        deaf = 0
        for state in self.states(service_name):
            if state is None:
                deaf += 1
            elif self.check_master_state(state, service_name):  # type: ignore[no-untyped-call]
                best = max(best or state, state, key=lambda one: int(one["config-epoch"]))
        if best is None:
            words = f"no Sentinel names a primary of {service_name!r} that answers"
            raise MasterNotFoundError(f"{words} ({deaf} of {len(self.sentinels)} do not answer)")
        return str(best["ip"]), int(best["port"])

    def states(self, service_name: str) -> list[dict[str, Any] | None]:
        """Give what each Sentinel says of the primary; None for one that does not say anything."""
        said: list[dict[str, Any] | None] = []
        for one in self.sentinels:
            try:
                known: Any = one.sentinel_masters()
                said.append(known.get(service_name))
            except redis.exceptions.RedisError:
                said.append(None)
            finally:  # asked seldom, by every connection: theirs are not kept open for that
                one.connection_pool.disconnect(inuse_connections=False)
        return said


def client_of(url: str, **options: Any) -> redis.Redis:
    """Open a client of the primary that the Sentinels in *url* name; it follows a failover.

    Raises:
        ValueError: *url* names none.
    """
    address = parse(url)
    kind = _SecureLine if address.secure else _Line
    options = address.options | options | {"connection_class": kind}
    pool = SentinelConnectionPool(address.name, Watch(address), **options)  # type: ignore[no-untyped-call]
    return redis.Redis.from_pool(pool)


def states(url: str) -> list[tuple[str, dict[str, Any] | None]]:
    """Give address and word of each Sentinel; None for one that does not say anything.

    Raises:
        ValueError: *url* names none.
    """
    address = parse(url)
    with closing(Watch(address)) as watch:
        said = watch.states(address.name)
    names = [f"{host}:{port}" for host, port in address.sentinels]
    return list(zip(names, said, strict=True))
