"""What an item about something that a camera saw says in words, with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from cop.clock import HONG_KONG
from cop.model.kinds import Camera, Observation
from cop.model.sight import Alarm, CameraState, Outlook, Sight, Watched
from cop.model.text import LANGS, Lang, Text, say, text

_BETWEEN: Final[Mapping[Lang, str]] = {"en": ", ", "zh-Hant": "，", "zh-Hans": "，"}
_END: Final[Mapping[Lang, str]] = {"en": "; ", "zh-Hant": "；", "zh-Hans": "；"}
_VALUES: Final[Mapping[str, Text]] = {
    "crowd_density": text("{n} people per m²", "每平方米 {n} 人", "每平方米 {n} 人"),
    "vehicle_count": text("{n} vehicles", "{n} 輛車", "{n} 辆车"),
    "water_depth": text("{n} cm of water", "水深 {n} 厘米", "水深 {n} 厘米"),
    "flooded_share": text("{n}% under water", "{n}% 面積積水", "{n}% 面积积水"),
    "surface_temperature": text("{n} °C at the hottest", "最高 {n} °C", "最高 {n} °C"),
}
"""By measure: its value."""
_MORE: Final[Mapping[str, Text]] = {
    "queue_m": text("standing queue of {n} m", "停滯車龍 {n} 米", "停滞车龙 {n} 米"),
    "hot_area_m2": text("{n} m² hot", "高溫面積 {n} 平方米", "高温面积 {n} 平方米"),
}
"""By further number: what it says, whatever the measure."""
_LEVEL: Final = text("{value} (level {level})", "{value}（{level} 級）", "{value}（{level} 级）")
_PEOPLE: Final = text("{n} people", "{n} 人", "{n} 人")
_PEOPLE_ABOUT: Final = text("{n} ± {error} people", "{n} ± {error} 人", "{n} ± {error} 人")
_STILL: Final = text("standing still", "停滯不前", "停滞不前")
_MOVING: Final = text("moving at {n} m/s", "每秒移動 {n} 米", "每秒移动 {n} 米")
_AGAINST: Final = text("{n}% against the flow", "{n}% 逆向", "{n}% 逆向")
_RISING: Final = text(
    "rising by {n} {unit} a minute", "每分鐘上升 {n} {unit}", "每分钟上升 {n} {unit}"
)
_UNITS: Final[Mapping[str, Text]] = {
    "cm": text("cm", "厘米", "厘米"),
    "%": text("percentage points", "個百分點", "个百分点"),
}
_NOT_KNOWN: Final = text("not known at present", "現時數值不詳", "现时数值不详")
_EXPECTED: Final = text(
    "{n} expected about {at} ({between})",
    "預計約 {at} 達 {n}（{between}）",
    "预计约 {at} 达 {n}（{between}）",
)
_OR_LATER: Final = text("{at} or later", "{at} 或更遲", "{at} 或更迟")
_UNSEEN: Final = text(
    "the camera has shown nothing since {at}",
    "攝影機自 {at} 起未能顯示情況",
    "摄影机自 {at} 起未能显示情况",
)
_ALARMS: Final[Mapping[Watched, Text]] = {
    Watched.DENSE: text("Too crowded", "人群過密", "人群过密"),
    Watched.STOPPED: text("Crowd stands still", "人群停滯不前", "人群停滞不前"),
    Watched.COUNTER_FLOW: text("People against the flow", "人流逆向", "人流逆向"),
    Watched.HEAT: text("Hot surface", "表面溫度過高", "表面温度过高"),
    Watched.WATER: text("Water on the road", "路面積水", "路面积水"),
    Watched.QUEUE: text("Traffic stands still", "車輛停滯", "车辆停滞"),
}
_AS_OF: Final = text(
    "{words}. Counted by camera at {at}.",
    "{words}。攝影機於 {at} 計算所得。",
    "{words}。摄影机于 {at} 计算所得。",
)
_STATES: Final[Mapping[CameraState, Text]] = {
    CameraState.UNKNOWN: text("Not looked at", "未有查看", "未有查看"),
    CameraState.OK: text("Working", "正常", "正常"),
    CameraState.MISSING: text("Gives no picture", "沒有畫面", "没有画面"),
    CameraState.BROKEN: text("Gives broken pictures", "畫面損壞", "画面损坏"),
    CameraState.BLACK: text("Black picture", "畫面全黑", "画面全黑"),
    CameraState.FROZEN: text("Frozen picture", "畫面停頓", "画面停顿"),
    CameraState.BLURRED: text("Blurred picture", "畫面模糊", "画面模糊"),
    CameraState.MOVED: text("Turned away or covered", "被移動或遮擋", "被移动或遮挡"),
    CameraState.WRONG_SIZE: text("Wrong size of picture", "畫面尺寸不符", "画面尺寸不符"),
}
_SINCE: Final = text("{what} since {at}", "{at} 起{what}", "{at} 起{what}")
_UNCOUNTED: Final = text(
    "{what}; zones not counted: {n}",
    "{what}；未能計算的監察區：{n} 個",
    "{what}；未能计算的监察区：{n} 个",
)


def title(observation: Observation) -> Text:
    """Name the zone and the place of its camera."""
    found: Text = {}
    for lang in LANGS:
        names = [say(observation.title, lang), say(observation.place, lang)]
        found[lang] = " · ".join(dict.fromkeys(name for name in names if name))
    return {lang: words for lang, words in found.items() if words}


def report(observation: Observation, alarm: Alarm) -> Text:
    """Give the title of an incident that is made of *alarm* in the zone of *observation*."""
    where = title(observation)
    return {
        lang: f"{words}: {say(where, lang)}" if lang == "en" else f"{words}：{say(where, lang)}"
        for lang, words in _ALARMS[alarm.watched].items()
    }


def counted(observation: Observation, sight: Sight, alarm: Alarm) -> Text:
    """Say what `told` does, and as of when."""
    words = told(observation, sight, alarm)
    if observation.observed_at is None:
        return words
    at = _time(observation.observed_at)
    return {lang: _AS_OF[lang].format(words=said, at=at) for lang, said in words.items()}


def told(observation: Observation, sight: Sight, alarm: Alarm) -> Text:
    """Say what is known of the zone in which *alarm* stands, and where it is heading."""
    return {lang: _told(observation, sight, alarm, lang) for lang in LANGS}


def blind(camera: Camera, zones: int) -> Text:
    """Say what is wrong with a camera, since when, and how many zones are not counted for it."""
    found: Text = {}
    for lang in LANGS:
        words = _STATES[camera.state][lang]
        if camera.state_since is not None:
            words = _SINCE[lang].format(what=words, at=_time(camera.state_since))
        found[lang] = _UNCOUNTED[lang].format(what=words, n=zones) if zones else words
    return found


def _told(observation: Observation, sight: Sight, alarm: Alarm, lang: Lang) -> str:
    sentences = [_BETWEEN[lang].join(_now(observation, sight, alarm, lang))]
    if sight.outlook is not None and sight.outlook.at is not None:
        sentences.append(_expected(sight.outlook, sight.outlook.at, lang))
    if alarm.unseen_since is not None:
        sentences.append(_UNSEEN[lang].format(at=_time(alarm.unseen_since)))
    return _END[lang].join(sentences)


def _now(observation: Observation, sight: Sight, alarm: Alarm, lang: Lang) -> Iterator[str]:
    if observation.value is None:
        yield _NOT_KNOWN[lang]
        return
    value = _number(observation.value)
    known = _VALUES.get(observation.measure)
    words = f"{value} {observation.unit}" if known is None else known[lang].format(n=value)
    yield _LEVEL[lang].format(value=words, level=sight.level) if sight.level else words
    yield from _people(observation, lang)
    measures = observation.measures
    if alarm.watched is Watched.STOPPED:
        yield _STILL[lang]
    elif "flow_mps" in measures:
        yield _MOVING[lang].format(n=_number(measures["flow_mps"]))
    if alarm.watched is Watched.COUNTER_FLOW and "counter_percent" in measures:
        yield _AGAINST[lang].format(n=round(measures["counter_percent"]))
    for name, more in _MORE.items():
        if name in measures:
            yield more[lang].format(n=round(measures[name]))
    if measures.get("rise_per_min", 0) > 0 and observation.unit in _UNITS:
        unit = _UNITS[observation.unit][lang]
        yield _RISING[lang].format(n=_number(measures["rise_per_min"]), unit=unit)


def _people(observation: Observation, lang: Lang) -> Iterator[str]:
    people = observation.measures.get("people")
    if people is None:
        return
    error = observation.measures.get("people_error")
    if error is None:
        yield _PEOPLE[lang].format(n=round(people))
    else:
        yield _PEOPLE_ABOUT[lang].format(n=round(people), error=round(error))


def _expected(outlook: Outlook, at: datetime, lang: Lang) -> str:
    earliest = _time(outlook.earliest or at)
    between = (
        _OR_LATER[lang].format(at=earliest)
        if outlook.latest is None
        else f"{earliest}–{_time(outlook.latest)}"
    )
    return _EXPECTED[lang].format(n=_number(outlook.threshold), at=_time(at), between=between)


def _number(value: float) -> str:
    """Give a number as people say it: one decimal while it is small."""
    return f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"


def _time(at: datetime) -> str:
    return f"{at.astimezone(HONG_KONG):%H:%M}"
