"""Read the files that say how cameras are set up; every fault in words that say how to mend it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cop.config import Settings
from cop.errors import Misconfigured
from workers.replay import find_scenario
from workers.vision.plan import CameraPlan
from workers.vision.plan_checks import address_faults, faults_of

MOST_BYTES: Final = 256 * 1024
"""Of one file."""

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

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


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one file gives no camera.

    Attributes:
        file: its name.
        words: every fault in it: the field, what is wrong, what to write.
    """

    file: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        """Give one line a fault, each with the file's name."""
        return "\n".join(f"{self.file}: {words}" for words in self.words)


class Plans(Mapping[str, CameraPlan]):
    """The cameras of a folder by id, in the order of their ids, and the files that give none.

    Attributes:
        faults: of the files that cannot be used.
    """

    def __init__(self, plans: Mapping[str, CameraPlan], faults: tuple[Fault, ...]) -> None:
        """Keep both."""
        self._plans = MappingProxyType(dict(plans))
        self.faults = faults

    def __getitem__(self, camera: str) -> CameraPlan:
        """Give the plan of *camera*, an id without `camera:`."""
        return self._plans[camera]

    def __iter__(self) -> Iterator[str]:
        """Give the ids."""
        return iter(self._plans)

    def __len__(self) -> int:
        """Count the cameras that can be used."""
        return len(self._plans)


def read_plan(path: Path) -> CameraPlan:
    """Read the file of one camera, and check it as a whole.

    A model, and a video file, are named from the file's folder; the plan has them absolute.

    Raises:
        Misconfigured: it cannot be used; one line for each fault.
    """
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise _refuse(path, f"is larger than {MOST_BYTES:,} bytes: keep to one camera a file")
        table = tomllib.loads(body.decode())
    except OSError as error:
        raise _refuse(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _refuse(path, f"is not UTF-8 at byte {error.start}: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _refuse(path, f"is no TOML: {error}") from error
    try:
        plan = CameraPlan.model_validate(table)
    except ValidationError as error:
        raise _refuse(path, *(_say(item, table) for item in error.errors())) from error
    plan = _placed(plan, path.parent)
    if found := faults_of(plan, path):
        raise _refuse(path, *found)
    return plan


def gather_plans(folder: Path) -> Plans:
    """Read every `*.toml` of *folder*; one that cannot be used takes away no other.

    A folder that does not exist has no cameras.
    """
    plans: dict[str, CameraPlan] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            plan = read_plan(path)
        except _Refused as error:
            faults.append(error.fault)
        else:
            plans[plan.id] = plan
    return Plans(plans, tuple(faults))


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
        return Plans({}, ()) if folder is None else gather_plans(folder)
    return gather_plans(settings.cameras_dir or settings.data_dir / "cameras")


def address_of(plan: CameraPlan, environ: Mapping[str, str] = os.environ) -> str:
    """Give where frames come from, variables filled in; for the request alone, never for a log.

    Raises:
        Misconfigured: a variable has no value, or what comes out is no address for this kind.
    """

    def value_of(found: re.Match[str]) -> str:
        if value := environ.get(found[1]):
            return value
        raise Misconfigured(
            f"camera {plan.id}: source.url needs the environment variable {found[1]}:"
            " give it a value where the vision worker runs"
        )

    address, filled = _VARIABLE.subn(value_of, plan.source.url)
    wrong = next(address_faults(plan.source.kind, address, filled=filled > 0), None)
    if wrong is not None:
        raise Misconfigured(f"camera {plan.id}: source.url, with its variables: {wrong}")
    return address


class _Refused(Misconfigured):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def _refuse(path: Path, *words: str) -> _Refused:
    return _Refused(Fault(path.name, words))


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


def _say(item: ErrorDetails, table: Mapping[str, Any]) -> str:
    """Say in one line which field is wrong, what is wrong with it, and what to write."""
    path, kind = item["loc"], item["type"]
    named = [part for part in path if isinstance(part, str)]
    field = _where(path, table)
    if kind == "extra_forbidden":
        return f"{field}: there is no such field: remove it, or mend its name"
    example = next((_EXAMPLES[name] for name in reversed(named) if name in _EXAMPLES), "")
    write = f": write for example {example}" if example else ""
    if kind == "missing":
        return f"{field}: is missing{write}"
    said = item["msg"].removeprefix("Input ").removeprefix("Value error, ")
    return f"{field}: {said}{write}"


def _where(path: tuple[str | int, ...], table: Any) -> str:
    """Name a field as people find it: zones by their id, the rest of a list by number from 1."""
    said: list[str] = []
    for part in path:
        table = _inner(table, part)
        if isinstance(part, int):
            known = table.get("id") if isinstance(table, dict) else None
            said[-1] += f"[{known if isinstance(known, str) else part + 1}]"
        else:
            said.append(part)
    return ".".join(said) or "file"


def _inner(table: Any, part: str | int) -> Any:
    if isinstance(table, dict):
        return table.get(part)
    if isinstance(table, list) and isinstance(part, int) and part < len(table):
        return table[part]
    return None
