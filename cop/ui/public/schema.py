"""The JSON Schema of what is published, made from the table of publishing and the model.

So it cannot say anything else than what is done: a row or a field that is added stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import orjson
from pydantic.json_schema import models_json_schema

from cop.model.entity import Kind
from cop.model.kinds import KINDS, FeedState
from cop.model.publishing import TYPE_FIELD
from cop.model.publishing_table import ANY, TABLE, Row
from cop.model.text import LANGS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_PATH: Final = "/public/data/schema.json"
_NOT_PROPERTIES: Final = frozenset(["id", "kind", "geometry"])
_NOTES: Final = frozenset(["title", "default", "discriminator"])
"""Keywords of the model's schemas that say nothing of the files."""

Schema = dict[str, Any]

_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
_KNOWN: Final[Schema] = {"anyOf": [_MOMENT, {"type": "null"}]}
_MOMENTS: Final[Schema] = {"type": "object", "additionalProperties": _MOMENT}
_WORDS: Final[Schema] = {"type": "string"}
_NUMBER: Final[Schema] = {"type": "number"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_IDS: Final[Schema] = {"type": "array", "items": _WORDS}
_TEXT: Final[Schema] = {
    "type": "object",
    "propertyNames": {"enum": list(LANGS)},
    "additionalProperties": _WORDS,
}
_FEEDS: Final[Schema] = {"type": "object", "additionalProperties": {"$ref": "#/$defs/feed"}}
_FEATURES: Final[Schema] = {"type": "array", "items": {"$ref": "#/$defs/feature"}}
_OF_PICTURE: Final[dict[str, Schema]] = {
    "as_of": _MOMENT,
    "operation": _WORDS,
    "exercise": {"type": "boolean"},
}
_ROWS: Final = tuple(row for row in TABLE if row.outlet == "picture")


@lru_cache(maxsize=4)
def schema_body(origin: str) -> bytes:
    """Write the schema; its id is its own address where *origin* is given."""
    return orjson.dumps(schema(origin), option=orjson.OPT_INDENT_2)


def schema(origin: str = "") -> Schema:
    """Give the schema of every JSON file: pointer, picture, change, and the GeoJSON tables."""
    defs, fields = _of_model()
    rows = {_name_of(number, row): _feature(row, fields) for number, row in enumerate(_ROWS)}
    files = _files()
    every = defs | rows | files
    every["feature"] = {"anyOf": [_ref(name) for name in rows]}
    wanted = _reached(every, [*files, "feature"])
    own = {"$id": origin + _PATH} if origin else {}
    return {
        "$schema": DIALECT,
        **own,
        "title": "Hong Kong hazard map: open data",
        "description": "What is not known is left out; a member is never null, but for a geometry"
        " and the times to which a feed is known.",
        "anyOf": [_ref(name) for name in ("pointer", "picture", "change", "table")],
        "$defs": {name: every[name] for name in sorted(wanted)},
    }


def _of_model() -> tuple[dict[str, Schema], dict[Kind, dict[str, Schema]]]:
    """Give the model's own definitions, and the schema of each field of each kind."""
    models = {kind: KINDS[kind] for kind in sorted({row.kind for row in _ROWS})}
    _, found = models_json_schema([(model, "serialization") for model in models.values()])
    defs = {name: _bare(one) for name, one in found["$defs"].items()}
    fields = {kind: dict(defs[model.__name__]["properties"]) for kind, model in models.items()}
    return defs, fields


def _bare(part: Any) -> Any:
    """Take out of a model's schema what says nothing of the files: defaults, null, titles."""
    if isinstance(part, list):
        return [_bare(one) for one in part]
    if not isinstance(part, dict):
        return part
    options = [one for one in part.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) == 1:
        return _bare(options[0])
    found = {name: _bare(value) for name, value in part.items() if name not in _NOTES}
    for name in ("properties", "$defs"):  # the names in it are a file's, not keywords
        if name in part:
            found[name] = {key: _bare(value) for key, value in part[name].items()}
    return found


def _name_of(number: int, row: Row) -> str:
    return f"{row.kind}-{number + 1}"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _feature(row: Row, fields: Mapping[Kind, Mapping[str, Schema]]) -> Schema:
    """Give the schema of a feature as *row* allows it."""
    properties: dict[str, Schema] = {
        "kind": {"const": row.kind.value},
        "type": _types(row),
        "version": {"type": "integer", "minimum": 1},
        "fetched_at": _MOMENT,
        "exercise": {"const": True, "description": "in the tables of an exercise"},
        "ended": _closed({"at": _MOMENT, "why": {"enum": ["over", "withdrawn"]}}),
        "changed": _closed(
            {
                "at": _MOMENT,
                "was": {"type": "object", "propertyNames": {"enum": sorted(row.tells)}},
                "corrected": {"type": "boolean"},
            }
        ),
    }
    if not row.tells:
        del properties["changed"]
    for name in sorted(row.fields - _NOT_PROPERTIES):
        properties[name] = fields[row.kind][name]
    if TYPE_FIELD[row.kind] in properties:
        properties[TYPE_FIELD[row.kind]] = _types(row)
    place = fields[row.kind]["geometry"] if row.precision_m is None else _ref("Point")
    return _closed(
        {
            "type": {"const": "Feature"},
            "id": fields[row.kind]["id"],
            "geometry": {"anyOf": [place, {"type": "null"}]},
            "properties": {
                "type": "object",
                "description": row.why,
                "properties": properties,
                "required": ["kind", "type", "version", "fetched_at"],
                "additionalProperties": False,
            },
        }
    )


def _types(row: Row) -> Schema:
    if ANY in row.types:
        return {"type": "string"}
    return {"enum": list(row.types)}


def _closed(members: Mapping[str, Schema]) -> Schema:
    """Give the schema of an object that has all of *members* and no others."""
    return {
        "type": "object",
        "properties": dict(members),
        "required": list(members),
        "additionalProperties": False,
    }


def _files() -> dict[str, Schema]:
    """Give the schemas of the files and of what they share."""
    collection: dict[str, Schema] = {
        "type": {"const": "FeatureCollection"},
        "licence": _WORDS,
        "feeds": _FEEDS,
        "features": _FEATURES,
        **_OF_PICTURE,
    }
    blocks = {"put": {"type": "array", "items": _ref("block")}, "remove": _IDS}
    return {
        "feed": _feed(),
        "block": _closed(dict.fromkeys(("key", "section", "order", "district", "html"), _WORDS)),
        "table": _closed({**collection, "name": _WORDS, "title": _TEXT, "down": _MOMENTS}),
        "picture": _closed({**collection, "series": _WORDS, "version": _COUNT}),
        "change": _closed(
            {
                "series": _WORDS,
                "from": _COUNT,
                "to": _COUNT,
                "as_of": _MOMENT,
                "put": _FEATURES,
                "remove": _IDS,
                "feeds": _FEEDS,
                "blocks": _closed(blocks),
            }
        ),
        "pointer": _pointer(),
    }


def _feed() -> Schema:
    """Give the schema of what is said of a source."""
    return _closed(
        {
            "title": _TEXT,
            "publisher": _WORDS,
            "licence": _WORDS,
            "state": {"enum": [state.value for state in FeedState]},
            "known_at": _KNOWN,
            "stale_after_s": _NUMBER,
        }
    )


def _pointer() -> Schema:
    """Give the schema of the file by which all others are found."""
    step = _closed({"to": _COUNT, "hash": _WORDS})
    return _closed(
        {
            **_OF_PICTURE,
            "series": _WORDS,
            "version": _COUNT,
            "made_at": _MOMENT,
            "speed": _NUMBER,
            "every_s": _NUMBER,
            "down": _MOMENTS,
            "known": {"type": "object", "additionalProperties": _KNOWN},
            "picture": _closed({"version": _COUNT, "path": _WORDS, "bytes": _COUNT}),
            "changes": {"type": "array", "items": step},
        }
    )


def _reached(defs: Mapping[str, Schema], first: list[str]) -> set[str]:
    """List the definitions that *first* lead to; the model has more, of what is never published."""
    reached: set[str] = set()
    left = list(first)
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left.extend(_refs(defs[name]))
    return reached


def _refs(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _refs(one)
    elif isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for one in part.values():
            yield from _refs(one)
