"""What somebody does in a shift, by pressing the page's buttons, and how it shows that it took.

A person looks before they press: a step is done when the phone's own outbox lists it, however often
page, browser or server ended in between. Only what is not listed is pressed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.field_drill.phone import Phone
from tests.field_drill.truth import Action

TEAM: Final = "resource:drill-team"
SHELTER: Final = "facility:drill-hall"
STEPS: Final = ("acknowledged", "en_route", "on_scene", "completed")
NEEDED: Final = "bedding"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done: how it is pressed, and when the outbox shows that it was."""

    name: str
    press: Callable[[Phone], object]
    is_taken: Callable[[Sequence[Action]], bool]


@dataclass(frozen=True, slots=True)
class Given:
    """What the desk gave for one shift: ids of the task, the order and the roll call."""

    number: int
    task: str = ""
    order: str = ""
    roll_call: str = ""


@dataclass(slots=True)
class Taken:
    """What was done in all shifts: what the picture must show in the end.

    Attributes:
        counter: sum of all changes of the shelter's counter.
        tasks: task to the steps pressed.
        reports: words of each report.
        needs: item and quantity of each need.
        answers: order and account to the answer.
    """

    counter: int = 0
    tasks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)
    needs: list[tuple[str, int]] = field(default_factory=list)
    answers: dict[tuple[str, str], str | None] = field(default_factory=dict)


def _click(screen: str, key: str) -> Callable[[Phone], None]:
    def press(phone: Phone) -> None:
        phone.show(screen)
        phone.control(key).click()

    return press


def _has(kind: str, about: str | None, **said: Any) -> Callable[[Sequence[Action]], bool]:
    """Tell of an outbox whether it lists an action of *kind* about an entity that says so."""

    def is_taken(actions: Sequence[Action]) -> bool:
        return any(
            action["kind"] == kind
            and (about is None or action["about"] == about)
            and said.items() <= (action["body"] or {}).items()
            for action in actions
        )

    return is_taken


def _counted(total: int) -> Callable[[Sequence[Action]], bool]:
    def is_taken(actions: Sequence[Action]) -> bool:
        entries = [one["body"] for one in actions if one["kind"] == "entry"]
        return sum(body.get("change", 0) for body in entries) == total

    return is_taken


def _report(words: str, picture: Path) -> Step:
    def press(phone: Phone) -> None:
        phone.show("report")
        if phone.control("send").count() == 0:  # what was half-said may be there still
            phone.control("type flooding").click()
        phone.control("quick words").fill(words)
        if phone.page.locator(".photo-strip img").count() == 0:
            with phone.page.expect_file_chooser() as asked:
                phone.control("draft choose").click()
            asked.value.set_files(picture)
            phone.page.locator(".photo-strip img").wait_for()
        phone.page.locator(".quick-place-words:not(.is-bad)").wait_for()
        phone.control("send").click()

    def is_taken(actions: Sequence[Action]) -> bool:
        for action in actions:
            if action["kind"] == "incident" and action["body"].get("words") == words:
                return any(one["after"] == action["key"] for one in actions)
        return False

    return Step("report with a photo", press, is_taken)


def field_shift(given: Given, picture: Path, taken: Taken, name: str) -> Iterator[Step]:
    """Give the steps of somebody in a team; *taken* is what they come to."""
    words = f"Drill: water over the kerb, {given.number}"
    for step in STEPS[:3]:
        yield Step(step, _click("duty", "next-step"), _has("step", given.task, status=step))
        if step == "acknowledged":
            yield from _answers(given, taken, name)
    yield _report(words, picture)
    taken.reports.append(words)
    yield Step(STEPS[3], _click("duty", "next-step"), _has("step", given.task, status=STEPS[3]))
    taken.tasks[given.task] = STEPS
    for status in ("resting", "available"):
        yield Step(
            f"team {status}",
            _click("duty", f"{status}-{TEAM}"),
            _said_times(len(taken.tasks), status),
        )


def _said_times(times: int, status: str) -> Callable[[Sequence[Action]], bool]:
    """Tell whether this status was said so often: once in each shift."""

    def is_taken(actions: Sequence[Action]) -> bool:
        said = [one for one in actions if one["kind"] == "status"]
        return sum(one["body"]["status"] == status for one in said) == times

    return is_taken


def _answers(given: Given, taken: Taken, name: str) -> Iterator[Step]:
    yield Step(
        "order acknowledged",
        _click("duty", f"ack-{given.order}"),
        _has("answer", given.order, step="acknowledged"),
    )
    taken.answers[given.order, name] = None
    yield Step(
        "roll call answered",
        _click("duty", f"safe-{given.roll_call}"),
        _has("answer", given.roll_call, answer="safe"),
    )
    taken.answers[given.roll_call, name] = "safe"


def warden_shift(given: Given, taken: Taken, name: str) -> Iterator[Step]:
    """Give the steps of whoever keeps the shelter; *taken* is what they come to."""
    for change in (1, 1, 1, -1, 1):
        taken.counter += change
        yield Step(
            f"counter {change:+}", _click("facility", f"tap {change}"), _counted(taken.counter)
        )
    yield from _answers(given, taken, name)
    quantity = 100 + given.number

    def ask(phone: Phone) -> None:
        phone.show("facility")
        phone.control("ask-need").click()
        phone.control(f"item {NEEDED}").check(force=True)
        phone.control("quantity").fill(str(quantity))
        phone.control("ask").click()

    yield Step("need", ask, _has("need", None, item=NEEDED, quantity=quantity))
    taken.needs.append((NEEDED, quantity))
    for change in (1, -1, 1):
        taken.counter += change
        yield Step(
            f"counter {change:+}", _click("facility", f"tap {change}"), _counted(taken.counter)
        )
