"""The roster that an exercise begins with: a file beside its scenario."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Final

from cop.config import Settings
from cop.services.accounts import open_accounts
from cop.services.commands.desk import Desk
from cop.services.roster import load_roster, read_roster
from cop.store import open_store
from workers import scenarios

_FILE: Final = "roster.json"


def roster_of(scenario: str) -> Path | None:
    """Give the roster of the scenario with that key; None where it has none."""
    file = Path(scenarios.__path__[0]) / scenario.replace("-", "_") / _FILE
    return file if file.is_file() else None


def load_demo_roster(settings: Settings) -> None:
    """Put the exercise's teams and facilities on its picture, where its scenario has some.

    Raises:
        Misconfigured: the file is no roster.
        StoreUnavailable: the store does not answer.
    """
    file = roster_of(settings.scenario)
    if file is None:
        return
    with closing(open_store(settings)) as store:
        desk = Desk(store, open_accounts(settings), settings.clock(), settings)
        load_roster(desk, read_roster(file))
