"""Every message of ours that was released, from the journal: the one record of what went out.

A file of a message alone proves nothing: one may lie there that was never released.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import structlog

from cop.config import Settings
from cop.errors import NotFound, PayloadError, StoreUnavailable
from cop.formats.cap import CapAlert, footprint, in_languages, read_alert
from cop.model.entity import Kind
from cop.model.geometry import Geometry
from cop.model.journal import Deed
from cop.model.record import Link
from cop.model.text import Text
from cop.services.exchange.originals import Originals
from cop.services.policy import Action
from cop.services.publishing.files import PublicFiles
from cop.services.publishing.paths import public_root
from cop.store.port import Store

log = structlog.get_logger(__name__)

LISTED_FOR: Final = timedelta(days=7)
"""So long after its end a message stays in the index."""

KEPT_FOR: Final = timedelta(days=365)
"""So long after its end the file of a message stays: others refer to it."""

_BATCH: Final = 500
_MOST_AT_ONCE: Final = 20_000
"""Entries of the journal in one look: the first one ever must not hold up the public site."""

_MEMORY: Final = ".kept/issued"
_MARK: Final = f'"{Action.RELEASE_ALERT.value}"'.encode()


def messages_of(store: Store, alert_id: str) -> list[str]:
    """List the SHA-256 of the messages of one of our alerts, the first one first."""
    return [digest for found, digest in _released(store.journal_of(alert_id)) if found == alert_id]


def _released(links: list[Link]) -> Iterator[tuple[str, str]]:
    """Give alert and SHA-256 of each message that these entries of the journal released."""
    for link in links:
        if _MARK not in link.body:
            continue
        try:
            deed = Deed.decode(link.body)
        except ValueError:  # written by another version of this program
            log.warning("deed_unreadable", number=link.number)
            continue
        if deed.action != Action.RELEASE_ALERT:
            continue
        for change in deed.changes:
            if change.kind is Kind.ALERT and isinstance(change.after.get("original"), str):
                yield change.id, change.after["original"]


@dataclass(frozen=True, slots=True)
class Issued:
    """One message that went out.

    Attributes:
        digest: its SHA-256, under which its bytes are kept.
        message: what it says.
        title, summary: in the languages that it has.
        geometry: where it holds.
        ends_at: until when it says that it holds.
    """

    digest: str
    message: CapAlert
    title: Text
    summary: Text
    geometry: Geometry | None
    ends_at: datetime

    @property
    def sent(self) -> datetime:
        """When it was sent."""
        assert self.message.sent is not None  # noqa: S101 - none is kept without
        return self.message.sent


class Ledger:
    """The released messages of one operation, for the one process that publishes."""

    def __init__(self, settings: Settings, store: Store) -> None:
        """Follow the journal in *store*; nothing is read before the first look."""
        self._settings = settings
        self._store = store
        self._originals = Originals(settings)
        self._files = PublicFiles(public_root(settings.data_dir))
        self._number, self._hash = 0, ""
        self._digests: dict[str, None] = {}
        self._known: dict[str, Issued] = {}
        self._loaded = False

    def look(self, now: datetime, made_at: datetime) -> list[Issued]:
        """Give the messages whose files are kept at *now*, the newest first.

        Where the store does not answer, those that are known; it never fails. What is remembered
        for the next start is true as of the real time *made_at*.
        """
        if not self._loaded:
            self._load()
        try:
            if self._follow():
                self._remember(made_at)
        except StoreUnavailable as error:
            log.warning("issued_not_read", reason=str(error))
        except OSError as error:
            log.warning("issued_not_remembered", reason=error.strerror)
        found = [one for digest in self._digests if (one := self._read(digest))]
        kept = [one for one in found if one.ends_at + KEPT_FOR > now]
        return sorted(kept, key=lambda one: (one.sent, one.message.identifier), reverse=True)

    def body(self, issued: Issued) -> bytes:
        """Give the bytes of a message as they were signed."""
        return self._originals.read(issued.digest)

    def _follow(self) -> bool:
        """Read on in the journal; tell whether there was anything."""
        last, _ = self._store.journal_head()
        if self._number and not self._is_same_journal(last):
            self._number, self._hash, self._digests = 0, "", {}
        begun = self._number
        while self._number < min(last, begun + _MOST_AT_ONCE):
            until = min(last, self._number + _BATCH)
            links = self._store.journal(range(self._number + 1, until + 1))
            self._digests |= dict.fromkeys(digest for _, digest in _released(links))
            self._number = until
            self._hash = links[-1].hash if links else ""
        return self._number != begun

    def _is_same_journal(self, last: int) -> bool:
        links = self._store.journal([self._number]) if self._number <= last else []
        return bool(links) and links[0].hash == self._hash

    def _read(self, digest: str) -> Issued | None:
        if digest not in self._known:
            try:
                message = read_alert(self._originals.read(digest))
            except (NotFound, PayloadError, OSError) as error:
                log.warning("issued_message_lost", digest=digest, reason=type(error).__name__)
                return None
            ends = [info.expires for info in message.infos if info.expires is not None]
            if message.sent is None:
                return None
            areas = [area for info in message.infos for area in info.areas]
            self._known[digest] = Issued(
                digest,
                message,
                in_languages(message.infos, "headline"),
                in_languages(message.infos, "description"),
                footprint(areas),
                max(ends, default=message.sent),
            )
        return self._known[digest]

    def _load(self) -> None:
        self._loaded = True
        try:
            kept: dict[str, Any] = orjson.loads(self._files.read(_MEMORY))
            if kept["operation"] == self._settings.operation:
                self._number, self._hash = int(kept["number"]), str(kept["hash"])
                self._digests = dict.fromkeys(str(one) for one in kept["digests"])
        except (OSError, ValueError, KeyError, TypeError):
            self._number, self._hash, self._digests = 0, "", {}

    def _remember(self, made_at: datetime) -> None:
        said = {
            "operation": self._settings.operation,
            "number": self._number,
            "hash": self._hash,
            "digests": list(self._digests),
        }
        self._files.write(_MEMORY, orjson.dumps(said), made_at)
