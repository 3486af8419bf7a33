"""Words of the items in the sections: what holds, since when, who says so, how it changed."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

ITEMS: Final[dict[str, Text]] = {
    "item.more": text("Show the rest", "顯示全文", "显示全文"),
    "item.since": text("since {time}, {ago}", "{time} 起（{ago}）", "{time} 起（{ago}）"),
    "item.seen": text(
        "first read {time}, {ago}", "{time} 首次讀取（{ago}）", "{time} 首次读取（{ago}）"
    ),
    "item.until": text("until {time}", "至 {time}", "至 {time}"),
    "item.at": text("at {time}, {ago}", "{time}（{ago}）", "{time}（{ago}）"),
    "item.by": text("source: {publisher}", "{publisher}發布", "{publisher}发布"),
    "item.checked-here": text(
        "confirmed by the emergency services", "經應急部門核實", "经应急部门核实"
    ),
    "item.about-100m": text("place to about 100 m", "位置準確至約 100 米", "位置准确至约 100 米"),
    "item.no-district": text("district not known", "地區不詳", "地区不详"),
    "item.guide": text("What it means and what to do", "含義及應採取的行動", "含义及应采取的行动"),
    "item.do": text("What to do", "應採取的行動", "应采取的行动"),
    "item.told": text("{publisher} says", "{publisher}表示", "{publisher}表示"),
    "item.read-more": text("More: {name}", "詳情：{name}", "详情：{name}"),
    # What has ended or changed is said, not made to vanish
    "over.alert": text("Cancelled {time}.", "{time} 取消。", "{time} 取消。"),
    "over.road": text("Over {time}.", "{time} 結束。", "{time} 结束。"),
    "over.incident": text("Over {time}.", "{time} 結束。", "{time} 结束。"),
    "over.facility": text("Closed {time}.", "{time} 關閉。", "{time} 关闭。"),
    "over.other": text("Over {time}.", "{time} 結束。", "{time} 结束。"),
    "withdrawn": text(
        "Withdrawn {time}: it was not so, or is listed elsewhere here.",
        "{time} 撤回：資料有誤，或已併入另一項。",
        "{time} 撤回：资料有误，或已并入另一项。",
    ),
    "changed": text("Changed {time}.", "{time} 更改。", "{time} 更改。"),
    "changed.was": text(
        "Changed {time}: was {was}.", "{time} 更改：原為{was}。", "{time} 更改：原为{was}。"
    ),
    "corrected": text("Corrected {time}.", "{time} 更正。", "{time} 更正。"),
    "corrected.was": text(
        "Corrected {time}: was {was}.", "{time} 更正：原為{was}。", "{time} 更正：原为{was}。"
    ),
    # Warnings
    "warnings.tip": text("Weather tip", "天氣提示", "天气提示"),
    "warnings.elsewhere": text("Macao and neighbouring cities", "澳門及鄰近城市", "澳门及邻近城市"),
    "warnings.elsewhere-note": text(
        "These hold there, not in Hong Kong.",
        "以下警告適用於當地，並非香港。",
        "以下警告适用于当地，并非香港。",
    ),
    # Dangers
    "danger.tropical_cyclone": text("Tropical cyclone", "熱帶氣旋", "热带气旋"),
    "danger.earthquake": text("Earthquake", "地震", "地震"),
    "danger.other": text("Other danger", "其他危險", "其他危险"),
    "danger.wind": text("wind {n} km/h", "風速每小時 {n} 公里", "风速每小时 {n} 公里"),
    "danger.magnitude": text("magnitude {n}", "{n} 級", "{n} 级"),
    "danger.status.verified": text("confirmed", "已核實", "已核实"),
    "danger.status.responding": text("being dealt with", "處理中", "处理中"),
    "danger.status.contained": text("under control", "受控", "受控"),
    "danger.status.closed": text("over", "已結束", "已结束"),
    # Roads
    "road.closed": text("Closed", "封閉", "封闭"),
    "road.restricted": text("Partly closed", "部分封閉", "部分封闭"),
    "road.slow": text("Slow", "緩慢", "缓慢"),
    "road.reopened": text("Open again", "重開", "重开"),
    "road.unknown": text("State not known", "狀況不詳", "状况不详"),
    "road.normal": text("Normal", "正常", "正常"),
    "road.cause": text("cause: {cause}", "原因：{cause}", "原因：{cause}"),
    # Shelters and first aid
    "place.open": text("Open", "開放", "开放"),
    "place.full": text("Full", "已滿", "已满"),
    "place.limited": text("Open in part", "有限度開放", "有限度开放"),
    "place.closed": text("Closed", "關閉", "关闭"),
    "place.unknown": text("State not known", "狀況不詳", "状况不详"),
    "place.room": text(
        "room for {room} ({n} of {all} used)",
        "尚可容納 {room} 人（{all} 個名額已用 {n} 個）",
        "尚可容纳 {room} 人（{all} 个名额已用 {n} 个）",
    ),
    "place.used": text("{n} of {all} used", "{all} 個名額已用 {n} 個", "{all} 个名额已用 {n} 个"),
    "place.holds": text(
        "holds {all}; how many are there is not known",
        "可容納 {all} 人；現時人數不詳",
        "可容纳 {all} 人；现时人数不详",
    ),
    "place.people": text("{n} people there", "現有 {n} 人", "现有 {n} 人"),
    "place.people.one": text("{n} person there", "現有 {n} 人", "现有 {n} 人"),
    "place.room-unknown": text("room not known", "空位不詳", "空位不详"),
    "place.address": text("Address: {address}", "地址：{address}", "地址：{address}"),
    "place.access": text(
        "For people with disabilities: {list}", "無障礙設施：{list}", "无障碍设施：{list}"
    ),
    "place.pets": text("Animals: {pets}", "動物：{pets}", "动物：{pets}"),
    "place.pets.yes": text("may come in", "可進入", "可进入"),
    "place.pets.no": text("may not come in", "不可進入", "不可进入"),
    "place.pets.caged": text("only in cages", "須置於籠內", "须置于笼内"),
    "place.said": text(
        "last said by its keeper at {time}, {ago}",
        "負責人最後於 {time}（{ago}）更新",
        "负责人最后于 {time}（{ago}）更新",
    ),
    "place.announced": text(
        "announced at {time}, {ago}", "{time}（{ago}）公布", "{time}（{ago}）公布"
    ),
    # Hospitals, in the Authority's own words for its categories
    "wait.t1": text("Critical", "危殆", "危殆"),
    "wait.t2": text("Emergency", "危急", "危急"),
    "wait.t3": text("Urgent", "緊急", "紧急"),
    "wait.t45": text("Semi-urgent and non-urgent", "次緊急及非緊急", "次紧急及非紧急"),
    "wait.half-most": text(
        "half: less than {half}; nearly all: less than {most}",
        "半數少於 {half}，絕大部分少於 {most}",
        "半数少于 {half}，绝大部分少于 {most}",
    ),
    "wait.half": text("half: less than {half}", "半數少於 {half}", "半数少于 {half}"),
    "wait.busy": text(
        "Patients in danger of life are being treated: others may wait longer.",
        "現正救治危殆病人，其他病人的輪候時間可能較長。",
        "现正救治危殆病人，其他病人的轮候时间可能较长。",
    ),
    "wait.shortest": text(
        "shortest for semi-urgent {wait} at {name}",
        "次緊急輪候最短為{name} {wait}",
        "次紧急轮候最短为{name} {wait}",
    ),
    "wait.longest": text("longest {wait} at {name}", "最長為{name} {wait}", "最长为{name} {wait}"),
    "wait.none": text("No waiting time is given", "沒有提供輪候時間", "没有提供轮候时间"),
    # Air
    "air.index": text("index {n}", "指數 {n}", "指数 {n}"),
    "air.worst": text("highest {value} at {name}", "最高為{name} {value}", "最高为{name} {value}"),
    "air.value": text("{band} ({n})", "{band}（{n}）", "{band}（{n}）"),
    "air.missing": text("No value", "沒有數值", "没有数值"),
    # Transport
    "transport.mtr_service": text("Railways", "鐵路", "铁路"),
    "transport.boundary_queues": text("Boundary control points", "口岸", "口岸"),
    "transport.airport_flights": text("Airport", "機場", "机场"),
    "transport.normal": text(
        "{subject}: normal, checked {time}.",
        "{subject}：正常，{time} 檢查。",
        "{subject}：正常，{time} 检查。",
    ),
    "transport.some": text(
        "{subject}: {n} not normal, checked {time}.",
        "{subject}：{n} 項不正常，{time} 檢查。",
        "{subject}：{n} 项不正常，{time} 检查。",
    ),
    "transport.gates": text(
        "{subject}: {n} closed or limited now, checked {time}.",
        "{subject}：{n} 個現時關閉或服務有限，{time} 檢查。",
        "{subject}：{n} 个现时关闭或服务有限，{time} 检查。",
    ),
    "transport.shut": text("Closed now", "現時關閉", "现时关闭"),
    "transport.limited": text("Not as usual", "服務受影響", "服务受影响"),
    "transport.closed": text("No service", "暫停服務", "暂停服务"),
    "transport.unknown": text("State not known", "狀況不詳", "状况不详"),
    "transport.flights": text(
        "{cancelled} of {all} flights cancelled, {delayed} delayed",
        "{all} 班航班中，{cancelled} 班取消，{delayed} 班延誤",
        "{all} 班航班中，{cancelled} 班取消，{delayed} 班延误",
    ),
    "transport.arrival": text("arriving", "入境", "入境"),
    "transport.departure": text("leaving", "出境", "出境"),
    # Sources
    "source.live": text("up to date, {time}", "最新，{time}", "最新，{time}"),
    "source.stale": text(
        "last known {time}, {ago}", "最後所知 {time}（{ago}）", "最后所知 {time}（{ago}）"
    ),
    "source.unknown": text("no information", "沒有資料", "没有资料"),
    "source.failing": text("cannot be read at present", "目前未能讀取", "目前未能读取"),
}
