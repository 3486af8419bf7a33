"""What is not known, because the feed that says it is stale or was never read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from cop.clock import utc_iso

VITAL: Final[Mapping[str, str]] = {"alerts": "hko_warnings", "roads": "td_traffic_news"}
"""Layer to the feed without which nobody should be told that there is nothing."""
SHOWN: Final[Mapping[str, str]] = {
    **VITAL,
    "cyclone": "hko_cyclones",
    "hospitals": "ha_waiting",
    "shelters": "gov_press",
}
"""Of what is around a place: layer to the feed that it is known by."""


def known_until(status: Mapping[str, Any]) -> datetime | None:
    """Tell as of when a feed is known, from its status; None where it was never read."""
    times = [status[name] for name in ("fetched_at", "content_at") if status.get(name)]
    if not status.get("fetched_at"):
        return None
    return min(datetime.fromisoformat(moment) for moment in times)


def unknown_layers(
    feeds: Mapping[str, Mapping[str, Any]],
    now: datetime,
    layers: Mapping[str, str] = SHOWN,
) -> list[dict[str, str | None]]:
    """List the layers of which nothing is known now, each with since when.

    Args:
        feeds: the status of each feed by its key.
        now: in the operation's clock.
        layers: layer to its feed.

    Returns:
        `{"layer", "since"}` each, in the order of *layers*; since is None where it was never read.
    """
    found: list[dict[str, str | None]] = []
    for layer, feed in layers.items():
        status = feeds.get(feed, {})
        since = known_until(status)
        if since is None:
            found.append({"layer": layer, "since": None})
        elif now - since > timedelta(seconds=status["stale_after_s"]):
            found.append({"layer": layer, "since": utc_iso(since)})
    return found


def feeds_state(feeds: Mapping[str, Mapping[str, Any]], now: datetime) -> dict[str, str | None]:
    """Say in one word how the vital feeds do: `ok`, `stale`, or `unknown`, and as of when.

    As of when is the oldest of their times; None where one was never read.
    """
    unknown = unknown_layers(feeds, now, VITAL)
    times = [known_until(feeds.get(feed, {})) for feed in VITAL.values()]
    state = "ok"
    if unknown:
        state = "stale" if _all_read(times) else "unknown"
    oldest = min((moment for moment in times if moment is not None), default=None)
    known = oldest is not None and _all_read(times)
    return {"state": state, "as_of": utc_iso(oldest) if known and oldest is not None else None}


def _all_read(times: Iterable[datetime | None]) -> bool:
    return all(moment is not None for moment in times)
