"""One look at what has changed: which fusions there should be, and which should go."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from cop.model.kinds import Fusion, FusionStatus, IncidentStatus, Likeness
from cop.services.fusion.groups import Group, Joining, Neighbours
from cop.services.fusion.matching import Match
from cop.services.fusion.reading import precedence

PUBLISHER: Final = "COP"


@dataclass(frozen=True, slots=True)
class Changes:
    """What should be written: fusions as they should be, and ids of those to remove."""

    puts: tuple[Fusion, ...] = ()
    removes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.puts or self.removes)


class Round:
    """One look at what has changed."""

    def __init__(
        self,
        neighbours: Neighbours,
        fusions: Mapping[str, Fusion],
        fusions_of: Mapping[str, set[str]],
        status: Mapping[str, IncidentStatus],
        *,
        decided: tuple[dict[str, set[str]], dict[str, set[str]]],
        loose: set[str],
        doubtful: set[str],
    ) -> None:
        """Look at the fusions of some reports.

        Args:
            neighbours: all reports that take part.
            fusions: all fusions by id.
            fusions_of: report to the ids of the fusions that it is or was in.
            status: of every incident that is on the picture.
            decided: what people have said, from `decided_by`.
            loose: ids of the proposals that do not bind their reports.
            doubtful: ids of the proposals whose reports have changed, and may not fit any more.
        """
        self._neighbours = neighbours
        self._fusions = fusions
        self._in = fusions_of
        self._status = status
        self._loose = loose
        self._doubtful = doubtful
        self._kept: dict[str, tuple[str, ...]] = {}
        named, apart = decided
        self._joining = Joining(self._neighbours, apart, self._standing, named)

    def settle(self, reports: set[str], touched: set[str]) -> Changes:
        """Join what belongs together around *reports*; *touched* fusions are looked at too."""
        before = {self._joining.group_of(report) for report in sorted(reports)}
        made = self._joining.join(before)  # also of what lies further off: a rival may have gone
        groups = {self._joining.group_of(report) for report in reports} | set(made)
        puts: list[Fusion] = []
        removes: set[str] = set()
        kept: set[str] = set()
        for group in sorted(groups):
            wanted, gone = self._of_group(group)
            removes |= gone
            if wanted is not None:
                kept.add(wanted.id)
                if wanted != self._fusions.get(wanted.id):
                    puts.append(wanted)
        for fusion_id in sorted(touched & self._fusions.keys() - removes - kept):
            fusion = self._fusions[fusion_id]
            if not self._stands(fusion, groups):
                removes.add(fusion_id)
        for fusion_id in sorted(removes):
            remembered = self._remember(self._fusions[fusion_id])
            if remembered is not None:
                removes.discard(fusion_id)
                if remembered != self._fusions[fusion_id]:
                    puts.append(remembered)
        return Changes(tuple(sorted(puts, key=lambda one: one.id)), tuple(sorted(removes)))

    def _alive(self, report: str) -> bool:
        return report in self._neighbours.candidates

    def _standing(self, report: str) -> set[str]:
        """Give the reports that are grouped with *report*: by people, or by what was proposed."""
        found, todo = {report}, [report]
        while todo:
            for fusion_id in self._in.get(todo.pop(), ()):
                new = set(self._members(self._fusions[fusion_id])) - found
                if new and found & set(self._members(self._fusions[fusion_id])):
                    found |= new
                    todo += new
        return found

    def _members(self, fusion: Fusion) -> tuple[str, ...]:
        """Give the reports that a fusion holds together now."""
        if fusion.id not in self._kept:
            self._kept[fusion.id] = self._held(fusion)
        return self._kept[fusion.id]

    def _held(self, fusion: Fusion) -> tuple[str, ...]:
        alive = [member for member in fusion.members if self._alive(member)]
        if fusion.status is FusionStatus.SPLIT:
            return ()
        if fusion.status is FusionStatus.CONFIRMED:
            return tuple(alive)
        if fusion.id in self._loose:
            named = named_members(fusion)
            alive = [member for member in alive if member in named]
        alive = [m for m in alive if self._first_proposal(m) in (None, fusion.id)]
        if fusion.id not in self._doubtful:
            return tuple(alive) if len(alive) > 1 else ()
        for member in sorted(alive, key=lambda m: precedence(self._neighbours.reading(m))):
            rest = [other for other in alive if other != member]
            # who stands for confirmed reports was joined with all of them, and is judged so
            whole = {other for one in alive for other in self._confirmed_with(one)}
            if rest and not self._joining.fits(member, whole - {member}):
                alive = rest
        return tuple(alive) if len(alive) > 1 else ()

    def _first_proposal(self, report: str) -> str | None:
        """Give the one proposal that counts for a report; a confirmed report may be in several."""
        mine = [self._fusions[fusion_id] for fusion_id in self._in.get(report, ())]
        mine = [fusion for fusion in mine if report in fusion.members]
        if any(fusion.status is FusionStatus.CONFIRMED for fusion in mine):
            return None
        return min((f.id for f in mine if f.status is FusionStatus.PROPOSED), default=None)

    def _of_group(self, group: Group) -> tuple[Fusion | None, set[str]]:
        """Give the proposal that *group* needs, and the proposals that it does not need."""
        inside = {f: self._fusions[f] for one in group.members for f in self._in.get(one, ())}
        current = {
            fusion.id: fusion
            for fusion in inside.values()
            if fusion.status is FusionStatus.PROPOSED and set(group.members) & set(fusion.members)
        }
        current = {key: f for key, f in current.items() if self._belongs(f, group)}
        wanted = self._representatives(group)
        if len(wanted) < 2:
            return None, set(current)
        best = max(
            sorted(key for key, fusion in current.items() if _may_become(fusion, wanted)),
            key=lambda key: len(set(current[key].members) & set(wanted)),
            default=None,
        )
        old = current.get(best) if best is not None else None
        made = self._proposal(wanted, old)
        return made, set(current) - {made.id}

    def _belongs(self, fusion: Fusion, group: Group) -> bool:
        """Tell whether this group is the one that goes on with *fusion*: that of most members."""
        homes = [self._joining.group_of(m) for m in fusion.members if self._alive(m)]
        return max(sorted(set(homes)), key=homes.count) is group

    def _representatives(self, group: Group) -> dict[str, bool]:
        """List the reports to propose: each that is free, and one for what people have confirmed.

        Gives id to whether it stands for confirmed ones.
        """
        found: dict[str, bool] = {}
        seen: set[str] = set()
        for report in group.members:
            if report in seen:
                continue
            confirmed = self._confirmed_with(report)
            seen |= confirmed
            found[self._face(confirmed)] = len(confirmed) > 1
        return found

    def _confirmed_with(self, report: str) -> set[str]:
        found, todo = {report}, [report]
        while todo:
            for fusion_id in self._in.get(todo.pop(), ()):
                fusion = self._fusions[fusion_id]
                if fusion.status is not FusionStatus.CONFIRMED:
                    continue
                members = set(self._members(fusion))
                if found & members:
                    todo += members - found
                    found |= members
        return found

    def _face(self, confirmed: set[str]) -> str:
        """Give the report that stands for *confirmed* ones: the primary that is worked on."""
        primaries = {
            self._fusions[f].primary
            for one in confirmed
            for f in self._in.get(one, ())
            if self._fusions[f].status is FusionStatus.CONFIRMED
        }
        choice = (primaries & confirmed) or confirmed
        merged = IncidentStatus.MERGED
        return min(
            choice,
            key=lambda one: (
                self._status[one] is merged,
                precedence(self._neighbours.reading(one)),
            ),
        )

    def _proposal(self, wanted: Mapping[str, bool], old: Fusion | None) -> Fusion:
        reading = self._neighbours.reading
        named = named_members(old) & wanted.keys() if old is not None else set()
        if old is not None and named and old.primary in wanted:
            primary = old.primary
        else:
            primary = min(wanted, key=lambda one: (not wanted[one], precedence(reading(one))))
        likeness = tuple(
            self._likeness(one, wanted)
            for one in sorted(wanted)
            if one not in named and one != primary
        )
        return Fusion(
            id=self._fresh_id(wanted) if old is None else old.id,
            publisher=PUBLISHER,
            status=FusionStatus.PROPOSED,
            members=tuple(sorted(wanted)),
            primary=primary,
            apart=() if old is None else old.apart,
            score=min((one.score for one in likeness), default=old.score if old else 0.0),
            likeness=likeness,
        )

    def _fresh_id(self, wanted: Iterable[str]) -> str:
        words = "\n".join(sorted(wanted))
        for count in range(len(self._fusions) + 1):
            digest = hashlib.sha256(f"{words}\n{count}".encode()).hexdigest()[:16]
            if f"fusion:{digest}" not in self._fusions:
                break
        return f"fusion:{digest}"

    def _likeness(self, report: str, members: Iterable[str]) -> Likeness:
        """Say why a report belongs to the others: by the one that it is most like.

        Who stands for confirmed reports is compared by all of them.
        """
        mine = self._confirmed_with(report)
        theirs = {other for one in members for other in self._confirmed_with(one)} - mine
        pairs = product(sorted(mine), sorted(theirs))
        found = [m for one, other in pairs if (m := self._neighbours.compare(one, other))]
        if not found:
            return Likeness(report=report, score=0.0)
        best: Match = max(found, key=lambda one: one.logit)
        distances = [one.distance_m for one in found if one.distance_m is not None]
        return Likeness(
            report=report,
            score=round(best.score, 3),
            distance_m=round(min(distances), 1) if distances else None,
            minutes=round(best.minutes, 1),
            words=None if best.words is None else round(best.words, 3),
        )

    def _stands(self, fusion: Fusion, groups: set[Group]) -> bool:
        """Tell whether a fusion that no group has spoken for stays on the picture."""
        if fusion.status is FusionStatus.PROPOSED:
            members = set(self._members(fusion))
            return any(members and members <= set(group.members) for group in groups)
        present = [member for member in fusion.members if member in self._status]
        if fusion.status is FusionStatus.SPLIT:
            return self._parts(fusion)
        # a report that was merged keeps its fusion: by splitting it, it can be had back
        merged = any(self._status[one] is IncidentStatus.MERGED for one in present)
        return len(present) > 1 or merged

    def _parts(self, fusion: Fusion) -> bool:
        """Tell whether a fusion still keeps reports of the picture apart."""
        apart = {one for one in fusion.apart if one in self._status}
        return any(
            one != other for one in apart for other in fusion.members if other in self._status
        )

    def _remember(self, fusion: Fusion) -> Fusion | None:
        """Give what must stay of a fusion that goes: what people took apart; None for nothing."""
        if not self._parts(fusion):
            return None
        if fusion.status is FusionStatus.SPLIT:
            return fusion
        return fusion.model_copy(
            update={"status": FusionStatus.SPLIT, "likeness": (), "score": 0.0}
        )


def _may_become(fusion: Fusion, wanted: Iterable[str]) -> bool:
    """Tell whether a proposal may be written again with the reports that are *wanted* now.

    What people took out of it is apart from its members as they were then: with others it stays
    behind as what keeps them apart, and a proposal of its own is made.
    """
    members = set(fusion.members)
    if not fusion.apart or members == set(wanted):
        return True
    return bool(named_members(fusion)) and members <= set(wanted)


def named_members(fusion: Fusion) -> set[str]:
    """Give the members that a person named: those of which no likeness is said."""
    likened = {one.report for one in fusion.likeness}
    named = {one for one in fusion.members if one not in likened and one != fusion.primary}
    return named | {fusion.primary} if named else set()


def decided_by(fusions: Iterable[Fusion]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Give what people have said: report to those named with it, and to those apart from it."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    apart: defaultdict[str, set[str]] = defaultdict(set)
    for fusion in fusions:
        if fusion.status is FusionStatus.PROPOSED:
            together = named_members(fusion)
            for one in together:
                named[one] |= together - {one}
        for one in fusion.apart:
            for other in fusion.members:
                if one != other:
                    apart[one].add(other)
                    apart[other].add(one)
    return dict(named), dict(apart)
