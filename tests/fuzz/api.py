"""`python -m tests.fuzz.api`: the HTTP API, asked as its own OpenAPI says and as it does not.

Every operation is asked by nobody and by each role in three ways: by a request that is done, where
they may; by the same with something in it changed; and by what Schemathesis makes of the schema,
fitting and not. It answers: never with an error of the server, and where it refuses, with what to
do. Which operations were done at least once, and by whom, is said.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import hypothesis
import requests
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from pydantic import SecretStr
from schemathesis import GenerationMode, openapi

from cop import log
from cop.api.rules import NUDGE_PATH, STREAM_PATH
from cop.services.policy import Role
from cop.services.push_keys import new_push_key
from tests.fuzz.good import Site, goods
from tests.fuzz.hostile import VALUES, mutated
from tests.integration.policy_site import (
    Sent,
    is_partners_door,
    policy_server,
    policy_tokens,
)

NOBODY: Final = "nobody"
WHO: Final = (NOBODY, *(role.value for role in Role))
WITHOUT: Final = {
    "GET /api/v1/stream": "a stream never ends; what it takes is tried by `python -m tests.fuzz`",
    "GET /api/v1/me/stream": "the same",
    "GET /api/v1/edxl/have.xml": "asks for the operator's own file of organisations",
    "GET /api/v1/layers/{id}/features": "nothing has been fetched from elsewhere",
    "GET /api/v1/layers/{id}/tiles/{z}/{x}/{y}.png": "would ask a map service elsewhere",
}
"""Operations that are never done here, and why."""
_NO_HTTP: Final = b"Invalid HTTP request received."
"""What the server itself says to a line that is none; the application never hears of it."""
_LONGEST_S: Final = 45
_LARGEST: Final = 200_000
_HEADERS: Final = ("If-Match", "Idempotency-Key", "Accept-Language", "If-None-Match", "Accept")


@dataclass(slots=True)
class Asked:
    """What came of it.

    Attributes:
        answers: how many, by status.
        faults: what is wrong with the answer, and how it was asked for; one for each place.
        done: who had it done, by operation; of operations never done, nobody.
        slowest_s: the longest that one took, and which.
        left: operations that were left out because the time was over.
    """

    answers: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    faults: dict[str, str] = field(default_factory=dict)
    done: dict[str, set[str]] = field(default_factory=dict)
    slowest_s: tuple[float, str] = (0.0, "")
    left: int = 0

    def never(self) -> list[str]:
        """List operations that nobody had done, but for those of `WITHOUT`."""
        return sorted(line for line, who in self.done.items() if not who and line not in WITHOUT)


class Askers:
    """Somebody of each role, who signs in again where a request has ended that."""

    def __init__(self, site: Site) -> None:
        """Take the site that they ask."""
        self._site = site
        self._tokens = policy_tokens(site.server)
        self._sessions: dict[str, requests.Session] = {}

    def ask(self, who: str, sent: Sent) -> requests.Response:
        """Send one request as *who*; of a stream, only until it begins."""
        headers = {"Origin": self._site.server.url, **sent.headers}
        path = sent.path.partition("?")[0]
        if who == Role.MACHINE.value:
            headers["Authorization"] = f"Bearer {self._tokens[is_partners_door(path)]}"
        session = self._session(who)
        answer = session.request(
            sent.method,
            f"{self._site.server.url}{sent.path}",
            data=sent.body,
            headers={name: _latin(value) for name, value in headers.items()},
            timeout=_LONGEST_S,
            allow_redirects=False,
            stream=path in {STREAM_PATH, NUDGE_PATH},
        )
        if answer.status_code >= 400:
            assert answer.content is not None  # reads it, of a stream that was refused
        elif path in {STREAM_PATH, NUDGE_PATH}:
            answer.close()
        ended = answer.status_code == 401 or "session" in path or path.endswith("/password")
        if ended and who not in {NOBODY, Role.MACHINE.value}:
            self._sessions.pop(who).close()
        elif ended and who == Role.MACHINE.value:
            self._tokens = policy_tokens(self._site.server)
        return answer

    def _session(self, who: str) -> requests.Session:
        if who not in self._sessions:
            session = requests.Session()
            session.trust_env = False
            if who not in {NOBODY, Role.MACHINE.value}:
                session.cookies.update(self._site.sign_in(who))
            self._sessions[who] = session
        return self._sessions[who]


def _latin(value: str) -> bytes:
    return value.encode("utf-8", "replace").replace(b"\r", b" ").replace(b"\n", b" ").strip()


def ask(site: Site, seed: int, each: int, *, ends: float = float("inf"), only: str = "") -> Asked:
    """Ask every operation as everybody.

    Args:
        site: what is asked.
        seed: of all values.
        each: how many changed requests for each operation, and as many of either sort made of the
            schema.
        ends: the monotonic time at which to leave it.
        only: the beginning of the operations to be asked.
    """
    asked, askers = Asked(), Askers(site)
    document = requests.get(f"{site.server.url}/openapi.json", timeout=_LONGEST_S).json()
    for result in openapi.from_dict(document).get_all_operations():
        operation = result.ok()
        line = f"{operation.method.upper()} {operation.path}"
        if time.monotonic() > ends:
            asked.left += 1
        elif line.startswith(only):
            asked.done[line] = set()
            one = _Operation(site, askers, asked, line)
            one.well()
            one.changed(random.Random(f"{seed}:{line}"), each)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                if line.partition(" ")[2] not in {STREAM_PATH, NUDGE_PATH}:
                    one.by_schema(operation, mode, seed=seed, each=each)
    return asked


@dataclass(frozen=True, slots=True)
class _Operation:
    """One operation being asked for."""

    site: Site
    askers: Askers
    asked: Asked
    line: str

    def well(self) -> None:
        """Ask so that it is done, as everybody."""
        for who in WHO:
            for sent in self._goods(who):
                if self._ask(who, sent, "well") < 300:
                    self.asked.done[self.line].add(who)

    def _goods(self, who: str) -> Iterator[Sent]:
        method, _, path = self.line.partition(" ")
        for make in goods(method, path):
            yield make(self.site, Role.VIEWER if who == NOBODY else Role(who))

    def changed(self, chance: random.Random, each: int) -> None:
        """Ask with something changed, mostly as somebody who had it done."""
        able = sorted(self.asked.done[self.line]) or list(WHO)
        for _ in range(each):
            who = chance.choice(able if chance.random() < 0.8 else list(WHO))
            sent = chance.choice(list(self._goods(who)))
            self._ask(who, _changed(sent, chance), "changed")

    def by_schema(self, operation: Any, mode: GenerationMode, *, seed: int, each: int) -> None:
        """Ask as the schema says, or as it does not."""

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=each,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(
            case=operation.as_strategy(generation_mode=mode), who=st.sampled_from(WHO)
        )
        def try_them(case: Any, who: str) -> None:
            made = requests.Request(
                **case.as_transport_kwargs(base_url=self.site.server.url)
            ).prepare()
            path = (made.url or "").removeprefix(self.site.server.url)
            said = {str(name): _text(value) for name, value in made.headers.items()}
            said.pop("Content-Length", None)
            sent = Sent(str(made.method), path, said, made.body or b"")  # type: ignore[arg-type]
            if self._ask(who, sent, mode.value) < 300:
                self.asked.done[self.line].add(who)

        with contextlib.suppress(hypothesis.errors.Unsatisfiable):  # nothing can be wrong about it
            try_them()

    def _ask(self, who: str, sent: Sent, way: str) -> int:
        began = time.perf_counter()
        answer = self.askers.ask(who, sent)
        took = time.perf_counter() - began
        self.asked.slowest_s = max(self.asked.slowest_s, (took, self.line))
        self.asked.answers[answer.status_code] += 1
        wrong = _wrong(answer, sent.path)
        if wrong:
            self.asked.faults.setdefault(
                f"{self.line} as {who}, {way}: {wrong}",
                f"{sent.method} {sent.path} {dict(sent.headers)} {sent.body[:2_000]!r}",
            )
        return int(answer.status_code)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _changed(sent: Sent, chance: random.Random) -> Sent:
    """Change the body, a header, the query or the path of a request."""
    odd = chance.choice(VALUES)[:2_000]
    way = chance.randrange(5)
    if sent.body and way < 3:
        return Sent(
            sent.method, sent.path, sent.headers, mutated(sent.body, [sent.body], chance)[:_LARGEST]
        )
    if way == 3:
        name = chance.choice(_HEADERS)
        return Sent(
            sent.method, sent.path, {**sent.headers, name: odd.decode("latin-1")}, sent.body
        )
    path, _, query = sent.path.partition("?")
    if chance.random() < 0.5:
        name = chance.choice(("bbox", "limit", "after", "q", "lang", "f", "filter", "datetime"))
        query = f"{query}&{name}={quote(odd)}".strip("&")
    else:
        parts = path.split("/")
        parts[chance.randrange(3, len(parts)) if len(parts) > 3 else -1] = quote(odd, safe="")
        path = "/".join(parts)
    return Sent(sent.method, f"{path}?{query}", sent.headers, sent.body)


def _wrong(answer: requests.Response, path: str) -> str:
    """Tell what is wrong with an answer to *path*; "" where nothing is."""
    status = answer.status_code
    if status >= 500 and (status != 503 or "retry-after" not in answer.headers):
        return f"{status}: {answer.content[:200]!r}"
    if answer.content == _NO_HTTP:
        return ""
    if status < 400 or not path.startswith("/api/") or answer.request.method == "HEAD":
        return ""
    if answer.headers.get("content-type") != "application/problem+json":
        return f"{status} as {answer.headers.get('content-type')}"
    return "" if answer.json().get("detail") else f"{status} says nothing"


@contextlib.contextmanager
def with_everybody() -> Iterator[Site]:
    """Run a web process with somebody of each role, two partners and cameras that are seen."""
    push = {"push_key": SecretStr(new_push_key()[0]), "push_contact": "mailto:a@example.hk"}
    with (
        tempfile.TemporaryDirectory(prefix="cop-fuzz-") as folder,
        policy_server(Path(folder), **push) as server,
    ):
        yield Site(server)


def main() -> int:
    """Run what was asked for; 1 where an answer was wrong, or an operation was never done."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.api", description=__doc__)
    parser.add_argument("--each", type=int, default=60, help="inputs of each way, for an operation")
    parser.add_argument("--minutes", type=float, default=10.0, help="the most that it may take")
    parser.add_argument("--seed", type=int, default=None, help="of an earlier run")
    parser.add_argument("--only", default="", help="how the operations begin, for example 'GET /o'")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(1_000_000) if given.seed is None else given.seed
    sys.stdout.write(f"seed {seed}\n")
    log.configure(level=logging.ERROR)  # that something is refused is what is looked for
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    ends = time.monotonic() + 60 * given.minutes
    with with_everybody() as site:
        asked = ask(site, seed, given.each, ends=ends, only=given.only)
    return _say(asked, seed)


def _say(asked: Asked, seed: int) -> int:
    for name, again in asked.faults.items():
        sys.stdout.write(f"FAULT {name}\n  {again}\n")
    for who in WHO:
        count = sum(who in found for found in asked.done.values())
        sys.stdout.write(f"done as {who:<14} {count:>4} of {len(asked.done)} operations\n")
    for line in asked.never():
        sys.stdout.write(f"NEVER DONE {line}\n")
    for line in sorted(set(WITHOUT) & set(asked.done)):
        sys.stdout.write(f"not done here: {line}: {WITHOUT[line]}\n")
    seconds, line = asked.slowest_s
    said = ", ".join(f"{status}: {count:,}" for status, count in sorted(asked.answers.items()))
    reached = sum(bool(found) for found in asked.done.values())
    sys.stdout.write(
        f"seed {seed}: {sum(asked.answers.values()):,} requests, {len(asked.faults)} faults;"
        f" {reached} of {len(asked.done)} operations done; slowest {seconds:.2f} s ({line});"
        f" {said}\n"
    )
    if asked.left:
        sys.stdout.write(f"the time was over before {asked.left} operations: give --minutes\n")
    return int(bool(asked.faults or asked.never() or asked.left))


if __name__ == "__main__":
    sys.exit(main())
