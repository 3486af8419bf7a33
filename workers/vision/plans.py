"""Read the files that say how cameras are set up; every fault in words that say how to mend it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cop.config import Settings
from cop.errors import Misconfigured
from cop.services.setup_files import FileRefused, Found, fill, gather, read_file
from workers.replay import find_scenario
from workers.vision.plan import CameraPlan
from workers.vision.plan_checks import address_faults, faults_of

_EXAMPLES: Final[Mapping[str, str]] = {
    "id": 'id = "pier-4"',
    "title": 'title = { en = "Pier 4", zh-Hant = "四號碼頭", zh-Hans = "四号码头" }',
    "publisher": 'publisher = "HKPF"',
    "place": "place = [114.1585, 22.2870]",
    "bearing_deg": "bearing_deg = 45",
    "source": '[source] with kind = "snapshot" and url = "https://…"',
    "kind": 'kind = "snapshot", "mjpeg" or "stream"',
    "url": 'url = "https://camera.example/now.jpg"',
    "every_s": "every_s = 120",
    "frames": "frames = 6",
    "gap_s": "gap_s = 0.2",
    "frame": "[frame] with size = [640, 360]",
    "size": "size = [640, 360]",
    "ground": "[ground] with image and grid, four points each",
    "image": "image = [[80, 350], [560, 350], [420, 120], [220, 120]]",
    "grid": "grid = [[834010, 816020], [834018, 816020], [834022, 816050], [834006, 816050]]",
    "zones": "[[zones]] with id, title, outline and use",
    "outline": "outline = [[80, 350], [560, 350], [420, 120]]",
    "use": 'use = "walkway", "stairs", "queue", "road", "water" or "heat"',
    "gauge": "gauge = { line = [[300, 330], [300, 210]], height_cm = 100 }",
    "detector": '[detector] with name = "background"',
    "name": 'name = "background", "people", "thermal" or "onnx"',
    "view": 'view = "nobody", "command" or "responder"',
    "way_deg": "way_deg = 180",
}
"""What to write, by the name of a field."""


Plans = Found[CameraPlan]
"""The cameras of a folder by id, and the files that give none."""


def read_plan(path: Path) -> CameraPlan:
    """Read the file of one camera, and check it as a whole.

    A model, and a video file, are named from the file's folder; the plan has them absolute.

    Raises:
        Misconfigured: it cannot be used; one line for each fault.
    """
    plan = read_file(path, CameraPlan, _EXAMPLES)
    plan = _placed(plan, path.parent)
    if found := faults_of(plan, path):
        raise FileRefused(path, *found)
    return plan


def gather_plans(folder: Path) -> Plans:
    """Read every `*.toml` of *folder*; one that cannot be used takes away no other."""
    return gather(folder, read_plan, lambda plan: plan.id)


def read_plans(folder: Path) -> dict[str, CameraPlan]:
    """Read every `*.toml` of *folder* strictly.

    Raises:
        Misconfigured: some cannot be used; every fault of every file, a line each.
    """
    found = gather_plans(folder)
    if found.faults:
        raise Misconfigured("\n".join(map(str, found.faults)))
    return dict(found)


def plans_of(settings: Settings) -> Plans:
    """Give the cameras of the operation: an exercise has its scenario's, and no others.

    Raises:
        NotFound: there is no such scenario.
    """
    if settings.exercise:
        folder = find_scenario(settings.scenario).cameras_dir
        return Plans({}) if folder is None else gather_plans(folder)
    return gather_plans(settings.cameras_dir or settings.data_dir / "cameras")


def address_of(plan: CameraPlan, environ: Mapping[str, str] = os.environ) -> str:
    """Give where frames come from, variables filled in; for the request alone, never for a log.

    Raises:
        Misconfigured: a variable has no value, or what comes out is no address for this kind.
    """
    address = fill(plan.source.url, f"camera {plan.id}: source.url", environ)
    filled = address != plan.source.url
    wrong = next(address_faults(plan.source.kind, address, filled=filled), None)
    if wrong is not None:
        raise Misconfigured(f"camera {plan.id}: source.url, with its variables: {wrong}")
    return address


def _placed(plan: CameraPlan, folder: Path) -> CameraPlan:
    """Give *plan* with the files that it names as absolute paths."""
    changed: dict[str, Any] = {}
    if plan.detector.model is not None:
        model = (folder / plan.detector.model).resolve()
        changed["detector"] = plan.detector.model_copy(update={"model": model})
    if plan.source.kind == "stream" and not re.search(r"://|\$\{", plan.source.url):
        url = str((folder / plan.source.url).resolve())
        changed["source"] = plan.source.model_copy(update={"url": url})
    return plan.model_copy(update=changed)
