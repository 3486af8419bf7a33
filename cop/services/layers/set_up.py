"""Which layers are set up: the presets that come with the program, and the files of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cop.config import Settings
from cop.model.exchange import Layer
from cop.model.publisher import PUBLISHERS
from cop.model.text import Lang, Text
from cop.services.layers.addresses import NotAllowed, check_address
from cop.services.setup_files import FileRefused, Found, gather, read_file

Service = Literal["ogc", "wfs", "wms", "arcgis", "geojson"]

PRESETS: Final = Path(__file__).parent / "presets"
"""Useful layers of the CSDI portal; each file says what is known of it."""

SHORTEST_S: Final = 60.0
LONGEST_S: Final = 7 * 86_400.0
MOST_NAME: Final = 200

_EXAMPLES: Final = {
    "id": 'id = "fire-stations"',
    "service": 'service = "ogc", "wfs", "wms", "arcgis" or "geojson"',
    "address": 'address = "https://portal.csdi.gov.hk/server/rest/services/…/FeatureServer"',
    "name": 'name = "0": the layer, type or collection of the service',
    "title": 'title = {en = "Fire stations", zh-Hant = "消防局", zh-Hans = "消防局"}',
    "attribution": 'attribution = "Fire Services Department, via CSDI"',
    "every_s": "every_s = 86400",
}


def check_name(service: Service, name: str) -> None:
    """Return if *name* can be a layer of such a *service*.

    Raises:
        ValueError: it cannot; the message says what to write.
    """
    if service == "geojson":
        if name:
            raise ValueError("a GeoJSON document has no named layers: leave the name out")
        return
    if not name:
        raise ValueError("say which layer, type or collection of the service")
    if service == "arcgis" and not (name.isascii() and name.isdecimal() and len(name) < 6):
        raise ValueError("a layer of a FeatureServer is a number, for example 0")


class LayerFile(BaseModel):
    """What the file of one layer says; see `cop.model.exchange.Layer`.

    Attributes:
        off: nothing is set up by it, nor by the preset with the same id.
        exercise: of a preset: exercises have it too, since their scenarios answer for its service.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    off: bool = False
    exercise: bool = False
    service: Service = "geojson"
    address: str = ""
    name: Annotated[str, Field(max_length=MOST_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    title: dict[Lang, str] = Field(default_factory=dict)
    attribution: Annotated[str, Field(max_length=300)] = ""
    licence: Annotated[str, Field(max_length=300)] = ""
    link: Annotated[str, Field(pattern=r"^https?://", max_length=500)] | None = None
    publisher: str = "COP"
    every_s: Annotated[float, Field(ge=SHORTEST_S, le=LONGEST_S)] = 86_400.0

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.off:
            return self
        for field in ("address", "title", "attribution"):
            if not getattr(self, field):
                raise ValueError(f"{field} is missing: write for example {_EXAMPLES[field]}")
        if self.publisher not in PUBLISHERS:
            raise ValueError(f"publisher: {self.publisher!r} is none of {', '.join(PUBLISHERS)}")
        check_name(self.service, self.name)
        return self

    def layer(self) -> Layer:
        """Give the layer as it is before it was ever fetched."""
        title: Text = dict(self.title)
        return Layer(
            id=layer_id(self.id),
            publisher=self.publisher,
            title=title,
            link=self.link,
            service=self.service,
            address=self.address,
            name=self.name,
            attribution=self.attribution,
            licence=self.licence,
            every_s=self.every_s,
        )


def layer_id(name: str) -> str:
    """Give the id on the picture of the layer whose file has the id *name*."""
    return f"layer:{name}"


def layers_of(settings: Settings) -> Found[Layer]:
    """Give the layers that are set up, by their ids on the picture.

    A file takes the place of the preset with its id. A preset whose host is not allowed is left
    out. An exercise reaches nobody outside: it has those presets that its scenario answers for.
    """
    presets = gather(PRESETS, read_layer_file, lambda file: file.id)
    if settings.exercise:
        played = {name: file for name, file in presets.items() if file.exercise}
        return Found({layer_id(name): file.layer() for name, file in played.items()})
    folder = settings.layers_dir or settings.data_dir / "layers"

    def read(path: Path) -> LayerFile:
        file = read_layer_file(path)
        try:
            if not file.off:
                check_address(file.address, settings.layer_hosts)
        except NotAllowed as error:
            raise FileRefused(path, f"address: {error}") from error
        return file

    files = gather(folder, read, lambda file: file.id)
    made = {
        layer_id(name): file.layer()
        for name, file in (dict(presets) | dict(files)).items()
        if not file.off and _is_allowed(file.address, settings.layer_hosts)
    }
    return Found(made, presets.faults + files.faults)


def read_layer_file(path: Path) -> LayerFile:
    """Read the file of one layer.

    Raises:
        FileRefused: it cannot be used; one line for each fault.
    """
    return read_file(path, LayerFile, _EXAMPLES)


def _is_allowed(address: str, hosts: str) -> bool:
    try:
        check_address(address, hosts)
    except NotAllowed:
        return False
    return True
