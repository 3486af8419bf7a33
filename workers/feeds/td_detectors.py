"""Speed, volume and occupancy at the Transport Department's traffic detectors, every minute.

A document holds two periods of 30 seconds, each with every detector and its lanes. A detector's
speed is the mean over its valid lanes and both periods, weighted by vehicles. Where no vehicle
passed there is no speed: what the lane then says is its limit, not free flow.
https://data.gov.hk/en-data/dataset/hk-td-sm_4-traffic-data-strategic-major-roads
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.payload import child_text, read_xml
from cop.formats.when import join_time
from cop.model.entity import Placing
from cop.model.kinds import Observation, Quality
from cop.model.site import Site
from cop.model.text import text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Item, Poll, Refused, Source

FASTEST_KMH: Final = 200
"""A lane that says more than this is broken, whatever it says of itself."""

_DAY: Final = timedelta(days=1)


_LANE: Final = ("speed", "occupancy", "volume", "valid")
_NOTHING: Final = float("nan")

_Lane = tuple[float, float, float, bool]
"""Speed, occupancy, volume, and whether the lane is said to be valid."""


@dataclass(slots=True)
class _Count:
    """What the lanes of one detector add up to over all periods."""

    way: float = 0.0  # km/h × vehicles
    vehicles: float = 0.0
    occupancy: float = 0.0
    occupied: int = 0  # lanes that gave an occupancy
    good: int = 0
    seen: int = 0  # lanes, once for each period
    periods: int = 0
    seconds: float = 0.0
    until: datetime | None = None


def _numbers(column: list[str | None]) -> list[float]:
    """Read a column of numbers; what is none becomes NaN."""
    try:
        return list(map(float, column))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return [_number(cell) for cell in column]


def _number(cell: str | None) -> float:
    try:
        return float(cell or "")
    except ValueError:
        return _NOTHING


def _lanes(period: etree._Element, number: int) -> list[_Lane]:
    """Give the *number* lanes of *period*, in order.

    A regular document is read column by column, which takes a quarter of the time.
    """
    cells: list[str | None]
    if [cell.tag for cell in period.iter(*_LANE)] == [*_LANE] * number:
        cells = [cell.text for cell in period.iter(*_LANE)]
    else:
        cells = [lane.findtext(name) for lane in period.iter("lane") for name in _LANE]
    valid = [cell is not None and cell.strip() == "Y" for cell in cells[3::4]]
    columns = (_numbers(cells[start::4]) for start in range(3))
    return list(zip(*columns, valid, strict=True))


def _near(moment: datetime, received_at: datetime) -> datetime:
    """Put *moment* on the right day: around midnight the document's date may be the other one."""
    if abs(received_at - moment) < _DAY / 2:
        return moment
    others = (moment + _DAY, moment - _DAY)
    return next((at for at in others if abs(received_at - at) < timedelta(hours=2)), moment)


def _span(period: etree._Element, day: str, received_at: datetime) -> tuple[datetime, float]:
    """Give the end of *period* and its length in seconds; raises PayloadError if it has none."""
    try:
        start = join_time(day, child_text(period, "period_from"))
        end = join_time(day, child_text(period, "period_to"))
    except ValueError as error:
        raise PayloadError(f"a period has no time: {error}") from None
    if end < start:
        end += _DAY
    seconds = (end - start).total_seconds()
    if not 0 < seconds <= 900:
        raise PayloadError(f"a period lasts {seconds:.0f} s")
    return _near(end, received_at), seconds


def _detectors(period: etree._Element) -> Iterator[tuple[str, int]]:
    """Give the id and the number of lanes of every detector of *period*, in order."""
    pair = ("detector_id", "lanes")
    cells = list(period.iter(*pair))
    regular = [cell.tag for cell in cells] == [*pair] * (len(cells) // 2)
    if regular:
        for identity, lanes in zip(cells[0::2], cells[1::2], strict=True):
            yield (identity.text or "").strip(), len(lanes)
        return
    for detector in period.iter("detector"):
        group = detector.find("lanes")
        identity_text = detector.findtext("detector_id") or ""
        yield identity_text.strip(), 0 if group is None else len(group)


def _count(root: etree._Element, received_at: datetime) -> Iterator[tuple[str, _Count] | Refused]:
    """Add up every detector over all periods."""
    counts: dict[str, _Count] = {}
    day = child_text(root, "date")
    for period in root.iter("period"):
        end, seconds = _span(period, day, received_at)
        detectors = list(_detectors(period))
        lanes = _lanes(period, sum(number for _, number in detectors))
        met: set[str] = set()
        last = 0
        for key, number in detectors:
            first, last = last, last + number
            if key in met or not key or len(key) > 60 or len(key.split()) > 1:
                said = "it stands twice in one period" if key in met else "it has no proper id"
                yield Refused(f"detector {key[:60]!r}", said)
                continue
            met.add(key)
            count = counts.get(key)
            if count is None:
                count = counts[key] = _Count()
            count.periods += 1
            count.seconds += seconds
            if count.until is None or end > count.until:
                count.until = end
            _add(count, lanes[first:last])
    yield from counts.items()


def _add(count: _Count, lanes: list[_Lane]) -> None:
    """Count the valid and credible lanes in."""
    count.seen += len(lanes)
    for speed, occupancy, volume, valid in lanes:
        if not valid or not 0 <= volume < 1000 or (volume and not 0 <= speed <= FASTEST_KMH):
            continue  # NaN fails every comparison
        count.good += 1
        if volume:
            count.way += speed * volume
            count.vehicles += volume
        if 0 <= occupancy <= 100:
            count.occupancy += occupancy
            count.occupied += 1


def _observe(key: str, count: _Count, site: Site | None) -> Observation:
    measures: dict[str, float] = {"lanes": round(count.seen / count.periods)}
    if count.seen:
        measures["valid_lanes_percent"] = round(100 * count.good / count.seen)
    if count.good:
        measures["volume_per_min"] = round(count.vehicles * 60 / count.seconds, 1)
    if count.occupied:
        measures["occupancy_percent"] = round(count.occupancy / count.occupied, 1)
    if site and "rotation_deg" in site.numbers:
        measures["direction_deg"] = site.numbers["rotation_deg"]
    quality = Quality.OK if count.vehicles else Quality.NO_FLOW
    return Observation(
        id=f"{FEED.key}:{key}",
        feed=FEED.key,
        publisher=FEED.publisher,
        title=site.name if site else text(key, key, key),
        observed_at=count.until,
        geometry=site.geometry if site else None,
        placing=Placing.STATION if site else Placing.UNPLACED,
        precision_m=site.precision_m if site else None,
        district=site.district if site else None,
        measure="traffic_speed",
        value=round(count.way / count.vehicles, 1) if count.vehicles else None,
        unit="km/h",
        measures=measures,
        quality=quality if count.good else Quality.SUSPECT,
        station=key,
    )


def parse(poll: Poll) -> Iterator[Item]:
    """Give one observation per detector; one that the table does not know has no place."""
    root = read_xml(poll.one("rawSpeedVol"), root="raw_speed_volume_list")
    sites = poll.table("td_detector_sites")
    latest: datetime | None = None
    for found in _count(root, poll.received_at):
        if isinstance(found, Refused):
            yield found
            continue
        key, count = found
        latest = max(latest or count.until, count.until) if count.until else latest
        yield _observe(key, count, sites.get(key))
    if latest is None:
        raise PayloadError("it lists no detector")
    yield ContentAt(latest)


FEED = Feed(
    key="td_detectors",
    title=text("Traffic speed at detectors", "交通探測器車速", "交通探测器车速"),
    publisher="TD",
    licence=DATA_GOV_HK.format(department="Transport Department"),
    sources=(
        Source(
            name="rawSpeedVol",
            url="https://resource.data.one.gov.hk/td/traffic-detectors/rawSpeedVol-all.xml",
            looks_like=lambda body: b"<raw_speed_volume_list" in body[:500],
        ),
    ),
    every=timedelta(seconds=60),
    stale_after=timedelta(minutes=20),
    parse=parse,
    expected=(1, 5_000),
    joins=("td_detector_sites",),
)
