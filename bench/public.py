"""The public map before a crowd: what reaches the application, what viewers get and when.

Redis, the publisher, one web process, nginx with its cache, and the viewers share the machine. A
piece of traffic news is changed every ten seconds. The floor is nginx alone with files of one
kilobyte that are found and fetched in the same way by the same viewers.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import psutil

from bench.figures import Figure
from bench.public_crowd import Crowd, Lookout, Meter, crowd
from bench.public_floor import EVERY_S, floor_site
from bench.public_site import PublicSite, public_site
from bench.public_tls import handshakes
from tests.integration.public_site import find_nginx

VIEWERS: Final = (10, 1_000, 10_000)
CHANGES: Final = 3
CHANGE_EVERY_S: Final = 10.0
ARRIVE_S: Final = 12.0
"""Ten thousand within it are three times the rate at which a million come within an hour."""
LAST_S: Final = 1.5 * EVERY_S + 12.5
"""Within it what the cache held has grown too old, and every viewer has looked again."""


@dataclass(slots=True)
class Seen:
    """What was measured with one crowd.

    Attributes:
        arrival: of the crowd, as `Crowd` has it.
        steady: what the viewers fetched while changes came, the same way.
        lags_s: from the moment at which a version could be found to each viewer's having it.
        stored_s: the same from the write to the store.
        reached: requests that came to the application while changes came, by what they were for.
        reached_at_first: while the viewers arrived.
        published: versions published while changes came.
        cpu_s: used while changes came, by process.
        cpu_at_first_s: while the viewers arrived.
        seconds: how long changes came.
    """

    arrival: dict[str, Any]
    steady: dict[str, Any] = field(default_factory=dict)
    lags_s: list[float] = field(default_factory=list)
    stored_s: list[float] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    reached_at_first: Counter[str] = field(default_factory=Counter)
    published: int = 0
    cpu_s: dict[str, float] = field(default_factory=dict)
    cpu_at_first_s: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(slots=True)
class Watched:
    """A site under measurement.

    Attributes:
        port: where its viewers go.
        meter: of its processes.
        lookout: at its pointer.
        change: changes something; what it gives tells, later, in which version that went out.
        ask: tells how many requests have come to the application, by what they were for.
    """

    port: int
    meter: Meter
    lookout: Lookout
    change: Callable[[], Callable[[], int]]
    ask: Callable[[], Counter[str]]


def watch(count: int, site: Watched) -> Seen:
    """Let *count* viewers arrive on *site* and watch while it is changed again and again."""
    came, used = site.ask(), site.meter.read()
    with crowd(site.port, count, ARRIVE_S) as viewers:
        seen = Seen(viewers.arrival)
        before, begun = site.ask(), site.meter.read()
        seen.reached_at_first, seen.cpu_at_first_s = before - came, _since(used, begun)
        known, written = set(site.lookout.found), []
        start = time.monotonic()
        for index in range(CHANGES):
            time.sleep(max(0.0, start + index * CHANGE_EVERY_S - time.monotonic()))
            written.append((time.time(), site.change()))
        time.sleep(max(0.0, start + CHANGES * CHANGE_EVERY_S - time.monotonic()))
        seen.steady = viewers.tell()
        seen.seconds = time.monotonic() - start
        seen.reached, seen.cpu_s = site.ask() - before, _since(begun, site.meter.read())
        new = set(site.lookout.found) - known
        seen.published = len(new)
        _lags(seen, viewers, site.lookout, new, written)
    return seen


def _lags(
    seen: Seen,
    viewers: Crowd,
    lookout: Lookout,
    new: set[int],
    written: list[tuple[float, Callable[[], int]]],
) -> None:
    """Wait until the last viewer can have the last of the *new* versions, and reckon."""
    time.sleep(max(0.0, LAST_S - CHANGE_EVERY_S))
    moments: dict[int, list[float]] = {version: [] for version in new}
    for told in (seen.steady, viewers.tell()):
        for version, at in told["seen"].items():
            if int(version) in moments:
                moments[int(version)] += at
    seen.lags_s = [at - lookout.found[version] for version in new for at in moments[version]]
    stored = [(at, version()) for at, version in written]
    seen.stored_s = [came - at for at, version in stored for came in moments.get(version, ())]


def _since(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in before}


def floors() -> Iterator[Seen]:
    """Measure nginx alone before each crowd."""
    with floor_site() as (site, process):
        lookout = Lookout(site.pointer)
        meter = Meter({"nginx": psutil.Process(process.pid)})

        def change() -> Callable[[], int]:
            site.change()
            return lambda: 0

        for count in VIEWERS:
            yield watch(count, Watched(site.port, meter, lookout, change, Counter))
        lookout.close()


def ours(site: PublicSite) -> Iterator[Seen]:
    """Measure the public map before each crowd."""
    lookout, meter = Lookout(site.pointer), Meter(site.processes)
    watched = Watched(site.port, meter, lookout, site.change, site.reached)
    for count in VIEWERS:
        yield watch(count, watched)
    lookout.close()


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _figures(count: int, seen: Seen, floor: Seen) -> Iterator[Figure]:
    name = f"{count:,} viewers"
    requests, reached = sum(seen.steady["asked"].values()), seen.reached.total()
    bad = {key: n for key, n in seen.steady["answered"].items() if key not in ("200", "304")}
    note = ", ".join(f"{n} {kind}" for kind, n in sorted(seen.reached.items()))
    yield Figure(
        f"{name}: requests to the application per change",
        reached / seen.published,
        "requests",
        note=f"{seen.published} changes: {note}",
    )
    note = f"{requests / seen.seconds:.0f} requests/s" + (f", refused: {bad}" if bad else "")
    yield Figure(f"{name}: answered by the cache", 100 * (1 - reached / requests), "%", note=note)
    per_minute = 60 / seen.seconds
    yield Figure(
        f"{name}: bytes to a viewer in a minute",
        seen.steady["bytes"] / count * per_minute / 1000,
        "kB",
        floor.steady["bytes"] / count * 60 / floor.seconds / 1000,
    )
    yield Figure(
        f"{name}: arrival of a viewer",
        seen.arrival["bytes"] / count / 1000,
        "kB",
        note="page, scripts, styles, whole picture, pointer; with heads, compressed",
    )
    for share in (0.5, 0.99):
        yield Figure(
            f"{name}: published to viewer, p{share * 100:.0f}",
            _quantile(seen.lags_s, share),
            "s",
            _quantile(floor.lags_s, share),
            f"{len(seen.lags_s) / count / seen.published:.0%} of the changes seen",
        )
    yield Figure(
        f"{name}: written to the store to viewer, p99",
        _quantile(seen.stored_s, 0.99),
        "s",
        _quantile(floor.lags_s, 0.99),
    )
    yield Figure(
        f"{name}: one answer, p50", seen.steady["wait_p50_ms"], "ms", floor.steady["wait_p50_ms"]
    )
    for part, used in seen.cpu_s.items():
        yield Figure(
            f"{name}: CPU of {part} in a minute",
            used * per_minute,
            "s",
            floor.cpu_s["nginx"] * 60 / floor.seconds if part == "nginx" else None,
        )


def _capacity(count: int, seen: Seen) -> Iterator[Figure]:
    """Give what one core of nginx can do, from the largest crowd; see docs/scale.md."""
    requests = sum(seen.steady["asked"].values())
    yield Figure(
        "nginx: CPU for one request of a viewer who stays",
        seen.cpu_s["nginx"] / requests * 1e6,
        "µs",
    )
    yield Figure(
        "nginx: CPU for the arrival of one viewer",
        seen.cpu_at_first_s["nginx"] / count * 1e6,
        "µs",
        note=f"{sum(seen.arrival['asked'].values()) / count:.1f} requests",
    )


def run() -> Iterator[Figure]:
    """Measure; about five minutes."""
    if find_nginx() is None:
        print("   nginx is not there (deploy/debian.sh installs it): no figures", flush=True)
        return
    least = list(floors())
    with public_site() as site:
        yield Figure("things on the public picture", site.things, "things")
        all_seen = []
        for count, seen, floor in zip(VIEWERS, ours(site), least, strict=True):
            all_seen.append(seen)
            yield from _figures(count, seen, floor)
    yield from _capacity(VIEWERS[-1], all_seen[-1])
    yield from handshakes()
    rates = [seen.reached.total() / seen.published for seen in all_seen]
    yield Figure(
        "requests to the application: most against fewest viewers",
        rates[-1] / rates[0],
        "x",
        note=f"median {statistics.median(rates):.1f} a change; aim 1",
    )
