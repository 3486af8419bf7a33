"""What an item of the attention queue says in words, in the three languages of the picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from cop.clock import HONG_KONG
from cop.model.kinds import FacilityStatus, Receipt
from cop.model.publisher import PUBLISHERS
from cop.model.text import LANGS, Lang, Text, say, text
from cop.services.reconcile import Difference, Side

_FIELDS: Final[Mapping[str, Text]] = {
    "status": text("Status", "狀況", "状况"),
    "occupancy": text("People inside", "現有人數", "现有人数"),
    "capacity": text("Capacity", "可容納人數", "可容纳人数"),
}
_STATUS: Final[Mapping[FacilityStatus, Text]] = {
    FacilityStatus.OPEN: text("open", "開放", "开放"),
    FacilityStatus.FULL: text("full", "額滿", "已满"),
    FacilityStatus.LIMITED: text("limited", "有限度開放", "有限度开放"),
    FacilityStatus.STANDBY: text("standby", "候命", "候命"),
    FacilityStatus.CLOSED: text("closed", "關閉", "关闭"),
    FacilityStatus.UNKNOWN: text("unknown", "不詳", "不详"),
}
_KEEPER: Final = text("keeper, {source}", "管理人員（{source}）", "管理人员（{source}）")
_OTHER: Final = text("{source}", "{source}", "{source}")
_AT: Final[Text] = {"en": " (as of {at})", "zh-Hant": "（截至{at}）", "zh-Hans": "（截至{at}）"}
_SIDES: Final = text(
    "{field}: {keeper} says {mine}; {other} says {theirs}",
    "{field}：{keeper}稱{mine}；{other}稱{theirs}",
    "{field}：{keeper}称{mine}；{other}称{theirs}",
)
_END: Final[Text] = {"en": ". ", "zh-Hant": "。", "zh-Hans": "。"}
_UNANSWERED: Final = text(
    "{missing} of {all} have not acknowledged",
    "{all} 人中有 {missing} 人尚未確認收悉",
    "{all} 人中有 {missing} 人尚未确认收悉",
)
_UNSAID: Final = text(
    "{missing} of {all} people have not said whether they are safe",
    "{all} 人中有 {missing} 人尚未回覆是否平安",
    "{all} 人中有 {missing} 人尚未回复是否平安",
)
_UNREACHED: Final = text(
    "{missing} of {all} people have it on no device yet: try radio or telephone",
    "{all} 人中有 {missing} 人的裝置尚未收到，請以電台或電話聯絡",
    "{all} 人中有 {missing} 人的设备尚未收到，请以电台或电话联络",
)
_UNDELIVERED: Final = text(
    "No device of the team has it yet: try radio or telephone",
    "隊伍的裝置尚未收到，請以電台或電話聯絡",
    "队伍的设备尚未收到，请以电台或电话联络",
)
_WHO: Final = text("{name} ({teams})", "{name}（{teams}）", "{name}（{teams}）")
_SAYS: Final = text("{who}: {words}", "{who}：{words}", "{who}：{words}")
_NO_WORDS: Final = text(
    "needs help, without further words", "需要支援，沒有附上說明", "需要支援，没有附上说明"
)
_NO_PLACE: Final = text("Where they are was not sent.", "沒有附上所在位置。", "没有附上所在位置。")
_DUPLICATE: Final = text(
    "{count} reports seem to be one", "{count} 份報告似屬同一事件", "{count} 份报告似属同一事件"
)


def conflicting(found: Iterable[Difference]) -> Text:
    """Name both values, their times and their sources, for each difference."""
    differences = list(found)
    return {
        lang: _END[lang].join(
            _SIDES[lang].format(
                field=_FIELDS[one.field][lang],
                keeper=_source(_KEEPER, one.keeper, lang),
                mine=_value(one.keeper, lang),
                other=_source(_OTHER, one.other, lang),
                theirs=_value(one.other, lang),
            )
            for one in differences
        )
        for lang in LANGS
    }


def unanswered(missing: int, all_: int, *, roll_call: bool = False) -> Text:
    """Say how many recipients of an order have not acknowledged, or answered, it."""
    words = _UNSAID if roll_call else _UNANSWERED
    return {lang: words[lang].format(missing=missing, all=all_) for lang in LANGS}


def unreached(missing: int, all_: int) -> Text:
    """Say to how many recipients of an order it has not come."""
    return {lang: _UNREACHED[lang].format(missing=missing, all=all_) for lang in LANGS}


def undelivered() -> Text:
    """Say that an assignment has come to nobody."""
    return dict(_UNDELIVERED)


def needs_help(receipt: Receipt) -> Text:
    """Say who needs help, in their own words, and whether it is known where they are."""
    return {lang: _call(receipt, lang) for lang in LANGS}


def _call(receipt: Receipt, lang: Lang) -> str:
    teams = say(receipt.title, lang)
    name = receipt.recipient
    who = _WHO[lang].format(name=name, teams=teams) if teams else name
    said = _SAYS[lang].format(who=who, words=receipt.words or _NO_WORDS[lang])
    return said if receipt.geometry is not None else f"{said}{_END[lang]}{_NO_PLACE[lang]}"


def duplicate(count: int) -> Text:
    """Say how many reports seem to be of one thing."""
    return {lang: _DUPLICATE[lang].format(count=count) for lang in LANGS}


def _source(words: Text, side: Side, lang: Lang) -> str:
    name = say(PUBLISHERS.get(side.source, {}), lang) or side.source
    return words[lang].format(source=name)


def _value(side: Side, lang: Lang) -> str:
    known = side.value if isinstance(side.value, int) else _STATUS[FacilityStatus(side.value)][lang]
    return f"{known}{_time(side.at, lang)}"


def _time(at: datetime | None, lang: Lang) -> str:
    if at is None:
        return ""
    return _AT[lang].format(at=f"{at.astimezone(HONG_KONG):%Y-%m-%d %H:%M}")
