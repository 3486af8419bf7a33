"""Words for the codes of the model: statuses, causes, measures, placings."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text
from cop.services.exports.words import SEVERITIES

_STATUS: Final[dict[str, Text]] = {
    "reported": text("Reported", "已報告", "已报告"),
    "verified": text("Verified", "已核實", "已核实"),
    "responding": text("Responding", "處理中", "处理中"),
    "contained": text("Contained", "受控", "受控"),
    "closed": text("Closed", "關閉", "关闭"),
    "rejected": text("Rejected", "不成立", "不成立"),
    "merged": text("Merged", "已合併", "已合并"),
    "open": text("Open", "開放", "开放"),
    "full": text("Full", "已滿", "已满"),
    "limited": text("Limited", "有限度", "有限度"),
    "standby": text("Standby", "候命", "候命"),
    "restricted": text("Restricted", "部分封閉", "部分封闭"),
    "slow": text("Slow", "緩慢", "缓慢"),
    "normal": text("Normal", "正常", "正常"),
    "works": text("Works", "工程", "工程"),
    "reopened": text("Reopened", "重開", "重开"),
    "available": text("Available", "可調派", "可调派"),
    "assigned": text("Assigned", "已指派", "已指派"),
    "resting": text("Resting", "休息中", "休息中"),
    "out_of_service": text("Out of service", "暫停服務", "暂停服务"),
    "proposed": text("Proposed", "建議", "建议"),
    "delivered": text("Delivered", "已送達", "已送达"),
    "acknowledged": text("Acknowledged", "已確認", "已确认"),
    "en_route": text("En route", "途中", "途中"),
    "on_scene": text("On scene", "已到場", "已到场"),
    "completed": text("Completed", "完成", "完成"),
    "declined": text("Declined", "已拒絕", "已拒绝"),
    "stood_down": text("Stood down", "已撤回", "已撤回"),
    "part": text("Partly met", "部分滿足", "部分满足"),
    "fulfilled": text("Met", "已滿足", "已满足"),
    "cancelled": text("Cancelled", "已取消", "已取消"),
    "confirmed": text("Confirmed", "已證實", "已证实"),
    "split": text("Split", "已分開", "已分开"),
    "unknown": text("Status not known", "狀況不詳", "状况不详"),
    # In the words of one kind, where the common word would mislead
    "incident.closed": text("Closed", "已結束", "已结束"),
    "need.open": text("Not met yet", "未滿足", "未满足"),
    "road.closed": text("Closed", "封閉", "封闭"),
    "road.open": text("Open", "通車", "通车"),
}
_SEVERITY: Final[dict[str, Text]] = {
    **SEVERITIES,
    "Unknown": text("Not known", "不詳", "不详"),
}
_CAUSE: Final[dict[str, Text]] = {
    "flooding": text("Flooding", "水浸", "水浸"),
    "accident": text("Accident", "交通意外", "交通意外"),
    "fallen_tree": text("Fallen tree", "塌樹", "塌树"),
    "landslide": text("Landslide", "山泥傾瀉", "山泥倾泻"),
    "works": text("Works", "工程", "工程"),
    "breakdown": text("Breakdown", "壞車", "坏车"),
    "fire": text("Fire", "火警", "火警"),
    "event": text("Event", "活動", "活动"),
    "congestion": text("Congestion", "擠塞", "挤塞"),
    "other": text("Other", "其他", "其他"),
}
_PLACING: Final[dict[str, Text]] = {
    "given": text("Given by the publisher", "發布機構提供", "发布机构提供"),
    "station": text("Site of the station", "測站位置", "测站位置"),
    "landmark": text("A place named in the words", "文字提及的地點", "文字提及的地点"),
    "road": text("Somewhere on the road named", "文字提及的道路某處", "文字提及的道路某处"),
    "district": text("Only the district is known", "只知地區", "只知地区"),
    "region": text("The whole region", "整個區域", "整个区域"),
    "unplaced": text("Not on the map", "未能在地圖上顯示", "未能在地图上显示"),
}
_QUALITY: Final[dict[str, Text]] = {
    "ok": text("Good", "良好", "良好"),
    "missing": text("No value given", "沒有數據", "没有数据"),
    "maintenance": text("Under maintenance", "維修中", "维修中"),
    "no_flow": text("No vehicle seen", "沒有車輛", "没有车辆"),
    "suspect": text("Doubtful", "存疑", "存疑"),
}
_KIND: Final[dict[str, Text]] = {
    "alert": text("Warning", "警告", "警告"),
    "hazard": text("Hazard", "災害", "灾害"),
    "incident": text("Incident", "事故", "事故"),
    "observation": text("Reading", "讀數", "读数"),
    "facility": text("Facility", "設施", "设施"),
    "road": text("Road", "道路", "道路"),
    "camera": text("Camera", "攝影機", "摄影机"),
    "draft": text("Draft warning", "警告草稿", "警告草稿"),
    "layer": text("Layer of others", "外部圖層", "外部图层"),
    "message": text("Message", "訊息", "消息"),
    "partner": text("Partner", "夥伴機構", "伙伴机构"),
    "note": text("Note", "備註", "备注"),
    "assignment": text("Assignment", "任務", "任务"),
    "attention": text("Attention", "須留意", "须留意"),
    "fusion": text("Reports of one thing", "同一事件的報告", "同一事件的报告"),
    "need": text("Need", "需求", "需求"),
    "order": text("Order", "指令", "指令"),
    "position": text("Position", "位置", "位置"),
    "receipt": text("Receipt", "回執", "回执"),
    "resource": text("Team", "隊伍", "队伍"),
    "feed_status": text("Feed", "資料來源", "资料来源"),
}
_MEASURE: Final[dict[str, Text]] = {
    "gust": text("Gust", "陣風", "阵风"),
    "direction": text("Direction (from)", "風向（來向）", "风向（来向）"),
    "min": text("Lowest", "最低", "最低"),
    "max": text("Highest", "最高", "最高"),
    "magnitude": text("Magnitude", "震級", "震级"),
    "depth": text("Depth", "深度", "深度"),
    "wind": text("Wind", "風速", "风速"),
    "pressure": text("Pressure", "氣壓", "气压"),
    "volume": text("Vehicles", "車流量", "车流量"),
    "occupancy": text("Detector occupancy", "佔用率", "占用率"),
    "lead": text("Ahead", "預報時效", "预报时效"),
    "t3_p50": text("Urgent: half wait less than", "緊急：半數輪候少於", "紧急：半数轮候少于"),
    "t3_p95": text("Urgent: most wait less than", "緊急：大部分輪候少於", "紧急：大部分轮候少于"),
    "t45_p50": text(
        "Semi-urgent: half wait less than", "次緊急：半數輪候少於", "次紧急：半数轮候少于"
    ),
    "t45_p95": text(
        "Semi-urgent: most wait less than", "次緊急：大部分輪候少於", "次紧急：大部分轮候少于"
    ),
    "cancelled": text("Cancelled", "取消", "取消"),
    "queue": text("Queue", "輪候", "轮候"),
}
_FACT: Final[dict[str, Text]] = {
    "value": text("Value", "數值", "数值"),
    "range": text("Range in the district", "區內範圍", "区内范围"),
    "quality": text("Quality", "數據質素", "数据质素"),
    "station": text("Station", "測站", "测站"),
    "severity": text("Severity", "嚴重程度", "严重程度"),
    "status": text("Status", "狀況", "状况"),
    "cause": text("Cause", "原因", "原因"),
    "road": text("Road", "道路", "道路"),
    "direction": text("Direction", "方向", "方向"),
    "intensity": text("Intensity", "強度", "强度"),
    "area": text("Area", "範圍", "范围"),
    "people": text("People", "人數", "人数"),
    "speed": text("Speed", "車速", "车速"),
    "journey": text("Journey", "行車時間", "行车时间"),
    "address": text("Address", "地址", "地址"),
    "number": text("Case number", "個案編號", "个案编号"),
    "publisher": text("Publisher", "發布機構", "发布机构"),
    "feed": text("Feed", "資料來源", "资料来源"),
    "feed-state": text("Feed is", "來源狀態", "来源状态"),
    "observed": text("Observed", "觀測時間", "观测时间"),
    "issued": text("Issued", "發出時間", "发出时间"),
    "updated": text("Updated", "更新時間", "更新时间"),
    "reported": text("Reported", "報告時間", "报告时间"),
    "asserted": text("Status as of", "狀況時間", "状况时间"),
    "from": text("Holds from", "生效時間", "生效时间"),
    "until": text("Holds until", "有效至", "有效至"),
    "fetched": text("Fetched", "擷取時間", "撷取时间"),
    "placing": text("Place known by", "位置依據", "位置依据"),
    "licence": text("Licence", "使用條款", "使用条款"),
}
_VALUES: Final[dict[str, Text]] = {
    "value.none": text("No value", "沒有數據", "没有数据"),
    "people": text("{n} people", "{n} 人", "{n} 人"),
    "people.room": text("room for {n}", "可容納 {n} 人", "可容纳 {n} 人"),
    "people.of": text("{n} of {all} people", "{n} / {all} 人", "{n} / {all} 人"),
    "wait": text("wait {n}", "輪候 {n}", "轮候 {n}"),
}

_SKILL: Final[dict[str, Text]] = {
    "pumping": text("Pumping", "抽水", "抽水"),
    "search_rescue": text("Search and rescue", "搜救", "搜救"),
    "water_rescue": text("Water rescue", "水上拯救", "水上拯救"),
    "rope_rescue": text("Rope rescue", "高空拯救", "高空拯救"),
    "tree_clearing": text("Clearing trees", "清理塌樹", "清理塌树"),
    "road_clearing": text("Clearing roads", "清理道路", "清理道路"),
    "slope": text("Slopes", "斜坡", "斜坡"),
    "structural": text("Structures", "結構", "结构"),
    "electrical": text("Electrical", "電力", "电力"),
    "lift_rescue": text("Lift rescue", "升降機拯救", "升降机拯救"),
    "first_aid": text("First aid", "急救", "急救"),
    "ambulance": text("Ambulance", "救護車", "救护车"),
    "firefighting": text("Fire-fighting", "滅火", "灭火"),
    "traffic_control": text("Traffic control", "交通管制", "交通管制"),
    "crowd_control": text("Crowd control", "人群管理", "人群管理"),
    "shelter_care": text("Shelter care", "庇護中心服務", "庇护中心服务"),
    "transport": text("Transport", "運送", "运送"),
    "boat": text("Boat", "船艇", "船艇"),
    "drone": text("Drone", "無人機", "无人机"),
    "command": text("Command", "指揮", "指挥"),
}
_ITEM: Final[dict[str, Text]] = {
    "pump": text("Pumps", "水泵", "水泵"),
    "bus": text("Buses", "巴士", "巴士"),
    "boat": text("Boats", "船艇", "船艇"),
    "generator": text("Generators", "發電機", "发电机"),
    "lighting": text("Lighting", "照明", "照明"),
    "sandbag": text("Sandbags", "沙包", "沙包"),
    "bedding": text("Bedding", "寢具", "寝具"),
    "food": text("Food", "食物", "食物"),
    "water": text("Water", "食水", "食水"),
    "medical": text("Medical supplies", "醫療用品", "医疗用品"),
    "personnel": text("People", "人手", "人手"),
    "machinery": text("Machinery", "機械", "机械"),
    "other": text("Other", "其他", "其他"),
}
_TRIAGE: Final[dict[str, Text]] = {
    "immediate": text("Immediate", "危殆", "危殆"),
    "urgent": text("Urgent", "緊急", "紧急"),
    "delayed": text("Can wait", "可等候", "可等候"),
    "expectant": text("Expectant", "瀕危（紓緩）", "濒危（舒缓）"),
}
_ACCESS: Final[dict[str, Text]] = {
    "wheelchair": text("Wheelchair", "輪椅通道", "轮椅通道"),
    "accessible_toilet": text("Accessible toilet", "無障礙洗手間", "无障碍洗手间"),
    "hearing_loop": text("Hearing loop", "感應圈", "感应圈"),
    "lift": text("Lift", "升降機", "升降机"),
    "quiet_room": text("Quiet room", "安靜房間", "安静房间"),
}
_PETS: Final[dict[str, Text]] = {
    "yes": text("Animals may come in", "可攜帶動物", "可携带动物"),
    "no": text("No animals", "不可攜帶動物", "不可携带动物"),
    "caged": text("Animals in cages only", "動物須置於籠內", "动物须置于笼内"),
}
_SUPPLY: Final[dict[str, Text]] = {
    "blanket": text("Blankets", "毛毯", "毛毯"),
    "mattress": text("Mattresses", "床墊", "床垫"),
    "meal": text("Meals", "膳食", "膳食"),
    "water": text("Water", "食水", "食水"),
    "dressing": text("Dressings", "敷料", "敷料"),
    "stretcher": text("Stretchers", "擔架", "担架"),
}
_ONE: Final[dict[str, Text]] = {
    "commander": text("Commander", "指揮官", "指挥官"),
    "duty_officer": text("Duty officer", "當值主任", "当值主任"),
    "liaison": text("Agency liaison", "部門聯絡員", "部门联络员"),
    "field": text("Field", "前線人員", "前线人员"),
    "warden": text("Facility warden", "設施管理員", "设施管理员"),
    "viewer": text("Viewer", "檢視者", "检视者"),
    "machine": text("Machine", "系統", "系统"),
}
_ROLE: Final[dict[str, Text]] = {
    "commander": text("Commanders", "指揮官", "指挥官"),
    "duty_officer": text("Duty officers", "當值主任", "当值主任"),
    "liaison": text("Agency liaison", "部門聯絡員", "部门联络员"),
    "field": text("Field staff", "前線人員", "前线人员"),
    "warden": text("Facility wardens", "設施管理員", "设施管理员"),
    "viewer": text("Viewers", "檢視者", "检视者"),
    "machine": text("Machines", "系統", "系统"),
}

_SIGNAL: Final[dict[str, Text]] = {
    "TC1": text("T1 Standby", "一號戒備", "一号戒备"),
    "TC3": text("T3 Strong wind", "三號強風", "三号强风"),
    "TC8": text("T8 Gale or storm", "八號烈風或暴風", "八号烈风或暴风"),
    "TC8NE": text("T8 Northeast", "八號東北", "八号东北"),
    "TC8SE": text("T8 Southeast", "八號東南", "八号东南"),
    "TC8SW": text("T8 Southwest", "八號西南", "八号西南"),
    "TC8NW": text("T8 Northwest", "八號西北", "八号西北"),
    "TC9": text("T9 Increasing", "九號風力增強", "九号风力增强"),
    "TC10": text("T10 Hurricane", "十號颶風", "十号飓风"),
    "WTCPRE8": text("Pre-No. 8", "預警八號", "预警八号"),
    "WRAINA": text("Amber rainstorm", "黃色暴雨", "黄色暴雨"),
    "WRAINR": text("Red rainstorm", "紅色暴雨", "红色暴雨"),
    "WRAINB": text("Black rainstorm", "黑色暴雨", "黑色暴雨"),
    "WFIREY": text("Yellow fire danger", "黃色火災危險", "黄色火灾危险"),
    "WFIRER": text("Red fire danger", "紅色火災危險", "红色火灾危险"),
    "WL": text("Landslip", "山泥傾瀉", "山泥倾泻"),
    "WTS": text("Thunderstorm", "雷暴", "雷暴"),
    "WFNTSA": text("Flooding, N. N.T.", "新界北部水浸", "新界北部水浸"),
    "WMSGNL": text("Strong monsoon", "強烈季候風", "强烈季候风"),
    "WHOT": text("Very hot", "酷熱", "酷热"),
    "WCOLD": text("Cold", "寒冷", "寒冷"),
    "WFROST": text("Frost", "霜凍", "霜冻"),
    "WTMW": text("Tsunami", "海嘯", "海啸"),
}

_TABLES: Final = {
    "signal": _SIGNAL,
    "status": _STATUS,
    "severity": _SEVERITY,
    "cause": _CAUSE,
    "placing": _PLACING,
    "quality": _QUALITY,
    "kind": _KIND,
    "measure": _MEASURE,
    "fact": _FACT,
    "skill": _SKILL,
    "item": _ITEM,
    "triage": _TRIAGE,
    "access": _ACCESS,
    "pets": _PETS,
    "supply": _SUPPLY,
    "role": _ROLE,
    "one": _ONE,
}

TERMS: Final[dict[str, Text]] = {
    f"{prefix}.{code}": words for prefix, table in _TABLES.items() for code, words in table.items()
} | _VALUES
