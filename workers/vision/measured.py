"""What a meter of a zone found at one look: vehicles, water, heat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cop.model.sight import Unknown


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of a zone.

    Attributes:
        value: in the unit of the zone's measure; None where it cannot be told.
        error: one standard deviation of *value*.
        confidence: 0 to 1.
        unknown: why *value* is None.
        extra: further measures of the observation by name, those that can be told.
    """

    value: float | None
    error: float = 0.0
    confidence: float = 0.0
    unknown: Unknown | None = None
    extra: Mapping[str, float] = field(default_factory=dict)


def untold(why: Unknown) -> Measured:
    """Make the answer of a meter that cannot tell."""
    return Measured(value=None, unknown=why)
