"""What is looked at before an alert goes: every finding by itself, in three languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from cop.config import Settings
from cop.errors import Misconfigured
from cop.formats.cap_check import check_message
from cop.formats.cap_write import write_alert
from cop.model.exchange import Signature
from cop.model.geometry import Geometry, point, polygon
from cop.model.kinds import Alert, Draft
from cop.model.text import LANGS
from cop.services.exchange.alerting.checks import own_checks
from cop.services.exchange.alerting.items import TITLES, Item
from cop.services.exchange.alerting.making import RADIUS_M
from cop.services.exchange.alerting.message import identity_of, message_of
from cop.services.exchange.alerting.shapes import as_area
from cop.services.exchange.alerting.signing import signer_of
from cop.services.exchange.alerting.surroundings import Schools, Surroundings, touched_checks
from cop.services.exchange.signatures import read_certificates, verify
from tests.keys import a_key
from tests.unit.services.commands.acting import NOON

THREE = {"en": "Flood", "zh-Hant": "水浸", "zh-Hans": "水浸"}
SETTINGS = Settings(alert_sender="cop@example.hk")
YUEN_LONG = polygon([(114.0, 22.43), (114.05, 22.43), (114.05, 22.46), (114.0, 22.46)])


def a_draft(**fields: Any) -> Draft:
    """Make a draft that can go."""
    given: dict[str, Any] = {
        "id": "draft:1",
        "publisher": "DSD",
        "observed_at": NOON,
        "event_type": "flooding",
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Observed",
        "geometry": YUEN_LONG,
        "ends_at": NOON + timedelta(hours=3),
        "author": "ann",
        **dict.fromkeys(("event", "title", "description", "instruction", "area"), THREE),
    }
    return Draft.model_validate({**given, **fields})


def an_alert(**fields: Any) -> Alert:
    """Make an alert of our own in force."""
    given: dict[str, Any] = {
        "id": "alert:1",
        "publisher": "DSD",
        "event_type": "flooding",
        "issued_at": NOON,
        "expires_at": NOON + timedelta(hours=1),
        "released_at": NOON,
        "released_by": "ben",
        "author": "ann",
    }
    return Alert.model_validate({**given, **fields})


def found(
    draft: Draft, replaced: Alert | None = None, settings: Settings = SETTINGS
) -> dict[str, Item]:
    """Give what is found of a draft by itself."""
    return {one.key: one for one in own_checks(draft, replaced, NOON, settings)}


def touched(draft: Draft, **around: Any) -> dict[str, Item]:
    """Give what a draft touches."""
    return {one.key: one for one in touched_checks(draft, Surroundings(**around))}


def feature(name: str, geometry: Geometry | None, **properties: Any) -> dict[str, Any]:
    """Make a feature of the picture."""
    place = None if geometry is None else geometry.model_dump()
    said = {"title": {"en": name}, **properties}
    return {"id": name, "geometry": place, "properties": said}


def test_a_whole_draft_can_go() -> None:
    """Nothing forbids it, and every finding is said in three languages."""
    items = {**found(a_draft()), **touched(a_draft())}
    assert {key for key, one in items.items() if one.level == "forbids"} == set()
    assert items["area"].facts["km2"] == pytest.approx(17.1, abs=0.2)
    for one in items.values():
        shown = one.shown()
        assert set(TITLES[one.key]) == set(shown["words"]) == set(LANGS)
        assert all(shown["words"].values())


HOURS = timedelta(hours=1)
FORBIDDEN: dict[str, tuple[str, dict[str, Any]]] = {
    "no area": ("area", {"geometry": None}),
    "no end": ("validity", {"ends_at": None}),
    "an end that has passed": ("validity", {"ends_at": NOON}),
    "an end before it begins": (
        "validity",
        {"valid_from": NOON + 2 * HOURS, "ends_at": NOON + HOURS},
    ),
    "too long": ("validity", {"ends_at": NOON + 73 * HOURS}),
    "a language that is missing": ("languages", {"title": {"en": "Flood", "zh-Hant": "水浸"}}),
    "a headline that is missing": ("languages", {"title": {}}),
    "what to do, in two languages": ("languages", {"instruction": {"en": "x", "zh-Hant": "y"}}),
    "an update of nothing": ("replaces", {"replaces": "alert:1", "msg_type": "Update"}),
}


@pytest.mark.parametrize("name", list(FORBIDDEN))
def test_what_forbids_it(name: str) -> None:
    """Each of these keeps it back, and says why."""
    key, fields = FORBIDDEN[name]
    assert found(a_draft(**fields))[key].level == "forbids"


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("validity", {"ends_at": NOON + timedelta(minutes=10)}),
        ("validity", {"ends_at": NOON + timedelta(hours=30)}),
        ("languages", {"instruction": {}}),
        ("grades", {"urgency": "Unknown"}),
        ("area", {"geometry": polygon([(113, 22), (114, 22), (114, 23), (113, 23)])}),
    ],
    ids=["short", "long", "what-to-do", "grades", "large"],
)
def test_what_should_be_thought_about(key: str, fields: dict[str, Any]) -> None:
    """Each of these is said, and whoever releases it decides."""
    assert found(a_draft(**fields))[key].level == "caution"


@pytest.mark.parametrize(
    ("alert", "level"),
    [
        (an_alert(), "ok"),
        (an_alert(expires_at=NOON), "forbids"),
        (an_alert(msg_type="Cancel"), "forbids"),
        (an_alert(origin="macao"), "forbids"),
        (an_alert(feed="hko_cap", id="hko_cap:1"), "forbids"),
        (an_alert(released_at=NOON + timedelta(seconds=1)), "forbids"),
    ],
    ids=["in-force", "ended", "cancelled", "a-partner's", "a-feed's", "changed-since"],
)
def test_what_is_updated_must_be_in_force(alert: Alert, level: str) -> None:
    """Only an alert of our own that holds, as it was when the draft was begun, is updated."""
    draft = a_draft(replaces=alert.id, msg_type="Update")
    assert found(draft, alert)["replaces"].level == level


def test_nothing_goes_without_a_sender() -> None:
    """Who our alerts come from must be set."""
    assert found(a_draft(), settings=Settings())["message"].level == "forbids"


def test_people_are_an_estimate_with_a_limit() -> None:
    """A small part of one district: some of its people, never more than all; abroad not known."""
    people = touched(a_draft())["people"]
    assert 0 < people.facts["people"] < people.facts["most"] == 668_080
    sea = polygon([(115.5, 21.0), (115.6, 21.0), (115.6, 21.1)])
    abroad = touched(a_draft(geometry=sea))["people"]
    assert (abroad.level, abroad.facts["people"]) == ("unknown", None)
    city = polygon([(113.7, 22.1), (114.6, 22.1), (114.6, 22.6), (113.7, 22.6)])
    everybody = touched(a_draft(geometry=city))["people"]
    assert everybody.facts["people"] == 7_400_000
    assert everybody.facts["most"] == 7_411_945


def test_places_are_counted_once_and_never_taken_for_none() -> None:
    """Shelters inside, one that two sources tell of counted once; of what is not held: unknown."""
    inside = {"type": "Point", "coordinates": (114.02, 22.44)}
    facilities = [
        {"id": "had:1", "geometry": inside, "properties": {"facility_type": "shelter"}},
        {
            "id": "facility:1",
            "geometry": inside,
            "properties": {"facility_type": "shelter", "stands_for": "had:1"},
        },
        {
            "id": "had:2",
            "geometry": {"type": "Point", "coordinates": (114.2, 22.3)},
            "properties": {"facility_type": "shelter"},
        },
    ]
    items = touched(a_draft(), facilities=facilities)
    assert items["shelters"].facts["count"] == 1
    assert items["hospitals"].facts["count"] is None
    assert items["schools"].level == "unknown"


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ((114.06, 22.54), ["Shenzhen"]),
        ((113.55, 22.15), ["Macao"]),
        ((113.57, 22.27), ["Zhuhai"]),
        ((114.17, 22.31), []),
        ((114.12, 22.50), []),
        ((114.30, 22.18), []),
    ],
    ids=["Futian", "Coloane", "Xiangzhou", "Kowloon", "Sheung Shui", "Waglan"],
)
def test_neighbours_are_named(place: tuple[float, float], names: list[str]) -> None:
    """An area of some hundred metres reaches the neighbour that it lies in, and no other."""
    lon, lat = place
    area = polygon([(lon, lat), (lon + 0.002, lat), (lon, lat + 0.002)])
    item = touched(a_draft(geometry=area))["neighbours"]
    assert [name["en"] for name in item.facts["names"]] == names


def test_warnings_of_the_same_are_named() -> None:
    """The same event in the same place, ours or another's; not elsewhere, nor the one updated."""
    elsewhere = polygon([(114.2, 22.2), (114.3, 22.2), (114.3, 22.3)])
    alerts = [
        feature("a:same", YUEN_LONG, event_type="flood"),
        feature("a:elsewhere", elsewhere, event_type="flood"),
        feature("a:other", YUEN_LONG, event_type="fire"),
        feature("a:over", YUEN_LONG, event_type="flood", msg_type="Cancel"),
        feature("a:city", None, event_type="flood", publisher="HKO"),
        feature("a:macao", None, event_type="flood", publisher="SMG"),
        feature("alert:1", YUEN_LONG, event_type="flooding"),
    ]
    item = touched(a_draft(replaces="alert:1"), alerts=alerts)["conflict"]
    assert (item.level, item.facts["ids"]) == ("caution", ["a:same", "a:city"])


def test_it_says_who_will_get_it() -> None:
    """Everybody, or in an exercise nobody; partners that take alerts; who may release it."""
    told = {"partners": [feature("Macao", None)], "by_hand": [feature("Red Cross", None)]}
    live = touched(a_draft(), others_in=1, others=2, devices=12, **told)
    for words in ("Everybody", "CAP", "agreement: Macao", "by hand: Red Cross", "(TAK): 12"):
        assert words in live["reach"].words["en"]
    assert live["release"].level == "ok"
    drill = touched(a_draft(), exercise=True, is_open=False)
    assert "Nobody outside" in drill["reach"].words["en"]
    assert drill["release"].level == "caution"


@pytest.mark.parametrize(
    ("whole", "level"), [(True, "ok"), (False, "caution")], ids=["whole", "old-or-cut"]
)
def test_schools_are_counted_from_a_layer(whole: bool, level: str) -> None:
    """Those inside, with the layer's name and age; where it may lack some, that is said."""
    places = [Point(114.02, 22.44), Point(114.2, 22.3)]
    schools = Schools({"en": "Schools"}, NOON, places, whole)
    item = touched(a_draft(), schools=schools)["schools"]
    assert (item.level, item.facts["count"]) == (level, 1)
    assert "Schools” as of 2026-09-08 12:00" in item.words["en"]


@pytest.mark.parametrize(
    ("radius_m", "level"), [(RADIUS_M, "caution"), (800, "ok")], ids=["nobody-said", "chosen"]
)
def test_a_place_wants_a_radius(radius_m: float, level: str) -> None:
    """How far an area reaches around a place is said, and asked for where nobody chose it."""
    place = point(114.02, 22.44)
    made = a_draft(geometry=as_area(place, radius_m))
    item = touched(made, source=feature("i", place))["around"]
    assert item.level == level
    assert item.facts["metres"] == pytest.approx(radius_m, rel=0.02)
    assert "around" not in touched(made, source=feature("h", YUEN_LONG))


def test_what_it_was_made_from_is_covered() -> None:
    """An area that leaves out part of its hazard says so."""
    hazard = feature("h", YUEN_LONG)
    assert touched(a_draft(), source=hazard)["source"].level == "ok"
    part = polygon([(114.0, 22.43), (114.02, 22.43), (114.02, 22.46), (114.0, 22.46)])
    assert touched(a_draft(geometry=part), source=hazard)["source"].level == "caution"


def test_a_signed_message_is_still_as_it_must_be(tmp_path: Path) -> None:
    """Signed by the key, it verifies, passes the schema, and no change of it goes unseen."""
    key, certificate = a_key(tmp_path)
    files = {"alert_key_file": key, "alert_cert_file": certificate}
    settings = SETTINGS.model_copy(update=files)
    signer = signer_of(settings)
    assert signer is not None
    identity = identity_of(settings, "3f2a9c", 7, 1, NOON)
    signed = signer.sign(write_alert(message_of(a_draft(), identity, (), settings)))
    assert check_message(signed) == ()
    signer.check(signed)
    trusted = read_certificates([certificate])
    assert verify(signed, trusted, datetime.now(UTC)).signature is Signature.VALID
    with pytest.raises(Misconfigured):
        signer.check(signed.replace(b"Severe", b"Minor"))
    assert found(a_draft(), settings=settings)["signature"].level == "ok"
    assert found(a_draft())["signature"].level == "caution"


@pytest.mark.parametrize("fault", ["no file", "not PEM", "another key", "one alone", "run out"])
def test_a_key_that_is_none_forbids_it(tmp_path: Path, fault: str) -> None:
    """Nothing goes unsigned because its key is broken; the words say which file."""
    (tmp_path / "other").mkdir()
    key, certificate = a_key(tmp_path, days=-1 if fault == "run out" else 30)
    if fault == "no file":
        key = tmp_path / "nothing.key"
    elif fault == "not PEM":
        key.write_bytes(b"key")
    elif fault == "another key":
        key, _ = a_key(tmp_path / "other")
    files = {
        "alert_key_file": key,
        "alert_cert_file": None if fault == "one alone" else certificate,
    }
    settings = SETTINGS.model_copy(update=files)
    if fault == "run out":
        signer = signer_of(settings)
        assert signer is not None
        with pytest.raises(Misconfigured, match="run out"):
            signer.sign(b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>")
    else:
        assert found(a_draft(), settings=settings)["signature"].level == "forbids"
