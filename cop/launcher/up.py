"""Start everything, keep it running, and end everything: what `cop up` does."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Final

import httpx

from cop.config import Settings
from cop.errors import CopError, Misconfigured, StoreUnavailable
from cop.launcher.child import Child
from cop.launcher.embedded import DataLock, EmbeddedRedis
from cop.launcher.exercise import resume_or_begin
from cop.launcher.optional import unfit
from cop.launcher.processes import WEB, processes_of
from cop.launcher.rosters import do_demo_injects, load_demo_roster
from cop.launcher.running import write_running
from cop.launcher.sign_ins import ON_PHONES, close_sign_ins, open_sign_ins
from cop.services.accounts import open_accounts
from cop.store import open_store
from workers.replay import find_scenario
from workers.vision.plans import plans_of

_READY_WITHIN_S: Final = 120.0
_TRIES_AT_START: Final = 3
_LOOK_EVERY_S: Final = 0.2
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_EXERCISE_SENDER: Final = "exercise@cop.invalid"
"""Who the alerts of an exercise come from where nobody is named: an address that is nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for on the command line.

    Attributes:
        scenario: key of the scenario to play; "" for the live operation.
        speed: scenario seconds per real second; None: as before, or the scenario's own.
    """

    scenario: str = ""
    speed: float | None = None


class _Ended(Exception):
    """Somebody asked us to end."""


def run(settings: Settings, wish: Wish) -> None:
    """Run the product until SIGINT or SIGTERM; leave no process behind.

    Raises:
        Misconfigured: something is not fit; the message says how to mend it.
        NotFound: there is no such scenario.
    """
    scenario = find_scenario(wish.scenario) if wish.scenario else None
    if wish.speed is not None and scenario is None:
        raise Misconfigured("--speed is for an exercise: name one with --scenario")
    settings = settings.model_copy(update={"port": _free_port(settings.host, settings.port)})
    with contextlib.ExitStack() as stack:
        stack.enter_context(_ending())
        children: list[Child] = []
        if settings.redis_url:
            lock = DataLock(settings.data_dir)
            stack.callback(lock.release)
        else:
            redis = EmbeddedRedis(settings.data_dir)
            stack.callback(redis.stop)
            redis.start()
            children.append(redis.child)
            settings = settings.model_copy(update={"redis_url": redis.url})
        words = "live operation"
        if scenario is not None:
            exercise, resumed = resume_or_begin(settings.data_dir, scenario, wish.speed)
            settings = for_exercise(exercise.applied_to(settings))
            words = f"exercise: {scenario.title.get('en', scenario.key)}, {exercise.speed:g} times"
            words += " as fast" + (", going on where it was" if resumed else "")
        _check_store(settings)
        load_demo_roster(settings)
        stack.callback(write_running(settings))
        others: list[Child] = []
        for process in processes_of(settings):
            if process is WEB:  # once nobody is served any more, all others end side by side
                stack.callback(_ask, others)
            child = Child(
                process.name,
                process.argv(settings),
                settings.environment() | {"PYTHONUNBUFFERED": "1"},
                slow_to_end_s=process.slow_to_end_s + settings.leave_s * (process is WEB),
            )
            stack.callback(child.stop)
            child.start()
            children.append(child)
            others.append(child)
        _wait_until_ready(settings, children)
        _greet(settings, words)
        _watch(children)


def for_exercise(settings: Settings) -> Settings:
    """Give *settings* with what an exercise needs in which everything can be tried."""
    sender = settings.alert_sender or _EXERCISE_SENDER
    return settings.model_copy(update={"public_exercise": True, "alert_sender": sender})


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """Turn the signals that ask us to end into one exception, then be deaf to them."""

    def end(_number: int, _frame: FrameType | None) -> None:
        for sig in _ENDING:
            signal.signal(sig, signal.SIG_IGN)  # what is ending ends in order
        raise _Ended

    before = {sig: signal.signal(sig, end) for sig in _ENDING}
    try:
        yield
    except _Ended:
        _say("stopped")
    finally:
        for sig, handler in before.items():
            signal.signal(sig, handler)


def _free_port(host: str, port: int) -> int:
    """Give *port* if nobody listens there, or any free one for 0; raises Misconfigured."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Misconfigured(
                f"{host} port {port}: {error.strerror}; choose another with --port"
            ) from error
        chosen: int = probe.getsockname()[1]
        return chosen


def _check_store(settings: Settings) -> None:
    """See that the store and all that is set up are fit, and which cameras are left out.

    Raises:
        Misconfigured: something is not fit.
    """
    if wrong := unfit(settings):
        raise Misconfigured("; ".join(f"{part}: {words}" for part, words in wrong))
    try:
        open_store(settings).ping()
    except StoreUnavailable as error:
        raise Misconfigured(f"{error}: start that Redis, or set COP_REDIS_URL right") from error
    for fault in plans_of(settings).faults:
        _say(f"a camera is left out: {fault}")
    if not settings.exercise:
        close_sign_ins(open_accounts(settings))


def _wait_until_ready(settings: Settings, children: list[Child]) -> None:
    """Wait until the web process serves the picture; raises Misconfigured if it does not."""
    deadline = time.monotonic() + _READY_WITHIN_S
    with httpx.Client(trust_env=False, timeout=2) as client:
        while time.monotonic() < deadline:
            _look(children)
            for child in children:
                if child.deaths >= _TRIES_AT_START:
                    raise Misconfigured(f"{child.name} does not start: see its words above")
            with contextlib.suppress(httpx.TransportError):
                if client.get(f"{_address(settings)}/readyz").status_code == httpx.codes.OK:
                    return
            time.sleep(_LOOK_EVERY_S)
    raise Misconfigured(f"{WEB.name} does not answer on {_address(settings)}: see its words above")


def _watch(children: list[Child]) -> None:
    """Look after the children until we are asked to end."""
    while True:
        _look(children)
        time.sleep(_LOOK_EVERY_S)


def _ask(children: list[Child]) -> None:
    for child in children:
        child.ask()


def _look(children: list[Child]) -> None:
    for child in children:
        if words := child.watch():
            _say(words)


def _greet(settings: Settings, words: str) -> None:
    _say(f"{words}\n\n  {_address(settings)}/command\n  {_address(settings)}/ for the public\n")
    if settings.exercise:
        try:
            passwords = open_sign_ins(open_accounts(settings), settings.operation)
        except CopError as error:
            _say(f"no sign-ins were made: {error}")
        else:
            width = max(map(len, passwords))
            for name, password in passwords.items():
                _say(f"  {name:<{width}}  {password}")
            if on_phones := [name for name in passwords if name in ON_PHONES]:
                _say(f"\n  {_address(settings)}/field for {', '.join(on_phones)}, on a phone")
            _give_first_tasks(settings)
    else:
        data = settings.data_dir
        _say(f"  no user yet? `cop users add NAME --role commander --data {data}` makes one")
    _say("\nCtrl-C ends everything.")


def _give_first_tasks(settings: Settings) -> None:
    """Have the exercise's people find a duty; where the picture has moved on, it goes without."""
    try:
        do_demo_injects(settings)
    except CopError as error:
        _say(f"not all first tasks were given: {error}")


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
