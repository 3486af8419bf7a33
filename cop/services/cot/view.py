"""What clients of one kind see: drawn once for all of them, and again before it goes stale."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import orjson
import structlog

from cop.formats.cot.event import write_event
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.text import Lang
from cop.services.cot.clients import Client
from cop.services.cot.drawing import LASTS, Drawer, with_position
from cop.services.picture import Picture
from cop.services.positions import position_id

log = structlog.get_logger(__name__)

_LASTS_S: Final = LASTS.total_seconds()


class Sight(NamedTuple):
    """What decides how something is drawn."""

    audience: Audience
    lang: Lang
    live: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A thing as it is sent.

    Attributes:
        feature: what it was drawn from, at its live position.
        uids: of its events, with their types.
        body: the events, one after the other; empty where it is not shown.
        renew_at: when it must be drawn again, of the monotonic clock.
    """

    feature: Mapping[str, Any]
    uids: tuple[tuple[str, str], ...]
    body: bytes
    renew_at: float


def sight_of(client: Client) -> Sight:
    """Give how *client* sees."""
    return Sight(client.audience, client.lang, Kind.POSITION in client.kinds)


def resource_of(entity_id: str) -> str:
    """Give the id of what is drawn where *entity_id* changes: for a position its resource's."""
    kind, _, end = entity_id.partition(":")
    return f"{Kind.RESOURCE.value}:{end}" if kind == Kind.POSITION else entity_id


class View:
    """Draws the features of one picture for one sight; lives in one thread."""

    def __init__(self, sight: Sight, drawer: Drawer) -> None:
        """See by *sight*; draw by *drawer*."""
        self._sight = sight
        self._drawer = drawer
        self._known: dict[str, tuple[bytes, bytes | None, Drawn]] = {}

    def draw(self, picture: Picture, entity_id: str) -> Drawn | None:
        """Give a thing as it is now; None where the audience sees none of that id."""
        source = picture.find(self._sight.audience, entity_id)
        if source is None:
            self._known.pop(entity_id, None)
            return None
        live = self._live(picture, entity_id)
        known = self._known.get(entity_id)
        if known and known[0] is source and known[1] is live and not _is_due(known[2]):
            return known[2]
        drawn = self._draw(source, live)
        self._known[entity_id] = (source, live, drawn)
        return drawn

    def due(self) -> Iterator[str]:
        """List what must be sent again, so that it does not go stale with those who have it."""
        return (key for key, (_, _, drawn) in self._known.items() if _is_due(drawn))

    def _live(self, picture: Picture, entity_id: str) -> bytes | None:
        if not self._sight.live or not entity_id.startswith(f"{Kind.RESOURCE.value}:"):
            return None
        return picture.find(self._sight.audience, position_id(entity_id))

    def _draw(self, source: bytes, live: bytes | None) -> Drawn:
        feature = orjson.loads(source)
        if live is not None:
            feature = with_position(feature, orjson.loads(live))
        now = datetime.now(UTC)
        try:
            events = self._drawer.events(feature, now)
        except Exception:  # one thing that cannot be drawn must not hold up all others
            log.exception("cot_not_drawn", kind=feature["properties"]["kind"])
            events = ()
        lasts = min([_LASTS_S, *((event.stale - now).total_seconds() for event in events)])
        return Drawn(
            feature,
            tuple((event.uid, event.type) for event in events),
            b"".join(map(write_event, events)),
            time.monotonic() + lasts / 2,
        )


def _is_due(drawn: Drawn) -> bool:
    return time.monotonic() >= drawn.renew_at
