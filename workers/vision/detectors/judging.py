"""From people found to a count with its error: who is hidden, what is seen, what is not known.

The variance of a count in which people hide each other is that of the Boolean model: of n people,
with λ of them one behind another, those that are hidden are reckoned from those that are not, which
costs n (e^λ - 1 - λ) / λ. To that comes what is not known of the people that are there: how large
they are, how often two stand as one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cop.model.sight import Unknown
from workers.vision.counting import Count

LEAST_SEEN: Final = 0.65
"""Share of a zone that must be seen; the rest is taken to be as full as what is seen."""

EMPTY_ERROR: Final = 0.6
"""People: one standard deviation where none is found."""

FEW: Final = 3.0
"""Of fewer people the error is judged as if they were so many: one of two is not a failure."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One way of telling how many there are.

    Attributes:
        people: how many, in all of the zone.
        error: one standard deviation.
    """

    people: float
    error: float


def reckon(people: float, depth: float, seen: float, *, sizes: float) -> Estimate:
    """Give how many there are in a zone of which the share *seen* is seen.

    Args:
        people: how many, within what is seen of the zone.
        depth: how many stand one behind another, mean: the λ of the Boolean model.
        seen: share of the zone that is seen.
        sizes: what is not known of their sizes, as a share.
    """
    people = people / max(seen, 1e-3)
    hidden = people * (math.expm1(depth) - depth) / max(depth, 1e-3)
    unseen = ((1 - seen) * people) ** 2
    return Estimate(people, math.sqrt(hidden + (sizes * people) ** 2 + unseen + EMPTY_ERROR**2))


def pooled(estimates: Sequence[Estimate]) -> Estimate:
    """Give the mean of *estimates*; their disagreement adds to its error.

    Each is weighed by its error as a share of itself: else whichever finds fewer would win.
    """
    weights = [(max(one.people, FEW) / one.error) ** 2 for one in estimates]
    total = sum(weights)
    shares = [weight / total for weight in weights]
    mean = sum(w * one.people for w, one in zip(shares, estimates, strict=True))
    squares = sum(
        w * w * one.error**2 + w * (one.people - mean) ** 2
        for w, one in zip(shares, estimates, strict=True)
    )
    return Estimate(mean, math.sqrt(squares))


def judge(estimate: Estimate, seen: float, least: float) -> Count:
    """Give the count of a zone of which the share *seen* is seen; below *least* it is unknown."""
    if seen < LEAST_SEEN:
        return Count(None, unknown=Unknown.HIDDEN)
    confidence = max(0.0, 1 - estimate.error / max(estimate.people, FEW)) * seen**0.5
    if confidence < least:
        return Count(None, estimate.error, confidence, Unknown.UNSURE)
    return Count(max(0.0, estimate.people), estimate.error, confidence)
