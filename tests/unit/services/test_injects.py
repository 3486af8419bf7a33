"""Injects: an exercise begins with somebody's duty, given by the commands, once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cop.clock import RealClock, ScenarioClock
from cop.config import Settings
from cop.errors import Misconfigured
from cop.launcher.rosters import injects_of, roster_of
from cop.launcher.sign_ins import open_sign_ins
from cop.model.entity import Kind
from cop.model.journal import Deed
from cop.model.kinds import Assignment, Order, Resource, decode
from cop.model.response import OPEN_ASSIGNMENT
from cop.services.commands.desk import Desk
from cop.services.injects import CONTROL, Inject, do_injects, read_injects
from cop.services.roster import load_roster, read_roster
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore
from workers.replay import find_scenario, find_scenarios


def a_desk(scenario: str) -> Desk:
    """Give the desk of an exercise at its beginning, with its roster and its sign-ins."""
    start = find_scenario(scenario).start
    clock = ScenarioClock(start, datetime.now(UTC), 1)
    settings = Settings(operation="exercise-x", scenario=scenario)
    desk = Desk(MemoryStore(), MemoryAccounts(), clock, settings)
    file = roster_of(scenario)
    assert file is not None
    load_roster(desk, read_roster(file))
    open_sign_ins(desk.accounts, "exercise-x")
    return desk


def one(desk: Desk, entity_id: str) -> Any:
    """Give one entity as it is stored."""
    return decode(desk.store.read([entity_id])[entity_id].body)


@pytest.mark.parametrize("scenario", sorted(find_scenarios()))
def test_the_sign_ins_of_each_scenario_have_a_duty(scenario: str) -> None:
    """The field account's team has an open task with a time; both it and the warden an order."""
    desk, file = a_desk(scenario), injects_of(scenario)
    assert file is not None
    assert do_injects(desk, read_injects(file)) == len(read_injects(file))
    team = one(desk, "resource:demo-team-1")
    assert isinstance(team, Resource)
    (task,) = (one(desk, task) for task in team.assignments)
    assert isinstance(task, Assignment)
    assert task.status in OPEN_ASSIGNMENT
    assert task.geometry is not None
    assert task.due_at is not None
    assert task.incident is not None
    assert one(desk, task.incident).severity == "Severe"
    orders = [decode(record.body) for record in desk.store.by_kind(Kind.ORDER).values()]
    told = [name for order in orders if isinstance(order, Order) for name in order.recipients]
    assert {"field", "warden"} <= set(told)


def test_what_was_done_is_not_done_again() -> None:
    """After a restart there is no second task; the journal says who did the first."""
    desk, file = a_desk("black-rainstorm-2023"), injects_of("black-rainstorm-2023")
    assert file is not None
    injects = read_injects(file)
    do_injects(desk, injects[:1])
    assert do_injects(desk, injects) == len(injects) - 1
    head = desk.store.journal_head()
    assert do_injects(desk, injects) == 0
    assert desk.store.journal_head() == head
    deeds = [Deed.decode(link.body) for link in desk.store.journal(range(1, head[0] + 1))]
    assert [deed.who.name for deed in deeds].count(CONTROL.name) == len(injects)


def test_injects_are_for_exercises_alone(tmp_path: Path) -> None:
    """The live operation takes none, and what makes nothing is no inject."""
    live = Desk(MemoryStore(), MemoryAccounts(), RealClock(), Settings(operation="live"))
    with pytest.raises(Misconfigured, match="exercises"):
        do_injects(live, ())
    wrong = Inject(key="x", path="/incidents/{id}/status", body={"status": "verified"})
    with pytest.raises(Misconfigured, match="makes"):
        do_injects(a_desk("black-rainstorm-2023"), (wrong,))
    file = tmp_path / "injects.json"
    with pytest.raises(Misconfigured, match="No such file"):
        read_injects(file)
    file.write_text('[{"key": "A b"}]')
    with pytest.raises(Misconfigured, match="key"):
        read_injects(file)
