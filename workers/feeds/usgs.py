"""Earthquakes of the world, from the United States Geological Survey."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.number import read_number
from cop.formats.payload import read_object
from cop.formats.prose import safe_link
from cop.formats.variants import explain
from cop.formats.when import from_epoch_ms
from cop.model.entity import Certainty, Measures, Placing, Severity
from cop.model.geometry import point
from cop.model.kinds import Hazard
from cop.model.text import text
from workers.feed import ContentAt, Feed, Ignored, Item, Poll, Refused, Source

ALERTS: Final[Mapping[str, Severity]] = {
    "green": Severity.MINOR,
    "yellow": Severity.MODERATE,
    "orange": Severity.SEVERE,
    "red": Severity.EXTREME,
}
"""Colour of the estimate of losses to severity; most earthquakes have none: unknown."""

NUMBERS: Final[Mapping[str, str]] = {
    "mag": "magnitude",
    "felt": "felt_reports",
    "cdi": "felt_intensity",
    "mmi": "shaking_intensity",
    "sig": "significance",
    "tsunami": "tsunami_flag",
}


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one hazard per earthquake; one known under several ids counts once."""
    kept: dict[str, tuple[float, Hazard]] = {}
    alias: dict[str, str] = {}
    for feature in _features(poll.one("summary")):
        if isinstance(feature, (ContentAt, Refused)):
            yield feature
            continue
        try:
            yield from _take(feature, kept, alias)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            name = feature.get("id") if isinstance(feature, dict) else feature
            yield Refused(str(name)[:80], explain(error))
    for _, hazard in kept.values():
        yield hazard


def _features(body: bytes) -> list[Any]:
    document = read_object(body)
    features, metadata = document.get("features"), document.get("metadata")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise PayloadError("not a collection of earthquakes")
    head = metadata if isinstance(metadata, dict) else {}
    notes: list[Any] = []
    if isinstance(head.get("count"), int) and head["count"] != len(features):
        notes.append(Refused("count", f"{len(features)} earthquakes instead of {head['count']}"))
    try:
        made = read_number(head.get("generated"))
        if made is not None:
            notes.append(ContentAt(from_epoch_ms(made)))
    except ValueError as error:
        notes.append(Refused("generated", explain(error)))
    return [*notes, *features]


def _take(
    feature: dict[str, Any], kept: dict[str, tuple[float, Hazard]], alias: dict[str, str]
) -> Iterator[Item]:
    """Keep *feature*, or the one known by one of its ids, whichever was updated last."""
    key = str(feature["id"])
    facts = feature["properties"]
    if str(facts.get("status") or "").lower() == "deleted":
        yield Ignored(key, "deleted by the publisher")
        return
    hazard = _hazard(key, feature, facts)
    updated = read_number(facts.get("updated")) or 0.0
    ids = {key, *filter(None, str(facts.get("ids") or "").split(","))}
    known = next((alias[name] for name in sorted(ids) if name in alias), None)
    if known is not None:
        loser = key
        if updated > kept[known][0]:
            loser = known
            del kept[known]
        yield Ignored(loser, "the same earthquake under another id")
        if loser == key:
            alias.update(dict.fromkeys(ids, known))
            return
    kept[key] = (updated, hazard)
    alias.update(dict.fromkeys(ids, key))
    if known is not None:
        alias.update({name: key for name, old in alias.items() if old == known})


def _hazard(key: str, feature: dict[str, Any], facts: dict[str, Any]) -> Hazard:
    where = feature.get("geometry")
    spot = where["coordinates"] if where else None
    measures: Measures = {}
    for field, name in NUMBERS.items():
        value = read_number(facts.get(field))
        if value is not None:
            measures[name] = value
    deep = read_number(spot[2]) if spot and len(spot) > 2 else None
    if deep is not None:
        measures["depth_km"] = deep
    kind = str(facts.get("type") or "earthquake").strip().lower()
    place = str(facts.get("place") or "")
    title = str(facts.get("title") or "") or f"M {measures.get('magnitude', '?')} {place}"
    reviewed = str(facts.get("status") or "").lower() == "reviewed"
    return Hazard(
        id=f"usgs:{re.sub(r'[^!-~]+', '_', key)}",
        feed="usgs",
        publisher="USGS",
        title={"en": title},
        observed_at=from_epoch_ms(facts["time"]),
        phenomenon=re.sub(r"[^a-z]+", "_", kind),
        severity=ALERTS.get(str(facts.get("alert") or "").lower(), Severity.UNKNOWN),
        certainty=Certainty.OBSERVED if reviewed else Certainty.LIKELY,
        measures=measures,
        geometry=point(_wrap(float(spot[0])), float(spot[1])) if spot else None,
        placing=Placing.GIVEN if spot else Placing.UNPLACED,
        place={"en": place} if place else {},
        link=safe_link(str(facts.get("url") or "")),
    )


def _wrap(lon: float) -> float:
    """Bring a longitude past the date line back onto the map."""
    return (lon + 180) % 360 - 180 if -540 < lon < 540 and not -180 <= lon <= 180 else lon


def _looks_like(body: bytes) -> bool:
    return b'"FeatureCollection"' in body[:2000] and b'"magType"' in body


FEED = Feed(
    key="usgs",
    title=text("Earthquakes of the world", "全球地震", "全球地震"),
    publisher="USGS",
    licence="Public domain; source: United States Geological Survey",
    sources=(
        Source(
            name="summary",
            url="https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/2.5_week.geojson",
            looks_like=_looks_like,
        ),
    ),
    every=timedelta(seconds=60),
    stale_after=timedelta(minutes=15),
    parse=parse,
    expected=(0, 20_000),
    max_loss=0.8,
    max_bytes=30_000_000,
)
