"""`python -m tests.fault_drill --faults 200 --seed 8`: nothing that was confirmed is lost.

Runs the product as real processes on a real Redis under load, lets one thing after the other go
wrong by a plan that the seed alone decides, and ends with 1 where anything is not as it must be.
"""

from __future__ import annotations

import argparse
import logging
import secrets
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cop import log
from tests.fault_drill.clock import why_not
from tests.fault_drill.drill import run_drill
from tests.fault_drill.plan import CLOCK, REPLICATED, WEIGHTS, Fault, faults
from tests.fault_drill.report import table

_WELL: Final = "fault drill: nothing lost, nothing twice, nothing missed"


def main() -> int:
    """Run it; 1 where it found anything."""
    wish = _wish()
    log.configure(level=logging.WARNING)
    _say(f"{wish.faults} faults and {wish.failovers} on a replicated Redis, seed {wish.seed}")
    weights = {kind: weight for kind, weight in WEIGHTS.items() if kind.name in wish.kinds}
    if reason := why_not():
        _say(f"steps of the clock are left out: {reason}")
        weights = {kind: weight for kind, weight in weights.items() if kind not in CLOCK}
    plan = faults(wish.seed, wish.faults, weights, pause_s=wish.pause)
    failed = _run(wish.seed, plan, replicated=False) if wish.faults else False
    if wish.failovers:
        _say("on a replicated Redis:")
        failed |= _run(wish.seed, faults(wish.seed, wish.failovers, REPLICATED), replicated=True)
    return int(failed)


def _run(seed: int, plan: Iterable[Fault], *, replicated: bool) -> bool:
    """Run one plan and say what came of it; tell whether anything is not as it must be."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        drill = run_drill(Path(folder), plan, seed, _say, limited=True, replicated=replicated)
    for line in table(drill.results):
        _say(line)
    _say(f"{drill.summary()}, in {(time.monotonic() - begun) / 60:.1f} minutes")
    for word in drill.found:
        _say(f"FOUND: {word}")
    _say("fault drill: failed" if drill.found else _WELL)
    return bool(drill.found)


def _wish() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fault_drill", description=__doc__)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--failovers", type=int, default=20, help="faults on a replicated Redis")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    parser.add_argument("--pause", type=float, default=30.0, help="seconds that a pause lasts")
    names = [kind.name for kind in WEIGHTS]
    parser.add_argument("--kinds", nargs="+", choices=names, default=names)
    return parser.parse_args()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
