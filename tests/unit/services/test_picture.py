"""The picture in memory: by kind, exact, and asked for one kind without looking at the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.record import Event, Record
from cop.services.picture import Picture
from tests.unit.services.features.sheets import picture_of, record
from tests.unit.services.watch.making import a_facility, an_incident


class _Sealed(dict[str, bytes]):
    """Things that nobody may look through."""

    def items(self) -> Any:
        raise AssertionError("they were looked through")

    values = __iter__ = items


def ids(found: list[tuple[str, bytes]]) -> list[str]:
    """List the ids of some features."""
    return [one for one, _ in found]


def everything(picture: Picture) -> set[str]:
    """List the ids of all that command sees."""
    return {orjson.loads(one)["id"] for one in picture.features(Audience.COMMAND)[1]}


def test_one_kind_costs_what_there_is_of_it() -> None:
    """Two hundred thousand readings cost nothing to who asks for partners twice a second."""
    picture = picture_of(a_facility(), an_incident(1), an_incident(2))
    view = picture._views[Audience.COMMAND]
    view.of[Kind.INCIDENT] = _Sealed(view.of[Kind.INCIDENT])
    assert ids(picture.of_kind(Audience.COMMAND, Kind.FACILITY)[1]) == ["facility:1"]
    assert picture.of_kind(Audience.COMMAND, Kind.PARTNER)[1] == []
    assert len(picture.select(Audience.COMMAND, {Kind.FACILITY}, None)[1]) == 1
    assert picture.find(Audience.COMMAND, "incident:2") is not None
    assert len(picture) == 3


def test_what_comes_goes_and_turns_into_something_else() -> None:
    """Each id is there once, under the kind that it has now."""
    picture = picture_of(an_incident(1), a_facility())
    other = a_facility(id="incident:1")
    turned = record(other, 2)
    picture.apply([Event("2-0", (turned,))])
    assert ids(picture.of_kind(Audience.COMMAND, Kind.FACILITY)[1]) == ["facility:1", "incident:1"]
    assert picture.of_kind(Audience.COMMAND, Kind.INCIDENT)[1] == []
    assert everything(picture) == {"facility:1", "incident:1"}
    gone: Record = replace(turned, version=3, body=b"")
    frame = picture.apply([Event("3-0", (gone,))])
    assert b'"remove":["incident:1"]' in frame.bodies[Audience.COMMAND]
    assert everything(picture) == {"facility:1"}
    assert picture.find(Audience.COMMAND, "incident:1") is None
    again = picture.apply([Event("4-0", (replace(gone, version=4),))])
    assert Audience.COMMAND not in again.bodies, "what was not there is not mentioned"
