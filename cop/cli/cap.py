"""`cop cap`: try CAP messages of others, without anything being kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from cop.errors import Misconfigured, PayloadError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from cop.formats.cap import CapAlert
    from cop.formats.cap_envelope import Found


@click.group()
def cap() -> None:
    """Try CAP messages of others."""


@cap.command("check")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE…",
    type=click.Path(path_type=Path, dir_okay=False),
)
@click.option(
    "--trust",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="PEM file with certificates by which signatures are checked.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON array, a row for each message.")
def check_files(files: tuple[Path, ...], trust: tuple[Path, ...], *, as_json: bool) -> None:
    """Read FILEs, whatever they are, and say of each message what was read and what is wrong.

    Exit code 1 where a file, or a message in one, cannot be read.
    """
    from cop.services.exchange.signatures import read_certificates

    trusted = read_certificates(trust)
    rows = [row for file in files for row in _rows(file, trusted)]
    if as_json:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
    else:
        for row in rows:
            _show(row)
    if any("fault" in row for row in rows):
        raise SystemExit(1)


def _rows(file: Path, trusted: tuple[Certificate, ...]) -> Iterator[dict[str, Any]]:
    from cop.formats.cap_envelope import read_envelope
    from cop.services.exchange.signatures import verify

    try:
        envelope = read_envelope(file.read_bytes())
    except OSError as error:
        raise Misconfigured(f"{file}: {error.strerror or error}") from error
    except PayloadError as error:
        yield {"file": str(file), "fault": str(error)}
        return
    shared = {"file": str(file), "form": envelope.form}
    for found in envelope.messages:
        verdict = verify(found.original, trusted, datetime.now(UTC))
        defects = [*envelope.problems, *found.defects]
        row: dict[str, Any] = {**shared, "message": found.row}
        row |= {"fault": found.fault} if found.alert is None else _said(found, found.alert)
        row["defects"] = list(dict.fromkeys([*defects, *row.get("defects", ())]))
        row["signature"] = verdict.signature.value
        if verdict.why:
            row["signature_why"] = verdict.why
        row["sha256"] = hashlib.sha256(found.original).hexdigest()
        yield row
    for link in envelope.links:
        row = {**shared, "message": link.row, "link": link.address}
        if link.entry is not None and link.entry.alert is not None:
            row |= _said(link.entry, link.entry.alert)
        yield row


def _said(found: Found, alert: CapAlert) -> dict[str, Any]:
    """Give what the picture would have of a message, event by event."""
    from cop.formats.cap_alert import Channel, Heard, alerts_of
    from cop.formats.cap_places import Geocodes
    from cop.formats.cap_state import sent_of
    from cop.reference.tables import default_table
    from cop.services.geography import area_of_district

    codes = Geocodes(default_table("adcode_areas"), area_of_district)
    channel = Channel(feed="check", publisher="COP", public=True, geocodes=codes)
    now = datetime.now(UTC)
    heard = Heard(found=found, alert=alert, sent=now)
    sent, wrong = sent_of(heard, (), now)
    heard = replace(heard, sent=sent, defects=wrong)
    made = () if alert.is_for_systems else alerts_of(channel, "actual", heard)
    return {
        "identifier": alert.identifier,
        "sender": alert.sender,
        "sent": None if alert.sent is None else alert.sent.isoformat(),
        "status": alert.status,
        "msg_type": alert.msg_type,
        "scope": alert.scope,
        "references": [one for alert in made[:1] for one in alert.references],
        "over": alert.is_over,
        "for_systems": alert.is_for_systems,
        "languages": list(dict.fromkeys(info.language for info in alert.infos)),
        "alerts": [one.model_dump(mode="json", exclude_defaults=True) for one in made],
        "defects": list(
            dict.fromkeys(
                [
                    *wrong,
                    *(made[0].defects if made else alert.problems),
                    *(defect for one in made[1:] for defect in one.defects),
                ]
            )
        ),
    }


def _show(row: dict[str, Any]) -> None:
    click.echo(f"{row['file']}: {row.get('message', '')}".rstrip(": "))
    if "fault" in row:
        click.echo(f"  cannot be read: {row['fault']}")
    if "link" in row:
        click.echo(f"  a message at {row['link']}")
    if "identifier" in row:
        head = (row["msg_type"], row["status"], row["scope"], row["sender"], row["sent"] or "")
        click.echo(f"  {' · '.join(filter(None, head))}")
    if row.get("over"):
        click.echo("  it says that what it warned of is over: it ends what it refers to")
    if row.get("for_systems"):
        click.echo("  it is for systems, not for people: no alert of the picture")
    for alert in row.get("alerts", ()):
        title = next(iter(alert["title"].values()), "")
        placing = alert.get("placing", "unplaced")
        until = alert.get("expires_at", "no end")
        severity = alert.get("severity", "Unknown")
        click.echo(f"  {alert['event_type']} · {severity} · {placing} · {until} · {title}")
    if row.get("languages"):
        click.echo(f"  languages: {', '.join(row['languages'])}")
    if "signature" in row:
        why = f" ({row['signature_why']})" if "signature_why" in row else ""
        click.echo(f"  signature: {row['signature']}{why}")
    for defect in row.get("defects", ()):
        click.echo(f"  defect: {defect}")
