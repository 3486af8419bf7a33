"""Words of the phone's page around its screens: state, signing in, outbox, settings, messages."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

_STATE: Final[dict[str, Text]] = {
    "field.title": text("Field", "前線", "前线"),
    "field.loading": text(
        "Reading what this phone holds…", "正在讀取手機上的資料…", "正在读取手机上的资料…"
    ),
    "field.tabs": text("Screens", "畫面", "画面"),
    "field.back": text("Back", "返回", "返回"),
    "field.live": text("Live", "實時", "实时"),
    "field.slow": text("Slow network", "網絡緩慢", "网络缓慢"),
    "field.offline": text("No network", "沒有網絡", "没有网络"),
    "field.unread": text("Nothing read yet", "尚未讀取", "尚未读取"),
    "field.as-of": text(
        "As of {time} ({age} ago)", "截至 {time}（{age}前）", "截至 {time}（{age}前）"
    ),
    "field.stale": text(
        "Not confirmed since {time}. It may have changed.",
        "{time} 起未獲確認，情況可能已有變化。",
        "{time} 起未获确认，情况可能已有变化。",
    ),
    "field.unknown": text(
        "Not known: nothing could be read from the server yet.",
        "未知：尚未能從伺服器讀取資料。",
        "未知：尚未能从服务器读取资料。",
    ),
    "field.unknown-since": text(
        "Not known: no contact since {time}.",
        "未知：{time} 起沒有聯絡。",
        "未知：{time} 起没有联络。",
    ),
    "field.checked": text(
        "{words}. Checked {time}.", "{words}。{time} 檢查。", "{words}。{time} 检查。"
    ),
    "field.store-down": text(
        "The server's store is down: nothing new can arrive. What you do is kept on this phone.",
        "伺服器資料庫停止運作：沒有新資料。你的操作會保留在手機上。",
        "服务器资料库停止运作：没有新资料。你的操作会保留在手机上。",
    ),
    "field.new-version": text("There is a new version.", "有新版本。", "有新版本。"),
    "field.reload": text("Reload", "重新載入", "重新载入"),
    "field.wrong-operation": text(
        "This phone holds another operation. Reload to go to {name}.",
        "手機上的資料屬另一行動，請重新載入以進入 {name}。",
        "手机上的资料属另一行动，请重新载入以进入 {name}。",
    ),
}
_KEPT: Final[dict[str, Text]] = {
    "kept.none": text(
        "This browser cannot keep your work: a private window, or storage is switched off."
        " Use an ordinary window.",
        "此瀏覽器無法保留你的工作：可能是私密視窗或已關閉儲存功能。請使用一般視窗。",
        "此浏览器无法保留你的工作：可能是隐私窗口或已关闭储存功能。请使用一般窗口。",
    ),
    "kept.full": text(
        "This phone's storage is full: this was not kept. Make room and do it again.",
        "手機儲存空間已滿：此項未能保留。請騰出空間後再做一次。",
        "手机储存空间已满：此项未能保留。请腾出空间后再做一次。",
    ),
    "kept.signed-out": text(
        "Sign in first: it is not known whose work this is.",
        "請先登入：未知此操作屬於誰。",
        "请先登录：未知此操作属于谁。",
    ),
    "kept.here": text(
        "Kept on this phone, will be sent", "已保留在手機上，稍後發送", "已保留在手机上，稍后发送"
    ),
    "kept.sent": text("Sent and confirmed", "已發送並獲確認", "已发送并获确认"),
    "kept.present": text("It is now: {status}.", "現時狀態：{status}。", "现时状态：{status}。"),
    "kept.refused": text("Refused: {words}", "被拒絕：{words}", "被拒绝：{words}"),
}
_OUTBOX: Final[dict[str, Text]] = {
    "outbox": text("What I have done", "我的操作", "我的操作"),
    "outbox.none": text("Nothing waits to be sent", "沒有等待發送的項目", "没有等待发送的项目"),
    "outbox.waiting": text("{n} not yet sent", "{n} 項尚未發送", "{n} 项尚未发送"),
    "outbox.refused-n": text("{n} refused", "{n} 項被拒絕", "{n} 项被拒绝"),
    "outbox.others": text(
        "{n} of another account are kept apart. They are sent when that account signs in again.",
        "另有 {n} 項屬其他帳戶，會分開保留，待該帳戶再次登入時發送。",
        "另有 {n} 项属其他账户，会分开保留，待该账户再次登录时发送。",
    ),
    "outbox.send-now": text("Send now", "立即發送", "立即发送"),
    "outbox.retry": text("Try again", "再試", "再试"),
    "outbox.discard": text("Throw away", "丟棄", "丢弃"),
    "outbox.discard-title": text("Throw this away?", "丟棄此項？", "丢弃此项？"),
    "outbox.discard-words": text(
        "It has not been done and will not be done.",
        "此項尚未執行，丟棄後將不會執行。",
        "此项尚未执行，丢弃后将不会执行。",
    ),
    "outbox.discard-maybe": text(
        "It was sent before and its answer was lost: it may have been done already.",
        "此項曾發送但未收到回覆：可能已經執行。",
        "此项曾发送但未收到回复：可能已经执行。",
    ),
    "outbox.discard-now": text("It is being sent just now.", "此項正在發送。", "此项正在发送。"),
    "outbox.tries": text("{n} tries", "已嘗試 {n} 次", "已尝试 {n} 次"),
    "outbox.pieces": text(
        "{n} of {all} pieces received", "已接收 {n} / {all} 段", "已接收 {n} / {all} 段"
    ),
    "outbox.queued": text("On this phone", "在手機上", "在手机上"),
    "outbox.sending": text("Sending", "發送中", "发送中"),
    "outbox.confirmed": text("Confirmed", "已獲確認", "已获确认"),
    "outbox.refused": text("Refused", "被拒絕", "被拒绝"),
    "outbox.kind-step": text("Step of a task", "任務進度", "任务进度"),
    "outbox.kind-receipt": text("Receipt", "回執", "回执"),
    "outbox.kind-answer": text("Answer to an order", "回覆指令", "回复指令"),
    "outbox.kind-incident": text("Report", "報告", "报告"),
    "outbox.kind-photo": text("Photo", "相片", "相片"),
    "outbox.kind-entry": text("Entry of a facility", "設施記錄", "设施记录"),
    "outbox.kind-need": text("Need", "需求", "需求"),
    "outbox.kind-status": text("Status", "狀況", "状况"),
    "outbox.kind-remark": text("Remark", "備註", "备注"),
    "outbox.now": text("It is now: {words}", "現況：{words}", "现况：{words}"),
    "problem.after-refused": text(
        "What it belonged to was refused.", "其所屬項目被拒絕。", "其所属项目被拒绝。"
    ),
    "problem.photo-gone": text(
        "The photo is no longer on this phone.", "相片已不在手機上。", "相片已不在手机上。"
    ),
}
_SIGN_IN: Final[dict[str, Text]] = {
    "sign-in": text("Sign in", "登入", "登录"),
    "sign-in.name": text("User name", "用戶名稱", "用户名称"),
    "sign-in.password": text("Password", "密碼", "密码"),
    "sign-in.wrong": text(
        "Name or password is wrong.", "用戶名稱或密碼錯誤。", "用户名称或密码错误。"
    ),
    "sign-in.often": text(
        "Too many attempts. Try again in {seconds} seconds.",
        "嘗試次數過多，請於 {seconds} 秒後再試。",
        "尝试次数过多，请于 {seconds} 秒后再试。",
    ),
    "sign-in.offline": text(
        "No network: you need it to sign in.",
        "沒有網絡：登入需要網絡。",
        "没有网络：登录需要网络。",
    ),
    "sign-in.down": text(
        "The server does not answer just now. Try again soon.",
        "伺服器暫時沒有回應，請稍後再試。",
        "服务器暂时没有回应，请稍后再试。",
    ),
    "sign-in.outside": text("Sign in with your organisation", "以機構帳戶登入", "以机构账户登录"),
    "sign-in.ended": text(
        "Your sign-in has ended. Sign in again; what you did is still kept.",
        "登入已結束，請重新登入；你的操作仍然保留。",
        "登录已结束，请重新登录；你的操作仍然保留。",
    ),
    "sign-in.lost": text(
        "This phone was reported lost: everything on it has been removed.",
        "此手機已報失：所有資料已移除。",
        "此手机已报失：所有资料已移除。",
    ),
    "sign-in.waiting": text(
        "{n} actions of {name} wait on this phone.",
        "手機上有 {name} 的 {n} 項操作等待發送。",
        "手机上有 {name} 的 {n} 项操作等待发送。",
    ),
    "sign-out.title": text("Sign out?", "登出？", "登出？"),
    "sign-out.words": text(
        "Everything about your duty is removed from this phone.",
        "手機上所有職務資料將被移除。",
        "手机上所有职务资料将被移除。",
    ),
    "sign-out.unsent": text(
        "{n} actions have not been sent. If you throw them away, they are not done.",
        "{n} 項操作尚未發送。如丟棄，將不會執行。",
        "{n} 项操作尚未发送。如丢弃，将不会执行。",
    ),
    "sign-out.send": text("Send, then sign out", "發送後登出", "发送后登出"),
    "sign-out.throw": text("Throw away and sign out", "丟棄並登出", "丢弃并登出"),
    "sign-out.stay": text("Stay", "留下", "留下"),
    "sign-out.not-sent": text(
        "They could not be sent: you are still signed in.",
        "未能發送：你仍然登入。",
        "未能发送：你仍然登录。",
    ),
}
_MORE: Final[dict[str, Text]] = {
    "more.account": text("Account", "帳戶", "账户"),
    "more.theme": text("Colours", "顏色", "颜色"),
    "more.theme-auto": text("As the phone", "跟隨手機", "跟随手机"),
    "more.theme-light": text("Sun (light)", "日間（淺色）", "日间（浅色）"),
    "more.theme-dark": text("Night (dark)", "夜間（深色）", "夜间（深色）"),
    "more.size": text("Size of text", "文字大小", "文字大小"),
    "more.push": text("Messages while closed", "關閉時通知", "关闭时通知"),
    "more.push-words": text(
        "The phone tells you of a new task or order even when this page is closed.",
        "即使關閉此頁，手機仍會通知你新任務或指令。",
        "即使关闭此页，手机仍会通知你新任务或指令。",
    ),
    "more.push-on": text("Turn on", "開啟", "开启"),
    "more.push-off": text("Turn off", "關閉通知", "关闭通知"),
    "more.push-is-on": text("On for this phone", "此手機已開啟", "此手机已开启"),
    "more.push-denied": text(
        "The browser forbids it: allow notifications for this site in its settings.",
        "瀏覽器不允許：請在設定中允許此網站的通知。",
        "浏览器不允许：请在设置中允许此网站的通知。",
    ),
    "more.push-none": text(
        "This browser cannot do it. On an iPhone, first add this page to the home screen.",
        "此瀏覽器不支援。如用 iPhone，請先將此頁加入主畫面。",
        "此浏览器不支持。如用 iPhone，请先将此页加入主屏幕。",
    ),
    "more.push-no-key": text(
        "The server has no key for it: tasks arrive while this page is open.",
        "伺服器未設定：任務只會在此頁開啟時送達。",
        "服务器未设置：任务只会在此页开启时送达。",
    ),
    "more.push-failed": text(
        "It could not be turned on: try again with network.",
        "未能開啟：請在有網絡時再試。",
        "未能开启：请在有网络时再试。",
    ),
    "more.stored": text("Stored on this phone", "手機上的資料", "手机上的资料"),
    "more.stored-duty": text("My duty and area", "我的職責及範圍", "我的职责及范围"),
    "more.stored-outbox": text("What I have done, with photos", "我的操作及相片", "我的操作及相片"),
    "more.stored-files": text("The page and its map", "此頁及地圖", "此页及地图"),
    "more.stored-clear": text("Clear map tiles", "清除地圖圖塊", "清除地图图块"),
    "more.stored-cleared": text("Cleared", "已清除", "已清除"),
    "more.stored-kept": text(
        "The browser keeps it until you sign out.",
        "瀏覽器會保留至你登出。",
        "浏览器会保留至你登出。",
    ),
    "more.stored-maybe": text(
        "The browser may remove it when the phone is full. Add this page to the home screen.",
        "手機空間不足時瀏覽器可能移除資料。請將此頁加入主畫面。",
        "手机空间不足时浏览器可能移除资料。请将此页加入主屏幕。",
    ),
    "more.kilobytes": text("{n} KB", "{n} KB", "{n} KB"),
    "more.version": text("Version {version}", "版本 {version}", "版本 {version}"),
}
_UI: Final[dict[str, Text]] = {
    "ui.radio": text("Radio: {words}", "無線電：{words}", "无线电：{words}"),
    "ui.call": text("Call {name}", "致電 {name}", "致电 {name}"),
    "ui.reason": text("Reason", "原因", "原因"),
    "ui.reason-needed": text("Say why.", "請說明原因。", "请说明原因。"),
    "ui.confirm": text("Confirm", "確定", "确定"),
    "ui.cancel": text("Cancel", "取消", "取消"),
    "ui.broken": text(
        "This screen could not be drawn: {words}",
        "未能顯示此畫面：{words}",
        "未能显示此画面：{words}",
    ),
    "push.task": text("New task", "新任務", "新任务"),
    "push.order": text("Order", "指令", "指令"),
    "push.roll-call": text("All safe? Answer now", "是否安全？請即回覆", "是否安全？请即回复"),
    "push.news": text("Look at your duty", "請查看你的職責", "请查看你的职责"),
    "push.exercise": text("EXERCISE: {words}", "演習：{words}", "演习：{words}"),
    "push.signed-out": text(
        "Sign in to see what is new", "請登入查看最新消息", "请登录查看最新消息"
    ),
}

SHELL: Final[dict[str, Text]] = _STATE | _KEPT | _OUTBOX | _SIGN_IN | _MORE | _UI
