"""Words for what cameras count: measures, levels, states, alarms, and why a value is unknown."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

_TABLES: Final[dict[str, dict[str, Text]]] = {
    "reason": {
        "crowded": text("Too crowded", "人群過密", "人群过密"),
        "standstill": text("Standing still", "停滯不前", "停滞不前"),
        "counter_flow": text("Moving against the flow", "人流逆向", "人流逆向"),
        "heat": text("Too hot", "溫度過高", "温度过高"),
        "water": text("Water on the road", "路面積水", "路面积水"),
        "blind": text("Camera gives nothing usable", "攝影機畫面不可用", "摄影机画面不可用"),
    },
    "watched": {
        "dense": text("Too many people for the room", "人群過密", "人群过密"),
        "stopped": text("A dense crowd stands still", "密集人群停滯", "密集人群停滞"),
        "counter_flow": text("People move against each other", "人流互相對衝", "人流互相对冲"),
        "heat": text("Hotter than it should be", "溫度異常", "温度异常"),
        "water": text("Water on the road, or rising", "路面積水或水位上升", "路面积水或水位上升"),
        "queue": text("Vehicles stand back to the end", "車龍排至盡頭", "车龙排至尽头"),
    },
    "unknown": {
        "camera": text("The camera shows nothing usable", "攝影機畫面不可用", "摄影机画面不可用"),
        "learning": text(
            "Still learning how the place looks empty",
            "仍在學習空置時的畫面",
            "仍在学习空置时的画面",
        ),
        "unsure": text("Not sure enough to say", "把握不足，不作判斷", "把握不足，不作判断"),
        "hidden": text(
            "Too much is covered, dazzled or dark", "遮擋、眩光或過暗", "遮挡、眩光或过暗"
        ),
        "crowded": text(
            "Denser than the method can tell", "密度超出可計算範圍", "密度超出可计算范围"
        ),
    },
    "camerastate": {
        "unknown": text("Not looked at", "未有查看", "未有查看"),
        "ok": text("Working", "正常", "正常"),
        "missing": text("Gives no picture", "沒有畫面", "没有画面"),
        "broken": text("Gives broken pictures", "畫面損壞", "画面损坏"),
        "black": text("Black picture", "畫面全黑", "画面全黑"),
        "frozen": text("Frozen: the same picture again", "畫面停頓", "画面停顿"),
        "blurred": text("Blurred picture", "畫面模糊", "画面模糊"),
        "moved": text("Turned away or covered", "被移動或遮擋", "被移动或遮挡"),
        "wrong_size": text("Wrong size of picture", "畫面尺寸不符", "画面尺寸不符"),
    },
    "use": {
        "walkway": text("Walkway", "通道", "通道"),
        "stairs": text("Stairs", "樓梯", "楼梯"),
        "queue": text("Waiting area", "輪候區", "轮候区"),
        "road": text("Road", "道路", "道路"),
        "water": text("Water on the road", "路面積水", "路面积水"),
        "heat": text("Heat", "溫度", "温度"),
    },
    "level": {
        "A": text("free", "自由行走", "自由行走"),
        "B": text("easy", "大致自由", "大致自由"),
        "C": text("some give way", "須略為避讓", "须略为避让"),
        "D": text("slowed", "步速受限", "步速受限"),
        "E": text("shuffling", "只能緩緩挪步", "只能缓缓挪步"),
        "F": text("no movement", "無法移動", "无法移动"),
    },
    "view": {
        "nobody": text("Nobody may look through it", "不設即時畫面", "不设实时画面"),
        "command": text(
            "The emergency centre may look through it",
            "指揮中心可看即時畫面",
            "指挥中心可看实时画面",
        ),
        "responder": text(
            "Responders may look through it", "救援人員可看即時畫面", "救援人员可看实时画面"
        ),
    },
    "unit": {
        "1/m2": text("people/m²", "人／平方米", "人／平方米"),
        "1/m/min": text("people/m/min", "人／米／分鐘", "人／米／分钟"),
    },
    "measure": {
        "crowd_density": text("Crowd density", "人群密度", "人群密度"),
        "vehicle_count": text("Vehicles", "車輛", "车辆"),
        "water_depth": text("Depth of water", "水深", "水深"),
        "flooded_share": text("Share under water", "積水面積比例", "积水面积比例"),
        "surface_temperature": text("Hottest surface", "最高表面溫度", "最高表面温度"),
        "people": text("People", "人數", "人数"),
        "people_error": text("Give or take", "誤差約", "误差约"),
        "flow_mps": text("Walking speed", "步行速度", "步行速度"),
        "flow_deg": text("Moving towards", "移動方向", "移动方向"),
        "flow_per_m_min": text("People passing", "人流量", "人流量"),
        "moving_percent": text("On the move", "移動中", "移动中"),
        "counter_percent": text("Against the flow", "逆向", "逆向"),
        "queue_m": text("Standing queue", "停滯車龍", "停滞车龙"),
        "occupied_percent": text("Covered by vehicles", "車輛佔用路面", "车辆占用路面"),
        "rise_per_min": text("Rising each minute", "每分鐘上升", "每分钟上升"),
        "hot_area_m2": text("Hot area", "高溫面積", "高温面积"),
    },
    "fact": {
        "zone": text("Counted for", "監察用途", "监察用途"),
        "level": text("Level of service", "服務水平", "服务水平"),
        "confidence": text("How sure", "把握", "把握"),
        "method": text("Counted by", "計算方法", "计算方法"),
        "zone-area": text("Zone", "監察區面積", "监察区面积"),
        "unknown": text("Not known because", "未知原因", "未知原因"),
        "alarm": text("Alarm", "警報", "警报"),
        "outlook": text("Expected", "預計", "预计"),
        "camera": text("Camera", "攝影機", "摄影机"),
        "camera-state": text("Picture", "畫面", "画面"),
        "counts": text("Counts", "監察項目", "监察项目"),
        "thermal": text("Sees temperatures", "熱成像", "热成像"),
        "bearing": text("Looks towards", "面向", "面向"),
        "view": text("Live view", "即時畫面", "实时画面"),
    },
    "compass": {
        "0": text("north", "北", "北"),
        "1": text("north-east", "東北", "东北"),
        "2": text("east", "東", "东"),
        "3": text("south-east", "東南", "东南"),
        "4": text("south", "南", "南"),
        "5": text("south-west", "西南", "西南"),
        "6": text("west", "西", "西"),
        "7": text("north-west", "西北", "西北"),
    },
    "sight": {
        "level": text("{level}: {words}", "{level} 級：{words}", "{level} 级：{words}"),
        "error": text(
            "{value} ± {error} {unit}", "{value} ± {error} {unit}", "{value} ± {error} {unit}"
        ),
        "since": text("{what}, since {time}", "{what}，{time} 起", "{what}，{time} 起"),
        "unseen": text("not seen since {time}", "{time} 起未能看到", "{time} 起未能看到"),
        "outlook": text(
            "{value} {unit} about {time} ({earliest}–{latest})",
            "約 {time} 達 {value} {unit}（{earliest}–{latest}）",
            "约 {time} 达 {value} {unit}（{earliest}–{latest}）",
        ),
        "later": text("later", "更遲", "更迟"),
        "published": text(
            "Its pictures are public already", "畫面已由發布機構公開", "画面已由发布机构公开"
        ),
    },
    "recognise": {
        "propose": text("Propose incident: {type}", "建立事故：{type}", "建立事故：{type}"),
        "open": text("Open its incident: {type}", "開啟事故：{type}", "打开事故：{type}"),
        "done": text(
            "Incident reported, not verified yet", "已建立事故，尚待核實", "已建立事故，尚待核实"
        ),
    },
    "method": {
        "background": text(
            "What stands out from the empty place", "與空置畫面比較", "与空置画面比较"
        ),
        "people": text("Shapes of people", "人形輪廓", "人形轮廓"),
        "thermal": text("Warmth of bodies", "體溫", "体温"),
        "onnx": text("A trained model", "訓練模型", "训练模型"),
    },
}

SIGHT_TERMS: Final[dict[str, Text]] = {
    f"{prefix}.{code}": words for prefix, table in _TABLES.items() for code, words in table.items()
}
