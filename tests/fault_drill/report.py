"""What a drill says: a line for each fault, and a table by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from tests.fault_drill.plan import Fault, Kind


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one fault.

    Attributes:
        fault: what went wrong.
        said_s: seconds until all who must had said so; None where nothing was to be said.
        recovered_s: seconds from the mending until all was well again.
        found: what the model found, in words.
    """

    fault: Fault
    said_s: float | None
    recovered_s: float
    found: tuple[str, ...]

    def line(self, number: int) -> str:
        """Say it in one line, with what was found below."""
        said = "" if self.said_s is None else f"said stale after {self.said_s:.1f} s, "
        words = f"{number:>4}  {self.fault.kind:<24}{said}well after {self.recovered_s:.1f} s"
        return "\n".join([words, *(f"      FOUND: {word}" for word in self.found)])


def table(results: Sequence[Result]) -> Iterator[str]:
    """Give the table, line by line."""
    by_kind: defaultdict[Kind, list[Result]] = defaultdict(list)
    for result in results:
        by_kind[result.fault.kind].append(result)
    yield (
        f"{'fault':<26}{'times':>6}{'well after: median':>20}{'worst':>8}{'said after: worst':>20}"
    )
    for kind in Kind:
        if some := by_kind.get(kind):
            well = [one.recovered_s for one in some]
            said = [one.said_s for one in some if one.said_s is not None]
            yield (
                f"{kind:<26}{len(some):>6}{median(well):>18.1f} s{max(well):>6.1f} s"
                + (f"{max(said):>18.1f} s" if said else f"{'-':>20}")
            )
