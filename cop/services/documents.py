"""The picture as GeoJSON documents: encoded and compressed once per audience and cursor."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from weakref import ref

import orjson

from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.geometry import BBox
from cop.model.record import Cursor
from cop.services.picture import Picture
from cop.services.replica import Replica

ENCODE_EVERY_S: Final = 1.0
RENEW_EVERY_S: Final = 15.0
"""A quiet picture is encoded again after this, for the times in it."""

WORTH_BYTES: Final = 1024
"""Less than this is not worth compressing."""


def is_known(etag: str, if_none_match: str) -> bool:
    """Tell whether whoever asks has what *etag* names (RFC 9110, 13.1.2).

    That it was compressed on its way to them, which makes an ETag weak, does not matter.
    """
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


@dataclass(frozen=True, slots=True)
class Document:
    """An encoded FeatureCollection.

    Attributes:
        etag: changes with every change of the features in it.
        body: JSON.
        gzipped: the same, compressed; b"" where it was not.
    """

    etag: str
    body: bytes
    gzipped: bytes


@dataclass(frozen=True, slots=True)
class _Cached:
    picture: ref[Picture]  # one read anew takes its place, also where nobody asks again
    cursor: Cursor
    made: float
    document: Document


class Documents:
    """Encodes what a replica holds."""

    def __init__(self, replica: Replica, *, operation: str, exercise: bool) -> None:
        """Write *operation*, and whether it is an *exercise*, into every document."""
        self._replica = replica
        self._operation = operation
        self._exercise = exercise
        self._cached: dict[Audience, _Cached] = {}
        self._encoding = {audience: threading.Lock() for audience in Audience}

    def ready(self, audience: Audience) -> Document | None:
        """Give the whole picture for *audience* if it lies encoded; never waits.

        Under constant change a document up to a second old is given: with the events after its
        cursor it is exact.

        Raises:
            StoreUnavailable: the picture has not been read yet.
        """
        picture = self._replica.picture()
        cached = self._cached.get(audience)
        if cached is None or cached.picture() is not picture:
            return None
        same = cached.cursor == picture.cursor
        age_s = time.monotonic() - cached.made
        if age_s < (RENEW_EVERY_S if same else ENCODE_EVERY_S):
            return cached.document
        return cached.document if same and not self._replica.health.redis else None

    def whole(self, audience: Audience) -> Document:
        """Give the whole picture for *audience*, encoding it where needed: call it in a thread.

        Raises:
            StoreUnavailable: the picture has not been read yet.
        """
        with self._encoding[audience]:  # many may ask at once; one encodes
            ready = self.ready(audience)
            if ready is not None:
                return ready
            picture = self._replica.picture()
            made = time.monotonic()
            cursor, features = picture.features(audience)
            body = self._encode(cursor, features)
            document = Document(
                etag=f'W/"{picture.epoch}.{cursor}.{audience}"',
                body=body,
                gzipped=gzip.compress(body, compresslevel=1, mtime=0),
            )
            self._cached[audience] = _Cached(ref(picture), cursor, made, document)
            return document

    def part(self, audience: Audience, kinds: Collection[Kind], box: BBox | None) -> Document:
        """Give some *kinds* (empty: all) of what touches *box*: call it in a thread.

        The box is west, south, east, north in degrees; None is everywhere, and nowhere too.

        Raises:
            StoreUnavailable: the picture has not been read yet.
        """
        picture = self._replica.picture()
        cursor, features = picture.select(audience, kinds, box)
        part = "+".join(sorted(kinds)) + "@" + ("" if box is None else ",".join(map(str, box)))
        body = self._encode(cursor, features)
        gzipped = gzip.compress(body, compresslevel=1, mtime=0) if len(body) > WORTH_BYTES else b""
        return Document(f'W/"{picture.epoch}.{cursor}.{audience}.{part}"', body, gzipped)

    def _encode(self, cursor: Cursor, features: list[bytes]) -> bytes:
        clock = self._replica.clock
        head = orjson.dumps(
            {
                "type": "FeatureCollection",
                "cursor": cursor,
                "operation": self._operation,
                "exercise": self._exercise,
                "generated_at": self._replica.known_at(),
                "now": clock.now(),
                "speed": clock.speed,
            },
            option=orjson.OPT_UTC_Z,
        )
        return b'%b,"features":[%b]}' % (head[:-1], b",".join(features))
