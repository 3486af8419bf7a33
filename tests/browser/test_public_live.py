"""The public page lives: news comes into the text, what one reads stays, and its age is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from cop.model.entity import Severity
from cop.model.kinds import Alert
from cop.model.text import text
from tests.browser.board import becomes, now, wait
from tests.browser.public_town import (
    PHONE,
    PublicTown,
    Reader,
    public_evening,
    public_town,
    readers,
    road,
)

pytestmark = pytest.mark.browser

POINTER = "**/public/now.json"
SAID = "[...document.querySelectorAll('[aria-live={}]')].map((n) => n.textContent).join('|')"
MARK = (114.10, 22.37)


@pytest.fixture(scope="module")
def town() -> Iterator[PublicTown]:
    """Give the site with the evening on it."""
    with public_town(public_evening(now())) as running:
        yield running


@pytest.fixture
def reader(browser: Browser, town: PublicTown) -> Iterator[Callable[..., Reader]]:
    """Give a function that opens a browser on it."""
    with readers(browser, town) as make:
        yield make


def _changed(facts: dict[str, Any]) -> Callable[[Route], None]:
    """Give what answers for the pointer with other *facts* in it."""

    def answer(route: Route) -> None:
        got = route.fetch()
        route.fulfill(response=got, json=got.json() | facts)

    return answer


def published(town: PublicTown, version: int) -> None:
    """Wait until there is a newer edition than *version*."""
    wait(lambda: town.version() > version)


def told(reader: Reader, how: str = "polite") -> str:
    """Give what those who listen were told last."""
    return str(reader.ask(SAID.format(how)))


def test_news_comes_into_the_text(reader: Callable[..., Reader], town: PublicTown) -> None:
    """What is new, changed and over is exchanged in place and said once, without a reload."""
    page = reader().open()
    page.ask("window.same = true")
    was = town.version()
    town.say(road("News", now(), MARK))
    published(town, was)
    page.current()
    expect(page.item("td_traffic_news:News")).to_contain_text("News Road")
    wait(lambda: "1 new" in told(page))
    was = town.version()
    title = text("Renamed Road", "改名道", "改名道")
    town.say(road("News", now(), MARK).model_copy(update={"title": title}))
    published(town, was)
    page.current()
    expect(page.item("td_traffic_news:News")).to_contain_text("Renamed Road")
    wait(lambda: "1 changed" in told(page))
    assert page.ask("window.same")


def test_what_one_reads_stays(reader: Callable[..., Reader], town: PublicTown) -> None:
    """Focus, opened details and the line before one's eyes survive news above and in the piece."""
    page = reader(PHONE).open().put_away()
    key = "gov_press:shelter:5"
    page.item(key).scroll_into_view_if_needed()
    page.item(key).locator(".p-show").focus()
    page.page.evaluate(
        "(key) => { const d = document.createElement('details');"
        " d.append(document.createElement('summary'), 'x'); d.open = true;"
        " cop.exchange.nodeOf(key).prepend(d); }",
        key,
    )
    html = page.ask(f"cop.exchange.nodeOf('{key}').outerHTML")
    put = [
        {
            "key": f"x:{n}",
            "section": "roads",
            "html": f'<li data-id="x:{n}" data-order="00-{n}" data-district="">'
            "<p>One more road that is closed</p></li>",
        }
        for n in range(5)
    ]
    put.append({"key": key, "section": "shelters", "html": html})
    assert page.moved_by(key, {"put": put, "remove": []}) < 2
    assert page.ask("document.activeElement.className").startswith("p-added")
    assert page.ask(f"cop.exchange.nodeOf('{key}').contains(document.activeElement)")
    assert page.ask(f"cop.exchange.nodeOf('{key}').querySelector('details').open")


def test_a_grave_warning_is_not_left_for_the_next_look(
    reader: Callable[..., Reader], town: PublicTown
) -> None:
    """A new warning of the highest grade is announced at once, and leads to what to do."""
    page = reader().open()
    was = town.version()
    town.say(
        Alert(
            id="hko_warnings:TSUNAMI",
            feed="hko_warnings",
            publisher="HKO",
            title=text("Tsunami Warning", "海嘯警告", "海啸警告"),
            event_type="tsunami",
            severity=Severity.EXTREME,
            issued_at=now(),
        )
    )
    published(town, was)
    page.current()
    shout = page.page.locator("#p-shout")
    expect(shout).to_contain_text("Tsunami Warning")
    expect(shout).to_have_attribute("role", "alert")
    shout.get_by_role("button", name="What to do").click()
    expect(shout).to_have_count(0)
    expect(page.item("hko_warnings:TSUNAMI")).to_be_focused()


def test_another_series_is_taken_over_whole(
    reader: Callable[..., Reader], town: PublicTown
) -> None:
    """A page of another run is brought to this one's from the page itself, where it stands."""
    page = reader().open()
    page.ask("window.same = true")
    page.ask("document.querySelector('[data-id=\"incident:flood\"]').remove()")
    page.page.route(POINTER, _changed({"series": "another"}))
    page.ask("cop.live.ask()")
    expect(page.item("incident:flood")).to_be_visible()
    assert page.ask("window.same")


def test_a_piece_can_do_nothing(reader: Callable[..., Reader]) -> None:
    """Scripts, handlers, styles and foreign addresses in a piece are taken out before it stands."""
    page = reader(refuses=True).open().put_away()
    evil = (
        '<li data-id="x:evil" data-order="0"><script>window.bad = 1</script>'
        '<img src="x" onerror="window.bad = 2"><a href="javascript:window.bad=3">a</a>'
        '<b style="position:fixed" onclick="window.bad = 4">b</b><iframe src="/en/"></iframe>'
        '<a href="https://www.hko.gov.hk/">good</a></li>'
    )
    page.page.evaluate(
        "(html) => void cop.exchange.blocks({ put:"
        " [{ key: 'x:evil', section: 'roads', html }], remove: [] })",
        evil,
    )
    item = page.item("x:evil")
    expect(item).to_contain_text("good")
    inner = item.inner_html()
    for word in ("script", "onerror", "onclick", "style=", "iframe"):
        assert word not in inner, word
    assert item.locator("a[href]").count() == 1
    item.locator("b").click()
    assert page.ask("window.bad === undefined")


def test_an_old_picture_says_so(reader: Callable[..., Reader]) -> None:
    """Past two minutes by the server's time a band says since when; it goes when it is mended."""
    page = reader()

    def later(route: Route) -> None:
        got = route.fetch()
        date = (now() + timedelta(minutes=4)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        route.fulfill(response=got, headers={**got.headers, "date": date})

    page.page.route(POINTER, later)
    page.open()
    band = page.page.locator(".p-late")
    expect(band).to_contain_text("Not updated since")
    expect(band).to_contain_text("Listen to radio or television")
    expect(page.page.locator("#main")).to_contain_text("Black Rainstorm")
    page.page.unroute(POINTER)
    page.ask("cop.live.ask()")
    expect(band).to_be_hidden()


@pytest.mark.parametrize("hours", [-7, 9])
def test_the_devices_own_clock_is_not_believed(reader: Callable[..., Reader], hours: int) -> None:
    """A device whose clock is hours wrong is told the right age, and is not frightened."""
    page = reader()
    page.page.clock.install(time=now() + timedelta(hours=hours))
    page.open()
    wait(lambda: page.ask("cop.live.pointer !== null"))
    becomes(lambda: page.ask("cop.live.state()"), "live")
    expect(page.page.locator(".p-late")).to_be_hidden()
    assert page.ask(f"Math.abs(cop.clock.now() - {now().timestamp() * 1000})") < 60_000


def test_a_lost_connection_is_said(reader: Callable[..., Reader]) -> None:
    """Two failures in a row, and the page says that it has no connection; the text stays."""
    page = reader().open()
    wait(lambda: page.ask("cop.live.pointer !== null"))
    page.page.route(POINTER, lambda route: route.abort())
    page.ask("cop.live.ask().then(() => cop.live.ask())")
    expect(page.page.locator(".p-late")).to_contain_text("No connection")
    wait(lambda: "No connection" in told(page, "assertive"))
    page.page.unroute(POINTER)
    page.ask("cop.live.ask()")
    expect(page.page.locator(".p-late")).to_be_hidden()


def test_the_text_stands_without_any_script(reader: Callable[..., Reader]) -> None:
    """Without scripts, and where they cannot be loaded, all is there and nothing hides it."""
    for options in ({"java_script_enabled": False}, {}):
        page = reader(PHONE, **options)
        page.page.route("**/public/a/app*.js", lambda route: route.abort())
        page.page.goto(f"{page.town.url}/tc/")
        expect(page.page.locator("#main")).to_contain_text("黑色暴雨")
        expect(page.page.locator("#list-roads li").first).to_be_visible()
        expect(page.page.locator("#map")).to_be_hidden()


def test_a_district_hides_others_and_says_how_many(reader: Callable[..., Reader]) -> None:
    """The chosen district is kept; warnings of the whole city stay; all can be shown again."""
    page = reader().open()
    page.page.locator("#tool-district").select_option("WTS")
    expect(page.item("td_traffic_news:0")).to_be_visible()
    expect(page.item("td_traffic_news:1")).to_be_hidden()
    expect(page.item("hko_warnings:WRAIN")).to_be_visible()
    note = page.page.locator("#s-roads .p-elsewhere")
    expect(note).to_contain_text("in other districts are hidden")
    link = page.page.locator(".p-own-page a")
    expect(link).to_have_attribute("href", "/en/district/wong-tai-sin/")
    page.page.reload()
    page.ready()
    expect(page.page.locator("#tool-district")).to_have_value("WTS")
    expect(page.item("td_traffic_news:1")).to_be_hidden()
    page.page.locator("#s-roads .p-elsewhere button").click()
    expect(page.item("td_traffic_news:1")).to_be_visible()
    page.page.locator(".p-langs a[lang=zh-Hant-HK]").click()
    page.ready()
    expect(page.page.locator("#tool-district")).to_have_value("WTS")


def test_a_districts_page_lives_too(reader: Callable[..., Reader], town: PublicTown) -> None:
    """News comes into a district's own page from the page itself."""
    page = reader().open("/en/district/wong-tai-sin/")
    was = town.version()
    town.say(road("Own", now(), (114.19, 22.34), district="WTS"))
    published(town, was)

    def is_there() -> Any:
        page.ask("cop.live.ask()")
        return page.item("td_traffic_news:Own").count() == 1

    wait(is_there)


def test_colours_are_kept(reader: Callable[..., Reader]) -> None:
    """Light or dark is as the device is set, until the reader decides."""
    page = reader(color_scheme="dark").open()
    assert page.ask("document.documentElement.dataset.theme") == "dark"
    page.page.locator("#tool-theme").select_option("light")
    assert page.ask("document.documentElement.dataset.theme") == "light"
    page.page.reload()
    page.ready()
    assert page.ask("document.documentElement.dataset.theme") == "light"
