"""`cop users`: who may sign in, what they are, and the tokens of machines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from cop.cli.stores import operation_of, some_redis
from cop.errors import Misconfigured
from cop.launcher.running import read_settings
from cop.services import accounts
from cop.services.policy import Role
from cop.services.tokens import MOST_DAYS, SCOPES, check_partner, issue_token

_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Data directory of the embedded Redis; it need not be running.",
)
_ROLES = click.Choice([role.value for role in Role])
_BELONGS_TO = click.option(
    "--belongs-to",
    multiple=True,
    metavar="ID",
    help="Id of a resource or facility that is the user's own; as often as needed.",
)


@click.group()
def users() -> None:
    """Add, change, list and disable those who may sign in."""


@users.command()
@click.argument("name")
@click.option("--role", required=True, type=_ROLES)
@click.option("--agency", default="", help="Code of the department or body.")
@_BELONGS_TO
@click.option("--operation", multiple=True, metavar="ID", help="May enter only this; repeatable.")
@click.option("--ask", is_flag=True, help="Ask for the password, twice, instead of making one.")
@_DATA
def add(
    name: str,
    *,
    role: str,
    agency: str,
    belongs_to: Sequence[str],
    operation: Sequence[str],
    ask: bool,
    data: Path | None,
) -> None:
    """Add the user NAME; print the password, once, alone on the last line, unless it was asked."""
    chosen = _asked_password() if ask else None
    with some_redis(read_settings(data)) as settings:
        password = accounts.add_user(
            accounts.open_accounts(settings),
            name,
            Role(role),
            agency,
            belongs_to=belongs_to,
            operations=operation or None,
            password=chosen,
        )
    may = f"{accounts.fold_name(name)} may sign in as {role}."
    if ask:
        click.echo(may)
    else:
        click.echo(f"{may} The password, shown only now:")
        click.echo(password)


@users.command("set")
@click.argument("name")
@click.option("--role", type=_ROLES)
@click.option("--agency", help='Code of the department or body; "" for none.')
@_BELONGS_TO
@click.option("--belongs-to-nothing", is_flag=True, help="Nothing is the user's own any more.")
@_DATA
def change(
    name: str,
    *,
    role: str | None,
    agency: str | None,
    belongs_to: Sequence[str],
    belongs_to_nothing: bool,
    data: Path | None,
) -> None:
    """Change what the user NAME is; their sessions end. What belongs to them is said in full."""
    if belongs_to and belongs_to_nothing:
        raise click.UsageError("--belongs-to and --belongs-to-nothing do not go together")
    with some_redis(read_settings(data)) as settings:
        ended = accounts.set_user(
            accounts.open_accounts(settings),
            name,
            role=None if role is None else Role(role),
            agency=agency,
            belongs_to=belongs_to if belongs_to or belongs_to_nothing else None,
        )
    click.echo(f"{accounts.fold_name(name)} is changed; {ended} sessions ended")


@users.command()
@click.argument("name")
@click.option("--label", required=True, help="What the token is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(SCOPES),
    help="What it is good for; as often as needed.",
)
@click.option("--days", required=True, type=click.IntRange(1, MOST_DAYS), help="How long.")
@click.option(
    "--operation", metavar="ID", help="Where it is good; else in what runs, or the live operation."
)
@_DATA
def token(
    name: str,
    *,
    label: str,
    scopes: Sequence[str],
    days: int,
    operation: str | None,
    data: Path | None,
) -> None:
    """Issue a token to the machine NAME and print it, once, alone on the last line."""
    chosen = operation or _operation(data)
    with some_redis(read_settings(data)) as settings:
        check_partner(settings, name, scopes)
        issued = issue_token(
            accounts.open_accounts(settings),
            name,
            operation=chosen,
            label=label,
            scopes=scopes,
            days=days,
        )
    click.echo(f"{issued.identity.name} may use this token in {chosen!r} for {days} days;")
    click.echo("send it as Authorization: Bearer TOKEN. It is shown only now:")
    click.echo(issued.token)


@users.command("list")
@_DATA
def list_all(data: Path | None) -> None:
    """List all users."""
    with some_redis(read_settings(data)) as settings:
        found = accounts.list_users(accounts.open_accounts(settings))
        if not found:
            click.echo("nobody yet: `cop users add`, with the same --data as `cop up`", err=True)
        for user in found:
            words = [user.name, user.role, user.agency or "-"]
            words.append("disabled" if user.disabled else "active")
            if user.operations is not None:
                words.append(f"only in {','.join(user.operations)}")
            if user.external:
                words.append("by the sign-in provider")
            words.extend(user.belongs_to)
            click.echo("  ".join(words))


@users.command()
@click.argument("name")
@_DATA
def disable(name: str, data: Path | None) -> None:
    """Keep the user NAME out from now on, and end their sessions."""
    with some_redis(read_settings(data)) as settings:
        ended = accounts.disable_user(accounts.open_accounts(settings), name)
    click.echo(f"{accounts.fold_name(name)} is disabled; {ended} sessions ended")


@users.command()
@click.argument("name")
@_DATA
def enable(name: str, data: Path | None) -> None:
    """Let the user NAME in again after `disable`."""
    with some_redis(read_settings(data)) as settings:
        accounts.enable_user(accounts.open_accounts(settings), name)
    click.echo(f"{accounts.fold_name(name)} may sign in again")


@users.command("reset")
@click.argument("name")
@click.option("--ask", is_flag=True, help="Ask for the password, twice, instead of making one.")
@_DATA
def reset(name: str, *, ask: bool, data: Path | None) -> None:
    """Give NAME a new password, printed alone on the last line, and end their sessions."""
    chosen = _asked_password() if ask else None
    with some_redis(read_settings(data)) as settings:
        password = accounts.reset_password(accounts.open_accounts(settings), name, chosen)
    if ask:
        click.echo(f"{accounts.fold_name(name)} has the new password")
    else:
        click.echo(f"{accounts.fold_name(name)} has a new password, shown only now:")
        click.echo(password)


def _asked_password() -> str:
    chosen: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return chosen


def _operation(data: Path | None) -> str:
    """Give the operation that runs on *data*; that of the settings when none does."""
    try:
        return operation_of(data).operation
    except Misconfigured:
        return read_settings(data).operation
