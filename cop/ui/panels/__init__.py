"""One file per box of the page. A panel gives components; it knows no other panel."""
