"""Words that only the scripts of the public pages say: the tools, what is near, the map."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

SCRIPT: Final[dict[str, Text]] = {
    # The tools
    "tools": text("Tools", "工具", "工具"),
    "tools.near": text("Near me", "我的附近", "我的附近"),
    "tools.district": text("My district", "我的地區", "我的地区"),
    "tools.everywhere": text("All Hong Kong", "全港", "全港"),
    "tools.view": text("Show", "顯示", "显示"),
    "tools.text": text("Text", "文字", "文字"),
    "tools.map": text("Map", "地圖", "地图"),
    "tools.theme": text("Colours", "顏色", "颜色"),
    "theme.auto": text("Auto", "自動", "自动"),
    "theme.light": text("Light", "淺色", "浅色"),
    "theme.dark": text("Dark", "深色", "深色"),
    # My district
    "district.page": text("{district} on a page of its own", "{district}專頁", "{district}专页"),
    "district.show-all": text("Show all", "顯示全部", "显示全部"),
    "district.all-shown": text("All districts are shown.", "現顯示所有地區。", "现显示所有地区。"),
    "district.hidden": text(
        "{n} in other districts are hidden.",
        "已隱藏其他地區的 {n} 項。",
        "已隐藏其他地区的 {n} 项。",
    ),
    "district.hidden.one": text(
        "1 in another district is hidden.", "已隱藏其他地區的 1 項。", "已隐藏其他地区的 1 项。"
    ),
    "district.chosen": text(
        "{district} and the whole city are shown; {n} in other districts are hidden.",
        "現顯示{district}及全港資料，已隱藏其他地區的 {n} 項。",
        "现显示{district}及全港资料，已隐藏其他地区的 {n} 项。",
    ),
    # What changed
    "news.new": text("{n} new", "新增 {n} 項", "新增 {n} 项"),
    "news.new.one": text("1 new", "新增 1 項", "新增 1 项"),
    "news.changed": text("{n} changed", "{n} 項有變", "{n} 项有变"),
    "news.changed.one": text("1 changed", "1 項有變", "1 项有变"),
    "news.gone": text("{n} over", "{n} 項已結束", "{n} 项已结束"),
    "news.gone.one": text("1 over", "1 項已結束", "1 项已结束"),
    "news.warning": text("New warning: {what}", "新警告：{what}", "新警告：{what}"),
    "news.read": text("What to do", "應採取的行動", "应采取的行动"),
    # How old it is
    "late": text("Age of the data", "資料時間", "资料时间"),
    "late.late": text(
        "Not updated since {time} ({ago}). Listen to radio or television.",
        "自{time}（{ago}）起未有更新。請收聽電台或收看電視。",
        "自{time}（{ago}）起未有更新。请收听电台或收看电视。",
    ),
    "late.lost": text(
        "No connection. What you see is of {time} ({ago}). Listen to radio or television.",
        "未能連線。現時所見為{time}（{ago}）的資料。請收聽電台或收看電視。",
        "未能连线。现时所见为{time}（{ago}）的资料。请收听电台或收看电视。",
    ),
    "late.down": text(
        "Part of this service has been down since {time} ({ago}). What you see may be old."
        " Listen to radio or television.",
        "本服務部分系統自{time}（{ago}）起停止運作，現時所見可能並非最新。請收聽電台或收看電視。",
        "本服务部分系统自{time}（{ago}）起停止运作，现时所见可能并非最新。请收听电台或收看电视。",
    ),
    "late.over": text("Up to date again.", "資料已恢復更新。", "资料已恢复更新。"),
    # Near me
    "near.title": text("Near me", "我的附近", "我的附近"),
    "near.looking": text("Looking where you are…", "正在尋找你的位置……", "正在寻找你的位置……"),
    "near.accuracy": text(
        "Your position is known to about {far}. Data as of {time}.",
        "你的位置準確至約 {far}。資料截至{time}。",
        "你的位置准确至约 {far}。资料截至{time}。",
    ),
    "near.dangers": text("Dangers within {far}", "{far} 內的危險", "{far} 内的危险"),
    "near.no-dangers": text(
        "No danger is known within {far}. Warnings for the whole city hold here too.",
        "{far} 內沒有已知的危險。全港警告同樣適用於此處。",
        "{far} 内没有已知的危险。全港警告同样适用于此处。",
    ),
    "near.roads": text(
        "Closed and slow roads within {far}", "{far} 內封閉或緩慢的道路", "{far} 内封闭或缓慢的道路"
    ),
    "near.no-roads": text(
        "No closed or slow road is known within {far}.",
        "{far} 內沒有已知封閉或緩慢的道路。",
        "{far} 内没有已知封闭或缓慢的道路。",
    ),
    "near.further": text("{n} more within {far}", "{far} 內另有 {n} 項", "{far} 内另有 {n} 项"),
    "near.inexact": text(
        "exact place not known, to about {far}",
        "確實位置不詳，誤差約 {far}",
        "确切位置不详，误差约 {far}",
    ),
    "near.shelter": text(
        "Nearest open shelter with room", "最近有空位的臨時庇護中心", "最近有空位的临时庇护中心"
    ),
    "near.no-shelter": text(
        "No open shelter with room is known.",
        "沒有已知開放並有空位的臨時庇護中心。",
        "没有已知开放并有空位的临时庇护中心。",
    ),
    "near.first-aid": text("Nearest first-aid post", "最近的急救站", "最近的急救站"),
    "near.no-first-aid": text(
        "No open first-aid post is known.", "沒有已知開放的急救站。", "没有已知开放的急救站。"
    ),
    "near.hospital": text(
        "Nearest accident and emergency department", "最近的急症室", "最近的急症室"
    ),
    "near.no-hospital": text("No A&E is known.", "沒有急症室的資料。", "没有急症室的资料。"),
    "near.room": text("Room for {n}", "尚餘 {n} 個名額", "尚余 {n} 个名额"),
    "near.room-unknown": text(
        "How much room there is is not known", "空位數目不詳", "空位数目不详"
    ),
    "near.wait": text(
        "Wait for less urgent cases about {n} h",
        "次緊急及非緊急個案約等候 {n} 小時",
        "次紧急及非紧急个案约等候 {n} 小时",
    ),
    "near.wait-unknown": text("Wait not known", "輪候時間不詳", "轮候时间不详"),
    "near.unknown": text(
        "There is no information on this at present: there may be more.",
        "現時沒有這方面的資料，情況可能不止於此。",
        "现时没有这方面的资料，情况可能不止于此。",
    ),
    "near.stale": text(
        "Last known at {time}: it may have changed.",
        "最後所知為 {time}，情況可能已有變化。",
        "最后所知为 {time}，情况可能已有变化。",
    ),
    "near.on-map": text("Show where I am on the map", "在地圖顯示我的位置", "在地图显示我的位置"),
    "near.private": text(
        "Your position stays on this device. If you show it on the map, the Lands Department,"
        " which the map's background comes from, sees which part of the map is looked at.",
        "你的位置只留在此裝置上。如在地圖上顯示，提供地圖底圖的地政總署會知道所看的是地圖哪一部分。",
        "你的位置只留在此设备上。如在地图上显示，提供地图底图的地政总署会知道所看的是地图哪一部分。",
    ),
    "near.refused": text(
        "This device does not let this page know where you are.",
        "此裝置不允許本網頁得知你的位置。",
        "此设备不允许本网页得知你的位置。",
    ),
    "near.unavailable": text(
        "This device cannot tell where you are.",
        "此裝置未能找到你的位置。",
        "此设备未能找到你的位置。",
    ),
    "near.slow": text(
        "It took too long to find where you are.",
        "尋找你的位置需時過長。",
        "寻找你的位置需时过长。",
    ),
    "near.coarse": text(
        "Your position is too inexact to tell what is near.",
        "你的位置不夠準確，未能得知附近情況。",
        "你的位置不够准确，未能得知附近情况。",
    ),
    "near.elsewhere": text(
        "You seem to be outside Hong Kong.", "你似乎不在香港。", "你似乎不在香港。"
    ),
    "near.no-picture": text(
        "The facts could not be loaded. Try again in a moment.",
        "未能載入資料，請稍後再試。",
        "未能载入资料，请稍后再试。",
    ),
    "near.use-district": text(
        "Choose your district instead; the text then shows what is there.",
        "你可改為選擇所在地區，文字內容便會顯示該區情況。",
        "你可改为选择所在地区，文字内容便会显示该区情况。",
    ),
    "geo.here": text("Where you are", "你所在之處", "你所在之处"),
    "geo.way": text("{far} to the {wind}", "{wind} {far}", "{wind} {far}"),
    # The map
    "map.label": text("Map of dangers and help", "災害及支援地圖", "灾害及支援地图"),
    "map.skip": text("Skip the map", "跳過地圖", "跳过地图"),
    "map.coming": text("Loading the map…", "地圖載入中……", "地图载入中……"),
    "map.failed": text(
        "The map could not be loaded. The text says everything that it would show.",
        "未能載入地圖。文字內容已包括地圖上的所有資料。",
        "未能载入地图。文字内容已包括地图上的所有资料。",
    ),
    "map.again": text("Try again", "再試", "重试"),
    "map.show": text("Show on map", "在地圖顯示", "在地图显示"),
    "map.show-what": text("Show on map: {what}", "在地圖顯示：{what}", "在地图显示：{what}"),
    "map.in-text": text("Read in the text", "在文字內容閱讀", "在文字内容阅读"),
    "map.in": text("Zoom in", "放大", "放大"),
    "map.out": text("Zoom out", "縮小", "缩小"),
    "map.city": text("The whole city", "全港", "全港"),
    "map.legend": text("What is on the map", "圖例及圖層", "图例及图层"),
    "map.tiles": text(
        "Detailed background from the Lands Department, which sees what part is looked at",
        "地政總署提供的詳細底圖（該署會知道所看的範圍）",
        "地政总署提供的详细底图（该署会知道所看的范围）",
    ),
    "map.crowd": text(
        "{n} more: zoom in to see them.",
        "另有 {n} 項，放大地圖可見。",
        "另有 {n} 项，放大地图可见。",
    ),
    "map.nearer": text("Zoom in to see it", "放大地圖可見", "放大地图可见"),
    "map.unknown-layer": text("No information", "沒有資料", "没有资料"),
    "map.stale-layer": text("Last known {time}", "最後所知 {time}", "最后所知 {time}"),
    "map.since": text("{what} since {time}", "{what}（自{time}起）", "{what}（自{time}起）"),
    "map.no-information": text(
        "No information on: {what}", "沒有以下資料：{what}", "没有以下资料：{what}"
    ),
}
