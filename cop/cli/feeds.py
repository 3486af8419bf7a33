"""`cop feeds`: list them, parse files with them, poll them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from cop.cli.setting_up import print_table
from cop.errors import Misconfigured
from cop.model.entity import Entity
from cop.model.site import Site


@click.group()
def feeds() -> None:
    """List the feeds, parse files with them, poll them."""


_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Data directory, in which CAP sources may be set up.",
)


@feeds.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array, with the addresses.")
@_DATA
def list_feeds(data: Path | None, *, as_json: bool) -> None:
    """Show every feed with its publisher, interval, promise and licence."""
    from cop.launcher.running import read_settings
    from workers.cap_sources import cap_sources_of
    from workers.registry import find_feeds

    settings = read_settings(data)
    for fault in cap_sources_of(settings).faults:
        click.echo(str(fault), err=True)
    found = find_feeds(settings)
    if as_json:
        rows = [
            {
                "key": feed.key,
                "title": feed.title,
                "publisher": feed.publisher,
                "every_s": feed.every.total_seconds(),
                "stale_after_s": feed.stale_after.total_seconds(),
                "licence": feed.licence,
                "sources": [source.url for source in feed.sources],
            }
            for feed in found.values()
        ]
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
        return
    heads = ("FEED", "TITLE", "PUBLISHER", "EVERY", "STALE AFTER", "LICENCE")
    table = [heads]
    table += [
        (
            feed.key,
            feed.title.get("en", ""),
            feed.publisher,
            span(feed.every.total_seconds()),
            span(feed.stale_after.total_seconds()),
            feed.licence,
        )
        for feed in found.values()
    ]
    print_table(table)


@feeds.command("parse")
@click.argument("feed")
@click.argument("files", nargs=-1, required=True, metavar="[DOCUMENT[.LANG]=]FILE…")
@click.option("--at", "at", help="When the files were received (ISO 8601); now, if not given.")
@_DATA
def parse_files(feed: str, files: tuple[str, ...], at: str | None, data: Path | None) -> None:
    """Parse FILES as FEED would, and print what they say as one GeoJSON FeatureCollection.

    The member `report` tells how many rows were taken, and which were ignored or refused and why.
    A payload that is refused as a whole ends with the reason and exit code 1.
    """
    from cop.launcher.running import read_settings
    from workers.collect import collect
    from workers.recognise import recognise
    from workers.registry import find_feed

    recipe = find_feed(feed, read_settings(data))
    named = [(name, _read(name)) for name in files]
    parsed = collect(recipe, recognise(recipe, named, read_moment(at)))
    collection = {
        "type": "FeatureCollection",
        "feed": recipe.key,
        "content_at": parsed.content_at,
        "report": {
            "taken": parsed.taken,
            "ignored": _rows(parsed.ignored),
            "refused": _rows(parsed.refused),
        },
        "features": [
            *(entity_feature(entity) for entity in parsed.entities),
            # beside entities, sites only repeat the same rows for feeds that join them
            *(_site_feature(recipe.key, site) for site in parsed.sites if not parsed.entities),
        ],
    }
    click.echo(orjson.dumps(collection, option=orjson.OPT_INDENT_2))


@feeds.command("poll")
@click.argument("feed")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Data directory of the running system.",
)
def poll_now(feed: str, data: Path | None) -> None:
    """Poll FEED once, now, for the operation that runs, and tell the outcome."""
    from cop.cli.stores import operation_of
    from cop.services.exchange.originals import Originals
    from cop.store import open_store
    from workers.poll import poll_feed
    from workers.registry import find_feed
    from workers.transports import open_transport

    settings = operation_of(data)
    recipe = find_feed(feed, settings)
    with open_transport(settings) as transport:
        outcome = poll_feed(
            open_store(settings),
            recipe,
            clock=settings.clock(),
            transport=transport,
            contact=settings.contact,
            originals=Originals(settings),
        )
    click.echo(outcome.sentence())
    if not outcome.usable:
        raise SystemExit(1)


def entity_feature(entity: Entity) -> dict[str, Any]:
    """Give *entity*, whole, as a GeoJSON feature."""
    fields = entity.model_dump(mode="json", exclude_none=True)
    geometry = fields.pop("geometry", None)
    return {
        "type": "Feature",
        "id": fields.pop("id"),
        "geometry": geometry,
        "properties": fields,
    }


def _site_feature(key: str, site: Site) -> dict[str, Any]:
    fields = site.model_dump(mode="json", exclude_none=True)
    geometry = fields.pop("geometry")
    return {
        "type": "Feature",
        "id": f"{key}:{site.key}",
        "geometry": geometry,
        "properties": {"kind": "site", "feed": key, **fields},
    }


def _rows(rows: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"row": row, "reason": reason} for row, reason in rows]


def _read(name: str) -> bytes:
    label, equals, path = name.partition("=")
    file = Path(path if equals and "/" not in label and not Path(name).exists() else name)
    try:
        return file.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{file}: {error.strerror or error}") from error


def read_moment(at: str | None) -> datetime:
    """Read what was typed for `--at`; now where nothing was. Raises Misconfigured."""
    if at is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise Misconfigured(f"--at {at}: not a time; write 2026-09-08T03:00:00Z") from error
    if moment.tzinfo is None:
        raise Misconfigured(f"--at {at}: add the zone, for example Z or +08:00")
    return moment.astimezone(UTC)


def span(seconds: float) -> str:
    """Give a time span as people say it, for example `2 min`."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
