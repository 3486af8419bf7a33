"""Names of fields as the journal says them, and names for what has no title of its own."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

_FIELDS: Final[dict[str, Text]] = {
    "access": text("Access", "無障礙設施", "无障碍设施"),
    "acknowledged_at": text("Acknowledged", "確認時間", "确认时间"),
    "addressees": text("To whom", "發給", "发给"),
    "agency": text("Agency", "部門", "部门"),
    "also": text("Other tasks then", "當時其他任務", "当时其他任务"),
    "area": text("Area", "範圍", "范围"),
    "assignments": text("Tasks", "任務", "任务"),
    "body": text("Words of the order", "指令內容", "指令内容"),
    "cancelled_at": text("Taken back", "收回時間", "收回时间"),
    "capacity": text("Capacity", "容量", "容量"),
    "cleared_at": text("Settled", "了結時間", "了结时间"),
    "colour": text("Colour", "顏色", "颜色"),
    "contact": text("Contact", "聯絡", "联络"),
    "decided_at": text("Decided", "決定時間", "决定时间"),
    "decided_by": text("Decided by", "決定人", "决定人"),
    "delivered_at": text("Delivered", "送達時間", "送达时间"),
    "expires_at": text("Goes away", "移除時間", "移除时间"),
    "facility_type": text("Type of facility", "設施類別", "设施类别"),
    "handed_over_from": text("Taken over from", "接手自", "接手自"),
    "handed_over_to": text("Handed over to", "已移交", "已移交"),
    "issued_at": text("Issued", "發出時間", "发出时间"),
    "issued_by": text("Issued by", "發出人", "发出人"),
    "likeness": text("How alike", "相似程度", "相似程度"),
    "order": text("Order", "指令", "指令"),
    "read_at": text("Read", "閱讀時間", "阅读时间"),
    "recipient": text("Recipient", "收件人", "收件人"),
    "occupancy": text("People", "人數", "人数"),
    "pets": text("Animals", "動物", "动物"),
    "position_at": text("Position as of", "位置時間", "位置时间"),
    "queue": text("Queue", "輪候", "轮候"),
    "raised_at": text("Raised", "提出時間", "提出时间"),
    "rank": text("Rank", "次序", "次序"),
    "recipients": text("Recipients", "收件人", "收件人"),
    "remark": text("Note", "備註", "备注"),
    "reply_by": text("Acknowledge by", "確認限期", "确认限期"),
    "reporter": text("Entered by", "輸入人", "输入人"),
    "resource_type": text("Kind", "種類", "种类"),
    "shape": text("Shape", "形狀", "形状"),
    "skills": text("Skills", "專長", "专长"),
    "snoozed_until": text("Put off until", "稍後提醒", "稍后提醒"),
    "staff": text("Staff", "人手", "人手"),
    "stands_for": text("Stands for", "代表", "代表"),
    "strength": text("Strength", "人數", "人数"),
    "subject": text("About", "關於", "关于"),
    "about": text("About", "關於", "关于"),
    "supplies": text("Stock", "物資", "物资"),
    "taken_at": text("Taken", "跟進時間", "跟进时间"),
    "taken_by": text("Taken by", "跟進人", "跟进人"),
    "topic": text("Topic", "種類", "种类"),
}

FIELD: Final[dict[str, Text]] = {
    **{f"field.{name}": words for name, words in _FIELDS.items()},
    "name.fusion": text("{n} reports: {titles}", "{n} 個報告：{titles}", "{n} 个报告：{titles}"),
    "name.need": text("{item} × {n}", "{item} × {n}", "{item} × {n}"),
    "name.at": text("{what}: {at}", "{what}：{at}", "{what}：{at}"),
    "sure.low": text("Low", "低", "低"),
    "sure.medium": text("Medium", "中", "中"),
    "sure.high": text("High", "高", "高"),
    "key.signs": text("How an incident is drawn", "事故符號", "事故符号"),
    "key.unverified": text("Dashed: not verified", "虛線：未核實", "虚线：未核实"),
    "key.sure": text("Filled: verified", "實心：已核實", "实心：已核实"),
    "key.over": text("Hollow, pale: closed", "空心、淡色：已結束", "空心、淡色：已结束"),
    "key.count": text("Number: of several reports", "數字：由多個報告合成", "数字：由多个报告合成"),
    "key.maybe": text(
        "“?”: may be the same as another", "「?」：可能與另一報告相同", "“?”：可能与另一报告相同"
    ),
}
