"""Shelters by name: the same place whatever an announcement calls it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from cop.model.district import find_district
from cop.model.site import Site, Table

SUFFIX = re.compile(
    r"(?:的?(?:臨時|临时)?(?:庇護|庇护|避寒|避暑)中心"
    r"|(?<!\s)\s*(?:(?:temporary|cold|heat)\s*)?shelters?)\s*$",
    re.IGNORECASE,
)
"""What is added to a place's name to say that it is a shelter."""


@lru_cache(maxsize=4096)
def shelter_key(name: str) -> str:
    """Give *name* without what changes between announcements: blanks, marks, `shelter`, case."""
    folded = unicodedata.normalize("NFKC", SUFFIX.sub("", name.strip())).lower()
    return "".join(ch for ch in folded if ch.isalnum())


def find_hall(name: str, halls: Table) -> Site | None:
    """Find the known place that *name* means, by its names, with or without a district in front."""
    wanted = shelter_key(name)
    if not wanted:
        return None
    for spelling, site in halls.items():
        known = shelter_key(spelling)
        if known == wanted:
            return site
        front = wanted.removesuffix(known)
        if front != wanted and len(known) > 4 and find_district(front) is not None:
            return site
    return None


def shelter_id(name: str, halls: Table) -> str:
    """Give the id part that a shelter has in every language and every spelling we know."""
    site = find_hall(name, halls)
    if site is not None:
        return re.sub(r"[^a-z0-9]+", "-", site.key.lower()).strip("-")
    return shelter_key(name)[:120]
