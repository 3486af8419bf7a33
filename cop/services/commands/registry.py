"""Which commands there are: every module of this package that has a tuple `COMMANDS`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import cop.services.commands as package
from cop.services.commands.plan import Command


@cache
def find_commands() -> tuple[Command, ...]:
    """List every command, in the order of the modules' names.

    Raises:
        RuntimeError: two commands have one route.
    """
    found: list[Command] = []
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        found += getattr(loaded, "COMMANDS", ())
    routes = [(command.method, command.path) for command in found]
    if len(set(routes)) != len(routes):
        raise RuntimeError("two commands have one route")
    return tuple(found)
