"""What an alert would touch and whom it would reach: people, places, neighbours, other warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import shapely
from pydantic import TypeAdapter
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from cop.clock import HONG_KONG
from cop.model.geometry import Geometry
from cop.model.kinds import Draft
from cop.model.text import Text, text
from cop.reference.tables import default_sites
from cop.services.exchange.alerting import words
from cop.services.exchange.alerting.items import Item, item
from cop.services.exchange.alerting.making import RADIUS_M
from cop.services.exchange.alerting.shapes import as_area, is_area, reach_m, shape_of
from cop.services.geography import area_of_district, districts_touched
from cop.services.shapes import mended

Feature = Mapping[str, Any]

_GEOMETRY: Final[TypeAdapter[Geometry]] = TypeAdapter(Geometry)

MOST_NAMED: Final = 10
_PLACES: Final = (
    ("shelters", "shelter"),
    ("hospitals", "hospital"),
    ("first_aid", "first_aid_post"),
)
_PEOPLE: Final = text(
    "About {people} residents, by the share of each district's area (2021 Census). Homes lie close"
    " together: it may be several times more or fewer, at most {most}. Visitors and workers are not"
    " counted.",
    "約 {people} 名居民，按各區面積比例估計（2021 年人口普查）。居所分布不均，實際可相差數倍，"
    "最多 {most} 人；未計訪客及上班人士。",
    "约 {people} 名居民，按各区面积比例估计（2021 年人口普查）。居所分布不均，实际可相差数倍，"
    "最多 {most} 人；未计访客及上班人士。",
)
_NO_PEOPLE: Final = text(
    "Not known: no figures for outside Hong Kong's land",
    "不詳：沒有香港陸地以外的數字",
    "不详：没有香港陆地以外的数字",
)
_COUNT: Final = text("{count} inside", "範圍內 {count} 所", "范围内 {count} 所")
_NAMED: Final = text(
    "{count} inside: {names}", "範圍內 {count} 所：{names}", "范围内 {count} 所：{names}"
)
_UNKNOWN: Final = text(
    "Not known: the picture holds none of them", "不詳：平台上沒有資料", "不详：平台上没有资料"
)
_NO_SCHOOLS: Final = text(
    "Not known: no layer of schools is set up, or it has not come yet. Ask the Education Bureau.",
    "不詳：未有設定學校圖層，或尚未取得資料，請向教育局查詢。",
    "不详：未有设置学校图层，或尚未取得资料，请向教育局查询。",
)
_SCHOOLS: Final = text(
    "{count} inside, by the layer “{layer}” as of {as_of}",
    "範圍內 {count} 所，按圖層「{layer}」{as_of} 的資料",
    "范围内 {count} 所，按图层“{layer}” {as_of} 的资料",
)
_SOME_SCHOOLS: Final = text(
    "{count} inside, by the layer “{layer}” as of {as_of}, which is old or not whole: there may be"
    " more",
    "範圍內 {count} 所，按圖層「{layer}」{as_of} 的資料；資料已舊或不完整，實際或會更多",
    "范围内 {count} 所，按图层“{layer}” {as_of} 的资料；资料已旧或不完整，实际或会更多",
)
_TOUCHED: Final = text(
    "It reaches {names}: have they been told?",
    "範圍觸及{names}：是否已通知？",
    "范围触及{names}：是否已通知？",
)
_UNTOUCHED: Final = text("None is reached", "沒有觸及", "没有触及")
_CONFLICT: Final = text(
    "{count} of the same in this area: {names}. Update that one, or say how they differ.",
    "同一範圍已有 {count} 個同類警告：{names}。請更新該警告，或說明分別。",
    "同一范围已有 {count} 个同类警告：{names}。请更新该警告，或说明分别。",
)
_NO_CONFLICT: Final = text(
    "None of the same kind in this area", "此範圍沒有同類警告", "此范围没有同类警告"
)
_SMALLER: Final = text(
    "Part of what it was made from lies outside", "來源範圍有部分未被涵蓋", "来源范围有部分未被涵盖"
)
_AROUND: Final = text(
    "At least {metres} m around the place that it was made from",
    "來源地點四周至少 {metres} 米",
    "来源地点四周至少 {metres} 米",
)
_USUAL: Final = text(
    "Some {metres} m around the place that it was made from, as nobody has said how far: give a"
    " radius or draw the area",
    "來源地點四周約 {metres} 米，為未有指明時的距離：請填寫半徑，或在地圖上畫出範圍",
    "来源地点四周约 {metres} 米，为未有指明时的距离：请填写半径，或在地图上画出范围",
)
_COVERED: Final = text("All of it", "全部涵蓋", "全部涵盖")
_REACH: Final = text(
    "{public}. Partners by agreement: {partners}. To be told by hand: {by_hand}. Responders'"
    " devices (TAK): {devices}. Inside: {signed_in} of {accounts} accounts signed in.",
    "{public}。按協議收取的夥伴機構：{partners}。須另行通知：{by_hand}。前線裝置（TAK）：{devices}。"
    "內部：{accounts} 個帳戶中 {signed_in} 個已登入。",
    "{public}。按协议收取的伙伴机构：{partners}。须另行通知：{by_hand}。前线设备（TAK）：{devices}。"
    "内部：{accounts} 个账户中 {signed_in} 个已登录。",
)
_PUBLIC: Final = text(
    "Everybody, as many as look (they are not counted): the public page and its map, the pages and"
    " feeds of the districts, the CAP message with its Atom and RSS index, OGC API and downloads",
    "所有人（查閱人數不作統計）：公眾網頁及地圖、各區網頁及訂閱、CAP 訊息及其 Atom 與 RSS 目錄、"
    "OGC API 及下載",
    "所有人（查阅人数不作统计）：公众网页及地图、各区网页及订阅、CAP 信息及其 Atom 与 RSS 目录、"
    "OGC API 及下载",
)
_DRILL: Final = text(
    "The public page of this exercise, marked as such; nothing leaves the exercise",
    "本演習的公眾網頁，並註明為演習；不會傳出演習以外",
    "本演习的公众网页，并注明为演习；不会传出演习以外",
)
_NOBODY: Final = text(
    "Nobody outside: this is an exercise", "外界不會收到：這是演習", "外界不会收到：这是演习"
)
_NO_DEVICES: Final = text("not set up", "未有設定", "未有设置")
_NONE: Final = text("none", "沒有", "没有")
_SECOND: Final = text(
    "Besides whoever asks: {count}, signed in now: {signed_in}",
    "另有 {count} 人可發布，其中 {signed_in} 人已登入",
    "另有 {count} 人可发布，其中 {signed_in} 人已登录",
)
_NO_SECOND: Final = text(
    "Nobody else who may is signed in: call somebody",
    "沒有其他可發布者已登入：請通知",
    "没有其他可发布者已登录：请通知",
)


@dataclass(frozen=True, slots=True)
class Schools:
    """What a layer of somebody else's says of schools.

    Attributes:
        title: of the layer.
        as_of: when it was fetched.
        places: where they are.
        whole: nothing was cut off, and it is not older than it should be.
    """

    title: Text
    as_of: datetime
    places: Sequence[BaseGeometry]
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the picture holds, as command sees it, and who is there.

    Attributes:
        facilities, alerts: features of these kinds.
        partners: those that get this one by their agreement.
        by_hand: those that are to be told of it, and have no line.
        devices: clients for Cursor-on-Target whose groups get it; None: it is not spoken here.
        schools: the layer that holds them; None: there is none.
        source: the feature that the draft was made from; None: none, or it has gone.
        is_open: whether there is a public site.
        exercise: whether this is an exercise.
        accounts, signed_in: people of this operation, and how many of them are signed in.
        others, others_in: those who may release this one, and how many of them are signed in.
    """

    facilities: Sequence[Feature] = ()
    alerts: Sequence[Feature] = ()
    partners: Sequence[Feature] = ()
    by_hand: Sequence[Feature] = ()
    devices: int | None = None
    schools: Schools | None = None
    source: Feature | None = None
    is_open: bool = True
    exercise: bool = False
    accounts: int = 0
    signed_in: int = 0
    others: int = 0
    others_in: int = 0


def touched_checks(draft: Draft, around: Surroundings) -> Iterator[Item]:
    """List what *draft* touches; without an area only whom it reaches."""
    if draft.geometry is not None and is_area(draft.geometry):
        whole = shape_of(draft.geometry)
        shapely.prepare(whole)
        yield from _source(draft, whole, around.source)
        yield _people(whole)
        for key, facility_type in _PLACES:
            yield _places(key, facility_type, whole, around.facilities)
        yield _schools(whole, around.schools)
        yield _neighbours(whole)
        yield _conflicts(draft, whole, around.alerts)
    yield _reach(around)
    words_of = _SECOND if around.others_in else _NO_SECOND
    yield item(
        "release",
        "ok" if around.others_in else "caution",
        words_of,
        count=around.others,
        signed_in=around.others_in,
    )


def _source(draft: Draft, whole: BaseGeometry, source: Feature | None) -> Iterator[Item]:
    geometry = None if source is None else source.get("geometry")
    if geometry is None:
        return
    place = mended(shape(geometry))
    covered = whole.buffer(1e-5).covers(place)
    yield item("source", *(("ok", _COVERED) if covered else ("caution", _SMALLER)))
    if covered and not place.area:
        usual = as_area(_GEOMETRY.validate_python(geometry), RADIUS_M) == draft.geometry
        metres = round(reach_m(whole, place))
        yield item("around", *(("caution", _USUAL) if usual else ("ok", _AROUND)), metres=metres)


@cache
def _districts() -> dict[str, tuple[float, BaseGeometry]]:
    """Give residents and outline of each district, by its code."""
    return {
        str(site.district): (site.numbers["people"], shape_of(area_of_district(site.district)))
        for site in default_sites("district_population")
        if site.district is not None
    }


def _people(whole: BaseGeometry) -> Item:
    touched = [code.value for code in districts_touched(whole)]
    if not touched:
        return item("people", "unknown", _NO_PEOPLE, people=None)
    people, most = 0.0, 0.0
    for code in touched:
        living, outline = _districts()[code]
        people += living * whole.intersection(outline).area / outline.area
        most += living
    return item("people", "ok", _PEOPLE, people=_roughly(people), most=int(most))


def _roughly(number: float) -> int:
    """Give *number* with two digits that say something."""
    whole = max(0, round(number))
    return round(whole, 2 - len(str(whole)))


def _inside(whole: BaseGeometry, found: Iterable[Feature]) -> list[Feature]:
    return [
        one for one in found if one.get("geometry") and whole.intersects(shape(one["geometry"]))
    ]


def _places(
    key: str, facility_type: str, whole: BaseGeometry, facilities: Iterable[Feature]
) -> Item:
    known = _of_type(facilities, facility_type)
    if not known:
        return item(key, "unknown", _UNKNOWN, count=None)
    inside = _inside(whole, known)
    names = [_title(one) for one in inside[:MOST_NAMED]]
    return item(key, "ok", _NAMED if names else _COUNT, count=len(inside), names=names)


def _of_type(facilities: Iterable[Feature], facility_type: str) -> list[Feature]:
    """List those of one type once: one that people keep stands for its publisher's."""
    found = [one for one in facilities if one["properties"].get("facility_type") == facility_type]
    stood_for = {one["properties"].get("stands_for") for one in found}
    return [one for one in found if one["id"] not in stood_for]


def _schools(whole: BaseGeometry, schools: Schools | None) -> Item:
    """Count the schools of a layer, with its age."""
    if schools is None:
        return item("schools", "unknown", _NO_SCHOOLS, count=None)
    gaps = {
        "count": sum(whole.intersects(place) for place in schools.places),
        "layer": schools.title,
        "as_of": schools.as_of.astimezone(HONG_KONG).strftime("%Y-%m-%d %H:%M"),
    }
    if schools.whole:
        return item("schools", "ok", _SCHOOLS, **gaps)
    return item("schools", "caution", _SOME_SCHOOLS, **gaps)


@cache
def _neighbour_outlines() -> tuple[tuple[Text, BaseGeometry], ...]:
    """Give the neighbours' names and outlines; none reaches into another or into Hong Kong."""
    taken = shapely.union_all([outline for _, outline in _districts().values()])
    found = []
    for site in default_sites("neighbour_areas"):
        outline = shape_of(site.geometry).difference(taken)
        taken = taken.union(outline)
        found.append((site.name, outline))
    return tuple(found)


def _neighbours(whole: BaseGeometry) -> Item:
    names = [name for name, outline in _neighbour_outlines() if whole.intersects(outline)]
    if not names:
        return item("neighbours", "ok", _UNTOUCHED, names=[])
    return item("neighbours", "caution", _TOUCHED, names=names)


def _conflicts(draft: Draft, whole: BaseGeometry, alerts: Iterable[Feature]) -> Item:
    found = [
        one
        for one in alerts
        if one["id"] != draft.replaces
        and one["properties"].get("msg_type") != "Cancel"
        and _same_event(draft.event_type, str(one["properties"].get("event_type", "")))
        and _overlaps(whole, one)
    ]
    if not found:
        return item("conflict", "ok", _NO_CONFLICT, count=0, ids=[])
    names = [_title(one) for one in found[:MOST_NAMED]]
    ids = [one["id"] for one in found]
    return item("conflict", "caution", _CONFLICT, count=len(found), names=names, ids=ids)


def _overlaps(whole: BaseGeometry, alert: Feature) -> bool:
    """Tell whether an alert holds in part of *whole*; the Observatory's hold for all the city."""
    if alert.get("geometry"):
        return bool(whole.intersects(shape(alert["geometry"])))
    said = alert["properties"]
    ours = said.get("publisher") == "HKO" and not said.get("origin")
    return ours and bool(districts_touched(whole))


def _same_event(first: str, second: str) -> bool:
    known = first in words.EVENTS and second in words.EVENTS
    return first == second or (known and words.EVENTS[first] == words.EVENTS[second])


def _reach(around: Surroundings) -> Item:
    public = (_DRILL if around.exercise else _PUBLIC) if around.is_open else _NOBODY
    return item(
        "reach",
        "ok",
        _REACH,
        public=public,
        partners=[_title(one) for one in around.partners] or [_NONE],
        by_hand=[_title(one) for one in around.by_hand] or [_NONE],
        devices=_NO_DEVICES if around.devices is None else around.devices,
        signed_in=around.signed_in,
        accounts=around.accounts,
    )


def _title(feature: Feature) -> Any:
    return feature["properties"].get("title") or {"en": feature["id"]}
