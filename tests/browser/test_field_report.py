"""A quick report from a phone: few taps, with or without a place, a photo, a network."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from cop.config import Settings
from cop.model.entity import Severity
from cop.model.kinds import Incident, IncidentStatus, Note
from tests.browser.axe import LANGS, broken
from tests.browser.board import wait
from tests.browser.conftest import marking
from tests.browser.field_work import HERE, WorkPhone, open_phone, put_evening
from tests.integration.web_server import Server, web_server

pytestmark = pytest.mark.browser

GPS, ORIENTATION, MAKE, ON_ITS_SIDE = 0x8825, 0x0112, 0x010F, 6
MOST_BYTES, LONGEST_PX = 400 * 1024, 1600
Hold = Callable[..., WorkPhone]


def photo(width: int = 3000, height: int = 2000) -> bytes:
    """Make a JPEG that says where and by what it was taken, and that it lies on its side."""
    image = Image.effect_noise((width // 4, height // 4), 90).convert("RGB").resize((width, height))
    image.paste((200, 20, 20), (0, 0, width // 4, height))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = ON_ITS_SIDE, "Make of the camera"
    exif.get_ifd(GPS).update({1: "N", 2: (22.0, 20.0, 10.0), 3: "E", 4: (114.0, 11.0, 55.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Server]:
    """Give a web process with an evening on it, which keeps pictures in a place of its own."""
    settings = Settings(operation="live", allowed_hosts="127.0.0.1,localhost", data_dir=tmp_path)
    with web_server(with_pages=True, settings=settings) as server, marking(server.store):
        put_evening(server)
        yield server


@pytest.fixture
def hold(browser: Browser, centre: Server) -> Iterator[Hold]:
    """Give a function that puts a phone into somebody's hands; closed afterwards, unbroken."""
    held: list[WorkPhone] = []

    def pick_up(name: str = "ho", **options: Any) -> WorkPhone:
        phone = open_phone(browser, centre, name, **options)
        held.append(phone)
        return phone

    yield pick_up
    for phone in held:
        phone.page.context.close()
        assert not phone.errors, phone.errors


def reported(server: Server) -> list[Incident]:
    """List what came from phones."""
    return [one for one in server.entities(Incident) if one.reported_by == "field"]


def placed(phone: WorkPhone) -> Locator:
    """Give the words that say where."""
    return phone.page.locator(".quick-place-words")


def add_photo(phone: WorkPhone, key: str, *files: dict[str, Any]) -> None:
    """Take or choose pictures."""
    with phone.page.expect_file_chooser() as chooser:
        phone.tap(key)
    chooser.value.set_files(list(files))  # type: ignore[arg-type]


def picture(name: str = "IMG_1.jpg", media_type: str = "image/jpeg", data: bytes = b"") -> Any:
    """Give a file as a phone hands it over."""
    return {"name": name, "mimeType": media_type, "buffer": data or photo()}


def test_three_taps_report_what_and_where(hold: Hold, centre: Server) -> None:
    """Report, type, Send: an unverified incident with the phone's place and how exact it is."""
    phone = hold()
    phone.tab("report")
    phone.tap("type fallen_tree")
    expect(placed(phone)).to_have_text("Here, within 12 m")
    phone.tap("send")
    assert phone.taps == 3
    phone.comes(lambda: len(reported(centre)) == 1)
    found = reported(centre)[0]
    assert (found.incident_type, found.status) == ("fallen_tree", IncidentStatus.REPORTED)
    assert not found.verified
    assert found.geometry is not None
    assert found.geometry.coordinates == (HERE["longitude"], HERE["latitude"])
    assert (found.precision_m, found.author) == (12, "ho")
    row = phone.page.locator(".quick-sent")
    expect(row).to_contain_text("Fallen tree")
    expect(row).to_contain_text(str(found.number))
    expect(row).to_contain_text("Confirmed")


def test_a_photo_costs_two_more_taps(hold: Hold, centre: Server) -> None:
    """With a photo at most five; what goes out is small, upright, and tells nothing of itself."""
    phone = hold()
    sent: list[bytes] = []
    phone.page.on(
        "request", lambda one: "/pieces/" in one.url and sent.append(one.post_data_buffer or b"")
    )
    phone.tab("report")
    phone.tap("type flooding")
    add_photo(phone, "draft take", picture())
    expect(phone.page.locator(".photo-strip img")).to_have_count(1)
    expect(placed(phone)).to_contain_text("within 12 m")  # else it is asked for
    phone.tap("send")
    assert phone.taps <= 5
    phone.comes(lambda: reported(centre) and reported(centre)[0].attachments)
    expect(phone.page.locator(".quick-pictures")).to_have_text("Photo 1: received")
    data = b"".join(sent)
    assert 0 < len(data) <= MOST_BYTES
    assert b"Exif" not in data
    assert b"Make of the camera" not in data
    image = Image.open(io.BytesIO(data))
    assert not image.getexif()
    assert max(image.size) <= LONGEST_PX
    assert image.width < image.height, "it was taken on its side"
    red, green, _ = image.convert("RGB").getpixel((image.width // 2, 20))  # type: ignore[misc]
    assert red > 150 > green, "what was left is on top now"


def test_a_photo_without_room_stays_in_the_draft(hold: Hold, centre: Server) -> None:
    """Where there is no room for it that is said, and Send takes it up again; nothing twice."""
    phone = hold()
    phone.tab("report")
    phone.tap("type flooding")
    add_photo(phone, "draft take", picture())
    expect(phone.page.locator(".photo-strip img")).to_have_count(1)
    phone.ask(
        "void (self.whole = cop.outbox.add, cop.outbox.add = (given) =>"
        " (given.blob ? Promise.reject(cop.failure('kept.full')) : self.whole(given)))"
    )
    expect(placed(phone)).to_contain_text("within 12 m")  # else it is asked for
    phone.tap("send")
    expect(phone.page.locator(".toast.is-bad")).to_contain_text("storage is full")
    phone.comes(lambda: reported(centre))
    expect(phone.page.locator(".photo-strip img")).to_have_count(1)
    phone.ask("void (cop.outbox.add = self.whole)")
    phone.tap("send")
    phone.comes(lambda: reported(centre)[0].attachments)
    assert len(reported(centre)) == 1


def test_without_network_it_waits_and_goes_once(hold: Hold, centre: Server) -> None:
    """Report and photo wait on the phone over a reload; with network both arrive, once."""
    phone = hold()
    phone.go_offline()
    phone.tab("report")
    phone.tap("type landslide")
    expect(placed(phone)).to_contain_text("within 12 m")
    add_photo(phone, "draft choose", picture(), picture("IMG_2.jpg", data=photo(900, 700)))
    expect(phone.page.locator(".photo-strip img")).to_have_count(2)
    phone.page.reload()
    expect(phone.page.locator(".photo-strip img")).to_have_count(2)
    expect(phone.page.locator(".quick-chosen")).to_contain_text("Landslide")
    expect(placed(phone)).to_contain_text("within 12 m")
    phone.tap("send")
    row = phone.page.locator(".quick-sent")
    expect(row).to_contain_text("On this phone")
    expect(row).to_contain_text("Photo 2: on this phone")
    phone.page.reload()
    expect(row).to_contain_text("On this phone")
    assert reported(centre) == []
    phone.offline(off=False)
    phone.comes(lambda: phone.waiting() == 0)
    found = reported(centre)
    assert [(one.incident_type, len(one.attachments)) for one in found] == [("landslide", 2)]
    expect(row).to_contain_text("Photo 2: received")


def test_a_page_that_dies_while_sending_sends_once(hold: Hold, centre: Server) -> None:
    """The draft was put into the outbox and not removed yet: the next start does not repeat it."""
    phone = hold()
    phone.tab("report")
    phone.tap("type fire")
    expect(placed(phone)).to_contain_text("within 12 m")
    phone.ask("void (cop.db.remove = () => new Promise(() => {}))")
    phone.tap("send")
    phone.comes(lambda: len(reported(centre)) == 1)
    phone.page.reload()
    phone.page.locator("[data-tab=report]").tap()
    expect(phone.page.locator(".quick-sent")).to_have_count(1)
    phone.comes(lambda: not phone.ask("cop.db.get('state', 'draft.report ho')"))
    phone.comes(lambda: phone.waiting() == 0)
    assert len(reported(centre)) == 1


def test_a_coarse_place_says_so_and_none_is_asked_for(hold: Hold, centre: Server) -> None:
    """800 m is said to be only that; a phone that may not tell asks for words, and goes without."""
    coarse = hold(place={**HERE, "accuracy": 800})
    coarse.tab("report")
    coarse.tap("type crowd")
    expect(placed(coarse)).to_contain_text("Only within 800 m: place it on the map")
    none = hold(place=None)
    none.tab("report")
    none.tap("type power_failure")
    expect(placed(none)).to_contain_text("may not tell its place")
    none.tap("send")
    sheet = none.page.locator("dialog.sheet")
    expect(sheet).to_contain_text("Without a place nobody can find it.")
    sheet.locator("input").fill("Block C, Mei Foo")
    sheet.locator("[data-key='ask-send']").tap()
    none.comes(lambda: len(reported(centre)) == 1)
    found = reported(centre)[0]
    assert (found.geometry, found.place["en"]) == (None, "Block C, Mei Foo")


def test_who_stands_still_keeps_a_place(hold: Hold) -> None:
    """A place that has grown old is asked for anew, also where the phone has not moved since."""
    phone = hold()
    phone.tab("report")
    phone.tap("type flooding")
    expect(placed(phone)).to_contain_text("Here, within")
    phone.ask(
        "(() => { const real = Date.now; Date.now = () => real() + 130000;"
        " cop.field.redraw(); Date.now = real; })()"
    )
    expect(placed(phone)).to_contain_text("Here, within")


def test_it_may_be_placed_on_the_map_and_said_in_full(hold: Hold, centre: Server) -> None:
    """The map instead of the phone's place; words, how bad, who is hurt."""
    phone = hold(place={**HERE, "accuracy": 800})
    phone.tab("report")
    phone.tap("type structural")
    phone.tap("pick")
    phone.page.locator("[data-key='pick-use']").tap()
    expect(placed(phone)).to_contain_text("Placed on the map")
    phone.at("quick words").fill("Scaffolding over the road")
    phone.page.locator("label:has([data-key='severity Severe'])").tap()
    phone.tap("more trapped")
    phone.tap("more trapped")
    phone.tap("fewer serious")
    phone.tap("send")
    phone.comes(lambda: len(reported(centre)) == 1)
    found = reported(centre)[0]
    assert found.title["en"] == "Scaffolding over the road"
    assert (found.severity, found.precision_m) == (Severity.SEVERE, None)
    assert found.casualties is not None
    assert (found.casualties.trapped, found.casualties.serious, found.casualties.minor) == (
        2,
        0,
        None,
    )


def test_about_my_task_it_is_a_remark(hold: Hold, centre: Server) -> None:
    """Words go to the incident of my task as a remark, photos to its pictures; nothing is new."""
    phone = hold()
    phone.tab("report")
    phone.tap("about-task")
    phone.tap("send")
    expect(phone.page.locator(".toast")).to_contain_text("Write something or add a photo.")
    phone.at("quick words").fill("Water up to the knee")
    add_photo(phone, "draft choose", picture())
    expect(phone.page.locator(".photo-strip img")).to_have_count(1)
    phone.tap("send")
    phone.at("about-task").wait_for()
    phone.comes(lambda: phone.waiting() == 0)
    task = phone.ask("cop.field.data.duty.assignments[0].properties.incident")
    assert [one.about for one in centre.entities(Note) if one.author == "ho"] == [task]
    phone.comes(lambda: len(phone.stored(Incident, task).attachments) == 1)
    assert reported(centre) == []


def test_what_is_no_picture_is_refused_in_words(hold: Hold) -> None:
    """HEIC that the browser cannot read, a damaged file, a text: each with its name and why."""
    phone = hold()
    phone.tab("report")
    phone.tap("type other")
    bad = (
        picture("IMG_3.HEIC", "image/heic", b"ftypheic"),
        picture("broken.jpg", data=photo(400, 300)[:2000]),
        picture("notes.txt", "text/plain", b"words"),
    )
    add_photo(phone, "draft choose", *bad, picture("good.jpg", data=photo(400, 300)))
    said = phone.page.locator(".quick-photos [role=status]")
    expect(said).to_contain_text("notes.txt: This is not a picture.")
    expect(said).to_contain_text("IMG_3.HEIC: This browser cannot read HEIC")
    expect(phone.page.locator(".photo-strip img").last).to_be_visible()
    phone.tap("photo-out 0")
    wait(lambda: phone.ask("document.querySelectorAll('.photo-strip img').length") <= 1)


def test_one_more_photo_can_follow(hold: Hold, centre: Server) -> None:
    """After the report was confirmed, a photo goes to the same incident."""
    phone = hold()
    phone.tab("report")
    phone.tap("type rescue")
    expect(placed(phone)).to_contain_text("within 12 m")
    phone.tap("send")
    row = phone.page.locator(".quick-sent")
    expect(row).to_contain_text("Confirmed")
    row.locator("summary").tap()
    with phone.page.expect_file_chooser() as chooser:
        row.get_by_role("button", name="Choose photos").tap()
    chooser.value.set_files([picture()])
    expect(row).to_contain_text("Photo 1: received")
    assert len(reported(centre)[0].attachments) == 1


def test_a_draft_is_its_authors_alone(hold: Hold) -> None:
    """Signing out leaves nothing of a draft on the phone, not even its photos."""
    phone = hold()
    phone.tab("report")
    phone.tap("type fire")
    add_photo(phone, "draft choose", picture(data=photo(400, 300)))
    expect(phone.page.locator(".photo-strip img")).to_have_count(1)
    wait(lambda: phone.ask("cop.db.all('blobs').then((all) => all.length)") == 1)
    phone.tab("more")
    phone.tap("sign-out")
    phone.page.locator("dialog.sheet .is-filled").tap()
    phone.page.locator(".sign-in").first.wait_for()
    wait(lambda: phone.ask("cop.db.all('blobs').then((all) => all.length)") == 0)
    wait(lambda: not phone.ask("cop.db.get('state', 'draft.report ho')"))


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_breaks_no_rule_of_access(hold: Hold, lang: str) -> None:
    """The grid, the form with a photo, the question for a place, what was sent."""
    phone = hold(lang=lang, place=None)
    phone.tab("report")
    phone.at("type flooding").wait_for()
    assert broken(phone.page, colours=lang == LANGS[0]) == []
    phone.tap("type flooding")
    add_photo(phone, "draft choose", picture(data=photo(400, 300)))
    phone.page.locator(".photo-strip img").wait_for()
    assert broken(phone.page, colours=lang == LANGS[0]) == []
    phone.tap("send")
    phone.page.locator("dialog.sheet[open]").wait_for()
    phone.page.wait_for_timeout(250)  # it has risen
    assert broken(phone.page, colours=lang == LANGS[0]) == []
    phone.tap("ask-send")
    phone.page.locator(".quick-sent summary").tap()
    assert broken(phone.page, colours=lang == LANGS[0]) == []
