"""Two partners with messages: one whose system exchanges with ours, one who telephones."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cop.config import Settings
from cop.model.entity import Entity, Severity
from cop.model.exchange import Message, PartnerState
from cop.model.kinds import Facility
from cop.model.text import text
from cop.services.commands.desk import Desk
from cop.services.exchange.book import Book
from cop.services.exchange.originals import Originals
from cop.services.exchange.partners import entity_of_plan, partners_of
from tests.browser.incidents import incident
from tests.integration.web_server import Server

GD: Final = "partner:guangdong"
AMS: Final = "partner:ams"
DAM: Final = "message:dam"
BRIDGE: Final = "message:bridge"
HOSTILE: Final = "<img src=x onerror=\"document.body.dataset.broken='yes'\">"

_GUANGDONG: Final = """
id = "guangdong"
title = { en = "Guangdong", zh-Hant = "廣東", zh-Hans = "广东" }
installation = "gd-cop"
lei = "5493001KJTIIGC8Y1R12"
agencies = ["SB"]
url = "https://cop.gd.example"
token = "${COP_GUANGDONG_TOKEN}"
account = "guangdong"
[agreement]
number = "HK-GD 2026/07"
from = 2026-01-01T00:00:00+08:00
until = 2099-01-01T00:00:00+08:00
words = "Warnings and incidents along the border, for responders alone."
[shares]
kinds = ["alert", "incident"]
areas = [[113.8, 22.25, 114.5, 22.6], "YTM"]
[takes]
kinds = ["alert", "incident", "hazard"]
[timers]
acknowledge_min = 10
task_min = 30
notice_min = 60
"""
_AMS: Final = """
id = "ams"
title = { en = "Mountain search volunteers", zh-Hant = "山嶺搜索隊", zh-Hans = "山岭搜索队" }
[agreement]
number = "Letter of 3 May"
from = 2026-01-01T00:00:00+08:00
until = 2099-01-01T00:00:00+08:00
"""


def set_up(folder: Path) -> Settings:
    """Write the files of the partners; gives the settings of the operation."""
    partners = folder / "partners"
    partners.mkdir()
    (partners / "guangdong.toml").write_text(_GUANGDONG, "utf-8")
    (partners / "ams.toml").write_text(_AMS, "utf-8")
    return Settings(
        operation="live",
        allowed_hosts="127.0.0.1,localhost",
        data_dir=folder / "data",
        partners_dir=partners,
        installation="hk-cop",
        alert_sender="cop@example.hk",
    )


def shared(server: Server, settings: Settings) -> None:
    """Let Guangdong have been given things, of which the journal tells, and one since then."""
    desk = Desk(server.store, server.accounts, settings.clock(), settings)
    plan = partners_of(settings)["guangdong"]
    book = Book.read(server.store, plan.id)
    book.note(desk.clock.now(), {"incident": 12, "alert": 2}, 3)
    book.settle(desk, plan, at_once=True)
    book.note(desk.clock.now(), {"incident": 1}, 0)
    book.write(server.store)


def message(name: str, now: datetime, age_min: float, **fields: Any) -> Message:
    """Make a message that came from Guangdong *age_min* ago, unless *fields* say otherwise."""
    at = now - timedelta(minutes=age_min)
    return Message.model_validate(
        {
            "id": f"message:{name}",
            "publisher": "COP",
            "observed_at": at,
            "partner": GD,
            "direction": "in",
            "agreement": "HK-GD 2026/07",
            "number": f"gd-cop.live.{name}",
            "origin": "gd-cop",
            "inside": True,
            "sent_at": at,
            "received_at": at,
            "severity": Severity.MODERATE,
            **fields,
        }
    )


def exchange(settings: Settings, now: datetime) -> list[Entity]:
    """Give the partners, what is shared, and messages in every state; keeps one original."""
    plans = partners_of(settings)
    assert not plans.faults, plans.faults
    ago = timedelta(minutes=1)
    digest = Originals(settings).keep(b"<alert/>")
    border = incident(
        "border",
        title=text("Flood at Lo Wu", "羅湖水浸", "罗湖水浸"),
        feed="partner_guangdong",
        origin="sz-cop",
        via=("gd-cop",),
        inside=True,
    )
    hall = Facility(
        id="facility:hall",
        publisher="HAD",
        facility_type="shelter",
        title=text("Sheung Shui hall", "上水社區會堂", "上水社区会堂"),
        status="open",
        observed_at=now - ago,
    )
    return [
        entity_of_plan(
            plans["guangdong"],
            None,
            state=PartnerState.LATE,
            state_since=now - 7 * ago,
            received_at=now - 9 * ago,
            sent_at=now - 2 * ago,
            waiting=1,
            held=1,
            refused=1,
            refusals=("hazard:9: its outline crosses itself",),
            why="cop.gd.example did not answer in time",
        ),
        entity_of_plan(plans["ams"], None, state=PartnerState.OK, state_since=now - 90 * ago),
        border,
        hall,
        incident("a", severity=Severity.SEVERE),
        *_messages(now, digest),
    ]


def _messages(now: datetime, digest: str) -> list[Entity]:
    ago = timedelta(minutes=1)
    return [
        message(
            "dam",
            now,
            4,
            title=text("Dam discharge at 15:00", "水庫15時洩洪", "水库15时泄洪"),
            description={
                "zh-Hans": "预计18时影响深圳河水位。",
                "en": "Peak at the river by 18:00.",
            },
            severity=Severity.SEVERE,
            form="cap",
            original=digest,
            about=("incident:border",),
            acknowledge_by=now + 6 * ago,
            task_by=now + 26 * ago,
            notice_by=now + 56 * ago,
        ),
        message(
            "bridge",
            now,
            75,
            title={"en": f"Bridge {HOSTILE}"},
            description={"en": "Closed to lorries.\nBuses still pass."},
            about=("incident:a", "road:gone"),
            acknowledged_at=now - 70 * ago,
            acknowledged_by="lau",
            told_at=now - 69 * ago,
            acknowledge_by=now - 65 * ago,
            task_by=now - 45 * ago,
            notice_by=now - 15 * ago,
            defects=("info[2]/area/polygon: not closed",),
        ),
        *_sent(now),
    ]


def _sent(now: datetime) -> list[Entity]:
    ago = timedelta(minutes=1)
    return [
        message(
            "asked",
            now,
            30,
            direction="out",
            title={"en": "Which gates are open?"},
            origin=None,
            sent_at=None,
            received_at=None,
            author="wong",
            about=("incident:border",),
            acknowledge_by=now - 20 * ago,
        ),
        message(
            "pumps",
            now,
            130,
            direction="out",
            title={"en": "Two pumps for Sheung Shui"},
            origin=None,
            author="wong",
            acknowledged_at=now - 120 * ago,
            acknowledged_by="gd-cop",
            severity=Severity.MINOR,
        ),
    ]
