"""Which reports belong together: groups that are joined best first, and never by a chain."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from statistics import fmean
from typing import Final

from cop.services.fusion.blending import blend
from cop.services.fusion.candidates import Candidates
from cop.services.fusion.matching import Match, match
from cop.services.fusion.reading import Reading
from cop.services.fusion.weights import JOIN, LEAVE, RIVAL, RIVALS, VETO

_NEVER: Final = -99.0
_OF_PAIRS: Final = ("type", "words", "publisher")
_SURE: Final = 4
"""As many reports as this of one type are no mistake."""


@dataclass(frozen=True, eq=False)
class Group:
    """Reports that are taken for one thing.

    Attributes:
        members: ids, sorted.
        reading: what they say together.
    """

    members: tuple[str, ...]
    reading: Reading

    def __lt__(self, other: Group) -> bool:
        return self.members < other.members


@dataclass(slots=True)
class Neighbours:
    """Every report, those it may be of one thing with, and the evidence between them.

    Attributes:
        candidates: the reports.
        edges: report to the reports near it that nothing keeps apart, and how alike they are.
        unlike: report to the reports that were found to be too unlike, to be asked only once.
        put_off: report to those that it is like, but that something else might be too.
    """

    candidates: Candidates = field(default_factory=Candidates)
    edges: dict[str, dict[str, Match]] = field(default_factory=dict)
    unlike: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    put_off: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def put(self, reading: Reading) -> set[str]:
        """Take a new or changed report; gives the ids that this concerns."""
        concerned = self.remove(reading.id)
        mine: dict[str, Match] = {}
        for other in self.candidates.near(reading):
            found = match(reading, other)
            if found is not None and found.logit > VETO:
                mine[other.id] = found
                self.edges[other.id][reading.id] = found
        self.edges[reading.id] = mine
        self.candidates.put(reading)
        return concerned | set(mine) | {reading.id}

    def remove(self, report_id: str) -> set[str]:
        """Forget a report; gives the ids that this concerns."""
        self.candidates.remove(report_id)
        mine = self.edges.pop(report_id, {})
        for other in mine:
            del self.edges[other][report_id]
        for known in (self.unlike, self.put_off):
            for other in known.pop(report_id, ()):
                known[other].discard(report_id)
        return set(mine)

    def reading(self, report_id: str) -> Reading:
        """Give a report that is here."""
        reading = self.candidates.get(report_id)
        if reading is None:
            raise KeyError(report_id)
        return reading

    def compare(self, one: str, other: str) -> Match | None:
        """Compare two reports that are here; None when nothing could make them one thing."""
        known = self.edges[one].get(other)
        if known is not None:
            return known
        if other in self.unlike[one]:
            return None
        found = match(self.reading(one), self.reading(other))
        if found is not None and found.logit > VETO:
            return found
        self.unlike[one].add(other)
        self.unlike[other].add(one)
        return None


class Joining:
    """One round of joining groups. What holds at the end is a function of what is known alone."""

    def __init__(
        self,
        neighbours: Neighbours,
        apart: Mapping[str, set[str]],
        standing: Callable[[str], Iterable[str]] = lambda report_id: (report_id,),
        named: Mapping[str, set[str]] | None = None,
    ) -> None:
        """Join reports of *neighbours*, but never two of which one is *apart* from the other.

        Args:
            neighbours: all that may take part.
            apart: report to the reports that people have said are not the same.
            standing: tells which reports a report is grouped with already, itself included.
            named: report to the reports that people have said are, or may be, the same.
        """
        self._neighbours = neighbours
        self._apart = apart
        self._standing = standing
        self._named = named or {}
        self._of: dict[str, Group] = {}
        self._links: dict[tuple[Group, Group], float] = {}

    def make(self, members: Iterable[str]) -> Group:
        """Make the group of *members*, as it is already."""
        ids = tuple(sorted(members))
        group = Group(ids, blend([self._neighbours.reading(one) for one in ids]))
        self._of.update(dict.fromkeys(ids, group))
        return group

    def group_of(self, report_id: str) -> Group:
        """Give the group that a report is in."""
        group = self._of.get(report_id)
        return self.make(self._standing(report_id)) if group is None else group

    def fits(self, report_id: str, rest: Iterable[str]) -> bool:
        """Tell whether a report of a group may stay in it."""
        others = tuple(sorted(rest))
        if any(other in self._named.get(report_id, ()) for other in others):
            return True
        if any(other in self._apart.get(report_id, ()) for other in others):
            return False
        mine = self._neighbours.reading(report_id)
        theirs = blend([self._neighbours.reading(other) for other in others])
        found = match(mine, theirs)
        return found is not None and found.logit >= LEAVE

    def link(self, one: Group, other: Group) -> float:
        """Give the evidence that two groups are of one thing."""
        key = (one, other) if one < other else (other, one)
        if key not in self._links:
            self._links[key] = self._evidence(*key)
        return self._links[key]

    def _evidence(self, one: Group, other: Group) -> float:
        compared: list[Match] = []
        for mine, theirs in product(one.members, other.members):
            if theirs in self._apart.get(mine, ()):
                return _NEVER
            found = self._neighbours.compare(mine, theirs)
            if found is None:
                return _NEVER
            compared.append(found)
        if len(compared) == 1:
            return compared[0].logit
        whole = match(one.reading, other.reading)
        if whole is None:
            return _NEVER
        # what one voice says twice, and how alike the wording is, only pairs can tell
        own = {
            name: fmean(found.reasons.get(name, 0.0) for found in compared) for name in _OF_PAIRS
        }
        if own["type"] < 0:  # one report is soon of the wrong type, several are not
            own["type"] *= min(len(one.members), len(other.members), _SURE)
        said = sum(whole.reasons.get(name, 0.0) for name in _OF_PAIRS)
        return whole.logit - said + sum(own.values())

    def around(self, group: Group) -> list[Group]:
        """Give the groups next to *group*, in order."""
        edges = self._neighbours.edges
        near = {self.group_of(other) for one in group.members for other in edges[one]}
        return sorted(near - {group})

    def join(self, groups: Iterable[Group]) -> list[Group]:
        """Join what belongs together among *groups* and their neighbours; gives the new groups."""
        heap: list[tuple[float, Group, Group]] = []
        for group in sorted(set(groups)):
            self._offer(heap, group)
        made: set[Group] = set()
        while heap:
            _, one, other = heapq.heappop(heap)
            if self._of[one.members[0]] is not one or self._of[other.members[0]] is not other:
                continue
            put_off = self._neighbours.put_off
            if not self._may_join(one, other):
                put_off[one.members[0]].add(other.members[0])
                put_off[other.members[0]].add(one.members[0])
                continue
            joined = self.make((*one.members, *other.members))
            made -= {one, other}
            made.add(joined)
            self._offer(heap, joined)
        return sorted(made)

    def _offer(self, heap: list[tuple[float, Group, Group]], group: Group) -> None:
        """Offer what *group* may join, and what its neighbours put off: a rival may have gone."""
        for near in self.around(group):
            self._offer_pair(heap, group, near)
            for member in near.members:
                for waiting in self._neighbours.put_off.get(member, ()):
                    self._offer_pair(heap, near, self.group_of(waiting))

    def _offer_pair(self, heap: list[tuple[float, Group, Group]], one: Group, other: Group) -> None:
        if one is not other and (link := self.link(one, other)) >= JOIN:
            heapq.heappush(heap, (-link, min(one, other), max(one, other)))

    def _may_join(self, one: Group, other: Group) -> bool:
        link = self.link(one, other)
        for mine, theirs in ((one, other), (other, one)):
            for rival in self.around(mine):
                if rival is theirs or self.link(mine, rival) <= link - RIVAL:
                    continue
                if self.link(rival, theirs) < RIVALS:
                    return False
        members = (*one.members, *other.members)
        return all(self.fits(one, [m for m in members if m != one]) for one in members)
