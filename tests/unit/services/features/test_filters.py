"""Filters in CQL2: what they select, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cop.errors import Invalid
from cop.model.geometry import point, polygon
from cop.model.kinds import Observation, Road, RoadStatus
from cop.services.features.cql2 import MOST_CHARACTERS, parse
from tests.unit.services.features.sheets import selected, sheet_of

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def seen(name: str, **fields: Any) -> Observation:
    """Make an observation."""
    given = {"measure": "wind", "publisher": "HKO", "feed": "hko_wind"} | fields
    return Observation(id=f"hko_wind:{name}", **given)


TWO_HOURS = "INTERVAL('2026-09-07T12:00:00Z', '2026-09-07T14:00:00Z')"
SHEET = sheet_of(
    seen(
        "a",
        value=10.0,
        observed_at=NOON,
        geometry=point(114.1, 22.3),
        title={"en": "Cheung Chau", "zh-Hant": "長洲"},
        measures={"gust_kmh": 60.0},
    ),
    seen(
        "b",
        value=20.0,
        observed_at=NOON + timedelta(hours=1),
        geometry=point(114.2, 22.4),
        title={"en": "Café O'Brien 50%"},
    ),
    seen("c", observed_at=NOON + timedelta(days=1), station="x_y", title={"en": "cheung chau"}),
)
ROADS = sheet_of(
    Road(
        id="td:1",
        publisher="TD",
        status=RoadStatus.CLOSED,
        geometry=polygon([(114.0, 22.2), (114.2, 22.2), (114.2, 22.4), (114.0, 22.4)]),
        valid_from=NOON,
        expires_at=NOON + timedelta(hours=2),
    ),
    Road(id="td:2", publisher="TD", status=RoadStatus.SLOW, geometry=point(114.1, 22.3)),
)


SELECTING = [
    ("value > 10", "b"),
    ("value >= 10", "ab"),
    ("value <> 10", "b"),
    ("10 < value", "b"),
    ("value = 10 OR value = 20", "ab"),
    ("NOT value = 10", "b"),
    ("NOT (value = 10) AND publisher = 'HKO'", "b"),
    ("value IS NULL", "c"),
    ("value IS NOT NULL", "ab"),
    ("value IS NULL OR value > 15", "bc"),
    ("value BETWEEN 10 AND 15", "a"),
    ("value NOT BETWEEN 10 AND 15", "b"),
    ("value IN (20, 30)", "b"),
    ("id IN ('hko_wind:a', 'hko_wind:c')", "ac"),
    ("id NOT IN ('hko_wind:a', 'hko_wind:c')", "b"),
    ("title_en LIKE 'Cheung%'", "a"),
    ("title_en LIKE '%Chau'", "a"),
    ("title_en LIKE '%heung_c%'", "c"),
    ("CASEI(title_en) LIKE CASEI('CHEUNG%')", "ac"),
    ("ACCENTI(title_en) LIKE ACCENTI('Cafe%')", "b"),
    ("title_en LIKE '%50\\%'", "b"),
    ("title_en NOT LIKE 'Cheung%'", "bc"),
    ("station LIKE 'x\\_y'", "c"),
    ("title_en = 'Café O''Brien 50%'", "b"),
    ("title_en = 'Café O\\'Brien 50%'", "b"),
    ("title_zh_hant = '長洲'", "a"),
    ('"value" > 10', "b"),
    ("measure_gust_kmh > 50", "a"),
    ("measure_never_seen > 50", ""),
    ("measure_never_seen IS NULL", "abc"),
    ("value + 10 = 20", "a"),
    ("value * 2 - 10 >= 2 ^ 3 + 2", "ab"),
    ("value / 0 = 1", ""),
    ("value div 3 = 3 AND value % 3 = 1", "a"),
    ("-value = -10", "a"),
    ("(version + 1e9) ^ (version + 1e9) > 1", ""),
    ("(0 - value) ^ 0.5 > 0", ""),
    ("value = version * 10", "a"),
    ("true", "abc"),
    ("false", ""),
    ("observed_at > TIMESTAMP('2026-09-07T12:30:00Z')", "bc"),
    ("observed_at = TIMESTAMP('2026-09-07T20:00:00+08:00')", "a"),
    ("observed_at = '2026-09-07T12:00:00Z'", "a"),
    ("observed_at = DATE('2026-09-07')", "ab"),
    ("observed_at < DATE('2026-09-08')", "ab"),
    ("observed_at IN ('2026-09-07T12:00:00Z')", "a"),
    ("T_AFTER(observed_at, TIMESTAMP('2026-09-07T12:30:00Z'))", "bc"),
    ("T_BEFORE(observed_at, TIMESTAMP('2026-09-07T12:30:00Z'))", "a"),
    ("T_DURING(observed_at, INTERVAL('2026-09-07', '..'))", "abc"),
    ("T_DURING(observed_at, INTERVAL('2026-09-07T12:00:00Z', '2026-09-07T14:00:00Z'))", "b"),
    ("T_INTERSECTS(observed_at, INTERVAL('..', '2026-09-07T12:00:00Z'))", "a"),
    ("T_DISJOINT(observed_at, INTERVAL('..', '2026-09-07T12:00:00Z'))", "bc"),
    ("T_EQUALS(observed_at, TIMESTAMP('2026-09-07T12:00:00Z'))", "a"),
    ("S_INTERSECTS(geometry, BBOX(114.0, 22.2, 114.15, 22.35))", "a"),
    ("S_INTERSECTS(geometry, POINT(114.1 22.3))", "a"),
    ("S_INTERSECTS(POINT(114.1 22.3), geometry)", "a"),
    ("S_WITHIN(geometry, POLYGON((114 22, 115 22, 115 23, 114 23, 114 22)))", "ab"),
    ("S_DISJOINT(geometry, POINT(114.1 22.3))", "b"),
    ("S_EQUALS(geometry, POINT(114.1 22.3))", "a"),
    ("geometry IS NULL", "c"),
    ("S_INTERSECTS(geometry, geometry)", "ab"),
    ("S_INTERSECTS(POINT(1 1), BBOX(0, 0, 2, 2))", "abc"),
]


@pytest.mark.parametrize(("words", "ids"), SELECTING)
def test_what_a_text_selects(words: str, ids: str) -> None:
    """Comparison, logic, null, patterns, arithmetic, times and places mean what CQL2 says."""
    assert [one.removeprefix("hko_wind:") for one in selected(SHEET, words)] == list(ids)
    tree = orjson.dumps(parse(words, "cql2-text")).decode()
    if tree not in ("true", "false"):  # in JSON these are said by themselves only in Python
        assert selected(SHEET, tree, "cql2-json") == selected(SHEET, words)


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("S_CONTAINS(geometry, POINT(114.1 22.3))", "12"),
        ("S_TOUCHES(geometry, POINT(114.0 22.3))", "1"),
        ("S_CROSSES(geometry, LINESTRING(113 22.3, 115 22.3))", "1"),
        ("S_OVERLAPS(geometry, BBOX(114.1, 22.3, 115, 23))", "1"),
        ("T_CONTAINS(INTERVAL(valid_from, expires_at), TIMESTAMP('2026-09-07T13:00:00Z'))", "1"),
        (f"T_EQUALS(INTERVAL(valid_from, expires_at), {TWO_HOURS})", "1"),
        ("T_MEETS(INTERVAL(valid_from, expires_at), INTERVAL('2026-09-07T14:00:00Z', '..'))", "1"),
        (
            "T_OVERLAPS(INTERVAL(valid_from, expires_at), INTERVAL('2026-09-07T13:00:00Z', '..'))",
            "1",
        ),
        ("T_STARTS(INTERVAL(valid_from, expires_at), INTERVAL('2026-09-07T12:00:00Z', '..'))", "1"),
        (
            "T_FINISHES(INTERVAL(valid_from, expires_at), INTERVAL('..', '2026-09-07T14:00:00Z'))",
            "1",
        ),
        ("status IN ('closed', 'slow')", "12"),
    ],
)
def test_shapes_and_intervals(words: str, ids: str) -> None:
    """Areas and intervals of a feature's own; what has no interval is not selected."""
    assert [one.removeprefix("td:") for one in selected(ROADS, words)] == list(ids)


@pytest.mark.parametrize(
    ("words", "crs"),
    [
        ("S_INTERSECTS(geometry, BBOX(22.2, 114.0, 22.35, 114.15))", f"{EPSG}4326"),
        ("S_INTERSECTS(geometry, BBOX(12690000, 2540000, 12702000, 2550000))", f"{EPSG}3857"),
        ("S_INTERSECTS(geometry, BBOX(817000, 828000, 818500, 829000))", f"{EPSG}2326"),
    ],
)
def test_places_are_read_in_the_system_that_is_named(words: str, crs: str) -> None:
    """With filter-crs a literal has the axes of that system."""
    assert selected(SHEET, words, crs=crs) == ["hko_wind:a"]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "value",
        "value >",
        "value = 'ten'",
        "title_en > 5",
        "nosuch = 1",
        "value == 1",
        "drop table",
        "foo(value)",
        "value = foo(1)",
        "value LIKE 'x'",
        "title_en LIKE title_en",
        "title_en LIKE '" + "%a" * 150 + "'",
        "geometry = 1",
        "S_INTERSECTS(title_en, POINT(1 1))",
        "S_INTERSECTS(geometry, POINT(1 200))",
        "S_INTERSECTS(geometry, POINT(1e400 1))",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))",
        "S_INTERSECTS(geometry, BBOX(1, 2, 3))",
        "S_INTERSECTS(geometry, BBOX(5, 9, 6, 8))",
        "S_INTERSECTS(geometry)",
        "observed_at > TIMESTAMP('yesterday')",
        "observed_at > 5",
        "T_AFTER(value, TIMESTAMP('2026-09-07T12:00:00Z'))",
        "T_DURING(observed_at, INTERVAL('2027-01-01', '2026-01-01'))",
        "A_CONTAINS(title_en, ('a', 'b'))",
        "value = 1 AND value",
        "inside > true",
        "value IN ('a')",
    ],
)
def test_what_is_no_filter_is_refused(words: str) -> None:
    """Not CQL2, unknown names, types that do not go together, impossible places: said as such."""
    with pytest.raises(Invalid, match="filter"):
        selected(SHEET, words)


BOMBS = {
    "brackets": "(" * 9000 + "value=1" + ")" * 9000,
    "negations": "NOT " * 7000 + "value=1",
    "signs": "value=" + "-" * 9000 + "1",
    "ands": " AND ".join(["value=1"] * 2500),
    "sums": "value=" + "+".join(["1"] * 9000),
    "powers": "value=" + "^".join(["2"] * 9000),
    "chains": "=".join(["value"] * 4000),
    "likes": "value" + " like 'x'" * 3000,
    "functions": "f(" * 9000 + "1" + ")" * 9000,
    "points": "f(" + "1 -1 -1 -1 -1 -1, " * 1500 + "1)",
    "a quoted bracket": "'" + "(" * 9000,
    "what is wrong in thirty brackets": "(" * 30 + "value=" + ")" * 30,
    "what is wrong in thirty negations": "NOT (" * 30 + "value=" + ")" * 30,
    "what is wrong in thirty sums": "value=1+(" * 30 + "value=" + ")" * 30,
    "much that is read again": "(" * 8 + " OR ".join(["value=1"] * 200) + " OR value=" + ")" * 8,
    "long": "value = '" + "x" * MOST_CHARACTERS + "'",
}
JSON_BOMBS = {
    "nested": '{"op":"not","args":[' * 3000 + "true" + "]}" * 3000,
    "lists": "[" * 9000 + "]" * 9000,
    "many": '{"op":"or","args":['
    + ",".join(['{"op":"isNull","args":[{"property":"value"}]}'] * 600)
    + "]}",
    "a text without end": '"' + '\\"' * 15_900,
    "not json": "{]",
    "no operator": "{}",
    "a number": "12",
    "strange arguments": '{"op":"and","args":{"a":1}}',
    "infinity": '{"op":"=","args":[{"property":"value"},1e999]}',
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_what_would_end_the_process_never_reaches_the_parser(name: str) -> None:
    """What nests or chains without end is refused at once."""
    with pytest.raises(Invalid, match="filter"):
        selected(SHEET, BOMBS[name])


@pytest.mark.parametrize("name", list(JSON_BOMBS))
def test_json_that_is_too_much_is_refused(name: str) -> None:
    """Depth, size, and what is no filter at all."""
    with pytest.raises(Invalid, match="filter"):
        selected(SHEET, JSON_BOMBS[name], "cql2-json")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("(" * 8 + "value=1" + ")" * 8, id="groups"),
        pytest.param("casei(" * 20 + "title_en" + ")" * 20 + " = 'x'", id="functions"),
        pytest.param(" OR ".join(["((value=1) AND (NOT (value=2)))"] * 30), id="one by one"),
    ],
)
def test_brackets_in_measure_are_taken(words: str) -> None:
    """What programs put around every part of a filter is nothing unusual."""
    selected(SHEET, words)


def test_a_large_polygon_and_a_long_list_are_taken() -> None:
    """Hundreds of places and values are nothing unusual."""
    ring = [(114 + n / 1000, 22.0 if n < 300 else 23.0) for n in range(301)]
    words = ", ".join(f"{lon} {lat}" for lon, lat in [*ring, (114.0, 23.0), ring[0]])
    assert len(selected(SHEET, f"S_INTERSECTS(geometry, POLYGON(({words})))")) == 2
    west = ", ".join(f"-{lon} -{lat}" for lon, lat in [*ring, (114.0, 23.0), ring[0]])
    assert selected(SHEET, f"S_INTERSECTS(geometry, POLYGON(({west})))") == []
    numbers = ", ".join(map(str, range(900)))
    assert len(selected(SHEET, f"value IN ({numbers})")) == 2


PIECES = st.sampled_from(
    [
        *("value", "title_en", "observed_at", "geometry", "nosuch", "id", "1", "-2.5", "'x'"),
        *("'%'", "(", ")", ",", "=", "<>", "<", "AND", "OR", "NOT", "IS NULL", "LIKE", "IN"),
        *("BETWEEN", "+", "-", "*", "/", "^", "POINT(1 2)", "BBOX(1,2,3,4)", "S_INTERSECTS("),
        *("T_AFTER(", "TIMESTAMP('2026-01-01T00:00:00Z')", "INTERVAL(", "'..'", "CASEI(", "true"),
        *("'", '"', "\\", "\u202e", "標題", "\n", "{", "}", "["),
    ]
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(pieces=st.lists(PIECES, max_size=25))
def test_whatever_is_written_is_taken_or_refused(pieces: list[str]) -> None:
    """Any words at all are either a filter or refused as none."""
    try:
        found = selected(SHEET, " ".join(pieces))
    except Invalid:
        return
    assert set(found) <= {line.id for line in SHEET.lines}
