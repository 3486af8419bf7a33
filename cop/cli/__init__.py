"""The command `cop`: everything a person types."""

from __future__ import annotations

import importlib
from typing import Any, Final

import click

from cop.errors import CopError

_COMMANDS: Final = {
    "backup": "cop.cli.backup",
    "cameras": "cop.cli.cameras",
    "cap": "cop.cli.cap",
    "cot": "cop.cli.cot",
    "doctor": "cop.cli.doctor",
    "feeds": "cop.cli.feeds",
    "journal": "cop.cli.journal",
    "keys": "cop.cli.keys",
    "partners": "cop.cli.partners",
    "public": "cop.cli.public",
    "restore": "cop.cli.backup",
    "roster": "cop.cli.roster",
    "scenarios": "cop.cli.run",
    "up": "cop.cli.run",
    "users": "cop.cli.users",
}
"""Command to the module that has it; only the one that was typed is imported."""


class Commands(click.Group):
    """The commands, imported when needed, whose expected errors are one clear line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """List the names of all commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Give a command by name."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(_COMMANDS[cmd_name]), cmd_name)
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was typed; say an expected error without a traceback."""
        try:
            return super().invoke(ctx)
        except CopError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
@click.version_option(package_name="cop")
def main() -> None:
    """Run and look after the Common Operational Picture."""
