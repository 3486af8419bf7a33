"""GET /api/v1/metrics: figures for whoever watches the installation, by a token for that alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from cop.api.hub import Hub
from cop.api.nudges import Nudges
from cop.api.web import Asker, Web
from cop.services.metrics import COUNTED, Measured
from cop.services.policy import Action, permit
from cop.services.views import QUEUE as VIEW_QUEUE

_QUEUES: Final = ("feeds", "upkeep", "exchange", VIEW_QUEUE)
"""Those of the cameras come besides, one a shard."""


def measured_by(web: Web, hub: Hub, nudges: Nudges) -> CollectorRegistry:
    """Give what is read of the parts of this process when somebody asks."""
    shards = range(1, web.settings.vision_shards)
    queues = (*_QUEUES, "vision", *(f"vision-{shard}" for shard in shards))

    def viewers() -> Mapping[tuple[str, str], int]:
        """Count the open streams; in the thread that asks, a figure may be of a moment ago."""
        of_picture = {("picture", name): count for name, count in hub.by_audience().items()}
        return {**of_picture, ("phone", "responder"): nudges.viewers}

    registry = CollectorRegistry()
    registry.register(Measured(web.settings, web.desk.store, web.replica, queues, viewers))
    return registry


router = APIRouter(prefix="/api/v1", tags=["operations"])


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        200: {
            "content": {"text/plain": {"example": "cop_replica_ready 1.0\n"}},
            "description": "Names and meanings stand in it; no figure is of a person",
        }
    },
)
async def metrics(request: Request, identity: Asker) -> Response:
    """Give every figure, by the token of a machine with the scope `read_metrics`.

    From where the question comes counts for nothing: behind a proxy everybody comes from inside.
    """
    permit(identity, Action.READ_METRICS)
    registry: CollectorRegistry = request.app.state.measured
    async with request.app.state.measuring:
        body = await asyncio.to_thread(lambda: generate_latest(COUNTED) + generate_latest(registry))
    return Response(body, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
