"""What is exchanged with others: kept as it came and went, and by whose terms."""
