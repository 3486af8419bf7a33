"""Water levels at the flood gauges of Macao, from its observatory (SMG).

The only live flood gauges of the region. Levels are metres above the ground at the gauge.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lxml import etree

from cop.errors import PayloadError
from cop.formats.payload import local_name
from cop.formats.placed import at_site, find_site, slug
from cop.formats.smg import every, find, published_at, read_smg, value_of, words
from cop.formats.variants import explain, read_variants
from cop.formats.when import time_or_none
from cop.model.kinds import Observation, Quality
from cop.model.text import Text, merge, text
from workers.feed import ContentAt, Feed, Item, Poll, Refused, in_languages


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one observation per gauge."""
    variants = read_variants(poll.by_language("gauges"), _read)
    yield from (Refused(str(lang), why) for lang, why in variants.broken)
    documents = variants.documents
    first, gauges = next(iter(documents.values()))
    at = published_at(first)
    if at is not None:
        yield ContentAt(at)
    for code, gauge in gauges.items():
        name: Text = {}
        for lang, (_, elements) in documents.items():
            said = words(elements[code], "stationname") if code in elements else ""
            name = merge(name, {lang: said} if said else {})
        try:
            yield _observation(code, gauge, name, at, poll)
        except (TypeError, ValueError) as error:
            yield Refused(code, explain(error))


def _read(body: bytes) -> tuple[etree._Element, dict[str, etree._Element]]:
    root = read_smg(body)
    report = root if local_name(root).lower() == "wlreport" else find(root, "WLReport")
    if report is None:
        raise PayloadError("no `WLReport`: not the flood gauges")
    found: dict[str, etree._Element] = {}
    for element in every(root, "station"):
        parts = (element.get("categoryID"), element.get("code"))
        code = "-".join(part for part in parts if part) or words(element, "stationname")
        found[code or f"gauge {len(found) + 1}"] = element
    return root, found


def _observation(
    code: str, gauge: etree._Element, name: Text, published: datetime | None, poll: Poll
) -> Observation:
    site = find_site(poll.table("smg_stations"), name.values())
    reading = find(gauge, "Waterlevel")
    value = value_of(reading) if reading is not None else None
    place = merge(site.name, name) if site is not None else name or {"en": code}
    what = text("Water level", "水位", "水位")
    return Observation(
        id=f"smg_flood_gauges:{slug(code)}",
        feed="smg_flood_gauges",
        publisher="SMG",
        title={
            lang: f"{spot}: {what[lang]}" if lang == "en" else f"{spot}：{what[lang]}"
            for lang, spot in place.items()
        },
        place=place,
        observed_at=time_or_none(words(gauge, "RecordTime")) or published,
        measure="river_level",
        value=value,
        unit="m",
        quality=Quality.OK if value is not None else Quality.MISSING,
        station=code,
        **at_site(site),
    )


FEED = Feed(
    key="smg_flood_gauges",
    title=text("Macao flood gauges", "澳門水位站", "澳门水位站"),
    publisher="SMG",
    licence="Macao open data (data.gov.mo); source: SMG, Macao",
    sources=in_languages(
        "gauges",
        "https://xml.smg.gov.mo/{lang}_ftgms.xml",
        {"zh-Hant": "c", "en": "e"},
        looks_like=lambda body: b"WLReport" in body[:4000],
    ),
    every=timedelta(minutes=2),
    stale_after=timedelta(hours=1),
    parse=parse,
    expected=(1, 200),
    joins=("smg_stations",),
)
