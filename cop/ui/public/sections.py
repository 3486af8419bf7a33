"""The sections of the page: by which feeds each is known, and how well it is known now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from cop.services.publishing.picture import PublicPicture
from cop.ui.public.block import SectionKey

OWN: Final = "own"
"""Stands among feeds for what people enter here themselves: known as long as the store answers."""

SECTION_FEEDS: Final[Mapping[SectionKey, tuple[str, ...]]] = {
    "top": ("hko_warnings",),
    "warnings": (
        "hko_warnings",
        "hko_tips",
        "hko_heat_stress",
        "smg_warnings",
        "wmo_swic",
    ),
    "hazards": (
        OWN,
        "td_traffic_news",
        "hko_felt_earthquakes",
        "hko_cyclones",
        "wsd_suspensions",
    ),
    "roads": ("td_traffic_news",),
    "shelters": ("gov_press", OWN),
    "first_aid": (OWN,),
    "hospitals": ("ha_waiting",),
    "air": ("epd_aqhi",),
    "rain": ("hko_rain_gauges", "hko_current"),
    "tide": ("hko_sea_level", "hko_tides"),
    "transport": ("mtr_service", "boundary_queues", "airport_flights"),
    "sources": (),
}
"""Section to the feeds whose age tells how sure it is; without the first it is not known at all."""

PAGE_FEEDS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(feed for feeds in SECTION_FEEDS.values() for feed in feeds)
)

State = Literal["live", "stale", "unknown"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How well something is known.

    Attributes:
        feed: by which it is known.
        state: `live`, `stale` (old), or `unknown` (never read).
        at: to when it is known; None: nothing was ever known.
    """

    feed: str
    state: State
    at: datetime | None


def knowledge(picture: PublicPicture, feed: str) -> Knowledge:
    """Tell how well the content of *feed* is known at the picture's time."""
    if feed == OWN:
        lost = picture.down.get("redis")
        return Knowledge(feed, "live" if lost is None else "stale", lost or picture.as_of)
    found = picture.feeds.get(feed)
    at = None if found is None else found.known_at()
    if found is None or at is None:
        return Knowledge(feed, "unknown", None)
    return Knowledge(feed, "stale" if found.is_stale(picture.as_of) else "live", at)


def known_times(picture: PublicPicture) -> dict[str, datetime | None]:
    """Give, for each feed that a section stands on, to when it is known; None: nothing ever was.

    By these the ages on a page are kept true between its editions; `own` is among them.
    """
    return {feed: knowledge(picture, feed).at for feed in PAGE_FEEDS}
