"""Warnings of our own for tests: what they say, and the steps of two people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cop.config import Settings
from cop.model.kinds import Alert
from tests.integration.acting import Person
from tests.integration.web_server import SETTINGS, Server
from tests.keys import a_key

SQUARE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [
        [[114.0, 22.44], [114.05, 22.44], [114.05, 22.47], [114.0, 22.47], [114.0, 22.44]]
    ],
}
WORDS = {
    "description": {"en": "Water is rising.", "zh-Hant": "水位上升。", "zh-Hans": "水位上升。"},
    "instruction": {"en": "Keep away.", "zh-Hant": "請遠離。", "zh-Hans": "请远离。"},
}
GRADES = {"severity": "Severe", "urgency": "Immediate", "certainty": "Observed"}


def warning_settings(folder: Path) -> Settings:
    """Give settings of an installation that signs its alerts."""
    key, certificate = a_key(folder)
    return SETTINGS.model_copy(
        update={
            "data_dir": folder / "data",
            "cot_dir": folder / "data" / "cot",
            "installation": "hk",
            "alert_sender": "cop@example.hk",
            "alert_key_file": key,
            "alert_cert_file": certificate,
            "public_url": "https://cop.example.hk",
            "public_every_s": 0.1,
            "lei": "5493001KJTIIGC8Y1R12",
        }
    )


def version_of(server: Server, entity_id: str) -> int:
    """Tell the stored version."""
    found: int = server.store.read([entity_id])[entity_id].version
    return found


def step(server: Server, who: Person, entity_id: str, what: str, **said: Any) -> dict[str, Any]:
    """Do one step of a draft or an alert, from how it is now."""
    kind = "alerts" if entity_id.startswith("alert:") else "drafts"
    version = version_of(server, entity_id)
    return who.done(f"/{kind}/{entity_id}/{what}", version=version, **said)


def release(server: Server, author: Person, second: Person, draft: str) -> str:
    """Ask for a release and grant it; gives the alert's id."""
    step(server, author, draft, "ask")
    return str(step(server, second, draft, "release")["id"])


def issue(server: Server, author: Person, second: Person) -> str:
    """Have an alert of our own released."""
    draft = author.done("/drafts", event_type="flooding", geometry=SQUARE, **WORDS, **GRADES)["id"]
    return release(server, author, second, draft)


def items(who: Person, draft: str) -> dict[str, dict[str, Any]]:
    """Give what was looked at before a draft goes, by its key."""
    return {one["key"]: one for one in who.get(f"/drafts/{draft}/preflight")["items"]}


def patch(who: Person, server: Server, draft: str, said: dict[str, Any]) -> None:
    """Write in a draft, from how it is now."""
    headers = {
        **who.session,
        "Idempotency-Key": f"patch-{draft}-{len(said)}",
        "If-Match": f'"{version_of(server, draft)}"',
    }
    answer = who._http.patch(f"/drafts/{draft}", json=said, headers=headers)
    assert answer.is_success, answer.text


def identifier_of(server: Server, alert_id: str) -> str:
    """Give what the last message of an alert is called."""
    (alert,) = [one for one in server.entities(Alert) if one.id == alert_id]
    return str(alert.identifier)
