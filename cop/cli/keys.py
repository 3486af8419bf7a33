"""`cop keys`: keys that an installation makes for itself."""

from __future__ import annotations

import click

from cop.services.push_keys import new_push_key


@click.group()
def keys() -> None:
    """Make keys."""


@keys.command()
def push() -> None:
    """Make a key for push messages and print it: the private one (PEM), then its public one.

    Keep the PEM in a file that only the processes read and name it in COP_PUSH_KEY_FILE. Phones
    that took messages under another key have to be opened once to take them under this.
    """
    private, public = new_push_key()
    click.echo(private.strip())
    click.echo("The public key, which the web processes hand to browsers by themselves:", err=True)
    click.echo(public, err=True)
