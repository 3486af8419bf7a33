"""What a web process sees to before it serves."""

from __future__ import annotations

import resource

import pytest

from cop.api import process
from cop.api.process import MOST_FILES, prepare, raise_files
from cop.api.viewers import MOST_STREAMS

ENDLESS = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("soft", "hard", "after"),
    [
        pytest.param(1024, 4096, 4096, id="as far as it may"),
        pytest.param(1024, 10**9, MOST_FILES, id="no further than is of use"),
        pytest.param(1024, ENDLESS, MOST_FILES, id="no limit above"),
        pytest.param(100_000, 10**6, 100_000, id="never less than it was"),
        pytest.param(ENDLESS, ENDLESS, MOST_FILES, id="no limit at all"),
    ],
)
def test_files_are_raised(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, after: int
) -> None:
    """The usual thousand would end at a thousand streams; the hard limit is left as it is."""
    limits = [(soft, hard)]
    monkeypatch.setattr(process.resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(process.resource, "setrlimit", lambda _, pair: limits.append(pair))
    assert raise_files() == after
    assert len(limits) == 1 or limits[-1] == (after, hard)
    assert len(limits) == (2 if soft not in (ENDLESS, 100_000) else 1)


def test_there_is_room_for_all_streams() -> None:
    """The limit that is asked for holds every stream that is let in, and what else is open."""
    assert MOST_FILES > 2 * MOST_STREAMS


def test_what_is_imported_is_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Garbage is collected once, then what is left is taken for lasting, in this order."""
    done: list[str] = []
    monkeypatch.setattr(process, "raise_files", lambda: done.append("files") or MOST_FILES)
    monkeypatch.setattr(process.gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(process.gc, "freeze", lambda: done.append("freeze"))
    prepare()
    assert done == ["files", "collect", "freeze"]
