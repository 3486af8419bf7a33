"""The page for phones at `/field`: shell, bundles and words. It is plain: no Dash in it."""
