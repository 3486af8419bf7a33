"""The line to one partner: requests to its installation, bounded in time, size and destination."""

from __future__ import annotations

import time
from typing import Any, Final

import httpx
import orjson

from cop.errors import FetchError, PayloadError
from cop.formats.payload import read_object
from cop.services.exchange.partners import PartnerPlan
from cop.services.exchange.taking import MOST_BYTES
from workers.transports import DEADLINE, user_agent

QUEUE: Final = "exchange"
"""Of the tasks that speak with partners: one that does not answer holds up nobody's feeds."""
WITHIN_S: Final = 20.0
"""For one request, in all."""
RUN_S: Final = 30.0
"""After so long a run asks for nothing more and sends nothing more."""
SOFT_LIMIT_S: Final = RUN_S + WITHIN_S + 15
"""After so long a run ends wherever it is: to look a name up may take longer than a request."""
LIMIT_S: Final = SOFT_LIMIT_S + 5
_MOST_PROBLEM: Final = 64 * 1024


class PartnerRefused(FetchError):
    """The partner's installation answered that it will not do what was asked.

    Attributes:
        status: of HTTP.
        code: its word for programs; "" where there is none.
    """

    def __init__(self, status: int, code: str, detail: str) -> None:
        """Keep all three."""
        super().__init__(
            f"they answered {status}: {detail}" if detail else f"they answered {status}"
        )
        self.status = status
        self.code = code

    @property
    def final(self) -> bool:
        """Whether the same request will get the same answer again."""
        return self.status in {400, 409, 413, 415, 422}


class Line:
    """Asks the installation of one partner, at the host of its file and nowhere else."""

    def __init__(
        self, plan: PartnerPlan, transport: httpx.BaseTransport, *, contact: str = ""
    ) -> None:
        """Speak by *transport*, which stays open.

        Raises:
            Misconfigured: there is no token.
        """
        self._base = plan.url.rstrip("/")
        self._transport = transport
        self._headers = {
            "Authorization": f"Bearer {plan.read_token()}",
            "User-Agent": user_agent(contact),
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # what is not compressed is as large as it says
        }

    def get(self, path: str, **params: str) -> bytes:
        """Give the body of the answer; raises FetchError."""
        return self._ask("GET", path, params=params)

    def post(self, path: str, body: Any, *, key: str) -> bytes:
        """Send *body* as JSON under an idempotency key; raises FetchError."""
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        return self._ask("POST", path, content=orjson.dumps(body), headers=headers)

    def _ask(self, method: str, path: str, **said: Any) -> bytes:
        deadline = time.monotonic() + WITHIN_S
        pauses = dict.fromkeys(("connect", "read", "write", "pool"), WITHIN_S)
        try:
            request = httpx.Request(
                method,
                f"{self._base}{path}",
                headers=self._headers | said.pop("headers", {}),
                extensions={"timeout": pauses, DEADLINE: deadline},
                **said,
            )
            answer = self._transport.handle_request(request)
            try:
                return _read(answer, deadline)
            finally:
                answer.close()
        except httpx.TimeoutException as error:
            raise FetchError("they did not answer in time") from error
        except httpx.TransportError as error:
            raise FetchError(f"they cannot be reached: {error}") from error
        except httpx.InvalidURL as error:
            raise FetchError("their address is none: see the partner's file") from error


def _read(answer: httpx.Response, deadline: float) -> bytes:
    good = answer.is_success
    most = MOST_BYTES if good else _MOST_PROBLEM
    if answer.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise FetchError("their answer is compressed, which was not asked for")
    body = bytearray()
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) > most:
            raise FetchError(f"their answer is larger than {most:,} bytes")
        if time.monotonic() >= deadline:
            raise FetchError("they did not answer in time")
    if good:
        return bytes(body)
    raise PartnerRefused(answer.status_code, *_problem(bytes(body)))


def _problem(body: bytes) -> tuple[str, str]:
    """Give code and detail of a problem; empty where it is none."""
    try:
        said = read_object(body)
    except PayloadError:
        return "", ""
    code, detail = said.get("code"), said.get("detail")
    return (
        code[:60] if isinstance(code, str) else "",
        detail[:300] if isinstance(detail, str) else "",
    )
