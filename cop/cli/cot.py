"""`cop cot`: the authority, certificates and clients of Cursor-on-Target."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from cop.config import Settings
from cop.errors import Misconfigured

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_DIR = click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with certificates and clients; COP_COT_DIR unless given.",
)


@click.group()
def cot() -> None:
    """Certificates and clients of Cursor-on-Target."""


@cot.command()
@click.option("--host", "hosts", multiple=True, default=("localhost", "127.0.0.1"))
@_DIR
def authority(hosts: tuple[str, ...], folder: Path | None) -> None:
    """Make the authority that signs clients, and the server's certificate for each --host.

    An authority that is there stays; the server gets a new certificate.
    """
    from cop.services.cot.certificates import AUTHORITY_KEY, make_authority

    there = _folder(folder)
    make_authority(there, hosts)
    click.echo(f"{there}: authority, and a server certificate for {', '.join(hosts)}")
    click.echo(
        f"{AUTHORITY_KEY} is needed only to sign and to revoke: keep it elsewhere.", err=True
    )


@cot.command()
@click.argument("name")
@click.option("--audience", type=click.Choice(["responder", "command"]), default="responder")
@click.option("--agency", default="", help="Code of the agency that it belongs to.")
@click.option("--resource", help="Id of the resource that its position moves.")
@click.option("--may-report", is_flag=True, help="What it reports becomes unverified incidents.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True)
@_DIR
def certificate(
    name: str,
    folder: Path | None,
    *,
    audience: str,
    agency: str,
    resource: str | None,
    days: int,
    may_report: bool,
) -> None:
    """Make key and certificate of the client NAME, and its file if there is none.

    Hand over what is in the folder that is named, and delete it. The password of the bundle for
    devices is on the last line, and nowhere else.
    """
    from cop.services.cot.certificates import issue_client
    from cop.services.cot.clients import CLIENTS, read_client

    if _NAME.fullmatch(name) is None:
        raise Misconfigured(f"{name!r}: take letters, digits, dots and dashes, at most 63")
    there = _folder(folder)
    file = there / CLIENTS / f"{name}.toml"
    lines = [
        f'cn = "{name}"',
        f'audience = "{audience}"',
        f"may_report = {str(may_report).lower()}",
    ]
    if agency:
        lines.append(f'agency = "{agency}"')
    if resource:
        lines += [f'resource = "{resource}"', "may_send = true"]
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([*lines, ""]), "utf-8")
        try:
            read_client(file)
        except Misconfigured:
            file.unlink()
            raise
    issued, password = issue_client(there, name, timedelta(days=days))
    click.echo(f"What it may see and send stands in {file}")
    click.echo(f"Key, certificate and bundle: {issued}")
    click.echo(password)


@cot.command()
@click.argument("name", required=False)
@click.option("--serial", help="Serial number, hexadecimal, where the certificate is not at hand.")
@_DIR
def revoke(name: str | None, serial: str | None, folder: Path | None) -> None:
    """Take the certificate of the client NAME back: its lines are cut within seconds."""
    from cop.services.cot import certificates

    there = _folder(folder)
    if serial:
        try:
            number = int(serial.replace(":", ""), 16)
        except ValueError:
            raise Misconfigured(f"--serial: {serial!r} is no hexadecimal number") from None
    elif name and _NAME.fullmatch(name):
        number = certificates.serial_of(
            there / certificates.ISSUED / name / certificates.CLIENT_CERT
        )
    else:
        raise Misconfigured("name the client, or give --serial")
    certificates.revoke(there, number)
    click.echo(f"revoked: {number:x}")


@cot.command()
@_DIR
def check(folder: Path | None) -> None:
    """Say what is wrong in the folder; exit code 1 if something is."""
    from cop.services.cot.clients import read_book
    from cop.services.cot.server import tls_context

    there = _folder(folder)
    tls_context(there)
    book = read_book(there)
    for fault in book.faults:
        click.echo(str(fault))
    click.echo(f"{len(book.clients)} clients, {len(book.revoked)} revoked certificates")
    if book.faults:
        raise SystemExit(1)


def _folder(given: Path | None) -> Path:
    folder = given or Settings().cot_dir
    if folder is None:
        raise Misconfigured("name the folder by --dir, or set COP_COT_DIR")
    return folder
