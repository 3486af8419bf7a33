"""What an exercise begins with: its roster and its injects, files beside its scenario."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cop.config import Settings
from cop.services.accounts import open_accounts
from cop.services.commands.desk import Desk
from cop.services.injects import do_injects, read_injects
from cop.services.roster import load_roster, read_roster
from cop.store import open_store
from workers import scenarios


def roster_of(scenario: str) -> Path | None:
    """Give the roster of the scenario with that key; None where it has none."""
    return _beside(scenario, "roster.json")


def injects_of(scenario: str) -> Path | None:
    """Give the injects of the scenario with that key; None where it has none."""
    return _beside(scenario, "injects.json")


def _beside(scenario: str, name: str) -> Path | None:
    file = Path(scenarios.__path__[0]) / scenario.replace("-", "_") / name
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
    with _desk(settings) as desk:
        load_roster(desk, read_roster(file))


def do_demo_injects(settings: Settings) -> None:
    """Put the exercise's first tasks and orders on its picture, once its people have accounts.

    Raises:
        Misconfigured: the file holds no injects.
        NotPossible: the picture does not allow one of them.
        StoreUnavailable: the store does not answer.
    """
    file = injects_of(settings.scenario)
    if file is None:
        return
    with _desk(settings) as desk:
        do_injects(desk, read_injects(file))


@contextmanager
def _desk(settings: Settings) -> Iterator[Desk]:
    with closing(open_store(settings)) as store:
        yield Desk(store, open_accounts(settings), settings.clock(), settings)
