"""What the public is shown: judged by one table, put together, and kept as files."""
