"""Formats of others: bytes to plain values and back, no input or output."""
