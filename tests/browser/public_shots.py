"""The pictures of the public's pages in every main state: a black night, on phones and a laptop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Route

from cop.model.entity import Entity
from cop.model.kinds import FeedState, FeedStatus
from tests.browser.board import now
from tests.browser.public_nights import public_night
from tests.browser.public_town import DESK, PHONE, WONG_TAI_SIN, Reader, public_town, readers

_LATE: Final = ("hko_warnings", "td_traffic_news", "ha_waiting")
_PLACED: Final = {
    "geolocation": {**WONG_TAI_SIN, "accuracy": 20},
    "permissions": ["geolocation"],
}
_ELSEWHERE: Final = """<!doctype html><title>School</title><style>body { font: 1rem sans-serif;
margin: 0; padding: 3rem; display: flex; gap: 3rem } iframe { border: 0 }</style><main>
<h1>St. Somebody's School</h1><p>Lessons are suspended today. Stay where you are safe.</p></main>
<iframe src="/en/embed/wong-tai-sin/" title="Hong Kong warnings" width="340" height="420"
sandbox="allow-scripts allow-top-navigation-by-user-activation"></iframe>"""
Make = Callable[..., Reader]


def _wait(reader: Reader, ms: int = 900) -> Reader:
    reader.page.wait_for_timeout(ms)
    return reader


def _bring_up(reader: Reader, name: str) -> None:
    """Scroll so that this begins at the top of the window."""
    reader.ask(f"document.getElementById('{name}').scrollIntoView({{ behavior: 'instant' }})")


def _old(entities: Iterable[Entity], at: datetime) -> Iterable[Entity]:
    """Let some sources not have answered for an hour."""
    late = {"fetched_at": at - timedelta(minutes=67), "state": FeedState.FAILING, "failures": 12}
    for one in entities:
        is_late = isinstance(one, FeedStatus) and one.id.partition(":")[2] in _LATE
        yield one.model_copy(update=late) if is_late else one


def _unread(entities: Iterable[Entity]) -> Iterable[Entity]:
    """Let the same sources never have been read."""
    for one in entities:
        if not any(key in one.id or getattr(one, "feed", "") == key for key in _LATE):
            yield one


def take_public(browser: Browser, folder: Path) -> None:
    """Take every picture of the public's pages into *folder*."""

    def save(reader: Reader, name: str) -> None:
        _wait(reader).page.screenshot(path=folder / f"public-{name}.png")

    with public_town(public_night(now())) as town, readers(browser, town) as make:
        _take_desk(make, save)
        _take_phone(make, save)
        _take_other_pages(make, save)
    for state, change in (
        ("stale-light-en", lambda all_: _old(all_, now())),
        ("unknown-dark-en", _unread),
    ):
        with public_town(change(public_night(now()))) as town, readers(browser, town) as make:
            scheme = "dark" if "dark" in state else "light"
            reader = make(DESK, color_scheme=scheme).open().mapped()
            save(reader, state)


def _take_desk(make: Make, save: Callable[[Reader, str], None]) -> None:
    """Take text beside map, and the charts."""
    reader = make(DESK, color_scheme="light").open().mapped()
    save(reader, "desk-light-en")
    _bring_up(reader, "s-rain")
    reader.page.locator(".map-layers summary").click()
    save(reader, "charts-light-en")
    reader = make(DESK, color_scheme="dark").open("/tc/").mapped()
    save(reader, "desk-dark-zh-hant")


def _take_phone(make: Make, save: Callable[[Reader, str], None]) -> None:
    """Take what somebody with a phone in the rain sees."""
    reader = make(PHONE, color_scheme="dark", **_PLACED).open("/tc/")
    save(reader, "phone-dark-zh-hant")
    _bring_up(reader, "s-warnings")
    save(reader, "warnings-dark-zh-hant")
    reader.page.locator("#tool-near").click()
    reader.page.locator(".near-foot").wait_for()
    save(reader, "near-dark-zh-hant")
    reader = make(PHONE, color_scheme="light").open("/sc/")
    _bring_up(reader, "s-shelters")
    save(reader, "shelters-light-zh-hans")
    reader = make(PHONE, color_scheme="light").open()
    reader.page.locator("#tool-map").click()
    reader.mapped()
    save(reader, "map-light-en")
    reader.page.locator("#tool-text").click()
    reader.page.locator("#list-roads .p-show").first.click()
    reader.page.locator(".map-sheet").wait_for()
    save(reader, "sheet-light-en")
    reader = make(PHONE, color_scheme="light").open()
    reader.page.route("**/public/now.json", _four_minutes_ago)
    reader.ask("cop.live.ask()")
    reader.page.locator(".p-late").wait_for()
    save(reader, "late-light-en")


def _four_minutes_ago(route: Route) -> None:
    """Answer for a server that says it is four minutes later than the pointer was made."""
    got = route.fetch()
    later = (now() + timedelta(minutes=4)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    route.fulfill(response=got, headers={**got.headers, "date": later})


def _take_other_pages(make: Make, save: Callable[[Reader, str], None]) -> None:
    """Take a district, the open data, and the widget on somebody else's page."""
    save(
        make(PHONE, color_scheme="light").open("/tc/district/wong-tai-sin/"),
        "district-light-zh-hant",
    )
    reader = make(DESK, color_scheme="light")
    reader.page.goto(f"{reader.town.url}/en/data/")
    save(reader, "data-light-en")
    elsewhere: dict[str, Any] = {"content_type": "text/html", "body": _ELSEWHERE}
    reader.page.route("**/school", lambda route: route.fulfill(**elsewhere))
    reader.page.set_viewport_size({"width": 900, "height": 560})
    reader.page.goto(f"{reader.town.url}/school")
    reader.page.frame_locator("iframe").locator("#main").wait_for()
    save(reader, "widget-light-en")
