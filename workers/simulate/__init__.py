"""The city as its publishers would describe it: a story's state rendered in their formats."""
