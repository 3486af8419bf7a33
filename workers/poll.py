"""Poll one feed: fetch, parse, bring onto the picture, and keep its status whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import httpx
import structlog

from cop.clock import Clock
from cop.errors import FeedError, FetchError, StoreUnavailable
from cop.model.entity import Entity
from cop.model.kinds import FeedState, decode
from cop.services.exchange.originals import Originals
from cop.services.feed_status import read_standing
from cop.services.ingest import Ingested, Parsed, Promise, fail, ingest, unchanged
from cop.store.port import Store
from workers.backoff import Backoff
from workers.collect import collect, follow
from workers.feed import Feed, Payload, Poll, Source
from workers.fetch import Document, Fetcher
from workers.memory import Memory, Remembered
from workers.pace import dated, promise_of
from workers.reference import Reference

log = structlog.get_logger(__name__)

_LOCK_SLACK_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one poll.

    Attributes:
        feed: key of the feed.
        ingested: what changed on the picture; None when nothing was parsed.
        reason: why the poll gave nothing usable; "" when it did.
        skipped: another worker was polling the same feed.
    """

    feed: str
    ingested: Ingested | None = None
    reason: str = ""
    skipped: bool = False

    @property
    def usable(self) -> bool:
        """Tell whether the picture is now as new as the publisher's."""
        return not self.reason and not self.skipped

    def sentence(self) -> str:
        """Say it in one line."""
        if self.skipped:
            return f"{self.feed}: another poll of this feed is under way; nothing was done"
        if self.reason:
            return f"{self.feed}: failed: {self.reason}"
        if self.ingested is None:
            return f"{self.feed}: unchanged"
        done = self.ingested
        return f"{self.feed}: put {done.put}, removed {done.removed}, same {done.same}"


@dataclass(frozen=True, slots=True)
class _Round:
    """The documents of one poll.

    Attributes:
        documents: address to document, of all that arrived.
        payloads: their bodies, in the order of the sources; short where one has not changed.
        missing: what did not arrive and may be missing, in words.
    """

    documents: dict[str, Document]
    payloads: tuple[Payload, ...]
    missing: tuple[str, ...]


def poll_feed(
    store: Store,
    feed: Feed,
    *,
    clock: Clock,
    transport: httpx.BaseTransport,
    contact: str = "",
    sleep: Callable[[float], None] | None = None,
    originals: Originals | None = None,
) -> Outcome:
    """Poll *feed* once and bring what it says onto the picture.

    A poll that gives nothing usable changes no entity, only the feed's status. Two polls of one
    feed do not overlap: the later one is skipped. The lock is short, so that a worker that was
    killed does not keep its feed from being polled; a poll that outlasts it costs work, no truth.
    Messages are kept in *originals*, where that is given, before they are on the picture.

    Raises:
        StoreUnavailable: the store cannot answer.
    """
    held_s = 2 * feed.timeout.total_seconds() + _LOCK_SLACK_S
    token = store.lock(f"poll:{feed.key}", ttl_ms=int(held_s * 1000))
    if token is None:
        return Outcome(feed.key, skipped=True)
    promise = promise_of(feed, clock.speed)
    before = _state(store, feed.key)
    try:
        backoff = Backoff(store, speed=clock.speed)
        with Fetcher(feed, transport, backoff, contact=contact, sleep=sleep) as fetcher:
            polling = _Polling(store, feed, promise, clock, fetcher, before=before)
            done = polling.run(originals)
    except FeedError as error:
        fail(store, promise, str(error), checked_at=clock.now())
        if before is not FeedState.FAILING:
            log.warning("feed_down", feed=feed.key, reason=str(error))
        return Outcome(feed.key, reason=str(error))
    finally:
        store.unlock(f"poll:{feed.key}", token)
    if before is FeedState.FAILING:
        log.info("feed_back", feed=feed.key)
    return Outcome(feed.key, ingested=done)


class _Polling:
    """One poll under its lock."""

    def __init__(
        self,
        store: Store,
        feed: Feed,
        promise: Promise,
        clock: Clock,
        fetcher: Fetcher,
        *,
        before: FeedState,
    ) -> None:
        self._store = store
        self._feed = feed
        self._promise = promise
        self._fetcher = fetcher
        self._before = before
        self._now = clock.now()
        self._clock = clock
        self._memory = Memory(store, feed)
        self._reference = Reference(store, feed)

    def run(self, originals: Originals | None) -> Ingested | None:
        """Fetch and ingest; None when the publisher has nothing new to say."""
        known = self._memory.recall(self._now, self._reference.digests)
        found = self._fetch(known)
        settled = not found.missing or self._before is FeedState.DEGRADED
        if known is not None and settled and known.is_same(found.documents):
            unchanged(self._store, self._promise, checked_at=self._clock.now())
            return None
        if any(document.body is None for document in found.documents.values()):
            found = self._fetch(None)  # some changed: the others are needed whole
        before = _own(self._store, self._feed)
        noted = self._store.read_table(_notes(self._feed)) if self._feed.recalls else None
        poll = Poll(self._clock.now(), found.payloads, self._reference.tables, before, noted or b"")
        parsed = collect(self._feed, poll)
        unkept = _keep(originals, parsed)
        ingested = ingest(
            self._store,
            self._promise,
            parsed,
            checked_at=self._clock.now(),
            degraded="; ".join([*found.missing, *unkept]),
        )
        if parsed.noted is not None and parsed.noted != noted:
            self._store.write_table(_notes(self._feed), parsed.noted)
        if not ingested.kept:  # what was kept in doubt is to be looked at again
            self._memory.keep(self._now, self._reference.digests, found.documents)
        return ingested

    def _fetch(self, known: Remembered | None) -> _Round:
        """Fetch both rounds; where *known* is given, only what has changed since."""
        first = self._fetch_all(self._feed.sources, known)
        if self._feed.follow is None:
            return first
        if any(document.body is None for document in first.documents.values()):
            first = self._fetch_all(self._feed.sources, None)
        named = Poll(self._now, first.payloads, self._reference.tables)
        second = self._fetch_all(follow(self._feed, named), known)
        return _Round(
            first.documents | second.documents,
            first.payloads + second.payloads,
            first.missing + second.missing,
        )

    def _fetch_all(self, sources: Iterable[Source], known: Remembered | None) -> _Round:
        sources = tuple(sources)
        documents: dict[str, Document] = {}
        payloads: list[Payload] = []
        failures: list[tuple[Source, FetchError]] = []
        for source in sources:
            url = dated(source.url, self._now)
            try:
                document = self._fetcher.fetch(
                    source, url, known.validators(url) if known else None
                )
            except FetchError as error:
                failures.append((source, error))
                continue
            documents[url] = document
            if document.body is not None:
                payloads.append(Payload(source, document.body))
        arrived = {s.name for s in sources if dated(s.url, self._now) in documents}
        for source, failure in failures:
            if not arrived or (source.name not in arrived and not source.optional):
                raise failure
        missing = tuple(f"{_describe(source)}: {failure}" for source, failure in failures)
        return _Round(documents, tuple(payloads), missing)


def _describe(source: Source) -> str:
    return f"{source.name} ({source.lang})" if source.lang else source.name


def _notes(feed: Feed) -> str:
    return f"noted:{feed.key}"


def _keep(originals: Originals | None, parsed: Parsed) -> tuple[str, ...]:
    """Keep the messages as they came; say which could not be: what they say goes on regardless."""
    if originals is None:
        return ()
    failed = []
    for body in parsed.originals:
        try:
            originals.keep(body)
        except (OSError, StoreUnavailable, ValueError) as error:
            failed.append(f"a message could not be kept as it came: {error}")
    return tuple(dict.fromkeys(failed))


def _state(store: Store, key: str) -> FeedState:
    """Read how the feed did when it was last polled."""
    status = read_standing(store, key).status
    return FeedState.NEVER if status is None else status.state


def _own(store: Store, feed: Feed) -> dict[str, Entity]:
    """Read what *feed* has on the picture, for a parser that recalls it."""
    own: dict[str, Entity] = {}
    for name, record in store.by_feed(feed.key).items() if feed.recalls else ():
        try:
            own[name] = decode(record.body)
        except ValueError:  # written by another version of this program
            log.warning("entity_unreadable", feed=feed.key, id=name)
    return own
