"""Fusion: which reports, of several publishers and of people, are of one thing."""
