"""The press: what it wrote it finds again, and nothing that is led to is ever missing."""

from __future__ import annotations

import errno
import gzip
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from cop.config import Settings
from cop.services.publishing import files as files_module
from cop.services.publishing import press as press_module
from cop.services.publishing.editions import Document, File, content_of
from cop.services.publishing.files import LINGER_S, PublicFiles
from cop.services.publishing.paths import POINTER, public_root
from cop.services.publishing.press import Press
from tests.unit.services.publishing.pressing import NOW, PlainSite, blocks_of, picture_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the settings of an operation with a data directory of its own."""
    return Settings(data_dir=tmp_path)


def open_press(settings: Settings) -> Press:
    """Open the press on the files of *settings*, as after a start."""
    press = Press(PublicFiles(public_root(settings.data_dir)), settings)
    press.open()
    return press


def publish(press: Press, values: dict[str, Any], after_s: float = 0) -> bool:
    """Make an edition and move the pointer; tell whether it was news."""
    picture = picture_of(values, after_s=after_s)
    is_news = press.publish(picture, content_of(picture, blocks_of(picture)))
    press.point(picture, picture.feeds)
    return is_news


def pointer(settings: Settings) -> Any:
    """Read the pointer."""
    return orjson.loads((public_root(settings.data_dir) / POINTER).read_bytes())


def test_a_restart_goes_on_with_the_series(settings: Settings) -> None:
    """Series and version go on, the next change is one from what viewers have, no news is none."""
    press = open_press(settings)
    for number in range(20):
        publish(press, {"a": number, "b": 1, "c": "x" * 300}, number)
    before = pointer(settings)
    again = open_press(settings)
    assert again.series.content == press.series.content
    assert not publish(again, {"a": 19, "b": 1, "c": "x" * 300}, 30)
    assert publish(again, {"a": 20, "c": "x" * 300}, 31)
    after = pointer(settings)
    assert (after["series"], after["version"]) == (before["series"], before["version"] + 1)
    path = public_root(settings.data_dir) / f"public/c/21-{after['changes'][-1]['hash']}.en.json"
    told = orjson.loads(path.read_bytes())
    assert (told["from"], told["remove"]) == (20, ["b"])
    assert [one["properties"]["value"] for one in told["put"]] == [20]


def spoil_pointer(root: Path) -> None:
    """Leave half a pointer, as after a power cut."""
    (root / POINTER).write_bytes(b'{"series":"a')


def lose_change(root: Path) -> None:
    """Lose one of the changes."""
    next((root / "public/c").glob("*.tc.json")).unlink()


def spoil_change(root: Path) -> None:
    """Empty one of the changes."""
    next((root / "public/c").glob("*.en.json")).write_bytes(b"")


def spoil_picture(root: Path) -> None:
    """Change a byte of the whole picture."""
    told = orjson.loads((root / POINTER).read_bytes())
    path = root / told["picture"]["path"][1:]
    path.write_bytes(path.read_bytes().replace(b"live", b"lime"))


def lose_blocks(root: Path) -> None:
    """Lose the blocks kept for a restart."""
    for path in (root / ".kept").glob("*.json"):
        path.unlink()


def spoil_pointers_type(root: Path) -> None:
    """Leave JSON that is no pointer."""
    (root / POINTER).write_bytes(b"[1]")


@pytest.mark.parametrize(
    "spoil",
    [spoil_pointer, lose_change, spoil_change, spoil_picture, lose_blocks, spoil_pointers_type],
)
def test_what_cannot_be_read_begins_a_new_series(
    settings: Settings, spoil: Callable[[Path], None]
) -> None:
    """Nobody is given changes to something other than what they have."""
    press = open_press(settings)
    for number in range(3):
        publish(press, {"a": number, "c": "x" * 3000}, number)
    spoil(public_root(settings.data_dir))
    again = open_press(settings)
    assert again.series.id != press.series.id
    publish(again, {"a": 2}, 5)
    assert pointer(settings)["version"] == 1


def test_another_operation_is_another_series(settings: Settings) -> None:
    """An exercise never goes on with the live city's series, nor remembers what that showed."""
    press = open_press(settings)
    publish(press, {"a": 1})
    press.remember(b"what was shown", NOW)
    assert Press(PublicFiles(public_root(settings.data_dir)), settings).open() == b"what was shown"
    other = settings.model_copy(update={"operation": "exercise-x", "scenario": "x"})
    exercise = Press(PublicFiles(public_root(settings.data_dir)), other)
    assert exercise.open() is None
    assert exercise.series.id != press.series.id


def test_a_full_disk_is_made_up_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be written all stays as it was; then the missing edition comes first."""
    press = open_press(settings)
    publish(press, {"a": 1, "c": "x" * 3000})
    root = public_root(settings.data_dir)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    real = os.open

    def full(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if flags & os.O_CREAT and str(path).endswith(".draft"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, flags, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(files_module.os, "open", full)
        for number in range(3):
            with pytest.raises(OSError, match="No space"):
                publish(press, {"a": 2 + number, "c": "x" * 3000}, number)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    publish(press, {"a": 9, "c": "x" * 3000}, 9)
    again = open_press(settings)
    assert again.series.id == press.series.id
    assert again.series.content == press.series.content
    assert b'"value":9' in again.series.content.features["a"]


def test_old_files_stay_as_long_as_somebody_may_be_led_to_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the pointer has left stays a quarter of an hour, scripts a day; then they go."""
    press = open_press(settings)
    root = public_root(settings.data_dir)
    press.write_scripts([File("public/a/old.0.js", b"1")], NOW)
    press = open_press(settings)
    press.write_scripts([File("public/a/new.1.js", b"2")], NOW)
    for number in range(3):
        publish(press, {f"x{place}": number for place in range(20)}, number)
    first = next((root / "public/p").glob("1-*.json"))
    now = time.monotonic()
    for after, stays, script_stays in (
        (0.0, True, True),
        (LINGER_S - 1, True, True),
        (LINGER_S + 1, False, True),
        (86_401.0, False, False),
    ):
        monkeypatch.setattr(files_module.time, "monotonic", lambda after=after: now + after)
        press.prune()
        assert first.exists() is stays
        assert first.with_name(first.name + ".gz").exists() is stays
        assert (root / "public/a/old.0.js").exists() is script_stays
    assert (root / "public/a/new.1.js").exists()
    assert all((root / path).exists() for path in press.series.paths())


def test_what_is_kept_for_a_restart_is_not_pruned(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long nothing leads to it, the memory stays, and it is for us alone."""
    press = open_press(settings)
    publish(press, {"a": 1})
    press.remember(b"what was shown", NOW)
    now = time.monotonic()
    for after in (0.0, LINGER_S + 1):
        monkeypatch.setattr(files_module.time, "monotonic", lambda after=after: now + after)
        press.prune()
    again = Press(PublicFiles(public_root(settings.data_dir)), settings)
    assert again.open() == b"what was shown"
    assert again.series.id == press.series.id
    kept = (public_root(settings.data_dir) / ".kept").iterdir()
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}


@pytest.mark.parametrize("change", [{"operation": "live-2"}, {"scenario": "x"}])
def test_nothing_of_another_operation_is_left(settings: Settings, change: dict[str, str]) -> None:
    """From the first moment, be Redis there or not; scripts may stay."""
    press, site, picture = open_press(settings), PlainSite(), picture_of({"a": 1})
    press.write_scripts(site.scripts(), NOW)
    publish(press, {"a": 1})
    press.write_documents(site.documents(picture, "s", 1, blocks_of(picture)), NOW)
    open_press(settings.model_copy(update=change))
    root = public_root(settings.data_dir)
    left = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert left == {site.script, f"{site.script}.gz", ".kept/owner"}


def test_files_of_nobody_known_are_taken_for_anothers(settings: Settings) -> None:
    """Where it is not said whose they are, they are not shown as ours."""
    press = open_press(settings)
    publish(press, {"a": 1})
    root = public_root(settings.data_dir)
    (root / ".kept/owner").unlink()
    assert open_press(settings).series.id != press.series.id
    assert not (root / POINTER).exists()


def test_one_document_that_fails_stops_no_other(settings: Settings) -> None:
    """It stays as it is, with its old time; so does one that the disk refuses."""
    press, picture = open_press(settings), picture_of({"a": 1})
    root = public_root(settings.data_dir)
    site = PlainSite()
    assert press.write_documents(site.documents(picture, "s", 1, blocks_of(picture)), NOW)
    in_the_way = root / "public/feeds/en/all.json"
    in_the_way.unlink()
    in_the_way.mkdir()
    (root / "robots.txt").unlink()
    later = picture_of({"a": 2}, after_s=60)

    def fail() -> bytes:
        raise RecursionError

    drafts = [
        Document(one.path, fail) if one.path == "tc/index.html" else one
        for one in site.documents(later, "s", 2, blocks_of(later))
    ]
    assert not press.write_documents(drafts, later.made_at)
    times = {path: (root / f"{path}/index.html").stat().st_mtime for path in ("tc", "en", "sc")}
    now, then = later.made_at.timestamp(), NOW.timestamp()
    assert times == {"tc": then, "en": now, "sc": now}
    assert b"zh-Hant 1" in (root / "tc/index.html").read_bytes()
    assert (root / "robots.txt").exists(), "what somebody removed is written again"
    in_the_way.rmdir()
    assert press.write_documents(site.documents(later, "s", 2, blocks_of(later)), later.made_at)
    assert b"zh-Hant 2" in (root / "tc/index.html").read_bytes()


def test_downloads_are_written_once_a_minute(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not even made sooner; and never so late that they are missing."""
    press, root, now = open_press(settings), public_root(settings.data_dir), time.monotonic()
    data = root / "public/data/roads.csv"
    for after, changed in ((0.0, True), (5.0, False), (49.0, False), (60.0, True), (70.0, False)):
        monkeypatch.setattr(press_module.time, "monotonic", lambda after=after: now + after)
        picture = picture_of({"a": 1}, after_s=after)
        before = data.read_bytes() if data.exists() else b""
        press.write_documents(PlainSite().documents(picture, "s", 1, blocks_of(picture)), NOW)
        assert (data.read_bytes() != before) is changed


def test_half_written_files_are_cleared_away(settings: Settings) -> None:
    """What a killed writer left is removed at the next start, and nothing else is."""
    press = open_press(settings)
    publish(press, {"a": 1})
    root = public_root(settings.data_dir)
    drafts = [root / ".now.json.0badcafe.draft", root / "public/c/.1-x.en.json.01234567.draft"]
    drafts[1].parent.mkdir(parents=True, exist_ok=True)
    for draft in drafts:
        draft.write_bytes(b"half")
    before = {path for path in root.rglob("*") if path.is_file()} - set(drafts)
    open_press(settings)
    assert {path for path in root.rglob("*") if path.is_file()} == before


def test_pages_are_written_whole_and_old_ones_go(settings: Settings) -> None:
    """Each has its compressed twin; one that is made no more is removed; an equal one gets time."""
    press = open_press(settings)
    site = PlainSite()
    picture = picture_of({"a": 1})
    root = public_root(settings.data_dir)
    (root / "en/district/atlantis").mkdir(parents=True)
    (root / "en/district/atlantis/index.html").write_bytes(b"old")
    press.write_scripts(site.scripts(), NOW)
    publish(press, {"a": 1})
    press.write_documents(site.documents(picture, "s", 1, blocks_of(picture)), NOW)
    assert not (root / "en/district/atlantis/index.html").exists()
    assert (root / site.script).exists()
    assert (root / POINTER).exists()
    page = root / "en/index.html"
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()
    assert page.stat().st_mtime == NOW.timestamp()
    later = picture_of({"a": 1}, after_s=60)
    inode = page.stat().st_ino
    press.write_documents(site.documents(later, "s", 1, blocks_of(later)), later.made_at)
    assert page.stat().st_mtime == later.made_at.timestamp()
    assert page.stat().st_ino == inode


def test_a_closed_site_holds_its_pages_alone(settings: Settings) -> None:
    """No picture, change, feed or pointer of before is left; scripts are."""
    press = open_press(settings)
    site = PlainSite()
    picture = picture_of({"a": 1})
    press.write_scripts(site.scripts(), NOW)
    publish(press, {"a": 1})
    press.write_documents(site.documents(picture, "s", 1, blocks_of(picture)), NOW)
    press.close_site(site.closed(), NOW)
    root = public_root(settings.data_dir)
    left = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    plain = {name for name in left if not name.endswith(".gz") and not name.startswith(".")}
    assert plain == {site.script, *(f"{part}/index.html" for part in ("en", "tc", "sc"))}


def test_one_writer_at_a_time(settings: Settings) -> None:
    """A second one is told to wait until the first has let go."""
    first, second = (PublicFiles(public_root(settings.data_dir)) for _ in range(2))
    assert first.hold()
    assert not second.hold()
    first.release()
    assert second.hold()
    second.release()
