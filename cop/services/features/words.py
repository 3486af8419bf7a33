"""What the collections are called and what stands under all of them, in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cop.model.entity import Kind
from cop.model.text import Text, text
from cop.services.features.sheet import Shape

SERVICE: Final[Text] = text(
    "Common Operational Picture: Hong Kong", "聯合運作平台：香港", "联合运作平台：香港"
)
SERVICE_EXERCISE: Final[Text] = text(
    "EXERCISE: Common Operational Picture: Hong Kong",
    "演習：聯合運作平台：香港",
    "演习：联合运作平台：香港",
)
ABOUT: Final[Text] = text(
    "Warnings, hazards, incidents, measurements, roads, shelters and what else is on the picture"
    " now, as the reader may see it.",
    "實況圖上現有的警告、災害、事故、監測數據、道路、庇護中心等資料，按讀者權限提供。",
    "实况图上现有的警告、灾害、事故、监测数据、道路、庇护中心等资料，按读者权限提供。",
)
TERMS: Final[Text] = text(
    "Facts come from the publishers named here and stay under their terms.",
    "資料由所列發布機構提供，並受其使用條款約束。",
    "资料由所列发布机构提供，并受其使用条款约束。",
)
INSIDE: Final[Text] = text(
    "For those who respond only: not to be passed on.",
    "僅供應變人員使用，不得轉發。",
    "仅供应变人员使用，不得转发。",
)

SHAPES: Final[Mapping[Shape, Text]] = {
    Shape.POINTS: text("points", "點", "点"),
    Shape.LINES: text("lines", "線", "线"),
    Shape.AREAS: text("areas", "範圍", "范围"),
}
PART: Final[Text] = text("{title}: {shape}", "{title}：{shape}", "{title}：{shape}")
ONLY: Final[Text] = text(
    "Only what is drawn so; for programs that draw one sort of shape in a layer.",
    "只包含此圖形類別，供每個圖層只顯示一種圖形的程式使用。",
    "只包含此图形类别，供每个图层只显示一种图形的程序使用。",
)

TITLES: Final[Mapping[Kind, Text]] = {
    Kind.ALERT: text("Warnings", "警告", "警告"),
    Kind.ASSIGNMENT: text("Assignments", "任務", "任务"),
    Kind.ATTENTION: text("Matters for attention", "待處理事項", "待处理事项"),
    Kind.CAMERA: text("Cameras", "攝影機", "摄像机"),
    Kind.DRAFT: text("Alerts in preparation", "草擬中的警報", "草拟中的警报"),
    Kind.FACILITY: text("Facilities", "設施", "设施"),
    Kind.FEED_STATUS: text("State of the sources", "資料來源狀況", "数据来源状况"),
    Kind.FUSION: text("Reports of one thing", "同一事故的報告", "同一事故的报告"),
    Kind.HAZARD: text("Hazards", "災害", "灾害"),
    Kind.INCIDENT: text("Incidents", "事故", "事故"),
    Kind.LAYER: text("Layers of others", "其他機構的圖層", "其他机构的图层"),
    Kind.MESSAGE: text("Messages with partners", "與夥伴機構的訊息", "与伙伴机构的消息"),
    Kind.NEED: text("Needs", "物資及人手需求", "物资及人手需求"),
    Kind.NOTE: text("Notes and forecasts", "備註及預報", "备注及预报"),
    Kind.OBSERVATION: text("Observations", "監測數據", "监测数据"),
    Kind.ORDER: text("Orders", "指令", "指令"),
    Kind.PARTNER: text("Partners", "夥伴機構", "伙伴机构"),
    Kind.POSITION: text("Live positions", "實時位置", "实时位置"),
    Kind.RECEIPT: text("Receipts", "回覆", "回执"),
    Kind.RESOURCE: text("Resources", "人員及資源", "人员及资源"),
    Kind.ROAD: text("Roads", "道路", "道路"),
}

DESCRIPTIONS: Final[Mapping[Kind, Text]] = {
    Kind.ALERT: text(
        "Warning messages by an authority that are in force: weather, tsunami, air and other.",
        "主管機構現正生效的警告：天氣、海嘯、空氣質素等。",
        "主管机构现正生效的警告：天气、海啸、空气质量等。",
    ),
    Kind.ASSIGNMENT: text(
        "Tasks that were given to teams, vehicles and equipment, with the time of each step.",
        "派給隊伍、車輛及裝備的任務，附各步驟時間。",
        "派给队伍、车辆及装备的任务，附各步骤时间。",
    ),
    Kind.ATTENTION: text(
        "What a person has to look at, with the reason.",
        "需要處理的事項及原因。",
        "需要处理的事项及原因。",
    ),
    Kind.CAMERA: text(
        "Where cameras stand and what state they are in.",
        "攝影機的位置及狀況。",
        "摄像机的位置及状况。",
    ),
    Kind.DRAFT: text(
        "Alerts of our own that are not released yet.",
        "本平台尚未發布的警報。",
        "本平台尚未发布的警报。",
    ),
    Kind.FACILITY: text(
        "Shelters, hospitals, first-aid posts, stations and control points: state and counts.",
        "庇護中心、醫院、急救站、車站及口岸的狀況及人數。",
        "庇护中心、医院、急救站、车站及口岸的状况及人数。",
    ),
    Kind.FEED_STATUS: text(
        "How each source does: when it was last read, and under which terms it is.",
        "各資料來源的狀況：上次讀取時間及使用條款。",
        "各数据来源的状况：上次读取时间及使用条款。",
    ),
    Kind.FUSION: text(
        "Which reports are of one thing, or seem to be.",
        "屬於或疑似屬於同一事故的報告。",
        "属于或疑似属于同一事故的报告。",
    ),
    Kind.HAZARD: text(
        "Phenomena and their footprint: cyclones, tracks, rain fields, earthquakes.",
        "災害現象及其範圍：熱帶氣旋、路徑、雨區、地震。",
        "灾害现象及其范围：热带气旋、路径、雨区、地震。",
    ),
    Kind.INCIDENT: text(
        "Occurrences that someone manages, with their type, state and place.",
        "正在處理的事故，包括類型、狀況及位置。",
        "正在处理的事故，包括类型、状况及位置。",
    ),
    Kind.LAYER: text(
        "Layers of somebody else's that are shown on the map: age, terms and attribution.",
        "地圖上其他機構的圖層：時效、條款及出處。",
        "地图上其他机构的图层：时效、条款及出处。",
    ),
    Kind.MESSAGE: text(
        "Messages from and to partners, and what was done about each.",
        "與夥伴機構往來的訊息及處理情況。",
        "与伙伴机构往来的消息及处理情况。",
    ),
    Kind.NEED: text(
        "What incidents and facilities ask for, and how much of it has come.",
        "事故及設施所需的物資及人手，以及已到數量。",
        "事故及设施所需的物资及人手，以及已到数量。",
    ),
    Kind.NOTE: text(
        "Forecasts, news and notices by publishers; remarks and drawings by people.",
        "發布機構的預報、新聞及通告；人員的備註及繪圖。",
        "发布机构的预报、新闻及通告；人员的备注及绘图。",
    ),
    Kind.OBSERVATION: text(
        "Measured values at a place and time: rain, wind, tide, air, traffic, crowds.",
        "某時某地的量度值：雨量、風、潮汐、空氣、交通、人流。",
        "某时某地的量度值：雨量、风、潮汐、空气、交通、人流。",
    ),
    Kind.ORDER: text(
        "Instructions from command to many.", "指揮部發出的指令。", "指挥部发出的指令。"
    ),
    Kind.PARTNER: text(
        "Authorities and bodies that things are exchanged with, and how the line to each is.",
        "交換資料的機構及聯繫狀況。",
        "交换数据的机构及联系状况。",
    ),
    Kind.POSITION: text(
        "Where teams and vehicles are now, as they share it themselves.",
        "隊伍及車輛自行分享的現時位置。",
        "队伍及车辆自行分享的当前位置。",
    ),
    Kind.RECEIPT: text(
        "How far an order or assignment has come with each recipient.",
        "每名收件人對指令或任務的回覆情況。",
        "每名收件人对指令或任务的回执情况。",
    ),
    Kind.RESOURCE: text(
        "Teams, vehicles and equipment that can be sent.",
        "可調派的隊伍、車輛及裝備。",
        "可调派的队伍、车辆及装备。",
    ),
    Kind.ROAD: text(
        "Road segments and places on roads: closed, restricted, their speed.",
        "路段及道路位置：封閉、受限、車速。",
        "路段及道路位置：封闭、受限、车速。",
    ),
}
