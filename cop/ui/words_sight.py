"""Words of the desk's panels on cameras: a zone, its chart, live view, the wall of cameras."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

SIGHT: Final[dict[str, Text]] = {
    "cluster.grades": text(
        "{layer}, {n} zones here, worst: {words}",
        "{layer}，此處 {n} 個監察區，最差：{words}",
        "{layer}，此处 {n} 个监察区，最差：{words}",
    ),
    "help.cameras": text("wall of cameras", "攝影機牆", "摄影机墙"),
    "help.crowds": text(
        "Crowds: A to F is Fruin's level of service, from free to no movement; “?” is not known,"
        " and never zero. A severity sign in the corner is an alarm that stands. Arrows point the"
        " way people go.",
        "人群：A 至 F 為弗羅因（Fruin）服務水平，由自由行走至無法移動；「？」表示不詳，"
        "並不表示沒有人。角上的嚴重程度符號為生效警報。箭咀為人流去向。",
        "人群：A 至 F 为弗罗因（Fruin）服务水平，由自由行走至无法移动；“？”表示不详，"
        "并不表示没有人。角上的严重程度符号为生效警报。箭头为人流去向。",
    ),
    # A zone
    "zone.now": text("What the camera counts", "攝影機點算結果", "摄影机点算结果"),
    "zone.unknown": text("Not known", "不詳", "不详"),
    "zone.last": text(
        "Last known: {words}, {time}", "最後所知：{words}，{time}", "最后所知：{words}，{time}"
    ),
    "zone.people": text(
        "{people} people on {area} m²",
        "{area} 平方米內 {people} 人",
        "{area} 平方米内 {people} 人",
    ),
    "zone.error": text("± {error}", "± {error}", "± {error}"),
    "zone.sure": text(
        "{percent}% sure, by: {method}",
        "把握 {percent}%，方法：{method}",
        "把握 {percent}%，方法：{method}",
    ),
    "zone.taken": text("Picture taken {time}", "畫面攝於 {time}", "画面摄于 {time}"),
    "zone.alarms": text("Alarms", "警報", "警报"),
    "zone.look": text("Look through the camera", "經攝影機查看", "经摄影机查看"),
    "zone.flow": text(
        "Moving {towards} at {speed} m/s",
        "以每秒 {speed} 米移向{towards}",
        "以每秒 {speed} 米移向{towards}",
    ),
    "zone.standing": text("Hardly anybody moves", "幾乎沒有人移動", "几乎没有人移动"),
    # Its chart
    "zonechart": text("The last readings", "最近讀數", "最近读数"),
    "zonechart.words": text(
        "{measure} from {from} to {until}: least {least}, most {most}, last {last} {unit}.",
        "{measure}，{from} 至 {until}：最低 {least}，最高 {most}，最後 {last} {unit}。",
        "{measure}，{from} 至 {until}：最低 {least}，最高 {most}，最后 {last} {unit}。",
    ),
    "zonechart.none": text(
        "{measure} from {from} to {until}: not known all the time.",
        "{measure}，{from} 至 {until}：一直不詳。",
        "{measure}，{from} 至 {until}：一直不详。",
    ),
    "zonechart.gaps": text(
        "Not known in {n} of {all} readings.",
        "{all} 次讀數中 {n} 次不詳。",
        "{all} 次读数中 {n} 次不详。",
    ),
    "zonechart.expected": text("Expected: {words}.", "預計：{words}。", "预计：{words}。"),
    "zonechart.rising": text(
        "Rising by {rate} {unit} a minute; {limit} is not reached within two hours.",
        "每分鐘上升 {rate} {unit}；兩小時內不會達 {limit}。",
        "每分钟上升 {rate} {unit}；两小时内不会达 {limit}。",
    ),
    "zonechart.falling": text(
        "Falling by {rate} {unit} a minute.",
        "每分鐘下降 {rate} {unit}。",
        "每分钟下降 {rate} {unit}。",
    ),
    "zonechart.readings": text("{n} readings", "{n} 次讀數", "{n} 次读数"),
    "zonechart.time": text("Time", "時間", "时间"),
    "zonechart.limit": text("limit", "上限", "上限"),
    "zonechart.not-known": text("not known", "不詳", "不详"),
    # A camera
    "camera.zones": text("Zones counted by it", "所點算的監察區", "所点算的监察区"),
    "camera.no-zones": text(
        "Nothing has been counted by it yet.", "尚未有點算結果。", "尚未有点算结果。"
    ),
    "camera.privacy": text("Privacy", "私隱", "隐私"),
    "camera.privacy-counts": text(
        "Counted by it: {counts}. Only numbers leave the computer that counts.",
        "點算項目：{counts}。只有數字離開負責點算的電腦。",
        "点算项目：{counts}。只有数字离开负责点算的电脑。",
    ),
    "camera.privacy-none": text(
        "Nothing is counted by it.", "此攝影機不作點算。", "此摄影机不作点算。"
    ),
    "camera.privacy-kept": text(
        "No picture is kept. Nobody is recognised or followed.",
        "不保存任何畫面，不辨認、不追蹤任何人。",
        "不保存任何画面，不辨认、不追踪任何人。",
    ),
    "camera.privacy-view": text(
        "{view}. Each look is written in the journal.",
        "{view}。每次查看均記入日誌。",
        "{view}。每次查看均记入日志。",
    ),
    "camera.privacy-closed": text("{view}.", "{view}。", "{view}。"),
    "camera.privacy-blurred": text(
        "Your role sees the picture blurred.",
        "你的職務只會看到模糊畫面。",
        "你的职务只会看到模糊画面。",
    ),
    "camera.privacy-more": text(
        "What cameras count, for everybody",
        "向公眾說明：攝影機點算甚麼",
        "向公众说明：摄影机点算什么",
    ),
    # Live view
    "look": text("Live view", "即時畫面", "实时画面"),
    "look.show": text("Show picture", "顯示畫面", "显示画面"),
    "look.show-of": text("Show picture: {name}", "顯示畫面：{name}", "显示画面：{name}"),
    "look.hide": text("Hide picture", "隱藏畫面", "隐藏画面"),
    "look.journalled": text(
        "Who looks, and when, is written in the journal.",
        "查看者及時間會記入日誌。",
        "查看者及时间会记入日志。",
    ),
    "look.loading": text("Fetching the picture…", "正在擷取畫面…", "正在撷取画面…"),
    "look.taken": text("Taken {time}", "攝於 {time}", "摄于 {time}"),
    "look.blurred": text("Blurred", "已模糊處理", "已模糊处理"),
    "look.simulated": text("Simulated in an exercise", "演習模擬畫面", "演习模拟画面"),
    "look.stale": text(
        "Old: it may look different now", "舊畫面：現況可能不同", "旧画面：现况可能不同"
    ),
    "look.undated": text("Time not known", "拍攝時間不詳", "拍摄时间不详"),
    "look.stopped": text(
        "Stopped after 5 minutes.", "五分鐘後已停止更新。", "五分钟后已停止更新。"
    ),
    "look.go-on": text("Go on", "繼續", "继续"),
    "look.again": text("Try again", "重試", "重试"),
    "look.failed": text("No picture: {words}", "沒有畫面：{words}", "没有画面：{words}"),
    "look.alt": text(
        "Picture of the camera {name}, taken {time}",
        "攝影機「{name}」的畫面，攝於 {time}",
        "摄影机“{name}”的画面，摄于 {time}",
    ),
    "look.may-not": text(
        "Your role may not look through this camera; its counts are shown.",
        "你的職務不可經此攝影機查看；點算結果照常顯示。",
        "你的职务不可经此摄影机查看；点算结果照常显示。",
    ),
    "look.nobody": text(
        "Nobody may look through this camera; only its counts leave it.",
        "任何人不得經此攝影機查看；只提供點算結果。",
        "任何人不得经此摄影机查看；只提供点算结果。",
    ),
    "look.near": text("Cameras near here", "附近攝影機", "附近摄影机"),
    "look.away": text("{n} m away", "距離 {n} 米", "距离 {n} 米"),
    # Wall of cameras
    "cameras": text("Wall of cameras", "攝影機牆", "摄影机墙"),
    "cameras.district": text("District", "地區", "地区"),
    "cameras.which": text("Cameras", "攝影機", "摄影机"),
    "cameras.any": text("All cameras", "所有攝影機", "所有摄影机"),
    "cameras.own": text("Counting cameras", "點算攝影機", "点算摄影机"),
    "cameras.td": text("Traffic cameras", "交通攝影機", "交通摄影机"),
    "cameras.alarm": text("With an alarm", "有警報", "有警报"),
    "cameras.no-district": text("Elsewhere", "其他地點", "其他地点"),
    "cameras.option": text("{district} ({n})", "{district}（{n}）", "{district}（{n}）"),
    "cameras.show": text("Show pictures of this page", "顯示本頁畫面", "显示本页画面"),
    "cameras.hide": text("Hide pictures", "隱藏畫面", "隐藏画面"),
    "cameras.count": text(
        "{from}–{until} of {all} cameras",
        "{all} 部攝影機中第 {from}–{until} 部",
        "{all} 部摄影机中第 {from}–{until} 部",
    ),
    "cameras.none": text(
        "No camera of this kind in this district.", "此區沒有這類攝影機。", "此区没有这类摄影机。"
    ),
    "cameras.before": text("Previous page", "上一頁", "上一页"),
    "cameras.after": text("Next page", "下一頁", "下一页"),
    "cameras.hidden": text("Picture not shown", "未顯示畫面", "未显示画面"),
    "cameras.choose": text(
        "Show on the map: {name}", "在地圖上顯示：{name}", "在地图上显示：{name}"
    ),
    "cameras.alarms": text("{n} alarms", "{n} 個警報", "{n} 个警报"),
}
