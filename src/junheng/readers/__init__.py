"""Files of any kind → facts, standards and findings."""
