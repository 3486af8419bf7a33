"""What must be so at the end: every action that was taken stands in the picture exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from cop.model.entity import Entity, Kind
from cop.model.journal import Deed
from cop.model.kinds import Assignment, Facility, Incident, Need, decode
from cop.services.journal_proof import Anchors, verify
from cop.store.port import Store

_OF_A_PERSON: Final = frozenset(
    ("step", "answer", "incident", "photo", "entry", "need", "status", "remark")
)
"""What a person does; what the phone says by itself (that it has shown something) is the rest."""

Action = Mapping[str, Any]
"""An action as `cop.outbox.list()` gives it."""


def scripted(actions: Iterable[Action]) -> list[Action]:
    """Leave out what the phone says by itself."""
    return [action for action in actions if action["kind"] in _OF_A_PERSON]


def deeds_of(store: Store, names: Iterable[str]) -> list[Deed]:
    """Give everything in the journal that people of those names did under a key, in order."""
    wanted, (head, _) = set(names), store.journal_head()
    deeds = [Deed.decode(link.body) for link in store.journal(range(1, head + 1))]
    return [deed for deed in deeds if deed.who.name in wanted and deed.key]


def of_kind(store: Store, kind: Kind) -> list[Entity]:
    """Give every entity of *kind* on the picture."""
    return [decode(record.body) for record in store.by_kind(kind).values()]


def check_journal(store: Store, outboxes: Mapping[str, Sequence[Action]]) -> None:
    """Each action of each person (name to outbox) was confirmed, and is in the journal once.

    Nothing else is there under their names, and the chain of the journal is whole.
    """
    assert verify(store, Anchors()).faults == ()
    for name, actions in outboxes.items():
        unsent = [action for action in actions if action["state"] != "confirmed"]
        assert unsent == [], unsent
        deeds = Counter(deed.key for deed in deeds_of(store, [name]))
        assert {key: n for key, n in deeds.items() if n > 1} == {}, "applied twice"
        taken = {action["key"] for action in actions}
        assert set(deeds) <= taken, "applied, and nobody did it"
        missing = [action for action in scripted(actions) if action["key"] not in deeds]
        assert missing == [], "told to be confirmed, and not in the journal"


def check_steps(store: Store, tasks: Mapping[str, Sequence[str]]) -> None:
    """Each task (id to the steps that were pressed) ended, with its steps in order, each once."""
    found = {one.id: one for one in of_kind(store, Kind.ASSIGNMENT) if isinstance(one, Assignment)}
    assert tasks.keys() <= found.keys()
    for task, pressed in tasks.items():
        times = [found[task].steps[step] for step in pressed]  # type: ignore[index]
        assert times == sorted(times), f"{task}: steps out of order"
        assert found[task].status == pressed[-1]
        deeds = [Deed.decode(link.body) for link in store.journal_of(task)]
        said = [
            change.after["status"]
            for deed in deeds
            for change in deed.changes
            if change.id == task and "status" in change.after
        ]
        assert [step for step in said if step in pressed] == list(pressed)


def check_reports(store: Store, words: Iterable[str]) -> None:
    """There is one incident for each report, with its one picture, and none besides."""
    found: dict[str, list[Incident]] = {one: [] for one in words}
    for incident in of_kind(store, Kind.INCIDENT):
        said = next(iter(incident.title.values()), "")
        if isinstance(incident, Incident) and incident.reported_by == "field":
            assert said in found, f"nobody reported {said!r}"
            found[said].append(incident)
    assert {said: len(ones) for said, ones in found.items() if len(ones) != 1} == {}
    pictures = {said: len(ones[0].attachments) for said, ones in found.items()}
    assert {said: n for said, n in pictures.items() if n != 1} == {}


def check_counter(store: Store, facility: str, begun: int, changes: int) -> None:
    """The counter of *facility* is what it was plus all changes, and its book agrees."""
    kept = decode(store.read([facility])[facility].body)
    assert isinstance(kept, Facility)
    assert kept.occupancy == begun + changes
    assert kept.entries[-1].occupancy == begun + changes


def check_needs(store: Store, asked: Iterable[tuple[str, int]]) -> None:
    """Each need (its item and how many) was asked for once."""
    needs = [one for one in of_kind(store, Kind.NEED) if isinstance(one, Need)]
    assert Counter((need.item, need.quantity) for need in needs) == Counter(asked)


def check_answers(store: Store, answers: Mapping[tuple[str, str], str | None]) -> None:
    """Each order has its answer: (order, account) to `safe`, `help`, or None for seen and done."""
    receipts = {
        (one.subject, one.recipient): one  # type: ignore[attr-defined]
        for one in of_kind(store, Kind.RECEIPT)
    }
    for (order, name), answer in answers.items():
        receipt: Any = receipts[order, name]
        assert receipt.acknowledged_at is not None
        assert receipt.answer == answer
