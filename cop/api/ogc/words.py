"""Every sentence of the pages below /ogc, in three languages."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

START: Final[Text] = text("Start", "首頁", "首页")
COLLECTIONS: Final[Text] = text("Collections", "資料集", "数据集")
CONFORMANCE: Final[Text] = text(
    "What this service conforms to", "本服務符合的標準", "本服务符合的标准"
)
API: Final[Text] = text("API description", "API 說明", "API 说明")
API_HELP: Final[Text] = text(
    "Each address answers programs and people: f=json or f=html, or by the Accept header.",
    "每個網址均可供程式或人員使用：以 f=json、f=html 或 Accept 標頭選擇格式。",
    "每个网址均可供程序或人员使用：以 f=json、f=html 或 Accept 标头选择格式。",
)
ITEMS: Final[Text] = text("What is in it", "內容", "内容")
QUERYABLES: Final[Text] = text("What can be asked for", "可查詢的屬性", "可查询的属性")
SCHEMA: Final[Text] = text("Its properties", "屬性", "属性")
AS_JSON: Final[Text] = text("For programs (JSON)", "程式格式（JSON）", "程序格式（JSON）")
AS_PAGE: Final[Text] = text("As a page", "網頁格式", "网页格式")
NEXT: Final[Text] = text("Next page", "下一頁", "下一页")
PREV: Final[Text] = text("Previous page", "上一頁", "上一页")
PAGES: Final[Text] = text("Pages", "頁", "页")
WHERE: Final[Text] = text("You are here", "目前位置", "当前位置")
SHOWN: Final[Text] = text(
    "{returned} of {matched} shown",
    "顯示 {matched} 項中的 {returned} 項",
    "显示 {matched} 项中的 {returned} 项",
)
NOTHING: Final[Text] = text("There is nothing in it now.", "目前沒有內容。", "目前没有内容。")
AS_OF: Final[Text] = text(
    "As of {time} UTC", "截至 {time}（協調世界時）", "截至 {time}（协调世界时）"
)
TERMS: Final[Text] = text("Terms", "使用條款", "使用条款")
ATTRIBUTION: Final[Text] = text("Attribution", "出處", "出处")
PROPERTY: Final[Text] = text("Property", "屬性", "属性")
TYPE: Final[Text] = text("Type", "類型", "类型")
VALUE: Final[Text] = text("Value", "值", "值")
PLACE: Final[Text] = text("Place", "位置", "位置")
ADDRESS: Final[Text] = text("Address", "網址", "网址")
SUMMARY: Final[Text] = text("What it gives", "內容", "内容")
COORDINATES: Final[Text] = text("Coordinate systems", "坐標系統", "坐标系统")
EXTENT: Final[Text] = text("Extent", "範圍", "范围")
EARTH: Final[Text] = text(
    "west {0}, south {1}, east {2}, north {3}",
    "西 {0}、南 {1}、東 {2}、北 {3}",
    "西 {0}、南 {1}、东 {2}、北 {3}",
)
