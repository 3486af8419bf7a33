"""Whatever happens to the picture, whoever follows the pointer ends with exactly the newest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from cop.model.text import LANGS
from cop.services.publishing.editions import (
    CHANGES_KEPT,
    Content,
    File,
    Series,
    apply,
    change_path,
    content_of,
    kept_path,
    read_base,
)
from tests.unit.services.publishing.pressing import blocks_of, feed, picture_of

_keys = st.sampled_from(["a:1", "b:2", "c/3", "d é", "e"])
_values = st.one_of(st.integers(0, 3), st.text(max_size=3), st.none())
_pictures = st.lists(st.dictionaries(_keys, _values, max_size=5), min_size=1, max_size=40)


class Viewer:
    """Somebody who holds an edition and follows the pointer, as the script of a page does."""

    def __init__(self, lang: Any, version: int, content: Content) -> None:
        """Hold *content*, as a page and the whole picture of that edition gave it."""
        self.lang = lang
        self.version = version
        self.features = {key: orjson.loads(one) for key, one in content.features.items()}
        self.blocks = {key: orjson.loads(one) for key, one in content.blocks[lang].items()}

    def catch_up(self, pointer: Any, disk: dict[str, bytes]) -> None:
        """Take the changes since, or everything anew where they do not reach back so far."""
        steps = pointer["changes"]
        if self.version < pointer["version"] and (not steps or steps[0]["to"] > self.version + 1):
            self.take_base(pointer, disk)
        for step in steps:
            if step["to"] > self.version:
                told = orjson.loads(disk[change_path(step["to"], step["hash"], self.lang)])
                assert (told["series"], told["from"]) == (pointer["series"], self.version)
                self.take_change(told)

    def take_base(self, pointer: Any, disk: dict[str, bytes]) -> None:
        """Begin anew with the whole picture; its blocks stand in a page of that edition."""
        base = disk[pointer["picture"]["path"][1:]]
        kept = disk[kept_path(pointer["series"], pointer["picture"]["version"])]
        _, version, content = read_base(base, kept)
        self.__init__(self.lang, version, content)  # type: ignore[misc]

    def take_change(self, told: Any) -> None:
        """Go one edition on."""
        for one in told["put"]:
            self.features[one["id"]] = one
        for key in told["remove"]:
            del self.features[key]
        for one in told["blocks"]["put"]:
            self.blocks[one["key"]] = one
        for key in told["blocks"]["remove"]:
            del self.blocks[key]
        self.version = told["to"]


@given(_pictures, st.data())
def test_whoever_follows_has_the_newest(
    pictures: list[dict[str, Any]], data: st.DataObject
) -> None:
    """From any edition, by the changes or by the whole picture, one comes to the same end."""
    series = Series("s", "live", exercise=False)
    disk: dict[str, bytes] = {}
    viewers: list[Viewer] = []
    pointer: Any = {}
    # beside much that stays the whole picture is seldom renewed
    stays = dict.fromkeys(map(str, range(40)), "here") if data.draw(st.booleans()) else {}
    for number, values in enumerate(pictures):
        picture = picture_of(stays | values, after_s=number)
        content = content_of(picture, blocks_of(picture))
        before = series.version
        files = series.take(picture, content)
        assert (series.version == before) == (files == []), "a version is used for a change only"
        disk.update((file.path, file.body) for file in files)
        pointer = orjson.loads(series.pointer(picture, 5.0, picture.feeds))
        if data.draw(st.booleans()):
            lang = data.draw(st.sampled_from(LANGS))
            viewers.append(Viewer(lang, series.version, content))
        for viewer in viewers:
            if data.draw(st.integers(0, 3)) == 0:
                viewer.catch_up(pointer, disk)
        assert series.paths() <= disk.keys()
    last = picture_of(stays | pictures[-1], after_s=len(pictures) - 1)
    words = blocks_of(last)
    for viewer in viewers:
        viewer.catch_up(pointer, disk)
        assert viewer.version == pointer["version"]
        assert viewer.features == dict(last.features)
        assert {key: one["html"] for key, one in viewer.blocks.items()} == {
            piece.key: piece.html for piece in words[viewer.lang]
        }


@given(_pictures)
def test_a_writer_that_reads_its_files_has_what_it_wrote(pictures: list[dict[str, Any]]) -> None:
    """The whole picture, its blocks and the changes after it give the content that was kept."""
    series = Series("s", "live", exercise=False)
    disk: dict[str, bytes] = {}
    for number, values in enumerate(pictures):
        picture = picture_of(values, after_s=number)
        content = content_of(picture, blocks_of(picture))
        disk.update((file.path, file.body) for file in series.take(picture, content))
    name, version, content = read_base(
        disk[series.base.path], disk[kept_path("s", series.base.version)]
    )
    for change in series.changes:
        if change.to > version:
            content, version = apply(content, change), change.to
    assert (name, version) == ("s", series.version)
    assert content.features == series.content.features
    assert content.blocks == series.content.blocks


def take(series: Series, values: dict[str, Any], number: int = 0) -> list[File]:
    """Make the next edition."""
    picture = picture_of(values, after_s=number)
    return series.take(picture, content_of(picture, blocks_of(picture)))


def test_a_poll_without_news_is_no_edition() -> None:
    """That a feed was read again, or failed, changes the pointer and nothing else."""
    series = Series("s", "live", exercise=False)
    assert take(series, {"a": 1})
    later = picture_of({"a": 1}, after_s=600)
    failing = replace(feed(), state="failing")
    for one in (later, replace(later, feeds={"td_roads": failing})):
        assert series.take(one, content_of(one, blocks_of(one))) == []
    pointer = orjson.loads(series.pointer(later, 5.0, later.feeds))
    assert pointer["known"] == {"td_roads": "2026-09-08T04:10:00Z"}
    assert (pointer["version"], pointer["changes"]) == (1, [])


def test_the_way_back_is_long_enough_and_no_longer() -> None:
    """About thirty changes are named; the whole picture is never more than twelve of them old."""
    series = Series("s", "live", exercise=False)
    many = {f"x:{number}": "a long enough value" * 20 for number in range(40)}
    for number in range(100):
        take(series, many | {"a": number}, number)
        assert [one.to for one in series.changes] == list(
            range(max(2, series.version - CHANGES_KEPT + 1), series.version + 1)
        )
        assert series.version - series.base.version <= 12


def test_a_heavy_change_renews_the_whole_picture() -> None:
    """Where the changes weigh more than a quarter of it, newcomers are given a new one."""
    series = Series("s", "live", exercise=False)
    take(series, {f"x:{number}": 0 for number in range(40)})
    take(series, {f"x:{number}": 1 for number in range(40)})
    assert series.base.version == series.version == 2


def test_names_never_lie() -> None:
    """Another content has another name, and a change has the same hash in every language."""
    series = Series("s", "live", exercise=False)
    take(series, {"a": 1})
    first = take(series, {"a": 2})
    other = Series("s", "live", exercise=False)
    take(other, {"a": 1})
    second = take(other, {"a": 3})
    assert {file.path for file in first}.isdisjoint(
        file.path for file in second if file.path.startswith("public/c/")
    )
    names = [file.path.split("/")[-1].split(".")[0] for file in first if "/c/" in file.path]
    assert len(names) == len(LANGS)
    assert len(set(names)) == 1
