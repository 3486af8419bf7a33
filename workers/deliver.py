"""Sending push messages: several at a time, each within a time, and telling what came of it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import httpx
import structlog

from cop.config import Settings
from cop.services.accounts import open_accounts
from cop.services.commands.desk import Desk
from cop.services.delivery.deliverer import Came, Deliverer, Job, Outcome, host_of
from cop.services.push import encrypt, headers_of
from cop.services.push_keys import PushKey, open_push_key
from cop.store.port import Store
from workers.transports import DEADLINE, open_guarded

log = structlog.get_logger(__name__)

AT_ONCE: Final = 16
BEGIN_WITHIN_S: Final = 12.0
"""After so long a run begins no more pushes; those that wait are due the next time."""
EACH_WITHIN_S: Final = 5.0
_HOST_FAILS: Final = 5
"""After failures for so many people in a run, and no success, a push service is not tried again
in it; what one of them gave as address says nothing about the others."""
_MOST_ANSWER: Final = 64 * 1024
_GONE: Final = frozenset({404, 410})


def open_deliverer(settings: Settings, store: Store) -> Deliverer | None:
    """Give what pushes for the operation of *settings*; None where no key is set up.

    Raises:
        Misconfigured: the key is none.
    """
    key = open_push_key(settings)
    if key is None:
        return None
    context = httpx.create_ssl_context()
    desk = Desk(store, open_accounts(settings), settings.clock(), settings)
    return Deliverer(desk, Sender(key, partial(open_guarded, context)))


class Sender:
    """Sends pushes; each of its threads keeps a transport, and its connections, of its own."""

    def __init__(
        self,
        key: PushKey,
        open_transport: Callable[[], httpx.BaseTransport],
        *,
        each_within_s: float = EACH_WITHIN_S,
    ) -> None:
        """Send under *key*, through what *open_transport* opens, each within some seconds."""
        self._key = key
        self._open = open_transport
        self._each_s = each_within_s
        self._own = threading.local()
        self._opened: list[httpx.BaseTransport] = []
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push")

    def __call__(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Send all *jobs*; those for which there is no time are given as skipped."""
        until = time.monotonic() + BEGIN_WITHIN_S
        hosts = _Hosts()
        return self._pool.map(lambda job: self._send(job, hosts, until), jobs)

    def _send(self, job: Job, hosts: _Hosts, until: float) -> Outcome:
        host = host_of(job.to)
        if time.monotonic() >= until or hosts.fails(host):
            return Outcome(job, Came.SKIPPED)
        try:
            outcome = self._push(job)
        except Exception as error:  # noqa: BLE001 - one phone must not keep it from all the others
            # What went wrong may quote the address, which nobody but the browser may know.
            log.error("push_failed", error=type(error).__name__)  # noqa: TRY400
            outcome = Outcome(job, Came.REFUSED)
        hosts.note(host, job.to.user, outcome.came)
        return outcome

    def _push(self, job: Job) -> Outcome:
        try:
            body = encrypt(job.message.encode(), p256dh=job.to.p256dh, auth=job.to.auth)
        except ValueError:  # keys that are none; they were checked when they were given
            return Outcome(job, Came.REFUSED)
        pauses = dict.fromkeys(("connect", "read", "write", "pool"), self._each_s)
        request = httpx.Request(
            "POST",
            job.to.endpoint,
            headers=headers_of(self._key, job.to, job.message),
            content=body,
            extensions={"timeout": pauses, DEADLINE: time.monotonic() + self._each_s},
        )
        try:
            answer = self._transport().handle_request(request)
            try:
                _read_out(answer)
            finally:
                answer.close()
        except httpx.HTTPError:
            return Outcome(job, Came.LATER)
        return Outcome(job, _came(answer.status_code), answer.status_code, _wait_s(answer))

    def _transport(self) -> httpx.BaseTransport:
        found: httpx.BaseTransport | None = getattr(self._own, "transport", None)
        if found is None:
            found = self._own.transport = self._open()
            self._opened.append(found)
        return found

    def close(self) -> None:
        """End the threads and their connections."""
        self._pool.shutdown()
        for transport in self._opened:
            transport.close()


class _Hosts:
    """How the push services do in one run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: defaultdict[str, set[str]] = defaultdict(set)
        self._good: set[str] = set()

    def note(self, host: str, user: str, came: Came) -> None:
        with self._lock:
            if came in (Came.TAKEN, Came.GONE):
                self._good.add(host)
            else:
                self._failed[host].add(user)

    def fails(self, host: str) -> bool:
        with self._lock:
            return host not in self._good and len(self._failed[host]) >= _HOST_FAILS


def _came(status: int) -> Came:
    if 200 <= status < 300:
        return Came.TAKEN
    if status in _GONE:
        return Came.GONE
    # A redirect is never followed: it would lead away from the hosts that are trusted.
    return Came.LATER if status == 429 or status >= 500 else Came.REFUSED


def _wait_s(answer: httpx.Response) -> int:
    """Give for how many seconds the push service asks to be left alone; 0 where it does not."""
    words = answer.headers.get("retry-after", "").strip()
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 8 else 0


def _read_out(answer: httpx.Response) -> None:
    """Read the body, so that the connection can be used again; one that is too long is left."""
    size = 0
    for part in answer.iter_raw():
        size += len(part)
        if size > _MOST_ANSWER:
            return
