"""Words for what is refused or cautioned about in alerts of our own and in exchange, by code."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

EXCHANGE_PROBLEMS: Final[dict[str, Text]] = {
    "alert-over": text(
        "This warning is over: make a new one.",
        "此警告已結束，請另發新警告。",
        "此警告已结束，请另发新警告。",
    ),
    "already-asked": text("Release was asked for already.", "已要求發布。", "已要求发布。"),
    "area-missing": text("There is no area yet.", "尚未有範圍。", "尚未有范围。"),
    "draft-closed": text(
        "This draft was released or discarded: begin another.",
        "此草稿已發布或棄置，請另擬一份。",
        "此草稿已发布或弃置，请另拟一份。",
    ),
    "draft-open": text(
        "A change of it is being prepared already.",
        "已有人正在擬備更改。",
        "已有人正在拟备更改。",
    ),
    "holes-covered": text(
        "A warning's area has no holes: they are covered.",
        "警告範圍不能有空洞，已一併涵蓋。",
        "警告范围不能有空洞，已一并涵盖。",
    ),
    "not-asked": text(
        "Nobody has asked for its release.", "尚未有人要求發布。", "尚未有人要求发布。"
    ),
    "not-ready": text(
        "It cannot be released as it is: see what must be mended.",
        "目前未能發布，請查看須改正的項目。",
        "目前未能发布，请查看须改正的项目。",
    ),
    "preflight": text(
        "It cannot go as it is: see what must be mended.",
        "目前未能發布，請查看須改正的項目。",
        "目前未能发布，请查看须改正的项目。",
    ),
    "source-over": text(
        "The incident was rejected or merged: choose another.",
        "該事故不成立或已合併，請另選。",
        "该事故不成立或已合并，请另选。",
    ),
    "no-answer": text(
        "Nothing has come of this need yet: there is only its request.",
        "此需求尚未有結果，目前只有要求。",
        "此需求尚未有结果，目前只有要求。",
    ),
    "wrong-form": text(
        "There is no such message of it: a need has a request and a response, an assignment a"
        " commitment and a status.",
        "沒有這類訊息：需求有要求及回應，任務有承諾及狀態。",
        "没有这类消息：需求有要求及回应，任务有承诺及状态。",
    ),
}
