"""Asking for features: a query, read and checked, and its pages."""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cop.errors import Invalid, NotFound
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.text import Lang
from cop.services.features import cql2
from cop.services.features.collections import Collection, describe, kinds_for, licences_of
from cop.services.features.columns import Column, flat, has_named, named_column
from cop.services.features.crs import CRS84, Area, carry_out, known, parse_bbox, read_number
from cop.services.features.filters import Compiler
from cop.services.features.paging import Key, Listing, Listings, Mark, Page, cut, epoch_digest
from cop.services.features.sheet import Line, Shape, Sheet, Sheets
from cop.services.features.subject import Subject, Test
from cop.services.features.times import Span, meets, parse_datetime
from cop.services.replica import Replica

LIMIT: Final = 100
MOST_LIMIT: Final = 5_000
MOST_S: Final = 5.0
"""Seconds that one question may take."""

SELECTING: Final = ("bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs")
"""Parameters that say which features are wanted, besides the names of properties."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which features of a collection are wanted.

    Attributes:
        key: the same for the same question.
        area, span: where and when; None: anywhere, any time.
        tests: all must be true.
    """

    key: str
    area: Area | None
    span: Span | None
    tests: tuple[Test, ...]

    def selects(self, line: Line, lang: Lang) -> bool:
        """Tell whether *line* is wanted."""
        if self.span is not None and not meets(line.span, self.span):
            return False
        if self.area is not None and not self.area.meets(
            line.box, lambda: line.feature()["geometry"]
        ):
            return False
        if not self.tests:
            return True
        subject = Subject(line, lang)
        return all(test(subject) for test in self.tests)


def parse_limit(words: str) -> int:
    """Read the `limit` parameter; more than is ever given at once means as much as is.

    Raises:
        Invalid: it is not a whole number from 1 up.
    """
    if not (words.isascii() and words.isdecimal() and int(words[:12]) >= 1):
        raise Invalid(("limit", f"give a whole number from 1 to {MOST_LIMIT}"))
    return min(int(words[:12]), MOST_LIMIT)


def parse_offset(words: str) -> int:
    """Read the `offset` parameter: how many features to pass over.

    Raises:
        Invalid: it is not a whole number from 0 up.
    """
    if not (words.isascii() and words.isdecimal()):
        raise Invalid(("offset", "give a whole number from 0 up"))
    return int(words[:12])


def parse_query(sheet: Sheet, given: Mapping[str, str], lang: Lang) -> Query:
    """Read the parameters that select: those in `SELECTING`, and properties that must be equal.

    Raises:
        Invalid: one of them is not what it should be, or is none.
    """
    bbox_crs = known(given.get("bbox-crs", CRS84), "bbox-crs")
    filter_crs = known(given.get("filter-crs", CRS84), "filter-crs")
    language = given.get("filter-lang", cql2.LANGUAGES[0])
    if language not in cql2.LANGUAGES:
        raise Invalid(("filter-lang", f"use one of {', '.join(cql2.LANGUAGES)}"))
    compiler = Compiler(sheet.columns, filter_crs, has_named=has_named(sheet.kind, sheet.audience))
    trees = [cql2.parse(given["filter"], language)] if "filter" in given else []
    trees += [_equality(sheet, name, given[name]) for name in sorted(given.keys() - set(SELECTING))]
    return Query(
        key=repr(sorted(given.items())) + lang,
        area=parse_bbox(given["bbox"], bbox_crs) if "bbox" in given else None,
        span=parse_datetime(given["datetime"]) if "datetime" in given else None,
        tests=tuple(compiler.test(tree) for tree in trees),
    )


def _equality(sheet: Sheet, name: str, words: str) -> Any:
    """Give the filter that the parameter *name* stands for."""
    column = next((column for column in sheet.columns if column.name == name), None)
    if column is None and has_named(sheet.kind, sheet.audience):
        column = named_column(name)
    if column is None and name != "id":
        raise Invalid((name, "there is no such parameter, nor such a property: see /ogc/api"))
    value: str | float | bool = words
    if column is not None and column.type in ("number", "integer"):
        value = _number(name, words)
    elif column is not None and column.type == "boolean":
        if words not in ("true", "false"):
            raise Invalid((name, "give true or false"))
        value = words == "true"
    return {"op": "=", "args": [{"property": name}, value]}


def _number(name: str, words: str) -> float:
    try:
        value = read_number(words)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Invalid((name, "give a number"))
    return value


class Features:
    """What a web process holds of the collections. Everything in it may be called in threads."""

    def __init__(self, replica: Replica) -> None:
        """Give what *replica* holds."""
        self._replica = replica
        self._sheets = Sheets()
        self._listings = Listings()

    def sheet(self, audience: Audience, kind: Kind, shape: Shape | None = None) -> Sheet:
        """Give the collection of *kind* as it is now, or what of it has that *shape*.

        Raises:
            StoreUnavailable: the picture has not been read yet.
        """
        whole = self._sheets.sheet(self._replica.picture(), audience, kind)
        return whole if shape is None else self._sheets.part(whole, shape)

    def collection(
        self, audience: Audience, kind: Kind, lang: Lang, shape: Shape | None = None
    ) -> Collection:
        """Give the collection of *kind*, or a part, with what is said of it in *lang*."""
        licences = licences_of(self.sheet(audience, Kind.FEED_STATUS))
        return describe(self.sheet(audience, kind, shape), licences, lang)

    def collections(self, audience: Audience, lang: Lang) -> list[Collection]:
        """List every collection that *audience* may see, its parts where shapes are mixed."""
        licences = licences_of(self.sheet(audience, Kind.FEED_STATUS))
        wholes = [self.sheet(audience, kind) for kind in kinds_for(audience)]
        return [
            describe(sheet, licences, lang)
            for whole in wholes
            for sheet in (whole, *(self._sheets.part(whole, shape) for shape in whole.shapes()))
        ]

    def page(
        self,
        audience: Audience,
        kind: Kind,
        given: Mapping[str, str],
        lang: Lang,
        *,
        limit: int,
        mark: Mark | None = None,
        offset: int = 0,
        shape: Shape | None = None,
    ) -> Page:
        """Give at most *limit* of the features that *given* selects, from *mark* on.

        Without a mark, *offset* features are passed over; with a *shape*, only such are looked at.

        Raises:
            Invalid: a parameter is not what it should be.
            StoreUnavailable: the picture has not been read yet.
        """
        sheet = self.sheet(audience, kind, shape)
        query = parse_query(sheet, given, lang)
        cursor = mark.cursor if mark and mark.epoch == epoch_digest(sheet.epoch) else sheet.cursor
        listing = self._listings.find(Key(sheet.epoch, cursor, audience, kind, shape, query.key))
        if listing is None:
            listing = self._select(sheet, query, lang)
        page = cut(listing, mark.after if mark else _id_before(listing, offset), limit)
        if page.next or page.prev:
            self._listings.keep(listing)
        return page

    def _select(self, sheet: Sheet, query: Query, lang: Lang) -> Listing:
        every = query.area is None and query.span is None and not query.tests
        return Listing(
            key=Key(sheet.epoch, sheet.cursor, sheet.audience, sheet.kind, sheet.shape, query.key),
            lines=sheet.lines if every else _selected(sheet.lines, query, lang),
            columns=sheet.columns,
            as_of=self._replica.known_at(),
        )

    def one(
        self, audience: Audience, kind: Kind, entity_id: str, shape: Shape | None = None
    ) -> tuple[Line, Sheet]:
        """Give one feature of *kind*, and the collection that it is of.

        Raises:
            NotFound: *audience* sees none with that id in this collection.
        """
        sheet = self.sheet(audience, kind, shape)
        at = bisect_left(sheet.lines, entity_id, key=lambda line: line.id)
        if at == len(sheet.lines) or sheet.lines[at].id != entity_id:
            raise NotFound("there is no such feature for you here: it may have left the picture")
        return sheet.lines[at], sheet


def _id_before(listing: Listing, offset: int) -> str:
    """Give the id of the last feature that is passed over; "" where none is."""
    passed = listing.lines[:offset]
    return passed[-1].id if passed else ""


def _selected(lines: Sequence[Line], query: Query, lang: Lang) -> list[Line]:
    """Give those of *lines* that *query* selects, as long as that takes no unfair time."""
    found = []
    end = time.monotonic() + MOST_S
    for line in lines:  # of large shapes one alone may take a while
        if time.monotonic() > end:
            raise Invalid(("filter", "this takes too long: narrow it by bbox or datetime"))
        if query.selects(line, lang):
            found.append(line)
    return found


def write_features(
    lines: Sequence[Line], columns: Sequence[Column], lang: Lang, crs: str
) -> list[dict[str, Any]]:
    """Give *lines* as flat GeoJSON features, places in the system *crs*."""
    decoded = [line.feature() for line in lines]
    geometries = carry_out(
        [
            feature["geometry"] if line.box is not None else None
            for line, feature in zip(lines, decoded, strict=True)
        ],
        crs,
    )
    return [
        {
            "type": "Feature",
            "id": feature["id"],
            "geometry": geometry,
            "properties": flat(feature["properties"], columns, lang),
        }
        for feature, geometry in zip(decoded, geometries, strict=True)
    ]
