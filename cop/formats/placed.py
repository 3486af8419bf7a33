"""Places taken from reference tables, as the fields of an entity."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from cop.model.entity import Placing
from cop.model.site import Site, Table


def at_site(site: Site | None, placing: Placing = Placing.STATION) -> dict[str, Any]:
    """Give geometry, placing, precision and district of *site*; nothing when there is none."""
    if site is None:
        return {}
    fields: dict[str, Any] = {"geometry": site.geometry, "placing": placing}
    if site.precision_m is not None:
        fields["precision_m"] = site.precision_m
    if site.district is not None:
        fields["district"] = site.district
    return fields


def find_site(table: Table, names: Iterable[str]) -> Site | None:
    """Find the first of *names* in *table*: as spelled, else without blanks, marks and case."""
    wanted = [name for name in names if name]
    for name in wanted:
        if name in table:
            return table[name]
    folded = {_fold(spelling): site for spelling, site in table.items()} if wanted else {}
    return next((folded[_fold(name)] for name in wanted if _fold(name) in folded), None)


def slug(words: str) -> str:
    """Make an id part of *words*: lower case, with hyphens for everything but letters, digits."""
    return re.sub(r"[^\w]+", "-", words.strip().lower()).strip("-_")[:120]


def _fold(name: str) -> str:
    return "".join(ch for ch in name.lower() if ch.isalnum())
