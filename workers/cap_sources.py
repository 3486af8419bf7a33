"""How sources of CAP messages are set up: one TOML file each, and what feeds they become."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cop.config import Settings
from cop.errors import Misconfigured
from cop.formats.cap import CapArea
from cop.formats.cap_alert import Channel
from cop.formats.cap_archive import is_packed
from cop.formats.cap_places import Geocodes, Place, Scheme, place_of
from cop.model.entity import Kind, Placing
from cop.model.geometry import BBox
from cop.model.kinds import FeedState, FeedStatus
from cop.model.record import Record, Write, put, remove
from cop.model.text import Lang, Text
from cop.reference.tables import default_table
from cop.services.exchange.signatures import read_certificates
from cop.services.feed_status import millis
from cop.services.following import entity_of
from cop.services.geography import area_of_district
from cop.services.ingest import CHUNK
from cop.services.setup_files import (
    FileRefused,
    Found,
    gather,
    gone_folder,
    read_file,
    without_file,
)
from cop.store.port import Store
from workers.cap_feed import CapFeed, Wanted
from workers.feed import Feed, Source
from workers.replay import find_scenario

PREFIX: Final = "cap_"
"""How the keys of their feeds begin."""

MOST_BYTES: Final = 20_000_000

_EXAMPLES: Final[Mapping[str, str]] = {
    "id": 'id = "shenzhen"',
    "title": 'title = { en = "Shenzhen warnings", zh-Hant = "深圳預警", zh-Hans = "深圳预警" }',
    "publisher": 'publisher = "CMA"',
    "url": 'url = "https://alerts.example/atom.xml"',
    "urls": 'urls = ["https://alerts.example/atom.xml"]',
    "complete": "complete = true",
    "every_s": "every_s = 120",
    "stale_after_s": "stale_after_s = 1200",
    "hosts": 'hosts = ["files.alerts.example"]',
    "languages": 'languages = { zh = "zh-Hant" }',
    "zone": 'zone = "+08:00"',
    "licence": 'licence = "CC BY 4.0; source: the authority"',
    "trust": 'trust = ["authority.pem"]',
    "ends_after_h": "ends_after_h = 24",
    "areas": '[areas] with adcodes = ["44", "81"] or bbox = [113.5, 22.0, 114.6, 22.9]',
    "default_area": 'default_area = { adcode = "82" } or { bbox = [113.5, 22.0, 114.6, 22.9] }',
    "adcode": 'adcode = "82"',
    "bbox": "bbox = [113.5, 22.0, 114.6, 22.9]",
    "adcodes": 'adcodes = ["4403", "81"]',
    "geocodes": 'geocodes = { "area code" = "adcode" }',
}
"""What to write, by the name of a field."""

Address = Annotated[str, Field(pattern=r"^https?://[^\s/@]+(/\S*)?$", max_length=2000)]
Host = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Areas(_Table):
    """Which messages are wanted, of a source that has more.

    A message is taken that reaches into the box, or has one of the codes; one that says neither
    where it holds nor by what code is taken too.

    Attributes:
        bbox: west, south, east, north.
        adcodes: how codes of GB/T 2260 begin.
    """

    bbox: BBox | None = None
    adcodes: tuple[Annotated[str, Field(pattern=r"^\d{2,6}$")], ...] = ()


class DefaultArea(_Table):
    """Where an alert holds that says it in words alone: either of both.

    Attributes:
        adcode: how the code of GB/T 2260 of a province, a city or a district of Hong Kong begins.
        bbox: west, south, east, north.
    """

    adcode: str | None = Field(default=None, pattern=r"^\d{2,6}$")
    bbox: BBox | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        if (self.adcode is None) == (self.bbox is None):
            raise ValueError("default_area: write either adcode or bbox")
        if self.place.geometry is None:
            raise ValueError(
                "default_area: is no area: adcode of Guangdong, a city of it, Hong Kong or Macao,"
                " or a box with a width and a height"
            )
        return self

    @property
    def place(self) -> Place:
        """Give the area, as coarse as it is."""
        if self.bbox is None:
            codes = (("adcode", (self.adcode or "").ljust(6, "0")),)
            return place_of([CapArea(geocodes=codes)], _geocodes({}))
        west, south, east, north = self.bbox
        ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
        return replace(place_of([CapArea(polygons=(ring,))], Geocodes()), placing=Placing.REGION)


class CapSource(_Table):
    """One source.

    Attributes:
        id: the feed's key is this after `cap_`.
        title: what people call it.
        publisher: code of the authority; one of `PUBLISHERS` is shown by its name.
        url, urls: of the document or documents: a message, or a list or envelope of them.
        complete: the documents together list everything in force: what they leave out has ended.
            Otherwise an alert ends by its `expires`, by Cancel and the like, or by *ends_after_h*.
        every_s: seconds between two polls.
        stale_after_s: age of the last success past which it is stale; ten polls where not said.
        hosts: hosts that messages may lie on besides those of *urls*.
        most_links: how many messages that a list links to are fetched at a poll.
        languages: code in the messages to the language of the picture that it stands for.
        zone: offset of times that name none.
        public: everybody may read what it says; then *licence* must say under which terms.
        licence: terms, and whom to name.
        trust: PEM files with the certificates that it signs with, from this file's folder.
        signs: it signs every message: one without a signature is treated as forged.
        ends_after_h: hours after which a message without a usable `expires` is over; 24 where not
            said, and no limit for a source that is complete.
        areas: which messages are wanted.
        geocodes: valueName to what its codes are, where that is not seen from the name.
        default_area: of alerts that give neither a shape nor such a code.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")
    title: Text = Field(min_length=1)
    publisher: str = Field(pattern=r"^[A-Z][A-Z0-9]{1,15}$")
    url: Address | None = None
    urls: tuple[Address, ...] = Field(default=(), max_length=20)
    complete: bool = False
    every_s: float = Field(default=120, ge=10, le=86_400)
    stale_after_s: float | None = Field(default=None, ge=10, le=30 * 86_400)
    hosts: tuple[Host, ...] = ()
    most_links: int = Field(default=100, ge=0, le=500)
    languages: dict[str, Lang] = Field(default_factory=dict)
    zone: str = Field(default="+08:00", pattern=r"^[+-](0\d|1[0-4]):[0-5]\d$")
    public: bool = False
    licence: str = Field(default="", max_length=500)
    trust: tuple[Path, ...] = ()
    signs: bool = False
    ends_after_h: float | None = Field(default=None, gt=0, le=24 * 60)
    areas: Areas = Areas()
    geocodes: dict[str, Scheme] = Field(default_factory=dict)
    default_area: DefaultArea | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.url) == bool(self.urls):
            raise ValueError("url: write either url or urls")
        if self.public and not self.licence.strip():
            raise ValueError("licence: is missing: what is public needs its terms")
        if self.signs and not self.trust:
            raise ValueError("trust: is missing: without certificates no signature can be checked")
        return self

    @property
    def key(self) -> str:
        """Give the key of its feed."""
        return f"{PREFIX}{self.id}"


Sources = Found[CapSource]
"""The sources of a folder by id, and the files that give none."""


def read_source(path: Path) -> CapSource:
    """Read the file of one source, and check it as a whole; paths in it become absolute.

    Raises:
        Misconfigured: it cannot be used; one line for each fault.
    """
    source = read_file(path, CapSource, _EXAMPLES)
    trust = tuple((path.parent / one).resolve() for one in source.trust)
    try:
        read_certificates(trust)
    except Misconfigured as error:
        raise FileRefused(path, f"trust: {error}") from error
    return source.model_copy(update={"trust": trust})


def cap_sources_of(settings: Settings) -> Sources:
    """Give the sources of the operation: an exercise has its scenario's, and no others.

    Raises:
        NotFound: there is no such scenario.
    """
    if settings.exercise:
        folder = find_scenario(settings.scenario).cap_sources_dir
    else:
        folder = settings.cap_sources_dir or settings.data_dir / "cap-sources"
    return Found({}) if folder is None else gather(folder, read_source, lambda one: one.id)


def forget_sources(store: Store, settings: Settings) -> int:
    """Take off the picture what is of a source whose file is gone; tell how many sources that were.

    While a file, or the folder, cannot be used nothing is: it may be that one. The feed of such a
    source fails then, and says why.

    Raises:
        Conflict: somebody else changed the same; the next run does it.
        NotFound: there is no such scenario.
        StoreUnavailable: the store cannot answer.
    """
    sources, now = cap_sources_of(settings), millis(settings.clock().now())
    folder = None if settings.exercise else settings.cap_sources_dir
    faults = sources.faults or gone_folder(folder)
    kept = {source.key for source in sources.values()}
    gone = 0
    for name, record in store.by_kind(Kind.FEED_STATUS).items():
        key = name.partition(":")[2]
        if not key.startswith(PREFIX) or key in kept:
            continue
        if faults:
            writes = _failing(record, without_file(faults))
        else:
            writes = [remove(one) for one in (*store.by_feed(key).values(), record)]
            gone += 1
        for begin in range(0, len(writes), CHUNK):
            store.write(writes[begin : begin + CHUNK], fetched_ms=now)
    return gone


def _failing(record: Record, why: str) -> list[Write]:
    """Give the write by which a feed says *why* it is not read; none where it says so already."""
    status = entity_of(record)
    if not isinstance(status, FeedStatus) or status.reason == why:
        return []
    changed = {**dict(status), "state": FeedState.FAILING, "reason": why}
    return [put(FeedStatus.model_validate(changed), expected=record.version)]


def feed_of(source: CapSource) -> Feed:
    """Make the feed that polls *source*.

    Raises:
        Misconfigured: a certificate that it names is gone.
    """
    urls = source.urls or (source.url or "",)
    reader = CapFeed(
        channel=_channel(source),
        urls=urls,
        hosts=frozenset(source.hosts),
        most_links=source.most_links,
        trusted=read_certificates(source.trust),
        signs=source.signs,
        wanted=Wanted(source.areas.bbox, source.areas.adcodes),
    )
    stale_after = source.stale_after_s or max(10 * source.every_s, 600)
    return Feed(
        key=source.key,
        title=source.title,
        publisher=source.publisher,
        licence=source.licence or "No open licence stated; for display inside the organisation",
        sources=tuple(
            Source(name="list", url=url, optional=True, repeats=True, looks_like=_may_be_one)
            for url in urls
        ),
        every=timedelta(seconds=source.every_s),
        stale_after=timedelta(seconds=stale_after),
        parse=reader.parse,
        follow=reader.follow,
        hosts=source.hosts,
        recalls=True,
        max_loss=0.8,
        max_bytes=MOST_BYTES,
        setup=hashlib.sha256(source.model_dump_json().encode()).hexdigest()[:16],
    )


def _may_be_one(body: bytes) -> bool:
    return b"<" in body[:200] or is_packed(body)


def _channel(source: CapSource) -> Channel:
    hours = source.ends_after_h if source.complete else source.ends_after_h or 24.0
    sign = -1 if source.zone[0] == "-" else 1
    offset = timedelta(hours=int(source.zone[1:3]), minutes=int(source.zone[4:]))
    return Channel(
        feed=source.key,
        publisher=source.publisher,
        public=source.public,
        zone=timezone(sign * offset),
        languages={code.lower(): lang for code, lang in source.languages.items()},
        geocodes=_geocodes(source.geocodes),
        complete=source.complete,
        ends_after=None if hours is None else timedelta(hours=hours),
        default_place=None if source.default_area is None else source.default_area.place,
    )


def _geocodes(schemes: Mapping[str, Scheme]) -> Geocodes:
    named = {name.strip().lower(): scheme for name, scheme in schemes.items()}
    return Geocodes(default_table("adcode_areas"), area_of_district, named)
