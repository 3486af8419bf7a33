"""The drill: load runs, one fault follows the other, and after each everything is compared."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import httpx

from cop.services.policy import Role
from tests.fault_drill.clock import WallClock
from tests.fault_drill.faults import POLLS, WAYS, Expected, wait_polled
from tests.fault_drill.ledger import Ledger
from tests.fault_drill.load import Reader, Writer
from tests.fault_drill.model import Model
from tests.fault_drill.plan import Fault
from tests.fault_drill.replication import ReplicatedRedis
from tests.fault_drill.report import Result
from tests.fault_drill.single import SingleRedis
from tests.fault_drill.site import Site, Web
from tests.fault_drill.viewers import Dawdler, Viewer
from tests.system import wait_until

SAY_WITHIN_S: Final = 5.0
Tell = Callable[[str], None]
_WRITERS: Final = 3
_VIEWERS: Final = 6
_PAUSE_S: Final = 0.5
_PROBE_EVERY_S: Final = 0.1


class Probe(threading.Thread):
    """Asks one web process whether it is ready, as a proxy does.

    Attributes:
        unready_at: monotonic time since which it says no, or nothing; None: it says yes.
    """

    def __init__(self, web: Web) -> None:
        """Ask *web*."""
        super().__init__(name=f"probe-{web.port}", daemon=True)
        self.unready_at: float | None = 0.0
        self._web = web
        self._ended = threading.Event()

    def leave(self) -> None:
        """Ask no more."""
        self._ended.set()

    def run(self) -> None:
        """Ask until told to leave."""
        while not self._ended.wait(_PROBE_EVERY_S):
            ready = False
            with contextlib.suppress(httpx.HTTPError):
                answer = httpx.get(f"{self._web.url}/readyz", timeout=2, trust_env=False)
                ready = answer.status_code == 200
            if ready:
                self.unready_at = None
            elif self.unready_at is None:
                self.unready_at = time.monotonic()


class Drill:
    """Load on a site, and what goes wrong with it.

    Attributes:
        results: of the faults so far.
        found: all that the model found.
    """

    def __init__(self, site: Site, seed: int, *, limited: bool) -> None:
        """Prepare users, load and model on *site*, which is started here.

        *limited*: whether what is not said within five seconds is a finding.
        """
        self.results: list[Result] = []
        self.found: list[str] = []
        self._site = site
        self._limited = limited
        site.start()
        site.wait_ready()
        cookies = [site.sign_in(f"writer-{number}", Role.COMMANDER) for number in range(_WRITERS)]
        looking = site.sign_in("keeper", Role.COMMANDER)
        shelter = self._open_shelter(looking)
        self._ledger = Ledger(site.store, may_begin_anew=isinstance(site.backing, ReplicatedRedis))
        self._writers = [
            Writer(
                site.webs, cookie, f"writer-{number}", seed=seed, shelter=shelter, pause_s=_PAUSE_S
            )
            for number, cookie in enumerate(cookies)
        ]
        self._viewers = [Viewer(site.webs, looking, number) for number in range(_VIEWERS)]
        self._reader = Reader(site.webs, looking, self._writers)
        self._probes = [Probe(web) for web in site.webs]
        self._others = [Dawdler(site.webs, looking), self._reader, *self._probes]
        self._model = Model(
            site,
            self._ledger,
            shelter,
            writers=self._writers,
            reader=self._reader,
            viewers=self._viewers,
        )

    def _open_shelter(self, cookie: str) -> str:
        body = {"facility_type": "shelter", "name": "Hall", "capacity": 1_000_000, "agency": "HAD"}
        with httpx.Client(
            base_url=self._site.webs[0].url, headers={"Cookie": cookie}, trust_env=False
        ) as client:
            made = client.post(
                "/api/v1/facilities", json=body, headers={"Idempotency-Key": "shelter"}
            ).raise_for_status()
            shelter: str = made.json()["id"]
            client.post(
                f"/api/v1/facilities/{shelter}/entries",
                json={"occupancy": 0, "status": "open"},
                headers={"Idempotency-Key": "opened"},
            ).raise_for_status()
        return shelter

    @contextlib.contextmanager
    def loaded(self) -> Iterator[None]:
        """Let everybody write, read and look until the end of the block; then judge it all."""
        threads = [self._ledger, *self._writers, *self._viewers, *self._others]
        for thread in threads:
            thread.start()
        try:
            self._wait_well(since=time.monotonic())
            yield
            self._end()
        finally:
            for thread in threads:
                thread.leave()
            for thread in threads:
                thread.join(timeout=30)

    def strike_all(self, faults: Iterable[Fault], tell: Tell) -> None:
        """Let one fault follow the other, and *tell* what came of each."""
        for number, fault in enumerate(faults, 1):
            result = self._strike(fault)
            self.results.append(result)
            self.found += result.found
            tell(result.line(number))

    def _strike(self, fault: Fault) -> Result:
        time.sleep(fault.after_s)
        before = self._model.found()
        # who is just looking for a process follows none
        following = [(one, one.port if one.is_well else 0) for one in self._viewers]
        begun = time.monotonic()
        with WAYS[fault.kind](self._site, fault) as expected:
            said_s = self._wait_said(expected, following, begun)
            time.sleep(fault.lasts_s)
        # what mends ends with what it waited for: Redis has loaded, everything else only begins
        mended = time.monotonic()
        if fault.kind in POLLS:
            wait_polled(self._site)
        self._wait_well(since=mended)
        recovered_s = time.monotonic() - mended
        found = [*before, *self._model.found()]
        if self._limited and said_s is not None and said_s > SAY_WITHIN_S:
            found.append(f"said only after {said_s:.1f} s")
        return Result(fault, said_s, recovered_s, tuple(found))

    def _wait_said(
        self, expected: Expected, following: list[tuple[Viewer, int]], begun: float
    ) -> float | None:
        """Return when all who must have said so; give how long the last took."""
        if not expected.words:
            return None
        affected = [
            viewer for viewer, port in following if not expected.port or port == expected.port
        ]

        def said_at(viewer: Viewer) -> float | None:
            since = (at for at, words in viewer.says if at >= begun and words & expected.words)
            return next(since, None)

        def all_said() -> bool:
            unready = not expected.unready or all(one.unready_at for one in self._probes)
            return unready and all(said_at(viewer) for viewer in affected)

        wait_until(all_said)
        times = [at for viewer in affected if (at := said_at(viewer))]
        if expected.unready:
            times += [at for one in self._probes if (at := one.unready_at)]
        return max(times, default=begun) - begun

    def _wait_well(self, *, since: float) -> None:
        """Return when all is up, everybody sees it, and everybody's deeds are confirmed again."""

        def well() -> bool:
            return (
                all(viewer.is_well for viewer in self._viewers)
                and all(writer.last_at > since for writer in self._writers)
                and self._site.ready()
            )

        wait_until(well)

    def _end(self) -> None:
        """Let everybody come to an end, and compare everything."""
        for writer in self._writers:
            writer.leave()
        for writer in self._writers:
            writer.join(timeout=60)
            assert not writer.is_alive(), f"{writer.name} was never answered"
        self._site.worker.kill()
        self._site.beat.kill()
        end = self._site.store.cursor()
        wait_until(lambda: self._ledger.has(end))
        wait_until(lambda: all(viewer.cursor == end for viewer in self._viewers))
        self.found += self._model.at_the_end()

    def summary(self) -> str:
        """Say what was done meanwhile."""
        deeds = sum(len(writer.confirmed) for writer in self._writers)
        steps = sum(len(viewer.trail) for viewer in self._viewers)
        anew = sum(viewer.resyncs for viewer in self._viewers)
        return (
            f"{deeds} deeds confirmed, {self._ledger.length} events,"
            f" {steps} steps of {len(self._viewers)} viewers ({anew} snapshots taken anew),"
            f" {self._reader.reads} reads"
        )


def run_drill(
    folder: Path,
    faults: Iterable[Fault],
    seed: int,
    tell: Tell,
    *,
    limited: bool,
    hosts: str = "",
    replicated: bool = False,
) -> Drill:
    """Run a whole drill with its data in *folder*, and give it when all is ended.

    *hosts* are the publishers that answer; empty: all. *limited* is as for `Drill`. *replicated*:
    on a Redis with a replica and Sentinels, not on one alone.
    """
    clock = WallClock(folder)
    with contextlib.ExitStack() as stack:
        backing = ReplicatedRedis(folder) if replicated else SingleRedis(folder, clock)
        stack.callback(backing.close)
        site = Site(folder, backing, clock, hosts=hosts)
        stack.callback(site.close)
        try:
            drill = Drill(site, seed, limited=limited)
            with drill.loaded():
                drill.strike_all(faults, tell)
        except BaseException:
            tell(site.said())
            raise
    return drill
