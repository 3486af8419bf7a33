"""Cameras whose frames end the process that looks at them are left alone for a while.

A process that is killed takes with it all that it has learned of every camera that it looks at: one
camera must not do that to the others again and again.
"""

from __future__ import annotations

import time
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from cop.store.port import Store

LOOK_SOFT_LIMIT_S: Final = 45
"""Real seconds after which a look is given up."""
LOOK_LIMIT_S: Final = 60
"""Real seconds after which the process of a look that does not give up is ended."""
REST_S: Final = 300.0
"""Real seconds of rest after the first time; twice as long after each further one."""
LONGEST_REST_S: Final = 3600.0

_KEPT_MS: Final = 2 * 3_600_000


class _Note(BaseModel):
    """What one look leaves for the next.

    Attributes:
        deaths: looks in a row that did not end.
        until: end of the rest, real time in epoch seconds; None: a look is under way.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    deaths: int = 0
    until: float | None = None


class Wary:
    """Notes in the store that a look begins and ends. One look of a camera at a time."""

    def __init__(self, store: Store) -> None:
        """Note in *store*; notes end by themselves."""
        self._store = store

    def begin(self, camera: str) -> bool:
        """Tell whether *camera* may be looked at now, and note that it is.

        Raises:
            StoreUnavailable: the store cannot answer.
        """
        note = self._take(camera)
        deaths, until = note.deaths, note.until
        if until is None and deaths > 0:  # the last look never ended
            rest = min(LONGEST_REST_S, REST_S * 2.0 ** (deaths - 1))
            until = time.time() + rest
        if until is not None and until > time.time():
            self._leave(camera, _Note(deaths=deaths, until=until))
            return False
        self._leave(camera, _Note(deaths=deaths + 1))
        return True

    def end(self, camera: str) -> None:
        """Note that the look of *camera* has ended, however it did."""
        self._take(camera)

    def _take(self, camera: str) -> _Note:
        left = self._store.lent(_name(camera))
        try:
            return _Note() if left is None else _Note.model_validate_json(left)
        except ValidationError:  # written by another version of this program
            return _Note()

    def _leave(self, camera: str, note: _Note) -> None:
        self._store.lend(_name(camera), note.model_dump_json().encode(), ttl_ms=_KEPT_MS)


def _name(camera: str) -> str:
    return f"looking:{camera}"
