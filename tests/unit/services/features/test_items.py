"""Asking for features: parameters that select, and pages over a picture that changes."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from cop.errors import Invalid, NotFound
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.geometry import Geometry, line, point, polygon
from cop.model.kinds import Alert, FeedStatus, Hazard, Observation
from cop.model.record import Event
from cop.services.features import items
from cop.services.features.collections import kinds_for, part_of
from cop.services.features.items import MOST_LIMIT, Features, parse_limit, parse_query
from cop.services.features.paging import Mark
from cop.services.features.schema import returnables
from cop.services.features.sheet import Shape
from cop.services.picture import Picture
from cop.services.publishing.editions import LICENCE
from cop.services.replica import Replica
from tests.unit.services.features.sheets import picture_of, record, sheet_of

NOW = datetime(2026, 9, 7, tzinfo=UTC)


def features_of(picture: Picture) -> Features:
    """Give the collections of a replica that has *picture*."""
    stand_in = SimpleNamespace(picture=lambda: picture, known_at=lambda: NOW)
    return Features(cast("Replica", stand_in))


def wind(name: str, value: float) -> Observation:
    """Make an observation."""
    return Observation(
        id=f"hko_wind:{name}",
        feed="hko_wind",
        publisher="HKO",
        measure="wind",
        value=value,
        geometry=point(114.1, 22.3),
    )


def test_pages_survive_changes() -> None:
    """While the picture changes between pages, they are of the list as it was at first."""
    picture = picture_of(*(wind(str(number), number) for number in range(10)))
    features = features_of(picture)
    read, mark = [], None
    for step in range(5):
        page = features.page(
            Audience.PUBLIC, Kind.OBSERVATION, {"filter": "value < 10"}, "en", limit=2, mark=mark
        )
        assert len(page.listing.lines) == 10
        read += [(line.id, line.feature()["properties"]["value"]) for line in page.lines]
        mark = page.next
        changed = [record(wind(str(number), 99.0), step + 2) for number in range(10)]
        picture.apply([Event(f"{step + 2}-0", tuple(changed))])
    assert mark is None
    assert read == [(f"hko_wind:{number}", float(number)) for number in range(10)]
    now = features.page(Audience.PUBLIC, Kind.OBSERVATION, {"filter": "value < 10"}, "en", limit=2)
    assert not now.listing.lines


def test_another_process_goes_on_from_the_same_id() -> None:
    """A mark of a list that is not kept here leads on by id in the list as it is here."""
    mine = features_of(picture_of(*(wind(str(number), 1) for number in range(6))))
    other = features_of(picture_of(*(wind(str(number), 1) for number in range(6)), cursor="9-0"))
    first = mine.page(Audience.PUBLIC, Kind.OBSERVATION, {}, "en", limit=4)
    assert first.next is not None
    then = other.page(Audience.PUBLIC, Kind.OBSERVATION, {}, "en", limit=4, mark=first.next)
    assert [line.id for line in then.lines] == ["hko_wind:4", "hko_wind:5"]
    strange = Mark("another epoch", "999-0", 0, "hko_wind:4")
    last = mine.page(Audience.PUBLIC, Kind.OBSERVATION, {}, "en", limit=4, mark=strange)
    assert [line.id for line in last.lines] == ["hko_wind:5"]


def test_each_reader_has_their_own_lists() -> None:
    """A list that was made for one audience is never given to another."""
    inside = wind("x", 1).model_copy(update={"feed": "vision", "id": "vision:x"})
    features = features_of(picture_of(inside, wind("a", 1), wind("b", 1)))
    seen = {
        audience: len(features.page(audience, Kind.OBSERVATION, {}, "en", limit=1).listing.lines)
        for audience in Audience
    }
    assert seen == {Audience.PUBLIC: 2, Audience.RESPONDER: 3, Audience.COMMAND: 3}


SHEET = sheet_of(wind("a", 1.5), wind("b", 2))


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        ({"value": "1.5"}, ["hko_wind:a"]),
        ({"publisher": "HKO", "value": "2"}, ["hko_wind:b"]),
        ({"id": "hko_wind:a"}, ["hko_wind:a"]),
        ({"inside": "true"}, []),
        ({"measure_gust_kmh": "5"}, []),
        ({"observed_at": "2026-09-07T12:00:00Z"}, []),
        ({"title": "x' OR '1'='1"}, []),
        ({"filter": "value > 1.7", "bbox": "114,22,115,23"}, ["hko_wind:b"]),
        (
            {"filter": '{"op":">","args":[{"property":"value"},1.7]}', "filter-lang": "cql2-json"},
            ["hko_wind:b"],
        ),
        ({"bbox": "0,0,1,1"}, []),
        ({"datetime": "2026-01-01T00:00:00Z"}, ["hko_wind:a", "hko_wind:b"]),
    ],
)
def test_parameters_select(given: dict[str, str], ids: list[str]) -> None:
    """A property must be equal; boxes, times and filters all must hold."""
    query = parse_query(SHEET, given, "en")
    assert [line.id for line in SHEET.lines if query.selects(line, "en")] == ids


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"nosuch": "1"}, "nosuch"),
        ({"geometry": "1"}, "geometry"),
        ({"value": "many"}, "value"),
        ({"value": "nan"}, "value"),
        ({"inside": "yes"}, "inside"),
        ({"observed_at": "soon"}, "filter"),
        ({"bbox-crs": "EPSG:4326"}, "bbox-crs"),
        ({"filter-crs": "x"}, "filter-crs"),
        ({"filter-lang": "sql", "filter": "value = 1"}, "filter-lang"),
        ({"filter-lang": "sql"}, "filter-lang"),
    ],
)
def test_what_is_no_parameter_is_refused(given: dict[str, str], where: str) -> None:
    """The error names the parameter."""
    with pytest.raises(Invalid) as error:
        parse_query(SHEET, given, "en")
    assert error.value.found[0][0] == where


@pytest.mark.parametrize("words", ["0", "-1", "", "ten", "1.5", "1e3", "٣", " 5"])
def test_a_limit_is_a_whole_number(words: str) -> None:
    """From 1 up; what is more than is ever given means as much as is."""
    with pytest.raises(Invalid, match="limit"):
        parse_limit(words)
    assert (parse_limit("7"), parse_limit("9" * 50)) == (7, MOST_LIMIT)


def test_a_question_may_not_take_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks at everything for too long is refused with what to do."""
    monkeypatch.setattr(items, "MOST_S", -1.0)
    features = features_of(picture_of(wind("a", 1)))
    with pytest.raises(Invalid, match="narrow it"):
        features.page(Audience.PUBLIC, Kind.OBSERVATION, {"value": "1"}, "en", limit=1)


def test_the_time_is_looked_at_before_each_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few of them can take longer than is given to a question, where their shapes are large."""
    ticks = itertools.count(step=3.0)  # a feature takes three seconds
    clock = SimpleNamespace(monotonic=lambda: next(ticks), time=time.time)
    monkeypatch.setattr(items, "time", clock)
    features = features_of(picture_of(wind("a", 1), wind("b", 1), wind("c", 1)))
    with pytest.raises(Invalid, match="narrow it"):
        features.page(Audience.PUBLIC, Kind.OBSERVATION, {"value": "1"}, "en", limit=5)


def test_collections_say_under_which_terms_they_are() -> None:
    """The terms of each feed in it, by address where there is one, and whom to name."""
    status = FeedStatus(
        id="feed_status:hko_wind",
        publisher="HKO",
        every_s=60,
        stale_after_s=600,
        licence="DATA.GOV.HK terms of use; source: Hong Kong Observatory, via DATA.GOV.HK",
    )
    alert = Alert(id="gdacs:1", feed="gdacs", publisher="GDACS", event_type="x", issued_at=NOW)
    told = FeedStatus(
        id="feed_status:gdacs",
        publisher="GDACS",
        every_s=60,
        stale_after_s=600,
        licence="Free with attribution to GDACS",
    )
    features = features_of(picture_of(wind("a", 1), status, alert, told))
    found = {one.id: one for one in features.collections(Audience.COMMAND, "en")}
    assert list(found) == [kind.value for kind in kinds_for(Audience.COMMAND)]
    assert found["observation"].terms[0].address == LICENCE
    assert found["observation"].attribution.startswith("Hong Kong Observatory. ")
    assert "not to be passed on" in found["observation"].attribution
    [terms] = found["alert"].terms
    assert (terms.address, terms.status) == ("", "feed_status:gdacs")
    assert found["receipt"].terms == (), "what only command has is under no open terms"
    public = features.collection(Audience.PUBLIC, Kind.OBSERVATION, "zh-Hant")
    assert public.title == "監測數據"
    assert public.attribution.startswith("香港天文台。")
    assert "應變" not in public.attribution


def test_a_collection_that_may_not_be_seen_is_not_there() -> None:
    """The same answer as for one that does not exist."""
    assert part_of("receipt", Audience.COMMAND) == (Kind.RECEIPT, None)
    for name in ("receipt", "receipt_points", "nosuch", "", "ALERT", "alert_", "alert_areas_areas"):
        with pytest.raises(NotFound, match="no such collection"):
            part_of(name, Audience.PUBLIC)


def hazard(name: str, place: Geometry | None) -> Hazard:
    """Make a hazard."""
    return Hazard(id=f"hko:{name}", feed="hko", publisher="HKO", phenomenon="x", geometry=place)


def test_what_mixes_shapes_has_a_collection_for_each() -> None:
    """Beside the whole, where there are several; each says its sort, and has that alone."""
    ring = polygon([(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 1.0)])
    mixed = (hazard("a", None), hazard("b", ring), hazard("c", line([(3.0, 3.0), (4.0, 4.0)])))
    features = features_of(picture_of(*mixed, wind("a", 1), wind("b", 1)))
    found = {one.id: one for one in features.collections(Audience.COMMAND, "en")}
    assert [name for name in found if name.startswith("hazard")] == [
        "hazard",
        "hazard_lines",
        "hazard_areas",
    ]
    assert not [name for name in found if name.startswith("observation_")]
    assert found["hazard_areas"].title == "Hazards: areas"
    assert found["hazard_areas"].sheet.bounds == (1.0, 1.0, 2.0, 2.0)
    kind, shape = part_of("hazard_areas", Audience.COMMAND)
    assert (kind, shape) == (Kind.HAZARD, Shape.AREAS)
    page = features.page(Audience.COMMAND, kind, {}, "en", limit=9, shape=shape)
    assert [one.id for one in page.lines] == ["hko:b"]
    page = features.page(Audience.COMMAND, kind, {}, "en", limit=9)
    assert [one.id for one in page.lines] == ["hko:a", "hko:b", "hko:c"]
    with pytest.raises(NotFound):
        features.one(Audience.COMMAND, kind, "hko:c", shape)
    for one, form in ((found["hazard"], "any"), (found["hazard_areas"], "polygon-or-multipolygon")):
        properties = returnables(one.sheet, one.title, "x")["properties"]
        assert properties["geometry"]["format"] == f"geometry-{form}"
    quiet = features_of(picture_of())
    assert not quiet.page(Audience.COMMAND, kind, {}, "en", limit=9, shape=shape).lines
