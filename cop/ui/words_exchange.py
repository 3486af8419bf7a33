"""Words of what is exchanged with others: messages as they came, where a thing was made."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

EXCHANGE: Final[dict[str, Text]] = {
    # An alert as a message
    "cap.title": text("The message", "訊息內容", "消息内容"),
    "cap.exercise": text(
        "Exercise or test: it is not for real",
        "演練或測試：並非真實警告",
        "演练或测试：并非真实警告",
    ),
    "cap.type": text("Message", "訊息類別", "消息类别"),
    "cap.sender": text("Sender", "發送者", "发送者"),
    "cap.identifier": text("Number", "編號", "编号"),
    "cap.replaces": text("Replaces", "取代", "取代"),
    "cap.signature": text("Signature", "簽署", "签署"),
    "cap.released": text("Released", "發布時間", "发布时间"),
    "cap.released-by": text("Released by", "發布人", "发布人"),
    "cap.author": text("Written by", "撰寫人", "撰写人"),
    "cap.defects": text(
        "Not readable, or contradictory", "未能讀取或互相矛盾之處", "未能读取或互相矛盾之处"
    ),
    "cap.wordings": text("In other languages", "其他語文", "其他语文"),
    "cap.original": text("The message as it came", "原始訊息", "原始消息"),
    # Of anything
    "fact.by-way": text(
        "{name}, by way of {way}", "{name}（經 {way} 轉來）", "{name}（经 {way} 转来）"
    ),
    "fact.origin": text("Shared by", "分享自", "分享自"),
    "fact.inside": text("For whom", "供誰閱覽", "供谁阅览"),
    "inside.yes": text("not for the public", "不對外公開", "不对外公开"),
    # Codes
    "msg.Alert": text("New", "新發", "新发"),
    "msg.Update": text("Update", "更新", "更新"),
    "msg.Cancel": text("Cancelled", "取消", "取消"),
    "signature.none": text("Not signed", "沒有簽署", "没有签署"),
    "signature.valid": text("✓ Valid", "✓ 有效", "✓ 有效"),
    "signature.invalid": text(
        "✕ Invalid: not what its sender signed, or another's key",
        "✕ 無效：與發送者所簽署的不符，或並非其密鑰",
        "✕ 无效：与发送者所签署的不符，或并非其密钥",
    ),
    "signature.unchecked": text(
        "? Signed; whether by its sender cannot be told here",
        "? 已簽署，但未能核實",
        "? 已签署，但未能核实",
    ),
}
