"""What a partner is answered: the whole in parts, then changes, nothing that it may not know."""

from __future__ import annotations

import copy
from datetime import timedelta
from pathlib import Path

import pytest

from cop.errors import NotPossible, TooOften
from cop.model.geometry import point
from cop.model.kinds import Incident, Need
from cop.model.record import cursor_key
from cop.services.exchange import giving
from cop.services.exchange.book import Book
from tests.unit.services.exchange.network import NOW, Node

BORDER = [[113.9, 22.45, 114.3, 22.6]]


@pytest.fixture
def hk(tmp_path: Path) -> Node:
    """Give an installation with one partner, which gets incidents near the border."""
    node = Node("hk", tmp_path)
    node.knows("gd", shares=["incident"], takes=["incident"], areas=BORDER)
    return node


def incident(name: str, lat: float = 22.5) -> Incident:
    """Make an incident; at 22.2 it is far from the border."""
    return Incident(
        id=f"incident:{name}",
        publisher="DSD",
        incident_type="flooding",
        status="verified",
        reported_at=NOW,
        geometry=point(114.1, lat),
    )


def ids(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    """Give the ids that are put."""
    return [feature["id"] for feature in answer["put"]]


def test_the_whole_comes_in_parts(hk: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the ids, each part saying between which it is whole; then changes follow."""
    monkeypatch.setattr(giving, "MOST_FEATURES", 2)
    hk.put(*(incident(name) for name in "abcde"), incident("far", lat=22.2))
    first = hk.answer("gd")
    assert (ids(first), first["whole"], first["more"]) == (
        ["incident:a", "incident:b"],
        {"after": "", "upto": "incident:b"},
        True,
    )
    second = hk.answer("gd", first["cursor"])
    assert second["whole"] == {"after": "incident:b", "upto": "incident:d"}
    hk.put(incident("aa"))  # behind what was given
    hk.take_off("incident:c")
    third = hk.answer("gd", second["cursor"])
    assert third["whole"] == {"after": "incident:d", "upto": None}
    after = hk.answer("gd", third["cursor"])
    assert (after["whole"], ids(after), after["remove"]) == (None, ["incident:aa"], ["incident:c"])
    last = hk.answer("gd", after["cursor"])
    assert (last["put"], last["remove"], last["more"]) == ([], [], False)


@pytest.mark.parametrize(
    ("lat", "named"), [(22.5, "incident:a"), (22.2, "need:n")], ids=["shared", "not-shared"]
)
def test_a_need_names_only_what_is_shared(hk: Node, lat: float, named: str) -> None:
    """What a need is for is named where the partner gets that too; else the need names itself."""
    hk.knows("gd", shares=["incident", "need"], takes=["incident"], areas=BORDER)
    need = Need(
        id="need:n",
        publisher="DSD",
        subject="incident:a",
        item="water",
        quantity=2,
        asked_at=NOW,
        geometry=point(114.1, 22.5),
    )
    cursor = hk.answer("gd")["cursor"]
    hk.put(incident("a", lat=lat), need)
    for after in ("", cursor):
        put = {one["id"]: one for one in hk.answer("gd", after)["put"]}
        assert put["need:n"]["properties"]["subject"] == named


def test_removals_of_what_it_never_had_are_not_told(hk: Node) -> None:
    """The id of what a partner may not see stays here, even when it ends."""
    hk.put(incident("near"), incident("far", lat=22.2))
    cursor = hk.answer("gd")["cursor"]
    hk.take_off("incident:near", "incident:far")
    assert hk.answer("gd", cursor)["remove"] == ["incident:near"]


def test_a_removal_is_told_until_it_is_known(hk: Node) -> None:
    """Who asks with the same cursor again gets the same answer; once past it, the book forgets."""
    hk.put(incident("a"))
    cursor = hk.answer("gd")["cursor"]
    hk.take_off("incident:a")
    first = hk.answer("gd", cursor)
    assert first["remove"] == hk.answer("gd", cursor)["remove"] == ["incident:a"]
    assert Book.read(hk.store, "gd").held == {"incident:a": first["cursor"].partition("~")[0]}
    hk.answer("gd", first["cursor"])
    assert Book.read(hk.store, "gd").held == {}


def test_what_comes_and_goes_in_one_answer(hk: Node) -> None:
    """The last of it counts: what came and went is a removal, what went and came is put."""
    cursor = hk.answer("gd")["cursor"]
    hk.put(incident("a"))
    hk.take_off("incident:a")
    hk.put(incident("b"))
    hk.take_off("incident:b")
    hk.put(incident("b"))
    answer = hk.answer("gd", cursor)
    assert (ids(answer), answer["remove"]) == (["incident:b"], ["incident:a"])


def test_a_cursor_that_is_too_old_begins_anew(hk: Node) -> None:
    """Where the log does not reach back any more, the whole comes."""
    hk.put(incident("a"))
    cursor = hk.answer("gd")["cursor"]
    hk.put(incident("b"))
    hk.store.trim(0, tombstones_before_ms=0)
    hk.put(incident("c"))
    answer = hk.answer("gd", cursor)
    assert answer["whole"] == {"after": "", "upto": None}
    assert ids(answer) == ["incident:a", "incident:b", "incident:c"]


def test_what_changed_at_once_is_never_more_than_an_answer(
    hk: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One event that is larger comes as the whole, in parts; whoever asks is never stuck at it."""
    cursor = hk.answer("gd")["cursor"]
    hk.put(*(incident(name) for name in "abcd"))
    monkeypatch.setattr(giving, "MOST_ANSWER_BYTES", 500)
    monkeypatch.setattr(giving, "MOST_BYTES", 400)
    got: list[str] = []
    answer = hk.answer("gd", cursor)
    while answer["whole"] is not None:
        assert len(ids(answer)) < 4
        got += ids(answer)
        answer = hk.answer("gd", answer["cursor"])
    assert got == [f"incident:{name}" for name in "abcd"]
    assert (answer["put"], answer["more"]) == ([], False)


def test_a_log_that_was_put_back_begins_anew(hk: Node) -> None:
    """After a backup was restored the whole comes: what was lost here is gone there as well."""
    hk.put(incident("a"))
    parts = vars(hk.store)
    backup = {name: copy.copy(part) for name, part in parts.items() if name != "_changed"}
    hk.put(incident("b"))
    cursor = hk.answer("gd")["cursor"]
    parts.update(backup)
    at = cursor_key(cursor.partition("~")[0])
    while cursor_key(hk.store.cursor()) <= at:
        hk.put(incident("c"))
    answer = hk.answer("gd", cursor)
    assert answer["whole"] == {"after": "", "upto": None}
    assert ids(answer) == ["incident:a", "incident:c"]


def test_another_log_begins_anew(hk: Node, tmp_path: Path) -> None:
    """The cursor of a store that was emptied since gets the whole, never silently nothing."""
    cursor = hk.answer("gd")["cursor"]
    again = Node("hk2", tmp_path)
    again.knows("gd", shares=["incident"], takes=["incident"], areas=BORDER)
    again.put(incident("a"))
    assert again.answer("gd", cursor)["whole"] is not None


@pytest.mark.parametrize("cursor", ["x", "1-2", "1-2~", "~", "-~x", "1-²~x", f"{1 << 64}-0~x"])
def test_what_is_no_cursor_is_refused(hk: Node, cursor: str) -> None:
    """It is an error of whoever asks."""
    with pytest.raises(ValueError, match="cursor"):
        hk.answer("gd", cursor)


def test_nothing_after_the_end(hk: Node) -> None:
    """At the end of the agreement, to the second, nothing is given; nor before it begins."""
    hk.clock.moment = NOW + timedelta(days=1)
    with pytest.raises(NotPossible) as ended:
        hk.answer("gd")
    assert ended.value.code == "agreement-ended"
    hk.clock.moment = NOW - timedelta(seconds=1)
    with pytest.raises(NotPossible) as early:
        hk.answer("gd")
    assert early.value.code == "agreement-not-begun"


def test_one_answer_at_a_time(hk: Node) -> None:
    """While one answer is made, a second is put off: the book has one writer."""
    assert hk.store.lock("exchange:give:gd", ttl_ms=60_000)
    with pytest.raises(TooOften):
        hk.answer("gd")
