"""What of a draft itself forbids that it goes, or should be thought about: area, times, words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from cop.config import Settings
from cop.errors import Misconfigured
from cop.formats.cap_check import check_message
from cop.formats.cap_write import write_alert
from cop.model.entity import Certainty, Severity, Urgency
from cop.model.kinds import Alert, Draft
from cop.model.text import LANGS, text
from cop.services.exchange.alerting.items import Item, item
from cop.services.exchange.alerting.message import identity_of, message_of
from cop.services.exchange.alerting.shapes import (
    MOST_POINTS,
    area_km2,
    is_area,
    points_of,
    shape_of,
)
from cop.services.exchange.alerting.signing import signer_of

LARGE_KM2: Final = 1_200.0
"""More than the land of the whole city: an alert to everybody is not heard twice."""

SHORT: Final = timedelta(minutes=15)
LONG: Final = timedelta(hours=24)
LONGEST: Final = timedelta(hours=72)
"""An alert that holds for longer is renewed, or forgotten."""

_NEEDED: Final = ("event", "title", "description", "area")
_NAMES: Final = {
    "event": text("event", "事件名稱", "事件名称"),
    "title": text("headline", "標題", "标题"),
    "description": text("what is happening", "情況說明", "情况说明"),
    "instruction": text("what to do", "應採取的行動", "应采取的行动"),
    "area": text("area in words", "範圍說明", "范围说明"),
}
_LANG_NAMES: Final = {
    "en": text("English", "英文", "英文"),
    "zh-Hant": text("Traditional Chinese", "繁體中文", "繁体中文"),
    "zh-Hans": text("Simplified Chinese", "簡體中文", "简体中文"),
}
_NO_AREA: Final = text(
    "No area: draw one, or give a place and a radius",
    "未有範圍：請在地圖上畫出，或選定地點及半徑",
    "未有范围：请在地图上画出，或选定地点及半径",
)
_AREA: Final = text("{km2} km²", "{km2} 平方公里", "{km2} 平方公里")
_LARGE: Final = text(
    "{km2} km²: more than the land of Hong Kong. Is all of it in danger?",
    "{km2} 平方公里：超過全港陸地面積。全部範圍都有危險嗎？",
    "{km2} 平方公里：超过全港陆地面积。全部范围都有危险吗？",
)
_POINTS: Final = text(
    "{points} of at most {most}", "{points} 點，上限 {most} 點", "{points} 点，上限 {most} 点"
)
_MANY: Final = text(
    "{points} points, at most {most} can go: simplify the area; it will still cover all of it",
    "{points} 點，上限 {most} 點：請簡化範圍，簡化後仍涵蓋全部",
    "{points} 点，上限 {most} 点：请简化范围，简化后仍涵盖全部",
)
_HOLDS: Final = text("For {hours} hours", "{hours} 小時", "{hours} 小时")
_NO_END: Final = text("No end: say until when", "未有結束時間：請填寫", "未有结束时间：请填写")
_PAST: Final = text(
    "Its end has passed: choose a later one",
    "結束時間已過：請選較後時間",
    "结束时间已过：请选较后时间",
)
_BEFORE: Final = text(
    "It would end before it begins", "結束時間早於開始時間", "结束时间早于开始时间"
)
_TOO_LONG: Final = text(
    "For {hours} hours, at most {most} are allowed: extend it later",
    "{hours} 小時，上限 {most} 小時：可於其後延長",
    "{hours} 小时，上限 {most} 小时：可于其后延长",
)
_ODD: Final = text(
    "For {hours} hours: is that meant?", "{hours} 小時：是否正確？", "{hours} 小时：是否正确？"
)
_COMPLETE: Final = text("All in three languages", "三種語文均齊備", "三种语文均齐备")
_MISSING: Final = text("Missing: {missing}", "欠缺：{missing}", "欠缺：{missing}")
_NO_INSTRUCTION: Final = text(
    "It does not say what to do", "未有說明應採取的行動", "未有说明应采取的行动"
)
_UNGRADED: Final = text(
    "Not said: readers and receivers go by it",
    "未有填寫；市民及接收系統均據此行動",
    "未有填写；市民及接收系统均据此行动",
)
_GRADED: Final = text("Said", "已填寫", "已填写")
_GONE: Final = text(
    "It is over, or is there no more: make a new warning",
    "該警告已結束或不存在：請另發新警告",
    "该警告已结束或不存在：请另发新警告",
)
_CHANGED: Final = text(
    "It was changed after this was begun: begin again from how it is now",
    "該警告其後已有更改：請由最新內容重新開始",
    "该警告其后已有更改：请由最新内容重新开始",
)
_THERE: Final = text("It is in force", "該警告生效中", "该警告生效中")
_NO_SENDER: Final = text(
    "COP_ALERT_SENDER is not set: nothing can be released",
    "未設定 COP_ALERT_SENDER，不能發布",
    "未设置 COP_ALERT_SENDER，不能发布",
)
_OF_ONE: Final = re.compile(r"^info \d+: ")
"""Where in a message a fault is: what is wrong in one language mostly is in the others, too."""
_FAULTS: Final = text("Not as it must be: {faults}", "不合標準：{faults}", "不合标准：{faults}")
_VALID: Final = text(
    "CAP 1.2, checked against the schema and its text",
    "CAP 1.2，已按綱要及條文檢查",
    "CAP 1.2，已按纲要及条文检查",
)
_SIGNED: Final = text("It will be signed", "將附簽署", "将附签署")
_UNSIGNED: Final = text(
    "It goes out unsigned: no key is set up",
    "未設定密鑰，訊息不附簽署",
    "未设置密钥，信息不附签署",
)
_BAD_KEY: Final = text("It cannot be signed: {reason}", "不能簽署：{reason}", "不能签署：{reason}")


def own_checks(
    draft: Draft, replaced: Alert | None, now: datetime, settings: Settings
) -> Iterator[Item]:
    """List what can be said of *draft* by itself at *now*.

    Args:
        draft: what would go.
        replaced: the alert that it updates or cancels, as it is; None where there is none.
        now: the operation's time.
        settings: of the operation.
    """
    yield from _geometry(draft)
    yield _validity(draft, now)
    yield _languages(draft)
    yield _grades(draft)
    if draft.replaces is not None:
        yield _replaces(draft, replaced, now)
    yield _signature(settings)
    yield _message(draft, now, settings)


def in_force(alert: Alert | None, now: datetime) -> bool:
    """Tell whether our *alert* can still be updated or cancelled at *now*."""
    if alert is None or alert.feed is not None or alert.origin is not None:
        return False
    ended = alert.expires_at is not None and alert.expires_at <= now
    return alert.released_at is not None and alert.msg_type != "Cancel" and not ended


def _replaces(draft: Draft, replaced: Alert | None, now: datetime) -> Item:
    if replaced is None or not in_force(replaced, now):
        return item("replaces", "forbids", _GONE)
    begun, released = draft.observed_at, replaced.released_at
    if begun is not None and released is not None and begun < released:
        return item("replaces", "forbids", _CHANGED)
    return item("replaces", "ok", _THERE)


def _geometry(draft: Draft) -> Iterator[Item]:
    if draft.geometry is None or not is_area(draft.geometry):
        yield item("area", "forbids", _NO_AREA)
        return
    exact = area_km2(shape_of(draft.geometry))
    km2 = round(exact, 2) if exact < 100 else round(exact)
    large = km2 > LARGE_KM2
    yield item("area", *(("caution", _LARGE) if large else ("ok", _AREA)), km2=km2)
    points = points_of(draft.geometry)
    many = points > MOST_POINTS
    found = item(
        "vertices",
        *(("forbids", _MANY) if many else ("ok", _POINTS)),
        points=points,
        most=MOST_POINTS,
    )
    yield Item(found.key, found.level, found.words, {**found.facts, "can_simplify": many})


def _validity(draft: Draft, now: datetime) -> Item:
    begins = max(draft.valid_from or now, now)
    if draft.ends_at is None:
        return item("validity", "forbids", _NO_END)
    if draft.ends_at <= now:
        return item("validity", "forbids", _PAST)
    if draft.ends_at <= begins:
        return item("validity", "forbids", _BEFORE)
    span = draft.ends_at - begins
    hours = round(span / timedelta(hours=1), 1)
    if draft.msg_type == "Cancel":
        return item("validity", "ok", _HOLDS, hours=hours)
    if span > LONGEST:
        most = int(LONGEST / timedelta(hours=1))
        return item("validity", "forbids", _TOO_LONG, hours=hours, most=most)
    if not SHORT <= span <= LONG:
        return item("validity", "caution", _ODD, hours=hours)
    return item("validity", "ok", _HOLDS, hours=hours)


def _languages(draft: Draft) -> Item:
    wanted = [*_NEEDED, *(["instruction"] if draft.instruction else [])]
    missing = [
        {said: f"{_NAMES[name][said]} ({_LANG_NAMES[lang][said]})" for said in LANGS}
        for name in wanted
        for lang in LANGS
        if not getattr(draft, name).get(lang, "").strip()
    ]
    if missing:
        return item("languages", "forbids", _MISSING, missing=missing)
    if not draft.instruction and draft.msg_type != "Cancel":
        return item("languages", "caution", _NO_INSTRUCTION)
    return item("languages", "ok", _COMPLETE)


def _grades(draft: Draft) -> Item:
    unknown = (
        draft.severity is Severity.UNKNOWN
        or draft.urgency is Urgency.UNKNOWN
        or draft.certainty is Certainty.UNKNOWN
    )
    return item("grades", *(("caution", _UNGRADED) if unknown else ("ok", _GRADED)))


def _signature(settings: Settings) -> Item:
    try:
        signer = signer_of(settings)
    except Misconfigured as error:
        return item("signature", "forbids", _BAD_KEY, reason=str(error))
    return item("signature", *(("caution", _UNSIGNED) if signer is None else ("ok", _SIGNED)))


def _message(draft: Draft, now: datetime, settings: Settings) -> Item:
    """Check the message that it would be, under a number that none will have."""
    if not settings.alert_sender:
        return item("message", "forbids", _NO_SENDER)
    message = message_of(draft, identity_of(settings, "000000", 0, 1, now), (), settings)
    found = (_OF_ONE.sub("", fault) for fault in check_message(write_alert(message)))
    faults = [fault for fault in dict.fromkeys(found) if not fault.startswith("references")]
    if faults:
        return item("message", "forbids", _FAULTS, faults=faults[:10])
    return item("message", "ok", _VALID)
