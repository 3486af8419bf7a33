"""What is measured, in the form that Prometheus reads.

What happens in this process is counted as it happens; what stands in Redis or on disk is read when
somebody asks. No label holds a name, an address, an id or anything else of a person.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import structlog
from kombu.connection import Connection
from kombu.exceptions import OperationalError
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cop.config import Settings
from cop.errors import CopError, StoreUnavailable
from cop.model.entity import Kind
from cop.model.kinds import FeedStatus
from cop.services.broker import broker_options, broker_url
from cop.services.following import entity_of
from cop.services.journal_proof import anchors_file, last_anchor
from cop.services.publishing.paths import POINTER, public_root
from cop.services.replica import Replica
from cop.store.port import Store
from cop.store.vitals import look_at

log = structlog.get_logger(__name__)

Counts = Mapping[tuple[str, str], int]
"""Open streams by stream and audience."""

_FAST_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_CONNECT_S: Final = 2
_ROLES: Final = frozenset(
    {"web", "worker", "beat", "vision", "view", "exchange", "publisher", "cot"}
)
"""What processes mark themselves as; marks of hosts and layers stand beside theirs."""

COUNTED: Final = CollectorRegistry()
"""What this process counts as it happens, and what it takes of the machine."""

CHANGE_TO_VIEWER: Final = Histogram(
    "cop_change_to_viewer_seconds",
    "From a change's writing in Redis to its bytes' being handed to the sockets of all viewers.",
    registry=COUNTED,
    buckets=_FAST_S,
)
COMMANDS: Final = Histogram(
    "cop_command_seconds",
    "How long commands took, by what came of them.",
    ("command", "outcome"),
    registry=COUNTED,
    buckets=_FAST_S,
)
ProcessCollector(registry=COUNTED)


def note_change(cursor: str) -> None:
    """Note that the change with this cursor has been handed to everybody who looks."""
    written_ms = int(cursor.partition("-")[0])
    CHANGE_TO_VIEWER.observe(max(0.0, time.time() - written_ms / 1000))


@contextmanager
def timed_command(line: str) -> Iterator[None]:
    """Note how long the command of the route *line* took, and what it ended with."""
    begun, outcome = time.perf_counter(), "done"
    try:
        yield
    except CopError as error:
        outcome = type(error).__name__
        raise
    except Exception:
        outcome = "broken"
        raise
    finally:
        COMMANDS.labels(line, outcome).observe(time.perf_counter() - begun)


class Measured(Collector):
    """What is read when somebody asks: of the store, the broker, the disk and the replica."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        replica: Replica,
        queues: Iterable[str],
        viewers: Callable[[], Counts],
    ) -> None:
        """Read nothing yet; *queues* are those whose lengths are told."""
        self._settings = settings
        self._store = store
        self._replica = replica
        self._queues = tuple(queues)
        self._viewers = viewers

    def collect(self) -> Iterator[Metric]:
        """Give every figure that can be had now; what does not answer is left out, and said."""
        parts: dict[str, Callable[[], Iterable[Metric]]] = {
            "process": self._here,
            "redis": self._redis,
            "store": self._stored,
            "queues": self._waiting,
            "public": self._public,
        }
        missing = GaugeMetricFamily(
            "cop_scrape_part_failed", "1 where a part could not be read.", labels=["part"]
        )
        for name, part in parts.items():
            try:
                found = list(part())
            except (StoreUnavailable, OperationalError, OSError, ValueError):
                log.warning("metrics_part_failed", part=name)
                missing.add_metric([name], 1)
            else:
                missing.add_metric([name], 0)
                yield from found
        yield missing

    def _here(self) -> Iterator[Metric]:
        health = self._replica.health
        yield _gauge(
            "cop_replica_ready",
            "1 when this process serves the picture as it is now.",
            not self._replica.not_ready(),
        )
        yield _gauge(
            "cop_replica_lag_seconds",
            "From the last event's writing to its applying.",
            health.lag_ms / 1000,
        )
        up = GaugeMetricFamily("cop_part_up", "1 while a part says that it lives.", labels=["part"])
        for part in ("redis", "worker", "beat"):
            up.add_metric([part], getattr(health, part))
        for part in ("vision", "exchange"):  # missed only where there is something for them
            up.add_metric([part], part not in health.since)
        yield up
        viewers = GaugeMetricFamily(
            "cop_viewers", "Open streams of this process.", labels=["stream", "audience"]
        )
        for (stream, audience), count in sorted(self._viewers().items()):
            viewers.add_metric([stream, audience], count)
        yield viewers

    def _redis(self) -> Iterator[Metric]:
        if _in_memory(self._settings):
            return
        seen = look_at(self._settings.signed_in(self._settings.redis_url))
        figures = {
            "latency_seconds": ("How long a PING took.", seen.latency_s),
            "memory_bytes": ("Memory in use.", seen.used_bytes),
            "memory_limit_bytes": ("Memory that it may use; 0: no limit.", seen.most_bytes),
            "aof_enabled": ("1 when it keeps an append-only file.", seen.aof_on),
            "aof_good": ("1 when that file could be written the last time.", seen.aof_good),
            "aof_bytes": ("Size of that file.", seen.aof_bytes),
            "clients": ("Open connections.", seen.clients),
            "evicted_keys": ("Keys thrown away since its start; any is a loss.", seen.evicted),
            "replicas": ("Replicas that follow it.", seen.replicas),
            "replica_lag_bytes": ("How far the last of them is behind.", seen.replica_lag_bytes),
        }
        for name, (words, value) in figures.items():
            yield _gauge(f"cop_redis_{name}", words, value)

    def _stored(self) -> Iterator[Metric]:
        yield from self._feeds()
        number, _ = self._store.journal_head()
        yield _gauge("cop_journal_entries", "Number of the journal's last entry.", number)
        marks = Counter(name.partition(":")[0] for name in self._store.marks())
        alive = GaugeMetricFamily("cop_processes", "Processes that live.", labels=["role"])
        for role, count in sorted(marks.items()):
            if role.partition("-")[0] in _ROLES:  # vision-1: the second shard
                alive.add_metric([role], count)
        yield alive
        anchored = last_anchor(anchors_file(self._settings))
        if anchored is not None:  # the file lies with the worker: not every process has it
            behind = anchored.number != number
            age = (datetime.now(UTC) - anchored.at).total_seconds() if behind else 0.0
            yield _gauge(
                "cop_journal_unanchored_seconds",
                "Since when the journal has grown without an anchor; 0: it has not.",
                age,
            )

    def _feeds(self) -> Iterator[Metric]:
        now = self._replica.clock.now()
        families = {
            name: GaugeMetricFamily(f"cop_feed_{name}", words, labels=["feed"])
            for name, words in {
                "fetch_age_seconds": "Since the last usable payload.",
                "content_age_seconds": "Since the publisher's own time of that payload.",
                "stale_after_seconds": "The age at which it is stale.",
                "failures": "Polls that failed in a row.",
            }.items()
        }
        rows = GaugeMetricFamily(
            "cop_feed_rows", "Rows of the last usable payload.", labels=["feed", "outcome"]
        )
        for entity_id, record in sorted(self._store.by_kind(Kind.FEED_STATUS).items()):
            status, feed = entity_of(record), entity_id.partition(":")[2]
            if not isinstance(status, FeedStatus):
                continue
            for name, moment in (("fetch", status.fetched_at), ("content", status.content_at)):
                if moment is not None:
                    age = (now - moment).total_seconds()
                    families[f"{name}_age_seconds"].add_metric([feed], age)
            families["stale_after_seconds"].add_metric([feed], status.stale_after_s)
            families["failures"].add_metric([feed], status.failures)
            for outcome in ("taken", "ignored", "refused"):
                rows.add_metric([feed, outcome], getattr(status, outcome))
        yield from (*families.values(), rows)

    def _waiting(self) -> Iterator[Metric]:
        if _in_memory(self._settings):
            return
        lengths = GaugeMetricFamily("cop_queue_length", "Tasks that wait.", labels=["queue"])
        options = broker_options(self._settings)
        connection: Any = Connection(
            broker_url(self._settings), connect_timeout=_CONNECT_S, transport_options=options
        )  # type: ignore[no-untyped-call]
        with connection:
            connection.ensure_connection(max_retries=1, timeout=_CONNECT_S)
            channel = connection.default_channel
            for queue in self._queues:
                lengths.add_metric([queue], channel.client.llen(queue))
        yield lengths

    def _public(self) -> Iterator[Metric]:
        pointer = public_root(self._settings.data_dir) / POINTER
        if pointer.is_file():  # there is a public site, and this process hands it out
            made_at = datetime.fromisoformat(orjson.loads(pointer.read_bytes())["made_at"])
            age = (datetime.now(UTC) - made_at).total_seconds()
            yield _gauge("cop_public_age_seconds", "Since the public site was last true.", age)


def _in_memory(settings: Settings) -> bool:
    """Tell whether there is no Redis to ask: the store is in this process."""
    return not settings.redis_url or settings.redis_url.startswith("memory:")


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=float(value))
