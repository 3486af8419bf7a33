"""Who may ask for which path: the one table. What is not in it does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from cop.model.access import Audience

READ_METHODS: Final = frozenset({"GET", "HEAD"})


class Access(Enum):
    """What a path asks of who asks."""

    OPEN = "open"  # the same for everybody; the session is not even looked at
    ANYBODY = "anybody"  # everybody, but what they get depends on who they are
    RESPONDER = "responder"
    COMMAND = "command"

    @property
    def least(self) -> Audience:
        """The audience that one must at least belong to."""
        if self in (Access.OPEN, Access.ANYBODY):
            return Audience.PUBLIC
        return Audience(self.value)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    Attributes:
        path: the exact path, or, where it ends in `/*`, everything below.
        access: what it asks.
        methods: the HTTP methods there are.
        page: read by people: whoever has not signed in is led to the sign-in page.
    """

    path: str
    access: Access
    methods: frozenset[str] = READ_METHODS
    page: bool = False

    def covers(self, path: str) -> bool:
        """Tell whether this row is about *path*."""
        if self.path.endswith("/*"):
            return path.startswith(self.path[:-1]) and len(path) >= len(self.path)
        return path == self.path


STREAM_PATH: Final = "/api/v1/stream"

RULES: Final[Sequence[Rule]] = (
    Rule("/", Access.OPEN, page=True),
    Rule("/sign-in", Access.OPEN, page=True),
    Rule("/healthz", Access.OPEN),
    Rule("/readyz", Access.OPEN),
    Rule("/openapi.json", Access.OPEN),
    Rule("/assets/*", Access.OPEN),
    Rule("/_favicon.ico", Access.OPEN),
    Rule("/_dash-component-suites/*", Access.OPEN),
    Rule("/api/v1/session", Access.ANYBODY, frozenset({"POST", "DELETE"})),
    Rule("/api/v1/me", Access.ANYBODY),
    Rule("/api/v1/picture", Access.ANYBODY),
    Rule("/api/v1/entities/*", Access.ANYBODY),
    Rule(STREAM_PATH, Access.ANYBODY, frozenset({"GET"})),
    Rule("/command", Access.RESPONDER, page=True),
    Rule("/_dash-layout", Access.RESPONDER),
    Rule("/_dash-dependencies", Access.RESPONDER),
    Rule("/_dash-update-component", Access.RESPONDER, frozenset({"POST"})),
    Rule("/_reload-hash", Access.RESPONDER),
)


def find_rule(path: str) -> Rule | None:
    """Give the rule for *path*; None when there is none, or the path is not in plain form."""
    if "//" in path or "\\" in path or "\0" in path or {".", ".."} & set(path.split("/")):
        return None
    return next((rule for rule in RULES if rule.covers(path)), None)
