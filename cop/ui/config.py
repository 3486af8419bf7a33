"""What the browser is told once: layers, charts, words, names, defaults. No live data."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import get_args

import orjson

from cop.config import Settings
from cop.model.district import DISTRICT_NAMES
from cop.model.levels import LIMITS
from cop.model.publisher import PUBLISHERS
from cop.model.response import INCIDENT_TYPES, NEED_ITEMS, OPEN_INCIDENT
from cop.services.commands.drafts import LEAST_RADIUS_M, MOST_RADIUS_M
from cop.services.commands.incidents import NEXT
from cop.services.exchange.alerting.making import RADIUS_M
from cop.services.exchange.alerting.words import EVENTS
from cop.services.watch.limits import EXPIRES_WITHIN, RELEASED_WITHIN
from cop.ui.chart import CHARTS
from cop.ui.layer import Group, defaults, find_layers
from cop.ui.words import WORDS


def browser_config(settings: Settings) -> str:
    """Give what the scripts in `assets/` are told of the operation of *settings*, as JSON."""
    return orjson.dumps(
        {
            "operation": settings.operation,
            "exercise": settings.exercise,
            "groups": get_args(Group),
            "layers": [asdict(layer) for layer in find_layers()],
            "charts": [asdict(chart) for chart in CHARTS],
            "words": WORDS,
            "publishers": PUBLISHERS,
            "districts": {code.value: names for code, names in DISTRICT_NAMES.items()},
            "defaults": defaults(),
            "incident_types": INCIDENT_TYPES,
            "alert_events": {code: event.words for code, event in EVENTS.items()},
            "incident_open": sorted(OPEN_INCIDENT),
            "alert_limits_min": {
                "expires": EXPIRES_WITHIN / timedelta(minutes=1),
                "released": RELEASED_WITHIN / timedelta(minutes=1),
            },
            "alert_radius_m": {
                "least": LEAST_RADIUS_M,
                "usual": RADIUS_M,
                "most": MOST_RADIUS_M,
            },
            "need_items": NEED_ITEMS,
            "layer_hosts": [host for host in settings.layer_hosts.split(",") if host.strip()],
            "crowd_levels": {use: dict(limits) for use, limits in LIMITS.items()},
            "next_status": {
                status.value: sorted(way.value for way in ways) for status, ways in NEXT.items()
            },
        }
    ).decode()
