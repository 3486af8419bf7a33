"""A documented generator of evenings at a shelter: who comes when, and what its keeper enters."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cop.model.kinds import Entry

BEGUN = datetime(2026, 9, 7, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Evening:
    """What the keeper entered until some moment, and when the shelter was full in truth.

    Attributes:
        entries: oldest first.
        capacity: people.
        full_at: None: it was not full when the evening ended.
    """

    entries: tuple[Entry, ...]
    capacity: int
    full_at: datetime | None


def an_evening(seed: int) -> Evening:
    """Make an evening, the same for the same *seed*.

    People come in parties (mean 2.2) as a Poisson process. Its rate, 15 to 150 people an hour, is
    a hill that rises for one to three hours and falls for two to eight, times a noise that keeps
    for about an hour (sigma 0.2). One in twelve leaves again within the evening. The keeper
    enters changes every 4 to 20 minutes; one round in eight is skipped; every sixth entry is a
    count, wrong by one or two, corrected at the next. The forecast is asked for after the sixth
    to thirtieth entry, with a capacity that leaves between a tenth and the same again as is in.
    """
    rng = random.Random(seed)
    comings = _comings(rng)
    entries = _entries(rng, comings)
    kept = entries[: rng.randint(6, 30)]
    true = sum(people for at, people in comings if at <= kept[-1].at)
    capacity = true + max(3, round(true * rng.uniform(0.1, 1.0)))
    inside = 0
    for at, people in comings:
        inside += people
        if at > kept[-1].at and inside >= capacity:
            return Evening(tuple(kept), capacity, at)
    return Evening(tuple(kept), capacity, None)


def _comings(rng: random.Random) -> list[tuple[datetime, int]]:
    """Give who comes, and who leaves as a negative number, minute by minute."""
    peak, rise, fall = rng.uniform(15, 150), rng.uniform(60, 180), rng.uniform(120, 480)
    noise, found = 0.0, []
    for minute in range(18 * 60):
        noise = noise * math.exp(-1 / 60) + rng.gauss(0, 0.2 * math.sqrt(1 - math.exp(-2 / 60)))
        hill = math.exp(-(((minute - rise) / (rise if minute < rise else fall)) ** 2))
        rate = peak * hill * math.exp(noise) / 60 / 2.2
        at = BEGUN + timedelta(minutes=minute)
        for _ in range(_poisson(rng, rate)):
            party = 1 + min(7, int(rng.expovariate(1 / 1.7)))
            second = timedelta(seconds=rng.uniform(0, 59))
            found.append((at + second, party))
            if rng.random() < 1 / 12:
                found.append((at + second + timedelta(minutes=rng.uniform(30, 300)), -party))
    return sorted(found)


def _entries(rng: random.Random, comings: list[tuple[datetime, int]]) -> list[Entry]:
    entries: list[Entry] = []
    at, off, before = BEGUN + timedelta(minutes=20), 0, 0
    while len(entries) < 30:
        at += timedelta(minutes=rng.uniform(4, 20))
        if rng.random() < 1 / 8:
            continue
        true = sum(people for when, people in comings if when <= at)
        counted = len(entries) % 6 == 5
        off = rng.choice((-2, -1, 1, 2)) if counted else 0
        occupancy = max(0, true + off)
        change = None if counted else occupancy - before
        entries.append(Entry(at=at, occupancy=occupancy, change=change))
        before = occupancy
    return entries


def _poisson(rng: random.Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count
