"""How many places so many reports are of."""

from __future__ import annotations

from collections.abc import Iterable

from cop.model.kinds import Fusion, FusionStatus, Incident, IncidentStatus
from cop.model.response import OPEN_INCIDENT


def count_places(incidents: Iterable[Incident], fusions: Iterable[Fusion]) -> tuple[int, int, int]:
    """Count reports, the places that they are of, and the places that nobody has confirmed.

    Reports that are open or merged are one place when they are members of one fusion that is
    proposed or confirmed, or one is merged into the other; and so on from each to the next. A
    place counts while one of its reports is open, and a report while its place counts. A place is
    unconfirmed when it would fall apart without the fusions that are only proposed.
    """
    taken = {
        incident.id: incident
        for incident in incidents
        if incident.status in OPEN_INCIDENT or incident.status is IncidentStatus.MERGED
    }
    sure, seeming = _Sets(taken), _Sets(taken)
    for incident in taken.values():
        if incident.merged_into in taken:
            for sets in (sure, seeming):
                sets.join(incident.id, incident.merged_into)
    for fusion in fusions:
        if fusion.status is FusionStatus.SPLIT:
            continue
        members = [member for member in fusion.members if member in taken]
        for member in members[1:]:
            seeming.join(members[0], member)
            if fusion.status is FusionStatus.CONFIRMED:
                sure.join(members[0], member)
    alive = {seeming.find(one.id) for one in taken.values() if one.status in OPEN_INCIDENT}
    parts: dict[str, set[str]] = {place: set() for place in alive}
    reports = 0
    for report in taken:
        place = seeming.find(report)
        if place in alive:
            reports += 1
            parts[place].add(sure.find(report))
    return reports, len(alive), sum(len(found) > 1 for found in parts.values())


class _Sets:
    """Sets that are joined, and never taken apart."""

    def __init__(self, names: Iterable[str]) -> None:
        self._above = {name: name for name in names}

    def find(self, name: str) -> str:
        while self._above[name] != name:
            self._above[name] = self._above[self._above[name]]
            name = self._above[name]
        return name

    def join(self, one: str, other: str) -> None:
        self._above[self.find(one)] = self.find(other)
