"""What the last usable poll of a feed brought, so that the same need not be parsed again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from sys import modules
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from cop.store.port import Store
from workers.feed import Feed
from workers.fetch import Document, Validators

PARSED_AGAIN_AFTER: Final = timedelta(minutes=15)
"""A parser looks at the time of the poll too: what begins or ends with it needs a fresh look."""


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    etag: str
    last_modified: str
    digest: str


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    recipe: str
    parsed_at: AwareDatetime
    tables: dict[str, str]
    documents: dict[str, _Known]


@dataclass(frozen=True, slots=True)
class Remembered:
    """The documents of the last usable poll, by address."""

    documents: Mapping[str, _Known]

    def validators(self, url: str) -> Validators | None:
        """Give what to send to learn whether *url* has changed; None when it is not known."""
        known = self.documents.get(url)
        if known is None or not (known.etag or known.last_modified):
            return None
        return Validators(known.etag, known.last_modified)

    def is_same(self, documents: Mapping[str, Document]) -> bool:
        """Tell whether *documents* are exactly those, none changed, gone or new."""
        return documents.keys() == self.documents.keys() and all(
            document.body is None or document.digest == self.documents[url].digest
            for url, document in documents.items()
        )


class Memory:
    """The memory of one feed, kept in the store as the table `http:<feed>`, shared by workers.

    It lies beside the picture that it speaks of: when a store is emptied, both are gone. It is
    kept only after the poll has reached the picture, and forgotten when the feed's recipe changes.
    """

    def __init__(self, store: Store, feed: Feed) -> None:
        """Remember for *feed* in *store*."""
        self._store = store
        self._name = f"http:{feed.key}"
        self._recipe = _recipe(feed.parse.__module__) + feed.setup

    def recall(self, now: datetime, tables: Mapping[str, str]) -> Remembered | None:
        """Give what the last usable poll brought, unless it must be parsed again anyway."""
        body = self._store.read_table(self._name)
        if body is None:
            return None
        try:
            kept = _Kept.model_validate_json(body)
        except ValidationError:  # written by another version
            return None
        aged = not timedelta(0) <= now - kept.parsed_at < PARSED_AGAIN_AFTER
        if aged or kept.recipe != self._recipe or kept.tables != dict(tables):
            return None
        return Remembered(kept.documents)

    def keep(
        self, now: datetime, tables: Mapping[str, str], documents: Mapping[str, Document]
    ) -> None:
        """Remember the *documents* that have reached the picture."""
        kept = _Kept(
            recipe=self._recipe,
            parsed_at=now,
            tables=dict(tables),
            documents={
                url: _Known(
                    etag=document.validators.etag,
                    last_modified=document.validators.last_modified,
                    digest=document.digest,
                )
                for url, document in documents.items()
            },
        )
        self._store.write_table(self._name, kept.model_dump_json().encode())


@cache
def _recipe(module: str) -> str:
    """Tell one version of a feed's code from another."""
    file = getattr(modules.get(module), "__file__", None)
    source = Path(file).read_bytes() if file else b""
    return hashlib.sha256(version("cop").encode() + source).hexdigest()[:16]
