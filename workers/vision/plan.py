"""How a camera is set up: one TOML file each, checked as a whole before it is used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cop.model.sight import View, ZoneUse
from cop.model.text import Text

Pixel = tuple[float, float]
"""x to the right and y down, in pixels of a frame of the size in `[frame]`."""

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourcePlan(_Table):
    """Where frames come from.

    Attributes:
        kind: `snapshot`: an address that gives one JPEG, PNG or TIFF; `mjpeg`: an address that
            gives one picture after another (multipart), of which a few are read; `stream`: RTSP,
            or a video file, by OpenCV.
        url: address, or path of a file; `${NAME}` stands for a variable of the environment, so
            that no password stands in the file.
        every_s: seconds between two looks.
        frames: how many are taken at a look; flow needs two.
        gap_s: seconds between two of them, where the source does not say.
        private: the address may be one inside an own network.
    """

    kind: Literal["snapshot", "mjpeg", "stream"]
    url: str
    every_s: float = Field(default=120, ge=1, le=3600)
    frames: int = Field(default=1, ge=1, le=30)
    gap_s: float = Field(default=0.2, gt=0, le=5)
    private: bool = False


class FramePlan(_Table):
    """What a frame is.

    Attributes:
        size: width and height in pixels.
        thermal: its values are temperatures: value × *scale* + *offset* in °C.
        scale, offset: from a 16-bit value to °C; what the file itself says goes first.
    """

    size: tuple[int, int]
    thermal: bool = False
    scale: float = 0.01
    offset: float = -273.15


class GroundPlan(_Table):
    """Four or more points of the ground, as the camera sees them and where they are.

    Attributes:
        image: in pixels.
        grid: easting and northing in the Hong Kong 1980 Grid, metres.
    """

    image: tuple[Pixel, ...] = Field(min_length=4, max_length=20)
    grid: tuple[tuple[float, float], ...] = Field(min_length=4, max_length=20)


class GaugePlan(_Table):
    """A staff or wall by which the level of water is read.

    Attributes:
        line: its foot and its top, in pixels.
        height_cm: from foot to top.
    """

    line: tuple[Pixel, Pixel]
    height_cm: float = Field(gt=0)


class ZonePlan(_Table):
    """A part of the ground that is looked at by itself.

    Attributes:
        id: unique within the camera.
        title: what people call it.
        outline: in pixels.
        use: what it is looked at for.
        dense_per_m2: people a square metre from which it is an alarm; None: level of service E.
        way_deg: the way people should go, compass degrees; against it is counter-flow.
        stopped_mps: slower than this a dense crowd has stopped.
        hot_cel: surface temperature from which it is an alarm.
        water_cm, flooded_percent: from which it is an alarm.
        queue_m: length of standing vehicles from which it is an alarm.
        gauge: by which the level of water is read; None: by the flooded share of the zone.
        lanes: of a road.
    """

    id: Name
    title: Text
    outline: tuple[Pixel, ...] = Field(min_length=3, max_length=40)
    use: ZoneUse
    dense_per_m2: float | None = Field(default=None, gt=0, le=9)
    way_deg: float | None = Field(default=None, ge=0, lt=360)
    stopped_mps: float = Field(default=0.2, gt=0)
    hot_cel: float = 60
    water_cm: float = Field(default=15, gt=0)
    flooded_percent: float = Field(default=30, gt=0, le=100)
    queue_m: float = Field(default=80, gt=0)
    gauge: GaugePlan | None = None
    lanes: int = Field(default=2, ge=1, le=8)


class DetectorPlan(_Table):
    """What counts.

    Attributes:
        name: `background` and `people` for visible frames, `thermal` for thermal ones, `onnx`.
        model: path of an ONNX file; beside the TOML file where it is not absolute.
        output: what the model gives: boxes like YOLO's, or a map of density whose sum is people.
        input_size: width and height that the model wants; None: as its file says.
        confidence: below this a value is unknown; for boxes also below which none is taken.
        threads: of onnxruntime.
    """

    name: Literal["background", "people", "thermal", "onnx"]
    model: Path | None = None
    output: Literal["boxes", "density"] = "boxes"
    input_size: tuple[int, int] | None = None
    confidence: float = Field(default=0.5, gt=0, lt=1)
    threads: int = Field(default=1, ge=1, le=8)


class PrivacyPlan(_Table):
    """Who may look through it. Frames are never kept, whatever stands here.

    Attributes:
        view: who may ask for the live view.
        published: its pictures are public already, by whoever runs it: nothing is blurred.
    """

    view: View = "nobody"
    published: bool = False


class CameraPlan(_Table):
    """One camera.

    Attributes:
        id: the file's name without `.toml`; on the picture it is `camera:<id>`.
        title: what people call it.
        publisher: code of the agency that runs it.
        place: longitude and latitude of where it stands.
        bearing_deg: where it looks.
    """

    id: Name
    title: Text
    publisher: str
    place: tuple[float, float]
    bearing_deg: float | None = Field(default=None, ge=0, lt=360)
    source: SourcePlan
    frame: FramePlan
    ground: GroundPlan
    zones: tuple[ZonePlan, ...] = Field(min_length=1, max_length=20)
    detector: DetectorPlan
    privacy: PrivacyPlan = PrivacyPlan()
