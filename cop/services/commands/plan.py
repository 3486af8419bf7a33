"""What a command is declared with, what it plans, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from cop.model.entity import Entity, Kind
from cop.model.geometry import Geometry
from cop.model.journal import Origin
from cop.model.text import Lang, Text
from cop.services.policy import Action, Identity
from cop.services.shapes import check_shape

if TYPE_CHECKING:
    from cop.services.commands.context import Context


_SHAPES: Final = get_args(get_args(Geometry)[0])
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tabs and ends of lines: no XML can hold them, and terminals obey them;
and those that turn the direction of writing round, so that something else is read than stands."""

_DEEPEST: Final = 8
"""No words stand deeper than this in what a command is asked with."""


class Body(BaseModel):
    """What a command is asked with; nothing that it does not know is taken.

    A geometry in it is one that everything later can reckon with; see `check_shape`. Characters
    that nobody sees are left out of words: text that is pasted brings them along.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _leave_out_unseen(cls, value: Any) -> Any:
        return _seen(value)

    @model_validator(mode="after")
    def _check_shapes(self) -> Self:
        for name in self.model_fields_set:
            value = getattr(self, name)
            if isinstance(value, _SHAPES):
                check_shape(value, name)
        return self


def _seen(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return _UNSEEN.sub("", value)
    if depth == _DEEPEST:
        return value
    if isinstance(value, dict):
        return {_seen(key): _seen(part, depth + 1) for key, part in value.items()}
    return [_seen(part, depth + 1) for part in value] if isinstance(value, list) else value


def said(words: str, lang: Lang) -> Text:
    """Give what a person wrote as a text in the one language they wrote it in."""
    return {lang: words} if words else {}


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that was done all the same and should be known.

    Attributes:
        code: a word for programs.
        detail: in words.
    """

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a command would change; nothing is changed before the engine writes it.

    Attributes:
        puts: entities as they should be. One that was read is written over the version read; one
            that was not must not exist. One that is as stored already is left alone.
        removes: ids, each read before, to take off the picture.
        about: ids under whose history it is listed as well, if anything is changed.
        reason: why, in the words of whoever asked.
        cautions: what should be known.
        undoable: whether whoever did it may take it back for a short time.
        undoes: number of the journal's entry that it takes back.
        main: id of what it is about, where the request does not name that itself.
        noted: it stands in the journal even if it changes nothing.
    """

    puts: tuple[Entity, ...] = ()
    removes: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    reason: str = ""
    cautions: tuple[Caution, ...] = ()
    undoable: bool = False
    undoes: int | None = None
    main: str = ""
    noted: bool = False


Planner = Callable[["Context", str, Any], Plan]
"""Given the context, the id in the path ("" where there is none) and the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing that people can do.

    Attributes:
        actions: the rows of the policy's table that it may come under; the plan asks for the one
            that fits what is asked.
        method, path: of its route below `/api/v1`; `{id}` stands for the id of what is changed.
        body: what it is asked with; None where there is nothing to say.
        plan: makes the plan.
        makes: the kind of entity that it makes; None: it changes what is there.
        matched: whether the version that the change was made from must be said.
        summary: one line for the documentation.
        example: a body that is valid.
    """

    actions: tuple[Action, ...]
    method: Literal["POST", "PATCH", "DELETE"]
    path: str
    body: type[Body] | None
    plan: Planner
    makes: Kind | None = None
    matched: bool = False
    summary: str
    example: Mapping[str, Any] = field(default_factory=dict)


_PAGE: Final = Origin(address="", entrance="page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request for a command.

    Attributes:
        identity: who asks.
        key: their idempotency key.
        expected: the version that the change was made from; None where it was not said.
        origin: from where, and by which door: `page`, `token`, `cli`.
    """

    identity: Identity
    key: str
    expected: int | None = None
    origin: Origin = _PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a command.

    Attributes:
        id: of what was made or changed.
        version: of it after the command.
        cursor: of the picture that has it.
        repeated: the key was seen before: nothing was done this time.
        journal: number of the journal's entry; 0 where nothing was changed.
        undo_until: until when whoever did it may take it back; None: they may not.
        cautions: what should be known.
    """

    id: str
    version: int
    cursor: str
    repeated: bool
    journal: int
    undo_until: datetime | None = None
    cautions: tuple[Caution, ...] = ()
