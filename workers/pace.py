"""How often a feed is polled, and what it promises, in the time of this operation's clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from cop.clock import HONG_KONG
from cop.services.ingest import Promise
from workers.feed import Feed

_SHORTEST_S: Final = 2.0
_STALE_AFTER_POLLS: Final = 3


def real_interval(feed: Feed, speed: float) -> float:
    """Give the real seconds between two polls of *feed* when the clock runs at *speed*."""
    every = feed.every.total_seconds()
    return every if speed == 1 else max(every / speed, _SHORTEST_S)


def promise_of(feed: Feed, speed: float) -> Promise:
    """Give what *feed* promises, in seconds of a clock that runs at *speed*.

    A fast exercise cannot poll as often as the publisher's clock would have it; what is then
    shown is as old as the polling allows, and that is not the feed's fault.
    """
    every = feed.every.total_seconds()
    stale_after = feed.stale_after.total_seconds()
    if speed != 1:
        every = real_interval(feed, speed) * speed
        stale_after = max(stale_after, _STALE_AFTER_POLLS * every)
    return Promise(
        key=feed.key,
        title=feed.title,
        publisher=feed.publisher,
        licence=feed.licence,
        complete=feed.complete,
        expected=feed.expected,
        max_loss=feed.max_loss,
        every_s=every,
        stale_after_s=stale_after,
    )


def dated(url: str, now: datetime) -> str:
    """Fill `{hk:%Y-%m-%d}` and the like in *url* with Hong Kong's time at *now*."""
    if "{" not in url:
        return url
    return url.format(hk=now.astimezone(HONG_KONG), utc=now.astimezone(UTC))
