"""The public map on a mid-range phone and slow 4G: how much comes, from whom, and what stays."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from cop.config import TILE_HOSTS, Settings
from cop.model.entity import Entity
from cop.publisher import PublicSite
from cop.services.publishing.compile import Compiler
from cop.services.publishing.paths import POINTER
from cop.store.memory import MemoryStore
from tests.browser.board import now, wait
from tests.browser.conftest import marking
from tests.browser.public_nights import closure, halls_of, public_night, worst_night
from tests.browser.public_phone import PublicPhone, kind_of, public_phone
from tests.browser.town import store_all
from tests.integration.public_site import publishing
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

MOST_AT_FIRST = 300_000
MOST_SHIFT = 0.05
FIRST = ("page", "styles", "scripts")
"""One file of each: nothing else may be waited for before there is something to see."""
MOST_FOR_A_CHANGE = 20_000
_ALWAYS_ASKED = {"page", "pointer", "changes"}


@dataclass(slots=True)
class City:
    """A public map that is kept true by its publisher."""

    server: Server
    entities: list[Entity]

    def close_a_road(self) -> None:
        """Let the Transport Department close one road more."""
        road = closure(1_000_000, halls_of(self.entities)[3], now(), random.Random(1))
        store_all(self.server.store, [road], now())


@contextlib.contextmanager
def _published(folder: Path, night: Callable[[datetime], list[Entity]]) -> Iterator[City]:
    settings = Settings(operation="live", data_dir=folder, allowed_hosts="127.0.0.1")
    store, entities = MemoryStore(), night(now())
    store_all(store, entities, now())
    site, compiling = PublicSite(settings), partial(Compiler, settings)
    with marking(store), publishing(store, settings, site, compiling) as root:
        wait((root / POINTER).exists)
        with web_server(store, settings=settings) as server:
            yield City(server, entities)


@pytest.fixture(scope="module", params=[public_night, worst_night], ids=["played", "worst"])
def city(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    """Give the public map of the played night, and of a night with 2,000 things on it."""
    with _published(tmp_path_factory.mktemp("public"), request.param) as found:
        yield found


@pytest.fixture
def phone(browser: Browser, city: City) -> Iterator[PublicPhone]:
    """Give a phone that was never here; its pages may throw nothing."""
    found = public_phone(browser, city.server.url)
    yield found
    found.context.close()
    assert found.errors == []


def test_the_first_view_is_light_and_a_later_one_fetches_only_news(phone: PublicPhone) -> None:
    """At most 300 KB come, all that is fetched ahead with it; nothing jumps; we alone are asked.

    Whoever comes again asks for the page, the pointer and changes: the rest is there still.
    """
    first = phone.visit()
    first.rest()
    assert 0 < first.bytes.total() <= MOST_AT_FIRST, first.bytes
    assert first.vitals()["shift"] <= MOST_SHIFT
    assert first.elsewhere() == set()
    first.page.close()
    phone.cpu_rate = 1
    later = phone.visit()
    later.rest()
    assert {kind_of(url) for url in later.fetched} <= _ALWAYS_ASKED


def test_little_is_waited_for(phone: PublicPhone) -> None:
    """The first content is painted while all but the page, its styles and its script hang."""
    given: list[str] = []
    painted: list[float] = []
    held: list[Route] = []

    def hold(route: Route) -> None:
        kind = kind_of(route.request.url)
        if painted or (kind in FIRST and kind not in given):
            given.append(kind)
            route.continue_()
        else:
            held.append(route)

    phone.cpu_rate = 1
    phone.context.route("**/*", hold)
    visit = phone.visit()
    painted.append(visit.until("window.vitals && vitals.first"))
    for route in held:
        route.continue_()
    visit.rest()


def test_an_open_page_fetches_what_changed_and_tiles(phone: PublicPhone, city: City) -> None:
    """A change costs the pointer and the change, however large the picture is.

    With the map open then, other hosts are asked for tiles and for nothing else; nothing jumps.
    """
    phone.cpu_rate = 1
    visit = phone.visit()
    visit.rest()
    had, shown = len(visit.fetched), visit.page.evaluate("cop.live.pointer.version")
    before = visit.bytes.total()
    city.close_a_road()
    visit.until(f"cop.live.pointer.version > {shown}")
    visit.rest()
    assert {kind_of(url) for url in visit.fetched[had:]} <= {"pointer", "changes"}
    assert "changes" in {kind_of(url) for url in visit.fetched[had:]}
    assert visit.bytes.total() - before <= MOST_FOR_A_CHANGE
    assert visit.vitals()["shift"] <= MOST_SHIFT
    visit.page.locator("#tool-map").click()
    visit.until("document.querySelector('#map .leaflet-tile, #map canvas')")
    visit.rest()
    assert visit.elsewhere() <= set(TILE_HOSTS)
    assert visit.vitals()["shift"] <= MOST_SHIFT
