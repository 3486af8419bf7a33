"""The picture as files for other programs: GeoJSON, CSV, KML, GeoRSS, GeoPackage and GeoParquet.

Each is of one kind of entity as whoever asks may see it, and says under which terms it is given and
as of when.
"""
