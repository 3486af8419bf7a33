"""Words that feeds and people supply, in every text of every kind: nothing in them is ever run.

What may be filled is asked of the model (`tests.fuzz.hostile_words`), and every page that shows any
of it is opened: the desk with each thing chosen, the phone, the public pages, the lists for
programs, the account.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

import pytest
from lxml.etree import fromstring
from playwright.sync_api import Browser, Page

from cop.model.entity import Entity, Kind
from cop.model.journal import Change, Deed, Origin, Who
from cop.model.kinds import Note, decode
from cop.model.record import Page as JournalPage
from cop.model.record import put
from cop.services.accounts import add_user
from cop.services.exports.formats import FORMATS
from cop.services.policy import Role
from tests.browser.at_desk import USERS
from tests.browser.board import now, open_board, wait
from tests.browser.conftest import marking
from tests.browser.desk_town import desk_evening
from tests.browser.field_phone import HALL, TASK, TEAM, phones
from tests.browser.public_town import public_evening, public_town
from tests.browser.sights_town import sights
from tests.browser.town import all_well, severe_evening, store_all
from tests.fuzz.hostile_words import FLAG, FOREIGN, PAYLOADS, count, hostile
from tests.integration.policy_subjects import FOREIGN as OF_OTHERS
from tests.integration.policy_subjects import World
from tests.integration.web_server import SETTINGS, Server, until, web_server

pytestmark = pytest.mark.browser

WATCH: Final = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
RAN: Final = f"String(window.{FLAG})"
CHOSEN: Final = """cop.selected() === {0} && [...document.querySelectorAll(
  "#cop-detail-body [data-part=head]")].some((node) => node.dataset.of === {0})"""
UNFOLD: Final = """document.querySelectorAll("#f-main details").forEach((node) => {
  node.open = true;
})"""
LANGS: Final = ("en", "tc", "sc")
SHEETS: Final = ("feeds", "help", "more", "report", "alerting", "partners", "duty", "cameras")
CARRIED: Final = (TASK, TEAM, HALL)
"""Without these a phone would have nothing to show."""
KML: Final = "{http://www.opengis.net/kml/2.2}"


@dataclass(slots=True)
class Watched:
    """A page, and what should not have happened on it."""

    page: Page
    asked: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def check(self, where: str) -> None:
        """Fail if anything was run, refused by the policy, or asked of a foreign host."""
        assert self.page.evaluate(RAN) == "undefined", f"{where}: a payload ran"
        assert self.page.evaluate("window.__violations") == [], where
        assert self.dialogs == [], where
        assert self.asked == [], where


def watched(page: Page) -> Watched:
    """Watch *page* from its first line on."""
    found = Watched(page)
    page.add_init_script(WATCH)

    def note(request: Any) -> None:
        if (urlsplit(request.url).hostname or "").endswith(FOREIGN):
            found.asked.append(request.url)

    def dismiss(dialog: Any) -> None:
        found.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", note)
    page.on("dialog", dismiss)
    return found


def things() -> list[Entity]:
    """Give two of each sort that the made-up evenings have, and one of every other kind."""
    at = now()
    seen: dict[tuple[Any, ...], Entity] = {}
    evenings = (
        *severe_evening(at, count=40),
        *desk_evening(at),
        *sights(at),
        *public_evening(at),
    )
    for number, one in enumerate(evenings):
        sort = (one.kind, one.feed, getattr(one, "status", ""), number % 2)  # type: ignore[attr-defined]
        seen.setdefault(one.id if one.id in CARRIED else sort, one)  # type: ignore[arg-type]
    return list({one.id: one for one in hostile(seen.values())}.values())


def done_to(one: Entity) -> Deed:
    """Make an entry of the journal that says how *one* came about, all of it in hostile words."""
    words = PAYLOADS[len(one.id) % len(PAYLOADS)]
    change = Change(
        id=one.id,
        kind=Kind(one.kind),  # type: ignore[attr-defined]
        version=1,
        before={"title": {"en": words}, words: words},
        after=one.model_dump(mode="json", exclude_none=True) | {words: [words, {words: words}]},
    )
    return Deed(
        at=now(),
        wall_at=now(),
        who=Who(name=words, role=words, agency=words),
        origin=Origin(address=words, entrance=words),
        action=words if len(one.id) % 2 else "remark",
        id=one.id,
        reason=words,
        warned={words: words},
        changes=(change,),
    )


@pytest.fixture(scope="module")
def made() -> list[Entity]:
    """Give what is on every picture here."""
    return things()


@pytest.fixture(scope="module")
def site(made: list[Entity]) -> Iterator[Server]:
    """Run the web process with hostile words in everything, and in the journal of it."""
    settings = SETTINGS.model_copy(update={"alert_sender": "cop@example.hk"})
    with web_server(with_pages=True, settings=settings) as server, marking(server.store):
        for name, role, agency, own in (*USERS, ("chan", Role.COMMANDER, "", ())):
            server.passwords[name] = add_user(
                server.accounts, name, role, agency=agency, belongs_to=own
            )
        well = {one.id: one for one in all_well(now())}
        store_all(server.store, (well | {one.id: one for one in made}).values(), now())
        for one in made:
            note = Note(id=f"note:of-{one.id}", publisher="DSD", topic="news", title={"en": "so"})
            server.store.write([put(note)], fetched_ms=1, page=JournalPage(done_to(one).encode()))
        until(lambda: server.has_come_to(server.store.cursor()))
        yield server


def test_every_kind_is_hostile(made: list[Entity]) -> None:
    """The walk fills texts of every kind there is, so that none is forgotten here."""
    assert {Kind(one.kind) for one in made} == set(Kind)  # type: ignore[attr-defined]
    assert min(map(count, made)) > 0


def test_the_desk_runs_nothing(browser: Browser, site: Server, made: list[Entity]) -> None:
    """Each thing is chosen from the list and on the map, each tab and sheet is opened."""
    board = open_board(browser, site.url, site.passwords["chan"], site.store)
    with contextlib.closing(board.page.context):
        seen = watched(board.page)
        board.open()
        shown = 0
        for one in made:
            for way in ("list", "map"):
                board.ask(f"void cop.select({json.dumps(one.id)}, {{ from: '{way}' }})")
                wait(lambda one=one: board.ask(CHOSEN.format(json.dumps(one.id))))  # type: ignore[misc]
            shown += FLAG in board.text("#cop-detail-body")
            seen.check(one.id)
        assert shown > 0.8 * len(made), "the words must be shown, or nothing was tried"
        board.ask("void cop.select(null)")
        for lang in ("zh-Hant", "zh-Hans", "en"):
            board.ask(f"void cop.setLang({lang!r})")
            for tab in board.page.locator("[role=tab][data-tab]:visible").all():
                tab.click()
                seen.check(f"{lang} {tab.get_attribute('data-tab')}")
            for sheet in SHEETS:
                board.ask(f"void cop.showSheet({sheet!r}, true)")
                seen.check(f"{lang} {sheet}")
                board.ask(f"void cop.showSheet({sheet!r}, false)")
        board.ask("void cop.showTab('situation')")
        board.page.locator("#cop-search").fill("img")
        for shape in board.page.locator(".leaflet-interactive:visible").all()[:20]:
            shape.dispatch_event("mouseover")
        seen.check("search and map")


def test_the_board_and_the_journal_run_nothing(browser: Browser, site: Server) -> None:
    """The board's columns; and what was done, by whom, from where and why."""
    board = open_board(browser, site.url, site.passwords["chan"], site.store)
    with contextlib.closing(board.page.context):
        seen = watched(board.page)
        board.open(board="1")
        seen.check("board")
        board.open(journal="1")
        wait(lambda: FLAG in board.text("#cop-journal-body"))
        while board.page.locator("#cop-journal-more").is_visible():
            rows = board.page.locator("#cop-journal-body tr")
            before = rows.count()
            board.page.locator("#cop-journal-more").click()
            wait(lambda rows=rows, before=before: rows.count() > before)  # type: ignore[misc]
        assert board.page.locator("#cop-journal-body tr").count() > len(Kind)
        seen.check("journal")


@pytest.mark.parametrize("name", ["ho", "yip"])
def test_the_phone_runs_nothing(browser: Browser, site: Server, name: str) -> None:
    """All screens of a team's and of a warden's phone, and what can be unfolded on them."""
    with phones(browser, site) as phone_of:
        phone = phone_of(name)
        seen = watched(phone.page)
        phone.open().fresh()
        shown = ""
        for key in phone.page.locator("#f-tabs [data-tab]").all():
            key.click()
            phone.ask(UNFOLD)
            shown += phone.text()
            seen.check(str(key.get_attribute("data-tab")))
        assert FLAG in shown


def test_lists_for_programs_and_the_account_run_nothing(
    browser: Browser, site: Server, made: list[Entity]
) -> None:
    """The pages below /ogc of every kind, each with its items and one of them; and the account."""
    board = open_board(browser, site.url, site.passwords["chan"], site.store)
    with contextlib.closing(board.page.context):
        seen = watched(board.page)
        asked = board.page.request
        said = asked.get(f"{site.url}/ogc/collections?f=json").json()["collections"]
        shown = 0
        for name in (one["id"] for one in said):
            board.page.goto(f"{site.url}/ogc/collections/{name}/items?f=html")
            shown += FLAG in board.text("body")
            seen.check(name)
            items = asked.get(f"{site.url}/ogc/collections/{name}/items?f=json&limit=1").json()
            for one in items["features"]:
                feature = quote(one["id"], safe=":")
                board.page.goto(f"{site.url}/ogc/collections/{name}/items/{feature}?f=html")
                seen.check(f"{name}: {one['id']}")
        assert shown > 10
        board.page.goto(f"{site.url}/account?lang=en")
        seen.check("account")


def test_what_is_handed_out_is_no_page(site: Server) -> None:
    """Tables, maps and feeds say what they are; as a globe shows them they hold no mark-up."""
    with site.client("chan") as client:
        for kind in Kind:
            for form in FORMATS:
                answer = client.get(f"/api/v1/exports/{kind.value}.{form}")
                if answer.status_code == 404:
                    continue  # has no place, so that this form cannot show it
                assert answer.status_code == 200, (kind, form, answer.text)
                _is_no_page(answer)
                if form == "kml":
                    said = fromstring(answer.content)
                    told = "".join(one.text or "" for one in said.iter(f"{KML}description"))
                    assert "<" not in told, kind
        for path in ("/journal.csv", "/journal", "/picture", "/edxl/have.xml", "/edxl/sitrep.xml"):
            _is_no_page(client.get(f"/api/v1{path}"))


def test_a_released_alert_is_what_was_written(site: Server) -> None:
    """A message of our own holds hostile words as words, whoever reads it."""
    words = "".join(PAYLOADS[:3])
    world = World(site.store)
    draft = world.draft(Role.COMMANDER, OF_OTHERS, "asked")
    stored = decode(site.store.read([draft])[draft].body)
    said = dict.fromkeys(("en", "zh-Hant", "zh-Hans"), words)
    world.put(stored.model_copy(update={"title": said, "description": said, "area": said}))
    with site.client("chan") as client:
        headers = {"Idempotency-Key": "hostile-release", "If-Match": '"2"'}
        answer = client.post(f"/api/v1/drafts/{draft}/release", headers=headers, json={})
        assert answer.status_code == 200, answer.text
        until(lambda: site.has_come_to(answer.json()["cursor"]))
        original = client.get(f"/api/v1/alerts/{answer.json()['id']}/original")
        _is_no_page(original)
        said_again = [one.text for one in fromstring(original.content).iter() if one.text == words]
        assert len(said_again) >= len(LANGS)


def _is_no_page(answer: Any) -> None:
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "html" not in answer.headers["content-type"]


def test_public_pages_run_nothing(browser: Browser, made: list[Entity]) -> None:
    """The city's page in three languages, its data page, its widget, and all files beside them."""
    with public_town(made) as town, contextlib.closing(browser.new_context()) as context:
        seen = watched(context.new_page())
        shown = ""
        for lang in LANGS:
            for path in (f"/{lang}/", f"/{lang}/data/", f"/{lang}/embed/"):
                seen.page.goto(f"{town.url}{path}")
                shown += seen.page.locator("body").inner_text()
                seen.check(path)
        assert FLAG in shown
        files = [one for one in town.root.rglob("*") if one.suffix in {".xml", ".rss", ".atom"}]
        assert any(FLAG in one.read_text("utf-8") for one in files)
        for one in files:
            fromstring(one.read_bytes())
