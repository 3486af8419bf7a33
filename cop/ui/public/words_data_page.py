"""Words of the page on open data: what there is, under which terms, how to follow it."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

DATA_PAGE: Final[dict[str, Text]] = {
    "data.title": text(
        "Open data, feeds and widget", "開放數據、訂閱及小工具", "开放数据、订阅及小工具"
    ),
    "data.description": text(
        "Download the hazard map's facts as CSV or GeoJSON, follow them live, subscribe to a"
        " district without an account, or put a widget on your own page.",
        "以 CSV 或 GeoJSON 下載災害地圖的資料、實時跟進、無須帳戶訂閱各區消息，"
        "或在網頁加入小工具。",
        "以 CSV 或 GeoJSON 下载灾害地图的资料、实时跟进、无须账户订阅各区消息，"
        "或在网页加入小工具。",
    ),
    "data.intro": text(
        "Everything on the public map is here to take: no account, no key, no cookie. We do not"
        " know who you are.",
        "公眾地圖上的所有資料均可取用，無須帳戶或密鑰，不使用 Cookie，我們亦不知道你是誰。",
        "公众地图上的所有资料均可取用，无须账户或密钥，不使用 Cookie，我们亦不知道你是谁。",
    ),
    "data.not-official": text(
        "For warnings, the issuer's own words hold. Do not let a machine close a road or send"
        " people anywhere by these files alone.",
        "警告內容以發出機構為準。請勿單憑這些檔案讓機器自動封路或疏散人群。",
        "警告内容以发出机构为准。请勿单凭这些文件让机器自动封路或疏散人群。",
    ),
    # Files
    "data.h-files": text("Files", "檔案", "文件"),
    "data.col-what": text("What", "內容", "内容"),
    "data.col-sheet": text("For spreadsheets", "試算表", "电子表格"),
    "data.col-map": text("For maps", "地圖", "地图"),
    "data.none": text("none", "沒有", "没有"),
    "data.file": text("{what} as {format}", "{what}（{format}）", "{what}（{format}）"),
    "data.files-csv": text(
        "CSV files are UTF-8 with a byte order mark, so that Excel shows Chinese. Names ending in"
        " _en, _tc, _sc are the three languages. A text that a spreadsheet would take for a formula"
        " begins with an apostrophe.",
        "CSV 檔案採用 UTF-8 編碼並附位元組順序標記，Excel 可正確顯示中文。名稱以 _en、_tc、"
        "_sc 結尾的"
        "欄為三種語言。試算表會視為公式的文字，前面加有撇號。",
        "CSV 文件采用 UTF-8 编码并附字节顺序标记，Excel 可正确显示中文。名称以 _en、_tc、_sc 结尾的"
        "列为三种语言。电子表格会视为公式的文字，前面加有撇号。",
    ),
    "data.files-times": text(
        "Times are UTC (ISO 8601). as_of tells to when a file is true. lon and lat are WGS84; of a"
        " line or an area the middle of its box, and the GeoJSON has all of it.",
        "時間為世界協調時間（ISO 8601）。as_of 為檔案內容的截至時間。lon 及 lat 為 WGS84 座標；"
        "線或範圍只取其外框中心，完整形狀載於 GeoJSON。",
        "时间为世界协调时间（ISO 8601）。as_of 为文件内容的截至时间。lon 及 lat 为 WGS84 坐标；"
        "线或范围只取其外框中心，完整形状载于 GeoJSON。",
    ),
    "data.files-empty": text(
        "An empty table does not mean that there is nothing: look at known_at and stale of its"
        " sources (sources.csv, or feeds in the GeoJSON) first.",
        "表格空白不等於沒有情況：請先查看其來源的 known_at 及 stale（載於 sources.csv 或 GeoJSON "
        "的 feeds）。",
        "表格空白不等于没有情况：请先查看其来源的 known_at 及 stale（载于 sources.csv 或 GeoJSON "
        "的 feeds）。",
    ),
    "data.files-ended": text(
        "What has ended_at is over or was withdrawn; it stays for a while so that nobody misses"
        " it.",
        "載有 ended_at 的項目已結束或撤回，會保留一段時間以免遺漏。",
        "载有 ended_at 的项目已结束或撤回，会保留一段时间以免遗漏。",
    ),
    "data.schema": text(
        "JSON Schema of every JSON file",
        "所有 JSON 檔案的 JSON Schema",
        "所有 JSON 文件的 JSON Schema",
    ),
    # Live
    "data.h-live": text("Follow it live", "實時跟進", "实时跟进"),
    "data.live": text(
        "One small file, {pointer}, is renewed every few seconds. It names the newest whole picture"
        " and the changes since. Those files never change under their names: keep them as long as"
        " you like.",
        "細小的 {pointer} 每數秒更新一次，指出最新的完整資料及其後的變更。"
        "這些檔案名稱不變則內容不變，可長期保存。",
        "细小的 {pointer} 每数秒更新一次，指出最新的完整资料及其后的变更。"
        "这些文件名称不变则内容不变，可长期保存。",
    ),
    "data.live-example": text("An example in JavaScript", "JavaScript 例子", "JavaScript 例子"),
    "data.live-often": text(
        "Ask for the pointer at most every 5 seconds, for tables and feeds at most once a minute."
        " Send If-None-Match with the last ETag, and keep what Cache-Control allows: then a surge"
        " of readers costs nobody anything. There is no other limit.",
        "請勿每 5 秒多於一次查詢該檔案；表格及訂閱請勿每分鐘多於一次。請以 If-None-Match 附上上次的"
        " ETag，並按 Cache-Control 快取。除此之外沒有限制。",
        "请勿每 5 秒多于一次查询该文件；表格及订阅请勿每分钟多于一次。请以 If-None-Match 附上上次的"
        " ETag，并按 Cache-Control 缓存。除此之外没有限制。",
    ),
    "data.live-age": text(
        "If made_at is more than two minutes old, the picture is not being renewed: show its age.",
        "如 made_at 已超過兩分鐘，表示資料未有更新：請顯示其時間。",
        "如 made_at 已超过两分钟，表示资料未有更新：请显示其时间。",
    ),
    # Feeds
    "data.h-feeds": text("Subscribe to a district", "訂閱地區消息", "订阅地区消息"),
    "data.feeds": text(
        "Warnings, confirmed dangers and closed roads, for feed readers. Warnings for the whole"
        " city"
        " are in every district's feed. What is known to be nowhere in particular is only in the"
        " feed of the whole of Hong Kong. Polls without news make no entry; a new signal, a"
        " correction and an end each make one.",
        "供訂閱軟件使用，包括警告、經核實的災害及封路。全港警告載於每一區的訂閱；"
        "地區不詳的項目只載於全港訂閱。"
        "沒有新消息時不會新增條目；新信號、更正及結束各為一則。",
        "供订阅软件使用，包括警告、经核实的灾害及封路。全港警告载于每一区的订阅；"
        "地区不详的项目只载于全港订阅。"
        "没有新消息时不会新增条目；新信号、更正及结束各为一则。",
    ),
    "data.feed-of": text("{where}, {format}", "{where}，{format}", "{where}，{format}"),
    # Widget
    "data.h-widget": text("Put it on your own page", "放到你的網頁", "放到你的网页"),
    "data.widget": text(
        "Copy this to show the warnings in force. It sets no cookie and knows nothing of your"
        " readers. The sandbox keeps it from doing anything else on your page.",
        "複製以下代碼，即可顯示現正生效的警告。它不使用 Cookie，亦不知道你的讀者是誰；"
        "sandbox 使它不能在"
        "你的網頁做其他事情。",
        "复制以下代码，即可显示现正生效的警告。它不使用 Cookie，亦不知道你的读者是谁；"
        "sandbox 使它不能在"
        "你的网页做其他事情。",
    ),
    "data.widget-district": text(
        "For one district, put its name after embed/, for example {example}.",
        "如只顯示一區，請在 embed/ 後加上地區名稱，例如 {example}。",
        "如只显示一区，请在 embed/ 后加上地区名称，例如 {example}。",
    ),
    "data.widget-code": text("Code to copy", "可複製的代碼", "可复制的代码"),
    "data.widget-see": text("See the widget", "查看小工具", "查看小工具"),
    # Terms
    "data.h-terms": text("Terms", "使用條款", "使用条款"),
    "data.terms": text(
        "Each fact stays under the terms of the publisher named with it. Name that publisher where"
        " you show it, with the time, and do not suggest that they endorse you.",
        "每項資料均受所列發布機構的條款約束。展示時請註明發布機構及時間，並不得暗示獲其認可。",
        "每项资料均受所列发布机构的条款约束。展示时请注明发布机构及时间，并不得暗示获其认可。",
    ),
    "data.terms-own": text(
        "What the emergency services have verified, and how we put all of it together, you may pass"
        " on in the same way: name the Hong Kong hazard map and the time, and mark what you"
        " changed.",
        "經應急部門核實的資料及本平台的整理，可按同樣方式轉載：請註明「香港災害地圖」及時間，"
        "並標明你所作的更改。",
        "经应急部门核实的资料及本平台的整理，可按同样方式转载：请注明“香港灾害地图”及时间，"
        "并标明你所作的更改。",
    ),
    "data.col-source": text("Source", "來源", "来源"),
    "data.col-terms": text("Terms, and words to show", "條款及須註明的字句", "条款及须注明的字句"),
    # Never
    "data.h-never": text("What is never published", "從不公布的資料", "从不公布的资料"),
    "data.never": text(
        "Names, numbers or words of people; where responders are and what they are told; reports"
        " that nobody has verified; people in need of rescue; drills. The place of a confirmed"
        " danger is given to about 100 metres, some minutes after it was confirmed.",
        "任何人的姓名、電話或說話；救援人員的位置及指令；未經核實的報告；待救人士；演習。"
        "經核實的災害只提供約 100 米範圍的位置，並在核實數分鐘後公布。",
        "任何人的姓名、电话或说话；救援人员的位置及指令；未经核实的报告；待救人士；演习。"
        "经核实的灾害只提供约 100 米范围的位置，并在核实数分钟后公布。",
    ),
    "data.never-drill": text(
        "This site is running an exercise, so that everything here is marked as one.",
        "本網站現正進行演習，所有內容均標明為演習。",
        "本网站现正进行演习，所有内容均标明为演习。",
    ),
    # Errors
    "data.h-wrong": text("Something is wrong?", "發現錯誤？", "发现错误？"),
    "data.wrong": text(
        "Tell the publisher named with the fact: we show a correction as soon as they make it, and"
        " mark it as one.",
        "請通知該項資料所列的發布機構：他們一經更正，我們便會顯示並標明。",
        "请通知该项资料所列的发布机构：他们一经更正，我们便会显示并标明。",
    ),
    "data.wrong-us": text(
        "For what is ours, write to {contact}.",
        "如屬本平台的錯誤，請聯絡 {contact}。",
        "如属本平台的错误，请联络 {contact}。",
    ),
}
