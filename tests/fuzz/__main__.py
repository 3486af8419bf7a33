"""`python -m tests.fuzz`: many inputs to every entrance; ends by itself, 1 where one did harm."""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from tests.fuzz.run import MOST_GROWTH_MB, Tally, leave_trail, made, run, shares, size_mb, warm
from tests.fuzz.targets import Target, targets


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="in all")
    parser.add_argument("--minutes", type=float, default=20.0, help="the most that it may take")
    parser.add_argument("--seed", type=int, default=None, help="of an earlier run")
    parser.add_argument("--target", default="", help="only entrances whose name begins so")
    parser.add_argument("--only", type=int, default=None, help="this one input; printed, then run")
    parser.add_argument("--trail", type=Path, default=None, help="file for what is under way")
    return parser.parse_args()


def _one(found: dict[str, Target], seed: int, number: int) -> int:
    """Run one input of each target, without a net."""
    for target in found.values():
        body = made(target, seed, number)
        sys.stdout.write(f"{target.name}: {len(body):,} bytes: {body[:2_000]!r}\n")
        try:
            target.take(body)
        except target.refusals as error:
            sys.stdout.write(f"refused: {error}\n")
    return 0


def _say(name: str, tally: Tally) -> None:
    seconds, number = tally.slowest_s
    rise, which = tally.largest_mb
    sys.stdout.write(
        f"{name:<60} taken {tally.taken:>6} refused {tally.refused:>6}"
        f" slowest {1000 * seconds:>7.0f} ms ({number}), largest {rise:>4.0f} MB ({which})\n"
    )
    for fault in tally.faults.values():
        sys.stdout.write(f"FAULT {fault}\n")
    sys.stdout.flush()


def main() -> int:
    """Run what was asked for; 1 where anything escaped or the memory grew."""
    asked = _asked()
    seed = random.SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    found = {name: one for name, one in targets().items() if name.startswith(asked.target)}
    if not found:
        sys.stdout.write("there is no such entrance\n")
        return 2
    if asked.only is not None:
        return _one(found, seed, asked.only)
    sys.stdout.write(f"seed {seed}, {len(found)} entrances, {asked.inputs:,} inputs\n")
    if asked.trail is not None:
        leave_trail(asked.trail)
    warm(found, seed)
    before, ends = size_mb(), time.monotonic() + 60 * asked.minutes
    done = faults = left_out = 0
    for target, numbers in shares(found, asked.inputs):
        if time.monotonic() > ends:
            left_out += 1
            continue
        tally = run(target, seed, numbers)
        _say(target.name, tally)
        done += len(numbers)
        faults += len(tally.faults)
    grown = size_mb() - before
    sys.stdout.write(f"seed {seed}: {done:,} inputs, {faults} faults, {grown:+.0f} MB\n")
    if left_out:
        sys.stdout.write(f"the time was over before {left_out} entrances: give --minutes\n")
    return int(faults > 0 or grown > MOST_GROWTH_MB or left_out > 0)


if __name__ == "__main__":
    sys.exit(main())
