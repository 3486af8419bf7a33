"""Every colour that must be read or told apart stands out enough, in both themes."""

from __future__ import annotations

import re

import pytest

from cop.ui.app import ASSETS
from cop.ui.chart import CHARTS
from cop.ui.layer import find_layers

CSS = (ASSETS / "tokens.css").read_text("utf-8")
TEXT = 4.5
SYMBOL = 3.0
SURFACES = ("bg", "surface", "surface-2")
FAINT_ON_PURPOSE = {"rain-1"}  # the lightest rain of the grid, which lies on colour already


def _tokens(selector: str) -> dict[str, str]:
    block = CSS[CSS.index(selector) :]
    block = block[block.index("{") : block.index("}")]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


SHARED = _tokens(":root {")
THEMES = {
    "dark": SHARED | _tokens(':root, :root[data-theme="dark"]'),
    "light": SHARED | _tokens(':root[data-theme="light"]'),
}
SYMBOLS = sorted(
    {rule.colour for layer in find_layers() for rule in layer.rules} - FAINT_ON_PURPOSE
)


def luminance(colour: str) -> float:
    """Give the relative luminance of `#rrggbb` as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", ["text", "text-soft", "accent", "ok", "warn", "bad"])
def test_text_can_be_read_on_every_surface(theme: str, ink: str) -> None:
    """Words stand out 4.5 to 1 from all surfaces that they are written on."""
    tokens = THEMES[theme]
    for surface in SURFACES:
        assert contrast(tokens[ink], tokens[surface]) >= TEXT, f"{ink} on {surface}"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("text", "surface-3"),
        ("accent-ink", "accent"),
        ("exercise-ink", "exercise"),
        ("bad-ink", "bad-surface"),
        ("place", "land"),
        ("place", "water"),
    ],
)
def test_text_can_be_read_on_its_own_ground(theme: str, ink: str, ground: str) -> None:
    """Words on coloured grounds and names on the map stand out 4.5 to 1."""
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("colour", SYMBOLS)
def test_symbols_stand_out_from_the_map(theme: str, colour: str) -> None:
    """Each colour that a layer uses stands out 3 to 1 from land and water."""
    tokens = THEMES[theme]
    for ground in ("land", "water"):
        assert contrast(tokens[colour], tokens[ground]) >= SYMBOL, f"{colour} on {ground}"


@pytest.mark.parametrize("theme", THEMES)
def test_focus_stands_out(theme: str) -> None:
    """The ring of the focus stands out 3 to 1 from surfaces and map."""
    for ground in (*SURFACES, "land", "water"):
        assert contrast(THEMES[theme]["focus"], THEMES[theme][ground]) >= SYMBOL


@pytest.mark.parametrize("theme", THEMES)
def test_bars_differ_from_each_other(theme: str) -> None:
    """Two bars drawn over each other in one chart can be told apart."""
    tokens = THEMES[theme]
    for chart in CHARTS:
        if len(chart.bars) == 2:
            one, other = (tokens[bar.colour] for bar in chart.bars)
            assert contrast(one, other) >= 2.5, chart.key


def test_both_themes_have_every_token() -> None:
    """No colour exists in one theme only."""
    assert set(THEMES["dark"]) == set(THEMES["light"])


def test_purple_is_for_exercises_only() -> None:
    """No other token comes near the purple of an exercise."""
    for theme, tokens in THEMES.items():
        for name, colour in tokens.items():
            if name.startswith("exercise"):
                continue
            red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
            purple = blue > 120 and 80 < red < blue and green < red * 0.6
            assert not purple, f"{name} in {theme}"
