"""Pictures, a compiler and a site small enough to see through, for tests of the press."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import orjson

from cop.model.record import Event, Snapshot
from cop.model.text import LANGS, Lang
from cop.services.publishing.editions import Document, File
from cop.services.publishing.paths import LANG_PATHS
from cop.services.publishing.picture import FeedKnown, PublicPicture

NOW = datetime(2026, 9, 8, 4, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of text."""

    key: str
    html: str


def feature(key: str, value: object) -> dict[str, Any]:
    """Make a feature that says *value*."""
    return {
        "type": "Feature",
        "id": key,
        "geometry": None,
        "properties": {"kind": "road", "value": value},
    }


def feed(at: datetime | None = NOW) -> FeedKnown:
    """Make a feed that was read at *at*."""
    return FeedKnown({"en": "Roads"}, "TD", "terms", "ok", at, None, 600.0)


def picture_of(
    values: Mapping[str, object],
    *,
    after_s: float = 0.0,
    down: Mapping[str, datetime] | None = None,
) -> PublicPicture:
    """Make the picture of *values*, *after_s* seconds after noon."""
    at = NOW + timedelta(seconds=after_s)
    return PublicPicture(
        operation="live",
        exercise=False,
        as_of=at,
        made_at=at,
        speed=1.0,
        features={key: feature(key, value) for key, value in values.items()},
        feeds={"td_roads": feed(at)},
        down=down or {},
    )


def blocks_of(picture: PublicPicture) -> dict[Lang, list[Piece]]:
    """Say every value in each language."""
    return {
        lang: [
            Piece(key, f'<li data-id="{key}">{lang} {one["properties"]["value"]}</li>')
            for key, one in picture.features.items()
        ]
        for lang in LANGS
    }


def draft(path: str, body: bytes) -> Document:
    """Give a document that is there already."""
    return Document(path, partial(bytes, body))


class PlainCompiler:
    """Publishes every entity with its id and stored version, at once."""

    def __init__(self, kept: bytes | None = None) -> None:
        """Begin with nothing."""
        self.values: dict[str, object] = {}
        self.kept = kept

    def begin(self, snapshot: Snapshot) -> None:
        """Begin with *snapshot*."""
        self.values = {key: record.version for key, record in snapshot.records.items()}

    def go_on(self, events: Sequence[Event]) -> None:
        """Take what has changed."""
        for event in events:
            for record in event.records:
                self.values.pop(record.id, None)
                if not record.removed:
                    self.values[record.id] = record.version

    def picture(
        self, now: datetime, *, made_at: datetime, down: Mapping[str, datetime]
    ) -> PublicPicture:
        """Give all of it."""
        features = {key: feature(key, value) for key, value in self.values.items()}
        return PublicPicture(
            "live", False, now, made_at, 1.0, features, {"td_roads": feed(now)}, dict(down)
        )

    def memory(self) -> bytes:
        """Give something to remember."""
        return b"remembered"

    def due(self) -> datetime | None:
        """Nothing changes by itself."""
        return None


@dataclass(slots=True)
class PlainSite:
    """One page in each language, a feed, a script; counts how often it was asked."""

    made: list[str] = field(default_factory=list)
    script: str = "public/a/app.0123456789abcdef.js"

    def blocks(self, picture: PublicPicture) -> dict[Lang, list[Piece]]:
        """Say every value."""
        self.made.append("blocks")
        return blocks_of(picture)

    def documents(
        self,
        picture: PublicPicture,
        series: str,
        version: int,
        blocks: Mapping[Lang, Sequence[Any]],
    ) -> Iterable[Document]:
        """List the pages and a feed."""
        self.made.append("documents")
        for lang, part in LANG_PATHS.items():
            words = "".join(one.html for one in blocks[lang])
            head = f'<html lang="{lang}"><body data-series="{series}" data-version="{version}">'
            tail = f'<script src="/{self.script}" defer></script></body></html>'
            body = f"<!doctype html>{head}<!--late--><ul>{words}</ul>{tail}".encode()
            yield draft(f"{part}/index.html", body)
            yield draft(f"{part}/embed/index.html", body)
        yield draft("public/feeds/en/all.json", orjson.dumps({"version": version}))
        yield draft("public/data/roads.csv", f"{picture.as_of}".encode())
        yield draft("robots.txt", b"User-agent: *\n")

    def feeds(self, picture: PublicPicture) -> Collection[str]:
        """List them all."""
        return picture.feeds

    def scripts(self) -> Iterable[File]:
        """Give the one script."""
        yield File(self.script, b"void 0;\n" * 100)

    def closed(self) -> Iterable[Document]:
        """Give the pages that say that there is no map."""
        for lang, part in LANG_PATHS.items():
            yield draft(f"{part}/index.html", f'<html lang="{lang}">no map</html>'.encode())
