"""The public picture as a value: what may be published at one moment, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cop.model.entity import Kind
from cop.model.text import Text

Feature = Mapping[str, Any]
"""A GeoJSON feature as the public may have it: `id`, `geometry`, `properties`.

Properties besides those of the entity: `kind`, `version`, `fetched_at`, `type` (what the table of
publishing calls it, for example `flooding`, `shelter`, `rain_1h`), and while they hold:
`ended` `{"at", "why": "over"|"withdrawn"}` for what is shown for a while after its end, and
`changed` `{"at", "was": {field: value}, "corrected": bool}` for what was lately changed.
"""


@dataclass(frozen=True, slots=True)
class FeedKnown:
    """How well a feed's content is known.

    Attributes:
        title: its name in words.
        publisher: code of its publisher.
        licence: the terms under which it is passed on.
        state: of its last poll, as in `FeedState`.
        fetched_at: when it last gave a usable payload; None: never.
        content_at: the publisher's own time of that payload, where it has one.
        stale_after_s: age in seconds of the operation's clock past which it is stale.
    """

    title: Text
    publisher: str
    licence: str
    state: str
    fetched_at: datetime | None
    content_at: datetime | None
    stale_after_s: float

    def known_at(self) -> datetime | None:
        """Tell to when its content is known; None: nothing was ever known."""
        moments = [at for at in (self.fetched_at, self.content_at) if at is not None]
        return None if self.fetched_at is None else min(moments)

    def is_stale(self, now: datetime) -> bool:
        """Tell whether its content is too old at *now* to be taken for current."""
        known = self.known_at()
        return known is None or (now - known).total_seconds() > self.stale_after_s


@dataclass(frozen=True, slots=True)
class Span:
    """A warning's time in force, for the timeline of the last day.

    Attributes:
        id: of the alert.
        signal, event_type, severity, publisher, title: as the alert had them during this time.
        began: when it began to hold.
        ended: when it ceased; None: it is in force.
    """

    id: str
    event_type: str
    signal: str | None
    severity: str
    publisher: str
    title: Text
    began: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublicPicture:
    """Everything that the public may know at one moment.

    Attributes:
        operation: id of the operation.
        exercise: whether it is an exercise: then every output says so.
        as_of: the operation's time up to which this is known to be so.
        made_at: the real time of the same moment.
        speed: operation seconds per real second; 1 in the live operation.
        features: by id.
        feeds: by feed key.
        down: which parts (`redis`, `worker`, `beat`) are down since when, operation's time.
        spans: warnings of the last 24 h, oldest first.
        spans_since: from when they are complete; None: all day.
    """

    operation: str
    exercise: bool
    as_of: datetime
    made_at: datetime
    speed: float
    features: Mapping[str, Feature]
    feeds: Mapping[str, FeedKnown]
    down: Mapping[str, datetime] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    spans_since: datetime | None = None

    def of(self, *kinds: Kind) -> list[Feature]:
        """List the features of *kinds*."""
        return [it for it in self.features.values() if it["properties"]["kind"] in kinds]
