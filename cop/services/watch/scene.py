"""What the rules look at, decoded once: a copy of the watched kinds that follows the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from cop.model.entity import Entity
from cop.model.kinds import Attention
from cop.model.record import Cursor, Record
from cop.services.following import entity_of, new_events
from cop.services.watch.rules import ONLY_FROM, WATCHED, names
from cop.store.port import Store


class Scene:
    """The watched entities of a picture, and which name which."""

    def __init__(self) -> None:
        """Begin empty."""
        self.entities: dict[str, Entity] = {}
        self.versions: dict[str, int] = {}
        self.cursor: Cursor = ""
        self._named_by: defaultdict[str, set[str]] = defaultdict(set)

    def begin(self, store: Store) -> set[str]:
        """Read the whole picture, once; give the ids of everything there is to judge."""
        snapshot = store.snapshot()
        self.cursor = snapshot.cursor
        return self._apply(snapshot.records.values())

    def follow(self, store: Store) -> set[str]:
        """Apply what was logged since; give the ids of everything that is to be judged anew.

        Raises:
            Resync: the log does not reach back to where this copy is.
        """
        concerned: set[str] = set()
        for event in new_events(store, self.cursor):
            concerned |= self._apply(event.records)
            self.cursor = event.cursor
        return concerned

    def related(self, entity: Entity) -> dict[str, Entity]:
        """Give what *entity* names and what names it, by id."""
        ids = {*names(entity), *self._named_by.get(entity.id, ())}
        return {each: self.entities[each] for each in ids if each in self.entities}

    def items_of(self, subject: str) -> list[Attention]:
        """List the items of the queue about *subject*."""
        found = (self.entities.get(each) for each in self._named_by.get(subject, ()))
        return [each for each in found if isinstance(each, Attention)]

    def _apply(self, records: Iterable[Record]) -> set[str]:
        concerned: set[str] = set()
        for record in records:
            if not _is_watched(record):
                continue
            before = self.entities.pop(record.id, None)
            self.versions.pop(record.id, None)
            after = None if record.removed else entity_of(record)
            old = () if before is None else names(before)
            new = () if after is None else names(after)
            self._link(record.id, old, new)
            if not record.removed:
                self.versions[record.id] = record.version
            if after is not None:
                self.entities[record.id] = after
            concerned.update((record.id, *old, *new, *self._named_by.get(record.id, ())))
        return concerned

    def _link(self, entity_id: str, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        for each in old:
            self._named_by[each].discard(entity_id)
            if not self._named_by[each]:
                del self._named_by[each]
        for each in new:
            self._named_by[each].add(entity_id)


def _is_watched(record: Record) -> bool:
    """Tell whether the rules look at it; of a removal kind and feed are what they were."""
    return record.kind in WATCHED and record.feed == ONLY_FROM.get(record.kind, record.feed)
