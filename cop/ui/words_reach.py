"""Words of the desk's side of the field: delivery, roll calls, phones, live positions."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text
from cop.services.commands.orders import ROLL_CALL

REACH: Final[dict[str, Text]] = {
    # Delivery
    "order.queued": text("Queued", "待發送", "待发送"),
    "order.sent": text("Sent", "已發送", "已发送"),
    "reach.title": text("Delivery", "送達情況", "送达情况"),
    "reach.missing": text("Not yet on any phone ({n})", "未送達手機（{n}）", "未送达手机（{n}）"),
    "reach.sent-only": text("Sent, not delivered", "已發送，未送達", "已发送，未送达"),
    "reach.nobody": text("No account belongs to it.", "沒有所屬帳戶。", "没有所属账户。"),
    "reach.no-phone": text("no phone reached", "未送達任何手機", "未送达任何手机"),
    "reach.heard": text("last heard of {age} ago", "最後聯絡 {age}前", "最后联络 {age}前"),
    "reach.never": text("never heard of", "從未聯絡", "从未联络"),
    "reach.device": text("{n} phone or page", "{n} 部裝置", "{n} 部装置"),
    "reach.devices": text("{n} phones or pages", "{n} 部裝置", "{n} 部装置"),
    "reach.no-device": text("signed in nowhere", "沒有登入任何裝置", "没有登入任何装置"),
    "reach.push-on": text("push on", "推送已開啟", "推送已打开"),
    "reach.push-off": text("push off", "推送未開啟", "推送未打开"),
    "reach.call": text("Call {words}", "致電 {words}", "致电 {words}"),
    "reach.radio": text("Contact: {words}", "聯絡：{words}", "联络：{words}"),
    "reach.not-read": text(
        "This cannot be read now. Trying again.",
        "現時無法讀取，正在重試。",
        "现时无法读取，正在重试。",
    ),
    # Roll calls
    "roll.new": text("All safe?…", "全員平安？…", "全员平安？…"),
    "roll.ask": text("Ask “All safe?”…", "查詢是否平安…", "查询是否平安…"),
    "roll.new-title": text("Roll call: all safe?", "點名：全員平安？", "点名：全员平安？"),
    "roll.intro": text(
        "Everyone addressed answers with one press: safe, or needs help.",
        "收件者一按即可回覆：平安，或需要支援。",
        "收件者一按即可回复：平安，或需要支援。",
    ),
    "roll.words": text("Words (may be left out)", "內容（可留空）", "内容（可留空）"),
    "roll.words-default": ROLL_CALL,
    "roll.confirm": text("Ask for this roll call?", "發出此點名？", "发出此点名？"),
    "roll.confirm-exercise": text(
        "Ask for this roll call in the exercise?", "向演習發出此點名？", "向演习发出此点名？"
    ),
    "roll.confirm-reply": text(
        "Each must answer by {time}. Who has not is brought to the desk.",
        "各收件者須於 {time} 前回覆，逾時者會上報當值主任。",
        "各收件者须于 {time} 前回复，逾时者会上报当值主任。",
    ),
    "roll.send": text("Ask", "發出點名", "发出点名"),
    "roll.did-send": text("Asked", "已發出點名", "已发出点名"),
    "roll.mark": text("Roll call", "點名", "点名"),
    "roll.title": text("All safe?", "全員平安？", "全员平安？"),
    "roll.asked": text("Asked {time}", "{time} 發出", "{time} 发出"),
    "roll.as-of": text("As of {time}", "截至 {time}", "截至 {time}"),
    "roll.ask-these": text(
        "Ask these “All safe?”…", "查詢以上隊伍是否平安…", "查询以上队伍是否平安…"
    ),
    "roll.by": text("answer by {time}", "請於 {time} 前回覆", "请于 {time} 前回复"),
    "roll.counted": text(
        "Counted by team; whoever is in none counts alone.",
        "按隊伍計算；不屬任何隊伍者獨立計算。",
        "按队伍计算；不属任何队伍者独立计算。",
    ),
    "roll.help": text("Needs help", "需要支援", "需要支援"),
    "roll.unreached": text("Not reached", "未送達", "未送达"),
    "roll.waiting": text("Not answered", "未回覆", "未回复"),
    "roll.safe": text("Safe", "平安", "平安"),
    "roll.all-safe": text("All say that they are safe", "全部回覆平安", "全部回复平安"),
    "roll.again": text("Ask those again…", "再次查詢未回覆者…", "再次查询未回复者…"),
    "roll.again-who": text(
        "Whoever has not answered the roll call of {time} is asked again: {n} people.",
        "{time} 點名中未回覆的 {n} 人會再次收到查詢。",
        "{time} 点名中未回复的 {n} 人会再次收到查询。",
    ),
    "order.to-silent": text("Who had not answered", "未回覆者", "未回复者"),
    "roll.print": text("Print", "列印", "打印"),
    "roll.no-account": text(
        "No account: ask them by radio.", "沒有帳戶：請用無線電查詢。", "没有账户：请用无线电查询。"
    ),
    "roll.no-place": text("No place given", "沒有提供位置", "没有提供位置"),
    "roll.make-incident": text("Make an incident of it…", "建立事故…", "建立事故…"),
    "roll.say-safe": text("We are safe", "我們平安", "我们平安"),
    "roll.say-help": text("We need help…", "我們需要支援…", "我们需要支援…"),
    "roll.say-help-verb": text("Call for help", "要求支援", "要求支援"),
    "roll.help-words": text(
        "What is needed, and where", "需要甚麼支援、在哪裡", "需要什么支援、在哪里"
    ),
    "roll.did-answer": text("Answered", "已回覆", "已回复"),
    "roll.help-title": text("{name} needs help", "{name} 需要支援", "{name} 需要支援"),
    "roll.help-report": text(
        "{name} ({team}) answered a roll call with a call for help, taken up at {time}.",
        "{name}（{team}）在點名中要求支援，{time} 處理。",
        "{name}（{team}）在点名中要求支援，{time} 处理。",
    ),
    # Phones
    "phones.title": text("Phones", "手機", "手机"),
    "phones.none": text(
        "No account belongs to it: it can be reached by radio only.",
        "沒有所屬帳戶：只能以無線電聯絡。",
        "没有所属账户：只能以无线电联络。",
    ),
    "phones.sign-ins": text("Sign-ins", "登入記錄", "登入记录"),
    "phones.since": text("signed in {age} ago", "{age}前登入", "{age}前登入"),
    "phones.used": text("used {age} ago", "{age}前使用", "{age}前使用"),
    "phones.unknown-device": text("Unknown device", "不明裝置", "不明装置"),
    "phones.end": text("End sign-ins…", "結束登入…", "结束登入…"),
    "phones.end-one": text("End…", "結束…", "结束…"),
    "phones.end-title": text(
        "End the sign-ins of {name}?", "結束 {name} 的所有登入？", "结束 {name} 的所有登入？"
    ),
    "phones.end-one-title": text(
        "End this sign-in of {name}?", "結束 {name} 的這項登入？", "结束 {name} 的这项登入？"
    ),
    "phones.end-all-words": text(
        "{name} is signed out on every phone and page, and must sign in again.",
        "{name} 會在所有裝置登出，須重新登入。",
        "{name} 会在所有装置登出，须重新登入。",
    ),
    "phones.why": text("Why", "原因", "原因"),
    "phones.end-only": text("Only sign out", "只登出", "只登出"),
    "phones.end-only-more": text(
        "What has not been sent stays on the phone until they sign in again.",
        "未傳送的資料會保留在手機，直至重新登入。",
        "未发送的资料会保留在手机，直至重新登入。",
    ),
    "phones.lost": text("The phone is lost", "手機遺失", "手机遗失"),
    "phones.lost-more": text(
        "What is stored on it is erased as soon as it has a network.",
        "手機一連上網絡，儲存的資料即被清除。",
        "手机一连上网络，储存的资料即被清除。",
    ),
    "phones.go-on": text("Go on", "繼續", "继续"),
    "phones.lost-title": text(
        "Erase what is on the phone?", "清除手機上的資料？", "清除手机上的资料？"
    ),
    "phones.lost-words": text(
        "The phone of {name} is signed out now, and erases what this system stored on it when it"
        " next reaches the network.",
        "{name} 的手機即時登出，下次連上網絡時會清除本系統儲存的資料。",
        "{name} 的手机即时登出，下次连上网络时会清除本系统储存的资料。",
    ),
    "phones.lost-unsent": text(
        "Reports on it that have not been sent are lost. This cannot be undone.",
        "手機上未傳送的報告將會失去。此操作無法還原。",
        "手机上未发送的报告将会失去。此操作无法还原。",
    ),
    "phones.lost-verb": text("Sign out and erase", "登出並清除", "登出并清除"),
    "phones.did-end": text("Signed out", "已登出", "已登出"),
    "phones.did-lost": text(
        "Signed out; the phone will be erased",
        "已登出；手機資料將會清除",
        "已登出；手机资料将会清除",
    ),
    # Live positions
    "position.live": text("live position", "即時位置", "实时位置"),
    "position.within": text("within {distance}", "誤差 {distance} 內", "误差 {distance} 内"),
    "position.last": text("last known", "最後所知", "最后所知"),
    "position.last-place": text("last known place", "最後所知位置", "最后所知位置"),
    "position.roster": text("place in the roster", "編更表所列位置", "编更表所列位置"),
    "key.live": text("Ring: live position", "外環：即時位置", "外环：实时位置"),
    "suggest.live": text("from its live position", "按即時位置", "按实时位置"),
    "suggest.last": text("from its last known place", "按最後所知位置", "按最后所知位置"),
}
