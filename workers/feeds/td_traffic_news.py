"""Special traffic news of the Transport Department: roads closed, blocked, busy, open again.

The department publishes the same news twice. The second generation has fields, times and some
coordinates, but often holds only the newest message; it was not seen, and is known from
documentation on which several sources agree. The first, which was, lists all that is in force, as
sentences without times. Both are read, and what they say of one occurrence becomes one
entity, under a key made of road, direction, landmark and cause, so that it stays the same entity
when only one of them still has it.

What ends an entity: a CLOSED or re-opened message makes it `reopened`, which leaves the picture
30 minutes after the announcement; and whatever the first generation no longer lists has ended.
Where that cannot be told (the first generation did not arrive, or a message of the second is so
new that the first cannot have it yet), what was known stays. For that, and for the times, numbers
and places that only the second generation gave, the feed recalls its own entities.
https://data.gov.hk/en-data/dataset/hk-td-tis_19-special-traffic-news-v2
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cop.errors import PayloadError
from cop.formats.news_matching import News, newest, pair
from cop.formats.placing import Gazetteer, Place
from cop.formats.roads import is_debris
from cop.formats.traffic_news import (
    Report,
    batch_time,
    read_first_generation,
    read_second_generation,
)
from cop.model.entity import Entity, Placing
from cop.model.kinds import Incident, IncidentStatus, IncidentType, Note, Road, RoadStatus
from cop.model.text import Text, merge, text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Ignored, Item, Payload, Poll, Refused, Source

SEEN_OPEN: Final = timedelta(minutes=30)
"""How long a road that was opened again is shown as such."""

_UNSURE: Final = timedelta(minutes=10)  # the first generation lags; then what it lacks has ended
_FORGOTTEN: Final = timedelta(hours=6)  # a message that only the second generation has

_INCIDENTS: Final[Mapping[str, IncidentType]] = {
    "flooding": "flooding",
    "landslide": "landslide",
    "fallen_tree": "fallen_tree",
    "fire": "fire",
    "accident": "traffic_accident",
}
_TRANSPORT: Final = re.compile(
    r"(?:\bMTR\b|\btrains?\b|\brail\b|\bline\b|\bferry|\bferries|\bbus(?:es)?\b|\btrams?\b"
    r"|light rail)"
    r"[^.]{0,120}(?:suspen|disrupt|delay|fault|cancel|adjust|affected)"
    r"|(?:港鐵|列車|鐵路|輕鐵|渡輪|巴士|電車|綫)[^。]{0,60}(?:暫停|受阻|延誤|故障|停駛|取消|受影響)",
    re.IGNORECASE,
)
_EMPTY_LIST: Final = re.compile(rb"<list\s*/>|<list>\s*</list>")
_TRANSPORT_LABEL: Final = re.compile(r"public\s+transport|公共交通", re.IGNORECASE)
_MORE: Final[Mapping[RoadStatus, Text]] = {
    RoadStatus.CLOSED: text("closed", "封閉", "封闭"),
    RoadStatus.RESTRICTED: text("lanes closed", "部分行車線封閉", "部分行车线封闭"),
    RoadStatus.SLOW: text("slow traffic", "交通緩慢", "交通缓慢"),
    RoadStatus.REOPENED: text("re-opened", "已解封", "已解封"),
}


@dataclass(frozen=True, slots=True)
class _Document:
    """One document as read: its reports, and (row, reason) of what could not be read."""

    newer: bool
    reports: list[Report]
    refused: list[tuple[str, str]]
    made_at: datetime | None = None
    broken: str = ""


def _read(payload: Payload) -> _Document:
    newer = payload.source.name == "trafficnews"
    reader = read_second_generation if newer else read_first_generation
    try:
        rows = list(reader(payload.body))
        made_at = None if newer else batch_time(payload.body)
    except PayloadError as error:
        return _Document(newer, [], [(payload.source.name, str(error))], broken=str(error))
    reports = [row for row in rows if isinstance(row, Report)]
    return _Document(newer, reports, [r for r in rows if isinstance(r, tuple)], made_at)


def _slug(key: str) -> str:
    slug = "-".join(key.split()).strip("/")
    if len(slug) <= 120:
        return slug
    return f"{slug[:100]}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _title(report: Report, status: RoadStatus) -> Text:
    """Say in one line which road, where, and what is the matter."""
    stretch = report.stretch
    line: Text = {}
    for lang, road in stretch.road.items():
        bound, near = stretch.bound.get(lang, ""), stretch.near.get(lang, "")
        ends = [end[lang] for end in stretch.ends if lang in end]
        more = _MORE.get(status, {}).get(lang, "")
        if lang == "en":
            way = bound if bound.endswith(("bound", "bounds")) or not bound else f"{bound} bound"
            where = f" near {near}" if near else f" between {' and '.join(ends)}" if ends else ""
            line[lang] = f"{road}{f' ({way})' * bool(way)}{where}{f': {more}' * bool(more)}"
        else:
            way = bound if bound.endswith(("行", "向")) or not bound else f"往{bound}方向"
            where = f"近{near}" if near else f"{'至'.join(ends)}" if ends else ""
            line[lang] = f"{road}{f'（{way}）' * bool(way)}{where}{f'：{more}' * bool(more)}"
    return line or _headline(report)


def _headline(report: Report) -> Text:
    """Give the first line of a message that names no road."""
    heads = [words for words in report.labels if words]
    if heads:
        return heads[0]
    return {lang: words.splitlines()[0][:120] for lang, words in report.sentence.items()}


class _Maker:
    """Makes the entities of one poll."""

    def __init__(self, poll: Poll) -> None:
        self._poll = poll
        self._gazetteer = Gazetteer.of(
            roads=poll.table("roads"),
            landmarks=poll.table("landmarks"),
            points=(poll.table("td_detector_sites"), poll.table("td_cameras")),
        )
        self._ids = {
            entity.number: entity.id
            for entity in poll.known.values()
            if isinstance(entity, (Road, Incident))
            and entity.number
            and "/incident" not in entity.id
        }
        self.made: set[str] = set()

    def make(self, news: News) -> Iterator[Entity]:
        """Make the entities of one occurrence: a road, an incident, both, or a note."""
        lead = news.lead
        identity = self._ids.get(lead.number or "") or f"{FEED.key}:{_slug(lead.key)}"
        if identity in self.made and lead.number:
            identity = f"{FEED.key}:{_slug(f'{lead.key}/{lead.number}/{lead.part}')}"
        words = " ".join((*lead.sentence.values(), *(w for t in lead.labels for w in t.values())))
        if _is_transport(lead, words):
            yield self._incident(news, identity, "transport_disruption")
        elif not lead.stretch.road:
            yield self._note(news, identity)
        else:
            kind = _incident_type(lead, news.status)
            incident = f"{identity}/incident" if kind else None
            yield self._road(news, identity, incident)
            if kind and incident:
                yield self._incident(news, incident, kind)

    def recalled(self, *, listed: bool) -> Iterator[Entity]:
        """Give what is known, was not said again, and yet cannot be told to have ended."""
        now = self._poll.received_at
        for entity in self._poll.known.values():
            if entity.id in self.made or (entity.expires_at and entity.expires_at <= now):
                continue
            opened = isinstance(entity, Road) and entity.status is RoadStatus.REOPENED
            ended = isinstance(entity, Incident) and entity.status is IncidentStatus.CLOSED
            since = entity.reported_at if isinstance(entity, Incident) else entity.observed_at
            fresh = since is not None and now - since < _UNSURE
            if not listed or fresh or ((opened or ended) and entity.expires_at):
                yield entity

    def _place(self, news: News, identity: str) -> Place:
        lead = news.lead
        place = self._gazetteer.place(lead.stretch, given=lead.given, district=lead.district)
        known = self._poll.known.get(identity)
        ranks = list(Placing)
        if known is None or ranks.index(known.placing) >= ranks.index(place.placing):
            return place
        return Place(known.geometry, known.placing, known.precision_m, known.district)

    def _common(
        self, news: News, identity: str, status: RoadStatus = RoadStatus.UNKNOWN
    ) -> dict[str, object]:
        """Give the fields that a road, an incident and a note share; *status* is for the title."""
        self.made.add(identity)
        known = self._poll.known.get(identity)
        place = self._place(news, identity)
        at = news.second.at if news.second else (known.observed_at if known else None)
        leaves = None
        if news.status is RoadStatus.REOPENED and at:
            leaves = at + SEEN_OPEN
        elif news.first is None and at:
            leaves = at + _FORGOTTEN
        return {
            "id": identity,
            "feed": FEED.key,
            "publisher": FEED.publisher,
            "title": _title(news.lead, status),
            "description": news.sentence,
            "observed_at": at,
            "expires_at": leaves,
            "geometry": place.geometry,
            "placing": place.placing,
            "precision_m": place.precision_m,
            "district": place.district,
            "place": news.lead.stretch.road and merge(news.lead.stretch.near),
            "link": "https://www.td.gov.hk/en/special_news/spnews.htm",
        }

    def _number(self, news: News, identity: str) -> str | None:
        known = self._poll.known.get(identity)
        before = known.number if isinstance(known, (Road, Incident)) else None
        return news.lead.number or before

    def _road(self, news: News, identity: str, incident: str | None) -> Road:
        return Road.model_validate(
            {
                **self._common(news, identity, news.status),
                "status": news.status,
                "cause": news.lead.cause,
                "road": news.lead.stretch.road,
                "direction": news.lead.stretch.bound,
                "incident": incident,
                "number": self._number(news, identity),
            }
        )

    def _incident(self, news: News, identity: str, kind: IncidentType) -> Incident:
        road = kind != "transport_disruption"
        known = self._poll.known.get(identity)
        times = [news.lead.at, known.reported_at if isinstance(known, Incident) else None]
        over = news.status is RoadStatus.REOPENED
        return Incident.model_validate(
            {
                **self._common(news, identity, news.status if road else RoadStatus.UNKNOWN),
                "incident_type": kind,
                "status": IncidentStatus.CLOSED if over else IncidentStatus.REPORTED,
                "reported_at": min((at for at in times if at), default=self._poll.received_at),
                "verified": True,
                "number": self._number(news, identity),
            }
        )

    def _note(self, news: News, identity: str) -> Note:
        return Note.model_validate({**self._common(news, identity), "topic": "news"})


def _is_transport(report: Report, words: str) -> bool:
    labels = [words for label in report.labels for words in label.values()]
    headed = any(_TRANSPORT.search(w) or _TRANSPORT_LABEL.search(w) for w in labels)
    return headed or (not report.stretch.road and _TRANSPORT.search(words) is not None)


def _incident_type(report: Report, status: RoadStatus) -> IncidentType | None:
    """Tell which kind of incident someone must respond to; None where nobody must."""
    kind = _INCIDENTS.get(report.cause)
    if kind or not is_debris(report.said):
        return kind
    return "road_blockage" if status in {RoadStatus.CLOSED, RoadStatus.RESTRICTED} else None


def parse(poll: Poll) -> Iterator[Item]:
    """Read both generations, match them, and make the entities of what is left."""
    documents = [_read(payload) for payload in poll.payloads]
    whole = [document for document in documents if not document.broken]
    if not whole:
        reasons = dict.fromkeys(document.broken for document in documents)
        raise PayloadError("; ".join(reasons) or "neither generation arrived")
    for document in documents:
        yield from (Refused(*row) for row in document.refused)
    numbered = [r for document in whole if document.newer for r in document.reports]
    listed = [r for document in whole if not document.newer for r in document.reports]
    latest: list[list[Report]] = []
    for reports in (_chosen(newest(numbered, by_number=True)), (listed, list[Ignored]())):
        kept, dropped = reports
        yield from dropped
        chosen, again = _chosen(newest(kept, by_number=False))
        yield from again
        latest.append(chosen)
    first_at = max((d.made_at for d in whole if d.made_at), default=None)
    if first_at is not None:
        yield ContentAt(first_at)
    maker = _Maker(poll)
    for news in pair(latest[0], latest[1], first_at):
        yield from maker.make(news)
    yield from maker.recalled(listed=any(not document.newer for document in whole))


def _chosen(
    rows: Iterable[Report | tuple[str, str]],
) -> tuple[list[Report], list[Ignored]]:
    both = list(rows)
    return (
        [row for row in both if isinstance(row, Report)],
        [Ignored(*row) for row in both if isinstance(row, tuple)],
    )


def _is_second(body: bytes) -> bool:
    if b"<INCIDENT_NUMBER" in body or b"special_news/trafficnews.xsd" in body[:1000]:
        return True
    return _EMPTY_LIST.search(body[:1000]) is not None


def _is_first(body: bytes) -> bool:
    return b"data.one.gov.hk/td" in body[:1000] and b"specialtrafficnews" in body[:1000]


FEED = Feed(
    key="td_traffic_news",
    title=text("Special traffic news", "特別交通消息", "特别交通消息"),
    publisher="TD",
    licence=DATA_GOV_HK.format(department="Transport Department"),
    sources=(
        Source(
            name="trafficnews",
            url="https://www.td.gov.hk/en/special_news/trafficnews.xml",
            optional=True,
            looks_like=_is_second,
            repeats=True,
        ),
        Source(
            name="specialtrafficnews",
            url="https://resource.data.one.gov.hk/td/en/specialtrafficnews.xml",
            optional=True,
            looks_like=_is_first,
            repeats=True,
        ),
    ),
    every=timedelta(seconds=60),
    stale_after=timedelta(minutes=10),
    parse=parse,
    complete=True,
    expected=(0, 1000),
    max_loss=0.9,
    joins=("roads", "landmarks", "td_detector_sites", "td_cameras"),
    recalls=True,
)
