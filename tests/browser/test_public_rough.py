"""The public page where things go wrong: caches that lag, files that are missing or mean harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
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
    quick_pages,
    readers,
    road,
)
from tests.browser.test_public_live import MARK, POINTER, published

pytestmark = pytest.mark.browser

CHANGES = "**/public/c/**"
NO_STORAGE = """
for (const name of ["getItem", "setItem", "removeItem"])
  Storage.prototype[name] = () => { throw new DOMException("no", "SecurityError"); };
"""
HARM = (
    (
        '<svg viewBox="0 0 9 9"><a href="#x">'
        '<animate attributeName="href" values="javascript:bad()"/>'
        '<set attributeName="href" to="javascript:bad()"/><text>s</text></a>'
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"><iframe src="/en/"></iframe></p>'
        '</foreignObject><use href="data:image/svg+xml,x"/><image href="//evil.example/x"/>'
        "<script>bad()</script></svg>"
    ),
    (
        '<form action="https://evil.example/" id="f"><input name="q"><button>go</button></form>'
        '<button form="f" formaction="https://evil.example/">b</button>'
    ),
    (
        '<meta http-equiv="refresh" content="0;url=//evil.example/"><base href="//evil.example/">'
        '<link rel="stylesheet" href="//evil.example/x.css"><style>* { display: none }</style>'
    ),
    (
        '<object data="/en/"></object><embed src="/en/"><video src="//evil.example/v"></video>'
        '<math><mtext><table><mglyph><style><img src=x onerror="bad()"></table></mtext></math>'
    ),
    (
        '<a href=" java\tscript:bad()">tab</a> <a href="data:text/html,x">data</a>'
        ' <a href="//evil.example/">scheme</a> <a href="vbscript:x" ping="//evil.example/">old</a>'
    ),
    (
        '<template><p onclick="bad()">t</p></template><noscript><p>n</p></noscript>'
        '<dialog open>d</dialog><p style="position:fixed" onmouseover="bad()">over</p>'
    ),
)
LEFT = (
    "[...cop.exchange.nodeOf('x:harm').querySelectorAll('*')].flatMap((node) =>"
    " [node.localName, ...[...node.attributes].map(({ name, value }) => `${name}=${value}`)])"
)
UNHARMED = """() => {
  const ids = [], changed = [];
  const strip = (node) => {
    const copy = node.cloneNode(true);
    for (const one of copy.querySelectorAll(".p-added")) one.remove();
    copy.classList.remove("is-glowing");
    return copy.outerHTML;
  };
  for (const old of document.querySelectorAll("#main [data-id]")) {
    const was = strip(old);
    const key = old.dataset.id;
    const section = old.closest("section").id.slice(2);
    cop.exchange.blocks({ put: [{ key, section, html: was }], remove: [] });
    ids.push(key);
    if (strip(cop.exchange.nodeOf(key)) !== was) changed.push(key);
  }
  return [ids.length, changed];
}"""


@pytest.fixture(scope="module")
def town() -> Iterator[PublicTown]:
    """Give the site with the evening on it."""
    with quick_pages(), public_town(public_evening(now())) as running:
        yield running


@pytest.fixture
def reader(browser: Browser, town: PublicTown) -> Iterator[Callable[..., Reader]]:
    """Give a function that opens a browser on it."""
    with readers(browser, town) as make:
        yield make


def _pointer(page: Reader, **facts: Any) -> None:
    """From now on, let the pointer say *facts*; a function makes them of what it said."""

    def answer(route: Route) -> None:
        got = route.fetch()
        said = got.json()
        made = {name: it(said) if callable(it) else it for name, it in facts.items()}
        route.fulfill(response=got, json=said | made)

    page.page.unroute(POINTER)
    page.page.route(POINTER, answer)


def _news(town: PublicTown, name: str, at: datetime | None = None) -> str:
    """Let a road be closed and published; gives its id."""
    made, was = road(name, at or now(), MARK), town.version()
    town.say(made)
    published(town, was)
    return made.id


def _behind(page: Reader) -> None:
    """Let the page ask for nothing until the pointer is unrouted."""
    wait(lambda: page.ask("cop.live.pointer !== null"))
    page.page.route(POINTER, lambda route: route.abort())


@pytest.mark.parametrize("series", ["", "before"])
def test_a_cache_that_was_not_told_takes_nothing_back(
    reader: Callable[..., Reader], town: PublicTown, series: str
) -> None:
    """A pointer that is older than what one sees, of this run or the last, changes nothing."""
    page = reader(PHONE).open().current().put_away()
    was = page.ask("[cop.live.pointer.version, cop.live.pointer.series]")
    old = (now() - timedelta(minutes=1)).isoformat()
    facts = {"version": was[0] - 1, "made_at": old, "changes": []}
    _pointer(page, **facts | ({"series": series} if series else {}))
    begun = len(page.asked)
    page.ask("cop.live.ask().then(() => cop.live.ask())")
    assert page.ask("[cop.live.pointer.version, cop.live.pointer.series]") == was
    assert {one.split("?")[0].strip() for one in page.asked[begun:]} == {
        f"{town.url}/public/now.json"
    }
    expect(page.item("incident:flood")).to_be_visible()


def test_the_first_pointer_may_be_older_than_the_page(reader: Callable[..., Reader]) -> None:
    """A page that came fresh is not taken back by the pointer of the run before."""
    page = reader(PHONE)
    _pointer(page, series="before", made_at=(now() - timedelta(minutes=9)).isoformat(), changes=[])
    page.open()
    page.ask("cop.live.ask()")
    assert page.ask("cop.live.pointer === null")
    expect(page.item("incident:flood")).to_be_visible()
    page.page.unroute(POINTER)
    wait(lambda: page.ask("cop.live.ask().then(() => cop.live.pointer !== null)"))


def test_an_older_page_from_a_cache_is_not_taken(
    reader: Callable[..., Reader], town: PublicTown
) -> None:
    """Who must take the page anew and gets an older one keeps what there is, and says it is so."""
    page = reader(PHONE).open().current()
    old = page.page.content().replace(
        f'data-version="{page.ask("document.body.dataset.version")}"', 'data-version="0"'
    )
    key = _news(town, "Kept")
    page.current()
    expect(page.item(key)).to_be_visible()
    page.page.route(
        f"{town.url}/en/", lambda route: route.fulfill(body=old, content_type="text/html")
    )
    _pointer(page, version=lambda said: said["version"] + 40, changes=[])
    becomes(lambda: page.ask("cop.live.ask().then(() => cop.live.state())"), "lost")
    expect(page.item(key)).to_be_visible()


@pytest.mark.parametrize("body", ["<!doctype html><title>Sign in to the wi-fi</title>", "{}", ""])
def test_what_is_no_pointer_is_no_news(reader: Callable[..., Reader], body: str) -> None:
    """Of an answer that is not the pointer the page says that it has no connection, and stands."""
    page = reader(PHONE).open()
    wait(lambda: page.ask("cop.live.pointer !== null"))
    page.page.route(POINTER, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.ask("cop.live.ask().then(() => cop.live.ask())")
    expect(page.page.locator(".p-late")).to_contain_text("No connection")
    expect(page.item("incident:flood")).to_be_visible()
    page.page.unroute(POINTER)
    page.ask("cop.live.ask()")
    expect(page.page.locator(".p-late")).to_be_hidden()


@pytest.mark.parametrize(
    "answer",
    [{"status": 404, "body": "no"}, {"body": "<html>"}, {"body": "{}"}, {"body": "null"}],
    ids=["missing", "no-json", "no-change", "null"],
)
def test_a_step_that_is_missing_is_gone_around(
    reader: Callable[..., Reader], town: PublicTown, answer: dict[str, Any]
) -> None:
    """With one change of several lost or spoilt the page is taken anew, and all is there."""
    page = reader(PHONE).open().current()
    _behind(page)
    first = town.version() + 1
    keys = [_news(town, f"{name} {first}") for name in ("One", "Two", "Three")]
    page.page.route(f"**/public/c/{first + 1}-*", lambda route: route.fulfill(**answer))
    page.page.unroute(POINTER)
    page.current()
    for key in keys:
        expect(page.item(key)).to_be_visible()
    becomes(lambda: page.ask("cop.live.state()"), "live")


def test_a_server_in_trouble_is_asked_again(
    reader: Callable[..., Reader], town: PublicTown
) -> None:
    """A change that cannot be had now is taken later; nothing is taken twice or left out."""
    page = reader(PHONE).open().current()
    page.page.route(CHANGES, lambda route: route.fulfill(status=503))
    key = _news(town, "Later")
    page.ask("cop.live.ask().then(() => cop.live.ask())")
    expect(page.page.locator(".p-late")).to_contain_text("No connection")
    expect(page.item(key)).to_have_count(0)
    page.page.unroute(CHANGES)
    page.current()
    expect(page.item(key)).to_have_count(1)
    expect(page.page.locator(".p-late")).to_be_hidden()


def test_who_never_answers_is_given_up(reader: Callable[..., Reader]) -> None:
    """An answer that never comes does not keep the page from asking again."""
    page = reader(PHONE)
    page.page.clock.install(time=now())
    page.open()
    wait(lambda: page.ask("cop.live.pointer !== null"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def is_held() -> bool:
        page.ask("void cop.live.ask()")  # in vain while the page's own first question is under way
        return len(held) == 1

    page.page.route(POINTER, hold)
    wait(is_held)
    page.page.clock.run_for(21_000)

    def is_asked_again() -> bool:
        page.page.clock.run_for(8_000)
        return len(held) > 1

    wait(is_asked_again)


@pytest.mark.parametrize("harm", HARM, ids=["svg", "form", "head", "media", "links", "rest"])
def test_a_piece_brings_no_harm(reader: Callable[..., Reader], harm: str) -> None:
    """What could run, load, send, cover or lead astray is gone; the words beside it stand."""
    page = reader(PHONE, refuses=True).open().put_away()
    begun = len(page.asked)
    html = f'<li data-id="x:harm" data-order="0"><p>Words</p>{harm}</li>'
    page.page.evaluate(
        "(html) => { window.bad = () => { window.hurt = true; };"
        " cop.exchange.blocks({ put: [{ key: 'x:harm', section: 'roads', html }], remove: [] }); }",
        html,
    )
    expect(page.item("x:harm")).to_contain_text("Words")
    left = " ".join(page.ask(LEFT)).lower()
    for word in ("evil", "script", "bad(", "style", "iframe", "data:", "animate", "foreignobject"):
        assert word not in left, left
    for word in ("form", "input", "button", "meta", "base", "video", "object", "math", "dialog"):
        assert word not in left.split(), left
    assert page.ask("window.hurt === undefined")
    assert not [one for one in page.asked[begun:] if "/public/" not in one]


def test_the_publishers_own_pieces_come_through_whole(reader: Callable[..., Reader]) -> None:
    """Nothing that the pages are written with is taken for harm, charts included."""
    page = reader(PHONE).open()
    count, changed = page.page.evaluate(UNHARMED)
    assert count > 30
    assert changed == []


def test_a_thousand_pieces_at_once(reader: Callable[..., Reader]) -> None:
    """A change as large as a city stands in its order, and what one reads stays before one."""
    page = reader(PHONE).open().put_away()
    put = [
        {
            "key": f"x:{n}",
            "section": "roads",
            "html": f'<li class="p-item" data-id="x:{n}" data-order="0{999 - n:04}"'
            f' data-district=""><p>Road {n}</p></li>',
        }
        for n in range(1000)
    ]
    assert page.moved_by("gov_press:shelter:5", {"put": put, "remove": []}) < 2
    order = page.ask("[...document.querySelectorAll('[data-id^=\"x:\"]')].map((n) => n.dataset.id)")
    assert order == [f"x:{n}" for n in range(999, -1, -1)]
    assert page.page.locator('#main [data-id^="x:"].is-glowing').count() == 0


def test_a_browser_that_keeps_nothing(reader: Callable[..., Reader], town: PublicTown) -> None:
    """Where storage is refused everything works until the page is left."""
    page = reader(PHONE)
    page.page.add_init_script(NO_STORAGE)
    page.open()
    page.page.locator("#tool-district").select_option("WTS")
    expect(page.item("td_traffic_news:1")).to_be_hidden()
    page.page.locator("#tool-map").click()
    page.mapped()
    page.page.locator("#tool-text").click()
    page.page.locator("#tool-theme").select_option("dark")
    assert page.ask("document.documentElement.dataset.theme") == "dark"
    _news(town, "Unkept")
    page.current()


def test_a_page_that_was_put_away_asks_at_once(
    reader: Callable[..., Reader], town: PublicTown
) -> None:
    """Behind another tab nothing is asked for; shown again, the news is there without a wait."""
    page = reader(PHONE).open().current().put_away()
    begun = len(page.asked)
    keys = [_news(town, f"Away {n}") for n in range(3)]
    assert page.asked[begun:] == []
    page.put_away(is_so=False)
    for key in keys:
        expect(page.item(key)).to_be_visible()


def _warning(name: str, severity: Severity, feed: str = "hko_warnings", **fields: Any) -> Alert:
    """Make a rainstorm warning called *name*."""
    facts: dict[str, Any] = {"id": f"{feed}:RAISED", "publisher": "HKO"}
    return Alert(
        feed=feed,
        title=text(f"{name} warning", f"{name}警告", f"{name}警告"),
        event_type="rainstorm",
        severity=severity,
        issued_at=now(),
        **(facts | fields),
    )


def test_a_raised_warning_is_cried_out_and_a_lowered_or_foreign_one_is_not(
    reader: Callable[..., Reader], town: PublicTown
) -> None:
    """Amber is news, Red and Black are cried out, Red again and Shenzhen's are only told."""
    page = reader(PHONE).open().current()
    shout = page.page.locator("#p-shout")

    def say(alert: Alert) -> None:
        was = town.version()
        town.say(alert)
        published(town, was)
        page.current()
        expect(page.item(alert.id)).to_contain_text(alert.title["en"])

    say(_warning("Amber", Severity.MODERATE))
    expect(shout).to_have_count(0)
    say(_warning("Red", Severity.SEVERE))
    expect(shout).to_contain_text("Red warning")
    say(_warning("Black", Severity.EXTREME))
    expect(shout).to_contain_text("Black warning")
    shout.get_by_role("button", name="Close").click()
    say(_warning("Red", Severity.SEVERE))
    say(_warning("Shenzhen", Severity.EXTREME, "wmo_swic", publisher="WMO"))
    expect(shout).to_have_count(0)
