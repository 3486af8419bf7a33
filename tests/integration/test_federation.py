"""Two installations, each with a Redis and a web process of its own, exchange things over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import orjson
import pytest

from cop.model.entity import Kind
from cop.model.exchange import Message, PartnerState
from cop.model.geometry import point
from cop.model.kinds import Incident, decode
from cop.services.exchange.book import Book
from cop.services.exchange.partners import partner_of
from tests.integration.federating import NOW, Town, incident, two_towns
from workers.exchange_gone import forget_partners
from workers.transports import LiveTransport

Towns = tuple[Town, Town]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    """Run both."""
    with two_towns(tmp_path_factory.mktemp("towns")) as towns:
        yield towns


@pytest.fixture
def towns(running: Towns) -> Towns:
    """Give both as they were set up, with nothing of the other's and nothing of their own."""
    hk, gd = running
    for town, other in ((hk, gd), (gd, hk)):
        if not town.is_ready():  # a test that failed may have left it dead
            town.start()
        town.knows(other)
        town.take_off(*town.desk.store.snapshot().records)
        for table in ("held", "shared"):
            town.desk.store.write_table(f"exchange:{table}:{other.name}", b"")
    return hk, gd


def test_both_give_what_is_agreed(towns: Towns) -> None:
    """Agreed kinds and areas go both ways, with their origin and without what is personal."""
    hk, gd = towns
    hk.put(incident("near"), incident("far", lat=22.25), incident("nowhere", geometry=None))
    gd.put(incident("theirs", publisher="GDMS"))
    assert hk.run("gd").why == gd.run("hk").why == ""
    assert gd.from_partner("hk") == {"incident:near"}
    assert hk.from_partner("gd") == {"incident:theirs"}
    there = gd.see("partner_hk:incident:near", Incident)
    assert there is not None
    assert (there.origin, there.via, there.inside) == ("hk-cop", (), True)
    assert (there.feed, there.publisher, there.title) == (
        "partner_hk",
        "DSD",
        {"en": "Flood near"},
    )
    assert (there.author, there.reported_by) == (None, None)
    line = gd.line("hk")
    assert (line.state, line.held, line.why, line.agreement) == (
        PartnerState.OK,
        1,
        "",
        "HK-GD 1",
    )


def test_changes_follow(towns: Towns) -> None:
    """A change goes on as a change; what ends, or leaves the area, is gone there too."""
    hk, gd = towns
    hk.put(incident("a"), incident("b"), incident("c"), incident("far", lat=22.25))
    gd.run("hk")
    assert gd.from_partner("hk") == {"incident:a", "incident:b", "incident:c"}
    hk.put(incident("a", status="closed"), incident("b", geometry=point(114.1, 22.2)))
    hk.take_off("incident:c", "incident:far")
    done = gd.run("hk")
    assert (done.put, done.removed, done.why) == (1, 2, "")
    assert gd.from_partner("hk") == {"incident:a"}
    changed = gd.see("partner_hk:incident:a", Incident)
    assert changed is not None
    assert changed.status == "closed"


def test_nothing_goes_round(towns: Towns) -> None:
    """What came from the other is never given back, however often both ask; then nothing is new."""
    hk, gd = towns
    open_ = {"shares": {"areas": "all"}, "onward": True}
    hk.knows(gd, **open_)
    gd.knows(hk, **open_)
    hk.put(incident("mine"))
    gd.put(incident("theirs"))
    for _ in range(3):
        hk.run("gd")
        gd.run("hk")
        hk.settle()
        gd.settle()
    assert hk.from_partner("gd") == {"incident:theirs"}
    assert gd.from_partner("hk") == {"incident:mine"}
    for town, other in ((hk, "gd"), (gd, "hk")):
        done = town.run(other)
        assert (done.put, done.removed) == (0, 0)


def test_the_workers_task_does_it(towns: Towns) -> None:
    """The task that is scheduled for each partner, set up by the environment alone."""
    hk, gd = towns
    hk.put(incident("a"))
    gd.put(incident("b"))
    hk.run_task("gd")
    gd.run_task("hk")
    assert (hk.from_partner("gd"), gd.from_partner("hk")) == ({"incident:b"}, {"incident:a"})


class _Cut(httpx.BaseTransport):
    """Lets some requests through, then does something and lets the others try."""

    def __init__(self, after: int, then: Callable[[], None]) -> None:
        self._inner = LiveTransport(allow_private=True)
        self._left = after
        self._then = then

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._left == 0:
            self._then()
        self._left -= 1
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def test_an_outage_in_the_middle_loses_nothing(
    towns: Towns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other is killed between two parts; the line goes down, and then goes on to the end."""
    hk, gd = towns
    hk.kill()
    monkeypatch.setenv("COP_TEST_PART", "10")
    hk.start()
    names = {f"incident:{number}" for number in range(35)}
    hk.put(*(incident(name.partition(":")[2]) for name in names))
    done = gd.run("hk", _Cut(2, hk.kill))
    assert done.why
    assert 0 < done.put < 35
    before = gd.from_partner("hk")
    hk.put(incident("new"), incident("3", status="closed"))
    hk.take_off("incident:4", "incident:34")
    for _ in range(2):
        assert "reached" in gd.run("hk").why
    line = gd.line("hk")
    assert (line.state, line.failures) == (PartnerState.DOWN, 3)
    assert gd.from_partner("hk") == before
    monkeypatch.delenv("COP_TEST_PART")
    hk.start()
    hk.settle()
    assert gd.run("hk").why == ""
    assert gd.from_partner("hk") == (names | {"incident:new"}) - {"incident:4", "incident:34"}
    changed = gd.see("partner_hk:incident:3", Incident)
    assert changed is not None
    assert changed.status == "closed"
    assert gd.line("hk").state is PartnerState.OK
    assert gd.run("hk").put == 0


def test_messages_go_and_receipts_come_back(towns: Towns) -> None:
    """A message arrives once, with its time limits; who takes note of it is told to its sender."""
    hk, gd = towns
    hk.put(incident("dam"))
    gd.put(incident("weir"))
    gd.run("hk")
    hk.run("gd")
    sent = hk.do(
        "POST /messages",
        key="m1",
        partner="partner:gd",
        subject="Discharge?",
        words="Please confirm.",
        about=["incident:dam", "partner_gd:incident:weir"],
    )
    hk.kill()  # sending needs the other's web process alone
    assert hk.run("gd").sent == 1
    out = hk.see(sent.id, Message)
    assert out is not None
    assert out.sent_at is not None
    assert out.acknowledged_at is None
    received = [decoded for decoded in _messages(gd) if decoded.direction == "in"]
    assert [one.number for one in received] == [out.number]
    message = received[0]
    assert message.title == {"en": "Discharge?"}
    assert message.about == ("partner_hk:incident:dam", "incident:weir")
    assert message.received_at is not None
    assert message.notice_by == message.received_at + timedelta(minutes=60)
    assert hk.run("gd").sent == 0
    hk.start()
    gd.do("POST /messages/{id}/acknowledge", message.id, key="ack")
    assert gd.run("hk").sent == 1
    told, noted = gd.see(message.id, Message), hk.see(sent.id, Message)
    assert told is not None
    assert noted is not None
    assert told.told_at is not None
    assert (noted.acknowledged_by, noted.acknowledged_at) == ("gd-cop", told.acknowledged_at)
    assert gd.run("hk").sent == 0


def test_a_message_waits_for_the_other(towns: Towns) -> None:
    """While the other is away a message waits, and says so; then it goes, once."""
    hk, gd = towns
    gd.kill()
    assert "reached" in hk.run("gd").why
    hk.do("POST /messages", key="m2", partner="partner:gd", subject="Are you there?")
    hk.run("gd")
    assert hk.line("gd").waiting == 1
    gd.start()
    assert hk.run("gd").sent == 1
    assert hk.line("gd").waiting == 0
    assert [one.title for one in _messages(gd)] == [{"en": "Are you there?"}]


def test_an_agreement_ends(towns: Towns) -> None:
    """After its end nothing is given, and what was given leaves the other's picture, with words."""
    hk, gd = towns
    hk.put(incident("a"))
    gd.run("hk")
    assert gd.from_partner("hk") == {"incident:a"}
    hk.knows(gd, agreement={"until": NOW - timedelta(hours=1)})
    done = gd.run("hk")
    assert done.removed == 1
    line = gd.line("hk")
    assert line.state is PartnerState.ENDED
    assert "agreement" in line.why
    assert gd.from_partner("hk") == set()


def test_a_partner_whose_file_is_gone_is_forgotten(towns: Towns) -> None:
    """Without its file a partner, and what it gave, leaves the picture."""
    hk, gd = towns
    hk.put(incident("a"))
    gd.run("hk")
    (gd.folder / "partners" / "hk.toml").unlink()
    assert forget_partners(gd.settings, gd.desk.store, NOW) == 1
    assert gd.from_partner("hk") == set()
    assert gd.desk.store.read(["partner:hk"]) == {}


def test_other_terms_begin_anew(towns: Towns) -> None:
    """Where less is agreed than before, the rest is gone at the next answer."""
    hk, gd = towns
    hk.put(incident("near"), incident("far", lat=22.25))
    hk.knows(gd, shares={"areas": "all"})
    gd.run("hk")
    assert gd.from_partner("hk") == {"incident:near", "incident:far"}
    hk.knows(gd, shares={"areas": [[113.9, 22.45, 114.3, 22.6]]})
    gd.run("hk")
    assert gd.from_partner("hk") == {"incident:near"}
    gd.knows(hk, takes={"kinds": ["alert"]})
    gd.run("hk")
    assert gd.from_partner("hk") == set()


def test_what_was_shared_is_written_down(towns: Towns) -> None:
    """Counts stand in the book at once, and in the journal under the agreement's number."""
    hk, gd = towns
    hk.put(incident("a"), incident("b"))
    gd.run("hk")
    hk.take_off("incident:b")
    gd.run("hk")
    book = Book.read(hk.desk.store, "gd")
    assert (book.shared["put"], book.shared["removed"]) == ({"incident": 2}, 1)
    book.settle(hk.desk, partner_of(hk.settings, "gd"), at_once=True)
    entry = orjson.loads(hk.desk.store.journal_of("partner:gd", limit=1)[0].body)
    assert entry["action"] == "exchange"
    assert "HK-GD 1" in entry["reason"]
    assert "2 put (incident 2), 1 removed" in entry["reason"]


def _messages(town: Town) -> list[Message]:
    found = [decode(one.body) for one in town.desk.store.by_kind(Kind.MESSAGE).values()]
    return [one for one in found if isinstance(one, Message)]
