"""Every word of the page that is not a publisher's, in the three languages.

Shipped to the browser once, so that the language changes without a reload. `{name}` is filled in
by the browser. Words of a layer stand in the layer's own file.
"""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text
from cop.ui.terms import TERMS
from cop.ui.terms_sight import SIGHT_TERMS
from cop.ui.words_alerting import ALERTING
from cop.ui.words_board import BOARD
from cop.ui.words_desk import DESK
from cop.ui.words_exchange import EXCHANGE
from cop.ui.words_field import FIELD
from cop.ui.words_incident import INCIDENT
from cop.ui.words_layers import LAYERS
from cop.ui.words_partner_desk import PARTNER_DESK
from cop.ui.words_partners import PARTNERS
from cop.ui.words_reach import REACH
from cop.ui.words_sight import SIGHT

_PAGE: Final[dict[str, Text]] = {
    "title": text("Common Operational Picture", "聯合運作平台", "联合运作平台"),
    "city": text("Hong Kong", "香港", "香港"),
    "mode.live": text("LIVE", "實況", "实况"),
    "mode.exercise": text("EXERCISE", "演習", "演习"),
    "operation.black-rainstorm-2023": text(
        "Black rainstorm 2023", "2023年黑色暴雨", "2023年黑色暴雨"
    ),
    "operation.super-typhoon-ragasa-2025": text(
        "Super typhoon Ragasa 2025", "2025年超強颱風樺加沙", "2025年超强台风桦加沙"
    ),
    "loading": text("Loading the picture…", "正在載入…", "正在载入…"),
    "comma": {"en": ", ", "zh-Hant": "、", "zh-Hans": "、"},  # `text` would trim it
    "since": text("since {time}", "{time} 起", "{time} 起"),
    "ended": text(
        "No longer on the picture since {time}. Last known:",
        "{time} 起已不在平台上。最後所知：",
        "{time} 起已不在平台上。最后所知：",
    ),
    # The connection
    "link.connecting": text("connecting", "連線中", "连线中"),
    "link.live": text("live {n} s", "實時 {n} 秒", "实时 {n} 秒"),
    "link.down": text("not live", "非實時", "非实时"),
    "link.lost": text(
        "Connection lost since {time}, showing last known. Trying again.",
        "{time} 起失去連線，顯示最後所知資料。正在重試。",
        "{time} 起失去连线，显示最后所知资料。正在重试。",
    ),
    "link.never": text(
        "The picture cannot be reached. Trying again.",
        "無法連接平台。正在重試。",
        "无法连接平台。正在重试。",
    ),
    "link.redis": text(
        "The store is down: nothing new can arrive, showing last known",
        "資料庫停止運作：沒有新資料，顯示最後所知資料",
        "资料库停止运作：没有新资料，显示最后所知资料",
    ),
    "link.worker": text(
        "The worker is down: feeds are not read, showing last known",
        "資料擷取程式停止運作：沒有讀取資料來源，顯示最後所知資料",
        "资料撷取程序停止运作：没有读取资料来源，显示最后所知资料",
    ),
    "link.beat": text(
        "The scheduler is down: feeds are not asked for, showing last known",
        "排程程式停止運作：沒有查詢資料來源，顯示最後所知資料",
        "排程程序停止运作：没有查询资料来源，显示最后所知资料",
    ),
    "link.vision": text(
        "Counting from cameras is down: nothing new from them, showing last known",
        "攝影機點算程式停止運作：沒有新資料，顯示最後所知資料",
        "摄影机点算程序停止运作：没有新资料，显示最后所知资料",
    ),
    "link.exchange": text(
        "Exchange with partners is down: nothing comes from them or goes to them",
        "與夥伴機構交換資料的程式停止運作：沒有收發任何資料",
        "与伙伴机构交换资料的程序停止运作：没有收发任何资料",
    ),
    "link.signed-out": text(
        "You have been signed out. Reload the page to sign in.",
        "你已登出。請重新載入頁面登入。",
        "你已登出。请重新载入页面登入。",
    ),
    # States
    "state.live": text("{age} old", "{age}前", "{age}前"),
    "state.partial": text(
        "{age} old, part without information", "{age}前，部分沒有資料", "{age}前，部分没有资料"
    ),
    "state.stale": text("last known {time}", "最後所知 {time}", "最后所知 {time}"),
    "state.unknown": text("no information", "沒有資料", "没有资料"),
    "state.unknown-layer": text(
        "{layer}: no information. It may be empty or not; we do not know.",
        "{layer}：沒有資料，未知是否有事件。",
        "{layer}：没有资料，未知是否有事件。",
    ),
    "state.stale-layer": text(
        "{layer}: last known {time}", "{layer}：最後所知 {time}", "{layer}：最后所知 {time}"
    ),
    "state.empty": text("{words}, checked {time}", "{words}，{time} 檢查", "{words}，{time} 检查"),
    "state.veil": text(
        "No information on: {layers}", "以下項目沒有資料：{layers}", "以下项目没有资料：{layers}"
    ),
    # Ages
    "age.s": text("{n} s", "{n} 秒", "{n} 秒"),
    "age.min": text("{n} min", "{n} 分鐘", "{n} 分钟"),
    "age.h": text("{n} h", "{n} 小時", "{n} 小时"),
    "age.d": text("{n} d", "{n} 日", "{n} 日"),
    "age.in": text("in {age}", "{age}後", "{age}后"),
    # Signals
    "signals": text("Signals in force", "生效警告信號", "生效警告信号"),
    "signals.none": text("No warning in force", "沒有生效警告", "没有生效警告"),
    "signals.unknown": text(
        "Warnings in force: no information", "生效警告：沒有資料", "生效警告：没有资料"
    ),
    "signals.more": text("+{n} more", "另有 {n} 個", "另有 {n} 个"),
    # Controls
    "search": text("Search (/)", "搜尋 (/)", "搜寻 (/)"),
    "find": text("Search", "搜尋", "搜寻"),
    "language": text("Language", "語言", "语言"),
    "theme.to-light": text("Light colours", "淺色", "浅色"),
    "theme.to-dark": text("Dark colours", "深色", "深色"),
    "sign-out": text("Sign out", "登出", "登出"),
    "help": text("Keys and signs (?)", "按鍵及圖例 (?)", "按键及图例 (?)"),
    "more": text("More", "更多", "更多"),
    "close": text("Close", "關閉", "关闭"),
    "panel.left": text("List and layers", "列表及圖層", "列表及图层"),
    "panel.right": text("Details", "詳情", "详情"),
    "panel.charts": text("Charts", "圖表", "图表"),
    "home": text("Whole city", "全港", "全港"),
    "map": text("Map", "地圖", "地图"),
    "key": text("Legend", "圖例", "图例"),
    "cluster": text("{n} here", "此處 {n} 項", "此处 {n} 项"),
    "cluster.worst": text(
        "{n} here, worst: {severity}",
        "此處 {n} 項，最嚴重：{severity}",
        "此处 {n} 项，最严重：{severity}",
    ),
    "chooser": text("{n} at this place", "此處有 {n} 項", "此处有 {n} 项"),
    # List
    "tab.situation": text("Situation", "情況", "情况"),
    "tab.layers": text("Layers", "圖層", "图层"),
    "tab.map": text("Map", "地圖", "地图"),
    "tab.feeds": text("Feeds", "資料來源", "资料来源"),
    "filter.district": text("District", "地區", "地区"),
    "filter.severity": text("Severity", "嚴重程度", "严重程度"),
    "filter.all-districts": text("All districts", "所有地區", "所有地区"),
    "filter.all-severities": text("All", "全部", "全部"),
    "filter.severe-up": text("Severe +", "嚴重或以上", "严重或以上"),
    "filter.moderate-up": text("Moderate +", "中等或以上", "中等或以上"),
    "list.new": text("{n} new", "{n} 項新消息", "{n} 项新消息"),
    "list.count": text("{n} of {all}", "{n} / {all} 項", "{n} / {all} 项"),
    "list.more": text(
        "{n} more: narrow them by a word or a district",
        "另有 {n} 項：請用字詞或地區縮窄範圍",
        "另有 {n} 项：请用字词或地区缩窄范围",
    ),
    "list.nothing-fits": text(
        "Nothing fits this search.", "沒有符合搜尋的項目。", "没有符合搜寻的项目。"
    ),
    "list.never": text(
        "Nothing has been read yet: the picture cannot be reached.",
        "尚未讀取任何資料：無法連接平台。",
        "尚未读取任何资料：无法连接平台。",
    ),
    # Groups of layers
    "group.danger": text("Danger now", "當前危險", "当前危险"),
    "group.roads": text("Roads", "道路", "道路"),
    "group.weather": text("Weather and water", "天氣及水位", "天气及水位"),
    "group.places": text("Places and services", "設施及服務", "设施及服务"),
    "group.traffic": text("Traffic", "交通", "交通"),
    "group.region": text("Region", "區域", "区域"),
    # Attention and detail
    "attention": text("Needs attention", "須留意", "须留意"),
    "attention.changed": text("Changed last", "最新變更", "最新变更"),
    "attention.late": text("Late or silent feeds", "延誤或中斷的資料來源", "延误或中断的资料来源"),
    "attention.unknown": text("Not known", "未知情況", "未知情况"),
    "attention.nothing": text(
        "Nothing has changed since you opened this page.",
        "開啟此頁後沒有變更。",
        "开启此页后没有变更。",
    ),
    "attention.all-live": text(
        "All feeds are on time.", "所有資料來源準時更新。", "所有资料来源准时更新。"
    ),
    "detail.instruction": text("What to do", "應採取的行動", "应采取的行动"),
    "detail.facts": text("Facts", "資料", "资料"),
    "detail.provenance": text("Who says so, and when", "消息來源及時間", "消息来源及时间"),
    "detail.link": text("Publisher's page", "發布機構網頁", "发布机构网页"),
    "detail.show": text("Show on the map", "在地圖上顯示", "在地图上显示"),
    # Feeds
    "feeds": text("Feeds", "資料來源", "资料来源"),
    "feeds.old": text("Feeds as last known", "來源狀態為最後所知", "来源状态为最后所知"),
    "feeds.good": text("{all} feeds on time", "{all} 個來源準時", "{all} 个来源准时"),
    "feeds.bad": text(
        "{n} of {all} feeds late or silent",
        "{all} 個來源中 {n} 個延誤或中斷",
        "{all} 个来源中 {n} 个延误或中断",
    ),
    "feed.live": text("on time", "準時", "准时"),
    "feed.failing": text("failing", "讀取失敗", "读取失败"),
    "feed.stale": text("stale", "過時", "过时"),
    "feed.unknown": text("no information", "沒有資料", "没有资料"),
    "feed.name": text("Feed", "來源", "来源"),
    "feed.state": text("State", "狀態", "状态"),
    "feed.content": text("Content", "內容時間", "内容时间"),
    "feed.fetched": text("Fetched", "擷取時間", "撷取时间"),
    "feed.rows-title": text("Rows", "行數", "行数"),
    "feed.reason": text("Reason", "原因", "原因"),
    "feed.rows": text(
        "{taken} taken, {ignored} ignored, {refused} refused",
        "{taken} 採用，{ignored} 略過，{refused} 拒絕",
        "{taken} 采用，{ignored} 略过，{refused} 拒绝",
    ),
    "counts.viewers": text("viewers", "人在看", "人在看"),
    # The base map
    "base.landsd": text("Map from Lands Department", "地圖由地政總署提供", "地图由地政总署提供"),
    "base.offline": text("Offline base map", "離線底圖", "离线底图"),
    # Help
    "help.search": text("search", "搜尋", "搜寻"),
    "help.step": text("next, previous in the list", "列表下一項、上一項", "列表下一项、上一项"),
    "help.layers": text("layers", "圖層", "图层"),
    "help.feeds": text("feeds", "資料來源", "资料来源"),
    "help.charts": text("charts", "圖表", "图表"),
    "help.help": text("this help", "本說明", "本说明"),
    "help.back": text("back", "返回", "返回"),
    "help.patterns": text(
        "Patterns of areas: dots rain, waves flood, triangles slopes, stripes wind, rings"
        " earthquake. A closed road is thick with crosses. A symbol with a number stands for"
        " several that lie there; its shape is the worst of them.",
        "範圍圖案：圓點為雨、波浪為水浸、三角為斜坡、斜條為風、圓環為地震。封閉道路以粗線加交叉表示。"
        "有數字的符號代表該處多個項目，形狀為其中最嚴重者。",
        "范围图案：圆点为雨、波浪为水浸、三角为斜坡、斜条为风、圆环为地震。封闭道路以粗线加交叉表示。"
        "有数字的符号代表该处多个项目，形状为其中最严重者。",
    ),
    "help.states": text(
        "Dimmed and hatched means old: last known. Hatched with “no information” means we do not"
        " know; it never means that there is nothing.",
        "暗淡及斜紋表示過時：最後所知。斜紋加「沒有資料」表示未知，並不表示沒有事件。",
        "暗淡及斜纹表示过时：最后所知。斜纹加“没有资料”表示未知，并不表示没有事件。",
    ),
}

WORDS: Final[dict[str, Text]] = (
    _PAGE
    | TERMS
    | SIGHT_TERMS
    | ALERTING
    | BOARD
    | DESK
    | EXCHANGE
    | FIELD
    | INCIDENT
    | LAYERS
    | PARTNERS
    | PARTNER_DESK
    | REACH
    | SIGHT
)
