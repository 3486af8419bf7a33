"""Waiting times of the 18 accident and emergency departments, from the Hospital Authority.

Two formats: the present one (waits by triage category, half and 95 % of patients) and the old one
(`topWait`). Words such as "Managing multiple resuscitation cases" are no times and are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.payload import read_object
from cop.formats.placed import at_site
from cop.formats.prose import language_of
from cop.formats.variants import Paired, explain, pair_rows, read_variants, rows_again
from cop.formats.when import time_or_none
from cop.model.entity import Measures
from cop.model.kinds import Facility, FacilityStatus
from cop.model.text import Lang, Text, merge, text
from workers.feed import (
    DATA_GOV_HK,
    HKO_LANGS,
    ContentAt,
    Feed,
    Item,
    Poll,
    Refused,
    in_languages,
)

WAITS: Final[Mapping[str, str]] = {
    "t1wt": "t1",
    "t2wt": "t2",
    "t3p50": "t3_p50",
    "t3p95": "t3_p95",
    "t45p50": "t45_p50",
    "t45p95": "t45_p95",
    "topWait": "top_wait",
}
"""Field of the feed to the stem of ours: minutes are `<stem>_min`, the raw words `<stem>`."""

FLAGS: Final[Mapping[str, str]] = {"manageT1case": "managing_t1", "manageT2case": "managing_t2"}

_DURATION = re.compile(
    r"(?<!\d)(\d+(?:\.\d+)?)\s*(minute|min|hour|hr|分鐘|分钟|小時|小时|鐘頭|钟头)", re.IGNORECASE
)
_HOURS = ("hour", "hr", "小時", "小时", "鐘頭", "钟头")

Hospital = dict[str, Any]


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one facility per hospital, its language variants merged."""
    bodies: dict[Lang, bytes] = {}
    for payload in poll.all("waits"):
        bodies[_language(payload.body, payload.source.lang)] = payload.body
    variants = read_variants(bodies, _read)
    yield from (Refused(str(lang), why) for lang, why in variants.broken)
    rows: dict[Lang, list[tuple[str, Hospital]]] = {}
    observed_at: datetime | None = None
    for lang, document in variants.documents.items():
        stamp = time_or_none(document.get("updateTime"))
        observed_at = max(filter(None, (observed_at, stamp)), default=None)
        rows[lang] = []
        for row in document["waitTime"]:
            if isinstance(row, dict) and isinstance(row.get("hospName"), str) and row["hospName"]:
                rows[lang].append((row["hospName"], row))
            else:
                yield Refused(str(row)[:80], "a hospital without a name")
    if observed_at is None:
        yield Refused("updateTime", "the time of update is not a time")
    else:
        yield ContentAt(observed_at)
    yield from (Refused(*row) for row in rows_again(rows))
    for paired in pair_rows(rows, poll.table("ha_hospitals")):
        try:
            yield _hospital(paired, observed_at)
        except (TypeError, ValueError) as error:
            yield Refused(paired.key, explain(error))


def _language(body: bytes, declared: Lang | None) -> Lang:
    """Believe the words over the file name: a Chinese list is never shown as English."""
    guessed = language_of(body.decode("utf-8", errors="replace").replace("hospName", ""))
    if declared is None or (guessed == "en") != (declared == "en"):
        return guessed if re.search("[\u4e00-\u9fff]", body.decode("utf-8", "replace")) else "en"
    return declared


def _read(body: bytes) -> dict[str, Any]:
    document = read_object(body)
    if not isinstance(document.get("waitTime"), list):
        raise PayloadError("no list `waitTime`: not the list of waiting times")
    return document


def minutes(words: str) -> float | None:
    """Give the wait that *words* tell, in minutes; None for a sentence without a time."""
    found = _DURATION.search(words)
    if found is None:
        return None
    length = float(found[1])
    return round(length * 60, 2) if found[2].lower() in _HOURS else length


def _hospital(paired: Paired[Hospital], observed_at: datetime | None) -> Facility:
    names: Text = {lang: row["hospName"] for lang, row in paired.rows.items()}
    name = merge(paired.site.name, names) if paired.site is not None else names
    measures: Measures = {}
    words: dict[str, Text] = {}
    busy = False
    for field, stem in (*WAITS.items(), *FLAGS.items()):
        said = {
            lang: str(row[field]).strip()
            for lang, row in paired.rows.items()
            if row.get(field) not in (None, "")
        }
        if not said:
            continue
        words[stem] = merge(said)
        if field in FLAGS:
            continue
        times = [time for time in map(minutes, said.values()) if time is not None]
        if times:
            measures[f"{stem}_min"] = times[0]
        elif re.search(r"resuscitation|搶救|抢救", " ".join(said.values()), re.IGNORECASE):
            busy = True
    if not words:
        raise ValueError("no waiting time of any category")
    return Facility(
        id=f"ha_waiting:{paired.key}",
        feed="ha_waiting",
        publisher="HA",
        title=name,
        place=name,
        observed_at=observed_at,
        facility_type="hospital",
        status=FacilityStatus.LIMITED if busy else FacilityStatus.OPEN,
        measures=measures,
        words=words,
        asserted_at=observed_at,
        **at_site(paired.site),
    )


FEED = Feed(
    key="ha_waiting",
    title=text("A&E waiting times", "急症室輪候時間", "急症室轮候时间"),
    publisher="HA",
    licence=DATA_GOV_HK.format(department="Hospital Authority"),
    sources=in_languages(
        "waits",
        "https://www.ha.org.hk/opendata/aed/aedwtdata2-{lang}.json",
        HKO_LANGS,
        looks_like=lambda body: b'"waitTime"' in body,
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(minutes=45),
    parse=parse,
    expected=(1, 60),
    joins=("ha_hospitals",),
)
