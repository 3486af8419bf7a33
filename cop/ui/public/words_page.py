"""Words of the frame of the public pages: titles, links, ages, notices."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

PAGE: Final[dict[str, Text]] = {
    "page.name": text("Hong Kong hazard map", "香港災害地圖", "香港灾害地图"),
    "page.title": text(
        "Hong Kong hazard map: warnings, floods, roads, shelters",
        "香港災害地圖：警告、水浸、封路、臨時庇護中心",
        "香港灾害地图：警告、水浸、封路、临时庇护中心",
    ),
    "page.description": text(
        "Warnings in force and what to do, floods and closed roads, open shelters, first-aid"
        " posts, A&E waiting times and air quality in Hong Kong, with the time of every fact.",
        "香港現正生效的警告及應採取的行動、水浸、封路、開放的臨時庇護中心、急救站、"
        "急症室輪候時間及空氣質素，並列明每項資料的時間。",
        "香港现正生效的警告及应采取的行动、水浸、封路、开放的临时庇护中心、急救站、"
        "急症室轮候时间及空气质素，并列明每项资料的时间。",
    ),
    "page.district-title": text(
        "{district}: warnings, floods, roads, shelters",
        "{district}：警告、水浸、封路、臨時庇護中心",
        "{district}：警告、水浸、封路、临时庇护中心",
    ),
    "page.district-description": text(
        "What is known now in {district}, Hong Kong: warnings, floods, closed roads, shelters,"
        " first-aid posts and A&E waiting times, with the time of every fact.",
        "香港{district}的最新情況：警告、水浸、封路、臨時庇護中心、急救站及急症室輪候時間，"
        "並列明每項資料的時間。",
        "香港{district}的最新情况：警告、水浸、封路、临时庇护中心、急救站及急症室轮候时间，"
        "并列明每项资料的时间。",
    ),
    "page.district": text("{district} District", "{district}", "{district}"),
    "page.share-alt": text(
        "Hong Kong hazard map: warnings, floods, closed roads, shelters",
        "香港災害地圖：警告、水浸、封路、臨時庇護中心",
        "香港灾害地图：警告、水浸、封路、临时庇护中心",
    ),
    "page.skip": text("Skip to the text", "跳到文字內容", "跳到文字内容"),
    "page.languages": text("Language", "語言", "语言"),
    "page.map": text("Map", "地圖", "地图"),
    "page.as-of": text(
        "Data as of {time}, {ago}.", "資料截至{time}（{ago}）。", "资料截至{time}（{ago}）。"
    ),
    "page.unkept": text(
        "Nobody can tell at the moment whether this page is still being kept up: compare its time"
        " with a clock, and load it again.",
        "目前未能確認本頁是否仍在更新：請核對本頁資料的時間，並重新載入。",
        "目前未能确认本页是否仍在更新：请核对本页资料的时间，并重新加载。",
    ),
    "page.emergency": text(
        "Is somebody in danger? Call 999.", "有人遇險？請致電 999。", "有人遇险？请致电 999。"
    ),
    "page.whole-city": text("The whole of Hong Kong", "全港", "全港"),
    "page.whole-city-map": text(
        "The whole of Hong Kong, with map", "全港情況及地圖", "全港情况及地图"
    ),
    "page.my-district": text("My district", "我的地區", "我的地区"),
    "page.neighbours": text("Districts next to it", "鄰近地區", "邻近地区"),
    "page.none-here": text(
        "None of them is known to be in {district}.",
        "上述項目中沒有已知位於{district}的。",
        "上述项目中没有已知位于{district}的。",
    ),
    "page.unknown-here": text(
        "Nothing is known about {district}: it may be that there is something.",
        "未有{district}的資料，並不表示沒有情況。",
        "未有{district}的资料，并不表示没有情况。",
    ),
    "page.about": text("About these pages", "關於本網頁", "关于本网页"),
    "page.data": text(
        "Open data, feeds and widget", "開放數據、訂閱及小工具", "开放数据、订阅及小工具"
    ),
    "page.licence": text(
        "Facts come from the publishers named beside them and stay under their terms.",
        "資料由旁列的發布機構提供，並受其使用條款約束。",
        "资料由旁列的发布机构提供，并受其使用条款约束。",
    ),
    "page.privacy": text(
        "These pages set no cookie and do not ask who you are. Your position stays on your device.",
        "本網頁不使用 Cookie，也不會詢問你是誰。你的位置只留在你的裝置上。",
        "本网页不使用 Cookie，也不会询问你是谁。你的位置只留在你的设备上。",
    ),
    "page.sign-in": text("Sign-in for emergency services", "應急部門登入", "应急部门登入"),
    "page.feed": text("Warnings and dangers", "警告及災害", "警告及灾害"),
    "exercise.mark": text("EXERCISE", "演習", "演习"),
    "exercise.band": text(
        "EXERCISE: nothing on this page is happening now",
        "演習：本頁所示並非真實情況",
        "演习：本页所示并非真实情况",
    ),
    "exercise.closed-title": text(
        "No public map of an exercise", "演習不設公眾地圖", "演习不设公众地图"
    ),
    "exercise.closed": text(
        "This site is running an exercise. What happens in it is not real, so there is no public"
        " map of it.",
        "本網站現正進行演習，演習內容並非真實情況，故不設公眾地圖。",
        "本网站现正进行演习，演习内容并非真实情况，故不设公众地图。",
    ),
    "exercise.closed-real": text(
        "For real warnings, see the Hong Kong Observatory.",
        "真實的天氣警告請瀏覽香港天文台網頁。",
        "真实的天气警告请浏览香港天文台网页。",
    ),
    # Ages
    "ago.now": text("just now", "剛剛", "刚刚"),
    "ago.minute": text("{n} minute ago", "{n} 分鐘前", "{n} 分钟前"),
    "ago.minutes": text("{n} minutes ago", "{n} 分鐘前", "{n} 分钟前"),
    "ago.hour": text("{n} hour ago", "{n} 小時前", "{n} 小时前"),
    "ago.hours": text("{n} hours ago", "{n} 小時前", "{n} 小时前"),
    "ago.days": text("{n} days ago", "{n} 日前", "{n} 日前"),
    "time.never": text("never", "從未", "从未"),
    # What the whole does not know
    "down.redis": text(
        "Our database has been down since {time} ({ago}). What is below is the last that is known;"
        " nothing new can arrive until it is back.",
        "本平台的資料庫自{time}（{ago}）起停止運作。以下為最後所知的情況，恢復前不會有新資料。",
        "本平台的资料库自{time}（{ago}）起停止运作。以下为最后所知的情况，恢复前不会有新资料。",
    ),
    "down.worker": text(
        "Reading of the publishers' data has stopped since {time} ({ago}). It may have changed.",
        "自{time}（{ago}）起未能讀取發布機構的資料，情況可能已有變化。",
        "自{time}（{ago}）起未能读取发布机构的资料，情况可能已有变化。",
    ),
    "down.beat": text(
        "The publishers' data has not been asked for since {time} ({ago}). It may have changed.",
        "自{time}（{ago}）起沒有查詢發布機構的資料，情況可能已有變化。",
        "自{time}（{ago}）起没有查询发布机构的资料，情况可能已有变化。",
    ),
}
