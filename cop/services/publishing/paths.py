"""Addresses of the public site: the same for files on disk, links and the proxy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cop.model.district import DISTRICT_NAMES, District
from cop.model.text import Lang

LANG_PATHS: Final[dict[Lang, str]] = {"zh-Hant": "tc", "en": "en", "zh-Hans": "sc"}
"""Language to the first part of its pages' addresses; the first is the city's own."""

HTML_LANGS: Final[dict[Lang, str]] = {"zh-Hant": "zh-Hant-HK", "en": "en", "zh-Hans": "zh-Hans"}
"""What `lang` says in pages, feeds and links."""

POINTER: Final = "public/now.json"
"""The one short-lived file by which everything else is found."""

CAP: Final = "public/cap/"
"""Below this are the messages of our own alerts, and what leads to them."""

KEPT_UP: Final = "public/kept-up.css"
"""Hides, on pages read without scripts, the words that the page may not be kept up any more. It is
never given out when it is old, so that the words stand wherever the application is out of reach."""


def public_root(data_dir: Path) -> Path:
    """Give the directory that is the root of the public site."""
    return data_dir / "public"


def district_slug(code: District) -> str:
    """Give the part of addresses that stands for a district: its English name, hyphenated."""
    return DISTRICT_NAMES[code]["en"].lower().replace(" ", "-")


def page_path(lang: Lang, *parts: str) -> str:
    """Give the address of a page in *lang*: `page_path("en", "data")` is `/en/data/`."""
    return "/" + "/".join((LANG_PATHS[lang], *parts)) + "/"
