"""`cop partners`: list them, and check their files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

if TYPE_CHECKING:
    from cop.services.exchange.partners import PartnerPlan, Partners

_FOLDER = click.argument(
    "folder",
    required=False,
    metavar="[DIR]",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
)
_DATA = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data directory."
)


@click.group()
def partners() -> None:
    """List the partners that things are exchanged with, and check their files."""


@partners.command("list")
@_FOLDER
@_DATA
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def list_partners(folder: Path | None, data: Path | None, *, as_json: bool) -> None:
    """Show every partner of DIR, or of the operation, as its file says; no secret is shown."""
    found = _partners(folder, data)
    if as_json:
        rows = [
            plan.model_dump(mode="json", by_alias=True, exclude={"token", "token_file"})
            for plan in found.values()
        ]
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
        return
    table: list[tuple[str, ...]] = [
        ("PARTNER", "INSTALLATION", "AGREEMENT", "UNTIL", "GETS", "GIVES", "ONWARD")
    ]
    table += [_row(plan) for plan in found.values()]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())
    for fault in found.faults:
        click.echo(str(fault), err=True)


@partners.command("check")
@_FOLDER
@_DATA
def check_files(folder: Path | None, data: Path | None) -> None:
    """Check the files of DIR, or of the operation; exit code 1 if one cannot be used.

    That there is a token is looked at as well; what it is, is shown nowhere.
    """
    from cop.services.exchange.partners import unready

    found = _partners(folder, data)
    words = unready(found)
    for line in words:
        click.echo(line)
    if words:
        raise SystemExit(1)
    click.echo(f"{len(found)} partners can be used.")


def _partners(folder: Path | None, data: Path | None) -> Partners:
    from cop.launcher.running import read_settings
    from cop.services.exchange.partners import gather_partners, partners_of

    settings = read_settings(data)
    if folder is None:
        return partners_of(settings)
    return gather_partners(folder, settings.installation)


def _row(plan: PartnerPlan) -> tuple[str, ...]:
    return (
        plan.id,
        plan.installation or "by hand",
        plan.agreement.number,
        f"{plan.agreement.until:%Y-%m-%d}",
        ", ".join(plan.shares.kinds) or "nothing",
        ", ".join(plan.takes.kinds) or "nothing",
        "yes" if plan.onward else "no",
    )
