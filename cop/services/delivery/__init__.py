"""Bringing orders and assignments to phones through push services."""
