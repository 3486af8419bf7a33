"""The names of everything that is kept in Redis for one operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SERIES: Final = ("alert", "incident")
"""What numbers are given in, one after the other (`Store.next_number`)."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of *operation*. They share one hash tag, so that a cluster keeps them on one node."""

    operation: str

    @property
    def prefix(self) -> str:
        """What every key of the operation begins with."""
        return f"{{cop:{self.operation}}}:"

    def __getitem__(self, name: str) -> str:
        """Give the key *name* of the operation, for example `journal`, `log` or `kind:alert`."""
        return self.prefix + name
