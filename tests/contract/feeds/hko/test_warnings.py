"""What the Observatory's warnings mean, beyond the recorded cases."""

from __future__ import annotations

from typing import Any

import pytest

from cop.errors import PayloadError
from cop.model.entity import Severity
from tests.contract.feeds.hko.polls import entities, ignored, refused, run

AT = "2027-08-14T22:10:00+08:00"


def entry(code: str, action: str = "ISSUE", **more: Any) -> dict[str, Any]:
    """Make an entry of the summary."""
    return {"name": "?", "code": code, "actionCode": action, "issueTime": AT, **more}


@pytest.mark.parametrize(
    ("family", "code", "event", "severity"),
    [
        ("WTCSGNL", "TC1", "tropical_cyclone", Severity.MINOR),
        ("WTCSGNL", "TC8SE", "tropical_cyclone", Severity.SEVERE),
        ("WTCSGNL", "TC10", "tropical_cyclone", Severity.EXTREME),
        ("WRAIN", "WRAINA", "rainstorm", Severity.MODERATE),
        ("WRAIN", "WRAINB", "rainstorm", Severity.EXTREME),
        ("WFIRE", "WFIRER", "fire_danger", Severity.MODERATE),
        ("WHOT", "WHOT", "very_hot", Severity.MODERATE),
        ("WTMW", "WTMW", "tsunami", Severity.EXTREME),
        ("WTCPRE8", "WTCPRE8", "pre_no8", Severity.SEVERE),
    ],
)
def test_meaning_follows_from_the_code(
    family: str, code: str, event: str, severity: Severity
) -> None:
    """The code decides what a warning is and how bad; its name says nothing."""
    alert = entities(run("hko_warnings", warnsum_en={family: entry(code)}))[family]
    assert (alert.event_type, alert.signal, alert.severity) == (event, code, severity)


def test_change_of_level_is_the_same_alert() -> None:
    """No. 3 and then No. 8 are two states of one alert."""
    three, eight = (
        entities(run("hko_warnings", warnsum_en={"WTCSGNL": entry(code)}))
        for code in ("TC3", "TC8NE")
    )
    assert three.keys() == eight.keys()
    assert three["WTCSGNL"].signal != eight["WTCSGNL"].signal


@pytest.mark.parametrize("cancelled", [entry("WL", "CANCEL"), entry("CANCEL", "ISSUE")])
def test_cancelled_is_not_in_force(cancelled: dict[str, Any]) -> None:
    """Both ways of cancelling leave no alert, and say so."""
    items = run("hko_warnings", warnsum_en={"WTCSGNL": cancelled})
    assert entities(items) == {}
    assert "cancelled" in ignored(items)["WTCSGNL"]


def test_only_a_thunderstorm_warning_expires() -> None:
    """Every other warning stays until it is cancelled, whatever time it carries."""
    times = {"expireTime": "2027-08-15T01:30:00+08:00"}
    made = entities(
        run("hko_warnings", warnsum_en={"WTS": entry("WTS", **times), "WL": entry("WL", **times)})
    )
    assert made["WTS"].expires_at is not None
    assert made["WL"].expires_at is None


def test_unknown_warnings_are_shown_without_severity() -> None:
    """A family or a level of tomorrow is never dropped, never guessed at, and reported."""
    items = run("hko_warnings", warnsum_en={"WNEW": entry("WNEW9"), "WRAIN": entry("WRAINX")})
    made = entities(items)
    assert made["WNEW"].event_type == "other"
    assert made["WRAIN"].event_type == "rainstorm"
    assert made["WRAIN"].severity is made["WNEW"].severity is Severity.UNKNOWN
    assert len(refused(items)) == 2


@pytest.mark.parametrize(
    "body",
    [
        b'Please include valid parameters in API request. For details, see <a href="x">y</a>.',
        b"[]",
        b'{"error": "busy"}',
        b'{"swt": []}',
        b"",
    ],
)
def test_what_is_no_summary_is_no_all_clear(body: bytes) -> None:
    """Only `{}` says that nothing is in force."""
    with pytest.raises(PayloadError):
        run("hko_warnings", warnsum_en=body, warningInfo_en={})
    assert run("hko_warnings", warnsum_en={}, warningInfo_en={}) == []


def test_one_unreadable_language_is_named() -> None:
    """The other languages are enough, and what was wrong is said."""
    items = run("hko_warnings", warnsum_en=b"<html>", warnsum_tc={"WL": entry("WL", name="山泥")})
    assert entities(items)["WL"].title == {
        "en": "Landslip Warning",
        "zh-Hant": "山泥",
        "zh-Hans": "山泥倾泻警告",
    }
    assert "warnsum en" in refused(items)


def test_swapped_languages_are_put_right() -> None:
    """Chinese words under the English address are not shown as English."""
    items = run("hko_warnings", warnsum_en={"WL": entry("WL", name="山泥傾瀉警告")})
    assert entities(items)["WL"].title["en"] == "Landslip Warning"
    assert entities(items)["WL"].title["zh-Hant"] == "山泥傾瀉警告"


def test_text_of_another_level_is_left_out() -> None:
    """Words about No. 3 are not put under No. 8; words about No. 8 fit each of its quarters."""

    def words(subtype: str) -> dict[str, Any]:
        return {
            "details": [
                {
                    "contents": [subtype],
                    "warningStatementCode": "WTCSGNL",
                    "subtype": subtype,
                    "updateTime": AT,
                }
            ]
        }

    for subtype, said in (("TC3", {}), ("TC8", {"en": "TC8"}), ("TC8NE", {"en": "TC8NE"})):
        items = run(
            "hko_warnings", warnsum_en={"WTCSGNL": entry("TC8NE")}, warningInfo_en=words(subtype)
        )
        assert entities(items)["WTCSGNL"].description == said


def test_advice_is_told_apart_where_it_is_numbered() -> None:
    """The full words stay as issued; numbered advice is also given as an instruction."""
    lines = ["Headline", "Do this:", "1. Stay.", "2. Wait."]
    text = {"contents": lines, "warningStatementCode": "WL", "updateTime": AT}
    alert = entities(
        run("hko_warnings", warnsum_en={"WL": entry("WL")}, warningInfo_en={"details": [text]})
    )["WL"]
    assert alert.description["en"].splitlines() == lines
    assert alert.instruction["en"].splitlines() == lines[1:]
