"""One module for each feed; those with a `FEED` are polled."""
