"""The phone's map and position: what is around, in words too; consent; picking a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Request, expect

from cop.model.kinds import Facility, FacilityStatus, LivePosition, ResourceStatus
from cop.services.accounts import add_user
from cop.services.policy import Role
from tests.browser.at_desk import one
from tests.browser.axe import LANGS, broken
from tests.browser.board import now, settled, wait
from tests.browser.conftest import marking
from tests.browser.field_phone import Phone, phones
from tests.browser.field_town import HERE, MEMBER, OTHER_TEAM, SPOT, TEAM, shift, team
from tests.browser.incidents import LIVE
from tests.browser.test_field_duty import comes, key, put
from tests.browser.town import all_well, store_all
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

PLACE = {"longitude": HERE[0], "latitude": HERE[1], "accuracy": 12}
TWO_TEAMS = "yau"


@pytest.fixture
def field() -> Iterator[Server]:
    """Give a web process with two teams, a task and what is around it."""
    with web_server(with_pages=True, settings=LIVE) as server, marking(server.store):
        for name, own in ((MEMBER, (TEAM,)), (TWO_TEAMS, (TEAM, OTHER_TEAM))):
            server.passwords[name] = add_user(
                server.accounts, name, Role.FIELD, agency="DSD", belongs_to=own
            )
        at = now()
        store_all(server.store, [*all_well(at), *shift(at)], at)
        yield server


@pytest.fixture
def phone(browser: Browser, field: Server) -> Iterator[Callable[..., Phone]]:
    """Give a function that makes a phone; at the end none had an error."""
    with phones(browser, field) as make:
        yield make


def located(phone: Callable[..., Phone], name: str = MEMBER, **options: Any) -> Phone:
    """Give a phone that may know where it is."""
    return phone(name, permissions=["geolocation"], geolocation=PLACE, **options).open().fresh()


def positions(server: Server) -> list[LivePosition]:
    """Give the live positions on the picture."""
    return server.entities(LivePosition)


def open_map(phone: Phone) -> None:
    """Go to the map and wait until it is drawn."""
    phone.tab("map")
    expect(phone.page.locator(".map-canvas")).to_be_visible()
    wait(lambda: phone.ask("document.querySelectorAll('.area-mark').length > 3"))


def test_position_is_shared_with_consent_alone(phone: Callable[..., Phone], field: Server) -> None:
    """Off by default; on by a switch, with a chip in sight everywhere; off by the chip."""
    ho = located(phone)
    switch = key(ho, "pos-switch")
    expect(switch).to_have_attribute("aria-checked", "false")
    assert positions(field) == []
    switch.click()
    comes(ho, lambda: len(positions(field)) == 1)
    found = positions(field)[0]
    assert found.resource == TEAM
    assert found.precision_m == 12
    expect(ho.page.locator(".pos-chip")).to_contain_text("Sharing position")
    ho.tab("more")
    ho.page.locator(".pos-chip").get_by_role("button", name="Stop").click()
    comes(ho, lambda: positions(field) == [])
    expect(ho.page.locator(".pos-chip")).to_have_count(0)


def test_who_moves_is_followed_and_nothing_old_is_sent(
    phone: Callable[..., Phone], field: Server
) -> None:
    """Without network nothing is queued: afterwards only where the phone is by then is sent."""
    ho = located(phone)
    key(ho, "pos-switch").click()
    comes(ho, lambda: len(positions(field)) == 1)
    sent: list[float] = []

    def note(request: Request) -> None:
        if request.method == "PUT":
            sent.append(request.post_data_json["geometry"]["coordinates"][0])

    ho.page.on("request", note)
    ho.offline()
    for step in range(1, 4):
        ho.context.set_geolocation({**PLACE, "longitude": HERE[0] + 0.001 * step})
        wait(lambda at=step: ho.ask(f"cop.position.here().lon > {HERE[0] + 0.001 * at - 0.0001}"))
    ho.offline(is_so=False)
    comes(ho, lambda: positions(field)[0].geometry.coordinates[0] > HERE[0] + 0.0029)
    assert sent
    assert min(sent) > HERE[0] + 0.0029


def test_sharing_ends_by_itself_off_duty(phone: Callable[..., Phone], field: Server) -> None:
    """A team that rests is not followed, and the switch says why it cannot be."""
    put(field, team(assignments=(), status=ResourceStatus.AVAILABLE))
    ho = located(phone)
    key(ho, "pos-switch").click()
    comes(ho, lambda: len(positions(field)) == 1)
    key(ho, f"resting-{TEAM}").click()
    comes(ho, lambda: positions(field) == [])
    expect(ho.page.locator(".pos-chip")).to_have_count(0)
    expect(key(ho, "pos-switch")).to_be_disabled()


def test_a_rough_place_is_not_sent_and_a_refusal_is_explained(
    phone: Callable[..., Phone], field: Server
) -> None:
    """Worse than 500 m: said so. No leave from the browser: said how to give it."""
    rough = phone(permissions=["geolocation"], geolocation={**PLACE, "accuracy": 900})
    rough.open().fresh()
    key(rough, "pos-switch").click()
    expect(rough.page.locator(".pos-chip")).to_contain_text("too rough")
    assert positions(field) == []
    denied = phone(permissions=[]).open().fresh()
    key(denied, "pos-switch").click()
    expect(denied.page.locator(".pos-trouble")).to_contain_text("Allow it for this site")
    expect(key(denied, "pos-switch")).to_have_attribute("aria-checked", "false")


def test_who_has_two_teams_is_asked_which(phone: Callable[..., Phone], field: Server) -> None:
    """Nobody's position is shared as another team's."""
    yau = located(phone, TWO_TEAMS)
    key(yau, "pos-switch").click()
    yau.page.locator("dialog.sheet").get_by_role("button", name="DSD pump team 2").click()
    comes(yau, lambda: [one.resource for one in positions(field)] == [OTHER_TEAM])


def test_the_area_stands_on_the_map_and_in_words(
    phone: Callable[..., Phone], field: Server
) -> None:
    """Dangers, closures and the nearest places, by shape and word; a row leads to the map."""
    ho = located(phone)
    open_map(ho)
    near = ho.page.locator(".nearest")
    expect(near).to_contain_text("Choi Hung community hall")
    expect(near).to_contain_text("First-aid post, Ping Shek")
    rows = ho.page.locator("#area-list")
    expect(rows).to_contain_text("Landslide below Fei Ngo Shan Road")
    expect(rows).to_contain_text("Kwun Tong Road closed")
    expect(ho.page.locator(".area-alerts")).to_contain_text("Black Rainstorm Warning Signal")
    expect(ho.page.locator(".area-mark.is-nearest")).to_have_count(3)
    expect(ho.page.locator(".area-mark.is-task")).to_have_count(1)
    ho.page.locator(".area-row[data-id='facility:hall']").first.click()
    expect(ho.page.locator("#area-chosen")).to_contain_text("45 of 120 people")
    wait(lambda: abs(ho.ask("cop.map.stage.map.getCenter().lng") - (SPOT[0] - 0.004)) < 0.001)
    put(
        field,
        one(field, Facility, "facility:hall").model_copy(update={"status": FacilityStatus.FULL}),
    )
    expect(near).not_to_contain_text("Choi Hung community hall")


def test_the_first_screen_says_what_is_near(phone: Callable[..., Phone], field: Server) -> None:
    """Warnings, closures and the nearest places stand below the task; each leads to the map."""
    ho = located(phone)
    ho.tab("duty")
    near = ho.page.locator(".glance")
    expect(near).to_contain_text("Black Rainstorm Warning Signal")
    expect(near).to_contain_text("First-aid post, Ping Shek")
    near.get_by_role("button", name="Choi Hung community hall").click()
    expect(ho.page.locator("#area-chosen")).to_contain_text("45 of 120 people")


def test_a_turned_phone_shows_the_same_place(phone: Callable[..., Phone]) -> None:
    """The middle of the map stays where it was, also where it was turned on another screen."""
    ho = located(phone)
    open_map(ho)
    middle = "(({lat, lng}) => [lat, lng])(cop.map.stage.map.getCenter())"
    before = settled(lambda: ho.ask(middle))
    ho.tab("duty")
    ho.page.set_viewport_size({"width": 640, "height": 360})
    ho.tab("map")
    expect(ho.page.locator(".map-canvas")).to_be_visible()
    wait(lambda: ho.ask(middle) == pytest.approx(before, abs=0.002))


def test_the_map_opens_without_network_and_says_its_age(
    phone: Callable[..., Phone], field: Server
) -> None:
    """What was read last is there, marked; what was never read is said to be unknown."""
    ho = phone().open().fresh().installed()
    open_map(ho)
    expect(ho.page.locator(".area-state")).to_contain_text("Tropical cyclones: no information")
    comes(ho, lambda: ho.ask("caches.match('/assets/geo/coast.json').then(Boolean)"))
    ho.offline()
    ho.reload()
    open_map(ho)
    expect(ho.page.locator(".area-state")).to_contain_text("Last known")
    expect(ho.page.locator(".map-note")).to_contain_text("Last known")
    wait(lambda: ho.ask("cop.map.stage.root.classList.contains('is-stale')"))


def test_an_area_that_was_never_read_is_veiled(phone: Callable[..., Phone], field: Server) -> None:
    """Neither map nor list may say that there is nothing where nobody could look."""
    ho = phone(service_workers="block")  # what goes by one is not seen by the route
    ho.page.route("**/api/v1/me/area*", lambda route: route.abort())
    ho.open()
    wait(lambda: ho.ask("cop.field.data.duty !== null"))
    ho.tab("map")
    expect(ho.page.locator(".map-note")).to_contain_text("Not known")
    expect(ho.page.locator("#area-list")).to_contain_text("Not known")
    expect(ho.page.locator("#area-list")).not_to_contain_text("None in this area")
    wait(lambda: ho.ask("cop.map.stage.root.classList.contains('is-unknown')"))
    expect(ho.page.locator(".area-mark.is-task")).to_be_visible()
    assert broken(ho.page) == []


def test_a_place_is_picked_by_keys(phone: Callable[..., Phone], field: Server) -> None:
    """Arrows move the map under the cross; leaving gives nothing; the area's map comes back."""
    ho = located(phone, reduced_motion="reduce")
    open_map(ho)
    ho.ask(
        "(window.picked = 'no', cop.map.pick({lon: 114.2, lat: 22.33})"
        ".then((at) => { window.picked = at; }), true)"
    )
    words = ho.page.locator(".pick-words")
    expect(words).to_contain_text("22.33000, 114.20000")
    ho.page.keyboard.press("ArrowUp")
    expect(words).not_to_contain_text("22.33000, 114.20000")
    assert broken(ho.page) == []
    key(ho, "pick-here").click()
    expect(words).to_contain_text("where you are (± 12 m)")
    key(ho, "pick-use").click()
    wait(lambda: ho.ask("window.picked !== 'no'"))
    picked = ho.ask("window.picked")
    assert (picked["lon"], picked["lat"]) == pytest.approx(HERE, abs=0.00005)
    expect(ho.page.locator(".area-frame .map-canvas")).to_be_visible()
    ho.ask("(window.picked = 'no', cop.map.pick().then((at) => { window.picked = at; }), true)")
    expect(words).to_be_visible()
    ho.page.keyboard.press("Escape")
    wait(lambda: ho.ask("window.picked === null"))


def test_the_map_breaks_no_rule_of_access(phone: Callable[..., Phone], field: Server) -> None:
    """Map, legend and list, sharing and not, in three languages and at 150 % text."""
    for lang in LANGS:
        ho = phone(
            permissions=["geolocation"],
            geolocation=PLACE,
            reduced_motion="reduce",
        )
        ho.open(lang=lang).fresh()
        key(ho, "pos-switch").click()
        expect(ho.page.locator(".pos-chip")).to_be_visible()
        open_map(ho)
        ho.page.locator(".map-legend summary").click()
        ho.page.locator(".area-row").first.click()
        assert broken(ho.page, colours=lang == LANGS[0]) == [], lang
        ho.ask("document.documentElement.style.fontSize = '150%'")
        assert broken(ho.page, colours=lang == LANGS[0]) == [], lang
        wait(lambda ho=ho: ho.ask("document.documentElement.scrollWidth <= innerWidth"))
        ho.context.close()
