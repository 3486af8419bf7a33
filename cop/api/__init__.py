"""The HTTP entrances: gate, JSON, live stream and the plain pages."""
