"""Figures of the product, each with its unit and, for times, a floor of the same run."""
