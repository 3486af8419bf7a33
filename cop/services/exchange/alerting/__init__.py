"""Alerts of our own: drafted, looked at before they go, released by a second person, published."""
