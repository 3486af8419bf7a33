"""Small pieces that several panels are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html


def attributes(names: Mapping[str, str]) -> dict[str, Any]:
    """Give `data-` and `aria-` attributes, which Dash takes but its types do not know."""
    return dict(names)


def words(key: str, tag: type[Any] = html.Span, **more: Any) -> Any:
    """Give an element whose text is *key*'s, in whatever language is chosen."""
    return tag(**attributes({"data-t": key}), **more)


def icon_button(icon: str, label: str, class_name: str = "icon-button", **more: Any) -> html.Button:
    """Give a button that shows only *icon*; *label* is the key of its name."""
    return html.Button(
        type="button",
        className=class_name,
        **attributes({"data-icon": icon, "data-t-label": label}),
        **more,
    )
