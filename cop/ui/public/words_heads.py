"""Words of the sections' heads: titles, counts, and the four states in which a section can be."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

HEADS: Final[dict[str, Text]] = {
    "head.broken": text(
        "This part cannot be shown at the moment: treat it as not known.",
        "這部分暫時未能顯示，請視作情況不明。",
        "这部分暂时未能显示，请视作情况不明。",
    ),
    # Titles
    "section.top": text("At a glance", "一覽", "一览"),
    "section.warnings": text("Warnings in force", "現正生效的警告", "现正生效的警告"),
    "section.hazards": text(
        "Floods, landslides and other dangers",
        "水浸、山泥傾瀉及其他危險",
        "水浸、山泥倾泻及其他危险",
    ),
    "section.roads": text("Closed and slow roads", "封路及道路情況", "封路及道路情况"),
    "section.shelters": text("Temporary shelters", "臨時庇護中心", "临时庇护中心"),
    "section.first_aid": text("First-aid posts", "急救站", "急救站"),
    "section.hospitals": text("A&E waiting times", "急症室輪候時間", "急症室轮候时间"),
    "section.air": text("Air quality", "空氣質素", "空气质素"),
    "section.rain": text("Rain by district", "各區雨量", "各区雨量"),
    "section.tide": text("Sea level and tide", "海平面及潮汐", "海平面及潮汐"),
    "section.transport": text(
        "Railways, boundary and airport", "鐵路、口岸及機場", "铁路、口岸及机场"
    ),
    "section.sources": text("Where this comes from", "資料來源", "资料来源"),
    # What is known of, where it is old or not known
    "subject.top": text("Warnings", "警告", "警告"),
    "subject.warnings": text("Warnings", "警告", "警告"),
    "subject.hazards": text("Dangers", "危險情況", "危险情况"),
    "subject.roads": text("Traffic", "交通", "交通"),
    "subject.shelters": text("Shelters", "臨時庇護中心", "临时庇护中心"),
    "subject.first_aid": text("First-aid posts", "急救站", "急救站"),
    "subject.hospitals": text("A&E waiting times", "急症室輪候時間", "急症室轮候时间"),
    "subject.air": text("Air quality", "空氣質素", "空气质素"),
    "subject.rain": text("Rain", "雨量", "雨量"),
    "subject.tide": text("Sea level", "海平面", "海平面"),
    "subject.transport": text("Railways", "鐵路", "铁路"),
    "subject.sources": text("Sources", "資料來源", "资料来源"),
    # The four states
    "head.live": text("Checked {time}.", "{time} 檢查。", "{time} 检查。"),
    "head.empty": text(
        "{words}; checked {time}.", "{words}；{time} 檢查。", "{words}；{time} 检查。"
    ),
    "head.stale": text(
        "{subject}: last known {time}, {ago}. It may have changed.",
        "{subject}：最後所知為 {time}（{ago}），情況可能已有變化。",
        "{subject}：最后所知为 {time}（{ago}），情况可能已有变化。",
    ),
    "head.unknown": text(
        "{subject}: no information. Nothing could be read since {time} ({ago}). There may be"
        " something or not; we do not know.",
        "{subject}：沒有資料。自 {time}（{ago}）起未能讀取，未知是否有情況。",
        "{subject}：没有资料。自 {time}（{ago}）起未能读取，未知是否有情况。",
    ),
    "head.never": text(
        "{subject}: no information. Nothing could be read yet. There may be something or not; we"
        " do not know.",
        "{subject}：沒有資料。至今未能讀取，未知是否有情況。",
        "{subject}：没有资料。至今未能读取，未知是否有情况。",
    ),
    "also.stale": text(
        "{feed}: last known {time}, {ago}.",
        "{feed}：最後所知為 {time}（{ago}）。",
        "{feed}：最后所知为 {time}（{ago}）。",
    ),
    "also.never": text("{feed}: no information.", "{feed}：沒有資料。", "{feed}：没有资料。"),
    "top.stale": text(
        "{words} (last known {time})", "{words}（最後所知 {time}）", "{words}（最后所知 {time}）"
    ),
    "top.unknown": text("{subject}: no information", "{subject}：沒有資料", "{subject}：没有资料"),
    "feed.hko_tips": text("Special weather tips", "特別天氣提示", "特别天气提示"),
    "feed.hko_heat_stress": text("Heat stress at work", "工作暑熱警告", "工作暑热警告"),
    "feed.smg_warnings": text("Macao warnings", "澳門警告", "澳门警告"),
    "feed.wmo_swic": text("Warnings of Guangdong", "廣東警告", "广东警告"),
    "feed.td_traffic_news": text("Flooded roads", "道路水浸", "道路水浸"),
    "feed.hko_felt_earthquakes": text("Earthquakes felt here", "本地有感地震", "本地有感地震"),
    "feed.hko_cyclones": text("Tropical cyclones", "熱帶氣旋", "热带气旋"),
    "feed.gov_press": text("Announced shelters", "公布的庇護中心", "公布的庇护中心"),
    "feed.wsd_suspensions": text("Water supply", "食水供應", "食水供应"),
    "feed.hko_current": text("Rain of the districts", "各區雨量", "各区雨量"),
    "feed.hko_tides": text("Predicted tide", "預測潮汐", "预测潮汐"),
    "feed.mtr_service": text("Railways", "鐵路", "铁路"),
    "feed.boundary_queues": text("Boundary control points", "口岸", "口岸"),
    "feed.airport_flights": text("Airport", "機場", "机场"),
    "comma": {"en": ", ", "zh-Hant": "、", "zh-Hans": "、"},  # `text` would trim it
    "colon": {"en": ": ", "zh-Hant": "：", "zh-Hans": "："},
    "stop": text(".", "。", "。"),
    # Nothing there, and it was looked
    "none.warnings": text("No warning is in force", "沒有生效警告", "没有生效警告"),
    "none.hazards": text(
        "No flood, landslide or other danger has been confirmed",
        "沒有經核實的水浸、山泥傾瀉或其他危險",
        "没有经核实的水浸、山泥倾泻或其他危险",
    ),
    "none.roads": text("No road is closed", "沒有道路封閉", "没有道路封闭"),
    "none.shelters": text("No shelter is open", "沒有開放的臨時庇護中心", "没有开放的临时庇护中心"),
    "none.first_aid": text("No first-aid post is open", "沒有開放的急救站", "没有开放的急救站"),
    "none.hospitals": text(
        "No hospital gives a waiting time", "沒有醫院提供輪候時間", "没有医院提供轮候时间"
    ),
    "none.air": text("No station gives a value", "沒有監測站提供數值", "没有监测站提供数值"),
    "none.rain": text("No gauge gives a value", "沒有雨量計提供數值", "没有雨量计提供数值"),
    "none.tide": text("No tide gauge gives a value", "沒有潮汐站提供數值", "没有潮汐站提供数值"),
    "none.transport": text("Everything is normal", "一切正常", "一切正常"),
    "none.sources": text("No source is known", "沒有資料來源", "没有资料来源"),
    # Counts
    "some.warnings": text("{n} warnings", "{n} 個警告", "{n} 个警告"),
    "some.warnings.one": text("{n} warning", "{n} 個警告", "{n} 个警告"),
    "some.tips": text("{n} weather tips", "{n} 個天氣提示", "{n} 个天气提示"),
    "some.tips.one": text("{n} weather tip", "{n} 個天氣提示", "{n} 个天气提示"),
    "some.flooding": text("{n} confirmed floods", "{n} 處經核實水浸", "{n} 处经核实水浸"),
    "some.flooding.one": text("{n} confirmed flood", "{n} 處經核實水浸", "{n} 处经核实水浸"),
    "some.landslide": text("{n} landslides", "{n} 宗山泥傾瀉", "{n} 宗山泥倾泻"),
    "some.landslide.one": text("{n} landslide", "{n} 宗山泥傾瀉", "{n} 宗山泥倾泻"),
    "some.others": text("{n} other dangers", "{n} 項其他危險", "{n} 项其他危险"),
    "some.others.one": text("{n} other danger", "{n} 項其他危險", "{n} 项其他危险"),
    "some.flooded": text("{n} flooded roads", "{n} 條道路水浸", "{n} 条道路水浸"),
    "some.flooded.one": text("{n} flooded road", "{n} 條道路水浸", "{n} 条道路水浸"),
    "some.closed": text("{n} closed roads", "{n} 條道路封閉", "{n} 条道路封闭"),
    "some.closed.one": text("{n} closed road", "{n} 條道路封閉", "{n} 条道路封闭"),
    "some.restricted": text("{n} partly closed", "{n} 條部分封閉", "{n} 条部分封闭"),
    "some.slow": text("{n} slow", "{n} 條緩慢", "{n} 条缓慢"),
    "some.room": text(
        "{n} shelters open with room", "{n} 個有空位的臨時庇護中心", "{n} 个有空位的临时庇护中心"
    ),
    "some.room.one": text(
        "{n} shelter open with room", "{n} 個有空位的臨時庇護中心", "{n} 个有空位的临时庇护中心"
    ),
    "some.full": text("{n} full", "{n} 個已滿", "{n} 个已满"),
    "some.first_aid": text("{n} first-aid posts open", "{n} 個開放的急救站", "{n} 个开放的急救站"),
    "some.first_aid.one": text(
        "{n} first-aid post open", "{n} 個開放的急救站", "{n} 个开放的急救站"
    ),
    "some.hospitals": text("{n} hospitals", "{n} 間醫院", "{n} 间医院"),
    "some.hospitals.one": text("{n} hospital", "{n} 間醫院", "{n} 间医院"),
    "some.air": text("{n} stations", "{n} 個監測站", "{n} 个监测站"),
    "some.air.one": text("{n} station", "{n} 個監測站", "{n} 个监测站"),
    "some.rain": text("Rain of the past hour.", "過去一小時的雨量。", "过去一小时的雨量。"),
    "some.tide": text(
        "Measured sea level and predicted tide.", "實測海平面及預測潮高。", "实测海平面及预测潮高。"
    ),
    "some.sources": text("{n} sources", "{n} 個來源", "{n} 个来源"),
    "some.sources.one": text("{n} source", "{n} 個來源", "{n} 个来源"),
    "some.sources-old": text("{n} not up to date", "{n} 個並非最新", "{n} 个并非最新"),
}
