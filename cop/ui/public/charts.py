"""The charts of the public pages, drawn on the server as inline SVG with a table of the numbers.

Each is a `<figure>` that says in words what is not known. The same facts give the same bytes: only
the line of now moves, every ten minutes, and ages are filled in where they are read.
"""

from __future__ import annotations

from cop.ui.public.chart_rain import rain_chart
from cop.ui.public.chart_tide import tide_chart
from cop.ui.public.chart_timeline import timeline_chart

__all__ = ["rain_chart", "tide_chart", "timeline_chart"]
