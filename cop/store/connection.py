"""A connection to Redis: never repeats a command by itself, knows one kind of error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from cop.errors import Misconfigured, StoreUnavailable
from cop.store.sentinel import client_of, is_of_sentinels

TIMEOUT_S: Final = 3.0
"""Longer than any flush to disk should take, shorter than a page may go without saying so."""


def connect(url: str, **more: Any) -> redis.Redis:
    """Open a client that never repeats a command by itself: a lost answer may have been a write.

    Where *url* names Sentinels it is a client of the primary, and follows a failover.

    Raises:
        ValueError: there can be no Redis at *url*.
    """
    options: dict[str, Any] = {
        "protocol": 2,
        "retry": Retry(NoBackoff(), 0),
        "socket_timeout": TIMEOUT_S,
        "socket_connect_timeout": TIMEOUT_S,
        **more,
    }
    if is_of_sentinels(url):
        return client_of(url, **options)
    return redis.Redis.from_url(url, **options)


@contextmanager
def available() -> Iterator[None]:
    """Turn what Redis or the network says into StoreUnavailable, with a sentence."""
    try:
        yield
    except redis.exceptions.TimeoutError as error:
        raise StoreUnavailable(
            f"Redis did not answer in time; a write may have been taken all the same: {error}"
        ) from error
    except redis.exceptions.AuthenticationError as error:
        raise StoreUnavailable(
            f"Redis does not let us in: look at its address and COP_REDIS_LOGIN_FILE: {error}"
        ) from error
    except redis.exceptions.ConnectionError as error:
        raise StoreUnavailable(f"Redis cannot be reached: {error}") from error
    except redis.exceptions.RedisError as error:  # out of memory, read-only, disk full, no rights
        if "NOREPLICAS" in str(error):
            raise StoreUnavailable(
                "Redis takes nothing while no replica follows it: bring one back"
            ) from error
        raise StoreUnavailable(f"Redis refuses: {error}") from error


def check_policy(client: redis.Redis, *, durable: bool) -> tuple[str, ...]:
    """Refuse a Redis that may lose what it confirmed; tell what else should be better.

    Args:
        client: a connection to it.
        durable: whether confirmed writes must survive a crash, as those of a live operation must.

    Raises:
        Misconfigured: it may evict keys, or keeps no append-only file although *durable*.
        StoreUnavailable: it does not answer.
    """
    try:
        with available():
            names = ("maxmemory-policy", "append*", "auto-aof-rewrite-percentage")
            found = {key: value for name in names for key, value in client.config_get(name).items()}
    except StoreUnavailable as error:
        if isinstance(error.__cause__, redis.exceptions.ResponseError):
            return ("Redis does not let this user read its configuration: it could not be checked",)
        raise
    setting = {_word(name): _word(value) for name, value in found.items()}
    policy = setting.get("maxmemory-policy", "")
    if policy != "noeviction":
        raise Misconfigured(
            f"this Redis may throw parts of the picture away (maxmemory-policy {policy}):"
            " set maxmemory-policy to noeviction and start again"
        )
    if setting.get("appendonly") == "yes":
        words = []
        if setting.get("appendfsync") != "always":
            words.append(
                "a power cut loses up to a second of confirmed writes: set appendfsync to always"
            )
        if setting.get("auto-aof-rewrite-percentage") == "0":
            words.append(
                "the append-only file grows without end: set auto-aof-rewrite-percentage to 100"
            )
        return tuple(words)
    if durable:
        raise Misconfigured(
            "this Redis would lose confirmed writes in a crash: set appendonly to yes and"
            " appendfsync to always and start again"
        )
    return ("Redis keeps no append-only file: this operation is lost when it ends",)


def _word(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
