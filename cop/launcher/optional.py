"""What is set up besides the least: half of it ends a process, and is said before any starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cop.config import Settings
from cop.errors import Misconfigured
from cop.services.exchange.alerting.signing import signer_of
from cop.services.limits import limits_of
from cop.services.oidc import open_oidc
from cop.services.push_keys import open_push_key

_PARTS: Final[tuple[tuple[str, Callable[[Settings], object]], ...]] = (
    ("limits", limits_of),
    ("sign-in provider", open_oidc),
    ("push messages", open_push_key),
    ("signed alerts", signer_of),
)


def unfit(settings: Settings) -> list[tuple[str, str]]:
    """Give each part that is set up and cannot be used, with why and how to mend it."""
    found = []
    for part, opened in _PARTS:
        try:
            opened(settings)
        except Misconfigured as error:
            found.append((part, str(error)))
    return found
