"""The messages in a document, whatever the document is."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable

import pytest

from cop.errors import PayloadError
from cop.formats.cap_envelope import Envelope, read_envelope
from tests.unit.formats.cap_making import CAP, a_message, an_info

ONE = a_message("A-1").decode()
TWO = a_message("A-2", an_info("Flood")).decode()
BROKEN = ONE.replace("A-1", "A-9").replace("</sender>", "")
NAMELESS = ONE.replace("<identifier>A-1</identifier>", "")
ATOM = "http://www.w3.org/2005/Atom"
DE = "urn:oasis:names:tc:emergency:EDXL:DE:1.0"
LISTED = "<StatusKindDefault><List>urn:x</List><Value>{}</Value></StatusKindDefault>"


def atom(*entries: str) -> str:
    """Make an Atom list."""
    inner = "".join(f"<entry><id>urn:{n}</id>{entry}</entry>" for n, entry in enumerate(entries))
    return f'<feed xmlns="{ATOM}"><id>urn:f</id><author><name>Them</name></author>{inner}</feed>'


def distribution(*contents: str, head: str = "") -> str:
    """Make an EDXL-DE envelope."""
    inner = "".join(
        f"<contentObject><contentDescription>Thing {n}</contentDescription>{content}"
        "</contentObject>"
        for n, content in enumerate(contents)
    )
    return f'<EDXLDistribution xmlns="{DE}">{head}{inner}</EDXLDistribution>'


def embedded(message: str) -> str:
    """Put *message* into a content object."""
    return f"<xmlContent><embeddedXMLContent>{message}</embeddedXMLContent></xmlContent>"


def identifiers(envelope: Envelope) -> list[str]:
    """Give the identifiers of the messages that could be read; the rows of the others."""
    return [one.row if one.alert is None else one.alert.identifier for one in envelope.messages]


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (atom(f"<content>{ONE}</content>", f"<content>{TWO}</content>"), "atom"),
        (
            atom(*(f"<content><![CDATA[<!-- a -->{one}]]></content>" for one in (ONE, TWO))),
            "atom",
        ),
        (
            f"<rss><item><title><![CDATA[{ONE}]]></title></item><item>{TWO}</item></rss>",
            "rss",
        ),
        (distribution(embedded(ONE), embedded(TWO)), "edxl-de"),
        (f"<alerts>{ONE}{TWO}</alerts>", "list"),
        (f"<a><b><c>{ONE}</c></b>{TWO}</a>", "list"),
        (f"<?xml version='1.0'?>{ONE}<?xml version='1.0'?>{TWO}", "list"),
        (f"<x><string><![CDATA[{ONE}]]></string><string><![CDATA[{TWO}]]></string></x>", "list"),
    ],
    ids=["atom", "atom text", "rss", "edxl", "list", "deep list", "one after the other", "text"],
)
def test_every_form_gives_the_same_messages(body: str, form: str) -> None:
    """A list, a feed and an envelope hold the same two messages."""
    envelope = read_envelope(body.encode())
    assert envelope.form == form
    assert identifiers(envelope) == ["A-1", "A-2"]


def test_a_message_that_stands_alone_is_kept_as_it_came() -> None:
    """Its original is the file itself, byte order mark, comments and all."""
    body = b"\xef\xbb\xbf<?xml version='1.0'?><!-- hello -->\n" + ONE.encode() + b"\n"
    (one,) = read_envelope(body).messages
    assert one.original == body


def test_a_slice_stands_alone() -> None:
    """What is cut out of an envelope reads as it did inside, and carries no foreign namespaces."""
    prefixed = "<cap:alert><cap:identifier>A-1</cap:identifier></cap:alert>"
    body = distribution(embedded(prefixed)).replace(
        "<EDXLDistribution ", f'<EDXLDistribution xmlns:cap="{CAP}" xmlns:geo="urn:geo" '
    )
    (one,) = read_envelope(body.encode()).messages
    assert one.original.startswith(f'<cap:alert xmlns:cap="{CAP}"><cap:identifier>'.encode())
    assert b"urn:geo" not in one.original
    assert identifiers(read_envelope(one.original)) == ["A-1"]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda *m: atom(*(f"<content>{one}</content>" for one in m)),
        lambda *m: distribution(*(embedded(one) for one in m)),
        lambda *m: f"<alerts>{''.join(m)}</alerts>",
    ],
    ids=["atom", "edxl", "list"],
)
@pytest.mark.parametrize("bad", [BROKEN, NAMELESS], ids=["mark-up", "identity"])
def test_one_bad_message_keeps_its_neighbours(wrap: Callable[..., str], bad: str) -> None:
    """Broken mark-up or a missing identity is a fault of that message alone."""
    envelope = read_envelope(wrap(ONE, bad, TWO).encode())
    assert [one.alert.identifier for one in envelope.messages if one.alert] == ["A-1", "A-2"]
    (fault,) = [one.fault for one in envelope.messages if one.alert is None]
    assert fault
    assert envelope.whole is (bad is NAMELESS)


@pytest.mark.parametrize("status", ["Exercise", "Test", "System", LISTED.format("Test")])
def test_an_exercise_stays_one_inside_its_envelope(status: str) -> None:
    """What an envelope says of all in it holds for each, also where the envelope is broken."""
    head = f"<distributionStatus>{status}</distributionStatus>"
    head += "<combinedConfidentiality>Restricted</combinedConfidentiality>"
    for contents in ([embedded(ONE)], [embedded(ONE), embedded(BROKEN)]):
        envelope = read_envelope(distribution(*contents, head=head).encode())
        read = [one for one in envelope.messages if one.alert is not None]
        assert [(one.practice, one.inside) for one in read] == [(True, True)]


@pytest.mark.parametrize("status", ["Actual", LISTED.format("Actual")])
def test_an_open_envelope_closes_nothing(status: str) -> None:
    """An envelope of status Actual that is unclassified leaves its messages as they are."""
    head = f"<distributionStatus>{status}</distributionStatus>"
    head += "<combinedConfidentiality>UNCLASSIFIED AND NOT SENSITIVE</combinedConfidentiality>"
    (one,) = read_envelope(distribution(embedded(ONE), head=head).encode()).messages
    assert (one.practice, one.inside) == (False, False)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_content_in_base64_is_read(pack: Callable[[bytes], bytes]) -> None:
    """A message may lie in an envelope as data."""
    data = base64.b64encode(pack(ONE.encode())).decode()
    content = f"<nonXMLContent><mimeType>application/cap+xml</mimeType><contentData>{data}"
    body = distribution(content + "</contentData></nonXMLContent>")
    assert identifiers(read_envelope(body.encode())) == ["A-1"]


@pytest.mark.parametrize(
    ("content", "address"),
    [
        ("<uri>https://x.example/a.xml</uri>", "https://x.example/a.xml"),
        ("<mimeType>application/cap+xml</mimeType><uri> b </uri>", "https://x.example/b"),
        ("<mimeType>text/xml</mimeType><uri>//y.example/c</uri>", "https://y.example/c"),
        ("<mimeType>image/png</mimeType><uri>https://x.example/a.png</uri>", ""),
        ("<uri>ftp://x.example/a.xml</uri>", ""),
        ("<uri/>", ""),
    ],
    ids=["alone", "typed", "other host", "picture", "ftp", "empty"],
)
def test_content_elsewhere_is_a_link(content: str, address: str) -> None:
    """A content object that only says where its message is links to it, as an entry does."""
    head = "<distributionStatus>Exercise</distributionStatus>"
    body = distribution(f"<nonXMLContent>{content}</nonXMLContent>", embedded(ONE), head=head)
    envelope = read_envelope(body.encode(), address="https://x.example/de.xml")
    assert [link.address for link in envelope.links] == ([address] if address else [])
    assert all(link.practice and not link.inside for link in envelope.links)
    assert [one.fault for one in envelope.messages] == (
        [""] if address else ["a content object without a CAP message", ""]
    )


def test_a_bomb_in_an_envelope_is_a_fault() -> None:
    """Data that grows without end is not unpacked, and harms no neighbour."""
    data = base64.b64encode(gzip.compress(b"<alert>" + b" " * 20_000_000)).decode()
    bomb = f"<nonXMLContent><contentData>{data}</contentData></nonXMLContent>"
    envelope = read_envelope(distribution(bomb, embedded(ONE)).encode())
    assert [bool(one.alert) for one in envelope.messages] == [False, True]


def test_a_list_names_what_it_links_to() -> None:
    """The link to the message is taken, not the one to a page about it."""
    cap = '<link href="/b.xml" type="application/cap+xml"/>'
    page = '<link href="/b.html" type="text/html"/>'
    envelope = read_envelope(
        atom(page + cap, page + '<link href="http://x.example/c.xml"/>', page).encode(),
        address="https://x.example/atom.xml",
    )
    assert [link.address for link in envelope.links] == [
        "https://x.example/b.xml",
        "https://x.example/c.xml",
    ]
    assert [one.fault for one in envelope.messages] == ["neither a CAP message nor a link to one"]


def test_a_list_may_name_the_message_beside_its_page() -> None:
    """GDACS links its page, and names the message in an element of its own."""
    body = (
        '<rss version="2.0" xmlns:g="http://www.gdacs.org"><channel><item><title>x</title>'
        "<link>https://x.example/report.aspx?eventid=1</link>"
        "<g:cap>https://x.example/cap_1.xml</g:cap></item></channel></rss>"
    )
    [link] = read_envelope(body.encode()).links
    assert link.address == "https://x.example/cap_1.xml"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "ftp://x/a.xml", "https://u:p@x/a.xml", "https://[x/a.xml"]
)
def test_a_link_that_is_no_web_address_is_none(href: str) -> None:
    """Only http and https, without a name or password, are followed."""
    envelope = read_envelope(atom(f'<link href="{href}"/>').encode())
    assert envelope.links == ()


def test_an_entry_says_what_its_message_would() -> None:
    """The elements of CAP in an entry make up a message where nothing else is to be had."""
    elements = (
        f'<x:event xmlns:x="{CAP}">Flood</x:event><x:message_type xmlns:x="{CAP}">Update'
        f'</x:message_type><x:severity xmlns:x="{CAP}">Minor</x:severity>'
        f'<x:geocode xmlns:x="{CAP}"><valueName>FIPS6</valueName><value>009007</value>'
        "<valueName>UGC</valueName><value>CTZ009</value></x:geocode>"
        "<updated>2026-09-08T03:00:00Z</updated><title>Flood here</title>"
        '<g:polygon xmlns:g="http://www.georss.org/georss">22 113 22 114 23 114</g:polygon>'
    )
    envelope = read_envelope(atom(elements).encode())
    (one,) = envelope.messages
    assert one.alert is not None
    assert (one.alert.identifier, one.alert.sender) == ("urn:0", "Them")
    assert one.alert.msg_type == "Update"
    (info,) = one.alert.infos
    assert (info.event, info.headline) == ("Flood", "Flood here")
    assert info.areas[0].geocodes == (("FIPS6", "009007"), ("UGC", "CTZ009"))
    assert info.areas[0].polygons[0][1] == (114.0, 22.0)
    assert b"<entry" in one.original


@pytest.mark.parametrize(
    ("place", "polygons", "circles", "points"),
    [
        ("<g:polygon>22 113 22 114 23 114</g:polygon>", 1, 0, 0),
        ("<g:where><m:posList>22 113 22 114 23 114</m:posList></g:where>", 1, 0, 0),
        ("<g:box>22 113 23 114</g:box>", 1, 0, 0),
        ("<g:circle>22 113 5000</g:circle>", 0, 1, 0),
        ("<g:point>22 113</g:point>", 0, 0, 1),
        ("<g:where><m:Point><m:pos>22 113</m:pos></m:Point></g:where>", 0, 0, 1),
        ("<w:lat>22</w:lat><w:long>113</w:long>", 0, 0, 1),
        ("<g:point>22</g:point><g:box/>", 0, 0, 0),
    ],
    ids=["polygon", "gml ring", "box", "circle", "point", "gml point", "w3c", "none"],
)
def test_an_entry_says_where(place: str, polygons: int, circles: int, points: int) -> None:
    """GeoRSS in any of its forms is the place where CAP's own is not given."""
    body = atom(f'<x:event xmlns:x="{CAP}">Flood</x:event>{place}').replace(
        "<feed ",
        '<feed xmlns:g="http://www.georss.org/georss" xmlns:m="http://www.opengis.net/gml"'
        ' xmlns:w="http://www.w3.org/2003/01/geo/wgs84_pos#" ',
    )
    (one,) = read_envelope(body.encode()).messages
    assert one.alert is not None
    (area,) = one.alert.infos[0].areas
    found = (len(area.polygons), len(area.circles), len(area.points))
    assert found == (polygons, circles, points)
    assert all(km == 5.0 for _, km in area.circles)


def test_an_entry_may_hold_whole_infos() -> None:
    """Some put the parts of a message into the entry as they are, without the message."""
    info = an_info("Flood").replace("<info>", f'<info xmlns="{CAP}">')
    body = atom(f"{info}{info.replace('Flood', 'Rain')}<updated>2026-09-08T03:00:00Z</updated>")
    (one,) = read_envelope(body.encode()).messages
    assert one.alert is not None
    assert [known.event for known in one.alert.infos] == ["Flood", "Rain"]
    assert all(known.areas[0].polygons for known in one.alert.infos)


MENDED = {
    "entities": ONE.replace("Rainstorm!", "Rain&nbsp;storm &amp; more"),
    "ampersand": ONE.replace("Rainstorm!", "Wind & rain?a=1&b=2"),
    "less": ONE.replace("Rainstorm!", "below < 5"),
    "control": ONE.replace("Rainstorm!", "Rain\x0bstorm&#x0;"),
    "prefix": ONE.replace("<note>", "").replace("</alert>", "<geo:x>1</geo:x></alert>"),
    "cap prefix": ONE.replace(f' xmlns="{CAP}"', "")
    .replace("</", "</cap:")
    .replace("<", "<cap:")
    .replace("<cap:/cap:", "</cap:"),
    "attribute": ONE.replace("<alert ", '<alert xsi:schemaLocation="urn:x x.xsd" '),
    "namespace": ONE.replace(f'"{CAP}"', f'" {CAP} "'),
    "before": "junk before " + ONE,
}


@pytest.mark.parametrize("name", MENDED)
def test_what_is_nearly_xml_is_read_and_says_so(name: str) -> None:
    """Entities of HTML, stray characters and unbound prefixes do not lose a message."""
    body = MENDED[name].encode()
    (one,) = read_envelope(body).messages
    assert one.alert is not None
    assert one.alert.identifier == "A-1"
    assert one.defects or name == "before"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "big5hkscs"),
        ("utf-8", "utf-16"),
        ("utf-16", "utf-8"),
        ("big5", "utf-8"),
        ("nonsense", "utf-8"),
        ("iso-8859-1", "utf-8"),
    ],
)
def test_a_wrong_encoding_is_seen_through(declared: str, encoding: str) -> None:
    """The bytes decide, not the declaration."""
    message = a_message("A-1", an_info("暴雨警告信號", language="zh-HK")).decode()
    body = f'<?xml version="1.0" encoding="{declared}"?>{message}'.encode(encoding)
    (one,) = read_envelope(body).messages
    assert one.alert is not None
    assert one.alert.infos[0].event == "暴雨警告信號"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>503</body></html>",
        b"{}",
        b"<feedback/>",
        b"<rss><channel>",
        b'<alert xmlns="urn:other"><title>x</title></alert>',
        b'<!DOCTYPE alert [<!ENTITY a "b">]>' + ONE.encode(),
        b'<!DOCTYPE alert SYSTEM "http://x/">' + ONE.encode(),
        ONE.encode()[:-60],
        b"<a>" * 300 + b"</a>" * 300,
    ],
    ids=["empty", "page", "json", "other", "cut", "foreign", "entity", "dtd", "broken", "deep"],
)
def test_what_holds_no_message_is_refused(body: bytes) -> None:
    """Pages, other formats, document types and what broke off are refused with a reason."""
    with pytest.raises(PayloadError, match=r"\w"):
        read_envelope(body)


def test_hundreds_of_infos_and_thousands_of_messages_are_read() -> None:
    """Size alone is no fault, up to a limit that is said."""
    many = a_message("A-1", *(an_info(f"Event {n}") for n in range(500)))
    (one,) = read_envelope(many).messages
    assert one.alert is not None
    assert len(one.alert.infos) == 500
    small = "<alert><identifier>{}</identifier></alert>"
    body = "<alerts>" + "".join(small.format(n) for n in range(5_100)) + "</alerts>"
    envelope = read_envelope(body.encode())
    assert len(envelope.messages) == 5_000
    assert not envelope.whole
