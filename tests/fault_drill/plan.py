"""What goes wrong, when and for how long: decided by a seed alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What goes wrong."""

    WEB = "web killed"
    WORKER = "worker killed"
    BEAT = "beat killed"
    REDIS = "Redis killed"
    TORN = "Redis killed, torn log"
    POWER = "everything killed"
    DISK = "disk full"
    PAUSE = "Redis paused"
    AHEAD = "clock 1 h ahead"
    BACK = "clock 1 h back"
    SLOW = "publishers slow"
    SILENT = "publishers silent"
    DELIVERIES = "deliveries repeated"
    FAILOVER = "Redis failed over"


WEIGHTS: Final[dict[Kind, int]] = {
    Kind.WEB: 5,
    Kind.WORKER: 4,
    Kind.BEAT: 3,
    Kind.REDIS: 5,
    Kind.TORN: 3,
    Kind.POWER: 2,
    Kind.DISK: 3,
    Kind.PAUSE: 1,
    Kind.AHEAD: 2,
    Kind.BACK: 2,
    Kind.SLOW: 1,
    Kind.SILENT: 1,
    Kind.DELIVERIES: 3,
}
"""How often each comes among those of a drill on one Redis: what takes long comes less often."""

REPLICATED: Final[dict[Kind, int]] = {Kind.FAILOVER: 6, Kind.WEB: 2, Kind.WORKER: 1, Kind.BEAT: 1}
"""The same for a drill on a Redis with a replica."""

CLOCK: Final = frozenset({Kind.AHEAD, Kind.BACK})
"""What needs a clock that can be stepped."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, with everything that chance decides about it.

    Attributes:
        kind: what.
        which: of several alike, whose turn it is: any number.
        after_s: for how long everything is well before it.
        lasts_s: for how long it stays so, once it has been said.
        bytes: how much of a torn record is there; how much room a full disk still has.
    """

    kind: Kind
    which: int
    after_s: float
    lasts_s: float
    bytes: int


def faults(
    seed: int, count: int, weights: dict[Kind, int], *, pause_s: float = 30.0
) -> Iterator[Fault]:
    """Give *count* faults by *seed*: in every round each kind as often as its weight says.

    *pause_s* is how long Redis is paused, and how slow a slow publisher is.
    """
    dice = random.Random(seed)
    bag: list[Kind] = []
    for _ in range(count):
        if not bag:
            bag = _round(dice, weights)
        kind = bag.pop()
        steady = kind in (Kind.PAUSE, Kind.SLOW, Kind.SILENT)
        yield Fault(
            kind,
            which=dice.randrange(1 << 16),
            after_s=dice.choice((0.0, dice.random())),
            lasts_s=pause_s if steady else dice.random() * dice.choice((0.1, 2.0)),
            bytes=dice.randrange(1, 4_000),
        )


def _round(dice: random.Random, weights: dict[Kind, int]) -> list[Kind]:
    found: list[Kind] = [kind for kind, weight in weights.items() for _ in range(weight)]
    dice.shuffle(found)
    return found
