"""Languages, links, states, hostile words, small screens."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from cop.config import Settings
from cop.model.kinds import FeedState
from cop.services.policy import Role
from tests.browser.board import Board, becomes, now, open_board, settled, wait
from tests.browser.conftest import marking
from tests.browser.town import all_well, feed_status, roads, signals, store_all
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

LIVE = Settings(operation="live", allowed_hosts="127.0.0.1,localhost")


def test_language_changes_without_reload(board: Callable[..., Board]) -> None:
    """All words change at once, the document says its language, nothing is loaded again."""
    page = board()
    page.open()
    page.ask("void (window.stillHere = true)")
    page.page.locator("#cop-search").fill("tai")
    page.page.locator(".band [data-lang='zh-Hant']").click()
    expect(page.page.locator("#cop-tab-situation")).to_have_text("情況")
    expect(page.page.locator("#cop-mode")).to_have_text("實況")
    expect(page.page.locator("html")).to_have_attribute("lang", "zh-Hant-HK")
    expect(page.page.locator(".signal-name").first).to_have_text("黑色暴雨")
    page.page.locator(".band [data-lang='zh-Hans']").click()
    expect(page.page.locator("#cop-tab-situation")).to_have_text("情况")
    assert page.ask("window.stillHere") is True
    expect(page.page.locator("#cop-search")).to_have_value("tai")
    wait(lambda: "lang=zh-Hans" in page.ask("location.search"))


def test_a_link_opens_the_same_view(board: Callable[..., Board]) -> None:
    """Language, theme, selection, place and layers come from the address and stay in it."""
    page = board()
    page.open(
        lang="zh-Hant",
        theme="light",
        sel="td_traffic_news:0",
        bbox="114.15,22.30,114.25,22.38",
        layers="roads,wind",
    )
    wait(lambda: page.ask("cop.selected()") == "td_traffic_news:0")
    expect(page.page.locator("#cop-detail-body h2")).to_have_text("龍翔道近黃大仙")
    assert page.ask("document.documentElement.dataset.theme") == "light"
    becomes(lambda: page.ask("cop.layers.shown().sort().join()"), "roads,wind")
    wait(lambda: page.ask("cop.map.leaflet.getBounds().contains([22.34, 114.2])"))
    wait(lambda: page.ask("cop.map.leaflet.getZoom()") > 11)
    wait(lambda: "sel=td_traffic_news:0" in page.ask("location.search"))


def test_empty_says_that_it_was_looked_and_unknown_does_not(browser: Browser) -> None:
    """A feed that found nothing reads otherwise than a feed that never answered."""
    with web_server(with_pages=True, settings=LIVE) as server, marking(server.store):
        server.add("chan", Role.COMMANDER)
        store_all(server.store, all_well(now()), now())
        page = open_board(browser, server.url, server.passwords["chan"], server.store)
        page.open()
        remarks = page.page.locator("#cop-list-remarks")
        expect(remarks).to_contain_text("No road closed, checked")
        expect(page.page.locator("#cop-signals-note")).to_contain_text(
            "No warning in force, checked"
        )
        expect(page.page.locator("#cop-veil")).to_be_hidden()
        page.put(
            feed_status(
                "td_traffic_news",
                "Special traffic news",
                "特別交通消息",
                now(),
                state=FeedState.FAILING,
                fetched_at=None,
                taken=0,
                reason="the publisher answered 503",
            )
        )
        expect(remarks).to_contain_text("Road closures: no information")
        expect(remarks).not_to_contain_text("No road closed")
        expect(page.page.locator("#cop-veil")).to_be_visible()
        expect(page.page.locator("#cop-veil-note")).to_contain_text("Road closures")
        page.page.context.close()


def test_words_from_outside_never_run(board: Callable[..., Board]) -> None:
    """Markup in a title, place or text is shown as it is written, in list, popup and detail."""
    page = board()
    page.open()
    evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    road = next(iter(roads(now())))
    page.put(
        road.model_copy(
            update={
                "title": {"en": evil},
                "place": {"en": evil},
                "description": {"en": evil},
                "link": "https://example.org/javascript:alert(1)",
            }
        ),
        next(iter(signals(now()))).model_copy(update={"title": {"en": evil}, "signal": evil}),
    )
    expect(page.page.locator("#cop-list")).to_contain_text("<img src=x")
    page.ask("cop.select('td_traffic_news:0', { from: 'map' })")
    expect(page.page.locator(".popup-body strong")).to_contain_text("<script>")
    expect(page.page.locator("#cop-detail-body h2")).to_contain_text("<img src=x")
    page.page.wait_for_timeout(300)
    assert page.ask("window.hacked") is None
    assert page.ask("document.querySelectorAll('#cop-app img[src=x]').length") == 0
    page.put(*roads(now()), *signals(now()))


def test_phone_shows_one_thing_at_a_time(board: Callable[..., Board]) -> None:
    """At 390 by 844 nothing overflows sideways and targets are large enough for a thumb."""
    page = board(size=(390, 844), phone=True)
    page.open(lang="zh-Hant")
    for tab in ("situation", "layers", "feeds", "map"):
        page.page.locator(f"[data-phone-tab={tab}]").click()
        wait(lambda: page.ask("document.documentElement.scrollWidth") <= 390)
        wait(lambda: page.ask("document.getElementById('cop-app').scrollWidth") <= 390)
        small = (
            "[...document.querySelectorAll('.phone-tabs button, .row, .signal, .layer-head')]"
            ".filter((n) => n.offsetParent && n.getBoundingClientRect().height < 44).length"
        )
        becomes(lambda small=small: page.ask(small), 0)
    page.page.locator("[data-phone-tab=situation]").click()
    page.page.locator("#cop-list .row").first.click()
    expect(page.page.locator("#cop-detail-body h2")).to_be_visible()


def test_a_wall_is_read_from_three_metres(board: Callable[..., Board]) -> None:
    """`?wall=1` makes words and symbols half as large again, and stays in the address."""
    page = board(size=(1920, 1080))
    page.open(wall="1")
    assert page.ask("getComputedStyle(document.body).fontSize") == "21px"
    assert page.ask("cop.symbols.scale") == 1.5
    page.ask("cop.select('td_traffic_news:0')")
    wait(lambda: "wall=1" in page.ask("location.search") and "sel=" in page.ask("location.search"))


def test_a_phone_reaches_name_charts_and_signing_out(board: Callable[..., Board]) -> None:
    """What the narrow band has no room for stands one tap away, large enough for a thumb."""
    page = board(size=(390, 844), phone=True)
    page.open()
    page.page.locator(".more-button").tap()
    expect(page.page.locator("#cop-more-me")).to_have_text("chan")
    small = (
        "[...document.querySelectorAll('.band button, .more button, .map-box button, summary,"
        " .leaflet-control-zoom a')].filter((n) => n.offsetParent"
        " && Math.min(n.getBoundingClientRect().height, n.getBoundingClientRect().width) < 44)"
        ".map((n) => n.outerHTML.slice(0, 90)).join()"
    )
    becomes(lambda: page.ask(small), "")
    page.page.locator("#cop-more-charts").tap()
    expect(page.page.locator("#cop-chart-rain .bars path").first).to_be_attached()
    wait(lambda: page.ask("document.documentElement.scrollWidth") <= 390)
    page.page.locator("[data-phone-tab=map]").tap()
    expect(page.page.locator("#cop-charts")).to_be_hidden()
    page.page.locator(".more-button").tap()
    page.page.locator("#cop-more-sign-out").tap()
    page.page.wait_for_url("**/sign-in*")


def test_everything_answers_to_keys(board: Callable[..., Board]) -> None:
    """Search, list, layers, feeds, help and back work without a mouse."""
    page = board()
    page.open()
    keys = page.page.keyboard
    expect(page.page.locator("#cop-list .row").first).to_be_visible()
    keys.press("j")
    first = settled(lambda: page.ask("cop.selected()"))
    keys.press("j")
    wait(lambda: page.ask("cop.selected()") not in {None, first})
    keys.press("k")
    becomes(lambda: page.ask("cop.selected()"), first)
    keys.press("Escape")
    becomes(lambda: page.ask("cop.selected()"), None)
    keys.press("l")
    expect(page.page.locator("#cop-layers")).to_be_visible()
    keys.press("/")
    becomes(lambda: page.ask("document.activeElement.id"), "cop-search")
    keys.press("Escape")
    keys.press("f")
    expect(page.page.locator("#cop-feeds-sheet")).to_be_visible()
    keys.press("Escape")
    expect(page.page.locator("#cop-feeds-sheet")).to_be_hidden()
    keys.press("?")
    expect(page.page.locator("#cop-help-sheet")).to_be_visible()


def test_controls_have_names_and_landmarks_stand(board: Callable[..., Board]) -> None:
    """A screen reader finds header, main, complementary parts, and a name on every control."""
    page = board()
    page.open()
    expect(page.page.locator(".mark").first).to_be_visible()
    nameless = page.ask(
        "JSON.stringify([...document.querySelectorAll('button, input, select, a[href], summary')]"
        ".filter((n) => n.offsetParent && !(n.getAttribute('aria-label') || n.textContent.trim()"
        " || n.title || n.labels?.length)).map((n) => n.outerHTML.slice(0, 120)))"
    )
    assert json.loads(nameless) == []
    for landmark in ("header", "main", "aside", "footer", "[aria-live=polite]"):
        assert page.page.locator(landmark).count() >= 1, landmark
    marker = page.page.locator(".mark").first
    assert marker.get_attribute("tabindex") == "0"
    assert marker.get_attribute("title")


def test_an_ended_session_is_told(board: Callable[..., Board]) -> None:
    """A session that ends leaves no page that looks live with only the public's part on it."""
    page = board()
    page.open()
    expect(page.page.locator("#cop-me")).to_have_text("chan")
    held = page.ask("cop.picture.features.size")
    page.page.context.request.delete(f"{page.url}/api/v1/session")
    expect(page.page.locator("#cop-notice")).to_contain_text("signed out")
    assert page.ask("cop.picture.features.size") == held
    wait(lambda: page.ask("document.body.classList.contains('is-old')"))


def test_charts_come_when_asked(board: Callable[..., Board]) -> None:
    """Plotly is fetched with the first opening of the drawer, not before."""
    page = board()
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    page.open()
    assert not [url for url in asked if "plotly" in url]
    page.page.keyboard.press("c")
    expect(page.page.locator("#cop-chart-rain .bars path").first).to_be_attached()
    assert [url for url in asked if "plotly" in url]


def test_only_the_page_answers_with_the_page(evening: Server) -> None:
    """Dash's layout is nowhere but at its one address."""
    with evening.client("chan") as client:
        assert "_dash-renderer" in client.get("/command").text
        for path in ("/", "/command/x", "/anything"):
            assert "_dash-renderer" not in client.get(path).text
