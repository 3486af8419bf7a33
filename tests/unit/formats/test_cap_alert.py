"""A message as alerts of the picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from cop.formats.cap_alert import MOST_ALERTS, Channel, alerts_of
from cop.formats.cap_events import event_type_of
from cop.model.entity import Placing, Severity
from cop.model.exchange import Signature
from cop.model.kinds import Alert
from tests.unit.formats.cap_making import CHANNEL, NOON, a_message, an_info, heard_of


def alerts(body: bytes, channel: Channel = CHANNEL) -> tuple[Alert, ...]:
    """Give the alerts of one message."""
    return alerts_of(channel, "actual", heard_of(body))


def test_one_message_in_three_languages_is_one_alert() -> None:
    """Its languages stand together; the one that the picture has not is kept as it came."""
    body = a_message(
        "HK-1",
        an_info("Rainstorm", language="en-HK", description="It rains.", instruction="Stay in."),
        an_info("暴雨", language="zh-HK", description="下雨。"),
        an_info("暴雨警告", language="zh-CN", description="下雨啦。"),
        an_info("Chuva", language="pt-PT", description="Chove.", instruction="Fique."),
    )
    (one,) = alerts(body)
    assert one.title == {"en": "Rainstorm!", "zh-Hant": "暴雨!", "zh-Hans": "暴雨警告!"}
    assert one.description == {"en": "It rains.", "zh-Hant": "下雨。", "zh-Hans": "下雨啦。"}
    assert one.instruction == {"en": "Stay in."}
    (wording,) = one.wordings
    assert (wording.language, wording.headline, wording.instruction) == (
        "pt-PT",
        "Chuva!",
        "Fique.",
    )
    assert one.event_type == "rainstorm"
    assert (one.sender, one.identifier) == ("warn@example.org", "HK-1")
    assert (one.severity, one.msg_type) == (Severity.SEVERE, "Alert")
    assert one.expires_at == NOON + timedelta(hours=6)
    assert one.placing is Placing.GIVEN
    assert one.defects == ()
    assert not one.inside
    assert len(one.original or "") == 64


def test_words_that_the_picture_has_not_can_be_read_all_the_same() -> None:
    """Where no language is the picture's, the first stands in, and is kept under its own name."""
    (one,) = alerts(a_message("P-1", an_info("Chuva", language="pt-PT", description="Chove.")))
    assert one.title == {"en": "Chuva!"}
    assert one.wordings[0].language == "pt-PT"


def test_chinese_without_a_language_is_chinese() -> None:
    """CAP means English by none: the script says more."""
    info = an_info("暴雨警告").replace("<language>en</language>", "")
    english = an_info("Rain").replace("<language>en</language>", "")
    (one,) = alerts(a_message("P-1", info, english))
    assert one.title == {"zh-Hant": "暴雨警告!", "en": "Rain!"}


def test_a_source_may_mean_another_language_by_a_code() -> None:
    """`zh` alone is simplified, unless the source's file says otherwise."""
    channel = replace(CHANNEL, languages={"zh": "zh-Hant"})
    (one,) = alerts(a_message("P-1", an_info("暴雨", language="zh")), channel)
    assert one.title == {"zh-Hant": "暴雨!"}


def test_several_events_of_one_language_are_several_alerts() -> None:
    """Each info that tells of something else is an alert of its own, with its translation."""
    later = NOON + timedelta(hours=12)
    body = a_message(
        "M-1",
        an_info("Wind", severity="Moderate"),
        an_info("Rain", severity="Severe", expires=later),
        an_info("大風", language="zh-HK", severity="Moderate"),
        an_info("暴雨", language="zh-HK", severity="Severe", expires=later),
    )
    wind, rain = alerts(body)
    assert wind.title == {"en": "Wind!", "zh-Hant": "大風!"}
    assert rain.title == {"en": "Rain!", "zh-Hant": "暴雨!"}
    assert rain.id == f"{wind.id}.2"
    assert rain.expires_at == later
    assert wind.original == rain.original


def test_translations_are_found_in_another_order() -> None:
    """Levels and times tell which translation belongs to which event."""
    body = a_message(
        "M-1",
        an_info("Wind", severity="Moderate"),
        an_info("Rain", severity="Severe"),
        an_info("暴雨", language="zh-HK", severity="Severe"),
        an_info("大風", language="zh-HK", severity="Moderate"),
    )
    assert [one.title.get("zh-Hant") for one in alerts(body)] == ["大風!", "暴雨!"]


def test_infos_that_differ_in_their_area_alone_are_one_alert() -> None:
    """Hundreds of areas of one warning are one warning over all of them."""
    infos = [
        an_info(
            area=f"<areaDesc>Town {n}</areaDesc>"
            f"<polygon>{n % 80},1 {n % 80},2 {n % 80 + 1},2</polygon>"
        )
        for n in range(300)
    ]
    (one,) = alerts(a_message("M-1", *infos))
    assert one.geometry is not None
    assert "Town 7;" in one.area["en"]
    assert len(one.area["en"]) <= 2_000


def test_there_is_a_limit_to_the_events_of_a_message() -> None:
    """More than that are left out, and it is said."""
    made = alerts(a_message("M-1", *(an_info(f"Event {n}") for n in range(MOST_ALERTS + 5))))
    assert len(made) == MOST_ALERTS
    assert any("events" in defect for defect in made[0].defects)


def test_an_event_that_is_over_is_left_out() -> None:
    """Of a message that ends one event and goes on with another, only the other is in force."""
    over = an_info("Wind", more="<responseType>allclear</responseType>")
    (one,) = alerts(a_message("M-1", over, an_info("Rain")))
    assert one.title["en"] == "Rain!"


@pytest.mark.parametrize("status", ["Test", "exercise", "DRAFT", "Exercise "])
def test_what_is_not_real_is_marked_and_kept_inside(status: str) -> None:
    """Tests, exercises and drafts never become public, however they are spelled."""
    (one,) = alerts(a_message(status=status))
    assert one.exercise
    assert one.inside


@pytest.mark.parametrize(
    "head",
    [{"scope": "Private"}, {"scope": "restricted"}, {"status": ""}, {"status": "Aktual"}],
    ids=["private", "restricted", "no status", "unknown status"],
)
def test_what_may_not_be_for_everybody_stays_inside(head: dict[str, str]) -> None:
    """A closed scope, and a status that nobody knows, are shown inside alone."""
    (one,) = alerts(a_message(**head))
    assert one.inside
    assert not one.exercise


def test_what_an_envelope_says_counts() -> None:
    """An exercise's envelope, and a closed one, keep a message inside."""
    heard = heard_of(a_message())
    for name, value in (("practice", True), ("inside", True)):
        changed = replace(heard, found=replace(heard.found, **{name: value}))
        (one,) = alerts_of(CHANNEL, "actual", changed)
        assert one.inside


def test_a_source_that_is_not_public_has_nothing_public() -> None:
    """Unless its file says otherwise, what a source says stays inside."""
    (one,) = alerts(a_message(), Channel(feed="cap_next", publisher="CMA"))
    assert one.inside


def test_case_and_blanks_make_no_difference() -> None:
    """Status, type and scope are read in any case."""
    (one,) = alerts(a_message(status=" ACTUAL ", msgType="update", scope="PUBLIC"))
    assert (one.msg_type, one.inside, one.exercise) == ("Update", False, False)
    assert one.updated_at == one.issued_at


@pytest.mark.parametrize("expires", [None, NOON - timedelta(hours=1), NOON - timedelta(days=9)])
def test_without_a_usable_end_the_rule_ends_it(expires: object) -> None:
    """A missing `expires`, or one before the message, is replaced by the source's rule."""
    body = a_message("X-1", an_info(expires=expires))  # type: ignore[arg-type]
    (ruled,) = alerts(body, replace(CHANNEL, ends_after=timedelta(hours=3)))
    assert ruled.expires_at == NOON + timedelta(hours=2)
    assert any(defect.startswith("expires:") for defect in ruled.defects)
    (listed,) = alerts(body, replace(CHANNEL, ends_after=None))
    assert listed.expires_at is None
    assert any("listed no more" in defect for defect in listed.defects)


def test_an_end_counts_where_the_time_of_sending_is_missing() -> None:
    """When it was heard is no reason to doubt when it says that it ends."""
    gone = NOON - timedelta(hours=2)
    heard = heard_of(a_message("X-1", an_info(expires=gone), sent=None), sent=NOON)
    (one,) = alerts_of(CHANNEL, "actual", heard)
    assert one.expires_at == gone


def test_defects_are_shown() -> None:
    """What is missing or could not be read is said, briefly, and does not lose the alert."""
    info = an_info(
        area="<areaDesc/><polygon>1,2 3</polygon><polygon>null</polygon><circle>x</circle>",
        effective="yesterday",
    )
    (one,) = alerts(a_message("X-1", info, sender="", scope="", msgType="Alarm"))
    said = " ".join(one.defects)
    for word in ("polygon", "circle", "effective", "sender", "scope", "msgType"):
        assert word in said
    assert one.sender is None


def test_a_message_without_info_has_a_name() -> None:
    """A bare message is shown by its note or its identifier."""
    bare = b"<alert><identifier>B-1</identifier><note>Call us</note></alert>"
    (one,) = alerts_of(CHANNEL, "actual", heard_of(bare))
    assert one.title == {"en": "Call us"}
    assert one.event_type == "other"
    assert one.inside


def test_mark_up_and_great_lengths_are_made_readable() -> None:
    """HTML becomes lines, and what never ends is cut off."""
    info = an_info(description="One&lt;br /&gt;two &amp;amp;nbsp;three", instruction="x" * 30_000)
    (one,) = alerts(a_message("X-1", info))
    assert one.description["en"].startswith("One\ntwo")
    assert len(one.instruction["en"]) == 10_000
    assert any("instruction" in defect for defect in one.defects)


def test_links_are_web_addresses_or_none() -> None:
    """Nothing that could run gets into a link."""
    (bad,) = alerts(a_message("X-1", an_info(web="javascript:alert(1)")))
    (good,) = alerts(a_message("X-1", an_info(web="https://x.example/a?b=1")))
    assert bad.link is None
    assert good.link == "https://x.example/a?b=1"


def test_ids_tell_identities_apart() -> None:
    """Blanks, slashes and other letters in an identifier give an id that an address can hold."""
    ids = {
        alerts(a_message(identifier, sender=sender))[0].id
        for identifier in ("a/b c", "a-b-c", "警報一", "警報二", "x" * 400)
        for sender in ("s", "t")
    }
    assert len(ids) == 10
    assert all("/" not in one and " " not in one and len(one) < 200 for one in ids)


def test_a_false_signature_keeps_it_inside() -> None:
    """What is not by its source is shown inside, marked."""
    heard = heard_of(a_message(), signature=Signature.INVALID, believed=False)
    (one,) = alerts_of(CHANNEL, "false", heard)
    assert one.inside
    assert one.signature is Signature.INVALID


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ("Tropical Cyclone Warning", "tropical_cyclone"),
        ("暴雨红色预警", "rainstorm"),
        ("Storm Surge Typhoon", "storm_surge"),
        ("Flash Flood Watch", "flood"),
        ("Air Quality Alert", "air_quality_alert"),
        ("Severe Rain Warning", "rainstorm"),
        ("豪雨特報", "rainstorm"),
        ("土石流警戒", "landslip"),
        ("大津波警報", "tsunami"),
        ("Alerta por sismo", "earthquake"),
        ("CAP test", "test"),
        ("", "other"),
    ],
)
def test_events_have_the_picture_s_names(event: str, found: str) -> None:
    """Known words give the picture's type, others their own; none begins with `cap_`."""
    heard = heard_of(a_message("X-1", an_info(event, headline="")))
    assert event_type_of(heard.alert.infos) == found


def test_times_without_a_zone_are_the_source_s() -> None:
    """A source abroad may leave out its offset: its file says it."""
    from cop.formats.cap import read_alert

    body = a_message().replace(b"+00:00", b"")
    alert = read_alert(body, zone=timezone(timedelta(hours=-5)))
    assert alert.sent == NOON + timedelta(hours=4)
