"""The pictures of the phone's page in every main state: in English by day, in Chinese by night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser

from cop.model.kinds import Assignment, AssignmentStatus
from cop.services.accounts import add_user
from cop.services.policy import Role
from tests.browser.at_desk import one
from tests.browser.board import now, wait
from tests.browser.conftest import marking
from tests.browser.desk_town import first_aid_post, shelter
from tests.browser.field_phone import Phone, phones
from tests.browser.field_town import (
    HERE,
    MEMBER,
    ORDER,
    ROLL_CALL,
    TASK,
    TEAM,
    order,
    roll_call,
    shift,
)
from tests.browser.incidents import LIVE
from tests.browser.town import severe_evening, store_all
from tests.integration.web_server import Server, web_server

KEEPER: Final = "yip"
_PEOPLE: Final = (
    (MEMBER, Role.FIELD, "DSD", (TEAM,)),
    (KEEPER, Role.WARDEN, "HAD", ("facility:hall", "facility:post")),
)
_PLACE: Final = {"longitude": HERE[0], "latitude": HERE[1], "accuracy": 12}
Save = Callable[[str, Phone], None]
"""Takes the picture of that name."""
_LOOKS: Final = (("en", "light"), ("zh-Hant", "dark"))


@contextmanager
def _serving() -> Iterator[Server]:
    """Run a web process with a severe evening, one team's shift, a shelter and a post."""
    with web_server(with_pages=True, settings=LIVE) as server, marking(server.store):
        for name, role, agency, own in _PEOPLE:
            server.passwords[name] = add_user(
                server.accounts, name, role, agency=agency, belongs_to=own
            )
        at = now()
        entities = [
            *severe_evening(at),
            *shift(at),
            order(at),
            roll_call(at),
            shelter(at),
            first_aid_post(at),
        ]
        store_all(server.store, {one.id: one for one in entities}.values(), at)
        yield server


def take_field(browser: Browser, folder: Path) -> None:
    """Take every picture of the phone's page into *folder*."""
    for lang, theme in _LOOKS:
        with _serving() as server, phones(browser, server) as make:
            save = partial(_save, folder, f"{theme}-{lang.lower()}")
            how = {"color_scheme": theme, "geolocation": _PLACE, "permissions": ["geolocation"]}
            save("sign-in", make("", **how).open(lang=lang))
            _take_member(make(MEMBER, **how).open(lang=lang), server, save, folder)
            _take_keeper(make(KEEPER, **how).open(lang=lang), save)


def _save(folder: Path, look: str, name: str, phone: Phone) -> None:
    phone.page.wait_for_timeout(900)
    phone.page.screenshot(path=folder / f"field-{name}-{look}.png")


def _bring_up(phone: Phone, selector: str) -> None:
    """Scroll so that this stands in the middle of the screen."""
    look = "(one) => document.querySelector(one).scrollIntoView({ block: 'center' })"
    phone.page.evaluate(look, selector)


def _unsaid(phone: Phone) -> None:
    """Wait until no message covers anything."""
    phone.page.locator(".toast").wait_for(state="detached")


def _take_member(phone: Phone, server: Server, save: Save, folder: Path) -> None:
    """Take what somebody in a team sees, from the orders to a refused step and no network."""
    page = phone.fresh().installed().page
    save("orders", phone)
    _bring_up(phone, f"[data-id='{ROLL_CALL}']")
    save("roll-call", phone)
    for key in (f"ack-{ORDER}", f"safe-{ROLL_CALL}"):
        page.locator(f"[data-key='{key}']").first.click()
    phone.settled()
    _unsaid(phone)
    page.locator(f".task[data-id='{TASK}']").evaluate(
        "(card) => scrollTo(0, card.getBoundingClientRect().top + scrollY - 60)"
    )
    save("duty", phone)
    phone.tab("map")
    page.wait_for_timeout(2500)
    save("map", phone)
    phone.tab("report")
    save("report", phone)
    page.locator("[data-key='type flooding']").click()
    picture = _picture(folder)
    with page.expect_file_chooser() as asked:
        page.locator("[data-key='draft choose']").click()
    asked.value.set_files(picture)
    page.locator(".photo-strip img").wait_for()
    picture.unlink()
    _bring_up(phone, ".photo-strip")
    save("photo", phone)
    page.locator("[data-key='send']").click()
    phone.settled()
    phone.offline()
    phone.tab("duty")
    page.locator("[data-key='next-step']").click()
    save("offline", phone)
    given = one(server, Assignment, TASK)
    ended = {"status": AssignmentStatus.STOOD_DOWN, "reason": "Not needed any more"}
    cursor = store_all(server.store, [given.model_copy(update=ended)], now())
    wait(lambda: server.has_come_to(cursor))
    phone.offline(is_so=False)
    wait(lambda: "refused" in phone.states())
    phone.tab("more")
    page.locator("[data-key='to-outbox']").first.click()
    _unsaid(phone)
    save("outbox", phone)


def _take_keeper(phone: Phone, save: Save) -> None:
    """Take what the keeper of a shelter and of a first-aid post sees."""
    page = phone.fresh().page
    phone.tab("facility")
    page.locator("[data-key='choose facility:hall']").click()
    page.locator("[data-key='tap 1']").click()
    save("warden", phone)
    page.locator("[data-key='choose facility:post']").click()
    save("first-aid-post", phone)


def _picture(folder: Path) -> Path:
    """Make something that may pass for a photograph of water."""
    file = folder / ".photo.jpg"
    Image.linear_gradient("L").resize((1200, 900)).convert("RGB").save(file)
    return file
