"""The offline default of every reference table."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from cop.model.site import Site

TABLES = Path(__file__).parent / "tables"
"""One JSON array of sites for each table; `README.md` there says where each comes from."""

_SITES: TypeAdapter[tuple[Site, ...]] = TypeAdapter(tuple[Site, ...])


def index_sites(sites: tuple[Site, ...]) -> dict[str, Site]:
    """Map every key and alias to its site; a key wins over another site's alias."""
    index: dict[str, Site] = {}
    for site in sites:
        for alias in site.aliases:
            index.setdefault(alias, site)
    index.update((site.key, site) for site in sites)
    return index


def default_sites(key: str) -> tuple[Site, ...]:
    """Read the sites of the shipped table *key*, in order; () when none is shipped.

    Raises:
        ValueError: *key* is not a plain name, or the file is not an array of sites.
    """
    if not key.isidentifier():
        raise ValueError(f"not the name of a table: {key!r}")
    path = TABLES / f"{key}.json"
    return _SITES.validate_json(path.read_bytes()) if path.is_file() else ()


@cache
def default_table(key: str) -> dict[str, Site]:
    """Give the shipped table *key*, keys and aliases to sites; {} when none is shipped.

    The same mapping is given to every caller: read it, never change it.
    """
    return index_sites(default_sites(key))
