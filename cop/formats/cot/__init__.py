"""Cursor-on-Target: events to XML and back, streams of them, and which type stands for what."""
