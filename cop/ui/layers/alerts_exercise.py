"""Messages that say of themselves that they are an exercise or a test: only for those who ask."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, by_severity

LAYER = Layer(
    key="alerts_exercise",
    title=text("Exercise and test messages", "演練及測試訊息", "演练及测试消息"),
    kind=Kind.ALERT,
    where={"exercise": [True], "released_at": {"known": False}},
    feeds=(),
    empty=text("No exercise or test message", "沒有演練或測試訊息", "没有演练或测试消息"),
    draw="canvas",
    rules=by_severity("bell", size=14),
    group="region",
    order=20,
)
