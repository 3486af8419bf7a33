"""A store that is followed for the public picture, and what happens in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cop.config import Settings
from cop.model.entity import Entity
from cop.model.kinds import Alert, Facility, FeedStatus, Incident, Observation, Road
from cop.model.record import put, remove
from cop.services.publishing.compile import Compiler
from cop.services.publishing.picture import PublicPicture
from cop.store.memory import MemoryStore

START = datetime(2026, 9, 8, 4, tzinfo=UTC)
LIVE = Settings()


def at(minutes: float) -> datetime:
    """Give the moment so many minutes after the start."""
    return START + timedelta(minutes=minutes)


def iso(minutes: float) -> str:
    """Give the moment so many minutes after the start, as features have it."""
    return at(minutes).isoformat().replace("+00:00", "Z")


class Town:
    """A store, and a compiler that follows it."""

    def __init__(self, settings: Settings = LIVE) -> None:
        """Begin with an empty store."""
        self.store = MemoryStore()
        self.settings = settings
        self.restart(None)

    def restart(self, kept: bytes | None) -> None:
        """Follow with a new process that is given what the last one *kept*."""
        self.compiler = Compiler(self.settings, kept)
        snapshot = self.store.snapshot()
        self.compiler.begin(snapshot)
        self.cursor = snapshot.cursor

    def put(self, *entities: Entity, minute: float = 0) -> None:
        """Write *entities*, at a minute after the start."""
        fetched_ms = int(at(minute).timestamp() * 1000)
        self.store.write([put(entity) for entity in entities], fetched_ms=fetched_ms)

    def remove(self, entity: Entity | str) -> None:
        """Take an entity off the picture."""
        entity_id = entity if isinstance(entity, str) else entity.id
        (record,) = self.store.read([entity_id]).values()
        self.store.write([remove(record)], fetched_ms=1)

    def follow(self) -> None:
        """Let the compiler take what has happened."""
        events = self.store.events(self.cursor)
        if events:
            self.compiler.go_on(events)
            self.cursor = events[-1].cursor

    def picture(self, minute: float) -> PublicPicture:
        """Give the public picture at a minute after the start."""
        self.follow()
        return self.compiler.picture(at(minute), made_at=at(minute), down={})

    def said(self, entity: Entity | str, minute: float) -> dict[str, Any] | None:
        """Give what the public picture says of an entity; None: it does not have it."""
        entity_id = entity if isinstance(entity, str) else entity.id
        feature = self.picture(minute).features.get(entity_id)
        return None if feature is None else feature["properties"]


def rain(signal: str = "WRAINA", severity: str = "Moderate", **fields: Any) -> Alert:
    """Make the rainstorm warning at a level."""
    given = {
        "id": "hko_warnings:WRAIN",
        "feed": "hko_warnings",
        "publisher": "HKO",
        "event_type": "rainstorm",
        "signal": signal,
        "severity": severity,
        "issued_at": START,
        "title": {"en": signal},
    }
    return Alert.model_validate(given | fields)


def flood(status: str = "verified", verified: float | None = 0, **fields: Any) -> Incident:
    """Make a flooding that people reported, and verified at a minute after the start."""
    steps = {"reported": at(-10)} | ({} if verified is None else {"verified": at(verified)})
    given = {
        "id": "incident:a1",
        "publisher": "DSD",
        "incident_type": "flooding",
        "status": status,
        "verified": verified is not None,
        "severity": "Moderate",
        "reported_at": at(-10),
        "steps": steps,
        "geometry": {"type": "Point", "coordinates": [114.16943, 22.30891]},
        "district": "YTM",
        "title": {"en": "words of somebody"},
    }
    return Incident.model_validate(given | fields)


def shelter(status: str = "open", **fields: Any) -> Facility:
    """Make a shelter that its warden keeps."""
    given = {
        "id": "facility:s1",
        "publisher": "HAD",
        "facility_type": "shelter",
        "status": status,
        "title": {"en": "Town hall"},
        "capacity": 100,
        "occupancy": 10,
        "asserted_at": START,
        "contact": "somebody",
        "geometry": {"type": "Point", "coordinates": [114.2, 22.3]},
    }
    return Facility.model_validate(given | fields)


def listed_shelter(status: str = "open", **fields: Any) -> Facility:
    """Make a shelter as its publisher lists it."""
    given = {
        "id": "had_shelters:town-hall",
        "feed": "had_shelters",
        "publisher": "HAD",
        "facility_type": "shelter",
        "status": status,
        "title": {"en": "Town hall"},
    }
    return Facility.model_validate(given | fields)


def road(status: str = "closed", **fields: Any) -> Road:
    """Make a road as the traffic news have it."""
    given = {
        "id": "td_traffic_news:nathan-road",
        "feed": "td_traffic_news",
        "publisher": "TD",
        "status": status,
        "road": {"en": "Nathan Road"},
    }
    return Road.model_validate(given | fields)


def reading(measure: str = "rain_1h", value: float = 1, **fields: Any) -> Observation:
    """Make a measured value."""
    given = {
        "id": f"hko_rain_gauges:{measure}",
        "feed": "hko_rain_gauges",
        "publisher": "HKO",
        "measure": measure,
        "value": value,
    }
    return Observation.model_validate(given | fields)


def feed_status(key: str = "hko_warnings", minute: float = 0, **fields: Any) -> FeedStatus:
    """Make how a feed does that was fetched at a minute after the start."""
    given = {
        "id": f"feed_status:{key}",
        "publisher": "HKO",
        "title": {"en": key},
        "state": "ok",
        "checked_at": at(minute),
        "fetched_at": at(minute),
        "every_s": 60,
        "stale_after_s": 300,
        "licence": "open",
    }
    return FeedStatus.model_validate(given | fields)
