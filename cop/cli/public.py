"""`cop public`: what the public may have."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

import click
import orjson

from cop.model.publishing import ANY, INSIDE_ONLY, NEVER, TABLE, Row, is_live

_WIDTH: Final = 100
_INDENT: Final = " " * 16

_VERIFIED: Final = {
    "publisher": "its publisher: came by a feed under an open licence, and is no exercise",
    "keeper": "its keeper: a facility that people keep, as they asserted it",
    "command": "a commander, duty officer or liaison: somebody took it to `verified`",
    "released": "two persons: one wrote an alert of our own, another released it",
    "platform": "this platform, of its own feeds",
}


@click.group()
def public() -> None:
    """Say what the public may have."""


@public.command()
@click.option("--json", "as_json", is_flag=True, help="Print it for programs.")
def table(*, as_json: bool) -> None:
    """Print the table of publishing: what it does not name is never published."""
    click.echo(to_json().decode() if as_json else to_text(), nl=as_json)


def to_json() -> bytes:
    """Give the table for programs: `rows`, `never` and `inside_only`, fields sorted."""
    rows = [asdict(row) | {"fields": sorted(row.fields)} for row in TABLE]
    never = [asdict(one) for one in NEVER]
    whole = {"rows": rows, "never": never, "inside_only": sorted(INSIDE_ONLY)}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2)


def to_text() -> str:
    """Give the table to read, in lines of at most 100 characters."""
    parts = ["\n".join(_row(row)) for row in TABLE]
    never = ["NEVER"]
    for one in NEVER:
        never += _line(one.kind, f"{', '.join(one.types) or 'all'}: {one.why}")
    for feed, why in INSIDE_ONLY.items():
        never += _line("feed", f"{feed}: {why}")
    never += _line("alert", "exercises, tests and drafts of any publisher")
    never += _line("", "every kind, type and state that no row names")
    return "\n\n".join([*parts, "\n".join(never)]) + "\n"


def _row(row: Row) -> Iterator[str]:
    types = ", ".join("any other" if one == ANY else one for one in row.types)
    yield from textwrap.wrap(
        f"{row.kind.upper()} {types}", _WIDTH, subsequent_indent=_INDENT, break_on_hyphens=False
    )
    for name, words in _said(row).items():
        yield from _line(name, words)


def _said(row: Row) -> dict[str, str]:
    """Give what is to say of *row*, by its name; what does not apply is left out."""
    outlet = "the live API for anonymous readers, not the public picture"
    if row.outlet == "picture":
        outlet = "the public picture" + (" and the live API" if is_live(row) else " alone")
    place = "as it is given"
    if row.precision_m is not None:
        place = f"a point of a grid of {row.precision_m:g} m, whatever was drawn"
    said: dict[str, Any] = {
        "why": row.why,
        "where": outlet,
        "word of": _VERIFIED[row.verified],
        "only feeds": ", ".join(row.feeds),
        "only while": ", ".join(row.statuses),
        "place": place,
        "delay": f"{row.delay_s:g} s after it was verified" if row.delay_s else "",
        "lingers": f"{row.linger_s / 3600:g} h after its end, marked as ended"
        if row.linger_s
        else "",
        "changes told": ", ".join(f"{one}*" if one in row.corrects else one for one in row.tells)
        + (" (* as corrections)" if row.corrects else ""),
        "fields": ", ".join(sorted(row.fields)),
    }
    return {name: words for name, words in said.items() if words}


def _line(name: str, words: str) -> list[str]:
    return textwrap.wrap(
        f"  {name:<14}{words}",
        _WIDTH,
        subsequent_indent=_INDENT,
        break_on_hyphens=False,
    )
