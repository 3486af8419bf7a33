from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import structlog

from cop.model.entity import Kind
from cop.model.journal import Change, Deed, Origin, Who
from cop.model.record import Page
from cop.services.journal import SCANNED_AT_ONCE, Entry, Wanted, search, to_csv, walk
from cop.store.memory import MemoryStore
from tests.deeds import BEGIN, a_deed, write_deeds


@pytest.fixture
def store() -> MemoryStore:
    """Give a store with six deeds of two people."""
    store = MemoryStore()
    wong = Who(name="wong", role="commander", agency="FSD")
    write_deeds(
        store,
        a_deed(1),
        a_deed(2, who=wong, action="assign", reason="Nearest Pump"),
        a_deed(3, key="secret-key"),
        a_deed(4, who=wong),
        a_deed(5, id="incident:0000000000000001", action="close_incident"),
        a_deed(6, origin=Origin(address="198.51.100.9", entrance="page")),
    )
    return store


def numbers(found: list[Entry]) -> list[int]:
    """Give the numbers of entries."""
    return [entry.number for entry in found]


def test_newest_first_in_pages(store: MemoryStore) -> None:
    """All entries come newest first; `next` goes on where a page ended, and ends at the first."""
    found, following = search(store, Wanted(), limit=4)
    assert (numbers(found), following) == ([6, 5, 4, 3], 3)
    found, following = search(store, Wanted(), limit=4, before=following)
    assert (numbers(found), following) == ([2, 1], None)
    assert numbers(search(store, Wanted(), before=99)[0]) == [6, 5, 4, 3, 2, 1]
    assert search(store, Wanted(), before=1) == ([], None)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"who": "WONG"}, [4, 2]),
        ({"who": "won"}, []),
        ({"action": "assign"}, [2]),
        ({"entity": "incident:0000000000000001"}, [5, 1]),
        ({"entity": "incident:0000000000000001", "action": "close_incident"}, [5]),
        ({"q": "pump nearest"}, [2]),
        ({"q": "水浸 3"}, [3]),
        ({"q": "198.51.100.9"}, [6]),
        ({"q": "secret-key"}, []),
        ({"q": "pump nowhere"}, []),
        ({"q": '"NEAREST'}, []),
        ({"since": BEGIN + timedelta(minutes=4)}, [6, 5, 4]),
        ({"until": BEGIN + timedelta(minutes=2)}, [2, 1]),
        ({"since": BEGIN + timedelta(minutes=2), "until": BEGIN + timedelta(minutes=2)}, [2]),
    ],
)
def test_filters(store: MemoryStore, wanted: dict[str, str], expected: list[int]) -> None:
    """Each filter takes what it names and nothing else; exporting takes the same, oldest first."""
    found, following = search(store, Wanted(**wanted))  # type: ignore[arg-type]
    assert (numbers(found), following) == (expected, None)
    if "q" not in wanted:
        whole = walk(store, Wanted(**wanted))  # type: ignore[arg-type]
        assert numbers(list(whole)) == expected[::-1]


def test_one_search_looks_at_a_bounded_part() -> None:
    """A search that finds nothing for long says where to go on, and gets there in the end."""
    store = MemoryStore()
    write_deeds(store, a_deed(1, reason="needle"))
    page = Page(a_deed(2).encode())
    for _ in range(SCANNED_AT_ONCE + 10):
        store.write((), fetched_ms=1, page=page)
    found, following = search(store, Wanted(q="needle"))
    assert (found, following) == ([], 12)
    found, following = search(store, Wanted(q="needle"), before=following)
    assert (numbers(found), following) == ([1], None)


def test_a_long_history_is_read_in_pages() -> None:
    """An entity with a very long history is searched to its beginning, and exported whole."""
    store = MemoryStore()
    entity = "incident:0000000000000001"
    for n in range(1_300):
        deed = a_deed(1, reason="needle" if n == 3 else None)
        store.write((), fetched_ms=1, page=Page(deed.encode(), (entity,)))
    assert numbers(search(store, Wanted(entity=entity, q="needle"))[0]) == [4]
    assert len(list(walk(store, Wanted(entity=entity)))) == 1_300
    assert len(list(walk(store, Wanted()))) == 1_300


def test_an_entry_that_cannot_be_read_is_passed_over_and_logged(store: MemoryStore) -> None:
    """One unreadable entry hides no other, and the log names its number but not its content."""
    store.write((), fetched_ms=1, page=Page(b'{"who":"Chan"}'))
    with structlog.testing.capture_logs() as logged:
        assert numbers(search(store, Wanted())[0]) == [6, 5, 4, 3, 2, 1]
    assert logged == [
        {"event": "journal_entry_unreadable", "number": 7, "log_level": "warning"},
    ]


def test_what_is_shown_has_number_and_hash(store: MemoryStore) -> None:
    """An entry is shown as its number, its hash and the deed."""
    (found, _) = search(store, Wanted(), limit=1)
    number, head = store.journal_head()
    assert found[0].shown() == {"number": number, "hash": head} | found[0].deed.shown()


def test_csv_has_a_row_an_entry(store: MemoryStore) -> None:
    """The CSV has one row an entry, under the names of the columns, in any language."""
    lines = list(to_csv(walk(store, Wanted())))
    assert all(line.endswith("\r\n") for line in lines)
    rows = list(csv.DictReader(io.StringIO("".join(lines))))
    assert [row["number"] for row in rows] == [str(n) for n in range(1, 7)]
    second = rows[1]
    assert {name: value for name, value in second.items() if name != "changes"} == {
        "number": "2",
        "at": "2026-09-08T09:02:00Z",
        "wall_at": "2026-09-08T09:02:00Z",
        "who": "wong",
        "role": "commander",
        "agency": "FSD",
        "address": "192.0.2.7",
        "entrance": "api",
        "action": "assign",
        "id": "incident:0000000000000002",
        "reason": "Nearest Pump",
        "hash": store.journal([2])[0].hash,
    }
    assert "水浸 2" in second["changes"]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_csv_holds_no_formulas(begin: str) -> None:
    """What a spreadsheet would calculate begins with an apostrophe; the words stay."""
    words = f'{begin}HYPERLINK("http://example.org")'
    store = MemoryStore()
    write_deeds(store, a_deed(reason=words), a_deed(2, reason=f"so {words}"))
    text = "".join(to_csv(walk(store, Wanted())))
    reasons = [row["reason"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert reasons == [f"'{words}", f"so {words}"]


def test_what_cannot_fit_is_not_even_read(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search through thousands of large entries costs little where the words do not stand."""
    read: list[bytes] = []
    decode = Deed.decode

    def note(body: bytes) -> Deed:
        read.append(body)
        return decode(body)

    monkeypatch.setattr(Deed, "decode", note)
    assert numbers(search(store, Wanted(q="nearest", who="wong", action="assign"))[0]) == [2]
    assert len(read) == 1


def test_quotes_and_other_scripts_are_found() -> None:
    """What stands in JSON in another way than people write it is found as they write it."""
    store = MemoryStore()
    write_deeds(store, a_deed(1, reason='said "up\\down" — STRASSE 彌敦道'))
    for words in ('"up\\down"', "straße", "彌敦", "— said"):
        assert numbers(search(store, Wanted(q=words))[0]) == [1], words
    assert search(store, Wanted(q='"down"'))[0] == []


def test_nobody_looks_for_a_corner() -> None:
    """The numbers of a drawing are no words; all else of it is."""
    drawing = {"geometry": {"type": "Point", "coordinates": [114.1722, 22.3046]}}
    change = Change(id="note:1", kind=Kind.NOTE, version=1, before={}, after=drawing)
    store = MemoryStore()
    write_deeds(store, a_deed(1, changes=(change,)))
    assert search(store, Wanted(q="114.1722"))[0] == []
    assert numbers(search(store, Wanted(q="point note:1"))[0]) == [1]
