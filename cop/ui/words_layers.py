"""Words of the layers of others: their list, their age, adding one, taking one away."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

LAYERS: Final[dict[str, Text]] = {
    "others": text("Layers of others", "外部圖層", "外部图层"),
    "others.intro": text(
        "Shown as their publishers give them. They are no part of the picture.",
        "按發布者提供的內容顯示，不屬於本平台的資料。",
        "按发布者提供的内容显示，不属于本平台的资料。",
    ),
    "others.none": text("There is no layer of others.", "沒有外部圖層。", "没有外部图层。"),
    "others.by": text("Source: {words}", "資料來源：{words}", "资料来源：{words}"),
    "others.licence": text("Terms: {words}", "使用條款：{words}", "使用条款：{words}"),
    "others.content": text("changed {time}", "{time} 更新", "{time} 更新"),
    "others.cut": text("only the first {n} are shown", "只顯示首 {n} 項", "只显示首 {n} 项"),
    "others.live": text("✓ fetched {age} ago", "✓ {age}前擷取", "✓ {age}前撷取"),
    "others.pictures": text("✓ answered {age} ago", "✓ {age}前有回應", "✓ {age}前有回应"),
    "others.failing": text(
        "✗ last try failed; fetched {age} ago",
        "✗ 上次擷取失敗；{age}前擷取",
        "✗ 上次撷取失败；{age}前撷取",
    ),
    "others.stale": text(
        "△ old: last known {time}", "△ 過時：最後所知 {time}", "△ 过时：最后所知 {time}"
    ),
    "others.never": text("? not fetched yet", "? 尚未擷取", "? 尚未撷取"),
    "others.never-failed": text(
        "✗ no information: it could not be fetched",
        "✗ 沒有資料：未能擷取",
        "✗ 没有资料：未能撷取",
    ),
    "others.asking": text("being fetched…", "正在擷取…", "正在撷取…"),
    "others.loading": text("loading…", "正在載入…", "正在载入…"),
    "others.not-loaded": text(
        "✗ could not be loaded: switch it off and on to try again",
        "✗ 未能載入：請關閉後再開啟",
        "✗ 未能载入：请关闭后再打开",
    ),
    "others.no-pictures": text(
        "✗ some pictures of it cannot be had now",
        "✗ 部分圖像現時未能取得",
        "✗ 部分图像现时未能取得",
    ),
    "others.old-mark": text("old", "過時", "过时"),
    "others.look": text("Look through…", "瀏覽內容…", "浏览内容…"),
    "others.look-title": text("In {layer}", "{layer} 的內容", "{layer} 的内容"),
    "others.find": text("Find in its words", "搜尋內容", "搜寻内容"),
    "others.found": text("{n} of {all}", "{all} 項中的 {n} 項", "{all} 项中的 {n} 项"),
    "others.fetch": text("Fetch now", "立即擷取", "立即撷取"),
    "others.did-fetch": text("It is fetched now", "正在擷取", "正在撷取"),
    "others.remove": text("Take away…", "移除…", "移除…"),
    "others.remove-title": text(
        "Take this layer away for everybody?", "為所有人移除此圖層？", "为所有人移除此图层？"
    ),
    "others.remove-verb": text("Take away", "移除", "移除"),
    "others.did-remove": text("Layer taken away", "已移除圖層", "已移除图层"),
    "others.add": text("Add a layer for everybody…", "為所有人加入圖層…", "为所有人加入图层…"),
    "others.add-title": text("Add a layer of somebody else's", "加入外部圖層", "加入外部图层"),
    "others.add-intro": text(
        "Everybody here can then switch it on. Addresses at: {hosts}",
        "加入後所有使用者均可開啟。可用的網址：{hosts}",
        "加入后所有使用者均可打开。可用的网址：{hosts}",
    ),
    "others.add-none": text(
        "none yet: ask whoever runs this system", "未有，請聯絡系統管理員", "未有，请联络系统管理员"
    ),
    "others.add-verb": text("Add", "加入", "加入"),
    "others.did-add": text("Layer added", "已加入圖層", "已加入图层"),
    "others.service": text("Kind of service", "服務類型", "服务类型"),
    "others.address": text("Address", "網址", "网址"),
    "others.address-hint": text("Begins with https://", "以 https:// 開始", "以 https:// 开始"),
    "others.name": text("Which layer of it", "圖層名稱", "图层名称"),
    "others.title": text("What it is called here", "在此顯示的名稱", "在此显示的名称"),
    "others.attribution": text("Who must be named", "須註明的資料來源", "须注明的资料来源"),
    "others.licence-field": text(
        "Terms (may be left out)", "使用條款（可留空）", "使用条款（可留空）"
    ),
    "others.every": text("Fetch it every", "擷取間隔", "撷取间隔"),
    "others.every-300": text("5 minutes", "5 分鐘", "5 分钟"),
    "others.every-3600": text("hour", "1 小時", "1 小时"),
    "others.every-86400": text("day", "1 日", "1 日"),
    "service.arcgis": text("ArcGIS FeatureServer", "ArcGIS FeatureServer", "ArcGIS FeatureServer"),
    "service.geojson": text("GeoJSON document", "GeoJSON 檔案", "GeoJSON 文件"),
    "service.ogc": text("OGC API - Features", "OGC API - Features", "OGC API - Features"),
    "service.wfs": text("WFS", "WFS", "WFS"),
    "service.wms": text("WMS (pictures)", "WMS（圖像）", "WMS（图像）"),
    "names.arcgis": text("Its number, for example 0", "編號，例如 0", "编号，例如 0"),
    "names.geojson": text("Not needed", "不需填寫", "不需填写"),
    "names.ogc": text(
        "The collection’s id", "集合（collection）的識別碼", "集合（collection）的识别码"
    ),
    "names.wfs": text("The type’s name", "類型（type）名稱", "类型（type）名称"),
    "names.wms": text(
        "Its name; several with commas", "圖層名稱，可用逗號分隔多個", "图层名称，可用逗号分隔多个"
    ),
    "action.add_layer": text(
        "Add or take away a layer of others", "加入或移除外部圖層", "加入或移除外部图层"
    ),
    "problem.layer-known": text(
        "This layer is here already.", "此圖層已經存在。", "此图层已经存在。"
    ),
    "problem.layer-not-played": text(
        "An exercise asks nobody outside: this layer stays empty unless the exercise has it.",
        "演習不會連接外界：除非演習備有此圖層的資料，否則不會有內容。",
        "演习不会连接外界：除非演习备有此图层的资料，否则不会有内容。",
    ),
    "problem.layer-set-up": text(
        "This layer is set up with the system: only whoever runs it can take it away.",
        "此圖層由系統設定，只有系統管理員可以移除。",
        "此图层由系统设定，只有系统管理员可以移除。",
    ),
    "problem.too-many-layers": text(
        "There are too many layers of others: take one away first.",
        "外部圖層數目已達上限，請先移除一個。",
        "外部图层数目已达上限，请先移除一个。",
    ),
}
