"""Layers of others on the page: switched on, read, named, added, taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

import cop.asgi
from cop.config import Settings
from cop.model.exchange import Layer, LayerState
from cop.services.policy import Role
from tests.browser import others_town
from tests.browser.axe import broken
from tests.browser.board import Board, now, wait
from tests.browser.conftest import marking
from tests.browser.incidents import opening
from tests.browser.others_town import HOST, MANY, STATIONS
from tests.browser.town import all_well, store_all
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

PHONE = (390, 844)
BOX = "114.10,22.24,114.22,22.33"


@pytest.fixture(scope="module")
def town() -> Iterator[Server]:
    """Give a web process with layers of others, a commander and a viewer."""
    settings = Settings(operation="live", allowed_hosts="127.0.0.1", layer_hosts=HOST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cop.asgi, "open_pictures", lambda *_: others_town.picture)
        with web_server(with_pages=True, settings=settings) as server, marking(server.store):
            server.add("chan", Role.COMMANDER)
            server.add("lee", Role.VIEWER)
            others_town.keep(server.store)
            store_all(server.store, [*all_well(now()), *others_town.layers(now())], now())
            yield server


@pytest.fixture
def desk(browser: Browser, town: Server) -> Iterator[Callable[..., Board]]:
    """Give a function that opens the page at its layers; closed afterwards, without errors."""
    with opening(browser, town, bbox=BOX) as open_page:

        def at_layers(*names: str, **options: Any) -> Board:
            board = open_page(*names, **options)
            board.ask("cop.isPhone() ? cop.showPhone('layers') : cop.showTab('layers')")
            expect(row(board, "stations")).to_be_visible()
            return board

        yield at_layers


def row(board: Board, name: str) -> Locator:
    """Give the row of one layer."""
    return board.page.locator(f'[data-other="layer:{name}"]')


def switch_on(board: Board, name: str) -> None:
    """Switch a layer on by the keyboard, and wait until all of it is drawn."""
    row(board, name).locator("input").focus()
    board.page.keyboard.press("Space")
    wait(lambda: board.ask(f"cop.others.stateOf('layer:{name}') === 'drawn'"))


def test_ages_are_said_in_words(desk: Callable[..., Board]) -> None:
    """Fetched, old, never: each by a sign and words, with the reason where there is one."""
    board = desk()
    expect(row(board, "stations")).to_contain_text("✓ fetched 4 min ago")
    expect(row(board, "old")).to_contain_text("△ old: last known")
    expect(row(board, "old")).to_contain_text("did not answer in time")
    expect(row(board, "never")).to_contain_text("✗ no information: it could not be fetched")
    expect(row(board, "many")).to_contain_text(f"only the first {MANY} are shown")
    board.ask("cop.setLang('zh-Hant')")
    expect(row(board, "stations")).to_contain_text("消防局")
    expect(row(board, "old")).to_contain_text("過時")


def test_a_layer_is_shown_and_named(desk: Callable[..., Board]) -> None:
    """Switched on it is drawn, named and in the key; its words open, as words; off it is gone."""
    board = desk()
    credit = board.page.locator("#cop-credits")
    switch_on(board, "stations")
    expect(credit).to_have_text("Fire stations: Example Department")
    expect(row(board, "stations").locator(".others-sign")).to_be_visible()
    expect(board.page.locator(".key-others li")).to_have_text(["Fire stations"])
    row(board, "stations").get_by_role("button", name="Look through…").click()
    dialog = board.page.locator("dialog")
    expect(dialog.locator(".others-list li")).to_have_count(3)
    dialog.locator("input").fill("灣仔")
    expect(dialog.locator(".others-list li")).to_have_count(1)
    dialog.locator(".others-list button").press("Enter")
    popup = board.page.locator(".others-popup")
    expect(popup).to_contain_text(others_town.HOSTILE)
    expect(popup).to_contain_text("Example Department")
    assert popup.locator("img").count() == 0
    assert board.ask("document.body.dataset.broken ?? 'no'") == "no"
    board.page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    row(board, "stations").locator("input").press("Space")
    expect(credit).to_have_text("")
    expect(board.page.locator(".key-others")).to_have_count(0)


def test_a_press_on_the_map_opens_a_feature(desk: Callable[..., Board]) -> None:
    """What is drawn can be pressed where it stands."""
    board = desk()
    switch_on(board, "stations")
    at = board.ask(
        "(() => { const box = cop.map.leaflet.getContainer().getBoundingClientRect();"
        " const p = cop.map.leaflet.latLngToContainerPoint([22.285, 114.155]);"
        " return [box.x + p.x, box.y + p.y]; })()"
    )
    board.page.mouse.click(*at)
    popup = board.page.locator(".others-popup")
    expect(popup.locator("strong")).to_have_text("Central Station")
    expect(popup.locator("dd")).to_contain_text(["Central Station", "中環消防局", "6"])


def test_five_thousand_points_hold_nothing_up(desk: Callable[..., Board]) -> None:
    """They are drawn part by part: between two parts the page does other things."""
    board = desk()
    board.ask(
        "window.turns = 0; (function turn() { window.turns += 1; requestAnimationFrame(turn); })()"
    )
    before = board.ask("window.turns")
    switch_on(board, "many")
    assert board.ask("window.turns") - before >= MANY / 400 - 1
    assert board.ask("cop.others.featuresOf('layer:many').length") == MANY


def test_pictures_come_by_our_own_address(desk: Callable[..., Board]) -> None:
    """A map service is shown by tiles of our own server: the page asks nobody else."""
    board = desk()
    with board.page.expect_response(lambda answer: "/tiles/" in answer.url) as found:
        row(board, "pictures").locator("input").check()
    assert found.value.ok
    assert found.value.url.startswith(f"{board.url}/api/v1/layers/layer%3Apictures/tiles/")
    wait(lambda: board.page.locator(".leaflet-others-pane img.leaflet-tile-loaded").count() > 0)
    expect(board.page.locator("#cop-credits")).to_have_text("Land use: Example Department")


def test_a_layer_fetched_anew_is_drawn_anew(desk: Callable[..., Board], town: Server) -> None:
    """What changes while it is shown changes on the map, without a press.

    Layers are told apart by letters; whoever gave several is named once.
    """
    board = desk()
    switch_on(board, "old")
    found = next(one for one in town.entities(Layer) if one.id == "layer:old")
    others_town.keep(town.store)
    board.put(found.model_copy(update={"fetched_at": now(), "state": LayerState.OK, "why": ""}))
    expect(row(board, "old")).to_contain_text("✓ fetched")
    expect(board.page.locator("#cop-credits")).to_have_text("Planned works: Example Department")
    board.put(found)
    expect(board.page.locator("#cop-credits")).to_contain_text("△ old")
    expect(row(board, "old").locator(".others-sign-place")).to_have_attribute(
        "data-look", re.compile("stale")
    )
    switch_on(board, "stations")
    credit = "Planned works (△ old), Fire stations: Example Department"
    expect(board.page.locator("#cop-credits")).to_have_text(credit)
    assert board.ask("['old', 'stations'].map((name) => cop.others.lookOf(`layer:${name}`))") == [
        *"AB"
    ]


def test_the_desk_adds_and_takes_away(desk: Callable[..., Board], town: Server) -> None:
    """Refused with words that say what to do, then added for everybody, then taken away."""
    board = desk()
    board.page.get_by_role("button", name="Add a layer for everybody…").click()
    dialog = board.page.locator("dialog")
    expect(dialog).to_contain_text(HOST)
    dialog.locator('[name="service"]').select_option("geojson")
    expect(dialog.locator('[name="name"]')).to_be_disabled()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.locator('[name="address"]')).to_have_attribute("aria-invalid", "true")
    dialog.locator('[name="address"]').fill("https://elsewhere.example/a.geojson")
    dialog.locator('[name="title"]').fill("Pumps")
    dialog.locator('[name="attribution"]').fill("Drainage Services Department")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_contain_text("COP_LAYER_HOSTS")
    dialog.locator('[name="address"]').fill(f"https://{HOST}/pumps.geojson")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_have_count(0)
    added = board.page.locator(".others .layer", has_text="Pumps")
    expect(added).to_contain_text("? not fetched yet")
    added.get_by_role("button", name="Take away…").click()
    dialog.get_by_role("button", name="Take away", exact=True).click()
    expect(added).to_have_count(0)
    assert "Pumps" not in {one.title.get("en") for one in town.entities(Layer)}


def test_a_viewer_only_looks(desk: Callable[..., Board]) -> None:
    """Whoever may not add is offered no button for it."""
    board = desk("lee")
    switch_on(board, "old")
    expect(row(board, "old").get_by_role("button", name="Take away…")).to_be_hidden()
    expect(board.page.get_by_role("button", name="Add a layer for everybody…")).to_be_hidden()


@pytest.mark.parametrize("size", [(1440, 900), PHONE], ids=["desk", "phone"])
def test_the_list_can_be_read_by_everybody(
    desk: Callable[..., Board], size: tuple[int, int]
) -> None:
    """In both themes and sizes nothing fails the rules for access."""
    board = desk(size=size, phone=size == PHONE)
    row(board, "stations").locator("input").check()
    wait(lambda: board.ask(f"cop.others.stateOf('{STATIONS}') === 'drawn'"))
    expect(row(board, "stations").get_by_role("button", name="Fetch now")).to_be_visible()
    assert broken(board.page) == []
