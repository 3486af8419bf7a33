"""Mean speed on the segments of the Intelligent Road Network, every two minutes.

The document has ids and speeds only; a segment is drawn where the table `td_segments` has its
line. Segments without one are counted, all in one row: they are known, and cannot be placed.
https://data.gov.hk/en-data/dataset/hk-td-sm_4-traffic-data-strategic-major-roads
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cop.errors import PayloadError
from cop.formats.number import read_number
from cop.formats.payload import child_text, read_xml
from cop.formats.when import join_time
from cop.model.entity import Placing
from cop.model.kinds import Observation, Quality
from cop.model.site import Site
from cop.model.text import text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Ignored, Item, Poll, Refused, Source

FASTEST_KMH = 200


def _observe(site: Site, segment: str, speed: float | None, at: datetime) -> Observation:
    return Observation(
        id=f"{FEED.key}:{segment}",
        feed=FEED.key,
        publisher=FEED.publisher,
        title=site.name or text(segment, segment, segment),
        observed_at=at,
        geometry=site.geometry,
        placing=Placing.STATION,
        precision_m=site.precision_m,
        district=site.district,
        measure="traffic_speed",
        value=speed,
        unit="km/h",
        quality=Quality.SUSPECT if speed is None else Quality.OK,
        station=segment,
    )


def parse(poll: Poll) -> Iterator[Item]:
    """Give an observation for each segment that can be drawn, and account for the others."""
    root = read_xml(poll.one("irnAvgSpeed"), root="segment_speed_list")
    try:
        at = join_time(child_text(root, "date"), child_text(root, "time"))
    except ValueError as error:
        raise PayloadError(f"it has no time: {error}") from None
    lines = poll.table("td_segments")
    version = child_text(root, "irn_version") or "unknown"
    no_line = f"no line in the table td_segments (road network version {version})"
    met: set[str] = set()
    for element in root.iter("segment"):
        segment = (element.findtext("segment_id") or "").strip()
        if not segment.isalnum() or len(segment) > 20 or segment in met:
            said = "it came before" if segment in met else "it has no proper id"
            yield Refused(f"segment {segment[:40]!r}", said)
            continue
        met.add(segment)
        try:
            speed = read_number(element.findtext("speed"), missing={"-1"})
        except ValueError as error:
            yield Refused(f"segment {segment}", str(error))
            continue
        valid = (element.findtext("valid") or "").strip() == "Y"
        credible = valid and speed is not None and 0 <= speed <= FASTEST_KMH
        site = lines.get(segment)
        if site is None:
            yield Ignored(f"segment {segment}", no_line)
        else:
            yield _observe(site, segment, speed if credible else None, at)
    if not met:
        raise PayloadError("it lists no segment")
    yield ContentAt(at)


FEED = Feed(
    key="td_segment_speed",
    title=text("Traffic speed on roads", "道路車速", "道路车速"),
    publisher="TD",
    licence=DATA_GOV_HK.format(department="Transport Department"),
    sources=(
        Source(
            name="irnAvgSpeed",
            url="https://resource.data.one.gov.hk/td/traffic-detectors/irnAvgSpeed-all.xml",
            looks_like=lambda body: b"<segment_speed_list" in body[:500],
        ),
    ),
    every=timedelta(seconds=120),
    stale_after=timedelta(minutes=20),
    parse=parse,
    expected=(0, 20_000),
    joins=("td_segments",),
)
