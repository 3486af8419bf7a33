"""What is written as CAP reads back the same, and passes the schema and the text's musts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.formats.atom import Category, Entry, Feed, Link
from cop.formats.cap import CapAlert, CapArea, CapInfo, CapReference, lang_of, read_alert
from cop.formats.cap_check import check_message
from cop.formats.cap_write import LANGUAGES, cap_time, clean, rings_of, write_alert
from cop.formats.rss import read_rss
from cop.formats.rss_write import write_rss
from cop.model.entity import Certainty, Severity, Urgency
from cop.model.geometry import point, polygon

NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)
RING = ((114.0, 22.4), (114.1, 22.4), (114.1, 22.5), (114.0, 22.4))
AREA = CapArea(desc="Yuen Long", polygons=(RING,), geocodes=(("HK_DISTRICT", "YL"),))
INFO = CapInfo(
    language="en-HK",
    event="Flooding",
    categories=("Met",),
    responses=("Avoid",),
    urgency=Urgency.IMMEDIATE,
    severity=Severity.SEVERE,
    certainty=Certainty.OBSERVED,
    effective=NOON,
    onset=NOON,
    expires=NOON + timedelta(hours=3),
    headline="Flooding: Yuen Long",
    areas=(AREA,),
)
ALERT = CapAlert(
    identifier="hk-live-20260908-1-1",
    sender="cop@example.hk",
    sent=NOON,
    status="Actual",
    msg_type="Alert",
    scope="Public",
    infos=(INFO,),
)

words = st.text(st.characters(exclude_categories=["Cs", "Co"]), max_size=40).map(clean)
some = words.filter(bool)
names = st.from_regex(r"[A-Za-z0-9@._-]{1,20}", fullmatch=True)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
corners = st.tuples(
    st.integers(-17_900_000, 17_900_000).map(lambda n: n / 1e5),
    st.integers(-8_900_000, 8_900_000).map(lambda n: n / 1e5),
)
pairs = st.lists(st.tuples(some, some), max_size=3).map(tuple)


@st.composite
def rings(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    """Give a ring around a place."""
    lon, lat = draw(corners)
    reach = draw(st.integers(1, 1000)) / 1e5
    ring = [(lon, lat), (lon + reach, lat), (lon + reach, lat + reach), (lon, lat)]
    return tuple((round(x, 5), round(y, 5)) for x, y in ring)


@st.composite
def infos(draw: st.DrawFn) -> CapInfo:
    """Give what one language says."""
    return CapInfo(
        language=draw(st.sampled_from([*LANGUAGES.values(), "pt-PT"])),
        event=draw(some),
        categories=draw(st.sampled_from([("Met",), ("Geo", "Safety")])),
        responses=draw(st.sampled_from([(), ("Shelter",), ("Avoid", "Monitor")])),
        urgency=draw(st.sampled_from(Urgency)),
        severity=draw(st.sampled_from(Severity)),
        certainty=draw(st.sampled_from(Certainty)),
        expires=draw(st.none() | moments),
        sender_name=draw(words),
        headline=draw(words),
        description=draw(words),
        instruction=draw(words),
        contact=draw(words),
        web=draw(st.sampled_from(["", "https://example.hk/a?b=1&c=2"])),
        event_codes=draw(pairs),
        parameters=draw(pairs),
        areas=tuple(
            CapArea(
                desc=draw(some),
                polygons=tuple(draw(st.lists(rings(), max_size=3))),
                geocodes=draw(pairs),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
    )


messages = st.builds(
    CapAlert,
    identifier=names,
    sender=names,
    sent=moments,
    status=st.sampled_from(["Actual", "Exercise"]),
    msg_type=st.sampled_from(["Alert", "Update", "Cancel"]),
    scope=st.just("Public"),
    note=words,
    references=st.lists(st.builds(CapReference, names, names, moments), max_size=5).map(tuple),
    infos=st.lists(infos(), max_size=3).map(tuple),
    problems=st.just(()),
)


@given(messages)
def test_what_is_written_reads_back_the_same(alert: CapAlert) -> None:
    """Whatever the words, times, areas and codes, nothing is lost, added or moved."""
    assert read_alert(write_alert(alert)) == alert


def test_a_message_of_ours_is_as_it_must_be() -> None:
    """Times are Hong Kong's, places have five decimals and latitude first, and nothing is wrong."""
    body = write_alert(ALERT)
    assert check_message(body) == ()
    assert b"<sent>2026-09-08T12:00:00+08:00</sent>" in body
    assert b"22.40000,114.00000 22.40000,114.10000" in body
    assert cap_time(NOON.replace(microsecond=999_999)) == "2026-09-08T12:00:00+08:00"


def test_what_cannot_be_seen_makes_no_empty_element() -> None:
    """A text of marks that cannot be seen is left out like one that is empty."""
    body = write_alert(info(instruction="\u202e\u200f"))
    assert b"instruction" not in body
    assert check_message(body) == ()


def test_the_tags_of_languages_are_read_as_ours() -> None:
    """Each language has a tag by which it is known again."""
    assert {lang_of(tag): tag for tag in LANGUAGES.values()} == dict(LANGUAGES)


def test_only_an_area_can_be_said() -> None:
    """Of an area the outer rings go; a place alone is refused."""
    assert rings_of(polygon(RING)) == (RING,)
    with pytest.raises(ValueError, match="Point"):
        rings_of(point(114.0, 22.4))


def info(**changes: object) -> CapAlert:
    """Give the message with something else in its only info."""
    return replace(ALERT, infos=(replace(INFO, **changes),))  # type: ignore[arg-type]


def area(**changes: object) -> CapAlert:
    """Give the message with something else in its only area."""
    return info(areas=(replace(AREA, **changes),))  # type: ignore[arg-type]


CROSSING = ((114.0, 22.4), (114.1, 22.5), (114.1, 22.4), (114.0, 22.5), (114.0, 22.4))
FAULTS: dict[str, tuple[CapAlert, str]] = {
    "a blank in the identifier": (replace(ALERT, identifier="a b"), "identifier"),
    "a comma in the sender": (replace(ALERT, sender="a,b"), "sender"),
    "an ampersand in the sender": (replace(ALERT, sender="a&b"), "sender"),
    "no sender": (replace(ALERT, sender=""), "sender"),
    "an unknown status": (replace(ALERT, status="Real"), "schema"),
    "restricted to nobody": (replace(ALERT, scope="Restricted"), "restriction"),
    "private to nobody": (replace(ALERT, scope="Private"), "addresses"),
    "an update of nothing": (replace(ALERT, msg_type="Update"), "references"),
    "a cancellation of nothing": (replace(ALERT, msg_type="Cancel"), "references"),
    "an error without words": (replace(ALERT, msg_type="Error"), "note"),
    "an update of itself": (
        replace(
            ALERT,
            msg_type="Update",
            references=(CapReference(ALERT.sender, ALERT.identifier, NOON),),
        ),
        "names itself",
    ),
    "no category": (info(categories=()), "schema"),
    "an unknown response": (info(responses=("Run",)), "schema"),
    "no event": (info(event=""), "event"),
    "an end before it begins": (info(expires=NOON - timedelta(seconds=1)), "expires"),
    "an end as it begins": (info(expires=NOON), "expires"),
    "in effect before it was sent": (info(effective=NOON - timedelta(hours=1)), "effective"),
    "an onset before it is in effect": (info(onset=NOON - timedelta(hours=1)), "onset"),
    "a page that is none": (info(web="example.hk"), "web"),
    "a parameter without value": (info(parameters=(("LEI", ""),)), "parameter"),
    "no words for the area": (area(desc=""), "areaDesc"),
    "three points": (area(polygons=(RING[:3],)), "four points"),
    "an open ring": (area(polygons=((*RING[:3], (114.2, 22.6)),)), "must be the first"),
    "crossing edges": (area(polygons=(CROSSING,)), "cross"),
    "a geocode without value": (area(geocodes=(("HK_DISTRICT", ""),)), "geocode"),
}


@pytest.mark.parametrize("name", list(FAULTS))
def test_each_fault_is_named(name: str) -> None:
    """What the schema or the text forbids is told in words."""
    alert, told = FAULTS[name]
    faults = check_message(write_alert(alert))
    assert any(told in fault for fault in faults), faults


EDITS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "UTC as Z": (lambda body: body.replace(b"+08:00</sent>", b"Z</sent>"), "UTC"),
    "UTC with plus": (lambda body: body.replace(b"+08:00</sent>", b"+00:00</sent>"), "UTC"),
    "a place beyond the poles": (lambda body: body.replace(b" 22.5", b" 99.5"), "polygon"),
    "a ceiling alone": (
        lambda body: body.replace(b"</area>", b"<ceiling>9</ceiling></area>"),
        "ceiling",
    ),
    "an instruction that says nothing": (
        lambda body: body.replace(b"<area>", b"<instruction> </instruction><area>"),
        "instruction: must not be empty",
    ),
    "a fraction of a second": (
        lambda body: body.replace(b":00+08:00</sent>", b":00.5+08:00</sent>"),
        "schema",
    ),
    "a zone that is not said": (lambda body: body.replace(b"+08:00</sent>", b"</sent>"), "schema"),
    "a reference without a time": (
        lambda body: body.replace(b"<info>", b"<references>a@b,c</references><info>", 1),
        "sender,identifier,sent",
    ),
    "a circle without a radius": (
        lambda body: body.replace(b"<geocode>", b"<circle>22.4,114.0</circle><geocode>"),
        "circle",
    ),
    "a picture at half an address": (
        lambda body: body.replace(
            b"<area>",
            b"<resource><resourceDesc>x</resourceDesc><mimeType>image/png</mimeType>"
            b"<uri>a.png</uri></resource><area>",
        ),
        "uri",
    ),
    "a language that is none": (lambda body: body.replace(b"en-HK", b"English (HK)"), "schema"),
    "another version": (lambda body: body.replace(b"cap:1.2", b"cap:1.1"), "CAP 1.2"),
    "a document type": (lambda body: b"<!DOCTYPE a>" + body, "document type"),
    "not XML": (lambda body: body[:-20], "not XML"),
    "nothing": (lambda _: b"", "empty"),
}


@pytest.mark.parametrize("name", list(EDITS))
def test_faults_that_we_cannot_write_are_named_too(name: str) -> None:
    """Messages of others, and what is no message, are judged by the same rules."""
    edit, told = EDITS[name]
    faults = check_message(edit(write_alert(ALERT)))
    assert any(told in fault for fault in faults), faults


def test_rss_says_the_same_as_atom() -> None:
    """A feed written as RSS is read as what it was made of."""
    entry = Entry(
        id="urn:uuid:1",
        title="Flooding <b>",
        summary="Water",
        updated=NOON,
        published=NOON,
        author="cop@example.hk",
        rights="",
        categories=[Category("Severe", "urn:x", "Severe")],
        links=[Link("https://example.hk/1.xml")],
        geometry={"type": "Polygon", "coordinates": [[list(place) for place in RING]]},
    )
    feed = Feed(
        id="urn:uuid:2",
        title="Alerts",
        subtitle="All",
        updated=NOON,
        lang="en",
        author="cop",
        rights="",
        links=[Link("https://example.hk/index.rss", "self")],
        entries=[entry],
    )
    channel = read_rss(write_rss(feed))
    (item,) = channel.items
    assert (channel.title, channel.published_at) == ("Alerts", NOON)
    assert (item.title, item.link, item.guid) == ("Flooding <b>", entry.links[0].href, entry.id)
    assert item.published_at == NOON
