"""Draw what a shared link to the public pages looks like: `assets/public/share-{en,tc,sc}.png`.

Run as `python -m tools.make_share_pictures`; needs a Chromium (COP_CHROMIUM, or one on PATH) and
fonts for Chinese. Nothing of any day is on them: they are kept for ever by whoever shares a link.
"""

from __future__ import annotations

import html
import io
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final

import orjson
from PIL import Image
from playwright.sync_api import sync_playwright

from cop.model.text import Lang
from cop.services.publishing.paths import HTML_LANGS, LANG_PATHS
from cop.ui.public.items import SHAPES
from cop.ui.public.shell import SHARE_SIZE
from cop.ui.public.words import plain

ASSETS: Final = Path(__file__).parents[1] / "assets"
_COLOURS: Final = 96
_TOLD: Final = ("subject.warnings", "subject.hazards", "subject.roads", "subject.shelters")
_TONES: Final = ("#ff4f8b", "#ff6b57", "#f5b83d", "#5aa9ff")
_WEST, _NORTH, _SCALE = 113.82, 22.57, 1180.0
"""Degrees of the drawing's corner, and pixels to a degree of longitude."""
_STRETCH: Final = 1.08
"""A degree of latitude to one of longitude at 22° N."""
_STYLE: Final = """
body { margin: 0; width: 1200px; height: 630px; background: #0d1319; color: #e9eff5;
  font-family: "Noto Sans HK", "Noto Sans CJK HK", "Noto Sans", sans-serif; overflow: hidden; }
:lang(zh-Hans) body { font-family: "Noto Sans SC", "Noto Sans CJK SC", sans-serif; }
svg { position: absolute; inset: 0; }
main { position: absolute; left: 72px; top: 96px; width: 760px; }
h1 { font-size: 84px; line-height: 1.15; margin: 0 0 28px; text-wrap: balance; }
ul { list-style: none; margin: 0; padding: 0; font-size: 42px; line-height: 1.6; }
li span { display: inline-block; width: 1.5em; }
"""


def page(lang: Lang) -> str:
    """Give the document that is drawn."""
    rows = "".join(
        f'<li><span style="color:{tone}">{shape}</span>{html.escape(plain(key, lang))}</li>'
        for shape, tone, key in zip(SHAPES.values(), _TONES, _TOLD, strict=False)
    )
    return (
        f'<!DOCTYPE html><html lang="{HTML_LANGS[lang]}"><meta charset="utf-8">'
        f"<style>{_STYLE}</style><body>{_city()}"
        f"<main><h1>{html.escape(plain('page.name', lang))}</h1><ul>{rows}</ul></main>"
        "</body></html>"
    )


def _city() -> str:
    """Give the outline of the districts."""
    features = orjson.loads((ASSETS / "geo" / "districts.json").read_bytes())["features"]
    paths = "".join(_path(feature["geometry"]) for feature in features)
    width, height = SHARE_SIZE
    return (
        f'<svg width="{width}" height="{height}" fill="#1f2a33" stroke="#4a6274" '
        f'stroke-width="1.5" opacity="0.8"><path d="{paths}"/></svg>'
    )


def _path(geometry: dict[str, Any]) -> str:
    areas = geometry["coordinates"]
    rings = [ring for area in areas for ring in area] if geometry["type"][0] == "M" else areas
    return "".join(
        "M" + "L".join(f"{_x(lon):.1f} {_y(lat):.1f}" for lon, lat in ring) + "Z" for ring in rings
    )


def _x(lon: float) -> float:
    return 440 + (lon - _WEST) * _SCALE


def _y(lat: float) -> float:
    return 45 + (_NORTH - lat) * _SCALE * _STRETCH


def main() -> None:
    """Write all three."""
    chromium = os.environ.get("COP_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("no Chromium: set COP_CHROMIUM")
    width, height = SHARE_SIZE
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": width, "height": height})
        for lang, path in LANG_PATHS.items():
            tab.set_content(page(lang))
            drawn = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
            few = drawn.quantize(_COLOURS, Image.Quantize.FASTOCTREE)
            few.save(ASSETS / "public" / f"share-{path}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
