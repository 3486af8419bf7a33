"""Words burnt into simulated pictures, so that nobody takes one for a real place."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.clock import HONG_KONG

_SIMULATED: Final = (
    "13de13de7d887ffe33063bfe3f06770677fed02053fe13fe10dc17cf13020000",
    "3400343e37847c3c7f9c300c367e3ffefd0a752837ae37ae336837f87e5f6442",
)
"""模擬 in 16 rows of 16 dots, a row in four hexadecimal digits; OpenCV draws Latin letters only."""
_HIGH: Final = 20
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


@cache
def _sign() -> NDArray[np.uint8]:
    """Give the two Chinese characters, 255 where they are."""
    signs = []
    for rows in _SIMULATED:
        bits = np.array([int(rows[at : at + 4], 16) for at in range(0, 64, 4)])
        signs.append((bits[:, None] >> np.arange(15, -1, -1)) & 1)
    return np.asarray(np.hstack(signs) * 255, dtype=np.uint8)


def caption(at: datetime, *, short: bool = False) -> NDArray[np.uint8]:
    """Give a plate of words, 255 where they are: that it is simulated, and Hong Kong's time."""
    local = at.astimezone(HONG_KONG)
    words = f"SIMULATED {local:%H:%M}" if short else f"SIMULATED      {local:%Y-%m-%d %H:%M:%S}"
    scale = 0.38 if short else 0.45
    (wide, high), _ = cv2.getTextSize(words, _FONT, scale, 1)
    plate = np.zeros((_HIGH, wide + (46 if short else 12)), dtype=np.uint8)
    start = 40 if short else 6
    cv2.putText(plate, words, (start, (_HIGH + high) // 2), _FONT, scale, 255, 1, cv2.LINE_AA)
    before = 4 if short else 6 + cv2.getTextSize("SIMULATED ", _FONT, scale, 1)[0][0]
    plate[2:18, before : before + 32] = _sign()
    return plate


def burn(picture: NDArray[np.uint8], at: datetime, *, short: bool = False) -> None:
    """Write the caption into the top left corner of *picture*."""
    plate = caption(at, short=short)
    part = picture[: plate.shape[0], : plate.shape[1]]
    dark = part // 4
    part[:] = np.maximum(dark, plate[: part.shape[0], : part.shape[1], None])


def burn_warm(celsius: NDArray[np.float32], at: datetime) -> None:
    """Write the caption into the top left corner of a thermal picture, by temperature."""
    plate = caption(at)
    part = celsius[: plate.shape[0], : plate.shape[1]]
    share = plate[: part.shape[0], : part.shape[1]].astype(np.float32) / 255
    part[:] = 18.0 + share * 18.0
