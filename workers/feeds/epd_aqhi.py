"""Air Quality Health Index by station, from the Environmental Protection Department.

Published at half past for the hour before. The RSS (three languages) is the main document; the
24-hour report and the dashboard's list say the same and stand in when it is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.number import is_missing, read_number
from cop.formats.payload import child_text, children, read_json, read_xml
from cop.formats.placed import at_site
from cop.formats.prose import language_of
from cop.formats.rss import read_rss
from cop.formats.variants import Paired, explain, pair_rows, read_variants, rows_again
from cop.formats.when import parse_time
from cop.model.kinds import Observation, Quality
from cop.model.text import Lang, Text, merge, text
from workers.feed import (
    DATA_GOV_HK,
    ContentAt,
    Feed,
    Ignored,
    Item,
    Payload,
    Poll,
    Refused,
    Source,
    in_languages,
)

EPD_LANGS: Final[dict[Lang, str]] = {"en": "Eng", "zh-Hant": "ChT", "zh-Hans": "ChS"}

BEYOND: Final = 11.0
"""The number kept for `10+`, which is no number."""

BANDS: Final[tuple[tuple[float, Text], ...]] = (
    (3, text("Low", "低", "低")),
    (6, text("Moderate", "中", "中")),
    (7, text("High", "高", "高")),
    (10, text("Very High", "甚高", "甚高")),
    (BEYOND, text("Serious", "嚴重", "严重")),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One station in one document: what it says, and when."""

    station: str
    raw: str
    band: str
    kind: str
    at: datetime


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one observation per station, the latest of all documents."""
    found: dict[str, tuple[tuple[datetime, int], Observation]] = {}
    if not poll.payloads:
        raise PayloadError("no document arrived")
    failures: list[Refused] = []
    for rank, name in enumerate(("hours", "dashboard", "rss")):
        try:
            variants = _documents(poll, name)
        except PayloadError as error:
            failures.append(Refused(name, str(error)))
            continue
        for paired in variants[0]:
            yield from _newest(paired, rank, found)
        yield from variants[1]
    if not found and len(failures) == 3:
        raise PayloadError(failures[-1].reason)
    yield from (failure for failure in failures if poll.all(failure.row))
    for _, observation in found.values():
        if observation.observed_at is not None:
            yield ContentAt(observation.observed_at)
        yield observation


def _newest(
    paired: Paired[Reading], rank: int, found: dict[str, tuple[tuple[datetime, int], Observation]]
) -> Iterator[Item]:
    reading = next(iter(paired.rows.values()))
    hour = (reading.at - timedelta(minutes=1)).replace(minute=0, second=0, microsecond=0)
    order = (hour, rank)
    try:
        observation = _observation(paired)
    except (TypeError, ValueError) as error:
        yield Refused(reading.station, explain(error))
        return
    before = found.get(observation.id)
    if before is not None and before[0] > order:
        yield Ignored(reading.station, "another document has a later hour of this station")
        return
    if before is not None:
        yield Ignored(before[1].station, "another document says the same of this station")
    found[observation.id] = (order, observation)


def _documents(poll: Poll, name: str) -> tuple[list[Paired[Reading]], list[Item]]:
    """Read every variant of the document *name* and pair its stations."""
    bodies = {_language(payload): payload.body for payload in poll.all(name)}
    variants = read_variants(bodies, _READERS[name])
    notes: list[Item] = [Refused(f"{name} {lang}", why) for lang, why in variants.broken]
    rows: dict[Lang, list[tuple[str, Reading]]] = {}
    for lang, (readings, others) in variants.documents.items():
        rows[lang] = [(reading.station, reading) for reading in readings]
        notes.extend(others)
    notes.extend(Refused(*row) for row in rows_again(rows))
    return pair_rows(rows, poll.table("epd_stations")), notes


def _language(payload: Payload) -> Lang:
    if payload.source.lang is not None and len(payload.body) > 0:
        titles = re.findall(rb"<(?:title|StationName)>([^<]{1,80})", payload.body)
        sample = b" ".join(titles[1:]).decode("utf-8", errors="replace")
        guessed = language_of(sample)
        return (
            guessed if (guessed == "en") != (payload.source.lang == "en") else payload.source.lang
        )
    return "en"


def _read_rss(body: bytes) -> tuple[list[Reading], list[Item]]:
    channel = read_rss(body)
    readings: list[Reading] = []
    others: list[Item] = []
    for item in channel.items:
        parts = [part.strip() for part in re.split(r"\s+[:：]\s*|[:：]\s+|：", item.title)]
        at = item.published_at or channel.published_at
        if len(parts) < 2 or at is None:
            others.append(Refused(item.title, "the title is not `station : index : band`"))
            continue
        kind = re.search(r"\s-\s(.+?)\s*[:：]", item.body)
        band = parts[2] if len(parts) > 2 else ""
        readings.append(Reading(parts[0], parts[1], band, kind[1].strip() if kind else "", at))
    return readings, others


def _read_hours(body: bytes) -> tuple[list[Reading], list[Item]]:
    """Read 24 hours of every station; all but the latest are counted as ignored."""
    latest: dict[str, Reading] = {}
    others: list[Item] = []
    for item in children(read_xml(body, root="AQHI24HrReport"), "item"):
        station = child_text(item, "StationName")
        try:
            at = parse_time(child_text(item, "DateTime"))
            raw = child_text(item, "aqhi")
            reading = Reading(station, raw, "", child_text(item, "type"), at)
        except ValueError as error:
            others.append(Refused(station, explain(error)))
            continue
        before = latest.get(station)
        if before is not None:
            others.append(Ignored(station, "an earlier hour"))
        if before is None or at >= before.at:
            latest[station] = reading
    return list(latest.values()), others


def _read_dashboard(body: bytes) -> tuple[list[Reading], list[Item]]:
    rows = read_json(body)
    if not isinstance(rows, list):
        raise PayloadError("the dashboard's answer is not a list of stations")
    readings: list[Reading] = []
    others: list[Item] = []
    for row in rows:
        try:
            at = parse_time(row["publish_date"])
            band = str(row.get("health_risk") or "")
            readings.append(Reading(str(row["station"]), str(row["aqhi"]), band, "", at))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            others.append(Refused(str(row)[:80], explain(error)))
    return readings, others


_READERS: Final[dict[str, Any]] = {
    "rss": _read_rss,
    "hours": _read_hours,
    "dashboard": _read_dashboard,
}


def _value(raw: str) -> float | None:
    words = raw.replace("＋", "+").replace(" ", "")
    if words == "10+":
        return BEYOND
    if is_missing(words, missing={"N.A.", "n.a.", "None", "null"}):
        return None
    value = read_number(words)
    if value is None or not 1 <= value <= BEYOND or value != int(value):
        raise ValueError(f"not an index of 1 to 10+: {raw!r}")
    return value


def _observation(paired: Paired[Reading]) -> Observation:
    reading = next(iter(paired.rows.values()))
    value = _value(reading.raw)
    official: Text = {}
    if value is not None:
        official = next(words for top, words in BANDS if value <= top)
    given: Text = {lang: row.band for lang, row in paired.rows.items() if row.band}
    name = merge({lang: row.station for lang, row in paired.rows.items()})
    kinds = {lang: row.kind for lang, row in paired.rows.items() if row.kind}
    if paired.site is not None:
        name = merge(paired.site.name, name)
        kinds = merge(paired.site.words.get("station_type", {}), kinds)
    band = merge(given, official) if value is not None else {}
    shown = reading.raw.strip() if value is not None else "–"
    return Observation(
        id=f"epd_aqhi:{paired.key}",
        feed="epd_aqhi",
        publisher="EPD",
        title={lang: f"{words}: AQHI {shown}" for lang, words in name.items()},
        description=kinds,
        place=name,
        observed_at=reading.at,
        measure="aqhi",
        value=value,
        unit="1",
        band=band,
        quality=Quality.OK if value is not None else Quality.MISSING,
        station=paired.site.key if paired.site is not None else reading.station,
        **at_site(paired.site),
    )


_OUT = "https://www.aqhi.gov.hk/epd/ddata/html/out"

FEED = Feed(
    key="epd_aqhi",
    title=text("Air quality health index", "空氣質素健康指數", "空气质素健康指数"),
    publisher="EPD",
    licence=DATA_GOV_HK.format(department="Environmental Protection Department"),
    sources=(
        *in_languages(
            "rss",
            f"{_OUT}/aqhi_ind_rss_{{lang}}.xml",
            EPD_LANGS,
            optional=True,
            looks_like=lambda body: b"<rss" in body[:1000],
        ),
        Source(
            name="hours",
            url=f"{_OUT}/24aqhi_Eng.xml",
            lang="en",
            optional=True,
            looks_like=lambda body: b"<AQHI24HrReport" in body[:2000],
        ),
        Source(
            name="dashboard",
            url="https://dashboard.data.gov.hk/api/aqhi-individual?format=json",
            optional=True,
            looks_like=lambda body: b'"aqhi"' in body[:2000] and b'"station"' in body[:2000],
        ),
    ),
    every=timedelta(minutes=10),
    stale_after=timedelta(hours=3),
    parse=parse,
    expected=(1, 60),
    joins=("epd_stations",),
)
