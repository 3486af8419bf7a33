"""What the tests of fusion are made of: reports of a night in Mong Kok, and a picture to follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cop.model.geometry import point
from cop.model.kinds import Fusion, Incident
from cop.services.fusion.matching import Match, match
from cop.services.fusion.proposals import Proposer
from cop.services.fusion.reading import read_report
from cop.services.fusion.rounds import Changes

NIGHT = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
LON, LAT = 114.1694, 22.3193


def report(name: str, title: str = "Fallen tree", **changes: Any) -> Incident:
    """Make a person's report; *east* and *north* in metres, *minutes* after the night began.

    A title with Chinese in it is Chinese; `publisher` makes it a feed's, unless `feed` is None.
    """
    east, north = changes.pop("east", 0.0), changes.pop("north", 0.0)
    minutes = changes.pop("minutes", 0.0)
    lang = "zh-Hant" if any("\u4e00" <= letter <= "\u9fff" for letter in title) else "en"
    publisher = changes.get("publisher", "")
    feed = changes.pop("feed", f"feed_{publisher.lower()}" if publisher else None)
    fields: dict[str, Any] = {
        "id": f"{feed or 'incident'}:{name}",
        "feed": feed,
        "publisher": "COP",
        "title": {lang: title},
        "incident_type": "fallen_tree",
        "status": "reported",
        "reported_at": NIGHT + timedelta(minutes=minutes),
        "geometry": point(LON + east / 102_900, LAT + north / 110_750),
        "placing": "given",
        "precision_m": 20.0,
        "district": "YTM",
    }
    return Incident.model_validate(fields | changes)


def compare(one: Incident, other: Incident) -> Match | None:
    """Compare two incidents."""
    return match(read_report(one), read_report(other))


def score(one: Incident, other: Incident) -> float:
    """Give the probability that two incidents are of one thing."""
    found = compare(one, other)
    return 0.0 if found is None else found.score


class Picture:
    """Incidents and fusions, kept right by a proposer whose changes are written at once."""

    def __init__(self, *incidents: Incident) -> None:
        """Begin with *incidents*, and what is proposed of them."""
        self.proposer = Proposer()
        self.incidents: dict[str, Incident] = {}
        self.fusions: dict[str, Fusion] = {}
        self.put(*incidents)

    def put(self, *entities: Incident | Fusion) -> Changes:
        """Write entities, and then what the proposer makes of them."""
        for entity in entities:
            if isinstance(entity, Incident):
                self.incidents[entity.id] = entity
                self.proposer.put_incident(entity)
            else:
                self.fusions[entity.id] = entity
                self.proposer.put_fusion(entity)
        return self.run()

    def remove(self, *ids: str) -> Changes:
        """Take incidents off the picture."""
        for one in ids:
            del self.incidents[one]
            self.proposer.remove_incident(one)
        return self.run()

    def run(self) -> Changes:
        """Let the proposer work once."""
        changes = self.proposer.plan()
        for fusion in changes.puts:
            self.fusions[fusion.id] = fusion
            self.proposer.put_fusion(fusion)
        for gone in changes.removes:
            del self.fusions[gone]
            self.proposer.remove_fusion(gone)
        return changes

    def fresh(self) -> Proposer:
        """Make a proposer as another process would, that has seen only what is stored."""
        made = Proposer()
        for incident in self.incidents.values():
            made.put_incident(incident, seen=True)
        for fusion in self.fusions.values():
            made.put_fusion(fusion)
        return made

    def groups(self, status: str = "proposed") -> list[tuple[str, ...]]:
        """List the members of the fusions of one status, by the ends of their ids."""
        return sorted(
            tuple(member.partition(":")[2] for member in fusion.members)
            for fusion in self.fusions.values()
            if fusion.status == status
        )
