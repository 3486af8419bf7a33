"""What is exported: the features of one kind, with the terms and the time of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import orjson

from cop.clock import utc_iso
from cop.config import Settings
from cop.errors import Invalid
from cop.formats.payload import strip_unseen
from cop.model.access import ALLOWED, Audience
from cop.model.entity import Kind
from cop.model.geometry import BBox
from cop.model.publisher import said_by
from cop.model.record import Cursor
from cop.model.text import Lang, say
from cop.services.exports.words import AS_OF, COLON, EXERCISE, SEVERITIES
from cop.services.features.columns import Column, columns, flat, named
from cop.services.features.words import INSIDE, TITLES
from cop.services.publishing.editions import LICENCE, OWN_TERMS
from cop.services.publishing.picture import FeedKnown
from cop.services.replica import Replica

MOST_ROWS: Final = 20_000
"""Of one file; who wants more asks for it by parts of the map."""

LAST: Final = ("terms", "as_of", "exercise")
"""Columns that every table ends with: under which terms, as of when, and whether it is real."""

Feature = Mapping[str, Any]
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Export:
    """The features of one kind as one reader may see them, exact at a cursor.

    Attributes:
        kind: of all of them.
        audience: for whom.
        lang: the reader's.
        operation, exercise: whose, and whether it is one.
        cursor: of the picture.
        as_of: real time at which that was known to be up to date.
        now: the operation's time of the same moment.
        features: in the order of their ids.
        sources: the feeds that any of them came from, by key.
        address: of this site, without a slash at the end.
    """

    kind: Kind
    audience: Audience
    lang: Lang
    operation: str
    exercise: bool
    cursor: Cursor
    as_of: datetime
    now: datetime
    features: Sequence[Feature]
    sources: Mapping[str, FeedKnown]
    address: str

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """List the columns of a table of them: those of the collection of this kind."""
        names = {name for one in self.features for name in named(one["properties"])}
        found = columns(self.kind, self.audience, names)
        return tuple(column for column in found if column.name not in LAST)

    def row(self, feature: Feature) -> dict[str, Value]:
        """Give a feature as a row: its id, its columns, then those of `LAST`."""
        said = feature["properties"]
        return {
            "id": feature["id"],
            **flat(said, self.columns, self.lang),
            "terms": self.terms_of(feature),
            "as_of": utc_iso(self.as_of, "seconds"),
            "exercise": self.exercise or said.get("exercise") is True,
        }

    @property
    def title(self) -> str:
        """Name all of them, marked where it is an exercise."""
        title = say(TITLES[self.kind], self.lang)
        return f"{say(EXERCISE, self.lang)} · {title}" if self.exercise else title

    @property
    def terms(self) -> str:
        """Give the terms of the whole: who is not of the public may not pass it on."""
        return LICENCE if self.audience is Audience.PUBLIC else say(INSIDE, self.lang)

    @property
    def dated(self) -> str:
        """Say as of when it is, in words."""
        return f"{say(AS_OF, self.lang)}{say(COLON, self.lang)}{utc_iso(self.as_of, 'seconds')}"

    def terms_of(self, feature: Feature) -> str:
        """Give the terms of one feature: its feed's; of what people made, our own."""
        if feature["properties"].get("inside"):
            return say(INSIDE, self.lang)
        source = self.sources.get(str(feature["properties"].get("feed") or ""))
        if source is not None and source.licence:
            return source.licence
        return say(OWN_TERMS if self.audience is Audience.PUBLIC else INSIDE, self.lang)

    def publisher_of(self, feature: Feature) -> str:
        """Name who says so, and by whose way it came."""
        return said_by(feature["properties"], self.lang)

    def words_of(self, feature: Feature, name: str) -> str:
        """Give a text of a feature in the reader's language; "" where there is none."""
        words = feature["properties"].get(name)
        return strip_unseen(say(words, self.lang)) if isinstance(words, Mapping) else ""

    def name_of(self, feature: Feature) -> str:
        """Name a feature in one line, with how severe it is in words."""
        said = feature["properties"]
        name = self.words_of(feature, "title")
        if not name.strip():
            place = self.words_of(feature, "place")
            name = f"{say(TITLES[self.kind], self.lang)}{say(COLON, self.lang)}"
            name += place or str(feature["id"])
        severity = say(SEVERITIES.get(said.get("severity", ""), {}), self.lang)
        parts = (
            say(EXERCISE, self.lang) if self.exercise else "",
            " ".join(name.split()),
            severity,
        )
        return " · ".join(filter(None, parts))


def readable(audience: Audience) -> tuple[Kind, ...]:
    """List the kinds that *audience* may read."""
    return tuple(kind for kind in Kind if kind in ALLOWED[audience])


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for.

    Attributes:
        kind: of entity.
        audience: of whoever asks.
        lang: theirs.
        box: only what touches it; None: everything, also what has no place.
        address: of this site.
    """

    kind: Kind
    audience: Audience
    lang: Lang
    box: BBox | None
    address: str


def gather(replica: Replica, settings: Settings, wish: Wish) -> Export:
    """Take what is wished from the picture: call it in a thread.

    Raises:
        Invalid: it is more than `MOST_ROWS`.
        StoreUnavailable: the picture has not been read yet.
    """
    picture = replica.picture()
    cursor, bodies = picture.select(wish.audience, {wish.kind}, wish.box)
    if len(bodies) > MOST_ROWS:
        raise Invalid(
            (
                "bbox",
                f"these are {len(bodies):,}, more than {MOST_ROWS:,}: ask for parts of the map",
            )
        )
    features = sorted(map(orjson.loads, bodies), key=lambda one: str(one["id"]))
    feeds = {str(one["properties"].get("feed") or "") for one in features}
    return Export(
        kind=wish.kind,
        audience=wish.audience,
        lang=wish.lang,
        operation=settings.operation,
        exercise=settings.exercise,
        cursor=cursor,
        as_of=replica.known_at(),
        now=replica.clock.now(),
        features=features,
        sources=_sources(picture.select(wish.audience, {Kind.FEED_STATUS}, None)[1], feeds),
        address=wish.address,
    )


def _sources(bodies: Sequence[bytes], feeds: set[str]) -> dict[str, FeedKnown]:
    found = {}
    for feature in map(orjson.loads, bodies):
        said, key = feature["properties"], str(feature["id"]).partition(":")[2]
        if key in feeds:
            found[key] = FeedKnown(
                title=said.get("title") or {},
                publisher=said.get("publisher", ""),
                licence=said.get("licence", ""),
                state=said.get("state", "never"),
                fetched_at=_moment(said.get("fetched_at")),
                content_at=_moment(said.get("content_at")),
                stale_after_s=float(said["stale_after_s"]),
            )
    return dict(sorted(found.items()))


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
