"""Draw the icons of the phone's page into `assets/field/icons/`: a place on the map, and a tick.

Run as `python -m tools.make_field_icons`. Those called maskable fill the whole square, with the
sign inside the circle that every telephone leaves of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

FOLDER: Final = Path(__file__).parents[1] / "assets" / "field" / "icons"
SIZES: Final = (192, 512)
_FINE: Final = 4  # drawn so much larger, then made small: smooth edges
_GROUND: Final = "#0d1319"
_PIN: Final = "#6bb6ff"
_TICK: Final = "#08131d"
_COLOURS: Final = 32
_CORNER: Final = 0.2
_WHOLE, _INSIDE = 0.82, 0.6
"""Share of the square that the sign takes: on a ground with corners, and where it may be cut."""


def draw(size: int, *, maskable: bool) -> Image.Image:
    """Draw one icon of *size* pixels."""
    side = size * _FINE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    corner = 0 if maskable else int(side * _CORNER)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), corner, fill=_GROUND)
    _pin(pen, side, _INSIDE if maskable else _WHOLE)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _pin(pen: ImageDraw.ImageDraw, side: int, share: float) -> None:
    unit = side * share
    left, top = (side - unit) / 2, (side - unit) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * unit, top + y * unit

    pen.ellipse((*at(0.14, 0.0), *at(0.86, 0.72)), fill=_PIN)
    pen.polygon([at(0.202, 0.5625), at(0.798, 0.5625), at(0.5, 1.0)], fill=_PIN)
    tick = [at(0.33, 0.37), at(0.46, 0.50), at(0.68, 0.25)]
    pen.line(tick, fill=_TICK, width=int(unit * 0.095), joint="curve")


def main() -> None:
    """Write all four."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for maskable in (False, True):
            name = f"{'maskable-' if maskable else ''}{size}.png"
            image = draw(size, maskable=maskable)
            few = image.quantize(_COLOURS, Image.Quantize.FASTOCTREE)
            few.save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
