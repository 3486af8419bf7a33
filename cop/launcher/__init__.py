"""The whole product on one machine: Redis, worker, beat and web, started and ended together."""
