"""Use cases: the only writers of the picture, and the read side that every entrance uses."""
