"""The Observatory's warnings in force: one alert for each family of warnings.

The summary (`warnsum`) says what is in force, the texts (`warningInfo`) give the full words; each
comes in three languages. A change of level (amber to red, No. 3 to No. 8) is a new code in the
same family and so an update of the same alert.

Specification: Hong Kong Observatory Open Data API Documentation, "warnsum" and "warningInfo".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.hko import OPEN_DATA, Documents, as_list, read_hko, read_languages, words_of
from cop.formats.hko_signals import Signal, meaning
from cop.formats.when import time_or_none
from cop.model.entity import Placing
from cop.model.kinds import Alert
from cop.model.text import Lang, Text, merge, text
from workers.feed import (
    DATA_GOV_HK,
    HKO_LANGS,
    Feed,
    Ignored,
    Item,
    Poll,
    Refused,
    in_languages,
)

KEY: Final = "hko_warnings"
PAGE: Final = "https://www.hko.gov.hk/en/wxinfo/dailywx/wxwarntoday.htm"
HONG_KONG: Final = text("Hong Kong", "香港", "香港")
NORTHERN_NEW_TERRITORIES: Final = text("Northern New Territories", "新界北部", "新界北部")

_TEXT_ALONE: Final = "WTCPRE8"
"""Documented as a text without an entry in the summary."""

_NUMBERED: Final = re.compile(r"\s*\d{1,2}\s*[.、．)]")


@dataclass(slots=True)
class _Words:
    """The texts of one family: lines by language, and when they were last changed."""

    lines: dict[Lang, list[str]] = field(default_factory=dict)
    subtypes: dict[Lang, str] = field(default_factory=dict)
    updated_at: datetime | None = None


def read_summary(body: bytes) -> dict[str, Any]:
    """Read the summary; `{}` means that nothing is in force. Raises PayloadError otherwise."""
    document = read_hko(body)
    if document and not any(
        isinstance(entry, dict) and ("code" in entry or "actionCode" in entry)
        for entry in document.values()
    ):
        raise PayloadError("not the warning summary: no entry has a code")
    return document


def read_texts(body: bytes) -> list[dict[str, Any]]:
    """Read the texts; `{}` means that there are none. Raises PayloadError otherwise."""
    document = read_hko(body)
    details = document.get("details", [])
    if document and "details" not in document:
        raise PayloadError("not the warning texts: 'details' is missing")
    if not isinstance(details, list) and details not in ("", None):
        raise PayloadError("not the warning texts: 'details' is no list")
    return as_list(details)


def parse(poll: Poll) -> Iterator[Item]:
    """Give one alert for each family in force; whatever is not in force is ignored by name."""
    summaries, texts = poll.by_language("warnsum"), poll.by_language("warningInfo")
    if not summaries and not texts:
        raise PayloadError("neither the warning summary nor the texts arrived")
    summary = read_languages(summaries, read_summary) if summaries else Documents({}, {})
    details, problems = _read_details(texts, alone=not summaries)
    for name, reason in (
        {f"warnsum {k}": v for k, v in summary.problems.items()} | problems
    ).items():
        yield Refused(name, reason)
    words: dict[str, _Words] = {}
    for lang, entries in details.items():
        yield from _sort_texts(lang, entries, words)
    families = {family: None for entries in summary.by_lang.values() for family in entries}
    for family in families:
        yield from _alert(family, summary, words.pop(family, _Words()))
    for family, said in words.items():
        if family == _TEXT_ALONE or not summaries:
            yield from _text_alert(family, said)
        else:
            yield Ignored(family, "a text of a warning that the summary does not list")


def _read_details(
    bodies: Mapping[Lang, bytes], *, alone: bool
) -> tuple[Mapping[Lang, list[Any]], dict[str, str]]:
    """Read the texts of all languages; beside a summary, their failure is only named."""
    if not bodies:
        return {}, {}
    try:
        documents = read_languages(bodies, read_texts)
    except PayloadError as error:
        if alone:
            raise
        return {}, {"warningInfo": str(error)}
    return documents.by_lang, {f"warningInfo {k}": v for k, v in documents.problems.items()}


def _sort_texts(lang: Lang, entries: list[Any], words: dict[str, _Words]) -> Iterator[Item]:
    for entry in entries:
        family = entry.get("warningStatementCode") if isinstance(entry, dict) else None
        if not isinstance(family, str) or not family:
            yield Refused(f"warningInfo {str(entry)[:80]}", "a text without a warning code")
            continue
        said = words.setdefault(family, _Words())
        lines = entry.get("contents")
        lines = [lines] if isinstance(lines, str) else as_list(lines)
        said.lines.setdefault(lang, []).extend(
            line.strip() for line in lines if isinstance(line, str) and line.strip()
        )
        if entry.get("subtype"):
            said.subtypes[lang] = str(entry["subtype"])
        changed = time_or_none(entry.get("updateTime"))
        said.updated_at = max(filter(None, (changed, said.updated_at)), default=None)


def _alert(family: str, summary: Documents, said: _Words) -> Iterator[Item]:
    entries = {lang: entries.get(family) for lang, entries in summary.by_lang.items()}
    entry = next((entry for entry in entries.values() if isinstance(entry, dict)), None)
    if entry is None:
        yield Refused(family, "the entry is no object")
        return
    code = str(entry.get("code") or family)
    action = str(entry.get("actionCode") or "").upper()
    if action == "CANCEL" or code.upper() == "CANCEL":
        yield Ignored(family, f"cancelled ({code} {action})".replace(" )", ")"))
        return
    issued_at = time_or_none(entry.get("issueTime")) or time_or_none(entry.get("updateTime"))
    if issued_at is None:
        yield Refused(family, "neither issueTime nor updateTime is a time")
        return
    signal, known = meaning(family, code)
    if not known:
        yield Refused(f"{family} {code}", "an unknown code: shown, but its severity is not known")
    for lang in [lang for lang in said.lines if not _same_level(said.subtypes.get(lang), code)]:
        yield Ignored(f"{family} text {lang}", f"it is of {said.subtypes[lang]}, not of {code}")
        del said.lines[lang]
    names = words_of(summary, lambda document: _title(family, document[family]))
    updated = time_or_none(entry.get("updateTime"))
    yield _make(
        family,
        code,
        signal,
        title=merge(names, signal.name, {"en": family}),
        issued_at=issued_at,
        updated_at=max(filter(None, (updated, said.updated_at)), default=None),
        expires_at=time_or_none(entry.get("expireTime")) if family == "WTS" else None,
        lines=said.lines,
    )


def _text_alert(family: str, said: _Words) -> Iterator[Item]:
    """Make an alert of a text alone: its own time is the only one there is."""
    code = next(iter(said.subtypes.values()), family)
    if said.updated_at is None:
        yield Refused(family, "a text without updateTime")
        return
    signal, known = meaning(family, code)
    if not known:
        yield Refused(f"{family} {code}", "an unknown code: shown, but its severity is not known")
    headlines: Text = {lang: lines[0] for lang, lines in said.lines.items() if lines}
    yield _make(
        family,
        code,
        signal,
        title=merge(signal.name, headlines, {"en": family}),
        issued_at=said.updated_at,
        updated_at=said.updated_at,
        expires_at=None,
        lines=said.lines,
    )


def _make(
    family: str,
    code: str,
    signal: Signal,
    *,
    title: Text,
    issued_at: datetime,
    updated_at: datetime | None,
    expires_at: datetime | None,
    lines: Mapping[Lang, list[str]],
) -> Alert:
    return Alert(
        id=f"{KEY}:{'_'.join(family.split())[:100] or 'unnamed'}",
        feed=KEY,
        publisher="HKO",
        title=title,
        description={lang: "\n".join(said) for lang, said in lines.items() if said},
        instruction={lang: advice for lang, said in lines.items() if (advice := _advice(said))},
        event_type=signal.event_type,
        signal=code,
        severity=signal.severity,
        urgency=signal.urgency,
        certainty=signal.certainty,
        issued_at=issued_at,
        updated_at=updated_at,
        expires_at=expires_at,
        area=NORTHERN_NEW_TERRITORIES if family == "WFNTSA" else HONG_KONG,
        placing=Placing.REGION,
        link=PAGE,
    )


def _title(family: str, entry: Mapping[str, Any]) -> str:
    """Name a warning in the publisher's words; a cyclone signal's type says it all."""
    name, kind = str(entry.get("name") or "").strip(), str(entry.get("type") or "").strip()
    if not kind or kind in name:
        return name
    if family == "WTCSGNL" or not name:
        return kind
    return f"{kind} {name}" if name.isascii() else f"{kind}{name}"


def _same_level(subtype: str | None, code: str) -> bool:
    """Tell whether a text of *subtype* belongs to *code*; `TC8` stands for all four quarters."""
    if subtype is None or subtype == code:
        return True
    return re.sub(r"(?<=TC8)[NS][EW]$", "", code) == subtype


def _advice(lines: list[str]) -> str:
    """Give the numbered lines of advice, with the line that leads to them; "" without any."""
    first = next((i for i, line in enumerate(lines) if _NUMBERED.match(line)), None)
    if first is None:
        return ""
    leads = first > 0 and lines[first - 1].endswith((":", "："))
    return "\n".join(lines[first - 1 if leads else first :])


def _looks_like_summary(body: bytes) -> bool:
    return body.strip() == b"{}" or (
        b'"actionCode"' in body and b'"issueTime"' in body and b'"hsww"' not in body
    )


FEED = Feed(
    key=KEY,
    title=text("Weather warnings in force", "現正生效的天氣警告", "现正生效的天气警告"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=(
        *in_languages(
            "warnsum",
            OPEN_DATA + "weather.php?dataType=warnsum&lang={lang}",
            HKO_LANGS,
            looks_like=_looks_like_summary,
        ),
        *in_languages(
            "warningInfo",
            OPEN_DATA + "weather.php?dataType=warningInfo&lang={lang}",
            HKO_LANGS,
            optional=True,
            looks_like=lambda body: body.strip() == b"{}" or b'"warningStatementCode"' in body,
        ),
    ),
    every=timedelta(seconds=60),
    stale_after=timedelta(minutes=5),
    parse=parse,
    expected=(0, 30),
)
