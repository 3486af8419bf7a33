"""The reference tables that a feed joins: as last fetched, or as shipped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from pydantic import TypeAdapter

from cop.model.site import Site, Table
from cop.reference.tables import default_table, index_sites
from cop.store.port import Store
from workers.feed import Feed

_SHIPPED: Final = "shipped"
_SITES: Final[TypeAdapter[tuple[Site, ...]]] = TypeAdapter(tuple[Site, ...])
_decoded: Final[dict[str, tuple[str, Table]]] = {}
"""Table to its digest and content: decoding thousands of sites each minute would be waste."""


class Reference:
    """The tables of one poll.

    Attributes:
        tables: name to table.
        digests: name to what tells this content of the table from another.
    """

    def __init__(self, store: Store, feed: Feed) -> None:
        """Read the tables that *feed* joins."""
        self.tables: Mapping[str, Table] = {}
        self.digests: Mapping[str, str] = {}
        found = {name: _read(store, name) for name in feed.joins}
        self.tables = {name: table for name, (_, table) in found.items()}
        self.digests = {name: digest for name, (digest, _) in found.items()}


def _read(store: Store, name: str) -> tuple[str, Table]:
    body = store.read_table(name)
    if body is None:
        return _SHIPPED, default_table(name)
    digest = hashlib.sha256(body).hexdigest()
    known = _decoded.get(name)
    if known is None or known[0] != digest:
        known = _decoded[name] = digest, index_sites(_SITES.validate_json(body))
    return known
