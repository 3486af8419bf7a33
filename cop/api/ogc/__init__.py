"""OGC API - Features at /ogc: Part 1 (Core), Part 2 (other systems), Part 3 (filters)."""

from cop.api.ogc.routes import router

__all__ = ["router"]
