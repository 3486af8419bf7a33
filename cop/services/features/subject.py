"""What a filter looks at: one feature, taken apart no further than the filter needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import shapely
from shapely.geometry.base import BaseGeometry

from cop.model.text import Lang
from cop.services.features.sheet import Line

Truth = bool | None
"""None: cannot be told, because something was not said."""

Test = Callable[["Subject"], Truth]

ValueType = Literal["string", "number", "boolean", "time", "geometry"]


class Subject:
    """A feature that is being looked at."""

    __slots__ = ("_shape", "feature", "lang", "line")

    def __init__(self, line: Line, lang: Lang) -> None:
        """Look at *line* as a reader of *lang*."""
        self.line = line
        self.lang: Lang = lang
        self.feature = line.feature()
        self._shape: BaseGeometry | None = None

    @property
    def properties(self) -> Mapping[str, Any]:
        """What is said of it, as the picture has it."""
        return cast("Mapping[str, Any]", self.feature["properties"])

    @property
    def shape(self) -> BaseGeometry | None:
        """Its geometry; None where it has none, or none that can be reckoned with."""
        if self._shape is None and self.line.box is not None:
            try:
                self._shape = shapely.geometry.shape(self.feature["geometry"])
            except (shapely.errors.ShapelyError, ValueError, TypeError):
                return None
        return self._shape


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison.

    Attributes:
        type: of its values. A time is a span.
        of: gets its value from a subject; None where it was not said.
        text: the words of a literal text: next to a time they are read as one; None: it is none.
        instant: a time that is one moment or day, not an interval.
    """

    type: ValueType
    of: Callable[[Subject], Any]
    text: str | None = None
    instant: bool = True
