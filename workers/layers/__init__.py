"""Layers of somebody else's: how each service is read, and when; one module a service."""
