"""The scripts, styles and base map of the public pages: few files, known by their content.

The first scripts are small and let the text live; the map's come once the text can be used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cop.model.text import Lang, Text, say
from cop.ui.field.bundle import ASSETS, DRAWING, FIELD, Bundle, hash_of, put_together
from cop.ui.field.words import FIELD_WORDS, words_for
from cop.ui.public.layers import layer_script
from cop.ui.public.words import PUBLIC_WORDS
from cop.ui.public.words_script import SCRIPT

PUBLIC: Final = ASSETS / "public"
_EMBED: Final = PUBLIC / "embed"
_MAP_ONLY: Final = ("clusters",)
"""What the public map takes of the desk's besides what every map of ours is drawn by."""
_GEO: Final = ("coast", "districts", "places")
_LIGHT: Final = re.compile(r':root\[data-theme="light"\] (\{.*?\n\})', re.DOTALL)


def bundles() -> dict[str, Bundle]:
    """Make every file of the pages, by its logical name, for example `app.js`, `coast.json`."""
    return {
        "app.js": put_together("app", "js", map(_read, _app())),
        "map.js": put_together("map", "js", [*_map()]),
        "page.css": put_together("page", "css", _page_styles()),
        "map.css": put_together("map", "css", _map_styles()),
        "embed.js": put_together("embed", "js", [_read(_EMBED / "embed.js")]),
        "embed.css": put_together("embed", "css", [*_colours(), _read(_EMBED / "embed.css")]),
        **{f"{name}.json": _geo(name) for name in _GEO},
    }


def script_words(lang: Lang) -> dict[str, str]:
    """Give the words that the scripts say, in *lang*."""
    made = bundles()
    scripts = b"\n".join(made[name].body for name in ("app.js", "map.js")).decode()
    every: Mapping[str, Text] = FIELD_WORDS | PUBLIC_WORDS | SCRIPT
    return {key: say(words, lang) for key, words in words_for(scripts, every).items()}


def _app() -> list[Path]:
    return [ASSETS / "a-core.js", *sorted(PUBLIC.glob("*.js"))]


def _map() -> list[str]:
    leaflet = _read(FIELD / "vendor" / "leaflet.js")
    shared = [ASSETS / f"{name}.js" for name in (*DRAWING, *_MAP_ONLY)]
    own = sorted((PUBLIC / "map").glob("*.js"))
    return [leaflet, layer_script(), *(_read(path) for path in [*shared, *own])]


def _page_styles() -> list[str]:
    """Give the page's styles."""
    return [*_colours(), *(_read(path) for path in sorted(PUBLIC.glob("*.css")))]


def _colours() -> list[str]:
    """Give the tokens; without scripts the colours follow the device."""
    tokens = _read(ASSETS / "tokens.css")
    light = _LIGHT.search(tokens)
    if light is None:
        raise ValueError("tokens.css has no light theme")
    by_device = f"@media (prefers-color-scheme: light) {{\n:root:not([data-theme]) {light[1]}\n}}"
    return [tokens, by_device]


def _map_styles() -> list[str]:
    paths = [FIELD / "vendor" / "leaflet.css", *sorted((PUBLIC / "map").glob("*.css"))]
    return [_read(path) for path in paths]


def _geo(name: str) -> Bundle:
    body = (ASSETS / "geo" / f"{name}.json").read_bytes()
    return Bundle(f"{name}.{hash_of(body)}.json", body, "application/json")


def _read(path: Path) -> str:
    return path.read_text("utf-8")
