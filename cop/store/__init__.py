"""The store: one atomic write, snapshot and events. The only part that knows Redis."""

from __future__ import annotations

import structlog

from cop.config import Settings
from cop.errors import Misconfigured, StoreUnavailable
from cop.store.confirming import check_replicated, waiting_of
from cop.store.memory import MemoryStore
from cop.store.port import Store
from cop.store.redis import RedisStore

log = structlog.get_logger(__name__)


def open_store(settings: Settings) -> Store:
    """Open the store of *settings*' operation; `memory:` as the URL keeps it in this process.

    A Redis that does not answer yet is no error here: who uses the store is told then.

    Raises:
        Misconfigured: no Redis is named, it is not fit to keep the picture, a newer program wrote
            what is there, or an exercise would be written to the live picture.
    """
    if bool(settings.scenario) != settings.operation.startswith("exercise-"):
        raise Misconfigured(
            f"operation {settings.operation!r} and scenario {settings.scenario!r} do not go"
            " together: an exercise has both, with an operation that begins with exercise-;"
            " the live operation has no scenario"
        )
    check_replicated(settings)
    if settings.redis_url.startswith("memory:"):
        return MemoryStore()
    if not settings.redis_url:
        raise Misconfigured(
            "no Redis is named: start the system with `cop up`, which brings its own,"
            " or set COP_REDIS_URL, for example to redis://127.0.0.1:6379/0"
        )
    try:
        url = settings.signed_in(settings.redis_url)
        store = RedisStore(url, settings.operation, waiting_of(settings))
    except ValueError as error:
        raise Misconfigured(f"COP_REDIS_URL is not the address of a Redis: {error}") from error
    try:
        for warning in store.check_policy(durable=not settings.exercise):
            log.warning("redis_policy", advice=warning)
        store.settle_format()
    except StoreUnavailable as error:
        log.warning("redis_not_checked", reason=str(error))
    return store
