"""Whether each MTR line runs as it should, from the next-train service of one station per line.

There is no open feed of line status: `status` 0 (with a message) and `isdelay` Y of one station
stand for its line. A line whose document did not arrive keeps what was last known of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.payload import read_object
from cop.formats.placed import at_site
from cop.formats.prose import safe_link
from cop.formats.variants import explain, read_variants
from cop.formats.when import time_or_none
from cop.model.kinds import Facility, FacilityStatus
from cop.model.text import Lang, Text, text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Item, Poll, Refused, Source, in_languages

PROBES: Final[Mapping[str, str]] = {
    "AEL": "TSY",
    "TCL": "OLY",
    "TML": "TAW",
    "TKL": "TKO",
    "EAL": "SHT",
    "SIL": "WCH",
    "TWL": "MOK",
    "ISL": "ADM",
    "KTL": "KOT",
    "DRL": "SUN",
}
"""Line to the station that is asked."""

_SUSPENDED = re.compile(
    r"suspend|no train service|service has ended|暫停|停駛|停止服務|暂停|停驶|停止服务",
    re.IGNORECASE,
)
_PARTLY = re.compile(r"between|part of|部分|部份|來往|来往|至.{1,6}站", re.IGNORECASE)
_SAID_WHEN_WELL = {"successful", "success", "ok", ""}


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one facility per line whose document could be read."""
    usable = False
    reasons: list[str] = []
    for line in PROBES:
        bodies = poll.by_language(line)
        if not bodies:
            continue
        try:
            variants = read_variants(bodies, _read)
            items = list(_line(line, variants.documents, poll))
        except (PayloadError, TypeError, ValueError) as error:
            reasons.append(explain(error))
            yield Refused(line, reasons[-1])
            continue
        usable = True
        yield from (Refused(f"{line} {lang}", why) for lang, why in variants.broken)
        yield from items
    if not usable:
        raise PayloadError(reasons[0] if reasons else "no line answered")


def _read(body: bytes) -> dict[str, Any]:
    document = read_object(body)
    if "status" not in document:
        fault = document.get("error")
        said = fault.get("errorMsg") if isinstance(fault, dict) else fault
        raise PayloadError(f"no status of a line: {str(said or 'unknown answer')[:100]}")
    return document


def _line(line: str, documents: Mapping[Lang, dict[str, Any]], poll: Poll) -> Iterator[Item]:
    first = next(iter(documents.values()))
    answered = [key for key in first.get("data") or {} if not str(key).startswith(f"{line}-")]
    if answered:
        raise ValueError(f"the answer is about {answered[0]!r}")
    code = str(first["status"]).strip()
    if code not in {"0", "1"}:
        raise ValueError(f"unknown status {code!r}")
    message: Text = {
        lang: str(document.get("message") or "").strip()
        for lang, document in documents.items()
        if str(document.get("message") or "").strip().lower() not in _SAID_WHEN_WELL
    }
    delayed = any(str(d.get("isdelay")).strip().upper() == "Y" for d in documents.values())
    at = time_or_none(first.get("curr_time")) or time_or_none(first.get("sys_time"))
    if at is not None:
        yield ContentAt(at)
    site = poll.table("mtr_lines").get(line)
    yield Facility(
        id=f"mtr_service:{line}",
        feed="mtr_service",
        publisher="MTR",
        title=site.name if site is not None else {"en": line},
        description=message,
        facility_type="railway_line",
        status=_status(code, message, delayed=delayed),
        words={"delay": text("Delay", "延誤", "延误")} if delayed else {},
        link=safe_link(str(first.get("url") or "")),
        **at_site(site),
    )


def _status(code: str, message: Text, *, delayed: bool) -> FacilityStatus:
    said = " ".join(message.values())
    if code == "0" and _SUSPENDED.search(said) and not _PARTLY.search(said):
        return FacilityStatus.CLOSED
    if code == "0" or delayed:
        return FacilityStatus.LIMITED
    return FacilityStatus.OPEN


def _is_about(line: str) -> Callable[[bytes], bool]:
    return lambda body: f'"{line}-'.encode() in body


def _sources() -> Iterator[Source]:
    for line, station in PROBES.items():
        yield from in_languages(
            line,
            "https://rt.data.gov.hk/v1/transport/mtr/getSchedule.php"
            f"?line={line}&sta={station}&lang={{lang}}",
            {"en": "EN", "zh-Hant": "TC"},
            optional=True,
            looks_like=_is_about(line),
        )


FEED = Feed(
    key="mtr_service",
    title=text("MTR service", "港鐵服務", "港铁服务"),
    publisher="MTR",
    licence=DATA_GOV_HK.format(department="MTR Corporation"),
    sources=tuple(_sources()),
    every=timedelta(seconds=60),
    stale_after=timedelta(minutes=10),
    parse=parse,
    complete=False,
    expected=(1, 10),
    joins=("mtr_lines",),
    max_bytes=500_000,
)
