"""Hands many inputs to many entrances, each within a time, and says by what each can be repeated.

An input is made of the seed, the entrance's name and its own number alone, so that any one of them
can be made again.
"""

from __future__ import annotations

import faulthandler
import random
import resource
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

import psutil

from tests.fuzz.hostile import mutated
from tests.fuzz.targets import Target

LONGEST_S: Final = 30.0
"""One input that takes longer hangs: the process says where it stands, and ends."""
MOST_GROWTH_MB: Final = 300.0
"""What the process may have grown by, once each entrance has been warmed up."""
MOST_AT_ONCE_MB: Final = 250.0
"""What one input, of at most 1 MB, may make the process take meanwhile."""
_WARM: Final = 20


@dataclass(slots=True)
class Tally:
    """What came of the inputs of one entrance.

    Attributes:
        taken, refused: how many.
        slowest_s: the longest that one took, and its number.
        largest_mb: the most by which one raised the peak of the process's memory, and its number.
        faults: how to repeat what escaped, and its traceback; the first of each place.
    """

    taken: int = 0
    refused: int = 0
    slowest_s: tuple[float, int] = (0.0, 0)
    largest_mb: tuple[float, int] = (0.0, 0)
    faults: dict[str, str] = field(default_factory=dict)


def made(target: Target, seed: int, number: int) -> bytes:
    """Make input *number* of a run."""
    chance = random.Random(f"{seed}:{target.name}:{number}")
    return mutated(chance.choice(target.seeds), target.seeds, chance)


def run(target: Target, seed: int, numbers: Sequence[int], said: TextIO = sys.stderr) -> Tally:
    """Hand the inputs of *numbers* to *target*.

    A hang ends the process, with its place on *said*; what hung is on the line before.
    """
    tally = Tally()
    for number in numbers:
        body = made(target, seed, number)
        _note(f"{target.name} {seed} {number}")
        faulthandler.dump_traceback_later(LONGEST_S, exit=True, file=said)
        began, peak = time.perf_counter(), peak_mb()
        try:
            target.take(body)
            tally.taken += 1
        except target.refusals:
            tally.refused += 1
        except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for
            place = _place(error)
            tally.faults.setdefault(
                place, f"{_again(target.name, seed, number)}\n{traceback.format_exc(limit=-4)}"
            )
        finally:
            faulthandler.cancel_dump_traceback_later()
        tally.slowest_s = max(tally.slowest_s, (time.perf_counter() - began, number))
        rise = peak_mb() - peak
        tally.largest_mb = max(tally.largest_mb, (rise, number))
        if rise > MOST_AT_ONCE_MB:
            tally.faults.setdefault("memory", f"{_again(target.name, seed, number)}: {rise:.0f} MB")
    return tally


def _again(name: str, seed: int, number: int) -> str:
    return f"python -m tests.fuzz --target '{name}' --seed {seed} --only {number}"


def _place(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {frame.filename}:{frame.lineno}"


def _note(words: str) -> None:
    """Leave behind which input is under way, for whoever finds the process gone."""
    if _Trail.file is not None:
        _Trail.file.seek(0)
        _Trail.file.write(words.ljust(200))
        _Trail.file.flush()


class _Trail:
    file: TextIO | None = None


def leave_trail(path: Path) -> None:
    """Write into *path* which input is under way."""
    _Trail.file = path.open("w", encoding="utf-8")


def shares(found: dict[str, Target], inputs: int) -> Iterator[tuple[Target, range]]:
    """Part so many *inputs* among all; the commands, which are many and alike, get less."""
    weights = {name: 1 if name.startswith("command:") else 3 for name in found}
    whole = sum(weights.values())
    for name, target in found.items():
        yield target, range(max(1, round(inputs * weights[name] / whole)))


def warm(found: dict[str, Target], seed: int) -> None:
    """Let every entrance load what it keeps, so that growth afterwards is growth."""
    for target in found.values():
        run(target, seed + 1, range(_WARM))


def peak_mb() -> float:
    """Give the most of this process that ever was in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def size_mb() -> float:
    """Give what of this process is in memory."""
    return float(psutil.Process().memory_info().rss) / 1e6
