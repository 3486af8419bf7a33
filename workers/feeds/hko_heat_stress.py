"""The Labour Department's Heat Stress at Work Warning, issued through the Observatory.

Two documents tell of it: `hsww` with the words, and `hkhi_icon.xml` (which is JSON) with an icon
number. The icon's words stay up for days after a cancellation; only its number says what is in
force, and it decides wherever both came.
Specification: Hong Kong Observatory Open Data API Documentation, "hsww".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.hko import OPEN_DATA, Documents, read_hko, read_languages, words_of
from cop.formats.number import read_number
from cop.formats.when import time_or_none
from cop.model.entity import Certainty, Placing, Severity, Urgency
from cop.model.kinds import Alert
from cop.model.text import Text, merge, text
from workers.feed import (
    DATA_GOV_HK,
    HKO_LANGS,
    Feed,
    Ignored,
    Item,
    Poll,
    Refused,
    Source,
    in_languages,
)

KEY: Final = "hko_heat_stress"
NAMES: Final[dict[str, tuple[Text, Severity]]] = {
    "AMBER": (
        text("Amber Heat Stress at Work Warning", "黃色工作暑熱警告", "黄色工作暑热警告"),
        Severity.MODERATE,
    ),
    "RED": (
        text("Red Heat Stress at Work Warning", "紅色工作暑熱警告", "红色工作暑热警告"),
        Severity.SEVERE,
    ),
    "BLACK": (
        text("Black Heat Stress at Work Warning", "黑色工作暑熱警告", "黑色工作暑热警告"),
        Severity.EXTREME,
    ),
}
ICONS: Final[dict[float, str]] = {30: "AMBER", 32: "RED", 34: "BLACK", -1: "", -2: ""}
"""Icon number to level; "" is none in force."""


def read_warning(body: bytes) -> dict[str, Any]:
    """Read `{"hsww":{…}}`; {} when nothing is in force. Raises PayloadError otherwise."""
    document = read_hko(body)
    warning = document.get("hsww", document if "warningLevel" in document else None)
    if document and warning is None:
        raise PayloadError("not the heat stress warning: 'hsww' is missing")
    if warning in (None, "", [], {}):
        return {}
    if not isinstance(warning, dict):
        raise PayloadError("'hsww' is no object")
    return warning


def read_icon(body: bytes) -> dict[str, Any]:
    """Read the icon document; raises PayloadError when it has no icon number."""
    document = read_hko(body)
    if "iconIndex" not in document:
        raise PayloadError("not the heat stress icon: 'iconIndex' is missing")
    return document


def parse(poll: Poll) -> Iterator[Item]:
    """Give the alert in force, if there is one."""
    bodies, icons = poll.by_language("hsww"), poll.all("icon")
    if not bodies and not icons:
        raise PayloadError("neither the warning nor its icon arrived")
    warnings = read_languages(bodies, read_warning) if bodies else Documents({}, {})
    for lang, reason in warnings.problems.items():
        yield Refused(f"document {lang}", reason)
    warning: dict[str, Any] = next(filter(None, warnings.by_lang.values()), {})
    icon = read_icon(icons[0].body) if icons else {}
    said = str(warning.get("warningLevel") or "").strip().upper()
    if str(warning.get("actionCode") or "").upper() == "CANCEL":
        yield Ignored("hsww", f"cancelled ({said})")
        said = ""
    level = said
    if icon:
        try:
            level = ICONS[read_number(icon["iconIndex"]) or 0]
        except (KeyError, ValueError):
            yield Refused("icon", f"an unknown iconIndex: {icon['iconIndex']!r}")
        else:
            yield from _explain(level, said)
    if level:
        yield from _in_force(level, warning if said == level else {}, warnings, icon)


def _in_force(
    level: str, warning: dict[str, Any], warnings: Documents, icon: dict[str, Any]
) -> Iterator[Item]:
    """Give the alert of *level*; *warning* is empty where only the icon says so."""
    issued_at = time_or_none(warning.get("issueTime")) or time_or_none(icon.get("date"))
    if issued_at is None:
        yield Refused("hsww", "no time of issue")
        return
    if level not in NAMES:
        yield Refused("hsww", f"an unknown level: {level}; shown, but its severity is not known")
    own = words_of(warnings, lambda document: document["desc"]) if warning else {}
    yield _alert(level, warning, issued_at, own or _icon_words(icon))


def _explain(level: str, said: str) -> Iterator[Item]:
    """Name what is left out because the icon's number decides."""
    if not level:
        yield Ignored("icon", "no warning in force; its message is of one that has ended")
    if said and said != level:
        yield Ignored(
            "hsww", f"says {said}; the icon number, which decides, says {level or 'none'}"
        )


def _icon_words(icon: dict[str, Any]) -> Text:
    def lines(code: str) -> str:
        parts = (str(icon.get(f"Message{code}{i}") or "").strip() for i in (1, 2, 3))
        return "\n".join(part for part in parts if part)

    return text(lines("EN"), lines("TC"), lines("SC"))


def _alert(level: str, warning: dict[str, Any], issued_at: datetime, words: Text) -> Alert:
    name, severity = NAMES.get(
        level,
        (text("Heat Stress at Work Warning", "工作暑熱警告", "工作暑热警告"), Severity.UNKNOWN),
    )
    return Alert(
        id=f"{KEY}:HSWW",
        feed=KEY,
        publisher="LD",
        title=name,
        description=merge(words),
        valid_from=time_or_none(warning.get("effectiveTime")),
        placing=Placing.REGION,
        event_type="heat_stress",
        signal=level,
        severity=severity,
        urgency=Urgency.IMMEDIATE,
        certainty=Certainty.OBSERVED,
        issued_at=issued_at,
        updated_at=issued_at,
        area=text("Hong Kong", "香港", "香港"),
    )


def _looks_like_warning(body: bytes) -> bool:
    return body.strip() == b"{}" or b'"hsww"' in body or b'"warningLevel"' in body


FEED = Feed(
    key=KEY,
    title=text("Heat Stress at Work Warning", "工作暑熱警告", "工作暑热警告"),
    publisher="LD",
    licence=DATA_GOV_HK.format(department="Labour Department and Hong Kong Observatory"),
    sources=(
        *in_languages(
            "hsww",
            OPEN_DATA + "hsww.php?lang={lang}",
            HKO_LANGS,
            optional=True,
            looks_like=_looks_like_warning,
        ),
        Source(
            name="icon",
            url="https://www.hko.gov.hk/wxinfo/hkhi/hkhi_icon.xml",
            optional=True,
            looks_like=lambda body: b'"iconIndex"' in body,
        ),
    ),
    every=timedelta(seconds=120),
    stale_after=timedelta(minutes=10),
    parse=parse,
    expected=(0, 1),
)
