"""The picture as OGC API - Features has it: a collection for each kind, flat properties, queries.

Everything is taken from the replica's picture of the asker's audience, as it was projected.
"""
