"""What a benchmark gives: figures with units, and for times a floor measured in the same run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    Attributes:
        name: what was measured.
        value, unit: the figure.
        floor: the least that any program would need for the same work, in the same unit.
        note: what is needed to read the figure rightly.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    note: str = ""


def show(figures: Iterable[Figure]) -> None:
    """Print one aligned line a figure, with its ratio against the floor where there is one."""
    for figure in figures:
        line = f"{figure.name:<64} {figure.value:>12,.2f} {figure.unit:<10}"
        if figure.floor:
            line += f" {figure.value / figure.floor:>7.2f} x floor {figure.floor:,.2f}"
        if figure.note:
            line += f"  ({figure.note})"
        print(line.rstrip(), flush=True)
