"""RM: four messages by their schemas, all sixteen read as far as their frame."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cop.formats.edxl.rm import (
    RM,
    RMSG,
    Code,
    Contact,
    Form,
    Item,
    ResourceMessage,
    Response,
    Schedule,
    write_rm,
)
from cop.formats.edxl.rm_read import FORMS, read_rm
from cop.formats.edxl.tree import Party, Place, encode
from cop.formats.payload import read_xml
from tests.unit.formats.edxl.schemas import assert_fits, rm_schema

_at_any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = datetime(2026, 9, 7, 15, 6, tzinfo=UTC)
LEI = "00EXAMPLE00000000159"
WRITTEN: tuple[Form, ...] = get_args(Form)
AREA = {
    "type": "Polygon",
    "coordinates": [
        [[114.0, 22.0], [115.0, 22.0], [115.0, 23.0], [114.0, 22.0]],
        [[114.6, 22.3], [114.7, 22.3], [114.7, 22.4], [114.6, 22.3]],
    ],
}
GEOMETRIES: dict[str, dict[str, Any]] = {
    "point": {"type": "Point", "coordinates": [114.17, 22.31]},
    "line": {"type": "LineString", "coordinates": [[114.0, 22.0], [114.1, 22.1]]},
    "area-with-a-hole": AREA,
    "several": {"type": "MultiPoint", "coordinates": [[114.0, 22.0], [114.1, 22.1]]},
    "nothing": {"type": "MultiPoint", "coordinates": []},
}


def message(form: str, **changes: Any) -> ResourceMessage:
    """Make a message of *form*; keywords override its fields."""
    answer = None if form == "RequestResource" else Response("1", "Provisional", "2 of 3 so far")
    place = Place("Tin Hau", GEOMETRIES["point"])
    item = Item(
        id="1",
        resource="resource:7",
        name="pump",
        type=Code("urn:x-cop:need-item", "pump"),
        description="basement under water",
        quantity=3,
        unit=Code("urn:x-cop:unit", "sets"),
        owner=Party("Drainage Services Department", LEI),
        status=Code("urn:x-cop:assignment-status", "en_route"),
        response=answer,
        schedule=(
            Schedule("RequestedArrival", NOW, place),
            Schedule("Committed", NOW),
            Schedule("ActualArrival", NOW, place),
            Schedule("Current", None, place),
        ),
    )
    if form == "RequestResource":
        item = replace(item, status=None, owner=None)
    fields: dict[str, Any] = {
        "form": form,
        "id": "hk-cop-live-need:1-2",
        "sent": NOW,
        "description": "for the MTR station",
        "originating": "hk-cop-live-need:1-1",
        "preceding": "" if form == "RequestResource" else "hk-cop-live-need:1-1",
        "incident": "incident:1",
        "incident_words": "水浸",
        "contacts": (
            Contact("Requester", Party("Hong Kong Police Force", LEI, "channel 7")),
            Contact("RespondingOrg", Party("渠務署")),
        ),
        "items": (item,),
    }
    return ResourceMessage(**(fields | changes))


@pytest.mark.parametrize("form", WRITTEN)
def test_each_message_follows_its_schema(form: Form) -> None:
    """A message with everything in it is what OASIS' schema of it says."""
    recalled = message(form, recalls=("hk-cop-live-need:1-1", "Update"))
    for one in (message(form), recalled):
        assert_fits(encode(write_rm(one)), rm_schema(form))


@pytest.mark.parametrize("geometry", list(GEOMETRIES.values()), ids=list(GEOMETRIES))
def test_every_shape_follows_the_schema(geometry: dict[str, Any]) -> None:
    """Where a resource is wanted may be any shape; one of no position is told in words alone."""
    wanted = Schedule("RequestedArrival", NOW, Place("there", geometry))
    item = Item(id="1", name="boat", schedule=(wanted,))
    body = encode(write_rm(message("RequestResource", items=(item,))))
    assert_fits(body, rm_schema("RequestResource"))
    read, _ = read_rm(read_xml(body))
    place = read.items[0].schedule[0].place
    assert place is not None
    assert (place.geometry is None) == (not geometry["coordinates"])
    if geometry["type"] in ("Point", "LineString", "Polygon"):
        assert place.geometry == geometry


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@_at_any_speed
@given(st.sampled_from(WRITTEN), words, words, st.integers(0, 1_000_000))
def test_what_is_written_is_read_again(form: str, name: str, said: str, quantity: int) -> None:
    """Whatever stands in a message, what matters comes out as it went in."""
    given_ = message(form)
    item = Item(
        id="1",
        name=f"n{name}",
        description=f"d{said}",
        quantity=quantity,
        response=given_.items[0].response,
    )
    body = encode(write_rm(message(form, items=(item,), incident_words=f"w{said}")))
    read, defects = read_rm(read_xml(body))
    assert defects == []
    assert (read.form, read.id, read.sent) == (form, given_.id, NOW)
    assert (read.originating, read.preceding) == (given_.originating, given_.preceding)
    assert read.items[0].quantity == quantity
    assert read.items[0].response == given_.items[0].response
    first = read.contacts[0]
    assert (first.role, first.party.name) == ("Requester", "Hong Kong Police Force")
    assert first.party.lei == LEI


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_message_is_read_as_far_as_its_frame(form: str) -> None:
    """Of messages that we do not write, too, number, time and resources are understood."""
    body = encode(write_rm(message("RequestResource"))).replace(b"RequestResource", form.encode())
    read, defects = read_rm(read_xml(body))
    assert defects == []
    assert (read.form, read.id, len(read.items)) == (form, "hk-cop-live-need:1-2", 1)


@pytest.mark.parametrize(
    ("quantity", "told"),
    [
        ("<rm:QuantityText>three</rm:QuantityText>", "is no number"),
        (
            "<rm:MeasuredQuantity><rm:Amount>NaN</rm:Amount></rm:MeasuredQuantity>",
            "is no number",
        ),
        ("<rm:MeasuredQuantity><rm:Amount>-1</rm:Amount></rm:MeasuredQuantity>", "is no number"),
        ("<rm:MeasuredQuantity><rm:Amount>1e99</rm:Amount></rm:MeasuredQuantity>", "is no number"),
        ("<rm:MeasuredQuantity><rm:Amount>.</rm:Amount></rm:MeasuredQuantity>", "is no number"),
        ("<rm:QuantityText>3 pumps</rm:QuantityText>", ""),
        ("<rm:MeasuredQuantity><rm:Amount>0.3E1</rm:Amount></rm:MeasuredQuantity>", ""),
    ],
    ids=["words", "nan", "negative", "too-many", "no-digit", "number-and-words", "double"],
)
def test_quantities_are_read_or_told(quantity: str, told: str) -> None:
    """A quantity is a number, or it is told that it is none."""
    body = (
        f'<m:RequestResource xmlns:m="{RMSG}" xmlns:rm="{RM}"><m:MessageID>1</m:MessageID>'
        "<m:ResourceInformation><m:Resource><m:Name>pump</m:Name></m:Resource>"
        f"<m:AssignmentInformation><m:Quantity>{quantity}</m:Quantity></m:AssignmentInformation>"
        "</m:ResourceInformation></m:RequestResource>"
    )
    read, defects = read_rm(read_xml(body.encode()))
    assert read.items[0].quantity == (None if told else 3)
    assert any("is no number" in words for words in defects) == bool(told)


def test_an_empty_message_is_told_in_words() -> None:
    """What is missing is told, each by its name."""
    _, defects = read_rm(read_xml(f'<RequestResource xmlns="{RMSG}"/>'.encode()))
    told = " ".join(defects)
    assert all(
        name in told for name in ("SentDateTime", "MessageID", "ResourceInformation", "turn to")
    )


def test_a_message_about_nothing_is_not_written() -> None:
    """A message has a time, somebody to turn to, and something it is about."""
    with pytest.raises(ValueError, match="somebody to turn to"):
        write_rm(message("RequestResource", items=()))
