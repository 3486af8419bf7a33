"""The schema says exactly what is published: real files pass it, anything more does not."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import orjson
import pytest

from cop.config import Settings
from cop.model.kinds import decode
from cop.model.publishing import type_of
from cop.model.publishing_table import TABLE
from cop.model.text import LANGS
from cop.services.publishing.editions import Series, content_of
from cop.services.publishing.picture import PublicPicture
from cop.ui.public import downloads
from cop.ui.public.block import Block
from cop.ui.public.context import Context
from cop.ui.public.schema import schema, schema_body
from tests.unit.model.test_publishing import recorded
from tests.unit.services.publishing.compiling import Town, flood, rain, road, shelter

jsonschema = pytest.importorskip("jsonschema")


def checked(told: Any, name: str) -> list[str]:
    """List what the definition *name* finds wrong with *told*."""
    whole = schema()
    wanted = {"$ref": f"#/$defs/{name}", "$defs": whole["$defs"], "$schema": whole["$schema"]}
    validator = jsonschema.Draft202012Validator(
        wanted, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{one.json_path}: {one.message[:300]}" for one in validator.iter_errors(told)]


def some_of_each() -> list[dict[str, Any]]:
    """List a few entities of each type of each feed, as they were recorded."""
    found: dict[tuple[str, str, str], dict[str, dict[str, Any]]] = {}
    for one in recorded():
        found.setdefault((one["feed"], one["kind"], type_of(one)), {})[one["id"]] = one
    return [one for same in found.values() for one in list(same.values())[:3]]


@cache
def evening(*, exercise: bool = False) -> tuple[PublicPicture, PublicPicture]:
    """Give the picture of what feeds were recorded to bring, and what follows it."""
    drill = Settings(operation="exercise-1", scenario="any", public_exercise=True)
    town = Town(drill if exercise else Settings())
    town.put(*(decode(orjson.dumps(entity)) for entity in some_of_each()))
    town.put(rain(), road(), flood(), shelter())
    first = town.picture(10)
    town.put(rain("WRAINR", "Severe"), road("normal"), flood(severity="Severe"), minute=11)
    town.put(shelter("closed"), minute=11)
    return first, town.picture(11)


def blocks() -> dict[Any, list[Block]]:
    """Give a block in each language."""
    return {lang: [Block("head-top", "top", "", "", "<div></div>")] for lang in LANGS}


def test_the_schema_is_one() -> None:
    """It is valid JSON Schema 2020-12, and every reference in it leads somewhere."""
    jsonschema.Draft202012Validator.check_schema(schema())
    assert orjson.loads(schema_body("https://a.example"))["$id"].startswith("https://a.example/")
    assert "$id" not in orjson.loads(schema_body(""))


def test_what_is_written_passes() -> None:
    """Picture, change, pointer and tables of a recorded evening, with what ended and changed."""
    first, second = evening()
    kinds = {one["properties"]["kind"] for one in first.features.values()}
    assert kinds == {row.kind.value for row in TABLE if row.outlet == "picture"}
    marks = [one["properties"] for one in second.features.values()]
    assert any("ended" in one for one in marks)
    assert any("changed" in one for one in marks)
    series = Series("abcd", "live", exercise=False)
    (base, _) = series.take(first, content_of(first, blocks()))
    assert checked(orjson.loads(base.body), "picture") == []
    files = series.take(second, content_of(second, blocks()))
    changes = [file for file in files if file.path.startswith("public/c/")]
    assert len(changes) == len(LANGS)
    assert checked(orjson.loads(changes[0].body), "change") == []
    assert checked(orjson.loads(series.pointer(second, 5, second.feeds)), "pointer") == []


@pytest.mark.parametrize("exercise", [False, True])
def test_tables_pass(exercise: bool) -> None:
    """Every GeoJSON table, of the live operation and of an exercise."""
    _, known = evening(exercise=exercise)
    assert known.exercise is exercise
    for one in downloads.documents(Context(known, Settings(), "abcd", 7, {}, {})):
        if one.path.endswith(".geojson"):
            assert checked(orjson.loads(one.body), "table") == [], one.path


@pytest.mark.parametrize("field", ["author", "contact", "description", "reason"])
def test_more_than_is_published_fails(field: str) -> None:
    """A field that the table does not name, a place too exact, another type: none gets through."""
    first, _ = evening()
    incident: dict[str, Any] = copy.deepcopy(dict(first.features["incident:a1"]))
    assert checked(incident, "feature") == []
    incident["properties"][field] = "words"
    assert checked(incident, "feature") != []
    del incident["properties"][field]
    incident["geometry"] = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}
    assert checked(incident, "feature") != []
    incident["geometry"] = None
    assert checked(incident, "feature") == []
    incident["properties"]["type"] = "rescue"
    assert checked(incident, "feature") != []


def test_nothing_of_what_is_never_published_stands_in_it() -> None:
    """The schema itself gives away no kind or part of the model that stays inside."""
    said = schema_body("").decode()
    for word in ("Casualties", "Attachment", "assignment", "resource", "leader", "author"):
        assert f'"{word}"' not in said
