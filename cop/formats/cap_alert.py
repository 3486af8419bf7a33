"""A CAP message as alerts of the picture: one for each event that it tells of.

A message may tell of several events or areas, each in its own `info`, and of each in several
languages. The `info` of one language that differ in their area alone are one alert over all of it;
those of other languages with the same codes, levels and times are its translations; whatever else
differs is an alert of its own. The first keeps the message's id, the others have `.2`, `.3`…
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, get_args

from cop.formats.cap import CapAlert, CapInfo, CapReference
from cop.formats.cap_envelope import Found
from cop.formats.cap_events import event_type_of
from cop.formats.cap_places import Geocodes, Place, place_or
from cop.formats.payload import strip_unseen
from cop.formats.prose import language_of, plain_text, safe_link
from cop.formats.when import HONG_KONG_TIME
from cop.model.entity import Certainty, Severity, Urgency
from cop.model.exchange import Category, MsgType, ResponseType, Signature, Wording
from cop.model.kinds import Alert
from cop.model.text import Lang, Text

MOST_ALERTS: Final = 200
"""Of one message; more of its infos are left out, and that is said."""

_MOST_WORDINGS: Final = 12
_MOST_DEFECTS: Final = 30
_LONGEST: Final = {"headline": 300, "description": 20_000, "instruction": 10_000, "area": 2_000}
_SEVERITIES: Final = (
    *(Severity.UNKNOWN, Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME),
)
_MSG_TYPES: Final[tuple[MsgType, ...]] = get_args(MsgType)
_MOST_READ: Final = 60_000
_MOST_TAGS: Final = 500
_TAG: Final = re.compile(r"<[^<>]*>")
_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What is known of the source that messages came from.

    Attributes:
        feed: key of its feed.
        publisher: code of the agency.
        public: whether what it says may be passed on to everybody.
        zone: of times that name none.
        languages: code, in lower case, to the picture's language, where the source means another
            than the code says.
        geocodes: what codes stand for.
        complete: what its list leaves out has ended.
        ends_after: how long a message without a usable `expires` holds; None: as long as listed.
        default_place: of an alert that says it in words alone.
    """

    feed: str
    publisher: str
    public: bool = False
    zone: tzinfo = HONG_KONG_TIME
    languages: Mapping[str, Lang] = field(default_factory=dict)
    geocodes: Geocodes = field(default_factory=Geocodes)
    complete: bool = False
    ends_after: timedelta | None = timedelta(hours=24)
    default_place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message as it was heard.

    Attributes:
        found: the message; it could be read.
        alert: what it says.
        sent: when it was sent, or counts as sent.
        signature: what can be said of it.
        believed: whether the message may end or replace others, and be passed on.
        defects: what is wrong with it besides what reading found.
    """

    found: Found
    alert: CapAlert
    sent: datetime
    signature: Signature = Signature.NONE
    believed: bool = True
    defects: tuple[str, ...] = ()

    @property
    def practice(self) -> bool:
        """Whether it is anything but real: its own status or its envelope's says so."""
        known = self.alert.status.strip().lower()
        return self.found.practice or known in {"exercise", "test", "draft", "system"}

    @property
    def digest(self) -> str:
        """Give the SHA-256 of its bytes, hexadecimal."""
        return hashlib.sha256(self.found.original).hexdigest()

    @property
    def msg_type(self) -> MsgType:
        """Give its type; `Alert` where it says none that the picture has."""
        said = self.alert.msg_type.strip().lower()
        return next((known for known in _MSG_TYPES if known.lower() == said), "Alert")

    @property
    def worst(self) -> int:
        """Rank the worst that it warns of: -1 where it says that all is over."""
        if self.alert.is_over:
            return -1
        going_on = (info for info in self.alert.infos if not self.alert.ends(info))
        return max((rank(info.severity) for info in going_on), default=0)


def rank(severity: Severity) -> int:
    """Rank *severity*, 0 for unknown to 4 for extreme."""
    return _SEVERITIES.index(severity)


def plain(words: str) -> str:
    """Give the parts of an identity as they are compared: without line breaks in between."""
    return " ".join(words.split())


def id_of(channel: Channel, kind: str, sender: str, identifier: str) -> str:
    """Give the id of the alert that a message is; *kind* sets apart what never mixes."""
    digest = hashlib.sha256(f"{kind}\n{sender}\n{identifier}".encode()).hexdigest()[:12]
    named = _PLAIN.sub("-", identifier).strip("-")[:100]
    return f"{channel.feed}:{named}-{digest}"


def alerts_of(channel: Channel, kind: str, heard: Heard) -> tuple[Alert, ...]:
    """Give the alerts that *heard* tells of; those that it says are over are left out."""
    message = heard.alert
    blocks = _events(message.infos)
    base = id_of(channel, kind, plain(message.sender), plain(message.identifier))
    cut = (f"{len(blocks)} events, only {MOST_ALERTS} read",) if len(blocks) > MOST_ALERTS else ()
    made = []
    for number, infos in enumerate(blocks[:MOST_ALERTS] or [()], 1):
        if not infos or not all(message.ends(info) for info in infos):
            name = base if number == 1 else f"{base}.{number}"
            made.append(_alert(channel, heard, name, infos, cut))
    return tuple(made)


def _key(info: CapInfo) -> tuple[Any, ...]:
    """Give what the translations of one warning share."""
    return (
        tuple(sorted(info.event_codes)),
        info.severity,
        info.urgency,
        info.certainty,
        info.onset,
        info.expires,
        info.all_clear,
    )


def _events(infos: Sequence[CapInfo]) -> list[tuple[CapInfo, ...]]:
    """Part *infos* into events: each a tuple of its language variants and areas."""
    spoken: dict[str, dict[Any, list[CapInfo]]] = {}
    for info in infos:
        same = (_key(info), info.event, info.headline, info.description)
        spoken.setdefault(_tongue(info), {}).setdefault(same, []).append(info)
    if not spoken:
        return []
    blocks = {tongue: list(found.values()) for tongue, found in spoken.items()}
    most = max(blocks, key=lambda tongue: len(blocks[tongue]))
    events = [list(block) for block in blocks.pop(most)]
    count = len(events)
    for others in blocks.values():
        free = {at: _key(event[0]) for at, event in enumerate(events[:count])}
        alike: dict[Any, dict[int, None]] = {}
        for at, key in free.items():
            alike.setdefault(key, {})[at] = None
        for place, block in enumerate(others):
            twins = alike.get(_key(block[0]), {})
            goal = place if place in twins else next(iter(twins), None)
            if goal is None and len(others) == count and place in free:
                goal = place
            if goal is None:
                events.append(list(block))
            else:
                events[goal].extend(block)
                alike[free.pop(goal)].pop(goal)
    return [tuple(event) for event in events]


def _tongue(info: CapInfo) -> str:
    """Name the language of *info*: by its script too where the code is what CAP means by none."""
    code = info.language.strip().lower()
    words = f"{info.event} {info.headline} {info.description}"
    return f"{code} {language_of(words)}" if code == "en-us" else code


def _alert(
    channel: Channel,
    heard: Heard,
    name: str,
    infos: tuple[CapInfo, ...],
    cut: tuple[str, ...],
) -> Alert:
    message = heard.alert
    defects = [*heard.found.defects, *message.problems, *heard.defects, *cut]
    areas = [area for info in infos for area in info.areas]
    place = place_or(channel.default_place, areas, channel.geocodes)
    expires, end_defects = _end(channel, heard, infos)
    words, wordings = _wordings(channel, heard, infos, defects)
    unclear = message.status.strip().lower() != "actual" and not heard.practice
    if unclear:
        defects.append(f"status: {message.status[:40] or 'missing'}: not passed on")
    return Alert(
        id=name,
        feed=channel.feed,
        publisher=channel.publisher,
        **words,
        event_type=event_type_of(infos),
        severity=max((info.severity for info in infos), key=rank, default=Severity.UNKNOWN),
        urgency=_first(infos, "urgency", Urgency.UNKNOWN),
        certainty=_first(infos, "certainty", Certainty.UNKNOWN),
        issued_at=heard.sent,
        updated_at=heard.sent if heard.msg_type == "Update" else None,
        valid_from=_first(infos, "onset", None) or _first(infos, "effective", None),
        expires_at=expires,
        **_placed(place),
        link=next(filter(None, (safe_link(info.web) for info in infos)), None),
        exercise=heard.practice,
        inside=not channel.public
        or heard.practice
        or unclear
        or heard.found.inside
        or not heard.believed
        or not message.is_public,
        identifier=plain(message.identifier),
        sender=plain(message.sender) or None,
        msg_type=heard.msg_type,
        references=tuple(_reference(one) for one in message.references),
        categories=_known(infos, "categories", get_args(Category)),
        responses=_known(infos, "responses", get_args(ResponseType)),
        signature=heard.signature,
        original=heard.digest,
        defects=_short([*defects, *end_defects, *place.defects, *_lacks(message, infos)]),
        wordings=wordings,
    )


def _placed(place: Place) -> dict[str, Any]:
    return {
        "geometry": place.geometry,
        "placing": place.placing,
        "precision_m": place.precision_m,
        "district": place.district,
    }


def _end(
    channel: Channel, heard: Heard, infos: Sequence[CapInfo]
) -> tuple[datetime | None, list[str]]:
    """Tell when an alert ends by itself, and what is wrong with what it says of that."""
    said = max((info.expires for info in infos if info.expires is not None), default=None)
    if said is not None and (said > heard.sent or heard.alert.sent is None):
        return said, []
    what = "expires: missing" if said is None else "expires: not after it was sent"
    if channel.ends_after is None:
        return None, [f"{what}: it ends when it is listed no more, or cancelled"]
    begins = _first(infos, "onset", None) or _first(infos, "effective", None) or heard.sent
    hours = channel.ends_after.total_seconds() / 3600
    rule = f"{what}: it ends {hours:g} h after it begins, by rule"
    return max(begins, heard.sent) + channel.ends_after, [rule]


def _first(infos: Iterable[CapInfo], name: str, otherwise: Any) -> Any:
    values = (getattr(info, name) for info in infos)
    return next((value for value in values if value and value != otherwise), otherwise)


def _known(infos: Iterable[CapInfo], name: str, known: tuple[Any, ...]) -> tuple[Any, ...]:
    said = {word.lower(): None for info in infos for word in getattr(info, name)}
    return tuple(word for word in known if word.lower() in said)


def _lacks(message: CapAlert, infos: Sequence[CapInfo]) -> list[str]:
    """Name what a message must have and this one has not."""
    heads = {"sender": message.sender, "msgType": message.msg_type, "scope": message.scope}
    lacks = [f"{name}: missing" for name, said in heads.items() if not said.strip()]
    if message.msg_type and message.msg_type.strip().lower() not in {"alert", "update", "cancel"}:
        lacks.append(f"msgType: {message.msg_type[:40]}: taken as an alert")
    if not infos:
        lacks.append("info: missing")
    else:
        lacks += [f"{n}: missing" for n in ("event", "areas") if not _first(infos, n, "")]
        severities = {info.severity for info in infos}
        if len(severities) > 1:
            lacks.append("severity: differs between its variants; the worst counts")
    return lacks


def _short(defects: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(strip_unseen(plain(one))[:200] for one in defects))[:_MOST_DEFECTS]


def _reference(one: CapReference) -> str:
    sent = "" if one.sent is None else one.sent.isoformat()
    return f"{plain(one.sender)},{plain(one.identifier)},{sent}"


def language_in(channel: Channel, info: CapInfo) -> Lang | None:
    """Give the language of *info* as the picture names it; None for one that it has not.

    Where the code is the one that CAP means by none, Chinese words are Chinese.
    """
    code = info.language.strip().lower()
    if code in channel.languages:
        return channel.languages[code]
    words = f"{info.event} {info.headline} {info.description}"
    if code == "en-us" and language_of(words) != "en":
        return language_of(words)
    return info.lang


def _wordings(
    channel: Channel, heard: Heard, infos: Sequence[CapInfo], defects: list[str]
) -> tuple[dict[str, Text], tuple[Wording, ...]]:
    """Give the words in the picture's languages, by field, and those in all others.

    Where none of its languages is the picture's, the first stands in for English, so that there is
    something to read.
    """
    texts: dict[str, Text] = {"title": {}, "description": {}, "instruction": {}, "area": {}}
    others: dict[str, dict[str, str]] = {}
    for info in infos:
        said = _words(info)
        lang = language_in(channel, info)
        if lang is None:
            own = others.setdefault(info.language[:35], {})
            for name, words in said.items():
                own[name] = own.get(name) or words
            continue
        for name, words in said.items():
            into = texts["title" if name == "headline" else name]
            if words and lang not in into:
                into[lang] = words
            elif words and name == "area" and words not in into[lang]:
                into[lang] = _cut(f"{into[lang]}; {words}", "area", defects)
    wordings = tuple(Wording(language=code, **words) for code, words in others.items())
    if not any(texts.values()) and wordings:
        stand_in = wordings[0].model_dump(
            include={"headline", "description", "instruction", "area"}
        )
        stand_in["title"] = stand_in.pop("headline")
        texts = {name: {"en": words} if words else {} for name, words in stand_in.items()}
    if not texts["title"]:
        note = _line(heard.alert.note) or plain(heard.alert.identifier)
        texts["title"] = {"en": note[: _LONGEST["headline"]]}
    for name, text in texts.items():
        limit = "headline" if name == "title" else name
        texts[name] = {lang: _cut(words, limit, defects) for lang, words in text.items()}
    return texts, wordings[:_MOST_WORDINGS]


def _words(info: CapInfo) -> dict[str, str]:
    return {
        "headline": _line(info.headline) or _line(info.event),
        "description": _readable(info.description)[: _LONGEST["description"] + 1],
        "instruction": _readable(info.instruction)[: _LONGEST["instruction"] + 1],
        "area": "; ".join(dict.fromkeys(_line(area.desc) for area in info.areas if area.desc))[
            : _LONGEST["area"] + 1
        ],
    }


def _readable(words: str) -> str:
    """Give *words* without mark-up; where there is very much of it, each tag as a blank."""
    words = words[:_MOST_READ]
    if words.count("<") + words.count("&") <= _MOST_TAGS:
        return plain_text(words)
    return strip_unseen(_TAG.sub(" ", html.unescape(words))).strip()


def _line(words: str) -> str:
    return plain(_readable(words[: 4 * _LONGEST["area"]]))


def _cut(words: str, name: str, defects: list[str]) -> str:
    if len(words) <= _LONGEST[name]:
        return words
    defects.append(f"{name}: longer than {_LONGEST[name]:,} characters, cut off")
    return words[: _LONGEST[name] - 1] + "…"
