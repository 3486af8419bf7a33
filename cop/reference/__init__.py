"""Short tables of known places, typed by hand: what a join falls back on without a network."""
