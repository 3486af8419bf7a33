"""Inputs that do harm: values to put where others belong, whole documents, and changes to any."""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Callable, Sequence
from typing import Any, Final

VALUES: Final[tuple[bytes, ...]] = (
    *(b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e308", b"-0", b"0x10", b"1_0", b"null"),
    *(b"9" * 400, b"9" * 5_000, b"-1", b"18446744073709551616", b"1e-400", b"00", b"+5", b""),
    *(b"91", b"-91", b"181", b"-181.5", b"1e9", b"114.17", b"2147483648", b"0.1" + b"0" * 3_000),
    *(b"9999-12-31T23:59:59+08:00", b"0001-01-01T00:00:00+14:00", b"2026-02-30T25:61:61Z"),
    *(
        b"\x00",
        b"\x1b[31m",
        b"\r\n",
        b"\xff\xfe",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf8\x88\x80\x80",
    ),
    *("\u202e".encode(), "\u200b\ufeff".encode(), "\ufdfa".encode() * 50, "e\u0301".encode() * 99),
    *(b"\\ud800", b"\\udfff\\ud800", b"\\u0000", b"&#x202e;", b"&#0;", b"&#xD800;", b"&amp;#8238;"),
    *(b"<script>document.title=1</script>", b'"><img src=x onerror=alert(1)>', b"javascript:0"),
    *(b"=cmd|' /C calc'!A0", b"@SUM(1)", b"+1", b"-2+3", b"\t=1", "\uff1d1".encode(), b"'", b'"'),
    *(
        b"../../etc/passwd",
        b"..%2f..%2f",
        b"%00",
        b"/dev/stdin",
        b"file:///etc/passwd",
        b"\\\\x\\y",
    ),
    *(b"http://127.0.0.1/", b"http://[::ffff:10.0.0.1]/", b"http://2130706433/", b"gopher://x"),
    *(
        b"{}",
        b"[]",
        b"[[]]",
        b"true",
        b"<a/>",
        b"<![CDATA[",
        b"<!--",
        b"]]>",
        b"&",
        b"<",
        b"]",
        b"}",
    ),
    *(b" " * 20_000, b"A " * 8_000, b"\xe9\x96\x8b" * 5_000, b"<tr " * 5_000, b"of A " * 3_000),
)
"""What hostile, broken or careless senders write where a value belongs."""

_BOMB: Final = b"0" * 20_000_000
DOCUMENTS: Final[tuple[bytes, ...]] = (
    *(b"", b" ", b"\x00" * 100, b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff\x00", b"null", b"0", b'"'),
    *(b"[" * 100_000, b'{"a":' * 50_000, b"<a>" * 100_000, b"9" * 100_000, b"," * 100_000),
    b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>',
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>',
    '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"),
    *(
        f'<?xml version="1.0" encoding="{name}"?><alert>&é</alert>'.encode("latin-1")
        for name in ("punycode", "idna", "undefined", "unicode_escape", "utf-7", "hex", "utf-32")
    ),
    b"<a xmlns:b='u' " + b" ".join(b"b:c%d=''" % n for n in range(5_000)) + b"/>",
    b"<a " + b"x" * 200_000 + b"=''/>",
    gzip.compress(_BOMB),
    zlib.compress(_BOMB),
    b"PK\x03\x04" + b"\x00" * 200,
    b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff" + b"\x08\x06" * 9,
    b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + b"\x01\x11\x00" * 40 + b"\xff\xd9",
    b'{"type":"Polygon","coordinates":[[' + b"[114.1,22.3]," * 40_000 + b"[114.1,22.3]]]}",
    b'{"type":"Point","coordinates":[1e308,-1e308]}',
)
"""Whole documents: bombs, entities, other encodings, depth, length, places off the earth."""

_FIELD: Final = re.compile(rb'(?<=[:=\s,>|"(])[^<>{}\[\]",|\r\n]+(?=["<,|}\]\r\n)])')
_LARGEST: Final = 1_000_000
"""Bytes of what a change may make."""

Change = Callable[[bytes, random.Random], bytes]


def mutated(body: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Give *body* changed in one to four ways, or, now and then, a document of `DOCUMENTS`."""
    if chance.random() < 0.02:
        return chance.choice(DOCUMENTS)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        if chance.random() < 0.08:
            other = chance.choice(others)
            body = body[: _at(body, chance)] + other[_at(other, chance) :]
        else:
            body = chance.choice(CHANGES)(body, chance)
        body = body[:_LARGEST]
    return body


def _at(body: bytes, chance: random.Random) -> int:
    return chance.randrange(len(body) + 1)


def _flip(body: bytes, chance: random.Random) -> bytes:
    at = _at(body, chance)
    return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]


def _cut(body: bytes, chance: random.Random) -> bytes:
    at = _at(body, chance)
    return body[:at] + body[at + chance.randrange(1, 60) :]


def _end(body: bytes, chance: random.Random) -> bytes:
    return body[: _at(body, chance)]


def _double(body: bytes, chance: random.Random) -> bytes:
    at = _at(body, chance)
    part = body[at : at + chance.randrange(1, 400)]
    times = chance.choice((1, 2, 40, 2_000))
    return body[:at] + part * min(times, 200_000 // max(len(part), 1)) + body[at:]


def _insert(body: bytes, chance: random.Random) -> bytes:
    at = _at(body, chance)
    return body[:at] + chance.choice(VALUES) + body[at + chance.randrange(3) :]


def _replace(body: bytes, chance: random.Random) -> bytes:
    begin = max(0, _at(body, chance) - 200)
    places = list(_FIELD.finditer(body, begin, begin + 2_000))
    if not places:
        return _insert(body, chance)
    found = chance.choice(places)
    return body[: found.start()] + chance.choice(VALUES) + body[found.end() :]


def _recode(body: bytes, chance: random.Random) -> bytes:
    words = body.decode("utf-8", "replace")
    return words.encode(chance.choice(("utf-16", "utf-16-be", "utf-8-sig", "utf-7")), "replace")


def _odd_value(chance: random.Random) -> Any:
    odd: tuple[Any, ...] = (None, "", [], {}, "?", -1, 0, 1e300, 10**30, True, [None], [[[]]])
    words = chance.choice(VALUES).decode("utf-8", "replace")
    return chance.choice((*odd, words, [words], {"en": words}, {words: words}))


def _restructure(body: bytes, chance: random.Random) -> bytes:
    """Change a value of a JSON document, leave one out, or bring one that does not belong."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _replace(body, chance)
    inner, deeper = document, document
    while isinstance(deeper, dict | list) and deeper and chance.random() < 0.85:
        inner = deeper
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        deeper = inner[chance.choice(keys)]
    if isinstance(inner, dict) and inner:
        key = chance.choice(list(inner))
        way = chance.randrange(3)
        if way == 0:
            del inner[key]
        else:
            inner[key if way == 1 else "another"] = _odd_value(chance)
    elif isinstance(inner, list) and inner:
        inner[chance.randrange(len(inner))] = _odd_value(chance)
    else:
        document = _odd_value(chance)
    return json.dumps(document).encode()


CHANGES: Final[tuple[Change, ...]] = (
    *(_flip, _cut, _end, _double, _insert, _insert, _replace, _replace, _recode),
    *(_restructure, _restructure, _restructure),
)
