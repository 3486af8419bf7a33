"""Good inputs to begin from, where no test has recorded any."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any, Final

import orjson
from PIL import Image

WORDS: Final[tuple[bytes, ...]] = (
    *(b"2026-09-07T15:04:05Z", b"2026-09-07/..", b"P1DT2H/2026-09-08T00:00:00+08:00", b".."),
    *(b"113.8,22.1,114.5,22.6", b"113.8,22.1,-10,114.5,22.6,90", b"170,-10,-170,10", b"100", b"0"),
    *(b"1694099170000-0", b"KK 083 691", b"22.302, 114.177", b"836000 816000", b"22 18 N 114 10 E"),
    *(b"WyJhIiwiMS0wIiwxNzk1MzI4OTIxLCJpZCJd", "中環 Station".encode(), b"=1+1", b'a,"b"\n-c'),
)

PARTNER: Final = """
id = "gd"
installation = "gd-cop"
agencies = ["SB"]
url = "https://cop.gd.example"
token = "${COP_TEST_TOKEN}"
account = "gd"
title = { en = "Guangdong", zh-Hant = "廣東", zh-Hans = "广东" }
[agreement]
number = "N 1"
from = 2026-01-01T00:00:00+08:00
until = 2027-01-01T00:00:00+08:00
[shares]
kinds = ["alert"]
[takes]
kinds = ["alert"]
""".encode()

FILTERS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "text": (
        b"value > 5 AND title_en LIKE 'Cheung%' OR NOT station IS NULL",
        b"S_INTERSECTS(geometry, POLYGON((114 22, 115 22, 115 23, 114 22)))",
        b"T_AFTER(observed_at, TIMESTAMP('2026-09-07T12:00:00Z')) AND value BETWEEN 1 AND 20",
        b"CASEI(title_en) IN ('a', 'b', 'o''brien') AND (value = 1 OR (value = 2))",
    ),
    "json": (
        (
            b'{"op":"and","args":[{"op":">","args":[{"property":"value"},5]},'
            b'{"op":"like","args":[{"property":"title_en"},"Cheung%"]}]}'
        ),
        (
            b'{"op":"s_intersects","args":[{"property":"geometry"},'
            b'{"type":"Polygon","coordinates":[[[114,22],[115,22],[115,23],[114,22]]]}]}'
        ),
        b'{"op":"t_after","args":[{"property":"observed_at"},{"timestamp":"2026-09-07T12:00:00Z"}]}',
    ),
}


def pictures() -> tuple[bytes, ...]:
    """Give small pictures of each form that is taken."""
    image = Image.new("RGB", (64, 48), "teal")
    made = []
    for form, options in (
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {}),
        ("TIFF", {}),
    ):
        file = io.BytesIO()
        image.save(file, form, **options)
        made.append(file.getvalue())
    return tuple(made)


def instance(schema: Mapping[str, Any]) -> bytes:
    """Give one document as *schema* (JSON Schema, of a model of ours) has it, all fields filled."""
    return orjson.dumps(_value(schema, schema.get("$defs", {}), 0))


def _value(part: Mapping[str, Any], named: Mapping[str, Any], depth: int) -> Any:
    if "$ref" in part:
        return _value(named[part["$ref"].rpartition("/")[2]], named, depth + 1)
    for one in ("anyOf", "oneOf", "allOf"):
        if one in part:
            return _value(part[one][0], named, depth + 1)
    if "const" in part or "enum" in part:
        return part.get("const", part.get("enum", [None])[0])
    kind = part.get("type")
    if kind == "object":
        fields = part.get("properties", {})
        return {name: _value(inner, named, depth + 1) for name, inner in fields.items()}
    if kind == "array":
        inner = part.get("prefixItems") or [part.get("items", {})] * max(1, part.get("minItems", 1))
        return [_value(one, named, depth + 1) for one in inner] if depth < _DEEPEST else []
    if kind == "string":
        fitting = (word for word in _FITTING if re.search(part.get("pattern", ""), word))
        return _STRINGS.get(part.get("format", "")) or next(fitting, "words")
    return {"integer": part.get("minimum", 1), "number": part.get("minimum", 1.5)}.get(
        str(kind), kind == "boolean"
    )


_DEEPEST: Final = 12
_FITTING: Final = ("words", "incident:a1", "HKPF", "https://a.example/x", "0a" * 32, "resource:a")
_STRINGS: Final = {
    "date-time": "2026-09-07T15:04:05Z",
    "date": "2026-09-07",
    "uri": "https://example.org/",
}
