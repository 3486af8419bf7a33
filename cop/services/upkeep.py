"""Keep the picture tidy: end what has expired, cut the log, forget old removals and messages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from cop.errors import Conflict
from cop.model.entity import Kind
from cop.model.record import remove
from cop.services.exchange.originals import Originals
from cop.store.port import Store

KEEP_EVENTS: Final = 5_000
"""Events that a returning reader can still resume over: more than an hour of sixty feeds."""

KEEP_REMOVALS: Final = timedelta(days=7)
"""How long the version of a removed entity is remembered."""

_BATCH: Final = 500
_DIGEST: Final = re.compile(rb"[0-9a-f]{64}")


def expire(store: Store, now: datetime) -> int:
    """Take off the picture what is past its expiry at *now* (the picture's clock); tell how many.

    What was renewed in the meantime stays: its version is no longer the one that had expired.
    """
    now_ms = int(now.timestamp() * 1000)
    total = 0
    while due := store.expired(now_ms, limit=_BATCH):
        try:
            store.write([remove(record) for record in due], fetched_ms=now_ms)
        except Conflict:
            continue  # renewed or removed just now: what is due is asked again
        total += len(due)
    return total


def trim(store: Store, *, keep: int = KEEP_EVENTS) -> int:
    """Cut the log down to its last *keep* events; tell how many went."""
    before = datetime.now(UTC) - KEEP_REMOVALS
    return store.trim(keep, tombstones_before_ms=int(before.timestamp() * 1000))


def forget_originals(store: Store, originals: Originals) -> int:
    """Give up messages that nothing on the picture refers to, where it is time; tell how many.

    Raises:
        StoreUnavailable: what refers to them is not known now; nothing was given up.
        OSError: the disk does not let it.
    """
    if not originals.is_untidy():
        return 0
    referring = [*store.by_kind(Kind.ALERT).values(), *store.by_kind(Kind.MESSAGE).values()]
    referred = {said.decode() for record in referring for said in _DIGEST.findall(record.body)}
    return originals.tidy(referred)
