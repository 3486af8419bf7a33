"""How well reports of one thing are found, on nights that were not looked at; and how fast."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Final

from rapidfuzz import fuzz
from shapely import Point, STRtree

from bench.figures import Figure
from bench.report_sources import HARD, PLAIN, Night
from bench.reports import Labelled, make_reports
from cop.model.kinds import Fusion
from cop.services.fusion.counting import count_places
from cop.services.fusion.groups import Neighbours
from cop.services.fusion.matching import match
from cop.services.fusion.proposals import Proposer
from cop.services.fusion.reading import read_report

NIGHTS: Final = {"plain": (PLAIN, (11, 12, 13)), "hard": (HARD, (11, 12))}
"""Held out: seeds 1 to 4 were used to choose the weights."""

OPEN: Final = 10_000
NEW: Final = 500
EVERY_S: Final = 60

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """One night: its reports by id, the pairs that are of one thing, and those that were found."""

    reports: dict[str, Labelled]
    true: set[Pair]
    found: set[Pair]
    places: int


def run() -> Iterator[Figure]:
    """Measure; about two minutes."""
    for name, (night, seeds) in NIGHTS.items():
        judged = []
        for seed in seeds:
            judged.append(judge(make_reports(seed, night=night)))
            yield from _quality(f"{name} night, seed {seed}", judged[-1])
        yield from _classes(name, judged)
    yield from _speed(PLAIN)


def judge(labelled: Sequence[Labelled]) -> Judged:
    """Propose while the reports come in, a minute at a time, and compare with the truth."""
    proposer = Proposer()
    fusions: dict[str, Fusion] = {}
    for _, arrived in groupby(
        labelled, lambda one: int(one.incident.reported_at.timestamp()) // EVERY_S
    ):
        for one in arrived:
            proposer.put_incident(one.incident)
        changes = proposer.plan()
        for fusion in changes.puts:
            fusions[fusion.id] = fusion
            proposer.put_fusion(fusion)
        for gone in changes.removes:
            del fusions[gone]
            proposer.remove_fusion(gone)
    truth: defaultdict[int, list[str]] = defaultdict(list)
    for one in labelled:
        truth[one.truth].append(one.incident.id)
    incidents = [one.incident for one in labelled]
    return Judged(
        {one.incident.id: one for one in labelled},
        pairs_of(truth.values()),
        pairs_of(fusion.members for fusion in fusions.values()),
        count_places(incidents, fusions.values())[1],
    )


def pairs_of(groups: Iterable[Iterable[str]]) -> set[Pair]:
    """Give every pair of members of one group."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def _quality(name: str, night: Judged) -> Iterator[Figure]:
    right = len(night.true & night.found)
    yield Figure(
        f"fusion, {name}: precision",
        right / len(night.found),
        "",
        note=f"aim 0.95; {len(night.found):,} pairs proposed",
    )
    yield Figure(
        f"fusion, {name}: recall",
        right / len(night.true),
        "",
        note=f"aim 0.90; {len(night.true):,} pairs are of one thing",
    )
    things = len({one.truth for one in night.reports.values()})
    yield Figure(
        f"fusion, {name}: {len(night.reports):,} reports → places",
        night.places,
        "places",
        note=f"true: {things}",
    )


def _classes(name: str, nights: Sequence[Judged]) -> Iterator[Figure]:
    """Tell precision and recall of the pairs in which either report is of a hard class."""
    counts: dict[str, Counter[str]] = {"true": Counter(), "found": Counter(), "right": Counter()}
    for night in nights:
        kinds = {key: one.traits | {one.group} for key, one in night.reports.items()}
        pairs = {"true": night.true, "found": night.found, "right": night.true & night.found}
        for what, those in pairs.items():
            for one, other in those:
                counts[what].update(kinds[one] | kinds[other])
    for kind, number in sorted(counts["true"].items()):
        right, found = counts["right"][kind], counts["found"][kind]
        yield Figure(
            f"fusion, {name} nights, {kind}: recall",
            right / number,
            "",
            note=f"precision {right / found:.2f}, {number:,} pairs" if found else "none found",
        )


def _speed(night: Night) -> Iterator[Figure]:
    """Time one new report against 10,000 open ones; the floor is measured in turns with it."""
    labelled = make_reports(21, OPEN + NEW, (OPEN + NEW) * 7 // 20, night=night)
    random.Random(21).shuffle(labelled)
    readings = [read_report(one.incident) for one in labelled]
    neighbours = Neighbours()
    for reading in readings[:OPEN]:
        neighbours.candidates.put(reading)
    placed = [reading for reading in readings[:OPEN] if reading.spot is not None]
    tree = STRtree([Point(reading.spot) for reading in placed])
    ours: list[float] = []
    busy: list[float] = []
    floor: list[float] = []
    compared: list[int] = []
    for one in labelled[OPEN:]:
        begun, begun_cpu = time.perf_counter(), time.thread_time()
        reading = read_report(one.incident)
        near = neighbours.candidates.near(reading)
        for other in near:
            match(reading, other)
        ours.append(1000 * (time.perf_counter() - begun))
        busy.append(1000 * (time.thread_time() - begun_cpu))
        compared.append(len(near))
        begun = time.perf_counter()
        place = Point(reading.spot or placed[0].spot)
        tree.query(place.buffer(200))
        fuzz.token_set_ratio(reading.words, placed[0].words)
        floor.append(1000 * (time.perf_counter() - begun))
    for what, at in (("p50", 0.5), ("p99", 0.99)):
        yield Figure(
            f"fusion, one new report read and matched against {OPEN:,} open ones, {what}",
            _at(ours, at),
            "ms",
            _at(floor, at),
            "floor: one STRtree query and one rapidfuzz call; aim 20 ms"
            if what == "p99"
            else f"{statistics.median(compared):.0f} compared",
        )
    yield Figure(
        "fusion, the same, p99 of the processor's time",
        _at(busy, 0.99),
        "ms",
        note="what a machine shared with others does not add to",
    )
    yield from _run(labelled)


def _run(labelled: Sequence[Labelled]) -> Iterator[Figure]:
    """Time what the worker does: all 10,000 at once after a start, then one more at a time."""
    proposer = Proposer()
    begun = time.thread_time()
    for one in labelled[:OPEN]:
        proposer.put_incident(one.incident)
    for fusion in proposer.plan().puts:
        proposer.put_fusion(fusion)
    yield Figure(
        f"fusion, first run of a worker with {OPEN:,} reports",
        time.thread_time() - begun,
        "s",
        note="processor's time",
    )
    times = []
    for one in labelled[OPEN:]:
        begun = time.thread_time()
        proposer.put_incident(one.incident)
        changes = proposer.plan()
        times.append(1000 * (time.thread_time() - begun))
        for fusion in changes.puts:
            proposer.put_fusion(fusion)
        for gone in changes.removes:
            proposer.remove_fusion(gone)
    for what, at in (("p50", 0.5), ("p99", 0.99)):
        yield Figure(
            f"fusion, one new report matched, grouped and proposed, {what}",
            _at(times, at),
            "ms",
            note="processor's time, in the worker; nobody waits for it",
        )


def _at(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]
