"""Organisations: the agencies of `PUBLISHERS`, with their Legal Entity Identifiers (ISO 17442).

An LEI is optional. Whoever runs this writes those that are known into `organisations.toml` in the
data directory, a line each (`HKO = "…"`); that of the authority that runs it is a setting. One
that is wrong is not used and takes away no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import RootModel

from cop.config import Settings
from cop.model.lei import check_lei
from cop.model.publisher import PUBLISHERS
from cop.model.text import Text
from cop.services.setup_files import Fault, FileRefused, read_file

FILE: Final = "organisations.toml"
_OURSELVES: Final = "COP"


class _Written(RootModel[dict[str, Any]]):
    """What stands in the file: code to LEI."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation.

    Attributes:
        code: among `PUBLISHERS`.
        name: in all languages.
        lei: its Legal Entity Identifier; None where none is known.
    """

    code: str
    name: Text
    lei: str | None = None

    def shown(self) -> dict[str, Any]:
        """Give it as JSON values; without an LEI where there is none."""
        said: dict[str, Any] = {"code": self.code, "name": self.name}
        return said if self.lei is None else {**said, "lei": self.lei}


class Organisations(Mapping[str, Organisation]):
    """Every organisation by its code.

    Attributes:
        faults: why an LEI that was written is not used.
    """

    def __init__(self, leis: Mapping[str, str], faults: tuple[Fault, ...]) -> None:
        """Keep the checked *leis* by code, and what was wrong with others."""
        self._known = {
            code: Organisation(code, name, leis.get(code)) for code, name in PUBLISHERS.items()
        }
        self.faults = faults

    def __getitem__(self, code: str) -> Organisation:
        """Give the organisation with *code*."""
        return self._known[code]

    def __iter__(self) -> Any:
        """Give the codes."""
        return iter(self._known)

    def __len__(self) -> int:
        """Count them."""
        return len(self._known)


def organisations_of(settings: Settings) -> Organisations:
    """Give the organisations as they are set up now; a file that has changed is read again."""
    path = settings.data_dir / FILE
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        stamp = 0
    return _read(path, stamp, settings.organisation, settings.lei)


def lei_of(settings: Settings, code: str) -> str | None:
    """Give the LEI of the organisation with *code*; None where none is known."""
    found = organisations_of(settings).get(code)
    return None if found is None else found.lei


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int, ours: str, our_lei: str) -> Organisations:
    written: dict[str, Any] = {}
    faults: list[Fault] = []
    if stamp:
        try:
            written = read_file(path, _Written, {}).root
        except FileRefused as error:
            faults.append(error.fault)
    leis: dict[str, str] = {}
    wrong: list[str] = []
    for code, said in written.items():
        try:
            leis[_code(code)] = _checked(said)
        except ValueError as error:
            wrong.append(f"{code}: {error}")
    if wrong:
        faults.append(Fault(path.name, tuple(wrong)))
    if our_lei:
        try:
            leis |= dict.fromkeys((ours, _OURSELVES), check_lei(our_lei))
        except ValueError as error:
            faults.append(Fault("COP_LEI", (str(error),)))
    return Organisations(leis, tuple(faults))


def _code(code: str) -> str:
    if code not in PUBLISHERS:
        raise ValueError("there is no organisation with this code: see `cop/model/publisher.py`")
    return code


def _checked(said: Any) -> str:
    if isinstance(said, str):
        return check_lei(said)
    raise ValueError("write its LEI, 20 letters and digits, in quotes")
