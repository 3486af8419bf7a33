"""Frames of cameras in, numbers out: nothing of a frame leaves the process that read it."""

from os import environ as _environ

for _name, _value in (
    ("OPENCV_IO_MAX_IMAGE_WIDTH", "4096"),
    ("OPENCV_IO_MAX_IMAGE_HEIGHT", "4096"),
    ("OPENCV_IO_MAX_IMAGE_PIXELS", str(4096 * 4096)),
    ("OPENCV_FFMPEG_LOGLEVEL", "-8"),  # quiet: it would repeat addresses, passwords and all
    ("OPENCV_LOG_LEVEL", "OFF"),
):
    _environ.setdefault(_name, _value)  # OpenCV reads them when it is loaded, and never again
