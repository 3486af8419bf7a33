"""Words of the phone's own tasks, orders and map."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text
from cop.ui.field.layers import area_layers

_GEO: Final[dict[str, Text]] = {
    "geo.n": text("north", "北面", "北面"),
    "geo.ne": text("north-east", "東北面", "东北面"),
    "geo.e": text("east", "東面", "东面"),
    "geo.se": text("south-east", "東南面", "东南面"),
    "geo.s": text("south", "南面", "南面"),
    "geo.sw": text("south-west", "西南面", "西南面"),
    "geo.w": text("west", "西面", "西面"),
    "geo.nw": text("north-west", "西北面", "西北面"),
    "geo.m": text("{n} m", "{n} 米", "{n} 米"),
    "geo.km": text("{n} km", "{n} 公里", "{n} 公里"),
    "geo.here": text("You are here", "你在此處", "你在此处"),
    "geo.from-me": text("{far} {wind} of you", "在你{wind} {far}", "在你{wind} {far}"),
}
_TASK: Final[dict[str, Text]] = {
    "my.tab": text("My duty", "我的任務", "我的任务"),
    "my.none": text("No task for you", "你沒有任務", "你没有任务"),
    "my.task": text("Task to do now", "現時任務", "现时任务"),
    "my.proposed": text("Proposed", "建議", "建议"),
    "my.proposed-words": text(
        "Proposed only: nobody has decided yet. Wait for it.",
        "只屬建議：尚未決定，請等候。",
        "只属建议：尚未决定，请等候。",
    ),
    "my.others": text("Other tasks ({n})", "其他任務（{n}）", "其他任务（{n}）"),
    "my.late": text("{age} late", "逾時 {age}", "逾时 {age}"),
    "my.by": text("By", "限期", "限期"),
    "my.until": text("by", "須於", "须于"),
    "my.leader": text("Leader", "負責人", "负责人"),
    "my.place-unknown": text(
        "Place not known: ask your leader",
        "地點不詳：請向負責人查詢",
        "地点不详：请向负责人查询",
    ),
    "my.on-map": text("Show on map", "在地圖顯示", "在地图显示"),
    "my.navigate": text("Navigate there", "導航前往", "导航前往"),
    "my.incident": text("About the incident", "事故資料", "事故资料"),
    "my.unverified": text("Not verified", "未核實", "未核实"),
    "my.casualties": text("Casualties", "傷亡", "伤亡"),
    "my.words": text("In words", "說明", "说明"),
    "my.steps": text("Steps of this task", "任務進度", "任务进度"),
    "my.only-here": text("only on this phone yet", "暫時只在此手機", "暂时只在此手机"),
    "my.do.acknowledged": text("Acknowledge", "確認收到", "确认收到"),
    "my.do.en_route": text("On my way", "出發", "出发"),
    "my.do.on_scene": text("On scene", "已到場", "已到场"),
    "my.do.completed": text("Done", "完成任務", "完成任务"),
    "my.did-acknowledged": text("Acknowledged: {task}", "已確認：{task}", "已确认：{task}"),
    "my.did-en_route": text("On the way: {task}", "已出發：{task}", "已出发：{task}"),
    "my.did-on_scene": text("On scene: {task}", "已到場：{task}", "已到场：{task}"),
    "my.did-completed": text("Done: {task}", "已完成：{task}", "已完成：{task}"),
    "my.did-declined": text("Cannot do: {task}", "未能執行：{task}", "未能执行：{task}"),
    "my.did-status": text("{team}: {status}", "{team}：{status}", "{team}：{status}"),
    "my.receipt-delivered": text("Arrived on this phone", "已送達此手機", "已送达此手机"),
    "my.receipt-read": text("Opened", "已閱讀", "已阅读"),
    "my.decline": text("Cannot do it…", "未能執行…", "未能执行…"),
    "my.decline-title": text(
        "Why can your team not do this?", "為何未能執行此任務？", "为何未能执行此任务？"
    ),
    "my.decline-verb": text("Send: cannot do it", "發送：未能執行", "发送：未能执行"),
    "my.team": text("My team", "我的隊伍", "我的队伍"),
    "my.team-status": text("Status of {team}", "{team} 的狀況", "{team} 的状况"),
    "my.team-available": text("On duty", "當值", "当值"),
    "my.team-resting": text("Resting", "休息", "休息"),
    "my.team-out_of_service": text("Out of service", "暫停服務", "暂停服务"),
    "my.no-team": text(
        "No team and no facility is yours yet.",
        "你尚未獲編配隊伍或設施。",
        "你尚未获编配队伍或设施。",
    ),
    "my.desk-words": text(
        "This page is for field teams and facility wardens.",
        "此頁供前線隊伍及設施管理員使用。",
        "此页供前线队伍及设施管理员使用。",
    ),
    "my.to-desk": text("Open the desk's page", "前往指揮台", "前往指挥台"),
    "my.no-team-ask": text(
        "Tasks come to a team. Ask your agency's liaison officer or the duty officer to add you.",
        "任務會發給隊伍。請聯絡所屬部門的聯絡員或當值主任編配。",
        "任务会发给队伍。请联络所属部门的联络员或当值主任编配。",
    ),
    "told.title": text("What became of a task", "任務結果", "任务结果"),
    "told.handed-to": text(
        "This task was handed over to {team} at {time}.",
        "此任務已於 {time} 移交 {team}。",
        "此任务已于 {time} 移交 {team}。",
    ),
    "told.handed": text(
        "This task was handed over to another team at {time}.",
        "此任務已於 {time} 移交其他隊伍。",
        "此任务已于 {time} 移交其他队伍。",
    ),
    "told.stood_down": text(
        "This task was stood down at {time}: stop.",
        "此任務已於 {time} 撤回：請停止。",
        "此任务已于 {time} 撤回：请停止。",
    ),
    "told.completed": text(
        "This task was done at {time}.", "此任務已於 {time} 完成。", "此任务已于 {time} 完成。"
    ),
    "told.declined": text(
        "This task was declined at {time}.",
        "此任務已於 {time} 拒絕。",
        "此任务已于 {time} 拒绝。",
    ),
    "told.gone": text(
        "This task is no longer yours, as of {time}. Ask your leader.",
        "截至 {time}，此任務已不屬於你。請向負責人查詢。",
        "截至 {time}，此任务已不属于你。请向负责人查询。",
    ),
    "told.seen": text("Understood", "知道了", "知道了"),
}
_ORDER: Final[dict[str, Text]] = {
    "ord.title": text("Order", "指令", "指令"),
    "ord.from": text("{who}, {time}", "{who}，{time}", "{who}，{time}"),
    "ord.reply-by": text("Answer by", "回覆限期", "回复限期"),
    "ord.acknowledge": text("Acknowledge", "確認收到", "确认收到"),
    "ord.acknowledged": text("Acknowledged {time}", "已於 {time} 確認", "已于 {time} 确认"),
    "ord.did-acknowledge": text("Order acknowledged", "已確認指令", "已确认指令"),
    "ord.taken-back": text(
        "Taken back at {time}: nothing to do",
        "已於 {time} 收回：無須行動",
        "已于 {time} 收回：无须行动",
    ),
    "ord.history": text("Earlier orders ({n})", "較早指令（{n}）", "较早指令（{n}）"),
    "safe.title": text("Roll call", "點名", "点名"),
    "safe.safe": text("All safe", "全部平安", "全部平安"),
    "safe.help": text("Need help", "需要支援", "需要支援"),
    "safe.help-more": text("Say more", "補充資料", "补充资料"),
    "safe.said-safe": text(
        "You answered “all safe” at {time}",
        "你已於 {time} 回覆「全部平安」",
        "你已于 {time} 回复“全部平安”",
    ),
    "safe.said-help": text(
        "You asked for help at {time}", "你已於 {time} 要求支援", "你已于 {time} 要求支援"
    ),
    "safe.did-safe": text("Roll call: all safe", "點名：全部平安", "点名：全部平安"),
    "safe.did-help": text("Roll call: need help", "點名：需要支援", "点名：需要支援"),
    "safe.did-help-place": text(
        "Roll call: need help, with place",
        "點名：需要支援（附位置）",
        "点名：需要支援（附位置）",
    ),
    "safe.help-title": text("Need help", "需要支援", "需要支援"),
    "safe.send-help": text("Send: need help", "發送：需要支援", "发送：需要支援"),
    "safe.place": text(
        "Send where I am now, this once", "今次一併傳送我的位置", "今次一并传送我的位置"
    ),
    "safe.words": text(
        "What help (may be left out)", "需要甚麼支援（可留空）", "需要什么支援（可留空）"
    ),
    "safe.words-hint": text("One hurt, road cut…", "一人受傷、道路中斷…", "一人受伤、道路中断…"),
    "safe.999": text("Life in danger: call 999", "有生命危險：致電 999", "有生命危险：致电 999"),
    "safe.no-place": text(
        "Help was asked for without your place: it could not be found.",
        "已要求支援，但未能取得你的位置。",
        "已要求支援，但未能取得你的位置。",
    ),
}
_POSITION: Final[dict[str, Text]] = {
    "pos.title": text("Sharing position", "分享位置", "分享位置"),
    "pos.switch": text(
        "Share my team's position while on duty",
        "當值時分享隊伍位置",
        "当值时分享队伍位置",
    ),
    "pos.about": text(
        "The desk sees where your team is while this page is open. It stops by itself when the team"
        " rests, is out of service, or you sign out. The public never sees it.",
        "此頁開啟期間，指揮台可看到隊伍位置。隊伍休息、暫停服務或你登出時會自動停止。公眾不會看到。",
        "此页开启期间，指挥台可看到队伍位置。队伍休息、暂停服务或你登出时会自动停止。公众不会看到。",
    ),
    "pos.sharing": text("Sharing position", "正在分享位置", "正在分享位置"),
    "pos.sharing-age": text(
        "Sharing position · {age} ago", "正在分享位置 · {age}前", "正在分享位置 · {age}前"
    ),
    "pos.stop": text("Stop", "停止", "停止"),
    "pos.which": text("Which team's position?", "分享哪一隊的位置？", "分享哪一队的位置？"),
    "pos.offline": text(
        "Sharing position: not sent now, no contact",
        "分享位置：沒有聯絡，暫未發送",
        "分享位置：没有联络，暂未发送",
    ),
    "pos.coarse": text(
        "Position too rough to send (worse than 500 m)",
        "位置過於粗略（誤差逾 500 米），未有發送",
        "位置过于粗略（误差逾 500 米），未有发送",
    ),
    "pos.unavailable": text(
        "This phone cannot tell where it is just now.",
        "手機暫時未能定位。",
        "手机暂时未能定位。",
    ),
    "pos.denied": text(
        "This browser may not use the position. Allow it for this site in the phone's settings.",
        "瀏覽器不獲准使用位置。請在手機設定中允許此網站。",
        "浏览器不获准使用位置。请在手机设置中允许此网站。",
    ),
    "pos.off-duty": text(
        "Position is shared only while a team of yours is on duty.",
        "只會在你的隊伍當值時分享位置。",
        "只会在你的队伍当值时分享位置。",
    ),
    "pos.refused": text(
        "The server does not take this team's position from you. Sharing has stopped.",
        "伺服器不接受你分享此隊位置，已停止分享。",
        "服务器不接受你分享此队位置，已停止分享。",
    ),
    "pos.signed-out": text(
        "Signed out: sharing has stopped.", "已登出：停止分享位置。", "已登出：停止分享位置。"
    ),
}
_AREA: Final[dict[str, Text]] = {
    "area.tab": text("Map", "地圖", "地图"),
    "area.map-label": text(
        "Map of my area. All that is on it stands in the list below.",
        "我的範圍地圖。所有內容列於下方清單。",
        "我的范围地图。所有内容列于下方清单。",
    ),
    "area.skip": text("Skip the map, to the list", "跳過地圖，前往清單", "跳过地图，前往清单"),
    "area.loading": text("Loading the map…", "正在載入地圖…", "正在载入地图…"),
    "area.no-map": text(
        "The map could not be loaded. The list below is complete.",
        "未能載入地圖。下方清單完整無缺。",
        "未能载入地图。下方清单完整无缺。",
    ),
    "area.again": text("Try again", "再試", "再试"),
    "area.as-of": text("As of {time}", "截至 {time}", "截至 {time}"),
    "area.last-known": text("Last known {time}", "最後資料 {time}", "最后资料 {time}"),
    "area.unknown-since": text(
        "{what}: no information since {time}",
        "{what}：{time} 起沒有資料",
        "{what}：{time} 起没有资料",
    ),
    "area.unknown-never": text(
        "{what}: no information yet", "{what}：尚無資料", "{what}：尚无资料"
    ),
    "area.unknown-some": text("No information: {what}", "沒有資料：{what}", "没有资料：{what}"),
    "area.none": text(
        "None in this area. Checked {time}.",
        "此範圍內沒有。{time} 檢查。",
        "此范围内没有。{time} 检查。",
    ),
    "area.none-open": text(
        "None to go to in this area. Checked {time}.",
        "此範圍內沒有可前往的地點。{time} 檢查。",
        "此范围内没有可前往的地点。{time} 检查。",
    ),
    "area.glance": text("Around me", "附近情況", "附近情况"),
    "area.open-map": text("Map of my area", "我的範圍地圖", "我的范围地图"),
    "area.by-way": text("shared by {name}", "由 {name} 分享", "由 {name} 分享"),
    "area.warnings-more": text("More warnings: {n}", "其他警告：{n} 項", "其他警告：{n} 项"),
    "area.roads-n": text(
        "Roads closed or restricted: {n}", "封路及交通受阻：{n} 處", "封路及交通受阻：{n} 处"
    ),
    "area.nearest": text("Nearest to you", "離你最近", "离你最近"),
    "area.nearest-tag": text("Nearest", "最近", "最近"),
    "area.nearest-ring": text(
        "Ring: the nearest of its sort", "圓圈：同類中最近", "圆圈：同类中最近"
    ),
    "area.nearest-shelter": text("Shelter", "臨時庇護中心", "临时庇护中心"),
    "area.nearest-first_aid_post": text("First-aid post", "急救站", "急救站"),
    "area.nearest-hospital": text("Hospital (A&E)", "醫院急症室", "医院急症室"),
    "area.from-middle": text(
        "{far} {wind} of the middle of your area",
        "在你的範圍中心{wind} {far}",
        "在你的范围中心{wind} {far}",
    ),
    "area.more-n": text("{n} more", "尚有 {n} 項", "尚有 {n} 项"),
    "area.my-task": text("My task", "我的任務", "我的任务"),
    "area.me": text("Me (only on this phone)", "我（只在此手機顯示）", "我（只在此手机显示）"),
    "area.own": text("My team's area", "我隊的範圍", "我队的范围"),
    "area.legend": text("What the signs mean", "圖例", "图例"),
    "area.locate": text("Where am I", "我在哪裏", "我在哪里"),
    "area.locate-words": text(
        "Your place is shown on this phone only.",
        "你的位置只在此手機顯示。",
        "你的位置只在此手机显示。",
    ),
    "map.in": text("Zoom in", "放大", "放大"),
    "map.out": text("Zoom out", "縮小", "缩小"),
    "spot.title": text("Where is it?", "在哪裏？", "在哪里？"),
    "spot.how": text(
        "Move the map until the cross is on the place.",
        "移動地圖，使十字對準位置。",
        "移动地图，使十字对准位置。",
    ),
    "spot.go-here": text("Where I am", "我的位置", "我的位置"),
    "spot.use": text("Use this place", "使用此位置", "使用此位置"),
    "spot.here": text("where you are (± {n} m)", "你的位置（± {n} 米）", "你的位置（± {n} 米）"),
}
_LAYER: Final[dict[str, Text]] = {
    **{f"layer.{layer.key}": layer.title for layer in area_layers()},
    "layer.hazards": text("Hazards", "災害", "灾害"),
    "layer.teams": text("Teams", "隊伍", "队伍"),
}

DUTY: Final[dict[str, Text]] = _GEO | _TASK | _ORDER | _POSITION | _AREA | _LAYER
