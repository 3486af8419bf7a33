"""Scripts that make shipped data from their sources; not part of the running system."""
