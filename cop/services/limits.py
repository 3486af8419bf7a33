"""How long a step may take: when an assignment, or the answers to an order, are late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from cop.config import Settings
from cop.errors import Misconfigured
from cop.model.entity import Severity
from cop.model.response import IncidentType

Step = Literal["proposed", "assigned", "delivered", "acknowledged", "en_route", "on_scene", "reply"]
"""An open assignment's status, or `reply`: from an order's issue to its acknowledgement."""


class Limit(NamedTuple):
    """Seconds in a step after which to warn, and after which it is overdue; None: never."""

    warn_s: float | None
    overdue_s: float | None


class LimitRow(BaseModel):
    """One row of an operator's file; `*` stands for any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: Step
    incident_type: IncidentType | Literal["*"] = "*"
    severity: Severity | Literal["*"] = "*"
    warn_s: float | None = Field(default=None, gt=0, le=30 * 86_400)
    overdue_s: float | None = Field(default=None, gt=0, le=30 * 86_400)

    @model_validator(mode="after")
    def _warn_first(self) -> Self:
        if self.warn_s and self.overdue_s and self.warn_s > self.overdue_s:
            raise ValueError("warn_s must not be more than overdue_s")
        return self


_ROWS = TypeAdapter(tuple[LimitRow, ...])
_SEVERITIES: Final = (Severity.EXTREME, Severity.SEVERE, Severity.MODERATE, Severity.MINOR)
_DEFAULTS: Final = """
# step        type              Extreme  Severe   Moderate Minor     minutes to warn / overdue
proposed      *                 2/5      5/10     10/20    30/60
assigned      *                 1/2      1/3      2/5      5/10
delivered     *                 1/3      2/5      5/10     10/30
acknowledged  *                 5/10     10/15    15/30    30/60
acknowledged  fire              1/2      2/3      3/5      5/10
acknowledged  rescue            2/4      3/6      5/10     10/20
acknowledged  lift_entrapment   3/6      5/10     10/15    15/30
acknowledged  traffic_accident  2/4      3/6      5/10     10/20
en_route      *                 15/30    30/45    45/60    60/120
en_route      fire              6/10     9/15     12/20    20/30
en_route      rescue            9/15     12/20    20/30    30/45
en_route      lift_entrapment   15/25    20/30    30/45    30/60
en_route      traffic_accident  8/12     12/20    20/30    30/45
en_route      fallen_tree       20/40    40/60    90/180   240/480
on_scene      *                 180/360  240/480  240/480  240/480
on_scene      fallen_tree       60/120   90/180   120/240  180/360
reply         *                 3/5      5/10     15/30    30/60
"""
"""Chosen by this project as a start, not taken from any department's pledge: an operator replaces
them with what the operation has agreed. A severity that is not known counts as Moderate."""

_Rows = Mapping[tuple[str, str, str], Limit]


@cache
def _defaults() -> _Rows:
    rows: dict[tuple[str, str, str], Limit] = {}
    for line in _DEFAULTS.strip().splitlines()[1:]:
        step, incident_type, *cells = line.split()
        for severity, cell in zip(_SEVERITIES, cells, strict=True):
            warn, _, overdue = cell.partition("/")
            rows[step, incident_type, severity] = Limit(60 * float(warn), 60 * float(overdue))
    return rows


class Limits:
    """The limits in force: an operator's rows go before the built-in ones, all of them."""

    def __init__(self, rows: Iterable[LimitRow] = ()) -> None:
        """Put *rows* before the built-in ones; the last of two for the same thing counts."""
        own: dict[tuple[str, str, str], Limit] = {
            (row.step, row.incident_type, str(row.severity)): Limit(row.warn_s, row.overdue_s)
            for row in rows
        }
        self._tables: tuple[_Rows, ...] = (own, _defaults())

    def find(self, step: str, incident_type: str | None, severity: Severity) -> Limit:
        """Give the limit of *step*; the row that says most goes before one that says less."""
        kind = incident_type or "*"
        for table in self._tables:
            known = Severity.MODERATE if severity is Severity.UNKNOWN else severity
            for key in (
                (step, kind, severity),
                (step, kind, known),
                (step, kind, "*"),
                (step, "*", severity),
                (step, "*", known),
                (step, "*", "*"),
            ):
                if key in table:
                    return table[key]
        return Limit(None, None)

    def times(
        self,
        step: str,
        since: datetime,
        *,
        incident_type: str | None = None,
        severity: Severity = Severity.UNKNOWN,
        due_at: datetime | None = None,
    ) -> tuple[datetime | None, datetime | None]:
        """Give when to warn of a step begun at *since*, and when it is overdue; None: never.

        What must be done by *due_at* is overdue then, whatever its step.
        """
        limit = self.find(step, incident_type, severity)
        moments = (None if s is None else since + timedelta(seconds=s) for s in limit)
        warn_at, overdue_at = (
            min((moment for moment in (own, due_at) if moment is not None), default=None)
            for own in moments
        )
        return warn_at, overdue_at


@cache
def _read(file: Path) -> Limits:
    try:
        return Limits(_ROWS.validate_json(file.read_bytes()))
    except OSError as error:
        raise Misconfigured(f"COP_LIMITS_FILE {file}: {error.strerror or error}") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']}" for item in error.errors()
        )
        raise Misconfigured(f"COP_LIMITS_FILE {file}: {wrong}") from error


@cache
def _own() -> Limits:
    return Limits()


def limits_of(settings: Settings) -> Limits:
    """Give the limits of an operation; its file is read once by each process.

    Raises:
        Misconfigured: the file cannot be read, or a row in it is none.
    """
    return _own() if settings.limits_file is None else _read(settings.limits_file)
