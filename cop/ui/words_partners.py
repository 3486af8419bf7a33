"""Words of the exchange with partners: what is done, refused, and how a line is."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

PARTNERS: Final[dict[str, Text]] = {
    "action.exchange": text("Exchange with a partner", "與夥伴機構交換訊息", "与伙伴机构交换消息"),
    "action.federate": text("Entry by a partner’s system", "夥伴機構系統接入", "伙伴机构系统接入"),
    "partner.state.never": text("Nothing exchanged yet", "尚未交換", "尚未交换"),
    "partner.state.ok": text("In order", "正常", "正常"),
    "partner.state.late": text("Late", "延誤", "延误"),
    "partner.state.down": text("Down", "中斷", "中断"),
    "partner.state.ended": text("Agreement ended", "協議屆滿", "协议届满"),
    "problem.acknowledged": text(
        "Somebody has taken note of it already.", "已有人確認收悉。", "已有人确认收悉。"
    ),
    "problem.agreement-ended": text(
        "The agreement with this partner does not hold.",
        "與此夥伴機構的協議並非有效。",
        "与此伙伴机构的协议并非有效。",
    ),
    "problem.agreement-not-begun": text(
        "The agreement with this partner has not begun.",
        "與此夥伴機構的協議尚未生效。",
        "与此伙伴机构的协议尚未生效。",
    ),
    "problem.comes-itself": text(
        "This partner’s system says so itself.",
        "此項由對方系統自行傳送。",
        "此项由对方系统自行传送。",
    ),
    "problem.not-onward": text(
        "Another partner gave this, and not to be passed on.",
        "此項由其他夥伴機構提供，不得轉交。",
        "此项由其他伙伴机构提供，不得转交。",
    ),
    "problem.not-received": text(
        "This message went out: it is for the partner to do.",
        "此訊息由本方發出，應由對方處理。",
        "此消息由本方发出，应由对方处理。",
    ),
    "problem.not-shared": text(
        "Something in it is not shared with this partner: leave it out, or say it in words.",
        "當中有項目未與此夥伴機構共享，請刪去或以文字說明。",
        "当中有项目未与此伙伴机构共享，请删去或以文字说明。",
    ),
    "problem.number-used": text(
        "Another message has this number.", "已有其他訊息使用此編號。", "已有其他消息使用此编号。"
    ),
    "problem.other-operation": text(
        "An exercise and the live operation exchange nothing.",
        "演習與實際行動之間不作交換。",
        "演习与实际行动之间不作交换。",
    ),
    "problem.others-own": text(
        "Another authority keeps this: write to them.",
        "此項由其他機構管理，請與對方聯絡。",
        "此项由其他机构管理，请与对方联络。",
    ),
    "problem.too-long": text("It is too long.", "內容過長。", "内容过长。"),
}
