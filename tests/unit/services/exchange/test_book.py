"""The book of what a partner was given: counted at once, in the journal every ten minutes."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from cop.model.journal import Deed
from cop.services.exchange import book as books
from cop.services.exchange.book import Book
from cop.services.exchange.partners import partner_of
from cop.services.policy import Action
from tests.unit.services.exchange.network import NOW, Node


@pytest.fixture
def hk(tmp_path: Path) -> Node:
    """Give an installation with one partner."""
    node = Node("hk", tmp_path)
    node.knows("gd", shares=["incident"], takes=[])
    return node


def entries(hk: Node) -> list[Deed]:
    """Give what the journal says of the partner."""
    return [Deed.decode(link.body) for link in hk.store.journal_of("partner:gd")]


def test_one_entry_for_ten_minutes(hk: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers add up until they are ten minutes old; then one entry tells of them, once."""
    minutes = [0.0]
    monkeypatch.setattr(books.time, "time_ns", lambda: int(minutes[0] * 60e9))
    plan = partner_of(hk.desk.settings, "gd")
    for minutes[0] in (0, 4, 9.9):
        book = Book.read(hk.store, "gd")
        book.note(NOW, {"incident": 2}, 1)
        book.write(hk.store)
        book.settle(hk.desk, plan)
    assert entries(hk) == []
    minutes[0] = 10
    twin = Book.read(hk.store, "gd")
    Book.read(hk.store, "gd").settle(hk.desk, plan)
    twin.settle(hk.desk, plan)  # another process came to it as well
    (entry,) = entries(hk)
    assert (entry.action, entry.who.name, entry.id) == (Action.EXCHANGE, "gd", "partner:gd")
    assert "6 put (incident 6), 3 removed" in str(entry.reason)
    kept = Book.read(hk.store, "gd").shared
    assert (kept["window"], kept["put"], kept["removed"]) == (None, {"incident": 6}, 3)


def test_an_answer_with_nothing_leaves_no_entry(hk: Node) -> None:
    """That it asked is noted, that nothing was given is not."""
    book = Book.read(hk.store, "gd")
    book.note(NOW, {}, 0)
    book.settle(hk.desk, partner_of(hk.desk.settings, "gd"), at_once=True)
    assert entries(hk) == []
    assert (book.shared["asked_at"], book.shared["given_at"]) == ("2026-09-08T04:00:00Z", None)
    assert orjson.dumps(book.shared)


def test_what_is_gone_is_kept_until_it_is_known(hk: Node) -> None:
    """A removal is forgotten once the partner has come past it; what it never had is not told."""
    book = Book.read(hk.store, "gd")
    book.has("incident:1")
    assert not book.gone("incident:2", "5-0")
    assert book.gone("incident:1", "5-0")
    book.confirm("4-9")
    assert book.held == {"incident:1": "5-0"}
    book.confirm("5-0")
    assert book.held == {}


def test_a_part_of_the_whole_replaces_what_lies_in_it(hk: Node) -> None:
    """Only between its ids, and what it gives stays."""
    book = Book.read(hk.store, "gd")
    for name in "abcd":
        book.has(name)
    book.replace_between("a", "c", {"c"}, "9-0")
    assert book.held == {"a": "", "b": "9-0", "c": "", "d": ""}
