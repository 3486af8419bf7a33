"""Tampering with the journal of a real Redis: each way is found, and the place is named."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from click.testing import CliRunner, Result

from cop.cli import main
from cop.config import Settings
from cop.errors import StoreUnavailable
from cop.launcher.embedded import EmbeddedRedis
from cop.model.journal import NO_HASH, link_hash
from cop.services.journal_proof import Anchors, Verdict, anchor, read_anchors, verify
from cop.store.redis import RedisStore
from tests.deeds import a_deed, write_deeds
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis

JOURNAL, META = "{cop:live}:journal", "{cop:live}:meta"


class Journal:
    """A journal of twelve deeds, anchored after the fourth, eighth and last; and its enemy."""

    def __init__(self, url: str, folder: Path) -> None:
        """Write the deeds."""
        self.url = url
        self.file = folder / "journal-live.anchors"
        self.store = RedisStore(url, "live")
        self.client = redis.Redis.from_url(url, decode_responses=True)
        for first in (1, 5, 9):
            write_deeds(self.store, *(a_deed(n) for n in range(first, first + 4)))
            assert anchor(self.store, self.file)

    def verdict(self) -> Verdict:
        """Verify with the anchors."""
        return verify(self.store, read_anchors(self.file))

    def chain_alone(self) -> Verdict:
        """Verify without them."""
        return verify(self.store, Anchors())

    def entry(self, number: int) -> str:
        """Read an entry as it is stored."""
        return str(self.client.hget(JOURNAL, str(number)))

    def put(self, number: int | str, stored: str) -> None:
        """Put something in an entry's place."""
        self.client.hset(JOURNAL, str(number), stored)

    def chain_from(self, number: int, bodies: list[str]) -> None:
        """Write a journal that goes on with *bodies* from *number* on, all hashes right."""
        before = self.entry(number - 1).partition("\n")[0] if number > 1 else NO_HASH
        for at, body in enumerate(bodies, start=number):
            before = link_hash(before, at, body.encode())
            self.put(at, f"{before}\n{body}")
        self.client.hset(META, mapping={
            "journal_number": number + len(bodies) - 1, "journal_hash": before,
        })  # fmt: skip


@pytest.fixture
def journal(redis_server: RedisServer, tmp_path: Path) -> Journal:
    """Give a journal on a Redis of its own."""
    return Journal(redis_server.url, tmp_path / "anchors")


def bodies(journal: Journal, first: int, last: int) -> list[str]:
    """Read bodies as they are stored."""
    return [journal.entry(n).partition("\n")[2] for n in range(first, last + 1)]


def test_a_whole_journal_is_whole(journal: Journal) -> None:
    """Nothing is found where nothing was done, and the verdict tells the head."""
    number, head = journal.store.journal_head()
    assert journal.verdict() == Verdict(12, number, head, 3, ())


def test_an_empty_journal_is_whole(redis_server: RedisServer, tmp_path: Path) -> None:
    """A journal with nothing in it has nothing wrong with it."""
    store = RedisStore(redis_server.url, "live")
    assert verify(store, Anchors()) == Verdict(0, 0, NO_HASH, 0, ())
    assert not anchor(store, tmp_path / "none.anchors")


def change_a_body(journal: Journal) -> None:
    """Another name, the hash left as it was."""
    journal.put(7, journal.entry(7).replace("chan.tai-man", "lee.siu-ming"))


def change_a_body_and_its_hash(journal: Journal) -> None:
    """Another name with the hash that it should have; the next one no longer follows."""
    stored = journal.entry(7).partition("\n")[2].replace("chan.tai-man", "lee.siu-ming")
    before = journal.entry(6).partition("\n")[0]
    journal.put(7, f"{link_hash(before, 7, stored.encode())}\n{stored}")


def delete_an_entry(journal: Journal) -> None:
    """One is gone."""
    journal.client.hdel(JOURNAL, "5")


def delete_several(journal: Journal) -> None:
    """Three in a row are gone."""
    journal.client.hdel(JOURNAL, "5", "6", "7")


def delete_the_tail(journal: Journal) -> None:
    """The last two are gone, and the head says nothing of it."""
    journal.client.hdel(JOURNAL, "11", "12")


def cut_the_tail(journal: Journal) -> None:
    """The last two are gone, and the head agrees: only an anchor knows."""
    delete_the_tail(journal)
    last = journal.entry(10).partition("\n")[0]
    journal.client.hset(META, mapping={"journal_number": 10, "journal_hash": last})


def swap_two(journal: Journal) -> None:
    """Two have changed places."""
    third, ninth = journal.entry(3), journal.entry(9)
    journal.put(3, ninth)
    journal.put(9, third)


def rewrite_from_the_middle(journal: Journal) -> None:
    """All from the sixth on is written anew, every hash right: only an anchor knows."""
    said = [body.replace("chan.tai-man", "lee.siu-ming") for body in bodies(journal, 6, 12)]
    journal.chain_from(6, said)


def rewrite_since_the_last_anchor_but_one(journal: Journal) -> None:
    """Only what came after the second anchor is written anew; the third one knows."""
    journal.chain_from(10, [*bodies(journal, 10, 11), '{"other":1}'])


def insert_and_move_up(journal: Journal) -> None:
    """One is put in at the fourth place, and those above move up with their hashes."""
    for n in range(12, 3, -1):
        journal.put(n + 1, journal.entry(n))
    journal.put(4, journal.entry(4).replace("chan.tai-man", "lee.siu-ming"))
    journal.client.hset(META, "journal_number", 13)


def insert_beyond_the_head(journal: Journal) -> None:
    """One stands where the head says that nothing does."""
    journal.put(13, journal.entry(12))


def insert_under_no_number(journal: Journal) -> None:
    """One stands under a name that is no number."""
    journal.put("07", journal.entry(7))


def change_the_head(journal: Journal) -> None:
    """The head says another hash."""
    journal.client.hset(META, "journal_hash", "f" * 64)


def move_the_head_far_away(journal: Journal) -> None:
    """The head says a number that would take for ever to reach."""
    journal.client.hset(META, "journal_number", 10**12)


def empty_the_store(journal: Journal) -> None:
    """Everything is gone."""
    journal.client.flushall()


@pytest.mark.parametrize(
    ("tamper", "named", "shows_without_anchors"),
    [
        (change_a_body, "entry 7 does not follow from entry 6", True),
        (change_a_body_and_its_hash, "entry 8 does not follow from entry 7", True),
        (delete_an_entry, "entry 5 is missing", True),
        (delete_several, "entries 5 to 7 are missing", True),
        (delete_the_tail, "entries 11 to 12 are missing", True),
        (cut_the_tail, "had 12 entries, and now it has 10", False),
        (swap_two, "entry 3 does not follow from entry 2", True),
        (rewrite_from_the_middle, "after entry 4, the last that an anchor fits", False),
        (rewrite_since_the_last_anchor_but_one, "after entry 8, the last", False),
        (insert_and_move_up, "entry 4 does not follow from entry 3", True),
        (insert_beyond_the_head, "entry 13 stands beyond the head, 12", True),
        (insert_under_no_number, "1 more are stored than the head, 12, counts", True),
        (change_the_head, "the head has another hash than entry 12", True),
        (move_the_head_far_away, "entries 13 to 1000000000000 are missing", True),
        (empty_the_store, "had 4 entries, and now it has 0", False),
    ],
)
def test_tampering_is_found_and_named(
    journal: Journal,
    tamper: Callable[[Journal], None],
    named: str,
    *,
    shows_without_anchors: bool,
) -> None:
    """The first fault names the entry; what the chain alone cannot show, an anchor does."""
    tamper(journal)
    assert named in journal.verdict().faults[0]
    assert bool(journal.chain_alone().faults) is shows_without_anchors


def test_the_first_entry_is_named(journal: Journal) -> None:
    """A change in the very first entry is found too."""
    journal.put(1, "x" + journal.entry(1))
    assert journal.verdict().faults[0].startswith("entry 1 is not the first that was written")


def test_bytes_that_are_no_text_are_a_fault_like_any_other(journal: Journal) -> None:
    """Whatever stands in an entry, verifying goes on to the end."""
    redis.Redis.from_url(journal.url).hset(JOURNAL, "2", b"\xff\xfe")
    faults = journal.verdict().faults
    assert [fault.split()[1] for fault in faults] == ["2", "3"]


def test_what_was_put_beyond_the_head_is_never_overwritten(journal: Journal) -> None:
    """Writing goes on after it, so that it stays as evidence, and it is named."""
    insert_beyond_the_head(journal)
    forged = journal.entry(13)
    write_deeds(journal.store, a_deed(20))
    assert journal.entry(13) == forged
    assert journal.store.journal_head()[0] == 14
    assert "entry 13 does not follow from entry 12" in journal.verdict().faults[0]


def test_without_a_place_for_its_entry_nothing_is_changed(journal: Journal) -> None:
    """Where the journal cannot be written, the change that belongs to it is not made either."""
    journal.client.delete(JOURNAL)
    journal.client.set(JOURNAL, "no hash")
    before = journal.store.snapshot()
    with pytest.raises(StoreUnavailable):
        write_deeds(journal.store, a_deed(20))
    assert journal.store.snapshot() == before


def test_a_lost_head_loses_no_entry(journal: Journal) -> None:
    """When the head is gone the next deed is written after all others, and the break is named."""
    journal.client.hdel(META, "journal_number", "journal_hash")
    write_deeds(journal.store, a_deed(20))
    assert [journal.store.journal_head()[0], journal.store.journal_size()] == [13, 13]
    assert "entry 13 does not follow from entry 12" in journal.verdict().faults[0]


def test_a_journal_in_use_is_whole(journal: Journal) -> None:
    """Verifying and anchoring while others write finds nothing wrong."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            write_deeds(journal.store, a_deed(50))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(20):
            anchor(journal.store, journal.file)
            assert journal.verdict().faults == ()
    finally:
        stop.set()
        writer.join()
    assert journal.verdict().entries == journal.store.journal_head()[0] > 12


def test_an_anchor_is_noted_when_the_head_moved(journal: Journal) -> None:
    """One line of JSON a move, readable by its owner alone; none where nothing moved."""
    lines = journal.file.read_text().splitlines()
    assert [json.loads(line)["number"] for line in lines] == [4, 8, 12]
    assert json.loads(lines[-1]).keys() == {"number", "hash", "at"}
    assert journal.file.stat().st_mode & 0o077 == 0
    assert not anchor(journal.store, journal.file)
    assert journal.file.read_text().splitlines() == lines


def test_a_torn_line_is_mended_and_a_changed_one_is_told(journal: Journal) -> None:
    """A line that a power cut tore is no fault; a whole line that is no anchor is one."""
    whole = journal.file.read_text()
    journal.file.write_text(whole + '{"number":13,"ha')
    assert journal.verdict().faults == ()
    write_deeds(journal.store, a_deed(13))
    assert anchor(journal.store, journal.file)
    assert journal.verdict() == Verdict(13, *journal.store.journal_head(), 4, ())
    journal.file.write_text(journal.file.read_text().replace('"number":8', '"nummer":8'))
    assert journal.verdict().faults == ("line 2 of the anchors is none: the file was changed",)


def test_only_the_end_of_a_long_file_is_read_to_go_on(journal: Journal) -> None:
    """However many anchors there are, the last is found, and the next is put after it."""
    line = journal.file.read_text().splitlines()[0] + "\n"
    last = journal.file.read_text().splitlines()[-1] + "\n"
    journal.file.write_text(line * 500 + last)
    assert not anchor(journal.store, journal.file)
    write_deeds(journal.store, a_deed(13))
    assert anchor(journal.store, journal.file)
    assert len(read_anchors(journal.file).known) == 502
    assert journal.verdict().faults == ()


def run_task(journal: Journal, data: Path) -> str:
    """Run the task in a process of its own, as a worker would; give what it logged."""
    done = subprocess.run(
        [sys.executable, "-c", "from workers.tasks import anchor; anchor()"],
        env=Settings(redis_url=journal.url, data_dir=data).environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout + done.stderr


def test_the_task_notes_the_head(journal: Journal, tmp_path: Path) -> None:
    """The worker's task makes the data directory and notes the head of its operation there."""
    data = tmp_path / "data"
    run_task(journal, data)
    noted = read_anchors(data / "journal-live.anchors").known
    assert [(each.number, each.hash) for each in noted] == [journal.store.journal_head()]


def test_a_head_that_cannot_be_noted_is_logged(journal: Journal, tmp_path: Path) -> None:
    """Without a place for the file the task says so and ends in order."""
    (tmp_path / "file").touch()
    assert "anchor_not_noted" in run_task(journal, tmp_path / "file")


def cop(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["journal", *arguments])


def test_the_command_verifies_what_is_not_running(tmp_path: Path) -> None:
    """`cop journal` starts the Redis of a data directory for the moment, and exits 1 on a fault."""
    data = tmp_path / "data"
    with EmbeddedRedis(data) as server:
        for operation in ("live", "exercise-x"):
            store = RedisStore(server.url, operation)
            write_deeds(store, a_deed(1), a_deed(2, reason="=1+1", action="assign"))
            anchor(store, data / f"journal-{operation}.anchors")
    fine = cop("verify", "--data", str(data))
    assert fine.exit_code == 0, fine.output
    assert [line.partition(" head ")[0] for line in fine.output.splitlines()[::2]] == [
        "exercise-x: 2 entries,",
        "live: 2 entries,",
    ]
    assert "several journals" in cop("export", "--data", str(data)).output
    exported = cop(
        *("export", "--data", str(data), "--operation", "live", "--who", "chan.tai-man"),
        *("--action", "assign", "--since", "2026-09-08T17:00", "--until", "2026-09-09"),
        *("--entity", "incident:0000000000000002"),
    )
    assert exported.exit_code == 0, exported.output
    assert [line.split(",")[0] for line in exported.output.splitlines()] == ["number", "2"]
    assert ",'=1+1," in exported.output

    with EmbeddedRedis(data) as server:
        redis.Redis.from_url(server.url).hdel(JOURNAL, "1")
        running = cop("verify", "--data", str(data))
    assert running.exit_code == 1
    assert "live: 1 entries" in running.output
    assert "WRONG: entry 1 is missing" in running.output
    assert cop("verify", "--data", str(data), "--operation", "exercise-x").exit_code == 0


def test_the_command_misses_a_journal_that_is_gone(tmp_path: Path) -> None:
    """A journal of which only the anchors are left is told, not passed over."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "journal-live.anchors").write_text(
        '{"number":3,"hash":"' + "a" * 64 + '","at":"2026-09-08T09:00:00Z"}\n'
    )
    gone = cop("verify", "--data", str(data))
    assert gone.exit_code == 1
    assert "had 3 entries, and now it has 0" in gone.output


def test_the_command_says_what_it_cannot_do(tmp_path: Path) -> None:
    """A directory that is not there, an operation or a time that is none: one clear line."""
    assert "no data directory" in cop("verify", "--data", str(tmp_path / "none")).output
    for wrong in (("--operation", "A b"), ("--since", "soon")):
        answer = cop("export", "--data", str(tmp_path), *wrong)
        assert answer.exit_code == 2
        assert wrong[1] in answer.output
