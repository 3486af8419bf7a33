"""Every sentence of the plain pages, in three languages."""

from __future__ import annotations

from typing import Final

from cop.model.text import Lang, Text, text

LANG_NAMES: Final[dict[Lang, str]] = {"en": "English", "zh-Hant": "繁體中文", "zh-Hans": "简体中文"}

TITLE: Final[Text] = text("Hong Kong hazards now", "香港災害實況", "香港灾害实况")
EXERCISE: Final[Text] = text(
    "EXERCISE: nothing on this page is real.",
    "演習：本頁內容並非真實情況。",
    "演习：本页内容并非真实情况。",
)
EXERCISE_MARK: Final[Text] = text("EXERCISE", "演習", "演习")
LATE: Final[Text] = text(
    "This page has not been kept up to date since {time}. What is below was so then and may have"
    " changed. Listen to radio or television.",
    "本頁自 {time} 起未能更新。以下為當時情況，可能已有變化。請收聽電台或收看電視。",
    "本页自 {time} 起未能更新。以下为当时情况，可能已有变化。请收听电台或收看电视。",
)
NOT_YET: Final[Text] = text(
    "The map cannot be shown yet. This page tries again by itself.",
    "暫時未能顯示地圖，本頁會自動重試。",
    "暂时未能显示地图，本页会自动重试。",
)
NO_PAGE: Final[Text] = text(
    "There is no page under this address.", "這個網址沒有頁面。", "这个网址没有页面。"
)
SIGN_IN: Final[Text] = text("Sign in", "登入", "登录")
USER: Final[Text] = text("User name", "用戶名稱", "用户名称")
PASSWORD: Final[Text] = text("Password", "密碼", "密码")
NEEDS_SCRIPT: Final[Text] = text(
    "Signing in needs JavaScript: allow it for this page.",
    "登入需要 JavaScript，請為本頁啟用。",
    "登录需要 JavaScript，请为本页启用。",
)
WRONG: Final[Text] = text(
    "The name or the password is wrong. Check both, or ask whoever manages the accounts.",
    "用戶名稱或密碼不正確。請核對，或聯絡帳戶管理員。",
    "用户名称或密码不正确。请核对，或联络账户管理员。",
)
LIMITED: Final[Text] = text(
    "Too many attempts. Try again in {seconds} seconds.",
    "嘗試次數過多，請於 {seconds} 秒後再試。",
    "尝试次数过多，请于 {seconds} 秒后再试。",
)
UNREACHABLE: Final[Text] = text(
    "The service cannot be reached. Check the connection and try again.",
    "未能連接服務，請檢查網絡後再試。",
    "未能连接服务，请检查网络后再试。",
)
TO_PUBLIC: Final[Text] = text("Public page", "公眾頁面", "公众页面")

ACCOUNT: Final[Text] = text("My account", "我的帳戶", "我的账户")
ROLE: Final[Text] = text("Role", "職責", "职责")
AGENCY: Final[Text] = text("Agency", "部門", "部门")
NO_AGENCY: Final[Text] = text("none", "沒有", "没有")
OPERATION: Final[Text] = text("Operation", "行動", "行动")
LIVE: Final[Text] = text("Live: the real city", "實時：真實情況", "实时：真实情况")
IN_EXERCISE: Final[Text] = text("Exercise ({name})", "演習（{name}）", "演习（{name}）")
ROLES: Final[dict[str, Text]] = {
    "commander": text("Commander", "指揮官", "指挥官"),
    "duty_officer": text("Duty officer", "當值主任", "当值主任"),
    "liaison": text("Agency liaison officer", "部門聯絡員", "部门联络员"),
    "field": text("Field staff", "前線人員", "前线人员"),
    "warden": text("Facility warden", "設施管理員", "设施管理员"),
    "viewer": text("Viewer", "檢視者", "检视者"),
    "machine": text("Machine", "系統", "系统"),
}
SESSIONS: Final[Text] = text("Where I am signed in", "已登入的裝置", "已登录的设备")
SESSIONS_HELP: Final[Text] = text(
    "End every session that you do not know, and tell whoever manages the accounts.",
    "如有不認得的登入，請立即結束，並通知帳戶管理員。",
    "如有不认得的登录，请立即结束，并通知账户管理员。",
)
THIS_SESSION: Final[Text] = text("this session", "目前使用中", "当前使用中")
UNKNOWN_BROWSER: Final[Text] = text("Unknown browser", "不明瀏覽器", "不明浏览器")
UNKNOWN_PLACE: Final[Text] = text("unknown address", "不明位址", "不明地址")
STARTED: Final[Text] = text("signed in {time}", "登入時間 {time}", "登录时间 {time}")
LAST_SEEN: Final[Text] = text("last used {time}", "最後使用 {time}", "最后使用 {time}")
END: Final[Text] = text("End", "結束", "结束")
END_OTHERS: Final[Text] = text("End all others", "結束所有其他登入", "结束所有其他登录")
SIGN_OUT: Final[Text] = text("Sign out", "登出", "退出")
ENDED: Final[Text] = text("The session was ended.", "該登入已結束。", "该登录已结束。")
ENDED_OTHERS: Final[Text] = text(
    "All other sessions were ended.", "所有其他登入已結束。", "所有其他登录已结束。"
)
PASSWORD_CHANGE: Final[Text] = text("Change my password", "更改我的密碼", "更改我的密码")
PASSWORD_HELP: Final[Text] = text(
    "At least 12 characters, for example four words. Your other sessions then end.",
    "最少 12 個字元，例如四個詞語。更改後其他登入會結束。",
    "最少 12 个字符，例如四个词语。更改后其他登录会结束。",
)
PASSWORD_PRESENT: Final[Text] = text("Present password", "現有密碼", "现有密码")
PASSWORD_NEW: Final[Text] = text("New password", "新密碼", "新密码")
PASSWORD_DONE: Final[Text] = text(
    "The password was changed, and your other sessions were ended.",
    "密碼已更改，其他登入已結束。",
    "密码已更改，其他登录已结束。",
)
PASSWORD_WRONG: Final[Text] = text(
    "The present password is not right.", "現有密碼不正確。", "现有密码不正确。"
)
PASSWORD_WEAK: Final[Text] = text(
    "The new password is too easy to guess: take 12 characters or more, no name, and no words that"
    " everybody here would try first.",
    "新密碼太容易被猜中：請用最少 12 個字元，不要包含用戶名稱或本機構的常用詞。",
    "新密码太容易被猜中：请用最少 12 个字符，不要包含用户名或本机构的常用词。",
)
PASSWORD_WAIT: Final[Text] = text(
    "Too many attempts: try again in a few minutes.",
    "嘗試次數過多，請數分鐘後再試。",
    "尝试次数过多，请几分钟后再试。",
)
TO_COMMAND: Final[Text] = text("To the picture", "返回實況圖", "返回实况图")
ACCOUNT_NEEDS_SCRIPT: Final[Text] = text(
    "Ending sessions needs JavaScript: allow it for this page.",
    "結束登入需要 JavaScript，請為本頁啟用。",
    "结束登录需要 JavaScript，请为本页启用。",
)

OUTSIDE: Final[Text] = text(
    "Sign in with your organisation's account", "以機構帳戶登入", "以机构账户登录"
)
OUTSIDE_PROBLEMS: Final[dict[str, Text]] = {
    "expired": text(
        "The sign-in took too long or was begun in another browser. Begin again.",
        "登入逾時，或在另一瀏覽器開始。請重新登入。",
        "登录超时，或在另一浏览器开始。请重新登录。",
    ),
    "denied": text(
        "Your organisation's sign-in was cancelled or refused you.",
        "機構登入已取消，或不獲批准。",
        "机构登录已取消，或不获批准。",
    ),
    "failed": text(
        "Your organisation's answer could not be believed. Begin again; if it happens again,"
        " tell whoever manages the accounts.",
        "機構登入的回覆未能核實。請重新登入；如再發生，請聯絡帳戶管理員。",
        "机构登录的回复未能核实。请重新登录；如再发生，请联络账户管理员。",
    ),
    "unreachable": text(
        "The sign-in cannot be completed now: a service does not answer. Try again in a minute.",
        "服務沒有回應，暫時未能登入，請於一分鐘後再試。",
        "服务没有回应，暂时未能登录，请于一分钟后再试。",
    ),
    "no-role": text(
        "Your organisation knows you, but you have no role here. Ask whoever manages the accounts.",
        "機構已核實你的身分，但你在本平台未獲分配職責。請聯絡帳戶管理員。",
        "机构已核实你的身份，但你在本平台未获分配职责。请联络账户管理员。",
    ),
    "disabled": text(
        "Your account here is disabled. Ask whoever manages the accounts.",
        "你在本平台的帳戶已停用。請聯絡帳戶管理員。",
        "你在本平台的账户已停用。请联络账户管理员。",
    ),
    "limited": text(
        "Too many attempts from your network. Try again in five minutes.",
        "你所在網絡的嘗試次數過多，請於五分鐘後再試。",
        "你所在网络的尝试次数过多，请于五分钟后再试。",
    ),
}
