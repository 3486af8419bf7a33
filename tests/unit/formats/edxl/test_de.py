"""The EDXL-DE envelope: written by its schema, read leniently."""

from __future__ import annotations

import base64
import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from cop.formats.edxl.de import DE, DE2, Content, Envelope, read_de, write_de
from cop.formats.payload import read_xml
from tests.unit.formats.edxl.schemas import assert_fits, de_schema

_at_any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = datetime(2026, 9, 7, 15, 6, tzinfo=UTC)
LEI = "00EXAMPLE00000000159"


def content(words: str = "inside") -> etree._Element:
    """Make something that travels."""
    element = etree.Element("{urn:x-test}thing")
    element.text = words
    return element


def envelope(**changes: Any) -> Envelope:
    """Make an envelope; keywords override its fields."""
    fields: dict[str, Any] = {
        "id": "hk-cop-1",
        "sender": "cop@example.hk",
        "sent": NOW,
        "status": "Actual",
        "type": "Report",
        "confidentiality": "Public",
        "contents": (Content(element=content(), description="a thing"),),
    }
    return Envelope(**(fields | changes))


def test_it_follows_the_schema() -> None:
    """An envelope with everything in it is what OASIS' schema says."""
    area = {"type": "Polygon", "coordinates": [[[114, 22], [115, 22], [115, 23], [114, 22]]]}
    body = write_de(
        envelope(
            lei=LEI,
            language="zh-Hant",
            area=area,
            contents=(
                Content(element=content("1"), description="one", incident="incident:1"),
                Content(element=content("2"), confidentiality="Public"),
            ),
        )
    )
    assert_fits(body, de_schema())


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@_at_any_speed
@given(words, words, st.sampled_from(["Actual", "Exercise", "System", "Test"]))
def test_what_is_written_is_read_again(number: str, said: str, status: str) -> None:
    """Whatever stands in an envelope, it follows the schema and comes out as it went in."""
    given_ = envelope(
        id=f"n{number}",
        status=status,
        lei=LEI,
        contents=(Content(element=content(), description=f"d{said}"),),
    )
    body = write_de(given_)
    assert_fits(body, de_schema())
    read, defects = read_de(read_xml(body))
    assert defects == []
    assert (read.sender, read.sent, read.status, read.lei) == ("cop@example.hk", NOW, status, LEI)
    assert read.id.startswith("n")
    [one] = read.contents
    assert one.element is not None
    assert one.element.text == "inside"


def test_one_bad_content_leaves_the_others() -> None:
    """What is no XML, empty or unknown is told, and what stands beside it is read."""
    body = write_de(envelope(contents=(Content(element=content()),))).replace(
        b"</de:EDXLDistribution>",
        b"<de:contentObject><de:nonXMLContent><de:mimeType>image/png</de:mimeType>"
        b"</de:nonXMLContent></de:contentObject><de:contentObject/></de:EDXLDistribution>",
    )
    read, defects = read_de(read_xml(body))
    assert [one.element is not None for one in read.contents] == [True, False]
    assert any("image/png" in words for words in defects)
    assert any("content 3 is empty" in words for words in defects)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("<dateTimeSent>yesterday</dateTimeSent>", "dateTimeSent"),
        ("<dateTimeSent>2026-09-07T15:06:00</dateTimeSent>", "time zone"),
        ("<distributionStatus>Real</distributionStatus>", "'Real' is not one of"),
        ("", "there is nothing in the envelope"),
        ("", "senderID is missing"),
    ],
    ids=["no-moment", "no-zone", "unknown-status", "empty", "nobody"],
)
def test_faults_are_told_in_words(said: str, told: str) -> None:
    """An envelope with a fault is read as far as it goes, and the fault is told."""
    body = f'<EDXLDistribution xmlns="{DE}">{said}</EDXLDistribution>'.encode()
    _, defects = read_de(read_xml(body))
    assert any(told in words for words in defects)


def packed(body: bytes, media_type: str = "application/xml") -> str:
    """Give a content object of something in base64."""
    data = base64.b64encode(body).decode()
    return (
        f"<contentObject><nonXMLContent><mimeType>{media_type}</mimeType>"
        f"<contentData>{data}</contentData></nonXMLContent></contentObject>"
    )


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        (packed(b"<thing/>"), ""),
        (packed(b"\xef\xbb\xbf<thing/>", "text/plain"), ""),
        (packed(gzip.compress(b"<thing/>"), "application/gzip"), ""),
        (packed(b"%PDF", "application/pdf"), "no XML but application/pdf"),
        (packed(b"<thing"), "not XML"),
        (packed(b"<!DOCTYPE a><thing/>"), "document type"),
        (packed(gzip.compress(b"<a>" + b" " * 9_000_000)), "more than"),
        (packed(gzip.compress(b"<thing>" + b" " * 3_000_000 + b"</thing>")) * 2, "more than"),
        (packed(gzip.compress(b"<thing/>")[:-9]), "cut off"),
        (packed(b"").replace("<contentData>", "<contentData>!"), "no base64"),
        (packed(b"").replace("contentData", "uri"), "content 1 (application/xml) is empty"),
        (packed(b"a").replace("contentData", "uri"), "never fetched"),
    ],
    ids=[
        *("xml", "marked", "gzip", "another", "broken", "doctype", "bomb", "together", "cut"),
        *("no-base64", "empty", "elsewhere"),
    ],
)
def test_what_stands_in_base64_is_read(inner: str, told: str) -> None:
    """XML in base64 is read like any other, within a bound for the whole envelope."""
    head = "<distributionStatus>Actual</distributionStatus>"
    body = f'<EDXLDistribution xmlns="{DE}">{head}{inner}</EDXLDistribution>'.encode()
    read, defects = read_de(read_xml(body))
    said = [words for words in defects if words.startswith("content ")]
    assert [one.element is not None for one in read.contents][-1] == (not said)
    assert told in "".join(said)
    assert bool(said) == bool(told)


SECOND = """<{root} xmlns="{DE2}" xmlns:ct="urn:oasis:names:tc:emergency:edxl:ct:1.0">
<distributionID>d-2</distributionID><senderID>a@example</senderID>
<dateTimeSent>2026-09-07T15:06:00+00:00</dateTimeSent>
<distributionStatus>{status}</distributionStatus><distributionKind>Report</distributionKind>
<descriptor><combinedConfidentiality>Public</combinedConfidentiality><language>fr</language>
<senderRole><ct:ValueListURI>urn:iso:std:iso:17442</ct:ValueListURI><ct:Value>{LEI}</ct:Value>
</senderRole></descriptor><content><contentObject><contentDescriptor>
<contentDescription>a thing</contentDescription></contentDescriptor><contentXML>
<embeddedXMLContent><thing/></embeddedXMLContent></contentXML></contentObject></content></{root}>"""


@pytest.mark.parametrize(
    "status",
    [
        "Actual",
        "<StatusKindDefault>Actual</StatusKindDefault>",
        "<StatusKindDefault><ct:List>urn:x</ct:List><ct:Value>Actual</ct:Value></StatusKindDefault>",
    ],
    ids=["plain", "named", "listed"],
)
@pytest.mark.parametrize("root", ["edxlDistribution", "EDXLDistribution"])
def test_the_second_version_is_read(status: str, root: str) -> None:
    """What 2.0 has put elsewhere is found there, however it says what is real."""
    body = SECOND.format(root=root, status=status, DE2=DE2, LEI=LEI).encode()
    read, defects = read_de(read_xml(body))
    assert defects == []
    assert (read.id, read.status, read.type) == ("d-2", "Actual", "Report")
    assert (read.confidentiality, read.language, read.lei) == ("Public", "fr", LEI)
    [one] = read.contents
    assert (one.description, one.element is not None) == ("a thing", True)


def test_thousands_of_contents_are_bounded() -> None:
    """An envelope with more than is read says so."""
    one = "<contentObject><xmlContent/></contentObject>"
    body = f'<EDXLDistribution xmlns="{DE}">{one * 3000}</EDXLDistribution>'.encode()
    read, defects = read_de(read_xml(body))
    assert len(read.contents) <= 200
    assert any("only the first 200" in words for words in defects)


def test_an_envelope_without_a_time_is_not_sent() -> None:
    """What has no time cannot be written."""
    with pytest.raises(ValueError, match="at a time"):
        write_de(envelope(sent=None))
