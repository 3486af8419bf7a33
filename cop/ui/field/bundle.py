"""The scripts and styles of the phone's page, put together once and known by their content.

A phone on a poor network asks for few and small files: each bundle is one file, without comments
and indentation, whose name changes exactly when its content does, so that it is kept for ever.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from cop.model.text import Lang, Text, say
from cop.ui.field.layers import layer_tables

ASSETS: Final = Path(__file__).resolve().parents[3] / "assets"
FIELD: Final = ASSETS / "field"
DRAWING: Final = ("icons", "symbols", "patterns", "canvas", "layers", "base")
"""The desk's own scripts by which its map is drawn: the phone's map is drawn by the same."""
_WORK: Final = 50
_LAST: Final = 99
"""Scripts run in the order of their numbers: from 50 on those of the later screens, 99 starts."""
_ICON: Final = re.compile(r'^    "([a-z-]+)": "')
_COMMENT: Final = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bundle:
    """One file as it is served.

    Attributes:
        name: part of the address; it holds the hash of *body*.
        body: the bytes.
        media_type: what they are.
    """

    name: str
    body: bytes
    media_type: str


def app_bundle() -> Bundle:
    """Make the scripts of the first screen: the frame, own tasks and orders."""
    first = [_read(path) for path in _numbered(0, _WORK - 1)]
    used = "\n".join([*first, *(_read(path) for path in _numbered(_WORK, _LAST))])
    icons = _only_icons(_read(ASSETS / "icons.js"), used)
    start = [_read(path) for path in _numbered(_LAST, _LAST)]
    return put_together("app", "js", [_read(ASSETS / "a-core.js"), icons, *first, *start])


def work_bundle() -> Bundle:
    """Make the scripts of all other screens, which come once the first is there."""
    return put_together("work", "js", [_read(path) for path in _numbered(_WORK, _LAST - 1)])


def words_bundle(lang: Lang, words: Mapping[str, Text]) -> Bundle:
    """Make the file of *words* in *lang*: key to words."""
    body = orjson.dumps({key: say(one, lang) for key, one in words.items()})
    return Bundle(f"words-{lang}.{hash_of(body)}.json", body, "application/json")


def map_bundle() -> Bundle:
    """Make the scripts of the map, which come after the page can be used."""
    leaflet = _read(FIELD / "vendor" / "leaflet.js")
    drawing = [ASSETS / f"{name}.js" for name in DRAWING]
    paths = [*drawing, FIELD / "05-icons.js", *sorted((FIELD / "map").glob("*.js"))]
    return put_together("map", "js", [leaflet, layer_tables(), *(_read(path) for path in paths)])


def app_styles() -> Bundle:
    """Make the page's styles."""
    paths = [ASSETS / "tokens.css", FIELD / "field.css"]
    paths += sorted(path for path in FIELD.glob("*.css") if path not in paths)
    return put_together("app", "css", [_read(path) for path in paths])


def map_styles() -> Bundle:
    """Make the map's styles; its few pictures are named from where they are."""
    paths = [FIELD / "vendor" / "leaflet.css", *sorted((FIELD / "map").glob("*.css"))]
    return put_together("map", "css", [_read(path) for path in paths])


def worker_body(site: str) -> bytes:
    """Make the service worker: what it shares with the page, then its own.

    *site*: JSON of what it must know before it runs. Its address never changes; browsers compare
    its bytes.
    """
    shared = sorted(FIELD.glob("1*-*.js"))
    own = sorted((FIELD / "worker").glob("*.js"))
    head = f"self.cop={{config:{site}}};"
    return "\n".join([head, *(_plain(_read(path)) for path in [*shared, *own])]).encode()


def hash_of(body: bytes) -> str:
    """Give the part of a name that stands for *body*."""
    return hashlib.sha256(body).hexdigest()[:12]


def _numbered(first: int, last: int) -> list[Path]:
    """List the page's scripts numbered from *first* to *last*."""
    paths = sorted(FIELD.glob("[0-9][0-9]-*.js"))
    return [path for path in paths if first <= int(path.name[:2]) <= last]


def _read(path: Path) -> str:
    return path.read_text("utf-8")


def _plain(source: str) -> str:
    """Take out comments that stand on lines of their own, and the indentation.

    No text in the sources goes over several lines; a test sees to that.
    """
    bare = _COMMENT.sub(lambda found: found[0] if "@preserve" in found[0] else "", source)
    lines = (line.strip() for line in bare.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _only_icons(icons: str, used: str) -> str:
    """Keep those of *icons* whose name stands in *used*."""

    def is_used(line: str) -> bool:
        found = _ICON.match(line)
        return found is None or f'"{found[1]}"' in used

    return "\n".join(filter(is_used, icons.splitlines()))


def put_together(name: str, suffix: str, sources: Iterable[str]) -> Bundle:
    """Make the bundle *name*.*suffix* (`js` or `css`) of *sources*, in their order."""
    body = "\n".join(map(_plain, sources)).encode()
    kind = "text/javascript" if suffix == "js" else "text/css"
    return Bundle(f"{name}.{hash_of(body)}.{suffix}", body, kind)
