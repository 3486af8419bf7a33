"""What the widget may do on other people's pages."""

from __future__ import annotations

from typing import Final

EMBED_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""Content-Security-Policy of `/{lang}/embed/…`: its own script and styles, in anybody's frame. Its
answer has no X-Frame-Options."""
