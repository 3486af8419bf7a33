"""Words of the phone's report, photos, facility and needs."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

_QUICK: Final[dict[str, Text]] = {
    "quick.tab": text("Report", "報告", "报告"),
    "quick.what": text("What is it?", "發生甚麼事？", "发生什么事？"),
    "quick.about": text("About my task: {title}", "關於我的任務：{title}", "关于我的任务：{title}"),
    "quick.about-task": text("About my task", "關於我的任務", "关于我的任务"),
    "quick.change": text("Change", "更改", "更改"),
    "quick.where": text("Where", "地點", "地点"),
    "quick.gps-asking": text("Looking for your place…", "正在尋找你的位置…", "正在寻找你的位置…"),
    "quick.gps-denied": text(
        "This phone may not tell its place. Place it on the map, or say where in words.",
        "手機不允許提供位置。請在地圖上標示，或以文字說明地點。",
        "手机不允许提供位置。请在地图上标示，或以文字说明地点。",
    ),
    "quick.gps-none": text(
        "No place found. Place it on the map, or say where in words.",
        "找不到位置。請在地圖上標示，或以文字說明地點。",
        "找不到位置。请在地图上标示，或以文字说明地点。",
    ),
    "quick.within": text("Here, within {n}", "就在此處，誤差 {n}以內", "就在此处，误差 {n}以内"),
    "quick.only-within": text(
        "Only within {n}: place it on the map",
        "誤差達 {n}：請在地圖上標示",
        "误差达 {n}：请在地图上标示",
    ),
    "quick.on-map": text("Placed on the map: {at}", "已在地圖上標示：{at}", "已在地图上标示：{at}"),
    "quick.at-task": text("At the place of my task", "在我的任務地點", "在我的任务地点"),
    "quick.pick": text("Place it on the map", "在地圖上標示", "在地图上标示"),
    "quick.use-gps": text("Use this phone's place", "使用手機位置", "使用手机位置"),
    "quick.use-task": text("At my task", "在我的任務地點", "在我的任务地点"),
    "quick.no-map": text(
        "The map could not be loaded. Say where in words.",
        "未能載入地圖，請以文字說明地點。",
        "未能载入地图，请以文字说明地点。",
    ),
    "quick.place": text("Where, in words", "地點（文字）", "地点（文字）"),
    "quick.words": text("What you see (may be left out)", "情況（可不填）", "情况（可不填）"),
    "quick.remark-words": text("What you see", "情況", "情况"),
    "quick.how-bad": text("How bad", "嚴重程度", "严重程度"),
    "quick.hurt": text("People hurt or trapped", "傷者或被困者", "伤者或被困者"),
    "quick.fewer": text("Fewer: {what}", "減少：{what}", "减少：{what}"),
    "quick.more": text("More: {what}", "增加：{what}", "增加：{what}"),
    "quick.send": text("Send", "發送", "发送"),
    "quick.no-place": text("No place yet", "尚未有地點", "尚未有地点"),
    "quick.no-place-words": text(
        "Without a place nobody can find it. Say where it is, or place it on the map.",
        "沒有地點便無法找到現場。請說明地點，或在地圖上標示。",
        "没有地点便无法找到现场。请说明地点，或在地图上标示。",
    ),
    "quick.send-anyway": text("Send without the map", "不標示地圖直接發送", "不标示地图直接发送"),
    "quick.say-something": text(
        "Write something or add a photo.", "請輸入文字或加入相片。", "请输入文字或加入相片。"
    ),
    "quick.no-photo": text(
        "Its publisher keeps this report: photos go with a report of your own.",
        "此報告由發布機構維護：如有相片，請另行報告。",
        "此报告由发布机构维护：如有相片，请另行报告。",
    ),
    "quick.remark": text("Remark about my task", "任務備註", "任务备注"),
    "quick.sent": text("Reported from this phone", "已用此手機報告", "已用此手机报告"),
    "quick.task-needs": text(
        "Ask for something for my task", "為我的任務提出需求", "为我的任务提出需求"
    ),
}
_PHOTO: Final[dict[str, Text]] = {
    "photo.title": text("Photos", "相片", "相片"),
    "photo.label": text("Photo", "相片", "相片"),
    "photo.take": text("Take a photo", "拍照", "拍照"),
    "photo.choose": text("Choose photos", "選擇相片", "选择相片"),
    "photo.add": text("Add a photo", "加入相片", "加入相片"),
    "photo.one": text("Photo", "相片", "相片"),
    "photo.number": text("Photo {n}", "第 {n} 張相片", "第 {n} 张相片"),
    "photo.remove": text("Take out photo {n}", "移除第 {n} 張相片", "移除第 {n} 张相片"),
    "photo.preparing": text(
        "Making photo {n} of {all} smaller…",
        "正在縮小第 {n} / {all} 張相片…",
        "正在缩小第 {n} / {all} 张相片…",
    ),
    "photo.unfit": text("{name}: {why}", "{name}：{why}", "{name}：{why}"),
    "photo.type": text("This is not a picture.", "這不是圖片。", "这不是图片。"),
    "photo.large": text("The picture is too large.", "圖片太大。", "图片太大。"),
    "photo.heic": text(
        "This browser cannot read HEIC pictures. Take the photo here, or set the camera to"
        " “most compatible” (JPEG).",
        "此瀏覽器無法讀取 HEIC 圖片。請在此拍照，或將相機設為「最兼容」（JPEG）。",
        "此浏览器无法读取 HEIC 图片。请在此拍照，或将相机设为“最兼容”（JPEG）。",
    ),
    "photo.broken": text(
        "This picture cannot be read: it may be damaged.",
        "無法讀取此圖片，檔案可能已損壞。",
        "无法读取此图片，文件可能已损坏。",
    ),
    "photo.most": text("At most {n} photos.", "最多 {n} 張相片。", "最多 {n} 张相片。"),
    "photo.stands": text("Photo {n}: {state}", "第 {n} 張相片：{state}", "第 {n} 张相片：{state}"),
    "photo.waiting": text("on this phone", "在手機上", "在手机上"),
    "photo.pieces": text(
        "{n} of {all} pieces received", "已接收 {n} / {all} 段", "已接收 {n} / {all} 段"
    ),
    "photo.received": text("received", "已收到", "已收到"),
    "photo.refused": text("refused", "被拒絕", "被拒绝"),
}
_WARD: Final[dict[str, Text]] = {
    "work.fewer": text("{n} fewer: {what}", "減少 {n}：{what}", "减少 {n}：{what}"),
    "work.more": text("{n} more: {what}", "增加 {n}：{what}", "增加 {n}：{what}"),
    "ward.tab": text("Facility", "設施", "设施"),
    "ward.none": text("No facility is yours", "沒有由你管理的設施", "没有由你管理的设施"),
    "ward.which": text("Which facility", "選擇設施", "选择设施"),
    "ward.as-of": text("As of {time}", "截至 {time}", "截至 {time}"),
    "ward.people": text("People", "人數", "人数"),
    "ward.count": text("Count…", "點算…", "点算…"),
    "ward.counted": text("People counted", "點算人數", "点算人数"),
    "ward.counted-n": text("Counted: {n}", "點算：{n}", "点算：{n}"),
    "ward.room": text(
        "Room for {n} more of {all}", "尚可容納 {n} 人（共 {all}）", "尚可容纳 {n} 人（共 {all}）"
    ),
    "ward.no-room": text("No room left of {all}", "已達容量 {all} 人", "已达容量 {all} 人"),
    "ward.uncounted": text(
        "Not counted yet; {n} places", "尚未點算；可容納 {n} 人", "尚未点算；可容纳 {n} 人"
    ),
    "ward.waiting-none": text("Waiting: not counted yet", "輪候：尚未點算", "轮候：尚未点算"),
    "ward.over": text(
        "{n} more than there is room for ({all})",
        "超出容量 {n} 人（共 {all}）",
        "超出容量 {n} 人（共 {all}）",
    ),
    "ward.waiting": text("{n} only on this phone yet", "{n} 項只在此手機上", "{n} 项只在此手机上"),
    "ward.waiting-by": text(
        "{by} only on this phone yet", "{by} 只在此手機上", "{by} 只在此手机上"
    ),
    "ward.only-here": text("only on this phone yet", "只在此手機上", "只在此手机上"),
    "ward.other-door": text("{n} by another door", "另一處輸入 {n}", "另一处输入 {n}"),
    "ward.undo": text("Undo", "還原", "撤销"),
    "ward.undo-of": text("Undo {what}", "還原 {what}", "撤销 {what}"),
    "ward.number": text("Give a whole number.", "請輸入整數。", "请输入整数。"),
    "ward.say-why": text("Say why…", "說明原因…", "说明原因…"),
    "ward.was-lower": text(
        "{what}: this is fewer than the counter.",
        "{what}：少於現有記錄。",
        "{what}：少于现有记录。",
    ),
    "ward.send-again": text("Send again", "再次發送", "再次发送"),
    "ward.forget": text("Understood, throw away", "明白，丟棄", "明白，丢弃"),
    "ward.waiting-all": text("Waiting in all: {n}", "輪候總數：{n}", "轮候总数：{n}"),
    "ward.stock": text("Staff and stock", "人手及物資", "人手及物资"),
    "ward.change-stock": text("Enter staff and stock…", "輸入人手及物資…", "输入人手及物资…"),
    "ward.item": text("Another item", "其他物資", "其他物资"),
    "ward.add-item": text("Add item", "加入物資", "加入物资"),
    "ward.last": text("Last entries", "最近記錄", "最近记录"),
    "ward.you": text("you", "你", "你"),
}
_WANT: Final[dict[str, Text]] = {
    "want.none": text("Nothing was asked for", "沒有提出需求", "没有提出需求"),
    "want.title": text("What is needed: {name}", "需要甚麼：{name}", "需要什么：{name}"),
    "want.what": text("What", "物資或人手", "物资或人手"),
    "want.how-many": text("How many", "數量", "数量"),
    "want.by": text("Needed within", "需於何時前到達", "需于何时前到达"),
    "want.no-time": text("No limit", "沒有限期", "没有限期"),
    "want.urgent": text("Urgent", "緊急", "紧急"),
    "want.words": text("For what (may be left out)", "用途（可不填）", "用途（可不填）"),
    "want.choose": text("Choose what is needed.", "請選擇所需項目。", "请选择所需项目。"),
    "want.not-known": text(
        "Not known what was asked for before.", "未知之前提出的需求。", "未知之前提出的需求。"
    ),
}

WORK: Final[dict[str, Text]] = _QUICK | _PHOTO | _WARD | _WANT
