"""What the machine proposes: fusions that should be written, and those that should go.

What people have decided is never touched: a confirmed fusion stays as it is, a report that came
later is proposed to its primary in a fusion of its own, and reports that somebody took apart are
not proposed together again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from cop.model.kinds import Fusion, FusionStatus, Incident, IncidentStatus
from cop.model.response import OPEN_INCIDENT
from cop.services.fusion.groups import Neighbours
from cop.services.fusion.reading import read_report
from cop.services.fusion.rounds import Changes, Round, decided_by, named_members

_NOTHING: Final = object()


class Proposer:
    """Follows incidents and fusions, and says what should be proposed. Not safe across threads."""

    def __init__(self) -> None:
        """Begin with an empty picture."""
        self.neighbours = Neighbours()
        self.fusions: dict[str, Fusion] = {}
        self._status: dict[str, IncidentStatus] = {}
        self._in: defaultdict[str, set[str]] = defaultdict(set)
        self._dirty: set[str] = set()
        self._dirty_fusions: set[str] = set()
        self._new: set[str] = set()
        self._decisive: set[str] = set()
        self._wanted: dict[str, Fusion | None] = {}

    def put_incident(self, incident: Incident, *, seen: bool = False) -> None:
        """Take an incident as it is now; *seen* when what is proposed of it has its words already.

        What a new or changed report may belong to is thought over: a proposal that seemed right
        may be seen to be two. Of what was seen before, every proposal stands.
        """
        merged = incident.status is IncidentStatus.MERGED
        takes_part = merged or incident.status in OPEN_INCIDENT
        before = self._status.get(incident.id)
        self._status[incident.id] = incident.status
        if before is not incident.status:
            self._dirty_fusions |= self._in.get(incident.id, set())
        if not takes_part:
            self._leave(incident.id)
            return
        reading = read_report(incident)
        if self.neighbours.candidates.get(incident.id) != reading:
            self._dirty |= self.neighbours.put(reading)
            if not seen:
                self._new.add(incident.id)
            self._dirty_fusions |= self._in.get(incident.id, set())

    def remove_incident(self, incident_id: str) -> None:
        """Forget an incident that has left the picture."""
        if self._status.pop(incident_id, None) is not None:
            self._leave(incident_id)

    def _leave(self, incident_id: str) -> None:
        if incident_id in self.neighbours.candidates:
            self._dirty |= self.neighbours.remove(incident_id)
        self._dirty_fusions |= self._in.get(incident_id, set())

    def put_fusion(self, fusion: Fusion) -> None:
        """Take a fusion as it is now."""
        if self.fusions.get(fusion.id) == fusion:
            return
        expected = self._wanted.pop(fusion.id, None) == fusion
        self._forget(fusion.id, expected=expected)
        self.fusions[fusion.id] = fusion
        for report in (*fusion.members, *fusion.apart):
            self._in[report].add(fusion.id)
        if fusion.apart or named_members(fusion):
            self._decisive.add(fusion.id)
        if not expected:
            self._touch(fusion)

    def remove_fusion(self, fusion_id: str) -> None:
        """Forget a fusion that has left the picture."""
        expected = self._wanted.pop(fusion_id, _NOTHING) is None
        self._forget(fusion_id, expected=expected)

    def _forget(self, fusion_id: str, *, expected: bool) -> None:
        """Forget a fusion; what was *expected* to change needs no second look."""
        fusion = self.fusions.pop(fusion_id, None)
        self._decisive.discard(fusion_id)
        if fusion is not None:
            for report in (*fusion.members, *fusion.apart):
                self._in[report].discard(fusion_id)
                if not self._in[report]:
                    del self._in[report]
            if not expected:
                self._touch(fusion)

    def _touch(self, fusion: Fusion) -> None:
        self._dirty |= {*fusion.members, *fusion.apart}
        self._dirty_fusions.add(fusion.id)

    def again(self, fusion_ids: Iterable[str]) -> None:
        """Look at some fusions, and at those of their reports, once more."""
        for fusion_id in fusion_ids:
            self._dirty_fusions.add(fusion_id)
            fusion = self.fusions.get(fusion_id)
            if fusion is not None:
                self._touch(fusion)

    def look_again(self, report_ids: Iterable[str]) -> None:
        """Look at some reports once more: what was to be written of them was not."""
        self._dirty |= set(report_ids)

    def plan(self) -> Changes:
        """Say what should be written for what has changed since the last plan."""
        if not self._dirty and not self._dirty_fusions:
            return Changes()
        for fusion_id in self._dirty_fusions & self.fusions.keys():
            self._dirty |= set(self.fusions[fusion_id].members)
        edges = self.neighbours.edges
        changed = {one for one in self._dirty if one in edges}
        changed |= {other for one in changed for other in edges[one]}
        fresh = {one for one in self._new if one in edges}
        fresh |= {other for one in fresh for other in edges[one]}
        loose = {
            fusion_id
            for one in fresh
            for fusion_id in self._in.get(one, ())
            if self.fusions[fusion_id].status is FusionStatus.PROPOSED
        }
        doubtful = {
            fusion_id for one in self._dirty for fusion_id in self._in.get(one, ())
        } | self._dirty_fusions
        for fusion_id in (loose | doubtful) & self.fusions.keys():
            changed |= {one for one in self.fusions[fusion_id].members if one in edges}
        decided = decided_by(self.fusions[fusion_id] for fusion_id in sorted(self._decisive))
        work = Round(
            self.neighbours,
            self.fusions,
            self._in,
            self._status,
            decided=decided,
            loose=loose,
            doubtful=doubtful,
        )
        found = work.settle(changed, self._dirty_fusions | loose)
        self._dirty, self._dirty_fusions, self._new = set(), set(), set()
        self._wanted = {**{one.id: one for one in found.puts}, **dict.fromkeys(found.removes)}
        return found
