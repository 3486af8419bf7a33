"""Words of feeds, downloads, the page on open data, and the widget."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text
from cop.services.publishing.editions import OWN_TERMS
from cop.ui.public.words_data_page import DATA_PAGE

_FEEDS: Final[dict[str, Text]] = {
    "data.exercise-line": text(
        "This is an exercise. It is not happening.",
        "這是演習，並非真實情況。",
        "这是演习，并非真实情况。",
    ),
    "data.feed-title": text(
        "Warnings, dangers and closed roads: {where}",
        "警告、災害及封路：{where}",
        "警告、灾害及封路：{where}",
    ),
    "data.feed-about": text(
        "What came, changed, was corrected or is over. An entry tells how a thing was when it"
        " was written: see the page for how it is now.",
        "新增、更改、更正或結束的事項。每則訊息只反映發出時的情況，最新情況請瀏覽網頁。",
        "新增、更改、更正或结束的事项。每则信息只反映发出时的情况，最新情况请浏览网页。",
    ),
    "data.feed-down": text(
        "Since {time} (Hong Kong time) nothing new can reach us: what has happened since is not"
        " in here.",
        "自 {time}（香港時間）起未能接收新資料，其後的情況並未包括在內。",
        "自 {time}（香港时间）起未能接收新资料，其后的情况并未包括在内。",
    ),
    "data.feed-stale": text(
        "{feed}: last known {time} (Hong Kong time). It may have changed.",
        "{feed}：最後所知為 {time}（香港時間），情況可能已有變化。",
        "{feed}：最后所知为 {time}（香港时间），情况可能已有变化。",
    ),
    "data.feed-never": text(
        "{feed}: no information. Nothing could be read yet.",
        "{feed}：沒有資料，至今未能讀取。",
        "{feed}：没有资料，至今未能读取。",
    ),
    "data.own-terms": OWN_TERMS,
    "data.title-changed": text("Changed: {title}", "更改：{title}", "更改：{title}"),
    "data.title-corrected": text("Corrected: {title}", "更正：{title}", "更正：{title}"),
    "data.title-over": text("Over: {title}", "結束：{title}", "结束：{title}"),
    "data.title-withdrawn": text("Withdrawn: {title}", "撤回：{title}", "撤回：{title}"),
    "data.line-changed": text(
        "Changed at {time} (Hong Kong time).",
        "{time}（香港時間）更改。",
        "{time}（香港时间）更改。",
    ),
    "data.line-corrected": text(
        "Corrected at {time} (Hong Kong time): what was said before was not right.",
        "{time}（香港時間）更正：先前的資料有誤。",
        "{time}（香港时间）更正：先前的资料有误。",
    ),
    "data.line-over": text(
        "No longer so since {time} (Hong Kong time).",
        "{time}（香港時間）結束。",
        "{time}（香港时间）结束。",
    ),
    "data.line-withdrawn": text(
        "Withdrawn at {time} (Hong Kong time): it was not so, or is listed elsewhere.",
        "{time}（香港時間）撤回：資料有誤，或已併入另一項。",
        "{time}（香港时间）撤回：资料有误，或已并入另一项。",
    ),
    "data.line-before": text("Before: {was}.", "之前：{was}。", "之前：{was}。"),
    "data.line-where": text("Where: {where}.", "地點：{where}。", "地点：{where}。"),
    "data.line-source": text(
        "{publisher}, {time} (Hong Kong time).",
        "{publisher}，{time}（香港時間）。",
        "{publisher}，{time}（香港时间）。",
    ),
}
_TABLES: Final[dict[str, Text]] = {
    "data.table-all": text("Everything", "全部資料", "全部资料"),
    "data.table-warnings": text("Warnings in force", "現正生效的警告", "现正生效的警告"),
    "data.table-hazards": text("Dangers", "災害", "灾害"),
    "data.table-roads": text("Closed and slow roads", "封路及道路情況", "封路及道路情况"),
    "data.table-shelters": text("Open shelters", "開放的臨時庇護中心", "开放的临时庇护中心"),
    "data.table-first_aid": text("First-aid posts", "急救站", "急救站"),
    "data.table-hospitals": text("A&E waiting times", "急症室輪候時間", "急症室轮候时间"),
    "data.table-air": text("Air quality", "空氣質素", "空气质素"),
    "data.table-rain": text("Rain of the past hour", "過去一小時雨量", "过去一小时雨量"),
    "data.table-tide": text("Sea level and tide", "海平面及潮汐", "海平面及潮汐"),
    "data.table-wind": text("Wind", "風", "风"),
    "data.table-transport": text(
        "Railways, boundary and airport", "鐵路、口岸及機場", "铁路、口岸及机场"
    ),
    "data.table-sources": text(
        "Sources, and to when each is known", "資料來源及其最後所知時間", "资料来源及其最后所知时间"
    ),
}
_WIDGET: Final[dict[str, Text]] = {
    "embed.title": text("Hong Kong warnings: {where}", "香港警告：{where}", "香港警告：{where}"),
    "embed.open": text("Open the full page", "查看完整網頁", "查看完整网页"),
    "embed.as-of": text("Data as of {time}", "資料截至 {time}", "资料截至 {time}"),
    "embed.stale": text(
        "{subject}: last known {time}. It may have changed.",
        "{subject}：最後所知為 {time}，情況可能已有變化。",
        "{subject}：最后所知为 {time}，情况可能已有变化。",
    ),
    "embed.never": text(
        "{subject}: no information.", "{subject}：沒有資料。", "{subject}：没有资料。"
    ),
    "embed.late": text(
        "This has not been renewed for a while: it may have changed. Open the full page.",
        "以上資料已有一段時間未能更新，情況可能已有變化，請查看完整網頁。",
        "以上资料已有一段时间未能更新，情况可能已有变化，请查看完整网页。",
    ),
    "embed.and-more": text("and {n} more", "另有 {n} 項", "另有 {n} 项"),
    "embed.since": text("since {time}", "{time} 起", "{time} 起"),
    "embed.dangers": text("{n} dangers", "{n} 項災害", "{n} 项灾害"),
    "embed.dangers.one": text("{n} danger", "{n} 項災害", "{n} 项灾害"),
}
DATA: Final[dict[str, Text]] = _FEEDS | _TABLES | _WIDGET | DATA_PAGE
