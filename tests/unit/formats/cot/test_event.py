"""Events of Cursor-on-Target: written, read back, and refused."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cop.errors import PayloadError
from cop.formats.cot import control, types
from cop.formats.cot.event import MOST_BYTES, CotEvent, read_event, write_event

NOW = datetime(2026, 9, 8, 4, 0, 0, 125_000, tzinfo=UTC)
PLAIN = (
    b'<event version="2.0" uid="A-1" type="a-f-G-U-C" how="m-g" time="2026-09-08T04:00:00Z"'
    b' start="2026-09-08T04:00:00Z" stale="2026-09-08T04:05:00Z">'
    b'<point lat="22.3" lon="114.17" hae="12.5" ce="8" le="9999999.0"/>'
)
NAMES = {"event": "Base-Event", "contact": "Contact", "remarks": "Remarks", "track": "Track"}
SQUARE = ((114.1, 22.3), (114.2, 22.3), (114.2, 22.4), (114.1, 22.4), (114.1, 22.3))


def made(**fields: Any) -> CotEvent:
    """Make an event."""
    given = {
        "uid": "cop.hk.live.resource:pump-1",
        "type": "a-f-G-U-C-E",
        "how": "m-g",
        "time": NOW,
        "start": NOW,
        "stale": NOW + timedelta(minutes=10),
        "place": (114.17, 22.3),
    }
    return CotEvent(**{**given, **fields})


EVERYTHING = (
    made(),
    made(
        callsign='DSD "1" <&>',
        remarks="渠務署\nline 2",
        team="Orange",
        role="Team Member",
        course_deg=85.25,
        speed_ms=1.5,
        ready=True,
        ce_m=12.5,
        hae_m=-3.25,
        opex="e-exercise-1",
    ),
    made(type=types.DRAWING, corners=SQUARE, stroke=-65536, fill=872349696, callsign="Flood"),
    made(type=types.MARK, stroke=-65536),
    made(is_device=True, uid="ANDROID-1"),
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs")), max_size=60)


@pytest.mark.parametrize("event", EVERYTHING, ids=["least", "unit", "drawing", "mark", "device"])
def test_what_is_written_is_read_back(event: CotEvent) -> None:
    """An event says the same after it has been XML."""
    assert read_event(write_event(event)) == event


@given(
    words=WORDS,
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    error=st.none() | st.floats(0, 9e6),
)
def test_no_words_and_no_place_break_an_event(
    words: str, lon: float, lat: float, error: float | None
) -> None:
    """Whatever is said, the XML is whole, on one line but for the words', and says the same."""
    event = made(callsign=words, remarks=words, place=(lon, lat), ce_m=error)
    read = read_event(write_event(event))
    assert read.callsign == re.sub("[\ufffe\uffff]", "", words).strip()
    assert read.place == pytest.approx((lon, lat), abs=1e-6)
    if error is not None:
        assert read.ce_m == pytest.approx(error, abs=0.01)


def test_what_a_device_says_of_itself_is_read() -> None:
    """As they send it: with what else they have, and with unknown heights, errors and speeds."""
    event = read_event(
        PLAIN.replace(b'"12.5"', b'"9999999.0"').replace(b'"8"', b'"9999999.0"')
        + b'<detail><takv os="34" version="5.2.0" device="X" platform="ATAK-CIV"/>'
        b'<contact endpoint="*:-1:stcp" phone="1" callsign="PUMP 1"/><uid Droid="PUMP 1"/>'
        b'<precisionlocation altsrc="GPS" geopointsrc="GPS"/><__group role="HQ" name="Cyan"/>'
        b'<status battery="82"/><track course="9999999.0" speed="9999999.0"/>'
        b"<remarks>" + b"x" * 50_000 + b"</remarks></detail></event>"
    )
    assert (event.is_device, event.callsign, event.team, event.role) == (
        True,
        "PUMP 1",
        "Cyan",
        "HQ",
    )
    assert (event.hae_m, event.ce_m, event.le_m, event.course_deg) == (None, None, None, None)
    assert (event.ready, len(event.remarks)) == (None, 4000)


def test_what_xml_cannot_hold_is_left_out() -> None:
    """Control characters, and those that turn writing round, do not reach a device."""
    written = write_event(made(callsign="a\x00b\u202ec\ufffed", remarks="\x1b[2J"))
    assert read_event(written).callsign == "abcd"
    assert read_event(written).remarks == "[2J"


def test_unknown_heights_and_errors_have_their_number() -> None:
    """What is not known is 9999999, as the standard has it, and is read as not known."""
    point = etree.fromstring(write_event(made()))[0]
    assert {point.get(name) for name in ("hae", "ce", "le")} == {"9999999"}
    assert read_event(write_event(made())).ce_m is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<event", id="cut off"),
        pytest.param(b"<html></html>", id="a web page"),
        pytest.param(b"<a><event/></a>", id="another root"),
        pytest.param(b'<event version="2.0"/>', id="no point"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "b">]>' + PLAIN + b"<detail>&a;</detail></event>", id="entity"
        ),
        pytest.param(PLAIN.replace(b'"22.3"', b'"NaN"') + b"</event>", id="not a number"),
        pytest.param(PLAIN.replace(b'"22.3"', b'"1e999"') + b"</event>", id="infinite"),
        pytest.param(PLAIN.replace(b'"22.3"', b'"91"') + b"</event>", id="off the earth"),
        pytest.param(PLAIN.replace(b'version="2.0"', b'version="1.0"') + b"</event>", id="version"),
        pytest.param(PLAIN.replace(b'uid="A-1"', b'uid="  "') + b"</event>", id="no uid"),
        pytest.param(
            PLAIN.replace(b'uid="A-1"', b'uid="' + b"A" * 301 + b'"') + b"</event>", id="long uid"
        ),
        pytest.param(PLAIN.replace(b"a-f-G-U-C", b"a f") + b"</event>", id="no type"),
        pytest.param(PLAIN.replace(b"04:05:00Z", b"soon") + b"</event>", id="no time"),
        pytest.param(
            PLAIN.replace(b"2026-09-08T04:05", b"9999-12-31T23:59") + b"</event", id="end"
        ),
        pytest.param(PLAIN + b"<a>" * 20 + b"</a>" * 20 + b"</event>", id="too deep"),
        pytest.param(PLAIN + b"<a>" * 300 + b"</a>" * 300 + b"</event>", id="far too deep"),
        pytest.param(PLAIN + b"<a/>" * 2000 + b"</event>", id="too many elements"),
        pytest.param(PLAIN + b" " * MOST_BYTES + b"</event>", id="too large"),
        pytest.param(
            PLAIN + b"<detail>" + b'<link point="1,1"/>' * 500 + b"</detail></event>", id="corners"
        ),
        pytest.param(
            PLAIN + b'<detail><track course="1" speed="fast"/></detail></event>',
            id="words for speed",
        ),
    ],
)
def test_what_is_no_event_is_refused(body: bytes) -> None:
    """It is refused with words, and nothing else happens."""
    with pytest.raises(PayloadError, match=r"\w"):
        read_event(body)


def test_a_mark_has_the_picture_of_its_colour() -> None:
    """As devices name their spots; what is no mark has its own."""
    icons = [
        etree.fromstring(write_event(made(type=kind, stroke=-65536))).find("detail/usericon")
        for kind in (types.MARK, "a-u-X-i-f")
    ]
    assert icons[0] is not None
    assert icons[0].get("iconsetpath") == "COT_MAPPING_SPOTMAP/b-m-p-s-m/-65536"
    assert icons[1] is None


def test_a_delete_names_what_goes() -> None:
    """The link names uid and type, and devices are to forget also what they keep."""
    left = PLAIN.replace(b"a-f-G-U-C", b"t-x-d-d")
    link = b'<detail><link relation="p-p" uid="A-1" type="a-f-G-U-C"/></detail></event>'
    assert read_event(left + link).deletes == ("A-1", "a-f-G-U-C")
    assert read_event(PLAIN + link).deletes is None
    event = read_event(control.delete("cop.hk.live.incident:1", "a-u-X-i-f", NOW))
    assert (event.type, event.deletes) == ("t-x-d-d", ("cop.hk.live.incident:1", "a-u-X-i-f"))
    assert event.stale == event.time


def test_a_ping_has_its_answer() -> None:
    """As servers of this kind answer it."""
    assert read_event(control.pong(NOW)).type == "t-x-c-t-r"


def test_another_protocol_is_politely_not_spoken() -> None:
    """Who asks for it is told no, under the uid of the question."""
    root = etree.fromstring(control.refuse_protocol("ask-1", NOW))
    assert (root.get("uid"), root.get("type")) == ("ask-1", "t-x-takp-r")
    assert root.find("detail/TakControl/TakResponse").get("status") == "false"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "incident"),
    [
        ("b-r-f-h-c", "rescue"),
        ("b-a-o-tbl", "rescue"),
        ("b-a-o-can", ""),
        ("b-l-f", "fire"),
        ("b-l-m", "other"),
        ("a-u-X-i-g-l", "landslide"),
        ("b-t-f", ""),
        ("b-m-p-s-m", ""),
        ("b-f-t-r", ""),
        ("u-d-f", ""),
        ("a-h-G", ""),
        ("t-x-d-d", ""),
    ],
)
def test_which_types_report_something(kind: str, incident: str) -> None:
    """Alarms and reports do; chat, files, marks, drawings and what is called off do not."""
    assert types.reported_type(kind) == incident


def schemas() -> Path:
    """Give the folder of the public schemas; skips where the environment names none."""
    folder = os.environ.get("COP_COT_SCHEMAS", "")
    if not folder:
        pytest.skip("COP_COT_SCHEMAS names no folder with the schemas of Cursor-on-Target")
    return Path(folder)


def read_schema(name: str) -> etree.XMLSchema:
    """Read one of the public schemas."""
    (path,) = (schemas() / "mitre").glob(f"CoT?{name}*.xsd")
    return etree.XMLSchema(etree.fromstring(path.read_bytes()))


@pytest.mark.parametrize("event", EVERYTHING, ids=["least", "unit", "drawing", "mark", "device"])
def test_events_are_valid(event: CotEvent) -> None:
    """The base schema and those of contact, remarks and track accept it."""
    root = etree.fromstring(write_event(event))
    checked = {name: read_schema(file) for name, file in NAMES.items()}
    checked["event"].assertValid(root)
    for part in root.iterfind("detail/*"):
        if part.tag in checked and part.get("point") is None:
            checked[part.tag].assertValid(part)


def test_a_delete_is_valid() -> None:
    """Also its link is one of the schema."""
    root = etree.fromstring(control.delete("cop.1", "u-d-f", NOW))
    read_schema(NAMES["event"]).assertValid(root)
    link = root.find("detail/link")
    assert link is not None
    read_schema("Link").assertValid(link)


def test_drawings_have_the_parts_of_a_free_form_in_its_order() -> None:
    """But for `archive`, which would keep them for ever, and what only an editor needs."""
    schema = etree.parse(schemas() / "xsd" / "Drawing Shapes - Free Form.xsd")
    space = {"x": "http://www.w3.org/2001/XMLSchema"}
    path = "//x:element[@name='detail']/x:complexType/x:sequence/x:element/@name"
    order = [str(name) for name in schema.xpath(path, namespaces=space)]  # type: ignore[union-attr]
    root = etree.fromstring(write_event(EVERYTHING[2]))
    found = [str(part.tag) for part in root.iterfind("detail/*")]
    assert [name for name in order if name in found] == list(dict.fromkeys(found))
    assert {"link", "strokeColor", "strokeWeight", "fillColor", "contact"} <= set(found)
