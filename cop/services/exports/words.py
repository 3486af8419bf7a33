"""Every sentence of the exported files, in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cop.model.entity import Severity
from cop.model.text import Text, text

EXERCISE: Final[Text] = text("EXERCISE", "演習", "演习")
AS_OF: Final[Text] = text("As of", "截至", "截至")
LICENCE: Final[Text] = text("Terms", "使用條款", "使用条款")
SOURCES: Final[Text] = text("Sources", "資料來源", "数据来源")
NEVER: Final[Text] = text("never read", "從未讀取", "从未读取")
STALE: Final[Text] = text("overdue", "逾時未更新", "逾时未更新")
COLON: Final[Text] = text(": ", "：", "：")
LIVE: Final[Text] = text("Live picture", "實時實況", "实时实况")
CUT: Final[Text] = text(
    "Only the {most} newest of {all} are listed here; the other formats have all.",
    "此處只列出最新 {most} 項（共 {all} 項），其他格式載有全部。",
    "此处只列出最新 {most} 项（共 {all} 项），其他格式载有全部。",
)
SEVERITIES: Final[Mapping[str, Text]] = {
    Severity.EXTREME: text("Extreme", "極嚴重", "极严重"),
    Severity.SEVERE: text("Severe", "嚴重", "严重"),
    Severity.MODERATE: text("Moderate", "中等", "中等"),
    Severity.MINOR: text("Minor", "輕微", "轻微"),
}
