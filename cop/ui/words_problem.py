"""Words for what the server refuses or cautions about, by status and by code."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text
from cop.ui.words_problem_exchange import EXCHANGE_PROBLEMS

_BY_STATUS: Final[dict[str, Text]] = {
    "network": text(
        "The network does not answer. Nothing you typed is lost; try again.",
        "網絡沒有回應。輸入的內容仍然保留，請再試。",
        "网络没有回应。输入的内容仍然保留，请再试。",
    ),
    "400": text("This could not be read.", "無法讀取此項要求。", "无法读取此项要求。"),
    "403": text("You may not do this.", "你沒有權限執行此操作。", "你没有权限执行此操作。"),
    "404": text("It is no longer on the picture.", "此項已不在平台上。", "此项已不在平台上。"),
    "409": text(
        "This is not possible in its present state.",
        "在目前狀況下不能這樣做。",
        "在目前状况下不能这样做。",
    ),
    "412": text(
        "Somebody has changed it meanwhile.", "其間已有人作出更改。", "其间已有人作出更改。"
    ),
    "413": text("It is too large.", "檔案太大。", "文件太大。"),
    "415": text("This kind of file is not taken.", "不接受此類檔案。", "不接受此类文件。"),
    "422": text("This could not be taken as it is.", "未能接受此項內容。", "未能接受此项内容。"),
    "428": text(
        "The version is missing: reload the page.",
        "缺少版本：請重新載入頁面。",
        "缺少版本：请重新载入页面。",
    ),
    "429": text("Too many requests. Wait a moment.", "要求過多，請稍候。", "请求过多，请稍候。"),
    "500": text(
        "The server could not do it. Nothing you typed is lost; try again.",
        "伺服器未能處理。輸入的內容仍然保留，請再試。",
        "服务器未能处理。输入的内容仍然保留，请再试。",
    ),
}
_BY_CODE: Final[dict[str, Text]] = {
    "agency-missing": text("Name an agency.", "請選擇部門。", "请选择部门。"),
    "already-cancelled": text("It was taken back already.", "此項已撤回。", "此项已撤回。"),
    "already-merged": text(
        "One of the reports is merged into another.",
        "其中一個報告已併入另一報告。",
        "其中一个报告已并入另一报告。",
    ),
    "already-past": text(
        "That was done already, or has ended; nothing was changed.",
        "此步驟之前已完成或任務已結束，沒有更改。",
        "此步骤之前已完成或任务已结束，没有更改。",
    ),
    "answer-missing": text(
        "Say whether you are safe or need help.",
        "請回覆平安或需要支援。",
        "请回复平安或需要支援。",
    ),
    "below-zero": text(
        "More would leave than are there.", "離開人數多於現有人數。", "离开人数多于现有人数。"
    ),
    "busy": text(
        "Too many are changing this at once. Try again.",
        "多人同時更改此項，請再試。",
        "多人同时更改此项，请再试。",
    ),
    "camera-black": text("The camera shows only black.", "攝影機畫面全黑。", "摄影机画面全黑。"),
    "camera-blurred": text("The camera is out of focus.", "攝影機畫面模糊。", "摄影机画面模糊。"),
    "camera-broken": text(
        "What the camera gives is no picture.", "攝影機傳送的不是畫面。", "摄影机传送的不是画面。"
    ),
    "camera-frozen": text(
        "The camera gives the same picture again and again.",
        "攝影機畫面凝住不動。",
        "摄影机画面凝住不动。",
    ),
    "camera-late": text(
        "No picture came in time. Try again, or look at another camera.",
        "未能及時取得畫面。請再試，或查看其他攝影機。",
        "未能及时取得画面。请再试，或查看其他摄影机。",
    ),
    "camera-missing": text(
        "The camera gives no picture now.", "攝影機現時沒有畫面。", "摄影机目前没有画面。"
    ),
    "camera-moved": text(
        "The camera was turned or covered.", "攝影機被移動或遮擋。", "摄影机被移动或遮挡。"
    ),
    "camera-wrong_size": text(
        "The camera's picture has another size than it should.",
        "攝影機畫面尺寸不符。",
        "摄影机画面尺寸不符。",
    ),
    "cancelled": text("This was cancelled.", "此項已取消。", "此项已取消。"),
    "changed-since": text(
        "It was changed again meanwhile: look at how it is now.",
        "其間再有更改，請查看現況。",
        "其间再有更改，请查看现况。",
    ),
    "cleared": text("Its cause has gone.", "起因已消除。", "起因已消除。"),
    "clock-off": text(
        "The clock of the phone seems wrong: the time was put right.",
        "手機時鐘似乎有誤，時間已作修正。",
        "手机时钟似乎有误，时间已作修正。",
    ),
    "double-assigned": text(
        "This team has another task as well.",
        "該隊伍同時有另一項任務。",
        "该队伍同时有另一项任务。",
    ),
    "due-in-the-past": text(
        "The time is past: say a later one.", "時間已過，請選較後時間。", "时间已过，请选较后时间。"
    ),
    "from-zero": text(
        "Nobody had counted yet: counted from 0.",
        "之前沒有點算，由 0 起計。",
        "之前没有点算，由 0 起计。",
    ),
    "full": text("It is full.", "已滿。", "已满。"),
    "has-parts": text(
        "It has parts of its own: move those first.",
        "此事故有分事故，請先移走。",
        "此事故有分事故，请先移走。",
    ),
    "has-twin": text(
        "Another entry stands for it already.", "已有另一項代表此設施。", "已有另一项代表此设施。"
    ),
    "in-the-future": text(
        "The time lies ahead: check the clock.",
        "時間在未來，請檢查時鐘。",
        "时间在未来，请检查时钟。",
    ),
    "incident-ended": text(
        "The incident is over: open it again, or choose another.",
        "事故已結束：請重開或選擇另一事故。",
        "事故已结束：请重开或选择另一事故。",
    ),
    "keepers-own": text(
        "Entered in its keeper's own record.", "已記入管理員的記錄。", "已记入管理员的记录。"
    ),
    "key-used": text(
        "This was done already; it is not done twice.",
        "此項已完成，不會重複執行。",
        "此项已完成，不会重复执行。",
    ),
    "merged": text(
        "It is merged into another: change that one.",
        "已併入另一事故，請更改該事故。",
        "已并入另一事故，请更改该事故。",
    ),
    "more-than-asked": text(
        "More came than was asked for.", "到達數量多於所需。", "到达数量多于所需。"
    ),
    "no-room": text(
        "Too many pictures are on their way: send it again later.",
        "正在上載的相片過多，請稍後再試。",
        "正在上传的照片过多，请稍后再试。",
    ),
    "nobody": text(
        "No account would receive this: address others.",
        "沒有帳戶會收到，請選擇其他對象。",
        "没有账户会收到，请选择其他对象。",
    ),
    "not-a-roll-call": text(
        "This order asks nothing: acknowledge it.",
        "此指令並非點名，請確認收悉。",
        "此指令并非点名，请确认收悉。",
    ),
    "not-a-member": text("It is not one of these reports.", "不屬於這些報告。", "不属于这些报告。"),
    "not-a-parent": text(
        "It cannot be the major incident of this one.",
        "不能作為此事故的主事故。",
        "不能作为此事故的主事故。",
    ),
    "not-a-publishers": text(
        "Only what a feed reports can be stood for.",
        "只可代表資料來源提供的設施。",
        "只可代表资料来源提供的设施。",
    ),
    "not-named": text("Say its type and its name.", "請填寫類別及名稱。", "请填写类别及名称。"),
    "not-next": text("That step cannot come next.", "目前不能進入該階段。", "目前不能进入该阶段。"),
    "not-open": text(
        "Only open reports can be merged.", "只可合併未結束的報告。", "只可合并未结束的报告。"
    ),
    "not-proposed": text("It was decided already.", "此項已有決定。", "此项已有决定。"),
    "not-the-newest": text(
        "Something newer was entered: this stands in the journal alone.",
        "已有較新記錄，此項只記入日誌。",
        "已有较新记录，此项只记入日志。",
    ),
    "not-undoable": text("This cannot be undone.", "此項不能還原。", "此项不能撤销。"),
    "not-verified": text(
        "Nobody has verified this incident yet.", "此事故尚未核實。", "此事故尚未核实。"
    ),
    "not-yet": text(
        "This is still to come: check the clock.",
        "時間未到，請檢查時鐘。",
        "时间未到，请检查时钟。",
    ),
    "nothing-assigned": text("It has no open task.", "沒有進行中的任務。", "没有进行中的任务。"),
    "nothing-left": text(
        "Fewer than two of these reports are open.",
        "未結束的報告少於兩個。",
        "未结束的报告少于两个。",
    ),
    "older-position": text(
        "A later position is known and was kept.", "已保留較新的位置。", "已保留较新的位置。"
    ),
    "off-duty": text(
        "Not on duty: no position is shared.",
        "不在當值，不會分享位置。",
        "不在当值，不会分享位置。",
    ),
    "one-report": text(
        "Name at least two reports.", "請選擇至少兩個報告。", "请选择至少两个报告。"
    ),
    "others-left-out": text(
        "Some were left out.", "部分項目沒有包括在內。", "部分项目没有包括在内。"
    ),
    "out-of-service": text(
        "It is out of service: choose another.",
        "已暫停服務，請選擇其他。",
        "已暂停服务，请选择其他。",
    ),
    "over-capacity": text(
        "More people than there is room for.", "人數超過可容納人數。", "人数超过可容纳人数。"
    ),
    "parts-open": text(
        "It has parts that are still open.", "尚有未結束的分事故。", "尚有未结束的分事故。"
    ),
    "people-inside": text(
        "It is closed with people in it.", "關閉時仍有人在內。", "关闭时仍有人在内。"
    ),
    "push-not-set-up": text(
        "There are no push messages here: keep the page open instead.",
        "此處沒有推送訊息，請保持頁面開啟。",
        "此处没有推送消息，请保持页面打开。",
    ),
    "piece-differs": text(
        "Another picture was sent in its place: take it again.",
        "已上載的相片內容不同，請重新拍攝。",
        "已上传的照片内容不同，请重新拍摄。",
    ),
    "nothing-seen": text(
        "No alarm stands there any more.", "該處的警報已解除。", "该处的警报已解除。"
    ),
    "reported-already": text(
        "An incident was made of this already.", "已由此建立事故。", "已由此建立事故。"
    ),
    "publishers-own": text(
        "Its publisher keeps this: nobody else may change it.",
        "由發布機構維護，其他人不能更改。",
        "由发布机构维护，其他人不能更改。",
    ),
    "reason-missing": text("Say why.", "請說明原因。", "请说明原因。"),
    "reply-by-in-the-past": text(
        "The time is past: say a later one.", "時間已過，請選較後時間。", "时间已过，请选较后时间。"
    ),
    "same-resource": text(
        "This team has the task already.", "該隊伍已有此任務。", "该队伍已有此任务。"
    ),
    "shown-before": text(
        "It was shown already and is not shown twice.",
        "已顯示過，不會再次顯示。",
        "已显示过，不会再次显示。",
    ),
    "split": text("These reports are apart already.", "這些報告已經分開。", "这些报告已经分开。"),
    "stale": text(
        "Somebody has changed it meanwhile.", "其間已有人作出更改。", "其间已有人作出更改。"
    ),
    "still-assigned": text(
        "It still has an open task.", "仍有未完成的任務。", "仍有未完成的任务。"
    ),
    "still-verified": text(
        "The incident is not marked as responding yet.",
        "事故尚未標示為處理中。",
        "事故尚未标示为处理中。",
    ),
    "subject-over": text("The incident is over.", "事故已結束。", "事故已结束。"),
    "taken": text("Somebody looks after it.", "已有人跟進。", "已有人跟进。"),
    "too-late": text("It is too late for this.", "已超過時限。", "已超过时限。"),
    "too-many": text("No more can be added.", "不能再加入。", "不能再加入。"),
    "too-many-uploads": text(
        "Too many pictures are unfinished.", "未完成上載的相片過多。", "未完成上传的照片过多。"
    ),
    "too-many-items": text("No more items can be added.", "不能再加入項目。", "不能再加入项目。"),
    "unreachable": text(
        "Some have no account: reach them by radio or telephone.",
        "部分對象沒有帳戶，請以電台或電話聯絡。",
        "部分对象没有账户，请以电台或电话联络。",
    ),
    "upload-damaged": text(
        "The picture was damaged on its way: send it again.",
        "相片在傳送時損壞，請重新上載。",
        "照片在传送时损坏，请重新上传。",
    ),
    "upload-incomplete": text(
        "Parts of the picture are missing: send it again.",
        "相片未完整上載，請再試。",
        "照片未完整上传，请再试。",
    ),
    "vision-down": text(
        "The process that looks at cameras is down: no live view.",
        "攝影機處理程式停止運作：沒有即時畫面。",
        "摄影机处理程序停止运作：没有实时画面。",
    ),
    "no-password": text(
        "You sign in through a provider: change the password there.",
        "你經身分提供者登入，請在該處更改密碼。",
        "你经身份提供者登录，请在该处更改密码。",
    ),
    "wrong-password": text(
        "The present password is not right.", "現有密碼不正確。", "现有密码不正确。"
    ),
    "was-resting": text(
        "The team was resting: its people must know.",
        "該隊伍正在休息，請通知隊員。",
        "该队伍正在休息，请通知队员。",
    ),
}

PROBLEMS: Final[dict[str, Text]] = {
    f"problem.{code}": words for code, words in (_BY_STATUS | EXCHANGE_PROBLEMS | _BY_CODE).items()
}
