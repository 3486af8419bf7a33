"""The public pages are for everybody: no rule of WCAG 2.2 AA that a machine can check is broken.

Keyboard alone, a screen reader's order, large type, narrow windows and little motion are looked at
apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import ALL, broken
from tests.browser.board import becomes, box_of, now, wait
from tests.browser.public_town import (
    DESK,
    PATHS,
    PHONE,
    WONG_TAI_SIN,
    PublicTown,
    Reader,
    public_evening,
    public_town,
    readers,
)

pytestmark = pytest.mark.browser

SMALL: Final = """[...document.querySelectorAll("a[href], button, summary, select, input")]
  .filter((one) => one.checkVisibility() && !one.closest(".sr-only, .skip, p, dd, .p-meta"))
  .map((one) => (one.closest("label") || one))
  .filter((one) => { const b = one.getBoundingClientRect(); return b.width && b.height < 43.5; })
  .map((one) => one.outerHTML.slice(0, 120))"""
FOCUSED: Final = """(() => { const one = document.activeElement;
  const b = one.getBoundingClientRect();
  const x = b.x + b.width / 2, y = b.y + Math.min(b.height / 2, 10);
  const top = document.elementFromPoint(x, y);
  return [one.outerHTML.slice(0, 100), getComputedStyle(one).outlineStyle !== "none",
    Boolean(top) && (one.contains(top) || top.contains(one))]; })()"""
"""What has the focus, whether it has a ring, and whether it is what stands at its place."""
WIDE: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHIFT: Final = """new Promise((give) => { let sum = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput)
    sum += e.value; }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => give(sum), 300); })"""


@pytest.fixture(scope="module")
def town() -> Iterator[PublicTown]:
    """Give the site with the evening on it."""
    with public_town(public_evening(now())) as running:
        yield running


@pytest.fixture
def reader(browser: Browser, town: PublicTown) -> Iterator[Callable[..., Reader]]:
    """Give a function that opens a browser on it; its page may be looked into by a script."""
    with readers(browser, town) as make:
        yield make


@pytest.mark.parametrize("lang", PATHS)
def test_the_page_with_all_that_opens(reader: Callable[..., Reader], lang: str) -> None:
    """Text beside the map with its legend and sheet open, near me, a district chosen."""
    place = {**WONG_TAI_SIN, "accuracy": 20}
    page = reader(geolocation=place, permissions=["geolocation"])
    page.open(f"/{PATHS[lang]}/").mapped()
    page.page.locator("#tool-near").click()
    expect(page.page.locator(".near-foot")).to_be_visible()
    page.page.locator("#tool-district").select_option("WTS")
    page.page.locator(".map-layers summary").click()
    page.ask("void cop.sheet.open(['incident:flood'])")
    expect(page.page.locator(".map-sheet")).to_be_visible()
    wait(lambda: page.ask("document.getAnimations().length === 0"))
    assert broken(page.page, colours=lang == "en", also=ALL) == []


def test_a_phone_with_text_and_with_map(reader: Callable[..., Reader]) -> None:
    """One at a time, and the band of an old picture."""
    page = reader(PHONE).open("/tc/")
    assert broken(page.page, also=ALL) == []
    page.page.locator("#tool-map").click()
    page.mapped()
    page.page.route("**/public/now.json", lambda route: route.abort())
    page.ask("cop.live.ask().then(() => cop.live.ask())")
    expect(page.page.locator(".p-late")).to_be_visible()
    assert broken(page.page, also=ALL) == []


@pytest.mark.parametrize("lang", PATHS)
def test_the_other_pages(reader: Callable[..., Reader], lang: str) -> None:
    """A district, the open data, the widget, and what there is not."""
    page = reader(PHONE)
    for path in (
        "district/wong-tai-sin/",
        "data/",
        "cameras/",
        "embed/",
        "embed/wong-tai-sin/",
        "nowhere/",
    ):
        page.page.goto(f"{page.town.url}/{PATHS[lang]}/{path}")
        assert broken(page.page, colours=lang == "en", also=ALL) == [], path


def test_an_exercise_without_a_public_map(browser: Browser) -> None:
    """The page that says so breaks no rule either."""
    with (
        public_town(operation="exercise-dry") as town,
        readers(browser, town) as make,
    ):
        page = make(PHONE)
        page.page.goto(f"{town.url}/en/")
        expect(page.page.locator("h1")).to_contain_text("No public map of an exercise")
        assert broken(page.page, also=ALL) == []


def test_by_keyboard_alone(reader: Callable[..., Reader]) -> None:
    """To the text past everything, past the map, from the text to the map and back."""
    page = reader().open().mapped()
    press = page.page.keyboard.press
    press("Tab")
    becomes(lambda: page.ask("document.activeElement.className"), "skip")
    press("Enter")
    press("Tab")
    wait(lambda: page.ask("document.querySelector('#main').contains(document.activeElement)"))
    page.ask("document.activeElement.blur(), scrollTo(0, 0)")
    page.page.locator("#tool-district").focus()
    press("Tab")
    becomes(lambda: page.ask("document.activeElement.className"), "skip is-map")
    press("Enter")
    press("Tab")
    wait(lambda: page.ask("document.querySelector('#main').contains(document.activeElement)"))
    page.item("incident:flood").locator(".p-show").focus()
    press("Enter")
    expect(page.page.locator("#h-sheet")).to_be_focused()
    press("Escape")
    expect(page.item("incident:flood").locator(".p-show")).to_be_focused()
    page.page.locator(".map-layers summary").focus()
    press("Enter")
    press("Tab")
    press("Space")
    press("Escape")
    expect(page.page.locator(".map-layers summary")).to_be_focused()


def test_the_focus_is_always_seen(reader: Callable[..., Reader]) -> None:
    """Whatever the focus comes to is in the window, not under the tools, and has a ring."""
    page = reader(PHONE).open()
    for _ in range(60):
        page.page.keyboard.press("Tab")
        becomes(lambda: page.ask(FOCUSED)[1:], [True, True])


def test_what_is_heard_is_in_the_order_of_what_is_seen(reader: Callable[..., Reader]) -> None:
    """The headings of the text go down the page, one level at a time, warnings before all else."""
    page = reader(PHONE).open()
    heard = page.ask(
        """[...document.querySelectorAll("h1, h2, h3, h4")].filter((one) => one.checkVisibility())
        .map((one) => [Number(one.tagName[1]), one.getBoundingClientRect().top, one.id])"""
    )
    levels = [row[0] for row in heard]
    assert levels[0] == 1
    assert all(later - sooner <= 1 for sooner, later in itertools.pairwise(levels))
    tops = [row[1] for row in heard]
    assert tops == sorted(tops)
    sections = [row[2] for row in heard if row[2].startswith("h-")]
    assert sections.index("h-warnings") < sections.index("h-hazards") < sections.index("h-roads")
    tree = page.page.locator("#main").aria_snapshot()
    assert tree.index("Warnings in force") < tree.index("Closed and slow roads")


@pytest.mark.parametrize("lang", PATHS)
def test_large_type_and_narrow_windows(reader: Callable[..., Reader], lang: str) -> None:
    """At 320 pixels and with type twice as large nothing is cut off and nothing scrolls aside."""
    page = reader((320, 640)).open(f"/{PATHS[lang]}/")
    becomes(lambda: page.ask(WIDE), 0)
    large = "document.documentElement.style.fontSize = '200%'"
    for path in ("district/yuen-long/", ""):
        page.open(f"/{PATHS[lang]}/{path}").ask(large)
        becomes(lambda: page.ask(WIDE), 0)
    expect(page.page.locator("#tool-near")).to_be_visible()
    page.ask("cop.$('tool-map').click()")
    page.mapped()
    assert box_of(page.page.locator("#map"))["height"] >= 190


def test_a_finger_meets_everything(reader: Callable[..., Reader]) -> None:
    """What can be pressed is 44 pixels high, but for links within a sentence."""
    page = reader(PHONE).open()
    becomes(lambda: page.ask(SMALL), [])
    page.page.locator("#tool-map").click()
    page.mapped()
    page.page.locator(".map-layers summary").click()
    becomes(lambda: page.ask(SMALL), [])


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_jumps(reader: Callable[..., Reader], size: tuple[int, int]) -> None:
    """While the page comes, with a kept district too, hardly anything changes its place."""
    page = reader(size).open()
    if size == DESK:
        page.mapped()
    assert page.ask(SHIFT) <= 0.05
    page.page.locator("#tool-district").select_option("WTS")
    page.page.reload()
    page.ready()
    assert page.ask(SHIFT) <= 0.05


def test_little_motion_is_none(reader: Callable[..., Reader]) -> None:
    """For those who asked for little motion nothing glows, rises or flies."""
    page = reader(reduced_motion="reduce").open().mapped()
    page.item("incident:flood").locator(".p-show").click()
    assert page.ask("document.getAnimations().length") == 0
    assert page.ask("cop.map.leaflet.options.zoomAnimation") is False


def test_the_systems_own_colours(reader: Callable[..., Reader]) -> None:
    """Where the system decides on colours, pressed tools and the band still stand out."""
    page = reader(PHONE, forced_colors="active").open()
    pressed, other = (
        page.ask(f"getComputedStyle(cop.$('tool-{name}')).backgroundColor")
        for name in ("text", "map")
    )
    assert pressed != other
