"""`cop doctor`: what is missing or wrong on this machine, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data directory.")
def doctor(data: Path | None) -> None:
    """Check this machine and these settings; exit code 1 if something needed is missing."""
    from cop.launcher.checks import Verdict, examine

    findings = examine(data)
    marks = {Verdict.GOOD: "ok     ", Verdict.MEND: "mend   ", Verdict.BROKEN: "BROKEN "}
    for finding in findings:
        click.echo(f"{marks[finding.verdict]} {finding.what}: {finding.words}")
    broken = sum(finding.verdict is Verdict.BROKEN for finding in findings)
    if broken:
        click.echo(f"\nTo be mended before it runs: {broken}.")
        raise SystemExit(1)
    click.echo("\nReady to run.")
