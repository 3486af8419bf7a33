"""Words of alerts of our own: writing, looking before they go, release, update, extend, cancel."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

_LIST: Final[dict[str, Text]] = {
    "tab.alerting": text("Warn", "發警告", "发警告"),
    "help.alerting": text("warnings of our own", "本平台發出的警告", "本平台发出的警告"),
    "alerting": text("Warnings of our own", "本平台發出的警告", "本平台发出的警告"),
    "alerting.new": text("New warning", "新增警告", "新增警告"),
    "alerting.make": text("Make a warning", "擬備警告", "拟备警告"),
    "alerting.none": text(
        "No warning of our own in force or in preparation",
        "沒有生效或擬備中的警告",
        "没有生效或拟备中的警告",
    ),
    "alerting.in-force": text("In force", "生效中", "生效中"),
    "alerting.asked": text("Waits for a second person", "等待第二人覆核", "等待第二人复核"),
    "alerting.returned": text("Sent back", "已退回", "已退回"),
    "alerting.writing": text("Being written", "擬備中", "拟备中"),
    "alerting.by": text("written by {name}", "{name} 撰寫", "{name} 撰写"),
    "alerting.left": text("ends in {age}", "{age}後結束", "{age}后结束"),
    "alerting.soon": text("Ends soon: {age} left", "即將結束：尚餘 {age}", "即将结束：尚余 {age}"),
    "alerting.over": text(
        "Its end has passed: {time}", "已過結束時間：{time}", "已过结束时间：{time}"
    ),
    "alerting.endless": text("no end given", "沒有結束時間", "没有结束时间"),
    "alerting.waits": text("waits for {age}", "已等候 {age}", "已等候 {age}"),
    "alerting.waits-long": text("Waits long: {age}", "等候過久：{age}", "等候过久：{age}"),
    "alerting.untitled": text("Warning without a headline", "未有標題的警告", "未有标题的警告"),
    "alerting.open": text("Open", "開啟", "打开"),
    "alerting.went": text(
        "This draft is no longer there. What you typed stands here until you close it.",
        "這份草稿已不存在。你輸入的內容會保留到你關閉為止。",
        "这份草稿已不存在。你输入的内容会保留到你关闭为止。",
    ),
    "alerting.exercise": text(
        "EXERCISE: nobody outside is warned. Every message says that it is an exercise.",
        "演習：不會向外界發出警告。每則訊息均註明為演習。",
        "演习：不会向外界发出警告。每则消息均注明为演习。",
    ),
    # Making one
    "alerting.ask-event": text("What do you warn of?", "發出甚麼警告？", "发出什么警告？"),
    "alerting.begin": text("Write it", "開始撰寫", "开始撰写"),
    "alerting.begin-draw": text("Draw the area first", "先畫出範圍", "先画出范围"),
    "alerting.made": text("Draft made", "已建立草稿", "已建立草稿"),
    "alerting.update": text("Update", "更新", "更新"),
    "alerting.extend": text("Extend", "延長", "延长"),
    "alerting.cancel": text("Cancel warning", "取消警告", "取消警告"),
    "alerting.ours": text("A warning of our own", "本平台發出的警告", "本平台发出的警告"),
    "alerting.pending": text(
        "A change of it is being prepared:", "正在擬備其變更：", "正在拟备其变更："
    ),
    "alerting.is-Alert": text("New warning", "新警告", "新警告"),
    "alerting.is-Update": text("Update of: {title}", "更新：{title}", "更新：{title}"),
    "alerting.is-Cancel": text("Cancels: {title}", "取消：{title}", "取消：{title}"),
    "alerting.said": text("{name}: {words}", "{name}：{words}", "{name}：{words}"),
    "alerting.from": text("Made from", "依據", "依据"),
}

_FORM: Final[dict[str, Text]] = {
    "alerting.what": text("What", "內容", "内容"),
    "alerting.when": text("When", "時間", "时间"),
    "alerting.where": text("Where", "範圍", "范围"),
    "alerting.words": text("Words", "文字", "文字"),
    "alerting.more": text("For the reader", "供讀者查詢", "供读者查询"),
    "alerting.event_type": text("Kind of event", "事件類別", "事件类别"),
    "alerting.urgency": text("Urgency", "緊急程度", "紧急程度"),
    "alerting.certainty": text("Certainty", "確定程度", "确定程度"),
    "alerting.responses": text("What people should do", "市民應採取的行動", "市民应采取的行动"),
    "alerting.valid_from": text("Begins", "開始", "开始"),
    "alerting.valid_from-hint": text(
        "Empty: as soon as it is released", "留空：發布時即開始", "留空：发布时即开始"
    ),
    "alerting.zone": text("{time} Hong Kong time", "香港時間 {time}", "香港时间 {time}"),
    "alerting.ends_at": text("Ends", "結束", "结束"),
    "alerting.ends-in": text("{age} from now", "{age}後", "{age}后"),
    "alerting.geometry": text("Area on the map", "地圖上的範圍", "地图上的范围"),
    "alerting.back": text("Back to the warning", "返回警告", "返回警告"),
    "alerting.no-area": text("No area yet", "尚未有範圍", "尚未有范围"),
    "alerting.points": text("Area with {n} points", "範圍有 {n} 個點", "范围有 {n} 个点"),
    "alerting.draw": text("Draw on the map", "在地圖上畫出", "在地图上画出"),
    "alerting.draw-again": text("Draw again", "重畫", "重画"),
    "alerting.around": text("Area around a place", "以地點四周為範圍", "以地点四周为范围"),
    "alerting.radius": text("Radius in metres", "半徑（米）", "半径（米）"),
    "alerting.did-around": text("Area set", "已設定範圍", "已设定范围"),
    "alerting.see": text("See on the map", "在地圖上查看", "在地图上查看"),
    "alerting.title": text("Headline", "標題", "标题"),
    "alerting.event": text("Event in words", "事件名稱", "事件名称"),
    "alerting.area": text("Area in words", "範圍說明", "范围说明"),
    "alerting.description": text("What is happening", "情況說明", "情况说明"),
    "alerting.instruction": text("What to do", "應採取的行動", "应采取的行动"),
    "alerting.contact": text("Contact", "查詢", "查询"),
    "alerting.web": text("Web page", "網頁", "网页"),
    "alerting.reason": text("Reason", "原因", "原因"),
    "alerting.reason-hint": text(
        "Why it changes; published with the message", "變更原因，隨訊息發布", "变更原因，随消息发布"
    ),
    "alerting.missing": text("▲ {n} missing", "▲ 欠 {n} 項", "▲ 欠 {n} 项"),
    "alerting.whole": text("✓ complete", "✓ 齊備", "✓ 齐备"),
    "alerting.empty": text("missing in this language", "此語文未有內容", "此语文未有内容"),
    "alerting.saved": text("✓ Saved {time}", "✓ 已於 {time} 儲存", "✓ 已于 {time} 保存"),
    "alerting.unsaved": text("● Not saved yet", "● 尚未儲存", "● 尚未保存"),
    "alerting.not-saved": text(
        "✕ Not saved. What you typed is kept here.",
        "✕ 未能儲存。你輸入的內容仍保留在此。",
        "✕ 未能保存。你输入的内容仍保留在此。",
    ),
    "alerting.save": text("Save now", "立即儲存", "立即保存"),
    "alerting.ask": text("Ask for release", "要求發布", "要求发布"),
    "alerting.did-ask": text(
        "Release asked for: a second person looks at it",
        "已要求發布：由第二人覆核",
        "已要求发布：由第二人复核",
    ),
    "alerting.discard": text("Discard", "棄置", "弃置"),
    "alerting.discard-title": text("Discard this draft?", "棄置這份草稿？", "弃置这份草稿？"),
    "alerting.did-discard": text("Draft discarded", "草稿已棄置", "草稿已弃置"),
    "alerting.languages": text("Language", "語文", "语文"),
}

_CHECK: Final[dict[str, Text]] = {
    "alerting.check": text("Before it goes", "發布前檢查", "发布前检查"),
    "alerting.checking": text("Looking…", "檢查中…", "检查中…"),
    "alerting.checked": text("Looked at {time}", "{time} 檢查", "{time} 检查"),
    "alerting.check-old": text(
        "Looked at {time}; it has changed since",
        "{time} 檢查；其後有變更",
        "{time} 检查；其后有变更",
    ),
    "alerting.check-failed": text(
        "This cannot be looked at now. Trying again.",
        "現時無法檢查，正在重試。",
        "现时无法检查，正在重试。",
    ),
    "level.ok": text("in order", "妥當", "妥当"),
    "level.caution": text("caution", "注意", "注意"),
    "level.forbids": text("forbids release", "不能發布", "不能发布"),
    "level.unknown": text("not known", "不詳", "不详"),
    "alerting.sum-ok": text("Nothing stands against it", "沒有問題", "没有问题"),
    "alerting.sum-forbids": text(
        "{n} must be mended before it can go", "{n} 項須先改正才可發布", "{n} 项须先改正才可发布"
    ),
    "alerting.sum-caution": text("{n} to consider", "{n} 項須留意", "{n} 项须留意"),
    "alerting.simplify": text("Simplify the area", "簡化範圍", "简化范围"),
    "alerting.did-simplify": text("Area simplified", "範圍已簡化", "范围已简化"),
    "alerting.reach": text("Who will get it", "接收者", "接收者"),
    "alerting.map-words": text(
        "Map of the area; coast and districts of Hong Kong, {n} points",
        "範圍地圖；香港海岸線及分區，{n} 個點",
        "范围地图；香港海岸线及分区，{n} 个点",
    ),
}

_RELEASE: Final[dict[str, Text]] = {
    "alerting.review": text("What will be published", "將會發布的內容", "将会发布的内容"),
    "alerting.asked-by": text(
        "{name} asked for release at {time}",
        "{name} 於 {time} 要求發布",
        "{name} 于 {time} 要求发布",
    ),
    "alerting.release": text("Release…", "發布…", "发布…"),
    "alerting.release-now": text("Release", "發布", "发布"),
    "alerting.release-title": text("Release this warning?", "發布這項警告？", "发布这项警告？"),
    "alerting.release-exercise": text(
        "Release this warning in the exercise?", "在演習中發布這項警告？", "在演习中发布这项警告？"
    ),
    "alerting.release-read": text(
        "I have read it in all three languages and seen its area.",
        "我已閱讀三種語文的內容並查看範圍。",
        "我已阅读三种语文的内容并查看范围。",
    ),
    "alerting.release-first": text(
        "Confirm first that you have read it.", "請先確認你已閱讀。", "请先确认你已阅读。"
    ),
    "alerting.reread": text(
        "It has been changed meanwhile, and was not released. Read it again.",
        "內容其間已有變更，尚未發布。請重新閱讀。",
        "内容其间已有变更，尚未发布。请重新阅读。",
    ),
    "alerting.did-release": text("Released", "已發布", "已发布"),
    "alerting.return": text("Send back…", "退回…", "退回…"),
    "alerting.return-title": text("Send this draft back?", "退回這份草稿？", "退回这份草稿？"),
    "alerting.return-verb": text("Send back", "退回", "退回"),
    "alerting.withdraw": text("Take back", "撤回要求", "撤回要求"),
    "alerting.did-withdraw": text("Request taken back", "已撤回發布要求", "已撤回发布要求"),
    "alerting.did-return": text("Sent back", "已退回", "已退回"),
    "alerting.change": text("Change it", "修改", "修改"),
    "alerting.change-hint": text(
        "As soon as it is changed, release must be asked for again.",
        "一經修改，須再次要求發布。",
        "一经修改，须再次要求发布。",
    ),
    "alerting.own": text(
        "You wrote it or asked for its release: somebody else has to release it.",
        "此警告由你撰寫或由你要求發布，須由另一人發布。",
        "此警告由你撰写或由你要求发布，须由另一人发布。",
    ),
    "alerting.not-role": text(
        "Your role may not release warnings: a duty officer or commander does.",
        "你的角色不可發布警告，須由當值主任或指揮官發布。",
        "你的角色不可发布警告，须由当值主任或指挥官发布。",
    ),
    "alerting.forbidden": text(
        "It cannot go as long as something forbids it; see above.",
        "有項目不容許發布，見上文。",
        "有项目不容许发布，见上文。",
    ),
    "alerting.forbidden-ask": text(
        "It cannot go as long as something forbids it; see “Before it goes”.",
        "有項目不容許發布，見「發布前檢查」。",
        "有项目不容许发布，见“发布前检查”。",
    ),
    "alerting.span": text("Holds for", "有效時間", "有效时间"),
    "alerting.sent-back": text("Sent back: {reason}", "已退回：{reason}", "已退回：{reason}"),
    "alerting.begins-now": text("when it is released", "發布時", "发布时"),
    "alerting.is-released": text("It has been released.", "已經發布。", "已经发布。"),
    "alerting.is-discarded": text("It has been discarded.", "已經棄置。", "已经弃置。"),
    "alerting.see-alert": text("Show the warning", "顯示警告", "显示警告"),
    "draft.writing": text("Being written", "擬備中", "拟备中"),
    "draft.asked": text("Waits for a second person", "等待第二人覆核", "等待第二人复核"),
    "draft.returned": text("Sent back", "已退回", "已退回"),
    "draft.released": text("Released", "已發布", "已发布"),
    "draft.discarded": text("Discarded", "已棄置", "已弃置"),
}

_CODES: Final[dict[str, Text]] = {
    "urgency.Immediate": text("Act now", "立即", "立即"),
    "urgency.Expected": text("Within the hour", "一小時內", "一小时内"),
    "urgency.Future": text("Later", "稍後", "稍后"),
    "urgency.Past": text("Over", "已過去", "已过去"),
    "urgency.Unknown": text("Not known", "不詳", "不详"),
    "certainty.Observed": text("Seen", "已觀測到", "已观测到"),
    "certainty.Likely": text("Likely", "很可能", "很可能"),
    "certainty.Possible": text("Possible", "有可能", "有可能"),
    "certainty.Unlikely": text("Unlikely", "可能性低", "可能性低"),
    "certainty.Unknown": text("Not known", "不詳", "不详"),
    "response.Shelter": text("Take shelter", "就地躲避", "就地躲避"),
    "response.Evacuate": text("Evacuate", "疏散", "疏散"),
    "response.Prepare": text("Prepare", "作好準備", "作好准备"),
    "response.Execute": text("Carry out the plan", "執行預定計劃", "执行预定计划"),
    "response.Avoid": text("Keep away", "避開", "避开"),
    "response.Monitor": text("Stay informed", "留意消息", "留意消息"),
    "response.Assess": text("Judge by these words", "按內容判斷", "按内容判断"),
    "response.AllClear": text("All clear", "解除", "解除"),
    "response.None": text("Nothing to do", "無須行動", "无须行动"),
}

ALERTING: Final[dict[str, Text]] = _LIST | _FORM | _CHECK | _RELEASE | _CODES
