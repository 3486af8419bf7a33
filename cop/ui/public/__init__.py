"""The public's pages: text that stands without scripts, and the map above it."""
