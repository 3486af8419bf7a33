"""What the commands about folders of set-up files have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import click

FOLDER: Final = click.argument(
    "folder",
    required=False,
    metavar="[DIR]",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
)
DATA: Final = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data directory."
)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print *rows*, their heads first, in columns; the last column is not filled up."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)]
        click.echo("  ".join(cells).rstrip())


def print_faults(words: Iterable[str], good: str) -> None:
    """Print what is wrong, a line each, and end with exit code 1; where nothing is, *good*."""
    found = list(words)
    for line in found:
        click.echo(line)
    if found:
        raise SystemExit(1)
    click.echo(good)
