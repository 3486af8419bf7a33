"""Words for the codes of incidents: types, ways of reporting, confidence, steps as verbs."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

_TABLES: Final[dict[str, dict[str, Text]]] = {
    "incident": {
        "flooding": text("Flooding", "水浸", "水浸"),
        "landslide": text("Landslide", "山泥傾瀉", "山泥倾泻"),
        "fallen_tree": text("Fallen tree", "塌樹", "塌树"),
        "road_blockage": text("Road blocked", "道路受阻", "道路受阻"),
        "structural": text("Structure", "結構受損", "结构受损"),
        "lift_entrapment": text("Stuck in lift", "困升降機", "困升降机"),
        "fire": text("Fire", "火警", "火警"),
        "power_failure": text("Power failure", "停電", "停电"),
        "water_supply": text("Water supply", "食水供應", "食水供应"),
        "rescue": text("Rescue", "拯救", "拯救"),
        "crowd": text("Crowd", "人群", "人群"),
        "traffic_accident": text("Traffic accident", "交通意外", "交通意外"),
        "transport_disruption": text("Transport", "交通受阻", "交通受阻"),
        "other": text("Other", "其他", "其他"),
    },
    "by": {
        "phone": text("Telephone", "電話", "电话"),
        "radio": text("Radio", "無線電", "无线电"),
        "field": text("Field staff", "前線人員", "前线人员"),
        "camera": text("Camera", "攝影機", "摄影机"),
        "public": text("The public", "市民", "市民"),
        "agency": text("Another agency", "其他部門", "其他部门"),
        "feed": text("Feed", "資料來源", "资料来源"),
    },
    "confidence": {
        "low": text("Low confidence", "可信程度低", "可信程度低"),
        "medium": text("Medium confidence", "可信程度中", "可信程度中"),
        "high": text("High confidence", "可信程度高", "可信程度高"),
        "unsaid": text("Not said", "未說明", "未说明"),
    },
    "casualties": {
        "dead": text("Dead", "死亡", "死亡"),
        "serious": text("Serious", "重傷", "重伤"),
        "minor": text("Minor", "輕傷", "轻伤"),
        "missing": text("Missing", "失蹤", "失踪"),
        "trapped": text("Trapped", "被困", "被困"),
    },
    "methane": {
        "major": text("Major incident", "重大事故", "重大事故"),
        "location": text("Exact location", "確實位置", "确实位置"),
        "hazards": text("Hazards", "危險", "危险"),
        "access": text("Access and rendezvous", "進出路線及集合點", "进出路线及集合点"),
        "services": text("Services there and asked for", "已到及要求的部門", "已到及要求的部门"),
    },
    "major": {
        "no": text("No", "否", "否"),
        "standby": text("Standby", "戒備", "戒备"),
        "declared": text("Declared", "已宣布", "已宣布"),
    },
    "verb": {
        "verified": text("Verify", "核實", "核实"),
        "responding": text("Respond", "開始處理", "开始处理"),
        "contained": text("Contain", "受控", "受控"),
        "closed": text("Close", "結束", "结束"),
        "rejected": text("Reject", "不成立", "不成立"),
        "reopen": text("Reopen", "重開", "重开"),
        "again": text("Back to responding", "重新處理", "重新处理"),
    },
    "verbask": {
        "rejected": text("Reject this report?", "定為不成立？", "定为不成立？"),
        "reopen": text("Reopen this incident?", "重開此事故？", "重开此事故？"),
    },
    "what": {
        "grid": text("Grid reference", "網格座標", "网格坐标"),
        "landmark": text("Place", "地點", "地点"),
        "road": text("Road", "道路", "道路"),
        "camera": text("Camera", "攝影機", "摄影机"),
        "facility": text("Facility", "設施", "设施"),
        "district": text("District", "地區", "地区"),
        "coordinates": text("Coordinates", "經緯度", "经纬度"),
    },
}

INCIDENT_TERMS: Final[dict[str, Text]] = {
    f"{prefix}.{code}": words for prefix, table in _TABLES.items() for code, words in table.items()
}
