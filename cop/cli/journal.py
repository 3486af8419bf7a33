"""`cop journal`: prove that it is whole, and hand it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click
from pydantic import ValidationError

from cop.cli.stores import some_redis
from cop.clock import HONG_KONG
from cop.config import Settings
from cop.errors import Misconfigured
from cop.launcher.running import read_settings, running_on
from cop.services.journal import Wanted, to_csv, walk
from cop.services.journal_proof import Anchors, Verdict, anchors_file, read_anchors, verify
from cop.store.redis import RedisStore
from cop.store.redis_journal import find_journals

Command = TypeVar("Command", bound=Callable[..., None])


def _moment(value: str) -> datetime:
    """Read a moment in ISO 8601; in Hong Kong where it names no zone."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r}: write 2026-09-08 or 2026-09-08T17:30") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=HONG_KONG)


def _operation(value: str) -> str:
    """Read the id of an operation."""
    try:
        return Settings(operation=value).operation
    except ValidationError as error:
        raise click.BadParameter(f"{value!r}: live, or the id of an exercise") from error


def _which(command: Command) -> Command:
    """Add the options that say whose journal is meant."""
    command = click.option(
        "--operation",
        type=_operation,
        metavar="ID",
        help="Only of this operation, for example live.",
    )(command)
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        help="Data directory, with the anchors; its Redis need not be running.",
    )(command)


@click.group()
def journal() -> None:
    """Prove that the journal is whole, and hand it out."""


@journal.command("verify")
@_which
def verify_all(data: Path | None, operation: str | None) -> None:
    """Go along the chain of every journal there is, and compare it with its anchors.

    Ends with exit code 1 when anything is missing, changed or too much.
    """
    whole = True
    with some_redis(_settings(data)) as settings:
        for name in _operations(settings, operation):
            anchors = read_anchors(anchors_file(_of(settings, name)))
            verdict = verify(RedisStore(settings.signed_in(settings.redis_url), name), anchors)
            click.echo(_words(name, verdict, anchors))
            whole = whole and not verdict.faults
    if not whole:
        raise SystemExit(1)


@journal.command("export")
@_which
@click.option("--since", type=_moment, metavar="TIME", help="From this moment of the operation on.")
@click.option("--until", type=_moment, metavar="TIME", help="Up to this moment of the operation.")
@click.option("--who", help="Of this account.")
@click.option("--action", help="Of this kind, for example assign.")
@click.option("--entity", help="That changed, or were about, the entity with this id.")
def export(
    *,
    data: Path | None,
    operation: str | None,
    since: datetime | None,
    until: datetime | None,
    who: str | None,
    action: str | None,
    entity: str | None,
) -> None:
    """Print the entries of one journal as CSV, oldest first."""
    wanted = Wanted(entity=entity, who=who, action=action, since=since, until=until)
    with some_redis(_settings(data)) as settings:
        names = _operations(settings, operation)
        if len(names) > 1:
            raise Misconfigured(f"there are several journals: take --operation {'|'.join(names)}")
        for line in to_csv(
            walk(RedisStore(settings.signed_in(settings.redis_url), names[0]), wanted)
        ):
            click.echo(line, nl=False)


def _settings(data: Path | None) -> Settings:
    settings = read_settings(data)
    if not settings.redis_url and not settings.data_dir.is_dir():
        raise Misconfigured(f"there is no data directory {settings.data_dir}: name it with --data")
    return settings


def _operations(settings: Settings, asked: str | None) -> list[str]:
    """Name the operations whose journal is meant: what was *asked*, else all that left a trace."""
    if asked is not None:
        return [asked]
    if "operation" in settings.model_fields_set:
        return [settings.operation]
    noted = anchors_file(_of(settings, "*"))
    traces = {file.stem.removeprefix("journal-") for file in noted.parent.glob(noted.name)}
    return sorted(traces | find_journals(settings.signed_in(settings.redis_url))) or [
        _running(settings)
    ]


def _running(settings: Settings) -> str:
    try:
        return running_on(settings.data_dir).operation
    except Misconfigured:
        return settings.operation


def _of(settings: Settings, operation: str) -> Settings:
    return settings.model_copy(update={"operation": operation})


def _words(operation: str, verdict: Verdict, anchors: Anchors) -> str:
    lines = [f"{operation}: {verdict.entries} entries, head {verdict.number} {verdict.hash}"]
    lines += [f"  WRONG: {fault}" for fault in verdict.faults]
    if not verdict.faults:
        last = anchors.known[-1] if anchors.known else None
        at = f", the last of {last.at.astimezone(HONG_KONG):%Y-%m-%d %H:%M:%S}" if last else ""
        lines.append(f"  whole; {verdict.anchors} anchors fit{at}")
    return "\n".join(lines)
