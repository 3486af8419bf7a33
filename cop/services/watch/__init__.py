"""The attention queue: what deserves a person's attention, found by rules and kept up to date."""
