"""Scenarios to exercise with: each module here has a `SCENARIO`."""
