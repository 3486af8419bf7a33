"""What an alert would touch and whom it would reach: people, places, neighbours, other warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from cop.model.kinds import Draft
from cop.model.text import Text, text
from cop.reference.tables import default_sites
from cop.services.exchange.alerting import words
from cop.services.exchange.alerting.items import Item, item
from cop.services.exchange.alerting.shapes import is_area, shape_of
from cop.services.geography import area_of_district, districts_touched

Feature = Mapping[str, Any]

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
    "Not known: there is no table of schools. Ask the Education Bureau.",
    "不詳：沒有學校資料，請向教育局查詢。",
    "不详：没有学校资料，请向教育局查询。",
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
_COVERED: Final = text("All of it", "全部涵蓋", "全部涵盖")
_REACH: Final = text(
    "{public}. Partners: {partners}. Inside: {signed_in} of {accounts} accounts signed in.",
    "{public}。協作單位：{partners}。內部：{accounts} 個帳戶中 {signed_in} 個已登入。",
    "{public}。协作单位：{partners}。内部：{accounts} 个账户中 {signed_in} 个已登录。",
)
_PUBLIC: Final = text(
    "Everybody: the public page, its feeds, and whoever follows our CAP index",
    "所有人：公眾網頁、其訂閱，以及跟隨 CAP 目錄者",
    "所有人：公众网页、其订阅，以及跟随 CAP 目录者",
)
_DRILL: Final = text(
    "The public page of this exercise, marked as such; nothing leaves the exercise",
    "本演習的公眾網頁，並註明為演習；不會傳出演習以外",
    "本演习的公众网页，并注明为演习；不会传出演习以外",
)
_NOBODY: Final = text(
    "Nobody outside: this is an exercise", "外界不會收到：這是演習", "外界不会收到：这是演习"
)
_NONE: Final = text("none", "沒有", "没有")
_SECOND: Final = text(
    "{count} others may, {signed_in} of them signed in",
    "另有 {count} 人可發布，其中 {signed_in} 人已登入",
    "另有 {count} 人可发布，其中 {signed_in} 人已登录",
)
_NO_SECOND: Final = text(
    "Nobody else who may is signed in: call somebody",
    "沒有其他可發布者已登入：請通知",
    "没有其他可发布者已登录：请通知",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the picture holds, as command sees it, and who is there.

    Attributes:
        facilities, alerts, partners: features of these kinds.
        source: the feature that the draft was made from; None: none, or it has gone.
        is_open: whether there is a public site.
        exercise: whether this is an exercise.
        accounts, signed_in: people of this operation, and how many of them are signed in.
        others, others_in: those who may release this one, and how many of them are signed in.
    """

    facilities: Sequence[Feature] = ()
    alerts: Sequence[Feature] = ()
    partners: Sequence[Feature] = ()
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
        yield from _source(whole, around.source)
        yield _people(whole)
        for key, facility_type in _PLACES:
            yield _places(key, facility_type, whole, around.facilities)
        yield _schools(whole, around.facilities)
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


def _source(whole: BaseGeometry, source: Feature | None) -> Iterator[Item]:
    geometry = None if source is None else source.get("geometry")
    if geometry is None:
        return
    covered = whole.buffer(1e-5).covers(shape(geometry))
    yield item("source", *(("ok", _COVERED) if covered else ("caution", _SMALLER)))


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


def _schools(whole: BaseGeometry, facilities: Iterable[Feature]) -> Item:
    if not _of_type(facilities, "school"):
        return item("schools", "unknown", _NO_SCHOOLS, count=None)
    return _places("schools", "school", whole, facilities)


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
    return alert["properties"].get("publisher") == "HKO" and bool(districts_touched(whole))


def _same_event(first: str, second: str) -> bool:
    known = first in words.EVENTS and second in words.EVENTS
    return first == second or (known and words.EVENTS[first] == words.EVENTS[second])


def _reach(around: Surroundings) -> Item:
    takers = [
        one
        for one in around.partners
        if "alert" in one["properties"].get("shares", ())
        and one["properties"].get("state") != "ended"
    ]
    public = (_DRILL if around.exercise else _PUBLIC) if around.is_open else _NOBODY
    return item(
        "reach",
        "ok",
        _REACH,
        public=public,
        partners=[_title(one) for one in takers] or [_NONE],
        signed_in=around.signed_in,
        accounts=around.accounts,
    )


def _title(feature: Feature) -> Any:
    return feature["properties"].get("title") or {"en": feature["id"]}
