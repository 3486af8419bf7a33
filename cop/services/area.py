"""What is around somebody who is out there: what endangers, what is closed, and where to go.

Worked out from the copy of the picture in this process, for places of about a kilometre; what is
the same for all who look from there is put together once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

from cop.clock import utc_iso
from cop.formats.placing import distance_m
from cop.model.access import fingerprint
from cop.model.geometry import BBox, Position
from cop.services.concerns import Concerns, Live, Outlook
from cop.services.feed_age import unknown_layers
from cop.services.policy import Identity
from cop.services.replica import Replica
from cop.services.surroundings import HAVENS, REACH_M, Near, digest_of, look_box

MOST: Final = 300
"""Features of one answer: warnings first, then what is nearest."""
_FINGERPRINT: Final = fingerprint()


@dataclass(frozen=True, slots=True)
class Haven:
    """The nearest place of a sort, and how far it is."""

    near: Near
    distance_m: int


@dataclass(frozen=True, slots=True)
class Area:
    """What was found for one person; the answer is made from it only where it is wanted.

    Attributes:
        etag: changes whenever any of it does, but for as of when it is known.
    """

    as_of: datetime
    outlook: Outlook
    alerts: tuple[Near, ...]
    own: tuple[Live, ...]
    around: tuple[Near, ...]
    nearest: dict[str, Haven | None]
    unknown: list[dict[str, str | None]]
    etag: str

    def body(self) -> bytes:
        """Give what `GET /api/v1/me/area` answers, as JSON."""
        centre = self.outlook.centre
        head = {
            "as_of": utc_iso(self.as_of),
            "centre": centre,
            "bbox": _box_of(self.outlook),
            "radius_m": REACH_M,
            "nearest": {
                sort: haven and {"id": haven.near.id, "distance_m": haven.distance_m}
                for sort, haven in self.nearest.items()
            },
            "unknown": self.unknown,
        }
        features = b",".join(self._features())
        return b'%b,"features":[%b]}' % (orjson.dumps(head)[:-1], features)

    def _features(self) -> list[bytes]:
        """List at most `MOST` features: what must not be missing, then what is nearest."""
        havens = {haven.near.id: haven.near for haven in self.nearest.values() if haven}
        first = [near.feature for near in self.alerts] + [live.feature for live in self.own]
        first += [near.feature for near in havens.values()]
        others = [near for near in self.around if near.id not in havens]
        centre = self.outlook.centre
        if centre is not None:
            others.sort(key=lambda near: (_away_m(near.box, centre), near.id))
        return (first + [near.feature for near in others])[:MOST]


class Areas:
    """Answers for one web process."""

    def __init__(self, replica: Replica, concerns: Concerns) -> None:
        """Look at what *concerns* keeps by following *replica*."""
        self._replica = replica
        self._concerns = concerns

    def find(self, identity: Identity) -> Area:
        """Find what is around *identity*: their own resources, tasks, areas and facilities.

        Nothing is in it that responders may not see, whoever asks.

        Raises:
            StoreUnavailable: the picture has not been read yet.
        """
        self._replica.picture()
        concerns, own = self._concerns, identity.belongs_to
        as_of = self._as_of()
        with concerns.lock:
            around = concerns.surroundings
            outlook = concerns.outlook(own)
            looks = [around.around(cell) for cell in sorted(outlook.cells)]
            alerts = tuple(around.alerts[one] for one in sorted(around.alerts))
            live = tuple(concerns.live_of(own))
            replaced = around.stood_for()
            havens = [near for near in around.havens.values() if near.id not in replaced]
            unknown = unknown_layers(concerns.feeds(), as_of)
        seen = {near.id: near for look in looks for near in look.found if near.id not in replaced}
        nearest = {sort: _nearest(sort, havens, outlook) for sort in dict.fromkeys(HAVENS.values())}
        digests = [look.digest for look in looks]
        digests += [digest_of(alerts), digest_of(h.near for h in nearest.values() if h)]
        words = [
            *(f"{one.id} {one.version}" for one in live),
            orjson.dumps(
                [outlook.centre, sorted(outlook.cells), sorted(replaced), unknown]
            ).decode(),
            _FINGERPRINT,
        ]
        return Area(
            as_of=as_of,
            outlook=outlook,
            alerts=alerts,
            own=live,
            around=tuple(seen.values()),
            nearest=nearest,
            unknown=unknown,
            etag=_etag(digests, words),
        )

    def _as_of(self) -> datetime:
        """Tell the operation's time at which the picture was last known to be up to date."""
        clock = self._replica.clock
        behind = datetime.now(UTC) - self._replica.known_at()
        return clock.now() - max(timedelta(0), behind) * clock.speed


def _nearest(sort: str, havens: Iterable[Near], outlook: Outlook) -> Haven | None:
    """Give the nearest haven of a sort that people may go to now; None where none is known."""
    centre = outlook.centre
    if centre is None:
        return None
    usable = (near for near in havens if near.haven == sort and near.usable and near.box)
    best = min(
        ((distance_m(near.middle, centre), near.id, near) for near in usable),
        default=None,
    )
    return None if best is None else Haven(best[2], round(best[0]))


def _away_m(box: BBox | None, at: Position) -> float:
    """Tell how far *at* is from *box*; 0 within it."""
    if box is None:
        return 0.0
    west, south, east, north = box
    edge = (min(max(at[0], west), east), min(max(at[1], south), north))
    return distance_m(edge, at)


def _box_of(outlook: Outlook) -> BBox | None:
    boxes = [look_box(cell) for cell in outlook.cells]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return (
        round(min(west), 6),
        round(min(south), 6),
        round(max(east), 6),
        round(max(north), 6),
    )


def _etag(digests: Iterable[bytes], words: Iterable[str]) -> str:
    seen = hashlib.blake2b(b"".join(digests), digest_size=12)
    seen.update("\n".join(words).encode())
    return f'"{seen.hexdigest()}"'
