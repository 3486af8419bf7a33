"""Layers of somebody else's: adding one, taking it away, asking for it now."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from cop.errors import Invalid, NotPossible
from cop.model.entity import Kind
from cop.model.exchange import Layer
from cop.model.text import Lang
from cop.services.commands.context import Context
from cop.services.commands.plan import Body, Caution, Command, Plan, said
from cop.services.layers.addresses import MOST_ADDRESS, NotAllowed, check_address
from cop.services.layers.set_up import LONGEST_S, MOST_NAME, SHORTEST_S, Service, check_name
from cop.services.policy import Action

MOST_LAYERS: Final = 60
"""Of one operation, those that are set up included."""


class AddLayer(Body):
    """A layer of somebody else's, as it is added."""

    service: Service
    address: Annotated[str, Field(min_length=1, max_length=MOST_ADDRESS)]
    name: Annotated[str, Field(max_length=MOST_NAME, pattern=r"^[^\t\r\n]*$")] = ""
    title: Annotated[str, Field(min_length=1, max_length=120)]
    lang: Lang = "en"
    attribution: Annotated[str, Field(min_length=1, max_length=300)]
    licence: Annotated[str, Field(max_length=300)] = ""
    link: Annotated[str, Field(pattern=r"^https?://", max_length=500)] | None = None
    every_s: Annotated[float, Field(ge=SHORTEST_S, le=LONGEST_S)] = 3600.0

    @model_validator(mode="after")
    def _names_a_layer(self) -> Self:
        check_name(self.service, self.name)
        return self


class AskAgain(Body):
    """Nothing needs saying to have a layer fetched now."""


def plan_add(ctx: Context, _: str, body: AddLayer) -> Plan:
    """Show a layer of somebody else's to everybody inside; it is fetched within seconds."""
    ctx.permit(Action.ADD_LAYER)
    try:
        check_address(body.address, ctx.desk.settings.layer_hosts)
    except NotAllowed as error:
        raise Invalid(("address", str(error))) from error
    known = ctx.all(Kind.LAYER, Layer)
    for one in known.values():
        if (one.service, one.address, one.name) == (body.service, body.address, body.name):
            raise NotPossible("layer-known", f"this layer is here already: {one.id}", layer=one.id)
    if len(known) >= MOST_LAYERS:
        raise NotPossible(
            "too-many-layers", f"there are {MOST_LAYERS} layers of others: take one away first"
        )
    layer = Layer(
        id=ctx.new_id(Kind.LAYER),
        publisher="COP",
        title=said(body.title, body.lang),
        link=body.link,
        service=body.service,
        address=body.address,
        name=body.name,
        attribution=body.attribution,
        licence=body.licence,
        every_s=body.every_s,
        author=ctx.identity.name,
    )
    return Plan(puts=(layer,), cautions=_cautions(ctx))


def _cautions(ctx: Context) -> tuple[Caution, ...]:
    if not ctx.desk.settings.exercise:
        return ()
    return (
        Caution(
            "layer-not-played",
            "an exercise asks nobody outside: the layer has something in it only if the exercise's"
            " scenario answers for its service",
        ),
    )


def plan_remove(ctx: Context, layer_id: str, _: None) -> Plan:
    """Take a layer away that somebody added; those that are set up have a file instead."""
    ctx.permit(Action.ADD_LAYER)
    layer = ctx.read(layer_id, Layer)
    if layer.author is None:
        name = layer.id.partition(":")[2]
        raise NotPossible(
            "layer-set-up",
            "this layer is set up with the system: whoever runs it takes it away by a file in"
            f' the folder of layers that says id = "{name}" and off = true',
        )
    return Plan(removes=(layer.id,))


def plan_refresh(ctx: Context, layer_id: str, _: AskAgain) -> Plan:
    """Have a layer fetched now: that it was tried is forgotten, what is shown stays."""
    ctx.permit(Action.ADD_LAYER)
    layer = ctx.read(layer_id, Layer)
    return Plan(puts=(layer.model_copy(update={"checked_at": None}),))


COMMANDS: Final = (
    Command(
        actions=(Action.ADD_LAYER,),
        method="POST",
        path="/layers",
        body=AddLayer,
        plan=plan_add,
        makes=Kind.LAYER,
        summary="Add a layer of somebody else's",
        example={
            "service": "arcgis",
            "address": (
                "https://portal.csdi.gov.hk/server/rest/services/common/"
                "hkfsd_rcd_1634798867463_89696/FeatureServer"
            ),
            "name": "0",
            "title": "Fire stations",
            "attribution": "Fire Services Department, via the CSDI portal",
            "every_s": 86400,
        },
    ),
    Command(
        actions=(Action.ADD_LAYER,),
        method="DELETE",
        path="/layers/{id}",
        body=None,
        plan=plan_remove,
        summary="Take a layer of somebody else's away",
    ),
    Command(
        actions=(Action.ADD_LAYER,),
        method="POST",
        path="/layers/{id}/refresh",
        body=AskAgain,
        plan=plan_refresh,
        summary="Have a layer of somebody else's fetched now",
    ),
)
