"""Cursor-on-Target over real TLS: who gets what, who moves what, who is cut."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cop.model.entity import Kind
from cop.model.geometry import point
from cop.model.kinds import Incident, LivePosition, Resource
from cop.model.record import put
from cop.services.positions import position_id
from tests.integration.cot_picture import OTHER, PUMP, Now, fill, position, settle, where
from tests.integration.cot_site import Site, cli, context_of, cot_site
from tests.integration.web_server import until
from tests.unit.services.commands.acting import Room


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Give a server on a picture with two teams, an incident, a hazard and a closed road."""
    room = Room(clock=Now())  # type: ignore[arg-type]
    fill(room)
    with cot_site(tmp_path / "cot", room) as site:
        yield site


def test_a_client_is_told_everything_and_then_what_changes(site: Site) -> None:
    """Everything once, then changes as they come, and what is gone is deleted."""
    site.issue("desk", "--audience", "command")
    with site.connect("desk") as device:
        until(lambda: device.ids() >= {PUMP, OTHER, "incident:flood", "hko:rain", "td:1"})
        shown = device.shown()
        assert shown[f"cop.cop.live.{PUMP}"].type == "a-f-G-U-C-E"
        assert shown["cop.cop.live.incident:flood"].type == "a-u-X-i-m"
        assert "Severity: Severe" in shown["cop.cop.live.incident:flood"].remarks
        rain = shown["cop.cop.live.hko:rain"]
        assert (rain.type, rain.how, len(rain.corners)) == ("u-d-f", "m-r", 5)
        assert rain.corners[0] == rain.corners[-1]
        assert all(event.opex == "o" for event in shown.values())
        assert all(event.stale > datetime.now(UTC) for event in shown.values())
        version = site.room.version("incident:flood")
        site.room.do(
            "POST /incidents/{id}/status",
            target="incident:flood",
            made_from=version,
            status="contained",
        )
        until(
            lambda: "Contained" in device.shown()["cop.cop.live.incident:flood"].remarks, seconds=45
        )
        version = site.room.version("incident:flood")
        site.room.do(
            "POST /incidents/{id}/status",
            target="incident:flood",
            made_from=version,
            status="closed",
        )
        until(lambda: "incident:flood" not in device.ids(), seconds=45)


def test_a_device_moves_its_team_and_a_spoofed_uid_moves_nobody(site: Site) -> None:
    """The certificate says whom it moves; the uid of another, or of ours, moves nobody at all."""
    site.issue("tablet", "--resource", PUMP, "--agency", "DSD")
    with site.connect("tablet") as device:
        device.send(position(f"cop.cop.live.{OTHER}", 114.4, 22.4))
        device.send(position(OTHER, 114.4, 22.4))
        device.send(position(position_id(OTHER), 114.4, 22.4))
        settle(device)
        assert where(site, OTHER) is None
        assert where(site, PUMP) is None
        device.send(position("ANDROID-1", 114.21, 22.26, course_deg=90.0, speed_ms=2.0))
        until(lambda: where(site, PUMP) == (114.21, 22.26))
        device.send(position("ANDROID-2", 114.4, 22.4))
        settle(device)
        assert where(site, PUMP) == (114.21, 22.26)
        assert where(site, OTHER) is None
        until(lambda: device.shown()[f"cop.cop.live.{PUMP}"].place == (114.21, 22.26))
        unit = device.shown()[f"cop.cop.live.{PUMP}"]
        assert (unit.how, unit.course_deg, unit.speed_ms) == ("m-g", 90.0, 2.0)
        assert site.room.see(position_id(PUMP), LivePosition).author == "cot:tablet"


def test_only_who_may_sends_and_only_what_is_known_is_taken(site: Site) -> None:
    """Without leave no position; chat, marks and drawings become nothing."""
    site.issue("reader")
    with site.connect("reader") as device:
        device.send(position("ANDROID-1"))
        for kind in ("b-t-f", "b-m-p-s-m", "u-d-f", "a-h-G", "b-a-o-tbl"):
            device.send(position("ANDROID-1", type=kind, is_device=False, callsign="x"))
        settle(device)
    assert where(site, PUMP) is None
    assert len(site.room.store.by_kind(Kind.INCIDENT)) == 1


def test_a_report_becomes_one_unverified_incident(site: Site) -> None:
    """However often it is sent; its author is the device, and the journal has it."""
    site.issue("tablet", "--may-report", "--agency", "FSD")
    report = position("fire-9", 114.16, 22.32, type="b-l-f", callsign="Smoke", remarks="5/F")
    with site.connect("tablet") as device:
        device.send(report)
        settle(device)
        device.send(report)
        settle(device)
    with site.connect("tablet") as device:
        device.send(report)
        settle(device)
    found = [
        site.room.see(one, Incident)
        for one in site.room.store.by_kind(Kind.INCIDENT)
        if one != "incident:flood"
    ]
    assert [(one.incident_type, one.verified, one.title) for one in found] == [
        ("fire", False, {"en": "Smoke"})
    ]
    assert (found[0].author, found[0].publisher) == ("cot:tablet", "FSD")
    assert site.room.store.journal_size() == 1


def test_a_revoked_client_is_cut_and_comes_back_no_more(site: Site) -> None:
    """Within seconds, while others stay."""
    site.issue("lost")
    site.issue("kept")
    with site.connect("lost") as lost, site.connect("kept") as kept:
        until(lambda: PUMP in lost.ids() and PUMP in kept.ids())
        cli("revoke", "lost", "--dir", str(site.folder))
        assert lost.ended.wait(45)
        settle(kept)
        assert not kept.ended.is_set()
    with site.connect("lost") as again:
        assert again.ended.wait(45)
        assert again.raw == []


def test_a_client_whose_file_changes_is_cut(site: Site) -> None:
    """What it may see has changed: it begins anew, or not at all."""
    site.issue("tablet")
    with site.connect("tablet") as device:
        until(lambda: OTHER in device.ids())
        (site.folder / "clients" / "tablet.toml").write_text(
            'cn = "tablet"\nagencies = ["DSD"]\n', "utf-8"
        )
        assert device.ended.wait(45)
    with site.connect("tablet") as device:
        until(lambda: PUMP in device.ids())
        assert OTHER not in device.ids()
        (site.folder / "clients" / "tablet.toml").unlink()
        assert device.ended.wait(45)


def test_nobody_stays_when_the_revoked_cannot_be_read(site: Site) -> None:
    """A list that is not the authority's closes the door, and mending it opens it again."""
    site.issue("tablet")
    with site.connect("tablet") as device:
        until(lambda: PUMP in device.ids())
        (site.folder / "revoked.pem").write_text("-----BEGIN X509 CRL-----\nnonsense\n")
        assert device.ended.wait(45)
    with site.connect("tablet") as device:
        assert device.ended.wait(45)
        assert device.raw == []
    (site.folder / "revoked.pem").unlink()
    until(lambda: site.server._book is not None)
    with site.connect("tablet") as device:
        until(lambda: PUMP in device.ids())


def test_groups_are_boundaries(site: Site) -> None:
    """Agencies, kinds and areas hold at the beginning, for changes, and for what moves away."""
    site.issue("dsd", toml='agencies = ["DSD"]')
    site.issue("west", toml="areas = [[114.0, 22.2, 114.16, 22.5]]")
    site.issue("roads", toml='kinds = ["road"]')
    with (
        site.connect("dsd") as dsd,
        site.connect("west") as west,
        site.connect("roads") as roads,
    ):
        until(lambda: PUMP in dsd.ids() and PUMP in west.ids() and "td:1" in roads.ids())
        for device in (dsd, west, roads):
            settle(device)
        assert dsd.ids() == {PUMP, "hko:rain", "td:1"}
        assert west.ids() == {PUMP, "hko:rain"}
        assert roads.ids() == {"td:1"}
        record = site.room.store.read([PUMP])[PUMP]
        moved = site.room.see(PUMP, Resource).model_copy(update={"geometry": point(114.4, 22.4)})
        site.room.store.write([put(moved, expected=record.version)], fetched_ms=0)
        until(lambda: PUMP not in west.ids(), seconds=45)
        until(lambda: dsd.shown()[f"cop.cop.live.{PUMP}"].place == (114.4, 22.4))


def test_without_a_certificate_of_ours_nobody_comes_in(site: Site, tmp_path: Path) -> None:
    """No certificate, another authority's, and a protocol of yesterday fail."""
    cli("authority", "--dir", str(tmp_path / "other"))
    cli("certificate", "tablet", "--dir", str(tmp_path / "other"))
    stranger = context_of(tmp_path / "other" / "issued" / "tablet")
    stranger.load_verify_locations(site.folder / "ca.pem")
    nobody = ssl.create_default_context(cafile=site.folder / "ca.pem")
    for context in (stranger, nobody):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            read_some(site.server.port, context)
    issued = site.issue("old")
    old = context_of(issued)
    old.minimum_version = ssl.TLSVersion.TLSv1_2
    assert b"<event" in read_some(site.server.port, old)


def read_some(port: int, context: ssl.SSLContext) -> bytes:
    """Connect and read once."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=45) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        if not (body := secured.recv(100)):
            raise ConnectionError
        return body


def test_a_certificate_without_a_file_is_nobody(site: Site) -> None:
    """The authority's signature alone is no leave."""
    site.issue("tablet")
    (site.folder / "clients" / "tablet.toml").unlink()
    until(lambda: "tablet" not in (site.server._book.clients if site.server._book else {"tablet"}))
    with site.connect("tablet") as device:
        assert device.ended.wait(45)
        assert device.raw == []
