"""What stands in for the process that looks at cameras, where only the door to it is tested."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from cop.services import views
from cop.services.views import Ask, Seen, check_ask, find_camera
from cop.store.port import Store

PICTURE = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
TAKEN_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)


@contextlib.contextmanager
def seeing(store: Store) -> Iterator[list[Ask]]:
    """Let every camera of *store* be seen; give the requests. Web processes start inside."""
    asks: list[Ask] = []

    def send(asked: dict[str, Any]) -> None:
        ask = Ask(**asked)
        check_ask(store, ask, find_camera(store, ask.camera))
        asks.append(ask)
        seen = Seen(TAKEN_AT, not ask.clear, PICTURE)
        store.lend(ask.reply, ask.seal(seen), ttl_ms=60_000)

    store.mark("vision:stand-in", "", ttl_ms=3_600_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "_queue_of", lambda _: send)
        yield asks
