"""What commands work with: the parts of one operation."""

from __future__ import annotations

from dataclasses import dataclass

from cop.clock import Clock
from cop.config import Settings
from cop.store.accounts import Accounts
from cop.store.port import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of one operation.

    Attributes:
        store: its picture.
        accounts: who is who.
        clock: its time.
        settings: what it is.
    """

    store: Store
    accounts: Accounts
    clock: Clock
    settings: Settings
