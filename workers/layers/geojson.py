"""A GeoJSON document, whole."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from cop.formats.payload import read_object
from cop.model.exchange import Layer
from workers.layers.asking import Asking, body_of
from workers.layers.rows import Rows


def read(asking: Asking, layer: Layer, rows: Rows) -> None:
    """Take the document at the layer's address; its time is the server's Last-Modified.

    Raises:
        FeedError: it cannot be had, or is no GeoJSON.
    """
    document = asking.get(layer.address)
    rows.take_collection(read_object(body_of(document)))
    try:
        modified_at = parsedate_to_datetime(document.validators.last_modified)
    except ValueError:
        return
    if modified_at.tzinfo is not None:
        rows.content_at = modified_at.astimezone(UTC)
