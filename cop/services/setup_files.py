"""Folders of TOML files, one thing each, that whoever runs this sets things up by.

Every fault is said in words that say how to mend it; a file that cannot be used takes away no
other. Secrets are not written into files: `${NAME}` stands for a variable of the environment.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cop.errors import Misconfigured

MOST_BYTES: Final = 256 * 1024
"""Of one file."""

VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

_Model = TypeVar("_Model", bound=BaseModel)
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one file sets nothing up.

    Attributes:
        file: its name.
        words: every fault in it: the field, what is wrong, what to write.
    """

    file: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        """Give one line a fault, each with the file's name."""
        return "\n".join(f"{self.file}: {words}" for words in self.words)


class FileRefused(Misconfigured):
    """A file cannot be used.

    Attributes:
        fault: why.
    """

    def __init__(self, path: Path, *words: str) -> None:
        """Say in *words*, a line each, what is wrong with the file at *path*."""
        self.fault = Fault(path.name, words)
        super().__init__(str(self.fault))


class Found(Mapping[str, _Made], Generic[_Made]):
    """What the files of a folder set up, by id in the order of the ids.

    Attributes:
        faults: of the files that cannot be used.
    """

    def __init__(self, made: Mapping[str, _Made], faults: tuple[Fault, ...] = ()) -> None:
        """Keep both."""
        self._made = MappingProxyType(dict(sorted(made.items())))
        self.faults = faults

    def __getitem__(self, key: str) -> _Made:
        """Give what has the id *key*."""
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        """Give the ids."""
        return iter(self._made)

    def __len__(self) -> int:
        """Count what can be used."""
        return len(self._made)


def read_file(path: Path, model: type[_Model], examples: Mapping[str, str]) -> _Model:
    """Read one file as a *model*.

    Args:
        path: of the file.
        model: what it must be.
        examples: what to write, by the name of a field.

    Raises:
        FileRefused: it cannot be used; one line for each fault.
    """
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise FileRefused(
                path, f"is larger than {MOST_BYTES:,} bytes: keep to one thing a file"
            )
        table = tomllib.loads(body.decode())
    except OSError as error:
        raise FileRefused(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        words = f"is not UTF-8 at byte {error.start}: save it as UTF-8"
        raise FileRefused(path, words) from error
    except tomllib.TOMLDecodeError as error:
        raise FileRefused(path, f"is no TOML: {error}") from error
    except (RecursionError, ValueError) as error:  # both come out of the reader of TOML as they are
        words = "has a number of too many digits, or lists too deep in each other: take them out"
        raise FileRefused(path, words) from error
    try:
        return model.model_validate(table)
    except ValidationError as error:
        words_of = (_say(item, table, examples) for item in error.errors())
        raise FileRefused(path, *words_of) from error


def gather(
    folder: Path, read: Callable[[Path], _Made], name: Callable[[_Made], str]
) -> Found[_Made]:
    """Read every `*.toml` of *folder* by *read*; a folder that does not exist has none.

    Args:
        folder: where.
        read: reads one; raises FileRefused.
        name: gives the id of what was read; of two files with one id the second is refused.
    """
    made: dict[str, _Made] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            one = read(path)
        except FileRefused as error:
            faults.append(error.fault)
            continue
        if name(one) in made:
            faults.append(Fault(path.name, (f"id: another file has {name(one)!r} already",)))
        else:
            made[name(one)] = one
    return Found(made, tuple(faults))


def gone_folder(folder: Path | None) -> tuple[Fault, ...]:
    """Give the fault of a *folder* that was named (None: it was not) and cannot be looked into.

    What was set up there is not known to be gone: the folder may only not be mounted.
    """
    try:
        if folder is not None:
            next(folder.iterdir(), None)
    except OSError as error:
        return (Fault(str(folder), (f"cannot be read: {error.strerror}",)),)
    return ()


def without_file(faults: tuple[Fault, ...]) -> str:
    """Say of something that no file sets up any more, while *faults* keep it on the picture."""
    first = str(faults[0]).partition("\n")[0]
    words = "its file is gone or cannot be used: what is known stays until all files can be used"
    return f"{words} ({first})"[:500]


def fill(words: str, what: str, environ: Mapping[str, str] = os.environ) -> str:
    """Give *words* with every `${NAME}` replaced by that variable's value; never for a log.

    Raises:
        Misconfigured: a variable has no value; *what* says what needs it.
    """

    def value_of(found: re.Match[str]) -> str:
        if value := environ.get(found[1]):
            return value
        raise Misconfigured(
            f"{what} needs the environment variable {found[1]}: give it a value where this runs"
        )

    return VARIABLE.sub(value_of, words)


def _say(item: ErrorDetails, table: Mapping[str, Any], examples: Mapping[str, str]) -> str:
    """Say in one line which field is wrong, what is wrong with it, and what to write."""
    path, kind = item["loc"], item["type"]
    named = [part for part in path if isinstance(part, str)]
    field = _where(path, table)
    if kind == "extra_forbidden":
        return f"{field}: there is no such field: remove it, or mend its name"
    example = next((examples[name] for name in reversed(named) if name in examples), "")
    write = f": write for example {example}" if example else ""
    if kind == "missing":
        return f"{field}: is missing{write}"
    said = item["msg"].removeprefix("Input ").removeprefix("Value error, ")
    return f"{field}: {said}{write}"


def _where(path: tuple[str | int, ...], table: Any) -> str:
    """Name a field as people find it: things in a list by their id, others by number from 1."""
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
