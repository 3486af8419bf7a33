"""What holds of every exported file, whatever stands in the picture."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import geopandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from cop.config import Settings
from cop.formats.payload import read_xml
from cop.model.access import ALLOWED, Audience
from cop.model.entity import Kind, Severity
from cop.model.record import Snapshot
from cop.model.text import LANGS
from cop.services.exports.formats import FORMATS
from cop.services.exports.frames import write_geopackage, write_geoparquet
from cop.services.exports.geojson import write_geojson
from cop.services.exports.georss import MOST_ITEMS, write_georss
from cop.services.exports.icons import BARS, draw_icon
from cop.services.exports.kml import KML, write_kml, write_live
from cop.services.exports.sheets import write_csv
from cop.services.exports.table import LAST, Wish, gather, readable
from cop.services.features.columns import fixed_columns
from cop.services.picture import Picture
from tests.integration.test_web_access import (
    assert_nothing_leaks,
    bodies,
    records,
    replica_of,
)
from tests.unit.formats.edxl.schemas import assert_fits, packaged
from tests.unit.services.exports.making import export, feature, known

_at_any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]")
_places = st.tuples(st.floats(113.8, 114.5), st.floats(22.1, 22.6)).map(list)
_rings = st.lists(_places, min_size=3, max_size=5).map(lambda ring: [*ring, ring[0]])
_geometries = st.one_of(
    st.none(),
    _places.map(lambda at: {"type": "Point", "coordinates": at}),
    st.lists(_places, max_size=3).map(lambda at: {"type": "MultiPoint", "coordinates": at}),
    st.lists(_places, min_size=2, max_size=4).map(
        lambda at: {"type": "LineString", "coordinates": at}
    ),
    st.lists(_rings, min_size=1, max_size=3).map(
        lambda rings: {"type": "Polygon", "coordinates": rings}
    ),
    st.lists(st.lists(_rings, min_size=1, max_size=2), max_size=2).map(
        lambda parts: {"type": "MultiPolygon", "coordinates": parts}
    ),
)
_texts = st.dictionaries(
    st.sampled_from(LANGS), st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
)
_features = st.lists(
    st.builds(
        feature,
        st.integers(1, 10**6),
        _geometries,
        title=_texts,
        description=_texts,
        severity=st.sampled_from([one.value for one in Severity]),
        number=st.sampled_from(["=1", "+1", "-1", "@x", "\t1", "ok"]),
    ),
    max_size=4,
)


@_at_any_speed
@given(_features, st.sampled_from(LANGS), st.booleans())
def test_no_cell_is_a_formula(features: list[Any], lang: Any, exercise: bool) -> None:
    """Each row has a cell a column, and none begins as a formula does but numbers."""
    body = write_csv(export(features, lang=lang, exercise=exercise)).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(body, newline=""))
    assert head[-3:] == list(LAST)
    assert len(rows) == len(features)
    for row in rows:
        assert len(row) == len(head)
        for name, cell in zip(head, row, strict=True):
            assert not cell.startswith(tuple("=+-@\t\r＝＋－＠")) or name in ("lon", "lat")
            assert not _UNSEEN.search(cell)


@_at_any_speed
@given(_features, st.sampled_from(LANGS))
def test_kml_is_well_formed_whatever_stands_in_it(features: list[Any], lang: Any) -> None:
    """Each feature is a placemark with a name, and its description holds no mark-up."""
    root = read_xml(write_kml(export(features, lang=lang)), root="kml")
    marks = root.findall(f".//{{{KML}}}Placemark")
    assert len(marks) == len(features)
    for mark, one in zip(marks, features, strict=True):
        assert mark.findtext(f"{{{KML}}}name")
        assert "<" not in (mark.findtext(f"{{{KML}}}description") or "")
        style = (mark.findtext(f"{{{KML}}}styleUrl") or "").removeprefix("#")
        (balloon,) = root.findall(f".//{{{KML}}}Style[@id='{style}']//{{{KML}}}text")
        assert re.findall(r"\$\[.*?\]", balloon.text or "") == ["$[description]"]
        rings = one["geometry"]["coordinates"] if one["geometry"] else []
        if one["geometry"] and one["geometry"]["type"] == "Polygon":
            assert len(mark.findall(f".//{{{KML}}}innerBoundaryIs")) == len(rings) - 1


@_at_any_speed
@given(_features.filter(bool))
def test_the_feed_follows_its_schema(features: list[Any]) -> None:
    """Whatever stands in the picture, the feed is RSS 2.0 (the schema wants one item at least)."""
    assert_fits(write_georss(export(features)), packaged("rss-2_0.xsd"))


@settings(_at_any_speed, max_examples=15)
@given(_features)
def test_the_tables_hold_every_feature(features: list[Any]) -> None:
    """GeoParquet gives back each row with its id and shape."""
    frame = geopandas.read_parquet(io.BytesIO(write_geoparquet(export(features))))
    assert list(frame["id"]) == [one["id"] for one in features]
    for shape, one in zip(frame.geometry, features, strict=True):
        has = bool(one["geometry"] and one["geometry"]["coordinates"])
        assert (shape is not None) == has
        if has:
            assert shape.geom_type == one["geometry"]["type"]


@settings(_at_any_speed, max_examples=12)
@given(st.lists(bodies(), min_size=1, max_size=4), st.sampled_from(list(Audience)))
def test_nothing_leaks_into_a_file(stored: list[bytes], audience: Audience) -> None:
    """Whatever is stored, no file holds a field that the audience may not see."""
    picture = Picture(Snapshot("1-0", "e", records(stored, 1)))
    for kind in readable(audience):
        wish = Wish(kind, audience, "en", None, "https://cop.example")
        made = gather(replica_of(picture), Settings(), wish)
        for write in (write_geojson, write_csv, write_kml, write_georss):
            assert_nothing_leaks(audience, write(made))


def test_a_geopackage_says_what_it_is(tmp_path: Path) -> None:
    """The file has the layer, the table `about`, and metadata by its own standard."""
    sources = {"f": known()}
    made = export([feature(1, {"type": "Point", "coordinates": [114.1, 22.3]})], sources=sources)
    path = tmp_path / "x.gpkg"
    path.write_bytes(write_geopackage(made))
    database = sqlite3.connect(path)
    about = dict(database.execute("select name, value from about").fetchall())
    [[kept]] = database.execute("select metadata from gpkg_metadata").fetchall()
    tables = {row[0] for row in database.execute("select table_name from gpkg_contents")}
    database.close()
    assert about["as_of"] == "2026-09-07T15:00:00Z"
    assert json.loads(about["sources"])[0]["licence"] == "terms of the feed"
    assert "terms of the feed" in kept
    assert tables == {"incident", "about"}


@pytest.mark.parametrize("suffix", list(FORMATS))
@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_table_is_a_file_too(kind: Kind, suffix: str) -> None:
    """Of each kind and format there is a file when there is nothing of it."""
    form = next(form for name, form in FORMATS.items() if name == suffix)
    audience = next(one for one in reversed(Audience) if kind in ALLOWED[one])
    assert form.write(export([], kind=kind, audience=audience))


def test_no_column_is_called_as_the_last_ones() -> None:
    """What ends every table hides no field of a kind but an alert's own mark of an exercise."""
    for kind in Kind:
        names = {column.name for column in fixed_columns(kind, Audience.COMMAND)}
        assert names & set(LAST) <= {"exercise"}


def test_terms_follow_whose_word_it_is() -> None:
    """A feed's features are under its terms, ours under ours, what was given under terms inside."""
    one, two, three = feature(1, feed="f"), feature(2), feature(3, feed="f", inside=True)
    made = export([one, two, three], sources={"f": known()})
    inside = "For those who respond only: not to be passed on."
    assert [made.terms_of(it) for it in (one, two, three)] == [
        "terms of the feed",
        inside,
        inside,
    ]
    public = export([two], audience=Audience.PUBLIC)
    assert public.terms_of(two).startswith("May be passed on")


def test_a_long_feed_says_that_it_is_cut() -> None:
    """Of more features than a feed holds the newest stand there, and that is told."""
    made = export([feature(number) for number in range(MOST_ITEMS + 3)])
    root = etree.fromstring(write_georss(made))
    assert len(root.findall("channel/item")) == MOST_ITEMS
    assert f"{MOST_ITEMS + 3}" in (root.findtext("channel/description") or "")


def test_each_severity_has_a_mark_of_its_own() -> None:
    """Marks differ by kind in shape and by severity in bars, not by colour alone."""
    assert len(set(BARS.values())) == len(Severity)
    marks = {draw_icon(kind, severity) for kind in (Kind.ALERT, Kind.ROAD) for severity in Severity}
    assert len(marks) == 2 * len(Severity)


def test_a_live_link_escapes_what_it_is_asked_with() -> None:
    """A box stands in the link as a parameter and adds none."""
    body = write_live([Kind.ALERT], "en", "https://cop.example", 60, "1,2,3,4", exercise=True)
    root = read_xml(body)
    href = root.findtext(f".//{{{KML}}}href")
    assert href == "https://cop.example/api/v1/exports/alert.kml?lang=en&bbox=1%2C2%2C3%2C4"
    assert (root.findtext(f".//{{{KML}}}name") or "").startswith("EXERCISE")
