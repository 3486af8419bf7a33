"""Makes the pictures in `docs/img`, every main state: `python -m tests.browser.screenshots`.

The picture shown is the made-up evening of `town.py`; nothing is asked of any other machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from cop.config import Settings
from cop.model.entity import Entity
from cop.model.kinds import FeedState, FeedStatus
from cop.services.policy import Role
from tests.browser.board import Board, marks, open_board, wait
from tests.browser.conftest import marking
from tests.browser.desk_town import desk_evening
from tests.browser.exchange_shots import take_exchange
from tests.browser.field_shots import take_field
from tests.browser.public_shots import take_public
from tests.browser.sights_town import BESIDE, sights
from tests.browser.town import all_well, feed_status, roads, severe_evening, store_all
from tests.integration.web_server import Server, web_server

FOLDER: Final = Path(__file__).parents[2] / "docs" / "img"
LATE: Final = ("hko_warnings", "td_traffic_news", "hko_current")
LIVE: Final = Settings(operation="live", allowed_hosts="127.0.0.1,localhost")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, the address's query, and what is done before it is taken."""

    name: str
    query: dict[str, str]
    act: Callable[[Board], object] = lambda _: None
    phone: bool = False


def _press(*keys: str) -> Callable[[Board], object]:
    def act(board: Board) -> None:
        for key in keys:
            board.page.keyboard.press(key)
        board.page.wait_for_timeout(2500)

    return act


def _select(board: Board) -> None:
    board.ask("cop.select('td_traffic_news:0', { from: 'map' })")


def _choose(board: Board) -> None:
    """Open the largest badge."""
    board.ask(
        "[...cop.clusters.badges.values()].sort((a, b) => b.members.length - a.members.length)[0]"
        ".marker.getElement().click()"
    )


def _phone_more(board: Board) -> None:
    board.page.locator(".more-button").click()


def _phone_charts(board: Board) -> None:
    _phone_more(board)
    board.page.locator("#cop-more-charts").click()
    board.page.wait_for_timeout(2500)


def _tab(name: str) -> Callable[[Board], object]:
    return lambda board: board.page.locator(f"[data-phone-tab={name}]").click()


BUSY: Final = (
    Shot("command-desktop-en-dark", {"theme": "dark"}, _press("c")),
    Shot("command-light-zh-hant", {"lang": "zh-Hant", "theme": "light"}),
    Shot("detail-dark-zh-hans", {"lang": "zh-Hans", "theme": "dark"}, _select),
    Shot("layers-light-en", {"theme": "light", "bbox": "114.1,22.25,114.3,22.4"}, _press("l")),
    Shot("feeds-dark-en", {"theme": "dark"}, _press("f")),
    Shot("phone-map-dark", {"lang": "zh-Hant", "theme": "dark"}, _select, phone=True),
    Shot("phone-list-light", {"theme": "light"}, _tab("situation"), phone=True),
    Shot("overlap-dark-en", {"theme": "dark"}, _choose),
    Shot("phone-overlap-light", {"lang": "zh-Hant", "theme": "light"}, _choose, phone=True),
    Shot("phone-charts-dark", {"theme": "dark"}, _phone_charts, phone=True),
    Shot("phone-more-light", {"theme": "light"}, _phone_more, phone=True),
    Shot("phone-layers-dark", {"theme": "dark"}, _tab("layers"), phone=True),
)


def _first(kind: str, more: str = "true") -> Callable[[Board], object]:
    """Choose the first entity of *kind* that people keep."""
    found = (
        "[...cop.picture.features.values()].find(({ properties: p }) =>"
        f" p.kind === '{kind}' && !p.feed && {more}).id"
    )
    return lambda board: board.ask(f"cop.select({found})")


def _journal(board: Board) -> None:
    """Take one step on the board, so that the journal says something, and open it."""
    board.page.locator("[data-lane=reported] .card[draggable=true]").first.focus()
    board.page.keyboard.press("Shift+ArrowRight")
    board.page.locator(".toast").wait_for()
    board.page.keyboard.press("g")


DESK: Final = (
    Shot("desk-dark-en", {"theme": "dark"}),
    Shot("report-light-en", {"theme": "light"}, _press("n")),
    Shot("incident-light-zh-hant", {"lang": "zh-Hant", "theme": "light"}, _first("incident")),
    Shot("assignment-dark-en", {"theme": "dark"}, _first("assignment")),
    Shot(
        "shelter-dark-zh-hant",
        {"lang": "zh-Hant", "theme": "dark"},
        _first("facility", "p.occupancy > 0"),
    ),
    Shot("teams-light-zh-hant", {"lang": "zh-Hant", "theme": "light"}, _press("t")),
    Shot("orders-dark-en", {"theme": "dark"}, _press("o")),
    Shot("board-dark-en", {"theme": "dark", "board": "1"}),
    Shot("journal-light-zh-hans", {"lang": "zh-Hans", "theme": "light", "board": "1"}, _journal),
    Shot("phone-report-light", {"lang": "zh-Hant", "theme": "light"}, _press("n"), phone=True),
    Shot("phone-incident-dark", {"theme": "dark"}, _first("incident"), phone=True),
)


SIGHTS: Final = (
    Shot(
        "crowd-dark-en",
        {"theme": "dark", "bbox": BESIDE},
        lambda board: board.ask("void cop.select('vision:pier.e')"),
    ),
    Shot(
        "camera-light-zh-hant",
        {"lang": "zh-Hant", "theme": "light", "bbox": BESIDE},
        lambda board: board.ask("void cop.select('camera:pier')"),
    ),
    Shot("cameras-dark-en", {"theme": "dark"}, _press("v")),
    Shot(
        "phone-crowd-light",
        {"theme": "light", "bbox": BESIDE},
        lambda board: board.ask("void cop.select('vision:pier.f')"),
        phone=True,
    ),
)


def _counting(now: datetime) -> Iterator[Entity]:
    """Give the evening at work with what cameras count in it."""
    yield from _at_work(now)
    yield from sights(now)


def _at_work(now: datetime) -> Iterator[Entity]:
    """Give the severe evening with people at work in it; of two of one id the later counts."""
    found = {one.id: one for one in (*severe_evening(now), *roads(now), *desk_evening(now))}
    yield from found.values()


def _stale(now: datetime) -> Iterator[Entity]:
    for entity in severe_evening(now):
        late = isinstance(entity, FeedStatus) and entity.id.partition(":")[2] in LATE
        yield (
            entity.model_copy(
                update={
                    "fetched_at": now - timedelta(minutes=67),
                    "state": FeedState.FAILING,
                    "failures": 12,
                    "reason": "the publisher did not answer within 20 s",
                }
            )
            if late
            else entity
        )


def _unknown(now: datetime) -> Iterator[Entity]:
    for key in LATE:
        yield feed_status(
            key,
            *{"hko_warnings": ("Warnings in force", "生效警告")}.get(key, (key, key)),
            now,
            state=FeedState.FAILING,
            fetched_at=None,
            taken=0,
            reason="the publisher answered 503",
        )


@contextmanager
def _serving(
    entities: Callable[[datetime], Iterator[Entity]], settings: Settings = LIVE
) -> Iterator[Server]:
    with web_server(with_pages=True, settings=settings) as server, marking(server.store):
        server.add("chan", Role.COMMANDER)
        now = settings.clock().now()
        store_all(server.store, entities(now), now)
        yield server


def _take(browser: Browser, server: Server, shot: Shot) -> None:
    size = (390, 844) if shot.phone else (1440, 900)
    board = open_board(
        browser, server.url, server.passwords["chan"], server.store, size=size, phone=shot.phone
    )
    board.open(**shot.query)
    board.page.wait_for_timeout(1500)
    shot.act(board)
    board.page.wait_for_timeout(700)
    board.page.screenshot(path=FOLDER / f"{shot.name}.png")
    board.page.context.close()


def _take_disconnected(browser: Browser) -> None:
    with _serving(lambda now: iter(severe_evening(now))) as server:
        board = open_board(browser, server.url, server.passwords["chan"], server.store)
        board.open(theme="dark")
        board.page.context.set_offline(True)
    wait(lambda: board.page.locator("#cop-notice").is_visible())
    board.page.wait_for_timeout(500)
    board.page.screenshot(path=FOLDER / "disconnected-dark-en.png")
    board.page.context.close()


def main() -> None:
    """Take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    drill = Settings(
        operation="exercise-black-rain",
        scenario="made-up",
        scenario_start=datetime(2023, 9, 7, 15, tzinfo=UTC),
        scenario_anchor=datetime.now(UTC),
        speed=1,
        allowed_hosts="127.0.0.1,localhost",
    )
    states: tuple[tuple[str, Callable[[datetime], Iterator[Entity]], Settings], ...] = (
        ("stale-dark-en", _stale, LIVE),
        ("unknown-light-en", _unknown, LIVE),
        ("empty-dark-zh-hant", lambda now: iter(list(all_well(now))), LIVE),
        ("exercise-light-en", lambda now: iter(severe_evening(now)), drill),
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        with _serving(lambda now: iter(severe_evening(now))) as server:
            for shot in BUSY:
                _take(browser, server, shot)
        with _serving(_at_work) as server:
            for shot in DESK:
                _take(browser, server, shot)
        with _serving(_counting) as server:
            marks(server.store, ("vision",), ttl_ms=600_000)
            for shot in SIGHTS:
                _take(browser, server, shot)
        for name, entities, settings in states:
            theme = "dark" if "dark" in name else "light"
            lang = "zh-Hant" if "zh" in name else "en"
            with _serving(entities, settings) as server:
                _take(browser, server, Shot(name, {"theme": theme, "lang": lang}))
        _take_disconnected(browser)
        take_field(browser, FOLDER)
        take_public(browser, FOLDER)
        take_exchange(browser, FOLDER)
        browser.close()


if __name__ == "__main__":
    main()
