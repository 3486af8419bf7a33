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
HERE: Final[Text] = text(
    "Warnings in force in Hong Kong", "香港現正生效的警告", "香港现正生效的警告"
)
MACAO: Final[Text] = text("Warnings in force in Macao", "澳門現正生效的警告", "澳门现正生效的警告")
NONE_IN_FORCE: Final[Text] = text(
    "No warning in force; checked at {time}.",
    "現時沒有警告生效；查核時間 {time}。",
    "现时没有警告生效；核查时间 {time}。",
)
UNKNOWN: Final[Text] = text(
    "No information: it is not known whether a warning is in force.",
    "沒有資料：未能得知是否有警告生效。",
    "没有资料：未能得知是否有警告生效。",
)
STALE: Final[Text] = text(
    "No new information since {time}. What is below was true then and may have changed.",
    "自 {time} 起未有新資料。以下為當時情況，可能已有變化。",
    "自 {time} 起未有新资料。以下为当时情况，可能已有变化。",
)
DOWN: Final[Text] = text(
    "This page is not being updated since {time}. Listen to radio or television.",
    "本頁自 {time} 起未能更新。請收聽電台或收看電視。",
    "本页自 {time} 起未能更新。请收听电台或收看电视。",
)
NOT_READ: Final[Text] = text(
    "The picture cannot be shown yet. Try again in a minute.",
    "暫時未能顯示實況，請於一分鐘後再試。",
    "暂时未能显示实况，请于一分钟后再试。",
)
SINCE: Final[Text] = text("since {time}", "{time} 起生效", "{time} 起生效")
AS_OF: Final[Text] = text("As of {time}", "截至 {time}", "截至 {time}")
TO_SIGN_IN: Final[Text] = text(
    "Sign in (emergency services)", "登入（應變人員）", "登录（应变人员）"
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
