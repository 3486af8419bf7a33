"""Editions of the public picture: what changed from one to the next, as files that never change.

Nothing here reads or writes a disk. A viewer who has one edition and takes the changes after it in
order has the newest, exactly; so has one who takes the whole picture and the changes after that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, Protocol

import orjson

from cop.model.text import LANGS, Lang, Text, text
from cop.services.publishing.paths import LANG_PATHS
from cop.services.publishing.picture import FeedKnown, PublicPicture

LICENCE: Final = "https://data.gov.hk/en/terms-and-conditions"
"""Under which most of it came and all of it is passed on; each feed's own stands beside it."""
OWN_TERMS: Final[Text] = text(
    "May be passed on with the source named: Hong Kong hazard map, as verified by the"
    " emergency services",
    "註明來源（香港災害地圖，經應急部門核實）即可轉載",
    "注明来源（香港灾害地图，经应急部门核实）即可转载",
)
"""Under which the public may pass on what people of this installation have made."""
CHANGES_KEPT: Final = 30
"""How many changes the pointer names: two and a half minutes of the busiest hour."""
CHANGES_PER_BASE: Final = 12
_WEIGHT_PER_BASE: Final = 0.25
_TIMES: Final = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
_SAME_BYTES: Final = orjson.OPT_SORT_KEYS | _TIMES


class Piece(Protocol):
    """A block of a page's text, a dataclass; all its fields are given to the viewer."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def key(self) -> str:
        """What it is known by within a page."""


@dataclass(frozen=True, slots=True)
class File:
    """One file to be: its address without the leading slash, and its bytes."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """One public file, made when it is needed, so that one that cannot be made stops no other.

    Attributes:
        path: its address without the leading slash; a page ends in `/index.html`.
        make: gives its bytes; may raise whatever it likes.
    """

    path: str
    make: Callable[[], bytes]

    @property
    def body(self) -> bytes:
        """Its bytes, made now."""
        return self.make()


@dataclass(frozen=True, slots=True)
class Content:
    """What viewers hold of an edition, each value as the JSON that they were sent.

    Attributes:
        features: by id.
        feeds: by key.
        blocks: by language and key.
    """

    features: Mapping[str, bytes] = field(default_factory=dict)
    feeds: Mapping[str, bytes] = field(default_factory=dict)
    blocks: Mapping[Lang, Mapping[str, bytes]] = field(
        default_factory=lambda: {lang: {} for lang in LANGS}
    )


@dataclass(frozen=True, slots=True)
class Change:
    """The step to an edition from the one before.

    Attributes:
        to: number of the edition.
        hash: of its bodies; part of their names.
        bodies: JSON in each language.
    """

    to: int
    hash: str
    bodies: Mapping[Lang, bytes]


@dataclass(frozen=True, slots=True)
class Base:
    """A whole picture: the edition that it shows, its address, and how many bytes it has."""

    version: int
    path: str
    bytes: int


def content_of(picture: PublicPicture, blocks: Mapping[Lang, Sequence[Piece]]) -> Content:
    """Encode what viewers shall hold of *picture* and its *blocks*."""
    return Content(
        features={key: encode(one) for key, one in picture.features.items()},
        feeds={key: encode(feed_of(one)) for key, one in picture.feeds.items()},
        blocks={lang: {one.key: _piece(one) for one in blocks.get(lang, ())} for lang in LANGS},
    )


def feed_of(feed: FeedKnown) -> dict[str, Any]:
    """Give what viewers are told of a feed."""
    return {
        "title": feed.title,
        "publisher": feed.publisher,
        "licence": feed.licence,
        "state": feed.state,
        "known_at": feed.known_at(),
        "stale_after_s": feed.stale_after_s,
    }


def change_path(to: int, digest: str, lang: Lang) -> str:
    """Give the address of a change's file in *lang*."""
    return f"public/c/{to}-{digest}.{LANG_PATHS[lang]}.json"


def kept_path(series: str, version: int) -> str:
    """Give the name of the file with the blocks at a base, which no viewer is given."""
    return f".kept/{series}-{version}.json"


def apply(content: Content, change: Change) -> Content:
    """Give *content* after *change*, as a viewer of every language would have it.

    Raises:
        ValueError, KeyError, TypeError: it is no change.
    """
    features, feeds = dict(content.features), dict(content.feeds)
    blocks = {lang: dict(content.blocks[lang]) for lang in LANGS}
    for number, lang in enumerate(LANGS):
        told = orjson.loads(change.bodies[lang])
        if number == 0:
            features.update((one["id"], encode(one)) for one in told["put"])
            feeds.update((key, encode(one)) for key, one in told["feeds"].items())
            for key in told["remove"]:
                features.pop(key, None)
        blocks[lang].update((one["key"], encode(one)) for one in told["blocks"]["put"])
        for key in told["blocks"]["remove"]:
            blocks[lang].pop(key, None)
    return Content(features, feeds, blocks)


def digest(*bodies: bytes) -> str:
    """Give the short hash of *bodies* that stands in the name of what never changes."""
    return hashlib.sha256(b"\0".join(bodies)).hexdigest()[:16]


class Series:
    """A run of editions, each one more than the last; it knows the newest and how to get there.

    Attributes:
        id: names it.
        version: number of the newest edition; 0 before the first.
        content: what the newest shows.
        base: the whole picture that a newcomer takes.
        changes: the last steps, oldest first; they reach back to the base at least.
    """

    def __init__(self, name: str, operation: str, *, exercise: bool) -> None:
        """Begin the series *name* of an operation, with nothing in it."""
        self.id = name
        self.version = 0
        self.content = Content()
        self.base = Base(0, "", 0)
        self.changes: list[Change] = []
        self._operation = operation
        self._exercise = exercise

    def resume(self, base: Base, content: Content, changes: Iterable[Change]) -> None:
        """Go on where *changes*, some of them from before *base*, have led to *content*."""
        self.base, self.content, self.changes = base, content, list(changes)
        self.version = self.changes[-1].to if self.changes else base.version

    def take(self, picture: PublicPicture, content: Content) -> list[File]:
        """Make the edition that shows *content*; give its files, none if nothing changed.

        They are to be on disk before the pointer names them.
        """
        change = self._change(content, picture.as_of) if self.version else None
        if self.version and change is None:
            return []
        files: list[File] = []
        self.version += 1
        self.content = content
        if change is not None:
            self.changes = [*self.changes, change][-CHANGES_KEPT:]
            files = [
                File(change_path(change.to, change.hash, lang), change.bodies[lang])
                for lang in LANGS
            ]
        if change is None or self._is_heavy():
            files += self._renew(picture)
        return files

    def pointer(self, picture: PublicPicture, every_s: float, feeds: Collection[str]) -> bytes:
        """Give the pointer to the newest edition, as true as *picture* is now.

        *feeds* are those of which viewers need to be told to when they are known.
        """
        said = {
            "series": self.id,
            "version": self.version,
            "as_of": picture.as_of,
            "made_at": picture.made_at,
            "speed": picture.speed,
            "operation": self._operation,
            "exercise": self._exercise,
            "every_s": every_s,
            "down": dict(picture.down),
            "known": {
                key: feed.known_at() for key, feed in sorted(picture.feeds.items()) if key in feeds
            },
            "picture": {
                "version": self.base.version,
                "path": f"/{self.base.path}",
                "bytes": self.base.bytes,
            },
            "changes": [{"to": one.to, "hash": one.hash} for one in self.changes],
        }
        return orjson.dumps(said, option=_TIMES)

    def paths(self) -> set[str]:
        """List every file that the pointer leads to, and what a restart needs."""
        steps = {change_path(one.to, one.hash, lang) for one in self.changes for lang in LANGS}
        return steps | {self.base.path, kept_path(self.id, self.base.version)}

    def _change(self, content: Content, as_of: datetime) -> Change | None:
        old = self.content
        put, remove = _difference(old.features, content.features)
        blocks = {lang: _difference(old.blocks[lang], content.blocks[lang]) for lang in LANGS}
        if not (put or remove or any(some or gone for some, gone in blocks.values())):
            return None
        feeds, _ = _difference(old.feeds, content.feeds)
        to = self.version + 1
        head = (
            b'{"series":%b,"from":%d,"to":%d,"as_of":%b,"put":[%b],"remove":%b,"feeds":{%b}'
            b',"blocks":{"put":['
        ) % (
            orjson.dumps(self.id),
            self.version,
            to,
            orjson.dumps(as_of, option=_TIMES),
            b",".join(put.values()),
            orjson.dumps(remove),
            b",".join(orjson.dumps(key) + b":" + value for key, value in feeds.items()),
        )
        bodies = {
            lang: b'%b%b],"remove":%b}}' % (head, b",".join(some.values()), orjson.dumps(gone))
            for lang, (some, gone) in blocks.items()
        }
        return Change(to, digest(*bodies.values()), bodies)

    def _is_heavy(self) -> bool:
        """Tell whether the way from the base has become so long that it is to be renewed."""
        since = [one for one in self.changes if one.to > self.base.version]
        weight = sum(max(map(len, one.bodies.values())) for one in since)
        return len(since) > CHANGES_PER_BASE or weight > self.base.bytes * _WEIGHT_PER_BASE

    def _renew(self, picture: PublicPicture) -> list[File]:
        """Make the newest edition the base; give its file, and that of its blocks."""
        head = {
            "type": "FeatureCollection",
            "series": self.id,
            "version": self.version,
            "as_of": picture.as_of,
            "operation": self._operation,
            "exercise": self._exercise,
            "licence": LICENCE,
            "feeds": {key: orjson.Fragment(one) for key, one in self.content.feeds.items()},
            "features": [orjson.Fragment(one) for one in self.content.features.values()],
        }
        body = orjson.dumps(head, option=_TIMES)
        path = f"public/p/{self.version}-{digest(body)}.json"
        self.base = Base(self.version, path, len(body))
        return [File(path, body), File(kept_path(self.id, self.version), _kept(self.content))]


def read_base(base: bytes, kept: bytes) -> tuple[str, int, Content]:
    """Give series, version and content of a whole picture and the blocks kept beside it.

    Raises:
        ValueError, KeyError, TypeError: they are not what was written.
    """
    told = orjson.loads(base)
    blocks = orjson.loads(kept)
    content = Content(
        features={one["id"]: encode(one) for one in told["features"]},
        feeds={key: encode(one) for key, one in told["feeds"].items()},
        blocks={lang: {one["key"]: encode(one) for one in blocks[lang]} for lang in LANGS},
    )
    return told["series"], told["version"], content


def _kept(content: Content) -> bytes:
    return orjson.dumps(
        {lang: [orjson.Fragment(one) for one in content.blocks[lang].values()] for lang in LANGS}
    )


def _piece(piece: Piece) -> bytes:
    return encode({name: getattr(piece, name) for name in piece.__dataclass_fields__})


def _difference(
    old: Mapping[str, bytes], new: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Give what is to be put to come from *old* to *new*, and which keys are to go."""
    put = {key: value for key, value in new.items() if old.get(key) != value}
    return put, [key for key in old if key not in new]


def encode(value: Any) -> bytes:
    """Give the one JSON of *value*, the same whenever it is the same."""
    return orjson.dumps(value, option=_SAME_BYTES)
