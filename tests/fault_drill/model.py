"""What must be so after every fault, and at the end: by what was confirmed, and by the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cop.model.journal import Deed
from cop.model.kinds import Facility, decode
from cop.services.journal_proof import anchors_file, read_anchors, verify
from tests.fault_drill.ledger import Ledger
from tests.fault_drill.load import Confirmed, Reader, Writer
from tests.fault_drill.site import Site
from tests.fault_drill.viewers import Step, Viewer

_MOST = 20


class Model:
    """Compares what everybody saw with what the log says, as far as both have come."""

    def __init__(
        self,
        site: Site,
        ledger: Ledger,
        shelter: str,
        *,
        writers: Sequence[Writer],
        reader: Reader,
        viewers: Sequence[Viewer],
    ) -> None:
        """Look at these; *shelter* is the id of the facility that people are entered at."""
        self._site = site
        self._ledger = ledger
        self._writers = writers
        self._reader = reader
        self._viewers = viewers
        self._shelter = shelter
        self._looked = [0] * len(viewers)
        self._has = [""] * len(viewers)
        self._chapters = [0] * len(viewers)
        self._told: Counter[str] = Counter()

    def found(self) -> list[str]:
        """Give what is wrong and was not given before, in words."""
        words = [*self._of_viewers(), *self._ledger.wrong, *self._reader.wrong]
        words += [word for writer in self._writers for word in writer.wrong]
        new = list((Counter(words) - self._told).elements())
        self._told |= Counter(words)
        return new[:_MOST]

    def _of_viewers(self) -> Iterator[str]:
        """Go along what each viewer was told since, as far as the log has been read.

        Where the ledger began anew, each viewer is judged again from the next snapshot on.
        """
        for number, viewer in enumerate(self._viewers):
            trail = viewer.trail
            while self._looked[number] < len(trail):
                step, chapter = trail[self._looked[number]], self._ledger.chapter
                if not self._ledger.has(step.cursor):
                    break
                if step.whole and self._ledger.begins(step.cursor):
                    self._chapters[number] = chapter
                if self._chapters[number] == chapter:
                    yield from (f"{viewer.name}: {word}" for word in self._judge(number, step))
                    self._has[number] = step.cursor
                self._looked[number] += 1

    def _judge(self, number: int, step: Step) -> Iterator[str]:
        before = self._has[number]
        if step.whole:
            expected = self._ledger.whole(step.cursor)
            for entity in expected.keys() | step.put.keys():
                if expected.get(entity) != step.put.get(entity):
                    yield (
                        f"snapshot at {step.cursor}: {entity} is {step.put.get(entity)},"
                        f" by the log {expected.get(entity)}"
                    )
            return
        put, gone, passed = self._ledger.between(before, step.cursor)
        if step.mark:
            if put or gone:
                yield f"was told of nothing up to {step.cursor}: {sorted({*put, *gone})[:5]}"
            return
        if not self._ledger.is_event(step.cursor):
            yield f"was told of {step.cursor}, which the log does not have"
        if not put and not gone and not passed:
            yield f"was told again of {step.cursor} after {before}"
        if step.put != put:
            differ = {one for one in {*put, *step.put} if put.get(one) != step.put.get(one)}
            yield f"between {before} and {step.cursor}: put differs: {sorted(differ)[:5]}"
        if not gone <= step.remove <= gone | passed:
            yield f"between {before} and {step.cursor}: removals differ: {sorted(step.remove)[:5]}"

    def at_the_end(self) -> list[str]:
        """Give what is wrong once nobody writes and everybody has been told of everything."""
        return [
            *self.found(),
            *(f"{viewer.name} was not told of the end" for viewer in self._behind()),
            *self._state(),
            *self._numbers(),
            *self._counter(),
            *self._journal(),
        ][: 5 * _MOST]

    def _behind(self) -> list[Viewer]:
        end = self._ledger.cursor
        behind = []
        for number, viewer in enumerate(self._viewers):
            put, gone, _ = self._ledger.between(self._has[number], end)
            if put or gone or self._chapters[number] != self._ledger.chapter:
                behind.append(viewer)
        return behind

    def _state(self) -> Iterator[str]:
        """The picture that is stored is what the log adds up to, byte by byte."""
        stored = self._site.store.snapshot()
        if stored.cursor != self._ledger.cursor:
            yield f"the log ends at {self._ledger.cursor}, the picture at {stored.cursor}"
        for entity in stored.records.keys() | self._ledger.records.keys():
            if stored.records.get(entity) != self._ledger.records.get(entity):
                yield f"{entity} is stored otherwise than the log says"

    def _numbers(self) -> Iterator[str]:
        for (kind, number), ids in self._ledger.numbers.items():
            if len(ids) > 1:
                yield f"{kind} {number} was given {len(ids)} times"

    def _counter(self) -> Iterator[str]:
        counted = sum(writer.counted for writer in self._writers)
        kept = decode(self._site.store.read([self._shelter])[self._shelter].body)
        assert isinstance(kept, Facility)
        if kept.occupancy != counted:
            yield f"{counted} people were entered, the counter says {kept.occupancy}"

    def _journal(self) -> Iterator[str]:
        """Each confirmed deed stands in the journal once, under its number; and nothing else."""
        store = self._site.store
        yield from verify(store, read_anchors(anchors_file(self._site.settings))).faults
        head, _ = store.journal_head()
        names = {writer.name for writer in self._writers}
        deeds = [
            (link.number, Deed.decode(link.body)) for link in store.journal(range(1, head + 1))
        ]
        ours = [(number, deed) for number, deed in deeds if deed.who.name in names and deed.key]
        times = Counter(deed.key for _, deed in ours)
        under = {deed.key: number for number, deed in ours}
        confirmed: dict[str | None, Confirmed] = {
            one.key: one for writer in self._writers for one in writer.confirmed
        }
        for key, count in times.items():
            if count > 1:
                yield f"{key} was applied {count} times"
            if key not in confirmed:
                yield f"{key} was applied, and never confirmed although it was asked till answered"
        for key, one in confirmed.items():
            if under.get(key) != one.journal:
                yield f"{key} was confirmed as entry {one.journal}, and is entry {under.get(key)}"
