"""Injects: what the control of an exercise puts into it, by the same commands as everybody else.

An exercise that goes on after a restart has had them: each is done once, however often it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter, ValidationError

from cop.errors import Misconfigured
from cop.model.journal import Origin
from cop.services.commands.context import made_id
from cop.services.commands.desk import Desk
from cop.services.commands.engine import perform
from cop.services.commands.plan import Asked, Body, Command
from cop.services.commands.registry import find_commands
from cop.services.policy import Identity, Role

CONTROL: Final = Identity(name="exercise-control", role=Role.DUTY_OFFICER, agency="EMSC")
"""Whose deeds they are."""

_REFERENCE: Final = "inject:"


class Inject(Body):
    """One thing that is made when an exercise begins.

    Attributes:
        key: what other injects call it: a value `inject:KEY` in a body is the id of what it made.
        path: of the command that makes it, for example `/incidents`.
        body: what the command is asked with.
        in_min: fields of the body that are times, as minutes from the beginning.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    path: str
    body: dict[str, Any]
    in_min: dict[str, Annotated[float, Field(gt=0, le=24 * 60)]] = Field(default_factory=dict)


_FILE: Final = TypeAdapter(tuple[Inject, ...])


def read_injects(file: Path) -> tuple[Inject, ...]:
    """Read injects, in the order in which they are to be done.

    Raises:
        Misconfigured: the file cannot be read, or holds something else; the message says where.
    """
    try:
        return _FILE.validate_json(file.read_bytes())
    except OSError as error:
        raise Misconfigured(f"{file}: {error.strerror or error}") from error
    except ValidationError as error:
        raise Misconfigured(f"{file}: {error}") from error


def do_injects(desk: Desk, injects: tuple[Inject, ...]) -> int:
    """Do what has not been done yet; tell how many those were.

    Raises:
        Misconfigured: it is no exercise, or there is no such command.
        ValidationError: a body is none of its command.
        NotPossible: one cannot be done as the picture is.
        StoreUnavailable: the store does not answer; doing them again goes on where it ended.
    """
    if not desk.settings.exercise:
        raise Misconfigured("injects are for exercises, never for the live operation")
    makers = {command.path: command for command in find_commands() if command.makes}
    made: dict[str, str] = {}
    done = 0
    for inject in injects:
        command = makers.get(inject.path)
        if command is None:
            raise Misconfigured(f"{inject.key}: no command at {inject.path} makes anything")
        made[inject.key], new = _do(desk, command, inject, made)
        done += new
    return done


def _do(desk: Desk, command: Command, inject: Inject, made: Mapping[str, str]) -> tuple[str, bool]:
    """Do *inject* unless what it makes is there; give that thing's id, and whether it is new."""
    origin = Origin(address="", entrance="cli")
    asked = Asked(identity=CONTROL, key=f"inject-{inject.key}", origin=origin)
    assert command.makes is not None  # noqa: S101 - those alone are looked up
    made_here = made_id(command.makes, asked)
    if desk.store.read([made_here]):
        return made_here, False
    now = desk.clock.now()
    times = {name: now + timedelta(minutes=minutes) for name, minutes in inject.in_min.items()}
    words = {name: _referred(value, made) for name, value in inject.body.items()}
    assert command.body is not None  # noqa: S101 - what makes something says what
    outcome = perform(desk, command, "", command.body.model_validate(words | times), asked)
    return outcome.id, not outcome.repeated


def _referred(value: Any, made: Mapping[str, str]) -> Any:
    if isinstance(value, str) and value.startswith(_REFERENCE):
        return made.get(value.removeprefix(_REFERENCE), value)
    return value
