"""Words of the page of partners: their lines, what is shared, messages and what came of them."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

_LIST: Final[dict[str, Text]] = {
    "tab.partners": text("Partners", "協作", "协作"),
    "help.partners": text("partners and their messages", "夥伴機構及其訊息", "伙伴机构及其消息"),
    "partners": text("Partners", "夥伴機構", "伙伴机构"),
    "partners.none": text(
        "No partner is set up (each is one file)",
        "尚未設定夥伴機構（每個機構一個設定檔）",
        "尚未设置伙伴机构（每个机构一个配置文件）",
    ),
    "partners.since": text("since {time}", "{time} 起", "{time} 起"),
    "partners.by": text("{number} until {time}", "{number}，至 {time}", "{number}，至 {time}"),
    "partners.by-over": text(
        "{number} ended {time}", "{number}，已於 {time} 屆滿", "{number}，已于 {time} 届满"
    ),
    "partners.shares-line": text("We give: {kinds}", "提供：{kinds}", "提供：{kinds}"),
    "partners.takes-line": text("We take: {kinds}", "接收：{kinds}", "接收：{kinds}"),
    "partners.no-line": text("By hand", "人手傳遞", "人手传递"),
    "partners.only-messages": text("Messages only", "只互通訊息", "只互通消息"),
    "partners.came": text("received", "收到", "收到"),
    "partners.went": text("sent", "送出", "送出"),
    "partners.nothing-yet": text("Nothing received or sent yet", "未有往來", "未有往来"),
    "partners.wait": text("◔ {n} to go out", "◔ {n} 則待送", "◔ {n} 则待送"),
    "partners.new": text("● {n} to take note of", "● {n} 則待確認", "● {n} 则待确认"),
    "partners.late": text("▲ {n} late", "▲ {n} 則逾時", "▲ {n} 则逾时"),
    "partners.faults": text(
        "Files of partners that cannot be used",
        "未能使用的夥伴機構設定檔",
        "未能使用的伙伴机构设定档",
    ),
    "partners.gone": text(
        "This partner is no longer set up. What you typed stands here until you close it.",
        "此夥伴機構已不再設定。你輸入的內容會保留到你關閉為止。",
        "此伙伴机构已不再设定。你输入的内容会保留到你关闭为止。",
    ),
    "partners.only-read": text(
        "You may read this; writing to this partner and acting for it is for others.",
        "你可閱讀；與此單位通訊及處理其訊息由其他人員負責。",
        "你可阅读；与此单位通讯及处理其消息由其他人员负责。",
    ),
    "partners.open": text("Open at the partner", "在協作頁開啟", "在协作页打开"),
    "fact.via": text("By way of", "經由", "经由"),
}

_TERMS: Final[dict[str, Text]] = {
    "partners.line": text("The line", "連線", "连线"),
    "partners.state": text("State", "狀況", "状况"),
    "partners.agreement": text("Agreement", "協議", "协议"),
    "partners.holds": text("Holds", "有效期", "有效期"),
    "partners.holds-words": text("{from} to {until}", "{from} 至 {until}", "{from} 至 {until}"),
    "partners.agreed": text("What it says", "協議內容", "协议内容"),
    "partners.installation": text("Its system", "對方系統", "对方系统"),
    "partners.by-hand": text(
        "none: messages go by telephone, fax or hand",
        "沒有：以電話、傳真或人手傳遞",
        "没有：以电话、传真或人手传递",
    ),
    "partners.lei": text("LEI", "法人識別編碼", "法人识别编码"),
    "partners.agencies": text("Looked after by", "負責部門", "负责部门"),
    "partners.shares": text("We give", "本方提供", "本方提供"),
    "partners.takes": text("We take", "本方接收", "本方接收"),
    "partners.kinds-in": text("{kinds} · {areas}", "{kinds}｜{areas}", "{kinds}｜{areas}"),
    "partners.everywhere": text("everywhere", "所有地區", "所有地区"),
    "partners.box": text(
        "{south}–{north} N, {west}–{east} E",
        "北緯 {south}–{north}、東經 {west}–{east}",
        "北纬 {south}–{north}、东经 {west}–{east}",
    ),
    "partners.nothing": text("nothing", "無", "无"),
    "partners.publishers": text("Only from", "只限來自", "只限来自"),
    "partners.passing": text("Passing on", "轉交", "转交"),
    "partners.onward-yes": text("it may pass on what it gets", "可轉交所得資料", "可转交所得资料"),
    "partners.onward-no": text(
        "it may not pass on what it gets", "不得轉交所得資料", "不得转交所得资料"
    ),
    "partners.gives-onward": text(
        "what it gives may be passed on", "其提供的資料可轉交", "其提供的资料可转交"
    ),
    "partners.public": text("For the public", "公開", "公开"),
    "partners.publish-yes": text("may be shown", "可公開", "可公开"),
    "partners.publish-no": text("is not shown", "不公開", "不公开"),
    "partners.received": text("Last received", "最後收到", "最后收到"),
    "partners.sent": text("Last sent", "最後送出", "最后送出"),
    "partners.never": text("never", "從未", "从未"),
    "partners.waiting": text("Waits to go", "待送", "待送"),
    "partners.held": text("Of it on the picture", "平台上其資料", "平台上其资料"),
    "partners.failures": text("Tries in a row that failed", "連續失敗次數", "连续失败次数"),
    "partners.refused": text("Not taken", "未能接收", "未能接收"),
    "partners.timers": text("Time limits", "時限", "时限"),
    "partners.timer-acknowledge": text("take note {age}", "確認 {age}", "确认 {age}"),
    "partners.timer-task": text("task {age}", "任務 {age}", "任务 {age}"),
    "partners.timer-notice": text("public notice {age}", "公告 {age}", "公告 {age}"),
    "partners.no-timers": text("none", "沒有", "没有"),
    "partners.more": text(
        "Agreement, and what was shared under it", "協議及已分享的資料", "协议及已分享的资料"
    ),
    "partners.shared": text(
        "What was shared, and when", "已分享的資料及時間", "已分享的资料及时间"
    ),
    "partners.shared-asked": text("Last asked", "最後查詢", "最后查询"),
    "partners.shared-given": text("Last given", "最後提供", "最后提供"),
    "partners.shared-all": text("Given so far", "至今提供", "至今提供"),
    "partners.shared-now": text(
        "Since {time}, not yet in the journal", "{time} 起，未記入日誌", "{time} 起，未记入日志"
    ),
    "partners.kind-count": text("{kind} {n}", "{kind} {n}", "{kind} {n}"),
    "partners.removed": text("taken back {n}", "撤回 {n}", "撤回 {n}"),
    "partners.log": text("From the journal", "日誌紀錄", "日志记录"),
    "partners.log-none": text("No entry yet", "未有紀錄", "未有记录"),
    "partners.not-read": text(
        "What was shared cannot be read now.",
        "現時未能讀取已分享的資料。",
        "现时未能读取已分享的资料。",
    ),
    "partners.read-at": text("read at {time}", "{time} 讀取", "{time} 读取"),
}

_MESSAGES: Final[dict[str, Text]] = {
    "partners.messages": text("Messages", "訊息", "消息"),
    "partners.count": text(
        "{in} came, {out} went", "收 {in} 則，發 {out} 則", "收 {in} 则，发 {out} 则"
    ),
    "partners.no-message": text("No message yet", "未有訊息", "未有消息"),
    "partners.older": text("{n} older", "較早的 {n} 則", "较早的 {n} 则"),
    "partners.from": text("↓ From {name}", "↓ 來自{name}", "↓ 来自{name}"),
    "partners.to": text("↑ To {name}", "↑ 致{name}", "↑ 致{name}"),
    "partners.colon": {"en": ": ", "zh-Hant": "：", "zh-Hans": "："},  # `text` would trim it
    "partners.answers": text("Answers:", "回覆：", "回复："),
    "partners.about": text("About:", "關於：", "关于："),
    "partners.defects": text("Could not be read", "未能讀取之處", "未能读取之处"),
    "partners.agreement-of": text("under {number}", "根據 {number}", "根据 {number}"),
    "form.words": text("Words", "文字", "文字"),
    "form.cap": text("Warning (CAP)", "警告（CAP）", "警告（CAP）"),
    "form.edxl-rm": text("Resources (EDXL-RM)", "資源（EDXL-RM）", "资源（EDXL-RM）"),
    "form.edxl-have": text("Facilities (EDXL-HAVE)", "設施（EDXL-HAVE）", "设施（EDXL-HAVE）"),
    "form.edxl-sitrep": text(
        "Situation report (EDXL-SitRep)", "情況報告（EDXL-SitRep）", "情况报告（EDXL-SitRep）"
    ),
    "form.edxl-de": text("Documents (EDXL-DE)", "文件（EDXL-DE）", "文件（EDXL-DE）"),
    # Its way, step by step
    "step.sent": text("Sent", "送出", "送出"),
    "step.sent-by": text("Sent by {name}", "由 {name} 送出", "由 {name} 送出"),
    "step.waits": text("Waits to go out", "等待送出", "等待送出"),
    "step.received": text("Received", "收到", "收到"),
    "step.received-there": text("Received there", "對方收到", "对方收到"),
    "step.not-received": text("Not received there yet", "對方尚未收到", "对方尚未收到"),
    "step.noted": text("Noted by {name}", "{name} 已確認", "{name} 已确认"),
    "step.noted-there": text(
        "They took note ({name})", "對方已確認（{name}）", "对方已确认（{name}）"
    ),
    "step.told": text("Its sender was told", "已通知發送者", "已通知发送者"),
    "step.not-told": text("Its sender is not told yet", "尚未通知發送者", "尚未通知发送者"),
    "step.task": text("Task", "任務", "任务"),
    "step.no-task": text("No task needed: {words}", "無須任務：{words}", "无须任务：{words}"),
    "step.no-notice": text(
        "No public notice needed: {words}", "無須發布公告：{words}", "无须发布公告：{words}"
    ),
    "step.notice": text("Public notice", "公告", "公告"),
    "step.acknowledge-none": text("Nobody has taken note", "尚未確認", "尚未确认"),
    "step.acknowledge-in": text("Take note within {age}", "須於 {age}內確認", "须于 {age}内确认"),
    "step.acknowledge-late": text(
        "Late: take note by {time}", "逾時：應於 {time} 前確認", "逾时：应于 {time} 前确认"
    ),
    "step.there-none": text("They have not taken note", "對方尚未確認", "对方尚未确认"),
    "step.there-in": text(
        "They should take note within {age}", "對方應於 {age}內確認", "对方应于 {age}内确认"
    ),
    "step.there-late": text(
        "Late: they should have taken note by {time}",
        "逾時：對方應於 {time} 前確認",
        "逾时：对方应于 {time} 前确认",
    ),
    "step.task-in": text("Task within {age}", "須於 {age}內訂立任務", "须于 {age}内订立任务"),
    "step.task-late": text(
        "Late: task by {time}", "逾時：應於 {time} 前訂立任務", "逾时：应于 {time} 前订立任务"
    ),
    "step.notice-in": text("Public notice within {age}", "須於 {age}內公告", "须于 {age}内公告"),
    "step.notice-late": text(
        "Late: public notice by {time}", "逾時：應於 {time} 前公告", "逾时：应于 {time} 前公告"
    ),
}

_DEEDS: Final[dict[str, Text]] = {
    "partners.note": text("Take note", "確認收悉", "确认收悉"),
    "partners.note-there": text("They took note", "對方已確認", "对方已确认"),
    "partners.did-note": text("Taken note of", "已確認收悉", "已确认收悉"),
    "partners.need": text("Make a need…", "提出需求…", "提出需求…"),
    "partners.need-title": text(
        "Need because of this message", "按此訊息提出需求", "按此消息提出需求"
    ),
    "partners.need-for": text("For", "供予", "供予"),
    "partners.need-choose": text(
        "Choose an incident or a facility", "請選擇事故或設施", "请选择事故或设施"
    ),
    "partners.need-verb": text("Make it", "提出", "提出"),
    "partners.need-nowhere": text(
        "A need belongs to an incident or a facility: there is none yet.",
        "需求須屬於一宗事故或一個設施，現時未有。",
        "需求须属于一宗事故或一个设施，现时未有。",
    ),
    "partners.did-need": text("Need made", "已提出需求", "已提出需求"),
    "partners.task": text("Link a task…", "連結任務…", "链接任务…"),
    "partners.task-title": text(
        "What was made of this message?", "此訊息訂立了甚麼任務？", "此消息订立了什么任务？"
    ),
    "partners.link": text("Link", "連結", "链接"),
    "partners.did-link": text("Linked", "已連結", "已链接"),
    "partners.no-task": text("None…", "無須任務…", "无须任务…"),
    "partners.no-task-title": text("Why is no task needed?", "為何無須任務？", "为何无须任务？"),
    "partners.no-task-verb": text("No task", "無須任務", "无须任务"),
    "partners.draft": text("Draft a warning…", "擬備警告…", "拟备警告…"),
    "partners.draft-title": text(
        "Warn the public because of this message?",
        "按此訊息向公眾發出警告？",
        "按此消息向公众发出警告？",
    ),
    "partners.draft-from": text("Made from", "依據", "依据"),
    "partners.draft-new": text("nothing but the message", "只依據此訊息", "只依据此消息"),
    "partners.draft-verb": text("Begin a draft", "開始擬備", "开始拟备"),
    "partners.draft-hint": text(
        "It goes nowhere before somebody else has released it.",
        "須由另一人覆核發布，方會發出。",
        "须由另一人复核发布，方会发出。",
    ),
    "partners.notice": text("Link a notice…", "連結公告…", "链接公告…"),
    "partners.notice-title": text(
        "What was the public told?", "已向公眾發布甚麼？", "已向公众发布什么？"
    ),
    "partners.no-notice": text("None…", "無須公告…", "无须公告…"),
    "partners.no-notice-title": text(
        "Why need the public not be told?", "為何無須向公眾發布？", "为何无须向公众发布？"
    ),
    "partners.no-notice-verb": text("No notice", "無須公告", "无须公告"),
    "partners.answer": text("Answer", "回覆", "回复"),
    "partners.document": text(
        "Document that goes, or came, with it (CAP or EDXL, XML)",
        "隨附或收到的文件（CAP 或 EDXL，XML）",
        "随附或收到的文件（CAP 或 EDXL，XML）",
    ),
    "partners.document-exercise": text(
        "it says that it is of an exercise", "文件註明屬演習", "文件注明属演习"
    ),
    "partners.document-real": text(
        "it does not say that it is of an exercise", "文件未註明屬演習", "文件未注明属演习"
    ),
    "partners.original": text("Download the original", "下載原件", "下载原件"),
    # Writing
    "partners.write": text("Write a message", "撰寫訊息", "撰写消息"),
    "partners.writing": text("Message to {name}", "致{name}的訊息", "致{name}的消息"),
    "partners.way": text("Which way", "方向", "方向"),
    "partners.way-out": text("to the partner", "致對方", "致对方"),
    "partners.way-in": text(
        "from the partner, by telephone, fax or hand",
        "來自對方（電話、傳真或人手）",
        "来自对方（电话、传真或人手）",
    ),
    "partners.subject": text("Subject", "主題", "主题"),
    "partners.words": text("Words", "內容", "内容"),
    "partners.about-none": text(
        "Choose something on the map to say what it is about.",
        "可在地圖上選取此訊息所關乎的事項。",
        "可在地图上选取此消息所关乎的事项。",
    ),
    "partners.about-add": text("About “{title}”", "關於「{title}」", "关于“{title}”"),
    "partners.about-drop": text("Not about {title}", "與 {title} 無關", "与 {title} 无关"),
    "partners.answers-drop": text("Not an answer", "並非回覆", "并非回复"),
    "partners.as-cap": text(
        "Send the warning itself with it (CAP)", "附上警告原件（CAP）", "附上警告原件（CAP）"
    ),
    "partners.send": text("Send", "傳送", "发送"),
    "partners.write-down": text("Write down", "記錄", "记录"),
    "partners.did-send": text(
        "Message written: it goes out now", "訊息已寫妥，現正送出", "消息已写妥，现正送出"
    ),
    "partners.did-write-down": text("Message written down", "訊息已記錄", "消息已记录"),
    "partners.drop": text("Discard", "棄置", "弃置"),
    "partners.ended": text(
        "The agreement does not hold: nothing can be written to this partner.",
        "協議並非有效，不能與此單位通訊。",
        "协议并非有效，不能与此单位通讯。",
    ),
}

_FIELDS: Final[dict[str, Text]] = {
    "field.acknowledged_at": text("Taken note of", "確認時間", "确认时间"),
    "field.acknowledged_by": text("By whom", "確認人", "确认人"),
    "field.acknowledge_by": text("To be taken note of by", "確認限期", "确认限期"),
    "field.task": text("Task", "任務", "任务"),
    "field.tasked_at": text("Task decided on", "任務決定時間", "任务决定时间"),
    "field.task_by": text("Task due", "任務限期", "任务限期"),
    "field.notice": text("Public notice", "公告", "公告"),
    "field.noticed_at": text("Notice decided on", "公告決定時間", "公告决定时间"),
    "field.notice_by": text("Public notice due", "公告限期", "公告限期"),
    "field.no_task": text("No task needed because", "無須任務的原因", "无须任务的原因"),
    "field.no_notice": text(
        "No public notice needed because", "無須發布公告的原因", "无须发布公告的原因"
    ),
    "field.need": text("Need", "需求", "需求"),
    "field.not_needed": text("Not needed because", "無須處理的原因", "无须处理的原因"),
    "field.told_at": text("Its sender was told", "通知發送者時間", "通知发送者时间"),
}

PARTNER_DESK: Final[dict[str, Text]] = _LIST | _TERMS | _MESSAGES | _DEEDS | _FIELDS
