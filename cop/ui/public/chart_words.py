"""Every word of the charts that is not a publisher's, in the three languages."""

from __future__ import annotations

import html
from typing import Final

from cop.model.text import Lang, Text, text

CHART_WORDS: Final[dict[str, Text]] = {
    "numbers": text("The numbers", "數字", "数字"),
    "none": text("no information", "沒有資料", "没有资料"),
    "not-known": text("not known", "未知", "未知"),
    "m": text("m", "米", "米"),
    "list": {"en": ", ", "zh-Hant": "、", "zh-Hans": "、"},  # `text` would trim it
    "checked": text("Checked {time}.", "{time} 檢查。", "{time} 检查。"),
    "stale": text(
        "Old: last known {time}, {ago}. It may have changed.",
        "資料已舊：最後所知為 {time}（{ago}），情況可能已有變化。",
        "资料已旧：最后所知为 {time}（{ago}），情况可能已有变化。",
    ),
    # Rain
    "rain.title": text(
        "Rain of the past hour, by district", "過去一小時各區雨量", "过去一小时各区雨量"
    ),
    "rain.when": text(
        "Measured {from} to {to}, {ago}.",
        "{from} 至 {to} 量度（{ago}）。",
        "{from} 至 {to} 量度（{ago}）。",
    ),
    "rain.at": text(
        "Measured up to {to}, {ago}.", "量度至 {to}（{ago}）。", "量度至 {to}（{ago}）。"
    ),
    "rain.unknown": text(
        "How much rain fell in the districts is not known.",
        "未知各區下了多少雨。",
        "未知各区下了多少雨。",
    ),
    "rain.dry": text(
        "No rain was measured in the past hour.",
        "過去一小時沒有錄得雨量。",
        "过去一小时没有录得雨量。",
    ),
    "rain.axis": text("mm in an hour", "每小時毫米", "每小时毫米"),
    "rain.desc": text(
        "Bars, the wettest district first. Most rain: {most} mm in {district}. {unknown} of 18"
        " districts have no information.",
        "橫條圖，雨量最多的地區在上。最多：{district} {most} 毫米。"
        "18 區中有 {unknown} 區沒有資料。",
        "横条图，雨量最多的地区在上。最多：{district} {most} 毫米。"
        "18 区中有 {unknown} 区没有资料。",
    ),
    "rain.key": text(
        "Dark: the least rain in the district. Striped: up to the most.",
        "深色：區內最少雨量。斜紋：至區內最多雨量。",
        "深色：区内最少雨量。斜纹：至区内最多雨量。",
    ),
    "rain.note": text(
        "The lines are 30, 50 and 70 mm in an hour. Amber, red and black rainstorm signals mean"
        " rain above these amounts over wide areas. One district alone does not make a signal.",
        "直線為每小時 30、50 和 70 毫米。黃色、紅色和黑色暴雨信號，"
        "是指廣泛地區的雨量超過這些數字。單一地區的雨量不等於信號。",
        "直线为每小时 30、50 和 70 毫米。黄色、红色和黑色暴雨信号，"
        "是指广泛地区的雨量超过这些数字。单一地区的雨量不等于信号。",
    ),
    "rain.caption": text(
        "Rain of the past hour in the 18 districts, in millimetres",
        "過去一小時 18 區雨量（毫米）",
        "过去一小时 18 区雨量（毫米）",
    ),
    "rain.district": text("District", "地區", "地区"),
    "rain.least": text("Least", "最少", "最少"),
    "rain.most": text("Most", "最多", "最多"),
    "rain.repair": text("some gauges under repair", "部分雨量計維修中", "部分雨量计维修中"),
    "rain.not-said": text("not given", "沒有提供", "没有提供"),
    # Tide
    "tide.title": text(
        "Sea level now, and the tide expected", "現時海平面及預測潮高", "现时海平面及预测潮高"
    ),
    "tide.when": text("Measured {to}, {ago}.", "{to} 量度（{ago}）。", "{to} 量度（{ago}）。"),
    "tide.unknown": text(
        "How high the sea is now is not known.", "未知現時海平面有多高。", "未知现时海平面有多高。"
    ),
    "tide.desc": text(
        "One bar for each tide gauge, the highest sea level first, in metres above Chart Datum."
        " {unknown} of {all} gauges have no information.",
        "每個潮汐站一條橫條，海平面最高的在上，單位為海圖基準面以上米。"
        "{all} 個潮汐站中有 {unknown} 個沒有資料。",
        "每个潮汐站一条横条，海平面最高的在上，单位为海图基准面以上米。"
        "{all} 个潮汐站中有 {unknown} 个没有资料。",
    ),
    "tide.axis": text("metres above Chart Datum", "海圖基準面以上（米）", "海图基准面以上（米）"),
    "tide.key.level": text("Sea level now", "現時海平面", "现时海平面"),
    "tide.key.now": text("Tide expected for now", "現時預測潮高", "现时预测潮高"),
    "tide.key.top": text(
        "Highest tide expected in the next hours",
        "未來數小時最高預測潮高",
        "未来数小时最高预测潮高",
    ),
    "tide.key.danger": text(
        "3 m at Victoria Harbour: low places may flood",
        "維多利亞港 3 米：低窪地方可能水浸",
        "维多利亚港 3 米：低洼地方可能水浸",
    ),
    "tide.note": text(
        "The Observatory says low places may flood when the sea at Victoria Harbour (Quarry Bay)"
        " reaches about 3 m. At the other gauges the line is only there to compare. The expected"
        " tide does not include storm surge: the gap in brackets shows it.",
        "天文台指出，維多利亞港（鰂魚涌）海平面達約 3 米時，低窪地方可能水浸。"
        "其他潮汐站的虛線只供比較。預測潮高不包括風暴潮，括號內的差距可反映風暴潮。",
        "天文台指出，维多利亚港（鲗鱼涌）海平面达约 3 米时，低洼地方可能水浸。"
        "其他潮汐站的虚线只供比较。预测潮高不包括风暴潮，括号内的差距可反映风暴潮。",
    ),
    "tide.reached": text(
        "The sea at Quarry Bay is at 3 m or more. Low places may flood. Keep away from the shore.",
        "鰂魚涌海平面已達 3 米或以上，低窪地方可能水浸，請遠離岸邊。",
        "鲗鱼涌海平面已达 3 米或以上，低洼地方可能水浸，请远离岸边。",
    ),
    "tide.reached-old": text(
        "When last known, the sea at Quarry Bay was at 3 m or more. Keep away from the shore.",
        "最後所知鰂魚涌海平面達 3 米或以上，請遠離岸邊。",
        "最后所知鲗鱼涌海平面达 3 米或以上，请远离岸边。",
    ),
    "tide.caption": text(
        "Sea: level measured. Tide: expected for then. Gap: sea less tide. Highest: tide expected"
        " in the next hours. All in metres above Chart Datum.",
        "實測：量度的海平面。預測：當時的預測潮高。差距：實測減預測。最高："
        "未來數小時最高預測潮高。全部為海圖基準面以上米。",
        "实测：量度的海平面。预测：当时的预测潮高。差距：实测减预测。最高："
        "未来数小时最高预测潮高。全部为海图基准面以上米。",
    ),
    "tide.gauge": text("Gauge", "潮汐站", "潮汐站"),
    "tide.level": text("Sea", "實測", "实测"),
    "tide.predicted": text("Tide", "預測", "预测"),
    "tide.surge": text("Gap", "差距", "差距"),
    "tide.top": text("Highest", "最高", "最高"),
    "tide.top-at": text("{height} m at {time}", "{height} 米（{time}）", "{height} 米（{time}）"),
    # Timeline
    "line.title": text("Warnings of the last 24 hours", "過去 24 小時的警告", "过去 24 小时的警告"),
    "line.empty": text(
        "No warning was in force in the last 24 hours.",
        "過去 24 小時沒有警告生效。",
        "过去 24 小时没有警告生效。",
    ),
    "line.empty-since": text(
        "No warning was in force since {time}. What was before that is not known.",
        "{time} 起沒有警告生效；之前的情況未知。",
        "{time} 起没有警告生效；之前的情况未知。",
    ),
    "line.unseen": text(
        "Complete since {time}: warnings that ended before that are not shown.",
        "資料由 {time} 起齊全：在此之前已結束的警告並未顯示。",
        "资料由 {time} 起齐全：在此之前已结束的警告并未显示。",
    ),
    "line.unknown": text(
        "Which warnings were in force is not known.",
        "未知有哪些警告曾經生效。",
        "未知有哪些警告曾经生效。",
    ),
    "line.lost": text(
        "Not known since {time}, {ago}: warnings could not be read.",
        "{time}（{ago}）起未能讀取警告，情況未知。",
        "{time}（{ago}）起未能读取警告，情况未知。",
    ),
    "line.now": text("now", "現在", "现在"),
    "line.desc": text(
        "One lane for each kind of warning, time running from left to right. {n} in force now."
        " {ended} ended.",
        "每類警告一行，時間由左至右。現正生效 {n} 個，已結束 {ended} 個。",
        "每类警告一行，时间由左至右。现正生效 {n} 个，已结束 {ended} 个。",
    ),
    "line.since": text("since {time}", "{time} 起生效", "{time} 起生效"),
    "line.several": text("{n} in force", "{n} 個生效", "{n} 个生效"),
    "line.ended": text("ended {time}", "{time} 結束", "{time} 结束"),
    "line.last": text("last known in force", "最後所知仍生效", "最后所知仍生效"),
    "line.key.now": text("Arrow, filled: in force", "實心箭咀：現正生效", "实心箭咀：现正生效"),
    "line.key.ended": text("Outline: ended", "空心：已結束", "空心：已结束"),
    "line.key.height": text("Higher bar: more serious", "愈高愈嚴重", "愈高愈严重"),
    "line.key.veil": text("Hatched: not known", "斜紋：未知", "斜纹：未知"),
    "line.caption": text(
        "Warnings of the last 24 hours, newest first",
        "過去 24 小時的警告，由新至舊",
        "过去 24 小时的警告，由新至旧",
    ),
    "line.warning": text("Warning", "警告", "警告"),
    "line.severity": text("Severity", "嚴重程度", "严重程度"),
    "line.from": text("From", "開始", "开始"),
    "line.to": text("To", "結束", "结束"),
    "line.in-force": text("in force", "現正生效", "现正生效"),
    "line.macao": text("Macao: {name}", "澳門：{name}", "澳门：{name}"),
    "line.near": text("Nearby cities", "鄰近城市", "邻近城市"),
}

FAMILIES: Final[dict[str, Text]] = {
    "tropical_cyclone": text("Tropical cyclone", "熱帶氣旋", "热带气旋"),
    "rainstorm": text("Rainstorm", "暴雨", "暴雨"),
    "landslip": text("Landslip", "山泥傾瀉", "山泥倾泻"),
    "flooding_nnt": text("Flooding, northern N.T.", "新界北部水浸", "新界北部水浸"),
    "storm_surge": text("Storm surge", "風暴潮", "风暴潮"),
    "tsunami": text("Tsunami", "海嘯", "海啸"),
    "thunderstorm": text("Thunderstorm", "雷暴", "雷暴"),
    "monsoon": text("Strong monsoon", "強烈季候風", "强烈季候风"),
    "very_hot": text("Very hot weather", "酷熱天氣", "酷热天气"),
    "heat_stress": text("Heat at work", "工作暑熱", "工作暑热"),
    "cold": text("Cold weather", "寒冷天氣", "寒冷天气"),
    "frost": text("Frost", "霜凍", "霜冻"),
    "fire_danger": text("Fire danger", "火災危險", "火灾危险"),
    "weather_tip": text("Special weather tips", "特別天氣提示", "特别天气提示"),
}
"""Kind of warning to the short name of its lane, in the order of the lanes."""

_COLOURS: Final[dict[str, Text]] = {
    "BLUE": text("Blue", "藍", "蓝"),
    "YELLOW": text("Yellow", "黃", "黄"),
    "AMBER": text("Amber", "黃", "黄"),
    "ORANGE": text("Orange", "橙", "橙"),
    "RED": text("Red", "紅", "红"),
    "BLACK": text("Black", "黑", "黑"),
}

SIGNALS: Final[dict[str, Text]] = {
    "TC1": text("T1", "一號", "一号"),
    "TC3": text("T3", "三號", "三号"),
    "WTCPRE8": text("Pre-8", "預警八號", "预警八号"),
    "TC8": text("T8", "八號", "八号"),
    "TC8NE": text("T8 NE", "八號東北", "八号东北"),
    "TC8SE": text("T8 SE", "八號東南", "八号东南"),
    "TC8SW": text("T8 SW", "八號西南", "八号西南"),
    "TC8NW": text("T8 NW", "八號西北", "八号西北"),
    "TC9": text("T9", "九號", "九号"),
    "TC10": text("T10", "十號", "十号"),
    "WRAINA": _COLOURS["AMBER"],
    "WRAINR": _COLOURS["RED"],
    "WRAINB": _COLOURS["BLACK"],
    "WFIREY": _COLOURS["YELLOW"],
    "WFIRER": _COLOURS["RED"],
    "MO-1": text("T1", "一號", "一号"),
    "MO-3": text("T3", "三號", "三号"),
    "MO-8": text("T8", "八號", "八号"),
    "MO-9": text("T9", "九號", "九号"),
    "MO-10": text("T10", "十號", "十号"),
    **_COLOURS,
    **{f"MO-{code}": colour for code, colour in _COLOURS.items()},
}
"""Level in force to the shortest word for it; families of one level need none."""


def plain(key: str, lang: Lang, **values: object) -> str:
    """Give the words of *key* in *lang* as text, with *values* put in."""
    return CHART_WORDS[key][lang].format(**values)


def word(key: str, lang: Lang, **values: object) -> str:
    """Give the words of *key* in *lang* as markup; *values* are markup."""
    return html.escape(CHART_WORDS[key][lang]).format(**values)
