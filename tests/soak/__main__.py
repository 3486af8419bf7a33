"""`python -m tests.soak --minutes 60 --speed 20`: what must stay flat does, and nothing is lost.

Runs `cop up` on a scenario with viewers, telephones, commands and a reader of OGC API; samples it
every half minute; prints a table, and ends with 1 where something grows that must not. All
samples stand in `build/soak.csv` then.
"""

from __future__ import annotations

import argparse
import csv
import math
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from tests.soak.actors import Actors
from tests.soak.sampling import ENTITIES, Sample, Sampler
from tests.soak.trend import Measure, Point, Verdict, judge
from tests.system import System, running_system

SCENARIO: Final = "black-rainstorm-2023"
EVERY_S: Final = 30.0
SAMPLES: Final = 60
"""At least so many, where the time is short."""
SERIES: Final = Path("build/soak.csv")
_WARM_UP: Final = 0.25
_SAY_EVERY_S: Final = 300.0
_MAY_FAIL: Final = 0.01
_MIB_OF_ONE: Final = 0.03
"""What an entity may take of a process's memory, MiB, amply."""


def main() -> int:
    """Run it; 1 where it failed."""
    wish = _wish()
    _say(f"soak: {wish.minutes:g} minutes at {wish.speed:g}x, seed {wish.seed}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with running_system(root, "--scenario", wish.scenario, "--speed", str(wish.speed)) as one:
            return _run(one, root / "data", wish)


def _wish() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--speed", type=float, default=20.0)
    parser.add_argument("--scenario", default=SCENARIO)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--seed", type=int, default=8)
    return parser.parse_args()


def _run(system: System, data: Path, wish: argparse.Namespace) -> int:
    sampler = Sampler(system, data, f"exercise-{wish.scenario.replace('_', '-')}")
    actors = Actors(system, wish.viewers, wish.seed)
    before = sampler.journal()
    with actors.acting():
        samples = _sample(sampler, wish.minutes)
    journals = [before, *(sample.journal for sample in samples), sampler.journal()]
    sampler.close()
    kept = {
        number: deed.key
        for number, deed in sampler.deeds(number for number, _ in actors.confirmed).items()
    }
    failed = [
        *lost(journals, actors.confirmed, kept),
        *restarted([one.pids for one in samples]),
        *stood_still(samples),
        *not_done(actors.done, actors.failed),
        *_broken(data),
    ]
    sampler.close()
    _write(samples)
    verdicts = _verdicts(samples)
    _show(verdicts)
    failed += [f"{one.measure.name} grows: {one.reason}" for one in verdicts if one.fails]
    _say(f"done: {dict(actors.done)}; not done: {dict(actors.failed)}")
    for word in failed:
        _say(f"FAILED: {word}")
    _say("soak: failed" if failed else "soak: flat, and nothing lost")
    return 1 if failed else 0


def _sample(sampler: Sampler, minutes: float) -> list[Sample]:
    """Look every so often, for so long."""
    every_s = min(EVERY_S, 60 * minutes / SAMPLES)
    begun = said = time.monotonic()
    samples: list[Sample] = []
    while (spent := time.monotonic() - begun) < 60 * minutes:
        samples.append(sampler.look(spent / 3600))
        until = begun + every_s * len(samples)
        time.sleep(max(0.0, until - time.monotonic()))
        if time.monotonic() - said >= _SAY_EVERY_S:
            said = time.monotonic()
            _say(f"  {spent / 60:.0f} minutes, {len(samples)} samples")
    return samples


def _write(samples: list[Sample]) -> None:
    """Write every sample down, one a row."""
    names = {measure.name: measure for sample in samples for measure in sample.values}
    SERIES.parent.mkdir(exist_ok=True)
    with SERIES.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["hours", *names])
        for sample in samples:
            row = [f"{sample.values.get(one, math.nan):.3f}" for one in names.values()]
            table.writerow([f"{sample.at_h:.4f}", *row])


def lost(
    journals: Sequence[tuple[int, int]],
    confirmed: Sequence[tuple[int, str]],
    kept: Mapping[int, str | None],
) -> list[str]:
    """Tell what is missing from the journal.

    Args:
        journals: the number of its last entry and how many it has, look by look.
        confirmed: number of the entry and idempotency key of each command that was confirmed.
        kept: the keys that stand in the journal under those numbers.
    """
    found = []
    last = 0
    for number, entries in journals:
        if not found and (entries < number or number < last):
            found.append(f"the journal has {entries} entries of {number}, {last} before")
        last = max(last, number)
    missing = [number for number, key in confirmed if kept.get(number) != key]
    if missing:
        found.append(
            f"{len(missing)} of {len(confirmed)} confirmed commands are not in the journal under"
            f" their number: {missing[:5]}"
        )
    return found


def not_done(done: Mapping[str, int], failed: Mapping[str, int]) -> list[str]:
    """Tell what those who use it could not do, but for one time in a hundred."""
    times: Counter[str] = Counter()
    for words, number in failed.items():
        times[words.partition(":")[0]] += number
    return [
        f"{deed} was done {done.get(deed, 0)} times, and {number} times it was not"
        for deed, number in times.items()
        if number > _MAY_FAIL * done.get(deed, 0)
    ]


def _broken(data: Path) -> list[str]:
    """Let the product's own command look through the journal; tell what it finds."""
    words = [sys.executable, "-c", "from cop.cli import main; main()"]
    words += ["journal", "verify", "--data", str(data)]
    proof = subprocess.run(words, check=False, capture_output=True, text=True)
    if not proof.returncode:
        _say(proof.stdout.strip())
        return []
    return [f"the journal is not whole: {proof.stdout}{proof.stderr}"]


def stood_still(samples: Sequence[Sample]) -> list[str]:
    """Tell when the picture did not change: what is idle proves nothing."""
    return [
        f"nothing was written from {60 * one.at_h:.1f} to {60 * later.at_h:.1f} minutes"
        for one, later in pairwise(samples)
        if one.cursor == later.cursor
    ]


def restarted(looks: Iterable[Mapping[str, int]]) -> list[str]:
    """Tell which processes were started anew, by their ids look by look: nothing was to end."""
    pids: defaultdict[str, set[int]] = defaultdict(set)
    for look in looks:
        for name, pid in look.items():
            pids[name].add(pid)
    return [f"{name} ended {len(of) - 1} times" for name, of in pids.items() if len(of) > 1]


def _verdicts(samples: Sequence[Sample]) -> list[Verdict]:
    """Judge each measure by what came after the warm-up."""
    series: defaultdict[Measure, list[Point]] = defaultdict(list)
    for sample in samples:
        for measure, value in sample.values.items():
            series[measure].append((sample.at_h, value))
    from_h = _WARM_UP * samples[-1].at_h
    counts = [value for at, value in series[ENTITIES] if at >= from_h]
    grown = _MIB_OF_ONE * (max(counts) - min(counts))
    return [
        judge(measure, points, from_h=from_h, allowed=grown * measure.name.endswith(": memory"))
        for measure, points in series.items()
    ]


def _show(verdicts: list[Verdict]) -> None:
    """Print the table."""
    head = ("what", "first", "last", "most", "an hour", "unit")
    _say(f"{head[0]:<36}" + "".join(f"{one:>12}" for one in head[1:5]) + f"  {head[5]:<12}verdict")
    for one in verdicts:
        numbers = "".join(f"{value:>12,.1f}" for value in (one.first, one.last, one.most))
        _say(
            f"{one.measure.name:<36}{numbers}{one.slope:>+12,.2f}  {one.measure.unit:<12}"
            f"{one.said}: {one.reason}",
        )


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
