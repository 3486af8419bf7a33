"""A web process that is killed just before, or just after, it writes; for tests of crashes."""

from __future__ import annotations

import os
import signal
from typing import Any

from starlette.types import ASGIApp

from cop.api import writes
from cop.asgi import create_app as compose

_perform = writes.perform


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _written_then_dead(*given: Any) -> Any:
    _perform(*given)
    _die()


def create_app() -> ASGIApp:
    """Compose the web process; `COP_TEST_DIES` says when it dies: `before` or `after`."""
    ends: dict[str, Any] = {"before": _die, "after": _written_then_dead}
    writes.perform = ends[os.environ["COP_TEST_DIES"]]
    return compose(with_pages=False)
