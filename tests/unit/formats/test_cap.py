"""CAP messages as they come."""

from datetime import UTC, datetime

import pytest

from cop.errors import PayloadError
from cop.formats.cap import footprint, in_languages, lang_of, read_alert
from cop.model.entity import Certainty, Severity, Urgency

INFO = """<info><language>{language}</language><category>Met</category><event>{event}</event>
<responseType>Prepare</responseType><urgency>immediate</urgency><severity>Severe</severity>
<certainty>Very Likely</certainty><effective>2027-06-08T09:35:00+08:00</effective>
<headline>{event}!</headline><area><areaDesc>Exampletown</areaDesc><polygon>22.10,113.54
\t\t22.21,113.54 22.21,113.60
\t\t22.10,113.54</polygon><circle>22.2,113.5 0</circle>
<geocode><valueName>adcode</valueName><value>440000</value></geocode></area></info>"""


def message(*infos: str, head: str = "", version: str = "1.2") -> bytes:
    """Make a message with *infos* and further elements *head*."""
    return (
        f'<alert xmlns="urn:oasis:names:tc:emergency:cap:{version}"><identifier>X-1</identifier>'
        "<sender>warn@example.org</sender><sent>2027-06-08T09:32:10+08:00</sent>"
        f"<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>{head}"
        f"{''.join(infos)}</alert>"
    ).encode()


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_all_versions_are_read(version: str) -> None:
    """The namespace does not matter; words are matched whatever their case."""
    alert = read_alert(message(INFO.format(language="zh-mo", event="暴雨"), version=version))
    (info,) = alert.infos
    assert alert.sent == datetime(2027, 6, 8, 1, 32, 10, tzinfo=UTC)
    assert (info.lang, info.event) == ("zh-Hant", "暴雨")
    assert info.urgency is Urgency.IMMEDIATE
    assert info.severity is Severity.SEVERE
    assert info.certainty is Certainty.LIKELY
    assert alert.is_actual
    assert alert.is_public
    assert not alert.is_over


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("Red", Severity.EXTREME),
        ("橙色", Severity.SEVERE),
        ("YELLOW", Severity.MODERATE),
        ("蓝色", Severity.MINOR),
        ("橙", Severity.SEVERE),
        ("红色预警", Severity.EXTREME),
        ("Ⅱ级", Severity.SEVERE),
        ("三级", Severity.MODERATE),
        ("特别重大", Severity.EXTREME),
    ],
)
def test_mainland_colours_are_severities(said: str, severity: Severity) -> None:
    """The colour of a mainland warning is how severe it is."""
    written = INFO.format(language="zh-CN", event="暴雨").replace("Severe", said)
    alert = read_alert(message(written))
    assert alert.infos[0].severity is severity
    assert not alert.problems


def test_a_level_that_is_none_is_named() -> None:
    """What is none of the words of CAP is unknown, and that is said; an empty one is only empty."""
    written = INFO.format(language="en", event="rain")
    for name, word in (("severity", "Severe"), ("urgency", "immediate")):
        alert = read_alert(message(written.replace(f">{word}<", ">Purple<")))
        assert any(one.startswith(f"{name}: 'Purple'") for one in alert.problems)
    assert not read_alert(message(written.replace(">Severe<", "><"))).problems


def test_languages_are_put_together_and_areas_count_once() -> None:
    """Variants of one text share a field; the same ring in each is one polygon, longitude first."""
    alert = read_alert(
        message(
            INFO.format(language="zh-HK", event="暴雨"),
            INFO.format(language="pt-PT", event="chuva"),
            INFO.format(language="en-US", event="rain"),
        )
    )
    assert in_languages(alert.infos, "headline") == {"zh-Hant": "暴雨!", "en": "rain!"}
    shape = footprint(area for info in alert.infos for area in info.areas)
    assert shape is not None
    assert shape.type == "Polygon"
    assert shape.coordinates[0][0] == (113.54, 22.10)
    assert alert.infos[0].areas[0].geocodes == (("adcode", "440000"),)


def test_circle_becomes_an_area() -> None:
    """A circle with a radius is drawn; one with radius 0 is only a point and is not."""
    info = "<info><area><areaDesc>a</areaDesc><circle>22.2,113.5 10</circle></area></info>"
    alert = read_alert(message(info))
    shape = footprint(alert.infos[0].areas)
    assert shape is not None
    assert len(shape.coordinates[0]) > 30


def test_unreadable_parts_are_named_and_the_rest_is_kept() -> None:
    """Bad polygons, times and references do not lose the alert, and are not hidden."""
    info = (
        "<info><expires>never</expires><area><areaDesc>a</areaDesc>"
        "<polygon>1,2 3</polygon><polygon>91,0 1,1 2,2</polygon><polygon/></area></info>"
    )
    alert = read_alert(message(info, head="<references>rubbish a,b,c a,b</references>"))
    assert [problem.partition(":")[0] for problem in alert.problems] == [
        "references",
        "expires",
        "polygon",
        "polygon",
    ]
    assert footprint(alert.infos[0].areas) is None
    assert len(alert.references) == 2


PAST = "<info><urgency>Past</urgency></info>"
CLEAR = "<info><responseType>AllClear</responseType></info>"


@pytest.mark.parametrize(
    ("infos", "msg_type", "references", "over"),
    [
        ((CLEAR,), "Alert", "", True),
        ((PAST,), "Alert", "", False),
        ((PAST,), "Update", "", True),
        ((PAST,), " update ", "", True),
        ((PAST,), "Alert", "a,b,2027-06-08T09:32:10Z", True),
        ((PAST, CLEAR), "Update", "", True),
        ((PAST, CLEAR), "Alert", "", False),
        ((PAST, "<info/>"), "Update", "", False),
        (("<info><event>Earthquake</event><urgency>Past</urgency></info>",), "Update", "", False),
        (("<info/>",), "Cancel ", "", True),
    ],
)
def test_end_is_seen_without_a_cancel(
    infos: tuple[str, ...], msg_type: str, references: str, *, over: bool
) -> None:
    """AllClear in every info ends an alert, as Cancel does; Past only what was said before."""
    head = f"<references>{references}</references>" if references else ""
    body = message(*infos, head=head).replace(b">Alert<", f">{msg_type}<".encode())
    assert read_alert(body).is_over is over


def test_the_profile_of_china_is_read() -> None:
    """EBMS has names of its own for the time, the event and the code of an area."""
    body = """<alert xmlns="http://www.12379.cn/schemas/ebms/cap"><identifier>1</identifier>
    <sendTime>2020-07-10 10:00:00+08:00</sendTime><info><eventType>11B03</eventType>
    <severity>Orange</severity><certainty>VeryLikely</certainty><onset/>
    <area><polygon/><circle/><geocode>440300000000</geocode></area></info></alert>"""
    alert = read_alert(body.encode())
    assert alert.sent == datetime(2020, 7, 10, 2, tzinfo=UTC)
    (info,) = alert.infos
    assert (info.event, info.severity, info.certainty) == ("11B03", "Severe", "Likely")
    assert info.areas[0].geocodes == (("", "440300000000"),)
    assert alert.problems == ()


@pytest.mark.parametrize(
    ("status", "msg_type", "systems"),
    [
        ("Actual", "Alert", False),
        ("System", "Alert", True),
        ("Actual", "ack", True),
        ("Test", "Error ", True),
    ],
)
def test_what_systems_tell_each_other_is_known(
    status: str, msg_type: str, *, systems: bool
) -> None:
    """A heartbeat, an Ack and an Error are nothing for people."""
    body = message().replace(b">Actual<", f">{status}<".encode())
    body = body.replace(b">Alert<", f">{msg_type}<".encode())
    assert read_alert(body).is_for_systems is systems


def test_thousands_of_references_are_cut() -> None:
    """A message that names thousands of others is read, and says that it was cut."""
    alert = read_alert(message(head="<references>" + "a,b,c " * 5000 + "</references>"))
    assert len(alert.references) == 200
    assert alert.problems


@pytest.mark.parametrize("body", [b"", b"<rss/>", b"<alert/>", message()[:-20]])
def test_what_is_no_alert_is_refused(body: bytes) -> None:
    """Empty, foreign, nameless or truncated documents are payload errors."""
    with pytest.raises(PayloadError):
        read_alert(body)


def test_language_codes() -> None:
    """Regions decide between the two scripts."""
    assert [lang_of(code) for code in ("en", "en-GB", "", "zh-CN", "zh-Hans-HK")] == [
        "en",
        "en",
        "en",
        "zh-Hans",
        "zh-Hans",
    ]
    assert [lang_of(code) for code in ("zh-HK", "zh-TW", "zh-Hant", "zh-mo")] == ["zh-Hant"] * 4
    assert [lang_of(code) for code in ("tc", "yue-HK", "zh-CHT", "zh_TW")] == ["zh-Hant"] * 4
    simplified = ("sc", "chi", "zho", "cmn-Hans-CN", "zh-CHS", "Chinese")
    assert [lang_of(code) for code in simplified] == ["zh-Hans"] * 6
    assert lang_of("pt-PT") is None
