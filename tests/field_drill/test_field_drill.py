"""The drill of cuts: again and again something goes wrong in a shift; every action counts once.

`CUTS` says how often, `SEED` which: both are printed, and with the same ones the same things go
wrong at the same steps. `make drill` runs it alone, a hundred times.
"""

from __future__ import annotations

import itertools
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from cop.model.kinds import Resource
from cop.services.accounts import add_user
from cop.services.policy import Role
from tests.browser.board import now
from tests.browser.desk_town import shelter, team
from tests.browser.town import all_well, store_all
from tests.field_drill.backend import Backend
from tests.field_drill.cutting_proxy import CuttingProxy
from tests.field_drill.drill import Cut, Drill, strikes
from tests.field_drill.phone import Phone
from tests.field_drill.shift import SHELTER, TEAM, Given, Taken, field_shift, warden_shift
from tests.field_drill.truth import (
    Action,
    check_answers,
    check_counter,
    check_journal,
    check_needs,
    check_reports,
    check_steps,
)
from tests.integration.acting import Person, people_of
from tests.integration.web_server import Server

pytestmark = [pytest.mark.browser, pytest.mark.redis]

CUTS: Final = int(os.environ.get("CUTS") or 2 * len(Cut))
"""Each kind comes as often as any other: twice at least."""
SEED: Final = int(os.environ.get("SEED", "20230907"))
BEGUN: Final = 40
PEOPLE: Final = (
    ("ho", Role.FIELD, "DSD", (TEAM,)),
    ("yip", Role.WARDEN, "HAD", (SHELTER,)),
)


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    """Give a running backend with one team and one shelter on its picture."""
    running = Backend(tmp_path)
    try:
        at = now()
        hall = shelter(at, occupancy=BEGUN, entries=(), forecast=None, stands_for=None)
        squad = Resource.model_validate({**dict(team(8, at)), "id": TEAM, "status": "available"})
        hall = hall.model_copy(update={"id": SHELTER, "capacity": 500})
        store_all(running.store, [*all_well(at), squad, hall], at)
        running.wait_ready()
        yield running
    finally:
        running.close()


@pytest.fixture
def line(backend: Backend) -> Iterator[CuttingProxy]:
    """Give the line between the phones and the backend."""
    proxy = CuttingProxy(backend.port)
    yield proxy
    proxy.close()


@pytest.fixture
def desk(backend: Backend) -> Iterator[Person]:
    """Give a duty officer, who asks past the line."""
    with people_of(Server(backend.store, backend.accounts, url=backend.url)) as add:
        yield add("wong", Role.DUTY_OFFICER, "EMSC")


def give(desk: Person, number: int, to: str, *, task: bool) -> Given:
    """Have the desk send what one shift answers: a task where *task*, an order and a roll call."""
    made = ""
    if task:
        words = f"Pump out underpass {number}"
        made = desk.done("/assignments", resource=TEAM, words=words, severity="Severe")["id"]
    order = desk.done("/orders", words=f"Say that you are there: {number}", addressees=[to])
    call = desk.done("/orders", addressees=[to], asks="all_safe")
    return Given(number, made, order["id"], call["id"])


def a_picture(folder: Path, number: int) -> Path:
    """Make a photograph that no other shift has, of more than one piece."""
    dice = random.Random(number)
    noise = Image.frombytes("RGB", (320, 240), dice.randbytes(320 * 240 * 3))
    file = folder / f"picture-{number}.jpg"
    noise.resize((1280, 960)).save(file, quality=90)
    return file


def test_every_action_counts_once(
    backend: Backend,
    line: CuttingProxy,
    desk: Person,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever is cut or killed, at any moment: all that was done is in the picture once."""
    dice = random.Random(SEED)
    going_wrong = strikes(dice, CUTS)
    drill, taken = Drill(backend, line), Taken()
    outboxes: dict[str, list[Action]] = {}
    with sync_playwright() as playwright:
        phones: dict[str, Phone] = {}
        for name, role, agency, own in PEOPLE:
            password = add_user(backend.accounts, name, role, agency=agency, belongs_to=own)
            address = f"http://127.0.0.1:{line.port}"
            phones[name] = Phone(playwright, tmp_path / name, address, (name, password))
        strike = next(going_wrong, None)
        for number in itertools.count(1):
            if strike is None and number > len(PEOPLE):
                break
            name = PEOPLE[number % 2][0]
            backend.wait_ready()
            phone = phones[name]
            phone.switch_on()
            phone.begin()
            if name == "ho":
                given = give(desk, number, "agency:DSD", task=True)
                steps = field_shift(given, a_picture(tmp_path, number), taken, name)
            else:
                given = give(desk, number, "role:warden", task=False)
                steps = warden_shift(given, taken, name)
            for step in steps:
                drill.do(phone, step, strike)
                strike = next(going_wrong, None)
            outboxes[name] = drill.let_all_out(phone)
            phone.switch_off()
        errors = [error for phone in phones.values() for error in phone.errors]
    with capsys.disabled():
        sys.stdout.write(f"\nseed {SEED}: {told(drill, outboxes)}\n")
    check_journal(backend.store, outboxes)
    check_steps(backend.store, taken.tasks)
    check_reports(backend.store, taken.reports)
    check_counter(backend.store, SHELTER, BEGUN, taken.counter)
    check_needs(backend.store, taken.needs)
    check_answers(backend.store, taken.answers)
    assert errors == []


def told(drill: Drill, outboxes: dict[str, list[Action]]) -> str:
    """Give what happened, in lines."""
    actions = [action for outbox in outboxes.values() for action in outbox]
    kinds = Counter(action["kind"] for action in actions)
    tries = sum(action["tries"] for action in actions)
    lines = [f"{sum(drill.cuts.values())} cuts, {drill.sprung} of them by a trap in a request"]
    lines += [f"  {cut:<30} {times:>4}" for cut, times in sorted(drill.cuts.items())]
    lines += [f"{len(actions)} actions, sent {tries} times, {tries - len(actions)} of them again"]
    lines += [f"  {kind:<30} {times:>4}" for kind, times in sorted(kinds.items())]
    return "\n".join(lines)
