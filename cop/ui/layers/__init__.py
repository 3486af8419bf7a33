"""One file per map layer: a module here with a `LAYER` is on the map; nothing else."""
