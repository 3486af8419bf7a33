"""Areas of the Mainland by their six-digit code (GB/T 2260), as coarse places."""

from __future__ import annotations

from typing import Final

from cop.model.site import Site, Table

REGION: Final = ("44", "81", "82")
"""Provinces of the picture: Guangdong, Hong Kong, Macao."""


def is_in_region(adcode: str) -> bool:
    """Tell whether *adcode* is of Guangdong, Hong Kong or Macao."""
    return adcode[:2] in REGION


def find_area(areas: Table, adcode: str) -> Site | None:
    """Find the city of *adcode*, else its province; None when neither is known.

    A county is shown at its city: the table's radius says how coarse that is.
    """
    wanted = adcode[:6].ljust(6, "0")
    for code in (wanted, f"{wanted[:4]}00", f"{wanted[:2]}0000"):
        if code in areas:
            return areas[code]
    return None
