"""The whole product for an hour at twenty times the speed: what must stay flat does."""
