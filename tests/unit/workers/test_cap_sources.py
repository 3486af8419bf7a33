"""Sources of CAP messages: their files, and the feeds they become."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cop.config import Settings
from cop.errors import Misconfigured, NotFound, PayloadError
from cop.model.exchange import Signature
from cop.model.kinds import Alert, FeedState
from cop.services.feed_status import read_standing
from cop.services.ingest import Parsed
from cop.store.memory import MemoryStore
from tests.unit.formats.cap_making import NOON, a_message, a_reference, an_info
from tests.unit.services.exchange.signing import a_certificate, pem_of, signed
from workers.cap_sources import CapSource, cap_sources_of, feed_of, forget_sources, read_source
from workers.collect import collect, follow
from workers.feed import Feed, Payload, Poll, Source
from workers.registry import feed_keys, find_feed, find_feeds
from workers.schedule import beat_schedule

LIST = "https://alerts.example.org/atom.xml"
FILE = """
id = "next"
title = { en = "Next door", zh-Hant = "鄰居" }
publisher = "CMA"
url = "https://alerts.example.org/atom.xml"
complete = true
"""


def a_source(**others: Any) -> CapSource:
    """Make a source; *others* are its fields where not the usual ones."""
    given = {"id": "next", "title": {"en": "Next"}, "publisher": "CMA", "url": LIST}
    return CapSource.model_validate(given | others)


def atom(*entries: str) -> bytes:
    """Make a list of entries."""
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{inner}</feed>'.encode()


def linked(name: str) -> str:
    """Make an entry that links to a message."""
    return f'<id>{name}</id><link type="application/cap+xml" href="/{name}.xml"/>'


def inside(*bodies: bytes) -> bytes:
    """Make a list with its messages in it."""
    return atom(*(f"<id>e</id><content>{body.decode()}</content>" for body in bodies))


class Polled:
    """A feed that is polled with documents, and remembers what it should."""

    def __init__(self, source: CapSource) -> None:
        """Begin with nothing known."""
        self.feed: Feed = feed_of(source)
        self.known: dict[str, Any] = {}
        self.noted = b""

    def poll(self, body: bytes, messages: Iterable[tuple[str, bytes]] = ()) -> Parsed:
        """Poll once: *body* at the list's address, *messages* at theirs."""
        payloads = [Payload(self.feed.sources[0], body)]
        payloads += [Payload(Source(name="message", url=url), got) for url, got in messages]
        parsed = collect(self.feed, Poll(NOON, tuple(payloads), known=self.known, noted=self.noted))
        self.known = {entity.id: entity for entity in parsed.entities}
        self.noted = parsed.noted or b""
        return parsed


def alerts(parsed: Parsed) -> list[Alert]:
    """Give the alerts of a poll."""
    return [entity for entity in parsed.entities if isinstance(entity, Alert)]


def names(parsed: Parsed) -> list[str]:
    """Give their identifiers."""
    return sorted(alert.identifier or "" for alert in alerts(parsed))


def test_one_file_makes_a_feed(tmp_path: Path) -> None:
    """The registry, the schedule and the commands know what a file sets up, and nothing else."""
    (tmp_path / "cap-sources").mkdir()
    (tmp_path / "cap-sources" / "any.toml").write_text(FILE)
    settings = Settings(data_dir=tmp_path)
    assert find_feeds(settings).keys() - set(feed_keys()) == {"cap_next"}
    assert find_feed("cap_next", settings).title["en"] == "Next door"
    assert "poll cap_next" in beat_schedule(settings)
    with pytest.raises(NotFound, match="did you mean cap_next"):
        find_feed("cap_nex", settings)
    with pytest.raises(NotFound):
        find_feed("cap_next")


def test_an_exercise_has_its_scenario_s_sources_only(tmp_path: Path) -> None:
    """What is set up for the live operation is never polled in an exercise."""
    (tmp_path / "any.toml").write_text(FILE)
    settings = Settings(cap_sources_dir=tmp_path, scenario="black-rainstorm-2023")
    assert not cap_sources_of(settings)
    assert cap_sources_of(Settings(cap_sources_dir=tmp_path))


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (FILE.replace('id = "next"', 'id = "Next door"'), "id"),
        (FILE.replace("url =", "link ="), "no such field"),
        (FILE + "urls = ['https://x.example/']", "either url or urls"),
        (FILE.replace("https://alerts", "ftp://alerts"), "url"),
        (FILE.replace("https://alerts", "https://a:b@alerts"), "url"),
        (FILE + "public = true", "licence"),
        (FILE + "signs = true", "trust"),
        (FILE + "trust = ['gone.pem']", "gone.pem"),
        (FILE + "every_s = 1", "every_s"),
        (FILE + "zone = 'HKT'", "zone"),
        (FILE + "languages = { zh = 'Chinese' }", "languages"),
        (FILE + "[areas]\nadcodes = ['guangdong']", "adcodes"),
        (FILE + "default_area = { adcode = '99' }", "default_area: is no area"),
        (FILE + "default_area = { adcode = 'Macao' }", 'adcode = "82"'),
        (FILE + "default_area = { bbox = [1, 1, 1, 1] }", "default_area: is no area"),
        (FILE + "default_area = {}", "either adcode or bbox"),
        ("id = ", "is no TOML"),
    ],
)
def test_faults_are_said(tmp_path: Path, words: str, fault: str) -> None:
    """A file that cannot be used says why, and takes away no other."""
    (tmp_path / "a.toml").write_text(words)
    (tmp_path / "b.toml").write_text(FILE.replace('"next"', '"other"'))
    found = cap_sources_of(Settings(cap_sources_dir=tmp_path))
    assert list(found) == ["other"]
    assert fault in str(found.faults[0])
    with pytest.raises(Misconfigured, match=r"a\.toml"):
        read_source(tmp_path / "a.toml")


def test_a_list_is_followed_on_its_own_hosts() -> None:
    """Links to hosts that the file names are fetched; others are told of."""
    feed = feed_of(a_source(hosts=["files.example.org"], most_links=2))
    body = atom(
        linked("a"),
        '<id>b</id><link href="https://files.example.org/b.xml"/>',
        '<id>c</id><link href="https://elsewhere.example.org/c.xml"/>',
        linked("d{x}"),
    )
    poll = Poll(NOON, (Payload(feed.sources[0], body),))
    assert [source.url for source in follow(feed, poll)] == [
        "https://alerts.example.org/a.xml",
        "https://files.example.org/b.xml",
    ]
    assert all(source.optional for source in follow(feed, poll))


def test_what_an_envelope_links_to_is_as_real_as_the_envelope() -> None:
    """A message of status Actual that an envelope of an exercise links to is an exercise."""
    body = (
        b'<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0">'
        b"<distributionStatus>Exercise</distributionStatus><contentObject><nonXMLContent>"
        b"<uri>/{A}.xml</uri></nonXMLContent></contentObject></EDXLDistribution>"
    )
    polled = Polled(a_source(public=True, licence="CC BY 4.0"))
    poll = Poll(NOON, (Payload(polled.feed.sources[0], body),))
    (named,) = follow(polled.feed, poll)
    (one,) = alerts(polled.poll(body, [(named.url, a_message("A-1"))]))
    assert (one.identifier, one.exercise, one.inside) == ("A-1", True, True)


def test_messages_become_alerts_and_are_kept() -> None:
    """A list with links and one with its messages inside say the same; each original comes."""
    body = a_message("A-1")
    inner = Polled(a_source()).poll(inside(body))
    outer = Polled(a_source()).poll(atom(linked("A-1")), [(LIST[:-8] + "A-1.xml", body)])
    assert names(inner) == names(outer) == ["A-1"]
    assert outer.originals == (body,)
    assert alerts(inner)[0].id == alerts(outer)[0].id
    assert not inner.refused


def test_a_single_file_is_a_list_of_one() -> None:
    """The message at an address that is overwritten in place takes the place of the one before."""
    polled = Polled(a_source(complete=True))
    polled.poll(a_message("A-1"))
    assert names(polled.poll(a_message("A-2"))) == ["A-2"]


def test_what_did_not_come_goes_on() -> None:
    """An alert that the list still names stays while its message cannot be had."""
    polled = Polled(a_source(complete=True))
    first = [(LIST[:-8] + f"{name}.xml", a_message(name)) for name in ("A-1", "A-2")]
    polled.poll(atom(linked("A-1"), linked("A-2")), first)
    parsed = polled.poll(atom(linked("A-1"), linked("A-2")), first[:1])
    assert names(parsed) == ["A-1", "A-2"]
    assert parsed.refused == (("A-2", "its message did not come"),)


def test_a_cancel_is_beyond_doubt() -> None:
    """What is cancelled has ended although a neighbour of the Cancel cannot be read."""
    polled = Polled(a_source(complete=True))
    (known,) = alerts(polled.poll(inside(a_message("A-1"))))
    cancel = a_message("C-1", references=(a_reference("A-1"),), msgType="Cancel", sent=NOON)
    parsed = polled.poll(inside(cancel, b"<alert><sender>x</sender></alert>"))
    assert parsed.ended == {known.id}
    assert names(parsed) == []
    assert len(parsed.refused) == 1


def test_a_broken_list_ends_nothing() -> None:
    """Where a list cannot be read to its end, absence says nothing."""
    polled = Polled(a_source(complete=True))
    polled.poll(inside(a_message("A-1"), a_message("A-2")))
    parsed = polled.poll(inside(a_message("A-1"))[:-20] + b"<")
    assert names(parsed) == ["A-1", "A-2"]
    with pytest.raises(PayloadError):
        polled.poll(b"<html>sorry</html>")


def test_of_several_lists_one_may_fail() -> None:
    """What the missing one listed goes on."""
    source = a_source(url=None, urls=[LIST, LIST + "?2"], complete=True)
    polled = Polled(source)
    both = [(LIST + "?2", inside(a_message("A-2")))]
    assert names(polled.poll(inside(a_message("A-1")), both)) == ["A-1", "A-2"]
    parsed = polled.poll(inside(a_message("A-1")))
    assert names(parsed) == ["A-1", "A-2"]
    assert parsed.refused


def test_an_entry_stands_in_where_no_message_can_be_had() -> None:
    """A list that says enough itself is read, and says that it is only the list."""
    entry = (
        '<id>urn:1</id><updated>2026-09-08T03:00:00Z</updated><title>Flood</title><link href="{}"/>'
        '<c:event xmlns:c="urn:oasis:names:tc:emergency:cap:1.2">Flood</c:event>'
    )
    (one,) = alerts(Polled(a_source()).poll(atom(entry.format("https://else.example/1.xml"))))
    assert "only what the list says of it" in one.defects
    assert one.event_type == "flood"


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (a_message(msgType="Ack"), "for systems"),
        (a_message(status="System"), "for systems"),
        (a_message("F", an_info(area="<areaDesc/><polygon>1,1 1,2 2,2</polygon>")), "outside"),
        (a_message("P", an_info(area="<polygon>22,170 22,-170 23,-170</polygon>")), "outside"),
        (
            a_message(
                "G",
                an_info(
                    area="<areaDesc/><geocode><valueName>adcode</valueName>"
                    "<value>110000</value></geocode>"
                ),
            ),
            "outside",
        ),
    ],
    ids=["ack", "system", "drawn elsewhere", "across the meridian", "coded elsewhere"],
)
def test_what_is_rightly_no_alert(message: bytes, why: str) -> None:
    """Messages between systems and of other places are left out, with the reason."""
    areas = {"bbox": [113.0, 21.5, 115.0, 23.0], "adcodes": ["44", "81"]}
    parsed = Polled(a_source(areas=areas)).poll(inside(message))
    assert names(parsed) == []
    assert why in parsed.ignored[0][1]


@pytest.mark.parametrize(
    "area",
    [
        "<areaDesc>x</areaDesc>",
        "<polygon>22,113 22,114 23,114</polygon>",
        "<circle>20,113 200</circle>",
        "<circle>22.3,114.1 0</circle>",
        "<geocode><valueName>adcode</valueName><value>440300</value></geocode>",
    ],
)
def test_what_is_wanted_is_taken(area: str) -> None:
    """What reaches in is taken, and what does not say where it is."""
    areas = {"bbox": [113.0, 21.5, 115.0, 23.0], "adcodes": ["44", "81"]}
    assert names(Polled(a_source(areas=areas)).poll(inside(a_message("W", an_info(area=area)))))


@pytest.mark.parametrize(
    ("area", "placing", "stands_in"),
    [
        ("<areaDesc>Macao</areaDesc>", "region", True),
        ("<areaDesc/><polygon>1,2 3</polygon>", "region", True),
        ("<geocode><valueName>UGC</valueName><value>X1</value></geocode>", "region", True),
        ("<polygon>22,113 22,114 23,114</polygon>", "given", False),
        ("<circle>22.3,114.1 0</circle>", "given", False),
        (
            "<geocode><valueName>adcode</valueName><value>110000</value></geocode>",
            "unplaced",
            False,
        ),
    ],
    ids=["words", "unreadable", "unknown code", "polygon", "point", "code of elsewhere"],
)
@pytest.mark.parametrize(
    "default", [{"adcode": "82"}, {"bbox": [113.5, 22.0, 113.7, 22.3]}], ids=["code", "box"]
)
def test_the_usual_area_of_a_source_stands_in(
    default: dict[str, Any], area: str, placing: str, *, stands_in: bool
) -> None:
    """Only where an alert gives neither a shape nor a code that says where, and it is said."""
    source = a_source(default_area=default)
    (one,) = alerts(Polled(source).poll(inside(a_message("W", an_info(area=area)))))
    assert one.placing == placing
    assert any("usual area" in defect for defect in one.defects) is stands_in
    assert (one.geometry is None) is (placing == "unplaced")


def test_signatures_are_checked_by_the_source_s_certificates(tmp_path: Path) -> None:
    """True ones are valid, others are shown inside alone and end nothing."""
    (tmp_path / "them.pem").write_bytes(pem_of(a_certificate()))
    terms = {"public": True, "licence": "CC BY 4.0", "trust": [str(tmp_path / "them.pem")]}
    polled = Polled(a_source(**terms, signs=True))
    true, plain = signed(a_message("T-1")), a_message("T-2")
    cancel = a_message("C-1", references=(a_reference("T-1"),), msgType="Cancel", sent=NOON)
    parsed = polled.poll(inside(true, plain, cancel))
    found = {alert.identifier: alert for alert in alerts(parsed)}
    assert found["T-1"].signature is Signature.VALID
    assert not found["T-1"].inside
    assert found["T-2"].signature is Signature.INVALID
    assert found["T-2"].inside


def test_a_source_whose_file_is_gone_leaves_the_picture(tmp_path: Path) -> None:
    """Its alerts and its status go; a file that cannot be used takes nothing away."""
    from tests.integration.test_poll import World

    (tmp_path / "any.toml").write_text(FILE)
    settings = Settings(cap_sources_dir=tmp_path)
    world = World()
    world.says(a_message("A-1", an_info(expires=world.now() + timedelta(hours=1))), LIST)
    world.poll(find_feed("cap_next", settings))
    store: MemoryStore = world.store
    assert forget_sources(store, settings) == 0
    assert store.by_feed("cap_next")
    (tmp_path / "any.toml").write_text("id = ")
    assert forget_sources(store, settings) == 0
    status = read_standing(store, "cap_next").status
    assert status is not None
    assert status.state is FeedState.FAILING
    assert "any.toml" in status.reason
    (tmp_path / "any.toml").unlink()
    away = settings.model_copy(update={"cap_sources_dir": tmp_path / "not-mounted"})
    assert forget_sources(store, away) == 0
    assert store.by_feed("cap_next")
    assert forget_sources(store, settings) == 1
    assert not store.by_feed("cap_next")
    assert "feed_status:cap_next" not in store.read(["feed_status:cap_next"])
