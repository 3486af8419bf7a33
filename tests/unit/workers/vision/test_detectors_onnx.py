"""Models by a path: both outputs, batches, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from cop.errors import Misconfigured
from cop.model.sight import Unknown
from tests.unit.workers.vision.stage import STREET, a_zone, plan_for
from tests.unit.workers.vision.views import NOW, a_plan
from workers.vision.counting import Counted
from workers.vision.detectors import onnx as onnx_detector
from workers.vision.detectors.onnx import VEHICLES, Onnx
from workers.vision.detectors.open import open_detector
from workers.vision.frame import Frame
from workers.vision.ground import View

BLANK = np.zeros((240, 320, 3), np.uint8)
SQUARE = 96


def saved(
    path: Path,
    nodes: Sequence[Any],
    weights: dict[str, Any],
    *,
    shape: Sequence[Any] = ("frames", 3, SQUARE, SQUARE),
    dtype: int = TensorProto.FLOAT,
) -> Path:
    """Write a model whose input is `pictures` and whose output is `found`."""
    graph = helper.make_graph(
        nodes,
        "made",
        [helper.make_tensor_value_info("pictures", dtype, list(shape))],
        [helper.make_tensor_value_info("found", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    path.write_bytes(model.SerializeToString())
    return path


def gives(path: Path, boxes: Any, **how: Any) -> Path:
    """Write a model that finds the same *boxes* in every picture."""
    boxes = np.asarray(boxes, np.float32)
    nodes = [
        helper.make_node("Shape", ["pictures"], ["all"]),
        helper.make_node("Gather", ["all", "first"], ["frames"]),
        helper.make_node("Concat", ["frames", "rest"], ["shape"], axis=0),
        helper.make_node("Expand", ["boxes", "shape"], ["found"]),
    ]
    weights = {
        "first": np.array([0]),
        "rest": np.array(boxes.shape, np.int64),
        "boxes": boxes[None],
    }
    return saved(path, nodes, weights, **how)


def bright(path: Path, *, cell: int = 8, per_pixel: float = 0.01, **how: Any) -> Path:
    """Write a model by which each white pixel of its picture holds *per_pixel* people."""
    kernel = np.full((1, 3, cell, cell), per_pixel / 3, np.float32)
    floor = np.array(0.9, np.float32)  # grey bars and blank frames hold nobody
    nodes = [
        helper.make_node("Greater", ["pictures", "floor"], ["is_white"]),
        helper.make_node("Cast", ["is_white"], ["white"], to=TensorProto.FLOAT),
        helper.make_node("Conv", ["white", "kernel"], ["found"], strides=[cell, cell]),
    ]
    return saved(path, nodes, {"kernel": kernel, "floor": floor}, **how)


def detector(path: Path, zones: Any = None, **more: Any) -> Onnx:
    """Open the detector of a camera that uses a model."""
    plan = plan_for("onnx", zones, model=path, **more)
    opened = open_detector(plan, View(plan))
    assert isinstance(opened, Onnx)
    return opened


def count(of: Onnx, *pixels: Any, apart_s: float = 0.2) -> Counted:
    """Count in frames that follow each other."""
    return of.count(
        [Frame(one, NOW + timedelta(seconds=apart_s * i)) for i, one in enumerate(pixels)]
    )


def row(box: tuple[float, float, float, float], scores: Sequence[float]) -> list[float]:
    """Give middle, size and scores of a box of the frame in the model's square picture."""
    scale, top = SQUARE / 320, (SQUARE - 240 * SQUARE / 320) / 2
    left, high, right, low = (value * scale for value in box)
    return [(left + right) / 2, (high + low) / 2 + top, right - left, low - high, *scores]


def standing(aside: float, away: float) -> tuple[float, float, float, float]:
    """Give the box of somebody in the frame."""
    (x, y), (_, top) = STREET.to_image(
        [(*STREET.ahead(aside, away), 0.0), (*STREET.ahead(aside, away), 1.7)]
    )
    return x - 8, top, x + 8, y


INSIDE, ALSO, OUTSIDE = standing(-1, 13), standing(1.5, 15), standing(5, 14)
PERSON, CAR = [0.9, *[0.0] * 79], [0.0, 0.0, 0.9, *[0.0] * 77]


def boxes_v8(*rows: Any) -> Any:
    """Put rows into the shape of YOLOv8, with some empty candidates."""
    table = np.zeros((40, 84), np.float32)
    for number, one in enumerate(rows):
        table[number] = one
    return table.T


def test_boxes_like_those_of_yolov8(tmp_path: Path) -> None:
    """84 x N: two people of the zone; one outside of it and a car are not counted."""
    path = gives(
        tmp_path / "m.onnx",
        boxes_v8(row(INSIDE, PERSON), row(ALSO, PERSON), row(OUTSIDE, PERSON), row(INSIDE, CAR)),
    )
    of = detector(path)
    found = count(of, BLANK)
    assert found.zones["z0"].people == pytest.approx(2)
    assert found.zones["z0"].error > 0
    assert found.who is not None
    assert found.who.any()
    assert of.method == "onnx:m.onnx"
    assert [len(one.corners) for one in of.find([BLANK], VEHICLES)] == [1]


def test_boxes_like_those_of_yolov5(tmp_path: Path) -> None:
    """N x 85: a score that there is anything counts as well; overlapping boxes are one."""
    table = np.zeros((60, 85), np.float32)
    table[0] = row(INSIDE, [0.95, *PERSON])
    table[1] = row((INSIDE[0] + 1, *INSIDE[1:]), [0.9, *PERSON])
    table[2] = row(ALSO, [0.2, *PERSON])
    assert count(detector(gives(tmp_path / "m.onnx", table)), BLANK).zones[
        "z0"
    ].people == pytest.approx(1)


def test_boxes_that_are_thinned_out_already(tmp_path: Path) -> None:
    """N x 6: corners, score and class; one with too low a score is none."""
    middles = np.array([row(box, [0.9, 0]) for box in (INSIDE, ALSO)])
    half = middles[:, 2:4] / 2
    table = np.hstack([middles[:, :2] - half, middles[:, :2] + half, middles[:, 4:]])
    table[1, 4] = 0.3
    assert count(detector(gives(tmp_path / "m.onnx", table)), BLANK).zones[
        "z0"
    ].people == pytest.approx(1)


def test_no_boxes_is_nobody(tmp_path: Path) -> None:
    """A model that finds nothing says zero, and that is known."""
    found = count(detector(gives(tmp_path / "m.onnx", boxes_v8())), BLANK).zones["z0"]
    assert (found.people, found.unknown) == (0, None)


@pytest.mark.parametrize("kind", [TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.UINT8])
@pytest.mark.parametrize("first", ["frames", 1])
def test_any_number_type_and_batch(tmp_path: Path, kind: int, first: str | int) -> None:
    """A burst is counted whether the model takes one picture at a time or all."""
    path = gives(
        tmp_path / "m.onnx",
        boxes_v8(row(INSIDE, PERSON)),
        shape=(first, 3, SQUARE, SQUARE),
        dtype=kind,
    )
    found = count(detector(path), *[BLANK] * 4)
    assert found.zones["z0"].people == pytest.approx(1)


def test_a_burst_is_given_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All frames of a burst go through the model together; older ones do not go at all."""
    of = detector(gives(tmp_path / "m.onnx", boxes_v8(row(INSIDE, PERSON))))
    seen: list[int] = []
    run = of._model._session.run

    class Watched:
        def run(self, names: Any, fed: dict[str, Any]) -> Any:
            seen.append(len(fed["pictures"]))
            return run(names, fed)

    monkeypatch.setattr(of._model, "_session", Watched())
    count(of, *[BLANK] * 4)
    count(of, *[BLANK] * 3, apart_s=1.5)
    assert seen == [4, 2]


def test_threads_are_limited(tmp_path: Path) -> None:
    """Onnxruntime takes as many threads as the plan says."""
    of = detector(gives(tmp_path / "m.onnx", boxes_v8()), threads=2)
    options = of._model._session.get_session_options()  # type: ignore[attr-defined]
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (2, 1)


def test_a_map_of_density(tmp_path: Path) -> None:
    """The sum over the heads of a zone is people, whatever the sizes of picture and map."""
    path = bright(tmp_path / "m.onnx", per_pixel=1.0)
    frame = BLANK.copy()
    x, y = STREET.to_image([(*STREET.ahead(0, 14), 1.6)])[0].round().astype(int)
    frame[y - 10 : y + 10, x - 10 : x + 10] = 255
    found = count(detector(path, output="density"), frame)
    scale = SQUARE / 320
    assert found.zones["z0"].people == pytest.approx((20 * scale) ** 2, rel=0.1)
    assert found.zones["z0"].error > 0.2 * (20 * scale) ** 2


def test_a_map_counts_each_in_one_zone(tmp_path: Path) -> None:
    """Two zones side by side hold together what one zone of both holds."""
    path = bright(tmp_path / "m.onnx", cell=4, shape=("n", 3, "h", "w"))
    frame = BLANK.copy()
    frame[60:180, 60:260] = 255
    halves = [a_zone(aside_m=-1.5, side_m=3), a_zone(aside_m=1.5, side_m=3)]
    whole = dict(halves[0], outline=[*halves[0]["outline"], *halves[1]["outline"]])
    left, right = halves[0]["outline"], halves[1]["outline"]
    whole["outline"] = [left[0], right[1], right[2], left[3]]
    found = count(detector(path, [*halves, whole], output="density"), frame).zones
    one, other, both = (found[key].people for key in ("z0", "z1", "z2"))
    assert one is not None
    assert other is not None
    assert one > 5
    assert one + other == pytest.approx(both, rel=0.02)


def test_people_too_small_for_the_model_are_unknown(tmp_path: Path) -> None:
    """Where somebody has a few pixels only, finding nobody means nothing."""
    path = gives(tmp_path / "m.onnx", np.zeros((84, 20)), shape=(1, 3, 32, 32))
    found = count(detector(path), BLANK).zones["z0"]
    assert (found.people, found.unknown) == (None, Unknown.UNSURE)


def test_the_size_of_a_free_input(tmp_path: Path) -> None:
    """A free size is what the plan says, else the frame's in whole steps of 32."""
    path = gives(tmp_path / "m.onnx", boxes_v8(), shape=("n", 3, "h", "w"))
    assert detector(path)._fit.scale == 1
    assert detector(path, input_size=(160, 160))._fit.scale == 0.5


BAD: dict[str, tuple[Any, str]] = {
    "missing": (lambda path: path, "there is no model"),
    "text": (lambda path: path.write_text("no model") and path, "no model that can be run"),
    "shape of boxes": (lambda path: gives(path, np.zeros((3, 4))), r"gives \[1, 3, 4\]"),
    "a map": (bright, "set detector.output to density"),
    "channels": (lambda path: gives(path, boxes_v8(), shape=(1, 7, 9, 9)), "3 or 1 channels"),
    "axes": (lambda path: gives(path, boxes_v8(), shape=(1, 3)), "wanted is"),
    "batch": (lambda path: gives(path, boxes_v8(), shape=(4, 3, 32, 32)), "must be 1 or free"),
    "numbers": (
        lambda path: gives(path, boxes_v8(), dtype=TensorProto.INT64),
        "tensor.int64.",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_model_is_refused_in_words(tmp_path: Path, name: str) -> None:
    """What is wrong with a model is said when it is opened, not at the first look."""
    make, words = BAD[name]
    with pytest.raises(Misconfigured, match=words):
        detector(make(tmp_path / "m.onnx"))


def test_a_large_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is not even read."""
    monkeypatch.setattr("workers.vision.detectors.model_file.MOST_BYTES", 100)
    with pytest.raises(Misconfigured, match="MB"):
        detector(gives(tmp_path / "m.onnx", boxes_v8()))


def test_another_size_than_the_files_is_refused(tmp_path: Path) -> None:
    """A model of one size takes no other."""
    with pytest.raises(Misconfigured, match="96x96 only"):
        detector(gives(tmp_path / "m.onnx", boxes_v8()), input_size=(64, 64))


def test_boxes_are_no_map(tmp_path: Path) -> None:
    """Boxes where a map was announced are refused."""
    with pytest.raises(Misconfigured, match=r"set detector\.output to boxes"):
        detector(gives(tmp_path / "m.onnx", boxes_v8().reshape(2, 2, -1)), output="density")


@pytest.mark.parametrize("elsewhere", ["../weights.bin", "absolute", "link"])
def test_weights_outside_of_its_folder_are_refused(tmp_path: Path, elsewhere: str) -> None:
    """A model cannot read any file of the machine as its weights."""
    folder = tmp_path / "models"
    folder.mkdir()
    outside = tmp_path / "weights.bin"
    path = bright(folder / "m.onnx")
    model = onnx.load(path)
    kernel = next(one for one in model.graph.initializer if one.name == "kernel")
    outside.write_bytes(kernel.raw_data)
    location = {"absolute": str(outside), "link": "near.bin"}.get(elsewhere, elsewhere)
    if elsewhere == "link":
        (folder / "near.bin").symlink_to(outside)
    kernel.ClearField("raw_data")
    kernel.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", "0")):
        entry = kernel.external_data.add()
        entry.key, entry.value = key, value
    path.write_bytes(model.SerializeToString())
    with pytest.raises(Misconfigured, match="no model that can be run"):
        detector(path, output="density")


def test_operators_of_others_are_refused(tmp_path: Path) -> None:
    """A model may not bring programs along."""
    node = helper.make_node("Anything", ["pictures"], ["found"], domain="somebody.else")
    with pytest.raises(Misconfigured, match="no model that can be run"):
        detector(saved(tmp_path / "m.onnx", [node], {}))


def test_a_detector_wants_its_kind_of_frames() -> None:
    """Thermal frames are for the thermal detector, and only those."""
    plan = plan_for("thermal")
    wrong = plan.model_copy(update={"frame": plan.frame.model_copy(update={"thermal": False})})
    with pytest.raises(Misconfigured, match="wants thermal frames"):
        open_detector(wrong, View(wrong))
    plan = a_plan(thermal=True)
    background = plan.detector.model_copy(update={"name": "background"})
    wrong = plan.model_copy(update={"detector": background})
    with pytest.raises(Misconfigured, match="wants visible frames"):
        open_detector(wrong, View(wrong))


def test_the_detector_needs_a_model() -> None:
    """The path must be given."""
    plan = plan_for("onnx")
    with pytest.raises(Misconfigured, match=r"detector\.model"):
        onnx_detector.Onnx(plan, View(plan))
