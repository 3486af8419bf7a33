"""`cop up` and `cop scenarios`: run the product, live or as an exercise."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from cop.clock import HONG_KONG


@click.command()
@click.option("--scenario", metavar="NAME", help="Play this; without it, the operation is live.")
@click.option("--speed", type=click.FloatRange(0.1, 3600), help="Scenario seconds per second.")
@click.option("--port", type=click.IntRange(0, 65535), help="Where to listen; 0 takes a free one.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data directory.")
def up(scenario: str | None, speed: float | None, port: int | None, data: Path | None) -> None:
    """Run everything on this machine until Ctrl-C."""
    from cop.launcher.running import read_settings
    from cop.launcher.up import Wish, run
    from cop.log import configure

    configure(level=logging.WARNING)
    settings = read_settings(data)
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    chosen = settings.scenario if scenario is None else scenario
    run(settings, Wish(scenario=chosen, speed=speed))


@click.command()
def scenarios() -> None:
    """List the scenarios that `cop up --scenario` can play."""
    from workers.replay import find_scenarios

    for scenario in find_scenarios().values():
        hours = (scenario.end - scenario.start).total_seconds() / 3600
        click.echo(f"{scenario.key}: {scenario.title.get('en', '')}")
        click.echo(
            f"    {scenario.start.astimezone(HONG_KONG):%Y-%m-%d %H:%M} HKT, {hours:g} h,"
            f" {scenario.default_speed:g} times as fast unless told otherwise"
        )
        click.echo(f"    {scenario.summary.get('en', '')}")
