"""CAP messages for trying what reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cop.formats.cap import read_alert
from cop.formats.cap_alert import Channel, Heard
from cop.formats.cap_envelope import Found

NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)
CAP = "urn:oasis:names:tc:emergency:cap:1.2"
CHANNEL = Channel(feed="cap_next", publisher="CMA", public=True, complete=True)


def an_info(
    event: str = "Rainstorm",
    *,
    language: str = "en",
    severity: str = "Severe",
    expires: datetime | None = NOON + timedelta(hours=6),
    more: str = "",
    area: str = "<areaDesc>Town</areaDesc><polygon>22.1,113.5 22.2,113.5 22.2,113.6</polygon>",
    **words: str,
) -> str:
    """Make an `info`; *words* are further elements, *more* mark-up before its area."""
    said = {"headline": f"{event}!", **words}
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in said.items())
    end = "" if expires is None else f"<expires>{expires.isoformat()}</expires>"
    return (
        f"<info><language>{language}</language><category>Met</category><event>{event}</event>"
        f"<urgency>Immediate</urgency><severity>{severity}</severity>"
        f"<certainty>Likely</certainty>{end}{inner}{more}<area>{area}</area></info>"
    )


def a_message(
    identifier: str = "X-1",
    *infos: str,
    sent: datetime | None = NOON - timedelta(hours=1),
    sender: str = "warn@example.org",
    references: tuple[str, ...] = (),
    namespace: str = CAP,
    **head: str,
) -> bytes:
    """Make a message; *head* are its elements by name, where not the usual ones."""
    said = {"status": "Actual", "msgType": "Alert", "scope": "Public", **head}
    named = {"identifier": identifier, "sender": sender}
    if sent is not None:
        named["sent"] = sent.isoformat()
    if references:
        said["references"] = " ".join(references)
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in {**named, **said}.items())
    bound = f' xmlns="{namespace}"' if namespace else ""
    body = "".join(infos) if infos or head.get("msgType") == "Cancel" else an_info()
    return f"<alert{bound}>{inner}{body}</alert>".encode()


def a_reference(
    identifier: str, sent: datetime = NOON - timedelta(hours=1), sender: str = "warn@example.org"
) -> str:
    """Make what refers to a message."""
    return f"{sender},{identifier},{sent.isoformat()}"


def found_of(body: bytes, **others: Any) -> Found:
    """Make what an envelope gives for the message *body*."""
    alert = read_alert(body)
    return Found(row=alert.identifier, original=body, alert=alert, **others)


def heard_of(body: bytes, **others: Any) -> Heard:
    """Make what was heard of the message *body*, at its own time."""
    found = found_of(body)
    assert found.alert is not None
    given = {"sent": found.alert.sent or NOON, **others}
    return Heard(found=found, alert=found.alert, **given)
