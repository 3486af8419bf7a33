"""The processes that poll feeds and keep the picture: Celery tasks and the feed recipe."""
