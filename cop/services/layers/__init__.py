"""Layers of somebody else's: which there are, from where they may come, what is kept of them."""
