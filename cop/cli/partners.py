"""`cop partners`: list them, and check their files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from cop.cli.setting_up import DATA, FOLDER, print_faults, print_table

if TYPE_CHECKING:
    from cop.services.exchange.partners import PartnerPlan, Partners


@click.group()
def partners() -> None:
    """List the partners that things are exchanged with, and check their files."""


@partners.command("list")
@FOLDER
@DATA
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
    heads = ("PARTNER", "INSTALLATION", "AGREEMENT", "UNTIL", "GETS", "GIVES", "ONWARD")
    print_table([heads, *map(_row, found.values())])
    for fault in found.faults:
        click.echo(str(fault), err=True)


@partners.command("check")
@FOLDER
@DATA
def check_files(folder: Path | None, data: Path | None) -> None:
    """Check the files of DIR, or of the operation; exit code 1 if one cannot be used.

    That there is a token is looked at as well; what it is, is shown nowhere.
    """
    from cop.services.exchange.partners import unready

    found = _partners(folder, data)
    print_faults(unready(found), f"{len(found)} partners can be used.")


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
