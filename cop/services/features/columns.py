"""Flat properties: what a table can hold of a feature, by kind and audience.

The one place that says how what is nested is made flat:

- a text in three languages is four columns: `title` in the reader's language, `title_en`,
  `title_zh_hant`, `title_zh_hans`;
- numbers by name are a column each: `measure_gust_kmh`, `supply_water_l`, `queue_urgent`; which
  there are depends on what is on the picture;
- times by step are a column each: `step_verified`;
- a part that has only plain values is a column for each of them: `casualties_dead`;
- a list of words is one column, the words joined by `; `;
- anything else is one column of JSON.

What was not said is null, and so is what stands at its default.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, cast

import orjson

from cop.model.access import ALLOWED, Audience
from cop.model.entity import Kind
from cop.model.kinds import KINDS
from cop.model.text import LANGS, Lang, say

Type = Literal["string", "number", "integer", "boolean"]
Take = Callable[[Mapping[str, Any], Lang], Any]
"""Gets a column's value from a feature's properties as the picture has them."""

MOST_NAMED: Final = 300
"""Numbers by name, of one collection, that become columns."""

_PREFIX: Final = {"measures": "measure", "supplies": "supply", "steps": "step"}
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,60}", re.ASCII)
_OF_NAMES: Final = ("measures", "supplies")
_SCALARS: Final = (str, int, float, bool)


@dataclass(frozen=True, slots=True)
class Column:
    """One property of a collection.

    Attributes:
        name: as it stands in features and filters.
        type, format: as JSON Schema has them; format `date-time`, `uri` or "".
        title: for people.
        enum: all values that there are; none: any.
        take: gets its value.
    """

    name: str
    type: Type
    title: str
    take: Take
    format: str = ""
    enum: tuple[str, ...] = ()


@lru_cache(maxsize=128)
def fixed_columns(kind: Kind, audience: Audience) -> tuple[Column, ...]:
    """List the columns that *kind* always has for *audience*, in the order of the model."""
    names = ALLOWED[audience][kind][0]
    schema = KINDS[kind].model_json_schema(mode="serialization")
    found = [_plain("kind", {"type": "string"}), _plain("version", {"type": "integer"})]
    if "fetched_at" not in names:  # where the kind has one of its own, it is that
        found.append(_plain("fetched_at", {"type": "string", "format": "date-time"}))
    for name, said in schema["properties"].items():
        if name in names and name not in ("kind", "id", "geometry", *_OF_NAMES):
            found.extend(_columns(name, _resolved(said, schema["$defs"]), schema["$defs"]))
    return tuple(found)


def has_named(kind: Kind, audience: Audience) -> bool:
    """Tell whether *kind* has numbers by name for *audience*."""
    return any(name in ALLOWED[audience][kind][0] for name in _OF_NAMES)


def named(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """List the names of the columns of numbers that a feature with *properties* has."""
    return tuple(
        sys.intern(f"{_PREFIX[field]}_{name}")  # thousands of features have the same few
        for field in _OF_NAMES
        if isinstance(numbers := properties.get(field), dict)
        for name in numbers
        if _NAME.fullmatch(name)
    )


def named_column(name: str) -> Column | None:
    """Give the column of numbers called *name*, for example `measure_gust_kmh`; None if none is."""
    for field in _OF_NAMES:
        prefix, key = f"{_PREFIX[field]}_", name.removeprefix(f"{_PREFIX[field]}_")
        if name.startswith(prefix) and _NAME.fullmatch(key):
            return Column(name, "number", _title(name), _number_in(field, key))
    return None


def columns(kind: Kind, audience: Audience, names: Iterable[str]) -> tuple[Column, ...]:
    """List all columns of *kind* for *audience* where the numbers called *names* are about."""
    fixed = fixed_columns(kind, audience)
    known = {column.name for column in fixed}
    extra = [named_column(name) for name in sorted(set(names) - known)[:MOST_NAMED]]
    return (*fixed, *(column for column in extra if column is not None))


def flat(
    properties: Mapping[str, Any], wanted: Iterable[Column], lang: Lang
) -> dict[str, str | int | float | bool | None]:
    """Give the value of each of the *wanted* columns of a feature with *properties*."""
    return {column.name: column.take(properties, lang) for column in wanted}


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _resolved(said: Mapping[str, Any], parts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references, and leave out that it may be null."""
    while True:
        options = [one for one in said.get("anyOf", ()) if one.get("type") != "null"]
        if "$ref" in said:
            said = parts[said["$ref"].rpartition("/")[2]]
        elif len(options) == 1:
            said = options[0]
        else:
            return said


def _columns(name: str, said: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterable[Column]:
    """List the columns of one field of the model; *said* is its JSON Schema."""
    if said.get("type") in ("string", "number", "integer", "boolean"):
        yield _plain(name, said)
    elif _is_text(said):
        yield from _text(name)
    elif isinstance(said.get("additionalProperties"), dict):
        yield from _by_key(name, said, parts)
    elif said.get("type") == "array" and _resolved(said["items"], parts).get("type") == "string":
        yield Column(name, "string", _title(name), _joined(name))
    elif said.get("type") == "object" and "properties" in said:
        inner = {key: _resolved(one, parts) for key, one in said["properties"].items()}
        if all(_is_plain(one) for one in inner.values()):
            yield from (_plain(key, one, of=name) for key, one in inner.items())
        else:
            yield Column(name, "string", _title(name), _json(name))
    else:
        yield Column(name, "string", _title(name), _json(name))


def _by_key(name: str, said: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterable[Column]:
    """List the columns of a field that is values by key, where the keys are known and plain."""
    keys = _resolved(said.get("propertyNames", {}), parts).get("enum")
    value = _resolved(said["additionalProperties"], parts)
    if not keys or not _is_plain(value):
        yield Column(name, "string", _title(name), _json(name))
        return
    prefix = _PREFIX.get(name, name)
    yield from (_plain(key, value, of=name, prefix=prefix) for key in keys)


def _is_text(said: Mapping[str, Any]) -> bool:
    return bool(said.get("propertyNames", {}).get("enum") == list(LANGS))


def _is_plain(said: Mapping[str, Any]) -> bool:
    return said.get("type") in ("string", "number", "integer", "boolean")


def _plain(name: str, said: Mapping[str, Any], *, of: str = "", prefix: str = "") -> Column:
    """Give the column of a plain value; *of* is the field that it is a part of."""
    whole = f"{prefix or of}_{name}" if of else name
    type_ = cast("Type", said["type"])
    form = said.get("format", "")
    if not form and str(said.get("pattern", "")).startswith("^https"):
        form = "uri"
    return Column(
        whole, type_, _title(whole), _scalar(name, type_, of), form, tuple(said.get("enum", ()))
    )


def _text(name: str) -> Iterable[Column]:
    def in_reader_s(properties: Mapping[str, Any], lang: Lang) -> str | None:
        words = properties.get(name)
        return say(words, lang) or None if isinstance(words, dict) else None

    yield Column(name, "string", _title(name), in_reader_s)
    for one in LANGS:
        title = f"{_title(name)} ({one})"
        yield Column(f"{name}_{one.lower().replace('-', '_')}", "string", title, _said(name, one))


def _said(name: str, lang: Lang) -> Take:
    def take(properties: Mapping[str, Any], _: Lang) -> str | None:
        words = properties.get(name)
        return words.get(lang) if isinstance(words, dict) else None

    return take


def _scalar(name: str, type_: Type, of: str) -> Take:
    wanted: tuple[type, ...] = {
        "string": (str,),
        "number": (int, float),
        "integer": (int,),
        "boolean": (bool,),
    }[type_]

    def take(properties: Mapping[str, Any], _: Lang) -> Any:
        inner = properties.get(of) if of else properties
        value = inner.get(name) if isinstance(inner, dict) else None
        fits = isinstance(value, wanted) and (type_ == "boolean" or not isinstance(value, bool))
        return value if fits else None

    return take


def _number_in(field: str, key: str) -> Take:
    def take(properties: Mapping[str, Any], _: Lang) -> float | None:
        numbers = properties.get(field)
        value = numbers.get(key) if isinstance(numbers, dict) else None
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
        return value if fits and math.isfinite(cast("float", value)) else None

    return take


def _joined(name: str) -> Take:
    def take(properties: Mapping[str, Any], _: Lang) -> str | None:
        words = properties.get(name)
        if not isinstance(words, list):
            return None
        return "; ".join(str(word) for word in words) or None

    return take


def _json(name: str) -> Take:
    def take(properties: Mapping[str, Any], _: Lang) -> str | None:
        value = properties.get(name)
        if value is None or isinstance(value, _SCALARS):
            return None
        return orjson.dumps(value).decode()

    return take
