"""The writes that the tests of both stores are made of."""

from __future__ import annotations

from collections.abc import Callable

from cop.model.entity import Kind
from cop.model.record import Write
from cop.store.port import Store

Make = Callable[[], Store]


def a_put(entity_id: str = "x:1", body: bytes = b"{}", **changes: object) -> Write:
    """Make a put; keywords override its fields."""
    fields: dict[str, object] = {"id": entity_id, "kind": Kind.ALERT, "body": body, "feed": "x"}
    return Write(**(fields | changes))  # type: ignore[arg-type]


def a_removal(entity_id: str = "x:1", expected: int | None = None) -> Write:
    """Make a removal."""
    return Write(id=entity_id, kind=Kind.ALERT, body=None, expected=expected)
