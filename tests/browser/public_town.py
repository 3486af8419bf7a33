"""A severe evening as the public sees it: its site, and a reader's browser."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Request

from cop.config import Settings
from cop.model.district import District
from cop.model.entity import Entity, Placing, Severity
from cop.model.facility import Facility, FacilityStatus
from cop.model.geometry import point
from cop.model.kinds import (
    Hazard,
    Incident,
    IncidentStatus,
    Observation,
    Road,
    RoadStatus,
)
from cop.model.record import remove
from cop.model.text import text
from cop.publisher import PublicSite
from cop.services.publishing import publisher as publisher_module
from cop.services.publishing.compile import Compiler
from cop.store.memory import MemoryStore
from tests.browser.board import now, wait
from tests.browser.conftest import marking
from tests.browser.town import (
    all_well,
    feed_status,
    places,
    rain_and_wind,
    roads,
    signals,
    store_all,
)
from tests.integration.public_site import publishing
from tests.integration.web_server import Server, until, web_server

DESK: Final = (1440, 900)
PHONE: Final = (390, 844)
PATHS: Final = {"en": "en", "zh-Hant": "tc", "zh-Hans": "sc"}
WONG_TAI_SIN: Final = {"latitude": 22.3425, "longitude": 114.1935}
_QUICK_S: Final = 0.2
_PAGES_S: Final = 1.0
_MOVED: Final = """([key, change]) => {
  const node = () => cop.exchange.nodeOf(key);
  const top = () => node().getBoundingClientRect().top;
  node().scrollIntoView({ block: "center", behavior: "instant" });
  const was = top();
  cop.exchange.blocks(change);
  return Math.abs(top() - was);
}"""
_HIDE: Final = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
_FEEDS: Final = (
    ("hko_tips", "Weather tips", "特別天氣提示", 300.0),
    ("hko_cyclones", "Tropical cyclones", "熱帶氣旋", 600.0),
    ("hko_sea_level", "Sea level", "海平面", 900.0),
    ("hko_tides", "Tides", "潮汐", 3600.0),
)


def incident(
    name: str, kind: str, at: datetime, place: tuple[float, float], **fields: Any
) -> Incident:
    """Make an incident that a commander has verified long enough ago for the public to be told."""
    values: dict[str, Any] = {
        "status": IncidentStatus.RESPONDING,
        "severity": Severity.SEVERE,
        "reported_at": at - timedelta(minutes=40),
        "steps": {IncidentStatus.VERIFIED: at - timedelta(minutes=30)},
    }
    return Incident(
        id=f"incident:{name}",
        publisher="COP",
        incident_type=kind,  # type: ignore[arg-type]
        verified=True,
        geometry=point(*place),
        placing=Placing.GIVEN,
        **(values | fields),
    )


def post(name: str, at: datetime, place: tuple[float, float], **fields: Any) -> Facility:
    """Make a first-aid post that its keeper has said to be open."""
    return Facility(
        id=f"facility:{name.replace(' ', '-')}",
        publisher="COP",
        title=text(f"First-aid post {name}", f"{name}急救站", f"{name}急救站"),
        facility_type="first_aid_post",
        geometry=point(*place),
        placing=Placing.GIVEN,
        asserted_at=at - timedelta(minutes=6),
        **({"status": FacilityStatus.OPEN} | fields),
    )


def road(name: str, at: datetime, place: tuple[float, float], **fields: Any) -> Road:
    """Make a closed road."""
    return Road(
        id=f"td_traffic_news:{name.replace(' ', '-')}",
        feed="td_traffic_news",
        publisher="TD",
        title=text(f"{name} Road", f"{name}道", f"{name}道"),
        placing=Placing.LANDMARK,
        observed_at=at - timedelta(minutes=2),
        **({"status": RoadStatus.CLOSED, "geometry": point(*place)} | fields),
    )


def _line(*places: tuple[float, float]) -> Any:
    return {"type": "LineString", "coordinates": [list(one) for one in places]}


def _stations(at: datetime) -> Iterator[Observation]:
    for index, (name, lon, lat, value) in enumerate(
        (("Causeway Bay", 114.185, 22.280, 8.0), ("Tung Chung", 113.944, 22.289, 3.0))
    ):
        yield Observation(
            id=f"epd_aqhi:{index}",
            feed="epd_aqhi",
            publisher="EPD",
            place=text(name, name, name),
            measure="aqhi",
            value=value,
            unit="1",
            geometry=point(lon, lat),
            placing=Placing.STATION,
            observed_at=at - timedelta(minutes=20),
        )
    yield Observation(
        id="hko_sea_level:QUB",
        feed="hko_sea_level",
        publisher="HKO",
        title=text("Quarry Bay", "鰂魚涌", "鲗鱼涌"),
        place=text("Quarry Bay", "鰂魚涌", "鲗鱼涌"),
        measure="sea_level",
        value=2.61,
        unit="m",
        geometry=point(114.2133, 22.2911),
        placing=Placing.STATION,
        observed_at=at - timedelta(minutes=10),
    )


def _cyclone(at: datetime) -> Iterator[Hazard]:
    common: dict[str, Any] = {
        "feed": "hko_cyclones",
        "publisher": "HKO",
        "title": text("Super Typhoon Demo", "超強颱風示範", "超强台风示范"),
        "observed_at": at - timedelta(minutes=25),
    }
    yield Hazard(
        id="hko_cyclones:now",
        phenomenon="tc_position",
        severity=Severity.SEVERE,
        geometry=point(114.9, 21.6),
        measures={"wind_kmh": 185.0},
        **common,
    )
    track = _line((114.9, 21.6), (114.3, 21.9), (113.5, 22.1))
    yield Hazard(id="hko_cyclones:track", phenomenon="tc_track", geometry=track, **common)


def public_evening(at: datetime, *, crowd: int = 0, seed: int = 5) -> list[Entity]:
    """Give everything that the public may know of the evening, and *crowd* closed roads more."""
    dice = random.Random(seed)
    around = [(114.0 + dice.random() * 0.27, 22.26 + dice.random() * 0.2) for _ in range(crowd)]
    return [
        *all_well(at),
        *(feed_status(key, en, tc, at, every_s=s) for key, en, tc, s in _FEEDS),
        *signals(at),
        *roads(at),
        *rain_and_wind(at, dice),
        *places(at, dice),
        *_stations(at),
        *_cyclone(at),
        road(
            "Waterloo",
            at,
            (114.18, 22.33),
            geometry=_line((114.176, 22.322), (114.179, 22.330), (114.180, 22.338)),
            district=District.KOWLOON_CITY,
        ),
        incident("flood", "flooding", at, (114.194, 22.343), district=District.WONG_TAI_SIN),
        incident("slope", "landslide", at, (114.236, 22.262), severity=Severity.EXTREME),
        incident("tree", "fallen_tree", at, (114.172, 22.302), severity=Severity.MINOR),
        post("Sha Tin", at, (114.190, 22.383), district=District.SHA_TIN),
        post("Wong Tai Sin", at, (114.198, 22.345), district=District.WONG_TAI_SIN),
        *(
            road(f"Crowd {n}", at, place, district=dice.choice(list(District)))
            for n, place in enumerate(around)
        ),
    ]


@dataclass(slots=True)
class PublicTown:
    """The site and what stands behind it."""

    server: Server
    root: Path

    @property
    def url(self) -> str:
        """Where the site is."""
        return self.server.url

    def say(self, *entities: Entity) -> None:
        """Let *entities* be so from now on."""
        store_all(self.server.store, entities, now())

    def end(self, *ids: str) -> None:
        """Let the things called *ids* be no more."""
        gone = self.server.store.read(ids)
        writes = [remove(gone[one]) for one in ids]
        self.server.store.write(writes, fetched_ms=int(now().timestamp() * 1000))

    def version(self) -> int:
        """Tell the number of the newest edition; 0 before the first."""
        with self.server.client() as client:
            answer = client.get("/public/now.json")
        return int(answer.json()["version"]) if answer.status_code == 200 else 0


@contextlib.contextmanager
def public_town(entities: Iterable[Entity] = (), **settings: Any) -> Iterator[PublicTown]:
    """Run a site with *entities* on it; gives it when its first pages are there."""
    with TemporaryDirectory(prefix="cop-public-") as folder:
        usual: dict[str, Any] = {
            "operation": "live",
            "allowed_hosts": "127.0.0.1,localhost",
            "data_dir": Path(folder),
            "public_every_s": _QUICK_S,
        }
        made = Settings(**(usual | settings))
        first = "/en/" if made.exercise and not made.public_exercise else "/public/now.json"
        store = MemoryStore()
        store_all(store, entities, now())
        site, compiling = PublicSite(made), partial(Compiler, made)
        with (
            marking(store),
            publishing(store, made, site, compiling) as root,
            web_server(store, settings=made) as server,
            server.client() as client,
        ):
            until(lambda: client.get(first).status_code == 200)
            yield PublicTown(server, root)


@contextlib.contextmanager
def quick_pages() -> Iterator[None]:
    """Let the pages of a site be written a second after they were written last, not ten."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publisher_module, "PAGES_EVERY_S", _PAGES_S)
        yield


@dataclass(slots=True)
class Reader:
    """Somebody with a page of the site open.

    Attributes:
        page: the browser's page.
        town: the site.
        errors: what the page's scripts threw, and what its policy refused.
        asked: every address that the page asked for.
    """

    page: Page
    town: PublicTown
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str = "/en/") -> Reader:
        """Go to the page at *path* and wait until its scripts are there."""
        self.page.goto(f"{self.town.url}{path}")
        return self.ready()

    def ready(self) -> Reader:
        """Wait until the page's scripts have begun."""
        self.page.wait_for_selector("body[data-ready]", state="attached")
        return self

    def mapped(self) -> Reader:
        """Wait until the map is drawn."""
        self.page.wait_for_selector("body[data-mapped]", state="attached")
        return self

    def current(self) -> Reader:
        """Ask for news now, and wait until the page shows the newest edition."""
        version = self.town.version()
        wait(lambda: self.ask(f"cop.live.ask().then(() => cop.text.version >= {version})"))
        return self

    def put_away(self, is_so: bool = True) -> Reader:
        """Lay the page behind another tab, or bring it back: meanwhile it asks for nothing itself.

        Whatever was on its way has come when this returns.
        """
        self.page.evaluate(_HIDE, is_so)
        if is_so:
            self.ask("cop.live.ask()")
        return self

    def ask(self, script: str) -> Any:
        """Give the value of *script* in the page; promises are waited for."""
        return self.page.evaluate(script)

    def moved_by(self, key: str, change: dict[str, Any]) -> float:
        """Put *change* while the piece *key* is in the middle; gives by how many pixels it moved.

        All in one go, so that no other change comes between.
        """
        moved: float = self.page.evaluate(_MOVED, [key, change])
        return moved

    def item(self, key: str) -> Any:
        """Give the piece of the text that shows *key*."""
        return self.page.locator(f'#main [data-id="{key}"]')


@contextlib.contextmanager
def readers(browser: Browser, town: PublicTown) -> Iterator[Any]:
    """Give a function that opens a fresh browser; afterwards none may have thrown an error.

    *refuses*: that the page's policy refuses something is what is looked at.
    """
    opened: list[Reader] = []

    def make(size: tuple[int, int] = DESK, *, refuses: bool = False, **options: Any) -> Reader:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
            **options,
        )
        context.route(lambda url: not url.startswith(town.url), lambda route: route.abort())
        reader = Reader(context.new_page(), town)
        reader.page.on("pageerror", lambda error: reader.errors.append(str(error)))

        def note(request: Request) -> None:
            reader.asked.append(f"{request.url} {request.post_data or ''}")

        def hear(message: Any) -> None:
            if "Content Security Policy" in message.text and not refuses:
                reader.errors.append(message.text)

        reader.page.on("request", note)
        reader.page.on("console", hear)
        opened.append(reader)
        return reader

    yield make
    for one in opened:
        one.page.context.close()
        assert not one.errors, one.errors
