"""The commander page: a Dash shell, layers and words. The picture itself lives in the browser."""
