"""Cursor-on-Target: the picture to responders' devices, and their positions from them."""
