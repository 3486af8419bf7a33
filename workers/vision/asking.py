"""Ask a camera for its picture: bounded in time and destination, every failure in plain words.

Feeds are fetched whole by `workers.fetch`; a camera's answer may never end, and most cameras want
a user name and password by a challenge. No word here repeats an address: it may hold a password.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import httpx

from cop.model.sight import CameraState
from workers.transports import DEADLINE, user_agent
from workers.vision.frame import Unusable

_MOST_REDIRECTS: Final = 3
_WAIT_S: Final = 10.0
_REDIRECTS: Final = frozenset([301, 302, 303, 307, 308])
_OK: Final = frozenset([httpx.codes.OK, httpx.codes.NOT_MODIFIED])


def missing(why: str) -> Unusable:
    """Make what is raised when a camera gives no frame."""
    return Unusable(CameraState.MISSING, why)


class Asker:
    """Asks one address again and again; the transport belongs to whoever gave it."""

    def __init__(self, address: str, transport: httpx.BaseTransport, contact: str = "") -> None:
        """Ask at *address*; a user name and password in it are sent only when asked for."""
        url = httpx.URL(address)
        self._auth = _Challenged(url.username, url.password) if url.userinfo else None
        self._url = url.copy_with(userinfo=b"")
        self._client = httpx.Client(
            transport=transport,
            headers={
                "User-Agent": user_agent(contact),
                "Accept-Encoding": "identity",  # pictures are packed already
            },
            follow_redirects=False,
            trust_env=False,
        )

    @contextmanager
    def ask(self, headers: Mapping[str, str], deadline: float) -> Iterator[httpx.Response]:
        """Give the answer, 200 or 304, its body still to be read; closed afterwards.

        Redirects are followed on the same host alone. Errors while the body is read inside the
        block become Unusable as well.

        Args:
            headers: sent besides the usual ones.
            deadline: monotonic time at which all must be over.

        Raises:
            Unusable: the camera cannot be reached, or answers otherwise.
        """
        try:
            url = self._url
            for _ in range(_MOST_REDIRECTS + 1):
                with self._client.stream(
                    "GET",
                    url,
                    headers=headers,
                    auth=self._auth,
                    timeout=max(0.1, min(_WAIT_S, deadline - time.monotonic())),
                    extensions={DEADLINE: deadline},
                ) as response:
                    if response.status_code not in _REDIRECTS:
                        yield _accepted(response)
                        return
                    url = _followed(url, response)
        except httpx.TimeoutException as error:
            raise missing("the camera did not answer in time") from error
        except httpx.RemoteProtocolError as error:
            raise missing(
                "the camera broke off its answer, or answered in no proper way"
            ) from error
        except (httpx.TransportError, httpx.StreamError) as error:
            raise missing("the camera cannot be reached") from error
        raise missing("the camera's address redirects without end")

    def __repr__(self) -> str:
        """Say nothing of the address."""
        return "Asker()"


def bounded(response: httpx.Response, most: int, deadline: float) -> Iterator[bytes]:
    """Give the body piece by piece as it arrives, at most *most* bytes until *deadline*.

    Raises:
        Unusable: it is larger, takes longer, or is packed although that was not asked for.
    """
    packed = response.headers.get("content-encoding", "identity").strip().lower()
    if packed not in {"", "identity"}:
        raise Unusable(CameraState.BROKEN, "the camera packs its answer, which was not asked for")
    given = 0
    for chunk in response.iter_raw():
        given += len(chunk)
        if given > most:
            raise Unusable(CameraState.BROKEN, f"the camera gives more than {most:,} bytes")
        yield chunk
        if time.monotonic() >= deadline:
            raise missing("the camera took too long to give its picture")


class _Challenged(httpx.Auth):
    """Sends a password only to a camera that asks for it, and never in the clear if it need not."""

    def __init__(self, name: str, password: str) -> None:
        self._digest = httpx.DigestAuth(name, password)
        self._basic = httpx.BasicAuth(name, password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        response = yield request
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return
        offered = " ".join(response.headers.get_list("www-authenticate")).lower()
        if "digest" in offered:
            flow = self._digest.auth_flow(request)
            next(flow)  # the request as it was asked already
            yield flow.send(response)
        elif "basic" in offered:
            yield next(self._basic.auth_flow(request))


def _accepted(response: httpx.Response) -> httpx.Response:
    status = response.status_code
    if status in _OK:
        return response
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise missing(
            f"the camera does not let us in ({status}): look at the user name and password in"
            " source.url"
        )
    if status == httpx.codes.NOT_FOUND:
        raise missing("there is no picture at the camera's address (404): look at source.url")
    raise missing(f"the camera answered {status} {response.reason_phrase}".rstrip())


def _followed(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Give where *response* redirects to, on the same host."""
    target = url.join(response.headers.get("location", ""))
    upgraded = (url.scheme, url.port, target.scheme, target.port) == ("http", None, "https", None)
    same = (target.scheme, target.port) == (url.scheme, url.port)
    if target.host != url.host or target.userinfo or not (same or upgraded):
        raise missing("the camera redirects to another address: write that one in source.url")
    return target
