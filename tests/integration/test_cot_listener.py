"""Cursor-on-Target before and around the certificate: floods, keys that are half written, ends."""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cop.services.cot import listener as listener_module
from cop.services.cot import server as server_module
from tests.integration.cot_picture import PUMP, Now, fill, position, settle, where
from tests.integration.cot_site import Site, cli, cot_site
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


def test_connections_that_say_nothing_hold_up_nobody(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many are kept and no more, the newest; whoever has a certificate comes in."""
    monkeypatch.setattr(listener_module, "MOST_HANDSHAKES", 4)
    monkeypatch.setattr(listener_module, "HANDSHAKE_S", 3600.0)
    site.issue("tablet")
    with contextlib.ExitStack() as stack:
        silent = [
            stack.enter_context(
                socket.create_connection(("127.0.0.1", site.server.port), timeout=45)
            )
            for _ in range(12)
        ]
        until(lambda: sum(map(has_ended, silent)) >= 8, seconds=45)
        device = stack.enter_context(site.connect("tablet"))
        until(lambda: PUMP in device.ids())
        assert not has_ended(silent[-1])


def has_ended(line: socket.socket) -> bool:
    """Tell whether the other side has let *line* go."""
    line.setblocking(False)
    try:
        return line.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_keys_that_are_half_written_change_nothing(site: Site) -> None:
    """Who is connected stays, others come in by the keys in use; whole ones are then taken."""
    site.issue("tablet")
    with site.connect("tablet") as first:
        until(lambda: PUMP in first.ids())
        state = site.server._state
        (site.folder / "server.pem").write_text("-----BEGIN CERTIFICATE-----\nMII")
        until(lambda: site.server._state != state)
        settle(first)
        with site.connect("tablet") as second:
            until(lambda: PUMP in second.ids())
        keys = site.server._keys
        cli("authority", "--host", "127.0.0.1", "--dir", str(site.folder))
        until(lambda: site.server._keys != keys, seconds=45)
        with site.connect("tablet") as third:
            until(lambda: PUMP in third.ids())
        settle(first)
        assert not first.ended.is_set()


def test_another_authority_ends_the_lines_of_the_one_before(site: Site, tmp_path: Path) -> None:
    """Whoever that one has signed does not stay."""
    site.issue("tablet")
    with site.connect("tablet") as device:
        until(lambda: PUMP in device.ids())
        cli("authority", "--host", "127.0.0.1", "--dir", str(tmp_path / "new"))
        for name in ("ca.pem", "server.key", "server.pem"):
            shutil.copy(tmp_path / "new" / name, site.folder / name)
        assert device.ended.wait(45)


def test_a_line_ends_with_its_certificate(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it was opened long before."""
    left: list[float | None] = []
    holds_s = server_module._holds_s

    def soon(secured: object) -> float:
        left.append(holds_s(secured))  # type: ignore[arg-type]
        return 0.5

    site.issue("tablet", "--days", "1")
    monkeypatch.setattr(server_module, "_holds_s", soon)
    with site.connect("tablet") as device:
        assert device.ended.wait(45)
    (known,) = left
    assert known is not None
    assert 23 * 3600 < known <= 24 * 3600


def test_without_tls_whoever_begins_otherwise_is_let_go(tmp_path: Path) -> None:
    """A page that a browser on this machine shows can send words of HTTP, with an event behind."""
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
        device.send(b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n" + position("ANDROID-1"))
        assert device.ended.wait(45)
        assert where(site, PUMP) is None
