"""`cop users`: who may sign in."""

from __future__ import annotations

from pathlib import Path

import click

from cop.cli.stores import some_redis
from cop.launcher.running import read_settings
from cop.services import accounts
from cop.services.policy import Role

_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Data directory of the embedded Redis; it need not be running.",
)


@click.group()
def users() -> None:
    """Add, list and disable those who may sign in."""


@users.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--agency", default="", help="Code of the department or body.")
@_DATA
def add(name: str, role: str, agency: str, data: Path | None) -> None:
    """Add the user NAME and print the password, once, alone on the last line."""
    with some_redis(read_settings(data)) as settings:
        password = accounts.add_user(accounts.open_accounts(settings), name, Role(role), agency)
    click.echo(f"{accounts.fold_name(name)} may sign in as {role}. The password, shown only now:")
    click.echo(password)


@users.command("list")
@_DATA
def list_all(data: Path | None) -> None:
    """List all users."""
    with some_redis(read_settings(data)) as settings:
        for user in accounts.list_users(accounts.open_accounts(settings)):
            state = "disabled" if user.disabled else "active"
            click.echo(f"{user.name}  {user.role}  {user.agency or '-'}  {state}")


@users.command()
@click.argument("name")
@_DATA
def disable(name: str, data: Path | None) -> None:
    """Keep the user NAME out from now on, and end their sessions."""
    with some_redis(read_settings(data)) as settings:
        ended = accounts.disable_user(accounts.open_accounts(settings), name)
    click.echo(f"{accounts.fold_name(name)} is disabled; {ended} sessions ended")


@users.command("reset")
@click.argument("name")
@_DATA
def reset(name: str, data: Path | None) -> None:
    """Give NAME a new password, printed alone on the last line, and end their sessions."""
    with some_redis(read_settings(data)) as settings:
        password = accounts.reset_password(accounts.open_accounts(settings), name)
    click.echo(f"{accounts.fold_name(name)} has a new password, shown only now:")
    click.echo(password)
