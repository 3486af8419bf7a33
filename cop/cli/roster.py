"""`cop roster`: which teams, vehicles and facilities an operation begins with."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

import click


@click.group()
def roster() -> None:
    """Check rosters of resources and facilities, and load them."""


@roster.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def check(file: Path) -> None:
    """Say what is in FILE, or what is wrong with it (exit code 1); nothing is changed."""
    from cop.model.text import say
    from cop.services.roster import read_roster

    found = read_roster(file)
    click.echo(say(found.about, "en"))
    kind = "synthetic: for exercises alone" if found.synthetic else "real"
    click.echo(f"{len(found.resources)} resources, {len(found.facilities)} facilities; {kind}")
    by_agency = Counter(one.agency for one in found.listed)
    for agency, count in sorted(by_agency.items()):
        click.echo(f"  {agency}  {count}")


@roster.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Data directory of the running system.",
)
def load(file: Path, data: Path | None) -> None:
    """Put what is in FILE on the picture of the operation that runs.

    Loading it again changes only what FILE says otherwise; what people and devices have said since
    (position, status, tasks, counters) stays.
    """
    from cop.cli.stores import operation_of
    from cop.services.accounts import open_accounts
    from cop.services.commands.desk import Desk
    from cop.services.roster import load_roster, read_roster
    from cop.store import open_store

    found = read_roster(file)
    settings = operation_of(data)
    with closing(open_store(settings)) as store:
        desk = Desk(store, open_accounts(settings), settings.clock(), settings)
        loaded = load_roster(desk, found)
    click.echo(
        f"{settings.operation}: {loaded.made} new, {loaded.changed} changed,"
        f" {loaded.same} as they were"
    )
