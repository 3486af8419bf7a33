"""One document in several languages: read what can be read, pair the rows that say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError

from cop.errors import PayloadError
from cop.formats.placed import find_site, slug
from cop.model.site import Site, Table
from cop.model.text import Lang

Document = TypeVar("Document")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Variants(Generic[Document]):
    """The readable variants by language, and why the others are not."""

    documents: dict[Lang, Document]
    broken: tuple[tuple[Lang, str], ...]


def read_variants(
    bodies: Mapping[Lang, bytes], read: Callable[[bytes], Document]
) -> Variants[Document]:
    """Read each of *bodies* with *read*.

    Raises:
        PayloadError: there is none, or none can be read; the first one's reason.
    """
    documents: dict[Lang, Document] = {}
    broken: list[tuple[Lang, str]] = []
    for lang, body in bodies.items():
        try:
            documents[lang] = read(body)
        except PayloadError as error:
            broken.append((lang, str(error)))
    if not documents:
        raise PayloadError(broken[0][1] if broken else "no document arrived")
    return Variants(documents, tuple(broken))


@dataclass(frozen=True, slots=True)
class Paired(Generic[Row]):
    """Rows of several languages about one place: its key, its site if known, row by language."""

    key: str
    site: Site | None
    rows: dict[Lang, Row]


def rows_again(variants: Mapping[Lang, Sequence[tuple[str, Row]]]) -> list[tuple[str, str]]:
    """List the rows that `pair_rows` gives up for a later one of the same name, and why."""
    return [
        (name, "a later row of the same document has the same name")
        for rows in variants.values()
        for place, (name, _) in enumerate(rows)
        if any(name == other for other, _ in rows[place + 1 :])
    ]


def pair_rows(
    variants: Mapping[Lang, Sequence[tuple[str, Row]]], table: Table
) -> list[Paired[Row]]:
    """Pair rows, each with the name of its place, across languages.

    Known places are paired by the site that *table* gives for their names. Unknown ones are
    paired by order if every language has as many; else each stands alone. The last row of a
    place wins within one language.
    """
    known: dict[str, Paired[Row]] = {}
    unknown: dict[Lang, list[tuple[str, Row]]] = {lang: [] for lang in variants}
    for lang, rows in variants.items():
        for name, row in rows:
            site = find_site(table, [name])
            if site is None:
                unknown[lang].append((name, row))
            else:
                known.setdefault(site.key, Paired(slug(site.key), site, {})).rows[lang] = row
    return [*known.values(), *_pair_by_order(unknown)]


def _pair_by_order(unknown: Mapping[Lang, list[tuple[str, Row]]]) -> list[Paired[Row]]:
    lists = list(unknown.items())
    if len({len(rows) for _, rows in lists}) == 1:
        return [
            Paired(slug(lists[0][1][i][0]), None, {lang: rows[i][1] for lang, rows in lists})
            for i in range(len(lists[0][1]))
        ]
    return [Paired(slug(name), None, {lang: row}) for lang, rows in lists for name, row in rows]


def explain(error: Exception) -> str:
    """Say in a few words why a row could not be read."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:200]
    if isinstance(error, KeyError):
        return f"no {str(error.args[0])[:60]!r}"
    return str(error)[:200] or type(error).__name__
