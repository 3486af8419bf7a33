"""`cop backup` and `cop restore`: a copy of all that is kept, and putting it back."""

from __future__ import annotations

from pathlib import Path

import click

from cop.cli.setting_up import DATA


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@DATA
@click.option("--operation", "operations", multiple=True, metavar="ID", help="Only of this one.")
def backup(file: Path, data: Path | None, operations: tuple[str, ...]) -> None:
    """Write a copy of everything to FILE; what runs goes on running.

    It holds password hashes and everything that was reported: keep it as safe as the system.
    """
    from cop.cli.stores import some_redis
    from cop.errors import Misconfigured
    from cop.launcher.running import read_settings
    from cop.services.backup.making import make_backup

    settings = read_settings(data)
    if not settings.data_dir.is_dir():
        raise Misconfigured(f"there is no data directory {settings.data_dir}: name it with --data")
    with some_redis(settings) as reached:
        manifest = make_backup(reached, file, operations or None)
    for operation, copy in manifest.operations.items():
        click.echo(
            f"{operation}: {copy.entities} entities at {copy.cursor},"
            f" journal up to {copy.journal_number} {copy.journal_hash}"
        )
    click.echo(f"{file}: {len(manifest.files)} parts, {file.stat().st_size:,} bytes")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@DATA
@click.option("--sessions", is_flag=True, help="Also who was signed in, and tokens of machines.")
def restore(file: Path, data: Path | None, *, sessions: bool) -> None:
    """Put the copy in FILE into an empty data directory, and an empty Redis.

    Exit code 1 when a journal in it is not whole. Without --sessions everybody signs in anew: a
    session that was ended since would be good again.
    """
    from cop.cli.stores import some_redis
    from cop.launcher.running import read_settings
    from cop.services.backup.restoring import check_data_empty, open_backup
    from cop.services.backup.restoring import restore as put_back

    settings = read_settings(data)
    with open_backup(file) as (archive, manifest):
        check_data_empty(settings.data_dir)
        with some_redis(settings) as reached:
            verdicts = put_back(archive, manifest, reached, sessions=sessions)
    for operation, verdict in verdicts.items():
        state = "whole" if not verdict.faults else "NOT WHOLE: `cop journal verify` says where"
        click.echo(f"{operation}: as of {manifest.made_at.isoformat()}, journal {state}")
    if any(verdict.faults for verdict in verdicts.values()):
        raise SystemExit(1)
