"""Who may ask for which path: the one table. What is not in it does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from cop.model.access import Audience
from cop.services.commands.registry import find_commands
from cop.services.exchange.originals import MOST_BYTES as MOST_DOCUMENT_BYTES
from cop.services.publishing.paths import LANG_PATHS
from cop.services.uploads import PIECE_BYTES

READ_METHODS: Final = frozenset({"GET", "HEAD"})
SHARED_METHODS: Final = READ_METHODS | {"OPTIONS"}
"""Of what pages of other sites may read: browsers ask first, by OPTIONS."""

JSON: Final = frozenset({"application/json"})
MOST_BODY_BYTES: Final = 1024 * 1024
XML: Final = frozenset(
    {"application/xml", "text/xml", "application/cap+xml", "application/edxl+xml"}
)
IMAGES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
MOST_IMAGE_BYTES: Final = 8 * 1024 * 1024
MOST_MESSAGE_BYTES: Final = 6 * 1024 * 1024
"""Of a partner's message: the largest document that is kept, in base64."""


class Access(Enum):
    """What a path asks of who asks."""

    OPEN = "open"  # the same for everybody; the session is not even looked at
    ANYBODY = "anybody"  # everybody, but what they get depends on who they are
    SIGNED_IN = "signed_in"  # whoever has signed in; a machine may do what it may not see
    RESPONDER = "responder"
    COMMAND = "command"

    @property
    def least(self) -> Audience:
        """The audience that one must at least belong to."""
        if self in (Access.OPEN, Access.ANYBODY, Access.SIGNED_IN):
            return Audience.PUBLIC
        return Audience(self.value)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    Attributes:
        path: the exact path; where it ends in `/*`, everything below; `{…}` stands for any one
            part of it.
        access: what it asks.
        methods: the HTTP methods there are.
        page: read by people: whoever has not signed in is led to the sign-in page.
        media_types: what a body may be.
        most_bytes: the largest body.
        body_s: seconds in which it must arrive.
        framed: may stand in a frame on anybody's page.
    """

    path: str
    access: Access
    methods: frozenset[str] = READ_METHODS
    page: bool = False
    media_types: frozenset[str] = JSON
    most_bytes: int = MOST_BODY_BYTES
    body_s: float = 15.0
    framed: bool = False

    def covers(self, path: str) -> bool:
        """Tell whether this row is about *path*."""
        if self.path.endswith("/*"):
            return path.startswith(self.path[:-1]) and len(path) >= len(self.path)
        if "{" not in self.path:
            return path == self.path
        mine, asked = self.path.split("/"), path.split("/")
        return len(mine) == len(asked) and all(
            part == given or (part.startswith("{") and given != "")
            for part, given in zip(mine, asked, strict=True)
        )


STREAM_PATH: Final = "/api/v1/stream"
NUDGE_PATH: Final = "/api/v1/me/stream"

_PUBLIC_SITE: Final = (
    Rule("/", Access.OPEN, page=True),
    Rule("/robots.txt", Access.OPEN),
    Rule("/sitemap.xml", Access.OPEN),
    Rule("/public/*", Access.OPEN),
    *(
        rule
        for lang in LANG_PATHS.values()
        for rule in (
            Rule(f"/{lang}", Access.OPEN, page=True),
            Rule(f"/{lang}/", Access.OPEN, page=True),
            Rule(f"/{lang}/embed/", Access.OPEN, page=True, framed=True),
            Rule(f"/{lang}/embed/*", Access.OPEN, page=True, framed=True),
            Rule(f"/{lang}/*", Access.OPEN, page=True),
        )
    ),
)
"""Nothing here asks the store, so that all of it stands when the store is down."""

_ROWS: Final[Sequence[Rule]] = (
    *_PUBLIC_SITE,
    Rule("/sign-in", Access.OPEN, page=True),
    Rule("/sign-in/oidc", Access.OPEN, frozenset({"GET"}), page=True),
    Rule("/sign-in/oidc/callback", Access.OPEN, frozenset({"GET"}), page=True),
    Rule("/field", Access.OPEN, page=True),
    Rule("/field/*", Access.OPEN),
    Rule("/healthz", Access.OPEN),
    Rule("/readyz", Access.OPEN),
    Rule("/.well-known/security.txt", Access.OPEN),
    Rule("/openapi.json", Access.OPEN),
    Rule("/assets/*", Access.OPEN),
    Rule("/_favicon.ico", Access.OPEN),
    Rule("/_dash-component-suites/*", Access.OPEN),
    Rule("/ogc", Access.ANYBODY, SHARED_METHODS),
    Rule("/ogc/", Access.ANYBODY, SHARED_METHODS),
    Rule("/ogc/*", Access.ANYBODY, SHARED_METHODS),
    Rule("/api/v1/session", Access.ANYBODY, frozenset({"POST", "DELETE"})),
    Rule("/api/v1/me", Access.ANYBODY),
    Rule("/api/v1/me/duty", Access.RESPONDER),
    Rule(NUDGE_PATH, Access.RESPONDER, frozenset({"GET"})),
    Rule("/api/v1/me/area", Access.RESPONDER),
    Rule("/api/v1/me/position", Access.SIGNED_IN, frozenset({"PUT", "DELETE"})),
    Rule("/api/v1/me/sessions", Access.RESPONDER, READ_METHODS | {"DELETE"}),
    Rule("/api/v1/me/sessions/{ref}", Access.RESPONDER, frozenset({"DELETE"})),
    Rule("/api/v1/me/session/renew", Access.RESPONDER, frozenset({"POST"})),
    Rule("/api/v1/me/password", Access.RESPONDER, frozenset({"POST"})),
    Rule("/api/v1/me/push", Access.RESPONDER, READ_METHODS | {"PUT", "DELETE"}),
    Rule("/api/v1/accounts", Access.COMMAND),
    Rule("/api/v1/accounts/{name}/sessions", Access.COMMAND, READ_METHODS | {"DELETE"}),
    Rule("/api/v1/accounts/{name}/sessions/{ref}", Access.COMMAND, frozenset({"DELETE"})),
    Rule("/api/v1/tokens", Access.COMMAND, READ_METHODS | {"POST"}),
    Rule("/api/v1/tokens/{ref}", Access.COMMAND, frozenset({"DELETE"})),
    Rule("/api/v1/incidents/{incident_id}/suggestions", Access.COMMAND),
    Rule("/api/v1/reach/{subject_id}", Access.COMMAND),
    Rule("/api/v1/drafts/{id}/preflight", Access.COMMAND),
    Rule("/api/v1/picture", Access.ANYBODY),
    Rule("/api/v1/entities/*", Access.ANYBODY),
    Rule(STREAM_PATH, Access.ANYBODY, frozenset({"GET"})),
    Rule(
        "/api/v1/incidents/{id}/attachments",
        Access.SIGNED_IN,
        frozenset({"POST"}),
        media_types=IMAGES,
        most_bytes=MOST_IMAGE_BYTES,
        body_s=120.0,  # a telephone in the rain
    ),
    Rule("/api/v1/attachments/{sha256}", Access.RESPONDER),
    Rule("/api/v1/uploads", Access.SIGNED_IN, frozenset({"POST"}), body_s=60.0),
    Rule("/api/v1/uploads/{upload}", Access.SIGNED_IN),
    Rule(
        "/api/v1/uploads/{upload}/pieces/{n}",
        Access.SIGNED_IN,
        frozenset({"PUT"}),
        media_types=frozenset({"application/octet-stream"}),
        most_bytes=PIECE_BYTES,
        body_s=120.0,
    ),
    Rule("/api/v1/uploads/{upload}/attach", Access.SIGNED_IN, frozenset({"POST"}), body_s=60.0),
    Rule("/api/v1/cameras/{id}/frame", Access.RESPONDER, frozenset({"GET"})),
    Rule("/api/v1/layers/{id}/features", Access.RESPONDER),
    Rule("/api/v1/layers/{id}/tiles/{z}/{x}/{y}.png", Access.RESPONDER, frozenset({"GET"})),
    Rule("/api/v1/exchange/changes", Access.SIGNED_IN),
    Rule(
        "/api/v1/exchange/messages",
        Access.SIGNED_IN,
        frozenset({"POST"}),
        media_types=JSON | XML,
        most_bytes=MOST_MESSAGE_BYTES,
        body_s=60.0,
    ),
    Rule("/api/v1/exchange/partners", Access.COMMAND),
    Rule("/api/v1/exchange/partners/{id}", Access.COMMAND),
    Rule("/api/v1/exchange/partners/{id}/messages", Access.COMMAND),
    Rule("/api/v1/messages/{id}/original", Access.COMMAND),
    Rule(
        "/api/v1/messages/original",
        Access.COMMAND,
        frozenset({"POST"}),
        media_types=XML,
        most_bytes=MOST_DOCUMENT_BYTES,
        body_s=60.0,
    ),
    Rule("/api/v1/alerts/{id}/original", Access.RESPONDER),
    Rule("/api/v1/exports/live.kml", Access.ANYBODY),
    Rule("/api/v1/exports/icons/{name}.png", Access.OPEN),
    Rule("/api/v1/exports/{kind}.{suffix}", Access.ANYBODY),
    Rule("/api/v1/edxl/have.xml", Access.ANYBODY),
    Rule("/api/v1/edxl/sitrep.xml", Access.COMMAND),
    Rule("/api/v1/edxl/rm/{entity_id}.xml", Access.RESPONDER),
    Rule(
        "/api/v1/edxl",
        Access.SIGNED_IN,
        frozenset({"POST"}),
        media_types=frozenset({"application/xml", "text/xml", "application/edxl+xml"}),
        most_bytes=MOST_DOCUMENT_BYTES,
        body_s=60.0,
    ),
    Rule("/api/v1/organisations", Access.OPEN),
    Rule("/api/v1/places", Access.RESPONDER),
    Rule("/api/v1/metrics", Access.SIGNED_IN, frozenset({"GET"})),
    Rule("/api/v1/journal", Access.COMMAND),
    Rule("/api/v1/journal.csv", Access.COMMAND),
    Rule("/command", Access.RESPONDER, page=True),
    Rule("/account", Access.RESPONDER, page=True),
    Rule("/_dash-layout", Access.RESPONDER),
    Rule("/_dash-dependencies", Access.RESPONDER),
    Rule("/_dash-update-component", Access.RESPONDER, frozenset({"POST"})),
    Rule("/_reload-hash", Access.RESPONDER),
)


def _with_commands(rows: Iterable[Rule]) -> tuple[Rule, ...]:
    """Add the routes of all commands to *rows*; what may be done is then decided by the policy."""
    rules = {row.path: row for row in rows}
    for command in find_commands():
        path = f"/api/v1{command.path}"
        known = rules.get(path, Rule(path, Access.SIGNED_IN, frozenset()))
        rules[path] = replace(known, methods=known.methods | {command.method})
    return tuple(rules.values())


RULES: Final[Sequence[Rule]] = _with_commands(_ROWS)
_EXACT: Final = {rule.path: rule for rule in RULES}


def find_rule(path: str) -> Rule | None:
    """Give the rule for *path*; None when there is none, or the path is not in plain form."""
    if "//" in path or "\\" in path or "\0" in path or {".", ".."} & set(path.split("/")):
        return None
    exact = _EXACT.get(path)
    return exact or next((rule for rule in RULES if rule.covers(path)), None)
