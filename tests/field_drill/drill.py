"""The drill: at every step of a shift one thing goes wrong, and in the end nothing is lost."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from playwright.sync_api import Error as BrowserError

from tests.field_drill.backend import Backend
from tests.field_drill.cutting_proxy import At, CuttingProxy, Line
from tests.field_drill.phone import Phone
from tests.field_drill.shift import Step
from tests.field_drill.truth import Action

PATIENCE_S: Final = 120.0
_TAKES_S: Final = 8.0
"""So long after a press a person waits for the phone to show it, before they press again."""
_SPRUNG_S: Final = 4.0
_LONGEST_REQUEST: Final = 1500
_LOOK_EVERY_S: Final = 0.05


class Cut(StrEnum):
    """What goes wrong."""

    BEFORE = "network gone before"
    REQUEST = "cut in a request"
    ANSWER = "cut in an answer"
    DEAF = "network that answers nothing"
    SERVER = "server killed"
    REDIS = "Redis killed"
    CLOSED = "page closed"
    RELOADED = "page reloaded"
    BROWSER = "browser killed"


@dataclass(frozen=True, slots=True)
class Strike:
    """One thing that goes wrong, with everything that chance decides about it.

    Attributes:
        cut: what.
        after_s: how long after the press; for a network that is gone: none.
        byte: how many bytes of the request, or of the answer, still come through.
        mended_s: how long it stays so.
        seen: whether the person waits for the phone to show the press, and it strikes then.
    """

    cut: Cut
    after_s: float
    byte: int
    mended_s: float
    seen: bool


def strikes(dice: random.Random, count: int) -> Iterator[Strike]:
    """Give *count* strikes: of each kind as many as of any other, in random order."""
    bag: list[Cut] = []
    for _ in range(count):
        if not bag:
            bag = list(Cut)
            dice.shuffle(bag)
        cut = bag.pop()
        yield Strike(
            cut,
            after_s=dice.random() * dice.choice((0.01, 0.05, 0.4)),
            byte=dice.choice((0, 1, dice.randrange(_LONGEST_REQUEST))),
            mended_s=dice.random() * 0.8,
            seen=dice.random() < 0.5,
        )


class Drill:
    """Does steps on a phone while things go wrong.

    Attributes:
        cuts: how often each thing went wrong.
        sprung: how often a trap found a request to cut; the others cut what came instead.
    """

    def __init__(self, backend: Backend, line: CuttingProxy) -> None:
        """Break *line* and *backend*."""
        self.cuts: Counter[str] = Counter()
        self._done: list[str] = []
        self.sprung = 0
        self._backend = backend
        self._line = line

    def do(self, phone: Phone, step: Step, strike: Strike | None) -> None:
        """Do *step* until the phone lists it, with *strike* on the way."""
        waiting = strike
        self._prepare(strike)
        end = time.monotonic() + PATIENCE_S
        while not self._taken(phone, step):
            assert time.monotonic() < end, self._tell(phone, step)
            if phone.asks_who:  # nobody can sign in without network
                self._mend(strike)
            try:
                phone.settle()
                self._note(f"press {step.name}")
                step.press(phone)
            except BrowserError as error:
                self._note(f"not pressed: {error.message.splitlines()[0]}")
                continue
            if waiting is not None and not waiting.seen:
                self._strike(phone, waiting)
                waiting = None
            self._wait_taken(phone, step)
        if waiting is not None:
            self._strike(phone, waiting)
        self._mend(strike)

    def let_all_out(self, phone: Phone) -> list[Action]:
        """With everything well again, wait until the outbox is empty; give what was in it."""
        self._line.set(Line.UP)
        self._backend.wait_ready()
        phone.settle()
        phone.reload()
        end = time.monotonic() + PATIENCE_S
        while True:
            phone.settle()
            actions = phone.outbox()
            if actions is not None and all(one["state"] in _OVER for one in actions):
                return actions
            assert time.monotonic() < end, f"{_unsent(actions)}\n{phone.says()}"
            time.sleep(0.25)

    def _note(self, words: str) -> None:
        self._done.append(f"{time.monotonic():.2f} {words}")

    def _tell(self, phone: Phone, step: Step) -> str:
        """Give what there is to know of a step that cannot be done."""
        last = "\n".join(self._done[-20:])
        listed = "\n".join(map(str, phone.outbox() or ()))
        return f"{step.name} cannot be done.\n{last}\nListed:\n{listed}\nSeen:\n{phone.says()}"

    def _taken(self, phone: Phone, step: Step) -> bool:
        actions = phone.outbox()
        return actions is not None and step.is_taken(actions)

    def _wait_taken(self, phone: Phone, step: Step) -> None:
        end = time.monotonic() + _TAKES_S
        while time.monotonic() < end and phone.alive and not self._taken(phone, step):
            time.sleep(_LOOK_EVERY_S)

    def _prepare(self, strike: Strike | None) -> None:
        if strike is None:
            return
        self.cuts[strike.cut] += 1
        match strike.cut:
            case Cut.BEFORE:
                self._line.set(Line.DOWN)
            case Cut.DEAF:
                self._line.set(Line.DEAF)
            case Cut.REQUEST | Cut.ANSWER:  # there must be somebody to ask, and to answer
                self._backend.wait_ready()
                at = At.REQUEST if strike.cut is Cut.REQUEST else At.ANSWER
                self._line.trap(at, strike.byte)

    def _strike(self, phone: Phone, strike: Strike) -> None:
        """Let go wrong what goes wrong after a press."""
        self._note(str(strike))
        time.sleep(strike.after_s)
        match strike.cut:
            case Cut.SERVER:
                self._backend.kill_web()
            case Cut.REDIS:
                self._backend.kill_redis()
            case Cut.CLOSED:
                phone.close_page()
                time.sleep(strike.mended_s)
                phone.open_page()
            case Cut.RELOADED:
                phone.reload()
            case Cut.BROWSER:
                phone.kill()
                time.sleep(strike.mended_s)
                phone.switch_on()

    def _mend(self, strike: Strike | None) -> None:
        if strike is None:
            return
        if strike.cut in (Cut.REQUEST, Cut.ANSWER):
            self.sprung += self._line.cut.wait(_SPRUNG_S)
            self._line.cut.clear()
            self._line.set(Line.DOWN)
        time.sleep(strike.mended_s)
        self._line.set(Line.DOWN if strike.cut is Cut.DEAF else Line.UP)
        self._line.set(Line.UP)
        self._backend.start()


_OVER: Final = frozenset(("confirmed", "refused"))


def _unsent(actions: Iterable[Action] | None) -> list[Action]:
    return [one for one in actions or () if one["state"] not in _OVER]
