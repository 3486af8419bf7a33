"""Reading the journal: searching it, and handing it out as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
import structlog

from cop.formats.sheet import csv_line
from cop.model.journal import Deed
from cop.model.record import Link
from cop.store.port import Store

log = structlog.get_logger(__name__)

SCANNED_AT_ONCE: Final = 5_000
"""Entries that one search looks at; one that found too few says where to go on."""

_PAGE: Final = 500
_COLUMNS: Final = (
    *("number", "at", "wall_at", "who", "role", "agency", "address", "entrance"),
    *("action", "id", "reason", "changes", "hash"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the journal as it is read.

    Attributes:
        number: 1 for the first.
        hash: its place in the chain, see `cop.model.record.Link`.
        deed: what it says.
    """

    number: int
    hash: str
    deed: Deed

    def shown(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {"number": self.number, "hash": self.hash} | self.deed.shown()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries somebody looks for; what is not given does not matter.

    Attributes:
        entity: id of an entity that was written, or that the deed was about.
        q: words that must all stand in the entry, whatever their case.
        who: name of the account.
        action: a value of `cop.services.policy.Action`.
        since, until: earliest and latest moment, by the clock of the operation.
    """

    entity: str | None = None
    q: str | None = None
    who: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def read(self, link: Link) -> Entry | None:
        """Give the entry of *link* where it is wanted; None where it is not.

        One that cannot be read is left out and logged: `cop journal verify` says what became of it.
        """
        if not self._may_take(link.body):
            return None
        try:
            deed = Deed.decode(link.body)
        except ValueError:
            log.warning("journal_entry_unreadable", number=link.number)
            return None
        return Entry(link.number, link.hash, deed) if self._takes(deed) else None

    def _may_take(self, body: bytes) -> bool:
        """Tell whether all that is looked for stands anywhere in *body*: reading it costs more."""
        wanted = " ".join(filter(None, (self.q, self.who, self.action))).casefold().split()
        text = body.decode(errors="replace").casefold() if wanted else ""
        return all(orjson.dumps(word).decode()[1:-1] in text for word in wanted)

    def _takes(self, deed: Deed) -> bool:
        if self.action and deed.action != self.action:
            return False
        if self.who and deed.who.name.casefold() != self.who.casefold():
            return False
        if (self.since and deed.at < self.since) or (self.until and deed.at > self.until):
            return False
        if not self.q:
            return True
        text = "\n".join(_words(deed.shown())).casefold()
        return all(word in text for word in self.q.casefold().split())


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):  # nobody looks for a drawing by its corners, and it has thousands
        value = [part for name, part in value.items() if name != "coordinates"]
    if isinstance(value, list):
        for part in value:
            yield from _words(part)
    elif value is not None:
        yield str(value)


def search(
    store: Store, wanted: Wanted, *, before: int | None = None, limit: int = 50
) -> tuple[list[Entry], int | None]:
    """Find entries, newest first.

    Args:
        store: of the operation.
        wanted: which.
        before: only entries with a number less than this.
        limit: the most to give.

    Returns:
        The entries, and the *before* with which to go on; None when there is nothing more. It may
        stand beside fewer entries than *limit*, even none: one call looks at a bounded part.

    Raises:
        StoreUnavailable: the store cannot answer.
    """
    above = store.journal_head()[0] + 1
    at = above if before is None else min(before, above)
    found: list[Entry] = []
    for _ in range(SCANNED_AT_ONCE // _PAGE):
        links, following = _page_before(store, wanted.entity, at)
        for link in links:
            entry = wanted.read(link)
            if entry is not None:
                found.append(entry)
                if len(found) >= limit:
                    return found, link.number if link.number > 1 else None
        if following is None:
            return found, None
        at = following
    return found, at


def _page_before(store: Store, entity: str | None, at: int) -> tuple[list[Link], int | None]:
    """Read a page of the entries before number *at*, newest first, and where the next begins."""
    if entity is not None:
        links = store.journal_of(entity, limit=_PAGE, before=at)
        return links[::-1], links[0].number if len(links) == _PAGE else None
    low = max(1, at - _PAGE)
    return store.journal(range(at - 1, low - 1, -1)), low if low > 1 else None


def walk(store: Store, wanted: Wanted) -> Iterator[Entry]:
    """Give every entry that is wanted and stored now, oldest first.

    Raises:
        StoreUnavailable: the store cannot answer.
    """
    last = store.journal_head()[0]
    if wanted.entity is not None:
        pages = iter([store.journal_of(wanted.entity, limit=last)])
    else:
        pages = (
            store.journal(range(begin, min(begin + _PAGE, last + 1)))
            for begin in range(1, last + 1, _PAGE)
        )
    for links in pages:
        for link in links:
            entry = wanted.read(link)
            if entry is not None:
                yield entry


def to_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """Give *entries* as lines of CSV (RFC 4180), names of columns first; each ends its line.

    A cell that a spreadsheet would take for a formula begins with an apostrophe instead.
    """
    yield csv_line(_COLUMNS)
    for entry in entries:
        said = entry.shown()
        who, origin = said["who"], said["from"]
        yield csv_line(
            (
                str(entry.number),
                *(said["at"], said["wall_at"], who["name"], who["role"], who["agency"]),
                *(origin["address"], origin["entrance"], said["action"]),
                *(said["id"] or "", said["reason"] or ""),
                *(orjson.dumps(said["changes"]).decode(), entry.hash),
            )
        )
