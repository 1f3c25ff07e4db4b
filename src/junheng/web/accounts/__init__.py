"""People, what they may do, and for whom."""
