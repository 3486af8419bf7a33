"""A command is done once, over what it was planned from, and leaves one entry in the journal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from cop.errors import IdempotencyMismatch, Invalid, NotFound, NotPermitted, NotPossible, Stale
from cop.model.entity import Kind
from cop.model.kinds import Incident
from cop.model.record import Answer, Record, Write
from cop.services.commands.engine import perform
from cop.services.commands.plan import Asked, Body, Command, Outcome, Plan
from cop.services.policy import Action, Role
from cop.store.codec import ANSWER_KEPT_MS
from cop.store.memory import MemoryStore
from tests.unit.services.commands.acting import CHIEF, DUTY, Room, who

FIRE: dict[str, Any] = {"incident_type": "fire", "words": "smoke"}


@pytest.fixture
def room() -> Room:
    """Give an empty desk."""
    return Room()


def said(outcome: Outcome) -> Outcome:
    """Give an outcome but for whether it was repeated."""
    return replace(outcome, repeated=False)


def test_a_repeated_request_gives_the_first_answer(room: Room) -> None:
    """However often it comes, and whatever happened since, it is done once and answered alike."""
    first = room.do("POST /incidents", key="k", **FIRE)
    moved = room.do(
        "POST /incidents/{id}/status", CHIEF, first.id, key="m", status="verified", made_from=1
    )
    room.do("POST /incidents/{id}/status", CHIEF, first.id, key="n", status="closed")
    for _ in range(3):
        again = room.do("POST /incidents", key="k", **FIRE)
        assert again.repeated
        assert said(again) == first
        late = room.do(
            "POST /incidents/{id}/status", CHIEF, first.id, key="m", status="verified", made_from=1
        )
        assert said(late) == moved
    assert room.see(first.id, Incident).status == "closed"
    assert room.store.journal_head()[0] == 3


def test_requests_may_arrive_in_another_order(room: Room) -> None:
    """An edit that arrives before the report it is about is refused, and done when sent again."""
    made = Room().do("POST /incidents", key="k", **FIRE).id
    edit: dict[str, Any] = {"target": made, "key": "e", "made_from": 1, "words": "flames"}
    with pytest.raises(NotFound):
        room.do("PATCH /incidents/{id}", CHIEF, **edit)
    assert room.do("POST /incidents", key="k", **FIRE).id == made
    assert room.do("PATCH /incidents/{id}", CHIEF, **edit).version == 2
    assert room.do("PATCH /incidents/{id}", CHIEF, **edit).repeated


def test_a_key_is_for_one_request(room: Room) -> None:
    """The same key with another body, version or route is refused; another account's is its own."""
    made = room.do("POST /incidents", key="k", **FIRE)
    with pytest.raises(IdempotencyMismatch):
        room.do("POST /incidents", key="k", **{**FIRE, "words": "flames"})
    with pytest.raises(IdempotencyMismatch):
        room.do("PATCH /incidents/{id}", CHIEF, made.id, key="k", words="flames")
    assert room.do("POST /incidents", DUTY, key="k", **FIRE).id != made.id
    room.do("PATCH /incidents/{id}", CHIEF, made.id, key="e", made_from=1, words="flames")
    with pytest.raises(IdempotencyMismatch):
        room.do("PATCH /incidents/{id}", CHIEF, made.id, key="e", made_from=2, words="flames")


def test_what_changed_nothing_is_repeated_as_that(room: Room) -> None:
    """A key whose request changed nothing is spent all the same: a late retry does nothing."""
    made = room.do("POST /incidents", **FIRE).id
    same: dict[str, Any] = {"target": made, "key": "k", "severity": "Unknown"}
    first = room.do("PATCH /incidents/{id}", CHIEF, **same)
    assert (first.journal, first.version, first.repeated) == (0, 1, False)
    room.do("PATCH /incidents/{id}", CHIEF, made, severity="Severe")
    again = room.do("PATCH /incidents/{id}", CHIEF, **same)
    assert again.repeated
    assert room.see(made, Incident).severity == "Severe"
    with pytest.raises(IdempotencyMismatch):
        room.do("PATCH /incidents/{id}", CHIEF, made, key="k", severity="Minor")


def test_a_crowd_of_duplicates_is_one_deed(room: Room) -> None:
    """Twenty at the same moment: one incident, one entry, one answer."""
    with ThreadPoolExecutor(20) as crowd:
        outcomes = list(crowd.map(lambda _: room.do("POST /incidents", key="k", **FIRE), range(20)))
    assert len({(o.id, o.version, o.cursor, o.journal) for o in outcomes}) == 1
    assert sum(not outcome.repeated for outcome in outcomes) == 1
    assert len(room.store.by_kind(Kind.INCIDENT)) == 1
    assert room.store.journal_head()[0] == 1


def test_a_key_that_was_forgotten_does_nothing_twice() -> None:
    """After a day the answer is forgotten; the same request makes no second incident."""
    now = [1_000]
    room = Room(store=MemoryStore(now_ms=lambda: now[0]))
    room.do("POST /incidents", key="k", **FIRE)
    now[0] += ANSWER_KEPT_MS + 1
    with pytest.raises(NotPossible) as refused:
        room.do("POST /incidents", key="k", **FIRE)
    assert refused.value.code == "key-used"
    assert len(room.store.by_kind(Kind.INCIDENT)) == 1


class Contended(MemoryStore):
    """A store in which somebody else writes just before some of the writes."""

    def __init__(self) -> None:
        """Begin in peace."""
        super().__init__()
        self.meanwhile: list[Any] = []

    def write(self, writes: Any, **rest: Any) -> Answer:
        """Let somebody else go first."""
        if self.meanwhile:
            others, self.meanwhile = self.meanwhile, []
            others.pop()()
            self.meanwhile = others
        return super().write(writes, **rest)


def test_another_change_in_between_is_built_upon() -> None:
    """Without a version, a change is planned again from what is there now; both changes stay."""
    store = Contended()
    room = Room(store=store)
    made = room.do("POST /incidents", **FIRE).id
    store.meanwhile = [lambda: room.do("PATCH /incidents/{id}", DUTY, made, severity="Severe")]
    assert room.do("PATCH /incidents/{id}", CHIEF, made, words="flames").version == 3
    stored = room.see(made, Incident)
    assert (stored.severity, stored.title) == ("Severe", {"en": "flames"})


def test_another_change_in_between_is_told() -> None:
    """With the version that was seen, whoever comes second is told, however narrow the race."""
    store = Contended()
    room = Room(store=store)
    made = room.do("POST /incidents", **FIRE).id
    store.meanwhile = [lambda: room.do("PATCH /incidents/{id}", DUTY, made, severity="Severe")]
    with pytest.raises(Stale) as refused:
        room.do("PATCH /incidents/{id}", CHIEF, made, made_from=1, words="flames")
    assert refused.value.entity_id == made
    with pytest.raises(Stale):
        room.do("PATCH /incidents/{id}", CHIEF, made, made_from=1, words="flames")
    assert room.see(made, Incident).title == {"en": "smoke"}


def test_endless_contention_ends() -> None:
    """Where others are always faster, it is said, and nothing was done."""
    store = Contended()
    room = Room(store=store)
    made = room.do("POST /incidents", **FIRE).id
    words = iter(range(100))

    def change() -> None:
        room.do("PATCH /incidents/{id}", DUTY, made, words=f"{next(words)}")

    store.meanwhile = [change] * 50
    with pytest.raises(NotPossible) as refused:
        room.do("PATCH /incidents/{id}", CHIEF, made, severity="Severe")
    assert refused.value.code == "busy"


def plan_that_asks_nobody(_: Any, __: str, ___: Any) -> Plan:
    """Plan without asking the policy."""
    return Plan()


def plan_nonsense(ctx: Any, _: str, __: Any) -> Plan:
    """Plan an incident that is none."""
    ctx.permit(Action.REPORT_INCIDENT)
    return Plan(puts=(Incident.model_validate({"id": "incident:1"}),))


def command(plan: Any) -> Command:
    """Make a command with *plan*."""
    return Command(
        actions=(Action.REPORT_INCIDENT,),
        method="POST",
        path="/nothing",
        body=Body,
        plan=plan,
        summary="",
    )


def test_a_plan_that_forgets_the_policy_is_a_defect(room: Room) -> None:
    """Nothing is written that the policy was not asked about."""
    with pytest.raises(RuntimeError, match="policy"):
        perform(room.desk, command(plan_that_asks_nobody), "", None, Asked(identity=CHIEF, key="k"))


def test_what_makes_no_entity_is_what_was_sent(room: Room) -> None:
    """What a plan cannot make an entity of is told field by field."""
    with pytest.raises(Invalid) as refused:
        perform(room.desk, command(plan_nonsense), "", None, Asked(identity=CHIEF, key="k"))
    assert "status" in {where for where, _ in refused.value.found}


def test_nobody_reads_before_they_may(room: Room) -> None:
    """A role that may never do it is refused whatever it names; a first answer is not told."""
    made = room.do("POST /incidents", CHIEF, key="k", **FIRE)
    viewer = who(Role.VIEWER, name=CHIEF.name)
    with pytest.raises(NotPermitted):
        room.do("PATCH /incidents/{id}", viewer, "incident:none", words="x")
    with pytest.raises(NotPermitted):
        room.do("POST /incidents", viewer, key="k", **FIRE)
    assert room.store.journal_head()[0] == made.journal


class Damaged(MemoryStore):
    """A store in which an entity is broken."""

    def read(self, ids: Any) -> dict[str, Record]:
        """Give nonsense for the broken one."""
        broken = "incident:broken"
        found = super().read(ids)
        return found | ({broken: self._nonsense()} if broken in list(ids) else {})

    def by_kind(self, kind: Kind) -> dict[str, Record]:
        """List the broken one too."""
        return super().by_kind(kind) | {"incident:broken": self._nonsense()}

    @staticmethod
    def _nonsense() -> Record:
        return Record("incident:broken", Kind.INCIDENT, 1, 0, b'{"kind":"incident"}')


def test_a_broken_entity_is_our_fault_and_stops_nobody_else() -> None:
    """What is stored wrongly is a defect, not a bad request; other work goes on around it."""
    room = Room(store=Damaged())
    with pytest.raises(RuntimeError, match="stored"):
        room.do("PATCH /incidents/{id}", CHIEF, "incident:broken", words="x")
    major = room.do("POST /incidents", **FIRE).id
    assert room.do("POST /incidents", parent=major, **FIRE).version == 1


def test_a_write_is_at_most_what_the_plan_changes(room: Room) -> None:
    """Only what differs is written; the version is that of what was asked about."""
    writes: list[list[Write]] = []

    class Watched(MemoryStore):
        def write(self, given: Any, **rest: Any) -> Answer:
            writes.append(list(given))
            return super().write(given, **rest)

    room = Room(store=Watched())
    major = room.do("POST /incidents", **FIRE).id
    part = room.do("POST /incidents", parent=major, **FIRE).id
    assert [write.id for write in writes[-1] if not write.check] == [part]
    assert [write.id for write in writes[-1] if write.check] == [major]
    assert writes[-1][0].expected == 0
