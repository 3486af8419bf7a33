"""Warnings in force in Macao, from its observatory (SMG): its XML and its CAP messages.

Both say the same, each warning once here: the XML tells what is in force, CAP gives severity,
area and instruction. A CAP address is overwritten in place, its message refers to itself, has no
`expires`, and ends by `AllClear` or `Past`; when the two disagree, the later one is believed.
Only the typhoon document's elements were seen; the others are read as its like. Portuguese is not
a language of the picture and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.cap import CapAlert, CapInfo, footprint, in_languages, read_alert
from cop.formats.payload import local_name
from cop.formats.placed import at_site
from cop.formats.prose import language_of, plain_text, safe_link
from cop.formats.rss import read_rss
from cop.formats.smg import lang_of_letter, language_of_head, published_at, read_smg, words
from cop.formats.variants import explain
from cop.formats.when import time_or_none
from cop.model.entity import Certainty, Placing, Severity, Urgency
from cop.model.kinds import Alert
from cop.model.site import Site
from cop.model.text import Lang, Text, merge, text
from workers.feed import Feed, Ignored, Item, Payload, Poll, Refused, Source

MACAO: Final = "820000"


@dataclass(frozen=True, slots=True)
class Warned:
    """A kind of warning: what it is called, how its documents and messages are recognised."""

    event_type: str
    name: Text
    pattern: re.Pattern[str]


WARNINGS: Final[Mapping[str, Warned]] = {
    "typhoon": Warned(
        "tropical_cyclone",
        text("Tropical cyclone signal", "熱帶氣旋信號", "热带气旋信号"),
        re.compile(r"typhoon|cyclone|_tc_|熱帶氣旋|颱風|風球", re.IGNORECASE),
    ),
    "rainstorm": Warned(
        "rainstorm",
        text("Rainstorm warning signal", "暴雨警告信號", "暴雨警告信号"),
        re.compile(r"rainstorm|_rs_|暴雨", re.IGNORECASE),
    ),
    "thunderstorm": Warned(
        "thunderstorm",
        text("Thunderstorm warning", "雷暴警告", "雷暴警告"),
        re.compile(r"thunderstorm|_ts_|雷暴", re.IGNORECASE),
    ),
    "monsoon": Warned(
        "monsoon",
        text("Strong monsoon signal", "強烈季候風信號", "强烈季候风信号"),
        re.compile(r"monsoon|_ms_|季候風", re.IGNORECASE),
    ),
    "stormsurge": Warned(
        "storm_surge",
        text("Storm surge warning", "風暴潮警告", "风暴潮警告"),
        re.compile(r"storm\s?surge|_ss_|風暴潮", re.IGNORECASE),
    ),
    "tsunami": Warned(
        "tsunami",
        text("Tsunami warning", "海嘯警告", "海啸警告"),
        re.compile(r"tsunami|海嘯", re.IGNORECASE),
    ),
}

SIGNALS: Final[Mapping[str, Severity]] = {
    "1": Severity.MINOR,
    "3": Severity.MODERATE,
    "8": Severity.SEVERE,
    "9": Severity.EXTREME,
    "10": Severity.EXTREME,
    "BLUE": Severity.MINOR,
    "YELLOW": Severity.MODERATE,
    "ORANGE": Severity.MODERATE,
    "RED": Severity.SEVERE,
    "BLACK": Severity.EXTREME,
}
"""Code in force (a typhoon signal's number, a colour) to severity, where CAP does not say."""

_COLOURS: Final[Mapping[str, str]] = {
    "B": "BLUE",
    "Y": "YELLOW",
    "O": "ORANGE",
    "R": "RED",
    "藍": "BLUE",
    "藍色": "BLUE",
    "黃": "YELLOW",
    "黃色": "YELLOW",
    "橙色": "ORANGE",
    "紅": "RED",
    "紅色": "RED",
    "黑": "BLACK",
    "黑色": "BLACK",
}
_OVER = re.compile(r"cancel|past|allclear|取消|解除", re.IGNORECASE)


@dataclass(slots=True)
class Case:
    """What the documents of one kind of warning say."""

    xml: dict[Lang, etree._Element]
    cap: CapAlert | None = None


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one alert per warning in force."""
    cases: dict[str, Case] = {}
    readable = 0
    broken: dict[str, str] = {}
    for payload in poll.payloads:
        try:
            note = _read(payload, cases)
        except PayloadError as error:
            broken[payload.source.name] = str(error)
            yield Refused(f"{payload.source.name} {payload.source.lang or ''}".strip(), str(error))
            continue
        readable += 1
        if note is not None:
            yield note
    lost = next((name for name in broken if name in WARNINGS and name not in cases), None)
    if lost is not None:
        raise PayloadError(f"{lost} cannot be told: {broken[lost]}")
    if not readable:
        raise PayloadError(next(iter(broken.values()), "no document arrived"))
    macao = poll.table("adcodes").get(MACAO)
    for key, case in cases.items():
        try:
            yield _decide(key, case, macao)
        except (TypeError, ValueError) as error:
            yield Refused(key, explain(error))


def _read(payload: Payload, cases: dict[str, Case]) -> Item | None:
    """Sort a document into its case; a note where it says nothing for the picture."""
    head = payload.body[:1000].lower()
    if b"<rss" in head:
        return Ignored(payload.source.name, f"{len(read_rss(payload.body).items)} CAP addresses")
    if b"emergency:cap" in head or b"<alert" in head:
        return _take_cap(read_alert(payload.body), cases)
    root = read_smg(payload.body)
    key = _kind(local_name(root)) or _kind(payload.source.name)
    if key is None:
        raise PayloadError(f"unknown warning {local_name(root)!r}")
    letter = language_of_head(root)
    lang = lang_of_letter(letter) or (None if letter == "p" else payload.source.lang or "zh-Hant")
    if lang is None:
        return Ignored(key, "in Portuguese")
    cases.setdefault(key, Case({})).xml[lang] = root
    return None


def _take_cap(alert: CapAlert, cases: dict[str, Case]) -> Item | None:
    said = " ".join([alert.identifier, *(info.event for info in alert.infos)])
    key = _kind(said)
    if key is None:
        return Refused(alert.identifier, "a warning of unknown kind")
    if not alert.is_public:
        return Ignored(alert.identifier, f"of scope {alert.scope}")
    case = cases.setdefault(key, Case({}))
    if case.cap is not None and _sent(case.cap) > _sent(alert):
        return Ignored(alert.identifier, "an older message of the same warning")
    replaced, case.cap = case.cap, alert
    return (
        Ignored(replaced.identifier, "an older message of the same warning") if replaced else None
    )


def _kind(said: str) -> str | None:
    return next((key for key, kind in WARNINGS.items() if kind.pattern.search(said)), None)


def _sent(alert: CapAlert) -> float:
    return alert.sent.timestamp() if alert.sent is not None else 0.0


def _decide(key: str, case: Case, macao: Site | None) -> Alert | Ignored:
    """Give the alert if it is in force, else say why it is not."""
    first = next(iter(case.xml.values()), None)
    in_force = _is_in_force(first) if first is not None else None
    changed = _changed_at(first) if first is not None else None
    over = case.cap.is_over if case.cap is not None else None
    if in_force is not None and over is not None and in_force == over:
        later = changed is None or _sent_after(case.cap, changed)
        in_force = not over if later else in_force
    if in_force is None:
        in_force = over is False
    if not in_force:
        reason = "no longer in force" if over else "not in force"
        return Ignored(case.cap.identifier if case.cap and first is None else key, reason)
    return _alert(key, case, first, changed, macao)


def _sent_after(cap: CapAlert | None, moment: datetime) -> bool:
    return cap is not None and cap.sent is not None and cap.sent > moment


def _is_in_force(root: etree._Element) -> bool | None:
    """Tell whether the XML's warning is in force; None where it does not say."""
    said = words(root, "Inforce")
    if said:
        return said.lower() in {"1", "true", "y", "yes"}
    if _OVER.search(words(root, "Action")) or words(root, "Status") in {"0", "2"}:
        return False
    return _code(root) is not None or bool(words(root, "Action"))


def _code(root: etree._Element) -> str | None:
    """Give the signal: its number, or its colour in English capitals; None for NIL."""
    said = (words(root, "Warncode") or words(root, "TcSignal") or words(root, "Signal")).upper()
    said = _COLOURS.get(said, said)
    number = re.search(r"\d+", said)
    if number is not None:
        return number[0].lstrip("0") or None
    return said or None


def _changed_at(root: etree._Element) -> datetime | None:
    stamps = [time_or_none(words(root, name)) for name in ("SignalChangedAt", "IssuedAt")]
    return max(filter(None, stamps), default=None) or published_at(root)


def _alert(
    key: str,
    case: Case,
    first: etree._Element | None,
    changed: datetime | None,
    macao: Site | None,
) -> Alert:
    kind = WARNINGS[key]
    infos = case.cap.infos if case.cap is not None and not case.cap.is_over else ()
    code = _code(first) if first is not None else None
    issued = time_or_none(words(first, "IssuedAt")) if first is not None else None
    sent = case.cap.sent if case.cap is not None and infos else None
    begun = issued or sent or changed
    if begun is None:
        raise ValueError("a warning without the time of its issue")
    info = infos[0] if infos else None
    event = in_languages(infos, "event")
    severity = info.severity if info is not None else Severity.UNKNOWN
    if severity is Severity.UNKNOWN and code is not None:
        severity = SIGNALS.get(code, Severity.UNKNOWN)
    shape = footprint(area for one in infos for area in one.areas)
    place: dict[str, Any] = at_site(macao, Placing.REGION)
    if shape is not None:
        place = {"geometry": shape, "placing": Placing.GIVEN}
    suffix = f" {code.capitalize()}" if code is not None else ""
    cap = case.cap if infos else None
    return Alert(
        id=f"smg_warnings:{key}",
        feed="smg_warnings",
        publisher="SMG",
        title=event or {lang: f"{name}{suffix}" for lang, name in kind.name.items()},
        description=_full_words(case, infos),
        event_type=kind.event_type,
        signal=f"MO-{code}" if code is not None else None,
        severity=severity,
        urgency=info.urgency if info is not None else Urgency.UNKNOWN,
        certainty=info.certainty if info is not None else Certainty.UNKNOWN,
        issued_at=begun,
        updated_at=max(filter(None, (changed, sent)), default=None),
        valid_from=info.effective if info is not None else None,
        expires_at=info.expires if info is not None else None,
        instruction=in_languages(infos, "instruction"),
        area=merge(_area_words(cap), macao.name if macao is not None else {}),
        exercise=cap is not None and not cap.is_actual,
        identifier=cap.identifier if cap is not None else None,
        sender=cap.sender or None if cap is not None else None,
        link=safe_link(info.web) if info is not None else None,
        **place,
    )


def _full_words(case: Case, infos: tuple[CapInfo, ...]) -> Text:
    """Give the longest description of the XML, else that of CAP, else its headline."""
    detail: Text = {lang: _description(root) for lang, root in case.xml.items()}
    return merge(detail, in_languages(infos, "description"), in_languages(infos, "headline"))


def _area_words(cap: CapAlert | None) -> Text:
    said: Text = {}
    for info in cap.infos if cap is not None else ():
        if info.lang is not None and info.areas and info.areas[0].desc:
            name = info.areas[0].desc
            if (language_of(name) == "en") == (info.lang == "en"):  # the English one says 澳門
                said.setdefault(info.lang, name)
    return said


def _description(root: etree._Element) -> str:
    """Give the longest text of the elements whose name ends in `Description`."""
    texts = [
        plain_text("".join(str(part) for part in element.itertext()))
        for element in root.iter()
        if local_name(element).lower().endswith("description")
    ]
    return max(texts, key=len, default="")


def follow(poll: Poll) -> Iterable[Source]:
    """List the CAP messages that the channel names, each on SMG's own host."""
    found: dict[str, Source] = {}
    for payload in poll.all("channel"):
        try:
            channel = read_rss(payload.body)
        except PayloadError:
            continue
        for item in channel.items:
            url = item.link.strip().replace("http://", "https://", 1)
            if re.fullmatch(r"https://(?:[a-z-]+\.)?smg\.gov\.mo/[\w./-]+\.xml", url):
                found[url] = Source(name="cap", url=url, optional=True, looks_like=_is_cap)
    declared = {source.url for source in FEED.sources}
    return [source for url, source in found.items() if url not in declared][:40]


def _is_cap(body: bytes) -> bool:
    return b"<alert" in body[:1000]


def _is_xml_of(key: str) -> Callable[[bytes], bool]:
    def looks_like(body: bytes) -> bool:
        head = body[:600].decode("utf-8", errors="replace")
        root = re.search(r"<(\w+)", re.sub(r"<\?.*?\?>", "", head))
        return root is not None and root[1].lower() != "alert" and _kind(root[1]) == key

    return looks_like


def _sources() -> Iterator[Source]:
    yield Source(
        name="channel",
        url="https://rss.smg.gov.mo/cap_rss.xml",
        optional=True,
        looks_like=lambda body: b"<rss" in body[:1000],
    )
    for name in ("typhoon", "monsoon"):
        yield Source(
            name="cap",
            url=f"https://rss.smg.gov.mo/cap_{name}.xml",
            optional=True,
            looks_like=_is_cap,
            repeats=True,
        )
    for key in WARNINGS:
        looks_like = _is_xml_of(key)
        languages: tuple[tuple[Lang, str], ...] = (("zh-Hant", "c"), ("en", "e"))
        for lang, letter in languages:
            yield Source(
                name=key,
                url=f"https://xml.smg.gov.mo/{letter}_{key}.xml",
                lang=lang,
                optional=key == "tsunami",
                looks_like=looks_like,
            )


FEED = Feed(
    key="smg_warnings",
    title=text("Macao weather warnings", "澳門天氣警告", "澳门天气警告"),
    publisher="SMG",
    licence="Macao open data (data.gov.mo); source: SMG, Macao",
    sources=tuple(_sources()),
    every=timedelta(minutes=2),
    stale_after=timedelta(minutes=20),
    parse=parse,
    expected=(0, 20),
    joins=("adcodes",),
    follow=follow,
)
