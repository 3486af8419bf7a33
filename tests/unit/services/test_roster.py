from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from cop.cli import main
from cop.clock import RealClock
from cop.config import Settings
from cop.errors import Misconfigured
from cop.launcher.rosters import roster_of
from cop.launcher.sign_ins import _USERS
from cop.model.entity import Kind
from cop.model.geometry import HONG_KONG_BBOX, inside, point
from cop.model.journal import Deed
from cop.model.kinds import Facility, Resource, decode
from cop.model.record import put
from cop.model.response import SKILLS
from cop.model.text import LANGS
from cop.services.commands.desk import Desk
from cop.services.roster import MOST_AT_ONCE, Roster, load_roster, read_roster
from cop.services.suggest import WANTED
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore
from workers.replay import find_scenarios

TEAM: dict[str, Any] = {
    "id": "resource:t-1",
    "resource_type": "team",
    "name": {"en": "Team 1"},
    "agency": "DSD",
    "skills": ["pumping"],
    "strength": 4,
    "geometry": {"type": "Point", "coordinates": [114.17, 22.32]},
}
SHELTER: dict[str, Any] = {
    "id": "facility:s-1",
    "facility_type": "shelter",
    "name": {"en": "Shelter 1"},
    "agency": "HAD",
    "capacity": 50,
}
SCENARIOS = sorted(find_scenarios())


@pytest.fixture
def desk() -> Desk:
    """Give the desk of an exercise with nothing on its picture."""
    settings = Settings(operation="exercise-x")
    return Desk(MemoryStore(), MemoryAccounts(), RealClock(), settings)


def a_roster(*listed: dict[str, Any], **fields: Any) -> Roster:
    """Make a roster of *listed* resources and facilities."""
    return Roster.model_validate(
        {
            "about": {"en": "test"},
            "synthetic": True,
            "resources": [one for one in listed if one["id"].startswith("resource")],
            "facilities": [one for one in listed if one["id"].startswith("facility")],
            **fields,
        }
    )


def stored(desk: Desk) -> dict[str, Any]:
    """Give the entities on the picture by id."""
    return {key: decode(one.body) for key, one in desk.store.snapshot().records.items()}


def test_loads_and_writes_down_who_did(desk: Desk) -> None:
    """A first loading makes everything in one entry of the journal, done at the machine."""
    assert load_roster(desk, a_roster(TEAM, SHELTER)) == (2, 0, 0)
    team, shelter = stored(desk)["resource:t-1"], stored(desk)["facility:s-1"]
    assert (team.status, team.geometry, team.agency) == ("available", point(114.17, 22.32), "DSD")
    assert team.position_at is not None
    assert (shelter.status, shelter.capacity, shelter.publisher) == ("standby", 50, "HAD")
    (link,) = desk.store.journal([1])
    deed = Deed.decode(link.body)
    assert (deed.who.name, deed.who.role, deed.origin.entrance) == ("cli", "machine", "cli")
    assert {change.id for change in deed.changes} == {"resource:t-1", "facility:s-1"}


def test_loading_again_changes_nothing(desk: Desk) -> None:
    """The same file a second time writes nothing and leaves no trace."""
    load_roster(desk, a_roster(TEAM, SHELTER))
    cursor, head = desk.store.cursor(), desk.store.journal_head()
    assert load_roster(desk, a_roster(TEAM, SHELTER)) == (0, 0, 2)
    assert (desk.store.cursor(), desk.store.journal_head()) == (cursor, head)


def test_loading_again_keeps_what_has_happened(desk: Desk) -> None:
    """The file's words are taken over; position, status, tasks and counters stay as they became."""
    load_roster(desk, a_roster(TEAM, SHELTER))
    moved = Resource.model_validate(
        {
            **dict(stored(desk)["resource:t-1"]),
            "geometry": point(114.2, 22.3),
            "position_at": datetime(2026, 1, 1, tzinfo=UTC),
            "status": "assigned",
            "assignments": ("assignment:a",),
        }
    )
    filled = Facility.model_validate(
        {**dict(stored(desk)["facility:s-1"]), "status": "open", "occupancy": 12}
    )
    desk.store.write([put(moved), put(filled)], fetched_ms=0)
    again = a_roster({**TEAM, "strength": 9}, {**SHELTER, "capacity": 60})
    assert load_roster(desk, again) == (0, 2, 0)
    assert stored(desk)["resource:t-1"] == moved.model_copy(update={"strength": 9})
    assert stored(desk)["facility:s-1"] == filled.model_copy(update={"capacity": 60})


def test_what_is_not_listed_stays(desk: Desk) -> None:
    """Loading a shorter file takes nothing off the picture."""
    load_roster(desk, a_roster(TEAM, SHELTER))
    assert load_roster(desk, a_roster(SHELTER)) == (0, 0, 1)
    assert "resource:t-1" in stored(desk)


def test_large_rosters_are_loaded_in_parts(desk: Desk) -> None:
    """More than fit into one write are loaded all the same."""
    count = 2 * MOST_AT_ONCE + 1
    teams = [{**TEAM, "id": f"resource:t-{n}"} for n in range(count)]
    assert load_roster(desk, a_roster(*teams, SHELTER)) == (count + 1, 0, 0)
    assert len(desk.store.by_kind(Kind.RESOURCE)) == count


def test_the_invented_never_becomes_live() -> None:
    """A synthetic roster is refused in the live operation; a real one is not."""
    desk = Desk(MemoryStore(), MemoryAccounts(), RealClock(), Settings(operation="live"))
    with pytest.raises(Misconfigured, match="synthetic"):
        load_roster(desk, a_roster(TEAM))
    assert stored(desk) == {}
    assert load_roster(desk, a_roster(TEAM, synthetic=False)) == (1, 0, 0)


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ({**TEAM, "id": "resource:T 1"}, "resources.0.id"),
        ({**TEAM, "agency": "XYZ"}, "no agency"),
        ({**TEAM, "skills": ["flying"]}, "resources.0.skills"),
        ({**TEAM, "status": "assigned"}, "resources.0.status"),
        ({**TEAM, "phone": "1"}, "resources.0.phone"),
        ({**TEAM, "name": {}}, "resources.0.name"),
        ({**SHELTER, "facility_type": "pub"}, "facilities.0.facility_type"),
        (
            {
                **TEAM,
                "area": {
                    "type": "Polygon",
                    "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]],
                },
            },
            "must not cross",
        ),
    ],
)
def test_a_file_that_is_none_says_why(tmp_path: Path, listed: dict[str, Any], says: str) -> None:
    """What is wrong, and where, in one line, from the command as well."""
    which = "resources" if listed["id"].startswith("resource") else "facilities"
    file = tmp_path / "roster.json"
    file.write_text(json.dumps({"about": {"en": "x"}, "synthetic": True, which: [listed]}))
    with pytest.raises(Misconfigured, match=says):
        read_roster(file)
    answer = CliRunner().invoke(main, ["roster", "check", str(file)])
    assert answer.exit_code == 1
    assert len(answer.output.splitlines()) == 1


def test_nothing_is_listed_twice(tmp_path: Path) -> None:
    """An id may stand in a file once; a file that is not there is told."""
    file = tmp_path / "roster.json"
    file.write_bytes(
        orjson.dumps({"about": {"en": "x"}, "synthetic": True, "resources": [TEAM, TEAM]})
    )
    with pytest.raises(Misconfigured, match="more than once: resource:t-1"):
        read_roster(file)
    with pytest.raises(Misconfigured, match="No such file"):
        read_roster(tmp_path / "none.json")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_each_scenario_has_its_teams(scenario: str) -> None:
    """About forty teams in three languages, labelled synthetic, with those of the sign-ins."""
    file = roster_of(scenario)
    assert file is not None
    roster = read_roster(file)
    assert roster.synthetic
    assert 40 <= len(roster.resources) <= 60
    listed = roster.listed
    assert all(one.name.keys() == set(LANGS) for one in listed)
    assert {own for *_, owned in _USERS for own in owned} <= {one.id for one in listed}
    team = next(one for one in roster.resources if one.id == "resource:demo-team-1")
    assert team.agency == "DSD"
    assert team.area is not None
    agencies = {one.agency for one in listed}
    assert agencies >= {
        *("DSD", "HYD", "FSD", "HKPF", "AMS"),
        *("CAS", "LCSD", "GEO", "SJAB", "HKRC"),
    }
    for one in roster.resources:
        assert one.geometry is not None
        assert inside(one.geometry.coordinates, HONG_KONG_BBOX)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_there_is_somebody_for_every_incident(scenario: str, desk: Desk) -> None:
    """Among the exercise's teams some are suitable for each type of incident; `check` counts."""
    file = roster_of(scenario)
    assert file is not None
    skills = {skill for one in read_roster(file).resources for skill in one.skills}
    assert all(skills & set(wanted) for wanted in WANTED.values() if wanted)
    assert skills <= set(SKILLS)
    said = CliRunner().invoke(main, ["roster", "check", str(file)])
    assert said.exit_code == 0
    assert "synthetic" in said.output
    made = load_roster(desk, read_roster(file)).made
    assert made == len(desk.store.snapshot().records)
