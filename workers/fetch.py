"""Fetch one document: bounded in time, size and destination, every failure in plain words."""

from __future__ import annotations

import hashlib
import random
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import httpx

from cop.errors import FetchError
from workers.backoff import Backoff
from workers.feed import Feed, Source
from workers.transports import DEADLINE, LEGACY_TLS, user_agent

_TRIES: Final = 2
_MOST_REDIRECTS: Final = 3
_WAIT_S: Final = 10.0
_REDIRECTS: Final = frozenset([301, 302, 303, 307, 308])


@dataclass(frozen=True, slots=True)
class Validators:
    """What a publisher wants to hear again to say "not modified"."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it came.

    Attributes:
        body: decoded bytes; None when the publisher says that it has not changed.
        validators: for the next request.
    """

    body: bytes | None
    validators: Validators

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the body, hexadecimal; "" when it has not changed."""
        return "" if self.body is None else hashlib.sha256(self.body).hexdigest()


class _Retry(Exception):
    """Failed in a way that another try may mend; holds what to say if it does not."""


class Fetcher:
    """Fetches the documents of one feed during one poll."""

    def __init__(
        self,
        feed: Feed,
        transport: httpx.BaseTransport,
        backoff: Backoff,
        *,
        contact: str = "",
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        """Ask only hosts that the *feed* names; the transport stays open."""
        self._feed = feed
        named = [httpx.URL(_bare(source.url)) for source in feed.sources]
        self._hosts = frozenset({*(url.host for url in named), *feed.hosts})
        self._ports = frozenset({None, *(url.port for url in named)})
        self._backoff = backoff
        self._sleep = sleep or time.sleep
        self._client = httpx.Client(
            transport=_Lent(transport),
            headers={"User-Agent": user_agent(contact), "Accept-Encoding": "gzip"},
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        """Begin a poll."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the poll."""
        self._client.close()

    def fetch(self, source: Source, url: str, known: Validators | None = None) -> Document:
        """Fetch *source* at *url*; with *known*, only if it has changed since.

        Raises:
            FetchError: it could not be had; the message says why.
        """
        host = httpx.URL(url).host
        self._backoff.check(host)
        deadline = time.monotonic() + self._feed.timeout.total_seconds()
        for attempt in range(1, _TRIES + 1):
            try:
                document = self._follow(source, url, known, deadline)
            except _Retry as error:
                if attempt == _TRIES or time.monotonic() >= deadline:
                    self._backoff.failed(host)
                    raise FetchError(str(error)) from error
                self._sleep(random.uniform(0.2, 1.0))  # noqa: S311 - jitter, not a secret
            else:
                self._backoff.succeeded(host)
                return document
        raise AssertionError("the last attempt returns or raises")

    def _follow(
        self, source: Source, url: str, known: Validators | None, deadline: float
    ) -> Document:
        """Ask, going along with redirects inside the feed's own hosts."""
        target = httpx.URL(url)
        self._allow(target)
        for _ in range(_MOST_REDIRECTS + 1):
            found = self._ask(source, target, known, deadline)
            if isinstance(found, Document):
                return found
            if target.scheme == "https" and found.scheme != "https":
                raise FetchError(f"{target.host} redirects to an unprotected address")
            self._allow(found)
            target = found
        raise FetchError(f"{target.host} redirects without end")

    def _allow(self, url: httpx.URL) -> None:
        if url.scheme not in {"http", "https"} or url.host not in self._hosts or url.userinfo:
            raise FetchError(
                f"the address {url.scheme}://{url.host} is not one of this feed's:"
                f" {', '.join(sorted(self._hosts))}"
            )
        if url.port not in self._ports:  # None: the usual one
            raise FetchError(f"port {url.port} of {url.host} is not one of this feed's")

    def _ask(
        self, source: Source, url: httpx.URL, known: Validators | None, deadline: float
    ) -> Document | httpx.URL:
        headers = dict(source.headers)
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        left = max(0.1, min(_WAIT_S, deadline - time.monotonic()))
        try:
            with self._client.stream(
                "GET",
                url,
                headers=headers,
                timeout=left,
                extensions={DEADLINE: deadline, LEGACY_TLS: source.legacy_tls},
            ) as response:
                return self._take(response, url, known, deadline)
        except httpx.TimeoutException as error:
            raise _Retry(f"{url.host} did not answer in time") from error
        except httpx.RemoteProtocolError as error:
            raise _Retry(f"{url.host} broke off its answer: {error}") from error
        except httpx.TransportError as error:
            raise _Retry(f"{url.host} cannot be reached: {error}") from error
        except httpx.InvalidURL as error:
            raise FetchError(f"{url.host} redirects to something that is no address") from error

    def _take(
        self, response: httpx.Response, url: httpx.URL, known: Validators | None, deadline: float
    ) -> Document | httpx.URL:
        status = response.status_code
        if status in _REDIRECTS:
            return url.join(response.headers.get("location", ""))
        if status == httpx.codes.NOT_MODIFIED and known is not None:
            return Document(None, _validators(response, known))
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _Retry(f"{url.host} answered {status} {response.reason_phrase}".rstrip())
        if status == httpx.codes.TOO_MANY_REQUESTS:
            self._backoff.failed(url.host)
        if status != httpx.codes.OK:
            raise FetchError(f"{url.host} answered {status} {response.reason_phrase}".rstrip())
        body = bytearray()
        for chunk in _decoded(response, self._feed.max_bytes):
            body += chunk
            if len(body) > self._feed.max_bytes:
                raise FetchError(f"the document is larger than {self._feed.max_bytes:,} bytes")
            if time.monotonic() >= deadline:
                raise _Retry(
                    f"{url.host} took longer than {self._feed.timeout.total_seconds():g} s"
                )
        return Document(bytes(body), _validators(response, Validators()))


class _Lent(httpx.BaseTransport):
    """A transport that outlives the client which uses it: its connections are kept."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transport.handle_request(request)


def _validators(response: httpx.Response, before: Validators) -> Validators:
    return Validators(
        response.headers.get("etag", before.etag)[:500],
        response.headers.get("last-modified", before.last_modified)[:100],
    )


def _decoded(response: httpx.Response, most: int) -> Iterator[bytes]:
    """Give the body decoded, never much more than *most* bytes of it at a time.

    httpx would inflate a whole chunk at once: 64 KiB of a gzip bomb become 64 MiB.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        yield from response.iter_raw()
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(f"the document is encoded as {encoding[:40]!r}, which was not asked for")
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        for chunk in response.iter_raw():
            yield inflate.decompress(chunk, most + 1)  # what it leaves over is past the limit
    except zlib.error as error:
        raise FetchError(f"the document's compression is damaged: {error}") from error
    if not inflate.eof:
        raise FetchError("the document broke off in the middle of its compression")


def _bare(url: str) -> str:
    """Give the part of a source's address that holds no date: scheme and host."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
