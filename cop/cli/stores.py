"""Which Redis a command means: the configured one, or the embedded one of a data directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cop.config import Settings
from cop.launcher.embedded import EmbeddedRedis, socket_of
from cop.launcher.running import read_settings, running_on


def operation_of(data: Path | None) -> Settings:
    """Give the settings of the operation that runs: the configured one, or that on *data*.

    Raises:
        Misconfigured: none does.
    """
    settings = read_settings(data)
    return settings if settings.redis_url and data is None else running_on(settings.data_dir)


@contextmanager
def some_redis(settings: Settings) -> Iterator[Settings]:
    """Give settings whose Redis answers: the configured, the running or one for the moment.

    Raises:
        Misconfigured: there is none and none can be started; the message says why.
    """
    if settings.redis_url:
        yield settings
        return
    running = socket_of(settings.data_dir)
    if running is not None:
        yield settings.model_copy(update={"redis_url": f"unix://{running}"})
        return
    with EmbeddedRedis(settings.data_dir) as redis:
        yield settings.model_copy(update={"redis_url": redis.url})
