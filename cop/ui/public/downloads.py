"""The open data as files to download: CSV for spreadsheets, GeoJSON for maps, and their schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Final, Literal

import orjson

from cop.clock import utc_iso
from cop.formats.sheet import Cell, csv_line
from cop.model.text import LANGS, Lang
from cop.services.publishing.editions import LICENCE, Document, feed_of
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.context import Context
from cop.ui.public.datasets import DATASET_KEYS, DatasetKey, columns_of, dataset_of
from cop.ui.public.markup import clean
from cop.ui.public.schema import schema_body
from cop.ui.public.sections import PAGE_FEEDS, SECTION_FEEDS
from cop.ui.public.shell import marked_title, origin_of
from cop.ui.public.words import plain

FOLDER: Final = "public/data"
_Tables = Mapping[DatasetKey | Literal["all"], Sequence[Feature]]
_BOM: Final = "\ufeff"
"""By it Excel knows that a CSV is UTF-8; without, Chinese becomes unreadable."""
_TIMES: Final = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
_SOURCES: Final = (
    *("feed", "title_en", "title_tc", "title_sc", "publisher", "licence", "state"),
    *("known_at", "stale_after_s", "stale", "as_of", "exercise"),
)


def documents(context: Context) -> Iterator[Document]:
    """Write the tables of this edition, all features in one, the sources and the schema."""
    picture = context.picture
    tables = cache(partial(_tables, picture))
    for key in DATASET_KEYS:
        yield Document(f"{FOLDER}/{key}.csv", partial(_csv, picture, key, tables))
        yield Document(f"{FOLDER}/{key}.geojson", partial(_geojson, picture, key, tables))
    yield Document(f"{FOLDER}/all.geojson", partial(_geojson, picture, "all", tables))
    yield Document(f"{FOLDER}/sources.csv", partial(_sources, picture))
    yield Document(f"{FOLDER}/schema.json", partial(schema_body, origin_of(context.settings)))


def _tables(picture: PublicPicture) -> _Tables:
    """Give the features of each table."""
    tables: dict[DatasetKey | Literal["all"], list[Feature]] = {key: [] for key in DATASET_KEYS}
    tables["all"] = list(picture.features.values())
    for feature in tables["all"]:
        key = dataset_of(feature)
        if key is not None:
            tables[key].append(feature)
    return tables


def _csv(picture: PublicPicture, key: DatasetKey, tables: Callable[[], _Tables]) -> bytes:
    columns = columns_of(key)
    last: tuple[Cell, ...] = (utc_iso(picture.as_of, "seconds"), picture.exercise)
    lines = [csv_line([*(column.name for column in columns), "as_of", "exercise"])]
    for feature in tables()[key]:
        shown = _marked(feature, picture)
        lines.append(csv_line([*(_cell(column.read(shown)) for column in columns), *last]))
    return _sheet(lines)


def _sheet(lines: Iterable[str]) -> bytes:
    return (_BOM + "".join(lines)).encode("utf-8", "replace")


def _cell(value: Cell) -> Cell:
    return clean(value) if isinstance(value, str) else value


def _geojson(
    picture: PublicPicture, key: DatasetKey | Literal["all"], tables: Callable[[], _Tables]
) -> bytes:
    """Write a FeatureCollection (RFC 7946) that also says when it was so, and how well known."""
    shown = [_marked(feature, picture) for feature in tables()[key]]
    feeds = {feature["properties"].get("feed") for feature in shown} | set(_feeds_of(key))
    title = {lang: _title(key, picture, lang) for lang in LANGS}
    return orjson.dumps(
        {
            "type": "FeatureCollection",
            "name": key,
            "title": title,
            "as_of": picture.as_of,
            "operation": picture.operation,
            "exercise": picture.exercise,
            "licence": LICENCE,
            "down": dict(picture.down),
            "feeds": {
                key: feed_of(feed) for key, feed in sorted(picture.feeds.items()) if key in feeds
            },
            "features": shown,
        },
        option=_TIMES,
    )


def _feeds_of(key: DatasetKey | Literal["all"]) -> Iterable[str]:
    """List the feeds by which it is known whether a table that is empty is rightly so."""
    if key == "all":
        return PAGE_FEEDS
    return ("hko_wind",) if key == "wind" else SECTION_FEEDS[key]


def _title(key: DatasetKey | Literal["all"], picture: PublicPicture, lang: Lang) -> str:
    return marked_title(plain(f"data.table-{key}", lang), lang, exercise=picture.exercise)


def _marked(feature: Feature, picture: PublicPicture) -> Feature:
    """Give *feature*; of an exercise with the mark on it and in its title."""
    if not picture.exercise:
        return feature
    marked = {**feature["properties"], "exercise": True}
    if "title" in marked:
        marked["title"] = {
            lang: marked_title(words, lang, exercise=True)
            for lang, words in marked["title"].items()
        }
    return {**feature, "properties": marked}


def _sources(picture: PublicPicture) -> bytes:
    """List the sources: a table alone does not tell an empty one from one that was not read."""
    lines = [csv_line(_SOURCES)]
    for key, feed in sorted(picture.feeds.items()):
        known = feed.known_at()
        cells: tuple[Cell, ...] = (
            key,
            *(clean(feed.title.get(lang, "")) for lang in ("en", "zh-Hant", "zh-Hans")),
            *(feed.publisher, feed.licence, feed.state),
            *(
                None if known is None else utc_iso(known, "seconds"),
                feed.stale_after_s,
                feed.is_stale(picture.as_of),
            ),
            *(utc_iso(picture.as_of, "seconds"), picture.exercise),
        )
        lines.append(csv_line(cells))
    return _sheet(lines)
