"""Traffic cameras: where they stand."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="cameras",
    title=text("Traffic cameras", "交通攝影機", "交通摄影机"),
    kind=Kind.CAMERA,
    where={"feed": {"not": ["vision"]}},  # those are drawn by `counting_cameras`
    feeds=("td_cameras",),
    empty=text("No camera listed", "沒有攝影機", "没有摄影机"),
    draw="canvas",
    rules=(
        Rule(
            word=text("Camera", "攝影機", "摄影机"),
            colour="camera",
            shape="badge",
            icon="camera",
            size=14,
        ),
    ),
    group="traffic",
    order=20,
)
