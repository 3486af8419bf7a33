"""Simulated cameras: pictures of places whose truth is known, drawn anew for each moment."""
