"""Cursor-on-Target in trouble: hostile streams, floods, the slow, Redis down; and without TLS."""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cop.model.geometry import polygon
from cop.model.kinds import Hazard
from cop.services.cot import line as line_module
from cop.services.cot import view as view_module
from cop.services.cot.line import Line
from tests.integration.cot_picture import OTHER, PUMP, Now, fill, position, settle, where
from tests.integration.cot_site import Site, context_of, cot_site
from tests.integration.web_server import until
from tests.ports import free_port
from tests.unit.services.commands.acting import Room


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Give a server on a picture with two teams, an incident, a hazard and a closed road."""
    room = Room(clock=Now())  # type: ignore[arg-type]
    fill(room)
    with cot_site(tmp_path / "cot", room) as site:
        yield site


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n<event/>" * 6, id="http"),
        pytest.param(b'<event><!DOCTYPE x [<!ENTITY a "b">]></event>' * 6, id="entities"),
        pytest.param((b"<event>" + b"<a>" * 200 + b"</event>") * 6, id="deep"),
        pytest.param((b"<event " + b"x" * 200_000 + b"></event><event/>") * 6, id="endless"),
        pytest.param(b"\xbf\x01\xbf<event/>" * 6, id="protobuf"),
        pytest.param(b'<event version="2.0" uid="\x1b[2J"/>' * 6, id="control characters"),
    ],
)
def test_hostile_streams_are_cut(site: Site, body: bytes) -> None:
    """After a few faults the line is closed, and everybody else is served."""
    site.issue("bad", toml="rate_per_s = 100")
    with site.connect("bad") as bad:
        bad.send(body)
        assert bad.ended.wait(45)
    with site.connect("bad") as again:
        until(lambda: PUMP in again.ids())


def test_who_floods_is_slowed(site: Site) -> None:
    """What is over the rate is dropped; the line stays."""
    site.issue("fast", "--resource", PUMP)
    with site.connect("fast") as device:
        began = time.monotonic()
        for number in range(100):
            device.send(position("ANDROID-1", 114.2 + number / 10_000))
        until(lambda: where(site, PUMP) is not None)
        (line,) = site.server._lines
        until(lambda: sum(line.incoming.counts.values()) >= 100, seconds=45)
        taken = 100 - line.incoming.counts["too-fast"]
        assert taken <= 11 + 2 * (time.monotonic() - began)
        assert not device.ended.is_set()


def test_who_takes_nothing_is_let_go(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much waits for it, and others go on."""
    ring = [(114 + math.cos(n / 40) / 9, 22 + math.sin(n / 40) / 9) for n in range(250)]
    site.room.put(*(rain(f"hko:{n}", ring) for n in range(300)))
    site.issue("slow")
    site.issue("good")
    why: list[str] = []
    close = Line.close

    def noted(line: Line, words: str) -> None:
        why.append(words)
        close(line, words)

    with site.connect("good") as good, socket.socket() as plain:
        until(lambda: len(good.ids()) == 305, seconds=45)
        monkeypatch.setattr(line_module, "SLOW_S", 0.5)
        monkeypatch.setattr(Line, "close", noted)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.settimeout(45)
        plain.connect(("127.0.0.1", site.server.port))
        context = context_of(site.folder / "issued" / "slow")
        with context.wrap_socket(plain, server_hostname="127.0.0.1"):
            until(lambda: why == ["slow"], seconds=45)
            settle(good)
            assert not good.ended.is_set()


def rain(name: str, ring: list[tuple[float, float]]) -> Hazard:
    """Make a hazard of many corners."""
    return Hazard(id=name, feed="hko", publisher="HKO", phenomenon="rain", geometry=polygon(ring))


def test_events_are_renewed_while_it_is_sure_that_they_hold(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before they are stale they come again; not while Redis is down: then they grow old."""
    monkeypatch.setattr(view_module, "_LASTS_S", 0.2)
    site.issue("tablet")
    with site.connect("tablet") as device:
        until(lambda: sum(one.uid.endswith(PUMP) for one in list(device.heard)) >= 4)
        asked: list[int] = []

        def not_ready() -> str:
            asked.append(1)
            return "Redis does not answer"

        monkeypatch.setattr(site.server._replica, "not_ready", not_ready)
        until(lambda: bool(asked))
        settle(device)
        known, before = len(device.heard), len(asked)
        until(lambda: len(asked) >= before + 4)
        settle(device)
        assert [one for one in device.heard[known:] if not one.type.startswith("t-x-")] == []


def test_plain_is_on_loopback_alone_and_takes_nothing(tmp_path: Path) -> None:
    """It shows what the public may have, and what is sent to it moves nobody."""
    room = Room(clock=Now())  # type: ignore[arg-type]
    fill(room)
    with cot_site(tmp_path / "cot", room, cot_plain_port=free_port()) as site:
        assert [one.getsockname()[0] for one in site.server._plain.sockets] == ["127.0.0.1"]  # type: ignore[union-attr]
        with site.connect_plain() as device:
            device.send(position("ANDROID-1"))
            settle(device)
            assert not device.ids() & {PUMP, OTHER}
            assert where(site, PUMP) is None


def test_plain_may_be_given_more(tmp_path: Path) -> None:
    """A file says so, at most what responders see."""
    (tmp_path / "cot").mkdir()
    (tmp_path / "cot" / "plain.toml").write_text(
        f'cn = "tool"\nresource = "{PUMP}"\nmay_send = true\n'
    )
    room = Room(clock=Now())  # type: ignore[arg-type]
    fill(room)
    with (
        cot_site(tmp_path / "cot", room, cot_plain_port=free_port()) as site,
        site.connect_plain() as device,
    ):
        until(lambda: {PUMP, OTHER} <= device.ids())
        device.send(position("ANDROID-1", 114.21, 22.26))
        until(lambda: where(site, PUMP) == (114.21, 22.26))
