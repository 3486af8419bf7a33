"""A web process with a small picture with every sort of geometry, to ask by OGC API - Features."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from cop.model.geometry import line, point, polygon
from cop.model.kinds import Alert, Facility, FeedStatus, Hazard, Observation, Road, RoadStatus
from cop.model.record import put
from cop.services.policy import Role
from tests.integration.web_server import Server, until, web_server

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
WINDS = 250
ITEMS = "/collections/observation/items"
PATHS = [
    "",
    "/",
    "/conformance",
    "/api",
    "/collections",
    "/collections/observation",
    "/collections/observation/queryables",
    "/collections/observation/schema",
    "/collections/observation/schema/feature",
    f"{ITEMS}?limit=2",
    f"{ITEMS}/hko_wind:S0001",
    "/collections/alert/items",
    "/collections/alert/items/hko_warnings:WRAINB",
    "/collections/",
    "/collections/hazard_areas",
    "/collections/hazard_areas/items/",
    "/collections/hazard_areas/queryables",
]


def things() -> list[Any]:
    """Make a small picture with every sort of geometry."""
    sourced: dict[str, Any] = {"feed": "hko_wind", "publisher": "HKO"}
    winds = [
        Observation(
            id=f"hko_wind:S{number:04d}",
            measure="wind",
            value=float(number % 50),
            unit="km/h",
            measures={"gust_kmh": number * 1.5} if number > 20 else {},
            observed_at=NOON + timedelta(minutes=number),
            geometry=point(113.9 + number / 1000, 22.2 + number / 1000),
            title={"en": f"Station {number}", "zh-Hant": f"站 {number}"},
            **sourced,
        )
        for number in range(WINDS)
    ]
    return [
        *winds,
        Alert(
            id="hko_warnings:WRAINB",
            feed="hko_warnings",
            publisher="HKO",
            event_type="rainstorm",
            issued_at=NOON,
            title={"en": "Black <Rainstorm>", "zh-Hant": "黑色暴雨", "zh-Hans": "黑色暴雨"},
        ),
        Facility(
            id="ha_waiting:1/a",
            feed="ha_waiting",
            publisher="HA",
            facility_type="hospital",
            geometry=point(114.2, 22.3),
        ),
        Road(
            id="td_traffic_news:1",
            feed="td_traffic_news",
            publisher="TD",
            status=RoadStatus.CLOSED,
            geometry=line([(114.1, 22.3), (114.2, 22.3)]),
        ),
        Hazard(
            id="hko_cyclones:1",
            feed="hko_cyclones",
            publisher="HKO",
            phenomenon="tc_cone",
            geometry=polygon([(113.0, 21.0), (115.0, 21.0), (115.0, 23.0), (113.0, 23.0)]),
        ),
        FeedStatus(
            id="feed_status:hko_wind",
            publisher="HKO",
            every_s=60,
            stale_after_s=600,
            licence="DATA.GOV.HK terms of use; source: Hong Kong Observatory, via DATA.GOV.HK",
        ),
    ]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run a web process with a small picture."""
    with web_server() as running:
        running.add("chief", Role.COMMANDER)
        running.add("gis", Role.MACHINE)
        cursor = running.store.write([put(one) for one in things()], fetched_ms=1).cursor
        until(lambda: running.has_come_to(cursor))
        yield running


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    """Give a client that has not signed in."""
    with httpx.Client(base_url=f"{server.url}/ogc", timeout=60) as client:
        yield client


def links(said: Any, rel: str) -> list[str]:
    """Give the addresses that a document links as *rel*."""
    return [one["href"] for one in said["links"] if one["rel"] == rel]


class Page(HTMLParser):
    """Reads a page: what it links, and whether it could run anything."""

    def __init__(self) -> None:
        """Begin."""
        super().__init__()
        self.tags: list[str] = []
        self.hrefs: list[str] = []
        self.attributes: list[str] = []
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        given = dict(attrs)
        self.attributes += given
        self.lang = given.get("lang") or self.lang if tag == "html" else self.lang
        if tag == "a":
            self.hrefs.append(given["href"] or "")


def read(markup: str) -> Page:
    """Read a page."""
    page = Page()
    page.feed(markup)
    return page
