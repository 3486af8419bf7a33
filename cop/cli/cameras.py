"""`cop cameras`: list them, check their files, try one on frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import WARNING
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from cop.cli.setting_up import DATA, FOLDER, print_faults, print_table
from cop.errors import Misconfigured

if TYPE_CHECKING:
    from workers.vision.frame import Frame
    from workers.vision.plan import CameraPlan
    from workers.vision.plans import Plans


@click.group()
def cameras() -> None:
    """List the cameras that are counted by, check their files, try one on frames."""


@cameras.command("list")
@FOLDER
@DATA
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def list_cameras(folder: Path | None, data: Path | None, *, as_json: bool) -> None:
    """Show every camera of DIR, or of the operation, as its file says; addresses are not shown."""
    from cop.cli.feeds import span

    plans = _plans(folder, data)
    rows = [
        {
            "id": plan.id,
            "title": plan.title,
            "publisher": plan.publisher,
            "source": plan.source.kind,
            "every_s": plan.source.every_s,
            "detector": plan.detector.name,
            "zones": {zone.id: zone.use for zone in plan.zones},
            "view": "published" if plan.privacy.published else plan.privacy.view,
        }
        for plan in plans.values()
    ]
    if as_json:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
        return
    table = [("CAMERA", "TITLE", "PUBLISHER", "EVERY", "DETECTOR", "VIEW", "ZONES")]
    table += [
        (
            plan.id,
            plan.title.get("en", ""),
            plan.publisher,
            span(plan.source.every_s),
            plan.detector.name,
            "published" if plan.privacy.published else plan.privacy.view,
            ", ".join(f"{zone.id} ({zone.use})" for zone in plan.zones),
        )
        for plan in plans.values()
    ]
    print_table(table)
    for fault in plans.faults:
        click.echo(str(fault), err=True)


@cameras.command("check")
@FOLDER
@DATA
def check_files(folder: Path | None, data: Path | None) -> None:
    """Check the files of DIR, or of the operation; exit code 1 if one cannot be used."""
    from workers.vision.ready import unready

    plans = _plans(folder, data)
    words = [str(fault) for fault in plans.faults]
    words += [f"{plan.id}.toml: {why}" for plan in plans.values() for why in unready(plan)]
    print_faults(words, f"{len(plans)} cameras can be used.")


@cameras.command("try")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument(
    "frames",
    nargs=-1,
    required=True,
    metavar="FRAME…",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
)
@click.option(
    "--every",
    type=click.FloatRange(min=0.001),
    help="Each frame is a look of its own, so many seconds apart; else all are one look.",
)
@click.option("--at", "at", help="When the first frame was taken (ISO 8601); now, if not given.")
def try_frames(file: Path, frames: tuple[Path, ...], every: float | None, at: str | None) -> None:
    """Count in FRAMEs as the camera of FILE would, and print what would be on the picture.

    It is one GeoJSON FeatureCollection; the member `states` has the camera's state after each look.
    Nothing is kept, and nobody is asked for anything.
    """
    from cop import log
    from cop.cli.feeds import entity_feature, read_moment
    from cop.model.kinds import decode
    from cop.model.sight import VISION
    from cop.store.memory import MemoryStore
    from workers.vision.look import Looker
    from workers.vision.plans import read_plan

    log.configure(level=WARNING)  # what is printed is for programs
    plan = read_plan(file)
    begin = read_moment(at)
    looks = list(_looks(plan, frames, begin, every))
    clock, store = _Steps(begin), MemoryStore()
    looker = Looker(store, {plan.id: plan}, clock, lambda _: _Files(looks))
    states = []
    for look in tuple(looks):
        clock.at = look[-1].at
        states.append(looker.look(plan.id))
    known = store.by_feed(VISION)
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "camera": plan.id,
        "states": states,
        "features": [entity_feature(decode(known[name].body)) for name in sorted(known)],
    }
    click.echo(orjson.dumps(collection, option=orjson.OPT_INDENT_2))


def _plans(folder: Path | None, data: Path | None) -> Plans:
    from cop.launcher.running import read_settings
    from workers.vision.plans import gather_plans, plans_of

    return plans_of(read_settings(data)) if folder is None else gather_plans(folder)


def _looks(
    plan: CameraPlan, files: Sequence[Path], begin: datetime, every: float | None
) -> Iterator[tuple[Frame, ...]]:
    """Give the frames in *files*, look by look; raises Misconfigured for one that is none."""
    from workers.vision.decode import decode
    from workers.vision.frame import Frame, Unusable

    taken = []
    for number, file in enumerate(files):
        try:
            pixels = decode(file.read_bytes(), plan.frame)
        except OSError as error:
            raise Misconfigured(f"{file}: {error.strerror or error}") from error
        except Unusable as error:
            raise Misconfigured(f"{file}: {error.why}") from error
        at = begin + number * timedelta(seconds=plan.source.gap_s if every is None else every)
        taken.append(Frame(pixels, at, plan.frame.thermal))
    if every is None:
        yield tuple(taken)
    else:
        yield from ((frame,) for frame in taken)


@dataclass(slots=True)
class _Steps:
    """A clock that stands until it is set."""

    at: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        """Tell the time that it was set to."""
        return self.at


@dataclass(slots=True)
class _Files:
    """A source that gives what was read before, one look after the other."""

    looks: list[tuple[Frame, ...]]

    def take(self) -> tuple[Frame, ...]:
        """Give the next look."""
        return self.looks.pop(0)
