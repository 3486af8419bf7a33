"""Every entrance that takes bytes or words from outside, with good inputs to begin from."""

from __future__ import annotations

import atexit
import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from pydantic import BaseModel

import workers.scenarios
from cop.errors import CopError, Invalid, Misconfigured, PayloadError
from cop.formats.cap_envelope import read_envelope
from cop.formats.cot.event import read_event, write_event
from cop.formats.cot.stream import Splitter
from cop.formats.edxl.de import read_de
from cop.formats.edxl.have import read_have
from cop.formats.edxl.rm import write_rm
from cop.formats.edxl.rm_read import read_rm
from cop.formats.edxl.sitrep import read_sitrep
from cop.formats.edxl.tree import encode
from cop.formats.payload import read_json, read_xml
from cop.formats.sheet import csv_line
from cop.model.entity import Entity
from cop.model.kinds import decode
from cop.model.record import cursor_key
from cop.services.commands.registry import find_commands
from cop.services.cot.clients import read_client
from cop.services.exchange.partners import read_partner
from cop.services.features.cql2 import parse
from cop.services.features.crs import CRS84, parse_bbox
from cop.services.features.filters import Compiler
from cop.services.features.items import parse_limit, parse_offset
from cop.services.features.paging import TooOld, parse_mark
from cop.services.features.subject import Subject
from cop.services.features.times import parse_datetime
from cop.services.grid_reference import read_reference
from cop.services.images import clean_image
from cop.services.layers.set_up import PRESETS, read_layer_file
from cop.services.roster import read_roster
from tests.contract.cases import find_cases, find_feeds, outcome, read_case, with_bodies
from tests.fuzz.seeds import FILTERS, PARTNER, WORDS, instance, pictures
from tests.unit.formats.cap_making import a_message, an_info
from tests.unit.formats.cot.test_event import EVERYTHING
from tests.unit.formats.edxl.test_rm import WRITTEN, message
from tests.unit.services.features.test_filters import SHEET
from tests.unit.workers.layers.test_readers import GML
from tests.unit.workers.test_cap_sources import FILE as CAP_FILE
from tests.unit.workers.vision.test_plans import FILE as PLAN_FILE
from workers.cap_sources import read_source
from workers.feed import Feed, Poll
from workers.layers.gml import take_gml
from workers.layers.rows import Rows
from workers.vision.frame import Unusable
from workers.vision.headers import read_header
from workers.vision.plans import read_plan

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Target:
    """One entrance.

    Attributes:
        name: of it.
        seeds: good inputs.
        take: hands an input over; raises AssertionError where what came out is wrong.
        refusals: errors by which it says no; any other that escapes is a fault.
    """

    name: str
    seeds: tuple[bytes, ...]
    take: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]


def targets() -> dict[str, Target]:
    """Give all of them by name."""
    found = (*_feeds(), *_messages(), *_asked(), *_files(), *_bodies(), *_binary())
    return {target.name: target for target in found}


def _feeds() -> Iterator[Target]:
    """Give one for each document that a feed has; the other documents of its poll stay good."""
    for key, feed in find_feeds().items():
        named: dict[str, list[tuple[Poll, int]]] = {}
        for case in find_cases(key):
            poll = read_case(feed, case)
            for index, payload in enumerate(poll.payloads):
                named.setdefault(payload.source.name, []).append((poll, index))
        for name, places in named.items():
            seeds = tuple(poll.payloads[index].body for poll, index in places)
            yield Target(f"feed:{key}:{name}", seeds, _into(feed, places), (PayloadError,))


def _into(feed: Feed, places: list[tuple[Poll, int]]) -> Callable[[bytes], object]:
    """Hand bytes to *feed* in the place of one document of a good poll."""

    def take(body: bytes) -> object:
        poll, index = places[len(body) % len(places)]
        bodies = [payload.body for payload in poll.payloads]
        bodies[index] = body
        made = outcome(feed.parse(with_bodies(poll, bodies)))
        assert all(reason for _, reason in made["ignored"] + made["refused"]), "no reason"
        return orjson.dumps(made)

    return take


def _messages() -> Iterator[Target]:
    alerts = (a_message(), a_message("X-2", an_info(), an_info(language="zh-HK"), sent=None))
    envelope = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="text/xml">'
    alerts += (envelope + alerts[0] + b"</content></entry></feed>",)
    yield Target("cap", alerts, read_envelope, (PayloadError,))
    forms = tuple(encode(write_rm(message(form))) for form in WRITTEN)
    for reader in (read_de, read_have, read_rm, read_sitrep):
        yield Target(
            f"edxl:{reader.__name__}",
            forms,
            lambda body, reader=reader: reader(read_xml(body)),  # type: ignore[misc]
            (PayloadError,),
        )
    events = tuple(write_event(event) for event in EVERYTHING)
    yield Target("cot:event", events, read_event, (PayloadError,))
    yield Target("cot:stream", (b"".join(events),), _split, ())
    yield Target("layer:gml", (GML,), lambda body: take_gml(body, Rows()), (PayloadError,))
    collection = orjson.dumps({"type": "FeatureCollection", "features": SHAPES})
    yield Target("layer:geojson", (collection,), _collection, (PayloadError,))


SHAPES: Final = [line.feature() for line in SHEET.lines]


def _split(body: bytes) -> None:
    splitter, step = Splitter(), 1 + len(body) % 700
    for at in range(0, len(body), step):
        for event in splitter.feed(body[at : at + step]):
            if isinstance(event, bytes):
                assert event.startswith(b"<event")


def _collection(body: bytes) -> object:
    rows = Rows()
    rows.take_collection(read_json(body))
    return rows.encode()


def _asked() -> Iterator[Target]:
    """Parameters of requests; bytes that are no text never come so far."""

    def words_to(read: Callable[[str], object]) -> Callable[[bytes], object]:
        return lambda body: read(body.decode("utf-8", "replace")[:60_000])

    def filtered(words: str, language: str) -> None:
        test = Compiler(SHEET.columns, CRS84, has_named=True).test(parse(words, language))
        for line in SHEET.lines:
            test(Subject(line, "en"))

    for name, read in {
        "ogc:datetime": parse_datetime,
        "ogc:bbox": lambda words: parse_bbox(words, CRS84),
        "ogc:limit": parse_limit,
        "ogc:offset": parse_offset,
        "ogc:page": parse_mark,
        "ogc:filter-text": lambda words: filtered(words, "cql2-text"),
        "ogc:filter-json": lambda words: filtered(words, "cql2-json"),
        "stream:after": cursor_key,
        "search:reference": read_reference,
        "csv": _cell,
    }.items():
        seeds = FILTERS[name.partition("filter-")[2]] if "filter" in name else WORDS
        refusals = (ValueError,) if name == "stream:after" else (Invalid, TooOld)
        yield Target(name, seeds, words_to(read), refusals)


def _cell(words: str) -> None:
    """No cell of a table begins as a formula does."""
    for row in csv.reader(io.StringIO(csv_line([words]), newline="")):
        assert not row[0].startswith(_FORMULAS), row[0][:40]


def _files() -> Iterator[Target]:
    scenarios = [Path(place) for place in workers.scenarios.__path__]
    plans = [PLAN_FILE.encode()]
    plans += [file.read_bytes() for place in scenarios for file in place.glob("*/cameras/*.toml")]
    rosters = tuple(
        file.read_bytes() for place in scenarios for file in place.glob("*/roster.json")
    )
    layers = tuple(file.read_bytes() for file in sorted(PRESETS.glob("*.toml")))
    for name, seeds, read in (
        ("file:camera", tuple(plans), read_plan),
        ("file:layer", layers, read_layer_file),
        ("file:cap-source", (CAP_FILE.encode(),), read_source),
        ("file:partner", (PARTNER,), read_partner),
        ("file:client", (b'cn = "a"\nareas = [[113, 22, 114, 23]]\n',), read_client),
        ("file:roster", rosters or (b'{"resources": []}',), read_roster),
    ):
        stem = "pier-4" if read is read_plan else "gd"
        yield Target(name, seeds, _written(read, stem), (Misconfigured,))


def _written(read: Callable[[Path], object], stem: str) -> Callable[[bytes], object]:
    folder = tempfile.TemporaryDirectory(prefix="cop-fuzz-")
    atexit.register(folder.cleanup)

    def take(body: bytes) -> object:
        path = Path(folder.name) / f"{stem}.toml"
        path.write_bytes(body)
        return read(path)

    return take


def _bodies() -> Iterator[Target]:
    """What every command is asked with, as the web process reads it; and what is stored."""
    for command in find_commands():
        if command.body is not None:
            body = command.body
            name = f"command:{command.method} {command.path}"
            seeds = (instance(body.model_json_schema()),)
            # the framework answers 400 to whatever fails while it reads JSON: depth, too
            yield Target(name, seeds, _validated(body), (ValueError, RecursionError))
    yield Target("entity", _entities(), decode, (ValueError,))


def _entities() -> tuple[bytes, ...]:
    """Give the first entity of each feed as it is stored."""
    found = []
    for key, feed in find_feeds().items():
        for case in find_cases(key)[:1]:
            items = feed.parse(read_case(feed, case))
            found += [item.encode() for item in items if isinstance(item, Entity)][:1]
    return tuple(found)


def _validated(body: type[BaseModel]) -> Callable[[bytes], object]:
    def take(data: bytes) -> object:
        return body.model_validate(json.loads(data)).model_dump_json()

    return take


def _binary() -> Iterator[Target]:
    yield Target("upload:image", pictures(), clean_image, (CopError,))
    yield Target("camera:header", pictures(), read_header, (Unusable,))
