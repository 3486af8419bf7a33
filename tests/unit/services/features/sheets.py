"""Sheets made of entities, for tests of what is done with them."""

from __future__ import annotations

from typing import Any

from cop.model.access import Audience
from cop.model.entity import Entity, Kind
from cop.model.record import Record, Snapshot
from cop.services.features.columns import has_named
from cop.services.features.cql2 import parse
from cop.services.features.crs import CRS84
from cop.services.features.filters import Compiler
from cop.services.features.sheet import Sheet, Sheets
from cop.services.features.subject import Subject
from cop.services.picture import Picture


def record(entity: Entity, version: int = 1) -> Record:
    """Make the stored record of *entity*."""
    return Record(entity.id, Kind(entity.kind), version, 0, entity.encode())  # type: ignore[attr-defined]


def picture_of(*entities: Entity, cursor: str = "1-0") -> Picture:
    """Make the picture of *entities*."""
    return Picture(Snapshot(cursor, "epoch", {one.id: record(one) for one in entities}))


def sheet_of(*entities: Entity, audience: Audience = Audience.COMMAND) -> Sheet:
    """Make the sheet of *entities*, all of one kind."""
    kind = Kind(entities[0].kind)  # type: ignore[attr-defined]
    return Sheets().sheet(picture_of(*entities), audience, kind)


def selected(
    sheet: Sheet, words: str, language: str = "cql2-text", *, crs: str = CRS84
) -> list[str]:
    """Give the ids that the filter *words* selects."""
    compiler = Compiler(sheet.columns, crs, has_named=has_named(sheet.kind, sheet.audience))
    test = compiler.test(parse(words, language))
    return [line.id for line in sheet.lines if test(Subject(line, "en"))]


def named(sheet: Sheet) -> dict[str, Any]:
    """Give the columns of *sheet* by name."""
    return {column.name: column for column in sheet.columns}
