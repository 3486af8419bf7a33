"""An ONNX file, checked before anything is run with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from cop.errors import Misconfigured

MOST_BYTES: Final = 500 * 1024 * 1024
"""Of one model; the largest detectors that anybody runs on a processor have half of that."""

MOST_PIXELS: Final = 4096 * 4096
"""Of one picture that a model may want."""

TYPES: Final[dict[str, type[np.generic]]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(uint8)": np.uint8,
}
"""What a model may want for a pixel; floating point means 0 to 1, whole numbers 0 to 255."""

QUIET: Final = 3
"""Only errors are logged by onnxruntime; its warnings name layers, which helps nobody here."""


class _Value(Protocol):
    name: str
    shape: Sequence[int | str | None]
    type: str


class _Session(Protocol):
    def get_inputs(self) -> Sequence[_Value]: ...

    def get_outputs(self) -> Sequence[_Value]: ...

    def run(self, names: Sequence[str], fed: dict[str, NDArray[Any]]) -> Sequence[NDArray[Any]]: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a model wants for one picture.

    Attributes:
        name: of the input.
        size: width and height; None: any.
        channels: 3 (red, green, blue) or 1 (grey).
        order: where the channels stand.
        dtype: of one value.
        batched: any number of pictures may be given at once; else exactly one.
    """

    name: str
    size: tuple[int, int] | None
    channels: int
    order: Literal["first", "last"]
    dtype: type[np.generic]
    batched: bool


class Model:
    """An ONNX model on the processor, with a limit of threads.

    A file may keep its weights in other files of its own folder (onnxruntime refuses any path
    that leads out of it, also by a link); it may use no operator that onnxruntime does not bring
    along, because such a one is a program of somebody else.

    Attributes:
        path: of the file.
        wanted: what it takes.
    """

    def __init__(self, path: Path, *, threads: int) -> None:
        """Load *path*; raises `Misconfigured` with what is wrong with it."""
        self.path = path
        self._session = _load(path, threads)
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1:
            raise Misconfigured(
                f"{path.name} wants {len(inputs)} inputs"
                f" ({', '.join(one.name for one in inputs)}); a detector has one: pictures"
            )
        self.wanted = _wanted(path, inputs[0])
        self._output = outputs[0].name

    def run(self, pictures: NDArray[Any]) -> NDArray[np.float32]:
        """Run it on *pictures* (the wanted shape, first axis: pictures), give its first output.

        Raises `Misconfigured` where the model itself fails on what it says it wants.
        """
        step = len(pictures) if self.wanted.batched else 1
        parts = []
        for begin in range(0, len(pictures), step):
            fed = {self.wanted.name: pictures[begin : begin + step]}
            try:
                found = self._session.run([self._output], fed)[0]
            except Exception as error:  # onnxruntime's errors have no common class of their own
                raise Misconfigured(
                    f"{self.path.name} cannot be run on {pictures.shape[1:]}: {_first(error)}"
                ) from error
            parts.append(np.asarray(found, np.float32))
        return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _load(path: Path, threads: int) -> _Session:
    if not path.is_file():
        raise Misconfigured(f"there is no model at {path}; detector.model is the path of a file")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Misconfigured(
            f"{path.name} has {size / 2**20:.0f} MB; a model may have {MOST_BYTES / 2**20:.0f}"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = QUIET
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session: _Session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors have no common class of their own
        raise Misconfigured(f"{path.name} is no model that can be run: {_first(error)}") from error
    return session


def _wanted(path: Path, given: _Value) -> Wanted:
    """Read the shape of the input; raises `Misconfigured` where it is no picture."""
    shape = [axis if isinstance(axis, int) and axis > 0 else None for axis in given.shape]
    says = f"{path.name} wants {list(given.shape)} of {given.type}"
    if given.type not in TYPES:
        raise Misconfigured(f"{says}; a picture is one of {', '.join(TYPES)}")
    if len(shape) != 4:
        raise Misconfigured(f"{says}; wanted is [pictures, 3, height, width]")
    order: Literal["first", "last"]
    if shape[1] in {1, 3}:
        order, channels, size = "first", shape[1], (shape[3], shape[2])
    elif shape[3] in {1, 3}:
        order, channels, size = "last", shape[3], (shape[2], shape[1])
    else:
        raise Misconfigured(f"{says}; 3 or 1 channels are wanted on its second or last axis")
    if shape[0] not in {None, 1}:
        raise Misconfigured(f"{says}; the first axis must be 1 or free")
    width, height = size
    fixed = (width, height) if width is not None and height is not None else None
    if fixed is not None and fixed[0] * fixed[1] > MOST_PIXELS:
        raise Misconfigured(f"{says}; a picture may have {MOST_PIXELS:,} pixels")
    return Wanted(given.name, fixed, channels or 3, order, TYPES[given.type], shape[0] is None)


def _first(error: Exception) -> str:
    """Give the first line of what a library says, in a length that can be read."""
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
